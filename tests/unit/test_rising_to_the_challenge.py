"""Rising to the challenge: nothing without its mechanisms, what each must keep, and each rule by hand."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpcontract import Contract, England, run
from gpcontract.chapters.accreditation import rules as accreditation
from gpcontract.chapters.choice import grid
from gpcontract.chapters.federation import rules as federation
from gpcontract.chapters.joint_care import rules as joint_care
from gpcontract.chapters.local_price import rules as local_price
from gpcontract.chapters.out_of_hours import rules as out_of_hours
from gpcontract.chapters.recycling import rules as recycling
from gpcontract.chapters.scale_reward import rules as scale_reward
from gpcontract.chapters.standards import rules as standards
from gpcontract.chapters.walk_in import rules as walk_in
from gpcontract.contracts import Result
from gpcontract.engine.areas import Areas, national
from gpcontract.engine.edits import Reform, Set

NAME = "rising_to_the_challenge"
SIZES = np.array([0.0, 10_000.0, 30_000.0, 50_000.0]).reshape(4, 1, 1, 1)
RATES = np.array([0.0, 0.6, 1.2, 1.5]).reshape(4, 1, 1, 1)
NEUTRAL = {
    "guarantee and seniority": ("guarantee_ended", "seniority_ended", "recycled_into_price"),
    "accreditation": ("accreditation_held_back", "accreditation_reward"),
    "local price": ("local_price",),
    "choice": ("choice_money",),
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract.load(NAME)


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1)


@pytest.fixture(scope="module")
def result(contract: Contract, england: England) -> Result:
    return run(contract, england, keep={"choice_joiners", "choice_leavers", "board_price_change", "scale_rate"})


@cache
def priced(year: int) -> Result:
    """The proposal in its steady state in one year of synthetic England."""
    return run(Contract.load(NAME), England.synthetic(1, (year,)))


def pounds(result: Result, name: str, year: int = 2024) -> np.ndarray:
    return np.asarray(result.amounts(name)[0, result.at(year)])


def row(x: list[float] | np.ndarray) -> np.ndarray:
    """One year of practices: (draw, year, practice)."""
    return np.asarray(x, float).reshape(1, 1, -1)


# -- the whole ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2010, 2014, 2024])
def test_without_its_mechanisms_it_is_the_national_contract(contract: Contract, year: int) -> None:
    england = priced(year).england
    off, base = run(contract.switched([]), england), run(Contract.load("national"), england)
    assert (off.total(year) == base.total(year)).all()
    for line in off.lines(year):
        expected = base.pence(line.name, year) if line.name in base.line_names else 0
        assert (off.pence(line.name, year) == expected).all(), line.name


def test_every_mechanism_of_the_paper_is_there_with_its_ids(contract: Contract) -> None:
    ids = {i for m in contract.mechanisms for i in m.ids}
    assert ids == {f"S3-{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 18)}
    assert all(m.switch and m.about for m in contract.mechanisms)


@pytest.mark.parametrize("year", [2010, 2014, 2024])
def test_lines_and_measures_are_known_for_every_open_practice(contract: Contract, year: int) -> None:
    result = priced(year)
    mine = set(contract.chapters) - set(Contract.load("national").chapters)
    names = [x.name for x in result.lines(year) if x.chapter in mine] + list(result.measures)
    assert len(names) > 25
    for name in names:
        each = np.broadcast_to(result.arrays[name], (1, 1, len(result.england.codes)))[0, 0]
        assert np.isfinite(each[result.open(year)]).all(), name


def test_practices_in_another_order_are_paid_the_same(contract: Contract, england: England, result: Result) -> None:
    turn = np.random.default_rng(3).permutation(len(england.codes))
    facts = {k: v if v.shape[-1] == 1 else v[..., turn] for k, v in england.facts.items()}
    areas = {k: Areas(a.kind, a.codes, a.names, a.index[:, turn]) for k, a in england.areas.items()}
    turned = England("turned", england.years, tuple(england.codes[i] for i in turn), facts, areas, england.labels)
    again = run(contract, turned)
    for name in (*result.line_names, *result.measures):
        if name not in result.arrays:
            continue
        one = np.broadcast_to(result.arrays[name], (1, 1, len(turn)))[..., turn]
        np.testing.assert_allclose(
            np.broadcast_to(again.arrays[name], one.shape), one, rtol=1e-9, atol=1e-6, err_msg=name
        )


@pytest.mark.parametrize("year", [2010, 2014, 2024])
@pytest.mark.parametrize("what", NEUTRAL)
def test_what_is_recycled_or_moved_is_neutral_to_a_pound(what: str, year: int) -> None:
    result = priced(year)
    pence = [result.pence(name, year)[result.open(year)] for name in NEUTRAL[what]]
    assert abs(sum(int(p.sum()) for p in pence)) <= 100
    if (what, year) != ("guarantee and seniority", 2024):
        assert sum(int(abs(p).sum()) for p in pence) > 100_000_00


def test_draws_over_the_assumed_ranges_stay_finite_and_neutral(contract: Contract, england: England) -> None:
    result = run(contract, england, draws=6)
    is_open = result.open(2024)
    for names in NEUTRAL.values():
        moved = sum(result.amounts(name)[:, 0, is_open].sum(-1) for name in names)
        gross = sum(abs(result.amounts(name)[:, 0, is_open]).sum(-1) for name in names)
        assert np.isfinite(moved).all()
        if names[0] not in ("accreditation_held_back", "local_price"):  # in draws these need not be neutral
            assert (abs(moved) <= 1e-9 * gross + 1e-3).all()
    assert (result.amounts("out_of_hours_supplement_paid").sum(-1) >= 0).all()


# -- the guarantee and seniority ---------------------------------------------------------------------------------


def test_in_2024_nothing_is_left_to_recycle_and_the_lines_say_so(result: Result) -> None:
    lines = {x.name for x in result.lines(2024)}
    for name in NEUTRAL["guarantee and seniority"]:
        assert name in lines
        assert not result.pence(name, 2024).any()
    assert not result.amounts("recycled_money").any()


def test_in_2014_it_moves_the_real_sums(contract: Contract, official_data: Path) -> None:
    england = England.official(official_data, (2014,))
    base, result = run(Contract.load("national"), england), run(contract, england)
    for ended, line in (("guarantee_ended", "correction_factor"), ("seniority_ended", "seniority")):
        assert result.pence(ended, 2014).sum() == pytest.approx(-base.pence(line, 2014).sum(), abs=100)
    moved = result.pence("recycled_into_price", 2014)
    assert 215e6 < moved.sum() / 100 < 240e6  # £107m of correction factors and £124m of seniority were published
    lost = (pounds(result, "guarantee_ended", 2014) + pounds(result, "seniority_ended", 2014) + moved / 100) < 0
    assert 2_000 < (lost & result.open(2014)).sum() < 5_000


def test_on_the_timeline_it_ends_by_sevenths(contract: Contract) -> None:
    dated = contract.dated()
    values = dated.value_arrays(tuple(range(2009, 2018)), ["guarantee_ended_share"])["guarantee_ended_share"]
    np.testing.assert_allclose(values.ravel(), [0, *(k / 7 for k in range(1, 8)), 1])


@given(
    st.lists(st.floats(0, 400_000), min_size=2, max_size=30),
    st.lists(st.floats(1, 40_000), min_size=30, max_size=30),
    st.floats(0, 1),
)
def test_all_that_is_taken_comes_back(held: list[float], lists: list[float], share: float) -> None:
    held_row, weighted = row(held), row(lists[: len(held)])
    ended = recycling.guarantee_ended(held_row, share)
    price = recycling.recycled_price(ended, ended * 0, weighted)
    back = recycling.recycled_into_price(weighted, price)
    assert float((ended + back).sum()) == pytest.approx(0, abs=1e-6 + 1e-9 * sum(held))


def test_the_price_rises_by_what_is_released_over_all_weighted_lists() -> None:
    price = recycling.recycled_price(row([-7_000.0, 0]), row([-1_000.0, -2_000.0]), row([3_000.0, 7_000.0]))
    assert price.item() == pytest.approx(1.0)


# -- federation and scale ----------------------------------------------------------------------------------------


def test_signing_earns_nothing_and_readiness_is_the_weight_of_what_is_reached() -> None:
    weights, none = np.array([0, 0.5, 0.5]), np.array([1.0, 0, 0])
    assert federation.federation_progress(weights, none) == 0
    assert federation.federation_progress(weights, np.array([1.0, 1.2, 0.5])) == pytest.approx(0.75)
    assert federation.federation_readiness(0.8, 15_000.0, 0.0, 30_000.0, 1 / 3) == pytest.approx(0.4)
    assert federation.federation_readiness(0.8, 20_000.0, 1.0, 30_000.0, 1 / 3) == pytest.approx(0.8)
    assert federation.federation_payment_in_full(10_000.0, 1.0, 45_000.0, 1.76, 1.0) == pytest.approx(17_600)
    assert federation.federation_payment_in_full(10_000.0, 1.0, 0.0, 1.76, 1.0) == 0


def test_paid_and_not_earned_add_up_to_pay_on_signature(result: Result) -> None:
    both = pounds(result, "federation_payment").sum() + result.arrays["federation_unready_money"].sum()
    patients = (result.england.fact("list_size") * result.england.fact("open_share"))[0, 0]
    federated = pounds(result, "federation_payment") > 0
    assert both == pytest.approx(1.76 * patients[federated].sum())


def scale(size: float, points: tuple[np.ndarray, np.ndarray] = (SIZES, RATES)) -> float:
    return float(np.asarray(scale_reward.scale_rate_alone(row([size]), *points)).item())


@given(st.floats(0, 200_000), st.floats(0, 5_000))
def test_the_rate_for_scale_rises_without_cliffs_and_is_level_from_the_cap(size: float, more: float) -> None:
    step = scale(size + more) - scale(size)
    assert -1e-12 <= step <= 0.06 * more / 1_000 + 1e-12  # no step is steeper than the first slope
    assert scale(50_000 + size) == pytest.approx(1.5)


@given(st.floats(0, 100_000), st.floats(0, 100_000), st.floats(0, 1))
def test_the_rate_for_scale_is_concave(a: float, b: float, part: float) -> None:
    assert scale(part * a + (1 - part) * b) >= part * scale(a) + (1 - part) * scale(b) - 1e-12


def test_scale_counts_what_a_ready_federation_adds_and_a_rural_practice_has_a_floor() -> None:
    assert scale_reward.scale_rate(0.6, 1.4, 0.5, 0.0) == pytest.approx(1.0)
    assert scale_reward.scale_rate(0.3, 0.0, 0.0, 0.9) == 0.9
    assert scale_reward.scale_rate(1.5, 1.2, 1.0, 0.0) == 1.5
    assert scale_reward.scale_reward(10_000.0, 0.5, 1.0, 1.0, 1.0) == 5_000


# -- out of hours ------------------------------------------------------------------------------------------------


def test_a_small_federation_buys_and_a_large_one_runs_its_own_rota() -> None:
    said = (10.0, 0.2, 300_000.0, 0.05, 1.0, 1.0)
    assert out_of_hours.out_of_hours_own_cost(45_000.0, 9_000.0, *said) == pytest.approx(10.5)
    assert out_of_hours.out_of_hours_own_cost(600_000.0, 9_000.0, *said) == pytest.approx(9.0)
    assert out_of_hours.out_of_hours_own_cost(0.0, 0.0, *said) == pytest.approx(10.5)


def test_it_is_taken_back_where_it_pays() -> None:
    assert out_of_hours.out_of_hours_pays_for(8.0, 10.0, 0.2) == 0
    assert out_of_hours.out_of_hours_pays_for(10.0, 10.0, 0.2) == pytest.approx(0.5)
    assert out_of_hours.out_of_hours_pays_for(12.0, 10.0, 0.2) == pytest.approx(1)


def test_a_higher_supplement_never_lowers_take_up(contract: Contract, england: England) -> None:
    taken = []
    for supplement in (0, 2.5, 5, 8):
        result = run(contract, england, reform=Set("out_of_hours_supplement", supplement))
        taken.append(result.arrays["out_of_hours_taken_back"][0, 0])
        paid = pounds(result, "out_of_hours_returned") + pounds(result, "out_of_hours_supplement_paid")
        cost = result.arrays["out_of_hours_cost_taken_on"][0, 0]
        assert paid.sum() >= cost.sum() - 1  # nobody takes back what does not pay
    assert all((after >= before - 1e-9).all() for before, after in pairwise(taken))
    assert taken[0].sum() < 0.01 * taken[-1].sum()


def test_commissioners_save_what_they_spend_today(result: Result) -> None:
    """Deduction and supplement move with the work; the saving is the rest of today's cost, so all together are that cost."""
    moved = pounds(result, "out_of_hours_returned") + pounds(result, "out_of_hours_supplement_paid")
    assert {result.line(n, 2024).fund for n in ("out_of_hours_returned", "out_of_hours_supplement_paid")} == {"moved"}
    beyond = -pounds(result, "out_of_hours_commissioning_saved")
    taken = result.arrays["out_of_hours_taken_back"][0, 0]
    cost = (moved + beyond)[taken > 0] / taken[taken > 0]
    assert cost.min() >= 10.29 - 1e-9 and cost.max() <= 10.29 * 1.25 + 1e-9


