"""The network service's rules: populations, networks, claims up to a sum, points by thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.chapters import load
from gpcontract.chapters.network import rules
from gpcontract.engine.areas import Areas
from gpcontract.engine.plan import Plan

NAN = float("nan")
NETWORKS = Areas("network", ("U1", "U2"), ("One", "Two"), np.array([[0, 0, 1, -1]], np.int32))
VALUES = load("network").values


def row(*xs: float) -> np.ndarray:
    """One draw and one year of practices."""
    return np.array(xs, float)[None, None, :]


def test_the_january_list_is_a_quarter_of_the_way() -> None:
    found = rules.estimated_january_list(row(1040, 1000, 5000, 0, 900), row(1000, NAN, 1000, 800, 0), 0.25, 0.15)
    assert found.ravel() == pytest.approx([1010, 1000, 5000, 0, 900])  # grown, unknown, merged, closed, new


def test_a_known_january_list_stands_before_an_estimate() -> None:
    assert rules.january_list(row(990, NAN), row(1010, 1020)).ravel() == pytest.approx([990, 1020])


def test_practices_in_no_network_or_an_empty_one_are_not_members() -> None:
    lists = rules.network_list(row(100, NAN, 0, 400), NETWORKS)
    assert lists.ravel() == pytest.approx([100, 0])
    assert rules.in_network(lists, NETWORKS).ravel() == pytest.approx([1, 1, 0, 0])
    assert rules.national_networks(lists).ravel() == pytest.approx([1])
    assert rules.average_network_list(lists, row(1)).ravel() == pytest.approx([100])


def test_adjusted_patients_add_up_to_the_list() -> None:
    january = row(100, 300, 200, 0)
    need = rules.need_list(row(150, 250, NAN, 80), january)
    assert need.ravel() == pytest.approx([150, 250, 200, 0])  # none published: the list; closed: none
    adjusted = rules.adjusted_list(need, rules.need_list_scale(need, january))
    assert adjusted.sum() == pytest.approx(600)


def test_weighted_patients_move_to_january_as_the_list_does() -> None:
    found = rules.network_weighted_list(row(1100, 500, 0), row(990, 400, 0), row(1000, 400, 0), row(1, 0, 1))
    assert found.ravel() == pytest.approx([1089, 0, 0])


def test_enhanced_access_took_over_half_way_through_2022() -> None:
    extended = rules.network_extended_hours(1, float(VALUES["network_extended_access_registered_rate"].in_year(2022)))
    enhanced = rules.network_enhanced_access(1, float(VALUES["network_extended_access_adjusted_rate"].in_year(2022)))
    assert (extended, enhanced) == pytest.approx((0.72, 3.764))


def test_care_home_beds_are_shared_out_by_the_oldest_and_add_up() -> None:
    bands = np.zeros((14, 1, 1, 3))
    bands[6], bands[13], bands[2] = row(10, 30, 0), row(20, 40, 0), row(500, 100, 0)
    weights = VALUES["care_home_age_weights"].yearly((2024,))
    old = rules.care_home_age_list(bands, weights)
    beds = rules.modelled_care_home_beds(old, rules.national_care_home_age_list(old), 1000)
    assert beds.ravel() == pytest.approx([300, 700, 0])
    assert rules.premium_beds(row(12, NAN, NAN), beds).ravel() == pytest.approx([12, 700, 0])
    assert rules.network_care_home(beds, row(1, 0, 1), 120).ravel() == pytest.approx([36_000, 0, 0])


def test_additional_roles_are_paid_up_to_the_sum() -> None:
    sums = rules.additional_roles_sum(row(100, 300, 50, 0), 20)
    network_sums = rules.network_additional_roles_sum(sums, NETWORKS)
    assert network_sums.ravel() == pytest.approx([8000, 1000])
    staff = np.stack([row(0.05, 0.05, 1, 0), row(0.1, 0.1, NAN, 0)])  # pharmacists, advisers: the network's
    most = np.array([60_000.0, 30_000.0])[:, None, None, None]
    share = rules.additional_roles_claimed(staff, most, network_sums, NETWORKS, 0.9)
    assert share.ravel() == pytest.approx([0.75, 0.75, 0.9, 0])
    assert rules.network_workforce(sums, 0.0, share).ravel() == pytest.approx([1500, 4500, 900, 0])
    many = rules.additional_roles_claimed(staff * 10, most, network_sums, NETWORKS, 0.9)
    assert many.ravel()[:2] == pytest.approx([1, 1])


def test_fund_points_run_between_thresholds() -> None:
    tables = [VALUES[f"iif_indicator_{n}"].yearly((2024,)) for n in ("points", "lower", "upper")]
    checks, tests = row(0.6, 0.7, 0.9, NAN), row(0.65, 0.8, 1.0, 0.8)
    found = rules.fund_points(checks, tests, *tables, 58, 0.85)
    assert found.ravel() == pytest.approx([0, 18 + 22, 58, 58 * 0.85])


def test_the_fund_pays_its_printed_national_sum() -> None:
    points = rules.fund_points_of_national_sum(24_250_000, 100, 1250, 0.8, row(1, 0))
    each = rules.network_investment_fund(points, 100, row(50_000, 50_000), 50_000, 1)
    assert each.ravel() == pytest.approx([24_250_000 * 0.8 / 1250, 0])
    assert rules.fund_prevalence(row(1.2, NAN)).ravel() == pytest.approx([1.2, 1])


def test_the_gp_scheme_pays_claims_up_to_the_sum() -> None:
    most = rules.gp_reimbursement_sum(row(10_000, 10_000, 10_000), 4.57)
    claim = rules.gp_reimbursement_claim(row(0.1, 1, NAN), row(10, 0, 0), row(0, 1, 0), 152_900, 155_698, 78.41)
    paid = rules.gp_reimbursement(most, claim, 0.8)
    assert paid.ravel() == pytest.approx([15_290 + 784.10, 45_700, 0.8 * 45_700])


def test_lines_are_resolved_without_any_fact_of_ones_own() -> None:
    chapter = load("network")
    facts = {"list_size", "list_by_band", "weighted_list_published", "in_london"}
    lags = {"list_size_before"}
    missing = {n for r in chapter.rules for n in r.needs} - {r.name for r in chapter.rules} - set(chapter.values)
    known = missing | facts | lags | set(chapter.values)
    lines = tuple(dict.fromkeys(r.name for r in chapter.rules if r.line))
    given = facts | lags | {"network"} | set(chapter.values)
    plan = Plan(chapter.rules, lines, tuple(range(2004, 2027)), known - {"last_year_list_size"}, given, partial=True)
    assert not plan.unpriced
    assert plan.rule("network_leadership", 2024) is None  # merged into core funding
    assert plan.rule("gp_reimbursement", 2025) is None


def test_the_sum_for_gps_is_shared_by_weighted_list() -> None:
    lists = np.array([[[30_000.0, 10_000.0, 0.0]]])
    nation = rules.national_network_weighted_list(lists)
    assert rules.additional_roles_gp_sum(lists, 82e6, nation).ravel().tolist() == [61.5e6, 20.5e6, 0.0]
