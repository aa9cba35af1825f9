"""Third-party extracts: recognised by their columns, their years and gaps told, never mistaken for the publication."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import csv_text, row_of, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import Publication, read_file

PARTNERS = [
    "Practice.Code", "Year", "ICB_NAME", "TOTAL_PATIENTS", "TOTAL_GP_EXTGL_FTE", "TOTAL_LOCUUM_TRN_FTE", "TOTAL_NURSES_FTE",
    "TOTAL_DPC_FTE", "TOTAL_ADMIN_FTE", "TOTAL_GP_SEN_PTNR_FTE", "TOTAL_GP_PTNR_PROV_FTE", "TOTAL_GP_EXTGL_HC",
    "TOTAL_GP_SEN_PTNR_HC", "TOTAL_GP_PTNR_PROV_HC", "IMD",
]  # fmt: skip
RATINGS = ["Practice.Code", "Year", "location_name", "service_population_group", "domain", "latest_rating"]


def workforce(tmp_path: Path, *rows: list[object], headers: list[str] = PARTNERS) -> list[Publication]:
    return list(read_file(write(tmp_path, "workforce_year.csv", csv_text(headers, rows))))


def staff(code: str, year: object, *figures: object) -> list[object]:
    return [code, year, "North East", *figures, 30.1]


def test_a_year_is_the_one_it_ends_in_and_partners_are_both_kinds(tmp_path: Path) -> None:
    first, second = workforce(
        tmp_path,
        staff("A81001", 2024, 4000, 2, 1.8, 0.5, 0.4, 7.2, 1, 0.9, 3, 1, 1.5),
        staff("A81001", 2025, 3900, 2.1, "NA", 0.5, 0.4, 7.3, 1, 1, 3, 1, 1),
    )
    assert (first.kind, first.when, second.when) == ("workforce_extract", 2023, 2024)
    assert first.note == "third-party extract, grade C"
    row = row_of(first, practice="A81001")
    assert (row["partner_fte"], row["partner_headcount"], row["gp_headcount"]) == (1.9, 2.5, 3)
    assert (row["locum_trainee_fte"], row["nurse_fte"], row["direct_care_fte"], row["admin_fte"]) == (
        1.8,
        0.5,
        0.4,
        7.2,
    )
    assert row_of(second)["locum_trainee_fte"] is None and row_of(second)["gp_fte"] == 2.1


def test_columns_that_are_not_there_are_not_given(tmp_path: Path) -> None:
    headers = ["Practice.Code", "Year", "TOTAL_PATIENTS", "TOTAL_GP_EXTGL_HC", "TOTAL_GP_EXTGL_FTE", "TOTAL_ADMIN_FTE"]
    (found,) = workforce(tmp_path, ["A81001", "2016", 4222, 2, 2.1, 6.2], headers=headers)
    assert found.when == 2015 and set(found.frame.columns) == {
        "practice", "patients", "gp_fte", "gp_headcount", "admin_fte",
    }  # fmt: skip


def test_a_partner_column_that_is_blank_makes_the_sum_unknown(tmp_path: Path) -> None:
    (found,) = workforce(tmp_path, staff("A81001", 2025, 4000, 2, 0, 0.5, 0.4, 7.2, "NA", 0.9, 3, "NA", 1))
    assert row_of(found)["partner_fte"] is None and row_of(found)["partner_headcount"] is None


def test_patients_without_any_staff_sent_no_return(tmp_path: Path) -> None:
    nobody = [0] * 10
    (found,) = workforce(
        tmp_path, staff("A81001", 2016, 4000, *nobody), staff("A81002", 2016, 0, *nobody),
        staff("A81003", 2016, 4000, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 0),
    )  # fmt: skip
    assert (
        row_of(found, practice="A81001")["gp_fte"] is None and row_of(found, practice="A81001")["partner_fte"] is None
    )
    assert row_of(found, practice="A81002")["gp_fte"] == 0 and row_of(found, practice="A81003")["gp_fte"] == 0
    assert any("1 rows of practices with patients have no staff at all (row 2 the first)" in w for w in found.warnings)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (staff("A81001", "2015/16", *[1] * 11), "is not a number"),
        (staff("A81001", 1999, *[1] * 11), "the year is 1999"),
        (staff("A81001", "", *[1] * 11), "the year is blank"),
        (staff("total", "2016", *[1] * 11), None),
        (staff("A81001", 2016, 4000, -2, *[1] * 9), "is below 0"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: list[object], problem: str | None) -> None:
    good = staff("A81009", 2016, *[1] * 11)
    if problem is None:  # letters alone could be a code
        assert {p.when for p in workforce(tmp_path, good, row)} == {2015}
        return
    with pytest.raises(DataError, match=problem) as caught:
        workforce(tmp_path, good, row)
    assert "row 3" in str(caught.value)


def test_two_rows_of_one_practice_and_year_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two different rows for A81001 2015"):
        workforce(tmp_path, staff("A81001", 2016, *[1] * 11), staff("A81001", 2016, *[2] * 11))


def rating(code: str, year: object, said: str, domain: str = "Overall", group: str = "Overall") -> list[object]:
    return [code, year, f"Surgery {code}", group, domain, said]


def ratings(tmp_path: Path, *rows: list[object]) -> Publication:
    (found,) = read_file(write(tmp_path, "cqc.csv", csv_text(RATINGS, rows)))
    return found


def test_ratings_are_overall_ones_of_practices(tmp_path: Path) -> None:
    found = ratings(
        tmp_path,
        rating("A81001", 2016, "Good"),
        rating("A81001", 2016, "Requires improvement", domain="Safe"),
        rating("A81001", 2016, "Inadequate", group="Older people"),
        rating("A81002", 2019, "Inadequate"),
        rating("A81002", 2017, "Outstanding"),
        rating("NA", 2017, "Good"),
        rating("NA", 2017, "Outstanding"),
        rating("A81003001", 2018, "Good"),
        rating("A81004", 2018, "Inspected but not rated"),
    )
    assert (found.kind, found.when, found.note) == ("cqc_extract", None, "third-party extract, grade C")
    assert sorted(found.frame.rows()) == [("A81001", 2016, 3.0), ("A81002", 2017, 4.0), ("A81002", 2019, 1.0)]
    said = " ".join(found.warnings)
    assert "2 ratings have no practice's code and were left out (row 7 the first)" in said
    assert "1 ratings have the code of a branch surgery and were left out (row 9 the first)" in said
    assert "1 practices were looked at and not rated" in said


def test_a_rating_that_is_no_rating_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the rating is splendid") as caught:
        ratings(
            tmp_path, rating("NA", 2016, "Good"), rating("A81001", 2016, "Good"), rating("A81002", 2016, "Splendid")
        )
    assert "row 4" in str(caught.value)


def test_ratings_of_one_year_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two different rows for A81001 2016"):
        ratings(tmp_path, rating("A81001", 2016, "Good"), rating("A81001", 2016, "Inadequate"))


def test_a_file_without_overall_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no overall rating of a practice"):
        ratings(tmp_path, rating("A81001", 2016, "Good", domain="Safe"))
