"""Cells: numbers, dates, codes, rows of the wrong width, headers twice; each fault with its row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from making import PAYMENTS, csv_text, payment, read_one, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file
from gpcontract.england.publications.words import key, month_in, parse_date, parse_number, stem, year_in

NAME = "payments 2024-25.csv"


@pytest.mark.parametrize(
    "text, number",
    [
        ("1,234.50", 1234.5), ("£1,234", 1234.0), ("-£5", -5.0), (" 7 ", 7.0), ("12%", 12.0), ("-3.5", -3.5),
        ("£-1,000,000.01", -1000000.01), ("−4", -4.0), ("1,23", None), ("1.234,5", None), ("=1+1", None), ("12a", None),
        ("(5)", None), ("1 2", None), ("", None), ("£", None), ("--5", None), (".5", 0.5),
    ],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text, day",
    [
        ("31/03/2025", date(2025, 3, 31)), ("2025-03-31", date(2025, 3, 31)), ("01JAN2021", date(2021, 1, 1)),
        ("01Jul2023", date(2023, 7, 1)), ("01-Sep-20", date(2020, 9, 1)), ("20130401", date(2013, 4, 1)),
        ("36251", date(1999, 4, 1)), ("2025-03-31 00:00:00", date(2025, 3, 31)), ("Mar 2025", date(2025, 3, 1)),
        ("31/02/2025", None), ("13/13/2025", None), ("tomorrow", None), ("01XXX2021", None), ("2024", None),
    ],
)  # fmt: skip
def test_dates(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "name, year",
    [
        ("nhspaymentsgp-17-18-csv.csv", 2017), ("14-15.csv.gz", 2014), ("payments_2017-18", 2017),
        ("AIF_practice_weighted_population_2023_2024", 2023), ("GP_wp_202425", 2024), ("payments2425.csv", 2024),
        ("pop 2022/23", 2022), ("gp-reg-pat-prac-all_2025-03-01.csv", None), ("nhspaymentsgp-99-00", None),
        ("QOF2021_v2", None), ("report 2019-21", None), ("2019/20", 2019),
    ],
)  # fmt: skip
def test_years_in_names(name: str, year: int | None) -> None:
    assert year_in(name) == year


def test_compact_years_of_qof() -> None:
    assert year_in("ACHIEVEMENT_2021.csv", compact=True) == 2020
    assert year_in("QOF_1920.zip", compact=True) == 2019


def test_months_in_names() -> None:
    assert month_in("1 General Practice – December 2025 Practice Level - Detailed.csv") == date(2025, 12, 1)
    assert month_in("GPWPracticeCSV.062021.zip") == date(2021, 6, 1)
    assert month_in("epraccur_2019-12.csv") == date(2019, 12, 1)


def test_headers_compare_by_letters_and_digits() -> None:
    assert key("Practice_Code") == key("practice.code") == key(" Practice  Code\n")
    assert stem("Other Payments1") == "otherpayments"
    assert key("LIST SIZE – ages 17+") == key("list size ages 17+")


def test_marks_of_suppression_are_null_and_counted(tmp_path: Path) -> None:
    for mark in ("*", "-", "", "NA", "ND", "N/A"):
        text = csv_text(PAYMENTS, [payment("A81001", **{"Other Payments": mark}), payment("A81002")])
        found = read_one(tmp_path, NAME, text)
        assert found.frame["other"].to_list() == [None, 500.0]
        assert any("other is blank or suppressed for 1 practices" in w for w in found.warnings)


def test_thousands_and_pounds(tmp_path: Path) -> None:
    text = csv_text(PAYMENTS, [payment("A81001", **{"Global Sum": "£1,234.50"}), payment("A81002")])
    assert read_one(tmp_path, NAME, text).frame["global_sum"].to_list() == [1234.5, 100.0]


@pytest.mark.parametrize("word", ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "abc", "1e999", "NaN", "inf", "1.2.3"])
def test_formulas_and_words_are_errors_with_their_row(tmp_path: Path, word: str) -> None:
    text = csv_text(PAYMENTS, [payment("A81001"), payment("A81002", **{"Global Sum": word}), payment("A81003")])
    with pytest.raises(DataError, match=r"payments 2024-25.csv, row 3: .*Global Sum") as caught:
        read_file(write(tmp_path, NAME, text))
    if word[0] in "=@":
        assert "formula" in caught.value.problem


@pytest.mark.parametrize("change", [lambda r: r[:-1], lambda r: [*r, "7"], lambda r: r[:5]])
def test_rows_of_the_wrong_width(tmp_path: Path, change: object) -> None:
    rows = [payment("A81001"), payment("A81002"), change(payment("A81003")), payment("A81004")]  # type: ignore[operator]
    with pytest.raises(DataError, match=r"row 4: has \d+ cells where the heading has 27"):
        read_file(write(tmp_path, NAME, csv_text(PAYMENTS, rows)))


def test_a_short_first_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 2: has 26 cells"):
        read_file(write(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001")[:-1], payment("A81002")])))


def test_commas_in_quotes_are_not_cells(tmp_path: Path) -> None:
    text = csv_text(
        (*PAYMENTS, ""), [[*payment("A81001", **{"Practice Address": 'The "Old" Hall, High St, Town'}), ""]]
    )
    assert read_one(tmp_path, NAME, text).frame.height == 1


def test_an_unclosed_quote(tmp_path: Path) -> None:
    text = csv_text(PAYMENTS, [payment("A81001"), payment("A81002"), payment("A81003")])
    broken = text.replace("Practice Name of A81002", '"Practice Name of A81002')
    with pytest.raises(DataError, match="row 3: an opening quotation mark is never closed"):
        read_file(write(tmp_path, NAME, broken))


def test_stray_quotes_that_swallow_rows_are_told(tmp_path: Path) -> None:
    text = csv_text(PAYMENTS, [payment(f"A8100{i}") for i in range(5)])
    broken = text.replace("Practice Name of A81001", '"Practice Name').replace("Practice Name of A81002", 'Name"')
    try:
        found = read_one(tmp_path, NAME, broken)
    except DataError as error:
        assert "cells" in str(error)
    else:
        assert any("line breaks within quotation marks" in w for w in found.warnings)


def test_the_same_heading_twice(tmp_path: Path) -> None:
    headers = [*PAYMENTS, "Global Sum"]
    with pytest.raises(DataError, match="two columns are headed 'Global Sum'"):
        read_file(write(tmp_path, NAME, csv_text(headers, [[*payment("A81001"), "5"]])))
    same = read_one(tmp_path, NAME, csv_text(headers, [[*payment("A81001"), "100.00"]]))
    assert any("two identical columns" in w for w in same.warnings)


def test_columns_without_a_heading(tmp_path: Path) -> None:
    empty = read_one(tmp_path, NAME, csv_text([*PAYMENTS, ""], [[*payment("A81001"), ""]]))
    assert not any("no heading" in w for w in empty.warnings)
    full = read_one(tmp_path, NAME, csv_text([*PAYMENTS, ""], [[*payment("A81001"), "9"]]))
    assert any("column 28 has no heading but holds values" in w for w in full.warnings)


def test_blank_rows_are_left_out_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    lines = csv_text(
        PAYMENTS, [payment("A81001"), payment("A81002"), payment("A81003", **{"Global Sum": "oops"})]
    ).split("\n")
    text = "\n".join([lines[0], lines[1], "," * 26, lines[2], lines[3], ""])
    with pytest.raises(DataError, match="row 5"):
        read_file(write(tmp_path, NAME, text))
    fine = read_one(tmp_path, NAME, text.replace(",oops,", ",1,"))
    assert any("1 blank rows were left out (row 3 ...)" in w for w in fine.warnings)


def test_a_file_without_a_last_line_end_is_told(tmp_path: Path) -> None:
    found = read_one(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001")]).rstrip("\n"))
    assert any("no line end after the last row" in w for w in found.warnings)


def test_titles_above_the_headers(tmp_path: Path) -> None:
    text = "NHS Payments to General Practice\n\nPublished 2025\n" + csv_text(
        PAYMENTS, [payment("A81001", **{"Global Sum": "oops"})]
    )
    with pytest.raises(DataError, match="row 5"):
        read_file(write(tmp_path, NAME, text))


@pytest.mark.parametrize("code", ["", "TOTAL FOR ENGLAND", "A8", "A81001/2"])
def test_rows_that_are_not_practices(tmp_path: Path, code: str) -> None:
    with pytest.raises(DataError, match="row 3: practice code is"):
        read_file(write(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001"), payment(code)])))
