"""Need-weighted populations by practice (NHS England allocations): the workbooks and their CSV sheets."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .payments import check_sizes
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import key, year_in

WEIGHTED = {
    "general_acute": ("g&a wp",),
    "community": ("cs wp",),
    "mental_health": ("mh wp",),
    "maternity": ("mat wp",),
    "health_inequalities": ("health ineq wp",),
    "prescribing": ("prescr wp",),
    "overall": ("final wp",),
    "primary_care_need": ("primary medical care wp", "primary medical care need"),
    "primary_care": ("final pmc wp",),
}
LABELS = {
    "name": ("gp practice name",),
    "postcode": ("practice postcode",),
    "network_code": ("pcn code",),
    "sub_board_code": ("loc", "ccg"),
    "board_code": ("icb", "ics"),
    "region_code": ("r", "rcode"),
    "local_authority": ("lad", "la"),
}


@layout(
    "need-weighted populations by practice",
    "weighted_population",
    needs=("practice code", "g&a wp", "cs wp", "mh wp", "final wp", "health ineq wp"),
)
def read(table: Table) -> Iterator[Publication]:
    """One publication: the year from the sheet's name, then the file's, then the population column's heading."""
    people = next((str(i) for i, h in enumerate(table.headers) if key(h).startswith("pop")), None)
    year = _year(table, people)
    frame: dict[str, pl.Series] = {"practice": table.codes("practice code")}
    for name, spellings in LABELS.items():
        frame[name] = _first_filled(table, spellings)
    for name in ("latitude", "longitude"):
        frame[name] = table.number(name, missing=True)
    counted = table.number("patients", least=0, missing=True)
    if counted.null_count() == table.height and people is not None:
        counted = table.numeric(people, least=0)
    check_sizes(table, counted, frame["practice"])
    frame["patients"] = counted
    for name, spellings in WEIGHTED.items():
        frame[name] = table.number(*spellings, least=0, missing=True)
        check_sizes(table, frame[name], frame["practice"])
        if frame[name].null_count() == table.height:
            table.warn(f"{name.replace('_', ' ')} is blank for every practice (a formula saved without its value?)")
    found = table.one_each(pl.DataFrame(frame), ["practice"])
    yield table.publication("weighted_population", year, found)


def _first_filled(table: Table, spellings: tuple[str, ...]) -> pl.Series:
    """The first of these columns that is not wholly blank."""
    for spelling in spellings:
        cells = table.maybe(spelling)
        if cells.null_count() < len(cells):
            return cells
    return table.maybe("none of them")


def _year(table: Table, people: str | None) -> int:
    wording = [table.sheet or "", *table.names[:-1], table.header(people) if people else ""]
    year = next((y for name in wording if (y := year_in(name)) is not None), None)
    if year is None:
        raise table.error("does not say of which year it is", expected="a name that holds the year, such as 2024_2025")
    return year
