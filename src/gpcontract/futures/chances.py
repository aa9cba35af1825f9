"""Chances: what the figures that contracts assume make of their money, so that a draw of them moves every practice's.

Each assumed figure of a contract is put at either end of its range, alone, and what each practice and those beside it are paid is priced
again. In a draw the figures lie between their ends, and what they do is added up, in straight lines from the central case. Figures that say
how many lists pass move how many do; what lists that pass are paid then comes by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..contracts import Contract, rerun, run
from ..contracts.pricing import one_year, reprice, years_up_to
from ..contracts.result import Result
from ..engine.arrays import clip, namespace
from ..engine.draws import triangular, uniform
from ..engine.edits import Reform
from ..england.facts import England
from ..findings.assumptions import cases
from ..findings.frame import Frame
from ..findings.money import Money
from .terms import CHOICE, LEAST_CHANCE, SHARES, follows, nobody_inside, row_of

Numbers = npt.NDArray[np.float64]
LEAST_PAID = 1.0  # pounds a year to or for a practice, so that there is something to be a part of
MOST = 0.5  # of what is paid in the central case: straight lines add or take no more from either payee
PAYEES = ("practice", "others")
APART = ("moved", "elsewhere", "once")  # money that is in no practice's pay


class Ends(NamedTuple):
    """What figures do at one end of their ranges, against the central case.

    pay: (figure, payee, practice) as a part of all that is paid to and for a practice.  apart: (figure, 3) as a part of England's money moved in, in other budgets, and
    paid once.  joins: (figure, practice) added to the chance that its network opts in; (figure, 1) where nothing is chosen.
    """

    pay: Any
    apart: Any
    joins: Any


class Made(NamedTuple):
    """What draws make of a contract. pay: parts added, (payee, draw, practice).  apart: factors, (3, draw, 1).  joins: added, (draw, practice)."""

    pay: Any
    apart: Any
    joins: Any


@dataclass(frozen=True)
class Chances:
    """A contract's assumed figures. names; keys of their luck; low, central, high: (figure,); down and up: what each does at its ends."""

    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    low: Numbers
    central: Numbers
    high: Numbers
    down: Ends = field(repr=False)
    up: Ends = field(repr=False)

    def drawn(self, draws: int, seed: int) -> dict[str, Numbers]:
        """Each figure in each draw, (draw,); the same wherever a figure is assumed. Draw 0 is central."""
        made = {}
        for name, key, low, mode, high in zip(self.names, self.keys, self.low, self.central, self.high, strict=True):
            x = triangular(uniform(seed, draws, *key), low, mode, high)
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

    def made(self, draws: npt.NDArray[np.int64], count: int, seed: int) -> Made:
        """What some draws make of the contract."""
        return made(self.parts(draws, count, seed), self.down, self.up)

    def shares(self, draws: npt.NDArray[np.int64], count: int, seed: int) -> Numbers:
        """What some draws make of the shares of lists that pass to each form, factors: (form, draw)."""
        drawn = self.drawn(count, seed)
        one = np.ones(len(draws))
        central = dict(zip(self.names, self.central, strict=True))
        return np.stack([drawn[n][draws] / central[n] if central.get(n) else one for n in SHARES])


def made(parts: tuple[Any, Any], down: Ends, up: Ends) -> Made:
    """What figures make of a contract, from the parts of the way to their ends, (draw, figure), and what they do there."""
    xp = namespace(down.pay)

    def moved(at_low: Any, at_high: Any) -> Any:
        """(figure, ...) -> (draw, ...)."""
        shape = at_low.shape[1:]
        flat = (x.reshape(x.shape[0], -1) for x in (at_low, at_high))
        return sum(p @ x for p, x in zip(parts, flat, strict=True)).reshape(-1, *shape)

    pay, apart = moved(down.pay, up.pay), 1.0 + moved(down.apart, up.apart)
    return Made(
        clip(xp.moveaxis(pay, 1, 0), -MOST, MOST), xp.moveaxis(apart, 1, 0)[..., None], moved(down.joins, up.joins)
    )


def none() -> Made:
    """The central case."""
    return Made(np.zeros((len(PAYEES), 1, 1)), np.ones((len(APART), 1, 1)), np.zeros((1, 1)))


