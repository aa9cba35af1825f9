"""Tidy facts laid over what is published: publications/tidy.py says how they are written.

A date falls in its financial year; several dates of one year are averaged. A tidy value takes the place of an official
one, and how many differ is reported. Lists by band need all 14 bands of a practice and year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from ...engine.years import span_name
from ..facts import CARR_HILL_BANDS
from .assemble import Draft, count

if TYPE_CHECKING:
    import polars as pl

BAND_FACTS = tuple(f"list_by_band.{band}" for band in CARR_HILL_BANDS)
LIST_FACTS = ("open_share", "list_size", "weighted_list_published")
UNCHANGING = ("latitude", "longitude")  # one figure stands for every year
DIFFERS = 0.005  # a tidy value this far from the official one, of it, is a difference


def read_tidy(draft: Draft) -> pl.DataFrame | None:
    """All tidy rows of practices and years that are assembled; successors kept apart, the rest told of."""
    import polars as pl

    parts = [p.frame.select("practice", "year", "fact", "value", "code", "source") for p in draft.of("tidy")]
    if not parts:
        return None
    rows = pl.concat(parts)
    given = rows.filter((pl.col("fact") == "successor") & (pl.col("practice") != pl.col("code"))).sort("year")
    draft.scratch["given_successors"] = dict(given.select("practice", "code").iter_rows())
    rows = rows.filter(pl.col("fact") != "successor").drop_nulls("value")
    rows = rows.with_columns(at=pl.Series(draft.at(rows["practice"])))
    lost = rows.filter(pl.col("at") < 0)
    if lost.height:
        draft.warnings.append(
            f"tidy facts: {count(lost.height, 'row')} left out, for {count(lost['practice'].n_unique(), 'practice')} that no "
            "payments file or list names"
        )
    outside = rows.filter(~pl.col("year").is_in(list(draft.years)))
    if outside.height:
        spans = span_name(outside["year"].unique().to_list())
        draft.warnings.append(f"tidy facts: {count(outside.height, 'row')} left out, for {spans}: no lists for then")
    return rows.filter((pl.col("at") >= 0) & pl.col("year").is_in(list(draft.years)))


def years_of(frame: pl.DataFrame) -> set[int]:
    """Years in which tidy facts open a year of England: those that give lists."""
    import polars as pl

    return set(frame.filter(pl.col("fact") == "list_size")["year"].unique().to_list())


def take_bands(draft: Draft, rows: pl.DataFrame | None) -> None:
    """Keep tidy lists by band for the profiles: scratch tidy_bands, year -> (bands by practice, files)."""
    import polars as pl

    if rows is None:
        return
    bands = rows.filter(pl.col("fact").is_in(BAND_FACTS))
    found = {}
    for (year,), some in bands.group_by("year", maintain_order=True):
        grid = np.full((len(BAND_FACTS), draft.shape[1]), np.nan)
        for b, fact in enumerate(BAND_FACTS):
            mine = some.filter(pl.col("fact") == fact)
            grid[b, mine["at"].to_numpy()] = mine["value"].to_numpy()
        found[int(year)] = (grid, tuple(sorted(f"tidy: {s}" for s in some["source"].unique())))  # type: ignore[call-overload]
    draft.scratch["tidy_bands"] = found


def lay_over(draft: Draft, rows: pl.DataFrame | None, only: Collection[str] = (), but: Collection[str] = ()) -> None:
    """Put tidy values in place of, or beside, what is published; differences from official values are reported."""
    import polars as pl

    if rows is None:
        return
    rows = rows.filter(~pl.col("fact").is_in([*BAND_FACTS, *but]))
    if only:
        rows = rows.filter(pl.col("fact").is_in(list(only)))
    differing: dict[str, int] = defaultdict(int)
    for (fact,), some in rows.group_by("fact", maintain_order=True):
        name = str(fact)
        grid = draft.facts.get(name, draft.blank()).copy()
        tidy = draft.blank()
        means = some.group_by("year", "at", maintain_order=True).agg(pl.col("value").mean())
        rows_at = means["year"].replace_strict(draft.row, return_dtype=pl.Int64).to_numpy()
        tidy[0, rows_at, means["at"].to_numpy()] = means["value"].to_numpy()
        if name in UNCHANGING:
            draft.fill_across_years(tidy)
        had = ~np.isnan(grid) & ~np.isnan(tidy) & (grid != 0)
        differing[name] = int((np.abs(tidy - grid)[had] > DIFFERS * np.abs(grid[had])).sum())
        sources = [f"tidy: {s}" for s in sorted(some["source"].unique())]
        given = int((~np.isnan(tidy)).sum())
        if name not in draft.facts:
            draft.put(name, tidy, "published", sources)
        else:
            draft.facts[name] = np.where(np.isnan(tidy), grid, tidy)
            draft.add_note(name, f"{count(given, 'practice-year')} from tidy facts", sources)
        if name == "list_size":
            share = draft.facts["open_share"]
            draft.facts["open_share"] = np.where((tidy > 0) & (share == 0), 1.0, share)
    for name, n in differing.items():
        if n:
            draft.warnings.append(
                f"{name}: {count(n, 'tidy value')} differ from the official by more than {DIFFERS:.1%}; the tidy are used"
            )
