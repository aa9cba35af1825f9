"""How well the weighted list is modelled without the published one: practices held out five-fold, and another date."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..contracts import Contract
from ..engine.years import year_name
from ..england.facts import Array, England
from ..england.inference import needs

KNOWN = ("deprivation_score", "rural", "in_london", "dispensing", "on_gms", "on_apms", "latitude", "longitude")
FEWEST = 1000  # practices with a published list below which there is nothing to hold out


def weighted_list(england: England) -> list[dict[str, Any]]:
    """Errors of the modelled weighted list on the latest published year, and on the year before it from that year's fit.

    Neither sees the practice's own published list; the second does not see the date either.
    """
    if not {"weighted_list_published", "list_by_band", *KNOWN} <= england.facts.keys():
        return []
    published = england.fact("weighted_list_published")[0]
    years = [y for y in england.years if (published[england.year(y)] > 0).sum() >= FEWEST]
    if len(years) < 2:
        return []
    weights = Contract.load("national").values["age_sex_weights"].in_year(years[-1])
    now, then = _practices(england, years[-1]), _practices(england, years[-2])
    tests = (
        (years[-1], "held out five-fold", now, None),
        (years[-2], f"fitted on {year_name(years[-1])}", now, then),
    )
    rows = []
    for year, how, fitted, other in tests:
        found = needs.cross_validate(*fitted, weights, other_date=other)
        rows.append(
            {
                "year": year,
                "how": how,
                "practices": found.practices,
                "median": found.median,
                "p90": found.ninetieth,
                "total": found.bias,
            }
        )
    return rows


def _practices(england: England, year: int) -> tuple[needs.Practices, Array, Array]:
    """What the model may know of each practice in a year, its published weighted list and its list."""
    at = england.year(year)

    def row(name: str) -> Array:
        x = england.fact(name)[..., 0, :, :]
        return x[..., min(at, x.shape[-2] - 1), :].copy()

    here = row("list_size") > 0
    known = needs.Practices(np.where(here, np.nan_to_num(row("list_by_band")), 0.0), *(row(n) for n in KNOWN))
    return known, np.where(here, row("weighted_list_published"), np.nan), row("list_size")
