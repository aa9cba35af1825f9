"""History: how far what practices are paid for each patient moved from one published year to the next, by list size.

Payments as made, without dispensing, over registered patients, against England's own change, for practices that stayed as they were.
Payments are made in arrears (rent reviews, the balance of quality pay), so that some of the movement is their timing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from ..england.facts import England, lines
from .bases import ORDER, PUBLISHED
from .figures import kept, table
from .frame import SIZES, Numbers

FALL = -0.05  # of income per patient, from one year to the next
LEAST = 1_000  # patients; below it a practice is opening or closing
MOVED = 0.25  # a list that changes by more in a year has merged, split or been dispersed
TAILS = (0.01, 0.99)  # changes beyond these quantiles of a pair of years are drawn in to them: back payments, errors
DISPENSING = ("drugs", "dispensing_fees", "prescribing_fees")
FEWEST = 20  # changes in a band below which nothing is said of it
ASIDE = ("not paid and open through both years", "under 1,000 patients", "took over a list, or it moved by a quarter")


@dataclass(frozen=True)
class Band:
    """Yearly changes of income per patient in one band of list size, all pairs of years together, as fractions.

    changes: practices times pairs of years.  median: of absolute changes against England's.  sd: of the same, tails drawn in.
    fall: share that fell by more than 5% against England's change; fall_cash: in cash.  NaN where there are too few.
    """

    size: str
    changes: int
    median: float
    sd: float
    fall: float
    fall_cash: float

    def to_dict(self) -> dict[str, Any]:
        """The band as plain data."""
        return {
            "size": self.size,
            "changes": self.changes,
            "median_absolute_change": self.median,
            "sd": self.sd,
            "share_falling_5_per_cent": self.fall,
            "share_falling_5_per_cent_in_cash": self.fall_cash,
        }


@dataclass(frozen=True)
class History:
    """What publications show of yearly change. pairs: years compared; aside: changes not counted, by reason.

    per_pound: (size, base, base) covariance of yearly changes for each pound that rests on each base; figures of official England
    where this England has no two published years running (`from_data` False).
    """

    pairs: tuple[tuple[int, int], ...]
    bands: tuple[Band, ...]
    whole: Band | None
    aside: Mapping[str, int]
    per_pound: np.ndarray
    from_data: bool

    def to_dict(self) -> dict[str, Any]:
        """The history as plain data."""
        return {
            "pairs": [list(p) for p in self.pairs],
            "bands": [b.to_dict() for b in self.bands],
            "all": self.whole.to_dict() if self.whole else None,
            "set_aside": dict(self.aside),
            "from_this_england": self.from_data,
        }


def history(england: England) -> History:
    """Yearly changes over all pairs of published years running; made once for an England."""
    return kept(england, "history", partial(_history, england))


def _history(england: England) -> History:
    pairs = published_pairs(england)
    aside = dict.fromkeys(ASIDE, 0)
    if not pairs:
        return History((), (), None, aside, stated(), False)
    found = [_pair(england, england.year(a), england.year(b), aside) for a, b in pairs]
    size, relative, drawn, cash = (np.concatenate([x[k] for x in found]) for k in range(4))
    pound = np.concatenate([x[4] for x in found], axis=1)
    per_pound, bands = stated().copy(), []
    for band, label in enumerate(size_labels()):
        here = size == band
        bands.append(_band(label, relative[here], drawn[here], cash[here]))
        if here.sum() >= FEWEST:
            per_pound[band] = np.cov(pound[:, here])
    return History(pairs, tuple(bands), _band("all", relative, drawn, cash), aside, per_pound, True)


def _pair(england: England, i: int, j: int, aside: dict[str, int]) -> tuple[Numbers, ...]:
    """One pair of years: size band, change against England's, the same with tails drawn in, change in cash, change per pound by base."""
    keep = _stayed(england, i, j, aside)
    n, m = row(england, "list_size", i)[keep], row(england, "list_size", j)[keep]
    before, after = published_by_base(england, i)[:, keep], published_by_base(england, j)[:, keep]
    fair = before.sum(0) > 0
    n, m, before, after = n[fair], m[fair], before[:, fair], after[:, fair]
    was, now = before.sum(0) / n, after.sum(0) / m
    cash = now / was - 1
    relative = (1 + cash) / ((after.sum() / m.sum()) / (before.sum() / n.sum())) - 1
    drawn = np.clip(relative, *np.quantile(relative, TAILS))
    # Each base against England's change of that base, over all income; then for each pound that rests on it.
    means = before.sum(1) / n.sum(), after.sum(1) / m.sum()
    pace = np.where((means[0] > 0) & (means[1] > 0), means[1] / np.where(means[0] > 0, means[0], 1), 1.0)
    moved = (after / m / pace[:, None] - before / n) / was
    low, high = np.quantile(moved, TAILS, axis=1)
    share = np.maximum(means[0] / means[0].sum(), 1e-9)
    pound = np.clip(moved, low[:, None], high[:, None]) / share[:, None]
    return np.digitize(n, SIZES), relative, drawn, cash, pound


