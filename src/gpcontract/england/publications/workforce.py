"""General Practice Workforce and Primary Care Network Workforce (NHS England, monthly): who works where.

Dates are the last day of the census month. 'NA' and 'ND' (no data) are null: such a practice's staff are not known.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import reduce
from operator import add

import polars as pl

from ..facts import CARR_HILL_BANDS
from .payments import check_sizes
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import month_in

#: Our column, and the official columns that add up to it (each ends in _FTE or _HC).
STAFF = {
    "gp": ("TOTAL_GP_EXTGL",),
    "partner": ("TOTAL_GP_SEN_PTNR", "TOTAL_GP_PTNR_PROV"),
    "salaried": ("TOTAL_GP_SAL_BY_PRAC", "TOTAL_GP_SAL_BY_OTH"),
    "retainer": ("TOTAL_GP_RET",),
    "locum": ("TOTAL_GP_LOCUM_VAC", "TOTAL_GP_LOCUM_ABS", "TOTAL_GP_LOCUM_OTH"),
    "trainee": tuple(f"TOTAL_GP_TRN_GR_{grade}" for grade in ("ST1", "ST2", "ST3", "ST4", "OTH", "F1_2")),
    "nurse": ("TOTAL_NURSES",),
    "direct_care": ("TOTAL_DPC",),
    "admin": ("TOTAL_ADMIN",),
}
BANDS = {
    band: f"{band.split('_')[0]}_patients_{band.split('_', 1)[1].replace('_', 'to').replace('+', 'plus')}"
    for band in CARR_HILL_BANDS
}


def census(table: Table, year: str = "census year", month: str = "census month") -> date:
    """The last day of the month that the file's columns, or else its name, say it is of."""
    if table.find(year) is not None and table.find(month) is not None:
        both = pl.DataFrame({"y": table.number(year), "m": table.number(month)}).unique()
        if both.height != 1 or None in both.row(0):
            raise table.error("holds more than one month, or a blank one", expected="one census month in each file")
        y, m = (int(v) for v in both.row(0))
        if not (2000 <= y <= date.today().year + 2 and 1 <= m <= 12):
            raise table.error(f"is of month {m} of {y}, which no census is")
    else:
        named = next((d for name in table.names if (d := month_in(name)) is not None), None)
        if named is None:
            raise table.error(
                "does not say of which month it is", expected="a name that holds it, such as 'March 2025'"
            )
        y, m = named.year, named.month
    return date(y, m, monthrange(y, m)[1])


@layout(
    "General Practice Workforce, practice level, detailed",
    "workforce_practice",
    needs=("prac code", "total patients", "total gp hc", "total gp fte", "total nurses fte"),
)
def read_practice(table: Table) -> Iterator[Publication]:
    """Full-time equivalents and headcounts by role, patients, and patients by Carr-Hill band where given."""
    frame: dict[str, pl.Series] = {
        "practice": table.codes("prac code"),
        "network_code": table.maybe("pcn code").str.to_uppercase(),
        "patients": table.number("total patients", least=0),
    }
    check_sizes(table, frame["patients"], frame["practice"])
    for suffix, official in (("fte", "FTE"), ("headcount", "HC")):
        for name, parts in STAFF.items():
            frame[f"{name}_{suffix}"] = _sum(table, [f"{part}_{official}" for part in parts])
    # rounding of hours apart, all GPs less the qualified permanent ones
    frame["locum_trainee_fte"] = (table.number("total gp fte", least=0) - frame["gp_fte"]).clip(lower_bound=0.0)
    if all(table.find(header) is not None for header in BANDS.values()):
        for band, header in BANDS.items():
            frame[band] = table.number(header, least=0)
    else:
        table.warn("has no patients by sex and age band")
    found = table.one_each(pl.DataFrame(frame), ["practice"])
    unknown = found["gp_fte"].null_count()
    if unknown:
        table.warn(f"staff of {unknown:,} of {found.height:,} practices are not known (NA or ND)")
    yield table.publication("workforce_practice", census(table), found)


def _sum(table: Table, headers: list[str]) -> pl.Series:
    """The sum of the columns that are there (a grade that a year lacks adds nothing); null where any of those is."""
    there = [table.number(h, least=0) for h in headers if table.find(h) is not None]
    if not there:
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, table.height)
    return reduce(add, there)  # null where any part is


@layout(
    "General Practice Workforce, practice level, high level",
    "workforce_roles",
    needs=("prac code", "staff group", "detailed staff role", "measure", "value"),
    parts=("practice", "staff_group", "role", "measure"),
)
def read_roles(table: Table) -> Iterator[Publication]:
    """One row for each practice, role and measure ('fte', 'headcount')."""
    frame = pl.DataFrame(
        {
            "practice": table.codes("prac code"),
            "staff_group": table.text("staff group"),
            "role": table.text("detailed staff role"),
            "measure": table.text("measure").str.to_lowercase(),
            "value": table.number("value", least=0),
        }
    )
    frame = table.one_each(frame, ["practice", "staff_group", "role", "measure"])
    yield table.publication("workforce_roles", census(table, "year", "month"), frame)


@layout(
    "Primary Care Network Workforce, individual level",
    "workforce_network",
    needs=("census year", "census month", "pcn code", "staff group", "staff role", "detailed staff role", "fte"),
    only=("sub icb code", "icb code"),
)
def read_network(table: Table) -> Iterator[Publication]:
    """Full-time equivalents of each network by role: the people in the file, added up."""
    people = pl.DataFrame(
        {
            "network_code": table.codes("pcn code", length=(1, 8)),
            "sub_board_code": table.maybe("sub icb code", "ccg code"),
            "board_code": table.maybe("icb code", "stp code"),
            "staff_group": table.text("staff group"),
            "staff_role": table.text("staff role"),
            "role": table.text("detailed staff role"),
            "fte": table.number("fte"),
        }
    )
    unknown = people["fte"].null_count()
    if unknown:
        table.warn(f"the hours of {unknown:,} people are not known and count as none")
    below = int((people["fte"] < 0).sum())
    if below:
        at = int((people["fte"] < 0).fill_null(False).arg_true()[0])
        table.warn(
            f"{below} people have less than no hours ({people['fte'][at]:g} in row {table.row(at)}): kept as published"
        )
    over = people["fte"].max()
    if isinstance(over, float) and over > 2:
        at = int(people["fte"].arg_max())  # type: ignore[arg-type]
        table.warn(f"one person has {over:g} full-time equivalents (row {table.row(at)}): check it")
    by = [c for c in people.columns if c != "fte"]
    yield table.publication(
        "workforce_network", census(table), people.group_by(by, maintain_order=True).agg(pl.col("fte").sum())
    )
