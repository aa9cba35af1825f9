"""Patients registered: quin-age, all, map, single age, regions, LSOA and the wide layout of before 2017."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from making import csv_text, read_one, row_of, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file
from gpcontract.england.publications.registrations import COLUMNS, FIVES

QUIN = [
    "PUBLICATION",
    "EXTRACT_DATE",
    "ORG_TYPE",
    "ORG_CODE",
    "ONS_CODE",
    "POSTCODE",
    "SEX",
    "AGE_GROUP_5",
    "NUMBER_OF_PATIENTS",
]
LSOA = ["PUBLICATION", "EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE", "SEX", "NUMBER_OF_PATIENTS"]
MAP = (
    "PUBLICATION EXTRACT_DATE PRACTICE_CODE PRACTICE_NAME PRACTICE_POSTCODE PCN_CODE PCN_NAME {0}_CODE {1}CODE {1}NAME "
    "ONS_{2}_CODE {2}_CODE {2}_NAME ONS_COMM_REGION_CODE COMM_REGION_CODE COMM_REGION_NAME"
)


def quin(
    org: str = "A81001", kind: str = "GP", day: str = "01JAN2021", each: int = 10, all_: int | None = None
) -> list[list[object]]:
    start: list[object] = ["GP_PRAC_PAT_LIST", day, kind, org, "", "TS18 1HU" if kind == "GP" else ""]
    rows = [[*start, sex, band, each] for sex in ("MALE", "FEMALE") for band in FIVES]
    return [[*start, "ALL", "ALL", 40 * each if all_ is None else all_], *rows]


@pytest.mark.parametrize(
    "text, day",
    [
        ("01JAN2021", date(2021, 1, 1)),
        ("01Jul2023", date(2023, 7, 1)),
        ("2026-08-01", date(2026, 8, 1)),
        ("01-Sep-20", date(2020, 9, 1)),
    ],
)
def test_quin_age(tmp_path: Path, text: str, day: date) -> None:
    rows = [*quin(day=text), *quin("Y63", "Comm Region", text), *quin("U1", "PCN", text, 3)]
    practices, areas = read_file(write(tmp_path, "quin.csv", csv_text(QUIN, rows)))
    assert (practices.kind, areas.kind) == ("registrations_quin_age", "registrations_areas")
    assert practices.when == areas.when == day
    assert practices.frame.columns[:2] == ["practice", "postcode"]
    assert [c for c in practices.frame.columns if c in COLUMNS] == list(COLUMNS) and len(COLUMNS) == 40
    assert row_of(practices, practice="A81001")["all"] == 400
    assert row_of(areas, org_code="U1")["male_95+"] == 3
    assert practices.warnings == ()


def test_bands_that_nobody_is_in_are_nought(tmp_path: Path) -> None:
    rows = [r for r in quin(all_=390) if r[7] != "95+" or r[6] != "MALE"]
    frame = read_one(tmp_path, "quin.csv", csv_text(QUIN, rows)).frame
    assert frame["male_95+"].to_list() == [0.0] and frame["all"].to_list() == [390.0]


def test_bands_that_do_not_add_up_are_told(tmp_path: Path) -> None:
    found = read_one(tmp_path, "quin.csv", csv_text(QUIN, quin(all_=500)))
    assert any("bands of 1 organisations do not add up" in w and "A81001: 400 and 500" in w for w in found.warnings)


def test_practices_that_do_not_add_up_to_a_region_are_told(tmp_path: Path) -> None:
    found, _ = read_file(write(tmp_path, "quin.csv", csv_text(QUIN, [*quin(), *quin("Y63", "Comm Region", each=11)])))
    assert any("practices add up to 400 patients but Comm Region rows to 440" in w for w in found.warnings)


def test_several_dates_in_one_file(tmp_path: Path) -> None:
    rows = [*quin(day="2025-03-01"), *quin(day="2025-04-01", each=11)]
    march, april = read_file(write(tmp_path, "quin.csv", csv_text(QUIN, rows)))
    assert (march.when, april.when) == (date(2025, 3, 1), date(2025, 4, 1))
    assert april.frame["all"].to_list() == [440.0]


@pytest.mark.parametrize(
    "change, words",
    [
        ({8: -1}, "row 3: -1 .*below 0"), ({8: "=1+1"}, "row 3: .*formula"), ({7: "7_9"}, "row 3: 'male_7_9' is not"),
        ({1: "01JAN2199"}, "not a date"), ({1: "01JAN1999"}, "dated 1999-01-01, which no publication is"),
        ({1: "2051-01-01"}, "which no publication is"), ({1: ""}, "has no date"), ({3: ""}, "row 3: org code is blank"),
    ],
)  # fmt: skip
def test_faults_with_their_row(tmp_path: Path, change: dict[int, object], words: str) -> None:
    rows = quin()
    for at, value in change.items():
        rows[1][at] = value
    with pytest.raises(DataError, match=words):
        read_file(write(tmp_path, "quin.csv", csv_text(QUIN, rows)))


def test_copies_and_clashes(tmp_path: Path) -> None:
    found = read_one(tmp_path, "quin.csv", csv_text(QUIN, [*quin(), quin()[5]]))
    assert found.frame["all"].to_list() == [400.0] and any("copies" in w for w in found.warnings)
    with pytest.raises(DataError, match=r"two different rows for .*A81001 male_15_19 \(rows 6 and 43\)|rows 5 and 43"):
        read_file(write(tmp_path, "quin.csv", csv_text(QUIN, [*quin(), [*quin()[4][:8], 99]])))


@pytest.mark.parametrize("era", ["CCG_CODE,ONS_CCG_CODE", "SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE"])
def test_all(tmp_path: Path, era: str) -> None:
    headers = f"PUBLICATION,EXTRACT_DATE,TYPE,{era},CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS".split(",")
    row = ["GP_PRAC_PAT_LIST", "01JAN2021", "GP", "00L", "E38000130", "A84002", "NE65 7UW", "ALL", "ALL", 5903]
    found = read_one(tmp_path, "all.csv", csv_text(headers, [row]))
    assert found.kind == "registrations_all" and found.when == date(2021, 1, 1)
    assert found.frame.row(0) == ("A84002", "00L", "NE65 7UW", 5903.0)


def test_an_absurd_list(tmp_path: Path) -> None:
    headers = [
        "PUBLICATION",
        "EXTRACT_DATE",
        "TYPE",
        "CCG_CODE",
        "ONS_CCG_CODE",
        "CODE",
        "POSTCODE",
        "SEX",
        "AGE",
        "NUMBER_OF_PATIENTS",
    ]
    row = ["GP_PRAC_PAT_LIST", "01JAN2021", "GP", "00L", "E38000130", "A84002", "NE65 7UW", "ALL", "ALL", 5_903_000]
    with pytest.raises(DataError, match="row 2: practice A84002 has a list of 5,903,000"):
        read_file(write(tmp_path, "all.csv", csv_text(headers, [row])))


@pytest.mark.parametrize("era", [("ONS_CCG", "CCG_", "STP"), ("ONS_SUB_ICB_LOCATION", "SUB_ICB_LOCATION_", "ICB")])
def test_map(tmp_path: Path, era: tuple[str, str, str]) -> None:
    headers = MAP.format(*era).split() + (["SUPPLIER_NAME"] if era[2] == "ICB" else [])
    ends = ["TPP"] if era[2] == "ICB" else []
    row = [
        "X",
        "01Mar2025",
        "A81001",
        "DENSHAM",
        "TS18",
        "U89141",
        "STOCKTON PCN",
        "E3",
        "16C",
        "Tees",
        "E5",
        "QHM",
        "NE",
        "E4",
        "Y63",
        "North",
    ]
    alone = ["X", "01Mar2025", "A81002", "OTHER", "TS18", "U", "UNALLOCATED", *row[7:]]
    found = read_one(tmp_path, "map.csv", csv_text(headers, [[*row, *ends], [*alone, *ends]]))
    assert found.kind == "registrations_map" and found.when == date(2025, 3, 1)
    first = row_of(found, practice="A81001")
    assert [first[f"{a}_code"] for a in ("network", "sub_board", "board", "region")] == ["U89141", "16C", "QHM", "Y63"]
    assert first["supplier"] == ("TPP" if ends else None)
    assert row_of(found, practice="A81002")["network_code"] is None


def test_single_age_and_regions(tmp_path: Path) -> None:
    headers = [
        "EXTRACT_DATE",
        "SUB_ICB_LOCATION_CODE",
        "ONS_SUB_ICB_LOCATION_CODE",
        "ORG_CODE",
        "POSTCODE",
        "SEX",
        "AGE",
        "NUMBER_OF_PATIENTS",
    ]
    rows = [["2025-04-01", "00L", "E3", "A84002", "NE65", "MALE", age, 7] for age in ("ALL", "0", "95+")]
    found = read_one(tmp_path, "male.csv", csv_text(headers, rows))
    assert found.kind == "registrations_single_age"
    assert row_of(found, age="95+") == {"practice": "A84002", "sex": "male", "age": "95+", "patients": 7.0}
    headers = ["PUBLICATION", "EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "ONS_CODE", "SEX", "AGE", "NUMBER_OF_PATIENTS"]
    found = read_one(
        tmp_path, "regions.csv", csv_text(headers, [["X", "2026-08-01", "Comm Region", "Y56", "E4", "ALL", "ALL", 9]])
    )
    assert found.kind == "registrations_regions" and found.frame["org_code"].to_list() == ["Y56"]


@pytest.mark.parametrize("code, vintage", [("E01012012", 2011), ("E01034500", 2021)])
def test_lsoa(tmp_path: Path, code: str, vintage: int) -> None:
    rows = [["X", "01Jul2023", "A81001", "D", code, "ALL", 9], ["X", "01Jul2023", "A81001", "D", "NO2011", "ALL", 1]]
    found = read_one(tmp_path, "lsoa.csv", csv_text(LSOA, rows))
    assert found.frame["vintage"].to_list() == [vintage, vintage]
    assert found.frame["patients"].sum() == 10


def test_wide_before_2017(tmp_path: Path) -> None:
    headers = ["GP_PRACTICE_CODE", "POSTCODE", "TOTAL_ALL", "TOTAL_MALE", "TOTAL_FEMALE"]
    headers += [f"{sex}_{band.replace('_', '-')}" for sex in ("MALE", "FEMALE") for band in FIVES]
    text = csv_text(headers, [["A81001", "TS18", 80, 40, 40, *[2] * 40]])
    found = read_one(tmp_path, "gp-reg-patients-prac-quin-age-2016-04-01.csv", text)
    assert (found.kind, found.when) == ("registrations_quin_age", date(2016, 4, 1))
    assert found.frame["male_0_4"].to_list() == [2.0] and found.frame["all"].to_list() == [80.0]
    with pytest.raises(DataError, match="does not say of which month"):
        read_file(write(tmp_path, "gp-reg-patients-prac-quin-age.csv", text))
