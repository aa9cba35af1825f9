"""Exposure: under each contract, who bears what if the year goes wrong, and how much it is one year in 20.

Each row is one kind of risk to one kind of bearer, by itself: rows do not add up, as a bearer's bad years do not all come at once. A loss is
normal about nothing, so that one year in 20 is worse than 1.645 standard deviations. Policy is no risk here: what is decided is not chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from .. import chapters
from ..england.facts import England
from ..levers import pools
from .bases import ORDER, basis
from .budgets import budgets, year_of
from .figures import figure, figures, kept, said
from .frame import Numbers
from .history import published_by_base, published_pairs, row
from .money import Money
from .outcomes import by_scheme
from .volatility import PAYEES, by_base, spreads

NORMAL = 1.4826  # one sd of a normal figure over its median absolute deviation
WORSE = 1.6448536  # standard deviations that one year in 20 is worse than
NOTE = 0.02  # of the amount: a loss of note
STAFF = frozenset({"network_workforce", "network_contract_staff"})  # paid back to networks up to a ceiling
CLOSED = frozenset({"believed", "shrunken", "budget"})  # schemes whose pot does not grow with achievement
BEARERS = {
    "board": "The payer: NHS England and the boards",
    "network": "Networks",
    "provider": "Trusts, networks and companies that hold lists",
    "practice": "Practices and their partners",
    "list": "Practices, whoever holds the list",
}


@dataclass(frozen=True)
class Exposure:
    """One risk of one kind of bearer under one contract.

    amount: pounds a year that it hangs on, all bearers together.  bad_year: the sum over bearers of what each loses, beyond what is
    expected, in its own year in 20.  chance: that a bearer loses more than 2% of its amount, by money.  bearers: how many there are;
    None where nobody knows.  made: history | modelled | assumed, where the spread comes from.
    """

    contract: str
    bearer: str
    what: str
    bearers: int | None
    amount: float
    bad_year: float
    chance: float
    made: str

    @property
    def part(self) -> float:
        """The bad year as a share of the amount."""
        return self.bad_year / self.amount if self.amount else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data, in pounds."""
        return {
            "contract": self.contract,
            "bearer": self.bearer,
            "title": BEARERS[self.bearer],
            "what": self.what,
            "bearers": self.bearers,
            "amount": self.amount,
            "one_year_in_20": self.bad_year,
            "share": self.part,
            "chance_over_2_per_cent": self.chance,
            "made": self.made,
        }


