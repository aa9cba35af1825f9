"""Chances: what the figures that contracts assume make of their money, so that a draw of them moves every practice's.

Each assumed figure of a contract is put at either end of its range, alone, and what each practice and those beside it are paid is priced
again. In a draw the figures lie between their ends, and what they do is added up, in straight lines from the central case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..contracts import Contract, rerun, run
from ..contracts.pricing import one_year, years_up_to
from ..contracts.result import Result
from ..engine.arrays import maximum
from ..engine.draws import triangular, uniform
from ..engine.edits import Reform
from ..england.facts import England
from ..findings.assumptions import cases
from ..findings.frame import Frame
from ..findings.money import Money

Numbers = npt.NDArray[np.float64]
LEAST_PAID = 1.0  # pounds a year to a practice, so that there is something to be a part of
LEAST = 0.5  # of what is paid in the central case: a draw of straight lines goes no lower


@dataclass(frozen=True)
class Chances:
    """A contract's assumed figures. names; low, central, high: (figure,).  down, up: change of what each practice is paid, as a part of it, with
    the figure at its low and at its high end, (figure, practice).
    """

    names: tuple[str, ...]
    low: Numbers
    central: Numbers
    high: Numbers
    down: Numbers = field(repr=False)
    up: Numbers = field(repr=False)

    def drawn(self, draws: int, seed: int) -> dict[str, Numbers]:
        """Each figure in each draw, (draw,); the same for every contract that assumes it. Draw 0 is central."""
        made = {}
        for name, low, mode, high in zip(self.names, self.low, self.central, self.high, strict=True):
            x = triangular(uniform(seed, draws, "assumed", name), low, mode, high)
            x[0] = mode
            made[name] = x
        return made

    def parts(self, draws: npt.NDArray[np.int64], count: int, seed: int) -> tuple[Numbers, Numbers]:
        """How far each figure lies towards its low and its high end in some of so many draws: (draw, figure) each."""
        if not self.names:
            return np.zeros((len(draws), 0)), np.zeros((len(draws), 0))
        drawn = self.drawn(count, seed)
        at = np.stack([drawn[n][draws] for n in self.names], -1)
        below, above = (
            np.where(self.central > self.low, self.central - self.low, 1.0),
            np.where(self.high > self.central, self.high - self.central, 1.0),
        )
        return np.clip((self.central - at) / below, 0.0, 1.0), np.clip((at - self.central) / above, 0.0, 1.0)

    def factor(self, draws: npt.NDArray[np.int64], count: int, seed: int) -> Any:
        """What some draws make of each practice's pay, a factor: (draw, practice)."""
        return factor(self.parts(draws, count, seed), (self.down, self.up))


def factor(parts: tuple[Any, Any], ends: tuple[Any, Any]) -> Any:
    """What figures make of each practice's pay: parts of the way to their ends, (draw, figure), and what is paid there, (figure, practice)."""
    return maximum(1.0 + parts[0] @ ends[0] + parts[1] @ ends[1], LEAST)


def chances(
    contract: Contract,
    england: England,
    year: int,
    members: npt.NDArray[np.intp],
    told: Callable[[int, int], None] | None = None,
) -> Chances:
    """A contract's assumed figures, each priced at its ends in the starting year, with every mechanism wholly in force.

    told: called with how many figures are done, and how many there are.
    """
    whole = run(contract, england, years_up_to(contract, england, year), keep="all")
    money = Money(contract.name, whole, Frame.of(england, year))
    kept = one_year(whole, year, keep="all")
    middle = np.maximum(_paid(kept, year, members), LEAST_PAID)
    found = list(cases(money))
    ends: list[tuple[str, float, float, float, Numbers, Numbers]] = []
    for i, (name, edit_low, edit_high, low, high, times) in enumerate(found):
        moved = [_paid(rerun(kept, Reform.of(e)), year, members, kept) / middle for e in (edit_low, edit_high)]
        central = 1.0 if times else _central(kept, name)
        ends.append((name, low, min(max(central, low), high), high, moved[0], moved[1]))
        if told:
            told(i + 1, len(found))
    none = np.zeros((0, len(members)))
    return Chances(
        tuple(e[0] for e in ends),
        *(np.array([e[i] for e in ends]) for i in (1, 2, 3)),
        *(np.stack([e[i] for e in ends]) if ends else none for i in (4, 5)),
    )


def _central(kept: Result, name: str) -> float:
    x = kept.contract.value_arrays(kept.years, [name])[name]
    return float(np.asarray(x)[..., 0, -1, 0].mean())


def _paid(
    result: Result, year: int, members: Sequence[int] | npt.NDArray[np.intp], over: Result | None = None
) -> Numbers:
    """Running money paid to or for each practice; over: what it is more than under another result, whose unmoved lines are the same arrays."""
    total = np.zeros(len(result.england.codes))
    at = result.at(year)
    for line in result.lines(year):
        x = result.arrays[line.name]
        if line.fund != "running" or (over is not None and x is over.arrays[line.name]):
            continue
        total = total + _row(x, at) - (0.0 if over is None else _row(over.arrays[line.name], at))
    return total[members]


def _row(x: Numbers, at: int) -> Numbers:
    return np.nan_to_num(x[0, min(at, x.shape[1] - 1)])
