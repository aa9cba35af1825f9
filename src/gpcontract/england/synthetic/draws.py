"""Keyed random numbers and the ladders of quantiles that give the synthetic England its shapes.

Each quantity has a stream of its own, keyed by seed, name and year: another fact or another year never reshuffles the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any
from zlib import crc32

import numpy as np

from ..facts import Array

NORMAL = NormalDist()


@cache
def parameters() -> dict[str, Any]:
    """The published marginals, dependences and totals of synthetic.yaml, each with source and grade."""
    import yaml

    file = Path(__file__).with_name("synthetic.yaml")
    found: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


@dataclass(frozen=True)
class Keyed:
    """Random numbers of one seed for one number of practices."""

    seed: int
    size: int

    def normal(self, name: str, year: int = 0, size: int | None = None) -> Array:
        """Standard normal numbers (size,), the same for the same seed, name and year."""
        return self._stream(name, year).standard_normal(self.size if size is None else size)

    def uniform(self, name: str, year: int = 0, size: int | None = None) -> Array:
        """Uniform numbers in [0, 1), keyed alike."""
        return self._stream(name, year).random(self.size if size is None else size)

    def beta(self, name: str, a: float, b: float, size: int) -> Array:
        """Beta-distributed numbers, keyed alike."""
        return self._stream(name, 0).beta(a, b, size)

    def lasting(self, name: str, year: int, share: float) -> Array:
        """Standard normals of which `share` of the variance stays with the practice from year to year."""
        share = min(max(share, 0.0), 0.98)
        return np.sqrt(share) * self.normal(name) + np.sqrt(1 - share) * self.normal(name, year)

    def _stream(self, name: str, year: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, crc32(name.encode()), year])


def probit(share: float) -> float:
    """The normal score below which a share of practices lies.

    >>> round(probit(0.975), 2)
    1.96
    """
    return NORMAL.inv_cdf(min(max(share, 1e-4), 1 - 1e-4))


@cache
def _rungs(steps: int) -> Array:
    both = [parameters()["ladder"], parameters()["fine_ladder"]]
    ladder = next(x for x in both if len(x) == steps)
    return np.array([-3.3, *(NORMAL.inv_cdf(p) for p in ladder), 3.3])


def climb(z: Array, ladder: Sequence[float]) -> Array:
    """Values at normal scores on a ladder of quantiles; tails go on for half again the last step, never below half the first."""
    q = np.asarray(ladder, float)
    low, high = q[0] - 0.5 * (q[1] - q[0]), q[-1] + 0.5 * (q[-1] - q[-2])
    if q[0] >= 0:
        low = max(low, 0.5 * q[0])
    return np.interp(z, _rungs(len(q)), np.concatenate([[low], q, [high]]))


def at_year(series: Mapping[int, Any], year: int) -> Any:
    """A dated figure or ladder in a year: between the published years linearly, outside them the nearest.

    >>> float(at_year({2014: 1.0, 2016: 3.0}, 2015))
    2.0
    """
    known = sorted(series)
    if year <= known[0]:
        return series[known[0]]
    if year >= known[-1]:
        return series[known[-1]]
    after = next(k for k in known if k >= year)
    before = max(k for k in known if k <= year)
    if before == after:
        return series[year]
    share = (year - before) / (after - before)
    return (1 - share) * np.asarray(series[before], float)[()] + share * np.asarray(series[after], float)[()]


def in_force(series: Mapping[int, Any], year: int) -> Any:
    """A dated figure that holds until the next one (points available, the out-of-hours share)."""
    return series[max(k for k in series if k <= year)]


def slope(follows: Mapping[str, float], traits: Mapping[str, Array], among: Any) -> tuple[Array, float]:
    """The part of a normal score that follows from traits, centred on the practices in `among`, and what is left for chance.

    Returns (fitted (practice,), standard deviation of the rest), so that the sum keeps variance 1 among them.
    """
    fitted: Any = 0.0
    for name, beta in follows.items():
        fitted = fitted + beta * traits[name]
    fitted = np.asarray(fitted + np.zeros(len(traits["deprivation"])))
    fitted = fitted - fitted[among].mean()
    return fitted, float(np.sqrt(max(1 - fitted[among].var(), 0.1)))


def scores(x: Array, among: Any) -> Array:
    """Normal scores of x by rank among some practices, and the same map for the others."""
    known = np.sort(x[among])
    grid = np.array([NORMAL.inv_cdf((i + 0.5) / 400) for i in range(400)])
    marks = np.quantile(known, (np.arange(400) + 0.5) / 400)
    return np.interp(x, marks, grid)


def shares(weights: Sequence[float] | Array, total: int) -> list[int]:
    """Whole numbers in proportion to weights that add to total (largest remainders)."""
    w = np.asarray(weights, float)
    exact = w / w.sum() * total
    whole = np.floor(exact).astype(int)
    for i in np.argsort(whole - exact, kind="stable")[: total - whole.sum()]:
        whole[i] += 1
    return [int(n) for n in whole]
