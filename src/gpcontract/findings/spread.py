"""Spread between boards: how much where you live decides what is paid for your care, and what a floor would narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .money import Money, Numbers

FLOORS = (0.90, 0.95, 1.0)  # of England's mean


@dataclass(frozen=True)
class Floor:
    """What lifting every board to a share of England's mean would cost, and the spread that would be left."""

    level: float
    boards_below: int
    cost: float
    index_after: float

    def to_dict(self) -> dict[str, Any]:
        """The floor as plain data."""
        return {
            "level": self.level,
            "boards_below": self.boards_below,
            "cost": self.cost,
            "index_after": self.index_after,
        }


@dataclass(frozen=True)
class Spread:
    """The spread of money per patient between boards under one contract.

    index: the postcode lottery index, the coefficient of variation between boards weighted by patients, in per cent of the mean.
    ratio: the ninth over the first decile of boards.  gini: between boards.  within: the same index between the practices of a
    board, averaged over boards.
    """

    contract: str
    denominator: str
    mean: float
    lowest: tuple[str, float]
    highest: tuple[str, float]
    ratio: float
    index: float
    gini: float
    within: float
    floors: tuple[Floor, ...]

    def to_dict(self) -> dict[str, Any]:
        """The spread as plain data."""
        return {
            "contract": self.contract,
            "denominator": self.denominator,
            "mean": self.mean,
            "lowest": {"board": self.lowest[0], "pounds": self.lowest[1]},
            "highest": {"board": self.highest[0], "pounds": self.highest[1]},
            "p90_to_p10": self.ratio,
            "index": self.index,
            "gini": self.gini,
            "within_boards": self.within,
            "floors": [f.to_dict() for f in self.floors],
        }


def spread(moneys: Sequence[Money]) -> tuple[Spread, ...]:
    """Spread between boards of running money (without dispensing) per patient, for each denominator and contract; none where boards are not known."""
    found: list[Spread] = []
    for denominator in moneys[0].frame.patients:
        for m in moneys:
            if "board" in m.frame.groups:
                found.append(m.once(("spread", denominator), partial(_spread, m, denominator)))
    return tuple(found)


def _spread(m: Money, denominator: str) -> Spread:
    boards, people = m.frame.groups["board"], m.frame.patients[denominator]
    n = m.frame.people("board")[denominator]
    each = boards.sums(m.care) / np.maximum(n, 1e-9)
    mean = float(each @ n / n.sum())
    low, high = int(each.argmin()), int(each.argmax())
    p10, p90 = np.quantile(each, (0.1, 0.9))
    return Spread(
        m.name,
        denominator,
        mean,
        (boards.names[low], float(each[low])),
        (boards.names[high], float(each[high])),
        float(p90 / p10) if p10 else float("nan"),
        variation(each, n),
        gini(each, n),
        _within(m.care, people, each, boards.index),
        tuple(_floor(level, each, n, mean) for level in FLOORS),
    )


def variation(each: Numbers, n: Numbers) -> float:
    """Coefficient of variation of money per patient, weighted by patients, in per cent."""
    mean = each @ n / n.sum()
    return float(100 * np.sqrt(((each - mean) ** 2) @ n / n.sum()) / mean) if mean else float("nan")


def gini(each: Numbers, n: Numbers) -> float:
    """Gini coefficient of money per patient, each patient counted at the figure of their area; 0 is equal."""
    order = np.argsort(each)
    people, money = n[order] / n.sum(), (each * n)[order] / float(each @ n)
    upto = np.cumsum(money)
    return max(0.0, float(1 - (people * (2 * upto - money)).sum()))


def _floor(level: float, each: Numbers, n: Numbers, mean: float) -> Floor:
    lifted = np.maximum(each, level * mean)
    return Floor(level, int((each < level * mean - 1e-9).sum()), float((lifted - each) @ n), variation(lifted, n))


def _within(pounds: Numbers, people: Numbers, each: Numbers, index: np.ndarray) -> float:
    """Variation between practices of the same board, in per cent of the board's mean, averaged over patients."""
    fair = (index >= 0) & (people > 0)
    i, p = index[fair], people[fair]
    apart = (pounds[fair] / p / np.maximum(each[i], 1e-9) - 1) ** 2
    return float(100 * np.sqrt(apart @ p / p.sum()))
