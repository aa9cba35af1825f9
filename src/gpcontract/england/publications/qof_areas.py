"""QOF workbooks by commissioner (one sheet for each condition, headings in three rows): registers, points, indicators.

Counts and points are read; rates that only divide two of them are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table
from .words import key

CODE = ("ccg code", "ccg ods code (practice parent)", "sub icb loc ods code", "icb ods code")
NAME = ("ccg name", "ccg name (practice parent)", "sub icb loc name", "icb name")
_INDICATOR = re.compile(r"\b([A-Z]{1,5}(?:-PP)?\d{3})\b")
_YEAR = re.compile(r"^\s*(20\d\d)-\d\d\d?\W*$")  # a footnote digit may follow
#: The beginning of a heading's key, and the measure that it is; the first that fits.
MEASURES = (
    ("numberofpractices", "practices"), ("register", "register"), ("totalachievementscore", "points"),
    ("achievementscore", "points"), ("averageachievementscore", ""), ("achievement", ""), ("totalexceptions", "exceptions"),
    ("totalpcas", "pcas"), ("totaldenominators", "denominator"), ("numerator", "numerator"), ("denominatorplus", ""),
    ("denominator", "denominator"), ("exceptionrate", ""), ("exceptions", "exceptions"), ("pcarate", ""), ("pcas", "pcas"),
    ("prevalence", "prevalence"), ("overall", ""), ("underlying", ""), ("patientsreceiving", ""), ("percentage", ""),
    ("yearonyear", ""),
)  # fmt: skip


@layout(
    "QOF by commissioner, one sheet for each condition",
    "qof_areas",
    needs=(CODE, NAME, "number of practices"),
    lacks=("practice code",),
    parts=("area_code", "group", "indicator", "measure"),
    repeats=True,
)
def read(table: Table) -> Iterator[Publication]:
    """A publication for each year in the sheet: the year's own with indicators, the year before with totals alone."""
    code, name = table.need(*CODE), table.need(*NAME)
    area = table.column(code).str.to_uppercase()
    rows = area.str.contains(r"^[A-Z0-9]{3,5}$").fill_null(False)
    rest = table.frame.filter(~rows).select(pl.sum_horizontal(pl.all().is_not_null()).alias("filled"))["filled"]
    if (rest > 1).any():
        table.warn(f"{int((rest > 1).sum())} rows have no commissioner's code (totals?) and were left out")
    labels = list(_labels(table, int(table.need("number of practices"))))
    newest = max((year for _, year, _, _ in labels if year is not None), default=None)
    if newest is None:
        raise table.error("says nowhere which year its columns are for", expected="2018-19 or the like above them")
    marks = pl.DataFrame(
        [(c, newest if y is None else y, i, m) for c, y, i, m in labels],
        schema={"column": pl.String, "year": pl.Int64, "indicator": pl.String, "measure": pl.String},
        orient="row",
    )
    wide = pl.DataFrame(
        {"area_code": area, "area_name": table.column(name), **_figures(table, marks["column"].to_list())}
    )
    long = wide.filter(rows).unpivot(index=["area_code", "area_name"], variable_name="column", value_name="value")
    found = long.join(marks, on="column").with_columns(pl.lit(table.sheet).alias("group"))
    order = ["area_code", "area_name", "group", "indicator", "measure", "value"]
    for (year,), frame in sorted(found.partition_by("year", as_dict=True).items()):
        yield table.publication("qof_areas", int(year), frame.select(order))


def _figures(table: Table, columns: list[str]) -> dict[str, pl.Series]:
    """Columns as numbers, in one go; those with cells that are not plain numbers one by one."""
    quick = table.frame.select(pl.col(columns).cast(pl.Float64, strict=False))
    empty, blank = quick.null_count().row(0), table.frame.select(columns).null_count().row(0)
    return {c: quick[c] if e == b else table.numeric(c) for c, e, b in zip(columns, empty, blank, strict=True)}


def _labels(table: Table, first: int) -> Iterator[tuple[str, int | None, str | None, str]]:
    """For each column of figures: its position, its year (None: the sheet's own), its indicator and its measure."""
    year: int | None = None
    indicator: str | None = None
    for at in range(first, len(table.headers)):
        above = [row[at] for row in table.above[-4:]]
        near = next((cell for cell in reversed(above[-1:]) if cell.strip()), "")
        for cell in above:
            if "year on year" in cell.lower():
                year = -1
            elif (named := _YEAR.match(cell)) is not None:
                year, indicator = int(named[1]), None
            elif (coded := _INDICATOR.search(cell)) and len(cell) < 60:
                year, indicator = None, coded[1]
        header = table.headers[at]
        if header.strip().startswith("(") or key(header) in (
            "plusexceptions",
            "pluspcas",
            "netofexceptions",
            "netofpcas",
        ):
            header = f"{near} {header}"
        measure = _measure(header)
        if measure and year != -1 and "percentage point" not in header:
            yield str(at), year, indicator, measure


def _measure(header: str) -> str:
    """What a heading measures, or '' where it is a rate made from others."""
    k = key(header)
    if k.startswith(("listsize", "estimatedlistsize")):
        ages = re.search(r"(?:ages\s*)?((?:<=|>=)?\s*\d+\s*(?:\+|-\s*\d+)?)\s*$", header)
        return "list_size" + (f"_{ages[1].replace(' ', '')}" if ages else "")
    return next((measure for start, measure in MEASURES if k.startswith(start)), "")
