"""Whether a series has changed: process limits, run rules and early warning, as Making Data Count and Farrington set them out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers

LIMIT, SCREEN = 2.66, 3.267  # 3 / 1.128 and the upper limit of a moving range of two: constants of the chart


class Process(NamedTuple):
    """A chart of individual values: mean, mean moving range, and the limits within which it varies of itself."""

    mean: float
    moving_range: float
    lower: float
    upper: float


def xmr(series: npt.ArrayLike) -> Process:
    """Natural limits of a series: mean ± 2.66 mean moving ranges, ranges over 3.267 times their mean left out once."""
    y = _series(series, 2)
    ranges = np.abs(np.diff(y))
    kept = float(ranges[ranges <= SCREEN * ranges.mean()].mean())
    mean = float(y.mean())
    return Process(mean, kept, mean - LIMIT * kept, mean + LIMIT * kept)


def side_of(series: npt.ArrayLike, mean: float) -> npt.NDArray[np.int64]:
    """1 where a point lies over the mean, -1 under it, 0 on it."""
    return np.sign(_series(series) - mean).astype(np.int64)


def seven_on_one_side(side: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Points that are the seventh or later in a run on one side of the mean."""
    runs = np.lib.stride_tricks.sliding_window_view(np.concatenate([np.zeros(6), _series(side)]), 7)
    return np.abs(runs.sum(-1)) == 7


def trend_of_seven(series: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """1 where a point ends seven that rise without a break, -1 where they fall, else 0."""
    steps = np.concatenate([np.zeros(6), np.sign(np.diff(_series(series)))])
    runs = np.lib.stride_tricks.sliding_window_view(steps, 6).sum(-1)
    return np.where(runs == 6, 1, np.where(runs == -6, -1, 0))


def two_of_three_near_limit(close: npt.ArrayLike, side: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Points of any three in a row on one side of the mean, of which two or more are close to the limit."""
    near, where = np.asarray(close, dtype=np.bool_), _series(side)
    if near.shape != where.shape:
        raise InputError("close and side are of unlike length")
    found = np.zeros(near.size, dtype=np.bool_)
    for i in range(near.size - 2):
        three = slice(i, i + 3)
        if abs(where[three].sum()) == 3 and near[three].sum() >= 2:
            found[three] = True
    return found


def farrington_weights(residuals: npt.ArrayLike, threshold: float = 1.0) -> Array:
    """Weights of past weeks in a baseline: those with large residuals count by 1 / residual²; they add up to their number.

    residuals: standardised (Anscombe).  threshold: from where a residual is large; 1 in the first method, 2.58 in the improved one.
    """
    s = _series(residuals)
    raw = np.where(s > threshold, 1 / np.where(s > threshold, s, 1.0) ** 2, 1.0)
    return raw * s.size / raw.sum()


def farrington_threshold(
    mean: npt.ArrayLike, dispersion: npt.ArrayLike, mean_variance: npt.ArrayLike, z: float
) -> Array:
    """The count above which a week is unusual, by the two-thirds power of a count, which is near to normal.

    mean_variance: variance of the fitted mean.  dispersion: of counts about it.
    """
    m = numbers(mean, "mean", above=0)
    spread = numbers(dispersion, "dispersion", above=0) + numbers(mean_variance, "mean_variance", low=0) / m
    return np.maximum(m ** (2 / 3) + z * np.sqrt(4 / 9 * np.cbrt(m) * spread), 0.0) ** 1.5


def _series(x: npt.ArrayLike, least: int = 1) -> Array:
    found = numbers(x, "series")
    if found.ndim != 1 or found.size < least:
        raise InputError(f"a series of shape {found.shape}", expected=f"one axis of {least} points or more")
    return found
