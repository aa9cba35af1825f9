"""Tidy facts: what anyone may bring in one plain table (practice, when, fact, value, source), laid over the published.

`fact` is a name from facts.yaml, published_<line>, list_<sex>_<band> (one of the 14 Carr-Hill bands; all are needed) or
`successor` (the value is an ODS code). A date falls in its financial year; several dates of one year are averaged; no
date means every year. A tidy value takes the place of an official one, and how far they differ is reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from .assemble import Draft, count
from .facts import CARR_HILL_BANDS, catalogue

if TYPE_CHECKING:
    import polars as pl

BAND_FACTS = tuple(f"list_{band}" for band in CARR_HILL_BANDS)
LIST_FACTS = ("open_share", "list_size", "weighted_list_published")
DIFFERS = 0.005  # a tidy value this far from the official one, of it, is a difference


def read_tidy(draft: Draft) -> pl.DataFrame | None:
    """All tidy rows with their year (null: every year), successors and unknown facts taken out and told of."""
    import polars as pl

    parts = [
        p.frame.select(
            "practice",
            "fact",
            pl.col("value").cast(pl.String),
            pl.col("source").cast(pl.String).fill_null("no source"),
            year=_years(p.frame),
            file=pl.lit(p.files[0]),
        )
        for p in draft.of("tidy")
    ]
    if not parts:
        return None
    rows = pl.concat(parts)
    successors = rows.filter(pl.col("fact") == "successor")
    draft.scratch["given_successors"] = {
        a.upper(): b.strip().upper()
        for a, b in successors.select("practice", "value").iter_rows()
        if b and a.upper() != b.strip().upper()
    }
    known = {*catalogue(), *BAND_FACTS}
    strange = rows.filter(~pl.col("fact").is_in([*known, "successor"]))
    for (name, file), some in strange.group_by("fact", "file", maintain_order=True):
        draft.warnings.append(
            f"{file}: {count(some.height, 'row')} of tidy fact '{name}', which is in no catalogue, left out"
        )
    rows = rows.filter(pl.col("fact").is_in(list(known))).with_columns(pl.col("value").cast(pl.Float64, strict=False))
    bad = rows["value"].null_count()
    if bad:
        draft.warnings.append(f"tidy facts: {count(bad, 'row')} whose value is not a number left out")
    rows = rows.drop_nulls("value").with_columns(at=pl.Series(draft.at(rows.drop_nulls("value")["practice"])))
    lost = rows.filter(pl.col("at") < 0)
    if lost.height:
        draft.warnings.append(
            f"tidy facts: {count(lost.height, 'row')} left out, for {count(lost['practice'].n_unique(), 'practice')} that no "
            "payments file or list names"
        )
    outside = rows.filter(pl.col("year").is_not_null() & ~pl.col("year").is_in(list(draft.years)))
    if outside.height:
        spans = sorted(outside["year"].unique().to_list())
        draft.warnings.append(
            f"tidy facts: {count(outside.height, 'row')} for years not assembled ({spans[0]} to {spans[-1]}) left out"
        )
    return rows.filter(pl.col("at") >= 0)


def _years(frame: pl.DataFrame) -> pl.Expr:
    """The financial year of `when`, a date, a year, text of either, or nothing."""
    import polars as pl

    when = frame["when"]
    if when.dtype == pl.Date:
        day = pl.col("when")
        return pl.when(day.dt.month() >= 4).then(day.dt.year()).otherwise(day.dt.year() - 1).cast(pl.Int64)
    if when.dtype.is_integer():
        return pl.col("when").cast(pl.Int64)
    text = pl.col("when").cast(pl.String).str.strip_chars()
    day = text.str.to_date("%Y-%m-%d", strict=False)
    year = pl.when(day.dt.month() >= 4).then(day.dt.year()).otherwise(day.dt.year() - 1).cast(pl.Int64)
    return pl.coalesce(year, text.str.extract(r"^(\d{4})").cast(pl.Int64, strict=False))


def years_of(frame: pl.DataFrame) -> set[int]:
    """Years in which tidy facts open a year of England: those that give lists."""
    import polars as pl

    lists = frame.filter(pl.col("fact") == "list_size")
    return set(lists.select(year=_years(lists))["year"].drop_nulls().to_list()) if lists.height else set()


def take_bands(draft: Draft, rows: pl.DataFrame | None) -> None:
    """Keep tidy lists by band for the profiles: scratch tidy_bands, year -> (bands by practice, files)."""
    import polars as pl

    if rows is None:
        return
    bands = rows.filter(pl.col("fact").is_in(BAND_FACTS) & pl.col("year").is_not_null())
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
        for year, at, value in means.sort("year", nulls_last=False).iter_rows():
            if year is None:
                tidy[0, :, at] = value
            elif year in draft.row:
                tidy[0, draft.row[year], at] = value
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
