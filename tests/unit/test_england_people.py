"""Staff and ratings of an assembled England: the official file wins, gaps stay gaps, ratings never reach back."""

from __future__ import annotations

import numpy as np
import pytest
from folders import practices, whole, write

from gpcontract.england.facts import England
from gpcontract.england.official import build

OFFICIAL = ["PRAC_CODE", "PRAC_NAME", "TOTAL_PATIENTS"]
OFFICIAL += [
    f"TOTAL_{s}_{m}" for m in ("HC", "FTE") for s in ("GP", "GP_EXTGL", "GP_SEN_PTNR", "GP_PTNR_PROV", "NURSES")
]
YEARLY = ["Practice.Code", "Year", "TOTAL_PATIENTS", "TOTAL_GP_EXTGL_FTE", "TOTAL_ADMIN_FTE"]
PARTNERS = [*YEARLY, "TOTAL_LOCUUM_TRN_FTE", "TOTAL_GP_SEN_PTNR_FTE", "TOTAL_GP_PTNR_PROV_FTE", "TOTAL_GP_SEN_PTNR_HC",
            "TOTAL_GP_PTNR_PROV_HC"]  # fmt: skip
CODES = [p.code for p in practices(30, 1)][10:13]
RATINGS = ["Practice.Code", "Year", "service_population_group", "domain", "latest_rating"]


@pytest.fixture(scope="module")
def england(tmp_path_factory: pytest.TempPathFactory) -> England:
    folder = tmp_path_factory.mktemp("people")
    whole(folder)
    a, b, c = CODES
    heads, hours = [6, 4, 1, 2, 3], [5.5, 3.25, 1.0, 1.5, 2.0]
    write(
        folder / "workforce" / "1 General Practice – June 2022 Practice Level - Detailed.csv", OFFICIAL,
        [[a, "A", 9000, *heads, *hours], [b, "B", 9000, *["ND"] * 10]],
    )  # fmt: skip
    write(
        folder / "workforce" / "partners.csv", PARTNERS,
        [[a, 2023, 9000, 9, 9, 9, 9, 9, 9, 9], [b, 2023, 9000, 4, 8, 1.5, 1, 0.5, 1, 1], ["Z99999", 2023, 9000, *[1] * 7]],
    )  # fmt: skip
    write(
        folder / "workforce" / "groups.csv", YEARLY,
        [[a, 2023, 9000, 7, 7], [b, 2023, 9000, 7, 7], [c, 2023, 9000, 5, 10], [b, 2016, 9000, 3, 6], [b, 2022, 9000, 3, 6]],
    )  # fmt: skip
    write(
        folder / "cqc.csv", RATINGS,
        [[code, year, "Overall", "Overall", said] for code, year, said in ((b, 2023, "Good"), (c, 2015, "Good"), (c, 2024, "Inadequate"))],
    )  # fmt: skip
    return build(folder, cache=False)


def at(england: England, fact: str, year: int, code: str) -> float:
    return float(england.fact(fact)[0, england.year(year), england.practice(code)])


def test_the_official_file_wins_where_it_knows(england: England) -> None:
    a, b, c = CODES
    assert at(england, "gp_fte", 2022, a) == 3.25 and at(england, "partner_headcount", 2022, a) == 3
    assert at(england, "locum_trainee_fte", 2022, a) == 2.25  # all GPs less the permanent qualified ones
    assert at(england, "gp_fte", 2022, b) == 4 and at(england, "partner_fte", 2022, b) == 1.5  # no return there
    assert at(england, "gp_fte", 2022, c) == 5 and np.isnan(at(england, "partner_fte", 2022, c))


def test_the_fuller_extract_wins_and_years_stay_apart(england: England) -> None:
    _, b, _ = CODES
    assert at(england, "admin_fte", 2022, b) == 8
    assert at(england, "gp_fte", 2015, b) == 3 and np.isnan(at(england, "gp_fte", 2024, b))


def test_ratings_hold_on_and_never_back(england: England) -> None:
    _, b, c = CODES
    assert [at(england, "cqc_rating", y, c) for y in (2015, 2022, 2024)] == [3, 3, 1]
    assert np.isnan(at(england, "cqc_rating", 2022, b)) and at(england, "cqc_rating", 2024, b) == 3


def test_where_they_came_from_is_said(england: England) -> None:
    staff = england.provenance["gp_fte"]
    assert (
        staff.status == "extract"
        and "third-party extract, grade C" in staff.note
        and "mean of the year's" in staff.note
    )
    assert any("partners.csv" in f for f in staff.files) and any("June 2022" in f for f in staff.files)
    assert "third-party extract, grade C" in england.provenance["cqc_rating"].note
    said = " ".join(england.report.warnings)
    assert "1 practice that no payments file or list names left out (Z99999 the first)" in said
    assert "groups.csv: not used, for no payments file, list or map covers 2021/22" in said
    assert not any("is in two files" in w for w in england.report.warnings)
