"""What is assumed, and how far the answer moves over the assumed ranges: one figure at a time, and all together.

The answer is the difference in running money between a contract and the one it is compared with, and the practices that
lose at least 5%. A figure that both contracts rest on is moved in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..contracts import Result, rerun
from ..contracts.pricing import one_year
from ..engine.edits import Add, Reform, Scale, Set, ValueEdit
from ..engine.years import year_name
from .compare import Comparison
from .frame import Numbers
from .money import Money
from .winners import FEWEST, changes

LOSS = -0.05


@dataclass(frozen=True)
class Swing:
    """One assumed figure at the ends of its range: what the answer is at each, beside what it is in the central case."""

    value: str
    title: str
    unit: str
    chapter: str
    central: float
    low: float
    high: float
    times: bool
    cost: tuple[float, float, float]
    losers: tuple[int, int, int]

    @property
    def swing(self) -> float:
        """How far the cost moves from one end to the other, in pounds."""
        return abs(self.cost[2] - self.cost[0])

    def to_dict(self) -> dict[str, Any]:
        """The swing as plain data; cost and losers at the low end, in the central case, at the high end."""
        return {
            "value": self.value,
            "title": self.title,
            "unit": self.unit,
            "chapter": self.chapter,
            "central": self.central,
            "range": [self.low, self.high],
            "range_is": "a multiple" if self.times else "the figure",
            "cost": list(self.cost),
            "losing_5_per_cent": list(self.losers),
            "swing": self.swing,
        }


@dataclass(frozen=True)
class Joint:
    """The answer over draws of every assumed figure together: quantiles of the difference in each fund, in pounds."""

    contract: str
    draws: int
    seed: int
    central: dict[str, float]
    quantiles: dict[str, tuple[float, float, float]]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data; quantiles at 10, 50 and 90%."""
        return {
            "contract": self.contract,
            "draws": self.draws,
            "seed": self.seed,
            "central": self.central,
            "quantiles": {k: list(v) for k, v in self.quantiles.items()},
        }


def one_at_a_time(
    comparison: Comparison, name: str, told: Callable[[int, int], None] | None = None
) -> tuple[Swing, ...]:
    """Each assumed figure of a contract at the low and the high end of its range, the widest swing first.

    Figures are moved in the year itself; what lies before it is held at the central case. told: called with how many figures are
    done, and how many there are.
    """
    base, money = comparison.base, comparison.money(name)
    kept, ours = _kept_year(comparison, name), _kept_year(comparison, base.name)
    assumed, theirs = list(cases(money)), _leaves(ours)
    central = _answer(money, base)
    found = []
    for i, (value, edit_low, edit_high, low, high, times) in enumerate(assumed):
        at_end = []
        for edit in (edit_low, edit_high):
            reform = Reform.of(edit)
            moved = money.again(rerun(kept, reform))
            both = value in ours.contract.values and value in theirs
            against = base.once(("moved", reform.hash), partial(_moved, base, ours, reform)) if both else base
            at_end.append(_answer(moved, against))
        one = money.result.contract.values[value]
        figure = money.result.contract.value_arrays(money.result.years, [value])[value]
        cost = at_end[0][0], central[0], at_end[1][0]
        losers = at_end[0][1], central[1], at_end[1][1]
        now = float(figure[..., 0, -1, 0].mean())
        found.append(Swing(value, one.title, one.unit, one.chapter, now, low, high, times, cost, losers))
        if told:
            told(i + 1, len(assumed))
    return tuple(sorted(found, key=lambda s: -s.swing))


def joint(comparison: Comparison, name: str, draws: int = 100, seed: int = 1) -> Joint:
    """A contract against the first over draws of every assumed figure at once; both see the same draws.

    Figures are drawn for the year itself; what lies before it is held at the central case.
    """
    base = comparison.base.name
    key = ("totals", draws, seed)
    totals = [comparison.money(n).once(key, partial(_totals, comparison, n, draws, seed)) for n in (name, base)]
    funds = [f for f in totals[0] if f in totals[1] or totals[0][f].any()]
    apart = {f: totals[0][f] - totals[1].get(f, 0.0) for f in funds}
    central = {f: float(x[0]) for f, x in apart.items()}
    quantiles = {f: tuple(float(q) for q in np.quantile(x[1:], (0.1, 0.5, 0.9))) for f, x in apart.items()}
    return Joint(name, draws, seed, central, quantiles)  # type: ignore[arg-type]


def _kept_year(comparison: Comparison, name: str) -> Result:
    """The year alone with every step kept, from which one figure after another is moved."""
    money = comparison.money(name)
    made = money.once("year alone", lambda: one_year(comparison.kept(name), money.frame.year, keep="all"))
    made.lines(money.frame.year)  # told once, and kept by what does not reach them
    return made


def _moved(base: Money, kept: Result, reform: Reform) -> Money:
    return base.again(rerun(kept, reform))


def _leaves(result: Result) -> set[str]:
    return {result.contract.plain(n) for n in result.plan.leaves}


def cases(money: Money) -> Iterator[tuple[str, ValueEdit, ValueEdit, float, float, bool]]:
    """Each assumed figure in use: its name, the edits that put it at either end, the ends, and whether they are multiples."""
    contract, year = money.result.contract, money.frame.year
    years = year_name(year)
    edited = {e.value: e for e in contract.design.value_edits if e.range is not None and e.reaches(year)}
    for name in money.result.assumed(year):
        if name in edited:
            e = edited[name]
            assert e.range is not None
            low, high = e.range
            if e.sets:
                yield name, Set(name, low, years, e.key), Set(name, high, years, e.key), low, high, False
            elif isinstance(e, Scale) and e.amount:
                scales = [Scale(name, x / e.amount, years, e.key) for x in e.range]
                yield name, scales[0], scales[1], low, high, True
            else:
                adds = [Add(name, x - e.amount, years, e.key) for x in e.range]
                yield name, adds[0], adds[1], low, high, False
            continue
        value = contract.values[name]
        entries = [entry for entry, _ in value.shares(year) if entry.assumed and entry.range]
        if not entries:
            continue
        low, high = entries[-1].range  # type: ignore[misc]
        if value.keys:
            yield name, Scale(name, low, years), Scale(name, high, years), low, high, True
        else:
            yield name, Set(name, low, years), Set(name, high, years), low, high, False


def _answer(money: Money, base: Money) -> tuple[float, int]:
    cost = float(money.of("running").sum() - base.of("running").sum()) / 100
    fair = base.frame.patients["registered"] >= FEWEST
    return cost, int((fair & (changes(money, base) <= LOSS)).sum())


def _totals(comparison: Comparison, name: str, draws: int, seed: int) -> dict[str, Numbers]:
    """National pounds of each fund in every draw."""
    money = comparison.money(name)
    drawn = one_year(comparison.kept(name), money.frame.year, draws, seed)
    made: dict[str, Numbers] = {}
    for line in money.lines:
        x = np.broadcast_to(drawn.arrays[line.name], (*drawn.arrays[line.name].shape[:-1], len(drawn.england.codes)))
        pounds = np.nansum(x[:, 0, money.frame.members], -1)
        made[line.fund] = made.get(line.fund, np.zeros(draws)) + np.broadcast_to(pounds, (draws,))
    return made
