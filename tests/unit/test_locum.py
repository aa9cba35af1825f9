"""Reimbursements for people: the lower of invoice and ceiling, by week."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.chapters import load
from gpcontract.chapters.locum import rules

NAN = float("nan")
VALUES = load("locum").values


def test_parental_cover_has_two_ceilings() -> None:
    assert rules.parental_cover(1, 3000, 2, 1211.64, 1856.61) == pytest.approx(1211.64)
    assert rules.parental_cover(10, 3000, 2, 1211.64, 1856.61) == pytest.approx(2 * 1211.64 + 8 * 1856.61)
    assert rules.parental_cover(10, 1500, 2, 1211.64, 1856.61) == pytest.approx(2 * 1211.64 + 8 * 1500)
    assert rules.parental_cover(0, 3000, 2, 1211.64, 1856.61) == 0


def test_sickness_is_covered_from_the_third_week() -> None:
    assert rules.sickness_cover(2, 3000, 2, 1856.61) == 0
    assert rules.sickness_cover(5, 3000, 2, 1856.61) == pytest.approx(3 * 1856.61)
    assert rules.suspension_cover(4, 900, 1199.64) == 3600


def test_the_first_ceiling_rose_by_six_per_cent_in_september_2024() -> None:
    before, after = (
        next(e.value for e in VALUES["locum_parental_first_weeks_ceiling"].entries if str(e.first) == day)
        for day in ("2018-04-01", "2024-09-01")
    )
    assert after == 1211.64 == round(before * 1.06, 2)


def test_lines_are_as_published_where_claims_are_not_known() -> None:
    paid = rules.locum(np.array([5.0, NAN]), np.array([0.0, 0.0]), np.array([1.0, 0.0]), np.array([9.0, 9.0]))
    assert paid == pytest.approx([6, 9])
    assert rules.study_leave(10, 5000, 141.70, NAN) == pytest.approx(6417)
    assert rules.retention(np.array([100.0, NAN]), 76.92, 8.0) == pytest.approx([7692, 8])


def test_pension_contributions_add_up_to_the_employer_rate() -> None:
    own, central = rules.employer_pension_cost(1000, 0.1438), rules.central_pension_cost(1000, 0.237, 0.1438)
    assert own + central == pytest.approx(237)
