"""Worth: which uncertain figure matters most, and what it would be worth to know it before choosing a contract.

Both are read from the draws alone. What a quantity is expected to be at each value of a figure is fitted by orthogonal polynomials of the
figure's rank, up to the fourth, and a straight line of the figure itself. The share of the quantity's variance that the fit explains, less what chance alone would explain,
is the figure's first-order share. A choice made by a quantity is the contract that is best in expectation; knowing a figure is worth
what the best choice at each of its values gains over that one choice (the expected value of perfect information on that figure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.draws import stream
from ..engine.errors import InputError
from ..findings.figures import kept as once
from . import drawn
from .kept import Kept
from .quantities import BETTER

Array = npt.NDArray[np.float64]
DEGREE = 4  # of the polynomials: a curve with three bends
FEWEST = 100  # draws, below which nothing is said
UNMOVED = 200  # made quantities that no figure moves, to see what share chance alone shows
TELLING = 0.95  # of them, the largest share of any figure is no more than what is said
TOLD = 2.0  # standard errors from which a worth is told from nothing
AGAIN = 60  # fits that are drawn anew within their errors, to say how far chance moves a worth


@dataclass(frozen=True)
class Worth:
    """One uncertain figure. share: of the variance of a quantity under the first contract that it explains alone.  between: of the variance of
    the differences of the others from it.  value: what knowing it is worth to a choice by the quantity, in its unit.  Errors are standard errors.
    """

    name: str
    title: str
    share: float
    share_error: float
    between: float
    between_error: float
    value: float
    value_error: float

    @property
    def pays(self) -> bool:
        """Whether knowing the figure is worth more than chance makes of nothing."""
        return self.value > TOLD * self.value_error

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Ranking:
    """Figures by how much they matter to one quantity, most first. sd: of the quantity under the first contract.  best: the contract
    chosen in expectation, '' where neither way is better.  perfect: what knowing everything would be worth, luck too.  by_chance: the
    largest share that any of so many figures would show in 19 of 20 such sets of draws if none mattered.
    """

    quantity: str
    year: int
    sd: float
    best: str
    perfect: float
    by_chance: float
    draws: int
    worths: tuple[Worth, ...]

    @property
    def telling(self) -> tuple[Worth, ...]:
        """The figures whose share, of the quantity or of differences in it, chance alone would not show."""
        return tuple(w for w in self.worths if max(w.share, w.between) > self.by_chance)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def ranking(kept: Kept, quantity: str, year: int | None = None) -> Ranking:
    """What matters most to a quantity in a year (the last). Raises InputError where the draws are too few to say."""
    n = len(kept.lucky)
    if n < FEWEST:
        raise InputError(f"{n} draws cannot say what matters", expected=f"{FEWEST} or more", hint="--draws 1000")
    at = kept.years.index(year) if year is not None else len(kept.years) - 1
    return once(kept, f"ranking {quantity} {at}", lambda: _ranking(kept, quantity, at))


def _ranking(kept: Kept, quantity: str, at: int) -> Ranking:
    y = np.stack([kept.series(c, quantity)[at, kept.lucky] for c in kept.names])
    sign = {"more": 1.0, "less": -1.0}.get(BETTER.get(quantity, ""), 0.0)
    bases = once(
        kept, "bases of figures", lambda: {n: polynomials(x) for n, x in kept.figures.items() if np.ptp(x) > 0}
    )
    seed = int(kept.about["seed"])
    noise = once(kept, "shares by chance", lambda: by_chance(bases, seed))
    means = sign * y.mean(1)
    best = kept.names[int(means.argmax())] if sign and len(y) > 1 else ""
    perfect = float((sign * y).max(0).mean() - means.max()) if best else 0.0
    found = worths(y, bases, sign, seed, noise)
    return Ranking(quantity, kept.years[at], float(y[0].std(ddof=1)), best, perfect, noise, len(kept.lucky), found)


def worths(y: Array, bases: Mapping[str, Array], sign: float, seed: int = 1, least: float = 0.0) -> tuple[Worth, ...]:
    """Every figure's share and worth, the largest first. y: (contract, draw).  bases: the polynomials of each figure.  sign: 1 where more is
    better, -1 where less is, 0 neither.  least: the share up to which a figure is not told from chance, and knowing it worth nothing.
    """
    made = []
    gaps = y[1:] - y[0]
    for name, basis in bases.items():
        share = shares(y[:1], basis)
        between = shares(gaps, basis) if len(gaps) else (0.0, 0.0)
        tells = sign and len(gaps) and max(share[0], between[0]) > least
        value = value_of(sign * y, basis, seed) if tells else (0.0, 0.0)
        made.append(Worth(name, drawn.title(name), *share, *between, *value))
    return tuple(sorted(made, key=lambda w: -max(w.share, w.between)))


def by_chance(bases: Mapping[str, Array], seed: int = 1) -> float:
    """The largest share that any of some figures shows of a quantity that none of them moves, in 19 of 20 such quantities."""
    if not bases:
        return 0.0
    n = len(next(iter(bases.values())))
    nothing = stream(seed, "unmoved").standard_normal((UNMOVED, n))
    return float(np.quantile(np.max([_explained(nothing, b) for b in bases.values()], axis=0), TELLING))


def _explained(rows: Array, basis: Array) -> Array:
    """The share of each row's variance that a basis explains, less what chance alone would: (row,)."""
    n, p = basis.shape
    centred = rows - rows.mean(-1, keepdims=True)
    whole = np.maximum((centred**2).sum(-1), 1e-300)
    raw = ((centred @ basis) ** 2).sum(-1) / whole
    return np.asarray(np.maximum(1.0 - (1.0 - raw) * (n - 1) / (n - p - 1), 0.0))


