"""Fingertips (OHID): deprivation scores of practices, and any other indicator by practice, in its CSV layout."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table

#: Index of Multiple Deprivation score of a practice: indicator 93553 (2010, 2015 and 2019 indices), 94240 (2025).
DEPRIVATION = ("93553", "94240")


@layout(
    "a Fingertips indicator",
    "deprivation",
    "fingertips",
    needs=("indicator id", "area code", "value"),
    only=("indicator name", "area type", "sex", "age", "time period", "year", "count", "denominator", "category type"),
)
def read(table: Table) -> Iterator[Publication]:
    """Deprivation: one publication for each year of the index. Any other indicator: one publication, without a date."""
    period = table.maybe("time period") if table.find("time period") else table.maybe("year")
    frame = pl.DataFrame(
        {
            "indicator_id": table.text("indicator id").str.replace(r"\.0$", ""),
            "indicator": table.maybe("indicator name"),
            "practice": table.text("area code").str.to_uppercase(),
            "area_type": table.maybe("area type"),
            "period": period,
            "sex": table.maybe("sex"),
            "age": table.maybe("age"),
            "value": table.number("value"),
            "count": table.number("count", missing=True),
            "denominator": table.number("denominator", missing=True),
        }
    )
    practices = (
        frame["area_type"].str.to_lowercase().str.contains(r"^gps?$").fill_null(False)
        if frame["area_type"].null_count() < frame.height
        else frame["practice"].str.contains(r"^[A-Z][0-9A-Z]{5}$").fill_null(False)
    )
    frame = frame.filter(practices).drop("area_type")
    if not frame.height:
        table.warn("holds no practices")
        return
    frame = frame.unique(maintain_order=True)  # a practice is listed once under each parent area
    for (number,), part in frame.partition_by("indicator_id", as_dict=True, maintain_order=True).items():
        if number not in DEPRIVATION:
            yield table.publication("fingertips", None, part)
            continue
        for (year,), scores in part.partition_by("period", as_dict=True, maintain_order=True).items():
            if year is None or not str(year)[:4].isdigit():
                raise table.error(f"'{year}' is not the year of an index", expected="a period such as 2019")
            yield _scores(table, int(str(year)[:4]), scores)


def _scores(table: Table, year: int, scores: pl.DataFrame) -> Publication:
    """One year's scores, null where none is given."""
    found = scores.select("practice", pl.col("value").alias("score")).unique(maintain_order=True)
    twice = found.filter(found["practice"].is_duplicated())
    if twice.height:
        raise table.error(
            f"two different scores for {twice['practice'][0]} in {year}: {twice['score'][0]} and {twice['score'][1]}",
            expected="one score for each practice and year",
        )
    wrong = found.filter((pl.col("score") < 0) | (pl.col("score") > 100))
    if wrong.height:
        raise table.error(
            f"score {wrong['score'][0]} of {wrong['practice'][0]} is no deprivation score", expected="0 to 100"
        )
    return table.publication("deprivation", year, found)