# -- accreditation and standards ---------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 2e5), st.floats(0.01, 1)), min_size=2, max_size=20),
    st.floats(0, 1),
)
def test_what_is_held_back_goes_to_the_accredited(practices: list[tuple[float, float]], recycled: float) -> None:
    reward, chance = row([p[0] for p in practices]), row([p[1] for p in practices])
    held = accreditation.accreditation_held_back(reward, chance, 1.0)
    uplift = accreditation.accreditation_uplift(held, reward, chance, recycled)
    given_out = accreditation.accreditation_reward(reward, chance, uplift)
    assert given_out.sum() == pytest.approx(-recycled * held.sum(), abs=1e-6)


def test_a_larger_or_better_practice_is_likelier_to_pass() -> None:
    sizes, chances = np.array([2_000.0, 10_000.0]), np.array([0.7, 0.9])
    assert accreditation.accreditation_chance(6_000.0, 0.9, 0.9, sizes, chances, 1.0) == pytest.approx(0.8)
    assert accreditation.accreditation_chance(6_000.0, 0.95, 0.9, sizes, chances, 1.0) == pytest.approx(0.85)
    assert accreditation.accreditation_chance(90_000.0, 1.0, 0.5, sizes, chances, 1.0) == 1


def withheld(score: float, reliability: float, mean: float = 0.93, bar: float = 0.85) -> float:
    acted = standards.standard_score(score, mean, reliability)
    return float(standards.standard_withheld(1e6, standards.standard_shortfall(acted, bar), 0.05, 0.15, 1.0))


