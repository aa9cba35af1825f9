"""GP Patient Survey (Ipsos for NHS England, annual): practice results, weighted, as published."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table

NAMES = re.compile(r"^(ad_)?(practice|ics|icb|ccg|pcn|commissioning|comm|region|stp)", re.IGNORECASE)


@layout(
    "GP Patient Survey, practice results",
    "patient_survey",
    needs=(("ad practicecode", "practice code"), "distributed", "received"),
)
def read(table: Table) -> Iterator[Publication]:
    """Questionnaires sent and returned, and every published column under its own name; negative figures are suppressed.

    The year is the financial year of the fieldwork: the 2025 survey was answered from January to March 2025, in 2024/25.
    """
    frame: dict[str, pl.Series] = {"practice": table.codes("ad practicecode", "practice code")}
    for at, header in enumerate(table.headers):
        name = " ".join(header.split())
        column = str(at)
        if not name or column == table.find("ad practicecode", "practice code") or column not in table.frame.columns:
            continue
        if NAMES.match(name):
            frame[name] = table.column(column)
            continue
        values = table.numeric(column)
        low = "distributed" if name.lower() == "distributed" else "received" if name.lower() == "received" else name
        frame[low] = values.set((values < 0).fill_null(False), None)
    found = table.one_each(pl.DataFrame(frame), ["practice"])
    year = next((int(m[1]) for name in table.names if (m := re.search(r"(?<!\d)(20[12]\d)(?!\d)", name))), None)
    if year is None:
        raise table.error("does not say of which year it is", expected="a name that holds the year, such as GPPS_2025")
    yield table.publication("patient_survey", year - 1, found, f"GP Patient Survey {year}")
