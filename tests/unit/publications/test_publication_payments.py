"""NHS Payments to General Practice: every year's headings, and every way in which a file can be wrong."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from making import END, GEOGRAPHY, LISTS, MONEY, PAYMENTS, WHO, csv_text, payment, read_one, write

from gpcontract.engine.errors import DataError
from gpcontract.england.facts import lines
from gpcontract.england.publications import read_file

NAME = "nhspaymentsgp-24-25-prac-csv.csv"


def headings(official_data: Path) -> dict[str, list[str]]:
    """Every payments file's headings as listed in the notes on layouts (a comma in a heading is kept)."""
    found = {}
    for line in (official_data / "FORMATS.md").read_text(encoding="utf-8").splitlines():
        if m := re.match(r"- `payments/([^`]+)` \(\d+\): (.*)$", line):
            found[m[1]] = [h.strip() for h in m[2].split(" | ")]
    return found


def test_every_layout_listed(tmp_path: Path, official_data: Path) -> None:
    """All years, those kept back too: each line of money is found under its name, and nothing is unknown but extras."""
    known = headings(official_data)
    assert len(known) >= 17
    for name, headers in known.items():
        rows = [payment(c, headers, **({"YEAR": "2023"} if "YEAR" in headers else {})) for c in ("A81001", "Y02345")]
        try:
            found = read_one(tmp_path, f"payments/{name.removesuffix('.gz')}", csv_text(headers, rows))
        except DataError as error:
            raise AssertionError(f"{name}: {error}") from error
        year = 2023 if "thf" in name else 2000 + int(re.search(r"(\d\d)-\d\d", name)[1])  # type: ignore[index]
        assert found.when == year, name
        money = [c for c in found.frame.columns if c in lines()]
        expected = sum(any(key_of(h) == key_of(s) for s in spellings()) for h in headers)
        assert len(money) == expected >= 29, (name, set(lines()) - set(money))
        assert found.frame["registered"].to_list() == [5000.25, 5000.25]
        assert "total" in found.frame.columns
        unknown = [w for w in found.warnings if "unrecognised" in w]
        extras = {"IMD_SCORE", "IMD_QUINTILE", "total_weighted_pop", "total_pat_in_practice", "Period", "Avg_Size",
                  "Pct_Over_65", "Pct_Male", "Total National Enhanced Services"}  # fmt: skip
        assert all(any(f"'{extra}'" in w for extra in extras) for w in unknown), unknown
        assert not any("do not add up" in w for w in found.warnings), (name, found.warnings)


def key_of(header: str) -> str:
    return re.sub(r"[^a-z]", "", header.lower())


def spellings() -> list[str]:
    return [h for line in lines().values() for h in line["headers"]]


def test_columns_and_types(tmp_path: Path) -> None:
    changes = {"Contract Type": " apms ", "Dispensing Practice": "Yes", "Practice Rurality": "Rural",
               "Practice Open Date": "36251", "Practice Close Date": "31/12/2024"}  # fmt: skip
    found = read_one(tmp_path, NAME, csv_text(PAYMENTS, [payment(" a81001 ", **changes), payment("A81002")]))
    row = found.frame.row(0, named=True)
    assert row["practice"] == "A81001"
    assert (row["contract"], row["dispensing"], row["rural"]) == ("APMS", True, True)
    assert (row["open_date"], row["close_date"]) == (date(1999, 4, 1), date(2024, 12, 31))
    assert (row["region_code"], row["sub_board_code"], row["network_code"]) == ("Y63", "16C", "U12345")
    assert row["list_basis"] == "average"
    assert (row["deductions"], row["total_less_deductions"]) == (-10.0, 7.0)


