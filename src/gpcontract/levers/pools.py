"""How far chance moves a population's cost by its size, and what that does to those who carry it.

Deviations are shares of the budget, taken as normal about no true effect unless said. Systemic risk (prices, epidemics, policy)
does not shrink with size; it is asked for apart, and shown apart. Everything broadcasts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers, rows, same_length


def pool_cv(people: npt.ArrayLike, person_cv: npt.ArrayLike, systemic_cv: npt.ArrayLike = 0.0) -> Array:
    """Coefficient of variation of a population's cost: √(person² / people + systemic²)."""
    n, chance = numbers(people, "people", above=0), numbers(person_cv, "person_cv", low=0)
    return np.sqrt(chance**2 / n + numbers(systemic_cv, "systemic_cv", low=0) ** 2)


def people_for(cv: npt.ArrayLike, person_cv: npt.ArrayLike, systemic_cv: npt.ArrayLike = 0.0) -> Array:
    """The population from which cost varies by no more than `cv`; infinite where systemic risk alone is as much."""
    wanted, chance = numbers(cv, "cv", above=0), numbers(person_cv, "person_cv", low=0)
    room = wanted**2 - numbers(systemic_cv, "systemic_cv", low=0) ** 2
    return np.where(room <= 0, np.inf, chance**2 / np.where(room <= 0, 1.0, room))


def overspend_chance(cv: npt.ArrayLike, over: npt.ArrayLike, *, lognormal: bool = False) -> Array:
    """The chance that cost lies more than `over` (0.05 is 5%) above a budget set at its expectation."""
    spread = numbers(cv, "cv", low=0)
    if lognormal:
        return lognormal_tail(1.0, spread, 1 + np.asarray(over, dtype=np.float64))
    return normal_tail(0.0, spread, over)


def normal_tail(mean: npt.ArrayLike, sd: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """P(more than x) of a normal figure."""
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ndtr((np.asarray(mean) - np.asarray(x)) / numbers(sd, "sd", low=0)))


def lognormal_tail(mean: npt.ArrayLike, sd: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """P(more than x) of a lognormal figure with this mean and sd."""
    from scipy.special import ndtr

    m, at = numbers(mean, "mean", above=0), numbers(x, "x", above=0)
    variance = np.log1p((numbers(sd, "sd", low=0) / m) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ndtr((np.log(m / at) - variance / 2) / np.sqrt(variance)))


def reserve(cv: npt.ArrayLike, level: npt.ArrayLike = 0.95) -> Array:
    """The overspend that is passed only once in 1 / (1 - level) years (value at risk), as a share of the budget."""
    from scipy.special import ndtri

    return numbers(cv, "cv", low=0) * ndtri(_inside(level, "level"))


def tail_mean(cv: npt.ArrayLike, level: npt.ArrayLike = 0.95) -> Array:
    """The mean overspend in the years that pass the reserve (tail value at risk), as a share of the budget."""
    from scipy.special import ndtri

    p = _inside(level, "level")
    return numbers(cv, "cv", low=0) * _density(ndtri(p)) / (1 - p)


def expected_excess(sd: npt.ArrayLike, attachment: npt.ArrayLike, mean: npt.ArrayLike = 0.0) -> Array:
    """The mean of what lies above an attachment point, E(X - a)+, X normal: the price of stop-loss without its margin."""
    from scipy.special import ndtr

    s = numbers(sd, "sd", low=0)
    room = np.asarray(mean, dtype=np.float64) - np.asarray(attachment, dtype=np.float64)
    z = room / np.where(s == 0, 1.0, s)
    return np.where(s == 0, np.maximum(room, 0.0), s * _density(z) + room * ndtr(z))


def expected_corridor_loss(cv: npt.ArrayLike, upper: Any, provider_share: Any, mean: npt.ArrayLike = 0.0) -> Array:
    """The provider's mean loss in a corridor, over all years (a year under budget counts as no loss), as a share of the budget."""
    same_length(upper=upper, provider_share=provider_share)
    total, low = np.asarray(0.0), np.asarray(0.0)
    for high, taken in zip(rows(upper), rows(provider_share), strict=True):
        total = total + taken * (expected_excess(cv, low, mean) - expected_excess(cv, high, mean))
        low = high
    return total


def false_gain_chance(cv: npt.ArrayLike, minimum_rate: npt.ArrayLike) -> Array:
    """The chance that a network which changed nothing is paid a gain share."""
    return normal_tail(0.0, cv, minimum_rate)


def expected_false_gain(
    cv: npt.ArrayLike,
    share: npt.ArrayLike,
    minimum_rate: npt.ArrayLike,
    cap: npt.ArrayLike = 1.0,
    *,
    first_pound: bool = True,
) -> Array:
    """The mean gain share paid to a network which changed nothing, as a share of the benchmark (terms as `risk.gain_share`)."""
    s, part = numbers(cv, "cv", above=0), numbers(share, "share", above=0, high=1)
    least = numbers(minimum_rate, "minimum_rate", low=0)
    capped = numbers(cap, "cap", low=0) / part  # the shared saving from which the cap binds
    if not first_pound:
        return part * (expected_excess(s, least) - expected_excess(s, least + capped))
    binds = np.maximum(capped, least)
    rising = s * (_density(least / s) - _density(binds / s))
    return part * (rising + capped * normal_tail(0.0, s, binds))


def rate_for(cv: npt.ArrayLike, chance: npt.ArrayLike) -> Array:
    """The minimum saving rate that holds the chance of a false gain to this much: what a size table should say."""
    from scipy.special import ndtri

    return -numbers(cv, "cv", low=0) * ndtri(_inside(chance, "chance"))


def _density(z: npt.ArrayLike) -> Array:
    return np.exp(-(np.asarray(z) ** 2) / 2) / np.sqrt(2 * np.pi)


def _inside(p: npt.ArrayLike, name: str) -> Array:
    found = numbers(p, name, above=0)
    if (found >= 1).any():
        raise InputError(f"{name} is 1 or more", expected="more than 0 and less than 1")
    return found