def test_withholding_by_hand() -> None:
    assert withheld(0.70, 1.0) == pytest.approx(-50_000)
    assert withheld(0.80, 1.0) == pytest.approx(-50_000 / 3)
    assert withheld(0.80, 0.5) == 0.0  # half of it may be luck: 0.865 is over the bar
    assert withheld(0.90, 1.0) == 0.0


@given(st.floats(0, 1), st.floats(0, 1e-3), st.floats(0, 1))
def test_withholding_has_no_cliff_and_spares_the_unreliable(score: float, less: float, reliability: float) -> None:
    assert 0 <= withheld(score, reliability) - withheld(score - less, reliability) <= 50_000 / 0.15 * less + 1e-6
    assert withheld(score, reliability) >= withheld(score, 1.0) - 1e-9


def test_a_small_list_is_mostly_chance_and_a_flag_near_the_bar_flips_half_the_time() -> None:
    small, large = (standards.standard_chance(0.9, n, 0.01) for n in (2_000.0, 20_000.0))
    assert small == pytest.approx(10 * large)
    assert standards.standard_reliability(0.003, small) < standards.standard_reliability(0.003, large)
    assert standards.standard_chance_of_under(0.85, 0.85, 0.8, 0.001, 1.702) == pytest.approx(0.5)
    assert standards.standard_chance_of_under(0.95, 0.85, 0.8, 0.001, 1.702) < 0.02


