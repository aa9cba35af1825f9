"""How much more or less disease a practice's list holds than the nation's, over the whole quality framework.

The factor F of a practice: quality pay = points x value of a point x (list / national average list) x F. Expected from age,
sex and deprivation by a robust regression on what other years' payments imply; where other years show the same practice
above or below that, the part that lasts is added. A practice's own year never reaches that year's factor. England's
list-weighted mean is 1, as it is when each register is set against the national prevalence.

Money comes late: a year's payments are the aspiration of that year, a share of last year's achievement, and the balance
of last year's achievement (`paid_points`). Tested against accruals on 2014/15 to 2024/25: only so do 2014/15, when 341
points had just gone, and 2024/25, when the share rose from 70% to 80%, come near what was paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

Array = npt.NDArray[np.float64]
LOWEST_SHARE = 0.15  # of the points available, below which a published figure is not of a year's work
SMALLEST = 500  # patients, below which a practice's own payments say little of its prevalence
LASTING = 0.5  # years' worth of doubt: n other years move the factor by n / (n + this) of what they show
FURTHEST = 0.7  # log units of a practice's lasting difference, at most
RANGE = (0.1, 3.0)
HALF_LIFE = 3.0  # years after which another year's evidence counts half
JANUARY = 0.75  # the list that scales a year's achievement: 1 January


@cache
def national_shares() -> dict[int, float]:
    """England's share of points in years without achievement by practice, from prevalence.yaml."""
    import yaml

    known = yaml.load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {int(v["year"]): float(v["value"]) for v in known["national_share"]["values"]}


