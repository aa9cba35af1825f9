"""Effects of years and of boards: how far they lie apart, how long they last, and what they may be in years to come.

A yearly effect goes back towards a mean and carries part of itself into the next year (first-order autoregression). Few years are
published, so its spread and its carry are known only roughly: both are averaged over a grid of their likelihood, and drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import numbers

Array = npt.NDArray[np.float64]
CARRIES = np.linspace(0.0, 0.95, 12)  # of the grid: any carry is as likely beforehand
SPREADS = np.geomspace(0.05, 5.0, 24)  # of the grid, as multiples of how far the estimates lie apart
MOST_CARRY = 0.95


@dataclass(frozen=True)
class Yearly:
    """An effect of every year. mean: what it goes back to.  sd: its spread over years.  carry: the part that lasts into the next year.

    level: what it was in the last year (`last`).  Each has its standard error; that of sd is of its logarithm.  years: how many are known.
    """

    mean: float
    mean_error: float
    sd: float
    sd_error: float
    carry: float
    carry_error: float
    level: float
    level_error: float
    last: int
    years: int

    def to_dict(self) -> dict[str, Any]:
        """The effect as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Boards:
    """Effects of boards: what lasts (`sd`) and what is of one year alone (`year_sd`); the estimates are drawn in towards 0."""

    codes: tuple[str, ...]
    estimate: Array
    error: Array
    sd: float
    year_sd: float

    def of(self, codes: Sequence[str]) -> tuple[Array, Array]:
        """Estimate and standard error of some boards; of one that was not fitted, 0 and the spread between boards."""
        place = {c: i for i, c in enumerate(self.codes)}
        at = np.array([place.get(c, -1) for c in codes], np.intp)
        estimate, error = np.append(self.estimate, 0.0), np.append(self.error, self.sd)
        return estimate[at], error[at]

    def to_dict(self) -> dict[str, Any]:
        """The effects as plain data."""
        return {
            "sd": self.sd,
            "year_sd": self.year_sd,
            "boards": {c: [float(a), float(b)] for c, a, b in zip(self.codes, self.estimate, self.error, strict=True)},
        }


def yearly(seen: Array, error: Array, spans: Sequence[tuple[int, int]], least: float = 1e-4) -> Yearly:
    """The effect behind some estimates, each a mean over years: spans are (first year after, last year) of each.

    seen, error: estimates and their standard errors.  least: the smallest spread that is thought possible.
    """
    years = np.arange(spans[0][0], spans[-1][1] + 1)
    of = np.array([[float(a <= y <= b) for y in years] for a, b in spans])
    of /= of.sum(1, keepdims=True)
    apart = max(float(np.std(seen)), least)
    lag = np.abs(years[:, None] - years[None, :])
    found = [
        (c, s, *_given(seen, error, of, s**2 * np.where(lag > 0, c ** np.maximum(lag, 1), 1.0)))
        for c in CARRIES
        for s in apart * SPREADS
        if s >= least
    ]
    carry, sd, weight, mean, mean_var, level, level_var = np.array(found).T
    weight = np.exp(weight - weight.max()) / (1.0 + (sd / apart) ** 2)  # a wide prior on the spread: half-Cauchy
    weight /= weight.sum()

    def over(x: Array) -> tuple[float, float]:
        middle = float((weight * x).sum())
        return middle, float((weight * (x - middle) ** 2).sum())

    (log_sd, log_var), (c, c_var) = over(np.log(sd)), over(carry)
    (m, m_var), (now, now_var) = over(mean), over(level)
    return Yearly(
        m, float(np.sqrt(m_var + (weight * mean_var).sum())),
        float(np.exp(log_sd)), float(np.sqrt(log_var)),
        c, float(np.sqrt(c_var)),
        now, float(np.sqrt(now_var + (weight * level_var).sum())),
        int(years[-1]), len(seen),
    )  # fmt: skip


