"""Growth of lists: what a practice's list does in a year, by its area, its size, a trend of its own that fades, and luck that passes."""

from __future__ import annotations

import math
from typing import Any

from ..engine.arrays import namespace

UNIT = math.sqrt(3.0) / math.pi  # scale of a logistic error whose standard deviation is 1


def luck(u: Any) -> Any:
    """Luck of standard deviation 1 with a logistic's tails, which are as long as those of lists. u: in (0, 1); 0 where u is 1/2."""
    xp = namespace(u)
    return UNIT * xp.log(u / (1.0 - u))


def spread(log_size: Any, power: Any) -> Any:
    """How much wider luck is at a list's size than at 7,000 patients; log_size: log of the list over 7,000."""
    xp = namespace(log_size)
    return xp.exp(power * log_size)


def trend(before: Any, carry: Any, sd: Any, luck: Any) -> Any:
    """A practice's trend this year: the part of last year's that lasts, and luck that keeps its spread over practices at sd."""
    xp = namespace(before, carry)
    return carry * before + sd * xp.sqrt(1.0 - carry * carry) * luck


def growth(area: Any, trend: Any, passing: Any, log_size: Any, slope: Any) -> Any:
    """Log growth of a list in a year: its area's, its own trend, luck of the year alone, and what goes with its size."""
    return area + trend + passing + slope * log_size
