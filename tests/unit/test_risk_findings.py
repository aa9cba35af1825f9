"""Risk findings: what rests on measured achievement, how far income moves, and who bears what. Small cases are worked by hand."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gpcontract.contracts import Contract, names
from gpcontract.engine.edits import Scale
from gpcontract.england.facts import England
from gpcontract.findings import bases, figures, outcomes
from gpcontract.findings.budgets import budgets, kept_of_result
from gpcontract.findings.compare import Comparison, compare
from gpcontract.findings.exposure import STAFF, WORSE, board_spreads, common_swing
from gpcontract.findings.history import history
from gpcontract.findings.persistence import persistence

SIX = (
    "national",
    "rising_to_the_challenge",
    "securing_the_future",
    "primary_care_reform",
    "at_your_service",
    "hewitt_review",
)


@cache
def england() -> England:
    return England.synthetic(1)


@cache
def compared() -> Comparison:
    return compare(list(SIX), england())


def small_england(**facts: list[list[float]]) -> England:
    """Two years of a few practices; facts are (year, practice)."""
    made = {name: np.array([rows], dtype=float) for name, rows in facts.items()}
    n = next(iter(made.values())).shape[-1]
    codes = tuple(f"A{i:05}" for i in range(n))
    return England("by hand", (2015, 2016), codes, made, {}, is_synthetic=True)


# -- what lines rest on ------------------------------------------------------------------------------------------


def test_every_running_line_of_every_contract_says_what_it_rests_on() -> None:
    for name in names():
        for rule in Contract.load(name).rules:
            if rule.line and rule.fund == "running":
                known = rule.measured or rule.name in bases.LINES or rule.chapter in bases.CHAPTERS
                assert known, f"{name}: nobody says what '{rule.name}' of the chapter '{rule.chapter}' rests on"


def test_bases_add_up_to_running_money_without_dispensing() -> None:
    for risk in compared().volatility.contracts:
        money = compared().money(risk.contract)
        assert sum(risk.pounds.values()) == pytest.approx(float(money.care.sum()), abs=1)
        assert sum(risk.shares.values()) == pytest.approx(1)
        assert sum(risk.practices.values()) == pytest.approx(1)
        assert min(risk.shares.values()) > 0


# -- measured achievement ----------------------------------------------------------------------------------------


def test_the_smallest_reliable_list_of_one_outcome() -> None:
    """R = 0.7 where luck's variance is 3/7 of 0.037²: 0.7 x 0.21 / (0.3 x 0.001369) = 357.9 patients, 1% of 35,793."""
    assert outcomes.least_lists()["outcome"] == pytest.approx(35_793, rel=1e-4)
    assert outcomes.least_lists()["framework"] < 3_000


def test_luck_of_one_outcome_at_2000_patients() -> None:
    """Levers guide, p4p noise: 20 counted, 70% achieved, paid from 40% to 90%: sd 19% of the pot; its mean is near 60%."""
    noise = float(outcomes.outcome_noise(np.array([2_000.0]))[0])
    assert noise * 0.59 == pytest.approx(0.19, abs=0.015)


def test_luck_shrinks_and_reliability_rises_with_the_list() -> None:
    lists = np.geomspace(1_000, 100_000, 30)
    for noise in (outcomes.framework_noise(lists), outcomes.outcome_noise(lists)):
        assert (np.diff(noise) < 1e-3).all()
        assert noise[0] > 2 * noise[-1]
    assert (outcomes.framework_noise(lists) < outcomes.outcome_noise(lists)).all()  # 51 measures against one
    for curve in compared().outcomes.signal.curves.values():
        assert all(b[1] > a[1] for a, b in pairwise(curve))


