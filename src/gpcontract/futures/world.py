"""The world of a block of draws: what is the same under every contract. Luck, beliefs and fits are drawn here, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.arrays import maximum, namespace, where
from ..findings.figures import kept
from . import growth, money, numbers, outcomes
from .beliefs import Beliefs
from .capacity import can_give
from .fits import Drawn, Fits
from .moves import Held
from .panel import COVARIATES, Panel
from .people import Stocks
from .start import Start
from .survival import TYPICAL, log_size
from .trends import trend

Array = npt.NDArray[np.float64]
FIXED = tuple(c for c in COVARIATES if c not in ("constant", "log_list", "small", "shrinking"))


class State(NamedTuple):
    """Where a year leaves a block of draws under one contract; arrays are (draw, practice) unless they say otherwise.

    open: what is left of each practice, 0 or 1 but in draw 0.  held: patients, people and buildings.  passed: the part of a partnership's list that has passed to others.
    joined: the part whose network has opted in.  adopted: (draw, 1) how far opting in has spread.  size: log of the list over 7,000.
    grew: last year's log growth of the list.  income, work: last year's drawings and contacts for each post, in logs against the
    start.  stocks: England's GPs.
    """

    open: Any
    held: Held
    passed: Any
    joined: Any
    adopted: Any
    size: Any
    grew: Any
    income: Any
    work: Any
    stocks: Stocks


class Base(NamedTuple):
    """The starting year under the national contract, in each draw: what later years are measured against.

    drawings: of a partner, at least money.LEAST_DRAWN.  scale: what staff cost practices over their full cost, (draw, 1).  pressure:
    log of contacts asked for over those that people can give.  level: the same of England, (draw, 1).  alone: 1 where there is one
    partner.  locums: locums' part of GPs who are not partners, (draw, 1).  others_leave: how much more often than by age these leave.
    continuity: usual-provider index of England, (draw,).
    """

    drawings: Any
    scale: Any
    pressure: Any
    level: Any
    alone: Any
    locums: Any
    others_leave: Any
    continuity: Any


class Luck(NamedTuple):
    """One year's luck, (draw, practice): numbers in (0, 1), and growth of lists beside their area's."""

    ends: Any
    leaves: Any
    found: Any
    passes: Any
    own: Any


@dataclass(frozen=True)
class World:
    """A block of draws over an England's years ahead. draws: their numbers; `worlds`, `mean`: whether it has draws with luck, and draw 0.

    spread: of trends and passing luck at 7,000 patients, and how both fall with size.  trend: of each practice's growth at the start.
    fixed: log odds of ending that do not change, (draw, practice).  grew: growth of each list in the starting year, (practice,).
    lucky: whether draws but the first have luck; without it they differ by figures and fits alone.
    """

    start: Start
    years: tuple[int, ...]
    seed: int
    draws: npt.NDArray[np.int64]
    beliefs: Beliefs
    fits: Drawn
    spread: tuple[float, float, float] = field(repr=False)
    trend: Array = field(repr=False)
    fixed: Array = field(repr=False)
    grew: Array = field(repr=False)
    lucky: bool = True

    @property
    def central(self) -> Array:
        """1 for a draw without luck: (draw, 1)."""
        return where((self.draws == 0)[:, None], 1.0, 0.0 if self.lucky else 1.0)

    @property
    def mean(self) -> bool:
        """Whether the block has a draw without luck."""
        return not self.lucky or bool((self.draws == 0).any())

    @property
    def worlds(self) -> bool:
        """Whether the block has draws with luck."""
        return self.lucky and bool((self.draws > 0).any())


def covariates(start: Start) -> Array:
    """What a practice's log odds of ending rest on, for the practices of the start: (covariate, practice)."""

    def made() -> Array:
        panel = Panel.of(start.england, start.year)
        if start.year in panel.years:
            return np.ascontiguousarray(panel.covariates(start.year)[start.members].T)
        known = {n: i for i, n in enumerate(COVARIATES)}
        x = np.zeros((len(COVARIATES), len(start.members)))
        x[known["constant"]] = 1.0
        return x

    return kept(start, "covariates", made)


