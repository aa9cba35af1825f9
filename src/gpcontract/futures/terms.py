"""Terms: what a contract in force for k years pays each practice, read from the contract itself, priced on the starting year.

A contract starts in the first year ahead: its mechanisms come in by its own timeline, counted from there. Each of its years is priced by
the engine on the facts of the starting year; what is paid then follows lists, weighted lists and surgeries as they change. A practice
is either outside (as it is) or inside what the contract brings about (its list has passed to another holder, or its network has
opted in), and is paid by the terms of where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from ..contracts import Contract, Result, run
from ..contracts.mechanisms import Mechanism
from ..contracts.pricing import reprice, years_up_to
from ..contracts.result import Line
from ..engine.edits import Reform, Set
from ..engine.years import year_name
from ..england.facts import England
from ..findings.bases import basis

Numbers = npt.NDArray[np.float64]
FOLLOWS = ("weighted", "registered", "surgery", "others")  # what money to a practice, or beside it, follows
OUTSIDE, INSIDE = 0, 1
SURGERY = frozenset({"premises", "premises_2018"})  # chapters whose money stays with the building
PASSED_ON = frozenset({"dispensing"})  # paid to practices, and spent on drugs
FORMS = ("trust", "network", "company")
SHARES = tuple(f"share_to_{f}" for f in FORMS)  # of partnerships' lists that pass to each
LEASES = (
    ("leases_taken_over",),
    ("leases_with_boards",),
    ("lease_guarantee_in_force", "leases_guaranteed"),
)  # what others answer for
CHOICE, CHOICE_BAR = (
    "opted_in",
    "opting_in_threshold",
)  # the chance that a practice's network opts in, and the sum it must gain
NOBODY = 1e9  # pounds a patient: a bar that no network reaches
YEARLY = frozenset(
    {"support_and_replacement", "buy_out_fund"}
)  # what is paid once for a practice, and for others again each year
NETWORK_STAFF = frozenset(
    {"network_workforce", "network_contract_staff"}
)  # paid back to networks for staff in additional roles
ENDED = ("quality_framework_replaced", "network_fund_replaced", "qof_left", "indicators_retired", "qof_folded")
LEAST_CHANCE = 0.01  # of opting in, below which a practice is taken never to


@dataclass(frozen=True)
class Terms:
    """A contract's terms by years since its start; year 0 is the first.

    rates: (year, state, follows, practice) pounds per weighted patient, per registered patient, per surgery, and per registered
    patient to others (networks, providers, boards, owners, and for drugs).  aside: (year, state, 2) pounds per patient moved in
    and in other budgets.  once: (year,) pounds paid once in the year; once_inside: pounds for each patient who comes inside.
    forms: (year, 3) share of partnerships' lists that has passed to trusts, networks and companies.  joins: (practice,) chance
    that a practice's network ever opts in, None where nothing is chosen.  quality_ended: (year, state) share of the quality
    framework's money that is paid no more.  progress: (year,) how far the contract has come.
    network_staff: (year,) share of what others are paid that is for staff of networks.  leases: (year,) share of surgeries' leases that
    others than partners answer for.
    """

    name: str
    title: str
    hash: str
    rates: Numbers
    aside: Numbers
    once: Numbers
    once_inside: float
    forms: Numbers
    joins: Numbers | None
    quality_ended: Numbers
    progress: Numbers
    network_staff: Numbers
    leases: Numbers
    ends_partnership: bool

    @property
    def chosen(self) -> bool:
        """Whether practices come inside by choice."""
        return self.joins is not None

    @property
    def converts(self) -> bool:
        """Whether lists pass to other holders."""
        return bool(self.forms.any())


@cache
def national() -> Contract:
    """The national contract, loaded once."""
    return Contract.load("national")


def terms(
    contract: Contract,
    england: England,
    year: int,
    members: npt.NDArray[np.intp],
    years: int,
    counts: dict[str, Numbers],
    full: Result | None = None,
) -> Terms:
    """The terms of a contract for some years from its start, priced on `year`. counts: registered and weighted patients of the members.  full: the contract
    priced, with every step kept, if it has been.

    What each mechanism adds, in their order, comes in by its own timeline; so money that a contract replaces ends as what it
    brings comes, and not before. Raises InputError where the contract has no rules for the year.
    """
    read = partial(_Read, year=year, members=members, counts=counts)
    full = full or run(contract, england, years_up_to(contract, england, year), keep="all")
    steady, nobody = read(full), nobody_inside(contract, year)
    joins = steady.row(CHOICE) if CHOICE in full.arrays else None
    apart = contract.with_reform(nobody)
    outside = read(reprice(full, apart)) if nobody else steady
    people = counts["registered"]
    steady_forms = passing(contract, year)
    share = joins if joins is not None else np.full(len(members), steady_forms.sum())
    inside_people = max(float(share @ people), 1.0)
    inside = _apart(steady.rates - outside.rates, share)
    aside_inside = (steady.aside - outside.aside) * people.sum() / inside_people if share.any() else np.zeros(2)
    ended_inside = (steady.ended - outside.ended) * people.sum() / inside_people if share.any() else 0.0
    if not contract.mechanisms:
        phases, parts = np.ones((years, 1)), [outside]
        first = np.zeros_like(outside.sums)
    else:
        phases = np.stack([_phase(m, _start(contract), years) for m in contract.mechanisms], -1)
        parts, priced = [], full
        for n in range(
            len(contract.mechanisms)
        ):  # each from the one before, so that only what it reaches is priced again
            priced = reprice(priced, apart.switched([m.name for m in contract.mechanisms[:n]]))
            parts.append(read(priced))
        parts.append(outside)
        first = parts[0].sums
    steps = np.diff(np.stack([p.sums for p in parts]), axis=0) if contract.mechanisms else outside.sums[None]
    phases = _in_step(phases, np.array([_bill(x, people, counts["weighted"]) for x in steps]))
    grown = first + np.tensordot(phases, steps, 1)  # (year, everything that is added up)
    rates, aside, ended, once, yearly, staff = _apart_again(grown, outside)
    both = np.stack([rates, rates + inside], 1)
    return Terms(
        name=contract.name,
        title=contract.title,
        hash=contract.hash,
        rates=both,
        aside=np.stack([aside, aside + aside_inside], 1),
        once=np.maximum(np.diff(once, prepend=0.0), 0.0) + yearly,
        once_inside=(steady.once[0] - outside.once[0]) / inside_people if joins is not None else 0.0,
        forms=np.stack([passing(_at(contract, year, k), year) for k in range(years)]),
        joins=joins,
        quality_ended=np.clip(np.stack([ended, ended + ended_inside], 1), 0.0, 1.0),
        progress=phases.mean(-1),
        network_staff=staff / np.maximum(rates[:, FOLLOWS.index("others")] @ people, 1e-9),
        leases=np.array([_leases(_at(contract, year, k), year) for k in range(years)]),
        ends_partnership=bool(steady_forms.sum() > 1 / 2),
    )


def _start(contract: Contract) -> int:
    """The first year of a contract's own timeline."""
    return min((m.first for m in contract.mechanisms if m.first is not None), default=0)


