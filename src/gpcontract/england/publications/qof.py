"""Quality and Outcomes Framework (NHS England, annual): points by practice, and the raw CSV files."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from .payments import check_sizes
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import key, year_in

SUB_BOARD = (
    "sub icb loc ods code",
    "sub icb ods code",
    "sub icb code",
    "ccg ods code (practice parent)",
    "ccg ods code",
    "ccg code",
)


def year_of_file(table: Table, what: str) -> int:
    """The year in the file's name (QOF files also write 2021 for 2020/21), else in its folder's."""
    for name in table.names:
        year = year_in(name, compact=True)
        if year is not None:
            return year
    raise table.error(
        f"does not say of which year its {what} are",
        expected="a name that holds the financial year, such as 2022-23",
        hint="rename the file",
    )


@layout(
    "QOF overall achievement by practice",
    "qof_points",
    needs=(
        "practice code",
        ("list size", "all ages"),
        (
            "achievement score (559 max)",
            "achievement score (max 559)",
            "achievement score (635 max)",
            "achievement score (567 max)",
            "achievement score (564 max)",
            "achievement score",
            "achievement score (max 635)",
            "achievement score (max 567)",
            "achievement score (max 564)",
        ),
    ),
)
def read_points(table: Table) -> Iterator[Publication]:
    """One publication: points achieved, the year's maximum, and the most that the practice's registers allow."""
    score = next(str(i) for i, h in enumerate(table.headers) if key(h).startswith("achievementscore"))
    most = re.search(r"\d{3,4}", table.headers[int(score)])
    possible = next(
        (
            str(i)
            for i, h in enumerate(table.headers)
            if key(h).startswith(("totalpointsforindicators", "maxqofpointsavailable"))
        ),
        None,
    )
    points = table.numeric(score, least=0)
    available = float(most[0]) if most else None
    if available is None:
        table.warn("does not say how many points there are in all")
    elif isinstance(top := points.max(), float) and top > available + 0.005:
        at = int(points.arg_max())  # type: ignore[arg-type]
        raise table.error(f"{top:,.2f} points are more than the {available:g} there are", at)
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "list_size": table.number("list size", "all ages", least=0),
            "points": points,
            "points_available": pl.Series([available], dtype=pl.Float64).new_from_index(0, table.height),
            "points_possible": table.numeric(possible, least=0) if possible else table.number("none", missing=True),
            "sub_board_code": table.maybe(*SUB_BOARD),
            "network_code": table.maybe("pcn ods code", "pcn code"),
        }
    )
    check_sizes(table, frame["list_size"], frame["practice"])
    frame = table.one_each(frame, ["practice"])
    yield table.publication("qof_points", year_of_file(table, "points"), frame)
