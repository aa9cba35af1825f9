"""The years ahead on JAX: the functions that NumPy runs, compiled, on processors or on a graphics card.

from gpcontract.futures.simulate import block, plan

block(plan(England.synthetic(1), ("national",), draws=65), range(1, 65), on="jax")

One program takes a block of draws under one contract through all the years; contracts of one kind share it. What has a number for each
draw and practice is made on the device: it is sent what practices are like, and small arrays of each draw. Numbers are 64-bit, and luck the
same to the bit; sums are added up in another order, so figures agree with NumPy's to some twelve places, not to the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ..engine.errors import InputError
from . import fits as fitting
from . import given, numbers, record, step
from .beliefs import Beliefs
from .chances import made, none
from .dense import Near
from .moves import Held
from .panel import COVARIATES
from .simulate import Block, Plan
from .terms import SHARES
from .world import PURPOSES, Base, State, World, beginning, covariates, fixed_log_odds, luck, trends_known, trends_now

HELD = 170  # arrays of (draw, practice) that a block of draws holds at its fullest
USUAL = 16  # draws of a block on a device that doesn't say how much memory it has: a processor
PART = 0.8  # of a device's memory that blocks may take


class Practices(NamedTuple):
    """What a device is told of practices: the parts of a Start that the years ahead read, and what the fits know of each practice.

    known: trends of growth and their errors.  covariates: of odds of ending.  rates: the national contract's, of the starting year.
    """

    held: Held
    keys: Any
    network_keys: Any
    forms: Any
    contact: Any
    counts: Mapping[str, Any]
    lists: Any
    known: tuple[Any, Any]
    covariates: Any
    rates: Any
    lean: Any
    board: Any
    near: Near
    fixed: step.Fixed


class Draws(NamedTuple):
    """What a device is told of a block's draws. figures: of the starting year.  counts: 1 for draws that sums over practices take in."""

    numbers: Any
    figures: Mapping[str, Any]
    exit: Mapping[str, Any]
    carry: Any
    spread: Any
    counts: Any


class Years(NamedTuple):
    """What a device is told of the years ahead, year first; growth and odds are still by board. effect: the year's own on odds of ending."""

    ahead: step.Ahead
    words: Mapping[str, Any]
    effect: Any


class Sent(NamedTuple):
    """All that a device is sent for a block. assumed: of each contract, the national last, parts of the way to its figures' ends and what they do there."""

    practices: Practices
    draws: Draws
    years: Years
    contracts: list[step.Contracted]
    assumed: list[tuple[Any, Any, Any]]


class Begun(NamedTuple):
    """The start of a block, on the device. odds: log odds of ending that do not change."""

    state: State
    base: Base
    told: Told
    trend: Any
    odds: Any
    fixed: step.Fixed
    joining: Any


class Told(NamedTuple):
    """What comes back of a year, or of all years. open, patients: (practice,) sums over draws."""

    nation: Any
    boards: Any
    open: Any
    patients: Any


class _Traced(World):
    """A world whose draws are not known while its program is made: it serves draws of any kind."""

    @property
    def mean(self) -> bool:
        """Whether there may be a draw without luck."""
        return True

    @property
    def worlds(self) -> bool:
        """Whether there may be draws with luck."""
        return self.lucky


def block(plan: Plan, draws: Sequence[int], width: int | None = None) -> Block:
    """Some draws of a plan, worked out by JAX. width: draws that programs are made for, if more: blocks of one width share them."""
    jax = library()
    asked = np.asarray(draws, np.int64)
    if len(asked) == 0 or asked.min() < 0 or asked.max() >= plan.draws:
        raise InputError(f"draws {asked.tolist()}", expected=f"numbers from 0 to {plan.draws - 1}")
    n = len(asked)
    taken = np.concatenate([asked, np.full(max((width or n) - n, 0), asked[-1])])
    with exact():
        given_ = jax.device_put(sent(plan, taken, n))
        begun = begin(plan, given_)
        first, later = jax.tree.map(np.asarray, (begun.told, _paths(plan, given_, begun)))
    whole = [Told(*(np.concatenate([a[None], b]) for a, b in zip(first, x, strict=True))) for x in later]
    together = Told(*(np.stack(x) for x in zip(*whole, strict=True)))
    return Block(asked, together.nation[..., :n], together.boards[..., :n, :], together.open, together.patients)


