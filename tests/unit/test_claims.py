"""Claims: each is answered on the synthetic England; arithmetic by hand; what the guide computed from official payments."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract import England, compare
from gpcontract.engine.errors import InputError
from gpcontract.findings import claims
from gpcontract.findings.claims import (
    answering,
    equity,
    estate,
    history,
    inputs,
    local,
    money,
    ownership,
    quality,
    workforce,
)

NAMES = claims.names()


@pytest.fixture(scope="module")
def world() -> claims.World:
    return claims.World(England.synthetic(seed=1))


@pytest.fixture(scope="module")
def official(official_data: Path) -> claims.World:
    """The England that the guide computed from: 2022/23."""
    return claims.World(England.official(official_data), 2022)


def answered(name: str, world: claims.World) -> claims.Answer:
    return world.once(("answer", name), lambda: claims.answer(name, world))


# -- every claim -----------------------------------------------------------------------------------------------


def test_there_are_many_and_all_of_what_was_asked_for() -> None:
    assert len(NAMES) >= 45
    for name in (
        "salaried-service-costs-twice",
        "ninety-per-cent-of-contacts",
        "eight-per-cent-of-money",
        "the-local-lever-is-there-already",
        "below-the-bar-next-year",
        "below-the-bar-by-chance",
        "who-would-own-the-lists",
        "six-billion-buys-the-estate",
        "out-of-hours-back-at-the-deduction",
        "quality-money-into-the-core",
        "a-national-contract-prevents-a-lottery",
    ):
        assert name in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_answered_on_the_synthetic_england(name: str, world: claims.World) -> None:
    a = answered(name, world)
    assert a.verdict in claims.VERDICTS and "synthetic" in a.england
    if a.verdict == claims.CANNOT:
        assert a.value is None and len(a.why.split()) >= 5
        return
    assert a.value is not None and a.low is not None and a.high is not None
    assert math.isfinite(a.value) and a.low <= a.value <= a.high
    assert a.reading.endswith((".", "£25.")) and "nan" not in a.reading.lower()
    assert a.inputs and all(i.source and i.unit and i.grade in "ABCM" for i in a.inputs)
    assert all(math.isfinite(x) for x in a.also.values())


@pytest.mark.parametrize("name", NAMES)
def test_each_says_whose_it_is_and_what_it_cannot_tell(name: str) -> None:
    c = claims.claim_of(name)
    assert name == name.lower() and " " not in name
    assert c.says.endswith((".", "?")) and len(c.cannot) > 20 and c.unit and c.by and c.ids
    assert c.by[0] == c.by[0].lower() or c.by.startswith(("British", "Policy Exchange", "NHS", "Royal"))
    assert "Pulse" not in c.by or "GP" in c.by  # readers and those who commented are not named
    assert len((c.function.__doc__ or "").split()) >= 5


def test_answers_are_plain_data(world: claims.World) -> None:
    told = [answered(n, world).to_dict() for n in NAMES]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert [t["claim"] for t in told] == list(NAMES)
    assert {"says", "by", "value", "low", "high", "unit", "inputs", "reading", "verdict", "cannot_tell"} <= told[
        0
    ].keys()


def test_a_name_that_is_not_there_is_an_error_with_a_hint(world: claims.World) -> None:
    with pytest.raises(InputError, match="six-billion-buys-the-estate"):
        claims.answer("six-billion-buys-an-estate", world)


def test_every_value_is_read_and_every_need_is_known() -> None:
    needed = {n for name in NAMES for n in claims.claim_of(name).needs}
    assert sorted(inputs.evidence().keys() - needed) == []
    assert sorted(inputs.figures().keys() - needed) == []
    assert [n for n in sorted(needed) if n not in inputs.figures() and inputs.value_of(n) is None] == []


def test_no_value_of_the_claims_hides_one_of_a_chapter() -> None:
    from gpcontract import chapters

    shared = {v for c in inputs.SHARED for v in chapters.load(c).values}
    assert sorted(shared & inputs.evidence().keys()) == []


def test_assumed_figures_have_ranges_and_reach_the_answer(world: claims.World) -> None:
    a = answered("six-billion-buys-the-estate", world)
    assert {"rent_share_of_premises", "estate_yield"} <= set(a.assumed)
    ranged = {i.name for i in a.inputs if i.range}
    assert {s.input for s in a.swings} == ranged
    assert a.swings[0].width == max(s.width for s in a.swings)


def test_what_is_lacking_is_named(world: claims.World) -> None:
    a = answered("local-variation-was-ended-once", world)
    assert a.verdict == claims.CANNOT and "NHS Payments to General Practice" in a.why
    assert answered("wolverhampton-is-failing-its-patients", world).verdict == claims.CANNOT


def test_a_figure_of_the_askers_own_takes_the_place_of_evidence(world: claims.World) -> None:
    mine = claims.World(
        world.england, results=world.results, given={"estate_yield": 0.05, "rent_share_of_premises": 0.8}
    )
    a = claims.answer("six-billion-buys-the-estate", mine)
    given = {i.name: i for i in a.inputs}["estate_yield"]
    assert given.figure == 0.05 and given.range is None and given.source == "given by the asker"
    assert a.swings == () and a.low == a.value == a.high


def test_answers_do_not_move_from_one_asking_to_the_next(world: claims.World) -> None:
    a, b = (claims.answer("salaried-service-costs-twice", claims.World(world.england)) for _ in range(2))
    assert a == b


def test_a_sentence_that_holds_over_part_of_its_range_depends() -> None:
    def found(x: float) -> claims.Finding:
        return claims.Finding(x, x > 1, "")

    half = answering._verdict(found(1.1), [claims.Swing("x", 0.9, 1.2)], [found(x) for x in (0.9, 0.95, 1.1, 1.2)])
    assert half[0] == claims.DEPENDS and half[2] == 0.5 and "x moves it most" in half[1]
    assert answering._verdict(found(2), [], [found(x) for x in (1.5, 2.0)])[0] == claims.HOLDS
    assert answering._verdict(found(0.5), [], [])[0] == claims.DOES_NOT_HOLD
    assert answering._verdict(claims.Finding(1, None, "", "why"), [], [])[:2] == (claims.DEPENDS, "why")


# -- worked by hand: the guide's own calculations ---------------------------------------------------------------

GRID = [  # reforms.md C5: pay, on-cost, replacement ratio, factor of partners' cost, factor of the whole budget
    (99_000, 0.35, 1.0, 0.80, 0.95), (99_000, 0.35, 1.25, 1.00, 1.00), (99_000, 0.35, 1.5, 1.20, 1.05), (99_000, 0.35, 2.0, 1.60, 1.15),
    (110_000, 0.385, 1.0, 0.91, 0.98), (110_000, 0.385, 1.25, 1.13, 1.03), (110_000, 0.385, 1.5, 1.36, 1.09), (110_000, 0.385, 2.0, 1.81, 1.20),
    (117_000, 0.385, 1.0, 0.97, 0.99), (117_000, 0.385, 1.25, 1.21, 1.05), (117_000, 0.385, 1.5, 1.45, 1.11), (117_000, 0.385, 2.0, 1.93, 1.23),
]  # fmt: skip


@pytest.mark.parametrize(("pay", "on_cost", "ratio", "labour", "whole"), GRID)
def test_guide_c5_grid_of_a_salaried_service(
    pay: float, on_cost: float, ratio: float, labour: float, whole: float
) -> None:
    found = money.conversion(18_350 * 140_200, 15_321, 10.23e9, pay, on_cost, ratio)
    assert found[0] == pytest.approx(labour, abs=0.011) and found[1] == pytest.approx(whole, abs=0.006)


def test_guide_c5_two_times_needs_six_salaried_for_each_partner() -> None:
    assert money.conversion(18_350 * 140_200, 15_321, 10.23e9, 99_000, 0.35, 6.2)[1] == pytest.approx(2.0, abs=0.02)
    assert money.conversion(18_350 * 140_200, 15_321, 10.23e9, 99_000, 0.35, 11.2)[1] == pytest.approx(3.0, abs=0.02)


def test_guide_c11_seventy_per_cent_of_contacts() -> None:
    assert money.contacts(357e6, 100e6, 25e6, 17e6, 0, 0.9).value == pytest.approx(0.70, abs=0.02)
    with_community = money.contacts(345e6, 100e6, 25e6, 17e6, 100e6, 0.9)
    assert with_community.value == pytest.approx(0.585, abs=0.005) and with_community.holds is False


def test_guide_c11_share_of_money_and_cost_of_a_contact() -> None:
    assert money.share_of_money(11.0e9, 153e9, 0.08).value == pytest.approx(0.072, abs=0.0005)
    found = money.cheap_contact(11.0e9, 367e6, 313)
    assert found.also["pounds for a contact"] == pytest.approx(30, abs=0.05) and found.value == pytest.approx(
        10.4, abs=0.05
    )


@pytest.mark.parametrize(("share", "rate", "value"), [(0.35, 0.07, 4.2e9), (0.57, 0.05, 9.6e9), (0.45, 0.06, 6.3e9)])
def test_guide_c9b_value_of_the_estate(share: float, rate: float, value: float) -> None:
    assert estate.six_billion(845.9e6, 1.0, share, rate, 6e9).value == pytest.approx(value, rel=0.015)


def test_guide_c9b_what_six_billion_leaves_at_the_low_end() -> None:
    assert estate.six_billion(845.9e6, 1.0, 0.35, 0.07, 6e9).also["left over"] == pytest.approx(1.8e9, abs=0.05e9)


def test_levers_last_partner_standing_ctmc() -> None:
    found = estate.left_alone(3, 0.12, 0.20, 0.05)
    assert found.value == pytest.approx(0.3060183, abs=1e-4) and found.also["within ten years"] == pytest.approx(
        0.5581824, abs=1e-4
    )


def test_guide_b1_taking_nights_back_is_loss_making() -> None:
    """£7.50 a head in 2013/14 against £5.78, 4.75% of £121.79, in 2025/26."""
    found = money.out_of_hours(121.79, 0.0475, 7.50, 1.0, 1)
    assert found.also["deduction returned, pounds a patient"] == pytest.approx(5.78, abs=0.006)
    assert found.value == pytest.approx(1.72, abs=0.01) and found.holds is False


def test_guide_b6_points_retired_release_about_298_million() -> None:
    found = money.points_retired(212, 635, 225.49, 6_230, 0.25)
    assert found.also["pounds released"] == pytest.approx(298e6, rel=0.005) and found.value == pytest.approx(
        0.334, abs=0.001
    )


def test_guide_c1_partners_fall_and_halve() -> None:
    found = workforce.terminal_decline(21_655, 15_485, 0.034, 10)
    assert found.also["fall a year"] == pytest.approx(617) and found.also["years to halve"] == pytest.approx(
        20.0, abs=0.1
    )
    assert found.value == pytest.approx(15_485 * 0.966**10)
    assert workforce.majority_salaried(15_485, 28_250, 0.034, 0).also["partners' share in 2025"] == pytest.approx(
        0.55, abs=0.002
    )


def test_guide_c1_golden_hello() -> None:
    found = workforce.bonus(21.5e6, 1_360, 54, 87, 1.0)
    assert found.also["pounds for each who was paid"] == pytest.approx(15_800, abs=20)
    assert found.value == pytest.approx(15_809 * 87 / 33, rel=0.001)


def test_guide_c1_trainees_become_fewer_than_leave() -> None:
    found = workforce.training(4_000, 0.622, 0.67, 2_407)
    assert found.also["joining"] == pytest.approx(1_667, abs=1) and found.holds


def test_guide_c5_hours_of_partners() -> None:
    found = workforce.partner_hours(56.3, 37.5, 46.7, 1.0)
    assert found.value == pytest.approx(0.50, abs=0.002) and not found.holds
    assert found.also["salaried GPs' hours beyond a contract"] == pytest.approx(0.25, abs=0.005)


def test_guide_s1_02_eight_hundred_conversions_a_year() -> None:
    found = workforce.conversion_capacity(6_400, 8, 178, 42, 2)
    assert found.also["conversions a year"] == 800 and found.value == pytest.approx(4.49, abs=0.01)


def test_guide_s1_34_share_of_contractors_over_fifty() -> None:
    found = workforce.retired_by_2030(np.array([2_500, 7_400, 6_300, 2_100.0]), np.zeros(6), 8)
    assert found.value == 1 and found.also["share aged 50 or over"] == pytest.approx(0.46, abs=0.001)


def test_guide_c10_risk_by_size() -> None:
    """With a spread of 5 a person: 5% of budget at 10,000, 2.2% at 50,000, 1.6% at 100,000, 1.0% at 250,000; 62,500 for 2%."""
    for n, sd in ((10_000, 0.05), (50_000, 0.022), (100_000, 0.016), (250_000, 0.010)):
        found = quality.network_risk(np.array([0]), np.array([n]), 5, 0.02, 0.1)
        assert found.also["variation of its budget"] == pytest.approx(sd, abs=0.0005)
        assert found.also["patients for the margin"] == 62_500


def test_guide_c8_extended_access() -> None:
    assert quality.extended_hours(33_159, 10_933, 60, 92, 1).also[
        "appointments for each visit avoided"
    ] == pytest.approx(3.03, abs=0.01)


def test_guide_s0_41_data() -> None:
    found = history.data_worth(5.0e9, 4.6e9, 1e10, 55e6)
    assert found.value == pytest.approx(9.6e9) and found.also["pounds a record"] == pytest.approx(174.5, abs=0.1)


def test_levers_navigation_net_value(world: claims.World) -> None:
    from gpcontract.findings.claims.access import navigation

    assert navigation(0.7, 0.85, 40, 17, 10, 2).value == pytest.approx(8.85)


def test_two_boards_by_hand() -> None:
    each, people = equity.by_board(np.array([10.0, 20, 30]), np.array([1.0, 1, 3]), np.array([0, 0, 1]))
    assert each.tolist() == [15, 10] and people.tolist() == [2, 3]
    found = equity.even_local_money(np.array([1.0, 9]), np.array([1.0, 1]), np.array([0, 1]), 1.5)
    assert found.value == pytest.approx(8.2 / 1.8) and not found.holds


def test_money_into_the_core_by_hand() -> None:
    """Two practices of one weighted list: the one with less gains what the other loses."""
    found = money.quality_into_core(np.array([10.0, 30]), np.zeros(2), np.ones(2), np.array([1.0, 5]), np.ones(2))
    assert found.value == 0.5 and found.also["pounds that move"] == 10
    assert (
        found.also["pounds a patient, most deprived fifth"] == 10
        and found.also["pounds a patient, least deprived fifth"] == -10
    )


def test_a_guarantee_ended_by_hand() -> None:
    found = history.end_guarantee(np.array([7.0, 0, 0]), np.ones(3), 1.0, 0.5, 7)
    assert found.value == pytest.approx(1 / 3) and found.also["practices that lose much"] == 1


def test_lists_held_today_by_hand() -> None:
    companies, partners = ownership.holders_today(np.array([3.0, 1]), np.array([0.0, 1]), 0.75, 0.035, 0.007)
    assert companies == pytest.approx(0.75 * 0.035 + 0.25 * 0.75) and companies + partners + 0.007 == pytest.approx(1)


# -- what must hold of any figures ------------------------------------------------------------------------------

lists = st.lists(st.tuples(st.floats(500, 50_000), st.floats(0, 400_000), st.integers(1, 5)), min_size=2, max_size=30)


@given(lists)
def test_money_into_the_core_moves_and_makes_none(practices: list[tuple[float, float, int]]) -> None:
    sizes, paid, fifths = (np.array(x, float) for x in zip(*practices, strict=True))
    paid = paid + 1
    fifths[0], fifths[-1] = 1, 5
    found = money.quality_into_core(paid, np.zeros_like(paid), sizes, fifths, sizes)
    assert 0 <= found.value <= 1 and found.also["pounds that move"] <= found.also["pot in pounds"]
    assert found.also["practices that gain"] + found.also["practices that lose"] == len(practices)


@given(st.floats(0.01, 0.99), st.floats(0.02, 0.5))
def test_flips_are_shares_and_fall_as_reliability_rises(r: float, below: float) -> None:
    a, b = (quality.by_chance(x, below).value for x in (r, min(r + 0.005, 0.995)))
    assert 0 <= b <= a + 1e-9 <= 1 + 1e-9


@given(st.floats(1e6, 1e9), st.floats(0.02, 0.2), st.floats(1.01, 2))
def test_a_dearer_yield_makes_the_estate_cheaper(rent: float, rate: float, more: float) -> None:
    assert estate.six_billion(rent, 1, 1, rate * more, 6e9).value < estate.six_billion(rent, 1, 1, rate, 6e9).value


@given(st.floats(1, 10), st.floats(0.1, 1), st.floats(0.001, 0.1))
def test_moving_more_money_needs_more_admissions(billions: float, marginal: float, share: float) -> None:
    a, b = (
        local.move_money(billions * 1e9, x, 3_110, 1, marginal, 0.0924, 63e6, 0.24).value for x in (share, share * 1.5)
    )
    assert b == pytest.approx(1.5 * a)


# -- official payments of 2022/23, as the guide computed them ---------------------------------------------------


def test_official_local_incentives_538_million_and_867_pence(official: claims.World) -> None:
    a = answered("the-local-lever-is-there-already", official)
    assert a.also["pounds in all"] == pytest.approx(538.4e6, abs=0.05e6)
    assert a.value == pytest.approx(8.67, abs=0.005)
    assert a.also["share of payments"] == pytest.approx(538.4 / 10_230, abs=0.0002)


def test_official_network_money_65_million_and_1165_pence(official: claims.World) -> None:
    lead, leave = answered("network-leaders-are-overpaid", official), answered("leaving-the-network-is-cheap", official)
    assert lead.also["pounds in all"] == pytest.approx(64.8e6, abs=0.05e6)
    assert leave.value == pytest.approx(11.65, abs=0.35)


def test_official_money_is_72_per_cent_of_a_tenth(official: claims.World) -> None:
    assert answered("eight-per-cent-of-money", official).value == pytest.approx(0.072, abs=0.0005)


def test_official_quality_money_and_fund(official: claims.World) -> None:
    assert answered("quality-money-into-the-core", official).also["pot in pounds"] == pytest.approx(
        768.5e6 + 54.6e6, rel=0.002
    )


def test_official_pms_agreements(official: claims.World) -> None:
    a = answered("local-variation-was-ended-once", official)
    assert (a.also["first"], a.also["last"]) == (3_190, 1_615)


def test_official_exits_by_contract_and_size(official: claims.World) -> None:
    """The guide counts nine years in a row (all 2.70%, APMS 7.1%); the folder at hand may lack some of them."""
    size, kind = answered("small-practices-are-ending", official), answered("companies-do-not-stay", official)
    assert size.also["all"] == pytest.approx(0.027, abs=0.004) and kind.also["APMS"] == pytest.approx(0.071, abs=0.01)


def test_official_gap_by_deprivation_changes_its_sign(official: claims.World) -> None:
    """£170.12 against £153.62 by head, £162.08 against £158.35 by weighted patient; fifths there are of another index."""
    a = answered("poor-places-get-less-a-head", official)
    assert a.value == pytest.approx(170.12 / 153.62 - 1, abs=0.02)
    assert a.also["for each Carr-Hill weighted patient"] == pytest.approx(162.08 / 158.35 - 1, abs=0.015)
    assert answered("the-denominator-decides", official).also["by need"] < 0


def test_official_rural_practices(official: claims.World) -> None:
    a = answered("semi-rural-is-different", official)
    assert a.also["share of practices rural"] == pytest.approx(1_093 / 6_669, abs=0.005)


def test_official_guarantee_of_2014(official: claims.World) -> None:
    """1,925 of 4,517 GMS practices were net losers, 98 of them by more than £3 a weighted patient and year; £118m."""
    a = answered("most-gain-when-the-guarantee-ends", official)
    assert a.also["pounds in all"] == pytest.approx(118e6, rel=0.08)
    assert a.value == pytest.approx(1_925 / 4_517, abs=0.03)
    assert 60 <= a.also["practices that lose much"] <= 140


def test_official_additional_roles_by_fifth(official: claims.World) -> None:
    """£5.60, 7.48, 7.39, 8.33, 6.85 from the least to the most deprived, by the index of 2019; the fifths here are of 2025."""
    a = answered("additional-roles-follow-need", official)
    each = [a.also[f"fifth {i}"] for i in (5, 4, 3, 2, 1)]
    assert each[:3] == pytest.approx([5.60, 7.48, 7.39], abs=0.5)
    assert np.mean(each) == pytest.approx(np.mean([5.60, 7.48, 7.39, 8.33, 6.85]), abs=0.1)


def test_all_together_are_quick_once_contracts_are_priced(official: claims.World) -> None:
    import time

    claims.answer_all(official)
    results = {k[1]: v for k, v in official.memo.items() if isinstance(k, tuple) and k[0] == "result"}
    start = time.process_time()
    found = claims.answer_all(claims.World(official.england, official.year, results))
    assert time.process_time() - start < 3
    assert len(found) == len(NAMES)


def test_a_contract_is_priced_as_a_comparison_prices_it() -> None:
    england = England.synthetic(3, (2022, 2023, 2024))
    beside = compare(["national", "hewitt_review"], england)
    assert claims.World(england).bill("hewitt_review") == beside.bill.total("hewitt_review") / 100
