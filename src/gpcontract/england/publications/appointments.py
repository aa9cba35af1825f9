"""Appointments in General Practice, and Submissions via Online Consultation Systems (NHS England, monthly).

Each month in a file is a publication of its own, dated by the first of the month.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table

COUNT = "count of appointments"
BETWEEN = "time between book and appt"


def _plain(cells: pl.Series) -> pl.Series:
    """Single spaces: the publisher writes '8  to 14 Days'."""
    return cells.replace({word: " ".join(word.split()) for word in cells.unique().drop_nulls()})


@layout(
    "appointments by practice",
    "appointments_practice",
    needs=(
        ("appointment month start date", "appointment month"), "gp code", "hcp type", "appt mode",
        "national category", BETWEEN, COUNT, "appt status",
    ),
    only=("pcn code",),
    parts=("practice", "hcp_type", "mode", "national_category", "time_between", "status"),
)  # fmt: skip
def read_practices(table: Table) -> Iterator[Publication]:
    """Appointments of each practice by who, how, what kind, how long waited, and whether attended."""
    frame = pl.DataFrame(
        {
            "practice": table.codes("gp code"),
            "hcp_type": table.text("hcp type"),
            "mode": table.text("appt mode"),
            "national_category": table.text("national category"),
            "time_between": _plain(table.text(BETWEEN)),
            "status": table.text("appt status"),
            "appointments": table.number(COUNT, least=0),
        }
    )
    dates = table.days("appointment month start date", "appointment month", since=2018, of="a month")
    by = [c for c in frame.columns if c != "appointments"]
    frame = table.one_each(frame.with_columns(dates.alias("month")), ["month", *by])
    yield from table.by_date("appointments_practice", frame.drop("month"), frame["month"])


@layout(
    "appointments by area",
    "appointments_areas",
    needs=(
        ("sub icb location code", "ccg code"), "appointment month", "appt status", "hcp type", "appt mode", BETWEEN, COUNT,
    ),
    lacks=("gp code",),
    parts=("sub_board_code", "hcp_type", "mode", "time_between", "status", "source"),
)  # fmt: skip
def read_areas(table: Table) -> Iterator[Publication]:
    """Appointments of each sub-board; source says whether practices or networks gave them (their layouts are the same).

    Told by the name ('PCN'), else by what only the network files write ('Booked', 'Video Conference/Online').
    """
    status, mode = table.text("appt status"), table.text("appt mode")
    named = any("pcn" in name.lower() for name in table.names[:2])
    networks = named or bool((status == "Booked").any()) or bool((mode == "Video Conference/Online").any())
    frame = pl.DataFrame(
        {
            "sub_board_code": table.codes("sub icb location code", "ccg code"),
            "hcp_type": table.text("hcp type"),
            "mode": mode,
            "time_between": _plain(table.text(BETWEEN)),
            "status": status,
            "appointments": table.number(COUNT, least=0),
        }
    )
    frame = frame.with_columns(pl.lit("networks" if networks else "practices").alias("source"))
    dates = table.days("appointment month", since=2017, of="a month")
    by = ["month", *(c for c in frame.columns if c != "appointments")]
    frame = frame.with_columns(dates.alias("month"))
    unmapped = frame["sub_board_code"] == "UNMAPPED"
    if unmapped.any():  # the publisher repeats a combination where the area is not known: no area, so added up
        table.warn(f"{frame.filter(unmapped)['appointments'].sum():,.0f} appointments are of no known area (UNMAPPED)")
        frame = pl.concat(
            [
                table.one_each(frame.filter(~unmapped), by),
                frame.filter(unmapped)
                .group_by(by, maintain_order=True)
                .agg(pl.col("appointments").sum())
                .select(frame.columns),
            ]
        )
    else:
        frame = table.one_each(frame, by)
    yield from table.by_date("appointments_areas", frame.drop("month"), frame["month"])


@layout(
    "online consultation submissions by practice",
    "online_consultations",
    needs=("gp code", "month", "submissions", "clinical submissions", "administrative submissions"),
)
def read_online(table: Table) -> Iterator[Publication]:
    """Submissions of each practice; participation is 1 where its supplier's system reported."""
    frame = pl.DataFrame(
        {
            "practice": table.codes("gp code"),
            "supplier": table.filled("supplier"),
            "submissions": table.number("submissions", least=0),
            "clinical": table.number("clinical submissions", least=0),
            "administrative": table.number("administrative submissions", least=0),
            "registered": table.number("registered patient count", least=0, missing=True),
            "participation": table.filled("participation").cast(pl.Float64, strict=False),
        }
    )
    dates = table.days("month", since=2019, of="a month")
    frame = table.one_each(frame.with_columns(dates.alias("__month")), ["__month", "practice"])
    yield from table.by_date("online_consultations", frame.drop("__month"), frame["__month"])