def test_flips_are_some_of_those_under_the_standard(result: Result) -> None:
    under, flip = (result.arrays[n][0, 0] for n in ("practices_under_standard", "practices_that_flip"))
    assert (flip <= under).all()
    assert 0 < flip.sum() < 0.6 * under.sum()


# -- local price and choice --------------------------------------------------------------------------------------


@given(st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=20), st.floats(0, 1))
def test_a_neutral_local_price_stays_within_the_wish_and_adds_up_to_nothing(
    wishes: list[float], neutral: float
) -> None:
    wish = row(wishes)
    up, down = local_price.local_price_raised(wish), local_price.local_price_lowered(wish)
    paid = local_price.local_price(wish, up, down, neutral)
    assert (np.abs(paid) <= np.abs(wish) + 1e-9).all()
    assert (paid * wish >= 0).all()
    balanced = local_price.local_price(wish, up, down, 1.0)
    assert float(balanced.sum()) == pytest.approx(0, abs=1e-6)


def test_boards_follow_need_within_the_band(result: Result) -> None:
    assert local_price.board_price_change(30.0, 20.0, 0.1, 0.05, 1.0) == pytest.approx(0.05)
    assert local_price.board_price_change(22.0, 20.0, 0.1, 0.05, 1.0) == pytest.approx(0.01)
    assert local_price.board_price_change(1.0, 20.0, 1.0, 0.05, 1.0) == pytest.approx(-0.05)
    assert (abs(result.arrays["board_price_change"]) <= 0.05).all()
    assert (result.arrays["local_price_distance"] <= 0.05 + 1e-12).all()


