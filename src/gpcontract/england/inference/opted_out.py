"""What the global sum shows of each practice that nobody publishes, learned from other years than the one predicted.

Four facts, all inferred: whether the out-of-hours deduction applies; the share of the year paid under GMS; the fixed sum
paid beside the formula (temporary patients, off-formula adjustments); and the list that was paid for over the list that
was printed, since some years print one quarter's list and pay on the mean of four.

Arrays are (year, practice) with NaN for unknown; a year's own global sum never reaches that year's facts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

Array = npt.NDArray[np.float64]

#: Where in the year (0 = 1 April) a list stands that is paid for: the mean of the four quarters' first days.
PAID = 0.375
#: An average list of 2021/22 or later stands a quarter later: the mean of the four quarters' last days.
LATE_AVERAGE, LATE_FROM = 0.625, 2021
HALF_LIFE = 2.0  # years after which another year's evidence counts half
OPTED_IN = (0.6, 1.8)  # share of the deduction not taken, between which a practice still provides out-of-hours care
JUMP = 0.15  # growth a year beyond which a list changed by merger, not by registration
PRECISE = 10.0  # weight of a year whose printed list is the paid one, against other years
LARGE = 0.05  # fixed sum over formula beyond which two years must show it
WHOLE = 0.04  # shares of a year nearer than this to none or all are none or all


@dataclass(frozen=True)
class Paid:
    """What is published or known, (year, practice) unless said otherwise.

    list_stands: where in its year each year's printed list stands, (year,); see `stands`. price, ooh_share: (year,).
    london: pounds of London adjustment. price is per weighted patient for the whole year.
    """

    years: tuple[int, ...]
    global_sum: Array
    pms_balance: Array
    weighted_list: Array
    open_share: Array
    on_gms: Array
    on_pms: Array
    london: Array
    price: Array
    ooh_share: Array
    list_stands: Array

    def __post_init__(self) -> None:
        shape = np.shape(self.global_sum)
        for f in fields(self)[1:]:
            value = np.shape(getattr(self, f.name))
            if value not in (shape, (len(self.years),)):
                raise InputError(
                    f"{f.name} is {value}", expected=f"{shape}, a row for each year, or ({len(self.years)},)"
                )


@dataclass(frozen=True)
class Inferred:
    """(year, practice): opted_out 0-1; gms_share 0-1; fixed_sum GBP a year before opt-outs; list_timing a ratio."""

    opted_out: Array
    gms_share: Array
    fixed_sum: Array
    list_timing: Array


def stands(year: int, printed: Array, quarter: int | None = None) -> float:
    """Where in its year (0 = 1 April, 1 = 31 March) a printed list stands.

    Whole numbers throughout are one quarter's list, the `quarter` most rows name (2 to 2015/16 and 4 since, as
    published, where not told); fractions show an average over four quarters: of their first days to 2020/21, of their
    last days since. Found by how well the lists of 2014/15 to 2024/25 fit the global sums paid on them.
    """
    known = printed[np.isfinite(printed) & (printed > 0)]
    if known.size and np.mean(known % 1 != 0) > 0.1:
        return PAID if year < LATE_FROM else LATE_AVERAGE
    return ((quarter or (2 if year <= 2015 else 4)) - 1) / 4


def infer(paid: Paid) -> Inferred:
    """All four facts for every year, each from the other years."""
    timing = list_timing(paid)
    gms = gms_share(paid)
    share = paid.ooh_share[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        full = paid.weighted_list * timing * paid.price[:, None] + paid.london
        kept = paid.global_sum / full  # what was paid of the formula's sum; 1 - share where opted out
        usable = (paid.on_gms == 1) & (paid.open_share == 1) & (gms == 1) & (full > 0) & (kept > 0.5) & ~jumped(paid)
        returned = np.where(usable, (kept - (1 - share)) / share, np.nan)
        here = (returned > OPTED_IN[0]) & (returned < OPTED_IN[1])
        fixed = np.where(usable, paid.global_sum / (1 - share * ~here) - full, np.nan)
    opted_out, fixed_sum = np.ones_like(full), np.zeros_like(full)
    years = np.array(paid.years, float)
    precise = np.where(np.isclose(paid.list_stands, PAID), PRECISE, 1.0)
    for y in range(len(years)):
        others = np.arange(len(years)) != y
        near = 0.5 ** (np.abs(years - years[y]) / HALF_LIFE)[others, None]
        seen = weighted_median(returned[others], near)
        opted_out[y] = np.where((seen > OPTED_IN[0]) & (seen < OPTED_IN[1]), 0.0, 1.0)
        usual = weighted_median(fixed[others], near * precise[others, None])
        seldom = np.isfinite(fixed[others]).sum(0) < 2
        with np.errstate(invalid="ignore"):
            usual = np.where(seldom & (np.abs(usual) > LARGE * full[y]), np.nan, usual)
        with np.errstate(divide="ignore", invalid="ignore"):
            typical = fixed[others] / full[others]
        typical = typical[np.isfinite(typical)]
        none = np.nan_to_num(full[y]) * (float(np.median(typical)) if typical.size else 0.0)
        fixed_sum[y] = np.where(np.isfinite(usual), usual, none)
    return Inferred(opted_out, gms, fixed_sum, timing)


def predict(paid: Paid, facts: Inferred) -> Array:
    """The global sum that the inferred facts imply (year, practice), in pounds."""
    formula = paid.weighted_list * facts.list_timing * paid.price[:, None] + paid.london + facts.fixed_sum
    return formula * facts.gms_share * paid.open_share * (1 - paid.ooh_share[:, None] * facts.opted_out)


def growth(paid: Paid) -> tuple[Array, Array]:
    """Yearly log growth of the printed weighted list since the last year known and to the next; NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(np.where(paid.weighted_list > 0, paid.weighted_list, np.nan))
    at = np.array(paid.years) + paid.list_stands
    past, future = np.full_like(log, np.nan), np.full_like(log, np.nan)
    for out, order in ((past, range(len(at))), (future, range(len(at) - 1, -1, -1))):
        last, when = np.full(log.shape[1], np.nan), np.full(log.shape[1], np.nan)
        for y in order:
            out[y] = (log[y] - last) / (at[y] - when)
            here = np.isfinite(log[y])
            last, when = np.where(here, log[y], last), np.where(here, at[y], when)
    return past, future


