"""The Hewitt review as a contract: what each mechanism pays adds up, luck is paid for less, and goodwill has no price."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from gpcontract import Contract, England, Result, run
from gpcontract.chapters.buy_out_fund import rules as fund
from gpcontract.chapters.buy_out_fund.queue import patients_near, share_funded
from gpcontract.chapters.income_protection import rules as protection
from gpcontract.chapters.local_layer import rules as local
from gpcontract.chapters.outcomes import rules as outcomes
from gpcontract.chapters.prevention_share import rules as prevention
from gpcontract.chapters.support_and_replacement import rules as ladder
from gpcontract.chapters.support_and_replacement.chance import chance_below
from gpcontract.engine.areas import Areas
from gpcontract.engine.edits import Reform, Set
from gpcontract.engine.errors import GpContractError

YEAR = 2024
LOCAL = ("local_price_supplement", "local_incentive_change", "local_layer_offset")
REPLACED = ("quality_framework_replaced", "network_fund_replaced", "outcome_pay", "outcome_money_to_price")
FEW = settings(max_examples=8, deadline=None)


@cache
def england() -> England:
    return England.synthetic(1)


@cache
def hewitt() -> Contract:
    return Contract.load("hewitt_review")


@cache
def whole() -> Result:
    return run(hewitt(), england(), (YEAR,), keep="all")


@cache
def new_lines() -> set[str]:
    return set(hewitt().lines) - set(Contract.load("national").lines)


def ran(*edits: Set) -> Result:
    return run(hewitt().with_reform(Reform.of(*edits)), england(), (YEAR,), keep="all")


def row(result: Result, name: str) -> Any:
    """A quantity of each practice in the year."""
    return np.broadcast_to(result.arrays[name], (1, 1, len(england().codes)))[0, 0]


def areas(kind: str, index: list[int]) -> Areas:
    names = tuple(f"{kind} {i}" for i in range(max(index) + 1))
    return Areas(kind, names, names, np.array([index], np.int32))


def one_year(*figures: float) -> Any:
    return np.array(figures, float)[None, None]


# -- the whole ---------------------------------------------------------------------------------------------------


def test_with_nothing_in_force_every_practice_is_paid_what_the_national_contract_pays() -> None:
    base = run(Contract.load("national"), england(), (YEAR,))
    off = run(hewitt().switched([]), england(), (YEAR,))
    assert (off.total(YEAR) == base.total(YEAR)).all()
    added = set(off.line_names) - set(base.line_names)
    assert added and all(not off.pence(name, YEAR).any() for name in added)


@pytest.mark.parametrize("name", [m.name for m in Contract.load("hewitt_review").mechanisms])
def test_each_mechanism_alone_is_priced_for_every_open_practice(name: str) -> None:
    made = run(hewitt().switched([name]), england(), (YEAR,))
    assert all(not made.unknown(line, YEAR).any() for line in made.line_names if line in new_lines())


def test_before_its_dates_the_contract_is_the_national_one() -> None:
    place = England.synthetic(1, years=(2022,))
    dated, base = run(hewitt().dated(), place, (2022,)), run(Contract.load("national"), place, (2022,))
    assert (dated.total(2022) == base.total(2022)).all()


def test_the_order_of_practices_changes_nothing() -> None:
    made = whole()
    n = len(england().codes)
    order = np.random.default_rng(7).permutation(n)

    def moved(x: Any) -> Any:
        if isinstance(x, Areas):
            return replace(x, index=x.index[..., order]) if x.index.shape[-1] == n else x
        return np.ascontiguousarray(x[..., order]) if getattr(x, "shape", ())[-1:] == (n,) else x

    again = made.plan.run({k: moved(v) for k, v in made.leaves.items()}, new_lines())
    for name in sorted(new_lines()):
        x = np.broadcast_to(again[name], (1, 1, n))[0, 0]
        np.testing.assert_allclose(x, row(made, name)[order], rtol=1e-9, atol=1e-6, err_msg=name)


# -- the local layer and the floor -------------------------------------------------------------------------------


@FEW
@given(band=st.floats(0, 20), least=st.floats(0, 8), most=st.floats(8, 30))
def test_a_neutral_layer_adds_nothing_to_the_nations_bill(band: float, least: float, most: float) -> None:
    made = ran(Set("board_price_band", band), Set("local_incentive_least", least), Set("local_incentive_most", most))
    assert abs(sum(row(made, name).sum() for name in LOCAL)) < 1


def test_a_layer_of_new_money_costs_what_boards_add() -> None:
    made = ran(Set("local_layer_neutral", 0))
    assert not row(made, "local_layer_offset").any()
    assert row(made, "local_price_supplement").sum() > 1e7


def test_boards_stand_in_their_bands_by_deprivation() -> None:
    boards = areas("board", [0, 0, 1, 2])
    people = one_year(100, 300, 400, 400)
    score = one_year(10, 30, 20, 15)
    mean = local.mean_deprivation(score, people)
    assert mean.item() == pytest.approx((1000 + 9000 + 8000 + 6000) / 1200)
    of_board = local.board_deprivation(local.board_mean_deprivation(score, people, boards), mean, boards)
    assert of_board[0, 0].tolist() == pytest.approx([25, 25, 20, 15])
    place = local.board_position(of_board, mean, local.board_spread(of_board, mean, people), 1.0)[0, 0]
    assert place[0] == place[1] == 1 and place[3] == -1 and place[2] == 0


def test_a_board_within_the_band_of_incentives_pays_what_it_paid() -> None:
    rates, need = one_year(1, 9, 20), one_year(100, 100, 100)
    change = local.local_incentive_change(rates, 1, need, 4, 16, 1, 1)
    assert change[0, 0].tolist() == [300, 0, -400]
    assert not local.local_incentive_change(rates * 0, 0, need, 4, 16, 1, 1).any()  # a year with nothing published


def test_the_floor_lifts_to_the_floor_and_no_further() -> None:
    need, pay = one_year(1000, 1000, 1000), one_year(80_000, 100_000, 3_000)
    assert local.national_floor_top_up(need, pay, 90, 0.5, 1, 1)[0, 0].tolist() == [10_000, 0, 0]
    made = whole()
    lifted = row(made, "national_floor_top_up") > 0
    paid = row(made, "floor_core_pay") + row(made, "national_floor_top_up")
    rate = (paid / np.where(lifted, row(made, "need_patients"), 1.0))[lifted]
    assert lifted.any() and rate == pytest.approx(np.full(lifted.sum(), 100.0))


def test_a_higher_floor_never_pays_anybody_less() -> None:
    low, high = ran(Set("national_floor", 95)), ran(Set("national_floor", 105))
    paid = [row(r, "national_floor_top_up").sum() for r in (low, high)]
    assert 0 < paid[0] < paid[1]


def test_money_diverted_is_a_share_of_local_money() -> None:
    assert local.local_money_diverted(1_000.0, 0.1, 1) == -100
    assert local.local_money_diverted(-5.0, 0.1, 1) == 0


def test_each_board_pays_for_one_team() -> None:
    people, boards = one_year(100, 300, 50), areas("board", [0, 0, 1])
    made = local.local_contract_teams(people, local.board_patients(people, boards), 400_000, 1, boards, 1)
    assert made[0, 0].tolist() == [100_000, 300_000, 400_000]


# -- outcomes ----------------------------------------------------------------------------------------------------


@FEW
@given(to_outcomes=st.floats(0, 1), core=st.floats(0, 1), lower=st.floats(0, 0.6), seen=st.floats(0.001, 0.05))
def test_outcome_pay_is_the_money_it_replaces_to_a_pound(
    to_outcomes: float, core: float, lower: float, seen: float
) -> None:
    made = ran(
        Set("released_to_outcomes", to_outcomes),
        Set("outcome_core_weight", core),
        Set("outcome_lower", lower),
        Set("outcome_patients_share", seen),
    )
    assert abs(sum(row(made, name).sum() for name in REPLACED)) < 1


def test_half_in_force_half_of_the_money_moves() -> None:
    made = ran(Set("outcomes_in_force", 0.5))
    for name in REPLACED:
        assert row(made, name).sum() == pytest.approx(row(whole(), name).sum() / 2, rel=1e-9, abs=1e-3)


def test_a_menus_money_stays_with_its_board() -> None:
    boards = areas("board", [0, 0, 1, 1])
    share, need, menu = one_year(0.9, 0.5, 0.8, 1.0), one_year(100, 200, 300, 400), one_year(1, 1, 1, 1)
    core = one_year(1, 1, 1, 1)
    mean = outcomes.outcome_board_mean(share, need, boards)
    menu_score = outcomes.outcome_menu_score(share, core, mean, boards)
    paid = outcomes.outcome_pay(10, need, menu, core, menu_score)[0, 0]
    assert paid[:2].sum() == pytest.approx(3_000) and paid[2:].sum() == pytest.approx(7_000)
    assert paid[0] / 100 > paid[1] / 200


def test_the_spread_between_practices_is_split_into_truth_and_chance() -> None:
    share, seen = one_year(0.8, 1.0), one_year(100, 100)
    mean = outcomes.outcome_mean(share, seen)
    chance = outcomes.outcome_chance(mean, seen)
    assert chance[0, 0].tolist() == pytest.approx([0.9 * 0.1 / 100] * 2)
    true = outcomes.outcome_true_variance(share, mean, seen, chance)
    assert true.item() == pytest.approx(0.01 - 0.0009)
    assert outcomes.outcome_true_variance(mean + 0 * share, mean, seen, chance).item() == 0  # chance alone: no truth


def test_reliability_rises_with_the_list_and_small_lists_are_paid_for_less_luck() -> None:
    made, size = whole(), np.nan_to_num(england().fact("list_size")[0, 0])
    order = np.argsort(size)
    assert (np.diff(row(made, "outcome_reliability")[order][size[order] > 0]) >= -1e-12).all()
    own, paid = row(made, "luck_on_own_figures"), row(made, "luck_as_paid")
    assert (paid <= own + 1e-12).all()
    small = (size > 0) & (size < 3_000)
    assert paid[small].mean() < 0.8 * own[small].mean()


def test_luck_as_paid_by_simulation() -> None:
    rng, r = np.random.default_rng(3), 0.6
    own, others = rng.normal(0, 0.1, 200_000), rng.normal(0, 0.1, (3, 200_000)).mean(0)
    network = (own + 3 * others) / 4
    told = outcomes.luck_as_paid(1.0, 0.1**2, 0.1**2 / 4, r)
    assert np.std(r * own + (1 - r) * network) == pytest.approx(float(told), rel=0.02)


def test_a_practice_with_a_better_figure_is_never_paid_less() -> None:
    pay = outcomes.outcome_pay_share(np.linspace(0, 1, 50), 0.4)
    assert (np.diff(pay) >= 0).all() and pay[0] == 0 and pay[-1] == 1


# -- the ladder --------------------------------------------------------------------------------------------------


def test_chances_are_those_of_the_normal_distribution() -> None:
    z = np.linspace(-6, 6, 241)
    np.testing.assert_allclose(chance_below(z), ndtr(z), atol=2e-4)


def test_nobody_is_supported_on_a_figure_that_says_little() -> None:
    made = whole()
    supported, r = row(made, "practice_supported"), row(made, "ladder_reliability")
    assert supported.any() and (r[supported > 0] >= 0.7).all()
    assert (r[row(made, "practice_replaced") > 0] >= 0.9).all()
    assert (row(made, "practice_watched") >= supported).all()
    assert (row(made, "support_failed") <= supported).all()
    error, flips = row(made, "supported_in_error"), row(made, "flip_next_reading")
    assert (error <= 0.1 * supported + 1e-9).all()  # by the evidence standard, 0.9
    assert ((flips >= 0) & (flips <= row(made, "below_standard"))).all()


def test_a_small_list_below_the_bar_is_more_likely_to_flip() -> None:
    chance = one_year(0.0001, 0.001, 0.01)
    r = ladder.ladder_reliability(0.003, chance)
    believed = ladder.ladder_believed(one_year(0.75, 0.75, 0.75), 0.94, r)
    flips = ladder.flip_next_reading(one_year(1, 1, 1), believed, 0.8, r, chance)[0, 0]
    assert (np.diff(flips) > 0).all() and flips[0] < 0.01 and flips[2] > 0.5


def test_support_and_replacement_by_hand() -> None:
    assert ladder.support_payment(1, 8_000, 30_000, 5, 1) == 70_000
    assert ladder.support_failed(1.0, 0.6, 0.95, 0.9) == pytest.approx(0.4)
    assert ladder.support_failed(1.0, 0.6, 0.85, 0.9) == 0
    assert ladder.practice_replaced(0.4, 2) == 0.2
    assert ladder.replacement_cost(0.2, 8_000, 25, 1) == 40_000


@pytest.mark.parametrize(
    ("value", "name"), [("ladder_bar", "below_standard"), ("support_chance", "practice_supported")]
)
def test_a_harder_standard_catches_more(value: str, name: str) -> None:
    amounts = (0.75, 0.85) if value == "ladder_bar" else (0.97, 0.8)
    few, many = (row(ran(Set(value, a)), name).sum() for a in amounts)
    assert few < many


# -- the buy-out fund --------------------------------------------------------------------------------------------


def test_goodwill_has_no_line_and_no_value() -> None:
    contract = hewitt()
    names = [*contract.values, *contract.lines, *(r.name for r in contract.rules)]
    said = [*(v.title for v in contract.values.values()), *(r.line or "" for r in contract.rules)]
    assert not [x for x in (*names, *said) if "goodwill" in x.lower()]


def test_the_price_is_its_four_parts_and_nothing_that_a_practice_earns() -> None:
    assert fund.premises_net_of_debt(1_000_000, 0.25) == 750_000
    assert fund.premises_net_of_debt(1_000_000, 1.2) == 0  # negative equity is not paid for
    assert fund.lease_exit_price(100_000, 0.2) == 20_000
    assert fund.redundancy_price(8_000, 77, 0.15, 0.25, 1) == pytest.approx(23_100)
    assert fund.run_off_price(8_000, 4, 1) == 32_000
    assert fund.buyout_price(1, 2, 3, 4) == 10
    richer = ran(Set("global_sum_price", 200), Set("outcome_lower", 0))
    np.testing.assert_allclose(row(richer, "buyout_price"), row(whole(), "buyout_price"))


def test_all_four_tests_must_hold() -> None:
    for k in range(4):
        tests = [1.0] * 4
        tests[k] = 0.0
        assert fund.buyout_eligible(*tests, 1) == 0
    assert fund.buyout_eligible(1, 0.4, 1, 1, 1) == 0.4
    made = whole()
    eligible = row(made, "buyout_eligible") > 0
    assert eligible.any()
    assert (england().fact("deprivation_fifth")[0, 0][eligible] == 1).all()
    assert (row(made, "room_nearby") < row(made, "local_patients"))[eligible].all()


def test_money_paid_is_the_price_of_those_bought_and_within_the_cap() -> None:
    for cap in (1e6, 1e7, 1e9):
        made = ran(Set("buyout_annual_cap", cap))
        lines = [n for n in made.line_names if n.startswith("buyout_")]
        paid = sum(row(made, n).sum() for n in lines)
        assert len(lines) == 4
        assert paid == pytest.approx((row(made, "bought_out") * row(made, "buyout_price")).sum())
        arising = row(made, "buyout_queue_cost").sum() / 2  # a spell of support lasts two years
        assert paid == pytest.approx(min(cap, arising))
        assert (row(made, "bought_out") <= row(made, "practice_replaced") + 1e-12).all()


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1e6)), min_size=1, max_size=30, unique_by=lambda t: t[0]),
    st.floats(0, 1e7),
)
def test_a_cap_is_spent_in_order_of_priority(queue: list[tuple[int, float]], cap: float) -> None:
    priority, price = (np.array(x, float) for x in zip(*queue, strict=True))
    funded = share_funded(priority, price, np.array([cap]))
    assert (price * funded).sum() == pytest.approx(min(cap, price.sum()), abs=1e-3)
    order = np.argsort(-priority)
    assert (np.diff(funded[order][price[order] > 0]) <= 1e-9).all()


def test_patients_near_by_every_pair() -> None:
    rng = np.random.default_rng(5)
    lists, lat, lon = rng.uniform(0, 9_000, 60), rng.uniform(51.4, 51.5, 60), rng.uniform(-0.2, 0.0, 60)
    lat[7] = np.nan
    near = patients_near(lists[None, None], lat[None, None], lon[None, None], np.array([[[2.0]]]))[0, 0]
    y, x = lat * 111.2, lon * 111.2 * np.cos(np.deg2rad(52.7))
    for i in range(60):
        apart = np.hypot(y - y[i], x - x[i])
        told = lists[(apart <= 2.0) & (np.arange(60) != i)].sum()
        assert np.isnan(near[i]) if i == 7 else near[i] == pytest.approx(told)


def test_the_chance_of_loss_follows_the_size_of_the_list() -> None:
    bounds = np.array([0, 2000, 3000])[:, None, None, None]
    hazard = np.array([0.2, 0.06, 0.03])[:, None, None, None]
    assert fund.loss_chance(one_year(500, 2000, 2999, 9000), bounds, hazard)[0, 0].tolist() == pytest.approx(
        [0.2, 0.06, 0.06, 0.03]
    )
    assert fund.buyout_benefit(1_000, 0.1, 1, 0.25) == 100 and fund.buyout_benefit(1_000, 0.1, 5, 0.25) == 50


# -- protection, prevention, forms -------------------------------------------------------------------------------


def test_nobody_has_less_for_quality_than_the_guarantee() -> None:
    made = whole()
    has = row(made, "measured_income") + row(made, "income_protection")
    assert (has >= row(made, "guaranteed_income_for_quality") - 1e-6).all()
    assert (row(made, "income_protection") >= 0).all()
    assert row(made, "income_protected").sum() > 100


def test_the_guarantee_is_of_last_year_or_the_floor_and_not_of_what_everybody_lost() -> None:
    nan = one_year(np.nan, np.nan)
    now, before = one_year(90, 90), one_year(100, 80)
    change = protection.framework_change(now, before)
    assert change.item() == 1  # the nation had no less
    lists = one_year(9, 9)
    told = protection.guaranteed_income_for_quality(before, now, change, 1, 0.5, one_year(10, 200), 1, lists, lists)
    assert told[0, 0].tolist() == [100, 100]
    fell = protection.guaranteed_income_for_quality(before, now, change, 1, 0, lists, 1, one_year(3, 0), lists)
    assert fell[0, 0].tolist() == pytest.approx([100 / 3, 0])  # not for patients who have gone
    assert protection.framework_change(now, nan).item() == 1
    assert protection.framework_change(now / 2, before).item() == 0.5
    assert protection.guaranteed_income_for_quality(nan, now, 1, 1, 0, now, 1, lists, nan)[0, 0].tolist() == [90, 90]


def test_prevention_moves_a_stated_sum_and_no_new_money() -> None:
    made = whole()
    moved = sum(row(made, n).sum() for n in ("prevention_by_practices", "prevention_by_others"))
    assert moved == pytest.approx(0.01 * 1.15e11)
    funds = {made.line(n, YEAR).fund for n in ("prevention_by_practices", "prevention_by_others")}
    assert funds == {"moved"}
    assert prevention.admissions_to_break_even(3_110.0, 3_110, 0.5, 1) == 2


def test_partnership_is_kept_with_others_beside_it() -> None:
    made = whole()
    shares = [row(made, f"held_by_{h}") for h in ("partnership", "trust", "network", "company")]
    assert sum(shares) == pytest.approx(np.ones(len(england().codes)))
    people = np.nan_to_num(england().fact("list_size")[0, 0])
    assert 0.7 < (shares[0] * people).sum() / people.sum() < 0.95


def test_a_slip_in_a_value_is_named() -> None:
    with pytest.raises(GpContractError, match="ladder_bar"):
        hewitt().with_reform(Reform.of(Set("ladder_bars", 0.9)))
