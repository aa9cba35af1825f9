"""Years ahead: contracts run side by side over some years and draws, on one England and the same luck.

from gpcontract.futures.simulate import plan, block

ahead = plan(England.synthetic(1), ("national", "hewitt_review"), years=10)
block(ahead, range(0, 8))          # eight draws, the first of them central
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
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
from . import given, record, step
from .beliefs import Beliefs, beliefs, check
from .chances import Chances, chances, none
from .digest import digest
from .figures import figures
from .fits import Fits
from .panel import COVARIATES
from .start import Start, start
from .terms import SHARES, Terms, national, terms
from .world import World, beginning, covariates, fixed_log_odds, luck, trends_known, trends_now, words

Array = npt.NDArray[np.float64]
VERSION = 1  # of the model: raised when the same inputs give other numbers
MOST_YEARS = 40
NATIONAL = ("trainees_yearly", "other_joiners")  # figures of England as a whole


@dataclass(frozen=True)
class Plan:
    """Everything that a run of the years ahead is made of; blocks of draws are worked out from it.

    years: the starting year and those ahead.  terms: of each contract.  chances: what their assumed figures do, the national contract's last; none where there is one draw.  knobs: edits of figures.
    luck: whether practices have luck of their own; without it draws differ by figures, fits and the luck of years and boards alone.
    rests: a digest of the values that contracts rest on, with the ranges that chances are drawn from.
    """

    start: Start
    years: tuple[int, ...]
    terms: tuple[Terms, ...]
    chances: tuple[Chances, ...]
    fits: Fits
    knobs: Reform
    draws: int
    seed: int
    luck: bool = True
    rests: str = ""

    @cached_property
    def beliefs(self) -> Beliefs:
        """Figures in every draw and year."""
        made = beliefs(self.years, self.draws, self.seed, self.knobs).arrays
        return Beliefs({**made, **{n: made[n] * self.share for n in NATIONAL}})

    @cached_property
    def share(self) -> float:
        """The part of the nation's GPs that this England has: those who join are as many of them."""
        people = chapters.load("people").values
        held = self.start.held
        here = held.partners.sum() * float(people["partner_fte_per_head"].in_year(self.years[0])) + held.salaried.sum()
        return float(here / float(people["qualified_gps_national"].in_year(self.years[0])))

    @property
    def national(self) -> Terms:
        """The national contract's terms of the starting year, which every contract starts from."""
        return self.start.national

    @cached_property
    def weights(self) -> Array:
        """The formula's weights by band in the starting year."""
        made: Array = national().values["age_sex_weights"].in_year(self.years[0])
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
        begun = {f.name: getattr(self.start, f.name) for f in fields(self.start) if f.name not in ("england", "told")}
        central = {n: x[..., 0, :] for n, x in self.beliefs.arrays.items()}
        ranges = {n: [e.range for e in v.entries] for n, v in figures().items()}
        return digest(
            VERSION, self.start.england.title, begun, self.years, self.seed, self.luck, self.knobs.hash, self.fits.to_dict(),
            ranges, central, self.terms, self.rests,
        )[:12]  # fmt: skip


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
    ahead = tuple(range(at, at + years + 1))
    check(knobs, ahead)
    begun = start(england, at)
    loaded = [c if isinstance(c, Contract) else national() if c == "national" else Contract.load(c) for c in contracts]
    made = tuple(terms(c, england, at, begun.members, years, begun.counts) for c in loaded)
    risky: tuple[Chances, ...] = ()
    if draws > 1:
        risky = tuple(chances(c, england, at, begun.members) for c in (*loaded, national()))
    rests = digest([_values(c) for c in (*loaded, national())])
    return Plan(begun, ahead, made, risky, fits or fitting.of(england), knobs or Reform(), draws, seed, rests=rests)


def _values(contract: Contract) -> dict[str, Any]:
    """What a contract's values are from when on, with their ranges."""
    return {n: [(e.first, e.last, e.status, e.value, e.range) for e in v.entries] for n, v in contract.values.items()}


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


