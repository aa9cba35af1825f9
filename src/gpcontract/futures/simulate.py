"""Years ahead: contracts run side by side over some years and draws, on one England and the same luck.

from gpcontract.futures.simulate import plan, block

ahead = plan(England.synthetic(1), ("national", "hewitt_review"), years=10)
block(ahead, range(0, 8))          # eight draws, the first of them central
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import chapters
from ..contracts import Contract
from ..engine.edits import Reform
from ..engine.errors import InputError
from ..engine.years import year_name
from ..england.facts import England
from . import fits as fitting
from . import lists, numbers, record, step
from .beliefs import Beliefs, beliefs
from .fits import Fits
from .places import Places
from .start import TEAM_FACTS, Start, start
from .terms import FOLLOWS, INSIDE, OUTSIDE, Terms, terms
from .world import World, beginning, fixed_log_odds, luck, trends_now

Array = npt.NDArray[np.float64]
VERSION = 1  # of the model: raised when the same inputs give other numbers
MOST_YEARS = 40


@dataclass(frozen=True)
class Plan:
    """Everything that a run of the years ahead is made of; blocks of draws are worked out from it.

    years: the starting year and those ahead.  terms: of each contract.  knobs: edits of figures.
    """

    start: Start
    years: tuple[int, ...]
    terms: tuple[Terms, ...]
    fits: Fits
    knobs: Reform
    draws: int
    seed: int
    @cached_property
    def beliefs(self) -> Beliefs:
        """Figures in every draw and year."""
        return beliefs(self.years, self.draws, self.seed, self.knobs)

    @cached_property
    def national(self) -> Terms:
        """The national contract's terms of the starting year, which every contract starts from."""
        found = next((t for t in self.terms if t.name == "national"), None)
        begun = self.start
        return found or terms(Contract.load("national"), begun.england, begun.year, begun.members, 1, begun.counts)

    @cached_property
    def weights(self) -> Array:
        """The formula's weights by band in the starting year."""
        made: Array = Contract.load("national").values["age_sex_weights"].in_year(self.years[0])
        return made

    @cached_property
    def salaried_income(self) -> Array:
        """What a salaried GP earns in the starting year: (1, 1)."""
        made = chapters.load("people").values["salaried_income"].in_year(self.years[0])
        return np.asarray(made, np.float64).reshape(1, 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The contracts, in order."""
        return tuple(t.name for t in self.terms)

    @cached_property
    def hash(self) -> str:
        """Twelve hexadecimal digits that name the run: England, contracts, figures, fits, knobs, years and seed, but not how many draws."""
        said = [
            VERSION, self.start.england.title, _digest(*self.start.held, self.start.needs, self.start.contact), list(self.years), self.seed, self.knobs.hash,
            self.fits.to_dict(), {n: x[..., 0, :].tolist() for n, x in self.beliefs.arrays.items()},
            [[t.name, t.hash, _digest(t.rates, t.aside, t.once, t.forms)] for t in self.terms],
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


def plan(
    england: England,
    contracts: Sequence[str | Contract] = ("national",),
    years: int = 10,
    draws: int = 1,
    seed: int = 1,
    year: int | None = None,
    knobs: Reform | None = None,
    fits: Fits | None = None,
) -> Plan:
    """What a run needs, made once: the practices at the start, contracts' terms, fits and figures.

    year: the starting year, by default 2024/25 or the England's last before it.  Raises InputError where there is nothing to run.
    """
    if not 1 <= years <= MOST_YEARS:
        raise InputError(f"{years} years ahead", expected=f"1 to {MOST_YEARS}")
    if draws < 1:
        raise InputError(f"{draws} draws", expected="1 (the central estimate) or more")
    if not contracts:
        raise InputError("no contract to run", expected="national, or a proposal")
    at = _starting_year(england, year)
    begun = start(england, at)
    loaded = [Contract.load(c) if isinstance(c, str) else c for c in contracts]
    ahead = tuple(range(at, at + years + 1))
    made = tuple(terms(c, england, at, begun.members, years, begun.counts) for c in loaded)
    return Plan(begun, ahead, made, fits or fitting.of(england), knobs or Reform(), draws, seed)


def _starting_year(england: England, year: int | None) -> int:
    if year is not None:
        england.year(year)
        return year
    known = [y for y in england.years if y <= LAST_PRICED]
    if not known:
        raise InputError(
            f"{england.title} has no year to start from", expected=f"a year up to {year_name(LAST_PRICED)}"
        )
    return known[-1]


LAST_PRICED = 2024  # the last year of which payments are published


@dataclass(frozen=True)
class Block:
    """Draws worked out. nation: (contract, year, quantity, draw), from the starting year on; boards: (contract, year, quantity, draw, board).

    open, patients: (contract, year, practice) sums over the block's draws with luck (over draw 0 where it has no other).
    """

    draws: npt.NDArray[np.int64]
    nation: Array
    boards: Array
    open: Array
    patients: Array


def block(plan: Plan, draws: Sequence[int], told: Callable[[int], None] | None = None) -> Block:
    """Some draws of a plan, by their numbers; the same numbers give the same bits in any block. told: called after each year."""
    made = _Run(plan, np.asarray(draws, np.int64))
    kept: list[list[record.Year]] = [[] for _ in plan.terms]
    shape = (len(plan.terms), len(plan.years), len(plan.start.members))
    open_, patients = np.zeros(shape), np.zeros(shape)
    lucky = made.world.draws > 0 if made.world.worlds else np.ones(len(made.world.draws), bool)
    for i, (state, first) in enumerate(made.first()):
        kept[i].append(first)
        open_[i, 0], patients[i, 0] = state.open[lucky].sum(0), state.held.bands[lucky].sum((0, 1))
    for t in range(1, len(plan.years)):
        for i, (state, year) in enumerate(made.next(t)):
            kept[i].append(year)
            open_[i, t], patients[i, t] = state.open[lucky].sum(0), state.held.bands[lucky].sum((0, 1))
        if told:
            told(t)
    return Block(
        made.world.draws,
        np.stack([[y.nation for y in of] for of in kept]),
        np.stack([[y.boards for y in of] for of in kept]),
        open_,
        patients,
    )


class _Run:
    """A block as it goes through the years."""

    def __init__(self, plan: Plan, draws: npt.NDArray[np.int64]) -> None:
        self.plan, n = plan, len(draws)
        if n == 0 or draws.min() < 0 or draws.max() >= plan.draws:
            raise InputError(f"draws {draws.tolist()}", expected=f"numbers from 0 to {plan.draws - 1}")
        begun, ahead = plan.start, plan.years[1:]
        boards = begun.places.boards
        drawn = fitting.drawn(plan.fits, draws, plan.seed, ahead, boards)
        chosen = _only(plan.beliefs, draws)
        growth = plan.fits.growth
        self.world = World(
            begun, plan.years, plan.seed, draws, chosen, drawn, (growth.trend_sd, growth.passing_sd, growth.size_power),
            trend=trends_now(begun, plan.fits, draws, plan.seed), fixed=fixed_log_odds(begun, drawn),
        )  # fmt: skip
        self.fixed = _fixed(plan, chosen, n)
        self.trend = self.world.trend
        self.national = plan.national
        self.begun = beginning(self.world, self.national.rates[0])
        self.base = self.begun.base
        self.states = [self.begun.state for _ in plan.terms]
        self.joining = self._joining() if any(t.chosen for t in plan.terms) else None

    def _joining(self) -> Array:
        w = self.world
        both = (numbers.luck(w.seed, purpose, w.draws, 0) for purpose in ("would opt in", "when it opts in"))
        return np.stack([numbers.uniform(x, w.start.network_keys) for x in both])

    def first(self) -> Iterator[tuple[Any, record.Year]]:
        """The starting year, the same under every contract."""
        b = self.begun
        told = record.start(b.state, b.base, b.got, b.drawn, b.asked, b.give, self.fixed, self.now(0))
        return ((b.state, told) for _ in self.plan.terms)

    def now(self, t: int) -> dict[str, Any]:
        """The figures of a year, with the formula's weights and what salaried GPs earn."""
        now = self.world.beliefs.year(t)
        return now | {"age_sex_weights": self.plan.weights, "salaried_income": self.plan.salaried_income}

    def next(self, t: int) -> Iterator[tuple[Any, record.Year]]:
        """One year on, contract by contract."""
        converts = any(x.converts for x in self.plan.terms)
        lucky, self.trend = luck(self.world, self.plan.years[t], self.trend, converts)
        ahead = self._ahead(t)
        for i, of in enumerate(self.plan.terms):
            flags = step.Flags(self.world.worlds, self.world.mean, of.converts, of.chosen)
            contracted = self._contracted(of, t, ahead.now)
            self.states[i], told = step.year(
                self.states[i],
                self.base,
                lucky,
                self.joining,
                ahead,
                contracted,
                self.fixed,
                self.plan.start.places,
                flags,
            )
            yield self.states[i], told

    def _ahead(self, t: int) -> step.Ahead:
        w, now = self.world, self.now(t)
        board = np.minimum(w.start.places.board, len(w.start.places.boards) - 1)
        drawn, central = w.fits, w.central
        grown = {n: _level(w.beliefs, n, t) for n in ("funding_growth", "pay_growth", "contacts_growth")}
        team = np.stack([_level_of(w.beliefs, "staff_growth", i, t) for i in range(len(TEAM_FACTS))])
        return step.Ahead(
            now=now,
            area=drawn.area[:, t - 1][:, board],
            slope=drawn.slope,
            odds=w.fixed + drawn.exit_year[:, t - 1, None] + drawn.exit_board[:, t - 1][:, board],
            log_list=drawn.exit["log_list"],
            small=drawn.exit["small"],
            shrink=drawn.exit["shrinking"],
            matrix=lists.ageing(now["death_rate"], now["birth_rate"], now["share_boys"]),
            price=grown["funding_growth"],
            pay=grown["pay_growth"],
            work=grown["contacts_growth"],
            team=team,
            central=central,
            halving=now["neighbour_distance"],
        )

    def _contracted(self, of: Terms, t: int, now: Mapping[str, Any]) -> step.Contracted:
        k = t - 1
        reversed_ = now["reversal_after"].max() > 0 and k >= now["reversal_after"].max()
        surgery = float(
            of.rates[k, OUTSIDE, FOLLOWS.index("surgery")].sum() / max(self.plan.start.held.surgery.sum(), 1e-9)
        )
        before = of.forms[k - 1].sum() if k else 0.0
        passes = max(of.forms[k].sum() - before, 0.0) / max(1.0 - before, 1e-9)
        rates, ended, once = of.rates[k], of.quality_ended[k], float(of.once[k])
        if reversed_:
            outside = self.national.rates[0, OUTSIDE]
            rates = np.stack([outside, outside + rates[INSIDE] - rates[OUTSIDE]])
            ended, once, surgery, passes = np.array([0.0, ended[INSIDE]]), 0.0, 1.0, 0.0
        announced = now["announcement_leaving"] if of.ends_partnership and k == 0 else np.ones((1, 1))
        return step.Contracted(
            rates=rates,
            surgery=surgery,
            passes=passes,
            forms=of.forms[k],
            ever=np.zeros(1) if of.joins is None or reversed_ else of.joins,
            chance=1.0,
            announced=announced,
            returns=now["reversal_return_rate"] if reversed_ else np.zeros((1, 1)),
            returning_cost=now["reversal_cost_per_practice"],
            aside=of.aside[k] * (1.0 if not reversed_ else np.array([[0.0], [1.0]])),
            once=once,
            once_inside=of.once_inside,
            quality_ended=ended,
        )


def _only(all_: Beliefs, draws: npt.NDArray[np.int64]) -> Beliefs:
    return Beliefs({n: x if x.shape[-2] == 1 else x[..., draws, :] for n, x in all_.arrays.items()})


def _level(of: Beliefs, name: str, t: int) -> Array:
    """What yearly growth has come to by a year, over the start's: (draw or 1, 1)."""
    made: Array = np.prod(1.0 + of.arrays[name][..., 1 : t + 1], axis=-1)[..., None]
    return made


def _level_of(of: Beliefs, name: str, key: int, t: int) -> Array:
    made: Array = np.prod(1.0 + of.arrays[name][key][..., 1 : t + 1], axis=-1)[..., None]
    return made


def _fixed(plan: Plan, chosen: Beliefs, draws: int) -> step.Fixed:
    begun = plan.start
    partnership = 1.0 - begun.forms.sum(0)
    lean = np.where(begun.fifth > 0, 3.0 - begun.fifth, 0.0)
    tilt = np.exp(chosen.arrays["conversion_deprivation_tilt"][..., 0][:, None] * lean)
    weight = partnership * begun.lists
    in_board = np.minimum(begun.places.board, max(len(begun.places.boards) - 1, 0))
    boards = in_board[:, None] == np.arange(max(len(begun.places.boards), 1))
    return step.Fixed(
        needs=begun.needs,
        contact=begun.contact,
        forms=begun.forms,
        partnership=partnership,
        team=np.stack([x[0] for x in begun.held.team]) / np.maximum(begun.lists, 1.0),
        tilt=tilt * (weight.sum() / (tilt @ weight))[:, None],
        need_weight=begun.need_weight,
        fifths=(begun.fifth[:, None] == np.arange(record.FIFTHS)).astype(float),
        boards=boards.astype(float),
        board_starts=boards.argmax(0),
    )


def _digest(*arrays: Array) -> str:
    whole = hashlib.sha256()
    for x in arrays:
        whole.update(np.ascontiguousarray(x).tobytes())
    return whole.hexdigest()


__all__ = ["Block", "Places", "Plan", "block", "plan"]
