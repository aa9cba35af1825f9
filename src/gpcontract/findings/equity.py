"""Equity: how money per patient runs from the least to the most deprived, by each count of patients, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .money import Money


@dataclass(frozen=True)
class Slope:
    """One contract by one denominator.

    slope: pounds per patient from the least deprived end of England to the most (a least-squares line over patients ranked by
    deprivation, weighted by patients).  relative: the slope over the mean.  fifths: pounds per patient in each fifth, 1 the
    most deprived.  gap: fifth 1 over fifth 5, less one.
    """

    contract: str
    denominator: str
    mean: float
    slope: float
    relative: float
    fifths: tuple[float, ...]

    @property
    def gap(self) -> float:
        """How much more the most deprived fifth has than the least deprived, as a fraction."""
        return self.fifths[0] / self.fifths[-1] - 1 if self.fifths and self.fifths[-1] else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """The slope as plain data."""
        return {
            "contract": self.contract,
            "denominator": self.denominator,
            "mean": self.mean,
            "slope": self.slope,
            "relative": self.relative,
            "fifths": list(self.fifths),
            "gap": self.gap,
        }


def equity(moneys: Sequence[Money]) -> tuple[Slope, ...]:
    """Slopes of running money (without dispensing) per patient by deprivation, for each denominator and contract; none where deprivation is not known."""
    found: list[Slope] = []
    for denominator in moneys[0].frame.patients:
        for m in moneys:
            if m.frame.deprivation_rank is not None:
                found.append(m.once(("equity", denominator), partial(_slope, m, denominator)))
    return tuple(found)


def _slope(m: Money, denominator: str) -> Slope:
    rank, fifths = m.frame.deprivation_rank, m.frame.groups["deprivation"]
    assert rank is not None
    known = ~np.isnan(rank)
    n = np.where(known, m.frame.patients[denominator], 0.0)
    pounds = np.where(known, m.care, 0.0)
    total = n.sum()
    apart = np.where(known, rank, 0.0) - (n @ np.where(known, rank, 0.0)) / total
    mean = float(pounds.sum() / total)
    slope = float((pounds - n * mean) @ apart / (n @ apart**2))
    by_fifth = fifths.sums(pounds) / np.maximum(fifths.sums(n), 1e-9)
    return Slope(m.name, denominator, mean, slope, slope / mean if mean else float("nan"), tuple(map(float, by_fifth)))