def test_measured_money_of_the_national_contract_is_the_framework_and_the_fund() -> None:
    found = compared().outcomes.contracts[0]
    money = compared().base
    assert found.pounds == pytest.approx((money.sums["qof"] + money.sums["network_investment_fund"]) / 100)
    assert found.share == pytest.approx(found.pounds / float(money.pounds.sum()))
    assert set(found.schemes) == {"framework, practice", "outcome, network"}
    small = money.frame.patients["registered"] < 1_000
    left_out = (money.of("running", measured=True) / 100)[small].sum()
    assert sum(s.pounds for s in found.sizes) + left_out == pytest.approx(found.pounds)


def test_money_that_replaces_the_framework_is_set_against_it() -> None:
    hewitt = next(o for o in compared().outcomes.contracts if o.contract == "hewitt_review")
    assert hewitt.schemes["framework, practice"] == pytest.approx(0, abs=1_000)
    assert hewitt.pounds == pytest.approx(compared().outcomes.contracts[0].pounds, rel=1e-6)
    largest, smallest = hewitt.sizes[-1], hewitt.sizes[0]
    assert smallest.reliability < largest.reliability
    assert smallest.luck > largest.luck


def test_luck_of_independent_schemes_adds_in_squares() -> None:
    money = compared().base
    parts = outcomes.by_scheme(money)
    noise = {
        ("framework", "practice"): outcomes.framework_noise(np.maximum(money.frame.patients["registered"], 1)),
        ("outcome", "network"): outcomes._noise(money, "outcome", "network"),
    }
    by_hand = sum((parts[k] * noise[k]) ** 2 for k in parts)
    assert np.allclose(outcomes.luck_variance(money), by_hand)


def test_points_that_do_not_change_persist_wholly() -> None:
    points = [[500.0 + i for i in range(30)]] * 2
    found = persistence(small_england(qof_points=points, list_size=[[5_000.0] * 30] * 2))
    assert [p.size for p in found] == ["3,000 to 5,999", "all"]
    assert all(p.r == pytest.approx(1) and p.practices == 30 for p in found)
    assert persistence(small_england(list_size=[[5_000.0] * 30] * 2)) == ()


# -- history -----------------------------------------------------------------------------------------------------


def test_yearly_change_by_hand() -> None:
    """Twenty practices up from £100 to £110 a patient and twenty down to £90; three that must not count."""
    n = 43
    lists = [[5_000.0] * n, [5_000.0] * n]
    lists[0][40] = 500.0
    lists[1][41] = 7_000.0
    pay = [[500_000.0] * n, [550_000.0] * 20 + [450_000.0] * 20 + [900_000.0] * 3]
    opened = [[1.0] * n, [1.0] * 42 + [0.5]]
    found = history(small_england(published_total=pay, published_global_sum=pay, list_size=lists, open_share=opened))
    assert found.pairs == ((2015, 2016),)
    assert list(found.aside.values()) == [1, 1, 1]
    (band,) = [b for b in found.bands if b.changes]
    assert (band.size, band.changes) == ("3,000 to 5,999", 40)
    assert found.whole is not None
    assert found.whole.median == pytest.approx(0.10)
    assert found.whole.sd == pytest.approx(0.10)
    assert found.whole.fall == found.whole.fall_cash == 0.5
    # All of it rests on the list: variance 0.01 for each pound, by 40 - 1.
    assert found.per_pound[1, 0, 0] == pytest.approx(0.01 * 40 / 39)
    assert found.per_pound[1, 1:, 1:] == pytest.approx(np.zeros((3, 3)), abs=1e-12)


def test_change_is_against_england_s() -> None:
    """Everybody up by 10%: in cash 10%, against England nothing."""
    pay = [[500_000.0] * 30, [550_000.0] * 30]
    same = dict(list_size=[[5_000.0] * 30] * 2, open_share=[[1.0] * 30] * 2)
    found = history(small_england(published_total=pay, published_global_sum=pay, **same)).whole
    assert found is not None
    assert found.median == pytest.approx(0, abs=1e-12)
    assert found.sd == pytest.approx(0, abs=1e-12)


