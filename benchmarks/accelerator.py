"""The years ahead through JAX on one device: time, and its ratio to the floor that the device's memory sets.

    python benchmarks/accelerator.py                       # six contracts, 10 years, 10,000 draws, the synthetic England
    python benchmarks/accelerator.py --draws 64 --width 8  # what a processor can do while one waits

The floor is the time to read and write once, in each year and under each contract, the state of every practice and its luck. The device's
bandwidth is measured by a copy in the same run. Luck is made on the device from counters and need not be moved at all, so the floor
of the state alone is printed beside it. Programs are compiled before the clock starts; what that took is printed too.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from gpcontract import England
from gpcontract.findings.compare import FIVE
from gpcontract.futures import device
from gpcontract.futures.simulate import Plan, block, plan
from gpcontract.futures.world import Luck

GIB = 2**30
NUMBER = 8  # bytes
TURNS = 5


@dataclass(frozen=True)
class Measure:
    """What was measured. Seconds, but for bandwidth (bytes a second), and bytes of the state and luck of one draw of every practice."""

    compiling: float
    preparing: float
    running: float
    bandwidth: float
    state: int
    luck: int
    steps: int

    @property
    def floor(self) -> float:
        """Seconds to read and write state and luck once a step: a year of a draw under a contract."""
        return 2.0 * (self.state + self.luck) * self.steps / self.bandwidth

    @property
    def floor_of_state(self) -> float:
        """The same of the state alone."""
        return 2.0 * self.state * self.steps / self.bandwidth


def bandwidth(size: int = GIB) -> float:
    """Bytes a second that a device reads and writes, by a copy: the best of some turns."""
    jax = device.library()
    with device.exact():
        x = jax.numpy.zeros(size // NUMBER)
        copy = jax.jit(lambda x: x + 1.0)
        jax.block_until_ready(copy(x))
        taken = []
        for _ in range(TURNS):
            start = time.perf_counter()
            jax.block_until_ready(copy(x))
            taken.append(time.perf_counter() - start)
    return 2.0 * x.nbytes / min(taken)


def sizes(plan: Plan) -> tuple[int, int]:
    """Bytes of the state and of the luck of one draw of every practice, from arrays that a program holds."""
    jax, practices = device.library(), len(plan.start.members)
    with device.exact():
        begun = device.begin(plan, device.sent(plan, np.array([0]), 1))
        state = sum(x.nbytes for x in jax.tree.leaves((begun.state, begun.trend)))
    return state, len(Luck._fields) * practices * NUMBER


def measure(plan: Plan, width: int, copied: int = GIB) -> Measure:
    """Time all draws of a plan in blocks of a width, the first of them once beforehand."""
    blocks = [range(a, min(a + width, plan.draws)) for a in range(0, plan.draws, width)]
    start = time.perf_counter()
    block(plan, blocks[0], on="jax", width=width)
    first = time.perf_counter() - start
    start = time.perf_counter()
    found = [block(plan, b, on="jax", width=width) for b in blocks]
    running = time.perf_counter() - start
    start = time.perf_counter()
    device.sent(plan, np.arange(min(width, plan.draws)), width)
    preparing = (time.perf_counter() - start) * len(blocks)
    if not all(np.isfinite(b.nation).all() for b in found):
        raise SystemExit("a figure is not a number: nothing was timed")
    steps = len(plan.terms) * (len(plan.years) - 1) * plan.draws
    return Measure(max(first - running / len(blocks), 0.0), preparing, running, bandwidth(copied), *sizes(plan), steps)


def shown(plan: Plan, width: int, found: Measure) -> str:
    """The measure as text."""
    name = device.library().devices()[0].device_kind
    practices = len(plan.start.members)
    each = found.running / found.steps / practices
    return "\n".join(
        [
            f"{len(plan.terms)} contracts x {len(plan.years) - 1} years x {plan.draws:,} draws x {practices:,} practices on {name}, blocks of {width}",
            f"compiling        {found.compiling:12,.2f} s",
            f"preparing        {found.preparing:12,.2f} s   of the running: what the device is sent, made by the processor",
            f"running          {found.running:12,.2f} s   {each * 1e9:,.2f} ns a practice, year, draw and contract",
            f"bandwidth        {found.bandwidth / 1e9:12,.1f} GB/s, by a copy",
            f"state and luck   {(found.state + found.luck) / practices:12,.0f} bytes a practice, of which luck {found.luck / practices:,.0f}",
            f"floor            {found.floor:12,.3f} s   running takes {found.running / found.floor:,.1f} times as long",
            f"  state alone    {found.floor_of_state:12,.3f} s   {found.running / found.floor_of_state:,.1f} times",
        ]
    )


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--draws", type=int, default=10_000)
    ask.add_argument("--years", type=int, default=10)
    ask.add_argument("--width", type=int, help="draws of a block; by default as many as the device holds")
    ask.add_argument("--contracts", nargs="+", default=["national", *FIVE])
    ask.add_argument("--england", help="a folder of official files; by default the synthetic England")
    given = ask.parse_args()
    england = England.official(given.england) if given.england else England.synthetic(1)
    ahead = plan(england, given.contracts, given.years, draws=given.draws)
    width = given.width or device.width(ahead)
    print(shown(ahead, width, measure(ahead, width)))


if __name__ == "__main__":
    main()
