"""The whole distribution of a year's cost from how many cases there are and what one costs, and splitting a result fairly.

Costs are in units of a bucket: a severity or a distribution is a list of probabilities of 0, 1, 2 ... units. Formulas: Klugman, Panjer
and Willmot, Loss Models, chapter 9.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers, share


@dataclass(frozen=True)
class Cases:
    """How many cases a year brings: P(n) = (a + b/n) P(n-1), by its mean and variance.

    Variance equal to the mean is Poisson, more negative binomial, less binomial (only where mean² / (mean - variance) is whole).
    """

    mean: float
    variance: float

    def __post_init__(self) -> None:
        if not (self.mean > 0 and self.variance > 0):
            raise InputError(f"cases have mean {self.mean:g} and variance {self.variance:g}", expected="both above 0")
        if self.variance < self.mean * (1 - 1e-12):
            trials = self.mean**2 / (self.mean - self.variance)
            if abs(trials - round(trials)) > 1e-6:
                raise InputError(f"a binomial number of cases would have {trials:g} trials", expected="a whole number")

    @classmethod
    def poisson(cls, mean: float) -> Cases:
        """Cases that do not depend on each other."""
        return cls(mean, mean)

    @property
    def _poisson(self) -> bool:
        return math.isclose(self.mean, self.variance, rel_tol=1e-12)

    @property
    def a(self) -> float:
        """The first of Panjer's two figures."""
        return 0.0 if self._poisson else 1 - self.mean / self.variance

    @property
    def b(self) -> float:
        """The second of Panjer's two figures."""
        return self.mean if self._poisson else self.mean * (1 - self.a) - self.a

    def generating(self, z: npt.ArrayLike) -> npt.NDArray[np.complex128]:
        """E(z^n), the probability generating function."""
        z = np.asarray(z, dtype=np.complex128)
        if self._poisson:
            return np.exp(self.mean * (z - 1)).astype(np.complex128)
        power = -(self.a + self.b) / self.a
        if self.a < 0:  # binomial, whose trials are whole
            power = round(power)
        return (((1 - self.a * z) / (1 - self.a)) ** power).astype(np.complex128)


def panjer(cases: Cases, severity: npt.ArrayLike, buckets: int) -> Array:
    """The distribution of total cost by Panjer's recursion, the first `buckets` units. Exact, in order buckets x severities."""
    f = _probabilities(severity, "severity")
    size = f.size - 1
    found = np.zeros(buckets)
    found[0] = cases.generating(f[0]).real
    if found[0] == 0:
        raise InputError(
            "no cost at all is too unlikely for the recursion", hint="use fourier, or fewer and larger units"
        )
    weights = np.arange(1, size + 1)
    for k in range(1, buckets):
        top = min(k, size)
        j = weights[:top]
        found[k] = ((cases.a + cases.b * j / k) * f[1 : top + 1] * found[k - top : k][::-1]).sum() / (
            1 - cases.a * f[0]
        )
    return found


def fourier(cases: Cases, severity: npt.ArrayLike, buckets: int) -> Array:
    """The same by Fourier transform. Buckets must hold all that is likely: what is beyond wraps round to the start."""
    f = _probabilities(severity, "severity")
    if f.size > buckets:
        raise InputError(f"{buckets} buckets are fewer than the {f.size} of one case")
    return np.fft.irfft(cases.generating(np.fft.rfft(f, buckets)), buckets)


def compound(numbers_of_cases: npt.ArrayLike, severity: npt.ArrayLike) -> Array:
    """The distribution of total cost for any list of probabilities of 0, 1, 2 ... cases, by convolution."""
    p, f = _probabilities(numbers_of_cases, "numbers of cases"), _probabilities(severity, "severity")
    total = np.array([p[-1]])
    for weight in p[-2::-1]:  # as one evaluates a polynomial
        total = np.convolve(total, f)
        total[0] += weight
    return total


class Moments(NamedTuple):
    """Mean and variance of a figure."""

    mean: Array
    variance: Array