def test_an_england_without_two_published_years_takes_official_england_s_figures() -> None:
    found = compared().volatility
    assert not found.history.from_data
    assert found.history.bands == ()
    spread = figures.table("income_spread_by_base")
    assert np.sqrt(found.history.per_pound[2, 0, 0]) == pytest.approx(spread[2, 0])
    assert [x["name"] for x in found.to_dict()["rests_on"]] == ["income_spread_by_base", "income_correlation"]


# -- volatility under contracts ----------------------------------------------------------------------------------


def test_modelled_spread_by_hand() -> None:
    """k' G k over the national contract's own shares in one band, less the framework's luck, plus this contract's."""
    frame, money = compared().frame, compared().base
    size, registered = frame.groups["size"], frame.patients["registered"]
    here = (size.index == 2) & (registered >= 1_000)
    from gpcontract.findings.volatility import by_base, spreads

    own = by_base(money)[1][:, here].sum(1)
    share = own / own.sum()
    per_pound = history(england()).per_pound[2].copy()
    people = frame.people("size")
    mean_list = people["registered"][2:3] / people["practices"][2]
    per_pound[1, 1] -= 2 * outcomes.framework_noise(mean_list)[0] ** 2
    luck = 2 * outcomes.luck_variance(money, ("practice", "provider"))[here] / by_base(money)[1][:, here].sum(0) ** 2
    expected = np.sqrt(share @ per_pound @ share + luck @ registered[here] / registered[here].sum())
    assert spreads(money).sd[2] == pytest.approx(expected, rel=1e-9)


def test_only_networks_that_hold_budgets_put_pool_risk_on_practices() -> None:
    for risk in compared().volatility.contracts:
        assert (max(risk.pool) > 0) == (risk.contract == "securing_the_future")
        assert all(0.03 < x < 0.25 for x in risk.sd)


def test_a_proposal_that_is_off_bears_what_the_national_contract_bears() -> None:
    off = compare(["national", Contract.load("hewitt_review").switched([])], england())
    first, second = off.volatility.contracts
    assert first.sd == pytest.approx(second.sd)
    assert first.pounds == pytest.approx(second.pounds)
    ours, theirs = (off.exposure.of(n) for n in off.names)
    assert [(r.bearer, r.what) for r in ours] == [(r.bearer, r.what) for r in theirs]
    assert [r.bad_year for r in ours] == pytest.approx([r.bad_year for r in theirs])


def test_an_edit_of_one_contract_leaves_what_was_found_of_the_others() -> None:
    before = compared().volatility.contracts
    after = compared().edited("hewitt_review", Scale("outcome_core_weight", 1.1)).volatility.contracts
    assert all(a is b for a, b in zip(before[:-1], after[:-1], strict=True))
    assert after[-1] is not before[-1]


# -- budgets and exposure ----------------------------------------------------------------------------------------

TERMS = {
    "corridor_bands": np.array([[0.03], [0.06], [0.10]]),
    "corridor_shares": np.array([[1.0], [0.5], [0.2]]),
    "gain_share_rate": 0.5,
    "gain_share_cap": 0.10,
    "loss_share_rate": 0.25,
    "loss_share_cap": 0.05,
    "minimum_loss_rate": 0.02,
    "risk_share_in_force": 1.0,
}


@pytest.mark.parametrize(
    ("result", "kept"),
    [
        (0.04, 0.5 * (0.03 + 0.5 * 0.01) * 0.8),  # a saving of 4%, by a quality of 0.8
        (0.019, 0.0),  # under the minimum saving rate
        (-0.019, 0.0),  # under the minimum loss rate
        (-0.04, -0.25 * (0.03 + 0.5 * 0.01)),
        (-0.50, -0.05 * 0.2),  # the corridor would leave 1.33%; the cap is 5% of revenue, itself a fifth of the budget
    ],
)
def test_what_a_network_keeps_of_a_result(result: float, kept: float) -> None:
    found = kept_of_result(np.array([result]), TERMS, 0.02, 0.8, 0.2)
    assert found[0] == pytest.approx(kept)


