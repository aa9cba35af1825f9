"""Enhanced services: fees by item, childhood targets and repayment, and a national ceiling."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.chapters import load
from gpcontract.chapters.enhanced import rules
from gpcontract.england.facts import lines

NAN = float("nan")
VALUES = load("enhanced").values


def targets(two: float, five: float, children: tuple[float, float] = (63, 58)) -> float:
    tables = (VALUES[f"childhood_target_{n}"].in_year(2010) for n in ("shares", "payments", "average_children"))
    return float(rules.childhood_target_payment(np.array(two), np.array(five), *children, *tables))


def test_childhood_targets_pay_by_the_target_reached() -> None:
    assert targets(0.95, 0.9) == pytest.approx(8487)
    assert targets(0.899, 0.7) == pytest.approx(2829)
    assert targets(0.69, 0.0) == 0
    assert targets(0.95, 0.69) == pytest.approx(8487 * 63 / 121)
    assert targets(0.95, 0.95, (0, 0)) == 0
    assert np.isnan(targets(NAN, 0.95))


def test_children_of_a_list_are_the_average_ones_unless_known() -> None:
    average = np.array([63.0, 58.0])
    assert rules.usual_children_of_two(10_000, average, 5000) == 126
    assert rules.children_of_five(np.array([70.0, NAN]), 10_000, average, 5000) == pytest.approx([70, 116])


def test_childhood_fees_are_repaid_below_the_trigger() -> None:
    coverage = np.array([0.79, 0.8, NAN])
    back = rules.childhood_repayment(np.array([1000.0, 1000.0, 1000.0]), coverage, 0.8, 0.5)
    assert back == pytest.approx([500, 0, NAN], nan_ok=True)


@pytest.mark.parametrize(
    ("rule", "fee"),
    [
        (rules.influenza_pneumococcal, 10.06),
        (rules.meningitis, 10.06),
        (rules.pertussis, 10.06),
        (rules.rotavirus_shingles, 10.06),
        (rules.respiratory_syncytial_virus, 10.06),
        (rules.learning_disabilities, 140),
        (rules.weight_management, 11.5),
    ],
)
def test_a_fee_for_each_item_or_what_was_published(rule, fee: float) -> None:
    paid = rule(np.array([100.0, 0.0, NAN, NAN]), fee, np.array([5.0, 5.0, 5.0, NAN]))
    assert paid == pytest.approx([100 * fee, 0, 5, NAN], nan_ok=True)


def test_minor_surgery_and_out_of_area_have_two_fees() -> None:
    assert rules.minor_surgery(10, 5, 43.54, 87.08, NAN) == pytest.approx(870.80)
    assert rules.out_of_area(2, 1, 15.87, 60, NAN) == pytest.approx(91.74)


def test_advice_is_cut_to_the_national_ceiling() -> None:
    claims = rules.advice_guidance_claim(np.array([[100.0, 300.0, NAN]]), 20, np.array([[9.0, 9.0, 2000.0]]))
    assert claims == pytest.approx(np.array([[2000, 6000, 2000]]))
    total = rules.national_advice_guidance_claim(claims)
    assert rules.advice_guidance(claims, total, 5000).sum() == pytest.approx(5000)
    assert rules.advice_guidance(claims, total, 20_000) == pytest.approx(claims)
    assert rules.advice_guidance_by_list(100, 1000, 80e6, 0.8) == pytest.approx(6.4e6)


def test_each_published_line_is_made_once() -> None:
    made = {r.name for r in load("enhanced").rules if r.line}
    published = set(lines())
    assert made - published == {"advice_guidance"}
    for other in ("network", "premises", "locum", "dispensing"):
        assert not made & {r.name for r in load(other).rules if r.line}


def test_services_that_ended_are_nothing_after_their_last_late_payment() -> None:
    by_name = {r.name: r for r in load("enhanced").rules}
    assert by_name["alcohol"].in_force(2015) and not by_name["alcohol"].in_force(2016)
    assert by_name["unplanned_admissions"].in_force(2017) and not by_name["unplanned_admissions"].in_force(2018)
    assert not by_name["respiratory_syncytial_virus"].in_force(2023)
