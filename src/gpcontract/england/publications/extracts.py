"""Third-party extracts of official figures (grade C): tables that others made of publications which we do not hold.

Both are by the Health Equity Evidence Centre. They are not as published: workforce by practice is the mean of a financial
year's releases, to one place of decimals; ratings are each practice's latest alone. What they say of a practice is used
only where the publication itself is not in the folder, and says 'third-party extract, grade C' wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from .payments import check_sizes
from .publication import Publication
from .registry import layout
from .tables import Table

GRADE = "third-party extract, grade C"
#: Our column, and the extract's columns that add up to it (each ends in _FTE or _HC).
STAFF = {
    "gp": ("TOTAL_GP_EXTGL",),
    "partner": ("TOTAL_GP_SEN_PTNR", "TOTAL_GP_PTNR_PROV"),
    "locum_trainee": ("TOTAL_LOCUUM_TRN",),  # as the extract spells it
    "nurse": ("TOTAL_NURSES",),
    "direct_care": ("TOTAL_DPC",),
    "admin": ("TOTAL_ADMIN",),
}
RATINGS = {"inadequate": 1.0, "requires improvement": 2.0, "good": 3.0, "outstanding": 4.0}
NOT_RATED = frozenset({"not rated", "inspected but not rated", "insufficient evidence to rate", "no published rating"})
PRACTICE = r"^[A-Z]\d{5}$"


@layout(
    "General Practice Workforce by practice and financial year (third-party extract)",
    "workforce_extract",
    needs=("practice code", "year", "total patients", "total gp extgl fte", "total admin fte"),
    lacks=("prac code",),
)
def read_workforce(table: Table) -> Iterator[Publication]:
    """One publication for each financial year: staff by role, the mean of the year's releases. Year 2016 is 2015/16.

    A practice with patients and none of any staff has sent no return: its staff are not known.
    """
    frame: dict[str, pl.Series] = {
        "practice": table.codes("practice code"),
        "year": _years(table, since=2016) - 1,
        "patients": table.number("total patients", least=0),
    }
    check_sizes(table, frame["patients"], frame["practice"])
    for suffix, official in (("fte", "FTE"), ("headcount", "HC")):
        for name, parts in STAFF.items():
            headers = [f"{part}_{official}" for part in parts]
            if all(table.find(header) for header in headers):
                columns = [table.number(header, least=0) for header in headers]
                frame[f"{name}_{suffix}"] = pl.DataFrame(columns).sum_horizontal(ignore_nulls=False)
    found = table.one_each(pl.DataFrame(frame), ["practice", "year"])
    staff = [name for name in found.columns if name.endswith(("_fte", "_headcount"))]
    nobody = ((found.select(staff).max_horizontal() == 0) & (found["patients"] > 0)).fill_null(False)
    if nobody.any():
        at = int(nobody.arg_true()[0])
        table.warn(
            f"{nobody.sum():,} rows of practices with patients have no staff at all (row {table.row(at)} the first): "
            "no return was sent, so their staff are not known"
        )
        found = found.with_columns(pl.when(~nobody).then(pl.col(name)).alias(name) for name in staff)
    unknown = found["gp_fte"].null_count()
    if unknown:
        table.warn(f"GPs of {unknown:,} of {found.height:,} practice-years are not known")
    for (year,), rows in found.partition_by("year", as_dict=True, include_key=False, maintain_order=True).items():
        yield table.publication("workforce_extract", int(year), rows, GRADE)


@layout(
    "Care Quality Commission ratings by practice and year (third-party extract)",
    "cqc_extract",
    needs=("practice code", "year", "domain", "latest rating", "service population group"),
)
def read_ratings(table: Table) -> Iterator[Publication]:
    """Each practice's latest overall rating, 1 inadequate to 4 outstanding, and the calendar year it was published in.

    Rows of branch surgeries, and rows without a practice's code, are told of and left out.
    """
    overall = [table.text(name).str.to_lowercase() == "overall" for name in ("domain", "service population group")]
    table = _only(table, (overall[0] & overall[1]).fill_null(False))
    codes = table.text("practice code").str.to_uppercase().fill_null("NA")
    surgeries = (codes != "NA") & ~codes.str.contains(PRACTICE)
    for rows, what in ((codes == "NA", "no practice's code"), (surgeries, "the code of a branch surgery")):
        if rows.any():
            at = int(rows.arg_true()[0])
            table.warn(f"{rows.sum():,} ratings have {what} and were left out (row {table.row(at)} the first)")
    table = _only(table, codes.str.contains(PRACTICE))
    if not table.height:
        raise table.error("holds no overall rating of a practice", expected="rows whose domain is Overall")
    words = table.text("latest rating").str.to_lowercase()
    known = words.is_in([*RATINGS, *NOT_RATED]).fill_null(False)
    if not known.all():
        at = int((~known).arg_true()[0])
        raise table.error(
            f"the rating is {words[at] or 'blank'}", at, expected=f"one of {', '.join(r.capitalize() for r in RATINGS)}"
        )
    unrated = int(words.is_in(list(NOT_RATED)).sum())
    if unrated:
        table.warn(f"{unrated:,} practices were looked at and not rated: left out")
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "year": _years(table, since=2013),
            "rating": words.replace_strict(RATINGS, default=None, return_dtype=pl.Float64),
        }
    )
    frame = table.one_each(frame, ["practice", "year"], "overall rating").drop_nulls("rating")
    yield table.publication("cqc_extract", None, frame, GRADE)


def _only(table: Table, keep: pl.Series) -> Table:
    """The table's rows that are wanted; messages go on naming rows as they stand in the file."""
    rows = pl.Series([table.row(at) for at in range(table.height)], dtype=pl.Int64)
    return replace(table, frame=table.frame.filter(keep), rows=rows.filter(keep))


def _years(table: Table, since: int) -> pl.Series:
    """The column of years, whole and believable."""
    found = table.number("year")
    fine = ((found % 1 == 0) & found.is_between(since, date.today().year + 1)).fill_null(False)
    if not fine.all():
        at = int((~fine).arg_true()[0])
        said = "blank" if found[at] is None else f"{found[at]:g}"
        raise table.error(f"the year is {said}", at, expected=f"a year from {since} on, such as 2024")
    return found.cast(pl.Int32)
