"""How much of what is measured is the practice and how much is chance, and what a payment should make of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.arrays import ratio
from ..engine.errors import InputError
from .inputs import Array, numbers, share, whole

CHUNK = 4_000_000  # cells of a table of pairs that are held at once


def reliability(between: Any, sampling: Any) -> Any:
    """The share of observed variance that is true difference: between / (between + sampling); 0 where there is none at all.

    between: variance of true differences between practices.  sampling: variance of chance in one practice's figure.
    Uses operators only, so that rules may call it.
    """
    return ratio(between, between + sampling)


def mix(own: Any, group: Any, reliability: Any) -> Any:
    """The practice's own figure by its reliability, and its group's (network, nation) for the rest."""
    return group + reliability * (own - group)


def pooled(reliability_of_one: npt.ArrayLike, years: npt.ArrayLike) -> Array:
    """Reliability of several years together (Spearman-Brown)."""
    r, k = share(reliability_of_one, "reliability"), numbers(years, "years", low=0)
    return k * r / (1 + (k - 1) * r)


def years_needed(reliability_of_one: npt.ArrayLike, target: npt.ArrayLike) -> Array:
    """Years to pool until reliability reaches the target (Spearman-Brown); infinite where one year says nothing."""
    r, wanted = share(reliability_of_one, "reliability"), numbers(target, "target", low=0)
    if (wanted >= 1).any():
        raise InputError("target is 1 or more", expected="less than 1: no number of years is free of chance")
    with np.errstate(divide="ignore", invalid="ignore"):
        return wanted * (1 - r) / (r * (1 - wanted))


def least_list(target: npt.ArrayLike, between: npt.ArrayLike, within: npt.ArrayLike) -> Array:
    """The eligible patients that a measure needs for reliability `target`.

    between: variance between practices.  within: variance between one practice's patients, p (1 - p) for a yes or no.
    """
    wanted, b, w = (
        numbers(target, "target", low=0),
        numbers(between, "between", low=0),
        numbers(within, "within", low=0),
    )
    if (wanted >= 1).any():
        raise InputError("target is 1 or more", expected="less than 1: no list is free of chance")
    with np.errstate(divide="ignore", invalid="ignore"):
        return wanted * w / ((1 - wanted) * b)


class Shrunken(NamedTuple):
    """What is believed of each practice after allowing for chance: weight on its own figure, mean and sd."""

    weight: Array
    mean: Array
    sd: Array


def shrink(observed: npt.ArrayLike, error2: npt.ArrayLike, tau2: npt.ArrayLike, mean: npt.ArrayLike = 0.0) -> Shrunken:
    """Empirical Bayes, normal about normal: each figure drawn towards the mean by its unreliability."""
    s2, t2 = numbers(error2, "error2", above=0), numbers(tau2, "tau2", low=0)
    weight = t2 / (t2 + s2)
    return Shrunken(weight, mix(np.asarray(observed), np.asarray(mean), weight), np.sqrt(weight * s2))


def chance_below(mean: npt.ArrayLike, sd: npt.ArrayLike, threshold: npt.ArrayLike) -> Array:
    """The chance that a practice's true figure lies below a threshold."""
    from scipy.special import ndtr

    return np.asarray(ndtr((np.asarray(threshold) - np.asarray(mean)) / numbers(sd, "sd", above=0)))