def trends_known(start: Start, fits: Fits) -> tuple[Array, Array]:
    """Each practice's own trend of growth in the starting year, as its past shows it, and its error: (practice,) both."""

    def made() -> tuple[Array, Array]:
        panel = Panel.of(start.england, start.year)
        n = len(start.england.codes)
        if start.year not in panel.years:
            return np.zeros(n), np.full(n, fits.growth.trend_sd)
        return trend(panel, fits.growth, start.year)

    middle, error = (x[start.members] for x in kept(start, "trends now", made))
    board, lists = start.places.board, start.lists
    of_board = np.bincount(board, middle * lists) / np.maximum(np.bincount(board, lists), 1e-9)
    return middle - of_board[board], error  # a board's lists together follow its area


def trends_now(known: tuple[Any, Any], keys: Any, draws: Any, seed: int, lucky: bool = True) -> Any:
    """The trends of the starting year in each draw: (draw, practice). known: what the past shows, and its error."""
    if not lucky:
        return known[0] + 0.0 * draws[:, None]
    u = numbers.uniform(numbers.luck(seed, "trend now", draws, 0), keys)
    return known[0] + known[1] * where(draws[:, None] == 0, 0.0, growth.luck(u))


def fixed_log_odds(slopes: Mapping[str, Any], covariates: Any) -> Any:
    """Log odds of ending from what does not change about a practice: (draw, practice). slopes: the fitted ones, (draw, 1)."""
    xp = namespace(covariates)
    return xp.concat([slopes[n] for n in FIXED], axis=1) @ covariates[np.array([COVARIATES.index(n) for n in FIXED])]


PURPOSES = ("ends", "leaves", "found", "passes", "trend", "passing growth")  # of a year's luck


def words(world: World, year: int) -> dict[str, Any]:
    """What each purpose adds to every practice's key in a year: (draw, 1) each."""
    return {p: numbers.luck(world.seed, p, world.draws, year) for p in PURPOSES}


def luck(world: World, words: Mapping[str, Any], own_before: Any, converts: bool) -> tuple[Luck, Any]:
    """A year's luck, and the trend of each list that goes on into the next. words: of the year, by purpose."""
    xp, keys = namespace(own_before), world.start.keys

    def u(purpose: str) -> Any:
        return numbers.uniform(words[purpose], keys)

    quiet = 1.0 - world.central
    trend_sd, passing_sd, power = world.spread
    wider = growth.spread(xp.log(maximum(world.start.lists / TYPICAL, 0.05)), power)
    trend = growth.trend(own_before, world.fits.carry, trend_sd * wider, quiet * growth.luck(u("trend")))
    own = trend + (quiet * passing_sd) * wider * growth.luck(u("passing growth"))
    half = xp.zeros((1, 1)) + 0.5
    return Luck(u("ends"), u("leaves"), u("found"), u("passes") if converts else half, own), trend


class Beginning(NamedTuple):
    """The starting year: its state, what later years are measured against, and its money and work, as the national contract has them."""

    state: State
    base: Base
    got: money.Paid
    drawn: money.Drawn
    asked: Any
    give: Any