def begin(plan: Plan, sent: Sent) -> Begun:
    """The starting year of a block, on the device."""
    made: Begun = _programs()[0](sent.practices, sent.draws, plan.seed, plan.luck, any(t.chosen for t in plan.terms))
    return made


def _paths(plan: Plan, sent: Sent, begun: Begun) -> list[Told]:
    """The years ahead of a block under each contract; the device works on while they are asked for."""
    _, path, chance = _programs()
    factors = [chance(*p) for p in sent.assumed] or [none()] * (len(plan.terms) + 1)
    reverses = any(given.reversed_by(t, plan.beliefs.year(t)) for t in range(len(plan.years)))
    made = []
    for terms, contract, own in zip(plan.terms, sent.contracts, factors, strict=False):
        backs = reverses and (terms.converts or terms.chosen)
        flags = step.Flags(plan.luck, True, terms.converts, terms.chosen, backs)
        made.append(path(sent.practices, sent.draws, sent.years, contract, begun, own, factors[-1], flags, plan.luck))
    return made


def width(plan: Plan) -> int:
    """How many draws a block may have on JAX's first device: as many as its memory holds, and blocks all alike."""
    said = library().devices()[0].memory_stats() or {}
    limit = PART * said.get("bytes_limit", 0.0)
    most = max(1, int(limit / (8.0 * HELD * len(plan.start.members))) if limit else USUAL)
    blocks = -(-plan.draws // most)
    return -(-plan.draws // blocks)


@cache
def library() -> Any:
    """JAX, or an error that says how to have it."""
    try:
        import jax
    except ImportError:
        raise InputError(
            "JAX is not installed", expected="the extra `jax`", hint="pip install 'gpcontract[jax]'"
        ) from None
    return jax


def exact() -> Any:
    """64-bit numbers, for what is done inside."""
    jax = library()
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax import experimental

    return experimental.enable_x64()  # type: ignore[attr-defined]  # where JAX has it not of its own


@cache
def _programs() -> tuple[Any, Any, Any]:
    jax = library()
    return (
        jax.jit(_begin, static_argnames=("seed", "lucky", "chosen")),
        jax.jit(_path, static_argnames=("flags", "lucky")),
        jax.jit(made),
    )


# -- what a device is sent -------------------------------------------------------------------------------------


def sent(plan: Plan, draws: Any, counted: int) -> Sent:
    """What a device is sent for a block of draws, of which the first so many are asked for and the others fill it."""
    chosen = plan.beliefs.of(draws)
    nows = [given.now(plan, chosen, t) for t in range(len(plan.years))]
    return Sent(
        _practices(plan),
        *_of_draws(plan, draws, counted, chosen, nows),
        [_contract(plan, i, nows, draws) for i in range(len(plan.terms))],
        [(c.parts(draws, plan.draws, plan.seed), c.down, c.up) for c in plan.chances],
    )


def _practices(plan: Plan) -> Practices:
    start, places = plan.start, plan.start.places
    known = covariates(start)
    groups = places.board[:, None] == np.arange(len(places.boards) + 1)
    return Practices(
        held=start.held, keys=start.keys, network_keys=start.network_keys, forms=start.forms, contact=start.contact,
        counts=start.counts, lists=start.lists, known=trends_known(start, plan.fits), covariates=known,
        rates=plan.national.rates[0], lean=given.lean(start), board=given.boards_of(start),
        near=Near(places.neighbour, places.distance, places.same_network, places.board, groups.astype(float)),
        fixed=given.fixed(start, np.zeros((1, 1))),
    )  # fmt: skip


def _of_draws(
    plan: Plan, draws: Any, counted: int, chosen: Beliefs, nows: Sequence[Mapping[str, Any]]
) -> tuple[Draws, Years]:
    """A block's draws and years. counted: how many of the draws are asked for; those after them only fill the block."""
    ahead, grows = plan.years[1:], plan.fits.growth
    drawn = fitting.drawn(plan.fits, draws, plan.seed, ahead, plan.start.places.boards)
    worlds = draws > 0 if plan.luck else np.zeros(len(draws), bool)
    worlds[counted:] = False
    counts = worlds if worlds.any() else np.arange(len(draws)) < counted
    central = np.where(draws[:, None] == 0, 1.0, 0.0 if plan.luck else 1.0)
    years = [
        Years(
            given.ahead(chosen, drawn, nows[t], t, central),
            {p: numbers.luck(plan.seed, p, draws, year) for p in PURPOSES},
            drawn.exit_year[:, t - 1, None],
        )
        for t, year in enumerate(ahead, 1)
    ]
    spread = np.array([grows.trend_sd, grows.passing_sd, grows.size_power])
    return Draws(draws, nows[0], drawn.exit, drawn.carry, spread, counts.astype(float)), _rows(years)


def _contract(plan: Plan, i: int, nows: Sequence[Mapping[str, Any]], draws: Any) -> step.Contracted:
    """A contract's years, year first, in shapes that all contracts of its kind have; `chance` is how far it has come."""
    terms, n = plan.terms[i], len(draws)
    shares = plan.chances[i].shares(draws, plan.draws, plan.seed) if plan.chances else np.ones((len(SHARES), 1))
    ever = len(plan.start.members) if terms.chosen else 1
    years = []
    for t in range(1, len(plan.years)):
        x = given.contracted(plan, terms, t, nows[t], shares)
        years.append(
            x._replace(
                chance=given.progress(terms, t, nows[t]),
                ever=np.broadcast_to(x.ever, (ever,)),
                passes=np.broadcast_to(x.passes, (n, 1)),
                forms=np.broadcast_to(x.forms, (len(SHARES), n)),
                announced=np.broadcast_to(x.announced, (n, 1)),
                returns=np.broadcast_to(x.returns, (n, 1)),
            )
        )
    return _rows(years)


def _rows(years: Sequence[Any]) -> Any:
    """Years of arrays as arrays of years."""
    return library().tree.map(lambda *x: np.stack(x), *years)


# -- programs --------------------------------------------------------------------------------------------------


def _begin(practices: Practices, of: Draws, seed: int, lucky: bool, chosen: bool) -> Begun:
    """The starting year of a block, and what is the same under every contract."""
    trend = trends_now(practices.known, practices.keys, of.numbers, seed, lucky)
    tilt = given.tilts(
        of.figures["conversion_deprivation_tilt"], practices.lean, practices.fixed.partnership * practices.lists
    )
    fixed = practices.fixed._replace(tilt=tilt)
    b = beginning(_world(practices, of, seed, lucky), practices.rates)
    told = record.start(b.state, b.base, b.got, b.drawn, b.asked, b.give, fixed, of.figures)
    joining = given.joining(seed, of.numbers, practices.network_keys) if chosen else None
    odds = fixed_log_odds(of.exit, practices.covariates)
    return Begun(b.state, b.base, _told(told, b.state, of), trend, odds, fixed, joining)


def _path(
    practices: Practices, of: Draws, years: Years, contract: step.Contracted, begun: Begun, own: Any, national: Any,
    flags: step.Flags, lucky: bool,
) -> Told:  # fmt: skip
    """The years ahead of a block under one contract. own, national: what draws make of the figures that contracts assume."""
    world = _world(practices, of, 0, lucky)  # the year's words stand for the seed

    def year(before: tuple[State, Any], now: tuple[Years, step.Contracted]) -> tuple[tuple[State, Any], Told]:
        (state, trend), (at, terms) = before, now
        lucks, trend = luck(world, at.words, trend, flags.converts or flags.reverses)
        ahead = given.over_practices(at.ahead, begun.odds, at.effect, practices.board)
        terms = given.drawn(terms, own, national, terms.chance)
        state, told = step.year(
            state, begun.base, lucks, begun.joining, ahead, terms, begun.fixed, practices.near, flags  # type: ignore[arg-type]
        )  # fmt: skip
        return (state, trend), _told(told, state, of)

    return library().lax.scan(year, (begun.state, begun.trend), (years, contract))[1]  # type: ignore[no-any-return]


def _world(practices: Practices, of: Draws, seed: int, lucky: bool) -> World:
    """What the functions of a world read of it."""
    return _Traced(
        practices, (), seed, of.numbers, Beliefs(of.figures), SimpleNamespace(carry=of.carry),  # type: ignore[arg-type]
        of.spread, None, None, -1.0 * practices.covariates[COVARIATES.index("shrinking")], lucky,  # type: ignore[arg-type]
    )  # fmt: skip


def _told(told: record.Year, state: State, of: Draws) -> Told:
    return Told(told.nation, told.boards, of.counts @ state.open, of.counts @ state.held.bands.sum(1))