def aggregate_moments(
    cases_mean: npt.ArrayLike, cases_sd: npt.ArrayLike, cost_mean: npt.ArrayLike, cost_sd: npt.ArrayLike
) -> Moments:
    """Mean and variance of total cost, from those of cases and of one case's cost: E N · V X + V N · (E X)²."""
    n, x = numbers(cases_mean, "cases_mean", low=0), np.asarray(cost_mean, dtype=np.float64)
    n_sd, x_sd = numbers(cases_sd, "cases_sd", low=0), numbers(cost_sd, "cost_sd", low=0)
    return Moments(n * x, n * x_sd**2 + n_sd**2 * x**2)


def moments(distribution: npt.ArrayLike, unit: float = 1.0) -> Moments:
    """Mean and variance of a distribution."""
    g = _probabilities(distribution, "distribution", whole=False)
    at = np.arange(g.size) * unit
    mean = (at * g).sum()
    return Moments(mean, ((at - mean) ** 2 * g).sum())


def stop_loss(distribution: npt.ArrayLike, attachment: npt.ArrayLike, unit: float = 1.0) -> Array:
    """The mean of what lies above an attachment point, E(S - d)+: what aggregate stop-loss costs without a margin."""
    g = _probabilities(distribution, "distribution", whole=False)
    d = numbers(attachment, "attachment")
    return (np.maximum(np.arange(g.size) * unit - d[..., None], 0.0) * g).sum(-1)


def value_at_risk(distribution: npt.ArrayLike, level: float = 0.95, unit: float = 1.0) -> float:
    """The least cost that is not passed with probability `level`: the reserve for 1 year in 20 at 0.95."""
    g = _probabilities(distribution, "distribution", whole=False)
    reached = np.flatnonzero(np.cumsum(g) >= float(share(level, "level")) - 1e-12)
    if not reached.size:
        raise InputError(f"the distribution ends before {level:g} of the chance is reached", hint="use more buckets")
    return float(reached[0] * unit)


def tail_value_at_risk(distribution: npt.ArrayLike, level: float = 0.95, unit: float = 1.0) -> float:
    """The mean cost of the worst (1 - level) of years."""
    if not 0 <= level < 1:
        raise InputError(f"level is {level:g}", expected="at least 0 and less than 1")
    at = value_at_risk(distribution, level, unit)
    return at + float(stop_loss(distribution, at, unit)) / (1 - level)


def shapley(value: Mapping[Iterable[str], float]) -> dict[str, float]:
    """Each member's fair part of what all achieve: the mean of what it adds to every group that it could join.

    value: what each group achieves, for every group; groups are collections of names, and the empty one may be left out.

    >>> shapley({"A": 10, "B": 20, "AB": 40})
    {'A': 15.0, 'B': 25.0}
    """
    worth = {frozenset(group): float(v) for group, v in value.items()}
    worth.setdefault(frozenset(), 0.0)
    names = sorted(frozenset().union(*worth))
    if len(worth) != 2 ** len(names):
        raise InputError(f"{len(worth)} groups of {len(names)} members are given", expected=f"{2 ** len(names)}")
    n, found = len(names), dict.fromkeys(names, 0.0)
    for size in range(n):
        weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        for name in names:
            others = combinations([x for x in names if x != name], size)
            found[name] += weight * sum(worth[frozenset(g) | {name}] - worth[frozenset(g)] for g in others)
    return found


def _probabilities(x: npt.ArrayLike, name: str, *, whole: bool = True) -> Array:
    found = numbers(x, name, low=-1e-12, high=1 + 1e-9)  # a transform leaves crumbs either side of 0
    if found.ndim != 1 or not found.size:
        raise InputError(f"{name} is not a list of probabilities")
    total = found.sum()
    if total > 1 + 1e-6 or (whole and total < 1 - 1e-6):
        raise InputError(f"{name} adds up to {total:g}", expected="1")
    return found
