"""What must hold of the methods whatever their numbers: parts add up, limits are met, nonsense is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpcontract.engine.errors import InputError
from gpcontract.levers import (
    capitation,
    estate,
    incentives,
    losses,
    pilots,
    pools,
    pressure,
    reliability,
    risk,
    standards,
)
from gpcontract.levers.inputs import numbers, whole

QUICK = settings(max_examples=60, deadline=None)
part = st.floats(0, 1).map(lambda x: round(x, 9))
inside = st.floats(0.01, 0.99)
small = st.floats(-0.5, 0.5)
many = st.lists(st.floats(1, 1000), min_size=2, max_size=12).map(np.array)


# -- inputs ----------------------------------------------------------------------------------------------------


def test_numbers_out_of_bounds_name_themselves() -> None:
    with pytest.raises(InputError, match=r"lists is -2\n  expected: at least 0"):
        numbers([1, -2], "lists", low=0)
    with pytest.raises(InputError, match="lists: not numbers"):
        numbers("many", "lists")
    with pytest.raises(InputError, match="part of one"):
        whole([1, 1.5], "cases")
    assert np.isnan(whole([1, np.nan], "cases")[1])


# -- risk ------------------------------------------------------------------------------------------------------

BANDS = [0.03, 0.06, 0.2]


@QUICK
@given(st.lists(small, min_size=1, max_size=8), st.lists(part, min_size=3, max_size=3))
def test_a_corridor_shares_out_the_whole_deviation(over: list[float], shares: list[float]) -> None:
    x = np.array(over)
    np.testing.assert_allclose(sum(risk.corridor_parts(x, BANDS)), x, atol=1e-12)
    provider, owner = risk.corridor(x, BANDS, shares), risk.corridor(x, BANDS, [1 - s for s in shares])
    beyond = risk.corridor_parts(x, BANDS)[-1]
    np.testing.assert_allclose(provider + owner + beyond, x, atol=1e-12)
    np.testing.assert_allclose(risk.corridor(-x, BANDS, shares), -provider, atol=1e-12)
    assert (np.abs(provider) <= np.abs(x) + 1e-12).all()


def test_a_corridor_takes_tables_by_year_and_draw() -> None:
    over = np.linspace(-0.3, 0.3, 7) * np.ones((2, 3, 1))
    upper = np.array(BANDS)[:, None, None, None] * np.ones((1, 1, 3, 1))
    shares = np.array([1.0, 0.5, 0.2])[:, None, None, None] * np.array([1.0, 0.5])[:, None, None]
    found = risk.corridor(over, upper, shares)
    assert found.shape == (2, 3, 7)
    np.testing.assert_allclose(found[1], found[0] / 2)
    with pytest.raises(InputError, match="upper has 3, provider_share has 2"):
        risk.corridor(over, upper, [1.0, 0.5])


@QUICK
@given(part, st.floats(0, 0.1), st.floats(0, 0.2), part, st.booleans())
def test_a_gain_share_never_falls_as_more_is_saved(
    share: float, least: float, cap: float, quality: float, first: bool
) -> None:
    spend = np.linspace(1.2, 0.0, 241) * 1000
    paid = risk.gain_share(1000.0, spend, share, least, cap, quality, first_pound=first)
    assert (np.diff(paid) >= -1e-9).all()
    assert (paid >= 0).all() and (paid <= cap * 1000 + 1e-9).all()
    assert (paid[spend > 1000] == 0).all()
    if not first:  # no jump: a pound saved never pays more than a pound
        assert (np.diff(paid) <= -np.diff(spend) * share + 1e-9).all()


def test_a_gain_share_by_the_first_pound_jumps_at_its_minimum() -> None:
    paid = risk.gain_share(1000.0, np.array([971.0, 970.0]), 0.5, 0.03)
    assert paid.tolist() == [0.0, 15.0]
    assert risk.gain_share(1000.0, np.array([970.0]), 0.5, 0.03, first_pound=False).tolist() == [0.0]


@QUICK
@given(st.floats(0, 2000), part, st.floats(0, 0.1), st.floats(0, 500), part)
def test_a_loss_share_is_never_more_than_its_part_of_revenue(
    actual: float, share: float, least: float, revenue: float, cap: float
) -> None:
    back = float(risk.loss_share(1000.0, actual, share, least, revenue, cap))
    assert 0 <= back <= min(cap * revenue, share * max(actual - 1000, 0)) + 1e-9


def test_minimum_savings_rates_run_straight_between_their_points() -> None:
    people = np.array([1000, 5000, 7500, 10_000, 90_000])
    found = risk.minimum_savings_rate(people, [5000, 10_000], [0.04, 0.03])
    np.testing.assert_allclose(found, [0.04, 0.04, 0.035, 0.03, 0.03])


def test_a_quality_gate_opens_by_degrees_or_at_once() -> None:
    score = np.array([0.4, 0.5, 0.75, 1.0, 1.2])
    np.testing.assert_allclose(risk.quality_gate(score, 0.5, 1.0), [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(risk.quality_gate(score, 0.5, 1.0, 0.4), [0, 0.4, 0.7, 1, 1])
    np.testing.assert_allclose(risk.quality_gate(score, 0.5, 0.5), [0, 1, 1, 1, 1])


def test_stop_loss_keeps_all_up_to_its_point_and_a_part_beyond() -> None:
    np.testing.assert_allclose(risk.retained(np.array([50.0, 100.0, 300.0]), 100.0, 0.1), [50, 100, 120])
    np.testing.assert_allclose(risk.retained(np.array([50.0, 300.0]), 100.0, 0.0, 150.0), [50, 150])


def test_the_terms_that_rules_call_run_on_a_strict_array_library() -> None:
    strict: Any = pytest.importorskip("array_api_strict")
    spend, scores = np.array([[900.0, 990.0, 1100.0]]), np.array([[0.4, 0.7, 1.0]])
    needs = np.array([[[1.0, 2.0, 3.0]], [[1.0, 1.0, 1.0]]])

    def all_of(make: Any) -> list[Any]:
        x, score = make(spend), make(scores)
        benchmark = 0 * x + 1000.0
        return [
            risk.corridor(risk.deviation(x, benchmark), BANDS, [1.0, 0.5, 0.2]),
            risk.corridor(risk.deviation(x, benchmark), make(np.array(BANDS)[:, None, None]), make(np.ones((3, 1, 1)))),
            risk.gain_share(benchmark, x, 0.5, 0.03, 0.1, risk.quality_gate(score, 0.5, 1.0)),
            risk.gain_share(benchmark, x, 0.5, 0.03, 0.1, first_pound=False),
            risk.loss_share(benchmark, x, 0.5, 0.03, 0 * x + 100.0, 0.2),
            risk.minimum_savings_rate(x, [900, 1000], [0.04, 0.03]),
            risk.retained(x, 950.0, 0.1, 50.0),
            reliability.mix(x, benchmark, reliability.reliability(score, score + 1.0)),
            capitation.paced_growth(capitation.distance_from_target(x, benchmark), 0.03, 0.5, 0.01, 0.05),
        ]

    for ours, theirs in zip(all_of(np.asarray), all_of(strict.asarray), strict=True):
        assert hasattr(theirs, "__array_namespace__") and type(theirs) is not np.ndarray
        np.testing.assert_allclose(np.asarray(theirs), ours)
    found = capitation.weighted_population(spend, needs, [0.6, 0.4])
    np.testing.assert_allclose(found.sum(), spend.sum())


# -- pools -----------------------------------------------------------------------------------------------------


@QUICK
@given(st.floats(0.01, 0.2), inside)
def test_a_reserve_is_passed_as_rarely_as_it_says(cv: float, level: float) -> None:
    over = pools.reserve(cv, level)
    assert pools.overspend_chance(cv, over) == pytest.approx(1 - level, abs=1e-9)
    assert pools.tail_mean(cv, level) >= over - 1e-12
    assert pools.rate_for(cv, 1 - level) == pytest.approx(float(over), abs=1e-9)
    excess = pools.expected_excess(cv, over)  # the tail's mean is its start and what lies above it
    assert pools.tail_mean(cv, level) == pytest.approx(float(over + excess / (1 - level)), rel=1e-6)


@QUICK
@given(st.floats(0.005, 0.1), inside, st.floats(0, 0.08), st.floats(0, 0.1), st.booleans())
def test_a_false_gain_is_what_its_terms_pay_on_average(
    cv: float, share: float, least: float, cap: float, first: bool
) -> None:
    z = (np.arange(200_000) + 0.5) / 200_000
    from scipy.special import ndtri

    paid = risk.gain_share(1.0, 1 + cv * ndtri(z), share, least, cap, first_pound=first)
    assert pools.expected_false_gain(cv, share, least, cap, first_pound=first) == pytest.approx(
        paid.mean(), abs=2e-5 * cv + 1e-6
    )
    if least and cap:
        assert pools.false_gain_chance(cv, least) == pytest.approx((cv * ndtri(z) <= -least).mean(), abs=1e-4)


def test_a_corridor_costs_its_provider_on_average_what_its_bands_take() -> None:
    from scipy.special import ndtri

    over = 0.05 * ndtri((np.arange(400_000) + 0.5) / 400_000) + 0.01
    taken = np.maximum(risk.corridor(over, BANDS, [1.0, 0.5, 0.2]), 0.0).mean()
    assert pools.expected_corridor_loss(0.05, BANDS, [1.0, 0.5, 0.2], 0.01) == pytest.approx(taken, abs=1e-7)


def test_pools_steady_with_size_down_to_what_is_shared_by_all() -> None:
    people = pools.people_for([0.03, 0.02, 0.01], 3.5, 0.02)
    assert np.isinf(people[1:]).all()
    assert pools.pool_cv(people[0], 3.5, 0.02) == pytest.approx(0.03)
    assert pools.overspend_chance(0.0, [0.01, -0.01]).tolist() == [0.0, 1.0]
    near = pools.overspend_chance(0.02, 0.03), pools.overspend_chance(0.02, 0.03, lognormal=True)
    assert near[0] == pytest.approx(float(near[1]), abs=0.01)
    with pytest.raises(InputError, match="level is 1 or more"):
        pools.reserve(0.1, 1.0)


# -- losses ----------------------------------------------------------------------------------------------------


@QUICK
@given(
    st.sampled_from([(2.0, 2.0), (5.0, 9.0), (3.0, 1.5), (4.0, 3.2)]),
    st.lists(st.floats(0.01, 1), min_size=2, max_size=6),
)
def test_the_recursion_and_the_transform_agree(cases: tuple[float, float], raw: list[float]) -> None:
    severity = np.array(raw) / sum(raw)
    n = losses.Cases(*cases)
    g, h = losses.panjer(n, severity, 512), losses.fourier(n, severity, 512)
    np.testing.assert_allclose(g, h, atol=1e-12)
    cost = losses.moments(severity)
    expected = losses.aggregate_moments(cases[0], np.sqrt(cases[1]), cost.mean, np.sqrt(cost.variance))
    np.testing.assert_allclose(losses.moments(g), expected, rtol=1e-6)
    assert losses.stop_loss(g, 0.0) == pytest.approx(float(cost.mean * cases[0]), rel=1e-6)


def test_binomial_cases_are_the_sum_over_their_trials() -> None:
    severity, q = [0.2, 0.5, 0.3], 0.4
    four = [0.6**4, 4 * 0.4 * 0.6**3, 6 * 0.16 * 0.36, 4 * 0.064 * 0.6, 0.4**4]
    np.testing.assert_allclose(
        losses.panjer(losses.Cases(4 * q, 4 * q * (1 - q)), severity, 9), losses.compound(four, severity), atol=1e-12
    )
    with pytest.raises(InputError, match="a binomial number of cases"):
        losses.Cases(3.0, 1.9)
    with pytest.raises(InputError, match=r"adds up to 0.5"):
        losses.compound([0.5], severity)


def test_the_tail_of_a_distribution() -> None:
    g = np.full(10, 0.1)
    assert losses.value_at_risk(g, 0.9, 100.0) == 800.0
    assert losses.tail_value_at_risk(g, 0.9, 100.0) == pytest.approx(900.0)
    assert losses.tail_value_at_risk(g, 0.0) == pytest.approx(4.5)
    with pytest.raises(InputError, match="use more buckets"):
        losses.value_at_risk(g[:5], 0.9)


@QUICK
@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8))
def test_parts_of_a_saving_add_up_to_it(worth: list[float]) -> None:
    groups = ["", "A", "B", "C", "AB", "AC", "BC", "ABC"]
    value = dict(zip(groups, worth, strict=True)) | {"": 0.0}
    found = losses.shapley(value)
    assert sum(found.values()) == pytest.approx(value["ABC"], abs=1e-9)
    alike = value | {"B": value["A"], "BC": value["AC"]}
    same = losses.shapley(alike)
    assert same["A"] == pytest.approx(same["B"], abs=1e-9)
    with pytest.raises(InputError, match="7 groups of 3 members"):
        losses.shapley({g: v for g, v in value.items() if g != "AB"})


# -- reliability -----------------------------------------------------------------------------------------------


@QUICK
@given(many, st.floats(0, 50), st.floats(0.1, 50), st.floats(0, 1000))
def test_shrinkage_lies_between_own_figure_and_mean(own: Any, tau2: float, error2: float, mean: float) -> None:
    found = reliability.shrink(own, error2, tau2, mean)
    assert (found.mean >= np.minimum(own, mean) - 1e-9).all() and (found.mean <= np.maximum(own, mean) + 1e-9).all()
    assert (found.sd <= np.sqrt(min(tau2, error2)) + 1e-9).all()


@QUICK
@given(inside, inside)
def test_years_and_lists_reach_the_reliability_they_are_for(one: float, target: float) -> None:
    years = reliability.years_needed(one, target)
    assert reliability.pooled(one, years) == pytest.approx(target)
    n = reliability.least_list(target, one, 0.25)
    assert reliability.reliability(one, 0.25 / n) == pytest.approx(target)
    assert np.isinf(reliability.years_needed(0.0, target))
    with pytest.raises(InputError, match="target is 1 or more"):
        reliability.years_needed(one, 1.0)


@QUICK
@given(st.integers(1, 400), part, st.sampled_from([(0.4, 0.9), (0.0, 1.0), (0.5, 0.55), (0.1, 0.85)]))
def test_payment_noise_is_exact(n: int, p: float, ends: tuple[float, float]) -> None:
    from scipy.stats import binom

    k = np.arange(n + 1)
    chance = binom.pmf(k, n, p)
    pay = np.clip((k / n - ends[0]) / (ends[1] - ends[0]), 0, 1)
    pay[np.isclose(pay, 0)], pay[np.isclose(pay, 1)] = 0.0, 1.0
    found = reliability.payment_noise(n, p, *ends)
    mean = (chance * pay).sum()
    sd = np.sqrt((chance * (pay - mean) ** 2).sum())
    got = np.array([found.mean, found.full, found.zero])
    np.testing.assert_allclose(got, [mean, chance[pay == 1].sum(), chance[pay == 0].sum()], atol=1e-8)
    assert found.sd == pytest.approx(sd, abs=1e-5)


def test_expected_ranks_add_up_and_keep_order() -> None:
    mean = np.linspace(-2, 2, 50)
    ranks = reliability.expected_ranks(mean, 0.7)
    assert ranks.sum() == pytest.approx(50 * 51 / 2)
    assert (np.diff(ranks) > 0).all()
    np.testing.assert_allclose(reliability.expected_ranks(mean, 1e-9), np.arange(1, 51))


def test_groups_that_differ_no_more_than_chance_are_not_believed() -> None:
    year = np.array([[1.0, 3.0], [3.0, 1.0]])
    found = reliability.credibility(year, np.ones((2, 2)))
    assert found.between == 0 and found.weight.tolist() == [0, 0] and found.expected.tolist() == [2.0, 2.0]
    with pytest.raises(InputError, match="two tables of one shape"):
        reliability.credibility(year, [1.0, 1.0])


# -- standards -------------------------------------------------------------------------------------------------


def test_practices_alike_have_no_over_dispersion_and_unlike_ones_do() -> None:
    rng = np.random.default_rng(1)
    n, alike = rng.integers(200, 800, 400), 0.6
    same = standards.proportion(rng.binomial(n, alike), n)
    unlike = standards.proportion(rng.binomial(n, rng.beta(30, 20, 400)), n)
    assert standards.over_dispersion(same).tau2[0] < 1e-4
    phi, tau2 = standards.over_dispersion(unlike)
    assert tau2[0] == pytest.approx(1 / (4 * 51), rel=0.5)  # of arcsine of the root of a beta
    flagged = [(np.abs(z) > 1.96).mean() for z in (unlike.z, standards.additive_z(unlike, tau2))]
    assert flagged[0] > 0.2 > flagged[1]
    low, high = standards.funnel_limits(unlike, tau2, 0.95)
    inside_limits = (low <= unlike.natural(unlike.value)) & (unlike.natural(unlike.value) <= high)
    assert 1 - inside_limits.mean() == pytest.approx(flagged[1], abs=1e-9)
    assert (np.abs(standards.multiplicative_z(unlike, phi)) <= np.abs(unlike.z)).all()


def test_what_is_not_known_is_left_out() -> None:
    o, e = np.array([100.0, 150, 180, 80, 120, 225]), np.array([108.0, 112, 165, 95, 100, 220])
    with_gaps = standards.ratio_by_log([[*o, np.nan], [np.nan] * 7], [*e, 50.0])
    found, whole_one = standards.over_dispersion(with_gaps), standards.over_dispersion(standards.ratio_by_log(o, e))
    assert found.tau2[0] == pytest.approx(whole_one.tau2)
    assert np.isnan(found.tau2[1]).all()
    np.testing.assert_allclose(with_gaps.natural(with_gaps.value)[0, :6], o / e)


@QUICK
@given(inside, st.floats(0.01, 0.5))
def test_flags_are_more_often_true_and_flip_less_where_reliability_is_higher(r: float, worst: float) -> None:
    better = min(r + 0.05, 0.999)
    assert worst - 1e-9 <= standards.truly_worst_share(r, worst) <= standards.truly_worst_share(better, worst) + 1e-9
    assert standards.flip_rate(r, worst) + 1e-9 >= standards.flip_rate(better, worst)
    assert standards.flip_rate(0.0, worst) == pytest.approx(1 - worst)
    assert standards.flip_rate(1.0, worst) == pytest.approx(0.0, abs=1e-9)


def test_the_flip_rate_is_the_mean_of_each_practice_s_chance() -> None:
    rng = np.random.default_rng(2)
    tau2, error2, bar = 0.6, 0.4, -1.0
    seen = rng.normal(0, np.sqrt(tau2), 200_000) + rng.normal(0, np.sqrt(error2), 200_000)
    stays = standards.chance_below_next_year(seen[seen < bar], bar, 0.0, tau2, error2).mean()
    assert 1 - stays == pytest.approx(float(standards.flip_rate(0.6, 0.15865525)), abs=3e-3)


def test_intervals_hold_what_was_seen() -> None:
    count = np.array([0, 1, 5, 40])
    low, high = standards.byar(count)
    assert (low <= count).all() and (high >= count).all() and low[0] == 0
    assert low[3] == pytest.approx(28.58, abs=0.01) and high[3] == pytest.approx(54.47, abs=0.01)
    low, high = standards.poisson_limits([5, 500])
    assert (low < 1).all() and (high > 1).all() and high[0] > high[1]
    with pytest.raises(InputError, match="more than its denominator"):
        standards.wilson(11, 10)


def test_many_flags_at_once() -> None:
    p = np.array([[0.001, 0.02, np.nan], [0.03, 0.8, 0.9]])
    assert standards.benjamini_hochberg(p, 0.1).tolist() == [[True, True, False], [True, False, False]]
    assert not standards.benjamini_hochberg([0.5, 0.9], 0.05).any()
    assert standards.chance_of_flags(3, 0.1, [0, 3]).tolist() == pytest.approx([1.0, 0.001])


# -- capitation ------------------------------------------------------------------------------------------------


@QUICK
@given(many, st.floats(0.5, 2))
def test_weighted_people_add_up_to_people_and_budgets_to_the_pot(people: Any, need: float) -> None:
    needs = np.stack([np.linspace(0.7, 1.4, people.size), np.linspace(1.2, 0.9, people.size) * need])
    found = capitation.weighted_population(people, needs, [0.7, 0.3])
    assert found.sum() == pytest.approx(people.sum())
    assert capitation.budget(1e6, found).sum() == pytest.approx(1e6)
    flat = capitation.weighted_population(people, np.full_like(needs, need), [0.7, 0.3])
    np.testing.assert_allclose(flat, people)


@QUICK
@given(many, st.floats(0, 1), st.integers(0, 9))
def test_paced_money_spends_the_pot_between_floor_and_cap(baseline: Any, along: float, seed: int) -> None:
    target = baseline * np.random.default_rng(seed).uniform(0.7, 1.3, baseline.size)
    pot = baseline.sum() * (1.01 + along * 0.05)
    found = capitation.paced(baseline, target, pot, 0.01, 0.06)
    assert found.sum() == pytest.approx(pot)
    growth = found / baseline - 1
    assert (growth >= 0.01 - 1e-9).all() and (growth <= 0.06 + 1e-9).all()
    far = np.argsort(capitation.distance_from_target(baseline, target))
    assert (np.diff(growth[far]) <= 1e-9).all()  # the further under its target, the more a place grows


def test_a_pot_that_cannot_be_shared_out_is_refused() -> None:
    with pytest.raises(InputError, match=r"cannot be shared out between growth of 1.0% and 6.0%"):
        capitation.paced([100.0, 100.0], [120.0, 80.0], 201.0, 0.01, 0.06)
    assert capitation.paced([100.0, 100.0], [120.0, 80.0], 202.0, 0.01, 0.06).tolist() == pytest.approx([101.0, 101.0])
    assert capitation.paced([100.0, 100.0], [120.0, 80.0], 212.0, 0.01, 0.06).tolist() == pytest.approx([106.0, 106.0])
    grown = capitation.paced_growth(np.array([-0.2, 0.0, 0.2]), 0.03, 0.5, 0.01, 0.05)
    assert grown.tolist() == pytest.approx([0.05, 0.03, 0.01])


# -- estate ----------------------------------------------------------------------------------------------------


@QUICK
@given(st.integers(0, 60), st.floats(0.0001, 0.2))
def test_an_annuity_lies_between_its_limits(years: int, rate: float) -> None:
    factor = float(estate.annuity(years, rate))
    assert factor <= min(years, 1 / rate) + 1e-9
    assert factor >= years * float(estate.discount(years, rate)) - 1e-9
    assert estate.annuity(years, 0.0) == pytest.approx(years)
    assert estate.annuity(years, 1e-10) == pytest.approx(years, rel=1e-6)
    assert estate.annuity(1e6, rate, in_advance=True) == pytest.approx((1 + rate) / rate)


def test_buying_is_worth_as_much_as_its_rent_saved() -> None:
    value = estate.capital_value(50_000, 0.05)
    for_ever = estate.value_of_buying(value.net, 50_000, 0, 0, 2000, 0.05)
    assert for_ever == pytest.approx(0.0, abs=1e-6)
    assert estate.value_of_buying(0, 0, 0, 100, 10, 0.0) == 100
    lease = estate.lease_liability(50_000, 40_000, 2_000, 30_000, 10, 0.0, 0.5, 2)
    assert lease == pytest.approx(10 * 12_000 + 30_000 + 0.5 * 100_000)
    with pytest.raises(InputError, match="bands of grants"):
        estate.guaranteed_years(1.0, [1000, 2000], [5, 10])


def test_partnerships_run_down_alike_wherever_they_are() -> None:
    partners = np.array([[1, 2, 3], [6, 9, 4]])
    found = estate.partners_left(partners, np.array([0.1, 0.2, 0.1]), 0.3, 5.0)
    assert found.shape == (2, 3, 6)
    np.testing.assert_allclose(found.sum(-1), 1.0)
    alone = estate.last_partner_chance(partners, 0.1, 0.0, 5.0)
    assert alone[0, 0] == 1.0 and (np.diff(alone[0]) < 0).all()
    leaves = 1 - np.exp(
        -0.1 * 5
    )  # with nobody joining, each of two leaves by himself: the first to go is at twice the rate
    assert alone[0, 1] == pytest.approx(1 - (1 - leaves) ** 2)
    with pytest.raises(InputError, match="part of one"):
        estate.last_partner_chance(2.5, 0.1, 0.1, 5)


def test_purchases_keep_to_the_budget_and_to_favoured_places() -> None:
    rng = np.random.default_rng(3)
    cost, value, favoured = rng.uniform(1, 5, 40), rng.uniform(1, 9, 40), rng.random(40) < 0.3
    free = estate.choose_purchases(cost, value, 30.0)
    fair = estate.choose_purchases(cost, value, 30.0, favoured, 0.6)
    assert free.spend <= 30 + 1e-6 and fair.spend <= 30 + 1e-6
    assert fair.value <= free.value + 1e-6
    assert cost[fair.chosen & favoured].sum() >= 0.6 * fair.spend - 1e-6
    dense = np.argsort(-value / cost)
    greedy = np.cumsum(cost[dense]) <= 30
    assert free.value >= value[dense][greedy].sum() - 1e-6
    assert not estate.choose_purchases(cost, value, 0.0).chosen.any()


# -- the rest --------------------------------------------------------------------------------------------------


def test_what_is_recovered_is_no_more_than_is_sure_and_no_less_than_was_found() -> None:
    errors = np.array([0.0] * 30 + [100.0] * 10)
    found = incentives.recoverable(errors, 1000)
    assert 1000 < found < errors.mean() * 1000
    assert incentives.recoverable(errors, 40) == pytest.approx(errors.sum())
    assert incentives.recoverable([0.0] * 9 + [100.0], 20) == 100.0
    with pytest.raises(InputError, match="a sample of 1 of 20"):
        incentives.recoverable([1.0], 20)


def test_a_pathway_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean sinusitis"):
        incentives.may_be_seen("sinusites", 30, "F")


def test_one_odd_point_does_not_widen_its_own_limits() -> None:
    steady = [50.0, 52, 49, 51, 50, 48, 51, 50, 52, 49]
    found = pressure.xmr([*steady, 90.0, 50.0])
    assert found.moving_range < 5 and found.upper < 90
    assert pressure.side_of(steady, 50.0).tolist()[:3] == [0, 1, -1]
    assert not pressure.seven_on_one_side([1, 1, 1]).any()
    assert pressure.trend_of_seven([1.0]).tolist() == [0]


def test_early_warning_rises_with_what_is_usual() -> None:
    usual = np.array([1.0, 10, 100])
    limit = pressure.farrington_threshold(usual, 1.0, 0.0, 2.58)
    assert (limit > usual).all() and (np.diff(limit / usual) < 0).all()
    np.testing.assert_allclose(pressure.farrington_threshold(usual, 1.0, 0.0, 0.0), usual)
    assert pressure.farrington_weights([0.1, 3.0, 0.2]).sum() == pytest.approx(3)


@QUICK
@given(st.lists(st.integers(1, 5), min_size=2, max_size=5), st.floats(0.01, 0.3), st.integers(5, 200))
def test_a_wedge_whose_correlation_does_not_fade_is_the_closed_form(steps: list[int], icc: float, n: int) -> None:
    design = pilots.stepped_wedge(steps)
    closed = pilots.wedge_variance(design, 1 / n, icc / (1 - icc))
    assert pilots.fading_wedge_variance(design, n, 1.0, icc, 1.0) == pytest.approx(closed, rel=1e-6)
    assert pilots.power(0.2, pilots.fading_wedge_variance(design, n, 1.0, icc, 0.5)) <= 1


def test_designs_that_tell_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="cannot tell the effect from time"):
        pilots.wedge_variance([[0, 1], [0, 1]], 1.0, 0.1)
    with pytest.raises(InputError, match="cannot tell the effect from time"):
        pilots.fading_wedge_variance([[0, 1], [0, 1]], 10, 1.0, 0.1, 0.5)
    with pytest.raises(InputError, match="a design is not understood"):
        pilots.design_sums([[0, 2]])
    with pytest.raises(InputError, match="a difference of nothing"):
        pilots.parallel_size(0.5, 0.5, 10, 0.05)


def test_what_is_not_known_stays_so() -> None:
    gap, one = np.array([np.nan, 1.0]), np.array([1.0, np.nan])
    made = [
        risk.corridor(gap, BANDS, [1.0, 0.5, 0.2]),
        risk.gain_share(1.0, gap, 0.5, 0.03),
        risk.gain_share(1.0, gap, 0.5, 0.03, first_pound=False),
        risk.loss_share(1.0, gap, 0.5, 0.03, 1.0, 0.1),
        risk.quality_gate(gap, 0.5, 1.0),
        risk.quality_gate(gap, 0.5, 0.5),
        risk.minimum_savings_rate(gap, [1.0, 2.0], [0.04, 0.03]),
        pools.people_for(gap, 3.5),
        pools.expected_excess(gap, 0.1),
        pools.expected_false_gain(gap, 0.5, 0.02),
        reliability.shrink(gap, 1.0, 1.0).mean,
        *reliability.payment_noise(gap, 0.7, 0.4, 0.9),
        *standards.byar(gap),
        standards.chance_of_flags(5, gap / 2, 2),
        estate.annuity(gap, 0.03),
        estate.guaranteed_years(gap, [1000, np.inf], [5, 10]),
        estate.last_partner_chance(gap, 0.1, 0.1, 5),
        incentives.pharmacy_payment(gap, 0, 0, 17, 15, [(20, 500)]),
    ]
    for found in made:
        assert np.isnan(found[0]) and not np.isnan(found[1])
    assert np.isnan(estate.last_partner_chance(2, 0.1, one, 5)).tolist() == [False, True]