def polynomials(x: Array, degree: int = DEGREE) -> Array:
    """Orthonormal polynomials of the rank of a figure, and the figure itself, without the constant: (draw, term). Draws that tie have one rank."""
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    rank = 2.0 * (middle[inverse] - 0.5) / len(x) - 1.0
    powers = np.polynomial.legendre.legvander(rank, min(degree, len(values) - 1))
    made: Array = np.linalg.qr(powers)[0]
    line = (x - x.mean()) / x.std()
    rest = line - made @ (made.T @ line)
    size = np.linalg.norm(rest)
    if size > 1e-6 * len(x) ** 0.5:
        made = np.column_stack([made, rest / size])
    return made[:, 1:]


def shares(y: Sequence[Array] | Array, basis: Array) -> tuple[float, float]:
    """The share of the variance of some quantities, taken together, that a figure explains, and its standard error."""
    rows = np.atleast_2d(np.asarray(y))
    n, p = basis.shape
    centred = rows - rows.mean(-1, keepdims=True)
    whole = (centred**2).sum()
    if whole <= 0:
        return 0.0, 0.0
    raw = ((centred @ basis) ** 2).sum() / whole
    adjusted = 1.0 - (1.0 - raw) * (n - 1) / (n - p - 1)
    kept = min(max(float(adjusted), 0.0), 1.0)
    return kept, float(np.sqrt(4 * kept * (1 - kept) ** 2 / n + 2 * p / n**2))


def value_of(gain: Array, basis: Array, seed: int = 1) -> tuple[float, float]:
    """What knowing a figure is worth to the choice with the most gain, and its standard error. gain: (contract, draw).

    Choosing by a fit gains a little by its errors alone; what fits drawn anew within those errors gain more is taken off.
    """
    n, p = basis.shape
    means = gain.mean(-1, keepdims=True)
    gap = gain - gain[:1]  # what all contracts share is no part of a choice
    centre = gap.mean(-1, keepdims=True)
    slopes = (gap - centre) @ basis
    fitted = centre + slopes @ basis.T
    rest = gap - fitted
    spread = np.linalg.cholesky(
        rest[1:] @ rest[1:].T / max(n - p - 1, 1) + 1e-12 * np.eye(len(gap) - 1) * max(float((rest**2).mean()), 1e-300)
    )
    z = stream(seed, "worth").standard_normal((AGAIN, len(gap) - 1, p))
    again = fitted + np.concatenate([np.zeros((AGAIN, 1, n)), (spread @ z) @ basis.T], axis=1)
    best = int(means.argmax())
    worth = float((fitted.max(0) - fitted[best]).mean())
    others = (again.max(1) - again[:, best]).mean(-1)
    bias = float(others.mean()) - worth
    return max(worth - max(bias, 0.0), 0.0), float(others.std(ddof=1))