def beginning(world: World, rates: Any) -> Beginning:
    """The starting year in each draw. rates: (state, follows, practice) of the national contract."""
    start, n = world.start, len(world.draws)
    xp, now = namespace(world.draws), world.beliefs.year(0)
    held = Held(*(xp.repeat(x, n, axis=0) for x in start.held))
    heads = start.held.partners
    if world.worlds:  # counts of a year are means over its months: a draw has whole partners
        u = numbers.uniform(numbers.luck(world.seed, "partners now", world.draws, 0), start.keys)
        whole = xp.floor(heads + u)
        whole = where((heads >= 0.5) & (whole < 1.0), 1.0, whole)
        held = held._replace(partners=where(world.central > 0, heads, whole))
    partnership = 1.0 - start.forms.sum(0)
    people = (now["partner_fte_per_head"], now["salaried_fte_per_head"])
    contacts = xp.einsum("kd,kp->dp", now["contacts_by_band"][..., 0], start.held.bands[0]) * start.contact
    capacity = can_give(held, now["contacts_per_fte"], people[0])
    pressure = xp.log(maximum(contacts, 1.0) / maximum(capacity, 1.0))
    level = xp.log(contacts.sum(-1) / capacity.sum(-1))[:, None]
    counts = start.counts
    got = money.paid(
        rates,
        counts["registered"],
        counts["weighted"],
        start.held.surgery + xp.zeros((n, 1)),
        0.0,
        (0.0, 0.0),
        1.0,
        1.0,
        False,
    )
    income = got.practice
    spent = money.staff_cost(held, now["staff_cost_per_fte"])
    other = other_share(now)
    wanted = now["partner_income"] * held.partners.sum(-1, keepdims=True)
    left = (income * (1.0 - other) * partnership).sum(-1, keepdims=True) - wanted
    scale = left / maximum((spent * partnership).sum(-1, keepdims=True), 1.0)
    drawn = money.drawings(income, spent, other, partnership, held.partners, scale, 1.0)
    per_head = now["salaried_fte_per_head"][:, 0]
    salaried = held.salaried.sum(-1)
    partner_fte = held.partners.sum(-1) * people[0][:, 0]
    locums = now["locum_share"][:, 0] * (salaried + partner_fte)
    stocks = Stocks(
        partners=_ages(now, "partner", n) * held.partners.sum(-1)[:, None],
        others=_ages(now, "salaried", n) * ((salaried + locums) / per_head)[:, None],
        waiting=now["trainees_yearly"] + xp.zeros((n, WAITING)),
    )
    zero = xp.zeros((n, heads.shape[-1]))
    size = log_size(start.lists) + zero
    base = Base(
        drawings=maximum(drawn.each, money.LEAST_DRAWN),
        scale=scale,
        pressure=pressure,
        level=level,
        alone=where((held.partners < 1.5) & (held.partners > 0), 1.0, 0.0),
        locums=(locums / maximum(salaried + locums, 1e-9))[:, None],
        others_leave=_others_leave(stocks, now),
        continuity=_continuity(size, held.bands.sum(1), now),
    )
    state = State(
        open=zero + 1.0, held=held, passed=zero, joined=zero, adopted=xp.zeros((n, 1)), size=size,
        grew=zero + world.grew, income=zero, work=zero, stocks=stocks,
    )  # fmt: skip
    return Beginning(state, base, got, drawn, contacts, capacity)


def _ages(now: Mapping[str, Any], who: str, draws: int) -> Any:
    shares = now[f"{who}_age_shares"][..., 0].T
    made = shares / shares.sum(-1, keepdims=True)
    return namespace(made).broadcast_to(made, (draws, shares.shape[-1]))


def _others_leave(stocks: Stocks, now: Mapping[str, Any]) -> Any:
    """The factor on the leaving of GPs who are not partners with which all GPs together leave as often as their ages say."""
    rates = now["gp_leaving_rate"][..., 0].T
    by_age = ((stocks.partners * rates).sum(-1), (stocks.others * rates).sum(-1))
    return (1.0 + (1.0 - now["partner_leaving_ratio"][:, 0]) * by_age[0] / maximum(by_age[1], 1e-9))[:, None]


def _continuity(size: Any, patients: Any, now: Mapping[str, Any]) -> Any:
    index = outcomes.continuity(
        size, now["continuity_small"], now["continuity_large"], now["continuity_sizes"], TYPICAL
    )
    return (index * patients).sum(-1) / patients.sum(-1)


WAITING = 5  # cohorts of trainees kept: three in training, and two that may yet join


def other_share(now: Mapping[str, Any]) -> Any:
    """Premises and other expenses as a part of gross earnings."""
    return now["contractor_expense_shares"][1] + now["contractor_expense_shares"][2]