def _at(contract: Contract, year: int, k: int) -> Contract:
    """The contract as it is k years after its start, moved so that this falls on `year`."""
    return contract.dated(year - _start(contract) - k) if _start(contract) else contract


def _phase(m: Mechanism, start: int, years: int) -> Numbers:
    """How far a mechanism is in force in each year from the contract's start: by equal steps to 1, and 0 after its end."""
    k = np.arange(years) + start
    if m.first is None:
        return np.ones(years)
    grown = np.clip((k - m.first + 1) / ((m.full or m.first) - m.first + 1), 0.0, 1.0)
    return np.where(k > m.last, 0.0, grown) if m.last is not None else np.asarray(grown, np.float64)


def nobody_inside(contract: Contract, year: int) -> Reform:
    """The edits under which nobody comes inside: no list passes, and no network opts in."""
    at = year_name(year)
    edits = [Set(n, 0, at) for n in SHARES if n in contract.values]
    if CHOICE_BAR in contract.values:
        edits.append(Set(CHOICE_BAR, NOBODY, at))
    return Reform(tuple(edits))


def passing(contract: Contract, year: int) -> Numbers:
    """The share of partnerships' lists that has passed to each form in a year, as the contract sets it."""
    return np.array([_share(contract, year, n) for n in SHARES])


def _share(contract: Contract, year: int, name: str) -> float:
    """A share that a contract sets for a year; 0 where it has none of the kind."""
    return float(contract.value_arrays((year,), [name])[name][0, 0, 0]) if name in contract.values else 0.0


