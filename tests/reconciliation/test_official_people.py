"""Staff and ratings of official England against what the extracts, and England's published totals, add up to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpcontract import chapters
from gpcontract.england.facts import England
from gpcontract.england.official import build


@pytest.fixture(scope="module")
def england(official_data: Path) -> England:
    return build(official_data)


def total(england: England, fact: str, year: int) -> float:
    return float(np.nansum(england.fact(fact)[0, england.year(year)]))


@pytest.mark.parametrize(
    ("fact", "year", "published"),
    [
        ("gp_fte", 2015, 27_372), ("gp_fte", 2019, 26_863), ("gp_fte", 2023, 26_625), ("gp_fte", 2024, 27_077),
        ("gp_headcount", 2015, 34_286), ("gp_headcount", 2024, 37_885), ("nurse_fte", 2015, 14_238), ("nurse_fte", 2024, 16_575),
        ("direct_care_fte", 2015, 8_568), ("direct_care_fte", 2024, 17_043), ("admin_fte", 2015, 57_425),
        ("admin_fte", 2024, 75_967), ("partner_fte", 2022, 16_604), ("partner_fte", 2024, 15_830),
        ("partner_headcount", 2022, 19_825), ("partner_headcount", 2024, 19_016), ("locum_trainee_fte", 2024, 9_647),
    ],
)  # fmt: skip
def test_staff_add_up_to_the_extract(england: England, fact: str, year: int, published: float) -> None:
    """All but 20 practices of the extracts are in England, so totals agree to a part in five hundred."""
    assert total(england, fact, year) == pytest.approx(published, rel=0.002)


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_partners_agree_with_the_national_total_that_contracts_read(england: England, year: int) -> None:
    assert total(england, "partner_fte", year) == pytest.approx(
        float(chapters.load("people").values["partners_national"].in_year(year)), rel=0.002
    )


def test_no_year_is_filled_from_another(england: England) -> None:
    known = [y for y in england.years if not np.isnan(england.fact("partner_fte")[0, england.year(y)]).all()]
    assert known == [2022, 2023, 2024]
    assert np.isnan(england.fact("gp_fte")[0, england.year(2014)]).all()
    assert np.isnan(england.fact("gp_fte")[0, england.year(2025)]).all()


def test_most_open_practices_have_partners_and_heads(england: England) -> None:
    y = england.year(2024)
    heads, hours = (england.fact(f)[0, y][england.open[y]] for f in ("partner_headcount", "partner_fte"))
    assert np.isnan(heads).sum() < 250 and np.isnan(hours).sum() < 250
    some = heads > 0
    assert 0.80 < hours[some].sum() / heads[some].sum() < 0.86
    assert 0.06 < (heads == 0).mean() < 0.09  # no partner of the practice's own: APMS, and lists run by others


def test_ratings_hold_from_their_year_and_never_before(england: England) -> None:
    grid = england.fact("cqc_rating")[0]
    assert set(np.unique(grid[~np.isnan(grid)])) == {1, 2, 3, 4}
    known = (~np.isnan(grid)).sum(-1)
    rising = [int(known[england.year(y)]) for y in (2014, 2015, 2016, 2017, 2019, 2020, 2022, 2024)]
    assert rising == sorted(rising) and rising[0] == 0 and rising[1] < 200 and rising[-1] > 6_000
    at = england.practice("M84032")  # outstanding in 2016, good in 2019
    assert [grid[england.year(y), at] for y in (2016, 2017, 2019, 2024)] == [4, 4, 3, 3]
    assert np.isnan(grid[england.year(2015), at])


def test_what_they_are_is_said(england: England) -> None:
    for fact in ("gp_fte", "partner_fte", "gp_headcount", "cqc_rating"):
        said = england.provenance[fact]
        assert said.status == "extract" and "third-party extract, grade C" in said.note
    assert any("practices with patients have no staff at all" in w for w in england.report.warnings)
