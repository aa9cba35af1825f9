"""An England whose past is drawn from known chances, so that fits can be held to them."""

from __future__ import annotations

import numpy as np

from gpcontract.engine.areas import Areas
from gpcontract.england.facts import England
from gpcontract.futures.panel import COVARIATES

SLOPES = {"log_list": -1.2, "small": 0.0, "shrinking": 8.0, "apms": 0.8, "rural": -0.5}
CONSTANT = -3.0
GROWTH, TREND, PASSING, CARRY = 0.01, 0.02, 0.015, 0.8
BOARDS = 12
YEARS = (2005, 2006, 2007, 2008, 2010, 2011, 2012, 2013)  # of which lists all stand in their second quarter


def made_england(practices: int = 3_000, years: tuple[int, ...] = YEARS, seed: int = 3) -> England:
    """Practices whose lists grow by a trend and luck, and whose contracts end by SLOPES; who ends joins one of the board about its size."""
    luck = np.random.default_rng(seed)
    span = range(years[0] - 1, years[-1] + 1)
    lists = np.exp(luck.normal(np.log(6_500), 0.6, practices))
    apms, rural = luck.random(practices) < 0.1, luck.random(practices) < 0.2
    board = np.arange(practices) % BOARDS
    trend = luck.normal(0, TREND, practices)
    open_, grown = np.ones(practices, bool), np.zeros(practices)
    kept: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for year in span:
        if year > span[0]:
            size = np.log(np.maximum(lists, 100) / 7_000)
            odds = CONSTANT + SLOPES["log_list"] * size + SLOPES["shrinking"] * np.clip(-grown, 0, 0.2)
            odds += SLOPES["apms"] * apms + SLOPES["rural"] * rural
            ends = open_ & (luck.random(practices) < 1 / (1 + np.exp(-odds)))
            open_ &= ~ends
            for b in range(BOARDS):
                own = np.flatnonzero(open_ & (board == b))
                order, gone = own[np.argsort(lists[own])], np.flatnonzero(ends & (board == b))
                place = np.searchsorted(lists[order], lists[gone]) + luck.integers(-9, 9, len(gone))
                np.add.at(lists, order[np.clip(place, 0, len(order) - 1)], lists[gone])
        trend = CARRY * trend + luck.normal(0, TREND * np.sqrt(1 - CARRY**2), practices)
        grown = GROWTH + trend + luck.normal(0, PASSING, practices)
        lists = lists * np.exp(grown)
        kept[year] = np.where(open_, np.round(lists), np.nan), open_.copy()
    rows = np.stack([kept[y][0] for y in years])
    there = np.stack([kept[y][1] for y in years])
    here = there.any(0)
    rows, there = rows[:, here], there[:, here]
    n = int(here.sum())
    price = 80 * 1.03 ** (np.array(years) - years[0])[:, None]
    whole = np.ones((len(years), n))
    facts = {
        "list_published": rows,
        "list_size": np.nan_to_num(rows),
        "open_share": there * 1.0,
        "weighted_list_published": rows * 1.02,
        "published_global_sum": rows * 1.02 * price,
        "published_total": rows * 150.0,
        "on_gms": whole * ~apms[here],
        "on_pms": whole * 0.0,
        "on_apms": whole * apms[here],
        "deprivation_score": whole * 20.0,
        "rural": whole * rural[here],
        "in_london": whole * 0.0,
        "latitude": whole * luck.uniform(51, 54, n),
        "longitude": whole * luck.uniform(-2, 0, n),
    }
    codes = tuple(f"M{i:05d}" for i in np.flatnonzero(here))
    index = np.broadcast_to(board[here], (1, n)).astype(np.int32)
    names = tuple(f"B{b:02d}" for b in range(BOARDS))
    areas = {"board": Areas("board", names, names, index)}
    return England("made of known chances", years, codes, {k: v[None] for k, v in facts.items()}, areas)


def by_hand(lists: list[list[float]], years: tuple[int, ...], shares: list[list[float]] | None = None) -> England:
    """A few practices by hand, each as often as makes a published year: lists (year, practice), NaN where no file names it."""
    rows = np.repeat(np.array(lists, float), 100, axis=1)
    share = np.repeat(np.array(shares, float), 100, axis=1) if shares else np.where(np.isnan(rows), 0.0, 1.0)
    facts = {"list_published": rows, "list_size": np.nan_to_num(rows), "open_share": share}
    codes = tuple(f"H{i:04d}" for i in range(rows.shape[1]))
    return England("by hand", years, codes, {k: v[None] for k, v in facts.items()}, {})


def slope(name: str) -> float:
    """The slope that ends were drawn by."""
    return SLOPES.get(name, 0.0) if name != "constant" else CONSTANT


assert set(SLOPES) <= set(COVARIATES)
