"""Dispensing: the band that a volume reaches applies to all of it."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.chapters import load
from gpcontract.chapters.dispensing import rules

NAN = float("nan")
VALUES = load("dispensing").values
BANDS, PENCE = VALUES["dispensing_fee_bands"].in_year(2026), VALUES["dispensing_fee_pence"].in_year(2026)


@pytest.mark.parametrize(
    ("volume", "pence"), [(0, 248.1), (480, 248.1), (481, 244.7), (1503, 231.1), (4804, 221.6), (9999, 220.8)]
)
def test_the_fee_is_that_of_the_band_reached(volume: float, pence: float) -> None:
    assert float(rules.dispensing_fee(volume, BANDS, PENCE)) == pytest.approx(pence)


def test_one_more_prescription_can_lower_the_whole_fee() -> None:
    below, above = (v * float(rules.dispensing_fee(v, BANDS, PENCE)) for v in (480, 481))
    assert above < below


def test_volume_is_for_each_practitioner_and_month() -> None:
    assert rules.monthly_volume(np.array([24_000.0, 0.0]), np.array([4.0, 0.0])) == pytest.approx([500, 0])
    assert rules.dispensing_fees(np.array([6000.0, NAN]), 244.7, 7.0) == pytest.approx([14_682, 7])


def test_items_administered_by_practices_that_do_not_dispense_pay_more() -> None:
    fee = float(rules.administered_fee(100, BANDS, PENCE, 8.7))
    assert fee == pytest.approx(256.8)
    paid = rules.prescribing_fees(
        np.array([1200.0, 1200.0, NAN]), fee, np.array([0.0, 1.0, 0.0]), np.array([5.0, 5.0, 5.0])
    )
    assert paid == pytest.approx([3081.6, 5, 5])


def test_drugs_are_paid_less_discount() -> None:
    bands, shares = (
        VALUES["dispensing_discount_bands"].in_year(2024),
        VALUES["dispensing_discount_shares"].in_year(2024),
    )
    small, large = (float(rules.drug_discount(x, bands, shares)) for x in (12 * 2000, 12 * 30_000))
    assert (small, large) == pytest.approx((0.0317, 0.1118))
    assert rules.drugs(1000, small, 50, NAN) == pytest.approx(1018.3)
