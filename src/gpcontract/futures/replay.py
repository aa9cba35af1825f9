"""Replay: the national contract's lists, ends, kinds of contract and global sums from a past year on, by the same functions as years ahead.

What a practice pays and whom it employs is left out, since most past years lack them; ends answer to size, shrinking, kind and place alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..england.facts import England
from . import figures, growth, moves, numbers, survival
from .fit import global_sum_per_patient
from .fits import PAIRS, Drawn, Fits, drawn
from .lists import LEAST, MOST
from .panel import COVARIATES, KINDS, Numbers, Panel
from .places import Places
from .trends import trend

Ints = npt.NDArray[np.intp]
FIXED = tuple(n for n in COVARIATES if n not in ("constant", "log_list", "small", "shrinking"))
KNOWN_FROM = 2024  # the year from which the values of the years ahead are known; the past is replayed with them


@dataclass(frozen=True)
class Base:
    """Practices open at the end of the base year, and what is known of them then; `rows` are their positions in the England.

    rates: global sum per patient that each would have under each kind of contract, (kind, practice); own: what it has, whose kind is
    not known.  kind: position in KINDS, or len(KINDS) where it is not known.
    """

    panel: Panel
    year: int
    rows: Ints
    keys: numbers.Keys
    places: Places
    lists: Numbers
    x: Numbers
    growth: Numbers
    trend: Numbers
    trend_error: Numbers
    kind: npt.NDArray[np.int8]
    rates: Numbers

    @property
    def moment(self) -> float:
        """When the base year's printed lists stand."""
        return self.panel.moments[self.panel.at(self.year)]


@dataclass(frozen=True)
class Ahead:
    """Practices of the base in some years ahead, in each draw: (year, draw, practice). Draw 0 is the central one, whose `open` is a chance.

    lists: patients, 0 where it has ended.  money: global sum.  kind: of worlds alone (draw 1 on), len(KINDS) where it is not known.
    """

    years: tuple[int, ...]
    open: npt.NDArray[np.float32]
    lists: npt.NDArray[np.float32]
    money: npt.NDArray[np.float32]
    kind: npt.NDArray[np.int8]


def base(england: England, fits: Fits, year: int) -> Base:
    """What is known at the end of a year, from that year's file and those before."""
    panel = Panel.of(england, year)
    i = panel.at(year)
    rows = np.flatnonzero(panel.open[i] & (panel.patients[i] > 0))
    places = Places.of(england, year, rows)
    lists = panel.patients[i, rows]
    own, error = (x[rows] for x in trend(panel, fits.growth, year))
    board = places.board
    beside = own + fits.growth.slope * (survival.log_size(lists) - fits.growth.typical)
    n = int(board.max(initial=0)) + 1
    weight = np.bincount(board, lists, n)
    own = (
        own - (np.bincount(board, lists * beside, n) / np.maximum(weight, 1.0))[board]
    )  # a board's lists together grow as its area does
    on = panel.on(year)[:, rows] > 0
    kind = np.where(on.any(0), on.argmax(0), len(KINDS)).astype(np.int8)
    return Base(
        panel, year, rows, numbers.keys([england.codes[r] for r in rows]), places, lists, panel.covariates(year)[rows],
        np.nan_to_num(panel.growth[i, rows]), own, error, kind, _rates(panel, year, rows, kind),
    )  # fmt: skip


def _rates(panel: Panel, year: int, rows: Ints, kind: npt.NDArray[np.int8]) -> Numbers:
    """Global sum per patient under each kind: the practice's own under its own; else under GMS the usual price of its weighted
    patients, and under the others what their practices have on average. The last row is the practice's own, for a kind not known."""
    paid = np.nan_to_num(panel.fact("published_global_sum", year))[rows]
    lists = panel.patients[panel.at(year), rows]
    weighted = np.nan_to_num(panel.fact("weighted_list_published", year)[rows], nan=0.0)
    weight = np.where(
        weighted > 0, weighted / lists, weighted.sum() / lists[weighted > 0].sum() if weighted.any() else 1.0
    )
    own = paid / lists
    known = (kind == 0) & ~np.isnan(global_sum_per_patient(panel, year)[rows]) & (weighted > 0)
    price = float(np.median(paid[known] / weighted[known])) if known.any() else 0.0
    made = [price * weight]
    for k in range(1, len(KINDS)):
        of = kind == k
        made.append(np.full(len(rows), paid[of].sum() / max(float(lists[of].sum()), 1.0)))
    made.append(own)
    rates = np.stack(made)
    rates[kind, np.arange(len(rows))] = own
    return rates