def achieved_share(
    years: Sequence[int],
    points: Array,
    maximum: Mapping[int, float],
    wanted: Sequence[int],
    national: Mapping[int, float] | None = None,
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Share of the points available in each wanted year (wanted, P), and whether it is as published.

    Where not published: on the line between the practice's nearest published years, else the nearest, else the mean of
    all practices in the nearest year; then every practice's shortfall is scaled so that the mean is England's of that
    year (`national`, and a line between its years and the published ones; prevalence.yaml if not given).
    """
    known = np.array([np.isfinite(row).any() for row in points])
    if not known.any():
        raise InputError("no year has published points", expected="at least one file of QOF achievement by practice")
    dates = np.array(years)[known]
    share = points[known] / np.array([[maximum[y]] for y in dates])
    share = np.where((share >= LOWEST_SHARE) & (share <= 1 + 1e-6), share, np.nan)
    usual = np.nanmean(share, axis=1)
    england = {**(national_shares() if national is None else national), **dict(zip(dates.tolist(), usual, strict=True))}
    line = np.interp(wanted, sorted(england), [england[y] for y in sorted(england)])
    out, published = np.full((len(wanted), points.shape[1]), np.nan), np.zeros((len(wanted), points.shape[1]), bool)
    for w, year in enumerate(wanted):
        order = np.argsort(np.abs(dates - year), kind="stable")
        before, after = [i for i in order if dates[i] <= year], [i for i in order if dates[i] >= year]
        if before and after:
            i, j = before[0], after[0]
            along = (year - dates[i]) / max(dates[j] - dates[i], 1)
            out[w] = share[i] + (share[j] - share[i]) * along
        for i in order:
            out[w] = np.where(np.isfinite(out[w]), out[w], share[i])
        published[w] = np.isfinite(share[order[0]]) & (dates[order[0]] == year)
        mean = float(np.nanmean(out[w]))
        if not published[w].any() and mean < 1:
            out[w] = np.clip(1 - (1 - out[w]) * (1 - line[w]) / (1 - mean), 0, 1)
        out[w] = np.where(np.isfinite(out[w]), out[w], line[w])
    return out, published


def list_on(date: float, lists: Array, stands: Array) -> Array:
    """Each practice's list on a date (year and share of year) on the line between its nearest lists; NaN if it has none.

    lists (Y, P); stands (Y,): the date of each.
    """
    order = np.argsort(stands)
    lists, stands = np.where(lists[order] > 0, lists[order], np.nan), stands[order]
    blank = np.full(lists.shape[1], np.nan)
    ends = []
    for rows in (np.flatnonzero(stands <= date), np.flatnonzero(stands > date)[::-1]):
        value, at = blank.copy(), blank.copy()
        for k in rows:
            here = np.isfinite(lists[k])
            value, at = np.where(here, lists[k], value), np.where(here, stands[k], at)
        ends.append((value, at))
    (a, ta), (b, tb) = ends
    with np.errstate(invalid="ignore", divide="ignore"):
        line = a + (b - a) * (date - ta) / (tb - ta)
    return np.where(np.isfinite(line), line, np.where(np.isfinite(a), a, b))


def paid_points(
    years: Sequence[int],
    points: Array,
    maximum: Mapping[int, float],
    value_per_patient: Mapping[int, float],
    aspiration_share: Mapping[int, float],
    lists: Array,
    stands: Array,
) -> Array:
    """The points that each year's payments stand on (Y, P), in points of that year and its list.

    Paid in year t: a(t) x last year's achievement, uprated to this year's points and value, plus last year's achievement
    less what had been paid of it, a(t-1) x the achievement before. value_per_patient is the value of a point over the
    national average list; the mappings must hold each year and the two before it.
    """
    out = np.full_like(points, np.nan)
    for k, year in enumerate(years):
        for name, given in (("maximum", maximum), ("value_per_patient", value_per_patient)):
            if absent := [y for y in (year - 2, year - 1, year) if y not in given]:
                raise InputError(f"{name} has no {absent[0]}", expected="each year and the two before it")
        share, _ = achieved_share(years, points, maximum, (year - 2, year - 1))
        worth = [
            share[i] * maximum[y] * value_per_patient[y] * list_on(y + JANUARY, lists, stands)
            for i, y in enumerate((year - 2, year - 1))
        ]
        uprate = [
            maximum[y] * value_per_patient[y] / (maximum[y - 1] * value_per_patient[y - 1]) for y in (year - 1, year)
        ]
        pounds = (
            aspiration_share[year] * uprate[1] * worth[1] + worth[1] - aspiration_share[year - 1] * uprate[0] * worth[0]
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            out[k] = np.where(lists[k] > 0, pounds / (value_per_patient[year] * lists[k]), np.nan)
    return out


@dataclass(frozen=True)
class Implied:
    """What payments imply, (Y, P): the factor (pay over points x value x list), and lists to weigh by.

    NaN where a year or practice is not to be learned from: part years, no pay, no points.
    """

    years: tuple[int, ...]
    factor: Array
    lists: Array
    list_by_band: Array  # (14, Y, P)
    deprivation: Array  # (Y, P)


def index(implied: Implied, *, lasting: bool = True) -> Array:
    """The factor for each practice and year (Y, P), each year from the other years; list-weighted mean 1.

    The two years after are left out too: what is paid in a year rests on the achievement of the two years before it, and
    so on their factors, which may therefore not be learned from that payment. Where nothing else is left to learn from, all years are used, without what lasts of the practice.
    lasting False: from age, sex and deprivation only, nothing of the practice itself. NaN without a list by band.
    """
    years, log = np.array(implied.years, float), logs(implied)
    columns = [design(implied.list_by_band[:, k], implied.deprivation[k]) for k in range(len(years))]
    out = np.full_like(log, np.nan)
    learned = [k for k in range(len(years)) if np.isfinite(log[k]).sum() >= 200]
    if not learned:
        raise InputError(
            "no year has 200 practices to learn prevalence from", expected="payments and points of one year"
        )
    fits = {k: fit(columns[k], log[k]) for k in learned}
    seen = {k: log[k] - predict(fits[k], columns[k]) for k in learned}
    for k in range(len(years)):
        apart = [j for j in learned if years[j] - years[k] not in (0, 1, 2)]
        others = apart or learned
        weight = 0.5 ** (np.abs(years[others] - years[k]) / HALF_LIFE)
        expected = np.average([predict(fits[j], columns[k]) for j in others], axis=0, weights=weight)
        if lasting and apart:
            rest = np.clip(np.array([seen[j] for j in others]), -FURTHEST, FURTHEST)
            known = np.isfinite(rest) * weight[:, None]
            n = np.isfinite(rest).sum(0)
            mean = np.where(np.isfinite(rest), rest, 0.0) * known
            expected = expected + mean.sum(0) / np.maximum(known.sum(0), 1e-12) * n / (n + LASTING)
        out[k] = normalised(np.clip(np.exp(expected), *RANGE), implied.lists[k])
    return out


def cross_validate(implied: Implied, parts: int = 5, seed: int = 2024) -> Array:
    """The factor from age, sex and deprivation for practices that the fit never saw, in years that it never saw (Y, P)."""
    part = np.random.default_rng(seed).permutation(np.arange(implied.factor.shape[1]) % parts)
    out = np.full_like(implied.factor, np.nan)
    for p in range(parts):
        rest = np.where(part == p, np.nan, implied.factor)
        seen = Implied(implied.years, rest, implied.lists, implied.list_by_band, implied.deprivation)
        out[:, part == p] = index(seen, lasting=False)[:, part == p]
    return out


def logs(implied: Implied) -> Array:
    """Log factor of the practices to learn from, each year's list-weighted mean taken off."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where((implied.factor > 0.02) & (implied.lists >= SMALLEST), np.log(implied.factor), np.nan)
    for row, lists in zip(log, implied.lists, strict=True):
        known = np.isfinite(row)
        if known.any():
            row[known] -= np.log(np.average(np.exp(row[known]), weights=lists[known]))
    return log


def normalised(factor: Array, lists: Array) -> Array:
    """The factor with a list-weighted mean of 1 over the practices that have one."""
    known = np.isfinite(factor) & (lists > 0)
    return factor / np.average(factor[known], weights=lists[known]) if known.any() else factor


def design(list_by_band: Array, deprivation: Array) -> Array:
    """Columns of the regression (P, k): shares by sex and age, their logs, deprivation and its meeting with age."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = list_by_band.sum(0)
        share = np.where(size > 0, list_by_band / size, np.nan)
        score = np.clip(deprivation, 1, 90)
        middle, old = share[3] + share[10], share[4:7].sum(0) + share[11:14].sum(0)
        both = share[:7] + share[7:]
        return np.column_stack(
            [*share, *np.log(both + 0.003), both[5] ** 2, old**2, np.log(score), score, score * middle, score * old]
        )


def fit(x: Array, y: Array, rounds: int = 5) -> tuple[Array, Array, Array, Array]:
    """Robust (Huber) ridge regression; centre, spread, coefficients and the range of each column seen."""
    known = np.isfinite(x).all(1) & np.isfinite(y)
    x, y = x[known], y[known]
    seen = np.quantile(x, [0.001, 0.999], axis=0)
    x = np.clip(x, *seen)
    centre, spread = x.mean(0), np.maximum(x.std(0), 1e-9)
    z = np.column_stack([np.ones(len(y)), (x - centre) / spread])
    keep, trust = np.diag([1e-9, *[2.0] * x.shape[1]]), np.ones(len(y))
    for _ in range(rounds):
        zw = z * trust[:, None]
        b = np.linalg.solve(zw.T @ z + keep, zw.T @ y)
        size = np.abs(y - z @ b)
        trust = 1 / np.maximum(1, size / (1.4826 * np.median(size) + 1e-12))
    return centre, spread, b, seen


def predict(fitted: tuple[Array, Array, Array, Array], x: Array) -> Array:
    """Expected log factor (P,); columns beyond the range seen count as at its edge."""
    centre, spread, b, seen = fitted
    return (np.clip(x, *seen) - centre) / spread @ b[1:] + b[0]
