"""Scores of forecasts against what came: chances of events and distributions of figures. Lower is better but for AUC.

All are proper or standard: a forecaster who says what she believes does best by the Brier score and the CRPS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def brier(chance: Any, happened: Any) -> float:
    """Mean square of the chance told less what happened (1 or 0).

    >>> brier([0.5, 0.25], [1, 0])
    0.15625
    """
    return float(np.mean((np.asarray(chance, float) - np.asarray(happened, float)) ** 2))


def auc(chance: Any, happened: Any) -> float:
    """The chance that one to whom it happened was told a higher chance than one to whom it did not; ties count half. NaN without both.

    >>> auc([0.9, 0.3, 0.3, 0.1], [1, 1, 0, 0])
    0.875
    """
    from scipy.stats import rankdata

    yes = np.asarray(happened, bool)
    n, m = int(yes.sum()), int((~yes).sum())
    if not n or not m:
        return float("nan")
    ranks = rankdata(np.asarray(chance, float))
    return float((ranks[yes].sum() - n * (n + 1) / 2) / (n * m))


def crps(draws: Any, came: Any) -> Array:
    """Continuous ranked probability score of each figure, from its draws (draw, ...): mean distance to what came, less half that between draws.

    One draw gives the plain distance. By sorted draws, so that a thousand take no thousand squares.

    >>> float(crps([[1.0], [3.0]], [2.0])[0])
    0.5
    """
    x = np.sort(np.asarray(draws, float), axis=0)
    n = len(x)
    weight = (2.0 * np.arange(1, n + 1) - n - 1.0) / n**2
    apart = np.abs(x - np.asarray(came, float)).mean(0)
    return np.asarray(apart - np.tensordot(weight, x, (0, 0)), float)


@dataclass(frozen=True)
class Bin:
    """Practices that were told about the same chance. told: their mean; happened: their share to whom it happened; low, high: its 80% interval."""

    told: float
    happened: float
    low: float
    high: float
    practices: int
    events: int


def calibration(chance: Any, happened: Any, bins: int = 10) -> tuple[Bin, ...]:
    """Chances told against what happened, in bins of as many practices each, lowest chances first.

    The interval is of the share, by Jeffreys: what share the bin's practices may have, given how many it happened to.
    """
    from scipy.special import betaincinv

    p, y = np.asarray(chance, float), np.asarray(happened, float)
    made = []
    for at in np.array_split(np.argsort(p, kind="stable"), bins):
        if len(at):
            n, k = len(at), float(y[at].sum())
            low, high = betaincinv(k + 0.5, n - k + 0.5, [0.1, 0.9])
            made.append(Bin(float(p[at].mean()), k / n, float(low), float(high), n, int(k)))
    return tuple(made)
