"""Tidy facts: the one format in which anyone can bring local, derived or third-party figures, as CSV or Parquet.

    practice,when,fact,value,source
    A81001,2019/20,qof_points,545.5,my extract of the QOF tables
    A81001,2023-03-31,gp_fte,3.4,workforce survey March 2023
    A81003,2017-10-31,successor,A81011,board minutes
    A81001,2023-03-31,list_by_band.male_0_4,210,our list

The heading is exactly that. `when` is a financial year (2019/20) or an ISO date. `fact` is a name of
england/facts.yaml (a banded one with its band after a dot), published_<line> for a line of england/lines.yaml, or
`successor`, whose value is the code of the practice that took the list on. Blank values mean 'not known'.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from ...engine.errors import nearest
from ...engine.years import parse_year, year_of
from ..facts import CARR_HILL_BANDS, catalogue
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import NO_FIGURE, parse_date

HEADING = ("practice", "when", "fact", "value", "source")
#: Facts whose value is the code of another practice.
SUCCESSION = ("successor",)
#: Units whose figures cannot be negative, and the most that they can be.
BOUNDS = {
    "fraction": (0.0, 1.0), "yes or no": (0.0, 1.0), "patients": (0.0, 1e6), "weighted patients": (0.0, 1e6),
    "points": (0.0, 2_000.0), "full-time equivalents": (0.0, 5_000.0), "people": (0.0, 5_000.0), "appointments": (0.0, 1e8),
    "submissions": (0.0, 1e8), "score": (0.0, 100.0), "fifth": (1.0, 5.0), "rating": (1.0, 4.0), "ratio": (0.0, 1e3),
}  # fmt: skip


def known_facts() -> dict[str, str]:
    """Every name that `fact` may be, with its unit."""
    names: dict[str, str] = {}
    for name, entry in catalogue().items():
        if entry.get("bands") == "carr_hill":
            names |= {f"{name}.{band}": entry["unit"] for band in CARR_HILL_BANDS}
        else:
            names[name] = entry["unit"]
    return names


@layout("tidy facts", "tidy", needs=HEADING)
def read(table: Table) -> Iterator[Publication]:
    """One publication. Columns: practice, when (as written), year (Int32, the financial year it is or falls in),
    date (null for a year), fact, value (Float64, null where not known), code (for successors), source.
    """
    if tuple(h.strip().lower() for h in table.headers) != HEADING:
        raise table.error(
            f"is headed {','.join(table.headers)}", expected=",".join(HEADING), hint="five columns, in this order"
        )
    facts = table.text("fact")
    units = known_facts()
    known = facts.is_in([*units, *SUCCESSION]).fill_null(False)
    if not known.all():
        at = int((~known).arg_true()[0])
        raise table.error(
            f"'{facts[at]}' is not a fact" if facts[at] else "the fact is blank", at,
            expected="a name in england/facts.yaml, published_<line>, or successor",
            hint=nearest(facts[at] or "", [*units, *SUCCESSION]) or "see `gpcontract england catalogue`",
        )  # fmt: skip
    succession = facts.is_in(list(SUCCESSION))
    cells = table.text("value")
    source = table.text("source")
    if source.null_count():
        raise table.error(
            "the source is blank", int(source.is_null().arg_true()[0]), expected="where the figure is from"
        )
    years, dates = _when(table)
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice"), "when": table.text("when"), "year": years, "date": dates,
            "fact": facts, "value": _values(table, facts, units, succession), "code": _codes(table, cells, succession),
            "source": source,
        }
    )  # fmt: skip
    yield table.publication("tidy", None, table.one_each(frame, ["practice", "when", "fact"]))


def _when(table: Table) -> tuple[pl.Series, pl.Series]:
    """Financial years, and dates where dates are given."""
    cells = table.text("when")
    years: dict[str | None, int] = {}
    dates: dict[str | None, date | None] = {}
    for word in cells.unique():
        day = parse_date(word) if word and word.count("-") == 2 else None
        try:
            years[word] = year_of(day) if day else parse_year(word or "")
        except Exception:
            years[word] = 0
        dates[word] = day
        if not 1990 <= years[word] <= 2100 or (word and word.isdigit()):
            at = int((cells.is_null() if word is None else cells == word).arg_true()[0])
            raise table.error(
                f"'{word or ''}' is not a year or a date",
                at,
                expected="a financial year such as 2019/20, or 2020-03-31",
            )
    keys = list(years)
    return (
        cells.replace_strict(keys, list(years.values()), return_dtype=pl.Int32),
        cells.replace_strict(keys, [dates[k] for k in keys], return_dtype=pl.Date),
    )


def _values(table: Table, facts: pl.Series, units: dict[str, str], succession: pl.Series) -> pl.Series:
    """Figures, each within what its unit allows."""
    at = table.need("value")
    kept = table.frame[at]
    table.frame = table.frame.with_columns(kept.set(succession, None).alias(at))
    values = table.numeric(at)
    table.frame = table.frame.with_columns(kept.alias(at))
    for fact in facts.unique():
        if fact not in units or units[fact] not in BOUNDS:
            continue
        low, high = BOUNDS[units[fact]]
        wrong = ((facts == fact) & ((values < low) | (values > high))).fill_null(False)
        if wrong.any():
            row = int(wrong.arg_true()[0])
            raise table.error(
                f"{fact} is {values[row]:,g}, which {units[fact]} cannot be", row, expected=f"{low:g} to {high:,g}"
            )
    return values


def _codes(table: Table, cells: pl.Series, succession: pl.Series) -> pl.Series:
    """The practices that succeeded others."""
    codes = cells.set(~succession, None).str.to_uppercase()
    wrong = succession & ~codes.str.contains(r"^[A-Z0-9]{3,8}$").fill_null(False)
    if wrong.any():
        at = int(wrong.arg_true()[0])
        said = cells[at] if cells[at] and cells[at].lower() not in NO_FIGURE else "blank"
        raise table.error(f"the successor is {said}", at, expected="the code of a practice, such as A81011")
    return codes