def test_patients_are_neither_made_nor_lost_and_no_list_takes_more_than_it_can(result: Result) -> None:
    joiners, leavers = result.arrays["choice_joiners"][0, 0], result.arrays["choice_leavers"][0, 0]
    assert joiners.sum() == pytest.approx(leavers.sum())
    lists = result.england.fact("list_size")[0, 0]
    assert (joiners <= 0.02 * lists + 1e-9).all()
    assert (result.arrays["choice_movers"][0, 0] >= -1e-9).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(50, 55), st.floats(-4, 1), st.floats(0, 9)), min_size=1, max_size=12))
def test_cells_hold_all_and_neighbours_are_mutual(places: list[tuple[float, float, float]]) -> None:
    latitude, longitude, x = (row([p[i] for p in places]) for i in range(3))
    cells = grid.by_cell(x, latitude, longitude)
    assert cells.sum() == pytest.approx(x.sum())
    near = grid.to_place(grid.around(cells, 0.3), latitude, longitude)
    assert (near >= x - 1e-9).all()
    # what practices draw from around them, weighted, is the same seen from either side
    ones = grid.to_place(grid.around(grid.by_cell(x * 0 + 1, latitude, longitude), 0.3), latitude, longitude)
    assert float((near * 1).sum()) == pytest.approx(float((ones * x).sum()))


def test_a_practice_without_a_place_is_left_out() -> None:
    latitude, longitude = row([52.0, np.nan]), row([0.0, np.nan])
    cells = grid.by_cell(row([5.0, 7.0]), latitude, longitude)
    assert cells.sum() == 5
    assert grid.to_place(cells, latitude, longitude).ravel().tolist() == [5, 0]


# -- walk-in centres, joint care, rewriting ----------------------------------------------------------------------


def test_every_attendance_goes_somewhere(result: Result) -> None:
    shares = np.array([0.2, 0.45, 0.2, 0.15])
    practice, emergency, centre = (
        f(shares)
        for f in (
            walk_in.walk_in_to_practice_share,
            walk_in.walk_in_to_emergency_share,
            walk_in.walk_in_to_centre_share,
        )
    )
    assert walk_in.walk_in_to_practices(100.0, practice) == pytest.approx(45)
    assert walk_in.walk_in_to_nobody(100.0, practice, emergency, centre) == pytest.approx(20)
    assert walk_in.walk_in_saved(100.0, 63.1, 1.0) == pytest.approx(-6_310)
    assert walk_in.walk_in_moved_on(100.0, emergency, centre, 156.4, 63.1, 1.0) == pytest.approx(20 * 156.4 + 15 * 63.1)
    assert -pounds(result, "walk_in_saved").sum() == pytest.approx(185 * 25_000 * 0.22 * 63.1)


def test_an_admission_saves_its_marginal_cost() -> None:
    avoided = joint_care.joint_care_admissions_avoided(10_000.0, 1.0, 0.5, 0.1, 0.015, 1.0)
    assert avoided == pytest.approx(7.5)
    assert joint_care.joint_care_saved(avoided, 3_000.0, 0.5, 1.0) == pytest.approx(-11_250)


def test_bigger_sums_by_mechanism_add_up_to_all_of_them(contract: Contract, england: England, result: Result) -> None:
    """No mechanism pays another's lines: each alone adds what it adds to all, but where one works through another."""
    base = run(Contract.load("national"), england).total(2024).sum()
    alone = 0
    for m in contract.mechanisms:
        alone += int(run(contract.switched([m.name]), england).total(2024).sum() - base)
    assert int(result.total(2024).sum() - base) == pytest.approx(alone, abs=1_000_00)


def test_a_user_may_edit_what_the_proposal_assumes(contract: Contract, england: England, result: Result) -> None:
    dearer = run(contract, england, reform=Reform.of(Set("federation_rate", 3.52)))
    assert pounds(dearer, "federation_payment").sum() == pytest.approx(2 * pounds(result, "federation_payment").sum())
    assert float(national(result.amounts("contract_rewritten")).item()) == pytest.approx(
        4_000 * result.open(2024).sum()
    )
