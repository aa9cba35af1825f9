"""Tidy facts: the format that anyone can write, and its errors."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from making import read_one, row_of, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file
from gpcontract.england.publications.tidy import HEADING, known_facts

HEAD = ",".join(HEADING) + "\n"


def test_years_dates_lines_bands_and_successors(tmp_path: Path) -> None:
    text = HEAD + (
        "A81001,2019/20,qof_points,545.5,my tables\n"
        "a81001,2023-03-31,gp_fte,3.4,survey\n"
        "A81001,2019/20,published_global_sum,\"1,000.50\",ledger\n"
        "A81003,2017-10-31,successor,a81011,minutes\n"
        "A81001,2023-03-31,list_by_band.male_0_4,210,list\n"
        "A81001,2020/21,qof_points,,not known\n"
    )  # fmt: skip
    found = read_one(tmp_path, "mine.csv", text)
    assert (found.kind, found.when) == ("tidy", None)
    assert found.frame.columns == ["practice", "when", "year", "date", "fact", "value", "code", "source"]
    row = row_of(found, fact="gp_fte")
    assert (row["practice"], row["year"], row["date"], row["value"]) == ("A81001", 2022, date(2023, 3, 31), 3.4)
    assert row_of(found, fact="published_global_sum")["value"] == 1000.5
    assert row_of(found, fact="successor")["code"] == "A81011" and row_of(found, fact="successor")["value"] is None
    assert row_of(found, year=2020)["value"] is None
    assert row_of(found, when="2019/20", fact="qof_points")["date"] is None


@pytest.mark.parametrize(
    "row, words",
    [
        ("A81001,2019/20,qof_pionts,1,me", r"row 3: 'qof_pionts' is not a fact[\s\S]*did you mean qof_points"),
        ("A81001,2019,qof_points,1,me", "row 3: '2019' is not a year or a date"),
        ("A81001,someday,qof_points,1,me", "row 3: 'someday' is not a year or a date"),
        ("A81001,2019/21,qof_points,1,me", "row 3: '2019/21' is not a year"),
        ("A81001,1066/67,qof_points,1,me", "row 3: '1066/67' is not a year"),
        ("A81001,2019/20,qof_points,many,me", "row 3: 'many' in column 'value' is not a number"),
        ("A81001,2019/20,qof_points,=1+1,me", "row 3: .*is a formula"),
        ("A81001,2019/20,qof_points,-3,me", "row 3: qof_points is -3, which points cannot be"),
        ("A81001,2019/20,list_size,3000000,me", "row 3: list_size is 3e\\+06"),
        ("A81001,2019/20,on_gms,2,me", "row 3: on_gms is 2, which yes or no cannot be"),
        ("A81001,2019/20,list_by_band,2,me", "row 3: 'list_by_band' is not a fact"),
        ("A81001,2019/20,successor,unknown place,me", "row 3: the successor is unknown place"),
        ("A81001,2019/20,successor,,me", "row 3: the successor is blank"),
        (",2019/20,qof_points,1,me", "row 3: practice is blank"),
        ("A81001,2019/20,qof_points,1,", "row 3: the source is blank"),
        ("A81001,2019/20,,1,me", "row 3: the fact is blank"),
        ("A81001,2018/19,qof_points,2,me", r"two different rows for A81001 2018/19 qof_points \(rows 2 and 3\)"),
    ],
)
def test_errors_name_row_and_hint(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_file(write(tmp_path, "mine.csv", f"{HEAD}A81001,2018/19,qof_points,1,me\n{row}\n"))


@pytest.mark.parametrize("heading", ["practice,fact,when,value,source", "practice,when,fact,value,source,note"])
def test_the_heading_is_exact(tmp_path: Path, heading: str) -> None:
    with pytest.raises(DataError, match=r"is headed [\s\S]*expected: practice,when,fact,value,source"):
        read_file(write(tmp_path, "mine.csv", heading + "\n" + ",".join("x" * len(heading.split(","))) + "\n"))


def test_parquet(tmp_path: Path) -> None:
    out = io.BytesIO()
    pl.DataFrame(
        {"practice": ["A81001"] * 2, "when": ["2019/20", "2020/21"], "fact": ["qof_points"] * 2, "value": [545.25, None],
         "source": ["me"] * 2}
    ).write_parquet(out)  # fmt: skip
    assert read_one(tmp_path, "mine.parquet", out.getvalue()).frame["value"].to_list() == [545.25, None]
    with pytest.raises(DataError, match="Parquet"):
        read_file(write(tmp_path, "mine.parquet", out.getvalue()[:40]))


def test_every_fact_and_line_can_be_brought() -> None:
    known = known_facts()
    assert {"list_size", "published_global_sum", "list_by_band.female_85+"} <= set(known)
