"""What else is published of practices: QOF points, need-weighted lists, appointments, submissions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from ..facts import Array
from .assemble import Draft, count, mean_of, year_in

STREAMS = {
    "primary_care": "primary_care_weighted_list",
    "general_acute": "general_acute_weighted_list",
    "community": "community_weighted_list",
    "mental_health": "mental_health_weighted_list",
    "maternity": "maternity_weighted_list",
    "prescribing": "prescribing_weighted_list",
    "health_inequalities": "health_inequalities_weighted_list",
}
SMOKING = 91547  # Fingertips: prevalence of current smoking from QOF; its count is the smokers
MONTHS = 12


def fill_measures(draft: Draft) -> None:
    """All facts that a publication gives as they are, by year."""
    _yearly(draft, "qof_points", {"points": "qof_points"}, "published")
    _yearly(
        draft, "weighted_population", STREAMS, "derived", "the allocation year's; 'Final PMC' is the primary care one"
    )
    _follow_the_list(draft)
    _monthly(draft, "appointments_practice", "appointments", "appointments")
    _monthly(draft, "online_consultations", "submissions", "online_submissions")
    _smokers(draft)


def _follow_the_list(draft: Draft) -> None:
    """Need-weighted lists moved to the year's own list: the weight of a patient is kept, the number of patients is not.

    The publication counts on a list of some time before, and a practice may have emptied or doubled since.
    """
    kept = [f for f in STREAMS.values() if f in draft.facts]
    _yearly(draft, "weighted_population", {"patients": "_counted"}, "published")
    if not kept or "_counted" not in draft.facts:
        return
    counted = draft.facts.pop("_counted")
    draft.provenance.pop("_counted")
    now = draft.facts["list_size"]
    moved = np.where((counted > 0) & ~np.isnan(now), now / np.where(counted > 0, counted, 1.0), 1.0)
    for name in kept:
        draft.facts[name] = draft.facts[name] * moved
        said = draft.provenance[name]
        draft.provenance[name] = replace(
            said, note=f"{said.note}; moved from the list it was counted on to the year's own"
        )


def _yearly(draft: Draft, kind: str, columns: dict[str, str], status: str, note: str = "") -> None:
    """Facts from a publication's columns: the mean of a year's extracts, NaN in years without one."""
    for column, fact in columns.items():
        by_year: dict[int, list[Array]] = defaultdict(list)
        files: list[str] = []
        for p in draft.of(kind):
            if column in p.frame.columns and p.when is not None and year_in(p.when) in draft.row:
                by_year[year_in(p.when)].append(draft.scatter(p.frame, column))
                files += p.files
        if not files:
            continue
        grid = draft.blank()
        for year, rows in by_year.items():
            grid[0, draft.row[year]] = mean_of(rows)
        draft.put(fact, grid, status, files, note)


def _monthly(draft: Draft, kind: str, column: str, fact: str) -> None:
    """A yearly fact from monthly publications: the mean month times twelve."""
    import polars as pl

    by_year: dict[int, list[Array]] = defaultdict(list)
    files: list[str] = []
    for p in draft.of(kind):
        if p.when is None or year_in(p.when) not in draft.row or column not in p.frame.columns:
            continue
        # a month in which a practice has rows but no figure is not a month of nought
        months = p.frame.group_by("practice", maintain_order=True).agg(
            pl.when(pl.col(column).count() > 0).then(pl.col(column).sum())
        )
        by_year[year_in(p.when)].append(draft.scatter(months, column))
        files += p.files
    if not files:
        return
    grid = draft.blank()
    for year, rows in by_year.items():
        grid[0, draft.row[year]] = mean_of(rows) * MONTHS
    covered = ", ".join(
        f"{count(len(rows), 'month')} of {year}/{(year + 1) % 100:02d}" for year, rows in sorted(by_year.items())
    )
    draft.put(fact, grid, "derived", files, f"the mean month times twelve: {covered}")


def _smokers(draft: Draft) -> None:
    """Fact current_smokers: the count of the smoking indicator, by year of its period."""
    import polars as pl

    from ...engine.errors import InputError
    from ...engine.years import parse_year

    grid, files = draft.blank(), list[str]()
    for p in draft.of("fingertips"):
        frame = p.frame.filter(pl.col("indicator_id").cast(pl.Int64, strict=False) == SMOKING)
        for (period,), rows in frame.group_by("period", maintain_order=True):
            try:
                year = parse_year(str(period))
            except InputError:
                continue
            if year in draft.row:
                grid[0, draft.row[year]] = draft.scatter(rows.drop_nulls("count"), "count")
                files += p.files
    if files:
        draft.put("current_smokers", grid, "published", files)