def test_a_bad_year_of_a_budget_is_shared_between_network_and_board() -> None:
    money = compared().money("securing_the_future")
    held = budgets(money)
    assert held is not None
    assert (held.loss <= held.overspend + 1e-6).all()
    rows = {
        r.what.split(":")[1].strip(): r for r in compared().exposure.of(money.name) if r.what.startswith("Population")
    }
    network, board = rows["what the terms leave with networks"], rows["what corridor, shares and caps pass back"]
    assert network.bad_year + board.bad_year == pytest.approx(held.of_joiners(held.overspend))
    assert network.bad_year < board.bad_year
    assert budgets(compared().base) is None


def test_rows_of_one_spread_are_1_645_standard_deviations_of_their_amount() -> None:
    claims, lists, from_data = board_spreads(england())
    assert not from_data
    rows = {r.what: r for r in compared().exposure.of("national")}
    paid = rows["Activity, claims and costs that are paid as they come"]
    assert paid.bad_year == pytest.approx(WORSE * claims * paid.amount)
    assert paid.made == "assumed"
    assert rows["Patients who register, paid for by the head"].part == pytest.approx(WORSE * lists)
    staff = rows["Staff in additional roles: pay above the ceiling, notice and redundancy"]
    assert staff.amount == pytest.approx(compared().base.sums["network_workforce"] / 100)
    assert staff.bearer == "network"
    # P(more than 2%) of a normal figure with sd 3%: the tail beyond 0.667.
    assert staff.chance == pytest.approx(0.2525, abs=1e-3)


def test_a_closed_pot_is_no_risk_to_the_payer() -> None:
    """Outcome pay of the Hewitt review adds up to a pot, so that nobody's achievement raises the bill."""
    what = "Achievement that rises everywhere at once"
    held = {r.contract: r.amount for r in compared().exposure.rows if r.what == what}
    assert "hewitt_review" not in held
    assert held["national"] == pytest.approx(compared().outcomes.contracts[0].pounds)
    assert 0 < common_swing() < 0.05


def test_costs_fall_on_whoever_holds_the_list() -> None:
    def costs(contract: str, bearer: str) -> float:
        rows = compared().exposure.of(contract)
        return sum(r.amount for r in rows if r.bearer == bearer and r.what.startswith("Costs"))

    assert costs("national", "practice") > costs("national", "provider")
    assert costs("at_your_service", "provider") > costs("at_your_service", "practice")


# -- the figures, and the shape of it all ------------------------------------------------------------------------


def test_every_figure_is_used_and_none_assumed_lacks_a_range() -> None:
    text = "".join(p.read_text() for p in (Path(figures.__file__).parent).glob("*.py"))
    for name, value in figures.figures().items():
        assert f'"{name}"' in text, f"nothing reads {name}"
        assert all(e.range for e in value.entries if e.assumed)


def test_findings_are_plain_data() -> None:
    for finding in (compared().outcomes, compared().volatility, compared().exposure):
        told = json.loads(json.dumps(finding.to_dict()))
        assert told["rests_on"]
    assert {r["contract"] for r in compared().exposure.to_dict()["rows"]} == set(SIX)


def test_what_findings_read_by_name_is_what_contracts_make() -> None:
    contracts = [Contract.load(n) for n in names()]
    lines = {n for c in contracts for n in c.lines}
    made = {r.name for c in contracts for r in c.rules} | {n for c in contracts for n in c.values}
    assert lines >= STAFF
    read = {
        "held_by_partnership",
        "outcome_reliability",
        "half_reliable_population",
        "person_cost_spread",
        "person_cost_spread_kept",
    }
    assert made >= read | {"stop_loss_ceded_share"}


def test_income_at_risk_is_of_the_list_whoever_holds_it() -> None:
    rows = {r.what: r.bearer for r in compared().exposure.of("at_your_service")}
    assert rows["Income against England’s, from all causes"] == rows["Pay on measured achievement"] == "list"
