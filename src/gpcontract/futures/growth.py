"""Growth of lists: what a practice's list does in a year, by its area, its size, its own past and luck."""

from __future__ import annotations

from typing import Any

from ..engine.arrays import namespace


def luck_of(u: Any, scale: Any) -> Any:
    """Luck in a year's growth: a logistic error, whose tails are as long as lists' are. u: in (0, 1)."""
    xp = namespace(u)
    return scale * xp.log(u / (1.0 - u))


def own_growth(before: Any, luck: Any, carry: Any) -> Any:
    """A practice's growth beside its area's: the part of last year's that comes again, and this year's luck."""
    return carry * before + luck


def growth(area: Any, own: Any, log_size: Any, slope: Any) -> Any:
    """Log growth of a list in a year: its area's, its own, and what goes with its size (log of the list over 7,000)."""
    return area + own + slope * log_size