def _given(seen: Array, error: Array, of: Array, spread: Array) -> tuple[float, float, float, float, float]:
    """For one spread and carry: log likelihood, the mean and its variance, the last year's level and its variance."""
    total = of @ spread @ of.T + np.diag(error**2)
    inverse = np.linalg.inv(total)
    ones = np.ones(len(seen))
    precision = float(ones @ inverse @ ones)
    mean = float(ones @ inverse @ seen) / precision
    off = seen - mean
    likelihood = -0.5 * (float(np.linalg.slogdet(total)[1]) + np.log(precision) + float(off @ inverse @ off))
    to_last = of @ spread[-1]
    pulled = to_last @ inverse
    level = mean + float(pulled @ off)
    left = float(spread[-1, -1] - pulled @ to_last) + (1.0 - float(pulled @ ones)) ** 2 / precision
    return likelihood, mean, 1.0 / precision, level, max(left, 0.0)


def path(effect: Yearly, seed: int, purpose: str, draws: Any, years: Sequence[int]) -> Array:
    """The effect in years to come in each draw: (draw, year). Draw 0 goes from the level of the last year straight back to the mean.

    draws: their numbers, so that a block of them is the same wherever it is worked out.
    """
    z = normal(seed, purpose, draws, ("mean", "sd", "carry", "level"))
    mean = effect.mean + effect.mean_error * z[:, 0]
    sd = effect.sd * np.exp(effect.sd_error * z[:, 1])
    carry = np.clip(effect.carry + effect.carry_error * z[:, 2], 0.0, MOST_CARRY)
    at = effect.level + effect.level_error * z[:, 3]
    made = np.empty((len(draws), len(years)))
    wanted = {y: i for i, y in enumerate(years)}
    for year in range(effect.last + 1, max(years) + 1):
        luck = normal(seed, f"{purpose} year", draws, (str(year),))[:, 0]
        at = mean + carry * (at - mean) + sd * np.sqrt(1.0 - carry**2) * luck
        if year in wanted:
            made[:, wanted[year]] = at
    for year in set(years) & set(range(effect.last + 1)):
        made[:, wanted[year]] = effect.level
    return made


def board_path(
    boards: Boards, seed: int, purpose: str, draws: Any, years: Sequence[int], codes: Sequence[str]
) -> Array:
    """Boards' effects in years to come in each draw: (draw, year, board)."""
    estimate, error = boards.of(codes)
    lasting = estimate + error * normal(seed, purpose, draws, codes)
    passing = [boards.year_sd * normal(seed, f"{purpose} {y}", draws, codes) for y in years]
    return lasting[:, None, :] + np.stack(passing, 1)


def normal(seed: int, purpose: str, draws: Any, names: Sequence[str]) -> Array:
    """Standard normal numbers, (draw, name); 0 in draw 0."""
    from scipy.special import ndtri

    z = ndtri(numbers.uniform(numbers.luck(seed, purpose, draws, 0), numbers.keys(names)))
    return np.asarray(np.where(np.asarray(draws)[:, None] == 0, 0.0, z))


def boards(seen: Array, weight: Array, codes: Sequence[str]) -> Boards:
    """Effects of boards from (transition, board) estimates, each with a sampling variance of 1 / weight; weight 0 where there is none.

    What lasts is what the years of a board have in common; what is of a year alone is what else there is beyond sampling.
    """
    score = weight * seen  # of each estimate; its variance is the weight, if boards do not differ
    n = (weight > 0).sum(0)
    together = (score.sum(0) ** 2 - (score**2).sum(0)).sum()
    pairs = (weight.sum(0) ** 2 - (weight**2).sum(0)).sum()
    lasting = max(together / pairs, 0.0) if pairs > 0 else 0.0
    all_ = ((score**2).sum() - weight.sum()) / max((weight**2).sum(), 1e-300)
    passing = max(all_ - lasting, 0.0)
    known = weight / (1.0 + weight * passing)
    precision = known.sum(0) + (1.0 / lasting if lasting > 0 else np.inf)
    with np.errstate(invalid="ignore"):
        estimate = np.where(np.isfinite(precision) & (n > 0), (known * seen).sum(0) / precision, 0.0)
    error = np.where(np.isfinite(precision), 1.0 / np.sqrt(precision), 0.0)
    return Boards(tuple(codes), estimate, error, float(np.sqrt(lasting)), float(np.sqrt(passing)))
