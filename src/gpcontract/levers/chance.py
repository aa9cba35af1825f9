"""What terms of risk sharing pay on average over all years that chance may bring: closed forms for rules, on any backend.

A result (saving or overspend, a share of the budget) is normal. `pools` has the same figures from SciPy, for findings; here only
operators, `engine.arrays` and the array library's own `exp` are used. Everything broadcasts.
"""

from __future__ import annotations

from typing import Any

from ..engine.arrays import clip, maximum, minimum, namespace, where
from .inputs import rows, same_length

# Abramowitz and Stegun 26.2.17: the tail of the normal curve, within 7.5e-8
SLOPE = 0.2316419
TERMS = (0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429)
PEAK = 0.3989422804014327  # of the density, 1 / √(2π)
NONE = 1e-12  # a spread no larger is none
FAR = 37.0  # spreads from the mean beyond which nothing lies


def density(z: Any) -> Any:
    """The standard normal density."""
    return PEAK * namespace(z).exp(-z * z / 2)


def upper_tail(z: Any) -> Any:
    """P(more than z) of a standard normal figure, within 7.5e-8.

    >>> round(float(upper_tail(1.96)), 4)
    0.025
    """
    return _tail(z, density(z))


def _tail(z: Any, height: Any) -> Any:
    size = maximum(z, -z)
    t = 1 / (1 + SLOPE * size)
    series = 0.0 * t
    for term in reversed(TERMS):
        series = (series + term) * t
    tail = height * series
    return where(z < 0, 1 - tail, tail)


def normal_tail(mean: Any, sd: Any, x: Any) -> Any:
    """P(more than x) of a normal figure; with no spread, whether the mean is more than x."""
    above = mean - x
    z = clip(above / maximum(sd, NONE), -FAR, FAR)
    return where(sd > NONE, upper_tail(-z), where(above > 0, 1.0, 0.0))


def expected_excess(sd: Any, attachment: Any, mean: Any = 0.0) -> Any:
    """The mean of what lies above an attachment point, E(X - a)+, X normal."""
    room = mean - attachment
    z = clip(room / maximum(sd, NONE), -FAR, FAR)
    height = density(z)
    return where(sd > NONE, sd * height + room * _tail(-z, height), maximum(room, 0.0))


def expected_share(mean: Any, sd: Any, upper: Any, share: Any, least: Any = 0.0, most: Any = 1.0) -> Any:
    """The mean of what a holder has of a result through bands of a corridor: nothing under `least`, never more than `most`.

    upper: where each band ends, rising from 0.  share: the holder's part within each band; beyond the last, none.  A result that
    reaches `least` (a minimum saving rate) counts from its first pound. For overspends give the mean with its sign turned.
    """
    same_length(upper=upper, share=share)
    chance = normal_tail(mean, sd, least)
    at_least: Any = 0.0  # what a result of just `least` would give
    total: Any = 0.0
    low: Any = 0.0
    left = most
    for high, taken in zip(rows(upper), rows(share), strict=True):
        wide = minimum(maximum(left, 0.0) / maximum(taken, 1e-12), high - low)
        end = low + wide
        total = total + taken * (
            expected_excess(sd, maximum(least, low), mean) - expected_excess(sd, maximum(least, end), mean)
        )
        at_least = at_least + taken * minimum(maximum(least - low, 0.0), wide)
        left = left - taken * wide
        low = high
    return at_least * chance + total