@dataclass(frozen=True)
class Exposures:
    """Every row of every contract; `of` has one contract's."""

    rows: tuple[Exposure, ...]

    def of(self, contract: str) -> tuple[Exposure, ...]:
        """The rows of one contract."""
        return tuple(r for r in self.rows if r.contract == contract)

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data, with what it rests on beyond the data."""
        return {
            "bearers": dict(BEARERS),
            "rows": [r.to_dict() for r in self.rows],
            "rests_on": said(*(n for n in figures() if n.startswith("exposure_"))),
        }


def exposure(moneys: Sequence[Money]) -> Exposures:
    """Who bears what under each contract."""
    return Exposures(tuple(r for m in moneys for r in m.once("exposure", partial(_rows, m))))


def _rows(m: Money) -> tuple[Exposure, ...]:
    made = (*_payer(m), *_networks(m), *_holders(m), *_practices(m), *_population_budgets(m), *_once(m))
    return tuple(r for r in made if r.amount > 0.5)


def _alike(m: Money, bearer: str, what: str, bearers: int | None, amount: float, sd: float, made: str) -> Exposure:
    """A risk that is as wide, by share, for every bearer."""
    chance = float(pools.normal_tail(0.0, sd, NOTE)) if sd > 0 else 0.0
    return Exposure(m.name, bearer, what, bearers, amount, amount * sd * WORSE, chance, made)


def _sum(m: Money, wanted: Callable[[Any], bool]) -> float:
    return sum(m.sums[line.name] for line in m.lines if wanted(line)) / 100


def _payer(m: Money) -> Iterator[Exposure]:
    claims, lists, from_data = board_spreads(m.frame.england)
    boards = len(m.frame.groups["board"].codes) if "board" in m.frame.groups else None
    made = "history" if from_data else "assumed"
    paid = _sum(m, lambda x: x.fund == "running" and basis(x) == "claims" and x.name not in STAFF)
    yield _alike(m, "board", "Activity, claims and costs that are paid as they come", boards, paid, claims, made)
    by_list = _sum(m, lambda x: x.fund == "running" and basis(x) == "list")
    yield _alike(m, "board", "Patients who register, paid for by the head", boards, by_list, lists, made)
    open_ended = sum(float(x.sum()) for (scheme, _), x in by_scheme(m).items() if scheme not in CLOSED)
    yield _alike(m, "board", "Achievement that rises everywhere at once", boards, open_ended, common_swing(), "history")


def _networks(m: Money) -> Iterator[Exposure]:
    count = len(m.frame.groups["network"].codes) if "network" in m.frame.groups else None
    staff = _sum(m, lambda x: x.fund == "running" and x.name in STAFF)
    what = "Staff in additional roles: pay above the ceiling, notice and redundancy"
    yield _alike(m, "network", what, count, staff, figure("exposure_staff_over_ceiling"), "assumed")
    fixed = _sum(m, lambda x: x.fund == "running" and x.payee == "network" and basis(x) == "list")
    yield _alike(m, "network", "Costs against a fixed price", count, fixed, figure("exposure_costs"), "assumed")


def _holders(m: Money) -> Iterator[Exposure]:
    """Costs against a fixed price fall on whoever holds the list: partners, or what holds it in their place."""
    fixed = by_base(m)[1][ORDER.index("list")].copy()
    for line in m.lines:
        if line.payee in PAYEES and line.fund == "moved" and basis(line) == "list":
            fixed += m.by_line[line.name] / 100
    name = "held_by_partnership"
    partners = np.nan_to_num(m.measure(name), nan=1.0) if name in m.result.arrays else np.ones(len(fixed))
    theirs, others = float(partners @ fixed), float((1 - partners) @ fixed)
    sd = figure("exposure_costs")
    yield _alike(
        m, "practice", "Costs against a fixed price, without limit to partners", len(fixed), theirs, sd, "assumed"
    )
    yield _alike(m, "provider", "Costs against a fixed price", None, others, sd, "assumed")


def _practices(m: Money) -> Iterator[Exposure]:
    """What practices are paid, from all causes, and the measured part of it: spreads by list size, from history and luck."""
    size = m.frame.groups["size"]
    found = spreads(m)
    count = len(m.frame.members)
    for what, money, sd in (
        ("Income against England’s, from all causes", size.sums(found.income), found.sd),
        ("Pay on measured achievement", np.maximum(found.measured, 0.0), found.measured_sd),
    ):
        amount = float(money.sum())
        if amount > 0:
            chance = float(money @ pools.normal_tail(0.0, np.maximum(sd, 1e-12), NOTE)) / amount
            yield Exposure(m.name, "list", what, count, amount, float(money @ sd) * WORSE, chance, found.made)


def _population_budgets(m: Money) -> Iterator[Exposure]:
    held = budgets(m, NOTE)
    if held is None:
        return
    amount, networks = held.of_joiners(held.budget), round(float(held.joins.sum()))
    if not amount:
        return
    chance = held.of_joiners(held.budget * held.over) / amount
    loss, whole = held.of_joiners(held.loss), held.of_joiners(held.overspend)
    yield Exposure(
        m.name, "network", "Population budgets: what the terms leave with networks", networks, amount, loss,
        held.of_joiners(held.budget * held.loses) / amount, "assumed",
    )  # fmt: skip
    yield Exposure(
        m.name, "board", "Population budgets: what corridor, shares and caps pass back", networks, amount, whole - loss,
        chance, "assumed",
    )  # fmt: skip
    needed = ("person_cost_spread", "person_cost_spread_kept")
    if all(n in m.result.arrays for n in needed) and "stop_loss_ceded_share" in m.result.leaves:
        at = m.result.at(m.frame.year)
        cv, kept_cv = (float(year_of(m.result.arrays[n], at, m.draw)[0]) for n in needed)
        ceded = float(year_of(m.result.leaves["stop_loss_ceded_share"], at, m.draw)[0]) * amount
        patients = held.of_joiners(held.patients)
        # What the pool takes over is the rest of each person's variance; it pools all networks that join.
        sd = float(np.sqrt(max(cv**2 - kept_cv**2, 0.0) / max(patients, 1.0))) * amount / ceded if ceded else 0.0
        yield _alike(m, "board", "Stop-loss pool: persons of very high cost", 1, ceded, sd, "assumed")


def _once(m: Money) -> Iterator[Exposure]:
    once = _sum(m, lambda x: x.fund == "once" and m.sums[x.name] > 0)
    yield _alike(
        m, "board", "Paid once: overrun, if the sum is not held", 1, once, figure("exposure_once_overrun"), "assumed"
    )


# -- spreads -----------------------------------------------------------------------------------------------------


def board_spreads(england: England) -> tuple[float, float, bool]:
    """Spread (one sd) between boards of a year's change against England's: claims for each patient, and patients registered.

    From published years running, by the median absolute change, so that one board's back rents do not make it; figures of official
    England where this one has none (the third is then False).
    """
    return kept(england, "boards", partial(_board_spreads, england))


def _board_spreads(england: England) -> tuple[float, float, bool]:
    pairs = published_pairs(england)
    if not pairs or "board" not in england.areas:
        return figure("exposure_claims_of_a_board"), figure("exposure_list_of_a_board"), False
    index = england.areas["board"].index
    claims, lists = [], []
    for year, after in pairs:
        i, j = england.year(year), england.year(after)
        was, now = (index[min(at, index.shape[0] - 1)] for at in (i, j))
        board = np.where(now >= 0, now, was)
        paid = (
            ~np.isnan(row(england, "published_total", i)) & ~np.isnan(row(england, "published_total", j)) & (board >= 0)
        )
        people = [_by_board(row(england, "list_size", at), board, board >= 0) for at in (i, j)]
        of_paid = [_by_board(row(england, "list_size", at), board, paid) for at in (i, j)]
        money = [_by_board(published_by_base(england, at, True)[ORDER.index("claims")], board, paid) for at in (i, j)]
        here = (of_paid[0] > 0) & (money[0] > 0) & (people[0] > 0)
        each = [x[here] / n[here] for x, n in zip(money, of_paid, strict=True)]
        whole = (money[1][here].sum() / of_paid[1][here].sum()) / (money[0][here].sum() / of_paid[0][here].sum())
        claims.append(each[1] / each[0] / whole - 1)
        lists.append(people[1][here] / people[0][here] / (people[1][here].sum() / people[0][here].sum()) - 1)
    typical = (NORMAL * float(np.median(np.abs(np.concatenate(x)))) for x in (claims, lists))
    return next(typical), next(typical), True


def _by_board(x: Numbers, board: np.ndarray, keep: np.ndarray) -> Numbers:
    made: Numbers = np.bincount(board[keep], weights=np.nan_to_num(x[keep]), minlength=int(board.max()) + 1).astype(
        float
    )
    return made


@cache
def common_swing() -> float:
    """Spread of the yearly change in England's achieved share of quality points, over the share: all practices at once.

    Over the years since 2014/15 whose share was published, or lies between published ones; the pandemic is among them.
    """
    value = chapters.load("quality").values["qof_national_share"]
    shares = np.array([float(value.in_year(y)) for y in range(2014, 2025)])
    return float((np.diff(shares) / shares[:-1]).std())