def block(
    plan: Plan,
    draws: Sequence[int],
    told: Callable[[int], None] | None = None,
    on: str = "numpy",
    width: int | None = None,
) -> Block:
    """Some draws of a plan, by their numbers; the same numbers give the same bits in any block. told: called after each year.

    on: "numpy", or "jax" (the extra `jax`), which gives the same figures to some twelve places.  width: of JAX's blocks, see `device.block`.
    """
    if on == "jax":
        from . import device

        return device.block(plan, draws, width)
    if on != "numpy":
        raise InputError(f"nothing runs on '{on}'", expected="numpy or jax")
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
        self.plan = plan
        if len(draws) == 0 or draws.min() < 0 or draws.max() >= plan.draws:
            raise InputError(f"draws {draws.tolist()}", expected=f"numbers from 0 to {plan.draws - 1}")
        begun, ahead = plan.start, plan.years[1:]
        boards = begun.places.boards
        drawn = fitting.drawn(plan.fits, draws, plan.seed, ahead, boards)
        chosen = plan.beliefs.of(draws)
        growth = plan.fits.growth
        known = covariates(begun)
        self.world = World(
            begun, plan.years, plan.seed, draws, chosen, drawn, (growth.trend_sd, growth.passing_sd, growth.size_power),
            trend=trends_now(trends_known(begun, plan.fits), begun.keys, draws, plan.seed, plan.luck),
            fixed=fixed_log_odds(drawn.exit, known), grew=-1.0 * known[COVARIATES.index("shrinking")], lucky=plan.luck,
        )  # fmt: skip
        self.fixed = given.fixed(begun, chosen.year(0)["conversion_deprivation_tilt"])
        self.trend = self.world.trend
        self.national = plan.national
        self.begun = beginning(self.world, self.national.rates[0])
        self.base = self.begun.base
        self.states = [self.begun.state for _ in plan.terms]
        count = len(plan.terms) + 1
        drawn_by = [
            (c.made(draws, plan.draws, plan.seed), c.shares(draws, plan.draws, plan.seed)) for c in plan.chances
        ]
        self.chances = drawn_by or [(none(), np.ones((len(SHARES), 1)))] * count
        self.joining = (
            given.joining(plan.seed, draws, begun.network_keys) if any(t.chosen for t in plan.terms) else None
        )

    def first(self) -> Iterator[tuple[Any, record.Year]]:
        """The starting year, the same under every contract."""
        b = self.begun
        told = record.start(
            b.state, b.base, b.got, b.drawn, b.asked, b.give, self.fixed, given.now(self.plan, self.world.beliefs, 0)
        )
        return ((b.state, told) for _ in self.plan.terms)

    def next(self, t: int) -> Iterator[tuple[Any, record.Year]]:
        """One year on, contract by contract."""
        w, plan = self.world, self.plan
        now = given.now(plan, w.beliefs, t)
        reverses = given.reversed_by(t, now)
        converts = any(x.converts or (reverses and x.chosen) for x in plan.terms)
        lucky, self.trend = luck(w, words(w, plan.years[t]), self.trend, converts)
        ahead = given.ahead(w.beliefs, w.fits, now, t, w.central)
        ahead = given.over_practices(ahead, w.fixed, w.fits.exit_year[:, t - 1, None], given.boards_of(plan.start))
        for i, of in enumerate(plan.terms):
            backs = reverses and (of.converts or of.chosen)
            flags = step.Flags(w.worlds, w.mean, of.converts, of.chosen, backs)
            own, shares = self.chances[i]
            contracted = given.contracted(plan, of, t, now, shares)
            contracted = given.drawn(contracted, own, self.chances[-1][0], given.progress(of, t, now))
            self.states[i], told = step.year(
                self.states[i],
                self.base,
                lucky,
                self.joining,
                ahead,
                contracted,
                self.fixed,
                plan.start.places,
                flags,
            )
            yield self.states[i], told
