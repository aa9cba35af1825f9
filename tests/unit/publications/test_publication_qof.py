"""QOF: points, raw CSV zips with regions, prevalence, reference, geography, and the workbooks by commissioner."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from making import csv_text, read_one, row_of, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file

POINTS = {
    2017: ["CCG code", "Practice code", "All ages", "Achievement score (max. 559)", "QOF points total/559 available (per cent)",
           "Max. QOF points available (total points for indicators where register exists)", "Points achieved/max."],
    2018: ["CCG code", "Practice code", "List size", "Achievement score (559 max)", "QOF points total/559 available (%)",
           "Total points for indicators where register exists.(Max QOF points available)", "Points achieved/ max."],
    2019: ["CCG ODS code (practice parent)", "Practice code", "List size", "Achievement score (559 max)", "%",
           "Total points for indicators where register exists. (Max QOF points available)", "Points achieved/ max."],
    2021: ["Sub ICB Loc ODS code", "Practice code", "List size", "Achievement score (635 max)", "%",
           "Total points for indicators where register exists. (Max QOF points available)", "Points achieved/ max."],
    2022: ["Sub ICB Loc \nODS code", "Practice code", "List size", "Achievement score (635 max)", "%",
           "Total points for indicators where register exists. (Max QOF points available)", "Points achieved/ max."],
}  # fmt: skip


@pytest.mark.parametrize("year", POINTS)
def test_points_of_every_year(tmp_path: Path, year: int) -> None:
    headers = [*POINTS[year], "PCN ODS code"] if year > 2018 else POINTS[year]
    row = ["00L", "A84006", "18,548", "480.02", "85.87", "550.00", "85.87", "U25545"][: len(headers)]
    found = read_one(
        tmp_path, f"practice_overall_points_{year}-{(year + 1) % 100}.csv", "\ufeff" + csv_text(headers, [row])
    )
    assert (found.kind, found.when) == ("qof_points", year)
    assert row_of(found) == {
        "practice": "A84006", "list_size": 18548.0, "points": 480.02, "points_available": 559.0 if year < 2020 else 635.0,
        "points_possible": 550.0, "sub_board_code": "00L", "network_code": "U25545" if year > 2018 else None,
    }  # fmt: skip


def test_points_beyond_the_maximum(tmp_path: Path) -> None:
    row = ["00L", "A84006", "18548", "600", "85.87", "550.00", "85.87"]
    with pytest.raises(DataError, match=r"row 2: 600\.00 points are more than the 559"):
        read_file(write(tmp_path, "points 19-20.csv", csv_text(POINTS[2019], [row])))


def test_points_of_an_unnamed_year(tmp_path: Path) -> None:
    row = ["00L", "A84006", "18548", "500", "85.87", "550.00", "85.87"]
    with pytest.raises(DataError, match="does not say of which year its points are"):
        read_file(write(tmp_path, "points.csv", csv_text(POINTS[2019], [row])))


def raw_zip(**regions: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for region, rows in regions.items():
            text = csv_text(["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"], rows)
            archive.writestr(f"QOF 2023-24 Raw data .csv files/ACHIEVEMENT_{region}_2324.csv", text)
        archive.writestr("QOF/PREVALENCE_2324.csv", csv_text(
            ["PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE", "PRACTICE_LIST_SIZE"],
            [["A81001", "AF", 80, "TOTAL", 4000], ["A81001", "DM", 90, "17OV", 3200]],
        ))  # fmt: skip
        archive.writestr("QOF/MAPPING_INDICATORS_2324.csv", csv_text(
            ["INDICATOR_CODE", "INDICATOR_DESCRIPTION", "INDICATOR_POINT_VALUE", "GROUP_CODE", "GROUP_DESCRIPTION",
             "DOMAIN_CODE", "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"],
            [["AF001", "A register", 5, "AF", "Atrial fibrillation", "CL", "Clinical", "TOTAL"]],
        ))  # fmt: skip
        archive.writestr("QOF/MAPPING_NHS_GEOGRAPHIES_2324.csv", csv_text(
            ["NAT_ONS_CODE", "NAT_CODE", "NAT_COUNTRY", "REGION_ODS_CODE", "REGION_ONS_CODE", "REGION_NAME", "ICB_ODS_CODE", "ICB_ONS_CODE", "ICB_NAME", "SUB_ICB_ODS_CODE", "SUB_ICB_ONS_CODE", "SUB_ICB_NAME", "PCN_ODS_CODE", "PCN_NAME", "PRACTICE_CODE", "PRACTICE_NAME"],
            [["E92", "ENG", "England", "Y63", "E4", "NE", "QHM", "E5", "NENC", "16C", "E3", "Tees", "U1", "P", "A81001", "D"]],
        ))  # fmt: skip
        archive.writestr("QOF/OUTPUT_DESCRIPTIONS.csv", "OUTPUT,DESCRIPTION\nREGISTER,The register\n")
    return out.getvalue()


ROWS: list[list[object]] = [
    ["A81001", "AF006", "ACHIEVED_POINTS", 11.5], ["A81001", "AF006", "NUMERATOR", 70], ["A81001", "AF006", "DENOMINATOR", 80],
    ["A81001", "AF006", "PCAS", 3], ["A81001", "AF001", "REGISTER", 80],
]  # fmt: skip


def test_raw_zip_joins_the_regions(tmp_path: Path) -> None:
    other = [["B81001", *row[1:]] for row in ROWS]
    path = write(tmp_path, "QOF2324.zip", raw_zip(LONDON=ROWS, NORTH_WEST=other))
    with pytest.raises(DataError, match="OUTPUT_DESCRIPTIONS"):
        read_file(path)
    from gpcontract.england.publications import read_folder

    reading = read_folder(tmp_path)
    (unread,) = reading.unread
    assert "OUTPUT_DESCRIPTIONS.csv" in unread
    kinds = {p.kind: p for p in reading}
    assert set(kinds) == {"qof_indicators", "qof_prevalence", "qof_reference", "qof_geography"}
    assert all(p.when == 2023 for p in reading)
    found = kinds["qof_indicators"]
    assert found.frame.height == 10 and len(found.files) == 2
    assert row_of(found, practice="B81001", measure="points")["value"] == 11.5
    assert set(found.frame["measure"]) == {"points", "numerator", "denominator", "pcas", "register"}
    assert row_of(kinds["qof_prevalence"], group="DM")["list_type"] == "17OV"
    assert kinds["qof_reference"].frame["points"].to_list() == [5.0]
    assert row_of(kinds["qof_geography"])["sub_board_code"] == "16C"


def test_regions_that_clash_are_refused(tmp_path: Path) -> None:
    from gpcontract.england.publications import read_folder

    write(tmp_path, "QOF2324.zip", raw_zip(LONDON=ROWS, NORTH_WEST=[[*ROWS[0][:3], 12.0]]))
    reading = read_folder(tmp_path, kinds=["qof_indicators"])
    assert len(reading) == 0
    assert any("differ for A81001 AF006 points" in u for u in reading.unread)


def test_exceptions_of_older_years_and_unknown_measures(tmp_path: Path) -> None:
    rows = [["A81001", "AF006", "EXCEPTIONS", 4], ["A81001", "AF006", "WISHES", 4]]
    found = read_one(
        tmp_path, "ACHIEVEMENT_1819.csv", csv_text(["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"], rows)
    )
    assert found.when == 2018
    assert found.frame["measure"].to_list() == ["pcas", "wishes"]
    assert any("measures not known here (WISHES)" in w for w in found.warnings)


def test_the_name_2021_is_2020_21(tmp_path: Path) -> None:
    text = csv_text(["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"], ROWS)
    assert read_one(tmp_path, "ACHIEVEMENT_2021.csv", text).when == 2020


def test_previous_mappings_are_of_the_year_before(tmp_path: Path) -> None:
    text = csv_text(["INDICATOR_CODE", "INDICATOR_POINT_VALUE", "INDICATOR_GROUP_CODE"], [["AF001", 5, "AF"]])
    found = read_one(tmp_path, "reference_2023-24/PREVIOUS_INDICATOR_MAPPINGS.csv", text)
    assert (found.kind, found.when) == ("qof_reference", 2022)


def test_workbook_by_commissioner(tmp_path: Path) -> None:
    """Headings in four rows, two years side by side, indicators to their right."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Title sheet").write(0, 0, "Recorded disease prevalence")
    for name in ("AF", "DM"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Table 1"])
        sheet.write_row(2, 3, ["Prevalence", "", "", "", "", "", "", "", "Achievement"])
        sheet.write_row(3, 3, ["2017-181", "", "", "", "2018-19", "", "", "", "2018-19", "", "AF006", "", "", ""])
        sheet.write_row(4, 11, ["Total Achievement Score ", "", "Achievement Score ", "", "", "Denominator "])
        sheet.write_row(5, 0, [
            "CCG code", "CCG ONS code", "CCG name", *["Number of practices", "List size", "Register", "Prevalence (%)"] * 2,
            "(max 29 per practice)", "Achievement (%)", "(max 12 per practice)", "Numerator", "Denominator", "plus Exceptions",
        ])  # fmt: skip
        sheet.write_row(
            6,
            0,
            ["07M", "E38", "Barnet", 52, 402599, "z", 1.4, 54, 427543, 6058, 1.5, 1566, 100, 648, 1929, 1965, 2021],
        )
        sheet.write_row(9, 0, ["Copyright"])
    book.close()
    before, own = read_file(write(tmp_path, "qof-1819-ccg.xlsx", out.getvalue()))
    assert (before.when, own.when) == (2017, 2018)
    assert set(before.frame["measure"]) == {"practices", "list_size", "register", "prevalence"}
    assert row_of(before, group="AF", measure="register")["value"] is None
    assert row_of(own, group="DM", measure="register")["value"] == 6058
    assert row_of(own, group="AF", indicator="AF006", measure="points")["value"] == 648
    assert (
        own.frame.filter(own.frame["indicator"].is_null() & (own.frame["measure"] == "points"))["value"].to_list()
        == [1566] * 2
    )
    assert "plus" not in " ".join(own.frame["measure"].unique())
    assert own.files == ("qof-1819-ccg.xlsx",)
