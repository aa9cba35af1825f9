"""The national contract against what was really paid: the errors that `gpcontract check` prints, and what they may be.

Bounds are the product's stated aims, except where a comment says that an aim is missed; those are held to what was measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gpcontract.england.facts import England
from gpcontract.findings.reconciliation import Found, Row, check


@pytest.fixture(scope="module")
def found(official_data: Path) -> Found:
    return check(England.official(official_data))


def rows(found: Found, title: str) -> list[Row]:
    here = [r for r in found.found if r.title.startswith(title)]
    assert here, title
    return here


def test_global_sum_of_gms_practices(found: Found) -> None:
    for row in rows(found, "Global sum, GMS"):
        assert row.practices > 4000
        assert row.median_error <= (0.010 if row.year <= 2016 else 0.007), row
        assert abs(row.total_error) <= 0.006, row


def test_quality_totals_and_practices(found: Found) -> None:
    """The total of 2014/15 misses 3%: it rests on achievement in 2012/13 and 2013/14, of which no file tells."""
    for row in rows(found, "QOF, all"):
        assert abs(row.total_error) <= (0.045 if row.year == 2014 else 0.03), row
    for row in rows(found, "QOF, practices with points"):
        assert row.median_error <= 0.085, row


def test_quality_from_age_sex_and_deprivation_alone(found: Found) -> None:
    """The aim is 8.5%; without the practice's own other years it is missed by up to 1.2 points."""
    for row in rows(found, "QOF, by age"):
        assert row.median_error <= 0.098, row


def test_correction_factor_by_sevenths(found: Found) -> None:
    """The aim is 95% of practices within £12; 2015/16 and, by two tenths, 2016/17 miss it."""
    shares = found.extra["correction_factor_within_12_pounds"]
    assert shares
    for year, share in shares.items():
        assert share["practices"] > 3000
        assert share["agreed"] >= (0.915 if year == "2015/16" else 0.945), (year, share)
        assert share["agreed"] >= share["plain"]


def test_weighted_list_without_the_published_one(found: Found) -> None:
    for row in rows(found, "Weighted list"):
        assert row.practices > 6000
        assert row.median_error <= 0.026, row


def test_everything_paid_adds_up_to_the_published_total(found: Found) -> None:
    for row in rows(found, "Total payments"):
        assert abs(row.total_error) <= 0.005, row


def test_the_worst_practices_are_named_with_reasons(found: Found) -> None:
    worst = [w for w in found.worst if w["line"].startswith("Global sum")]
    assert len(worst) >= 100
    assert sum(w["reasons"] != "not known" for w in worst) > len(worst) / 2
