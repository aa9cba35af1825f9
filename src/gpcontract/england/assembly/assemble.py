"""The draft of an England while publications are read into it: one row per year, one column per practice.

A grid is float64 shaped (1, year, practice); a banded grid has its band axis in front of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.areas import Areas
from ...engine.years import first_day, last_day, year_of
from ..facts import Array, Provenance

if TYPE_CHECKING:
    import polars as pl

    from ..publications import Publication

NOT_PUBLISHED = np.nan


def middle(year: int) -> date:
    """The middle day of a financial year."""
    return date(year, 9, 30)


def day_of(when: date | int | None, default: date = date(2000, 1, 1)) -> date:
    """The day a publication speaks of; an annual one speaks of the middle of its year."""
    if when is None:
        return default
    return middle(when) if isinstance(when, int) else when


def year_in(when: date | int) -> int:
    """The financial year a publication speaks of."""
    return when if isinstance(when, int) else year_of(when)


def count(n: int, noun: str) -> str:
    """A count with its noun: '1 practice', '2,000 practices'."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def mean_of(rows: list[Array]) -> Array:
    """The mean over extracts of what each gives; NaN where none gives any."""
    stack = np.array(rows)
    n = (~np.isnan(stack)).sum(0)
    return np.where(n > 0, np.nansum(stack, 0) / np.maximum(n, 1), np.nan)


@dataclass
class Draft:
    """What has been assembled so far, and what was used, lacked or doubtful."""

    years: tuple[int, ...]
    codes: tuple[str, ...]
    publications: Sequence[Publication]
    facts: dict[str, Array] = field(default_factory=dict)
    areas: dict[str, Areas] = field(default_factory=dict)
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    lacked: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    scratch: dict[str, Any] = field(default_factory=dict)  # dates and flags that later steps need and no fact holds

    def __post_init__(self) -> None:
        self.column = {code: i for i, code in enumerate(self.codes)}
        self.row = {year: i for i, year in enumerate(self.years)}
        self._own = {id(p.frame) for p in self.publications}
        self._kept: dict[int, np.ndarray] = {}

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.years), len(self.codes)

    def of(self, *kinds: str) -> list[Publication]:
        """The publications of some kinds, earliest first."""
        found = [p for p in self.publications if p.kind in kinds]
        return sorted(found, key=lambda p: (day_of(p.when), p.kind, p.files))

    def blank(self, fill: float = NOT_PUBLISHED, lead: tuple[int, ...] = (1,)) -> Array:
        """A grid of one value: (*lead, year, practice)."""
        return np.full((*lead, *self.shape), fill)

    def at(self, practices: pl.Series) -> np.ndarray:
        """Each practice's column, -1 where this England has no such practice."""
        import polars as pl

        if "codes" not in self.scratch:
            self.scratch["codes"] = pl.DataFrame({"practice": self.codes, "at": np.arange(len(self.codes))})
        frame = practices.cast(pl.String).to_frame("practice")
        found = frame.join(self.scratch["codes"], on="practice", how="left", maintain_order="left")
        return found["at"].fill_null(-1).to_numpy()

    def _rows(self, frame: pl.DataFrame) -> np.ndarray:
        """As `at`, kept for the frames of publications, whose columns are laid out one by one."""
        if id(frame) not in self._own:
            return self.at(frame["practice"])
        if id(frame) not in self._kept:
            self._kept[id(frame)] = self.at(frame["practice"])
        return self._kept[id(frame)]

    def scatter(self, frame: pl.DataFrame, column: str, fill: float = NOT_PUBLISHED) -> Array:
        """One column of a publication laid out by practice: (practice,). Null becomes NaN."""
        import polars as pl

        out = np.full(self.shape[1], fill)
        at = self._rows(frame)
        values = frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
        out[at[at >= 0]] = values[at >= 0]
        return out

    def texts(self, frame: pl.DataFrame, column: str) -> list[str | None]:
        """One text column laid out by practice."""
        out: list[str | None] = [None] * self.shape[1]
        for at, text in zip(self._rows(frame).tolist(), frame[column].to_list(), strict=True):
            if at >= 0:
                out[at] = text
        return out

    def put(self, name: str, grid: Array, status: str, files: Iterable[str], note: str = "") -> None:
        """Keep a finished fact with where it came from."""
        self.facts[name] = grid
        self.provenance[name] = Provenance(status, tuple(dict.fromkeys(files)), note)

    def files_of(self, *facts: str) -> tuple[str, ...]:
        """The files behind some facts, for the provenance of what is worked out from them."""
        return tuple(dict.fromkeys(f for name in facts if name in self.provenance for f in self.provenance[name].files))

    def add_note(self, name: str, note: str, files: Iterable[str] = (), status: str | None = None) -> None:
        """Add a caveat to a fact's provenance."""
        old = self.provenance[name]
        joined = "; ".join(x for x in (old.note, note) if x)
        self.provenance[name] = Provenance(status or old.status, tuple(dict.fromkeys((*old.files, *files))), joined)

    def nearest_first(self, known: Iterable[int], year: int) -> list[int]:
        """Row numbers of other years ordered by distance from a year, the earlier first."""
        rows = [self.row[y] for y in known]
        return sorted(rows, key=lambda i: (abs(self.years[i] - year), self.years[i] > year))

    def fill_across_years(self, grid: Array, not_before: int = 0) -> int:
        """Fill NaN of each practice from its nearest year that has a value; returns how many cells were filled."""
        filled, source = 0, grid.copy()
        for y, year in enumerate(self.years):
            if year < not_before:
                continue
            for other in self.nearest_first((o for o in self.years if o != year and o >= not_before), year):
                gap = np.isnan(grid[..., y, :]) & ~np.isnan(source[..., other, :])
                filled += int(gap.sum())
                grid[..., y, :] = np.where(gap, source[..., other, :], grid[..., y, :])
        return filled

    def fill_from_areas(self, grid: Array, *kinds: str) -> int:
        """Fill NaN of (1, year, practice) with the list-weighted mean of the practice's area that year, the first kind
        of area that knows one, else England's; returns how many practices needed it."""
        weights = np.nan_to_num(self.facts["list_size"][0]) + 1e-9
        needed = np.isnan(grid[0]).any(0) & (self.facts["open_share"][0] > 0).any(0)
        for kind in (*kinds, None):
            for y in range(len(self.years)):
                gap, known = np.isnan(grid[0, y]), ~np.isnan(grid[0, y])
                if not gap.any() or not known.any():
                    continue
                index = self.areas[kind].index[y] if kind else np.zeros(self.shape[1], int)
                n = int(index.max(initial=0)) + 1
                inside = known & (index >= 0)
                weight = np.bincount(index[inside], weights[y][inside], n)
                total = np.bincount(index[inside], (weights[y] * np.nan_to_num(grid[0, y]))[inside], n)
                with np.errstate(invalid="ignore"):
                    mean = np.where(weight > 0, total / weight, np.nan)
                grid[0, y] = np.where(gap & (index >= 0), mean[np.maximum(index, 0)], grid[0, y])
        return int(needed.sum())


def share_of_year(year: int, opened: date | None, closed: date | None) -> float:
    """The share of a financial year between an opening and a closing day, both inside."""
    start, end = max(first_day(year), opened or date.min), min(last_day(year), closed or date.max)
    return max(0, (end - start).days + 1) / ((last_day(year) - first_day(year)).days + 1)
