"""A contract over all its years, with edits of every kind: each holds in its own years, and a partial re-run equals a full one."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.contracts import Contract, Result, run
from gpcontract.contracts.pricing import rerun
from gpcontract.engine.edits import Add, AddChapter, Cap, DropChapter, Edit, PhaseIn, Reform, ReplaceRule, Scale, Set
from gpcontract.engine.errors import EditClash, InputError, LoadError
from gpcontract.england.facts import England

NATIONAL = Contract.load("national")


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1, tuple(range(2004, 2027)))


@pytest.fixture(scope="module")
def baseline(england: England) -> Result:
    return run(NATIONAL, england, keep="all")


def bills(result: Result) -> dict[int, int]:
    return {y: result.bill(y).total for y in result.years}


def paid(result: Result, name: str) -> dict[int, float]:
    return (
        {y: float(np.nansum(result.amounts(name)[0, i])) for i, y in enumerate(result.years)}
        if name in result.arrays
        else {}
    )


def test_all_its_years_are_priced_at_once(baseline: Result) -> None:
    assert baseline.years == NATIONAL.years and min(bills(baseline).values()) > 0


def test_a_year_alone_is_as_it_is_among_others_where_no_rule_looks_back(england: England, baseline: Result) -> None:
    alone = run(NATIONAL, england, (2024,))
    for name in ("global_sum", "premises", "network_participation", "learning_disabilities"):
        np.testing.assert_allclose(alone.amounts(name)[0, 0], baseline.amounts(name)[0, -3], rtol=1e-9, equal_nan=True)


def test_a_value_need_only_be_known_in_years_when_a_rule_reads_it() -> None:
    assert set(
        NATIONAL.plan((2012, 2013, 2014), England.synthetic(1, (2014,)).available).years_read["correction_factor_share"]
    ) == {2014}
    with pytest.raises(LoadError, match="'correction_factor_share' has no value for 2010/11"):
        NATIONAL.value_arrays((2010, 2014), ["correction_factor_share"], read={"correction_factor_share": (2010,)})
    array = NATIONAL.value_arrays((2010, 2014), ["correction_factor_share"], read={"correction_factor_share": (2014,)})
    assert np.isnan(array["correction_factor_share"][0, 0, 0]) and array["correction_factor_share"][0, 1, 0] > 0


EDITS: list[Edit] = [
    Scale("global_sum_price", 1.07, years="2025/26-"),
    Set("london_rate", 5.0, years="2010/11-2012/13"),
    Add("qof_point_value", 3.0, years="2020/21-"),
    Cap("global_sum_price", 80.0, years="-2019/20"),
    PhaseIn("ooh_deduction_share", 0.0, years="2022/23-2025/26"),
    Scale("age_sex_weights", 1.5, key="female_85+"),
    Set("correction_factor_share", 1.0, years="2014/15-"),
    Scale("network_participation_rate", 2.0, years="2023/24"),
]


@pytest.mark.parametrize(
    "edits", [[e] for e in EDITS] + [EDITS[:3], EDITS[3:6], EDITS], ids=lambda e: "+".join(x.target for x in e)
)
def test_a_partial_rerun_of_the_national_contract_equals_a_full_run(
    edits: list[Edit], england: England, baseline: Result
) -> None:
    reform = Reform(tuple(edits))
    partial, full = rerun(baseline, reform), run(NATIONAL, england, reform=reform)
    assert partial.contract.reform.hash == full.contract.reform.hash
    for name in full.line_names:
        np.testing.assert_array_equal(partial.amounts(name), full.amounts(name))
    before, after = bills(baseline), bills(full)
    assert [y for y in before if before[y] != after[y]], "the edit changes nothing"
    first = min(y for y in before if any(e.reaches(y) for e in edits))
    assert all(before[y] == after[y] for y in before if y < first)


def test_a_rerun_needs_a_baseline_that_kept_everything(england: England) -> None:
    with pytest.raises(InputError, match="did not keep"):
        rerun(run(NATIONAL, england, (2024,)), Reform.of(EDITS[0]))


@pytest.mark.parametrize("years", [None, "2015/16-", "-2010/11", "2012/13", "2008/09-2012/13"])
def test_a_chapter_is_dropped_in_the_edits_years_alone(years: str | None, england: England, baseline: Result) -> None:
    edit = DropChapter("income_guarantee", years=years)
    dropped = paid(run(NATIONAL, england, reform=Reform.of(edit)), "correction_factor")
    for year, before in paid(baseline, "correction_factor").items():  # what looks back still finds last year's
        assert edit.reaches(year) or dropped[year] == pytest.approx(before), year
    result = run(NATIONAL, england, reform=Reform.of(edit))
    for year in result.years:
        in_force = year <= 2024 and not edit.reaches(year)
        assert ("correction_factor" in {x.name for x in result.lines(year)}) == in_force


def test_a_chapter_comes_in_for_its_years(england: England) -> None:
    without = run(NATIONAL, england, (2023, 2024, 2025), reform=Reform.of(DropChapter("premises")))
    assert "premises" not in {x.name for y in without.years for x in without.lines(y)}
    with pytest.raises(EditClash, match="has the chapter 'premises' already"):
        NATIONAL.with_reform(Reform.of(AddChapter("premises")))


def test_a_rule_is_replaced_in_the_edits_years_alone(england: England, baseline: Result) -> None:
    edit = ReplaceRule("london_adjustment", by="london_adjustment_by_residence", years="2010/11")
    made = NATIONAL.with_reform(Reform.of(edit))
    plan = made.plan(england.years, england.available)
    for year in england.years:
        expected = "london_adjustment_by_residence" if year == 2010 or year >= 2019 else "london_adjustment"
        one = plan.rule("london_adjustment", year)
        assert one is not None and one.function.__name__ == expected
    late = NATIONAL.with_reform(
        Reform.of(ReplaceRule("correction_factor", by="correction_factor_fixed", years="2025/26-"))
    )
    plan = late.plan(england.years, england.available)
    for year in range(2004, 2025):  # variants that ended long before keep their years
        assert plan.rule("correction_factor", year).function is baseline.plan.rule("correction_factor", year).function
