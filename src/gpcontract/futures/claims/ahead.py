"""The years ahead that forward claims are answered in: each variant of a contract is run once, on the same luck, when a claim first asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from ... import chapters
from ...engine import draws as worlds
from ...engine.edits import Reform
from ...engine.errors import LoadError, nearest
from ...engine.values import Value, read_values
from ...findings.claims import World
from ...findings.claims.inputs import evidence
from .. import simulate
from ..chances import Chances, chances
from ..figures import figures, last_year
from ..quantities import QUANTITIES
from ..running import blocks_of, one_thread
from ..simulate import Plan
from ..terms import Terms, terms
from .variants import VARIANTS, from_year

Array = npt.NDArray[np.float64]
FILE = Path(__file__).parent / "values.yaml"
DRAWS = 64  # possible worlds, beside the central one
YEARS = 10
SEED = 1
WIDTH = 8  # draws of a block
WORKERS = 2  # threads: most of a block's time is spent in arrays
PLACE = {n: i for i, n in enumerate(QUANTITIES)}
Told = Callable[[int, int], None]


@cache
def own() -> dict[str, Value]:
    """The forward claims' own values, by name."""
    return read_values(FILE, chapters.sources(), "futures/claims/values.yaml", "claims")


@cache
def value(name: str) -> Value:
    """A value by name: of the years ahead, of these claims, of the other claims, or of a chapter."""
    held = (figures(), own(), evidence(), *(chapters.load(c).values for c in chapters.names()))
    found = next((values[name] for values in held if name in values), None)
    if found is None:
        raise LoadError(
            f"a forward claim rests on '{name}', which is no figure", hint=nearest(name, [n for v in held for n in v])
        )
    return found


@dataclass(frozen=True)
class Years:
    """One variant over the years. nation: (year, quantity, draw), from the starting year on; the first draw is the central one."""

    nation: Array = field(repr=False)

    def __getitem__(self, quantity: str) -> Array:
        """A quantity: (year, draw)."""
        return self.nation[:, PLACE[quantity]]

    def upto(self, quantity: str, year: int) -> Array:
        """A flow added up over the first years ahead: (draw,)."""
        made: Array = self[quantity][1 : year + 1].sum(0)
        return made


@dataclass(frozen=True)
class Ahead:
    """One England from one year on.

    world: the England and the starting year, shared with the claims of that year.  draws: possible worlds beside the central one.
    told: hears how many draws of all runs under way are done, and of how many.
    """

    world: World
    draws: int = DRAWS
    told: Told | None = field(default=None, repr=False)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, worked out once."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    @property
    def plan(self) -> Plan:
        """The national contract over the years ahead; the other variants are run beside it."""

        def made() -> Plan:
            return simulate.plan(self.world.england, ("national",), YEARS, self.draws + 1, SEED, self.world.year)

        found: Plan = self.once("plan", made)
        return found

    @property
    def first(self) -> int:
        """The first year ahead."""
        return self.plan.years[1]

    def years(self, variant: str) -> Years:
        """A variant over the years; it is run if it has not been."""
        self.run([variant])
        found: Years = self.memo["run", variant]
        return found

    def run(self, variants: Iterable[str]) -> None:
        """Run those variants that have not been: together where their figures are the same, two blocks of draws at a time."""
        lacking = [v for v in dict.fromkeys(variants) if ("run", v) not in self.memo]
        if not lacking:
            return
        groups: dict[tuple[str, int | None], list[str]] = {}
        for v in lacking:
            groups.setdefault((self._knobs(v).hash, VARIANTS[v].years), []).append(v)
        plans = [(self._planned(group), group) for group in groups.values()]
        blocks = [[d for d in wide if d <= self.draws] for wide in blocks_of(self.draws + 1, WIDTH)]
        done, lock, total = 0, Lock(), len(plans) * (self.draws + 1)

        def worked(of: tuple[Plan, list[int]]) -> Array:
            nonlocal done
            made = simulate.block(*of).nation
            with lock:
                done += len(of[1])
                if self.told:
                    self.told(done, total)
            return made

        if self.told:
            self.told(0, total)
        with one_thread(), ThreadPoolExecutor(WORKERS) as pool:
            found = iter(list(pool.map(worked, [(plan, b) for plan, _ in plans for b in blocks])))
        for _, group in plans:
            whole = np.concatenate([next(found) for _ in blocks], axis=-1)
            self.memo.update({("run", v): Years(x) for v, x in zip(group, whole, strict=True)})

    def _knobs(self, variant: str) -> Reform:
        return VARIANTS[variant].knobs(from_year(self.first))

    def _planned(self, variants: list[str]) -> Plan:
        """The plan of variants whose figures are the same; it has the luck and the figures of the national contract's but for its edits."""
        base, years = self.plan, VARIANTS[variants[0]].years
        priced = [self.priced(v) for v in variants]
        made = replace(
            base,
            years=base.years if years is None else base.years[: years + 1],
            terms=tuple(read for read, _ in priced),
            chances=(*(c for _, risky in priced for c in risky), *base.chances[-1:]),
            knobs=self._knobs(variants[0]),
        )
        vars(made).update(national=base.terms[0], weights=base.weights, salaried_income=base.salaried_income)
        _ = made.beliefs  # made here, and not by two threads
        return made

    def priced(self, variant: str) -> tuple[Terms, tuple[Chances, ...]]:
        """A variant's terms, and what its assumed figures do (nothing where there is only the central draw); once for each contract, whatever is edited of the years ahead."""
        contract, begun, year = VARIANTS[variant].make(self.first), self.plan.start, self.plan.years[0]

        def made() -> tuple[Terms, tuple[Chances, ...]]:
            read = terms(contract, begun.england, year, begun.members, YEARS, begun.counts)
            return read, (chances(contract, begun.england, year, begun.members),) if self.draws else ()

        if contract.name == "national":
            return self.plan.terms[0], self.plan.chances[-1:]
        dates = tuple(m.timeline for m in contract.mechanisms)
        found: tuple[Terms, tuple[Chances, ...]] = self.once(("priced", contract.hash, dates), made)
        return found

    def figure(self, name: str, year: int = 0) -> Array:
        """A figure in each draw: (draw,), or (key, draw) for a table; of the starting year, or of one ahead."""
        held = self.plan.beliefs.arrays.get(name)
        if held is None:
            of = value(name)
            at = min(self.plan.years[year], last_year(of))
            held = worlds.drawn(of, (at,), self.draws + 1, SEED)[..., 0]
            year = 0
        table: Array = held[..., year]
        return np.broadcast_to(table, (*table.shape[:-1], self.draws + 1))
