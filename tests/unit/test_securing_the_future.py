"""Securing the future: off it is the national contract; on, budgets reconcile, risk is shared as stated, and money adds up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from gpcontract import Contract, England, run
from gpcontract.chapters.headroom.rules import backfill_cost, headroom_sessions, sessions_lost
from gpcontract.chapters.network_forms.rules import fully_integrated, merger_barrier
from gpcontract.chapters.opting_in.rules import term_after_return
from gpcontract.chapters.outcome_share.rules import outcome_earned, outcome_withheld
from gpcontract.chapters.population_budget.rules import (
    community_budget,
    community_population,
)
from gpcontract.chapters.risk_share.rules import emergency_care_avoided, network_chance, stop_loss_premium
from gpcontract.contracts import Result
from gpcontract.contracts.pricing import rerun
from gpcontract.engine.areas import Areas
from gpcontract.engine.edits import Reform, Set
from gpcontract.levers import chance, pools, risk

STREAMS = ("community", "mental_health", "older_people", "end_of_life", "children", "social_care")
UPPER, SHARES = [0.03, 0.06, 0.10], [1.0, 0.5, 0.2]


@cache
def england() -> England:
    return England.synthetic(1)


@cache
def contract() -> Contract:
    return Contract.load("securing_the_future")


@cache
def whole() -> Result:
    return run(contract(), england(), (2024,), keep="all")


@cache
def national() -> Result:
    return run(Contract.load("national"), england(), (2024,))


def edited(**values: float) -> Result:
    return rerun(whole(), Reform(tuple(Set(k, v) for k, v in values.items())))


def total(result: Result, name: str) -> float:
    return float(np.nansum(result.arrays[name]))


def value(name: str) -> Any:
    return contract().values[name].in_year(2024)


# -- off and on ------------------------------------------------------------------------------------------------


def test_with_nothing_switched_on_it_pays_what_the_national_contract_pays() -> None:
    off = run(contract().switched([]), england(), (2024,))
    assert np.array_equal(off.total(2024), national().total(2024))
    ours = [n for n in off.line_names if n not in national().line_names]
    assert len(ours) > 20
    assert all(not off.pence(n, 2024).any() for n in ours)
    for kind in ("network", "partnership", "trust", "company"):
        assert np.array_equal(off.arrays[f"held_by_{kind}"], national().arrays[f"held_by_{kind}"])


def test_each_mechanism_by_itself_prices_and_lines_are_finite() -> None:
    made = {
        n: whole().amounts(n)[0, 0, whole().open(2024)] for n in whole().line_names if n not in national().line_names
    }
    assert all(np.isfinite(x).all() for x in made.values())
    assert whole().unpriced.keys() == national().unpriced.keys()
    for m in contract().mechanisms:
        one = run(contract().switched([m.name]), england(), (2024,))
        assert np.isfinite(one.total(2024)).all(), m.name


def test_before_the_timeline_starts_nothing_is_paid() -> None:
    later = run(contract().dated(later=20), england(), (2024,))
    assert np.array_equal(later.total(2024), national().total(2024))


# -- budgets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_adds_up_to_its_control_total_for_those_who_opt_in(stream: str) -> None:
    a = edited(social_care_scope=0.5).arrays
    population, joined, inside = a[f"{stream}_population"], a["opted_in"], a["in_network"]
    level = value(f"{stream}_control_total") * (0.5 if stream == "social_care" else value(f"{stream}_scope"))
    budget = a[f"{stream}_budget"]
    assert budget.sum() == pytest.approx(level * (population * inside).sum() / population.sum(), rel=1e-12)
    moved = level * (population * inside * joined).sum() / population.sum()
    assert a[f"{stream}_moved"].sum() == pytest.approx(moved, rel=1e-12)


def test_with_every_network_in_the_published_share_of_a_stream_is_all_that_counts() -> None:
    assert community_budget(120.0, 1200.0, 5e6, 0.5, 1.0) == pytest.approx(250_000)
    a = whole().arrays
    share = england().fact("community_weighted_list") / england().fact("community_weighted_list").sum()
    inside = a["in_network"] > 0
    np.testing.assert_allclose(a["community_budget"][inside], (9.5e9 * share)[inside], rtol=1e-9)


def test_a_weighted_list_of_another_years_list_counts_for_nothing() -> None:
    assert community_population(7_000.0, 1.0, 1.0, 0.1, 10.0) == 1
    assert community_population(7_000.0, 0.0, 1.0, 0.1, 10.0) == 0
    assert community_population(np.asarray(np.nan), 5_000.0, 0.5, 0.1, 10.0) == 2_500
    assert community_population(6_000.0, 5_000.0, 1.0, 0.1, 10.0) == 6_000


def test_older_people_cost_more_in_places_of_more_need() -> None:
    a = whole().arrays
    bands = england().fact("list_by_band")
    old = bands[[4, 5, 6, 11, 12, 13]].sum(0)
    each = (a["older_people_budget"] / old)[a["in_network"] > 0]
    need = a["need_beyond_age"][a["in_network"] > 0]
    assert np.corrcoef(each, need)[0, 1] > 0.5
    assert each.mean() == pytest.approx(1_000, rel=0.15)  # £11.0bn over about 11m


def test_practices_in_no_network_hold_nothing() -> None:
    a = whole().arrays
    outside = a["in_network"] == 0
    for name in ("whole_budget", "opted_in", "gain_share_paid", "outcome_payment", "core_suspended"):
        assert not np.broadcast_to(a[name], outside.shape)[outside].any()


def test_money_that_passes_through_the_network_is_neither_made_nor_lost() -> None:
    a = whole().arrays
    for out, held in (
        ("core_suspended", "core_held_by_network"),
        ("extra_services_suspended", "extra_services_held_by_network"),
    ):
        assert (a[out] <= 0).all() and total(whole(), out) < 0
        assert np.array_equal(a[out], -a[held])
    virtual = edited(partly_integrated_share=0, fully_integrated_share=0)
    assert total(virtual, "core_suspended") == total(virtual, "extra_services_suspended") == 0
    partly = edited(partly_integrated_share=1, fully_integrated_share=0)
    assert total(partly, "core_suspended") == 0 > total(partly, "extra_services_suspended")
    assert fully_integrated(0.1, merger_barrier(0.2, 1, 0.5), 1) == pytest.approx(0.09)


def test_lists_have_one_holder_each() -> None:
    kinds = [whole().arrays[f"held_by_{k}"] for k in ("network", "partnership", "trust", "company")]
    assert whole().contract.measures.count("held_by_network") == 1
    np.testing.assert_allclose(sum(kinds), 1.0, rtol=1e-12)
    assert (kinds[0] > 0).any()


def test_symmetric_treatment_of_practices() -> None:
    e = england()
    order = np.random.default_rng(3).permutation(len(e.codes))
    areas = {k: Areas(a.kind, a.codes, a.names, a.index[..., order]) for k, a in e.areas.items()}
    facts = {k: x if x.shape[-1] == 1 else x[..., order] for k, x in e.facts.items()}
    labels = {k: tuple(v[i] for i in order) for k, v in e.labels.items()}
    codes = tuple(e.codes[i] for i in order)
    shuffled = replace(e, codes=codes, facts=facts, areas=areas, labels=labels)
    got = run(contract(), shuffled, (2024,))
    for name in ("community_moved", "gain_share_paid", "outcome_payment", "qof_left", "headroom_fund"):
        np.testing.assert_allclose(got.amounts(name), whole().amounts(name)[..., order], rtol=1e-9, atol=1e-6)


# -- risk ------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.floats(-9, 9))
def test_the_tail_of_the_normal_curve(z: float) -> None:
    assert chance.upper_tail(z) == pytest.approx(ndtr(-z), abs=1e-7)


@settings(deadline=None)
@given(st.just(0.0) | st.floats(1e-6, 0.2), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_mean_excess_is_that_of_the_findings(sd: float, at: float, mean: float) -> None:
    assert chance.expected_excess(sd, at, mean) == pytest.approx(float(pools.expected_excess(sd, at, mean)), abs=2e-8)
    assert chance.normal_tail(mean, sd + 1e-4, at) == pytest.approx(
        float(pools.normal_tail(mean, sd + 1e-4, at)), abs=1e-6
    )


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.05, 0.05), st.floats(0.002, 0.05), st.floats(0, 0.05), st.floats(0.001, 0.06))
def test_mean_share_of_a_result_is_the_mean_over_its_years(mean: float, sd: float, least: float, most: float) -> None:
    x = mean + sd * pools_quantiles()
    taken = np.where(x >= least, np.minimum(risk.corridor(np.clip(x, 0, 0.10), UPPER, SHARES), most), 0.0)
    got = chance.expected_share(np.asarray(mean), np.asarray(sd), UPPER, SHARES, least, most)
    assert got == pytest.approx(taken.mean(), abs=2e-5)


@cache
def pools_quantiles() -> Any:
    from scipy.special import ndtri

    return ndtri((np.arange(40_000) + 0.5) / 40_000)


def test_worked_by_hand() -> None:
    assert network_chance(2.5, 50_000.0) == pytest.approx(0.01118, abs=1e-5)
    assert emergency_care_avoided(1_000_000.0, 0.015, 0.5, 1.0) == -7_500
    assert stop_loss_premium(1_000_000.0, 0.05, 0.03, 1.0, 1.0) == -51_500
    assert outcome_earned(outcome_withheld(1_000_000.0, 0.05, 1.0, 1.0), 1.02) == pytest.approx(51_000)
    assert backfill_cost(400.0, 0.25) == 500
    assert headroom_sessions(np.asarray(15_000.0), 500.0) == 30
    assert sessions_lost(30.0, 0.8) == pytest.approx(6)
    v = 1 / 1.035
    assert term_after_return(12.5, 2.0, 1.0, 0.035) == pytest.approx(1 - (1 - v**2) / (1 - v**12.5))


def test_chance_falls_with_population_and_systemic_risk_does_not() -> None:
    a = whole().arrays
    people, spread = a["network_patients"][0, 0], a["network_spread"][0, 0]
    known = people > 0
    order = np.argsort(people[known])
    assert (np.diff(spread[known][order]) <= 1e-15).all()
    assert (spread[known] > value("systemic_cost_cv")).all()


def test_stop_loss_only_moves_what_it_costs_to_run() -> None:
    a = whole().arrays
    np.testing.assert_allclose(a["stop_loss_premium"] + a["stop_loss_claims"] + a["stop_loss_costs"], 0, atol=1e-6)


def test_a_network_never_loses_more_than_its_part_of_revenue_or_gains_under_the_gate() -> None:
    a = edited(loss_share_rate=1.0, cost_growth_beyond_budget=0.05).arrays
    revenue = a["network_revenue"]
    assert (a["loss_by_kind"] <= value("loss_share_cap") * revenue * (1 + 1e-9)).all()
    closed = edited(quality_gate_score=0.999, quality_full_score=1.0)
    assert total(closed, "gain_share_paid") == 0 > total(closed, "loss_share_paid")


def test_what_is_paid_falls_with_the_minimum_rate_and_rises_with_what_is_saved() -> None:
    saved = [edited(emergency_care_saved=x).arrays["gain_by_kind"].sum() for x in (0.0, 0.015, 0.03)]
    assert saved == sorted(saved) and saved[0] > 0  # luck and advantage are paid for with nothing saved
    lost = [edited(emergency_care_saved=x).arrays["loss_by_kind"].sum() for x in (0.0, 0.015, 0.03)]
    assert lost == sorted(lost, reverse=True)


# -- who joins -------------------------------------------------------------------------------------------------


def test_more_join_where_they_may_return_and_fewer_where_it_must_pay_more() -> None:
    joined = total(whole(), "patients_opted_in")
    assert 0 < joined < england().fact("list_size").sum()
    assert total(edited(return_right_in_force=0), "patients_opted_in") < joined
    ask = [total(edited(opting_in_threshold=x), "patients_opted_in") for x in (1, 2, 4, 6)]
    assert ask == sorted(ask, reverse=True)


def test_networks_with_cheaper_patients_join_and_selection_costs_nothing_without_them() -> None:
    join = whole().arrays["joining"][:, 0, 0].mean(-1)
    assert (np.diff(join) >= -1e-12).all() and join[-1] > join[0]
    assert total(whole(), "selection_cost") > 0
    assert total(edited(formula_error=0), "selection_cost") == 0


def test_offices_cost_a_sum_for_each_network_that_joins_and_one_for_each_patient() -> None:
    joined = np.broadcast_to(whole().arrays["network_opting_in"], whole().arrays["network_patients"].shape)
    there = whole().arrays["network_patients"] > 0
    expected = (joined * there * value("budget_office_cost")).sum()
    expected += total(whole(), "patients_opted_in") * value("budget_office_cost_per_patient")
    assert total(whole(), "budget_offices") == pytest.approx(float(expected))
    assert whole().line("budget_offices", 2024).fund == "elsewhere"


def test_nobody_joins_under_the_least_population() -> None:
    a = whole().arrays
    small = a["network_patients"] < value("least_budget_population")
    assert small.any() and not a["network_opting_in"][small].any()


def test_kinds_are_a_standard_normal_in_ninths() -> None:
    kinds, weights = value("network_kinds"), value("kind_weights")
    assert weights.sum() == pytest.approx(1)
    assert (kinds @ weights) == pytest.approx(0, abs=1e-9)
    assert 0.9 < (kinds**2 @ weights) < 1


# -- outcomes, headroom, record --------------------------------------------------------------------------------


def test_outcomes_pay_out_all_of_the_quality_framework_were_all_to_join() -> None:
    a = whole().arrays
    inside = a["in_network"]
    assert a["outcome_in_place_of_qof"].sum() == pytest.approx(np.nansum(whole().amounts("qof") * inside), abs=1)


def test_outcomes_are_drawn_towards_the_nation_for_small_networks() -> None:
    wide = edited(half_reliable_population=0).arrays["network_outcome_score"]
    drawn = whole().arrays["network_outcome_score"]
    mean = whole().arrays["national_outcome_score"]
    known = whole().arrays["network_patients"] > 0
    assert (np.abs(drawn - mean)[known] <= np.abs(wide - mean)[known] + 1e-12).all()


def test_the_fund_and_the_record_by_the_list() -> None:
    people = float(np.nansum(england().fact("list_size") * england().fact("open_share")))
    assert total(whole(), "headroom_fund") == pytest.approx(1.5 * people)
    assert total(whole(), "record_running") == pytest.approx(2.0 * 0.5 * people)
    assert total(whole(), "medicine_harm_avoided") == pytest.approx(-98_462_582 * 0.1 * 0.5)
    assert total(whole(), "tests_not_repeated") == pytest.approx(-2.75e9 * 0.03 * 0.5 * 0.5)


def test_on_official_data(official_data: Path) -> None:
    e = England.official(official_data, (2023, 2024)).between((2024,))
    got = run(contract(), e, (2024,))
    off = run(contract().switched([]), e, (2024,))
    assert np.array_equal(off.total(2024), run(Contract.load("national"), e, (2024,)).total(2024))
    ours = [n for n in got.line_names if n not in national().line_names]
    for name in ours:
        assert np.isfinite(got.amounts(name)[0, 0, got.open(2024)]).all(), name
    moved = sum(a.pounds for a in got.bill(2024).amounts if a.line.fund == "moved")
    assert 1e9 < moved < 10e9