def expected_ranks(mean: npt.ArrayLike, sd: npt.ArrayLike) -> Array:
    """Each practice's expected rank among all, 1 for the lowest: 1 + the sum over others of P(it is the higher). (practice,)"""
    from scipy.special import ndtr

    m = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    s = np.broadcast_to(numbers(sd, "sd", above=0), m.shape)
    if m.ndim != 1:
        raise InputError(f"means have {m.ndim} axes", expected="one, of practices")
    found, step = np.empty(m.size), max(1, CHUNK // max(m.size, 1))
    for i in range(0, m.size, step):
        part = slice(i, i + step)
        over = ndtr((m[part, None] - m) / np.sqrt(s[part, None] ** 2 + s**2))
        found[part] = over.sum(-1) + 0.5  # itself counts a half: 1 - 1/2
    return found


# -- what chance does to a payment -----------------------------------------------------------------------------


class PaymentNoise(NamedTuple):
    """What a practice is paid, as a share of the pot, over the years that chance could give it."""

    mean: Array
    sd: Array
    full: Array
    zero: Array


def payment_noise(
    eligible: npt.ArrayLike, achieves: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike
) -> PaymentNoise:
    """Mean, sd, P(all) and P(nothing) of a payment that rises from nothing at `lower` achievement to all at `upper`.

    eligible: patients measured.  achieves: the practice's true share that is achieved.  Exact (binomial); all broadcast.
    """
    n, p = whole(eligible, "eligible", low=1), share(achieves, "achieves")
    low, high = share(lower, "lower"), share(upper, "upper")
    if (low >= high).any():
        raise InputError("lower threshold is not below the upper one")
    tiny = 1e-9  # a threshold that is met exactly is met, whatever its float says
    start, full = np.ceil(n * low - tiny), np.ceil(n * high - tiny)
    width, foot = n * (high - low), n * low
    p_full = binomial_tail(full, n, p)
    m0 = binomial_tail(start, n, p) - p_full
    m1 = n * p * (binomial_tail(start - 1, n - 1, p) - binomial_tail(full - 1, n - 1, p))
    m2 = m1 + n * (n - 1) * p**2 * (binomial_tail(start - 2, n - 2, p) - binomial_tail(full - 2, n - 2, p))
    mean = (m1 - foot * m0) / width + p_full
    square = (m2 - 2 * foot * m1 + foot**2 * m0) / width**2 + p_full
    zero = 1 - binomial_tail(np.floor(foot + tiny) + 1, n, p)
    return PaymentNoise(mean, np.sqrt(np.maximum(square - mean**2, 0.0)), p_full, zero)


def binomial_tail(k: Array, n: Array, p: Array) -> Array:
    """P(at least k of n), for any k: sure where k is under 1, impossible where k is over n."""
    from scipy.special import betainc

    inside = (k >= 1) & (k <= n)
    found = betainc(np.where(inside, k, 1.0), np.where(inside, n - k + 1, 1.0), p)
    outside = np.where(np.isnan(k + n + p), np.nan, np.where(k < 1, 1.0, 0.0))
    return np.where(inside, found, outside)


class Credibility(NamedTuple):
    """Bühlmann and Straub's estimate: mean of all groups, variance within and between, weight on own, and what is expected."""

    mean: float
    within: float
    between: float
    weight: Array
    expected: Array


def credibility(claims: npt.ArrayLike, exposure: npt.ArrayLike) -> Credibility:
    """How far a group's own experience (cost per head by year) is believed, from many groups' experience.

    claims, exposure: (group, year).  expected = weight x own mean + (1 - weight) x the mean of all, unbiased in both variances.
    Where groups differ no more than chance, weights are 0.
    """
    x, w = np.asarray(claims, dtype=np.float64), numbers(exposure, "exposure", above=0)
    if x.ndim != 2 or x.shape != w.shape or min(x.shape) < 2:
        raise InputError(
            "claims and exposure are not two tables of one shape", expected="2 or more groups by 2 or more years"
        )
    size = w.sum(1)
    own = (w * x).sum(1) / size
    total = size.sum()
    overall = float((size * own).sum() / total)
    within = float((w * (x - own[:, None]) ** 2).sum() / (x.shape[0] * (x.shape[1] - 1)))
    apart = (size * (own - overall) ** 2).sum() - (x.shape[0] - 1) * within
    between = max(0.0, float(apart * total / (total**2 - (size**2).sum())))
    weight = size * between / (size * between + within) if between else np.zeros_like(size)
    mean = float((weight * own).sum() / weight.sum()) if between else overall
    return Credibility(mean, within, between, weight, mix(own, mean, weight))
