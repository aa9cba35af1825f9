"""Numbers of draws in words: the middle one, and the range that eight draws in ten lie in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...findings.claims.words import count, percent, pounds

Array = npt.NDArray[np.float64]
MIDDLE = (0.1, 0.9)  # the part of the draws between low and high


def ends(x: Array) -> tuple[float, float, float]:
    """The middle of the draws, and the ends between which eight of ten lie; the central draw throughout where it is alone.

    The middle, and not the path without luck: where chances bend (a practice that shrinks ends the sooner) the two differ.
    """
    if len(x) == 1:
        return float(x[0]), float(x[0]), float(x[0])
    low, middle, high = (float(q) for q in np.quantile(x[1:], (MIDDLE[0], 0.5, MIDDLE[1])))
    return middle, low, high


def around(x: Array, said: Callable[[float], str] = count) -> str:
    """A figure with its range in brackets.

    >>> around(np.array([0.0, *range(90, 111)]))
    '100 (92 to 108)'
    """
    middle, low, high = ends(x)
    if said(low) == said(high):
        return said(middle)
    return f"{said(middle)} ({said(low)} to {said(high)})"


def millions(x: float) -> str:
    """Millions as '1.6m'."""
    return f"{x:,.1f}m"


__all__ = ["around", "count", "ends", "millions", "percent", "pounds"]
