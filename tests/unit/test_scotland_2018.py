"""Scotland 2018: off it is the national contract; on, what is folded balances, no practice loses, and the minimum holds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpcontract import Contract, England, Reform, Set, rerun, run
from gpcontract.chapters.folded_money.rules import (
    income_guarantee_money_folded,
    out_of_hours_deduction_returned,
    out_of_hours_opt_in,
    out_of_hours_out_of_price,
    quality_ended,
    quality_money_folded,
    quality_no_longer_given,
)
from gpcontract.chapters.minimum_income.rules import (
    minimum_income,
    minimum_income_gap,
    minimum_income_top_up,
    partner_earnings_spread,
    partner_income_after,
    partner_income_factor,
    partners_topped_up,
)
from gpcontract.chapters.no_practice_loses.rules import core_money_change, funding_protection, practices_gaining
from gpcontract.chapters.sustainability_loans.rules import (
    board_lease_cost,
    buying_left_each_year,
    interest_foregone,
    loan_fund,
    sustainability_loan,
)
from gpcontract.chapters.tasks_moved.rules import (
    other_tasks_by_boards,
    other_tasks_moved_out,
    vaccinations_by_boards,
    vaccinations_moved_out,
    work_moved_out,
)
from gpcontract.chapters.workload_formula.rules import (
    consultation_workload_by_age,
    core_list,
    deprivation_workload,
    workload_formula_change,
    workload_list,
)
from gpcontract.contracts import Result

MOVED_OUT = ("tasks_moved",)


@cache
def england() -> England:
    return England.synthetic(1)


@cache
def contract() -> Contract:
    return Contract.load("scotland_2018")


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


def a(*x: float) -> Any:
    return np.array(x, dtype=float)


# -- off and on ------------------------------------------------------------------------------------------------


def test_with_nothing_switched_on_it_pays_what_the_national_contract_pays() -> None:
    off = run(contract().switched([]), england(), (2024,))
    assert np.array_equal(off.total(2024), national().total(2024))
    ours = [n for n in off.line_names if n not in national().line_names]
    assert len(ours) == 17
    assert all(not off.pence(n, 2024).any() for n in ours)


def test_every_mechanism_alone_moves_something_or_has_nothing_to_move() -> None:
    base = {n: national().pence(n, 2024) for n in national().line_names}
    still = set()
    for m in contract().mechanisms:
        only = run(contract().switched([m.name]), england(), (2024,))
        if not any(only.pence(n, 2024).any() for n in only.line_names if n not in base):
            still.add(m.name)
    assert still <= {"income_guarantee_folded", "no_practice_loses", "minimum_income"}


def test_what_is_shared_anew_adds_up_to_what_it_was() -> None:
    assert total(whole(), "workload_formula_change") == pytest.approx(0, abs=1)
    assert total(whole(), "quality_ended") == pytest.approx(-total(national(), "qof"))
    assert total(whole(), "quality_money_folded") == pytest.approx(total(national(), "qof"))
    assert total(whole(), "core_money_change") == pytest.approx(
        0, abs=1
    )  # the out-of-hours service costs what left the price


def test_the_income_guarantee_of_a_year_that_had_one_is_folded_to_the_pound() -> None:
    england_then = England.synthetic(1, (2014,))
    then = run(contract(), england_then, (2014,))
    assert total(then, "correction_factor") > 0
    assert total(then, "income_guarantee_money_folded") == pytest.approx(total(then, "correction_factor"))
    assert np.allclose(np.nan_to_num(then.arrays["income_guarantee_ended"] + then.arrays["correction_factor"]), 0)


# -- no practice loses -------------------------------------------------------------------------------------------


def test_before_tasks_move_no_practice_is_paid_less() -> None:
    on = [m.name for m in contract().mechanisms if m.name not in MOVED_OUT]
    paid = run(contract().switched(on), england(), (2024,))
    change = paid.total(2024, "practice") - national().total(2024, "practice")
    assert change.min() >= -len(paid.line_names)  # pence: each line is rounded for itself
    assert (change > 100).any()
    unprotected = run(contract().switched([n for n in on if n != "no_practice_loses"]), england(), (2024,))
    assert (unprotected.total(2024, "practice") < national().total(2024, "practice") - 100).any()


def test_protection_is_what_losers_lose_and_equals_what_gainers_gain() -> None:
    change, paid = whole().arrays["core_money_change"], whole().arrays["funding_protection"]
    assert paid.sum() == pytest.approx(-change[change < 0].sum()) == pytest.approx(change[change > 0].sum())
    assert not paid[change >= 0].any()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8))
def test_whatever_changes_protection_leaves_nobody_below_what_they_had(parts: list[float]) -> None:
    change = core_money_change(*(a(p) for p in parts))
    assert change == pytest.approx(sum(parts))
    assert change + funding_protection(change, 1) >= -1e-6
    assert funding_protection(change, 0) == 0


def test_half_of_protection_leaves_half_of_the_loss() -> None:
    assert funding_protection(a(-100, 50), 0.5).tolist() == [50, 0]
    assert practices_gaining(a(1, -1, 0, 2), a(10, 10, 10, 0)).tolist() == [pytest.approx(2 / 3)]


# -- the minimum income --------------------------------------------------------------------------------------------


def test_after_the_top_up_every_group_of_partners_has_the_minimum() -> None:
    held = edited(minimum_income_2019=150_000)  # high enough to reach many
    earns, gap, least = (held.arrays[n] for n in ("partner_earnings_spread", "minimum_income_gap", "minimum_income"))
    assert (earns + gap >= least - 1e-6).all()
    assert not gap[earns >= least].any()
    partners = np.nan_to_num(held.arrays["partners_in_post"])
    assert total(held, "minimum_income_top_up") == pytest.approx((gap.mean(0) * partners).sum())
    assert total(held, "minimum_income_top_up") > total(whole(), "minimum_income_top_up") > 0


def test_the_minimum_by_hand() -> None:
    assert minimum_income(80_430, 1, 0.806) == pytest.approx(99_789, abs=1)
    spread = partner_earnings_spread(a(100_000), a(0.5, 1.5)[:, None], 1, 0.2)
    assert spread.ravel().tolist() == [60_000, 180_000]
    assert partner_earnings_spread(a(100_000), a(0.5, 1.5)[:, None], 0.5, 0.2).ravel().tolist() == [90_000, 150_000]
    gap = minimum_income_gap(spread, 80_000, 1)
    assert gap.ravel().tolist() == [20_000, 0]
    assert minimum_income_top_up(gap, a(4)).tolist() == [40_000]  # two of four partners, £20,000 each
    assert partners_topped_up(gap, a(4)).tolist() == [2]
    assert not minimum_income_gap(spread, 80_000, 0).any()


def test_what_a_practice_is_paid_for_a_partner_moves_income_within_limits() -> None:
    factor = partner_income_factor(a(300, 100, 50), a(2, 2, 0), 0.6, 1.6)
    assert factor.tolist() == [1.5, 0.6, 0.6]  # 150 and 50 a partner against 100
    after = partner_income_after(a(100.0), factor, a(-10, 20, 0), a(10, 0, 0), a(2, 2, 0))
    assert after.tolist() == [150, 70, 60]


# -- the formula and what is folded ------------------------------------------------------------------------------


def test_the_workload_by_hand() -> None:
    lists = a(100, 50)[:, None]  # 100 young, 50 old
    assert consultation_workload_by_age(lists, a(2, 4)[:, None], a(0, 1)[:, None], 1.1).tolist() == [pytest.approx(420)]
    relative = deprivation_workload(a(1, 5, np.nan), 0.05, a(300, 100, 50))
    assert relative.tolist() == pytest.approx([1, 0.8, 0.95])  # 0.95 is the mean of the 400 patients known
    shared = workload_list(a(200, 100, np.nan), a(1, 1, 1), a(150, 150, 70), a(1, 1, 1))
    assert shared.tolist() == [200, 100, 70]


def test_the_formula_by_hand() -> None:
    lists = core_list(a(100, 100), a(120, 80), a(1, 0.5), 1)
    assert lists.tolist() == [120, 40]
    assert workload_formula_change(lists, a(100, 100), a(1, 0.5), 100, 0.05).tolist() == pytest.approx([1900, -950])
    assert core_list(a(100), a(120), a(1), 0.5).tolist() == [110]


def test_folded_money_by_hand() -> None:
    ended = quality_ended(a(30, 70), 1)
    assert ended.tolist() == [-30, -70]
    assert quality_money_folded(ended, a(1, 3)).tolist() == [25, 75]
    assert income_guarantee_money_folded(a(-40, 0, 0), a(1, 3, 5), a(1, 1, 0)).tolist() == [10, 30, 0]  # GMS only
    assert quality_no_longer_given(a(500), 0.6, 0.1, 1).tolist() == [30]


def test_the_end_of_the_out_of_hours_deduction_moves_nobody() -> None:
    returned = out_of_hours_deduction_returned(a(5, 0), 1)  # the second still gives the service
    out = out_of_hours_out_of_price(a(100, 100), 0.05, 1)
    service = out_of_hours_opt_in(returned, out, 1)
    assert service.tolist() == [0, 5]
    assert (returned + out + service).tolist() == [0, 0]


# -- surgeries and tasks ------------------------------------------------------------------------------------------


def test_loans_share_the_fund_and_stop_at_the_limit() -> None:
    fund = loan_fund(30, 10, 1, 0.75, 1)
    assert fund == 400
    assert sustainability_loan(a(1000, 3000, np.nan), a(fund), 0.2).tolist() == [100, 300, 0]
    assert sustainability_loan(a(1000, 3000), a(4000), 0.2).tolist() == [200, 600]
    assert interest_foregone(a(100), 0.05).tolist() == [5]
    assert buying_left_each_year(a(1000), a(100), 25, 1).tolist() == [36]
    assert board_lease_cost(a(1000), 0.01, 3, 0.05, 1).tolist() == [80]
    assert total(whole(), "sustainability_loan") == pytest.approx(30e6 * 10.3 / 0.787)


def test_vaccinations_go_with_their_money_and_their_work() -> None:
    assert vaccinations_moved_out(a(100), 1, 1).tolist() == [-100]
    assert vaccinations_moved_out(a(100), 0, 1).tolist() == [0]  # Scotland's promise
    assert vaccinations_by_boards(a(100), 1.4, 1).tolist() == [pytest.approx(140)]
    others = other_tasks_by_boards(a(1000), 6, 1.1, 1)
    assert others.tolist() == [pytest.approx(6600)]
    assert other_tasks_moved_out(others, 0.5).tolist() == [pytest.approx(-3300)]
    assert work_moved_out(a(100), 10, 0.2, a(1000), 0.1, 1).tolist() == [pytest.approx(102)]
    even = edited(board_vaccination_ratio=1, other_tasks_rate=0)
    assert total(even, "vaccinations_by_boards") == pytest.approx(-total(even, "vaccinations_moved_out"))


def test_what_is_measured_is_what_the_quality_framework_pays_no_more() -> None:
    measured = {r.name: r.measured for r in contract().rules}
    assert measured["qof"] and measured["quality_ended"] and not measured["quality_money_folded"]


def test_the_manual_quotes_what_is_there() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs/add_proposal.md").read_text(encoding="utf-8")
    there = "".join(
        p.read_text(encoding="utf-8")
        for c in contract().chapters
        for p in sorted((root / "src/gpcontract/chapters" / c).glob("*.*"))
    ) + (root / "src/gpcontract/contracts/scotland_2018.yaml").read_text(encoding="utf-8")
    bodies = re.findall(r"^def (\w+)\(.*?(?=^$|^```)", page, re.M | re.S)
    assert {"funding_protection", "quality_ended", "quality_money_folded", "loan_fund"} <= set(bodies)
    for name in bodies:
        quoted = re.search(rf"^def {name}\(.*?return [^\n]*", page, re.M | re.S)
        found = re.search(rf"^def {name}\(.*?return [^\n]*(\n {{8}}[^\n]*\n {{4}}\))?", there, re.M | re.S)
        assert quoted and found, name
        assert re.sub(r"[\s()]", "", quoted[0]) == re.sub(r"[\s()]", "", found[0]), name
    for block in re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S):
        assert block.startswith("title:") or block.removeprefix("mechanisms:\n") in there
