"""Primary care reform (2018): each mechanism's identity, neutrality and shape; and that it adds nothing when it is off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract import England, run
from gpcontract.chapters.digital_first import rules as digital
from gpcontract.chapters.indemnity import rules as indemnity
from gpcontract.chapters.money_2019 import rules as money
from gpcontract.chapters.network_2018 import rules as network
from gpcontract.chapters.partnership_risk import rules as partners
from gpcontract.chapters.premises_2018 import rules as premises
from gpcontract.chapters.quality_2018 import rules as quality
from gpcontract.contracts.contract import Contract
from gpcontract.contracts.reading import load, mistakes
from gpcontract.contracts.result import Result
from gpcontract.engine.areas import Areas
from gpcontract.engine.edits import Reform, Set

YEAR = 2024
NETWORK_LINES = (
    "network_contract_core",
    "network_contract_participation",
    "network_contract_director",
    "network_contract_access",
    "network_contract_staff",
    "cancer_specification",
    "mental_health_specification",
)


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1)


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load("primary_care_reform")


@pytest.fixture(scope="module")
def result(contract: Contract, england: England) -> Result:
    return run(contract, england, keep=("in_network", "qof_achievement", "indemnity_cost"))


@pytest.fixture(scope="module")
def national(england: England) -> Result:
    return run(load("national"), england)


def own_lines(contract: Contract) -> list[str]:
    return [n for n in contract.lines if n not in load("national").lines]


def total(result: Result, name: str) -> float:
    return float(np.nansum(result.amounts(name)[0, result.at(YEAR)]))


def measure(result: Result, name: str) -> float:
    return float(np.asarray(result.arrays[name])[0, 0, 0])


# -- as a whole --------------------------------------------------------------------------------------------------


def test_it_reads_without_a_mistake() -> None:
    assert mistakes("primary_care_reform") == ()


def test_with_all_mechanisms_off_every_practice_is_paid_as_nationally(
    contract: Contract, england: England, national: Result
) -> None:
    off = run(contract.switched([]), england)
    assert np.array_equal(off.total(YEAR), national.total(YEAR))
    assert all(not off.pence(n, YEAR).any() for n in own_lines(contract))


def test_every_line_is_known_for_every_open_practice(contract: Contract, result: Result) -> None:
    assert not result.unpriced
    for name in own_lines(contract):
        assert not result.unknown(name, YEAR).any(), name


def test_nothing_of_todays_network_service_is_paid_beside_the_network_contract(result: Result) -> None:
    paid = {line.name for line in result.lines(YEAR)}
    assert not paid & {"network_participation", "network_support", "network_workforce", "network_enhanced_access"}


def test_before_its_first_year_the_dated_contract_is_the_national_one(contract: Contract) -> None:
    early = contract.dated().design
    assert all(e.years is None or not e.reaches(2018) or e.amount == 0 for e in early.value_edits)
    assert not any(e.reaches(2018) for e in early.edits if e.kind == "drop chapter")


def test_practices_in_another_order_are_paid_the_same(contract: Contract, england: England, result: Result) -> None:
    order = np.random.default_rng(3).permutation(len(england.codes))
    moved = replace(
        england,
        codes=tuple(england.codes[i] for i in order),
        labels={k: tuple(v[i] for i in order) for k, v in england.labels.items()},
        facts={k: v[..., order] if v.shape[-1] == len(order) else v for k, v in england.facts.items()},
        areas={k: replace(a, index=a.index[:, order]) for k, a in england.areas.items()},
    )
    again = run(contract, moved)
    for name in own_lines(contract):
        there, here = again.amounts(name)[0, 0], result.amounts(name)[0, 0, order]
        assert np.allclose(there, here, rtol=1e-9, atol=1e-6, equal_nan=True), name


# -- the network contract ------------------------------------------------------------------------------------------


def test_prices_of_the_network_contract_by_hand() -> None:
    assert network.network_contract_core(50_000, 1.50, 1.0, 1) == 75_000
    assert network.network_contract_participation(10_000, 1.761, 1.0, 1) == pytest.approx(17_610)
    assert network.network_contract_director(50_000, 0.729, 1.0, 1) == pytest.approx(36_450)
    assert network.network_contract_access(10_000, 7.578, 1.0, 0.5) == pytest.approx(37_890)


def test_staff_paid_and_unpaid_add_to_what_staff_cost() -> None:
    shares, costs, paid = (np.array(x) for x in ([0.75, 0.25], [60_000.0, 40_000.0], [0.7, 1.0]))
    price, back = network.network_post_price(shares, costs), network.network_post_repaid(shares, costs, paid)
    assert (price, back) == (55_000, pytest.approx(41_500))
    posts = network.network_staff_in_post(100.0, 1_000.0, 200.0, 0.5, 1)
    assert posts == 10
    both = network.network_contract_staff(posts, back, 1.0) + network.network_staff_unpaid(posts, price, back, 1.0)
    assert both == pytest.approx(posts * price)


def test_shares_of_the_roles_add_to_one(contract: Contract) -> None:
    assert contract.values["network_post_shares"].in_year(YEAR).sum() == pytest.approx(1)


def test_what_is_tied_to_specifications_and_delivered_adds_up(result: Result) -> None:
    paid = total(result, "cancer_specification") + total(result, "mental_health_specification")
    assert 0.8 * measure(result, "specification_pot") < paid < 0.9 * measure(result, "specification_pot")


@given(st.lists(st.floats(0.5, 1), min_size=2, max_size=2), st.floats(0.3, 1))
def test_a_network_that_achieves_more_delivers_no_less(achieved: list[float], delivery: float) -> None:
    areas = Areas("network", ("a", "b"), ("a", "b"), np.array([[0, 1, -1]], np.int32))
    each = np.array([[achieved]])
    mean = np.array([[[sum(achieved) / 2]]])
    done = network.specification_delivered(each, mean, delivery, areas)[0, 0]
    assert done.min() >= 0 and done.max() <= 1 and done[2] == 0
    assert (achieved[0] - achieved[1]) * (done[0] - done[1]) >= 0


def test_a_network_like_the_nation_delivers_the_national_share() -> None:
    areas = Areas("network", ("a",), ("a",), np.array([[0]], np.int32))
    like = np.array([[[0.9]]])
    assert network.specification_delivered(like, like, 0.85, areas)[0, 0, 0] == pytest.approx(0.85)


def test_practices_in_no_network_carry_no_network_money(result: Result) -> None:
    outside = np.broadcast_to(result.arrays["in_network"], result.amounts("network_contract_core").shape)[0, 0] == 0
    assert outside.any()
    assert all(not result.amounts(n)[0, 0, outside].any() for n in NETWORK_LINES)


# -- the money of the deal ---------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=9), st.floats(1, 4e6))
def test_networks_never_cost_more_than_the_deal_and_lose_alike(claims: list[float], deal: float) -> None:
    claimed = np.array([[claims]])
    held = money.held_to_the_deal(claimed, np.array([[[deal]]]), 1)
    left = (claimed + held).sum()
    assert (held <= 0).all()
    assert left == pytest.approx(min(claimed.sum(), deal), rel=1e-9, abs=1e-6)
    assert np.allclose(claimed * left, (claimed + held) * claimed.sum(), rtol=1e-9, atol=1e-3)


def test_the_limit_binds_when_networks_fill_all_posts(contract: Contract, england: England, result: Result) -> None:
    assert total(result, "held_to_the_deal") == 0 and 0.8 < measure(result, "network_deal_reached") < 1
    filled = run(contract, england, reform=Reform.of(Set("network_posts_filled", 1.0)))
    assert total(filled, "held_to_the_deal") < 0
    assert measure(filled, "network_deal_reached") == pytest.approx(1)
    both = sum(total(filled, n) for n in NETWORK_LINES) + total(filled, "held_to_the_deal")
    assert both == pytest.approx(measure(filled, "network_deal"), rel=1e-9)


def test_core_money_of_the_deal_is_as_published(contract: Contract) -> None:
    grown = 8_007e6 * np.cumprod([1.014, 1.023, 1.028, 1.025, 1.027]) - 8_007e6
    told = [float(contract.values["core_money_by_year"].in_year(y)) for y in range(2019, 2024)]
    assert np.allclose(told, grown, atol=4e6)


# -- quality ---------------------------------------------------------------------------------------------------------


def test_quality_by_hand() -> None:
    retired = quality.share_retired(175, 559, 1)
    improvement = quality.share_for_improvement(74, 559, 1)
    assert quality.indicators_retired(90_000, retired) == pytest.approx(-28_175.31, abs=0.01)
    assert quality.improvement_domain(100_000, improvement, 1.0) == pytest.approx(13_237.92, abs=0.01)
    assert quality.better_indicators(100_000, retired, improvement, 0.5, 0.9) == pytest.approx(8_130.59, abs=0.01)


@given(st.floats(0, 1), st.floats(1_000, 1e6), st.floats(0, 1))
def test_all_points_stay_in_the_framework(achieved: float, full: float, shared: float) -> None:
    """A practice that achieves what its network does and is paid for improvement as it achieves loses and gains nothing."""
    areas = Areas("network", ("a",), ("a",), np.array([[0]], np.int32))
    retired, improvement = quality.share_retired(175, 559, 1), quality.share_for_improvement(74, 559, 1)
    out = quality.indicators_retired(full * achieved, retired)
    back = quality.improvement_domain(full, improvement, achieved)
    back += quality.better_indicators(full, retired, improvement, shared, achieved)
    each = np.array([[[achieved]]])
    back += quality.network_quality_points(full, retired, improvement, shared, each, each, 1, areas)[0, 0, 0]
    assert out + back == pytest.approx(0, abs=1e-6 * full)


def test_a_smaller_framework_moves_little_money_in_all(result: Result) -> None:
    names = ("indicators_retired", "improvement_domain", "better_indicators", "network_quality_points")
    moved = sum(total(result, n) for n in names)
    assert abs(moved) < 0.02 * np.nansum(result.arrays["qof_achievement"])
    measured = {result.line(n, YEAR).measured for n in names if n != "improvement_domain"}
    assert measured == {True} and not result.line("improvement_domain", YEAR).measured


# -- indemnity -------------------------------------------------------------------------------------------------------


def test_indemnity_before_and_after_the_scheme(result: Result) -> None:
    assert indemnity.state_indemnity(1_000, 0) == 1_000 and indemnity.state_indemnity(1_000, 1) == 0
    assert indemnity.indemnity_lifted(5, 8_000, 1.0, 0.8, 1) == pytest.approx(50_000)
    assert indemnity.indemnity_saved(50_000, 0) == -50_000
    assert total(result, "state_indemnity") == total(result, "indemnity_saved") == 0
    cost = float(np.nansum(result.arrays["indemnity_cost"]))
    assert cost == pytest.approx(134e6)


@given(st.lists(st.floats(1, 1e5), min_size=2, max_size=6))
def test_what_is_taken_off_the_price_is_what_the_scheme_costs(lists: list[float]) -> None:
    patients = np.array([[lists]])
    cost = indemnity.indemnity_cost(patients, np.ones_like(patients), 1e6, 1)
    taken = indemnity.price_lowered_for_indemnity(cost, patients, np.ones_like(patients), 1, 0)
    assert cost.sum() == pytest.approx(1e6) and taken.sum() == pytest.approx(-1e6)


# -- partners and premises ---------------------------------------------------------------------------------------------


def test_the_chance_of_the_last_partner_falls_smoothly_with_the_list() -> None:
    sizes = np.array([[[0.0, 1_500, 2_500, 4_000, 6_500, 10_000, 15_500, 22_000]]])
    chance = partners.exit_chance(sizes, 0.0185, 6_500, 1.29, 0.10)[0, 0]
    assert chance[0] == 0 and (np.diff(chance[1:]) < 0).all()
    seen = [0.061, 0.035, 0.0185, 0.0102, 0.0058]
    assert np.allclose(chance[2:7], seen, rtol=0.12)


def test_a_limited_form_is_taken_where_it_pays() -> None:
    assert partners.limited_where_owned(100_000, 0.01, 3, 2_000, 1.0) == 1
    assert partners.limited_where_owned(100_000, 0.005, 3, 2_000, 1.0) == 0
    assert partners.limited_where_leased(100_000, 200_000, 0.5, 0.005, 3, 2_000, 1.0) == 1
    assert partners.limited_form(0, 1, 0.57, 1) == pytest.approx(0.43)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_more_risk_is_taken_off_than_there_is(
    guaranteed: float, content: float, owned: float, lease: float, closing: float
) -> None:
    owned = min(owned, 0.95)
    risk = partners.tenant_lease_risk(lease, owned, guaranteed, 1)
    form = partners.limited_form(0.0, 1.0, owned, 1)
    off = partners.partner_liability_lifted(closing, form, lease, guaranteed, 1, risk, content, 1.0, owned, 1)
    assert -1e-6 <= off <= partners.partner_liability(closing, lease) * (1 + 1e-9) + 1e-6


def test_new_partners_are_paid_what_was_paid(result: Result) -> None:
    assert partners.new_partner_payments(1.0, 20_000, 0.77, 400, 1.0) == pytest.approx(15_800)
    assert total(result, "new_partner_payments") == pytest.approx(76 * 12 * 15_800, rel=1e-9)


def test_a_lease_stood_behind_costs_rent_while_nobody_takes_it() -> None:
    assert premises.leases_stood_behind(50_000, 0, 0.5, 0.004, 2, 1) == pytest.approx(200)
    assert premises.leases_stood_behind(50_000, 1, 0.5, 0.004, 2, 1) == 0


# -- digital-first lists -----------------------------------------------------------------------------------------------


def test_which_lists_are_digital_first() -> None:
    degree = digital.digital_first_degree
    young, away = np.array([0.39, 0.97, 0.86, 0.675]), np.array([0.10, 0.001, 0.06, 0.06])
    assert np.allclose(degree(young, away, 0.55, 0.80, 0.02, 0.05), [0, 0, 1, 0.5])


def test_the_three_changes_by_hand() -> None:
    new = digital.newly_registered(np.array([0.95]), 0.2)
    assert new == pytest.approx(1.15 / 1.95)
    cut = digital.new_patient_cut(0.5, 1.46, 0.5)
    assert cut == pytest.approx(0.115 / 1.23)
    assert digital.digital_first_all_cuts(1_000_000, 0.1, 0.05, 5_000) == pytest.approx(150_000)
    assert digital.digital_first_cut(150_000, 1_000_000, 0.1, 0, 1) == -150_000
    assert digital.digital_first_cut(150_000, 1_000_000, 0.1, 1, 1) == pytest.approx(-100_000)


def test_what_digital_first_lists_lose_is_recycled_to_the_pound(result: Result) -> None:
    taken, given_back = total(result, "digital_first_cut"), total(result, "digital_first_recycled")
    assert taken < 0 and taken + given_back == pytest.approx(0, abs=0.5)


@given(st.floats(0, 5), st.floats(0, 1), st.floats(0, 0.2))
def test_the_cut_is_never_more_than_the_money(growth: float, cut: float, rural: float) -> None:
    new = digital.newly_registered(np.array([growth]), 0.2)
    taken = digital.digital_first_all_cuts(1.0, digital.new_patient_cut(new, 1.46, cut), rural, 0.0)
    assert 0 <= taken < 1
