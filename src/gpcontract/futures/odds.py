"""Odds: quantiles of what may come, and the chance that one contract does better than another. Contracts share their luck draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .kept import Kept
from .quantities import BETTER

Array = npt.NDArray[np.float64]
CHANCES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
SAME = 1e-9  # of the larger of two figures: what is nearer than this is a tie


@dataclass(frozen=True)
class Odds:
    """One contract against another on one quantity in one year.

    way: 'more' or 'less', the better way where there is one.  chance: share of the draws in which the contract has more (or less).
    ties: share in which they have the same, half of which count in neither.  error: standard error of the chance, from the number of draws.
    middle, low, high: of the difference, contract less the other; one draw in ten lies below low and one above high.
    """

    contract: str
    against: str
    quantity: str
    year: int
    way: str
    is_better: bool
    chance: float
    ties: float
    error: float
    middle: float
    low: float
    high: float
    draws: int

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def quantiles(kept: Kept, contract: str, quantity: str, chances: Sequence[float] = CHANCES) -> Array:
    """Quantiles of the draws with luck, (year, chance); the central path throughout where there is no other."""
    made: Array = np.quantile(kept.series(contract, quantity)[:, kept.lucky], chances, axis=1).T
    return made


def odds(
    kept: Kept,
    quantities: Sequence[str],
    against: str | None = None,
    year: int | None = None,
    contracts: Sequence[str] = (),
) -> list[Odds]:
    """Each contract against one (the first), on each quantity in one year (the last). Pairs are of the same draw, and so of the same luck."""
    other = against or kept.names[0]
    at = kept.years.index(year) if year is not None else len(kept.years) - 1
    wanted = [c for c in contracts or kept.names if c != other]
    return [_odds(kept, c, other, q, at) for q in quantities for c in wanted]


def _odds(kept: Kept, contract: str, against: str, quantity: str, at: int) -> Odds:
    x, y = (kept.series(c, quantity)[at, kept.lucky] for c in (contract, against))
    gap = x - y
    same = np.abs(gap) <= SAME * np.maximum(np.abs(x), np.abs(y))
    way = BETTER.get(quantity, "more")
    wins = (gap > 0 if way == "more" else gap < 0) & ~same
    n, p = len(gap), float(wins.mean())
    low, middle, high = np.quantile(gap, (0.1, 0.5, 0.9)).tolist()
    # Agresti and Coull: two wins and two losses more keep the error from being nought where every draw agrees
    guarded = (wins.sum() + 2) / (n + 4)
    error = float(np.sqrt(guarded * (1 - guarded) / (n + 4)))
    return Odds(
        contract, against, quantity, kept.years[at], way, quantity in BETTER, p, float(same.mean()), error, middle, low, high, n
    )  # fmt: skip
