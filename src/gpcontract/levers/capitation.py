"""Money by weighted population: streams of need, shares of the pot, distance from target and pace of change.

Places (practices, networks or boards) are on the last axis; streams (general and acute, community, mental health) on a first one.
Method: NHS England's allocation formulas, as the technical guide sets them out. `weighted_population` and `budget` use operators only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.areas import national
from ..engine.arrays import clip, ratio
from ..engine.errors import InputError
from .inputs import Array, numbers, rows, same_length


def stream_population(population: Any, need: Any, market_forces: Any = 1.0) -> Any:
    """Population weighted by one stream's need and by unavoidable cost, adding up to the population itself."""
    raw = population * need * market_forces
    return raw * ratio(national(population), national(raw))


def weighted_population(population: Any, needs: Any, shares: Any, market_forces: Any = 1.0) -> Any:
    """Population weighted over all streams, each by its share of the pot; adds up to the population if shares add up to 1.

    needs: (stream, ..., place).  shares: (stream,) or (stream, ..., 1).  The rest broadcast over places.
    """
    same_length(needs=needs, shares=shares)
    parts = zip(rows(needs), rows(shares), strict=True)
    total: Any = 0.0
    for need, part in parts:
        total = total + part * stream_population(population, need, market_forces)
    return total


def budget(pot: Any, weighted: Any) -> Any:
    """Each place's fair share of a pot, by weighted population."""
    return pot * ratio(weighted, national(weighted))


def distance_from_target(baseline: Any, target: Any) -> Any:
    """How far a place's money lies over its fair share, as a share of that: 0.05 is 5% over."""
    return ratio(baseline - target, target)


def paced_growth(distance: Any, growth: Any, pull: Any, floor: Any, cap: Any) -> Any:
    """Growth of each place: the nation's, less a part (`pull`) of its distance from target, between floor and cap.

    The sum is not held to a pot: see `paced`.
    """
    return clip(growth - pull * distance, floor, cap)


def paced(baseline: npt.ArrayLike, target: npt.ArrayLike, pot: float, floor: float, cap: float) -> Array:
    """Money of each place that adds up to the pot: as near to fair shares as growth between floor and cap allows. (place,)

    Every place gets one multiple of its fair share, held between its own floor and cap; the multiple is the one that spends the pot.
    Raises where the pot cannot pay every floor, or is more than every cap.
    """
    b, t = numbers(baseline, "baseline", above=0), numbers(target, "target", low=0)
    if b.ndim != 1 or b.shape != t.shape:
        raise InputError("baseline and target are not two lists of one length")
    if floor > cap:
        raise InputError(f"floor {floor:g} is above cap {cap:g}")
    least, most = b * (1 + floor), b * (1 + cap)
    if not least.sum() * (1 - 1e-12) <= pot <= most.sum() * (1 + 1e-12):
        raise InputError(
            f"a pot of {pot:,.0f} cannot be shared out between growth of {floor:.1%} and {cap:.1%}",
            expected=f"{least.sum():,.0f} to {most.sum():,.0f}",
        )
    if not t.any():
        raise InputError("no place has a target")
    positive = t > 0
    # spending rises with the multiple in straight pieces, whose ends are where a place meets its floor or cap
    ends = np.unique(np.concatenate([[0.0], least[positive] / t[positive], most[positive] / t[positive]]))
    low, high = 0, ends.size - 1
    while low < high:  # the first end at which the pot is spent
        middle = (low + high) // 2
        low, high = (low, middle) if _spent(ends[middle], t, least, most) >= pot else (middle + 1, high)
    if low == 0:
        return np.clip(t * ends[0], least, most)
    before, after = ends[low - 1], ends[low]
    spent = _spent(before, t, least, most)
    rise = _spent(after, t, least, most) - spent
    multiple = before + (after - before) * (min(1.0, (pot - spent) / rise) if rise > 0 else 1.0)
    return np.clip(t * multiple, least, most)


def _spent(multiple: float, target: Array, least: Array, most: Array) -> float:
    return float(np.clip(target * multiple, least, most).sum())
