"""The years ahead: each measure runs in a process of its own, `python benchmarks/ahead.py NAME FOLDER|synthetic [DRAWS]`, and prints JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from timing import best

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "unit" / "futures"))
YEARS = 10
BOARDS = (10, 20, 30, 42)
DRAWS = (2, 4, 8, 16)
AHEAD = (2, 4, 6, 8, 10)
FEW = ("national", "hewitt_review")  # contracts that costs are compared on: one with no choice in it, one with


def england_of(where: str) -> Any:
    from gpcontract import England

    return England.synthetic(1) if where == "synthetic" else England.official(where)


def central(where: str) -> dict[str, float]:
    """One contract over ten years, the central draw: reading the contract, and the run."""
    from gpcontract.futures import running, simulate

    england = england_of(where)
    start = time.perf_counter()
    made = simulate.plan(england, ("national",), YEARS)
    read = time.perf_counter()
    running.run(made, workers=1)
    first = time.perf_counter()
    again = best(lambda: running.run(made, workers=1), 7)
    return {"plan": read - start, "first": first - read, "again": again, "practices": len(made.start.members)}


def cost(where: str) -> dict[str, float]:
    """Seconds of a block against practices, draws and years, with the straight line through each."""
    from conftest import part_of
    from gpcontract.futures import simulate

    england = england_of(where)

    def seconds(made: Any, draws: int) -> float:
        simulate.block(made, range(1, 1 + draws))
        return best(lambda: simulate.block(made, range(1, 1 + draws)), 3)

    sized = [simulate.plan(part_of(england, n), FEW, 3, 9) for n in BOARDS]
    whole = simulate.plan(england, FEW, 3, DRAWS[-1] + 1)
    found = line("practices", [len(p.start.members) for p in sized], [seconds(p, 8) for p in sized])
    found |= line("draws", DRAWS, [seconds(whole, n) for n in DRAWS])
    long = [simulate.plan(england, FEW, n, 9) for n in AHEAD]
    return found | line("years", AHEAD, [seconds(p, 8) for p in long])


def line(name: str, sizes: Any, seconds: list[float]) -> dict[str, float]:
    """A straight line through costs: seconds for one more, and at none; R squared; and how far doubling the size doubles the cost."""
    x, y = np.asarray(sizes, float), np.asarray(seconds)
    slope, start = np.polyfit(x, y, 1)
    rest = y - (start + slope * x)
    fit = 1.0 - float(rest @ rest) / float(((y - y.mean()) ** 2).sum())
    power = float(np.polyfit(np.log(x), np.log(y), 1)[0])
    return {f"{name}_each": float(slope), f"{name}_none": float(start), f"{name}_r2": fit, f"{name}_power": power}


def whole(where: str, draws: str = "1000") -> dict[str, float]:
    """Six contracts over ten years and some draws by two processes, kept in a folder: time, and the most memory of all processes."""
    from gpcontract.findings.compare import FIVE
    from gpcontract.futures import running, simulate

    england = england_of(where)
    start = time.perf_counter()
    made = simulate.plan(england, ("national", *FIVE), YEARS, int(draws))
    read = time.perf_counter()
    with tempfile.TemporaryDirectory() as home, Memory() as held:
        kept = running.run(made, Path(home) / "run", workers=2)
        ended = time.perf_counter()
        size = sum(p.stat().st_size for p in (Path(home) / "run").iterdir())
    return {
        "plan": read - start, "run": ended - read, "memory": held.most, "disk": size, "draws": len(kept.draws), "practices": len(made.start.members),
    }  # fmt: skip


class Memory:
    """The most memory that this process and those it started held at once, in bytes; what they share is counted once."""

    def __init__(self) -> None:
        self.most = 0.0
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            self.most = max(self.most, sum(map(_held, _family(os.getpid()))))


def _family(pid: int) -> list[int]:
    """A process and all below it (Linux)."""
    found = [pid]
    for one in found:
        children = Path(f"/proc/{one}/task/{one}/children")
        if children.exists():
            found += [int(p) for p in children.read_text().split()]
    return found


def _held(pid: int) -> float:
    """Bytes of a process, its part of what it shares with others; 0 where it has ended."""
    try:
        for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return 1024.0 * int(row.split()[1])
    except OSError:
        pass
    return 0.0


MEASURES: dict[str, Callable[..., dict[str, float]]] = {f.__name__: f for f in (central, cost, whole)}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
