"""How large a pilot must be: stepped wedges, where every cluster gets the change in its turn, and parallel cluster trials.

Hussey and Hughes 2007; Hooper and others 2016 for correlation that fades between periods; Woertman and others 2013; Eldridge and
others 2006 for clusters of unlike size. A cluster is a practice or a network; `icc` is the intra-cluster correlation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers, share


def stepped_wedge(per_step: Sequence[int]) -> npt.NDArray[np.int64]:
    """Which cluster has the change in which period: (cluster, period), one period before any has it, then a step each."""
    if not len(per_step) or min(per_step) < 1:
        raise InputError("a step without clusters", expected="1 cluster or more at each step")
    step = np.repeat(np.arange(1, len(per_step) + 1), per_step)
    return (np.arange(len(per_step) + 1) >= step[:, None]).astype(np.int64)


class Design(NamedTuple):
    """Hussey and Hughes's sums of a design: U, all cells with the change; W, of squares by period; V, of squares by cluster."""

    u: int
    w: int
    v: int


def design_sums(design: npt.ArrayLike) -> Design:
    """The three sums of a design (cluster, period)."""
    x = _cells(design)
    return Design(int(x.sum()), int((x.sum(0) ** 2).sum()), int((x.sum(1) ** 2).sum()))


def wedge_variance(design: npt.ArrayLike, cell_variance: float, cluster_variance: float) -> float:
    """Variance of the effect in Hussey and Hughes's closed form.

    cell_variance: of the mean of one cluster in one period about its expectation (σ² / patients).  cluster_variance: τ², between clusters.
    """
    clusters, periods = _cells(design).shape
    u, w, v = design_sums(design)
    s2, t2 = (
        float(numbers(cell_variance, "cell_variance", above=0)),
        float(numbers(cluster_variance, "cluster_variance", low=0)),
    )
    below = (clusters * u - w) * s2 + (u**2 + clusters * periods * u - periods * w - clusters * v) * t2
    if below <= 0:
        raise InputError("this design cannot tell the effect from time")
    return clusters * s2 * (s2 + periods * t2) / below


def fading_wedge_variance(design: npt.ArrayLike, patients: float, sd_within: float, icc: float, cac: float) -> float:
    """Variance of the effect where a cluster's periods correlate less than its patients do within one, by least squares.

    patients: in one cluster and period.  sd_within: of patients within a cluster.  cac: cluster autocorrelation, 1 where correlation does
    not fade (Hussey and Hughes).  Assuming 1 overstates power.
    """
    x = _cells(design)
    r, kept = float(share(icc, "icc")), float(share(cac, "cac"))
    if r >= 1:
        raise InputError("icc is 1", expected="less than 1")
    n, s2 = float(numbers(patients, "patients", above=0)), float(numbers(sd_within, "sd_within", above=0)) ** 2
    clusters, periods = x.shape
    between = s2 * r / (1 - r)
    cell = (s2 / n + (1 - kept) * between) * np.eye(periods) + kept * between
    weight = np.linalg.inv(cell)
    rows = np.zeros((clusters, periods, periods + 1))
    rows[:, :, :periods], rows[:, :, periods] = np.eye(periods), x
    information = np.einsum("cpi,pq,cqj->ij", rows, weight, rows)
    if np.linalg.matrix_rank(information) <= periods:
        raise InputError("this design cannot tell the effect from time")
    return float(np.linalg.inv(information)[-1, -1])


def power(effect: npt.ArrayLike, variance: npt.ArrayLike, alpha: float = 0.05, *, both_tails: bool = False) -> Array:
    """The chance that a two-sided test at level alpha finds an effect of this size.

    both_tails counts also what is found the wrong way round, as swCRTdesign does; it matters only where power is next to nothing.
    """
    from scipy.special import ndtr, ndtri

    x = np.abs(np.asarray(effect)) / np.sqrt(numbers(variance, "variance", above=0))
    z = ndtri(1 - float(share(alpha, "alpha")) / 2)
    return np.asarray(ndtr(x - z) + (ndtr(-x - z) if both_tails else 0.0))


def woertman(icc: npt.ArrayLike, patients: float, steps: int, after: int = 1, before: int = 1) -> Array:
    """How many times a stepped wedge's patients are those of a trial by patient: a quick look.

    patients: in a cluster at each measurement.  after, before: measurements after each step, and before the first one.
    """
    if steps < 2 or after < 1 or before < 0:
        raise InputError(
            f"{steps} steps, {after} measurements after and {before} before", expected="at least 2, 1 and 0"
        )
    r, n = share(icc, "icc"), float(numbers(patients, "patients", above=0))
    seen = (1 + r * (steps * after * n + before * n - 1)) / (1 + r * (steps * after * n / 2 + before * n - 1))
    return seen * 3 * (1 - r) / (2 * after * (steps - 1 / steps))


class TrialSize(NamedTuple):
    """A parallel trial's size for each arm: patients if each were drawn alone, the design effect, and clusters."""

    patients: Array
    design_effect: Array
    clusters: Array


def parallel_size(
    control: npt.ArrayLike,
    changed: npt.ArrayLike,
    cluster_size: npt.ArrayLike,
    icc: npt.ArrayLike,
    size_cv: npt.ArrayLike = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
) -> TrialSize:
    """Size of a trial of two proportions with clusters (not rounded up), whose sizes vary by `size_cv`."""
    from scipy.special import ndtri

    p0, p1 = share(control, "control"), share(changed, "changed")
    if (p0 == p1).any():
        raise InputError("no trial finds a difference of nothing")
    z = ndtri(1 - float(share(alpha, "alpha")) / 2) + ndtri(float(share(power, "power")))
    alone = z**2 * (p0 * (1 - p0) + p1 * (1 - p1)) / (p1 - p0) ** 2
    m, cv = numbers(cluster_size, "cluster_size", above=0), numbers(size_cv, "size_cv", low=0)
    effect = 1 + ((1 + cv**2) * m - 1) * share(icc, "icc")
    return TrialSize(alone, effect, alone * effect / m)


def _cells(design: npt.ArrayLike) -> npt.NDArray[np.int64]:
    x = np.asarray(design)
    if x.ndim != 2 or not np.isin(x, (0, 1)).all():
        raise InputError(
            "a design is not understood",
            expected="rows of clusters, columns of periods, 1 where the change is in place",
        )
    return x.astype(np.int64)
