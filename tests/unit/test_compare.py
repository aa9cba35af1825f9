"""Comparisons: parts add to totals, nothing changes nothing, order does not matter, and each finding by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpcontract import Contract, England, Reform, Scale, Set
from gpcontract.contracts import names
from gpcontract.engine.errors import InputError
from gpcontract.findings import assumptions, spread
from gpcontract.findings.compare import FIVE, Comparison, compare
from gpcontract.findings.waterfall import of_mechanisms
from gpcontract.findings.winners import BANDS, changes

SIX = ("national", *FIVE)
EVERY = names()


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1, (2021, 2022, 2023, 2024))


@pytest.fixture(scope="module")
def six(england: England) -> Comparison:
    return compare(SIX, england)


def test_the_bill_adds_up(six: Comparison) -> None:
    for m in six.moneys:
        for fund in ("running", "moved", "once", "elsewhere"):
            lines = sum(r.pence[m.name] or 0 for r in six.bill.rows if r.fund == fund)
            payees = sum(t.pence[m.name] or 0 for t in six.bill.totals if t.fund == fund and t.payee)
            assert lines == payees == six.bill.total(m.name, fund) == int(m.of(fund).sum())
        assert six.bill.total(m.name) == m.result.bill(2024).total


def test_money_of_practices_is_the_bill_without_boards_and_owners(six: Comparison) -> None:
    for m in six.moneys:
        apart = sum(int(m.of("running", payee).sum()) for payee in ("board", "owner"))
        assert int(m.running.sum()) == six.bill.total(m.name) - apart
    assert any(m.of("running", "board").any() for m in six.moneys)


def test_every_group_adds_up_to_england(six: Comparison) -> None:
    for kind, group in six.frame.groups.items():
        if (group.index >= 0).all():
            made = six.income(kind)
            assert made.patients.sum() == pytest.approx(six.frame.patients["registered"].sum())
            assert made.practices.sum() == len(six.frame.members)
            for m in six.moneys:
                assert made.pounds[m.name].sum() == pytest.approx(m.pounds.sum(), abs=0.01)


def test_every_denominator_counts_the_same_patients(six: Comparison) -> None:
    totals = [x.sum() for x in six.frame.patients.values()]
    assert list(six.frame.patients) == ["registered", "weighted", "need"] and totals == pytest.approx([totals[0]] * 3)


def test_a_contract_compared_with_itself_moves_nobody(england: England) -> None:
    made = compare(["national", "national"], england)
    found = made.winners["national (2)"]
    assert found.practices["within 1%"] == len(made.frame.members) - found.set_aside and not found.affected
    assert found.median == 0 and made.bill.total("national") == made.bill.total("national (2)")


def test_a_reform_that_changes_nothing_changes_nothing(six: Comparison) -> None:
    for name in SIX:
        again = six.edited(name, Scale("global_sum_price", 1.0))
        assert np.array_equal(again.money(name).running, six.money(name).running)


def test_edits_compose_in_the_stated_order(england: England) -> None:
    price = Contract.load("national").value_arrays((2024,), ["global_sum_price"])["global_sum_price"].item()
    first = Reform.of(Set("global_sum_price", 100.0), Scale("global_sum_price", 1.1))
    last = Reform.of(Scale("global_sum_price", 1.1), Set("global_sum_price", 100.0))
    made = compare(["national"], england)
    a, b = (made.edited("national", r).moneys[0].result.contract for r in (first, last))
    assert a.value_arrays((2024,), ["global_sum_price"])["global_sum_price"].item() == pytest.approx(110)
    assert b.value_arrays((2024,), ["global_sum_price"])["global_sum_price"].item() == pytest.approx(100)
    assert price not in (100, 110)


def test_an_edit_reprices_one_contract_as_a_fresh_comparison_does(england: England, six: Comparison) -> None:
    edit = Scale("global_sum_price", 1.03)
    quick = six.edited("hewitt_review", edit)
    fresh = compare(["national", Contract.load("hewitt_review").with_reform(Reform.of(edit))], england)
    assert np.array_equal(quick.money("hewitt_review").running, fresh.moneys[1].running)
    assert quick.money("national") is six.money("national")
    assert quick.winners["hewitt_review"].practices == next(iter(fresh.winners.values())).practices
    assert quick.equity != six.equity and quick.to_dict()["contracts"][5]["edits"] == Reform.of(edit).hash


def test_edits_of_the_base_again_and_again_are_each_compared_afresh(england: England) -> None:
    made = compare(["national", "hewitt_review"], england)
    for factor in (1.1, 1.2, 1.3, 1.1):
        again = made.edited("national", Scale("global_sum_price", factor))
        fresh = compare(
            [Contract.load("national").with_reform(Reform.of(Scale("global_sum_price", factor))), "hewitt_review"],
            england,
        )
        assert again.winners["hewitt_review"].practices == fresh.winners["hewitt_review"].practices
        assert np.array_equal(
            again.income("region").change["hewitt_review"], fresh.income("region").change["hewitt_review"]
        )


def test_practices_are_treated_alike(england: England) -> None:
    """Practices in another order are paid the same, under every contract."""
    n = len(england.codes)
    order = np.random.default_rng(1).permutation(n)
    facts = {k: x if x.shape[-1] == 1 else x[..., order] for k, x in england.facts.items()}
    areas = {k: replace(a, index=a.index[:, order]) for k, a in england.areas.items()}
    labels = {k: tuple(x[i] for i in order) for k, x in england.labels.items()}
    other = replace(england, codes=tuple(england.codes[i] for i in order), facts=facts, areas=areas, labels=labels)
    one, two = compare(EVERY, england), compare(EVERY, other)
    place = {c: i for i, c in enumerate(two.frame.codes)}
    at = np.array([place[c] for c in one.frame.codes])
    for m in one.moneys:
        apart = np.abs(m.running - two.money(m.name).running[at])
        assert apart.max() <= 2, (m.name, apart.max())  # sums in another order may differ in the last digit of a pound


def test_years_of_one_contract_stand_side_by_side(england: England) -> None:
    made = compare(["national", "national@2022/23"], england)
    assert made.names == ("national", "national@2022/23") and made.moneys[1].frame.year == 2022
    assert made.titles["national@2022/23"] == "The national contract, 2022/23"
    assert made.bill.total("national@2022/23") == made.moneys[1].result.bill(2022).total
    board = made.income("board")
    assert np.nansum(board.pounds["national@2022/23"]) == pytest.approx(made.moneys[1].pounds.sum())


def test_bands_of_change_hold_their_edges(england: England) -> None:
    made = compare(["national", "national"], england)
    base, other = made.moneys
    before = base.pounds
    for change, band in (
        (-0.10, 0),
        (-0.05, 1),
        (-0.01, 2),
        (0.0, 3),
        (0.01, 4),
        (0.05, 5),
        (0.10, 6),
        (-0.099, 1),
        (0.099, 5),
    ):
        moved = replace(other, memo={})
        exact = np.rint(before * (1 + change) * 100).astype(np.int64)
        moved.__dict__["running"] = exact
        moved.__dict__["pounds"] = before * (1 + change)
        found = replace(made, moneys=(base, moved)).winners["national (2)"]
        near = [b for b in BANDS if found.practices[b]]
        assert BANDS[band] in near, (change, near)


def test_the_most_affected_say_why(england: England) -> None:
    made = compare(["national"], england)
    made = replace(
        made, moneys=(made.base, compare(["national"], england).edited("national", Scale("global_sum_price", 1.5)).base)
    )
    found = next(iter(made.winners.values()))
    assert len(found.affected) == 20
    for a in found.affected:
        assert a.change > 0 and a.why and sum(x for _, x in a.why) == pytest.approx(a.after - a.before, rel=0.05)
    assert [abs(a.change) for a in found.affected] == sorted((abs(a.change) for a in found.affected), reverse=True)


@given(st.lists(st.tuples(st.floats(10, 500), st.floats(100, 1e5)), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_spread_is_nothing_where_all_are_equal_and_a_floor_narrows_it(boards: list[tuple[float, float]]) -> None:
    each, n = (np.array(x) for x in zip(*boards, strict=True))
    assert spread.variation(np.full(len(n), 7.0), n) == pytest.approx(0, abs=1e-6)
    assert spread.gini(np.full(len(n), 7.0), n) == pytest.approx(0, abs=1e-9)
    assert 0 <= spread.gini(each, n) < 1
    mean = each @ n / n.sum()
    lifted = np.maximum(each, mean)
    assert (lifted - each) @ n >= 0 and lifted.min() >= mean - 1e-9


def test_gini_by_hand() -> None:
    assert spread.gini(np.array([0.0, 10.0]), np.array([1.0, 1.0])) == pytest.approx(0.5)
    assert spread.gini(np.array([5.0, 10.0]), np.array([1.0, 1.0])) == pytest.approx(1 / 6)


def test_a_slope_by_hand(six: Comparison) -> None:
    """The slope is that of a weighted least-squares line, as NumPy fits it."""
    m, rank = six.base, six.frame.deprivation_rank
    assert rank is not None
    n = six.frame.patients["registered"]
    fit = np.polyfit(rank, m.care / n, 1, w=np.sqrt(n))
    made = next(s for s in six.equity if s.contract == "national" and s.denominator == "registered")
    assert made.slope == pytest.approx(fit[0]) and made.mean == pytest.approx(m.care.sum() / n.sum())


def test_holders_hold_everything(six: Comparison) -> None:
    for m in six.moneys:
        mine = [h for h in six.holders if h.contract == m.name]
        assert sum(h.share for h in mine) == pytest.approx(1) and all(-1e-12 <= h.share <= 1 for h in mine)
        assert sum(h.pounds for h in mine) == pytest.approx(m.pounds.sum())


def test_the_waterfall_of_a_proposal_runs_from_its_base_to_its_bill(six: Comparison) -> None:
    for m in six.moneys[1:]:
        steps = of_mechanisms(m.result, 2024)
        assert steps[0].pence == six.bill.total("national") and steps[-1].pence == six.bill.total(m.name)
        assert sum(s.pence for s in steps[:-1]) == steps[-1].pence
        assert [s.title for s in steps[1:-1]] == [x.title for x in m.result.contract.mechanisms]


def test_assumed_figures_move_the_answer_between_their_ends(england: England) -> None:
    made = compare(["national", "hewitt_review"], england)
    found = assumptions.one_at_a_time(made, "hewitt_review")
    assert {s.value for s in found} <= set(made.money("hewitt_review").result.assumed(2024))
    assert [s.swing for s in found] == sorted((s.swing for s in found), reverse=True) and found[0].swing > 0
    assert len({s.cost[1] for s in found}) == 1  # the central case is one


def test_a_figure_that_both_rest_on_moves_both(england: England) -> None:
    made = compare(["national", "national"], england)
    assert all(s.swing == 0 for s in assumptions.one_at_a_time(made, "national (2)"))
    joint = assumptions.joint(made, "national (2)", draws=5)
    assert joint.quantiles["running"] == (0, 0, 0)


def test_draws_are_the_same_again_and_hold_the_centre(england: England) -> None:
    made = compare(["national", "hewitt_review"], england)
    a, b = (assumptions.joint(made, "hewitt_review", draws=12, seed=3) for _ in range(2))
    assert a == b and a.central["running"] == pytest.approx(
        (made.moneys[1].of("running").sum() - made.base.of("running").sum()) / 100, abs=40
    )
    assert a.quantiles["running"][0] <= a.quantiles["running"][1] <= a.quantiles["running"][2]


def test_all_findings_are_plain_data(six: Comparison) -> None:
    body = json.loads(json.dumps(six.to_dict()))
    assert body["synthetic"] and body["year"] == "2024/25" and [c["name"] for c in body["contracts"]] == list(SIX)
    assert set(body["income"]) == {"region", "board", "network", "deprivation", "size", "rural", "contract"}


def test_what_is_not_there_is_said(six: Comparison, england: England, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'nobody' is not compared here"):
        six.money("nobody")
    with pytest.raises(InputError, match="no groups by 'colour'"):
        six.income("colour")
    with pytest.raises(InputError, match="there is no contract 'nationl'"):
        compare(["nationl"], england)
    with pytest.raises(InputError, match="no rules for 2040/41"):
        compare(["national@2040/41"], england)


def test_an_england_without_some_facts_is_compared_on_the_others(england: England) -> None:
    dropped = {"deprivation_score", "deprivation_fifth", "rural", "primary_care_weighted_list"}
    bare = replace(england, facts={k: v for k, v in england.facts.items() if k not in dropped}, areas={})
    made = compare(["national", "national"], bare)
    assert made.equity == () and made.spread == () and "need" not in made.frame.patients
    assert set(made.frame.groups) == {"size", "contract"} and json.dumps(made.to_dict())


def test_changes_are_unknown_where_nothing_was_paid(six: Comparison) -> None:
    base = replace(six.base, memo={})
    base.__dict__["running"] = np.zeros_like(six.base.running)
    base.__dict__["pounds"] = np.zeros_like(six.base.pounds)
    assert np.isnan(changes(six.moneys[1], base)).all()