def test_unknowns_are_null_not_no(tmp_path: Path) -> None:
    changes = {"Contract Type": "Unknown", "Dispensing Practice": "UNKNOWN", "Practice Rurality": "MISSING",
               "PCN Code": "-", "PCN Name": "Unallocated"}  # fmt: skip
    row = read_one(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001", **changes)])).frame.row(0, named=True)
    assert row["contract"] == "UNKNOWN"
    assert row["dispensing"] is None and row["rural"] is None
    assert row["network_code"] is None and row["network_name"] is None


def test_a_strange_contract_is_told(tmp_path: Path) -> None:
    found = read_one(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001", **{"Contract Type": "Magic"})]))
    assert found.frame["contract"][0] == "UNKNOWN"
    assert any("'Magic'" in w and "row 2" in w for w in found.warnings)


def test_without_geography(tmp_path: Path) -> None:
    headers = (*WHO, *LISTS, *MONEY, *END)
    found = read_one(tmp_path, NAME, csv_text(headers, [payment("A81001", headers)]))
    assert found.frame["region_code"][0] is None
    assert any("has no region code, sub board code" in w for w in found.warnings)


def test_columns_in_another_order_and_other_punctuation(tmp_path: Path) -> None:
    plain = read_one(tmp_path, NAME, csv_text(PAYMENTS, [payment("A81001"), payment("A81002")]))
    order = list(reversed(range(len(PAYMENTS))))
    headers = [PAYMENTS[i].upper().replace(" ", "_") + ("2" if PAYMENTS[i] == "Other Payments" else "") for i in order]
    rows = [[payment(code)[i] for i in order] for code in ("A81002", "A81001")]
    mixed = read_one(tmp_path, NAME, csv_text(headers, rows))
    assert mixed.frame.select(plain.frame.columns).sort("practice").equals(plain.frame)


def test_unknown_money_is_named_with_its_total(tmp_path: Path) -> None:
    headers = [*PAYMENTS, "Shiny New Scheme", "A Comment"]
    rows = [[*payment("A81001", PAYMENTS), "1,000.50", "ok"], [*payment("A81002", PAYMENTS), "1", "fine"]]
    found = read_one(tmp_path, NAME, csv_text(headers, rows))
    assert any("unrecognised: column 'Shiny New Scheme' (total 1,001.50)" in w for w in found.warnings)
    assert any("'A Comment' (not a number)" in w for w in found.warnings)
    assert not any(c.startswith("?") for c in found.frame.columns)


def test_lines_that_do_not_add_up_are_counted(tmp_path: Path) -> None:
    rows = [payment("A81001"), payment("A81002", **{"Global Sum": "9100"}), payment("A81003")]
    found = read_one(tmp_path, NAME, csv_text(PAYMENTS, rows))
    (sentence,) = [w for w in found.warnings if "do not add up" in w]
    assert "the lines of 1 of 3 practices" in sentence and "most at A81002, £9,000.00" in sentence
    assert found.frame["global_sum"].to_list() == [100.0, 9100.0, 100.0]


@pytest.mark.parametrize(
    "name, column, year",
    [
        ("pay.csv", "2023", 2023),
        ("pay.csv", "2023/24", 2023),
        ("pay 2023-24.csv", "2023", 2023),
        ("pay.csv", "2023.0", 2023),
    ],
)
def test_the_year_column(tmp_path: Path, name: str, column: str, year: int) -> None:
    text = csv_text(["YEAR", *PAYMENTS], [[column, *payment("A81001")]])
    assert read_one(tmp_path, name, text).when == year


@pytest.mark.parametrize(
    "name, column, words",
    [
        ("pay.csv", None, "does not say which year"),
        ("pay 22-23.csv", "2023", "named for 2022/23 but its YEAR column says 2023/24"),
        ("pay.csv", "soon", "is not a year"),
        ("pay 1981-82.csv", "1981", "cannot have been published"),
        ("pay.csv", "2098", "cannot have been published"),
    ],
)
def test_no_year_or_the_wrong_one(tmp_path: Path, name: str, column: str | None, words: str) -> None:
    headers, row = (
        (PAYMENTS, payment("A81001")) if column is None else (["YEAR", *PAYMENTS], [column, *payment("A81001")])
    )
    with pytest.raises(DataError, match=words):
        read_file(write(tmp_path, name, csv_text(headers, [row])))


def test_two_years_in_one_file(tmp_path: Path) -> None:
    text = csv_text(["YEAR", *PAYMENTS], [["2022", *payment("A81001")], ["2023", *payment("A81002")]])
    with pytest.raises(DataError, match="more than one year"):
        read_file(write(tmp_path, "pay.csv", text))


def test_a_file_named_for_the_wrong_year_is_suspected(tmp_path: Path) -> None:
    row = payment("A81001", **{"Practice Open Date": "01/07/2023"})
    found = read_one(tmp_path, "pay 14-15.csv", csv_text(PAYMENTS, [row]))
    assert any("opened after the end of 2014/15 (A81001 on 2023-07-01)" in w for w in found.warnings)


def test_copies_are_kept_once_and_clashes_named(tmp_path: Path) -> None:
    rows = [payment("A81001"), payment("A81002"), payment("A81001")]
    found = read_one(tmp_path, NAME, csv_text(PAYMENTS, rows))
    assert found.frame.height == 2
    assert any("1 rows are copies of others" in w and "rows 2, 4" in w for w in found.warnings)
    rows[2] = payment("A81001", **{"Global Sum": "1"})
    with pytest.raises(DataError, match=r"two different rows for A81001 \(rows 2 and 4\)"):
        read_file(write(tmp_path, NAME, csv_text(PAYMENTS, rows)))


def test_a_million_rows_for_one_practice(tmp_path: Path) -> None:
    body = ",".join(map(str, payment("A81001"))) + "\n"
    text = csv_text(PAYMENTS, []) + body * 200_000 + csv_text(PAYMENTS, [payment("A81002")]).split("\n")[1] + "\n"
    found = read_one(tmp_path, NAME, text)
    assert found.frame["practice"].to_list() == ["A81001", "A81002"]
    assert any("199,999 rows are copies of others" in w for w in found.warnings)


@pytest.mark.parametrize(
    "header, value, words",
    [
        ("Average Number of Registered Patients", "-1", "below 0"),
        ("Average Number of Weighted Patients", "-5,000.5", "below 0"),
        ("Average Number of Registered Patients", "2000000", "list of 2,000,000"),
        ("Practice Open Date", "32/01/2020", "not a date"),
    ],
)
def test_absurd_cells_are_errors_with_their_row(tmp_path: Path, header: str, value: str, words: str) -> None:
    text = csv_text(PAYMENTS, [payment("A81001"), payment("A81002", **{header: value})])
    with pytest.raises(DataError, match=f"row 3: .*{words}"):
        read_file(write(tmp_path, NAME, text))


def test_a_list_larger_than_any(tmp_path: Path) -> None:
    text = csv_text(PAYMENTS, [payment("A81001", **{"Average Number of Registered Patients": "250000"})])
    assert any("larger than any has been" in w for w in read_one(tmp_path, NAME, text).warnings)


def test_a_missing_column_says_which(tmp_path: Path) -> None:
    headers = [h for h in PAYMENTS if h != "Contract Type"]
    with pytest.raises(
        DataError, match="nearest to NHS Payments to General Practice, but has no column 'contract type'"
    ):
        read_file(write(tmp_path, NAME, csv_text(headers, [payment("A81001", headers)])))


def test_a_workbook(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": True})
    book.add_worksheet("Notes").write(0, 0, "Notes to the tables")
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["NHS Payments to General Practice"])
    sheet.write_row(2, 0, PAYMENTS)
    sheet.write_row(3, 0, payment("A81001"))
    sheet.write_row(4, 0, payment("A81002", **{"Global Sum": "=1+1"}))
    book.close()
    with pytest.raises(DataError, match=r"payments 24-25.xlsx, sheet Data, row 5: '=1\+1' .* is a formula"):
        read_file(write(tmp_path, "payments 24-25.xlsx", out.getvalue()))


def test_formulas_in_a_workbook_are_never_evaluated(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": True})
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, PAYMENTS)
    sheet.write_row(1, 0, payment("A81001"))
    at = PAYMENTS.index("Global Sum")
    sheet.write_formula(1, at, "=40+2", None, 7)  # the saved value is 7, which is what a reader sees
    book.close()
    assert read_one(tmp_path, "payments 24-25.xlsx", out.getvalue()).frame["global_sum"][0] == 7.0


def test_the_layout_of_2020_has_wider_totals(tmp_path: Path) -> None:
    wide = (
        "Total NHS Payments including covid vaccination and covid support and expansion payments",
        "Total NHS Payments including PCN Workforce, Leadership and Support",
        "Total NHS Payments to General Practice including Covid and PCN payments",
        "Total NHS Payments to General Practice including Covid minus deductions", "PCN Leadership", "Covid Immunisation",
    )  # fmt: skip
    headers = (*GEOGRAPHY, *WHO, *LISTS, *MONEY, *END, *wide)
    frame = read_one(tmp_path, "20-21.csv", csv_text(headers, [payment("A81001", headers)])).frame
    for name in ("total_with_covid", "total_with_network", "total_with_all", "total_with_covid_less_deductions",
                 "network_leadership", "covid_immunisation"):  # fmt: skip
        assert frame[name].to_list() == [7.0], name
