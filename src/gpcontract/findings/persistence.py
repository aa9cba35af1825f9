"""What measured achievement in one year says of another: correlations of practices' quality points between published years.

If practices did not change, the correlation would be the reliability of one year's points. They do change, and frameworks with them, so it
lies below it; but the same patients are counted again, so that part of their luck persists too. Beside the model's, not instead of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from ..england.facts import England
from .figures import kept
from .frame import SIZES
from .history import FEWEST, LEAST, row, size_labels


@dataclass(frozen=True)
class Persistence:
    """Points of the same practices in two years. r: correlation; spread: sd of true levels in both, as a share of mean points."""

    year: int
    after: int
    size: str
    practices: int
    r: float
    spread: float

    def to_dict(self) -> dict[str, Any]:
        """The correlation as plain data."""
        return {
            "year": self.year,
            "after": self.after,
            "size": self.size,
            "practices": self.practices,
            "correlation": self.r,
            "persistent_spread": self.spread,
        }


def persistence(england: England) -> tuple[Persistence, ...]:
    """Correlations of points by list size, between each published year and the next that is; none where fewer than two are."""
    return kept(england, "persistence", partial(_persistence, england))


def _persistence(england: England) -> tuple[Persistence, ...]:
    published = england.provenance.get("qof_points")
    if "qof_points" not in england.facts or (
        published is not None and published.status not in ("published", "synthetic")
    ):
        return ()
    points = {y: row(england, "qof_points", i) for i, y in enumerate(england.years)}
    years = [y for y, x in points.items() if (np.nan_to_num(x) > 0).sum() >= FEWEST]
    found = []
    for year, after in pairwise(years):
        x, y = points[year], points[after]
        lists = row(england, "list_size", england.year(year))
        keep = (np.nan_to_num(x) > 0) & (np.nan_to_num(y) > 0) & (np.nan_to_num(lists) >= LEAST)
        band = np.digitize(np.nan_to_num(lists), SIZES)
        for i, label in [*enumerate(size_labels()), (-1, "all")]:
            here = keep & ((band == i) | (i < 0))
            if here.sum() >= FEWEST:
                a, b = x[here] / x[here].mean(), y[here] / y[here].mean()
                together = float(np.cov(a, b)[0, 1])
                r = together / float(a.std(ddof=1) * b.std(ddof=1))
                found.append(Persistence(year, after, label, int(here.sum()), r, float(np.sqrt(max(together, 0.0)))))
    return tuple(found)
