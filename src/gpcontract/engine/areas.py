"""Sums over the nation, a board or a network. Areas are dated: a practice may belong to another one each year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import namespace


@dataclass(frozen=True)
class Areas:
    """Which area each practice is in, year by year.

    codes, names: one per area.  index: integers shaped (year, practice) or (1, practice); -1 where a practice has none.
    """

    kind: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    index: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.codes)

    def between(self, take: Any) -> Areas:
        """The same areas for some of the years."""
        return self if self.index.shape[0] == 1 else Areas(self.kind, self.codes, self.names, self.index[take])

    def of(self, practice: int, year: int = 0) -> str | None:
        """Code of the area a practice is in, or None."""
        at = self.index[min(year, self.index.shape[0] - 1), practice]
        return None if at < 0 else self.codes[at]


def national(x: Any, weights: Any = None) -> Any:
    """The sum over all practices, kept as one column: (..., year, practice) -> (..., year, 1); of x times weights, if given."""
    if weights is None:
        return x.sum(-1, keepdims=True)
    if type(x) is np.ndarray and type(weights) is np.ndarray:
        return np.einsum("...p,...p->...", x, weights)[..., None]  # no product is kept on the way
    return (x * weights).sum(-1, keepdims=True)


def by_area(x: Any, areas: Areas) -> Any:
    """The sum over each area's practices: (..., year, practice) -> (..., year, area). Practices in no area are left out."""
    given, x = x, np.asarray(x)
    years, practices = max(x.shape[-2], areas.index.shape[0]), areas.index.shape[-1]
    x = np.broadcast_to(x, (*x.shape[:-2], years, practices))
    index = np.broadcast_to(areas.index, (years, practices))
    n = len(areas) + 1  # a last bin collects practices in no area, and is dropped
    flat = (np.where(index < 0, n - 1, index) + n * np.arange(years)[:, None]).ravel()
    rows = x.reshape(-1, years * practices)
    sums = np.stack([np.bincount(flat, weights=row, minlength=n * years) for row in rows])
    return _like(given, sums.reshape(*x.shape[:-2], years, n)[..., :-1])


def to_practice(y: Any, areas: Areas, without: float = 0.0) -> Any:
    """Each practice's own area's figure: (..., year, area) -> (..., year, practice); `without` where it has none."""
    given, y = y, np.asarray(y)
    years = max(y.shape[-2], areas.index.shape[0])
    y = np.broadcast_to(y, (*y.shape[:-2], years, y.shape[-1]))
    index = np.broadcast_to(areas.index, (years, areas.index.shape[-1]))
    found = np.take_along_axis(y, np.broadcast_to(np.maximum(index, 0), (*y.shape[:-2], *index.shape)), -1)
    return _like(given, np.where(index < 0, without, found))


def _like(given: Any, made: Any) -> Any:
    """What NumPy made, in the library of what was given: other libraries have no bincount."""
    return made if type(given) is np.ndarray else namespace(given).asarray(made)


by_network = by_board = by_area
