"""The contract's own figures that inference needs: read from the chapters' value files, as data, so that no figure is kept twice."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...engine.values import FOREVER, Value, read_sources, read_values
from ...engine.years import year_of

CHAPTERS = Path(__file__).parents[2] / "chapters"
READ = ("capitation", "income_guarantee", "quality")  # the chapters whose figures an England rests on


@cache
def settled(chapter: str) -> dict[str, Value]:
    """The values of a chapter, by name; only of those in READ, which the cache watches."""
    if chapter not in READ:
        raise KeyError(f"'{chapter}' is not among the chapters that inference reads")
    sources = read_sources(CHAPTERS / "sources.yaml", "chapters/sources.yaml")
    return read_values(CHAPTERS / chapter / "values.yaml", sources, f"chapters/{chapter}/values.yaml", chapter)


def by_year(chapter: str, name: str, years: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """A plain value in each year (Y,); the nearest known year's where it is not known."""
    value = settled(chapter)[name]
    first = min(year_of(e.first) for e in value.entries)
    last = max(year_of(e.last) if e.last != FOREVER else max(years) for e in value.entries)
    known = [y for y in range(first, last + 1) if value.shares(y)]
    return np.array([value.in_year(min(known, key=lambda k: abs(k - y))) for y in years], float)


def table(chapter: str, name: str, year: int) -> npt.NDArray[np.float64]:
    """A table in one year."""
    return settled(chapter)[name].in_year(year)
