"""GP Earnings and Expenses Estimates (NHS England, annual): the CSV annex of a year, and the time series workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Head, Table
from .words import parse_number, snake, year_in

_YEAR = re.compile(r"^\s*(20\d\d)/(\d\d)")


@layout(
    "GP Earnings and Expenses, CSV annex",
    "earnings",
    needs=("gp type", "contract type", "country", "practice type", ("type", "measure"), "value"),
)
def read(table: Table) -> Iterator[Publication]:
    """Every category as published, in snake case; `type` is the measure. A name with one year is taken as the tax year's end."""
    measure = table.need("type", "measure")
    value = table.need("value")
    frame = {
        snake(header): table.column(str(at))
        for at, header in enumerate(table.headers)
        if header.strip() and str(at) not in (measure, value)
    }
    found = pl.DataFrame({**frame, "type": table.column(measure), "value": table.numeric(value)})
    year = next((y for name in table.names if (y := year_in(name)) is not None), None)
    if year is None:
        ends = next((int(m[1]) for name in table.names if (m := re.search(r"(?<!\d)(20\d\d)(?!\d)", name))), None)
        if ends is None:
            raise table.error(
                "does not say of which year it is", expected="a name that holds the tax year, such as 2022-23"
            )
        year = ends - 1
        table.warn(f"is named {ends}, taken as the tax year that ended then")
    yield table.publication("earnings", year, found)


def _is_series(head: Head) -> bool:
    return _header(head.rows) is not None


def _header(rows: tuple[tuple[str, ...], ...]) -> int | None:
    """The row that names categories and then years."""
    for at, row in enumerate(rows):
        first = next((i for i, cell in enumerate(row) if _YEAR.match(cell)), 0)
        named = any(cell.lower().startswith(("category", "measure")) for cell in row[:first])
        if named or (first and sum(bool(_YEAR.match(cell)) for cell in row) >= 4):
            return at
    return None


@layout(
    "GP Earnings and Expenses, time series",
    "earnings_series",
    sniff=_is_series,
    parts=("sheet", "at", "year", "heading"),
    repeats=True,
)
def read_series(table: Table) -> Iterator[Publication]:
    """Each table of the workbook, long: sheet, its title, the row's labels joined by ' | ', year and value.

    `heading` is the year as headed ('2014/15 [note 4]' is a revision); suppressed and missing cells are left out.
    """
    rows = [tuple(cell or "" for cell in row) for row in table.frame.head(45).iter_rows()]
    at = _header(tuple(rows))
    if at is None:
        raise table.error("has no row of years")
    years = {i: cell for i, cell in enumerate(rows[at]) if _YEAR.match(cell)}
    labels = [i for i in range(min(years)) if rows[at][i].strip()]
    body = table.frame.slice(at + 1).with_row_index("at", offset=table.first_row + at + 1)
    names = [re.sub(r"\s*\[note.*", "", " ".join(rows[at][i].split())) for i in labels]
    keys = pl.concat_str([pl.col(str(i)).str.strip_chars().fill_null("") for i in labels], separator=" | ").alias("row")
    long = (
        body.with_columns(keys)
        .unpivot([str(i) for i in years], index=["at", "row"], variable_name="column", value_name="text")
        .filter(pl.col("text").is_not_null())
    )
    text = long["text"].str.replace(r"\s*(r|\[note.*)$", "").str.strip_chars()
    meaning = {word: parse_number(word) for word in text.unique()}
    odd = sorted(
        w for w, v in meaning.items() if v is None and w not in (":", "c", "z", "-", "..", "*", "", "na", "n/a")
    )
    odd = [w for w in odd if w.upper() not in ("SIG", "NOT SIG", "NA", "N/A")]
    if odd:
        table.warn(f"{len(odd)} kinds of cell are not numbers and were left out ({', '.join(map(repr, odd[:3]))})")
    found = long.with_columns(
        text.replace_strict(meaning, return_dtype=pl.Float64).alias("value"),
        pl.lit(table.sheet).alias("sheet"),
        pl.lit(next((row[0] for row in rows[1:at] if row[0].strip()), "")).alias("title"),
        pl.lit(" | ".join(names)).alias("labels"),
        pl.col("column").replace_strict({str(i): " ".join(h.split()) for i, h in years.items()}).alias("heading"),
        pl.col("column")
        .replace_strict({str(i): int(h.strip()[:4]) for i, h in years.items()}, return_dtype=pl.Int64)
        .alias("year"),
    ).filter(pl.col("value").is_not_null())
    yield table.publication(
        "earnings_series", None, found.select("sheet", "title", "labels", "at", "row", "year", "heading", "value")
    )