def _band(label: str, relative: Numbers, drawn: Numbers, cash: Numbers) -> Band:
    if len(relative) < FEWEST:
        return Band(label, len(relative), *[float("nan")] * 4)
    falls = float((relative < FALL).mean()), float((cash < FALL).mean())
    return Band(label, len(relative), float(np.median(np.abs(relative))), float(drawn.std()), *falls)


def stated() -> np.ndarray:
    """Covariance per pound from the spreads and correlations of values.yaml; (size, base, base)."""
    sd, together = table("income_spread_by_base"), table("income_correlation")
    return np.asarray(sd[:, :, None] * sd[:, None, :] * together)


def published_pairs(england: England) -> tuple[tuple[int, int], ...]:
    """Years running of which both have published totals."""
    total = "published_total"
    has = {y for i, y in enumerate(england.years) if (np.nan_to_num(row(england, total, i)) > 0).any()}
    return tuple((y, y + 1) for y in england.years if y in has and y + 1 in has)


def row(england: England, name: str, at: int) -> Numbers:
    """One year of a fact for every practice, central draw; NaN where it is not known at all."""
    if name not in england.facts:
        return np.full(len(england.codes), np.nan)
    x = england.facts[name][0]
    made: Numbers = np.broadcast_to(x[min(at, x.shape[0] - 1)], (len(england.codes),))
    return made


def published_by_base(england: England, at: int, dispensing: bool = False) -> Numbers:
    """Pounds of the printed total by base, (base, practice); without dispensing unless asked."""
    return kept(england, f"bases {at} {dispensing}", partial(_published_by_base, england, at, dispensing))


def _published_by_base(england: England, at: int, dispensing: bool) -> Numbers:
    if dispensing:
        made = published_by_base(england, at).copy()
        for name in DISPENSING:
            made[ORDER.index("claims")] += np.nan_to_num(row(england, f"published_{name}", at))
        return made
    made = np.zeros((len(ORDER), len(england.codes)))
    for name, about in lines().items():
        if f"published_{name}" in england.facts and about.get("total", True) and name not in DISPENSING:
            made[ORDER.index(PUBLISHED.get(name, "claims"))] += np.nan_to_num(row(england, f"published_{name}", at))
    return made


def _stayed(england: England, i: int, j: int, aside: dict[str, int]) -> np.ndarray:
    """Practices paid and open all through both years, that took over nobody; counts the others."""
    paid = [~np.isnan(row(england, "published_total", at)) for at in (i, j)]
    whole = [row(england, "open_share", at) >= 1 for at in (i, j)]
    stayed = paid[0] & paid[1] & whole[0] & whole[1]
    lists = [np.nan_to_num(row(england, "list_size", at)) for at in (i, j)]
    small = (lists[0] < LEAST) | (lists[1] < LEAST)
    moved = np.abs(lists[1] / np.maximum(lists[0], 1) - 1) > MOVED
    for at in (i, j):
        moved = moved | (np.nan_to_num(row(england, "took_over", at)) > 0)
    out = (paid[0] | paid[1]) & ~stayed, stayed & small, stayed & ~small & moved
    for reason, which in zip(ASIDE, out, strict=True):
        aside[reason] += int(which.sum())
    return np.flatnonzero(stayed & ~small & ~moved)


def size_labels() -> tuple[str, ...]:
    """Bands of list size, as frames name them."""
    middle = (f"{a:,} to {b - 1:,}" for a, b in pairwise(SIZES))
    return (f"under {SIZES[0]:,}", *middle, f"{SIZES[-1]:,} and over")
