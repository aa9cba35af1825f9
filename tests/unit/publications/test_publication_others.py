"""Workforce, allocations, deprivation, ODS, appointments, contract services, survey, earnings and lookups."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from making import csv_text, read_one, row_of, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file

GRADES = ("ST1", "ST2", "ST3", "ST4", "OTH", "F1_2")
STAFF = (
    "GP", "GP_EXTG", "GP_EXL", "GP_EXTGL", "GP_SEN_PTNR", "GP_PTNR_PROV", "GP_SAL_BY_PRAC", "GP_SAL_BY_OTH",
    *(f"GP_TRN_GR_{g}" for g in GRADES), "GP_RET", "GP_LOCUM_VAC", "GP_LOCUM_ABS", "GP_LOCUM_OTH", "NURSES", "DPC", "ADMIN",
)  # fmt: skip
BANDS = [
    f"{s}_PATIENTS_{b}"
    for s in ("MALE", "FEMALE")
    for b in ("0TO4", "5TO14", "15TO44", "45TO64", "65TO74", "75TO84", "85PLUS")
]
DETAILED = ["PRAC_CODE", "PRAC_NAME", "PCN_CODE", "TOTAL_PATIENTS", *BANDS, "GP_SOURCE"]
DETAILED += [f"TOTAL_{s}_{m}" for m in ("HC", "FTE") for s in STAFF]


def test_workforce_detailed(tmp_path: Path) -> None:
    staff = list(range(1, len(STAFF) + 1))
    rows = [["A81001", "D", "U89141", 140, *[10] * 14, "GP", *staff, *[n / 2 for n in staff]],
            ["A81002", "E", "U89141", 140, *[10] * 14, "ND", *["ND"] * len(STAFF), *["NA"] * len(STAFF)]]  # fmt: skip
    name = "1 General Practice – March 2025 Practice Level - Detailed.csv"
    found = read_one(tmp_path, name, csv_text(DETAILED, rows))
    assert (found.kind, found.when) == ("workforce_practice", date(2025, 3, 31))
    row = row_of(found, practice="A81001")
    assert row["gp_fte"] == 2.0 and row["gp_headcount"] == 4.0  # without trainees and locums
    assert row["partner_headcount"] == 5 + 6 and row["salaried_headcount"] == 7 + 8
    assert row["trainee_headcount"] == sum(range(9, 15)) and row["locum_headcount"] == 16 + 17 + 18
    assert (row["nurse_fte"], row["direct_care_fte"], row["admin_fte"]) == (9.5, 10.0, 10.5)
    assert row["female_85+"] == 10 and row["male_0_4"] == 10
    unknown = row_of(found, practice="A81002")
    assert unknown["gp_fte"] is None and unknown["partner_fte"] is None and unknown["patients"] == 140
    assert any("staff of 1 of 2 practices are not known" in w for w in found.warnings)


def test_workforce_detailed_with_every_official_column(tmp_path: Path, official_data: Path) -> None:
    listed = (official_data / "formats" / "workforce_or_gpad_practice_detailed_cols.csv").read_text().splitlines()[0]
    headers = [h.strip('"').upper() for h in listed.split(",")]
    row = ["A81001" if h == "PRAC_CODE" else "U1" if h == "PCN_CODE" else "1" for h in headers]
    found = read_one(tmp_path, "GPWPracticeCSV.122025.csv", csv_text(headers, [row]))
    assert found.when == date(2025, 12, 31) and len(headers) > 500
    assert row_of(found)["trainee_fte"] == 6 and row_of(found)["partner_fte"] == 2


def test_workforce_high_level_and_networks(tmp_path: Path) -> None:
    headers = ["PRAC_CODE", "PRAC_NAME", "STAFF_GROUP", "DETAILED_STAFF_ROLE", "MEASURE", "VALUE"]
    rows = [
        ["A81038", "H", "Direct Patient Care", "Physician Associate", m, v]
        for m, v in (("FTE", "0.5"), ("Headcount", "1"))
    ]
    found = read_one(
        tmp_path, "3 General Practice – June 2021 Practice Level - High level.csv", csv_text(headers, rows)
    )
    assert (found.kind, found.when) == ("workforce_roles", date(2021, 6, 30))
    assert row_of(found, measure="fte")["value"] == 0.5
    headers = ["Data_source", "CENSUS_YEAR", "CENSUS_MONTH", "PCN_CODE", "PCN_NAME", "SUB_ICB_CODE", "SUB_ICB_NAME", "ICB_CODE", "ICB_NAME", "COMM_REGION_CODE", "COMM_REGION_NAME", "STAFF_GROUP", "STAFF_ROLE", "DETAILED_STAFF_ROLE", "FTE", "UNIQUE_IDENTIFIER"]  # fmt: skip
    person = [
        "NWRS",
        "2020",
        "3",
        "U68696",
        "W",
        "15A",
        "B",
        "QU9",
        "B",
        "Y59",
        "SE",
        "DPC",
        "Pharmacists",
        "Pharmacist",
    ]
    rows = [[*person, "0.5", "1"], [*person, "0.25", "2"], [*person, "-0.03", "3"]]
    found = read_one(tmp_path, "1.Primary_Care_Networks.csv", csv_text(headers, rows))
    assert found.when == date(2020, 3, 31)
    assert row_of(found)["fte"] == pytest.approx(0.72)
    assert any("less than no hours" in w for w in found.warnings)
    with pytest.raises(DataError, match="more than one month"):
        read_file(write(tmp_path, "x.csv", csv_text(headers, [rows[0], ["NWRS", "2020", "4", *rows[1][3:]]])))


AIF = ["Practice_Code", "GP_Practice_Name", "Practice_Postcode", "Latitude", "Longitude", "CCG21", "Former CCG", "PCN_Code", "PCN_Name", "LOC22", "LOC22name", "ICS22", "ICS22name", "R22", "Region22", "LAD21", "LTLA21", "LA21", "UTLA21", "Patients", "pop 2022/23", "G&A WP", "CS WP", "MH WP", "Mat WP", "Health Ineq WP", "Prescr WP", "Final WP", "Primary Medical Care WP", "Final PMC WP"]  # fmt: skip


def test_weighted_population(tmp_path: Path) -> None:
    row = ["A81001", "D", "TS18", "54.5", "-1.3", "16C", "Tees", "", "", "", "", "QHM", "N", "Y63", "NE", "E06", "S", "E06",
           "S", "", "4058.9", *range(1, 10)]  # fmt: skip
    found = read_one(tmp_path, "AIF_practice_weighted_population_2024_2025.csv", csv_text(AIF, [row]))
    assert (found.kind, found.when) == ("weighted_population", 2024)  # the file's name, not the stale heading
    got = row_of(found)
    assert (got["patients"], got["general_acute"], got["primary_care_need"], got["primary_care"]) == (4058.9, 1, 8, 9)
    assert (got["latitude"], got["sub_board_code"], got["board_code"], got["local_authority"]) == (
        54.5,
        "16C",
        "QHM",
        "E06",
    )
    assert read_one(tmp_path, "aif.csv", csv_text(AIF, [row])).when == 2022


def test_deprivation_short_and_long(tmp_path: Path) -> None:
    text = csv_text(["IndicatorID", "Year", "AreaCode", "AreaName", "IsAreaCurrent", "Value"],
                    [[93553, y, "A81001", "D", 1, 20 + y / 1000] for y in (2010, 2015, 2019)])  # fmt: skip
    assert [(p.kind, p.when) for p in read_file(write(tmp_path, "a.csv", text))] == [
        ("deprivation", 2010), ("deprivation", 2015), ("deprivation", 2019),
    ]  # fmt: skip
    headers = [
        "Indicator ID",
        "Indicator Name",
        "Parent Code",
        "Area Code",
        "Area Type",
        "Sex",
        "Age",
        "Time period",
        "Value",
        "Count",
    ]
    rows = [[94240, "IMD", parent, "A81001", "GPs", "Persons", "All", "2025", 33.519, ""] for parent in ("U1", "QHM")]
    rows.append([94240, "IMD", "", "E92000001", "England", "Persons", "All", "2025", 21, ""])
    found = read_one(tmp_path, "b.csv", csv_text(headers, rows))
    assert (found.kind, found.when, found.title) == ("deprivation", 2025, "deprivation 2025")
    assert found.frame.rows() == [("A81001", 33.519)]
    with pytest.raises(DataError, match="two different scores for A81001"):
        read_file(write(tmp_path, "c.csv", csv_text(headers, [rows[0], [*rows[1][:8], 12, ""]])))
    with pytest.raises(DataError, match="is no deprivation score"):
        read_file(write(tmp_path, "c.csv", csv_text(headers, [[*rows[1][:8], -3, ""]])))
    rows = [[91547, "Smoking", "U1", "A81001", "GPs", "Persons", "15+", p, 15, 7] for p in ("2022/23", "2023/24")]
    found = read_one(tmp_path, "d.csv", csv_text(headers, rows))
    assert (found.kind, found.when) == ("fingertips", None)
    assert row_of(found, period="2022/23")["count"] == 7


def ods_row(code: str, status: str, setting: str, closed: str = "") -> list[str]:
    row = [""] * 27
    row[0:4], row[9:13], row[14], row[25] = (
        [code, "D", "Y63", "QHM"],
        ["TS18", "19740401", closed, status],
        "16C",
        setting,
    )
    return row


@pytest.mark.parametrize("active, shut, setting", [("A", "C", "4"), ("ACTIVE", "INACTIVE", "RO76")])
def test_ods(tmp_path: Path, active: str, shut: str, setting: str) -> None:
    rows = [
        ods_row("A81001", active, setting),
        ods_row("A81003", shut, setting, "20171031"),
        ods_row("Y99999", "D" if active == "A" else "DORMANT", "RO72"),
    ]
    text = csv_text(rows[0], rows[1:])
    found = read_one(tmp_path, "epraccur_2026-02.csv", text)
    assert (found.kind, found.when) == ("ods_practices", date(2026, 2, 1))
    assert found.frame["status"].to_list() == ["active", "closed", "dormant"]
    assert found.frame["closed"].to_list() == [None, date(2017, 10, 31), None]
    assert found.frame["is_gp_practice"].to_list() == [True, True, False]
    assert read_one(tmp_path, "epraccur.csv", text).when == date(2017, 10, 31)


def test_appointments(tmp_path: Path) -> None:
    headers = ["APPOINTMENT_MONTH_START_DATE", "GP_CODE", "GP_NAME", "SUPPLIER", "PCN_CODE", "PCN_NAME", "SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_NAME", "HCP_TYPE", "APPT_MODE", "NATIONAL_CATEGORY", "TIME_BETWEEN_BOOK_AND_APPT", "COUNT_OF_APPOINTMENTS", "APPT_STATUS"]  # fmt: skip
    row = [
        "01OCT2025",
        "G82235",
        "O",
        "EMIS",
        "U1",
        "W",
        "91Q",
        "Kent",
        "GP",
        "Telephone",
        "Routine",
        "8  to 14 Days",
        4,
        "Attended",
    ]
    found = read_one(tmp_path, "Practice_Level_Crosstab.csv", csv_text(headers, [row]))
    assert (found.kind, found.when) == ("appointments_practice", date(2025, 10, 1))
    assert row_of(found)["time_between"] == "8 to 14 Days" and row_of(found)["appointments"] == 4
    headers = ["SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_ONS_CODE", "SUB_ICB_LOCATION_NAME", "ICB_ONS_CODE", "REGION_ONS_CODE", "Appointment_Month", "APPT_STATUS", "HCP_TYPE", "APPT_MODE", "TIME_BETWEEN_BOOK_AND_APPT", "COUNT_OF_APPOINTMENTS"]  # fmt: skip
    rows = [
        ["03W", "E3", "L", "E5", "E4", m, "Attended", "GP", "Face-to-Face", "1 Day", 3]
        for m in ("01APR2023", "01MAY2023")
    ]
    april, may = read_file(write(tmp_path, "regional.csv", csv_text(headers, rows)))
    assert (april.when, may.when) == (date(2023, 4, 1), date(2023, 5, 1))
    assert april.frame["source"].to_list() == ["practices"]
    rows = [["UNMAPPED", *rows[0][1:6], "Booked", *rows[0][7:10], n] for n in (44, 2)]
    found = read_one(tmp_path, "networks.csv", csv_text(headers, rows))
    assert found.frame.select("source", "appointments").row(0) == ("networks", 46.0)


def test_online_consultations(tmp_path: Path) -> None:
    headers = ["month_1", "gp_code", "supplier_4_5_6", "submissions_7", "clinical_submissions_7", "administrative_submissions_7",
               "registered_patient_count_8", "participation", "supplier_4_5_6_11", "participation_11"]  # fmt: skip
    rows = [
        ["2025-03-01", "Y07025", "A", 424, 299, 125, 8259, "1.0", "", ""],
        ["2025-05-01", "Y07025", "", 5, 3, 2, 8259, "", "B", "1.0"],
    ]
    march, may = read_file(write(tmp_path, "oc.csv", csv_text(headers, rows)))
    assert row_of(march)["supplier"] == "A" and row_of(may)["supplier"] == "B"
    assert row_of(may)["participation"] == 1.0


def test_contract_services(tmp_path: Path) -> None:
    headers = [
        "QUALITY_SERVICE",
        "PRACTICE_CODE",
        "PRACTICE_NAME",
        "ACH_DATE",
        "IND_CODE",
        "MEASURE",
        "MEASURE_TYPE",
        "VALUE",
    ]
    rows = [["Core GP Contract 2023-24", "A81001", "D", "30/04/2023", "ALCMI30", m, m, v]
            for m, v in (("Numerator", "7"), ("Denominator", "*"), ("COUNT", "lots"))]  # fmt: skip
    found = read_one(tmp_path, "core.csv", csv_text(headers, rows))
    assert (found.kind, found.when) == ("contract_services", 2023)
    assert found.frame["value"].to_list() == [7.0, None, None]
    assert any("words, not numbers" in w and "lots" in w for w in found.warnings)


def test_patient_survey(tmp_path: Path) -> None:
    headers = ["ad_practicecode", "ad_practicename", "distributed", "received", "resprate", "localgpservicesphone_1.count",
               "localgpservicesphone_1.pct"]  # fmt: skip
    name = "GPPS_2025_Practice_data_(weighted)_(csv)_PUBLIC.csv"
    found = read_one(tmp_path, name, csv_text(headers, [["A81001", "D", 300, 90, 0.3, -97, 0.25]]))
    assert (found.kind, found.when, found.note) == ("patient_survey", 2024, "GP Patient Survey 2025")
    assert row_of(found)["localgpservicesphone_1.count"] is None and row_of(found)["localgpservicesphone_1.pct"] == 0.25


def test_earnings(tmp_path: Path) -> None:
    headers = [
        "GP_Type",
        "Contract_Type",
        "Country",
        "Practice_Type",
        "Weekly Working Hours",
        "Range_of_Income_£",
        "Measure",
        "Value",
    ]
    text = csv_text(headers, [["Combined ", "GMS", "England", "All", "All", "", "Average Tot Expenses", "171800"]])
    found = read_one(tmp_path, "2018.csv", text.encode("cp1252"))
    assert (found.kind, found.when) == ("earnings", 2017)
    assert row_of(found)["gp_type"] == "Combined" and row_of(found)["value"] == 171800
    assert any("taken as the tax year that ended then" in w for w in found.warnings)
    assert read_one(tmp_path, "gpearn-2018-19.csv", text).when == 2018


def test_earnings_series(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Contents").write(0, 0, "Contents")
    sheet = book.add_worksheet("15. Combined by Country")
    sheet.write_row(0, 0, ["Return to contents"])
    sheet.write_row(1, 0, ["Combined GP Earnings"])
    sheet.write_row(
        3, 0, ["Country", "Contract Type\n[note 6]", "Category", "2014/15", "2014/15 [note 4]", "2015/16", "2016/17"]
    )
    sheet.write_row(4, 0, ["England", "GMS", "Income", "£90,600", "91200 r", ":", 94300])
    book.close()
    found = read_one(tmp_path, "series.xlsx", out.getvalue())
    assert found.kind == "earnings_series"
    assert found.frame.select("year", "heading", "value").rows() == [
        (2014, "2014/15", 90600.0), (2014, "2014/15 [note 4]", 91200.0), (2016, "2016/17", 94300.0),
    ]  # fmt: skip
    assert (
        found.frame["row"][0] == "England | GMS | Income"
        and found.frame["labels"][0] == "Country | Contract Type | Category"
    )


def test_lookups(tmp_path: Path) -> None:
    headers = ["LSOA11CD", "LSOA11NM", "LSOA21CD", "LSOA21NM", "CHGIND", "LAD22CD", "LAD22NM", "LAD22NMW", "ObjectId"]
    found = read_one(
        tmp_path, "l.csv", csv_text(headers, [["E01000001", "a", "E01000001", "a", "U", "E09000001", "City", "Dîn", 1]])
    )
    assert found.frame.rows() == [("E01000001", "E01000001", "E09000001", "City")]
    headers = ["LSOA.code", "LSOA11NM", "RUC11CD", "RUC11", "FID"]
    found = read_one(
        tmp_path, "r.csv", csv_text(headers, [["E01000205", "Barnet", "A1", "Urban major conurbation", 1]])
    )
    assert (found.kind, found.frame.row(0)) == ("rural_urban", ("E01000205", "A1", "Urban major conurbation"))
    found = read_one(
        tmp_path,
        "c.csv",
        "\ufeff" + csv_text(["CCG Code", "ICB Code", "ICB NAME"], [["99C", "QHM", "N"], ["n/a now", "QOP", "M"]]),
    )
    assert found.frame.height == 1 and any("have no code of a group" in w for w in found.warnings)