def opting_in(central: Any, added: Any) -> Any:
    """The chance that a practice's network opts in, in each draw: (draw, practice). One that hardly ever would, never does."""
    return clip(central + added, 0.0, 1.0) * (central > LEAST_CHANCE)


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
    frame = Frame.of(england, year)
    read = _Read(contract, one_year(whole, year, keep="all"), year, members)
    found = list(cases(Money(contract.name, whole, frame)))
    ends: list[tuple[Ends, ...]] = []
    central = []
    for i, (name, edit_low, edit_high, low, high, times) in enumerate(found):
        ends.append(tuple(read.end(name, Reform.of(e)) for e in (edit_low, edit_high)))
        central.append(min(max(1.0 if times else read.central(name), low), high))
        if told:
            told(i + 1, len(found))
    if not found:
        no = np.zeros(0)
        return Chances((), (), no, no, no, read.nothing, read.nothing)
    names = tuple(f[0] for f in found)
    return Chances(
        names,
        tuple(_luck(contract, n, year) for n in names),
        np.array([f[3] for f in found]),
        np.array(central),
        np.array([f[4] for f in found]),
        *(Ends(*(np.stack(x) for x in zip(*(e[i] for e in ends), strict=True))) for i in (0, 1)),
    )


def _luck(contract: Contract, name: str, year: int) -> tuple[str, ...]:
    """What a figure's draws are named by wherever it is drawn: its entry of the year, or the edit that assumes it."""
    for edit in contract.design.value_edits:
        if edit.value == name and edit.range is not None and edit.reaches(year):
            return ("edit", edit.target, edit.years or "")
    entries = [e for e, _ in contract.values[name].shares(year) if e.assumed and e.range]
    return (name, entries[-1].first.isoformat())


class _Read:
    """A contract priced in the central case, and what moves from it when a figure does."""

    def __init__(self, contract: Contract, result: Result, year: int, members: npt.NDArray[np.intp]) -> None:
        self.result, self.year, self.at, self.members = result, year, result.at(year), members
        self.middle = self._pounds(result)
        self.joins = self._row(result.arrays[CHOICE]) if CHOICE in result.arrays else None
        if self.joins is not None:
            apart = self._pounds(reprice(result, contract.with_reform(nobody_inside(contract, year))))
            some = self.joins > LEAST_CHANCE
            self.inside = np.where(some, (self.middle - apart) / np.where(some, self.joins, 1.0), 0.0)

    @property
    def nothing(self) -> Ends:
        """The ends of no figure."""
        width = 1 if self.joins is None else len(self.members)
        return Ends(np.zeros((0, len(PAYEES), len(self.members))), np.zeros((0, len(APART))), np.zeros((0, width)))

    def central(self, name: str) -> float:
        """A figure as the contract has it."""
        x = self.result.contract.value_arrays(self.result.years, [name])[name]
        return float(np.asarray(x)[..., 0, -1, 0].mean())

    def end(self, name: str, reform: Reform) -> Ends:
        """What a figure does at an end of its range. What comes of more or fewer who are inside is left to the years ahead."""
        result = rerun(self.result, reform)
        moved = self._pounds(result, self.result)
        joins = np.zeros(1)
        if self.joins is not None:
            joins = self._row(result.arrays[CHOICE]) - self.joins
            moved = moved - joins * self.inside
        if name in SHARES:
            moved = np.zeros_like(moved)
        n = len(PAYEES)
        sums, whole = moved[n:].sum(-1), self.middle[n:].sum(-1)
        apart = np.where(np.abs(whole) > LEAST_PAID, sums / np.where(whole == 0, 1.0, whole), 0.0)
        return Ends(moved[:n] / np.maximum(self.middle[:n].sum(0), LEAST_PAID), apart, joins)

    def _pounds(self, result: Result, over: Result | None = None) -> Numbers:
        """Pounds paid to each practice, to those beside it, and of each fund apart: (5, practice).

        over: what it is more than under another result, whose unmoved lines are the same arrays.
        """
        made = np.zeros((len(PAYEES) + len(APART), len(self.members)))
        for line in result.lines(self.year):
            x = result.arrays[line.name]
            if over is not None and x is over.arrays[line.name]:
                continue
            who = "others" if follows(line) == "others" else "practice"
            to = (*PAYEES, *APART).index(who if line.fund == "running" else line.fund)
            made[to] += self._row(x) - (0.0 if over is None else self._row(over.arrays[line.name]))
        return made

    def _row(self, x: Numbers) -> Numbers:
        return row_of(self.result, x, self.at, self.members)
