"""At your service: off it is the national contract; on, its parts add up; the cost of salaried GPs as the published grid has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract import Contract, England, run
from gpcontract.chapters.digital_access import rules as digital
from gpcontract.chapters.hospital_incentives import rules as hospital
from gpcontract.chapters.last_contracts import rules as last
from gpcontract.chapters.people import rules as people
from gpcontract.chapters.rescue_fund import rules as fund
from gpcontract.chapters.salaried_gps import rules as salaried
from gpcontract.chapters.scale_layers import rules as layers
from gpcontract.contracts.result import Result
from gpcontract.engine.areas import Areas
from gpcontract.engine.edits import Edit, ReplaceRule, Set
from gpcontract.levers.queue import share_met

NATIONAL = Contract.load("national")
PROPOSAL = Contract.load("at_your_service")
NEW = tuple(n for n in PROPOSAL.lines if n not in NATIONAL.lines)
CONVERSION = ("profit_returned", "partner_pension_returned", "salaried_gp_pay", "leave_cover", "sickness_absence_cover",
              "clinical_management", "provider_overhead", "irrecoverable_vat")  # fmt: skip


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1)


@pytest.fixture(scope="module")
def national(england: England) -> Result:
    return run(NATIONAL, england)


@pytest.fixture(scope="module")
def whole(england: England) -> Result:
    return run(PROPOSAL, england, keep="all")


def total(made: Result, *names: str) -> float:
    return float(sum(np.sum(np.broadcast_to(made.arrays[n], (1, 1, len(made.england.codes)))) for n in names))


def with_edits(england: England, *edits: Edit, on: tuple[str, ...] | None = None) -> Result:
    made = PROPOSAL if on is None else PROPOSAL.switched(on)
    for edit in edits:
        made = made.with_reform(replace(made.reform, edits=(edit,)))
    return run(made, england, keep="all")


# -- off and on --------------------------------------------------------------------------------------------------


def test_off_it_pays_every_practice_what_the_national_contract_pays(england: England, national: Result) -> None:
    off = run(PROPOSAL.switched([]), england)
    for name in NATIONAL.lines:
        np.testing.assert_array_equal(off.arrays[name], national.arrays[name], err_msg=name)
    for name in NEW:
        assert not np.any(off.arrays[name]), name


def test_on_each_line_is_known_for_every_practice(whole: Result) -> None:
    for name in (*NEW, *PROPOSAL.measures):
        assert np.isfinite(whole.arrays[name]).all(), name


def test_on_it_changes_no_line_of_the_national_contract_but_additional_roles(whole: Result, national: Result) -> None:
    changed = [n for n in NATIONAL.lines if not np.array_equal(whole.arrays[n], national.arrays[n], equal_nan=True)]
    assert changed == ["network_workforce"]


@pytest.mark.parametrize("name", [m.name for m in PROPOSAL.mechanisms])
def test_each_mechanism_has_an_id_of_the_inventory_and_says_what_it_is(name: str) -> None:
    one = next(m for m in PROPOSAL.mechanisms if m.name == name)
    assert one.ids and all(i.startswith("S1-") for i in one.ids) and one.about and one.first


def test_each_mechanism_moves_something_of_its_own(england: England, whole: Result) -> None:
    names = [m.name for m in PROPOSAL.mechanisms]
    for name in names:
        without = run(PROPOSAL.switched([n for n in names if n != name]), england)
        assert any(
            not np.array_equal(without.arrays[n], whole.arrays[n]) for n in (*PROPOSAL.lines, *PROPOSAL.measures)
        )


def test_it_grows_by_its_timeline() -> None:
    early = PROPOSAL.dated()
    shares = early.value_arrays((2023, 2024, 2026), ["share_to_trust", "rescue_fund_in_force"])
    assert shares["share_to_trust"].ravel() == pytest.approx([0, 0.35 / 11, 0.35 * 3 / 11])
    assert shares["rescue_fund_in_force"].ravel() == pytest.approx([0, 1 / 11, 3 / 11])


def test_practices_in_another_order_are_paid_the_same(england: England, whole: Result) -> None:
    order = np.random.default_rng(3).permutation(len(england.codes))
    other = replace(
        england,
        codes=tuple(england.codes[i] for i in order),
        facts={k: v[..., order] if v.shape[-1] == len(order) else v for k, v in england.facts.items()},
        areas={k: Areas(a.kind, a.codes, a.names, a.index[:, order]) for k, a in england.areas.items()},
    )
    made = run(PROPOSAL, other)
    for name in NEW:
        there = np.broadcast_to(whole.arrays[name], (1, 1, len(order)))[..., order]
        np.testing.assert_allclose(made.arrays[name] + 0 * there, there, rtol=1e-9, atol=1e-4, err_msg=name)


# -- salaried GPs in partners' place -----------------------------------------------------------------------------

GRID = [
    (99_000, 0.35, (0.80, 1.00, 1.20, 1.60), (0.95, 1.00, 1.05, 1.15)),
    (110_000, 0.385, (0.91, 1.13, 1.36, 1.81), (0.98, 1.03, 1.09, 1.20)),
    (117_000, 0.385, (0.97, 1.21, 1.45, 1.93), (0.99, 1.05, 1.11, 1.23)),
]


@pytest.mark.parametrize(("pay", "on_cost", "labour", "budget"), GRID)
def test_the_grid_of_2022_23(pay: float, on_cost: float, labour: tuple[float, ...], budget: tuple[float, ...]) -> None:
    """Contractors at £140,200 and 0.835 of full time, a pool of £2.57bn in a budget of £10.23bn."""
    income = people.partner_income_per_fte(140_200, 0.835)
    pool = np.array([[[people.partner_pool(15_321, income)]]])
    for ratio, of_labour, of_budget in zip((1.0, 1.25, 1.5, 2.0), labour, budget, strict=True):
        factor = salaried.labour_cost_factor(ratio, people.salaried_cost_per_fte(pay, on_cost), income)
        assert factor == pytest.approx(of_labour, abs=0.0081)
        whole = salaried.whole_budget_factor(factor, pool, np.array([[[10.23e9]]]))
        assert whole.item() == pytest.approx(of_budget, abs=0.0051)


def test_break_even_and_what_two_or_three_times_would_take() -> None:
    income = people.partner_income_per_fte(140_200, 0.835)
    dear = salaried.labour_cost_factor(1.0, people.salaried_cost_per_fte(117_000, 0.385), income)
    cheap = salaried.labour_cost_factor(1.0, people.salaried_cost_per_fte(99_000, 0.35), income)
    assert salaried.break_even_ratio(1.0, dear) == pytest.approx(1.03, abs=0.01)
    assert salaried.break_even_ratio(1.0, cheap) == pytest.approx(1.25, abs=0.01)
    pool, budget = np.array([[[2.573e9]]]), np.array([[[10.23e9]]])
    for ratio, times in ((6.2, 2), (11.2, 3)):
        assert salaried.whole_budget_factor(cheap * ratio, pool, budget).item() == pytest.approx(times, abs=0.02)


def test_conversion_line_by_line() -> None:
    hired = salaried.salaried_hired(salaried.partners_leaving(10.0, 0.7, 1.0), 1.25)
    pay = salaried.salaried_gp_pay(hired, 160_000)
    assert (hired, pay) == (8.75, 1_400_000)
    leave, sick = salaried.leave_cover(pay, 0.10), salaried.sickness_absence_cover(pay, 0.0119)
    assert (leave, sick) == (pytest.approx(140_000), pytest.approx(16_660))
    assert salaried.clinical_management(pay, 0.05) == pytest.approx(70_000)
    rate = salaried.provider_overhead_rate(0.35, 0.25, 0.10, [0.12, 0.08, 0.13], 0.7)
    assert rate == pytest.approx(0.075 / 0.7)
    assert salaried.vat_exposed_rate(0.35, 0.25, 0.10, [0.1, 0.3, 0.3], 0.7) == pytest.approx(0.2)
    overhead = salaried.provider_overhead(pay, rate)
    assert overhead == pytest.approx(150_000)
    assert salaried.irrecoverable_vat(overhead, leave, sick, 0.2, 0.2) == pytest.approx(12_266.4)
    rent = salaried.rent_in_profit(100_000, 0.85, 1_900_000)
    assert rent == pytest.approx(85_000) and salaried.rent_in_profit(100_000, 0.85, 0.0) == 0
    assert salaried.profit_returned(1_900_000, rent, 0.7, 1.0) == pytest.approx(-1_270_500)


def test_without_extras_conversion_costs_what_the_grid_says(england: England) -> None:
    bare = [Set(v, 0) for v in ("leave_cover_share", "sickness_rate", "management_share", "overhead_of_provider",
                                "vat_rate", "partner_pension_rate", "owner_rent_in_profit")]  # fmt: skip
    made = with_edits(england, *bare, on=("conversion", "replacement"))
    grid = (made.arrays["whole_budget_factor"].item() - 1) * made.arrays["whole_practice_budget"].item()
    assert total(made, *CONVERSION) == pytest.approx(0.7 * grid, rel=1e-9)


def test_all_parts_together_cost_a_little_more_than_comes_back(whole: Result) -> None:
    back = -total(whole, "profit_returned", "partner_pension_returned")
    factor = whole.arrays["conversion_cost_factor"].item()
    assert total(whole, *CONVERSION) == pytest.approx((factor - 1) * back)
    assert 1.0 < factor < 1.2


def test_owners_rent_comes_back_once(england: England, whole: Result) -> None:
    """What the fund saves of rent is not returned with profit as well: all of both is no more than profit and rent."""
    apart = with_edits(england, Set("owner_rent_in_profit", 0))
    kept = total(whole, "profit_returned") - total(apart, "profit_returned")
    assert kept == pytest.approx(0.7 * whole.arrays["rent_in_profit"].sum())
    assert 0 < kept < 0.7 * 0.85 * whole.arrays["notional_rent"].sum() + 1


def test_conversion_grows_with_hours_and_with_the_share_that_passes(england: England) -> None:
    costs = [total(with_edits(england, Set("salaried_hours_per_fte", h)), *CONVERSION) for h in (56.3, 45, 37.5)]
    assert costs == sorted(costs)
    more = [total(with_edits(england, Set("share_to_network", s)), "salaried_gp_pay") for s in (0, 0.25, 0.5)]
    assert more == sorted(more)


# -- the rescue fund ---------------------------------------------------------------------------------------------


def test_a_queue_is_paid_in_order_and_equals_alike() -> None:
    assert share_met([2.0, 2.0, 2.0], [3, 1, 1], [3.0]).tolist() == [0, 0.75, 0.75]
    assert share_met([2.0, 2.0, 2.0], [3, 1, 2], [3.0]).tolist() == [0, 1, 0.5]
    assert share_met([2.0, 0.0], [1, 2], [9.0]).tolist() == [1, 0]
    each = share_met(np.ones((2, 1, 3)), np.array([1.0, 2.0, 3.0]), np.array([[[1.0]], [[2.5]]]))
    assert each.tolist() == [[[1, 0, 0]], [[1, 1, 0.5]]]


queues = st.lists(st.tuples(st.floats(0.01, 100), st.integers(0, 5)), min_size=1, max_size=25)


@given(queues, st.floats(0, 1000))
def test_a_queue_spends_the_fund_or_all_that_is_asked(queue: list[tuple[float, int]], money: float) -> None:
    cost, place = (np.array(x, float) for x in zip(*queue, strict=True))
    met = share_met(cost, place, [money])
    assert (cost * met).sum() == pytest.approx(min(money, cost.sum()), rel=1e-9, abs=1e-9)
    assert np.all(np.diff(met[np.argsort(place, kind="stable")]) <= 1e-12)
    more = share_met(cost, place, [money + 1])
    assert (more >= met - 1e-12).all()
    assert share_met(cost[::-1], place[::-1], [money])[::-1] == pytest.approx(met)


def test_the_fund_is_six_thousand_million_pounds_and_no_more(whole: Result) -> None:
    spent = total(whole, "fund_for_data", "fund_for_transition", "surgeries_bought", "surgery_purchase_costs")
    assert spent + whole.arrays["rescue_fund_left"].item() == pytest.approx(6e9)
    assert whole.arrays["rescue_fund_left"].item() >= -1


def test_a_fund_larger_than_the_estate_is_left_over(england: England) -> None:
    made = with_edits(england, Set("rescue_fund", 20e9))
    assert made.arrays["rescue_fund_left"].item() == pytest.approx(
        15e9 - made.arrays["owned_estate_value"].sum(), rel=1e-6
    )
    assert total(made, "notional_rent_saved") == pytest.approx(-made.arrays["notional_rent"].sum())
    assert total(made, "surgeries_out_of_reach") == pytest.approx(0, abs=1)


def test_rent_saved_is_the_yield_on_what_was_bought(whole: Result) -> None:
    bought = total(whole, "surgeries_bought", "surgery_purchase_costs")
    assert total(whole, "notional_rent_saved") == pytest.approx(-0.06 * bought)


def test_the_most_deprived_are_bought_first_or_the_smallest(england: England, whole: Result) -> None:
    there = whole.arrays["owned_estate_value"].ravel() > 0
    bought, score = (
        whole.arrays["surgery_bought_share"].ravel()[there],
        england.fact("deprivation_score").ravel()[there],
    )
    assert score[bought == 1].min() >= score[bought == 0].max()
    other = with_edits(england, ReplaceRule("surgery_queue", "surgery_queue_smallest_first"))
    bought, lists = other.arrays["surgery_bought_share"].ravel()[there], england.fact("list_size").ravel()[there]
    assert lists[bought == 1].max() <= lists[bought == 0].min()


def test_part_of_the_fund_buys_the_front_of_the_queue(england: England, whole: Result) -> None:
    begun = with_edits(england, Set("rescue_fund_in_force", 0.2)).arrays["surgery_bought_share"]
    assert (begun <= whole.arrays["surgery_bought_share"] + 1e-12).all()
    assert ((begun > 0) & (begun < 1)).sum() <= 5


def test_value_of_buying_by_hand() -> None:
    """£60,000 of rent for £1m, upkeep of £15,000, thirty years at 3.5%, half left."""
    value = fund.value_of_buying_surgeries(-60_000, 15_000, 950_000, 50_000, 30, 0.035, 0.5)
    assert value == pytest.approx(45_000 * 18.39205 + 475_000 * 0.356278 - 1_000_000, abs=5)


def test_leases() -> None:
    assert fund.lease_cover(100_000, 0.007, 3, 0.05, 1) == pytest.approx(7_100)
    assert fund.lease_liability_per_partner(600_000, 4, 0) == 150_000
    assert fund.lease_liability_per_partner(600_000, 4, 1) == 0


def test_no_line_could_be_goodwill() -> None:
    assert not [r.line for r in PROPOSAL.rules if r.line and "goodwill" in r.line.lower()]
    assert [r.name for r in PROPOSAL.rules if r.payee == "owner"] == ["surgeries_bought"]


# -- the last contracts, layers, hospitals, digital ---------------------------------------------------------------


def test_one_year_contracts_and_the_package_by_hand() -> None:
    assert last.one_year_top_up(10_000, 0.3, 1.12, 1, 1) == pytest.approx(3_360)
    assert last.short_term_premium(1_000_000, 0.3, 0.18, 0.015, 1) == pytest.approx(810)
    assert last.contract_renewal(8_000, 1.0, 0.3, 6_000, 1, 1) == pytest.approx(1_800)
    staying = last.partners_staying(4.0, 0.75)
    assert last.partner_retention(staying, 5_000, 1, 1) == pytest.approx(5_000)
    assert last.employment_offer(4.0, 0.75, 20_000, 1, 1) == pytest.approx(60_000)


def test_layers_by_hand() -> None:
    cost = np.array([100.0, 20.0]).reshape(2, 1, 1, 1)
    share = np.array([[0.0, 0.0], [0.5, 0.25]]).reshape(2, 2, 1, 1, 1)
    saving = np.array([[-0.1, -0.1], [0.05, 0.1]]).reshape(2, 2, 1, 1, 1)
    assert layers.layer_saving_per_patient(cost, share, saving).item() == pytest.approx(20 * (0.025 + 0.025))
    assert layers.work_moved_per_patient(cost, share).item() == pytest.approx(15)
    assert layers.face_to_face_moved_per_patient(cost, share, np.array([1.0, 0.0]).reshape(2, 1, 1, 1)).item() == 0


def test_personal_care_done_at_scale_costs_more(england: England) -> None:
    kept = total(with_edits(england), "scale_saving")
    moved = total(with_edits(england, Set("function_layer_share", 0.3)), "scale_saving")
    assert moved > kept


def test_admissions_avoided_save_elsewhere_and_half_is_paid(whole: Result) -> None:
    avoided = hospital.admissions_avoided(10_000, 0.0924, 0.015, 0.95, 0.35, 1)
    assert avoided == pytest.approx(4.608, abs=0.001)
    saving = hospital.admissions_saving(avoided, 3_110, 0.5, 1)
    assert hospital.admissions_reward(saving, 0.5) == pytest.approx(-saving / 2)
    assert total(whole, "admissions_reward") == pytest.approx(-total(whole, "admissions_saving") / 2)


def test_without_trusts_no_admission_is_avoided(england: England) -> None:
    assert total(with_edits(england, Set("share_to_trust", 0)), "admissions_avoided") == 0


def test_digital_prices_are_neutral_to_a_pound(whole: Result) -> None:
    assert total(whole, "digital_price", "digital_quality_payment") == pytest.approx(0, abs=1)
    assert total(whole, "digital_price") < 0


@given(st.floats(0.5, 1.2), st.floats(0, 0.5))
def test_a_digital_contact_never_costs_less_than_nothing(time: float, again: float) -> None:
    saving = digital.digital_contact_saving(31.0, time, again)
    assert 0 <= saving <= 31


def test_navigation_as_the_published_example_has_it() -> None:
    assert digital.navigation_value(0.7, 0.85, 40, 17, 10, 2) == pytest.approx(8.85)
    assert digital.navigation_net_value(10_000, 0.3, 8.85, 1, 1) == pytest.approx(26_550)
    assert digital.navigated_elsewhere(10_000, 0.3, 0.7, 17, 1, 1) == pytest.approx(35_700)  # in cash, and no saving


def test_video_sessions_go_where_gps_are_short() -> None:
    need, there = np.array([[[3_000.0, 1_000.0]]]), np.array([[[1.0, 1.0]]])
    assert digital.gp_shortage(need, there).tolist() == [[[0.5, 0.0]]]
    assert digital.video_sessions(0.5, 400, 0.4, 0.5, 1) == pytest.approx(40)
    assert digital.video_session_pay(40, 400, 0.9, 25, 0.25, 1) == pytest.approx(40 * (270 + 25))


def test_uptake_is_least_where_deprivation_is_most() -> None:
    assert digital.digital_uptake(np.arange(1.0, 6.0), 0.35, 0.05) == pytest.approx([0.35, 0.40, 0.45, 0.50, 0.55])


def test_official_england(official_data: object) -> None:
    """National sums of 2024/25, as a reader would check them."""
    from pathlib import Path

    made = run(PROPOSAL, England.official(Path(str(official_data)), (2024,)), keep="all")
    # those whose staff are known add to 15,830, and those that sent no return have partners too
    assert 15_830 < total(made, "partners_in_post") < 15_900
    assert 1.8e9 < -total(made, "profit_returned") < 2.3e9
    assert 0 < total(made, *CONVERSION) < 1e9
    assert 0.98 < made.arrays["whole_budget_factor"].item() < 1.06
    assert 0.5 < made.arrays["gps_employed_at_scale"].item() < 0.9
    assert 6e9 < total(made, "owned_estate_value") < 8e9
    for name in NEW:
        assert np.isfinite(made.arrays[name]).all(), name
