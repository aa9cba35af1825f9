"""Who is unlike the others: scores, over-dispersion, limits and flags, and how often a flag is only chance.

Practices are on the last axis; NaN is 'not known' and is left out of what is estimated. Formulas: Spiegelhalter 2005 (funnel plots;
handling over-dispersion), Spiegelhalter and others 2012, as the Care Quality Commission and NHS-R's FunnelPlotR use them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers, share, whole
from .reliability import binomial_tail

Scale = Literal["square root", "log", "arcsine"]


@dataclass(frozen=True)
class Scored:
    """What was observed, on a scale where chance is about normal: value, target and standard error, (..., practice)."""

    value: Array
    target: Array
    error: Array
    scale: Scale

    @property
    def z(self) -> Array:
        """How many standard errors each value lies above its target."""
        return (self.value - self.target) / self.error

    def natural(self, y: npt.ArrayLike) -> Array:
        """A figure of this scale as a plain ratio or proportion again."""
        y = np.asarray(y, dtype=np.float64)
        if self.scale == "log":
            return np.exp(y)
        if self.scale == "square root":
            return np.maximum(y, 0.0) ** 2
        return np.sin(np.clip(y, 0.0, np.pi / 2)) ** 2


def ratio_by_root(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Scored:
    """Observed over expected counts by the square root (the Commission's form): error 1 / (2 √expected)."""
    o, e = numbers(observed, "observed", low=0), numbers(expected, "expected", above=0)
    return Scored(np.sqrt(o / e), np.asarray(1.0), 1 / (2 * np.sqrt(e)), "square root")


def ratio_by_log(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Scored:
    """Observed over expected counts by the logarithm (the hospital mortality form): error 1 / √expected."""
    o, e = numbers(observed, "observed", above=0), numbers(expected, "expected", above=0)
    return Scored(np.log(o / e), np.asarray(0.0), 1 / np.sqrt(e), "log")


def proportion(numerator: npt.ArrayLike, denominator: npt.ArrayLike, target: npt.ArrayLike | None = None) -> Scored:
    """A proportion by arcsine of the root: error 1 / (2 √denominator); against all practices together unless told."""
    r, n = numbers(numerator, "numerator", low=0), numbers(denominator, "denominator", above=0)
    if (r > n).any():
        raise InputError("a numerator is more than its denominator")
    if target is None:
        known = ~np.isnan(r + n)
        r_sum, n_sum = (np.where(known, x, 0.0).sum(-1, keepdims=True) for x in (r, n))
        with np.errstate(invalid="ignore"):
            target = r_sum / n_sum
    return Scored(
        np.arcsin(np.sqrt(r / n)), np.arcsin(np.sqrt(share(target, "target"))), 1 / (2 * np.sqrt(n)), "arcsine"
    )


def winsorised(z: npt.ArrayLike, part: float = 0.1) -> Array:
    """Scores drawn in to their own quantiles `part` and 1 - `part` (type 7) along the last axis."""
    z = np.asarray(z, dtype=np.float64)
    if not 0 <= part < 0.5:
        raise InputError(f"part is {part:g}", expected="at least 0 and under a half")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a year in which nothing is known stays not known
        low, high = np.nanquantile(z, [part, 1 - part], axis=-1, keepdims=True)
    return np.clip(z, low, high)


class OverDispersion(NamedTuple):
    """How much more practices differ than chance explains: phi (1 is chance alone), tau2 (variance of true differences)."""

    phi: Array
    tau2: Array


def over_dispersion(scored: Scored, part: float = 0.1) -> OverDispersion:
    """Phi, the mean square of Winsorised scores, and tau2 by the method of moments, never below 0. (..., 1) each."""
    z = winsorised(scored.z, part)
    known = ~np.isnan(z)
    n = known.sum(-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = np.where(known, z**2, 0.0).sum(-1, keepdims=True) / n
        w = np.where(known, 1 / np.broadcast_to(scored.error, z.shape) ** 2, 0.0)
        total = w.sum(-1, keepdims=True)
        spread = total - (w**2).sum(-1, keepdims=True) / total
        tau2 = np.where(n * phi > n - 1, (n * phi - (n - 1)) / spread, 0.0)
    return OverDispersion(phi, np.where(np.isnan(phi), np.nan, tau2))


def additive_z(scored: Scored, tau2: npt.ArrayLike) -> Array:
    """Scores that allow for true differences between practices: (value - target) / √(error² + tau2)."""
    return (scored.value - scored.target) / np.sqrt(scored.error**2 + numbers(tau2, "tau2", low=0))


def multiplicative_z(scored: Scored, phi: npt.ArrayLike) -> Array:
    """Scores divided by √phi, where phi is more than 1."""
    return scored.z / np.sqrt(np.maximum(numbers(phi, "phi", low=0), 1.0))


def normal_limit(confidence: npt.ArrayLike) -> Array:
    """How many standard errors hold a two-sided share of chance: 1.960 for 0.95, 3.090 for 0.998."""
    from scipy.special import ndtri

    return np.asarray(ndtri((1 + share(confidence, "confidence")) / 2))


def funnel_limits(scored: Scored, tau2: npt.ArrayLike = 0.0, confidence: float = 0.998) -> tuple[Array, Array]:
    """Between which ratios or proportions a practice of its size lies by chance and usual differences."""
    reach = normal_limit(confidence) * np.sqrt(scored.error**2 + numbers(tau2, "tau2", low=0))
    return scored.natural(scored.target - reach), scored.natural(scored.target + reach)


def poisson_limits(expected: npt.ArrayLike, one_sided: npt.ArrayLike = 0.001) -> tuple[Array, Array]:
    """Exact limits of observed / expected where chance alone is at work, by the chi-squared distribution."""
    from scipy.special import gammainccinv, gammaincinv

    e, a = numbers(expected, "expected", above=0), share(one_sided, "one_sided")
    return gammaincinv(e, a) / e, gammainccinv(e + 1, a) / e


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike, confidence: float = 0.95) -> tuple[Array, Array]:
    """Wilson's interval of a proportion."""
    r, n = numbers(numerator, "numerator", low=0), numbers(denominator, "denominator", above=0)
    if (r > n).any():
        raise InputError("a numerator is more than its denominator")
    z, p = normal_limit(confidence), r / n
    middle = p + z**2 / (2 * n)
    reach = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - reach) / (1 + z**2 / n), (middle + reach) / (1 + z**2 / n)


def byar(count: npt.ArrayLike, confidence: float = 0.95) -> tuple[Array, Array]:
    """Byar's interval of a count's expectation, close to exact from about 5 on; 0 to start with where nothing was counted."""
    o, z = whole(count, "count"), normal_limit(confidence)
    some, more = np.maximum(o, 1.0), o + 1
    low = np.where(o == 0, 0.0, some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3)
    return np.maximum(low, 0.0), more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


# -- many indicators -------------------------------------------------------------------------------------------


def chance_of_flags(indicators: npt.ArrayLike, alpha: npt.ArrayLike, at_least: npt.ArrayLike = 1) -> Array:
    """The chance that an average practice has `at_least` flags on this many independent indicators at level alpha."""
    n, k = whole(indicators, "indicators", low=1), whole(at_least, "at_least")
    return binomial_tail(k, n, share(alpha, "alpha"))


def benjamini_hochberg(p: npt.ArrayLike, false_share: float = 0.1) -> npt.NDArray[np.bool_]:
    """Which of many p values to flag so that about `false_share` of flags are false; shaped as p, NaN never flagged."""
    table = share(p, "p")
    q = float(share(false_share, "false_share"))
    known = np.sort(table[~np.isnan(table)])
    passed = np.flatnonzero(known <= q * np.arange(1, known.size + 1) / max(known.size, 1))
    return table <= known[passed[-1]] if passed.size else np.zeros(table.shape, dtype=np.bool_)


# -- flags and chance ------------------------------------------------------------------------------------------


def _both_tails(tail: Array, correlation: Array) -> Array:
    """The chance that two standard normal numbers of this correlation are both in the same tail (Owen's T)."""
    from scipy.special import ndtri, owens_t

    return tail - 2 * owens_t(ndtri(tail), np.sqrt((1 - correlation) / (1 + correlation)))


def truly_worst_share(reliability: npt.ArrayLike, worst: npt.ArrayLike = 0.025) -> Array:
    """Of the practices flagged as the worst so many, the share that truly are: low where reliability is low.

    Flags and truth correlate by √reliability (Abel, 2018).  `worst` is the share flagged, more than 0 and under 1.
    """
    tail, r = numbers(worst, "worst", above=0, high=1), share(reliability, "reliability")
    return _both_tails(tail, np.sqrt(r)) / tail


def flip_rate(reliability: npt.ArrayLike, below: npt.ArrayLike) -> Array:
    """Of the practices under a bar this year, the share that would be over it next year with nothing changed.

    Two years' scores of unchanged practices correlate by the reliability of one.  `below` is the share under the bar this year.
    """
    tail, r = numbers(below, "below", above=0, high=1), share(reliability, "reliability")
    return 1 - _both_tails(tail, r) / tail


def chance_below_next_year(
    observed: npt.ArrayLike,
    bar: npt.ArrayLike,
    mean: npt.ArrayLike,
    tau2: npt.ArrayLike,
    error2: npt.ArrayLike,
    next_error2: npt.ArrayLike | None = None,
) -> Array:
    """The chance that a practice's score lies under the bar next year, from this year's, if nothing changes.

    tau2: variance of true differences between practices about `mean`; error2: sampling variance of this year's score, and of
    next year's unless that is given.  All on one scale; they broadcast.
    """
    from scipy.special import ndtr

    t2, s2 = numbers(tau2, "tau2", low=0), numbers(error2, "error2", above=0)
    after = s2 if next_error2 is None else numbers(next_error2, "next_error2", above=0)
    own = t2 / (t2 + s2)
    centre = own * np.asarray(observed) + (1 - own) * np.asarray(mean)
    return np.asarray(ndtr((np.asarray(bar) - centre) / np.sqrt(own * s2 + after)))
