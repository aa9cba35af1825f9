"""Premises: rent, abatement for the years of a grant, and grants within their shares."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.chapters import load
from gpcontract.chapters.premises import rules

NAN = float("nan")
VALUES = load("premises").values


def years_of_use(grant: float, year: int) -> float:
    return float(
        rules.grant_years(
            grant, VALUES["premises_grant_bands"].in_year(year), VALUES["premises_grant_years"].in_year(year)
        )
    )


@pytest.mark.parametrize(
    ("year", "grant", "years"),
    [
        (2020, 0, 5),
        (2020, 100_000, 5),
        (2020, 100_000.01, 10),
        (2020, 250_001, 15),
        (2020, 5e6, 15),
        (2025, 144_000, 6),
        (2025, 360_000, 9),
        (2025, 660_000, 12),
        (2025, 1_200_000, 15),
        (2025, 1_200_001, 18),
    ],
)
def test_years_of_guaranteed_use(year: int, grant: float, years: int) -> None:
    assert years_of_use(grant, year) == years


def test_rent_is_the_lower_of_lease_and_market_and_the_market_rent_for_owners() -> None:
    rent = rules.rent_reimbursement(np.array([50.0, 70.0, 0.0, NAN]), np.array([60.0, 60.0, 60.0, NAN]))
    assert rent == pytest.approx([50, 60, 60, NAN], nan_ok=True)


def test_rent_of_what_a_grant_paid_for_is_not_reimbursed_until_its_years_are_over() -> None:
    abated = rules.rent_abatement(np.array([10.0, 10.0, NAN]), np.array([5.0, 6.0, 1.0]), 6)
    assert abated == pytest.approx([10, 0, 0])


def test_grants_stay_within_the_shares_allowed() -> None:
    grant = rules.improvement_grant(np.array([100.0, 100.0, NAN]), np.array([0.2, 0.9, 0.5]), 0.33, 0.66)
    assert grant == pytest.approx([33, 66, 0])


def test_practices_without_their_own_rent_keep_the_published_payment() -> None:
    rent = np.array([100.0, NAN])
    paid = rules.premises(rent, rules.no_rent_abatement(rent), rules.no_running_costs(rent), 0.0, np.array([1.0, 80.0]))
    assert paid == pytest.approx([100, 80])
