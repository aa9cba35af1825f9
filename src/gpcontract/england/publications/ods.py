"""Organisation Data Service, epraccur: every prescribing centre with its dates, no headers, 27 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Head, Table
from .words import month_in

STATUS = {
    "A": "active",
    "ACTIVE": "active",
    "C": "closed",
    "CLOSED": "closed",
    "INACTIVE": "closed",
    "D": "dormant",
    "DORMANT": "dormant",
    "P": "proposed",
    "PROPOSED": "proposed",
}
#: Prescribing setting of a GP practice: '4' in the older layout, role RO76 in the newer.
GP_PRACTICE = ("4", "RO76")


def _is_epraccur(head: Head) -> bool:
    some = [row for row in head.rows[:5] if row]
    return bool(some) and all(
        len(row) == 27 and re.match(r"^[A-Z0-9]{3,8}$", row[0].strip()) and row[12].strip().upper() in STATUS
        for row in some
    )


@layout("ODS epraccur", "ods_practices", sniff=_is_epraccur)
def read(table: Table) -> Iterator[Publication]:
    """One publication, dated by the file's name, else by the newest date in it."""
    status = table.column("12").str.to_uppercase()
    odd = ~status.is_in(list(STATUS)).fill_null(False)
    if odd.any():
        at = int(odd.arg_true()[0])
        raise table.error(f"'{status[at]}' is not a status", at, expected="A, C, D, P, ACTIVE, INACTIVE or DORMANT")
    setting = table.column("25")
    frame = pl.DataFrame(
        {
            "practice": table.codes("column 1"),
            "name": table.column("1"),
            "town": table.column("7"),
            "postcode": table.column("9"),
            "national_grouping": table.column("2"),
            "commissioner": table.column("14"),
            "opened": table.date("column 11"),
            "closed": table.date("column 12"),
            "status": status.replace_strict(STATUS, return_dtype=pl.String),
            "prescribing_setting": setting,
            "is_gp_practice": setting.is_in(list(GP_PRACTICE)).fill_null(False),
        }
    )
    frame = table.one_each(frame, ["practice"])
    when = next((d for name in table.names[:-1] if (d := month_in(name)) is not None), None)
    if when is None:
        changes = pl.concat([frame["opened"], frame["closed"]]).drop_nulls()
        newest = [day for day in changes.unique() if day <= date.today()]
        if not newest:
            raise table.error("does not say of when it is", expected="a name that holds the month, such as 2026-02")
        when = max(newest)
        table.warn(f"has no date in its name: dated {when} by the newest opening or closing in it")
    yield table.publication("ods_practices", when, frame)
