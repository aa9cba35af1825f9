"""The chance that a figure lies below a bar, over any array library that rules run on."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import clip, namespace

SLOPE, BEND = 1.5976, 0.070566  # Page's approximation of the normal distribution: within 0.00015 of it everywhere
FAR = 8.0  # standard errors beyond which nothing is left


def chance_below(standard_errors: Any) -> Any:
    """Share of a normal distribution below so many standard errors from its mean.

    >>> round(float(chance_below(0.0)), 4), round(float(chance_below(1.96)), 3)
    (0.5, 0.975)
    """
    z = clip(standard_errors, -FAR, FAR)
    xp = namespace(z)
    return 1 / (1 + xp.exp(-(SLOPE * z + BEND * z**3)))