def replay(
    base: Base, fits: Fits, moments: Mapping[int, float], draws: int = 500, seed: int = 1, block: int = 25
) -> Ahead:
    """The base's practices in later years, in blocks of draws that fit in memory. moments: when each year's printed lists stand."""
    parts = [_block(base, fits, moments, np.arange(a, min(a + block, draws)), seed) for a in range(0, draws, block)]
    joined = (np.concatenate(x, axis=1) for x in zip(*parts, strict=True))
    return Ahead(tuple(moments), *joined)


def _block(
    base: Base, fits: Fits, moments: Mapping[int, float], draws: Ints, seed: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.int8]]:
    span = range(base.year + 1, max(moments) + 1)
    held = drawn(fits, draws, seed, span, base.places.boards)
    now = figures.drawn_figures(("hard_exit_share", "neighbour_distance"), int(draws[-1]) + 1, seed, KNOWN_FROM)
    hard, halving = (now[n][draws][:, None] for n in ("hard_exit_share", "neighbour_distance"))
    central = np.where(draws == 0, 1.0, 0.0)[:, None]
    quiet = 1.0 - central
    fixed = np.stack([held.exit[n][:, 0] for n in FIXED], -1) @ base.x[:, [COVARIATES.index(n) for n in FIXED]].T
    lists = np.repeat(base.lists[None], len(draws), 0)
    open_ = np.ones_like(lists)
    kind = np.repeat(base.kind[None], len(draws), 0)
    before = np.repeat(base.growth[None], len(draws), 0)
    own_luck = growth.luck(_u(base, seed, "trend now", draws, base.year))
    own = base.trend + quiet * base.trend_error * own_luck
    nobody = np.zeros_like(lists)  # people and surgeries, which are not followed here
    price = np.zeros((len(draws), 1))
    noise, told = np.zeros_like(lists), base.year
    made = []
    for t, year in enumerate(span):
        size = survival.log_size(lists / np.maximum(open_, 1e-9))
        due = survival.log_odds(
            fixed + held.exit_year[:, t, None] + _of_board(held.exit_board[:, t], base), size, before,
            held.exit["log_list"], held.exit["small"], held.exit["shrinking"],
        )  # fmt: skip
        ends = survival.ends(survival.chance(due), open_, _u(base, seed, "ends", draws, year), central, 1.0 - hard)
        wide = growth.spread(size, fits.growth.size_power)
        luck = quiet * wide * growth.luck(_u(base, seed, "trend", draws, year))
        own = growth.trend(own, held.carry, fits.growth.trend_sd, luck)
        passing = quiet * wide * fits.growth.passing_sd * growth.luck(_u(base, seed, "passing growth", draws, year))
        before = np.clip(growth.growth(_of_board(held.area[:, t], base), own, passing, size, held.slope), LEAST, MOST)
        lists = lists * np.exp(before)
        open_ = open_ * (1.0 - ends.all)
        held_now = moves.Held(lists[:, None], nobody, nobody, nobody, nobody, nobody, nobody)
        room = moves.Room(lists, nobody)  # as many as each has
        lists = moves.move(held_now, ends, open_, room, halving, base.places, central, np.ones((1, 1))).held.bands[:, 0]
        kind = _kinds(kind, held, t, _u(base, seed, "kind", draws, year))
        price = price + held.price[:, t, None]
        if year in moments:
            since = quiet * fits.money.noise * np.sqrt(year - told)
            noise, told = noise + since * growth.luck(_u(base, seed, "global sum", draws, year)), year
            shift = moments[year] - (
                base.moment + year - base.year
            )  # from where these lists stand to where the file's do
            rate = base.rates[kind, np.arange(len(base.rows))]
            money = lists * rate * np.exp(price + noise)
            printed = lists * np.exp(shift * before)
            made.append((open_.astype(np.float32), printed.astype(np.float32), money.astype(np.float32), kind))
    return tuple(np.stack(x) for x in zip(*made, strict=True))  # type: ignore[return-value]


def _u(base: Base, seed: int, purpose: str, draws: Ints, year: int) -> Numbers:
    made: Numbers = numbers.uniform(numbers.luck(seed, purpose, draws, year), base.keys)
    return made


def _of_board(effect: Numbers, base: Base) -> Numbers:
    """Each practice's own board's effect, (draw, practice); 0 where it has none."""
    none = np.zeros((len(effect), 1))
    return np.concatenate([effect, none], axis=1)[:, base.places.board]


def _kinds(kind: npt.NDArray[np.int8], held: Drawn, t: int, u: Numbers) -> npt.NDArray[np.int8]:
    """Kinds of contract a year on; each practice may change to one other. The central draw keeps its kinds."""
    n = len(KINDS)
    made = kind.copy()
    for i in range(n):
        low = np.zeros((len(kind), 1))
        for a, b in PAIRS:
            if a == i:
                high = low + survival.chance(held.change[a, b][:, t, None])
                made[(kind == i) & (u >= low) & (u < high)] = b
                low = high
    return made