def jumped(paid: Paid) -> npt.NDArray[np.bool_]:
    """Whether the list jumped, as by a merger, since the last year known or before the next."""
    past, future = growth(paid)
    return (np.nan_to_num(np.abs(past)) > JUMP) | (np.nan_to_num(np.abs(future)) > JUMP)


def list_timing(paid: Paid) -> Array:
    """The list that was paid for over the list that was printed: on the line between the years' printed lists.

    A quarter's list moves along the side on which the paid one lies; an average moves by the year's own growth, which
    lies between the two sides'. 1 where the neighbouring years are unknown.
    """
    past, future = growth(paid)
    ratio = np.ones_like(past)
    for y, stand in enumerate(paid.list_stands):
        shift = PAID - stand
        near, far = (past[y], future[y]) if shift < 0 else (future[y], past[y])
        slope = np.where(np.isfinite(near), near, far)
        if np.isclose(stand, LATE_AVERAGE):
            slope = np.where(np.isfinite(near) & np.isfinite(far), (near + far) / 2, slope)
        ratio[y] = np.exp(shift * np.clip(np.nan_to_num(slope), -0.5, 0.5))
    return ratio


def gms_share(paid: Paid) -> Array:
    """The share of the year paid under GMS, from the PMS balance paid beside it; 1 for GMS practices without one.

    A full year's PMS balance is taken as the mean of last year's, raised with the price, and the practice's global sum
    equivalent; the share is the part of it not paid, in whole months where the practice changed contract. A practice
    that stays PMS or APMS has 0.
    """
    balance, share = np.nan_to_num(paid.pms_balance), np.zeros_like(paid.pms_balance)
    same = paid.weighted_list * paid.price[:, None] * (1 - paid.ooh_share[:, None])
    for y, year in enumerate(paid.years):
        before = y - 1 if y and paid.years[y - 1] == year - 1 else None
        was_gms = paid.on_gms[before] == 1 if before is not None else np.zeros(same.shape[1], bool)
        full = same[y]
        if before is not None:
            was_pms = (paid.on_pms[before] == 1) & (balance[before] > 0.5 * same[before])
            raised = balance[before] * paid.price[y] / paid.price[before]
            full = np.where(was_pms, (same[y] + raised) / 2, full)
        full = full * np.where(paid.open_share[y] > 0, paid.open_share[y], 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.clip(1 - balance[y] / full, 0, 1)
        changed = (paid.on_gms[y] == 1) != was_gms
        left = np.where(changed & (before is not None), np.round(left * 12) / 12, left)
        left = np.where(left > 1 - WHOLE, 1.0, np.where(left < WHOLE, 0.0, left))
        left = np.where(np.isfinite(left), left, 1.0)
        share[y] = np.where(paid.on_gms[y] == 1, left, np.where((paid.on_pms[y] == 1) & was_gms, left, 0.0))
    return share


def weighted_median(values: Array, weights: Array) -> Array:
    """Median over the first axis of (n, P) values by (n, 1) weights, passing over NaN; NaN where all are."""
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    known = np.isfinite(values)
    order = np.argsort(np.where(known, values, np.inf), axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, 0)
    heap = np.cumsum(np.take_along_axis(np.where(known, weights, 0.0), order, 0), 0)
    middle = (heap < heap[-1] / 2 - 1e-12).sum(0)
    return np.where(heap[-1] > 0, np.take_along_axis(ranked, np.minimum(middle, len(values) - 1)[None], 0)[0], np.nan)