def _leases(contract: Contract, year: int) -> float:
    """The share of surgeries' leases that others than partners answer for."""
    return max(float(np.prod([_share(contract, year, n) for n in of])) for of in LEASES)


def _in_step(phases: Numbers, pounds: Numbers) -> Numbers:
    """The phases, with what takes money away coming in no faster than what brings it. pounds: running money of each mechanism."""
    brings = np.maximum(pounds, 0.0)
    if not brings.any():
        return phases
    come = (phases @ brings / brings.sum())[:, None]
    return np.where(pounds < 0, np.minimum(phases, come), phases)


def _bill(sums: Numbers, people: Numbers, weighted: Numbers) -> float:
    """England's running money, from what was added up."""
    each = sums[: len(FOLLOWS) * len(people)].reshape(len(FOLLOWS), -1)
    return float(each[0] @ weighted + each[1] @ people + each[2].sum() + each[3] @ people)


def _apart(full: Numbers, share: Numbers) -> Numbers:
    """What being wholly inside adds, from what an expected share of it added; nothing where the chance is nil."""
    return np.where(share > LEAST_CHANCE, full / np.where(share > LEAST_CHANCE, share, 1.0), 0.0)


def _apart_again(grown: Numbers, like: _Read) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Rates, money aside, the end of the quality framework, what is paid once, and for networks' staff, of each year, from what was added up."""
    rates = grown[:, : like.rates.size].reshape(len(grown), *like.rates.shape)
    aside, ended, once, yearly, staff = np.split(grown[:, like.rates.size :], [2, 3, 4, 5], axis=1)
    return rates, aside, ended[:, 0], once[:, 0], yearly[:, 0], staff[:, 0]


class _Read:
    """What a priced year pays, by what the money follows."""

    def __init__(self, result: Result, year: int, members: npt.NDArray[np.intp], counts: dict[str, Numbers]) -> None:
        self.result, self.year, self.members, self.counts = result, year, members, counts
        self.at = result.at(year)
        self.rates = np.zeros((len(FOLLOWS), len(members)))
        self._funds = {"moved": 0.0, "elsewhere": 0.0}
        self._once = {True: 0.0, False: 0.0}
        quality, stopped, self.staff = 0.0, 0.0, 0.0
        for line in result.lines(year):
            x = self.row(line.name)
            if line.fund in self._funds:
                self._funds[line.fund] += float(x.sum())
            elif line.fund == "once":
                self._once[line.chapter in YEARLY] += float(x.sum())
            else:
                self.rates[FOLLOWS.index(follows(line))] += x
            if line.name in NETWORK_STAFF and line.fund == "running":
                self.staff += float(x.sum())
            if line.name == "qof":
                quality = float(x.sum())
            elif line.name in ENDED:
                stopped -= float(x.sum())
        self.ended = min(max(stopped / quality, 0.0), 1.0) if quality else 0.0
        for i, name in enumerate(FOLLOWS):
            if name != "surgery":
                self.rates[i] /= np.maximum(counts["weighted" if name == "weighted" else "registered"], 1e-9)

    def row(self, name: str) -> Numbers:
        """An array's figures of the year, of each member."""
        return row_of(self.result, self.result.arrays[name], self.at, self.members)

    @property
    def aside(self) -> Numbers:
        """Pounds moved in, and in other budgets, for each registered patient."""
        return np.array([self._funds["moved"], self._funds["elsewhere"]]) / self.counts["registered"].sum()

    @property
    def sums(self) -> Numbers:
        """Everything read, one after another, so that it can be added up."""
        return np.concatenate([self.rates.ravel(), self.aside, [self.ended, *self.once, self.staff]])

    @property
    def once(self) -> tuple[float, float]:
        """Pounds paid once: up to now, and of the year alone."""
        return self._once[False], self._once[True]


def row_of(result: Result, x: Numbers, at: int, members: npt.NDArray[np.intp]) -> Numbers:
    """One year of an array of a result in the central case, for some practices: (practice,); 0 where it is not known."""
    row = np.broadcast_to(x[0, min(at, x.shape[1] - 1)], (len(result.england.codes),))
    return np.nan_to_num(row[members])


def follows(line: Line) -> str:
    """What a line of running money follows as practices change: weighted or registered patients, the surgery, or others' lists."""
    if line.payee != "practice" or line.chapter in PASSED_ON:
        return "others"
    if line.chapter in SURGERY:
        return "surgery"
    return "weighted" if basis(line) in ("list", "measured") else "registered"
