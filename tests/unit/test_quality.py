"""The quality framework's rules: called with numbers, against a reference in plain floats, and as a plan."""

from __future__ import annotations

import importlib.util
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gpcontract import Contract, England, Reform, Set, run
from gpcontract.chapters import load
from gpcontract.chapters.quality import rules
from gpcontract.chapters.quality.axes import by_indicator
from gpcontract.engine.plan import Plan
from gpcontract.england.assembly.indicators import described, group_of_indicator, groups, indicators
from gpcontract.england.facts import catalogue

VALUES = load("quality").values
RULES = load("quality").rules
CODES = VALUES["qof_indicator_points"].keys["indicator"]
BANDED = ("indicator_numerator", "indicator_denominator", "indicator_pcas", "group_register")
POINTS = ("qof_points", "qof_points_expected", "qof_prevalence_index", "list_growth")


def test_the_axes_are_those_of_the_tables() -> None:
    assert indicators() == CODES
    assert len(group_of_indicator()) == len(CODES)
    assert {groups()[g] for g in group_of_indicator()} == {one["group"] for one in described().values()}


def test_every_value_is_read_by_a_rule() -> None:
    read = {n.removeprefix("last_year_") for r in RULES for n in r.needs}
    assert set(VALUES) <= read


# -- rules with numbers ----------------------------------------------------------------------------------------


def earned(
    numerator: float, denominator: float, pcas: float, points: float, lower: float, upper: float, empty: float
) -> float:
    one = [np.full((1, 1, 1, 1), x) for x in (numerator, denominator, pcas)]
    patients = rules.qof_indicator_patients(one[1], one[2])
    share = rules.qof_indicator_achievement(one[0], patients)
    return rules.qof_indicator_earned(share, patients, points, lower, upper, empty).item()


def test_thresholds() -> None:
    assert earned(40, 100, 0, 10, 0.4, 0.9, 0) == 0
    assert earned(90, 100, 0, 10, 0.4, 0.9, 0) == 10
    assert earned(100, 100, 0, 10, 0.4, 0.9, 0) == 10
    assert earned(65, 100, 0, 10, 0.4, 0.9, 0) == pytest.approx(5)
    assert earned(45, 100, 50, 10, 0.4, 0.9, 0) == 10, "adjusted patients are not counted"
    assert earned(0, 0, 0, 5, 0, 0, 0) == 5, "a register is paid in full"


def test_no_patients_earn_nothing_from_2024() -> None:
    share = {y: float(VALUES["qof_empty_indicator_share"].in_year(y)) for y in (2023, 2024)}
    assert earned(0, 7, 7, 18, 0.89, 0.96, share[2024]) == 0
    assert earned(0, 7, 7, 18, 0.89, 0.96, share[2023]) == 18


def test_results_that_are_not_known_are_not_known() -> None:
    nan = math.nan
    assert math.isnan(earned(nan, nan, nan, 10, 0.4, 0.9, 0))
    assert math.isnan(earned(nan, nan, nan, 5, 0, 0, 0)), "a register of a practice that nothing is known of"


def test_protected_indicators_keep_last_years_points() -> None:
    assert rules.qof_indicator_paid(2.0, 5.0, 1.0) == 5.0
    assert rules.qof_indicator_paid(2.0, 5.0, 0.0) == 2.0


def test_prevalence_methods() -> None:
    lists = np.array([[[1000.0, 1000.0, 2000.0, 0.0]]])
    register = np.array([[[[1.0, 100.0, 60.0, 0.0]]]])
    prevalence = rules.qof_group_prevalence(register, lists)
    highest = rules.qof_highest_prevalence(prevalence)
    assert highest.item() == pytest.approx(0.1)
    old = rules.qof_scaled_prevalence(prevalence, highest, 0.05, 0.5)
    assert old[0, 0, 0, 0] == pytest.approx(math.sqrt(0.005)), "raised to a twentieth of the highest, then rooted"
    factor = rules.qof_prevalence_factor(old, rules.qof_mean_prevalence(old, lists))
    assert factor[0, 0, 0, :3].mean() == pytest.approx(1)
    true = rules.qof_scaled_prevalence(prevalence, highest, 0.0, 1.0)
    factor = rules.qof_prevalence_factor(true, rules.qof_mean_prevalence_of_patients(true, lists))
    assert factor[0, 0, 0, :3] == pytest.approx(np.array([0.001, 0.1, 0.03]) / (161 / 4000))
    assert np.average(factor[0, 0, 0], weights=lists[0, 0]) == pytest.approx(1)


def test_prevalence_methods_are_dated() -> None:
    dated = {
        y: [float(VALUES[f"qof_prevalence_{n}"].in_year(y)) for n in ("power", "floor_share")]
        for y in (2008, 2009, 2010)
    }
    assert dated == {2008: [0.5, 0.05], 2009: [1, 0.05], 2010: [1, 0]}


def test_unknown_registers_do_not_move_the_national_mean() -> None:
    lists = np.array([[[1000.0, 3000.0]]])
    scaled = np.array([[[[0.02, math.nan]]]])
    assert rules.qof_mean_prevalence_of_patients(scaled, lists).item() == pytest.approx(0.02)
    assert rules.qof_mean_prevalence(scaled, lists).item() == pytest.approx(0.02)


def test_aspiration_and_balance_add_to_achievement() -> None:
    achievement, share = np.float64(100_000.0), 0.7
    advance = rules.qof_aspiration(achievement, np.float64(90_000.0), 1.01, share, np.float64(1.0))
    assert advance == pytest.approx(0.7 * 90_000 * 1.01)
    assert advance + rules.qof_balance(achievement, advance) == achievement
    assert rules.qof_aspiration_monthly(advance, np.float64(0.5)) == pytest.approx(advance / 6)
    new = rules.qof_aspiration(achievement, np.float64(0.0), 1.01, share, np.float64(1.0))
    assert new == pytest.approx(70_000), "a new practice has no last year"
    assert rules.qof_aspiration(achievement, np.float64(90_000.0), 1.01, share, np.float64(0.0)) == 0


def test_closed_practices_are_paid_nothing() -> None:
    assert rules.qof(np.float64(0.0), np.float64(30_000.0), np.float64(0.0)) == 0


def test_protection_where_no_points_are_known() -> None:
    total, whole, protected = (
        float(VALUES[f"qof_points_{n}"].in_year(2020)) for n in ("total", "awarded_in_full", "protected")
    )
    assert rules.qof_protected_points(0.92, 0.9646, total, whole, protected, 1.0) == pytest.approx(
        74 + 354 * 0.9646 + 139 * 0.92
    )
    assert rules.qof_protected_points(0.95, 0.5, 559, 0, 0, 1.0) == pytest.approx(559 * 0.95)


def test_the_mean_of_2021_comes_back() -> None:
    parts = [float(VALUES[f"qof_points_{n}"].in_year(2021)) for n in ("total", "awarded_in_full", "protected")]
    nation, kept = (float(VALUES["qof_national_share"].in_year(y)) for y in (2021, 2018))
    ratio = float(VALUES["qof_unprotected_ratio"].in_year(2021))
    assert rules.qof_protected_points(nation, kept, *parts, ratio) == pytest.approx(582.4, abs=0.1)


def test_aspired_share_is_the_national_share_of_the_year_before() -> None:
    for year in range(2005, 2027):
        before = float(VALUES["qof_national_share"].in_year(year - 1))
        assert float(VALUES["qof_aspired_share"].in_year(year)) == before, year


# -- against a reference in plain floats -----------------------------------------------------------------------

COUNTS = st.integers(-12, 400).map(lambda x: None if x < 0 else x)  # now and then not known


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    """Two years of a few practices, some of whose results are not known, and 4 indicators of 2 groups in force."""
    n = draw(st.integers(1, 4))
    row = st.tuples(COUNTS, st.integers(0, 400), st.integers(0, 100))
    cells = [[[draw(row) for _ in range(n)] for _ in range(2)] for _ in range(4)]
    return {
        "n": n,
        "cells": cells,
        "registers": [[[draw(COUNTS) for _ in range(n)] for _ in range(2)] for _ in range(2)],
        "lists": [[draw(st.sampled_from([0.0, 800.0, 5000.0, 12345.5])) for _ in range(n)] for _ in range(2)],
        "open": [[draw(st.sampled_from([1.0, 0.5])) for _ in range(n)] for _ in range(2)],
        "points": [[draw(st.sampled_from([math.nan, 300.0, 590.25])) for _ in range(n)] for _ in range(2)],
        "index": [[draw(st.sampled_from([math.nan, 0.8, 1.3])) for _ in range(n)] for _ in range(2)],
        "year": draw(st.sampled_from([2023, 2024])),
    }


TRIED = tuple(CODES.index(c) for c in ("AF006", "AF008", "VI001", "HF001"))  # of groups AF, AF, VI (not scaled), HF


def facts_of(world: dict[str, Any]) -> dict[str, np.ndarray]:
    n, nan = world["n"], math.nan
    shape = (len(CODES), 1, 2, n)
    numerator, denominator, pcas = (np.zeros(shape) for _ in range(3))
    denominator += 1  # the others: one patient, no achievement
    for i, at in enumerate(TRIED):
        for y in range(2):
            for p in range(n):
                met, left, adjusted = world["cells"][i][y][p]
                numerator[at, 0, y, p] = nan if met is None else min(met, left)
                denominator[at, 0, y, p] = nan if met is None else left + adjusted
                pcas[at, 0, y, p] = nan if met is None else adjusted
    register = np.zeros((len(groups()), 1, 2, n))
    for g, group in enumerate(("AF", "HF")):
        register[groups().index(group), 0] = [[nan if x is None else x for x in row] for row in world["registers"][g]]
    made = {
        "indicator_numerator": numerator,
        "indicator_denominator": denominator,
        "indicator_pcas": pcas,
        "group_register": register,
    }
    made |= {"list_size": np.array([world["lists"]]), "open_share": np.array([world["open"]])}
    made["open_share"] = np.where(made["list_size"] > 0, made["open_share"], 0.0)
    return made | {
        "qof_points": np.array([world["points"]]),
        "qof_points_expected": np.full((1, 2, n), 500.0),
        "qof_prevalence_index": np.array([world["index"]]),
        "list_growth": np.full((1, 2, n), 0.04),
    }


def leaves_for(plan: Plan, facts: dict[str, np.ndarray], years: tuple[int, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in plan.leaves:
        earlier = name.removeprefix("last_year_")
        if name in VALUES:
            made[name] = VALUES[name].yearly(years)
        elif earlier in VALUES:
            first = 2004  # before it there is no contract, and a run gives NaN
            before = [VALUES[earlier].yearly((y - 1,)) if y > first else np.full((1, 1, 1), math.nan) for y in years]
            made[name] = np.concatenate(before, -2)
        elif name.endswith("_before"):
            made[name] = np.full((1, 1, 1), math.nan)
        else:
            made[name] = facts[name]
    return made


def plan_for(years: tuple[int, ...], facts: Any, target: str = "qof") -> Plan:
    known = {*VALUES, *(f"last_year_{v}" for v in VALUES), *catalogue(), *(f"{r.name}_before" for r in RULES)}
    return Plan(RULES, [target], years, known, (known - set(catalogue())) | set(facts))


def reference(world: dict[str, Any], facts: dict[str, np.ndarray], years: tuple[int, ...]) -> list[list[float]]:
    """The line in plain Python floats, one practice and indicator at a time."""
    n = world["n"]

    def v(name: str, year: int) -> float:
        return float(VALUES[name].in_year(year))

    def share_of(y: int, p: int) -> float:
        """The share of points: as published, else as expected."""
        points = world["points"][y][p]
        return (500.0 if math.isnan(points) else points) / v("qof_points_total", years[y])

    def unpublished(y: int, p: int) -> float:
        """Points of a practice whose own are not published: in full, at last year's share, and as expected."""
        year = years[y]
        total, whole, protected = (v(f"qof_points_{k}", year) for k in ("total", "awarded_in_full", "protected"))
        expected = max(total - whole - protected, 0.0) * 500.0 / total * v("qof_unprotected_ratio", year)
        return whole + protected * share_of(max(y - 1, 0), p) + expected

    tables = {k: [VALUES[f"qof_indicator_{k}"].in_year(y) for y in years]
              for k in ("points", "lower", "upper", "prevalence_adjusted", "protected")}  # fmt: skip
    own = [[[math.nan] * n for _ in years] for _ in CODES]
    for i in range(len(CODES)):
        for y, year in enumerate(years):
            for p in range(n):
                points, lower, upper = (float(tables[k][y][i]) for k in ("points", "lower", "upper"))
                patients = float(facts["indicator_denominator"][i, 0, y, p] - facts["indicator_pcas"][i, 0, y, p])
                if upper <= lower:
                    own[i][y][p] = points
                elif patients <= 0:
                    own[i][y][p] = points * v("qof_empty_indicator_share", year)
                elif patients > 0:
                    achieved = float(facts["indicator_numerator"][i, 0, y, p]) / patients
                    own[i][y][p] = points * min(max((achieved - lower) / (upper - lower), 0.0), 1.0)
    achievement = [[0.0] * n for _ in years]
    for y, year in enumerate(years):
        for p in range(n):
            patients, total = world["lists"][y][p], 0.0
            for i, code in enumerate(CODES):
                if tables["points"][y][i] <= 0:
                    continue
                factor = 1.0
                if tables["prevalence_adjusted"][y][i] > 0:
                    row = facts["group_register"][groups().index(described()[code]["group"]), 0, y]
                    known = [q for q in range(n) if not math.isnan(row[q]) and world["lists"][y][q] > 0]
                    listed = sum(world["lists"][y][q] for q in known)
                    nation = sum(float(row[q]) for q in known) / listed if listed else 0.0
                    mine = (float(row[p]) / patients) if patients else 0.0
                    factor = mine / nation if nation else 0.0
                kept = own[i][y - 1][p] if y else math.nan
                total += factor * (kept if tables["protected"][y][i] > 0 else own[i][y][p])
            if math.isnan(total):
                index = world["index"][y][p]
                points = world["points"][y][p]
                total = (unpublished(y, p) if math.isnan(points) else points) * (1.0 if math.isnan(index) else index)
            achievement[y][p] = total * v("qof_point_value", year) * patients / v("qof_average_list", year)
            achievement[y][p] *= float(facts["open_share"][0, y, p])
    out = [[0.0] * n for _ in years]
    for p in range(n):
        advanced = math.nan
        for y, year in enumerate(years):
            worth = [
                v("qof_point_value", t) * v("qof_points_total", t) / v("qof_average_list", t) for t in (year, year - 1)
            ]
            uprating = worth[0] / worth[1]
            nation = [v("qof_national_share", t) for t in (year, year - 1)]
            if y:
                earlier = achievement[y - 1][p] * (1 + v("qof_january_share", year) * 0.04)
            else:
                earlier = achievement[0][p] / (uprating * nation[0] / nation[1])
                moved = v("qof_aspired_share", year - 1) / nation[1]
                advanced = earlier * v("qof_aspiration_share", year - 1) * moved
            here = float(facts["open_share"][0, y, p])
            basis = earlier * uprating * here if earlier > 0 else achievement[y][p]
            aspiration = v("qof_aspiration_share", year) * basis if here > 0 else 0.0
            out[y][p] = aspiration + earlier - advanced if here > 0 else 0.0
            advanced = aspiration
    return out


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_the_line_agrees_with_the_reference(world: dict[str, Any]) -> None:
    years = (world["year"], world["year"] + 1)
    facts = facts_of(world)
    plan = plan_for(years, facts)
    paid = plan.run(leaves_for(plan, facts, years))["qof"]
    assert paid.shape == (1, 2, world["n"])
    np.testing.assert_allclose(paid[0], reference(world, facts, years), rtol=1e-9, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_money_is_never_unknown(world: dict[str, Any]) -> None:
    years = (world["year"], world["year"] + 1)
    facts = facts_of(world)
    few = {k: facts[k] for k in ("list_size", "open_share")}
    for given_facts in (facts, {k: a for k, a in facts.items() if k not in BANDED}, few):
        plan = plan_for(years, given_facts)
        assert np.isfinite(plan.run(leaves_for(plan, given_facts, years))["qof"]).all()


# -- as a plan -------------------------------------------------------------------------------------------------


def test_the_line_runs_in_every_year_with_a_list_alone() -> None:
    years = tuple(range(2004, 2027))
    facts = {"list_size": np.full((1, 23, 2), 8000.0), "open_share": np.ones((1, 23, 2))}
    plan = plan_for(years, facts)
    paid = plan.run(leaves_for(plan, facts, years))["qof"]
    assert (paid > 0).all()
    rule = plan.rule("qof_scaled_points", 2024)
    assert rule is not None and rule.fallback


def test_ten_years_of_every_practice_take_milliseconds() -> None:
    years, n = tuple(range(2015, 2025)), 6500
    rng = np.random.default_rng(1)
    facts = {"list_size": rng.uniform(2000, 20000, (1, 10, n)), "open_share": np.ones((1, 10, n))}
    facts |= {
        "qof_points": np.where(rng.random((1, 10, n)) < 0.3, 540.0, np.nan),
        "qof_points_expected": np.full((1, 10, n), 535.0),
    }
    facts |= {"qof_prevalence_index": rng.uniform(0.7, 1.3, (1, 10, n)), "list_growth": np.full((1, 10, n), 0.01)}
    plan = plan_for(years, facts)
    leaves = leaves_for(plan, facts, years)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        plan.run(leaves)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02, f"{min(times) * 1000:.1f} ms"  # about 2 ms on an idle machine


# -- published examples ----------------------------------------------------------------------------------------


def test_published_examples(shared: Path) -> None:
    """Every example of this chapter in the shared folder; the specification tests render them."""
    spec = importlib.util.spec_from_file_location(
        "quality_examples", Path(__file__).parents[1] / "specification" / "quality_examples.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    examples = yaml.load(
        (shared / "examples" / "national_contract.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    )["examples"]
    mine = [e for e in examples if e["id"].split("-")[0] in ("qof", "cpi", "upr", "thr", "prev", "qofmix")]
    assert mine
    for example in mine:
        made = module.EXAMPLES[example["id"]](example["inputs"])
        for name, expected in example["expected"].items():
            assert made[name] == pytest.approx(expected, abs=example["tolerance"]), (example["id"], name)


def test_by_indicator_repeats_groups() -> None:
    x = np.arange(len(groups()), dtype=float)[:, None, None, None]
    assert by_indicator(x)[CODES.index("AF008"), 0, 0, 0] == groups().index("AF")


@pytest.mark.parametrize("year", [2020, 2021, 2024])
def test_income_protection_moves_what_practices_earn_where_no_points_are_published(year: int) -> None:
    england = England.synthetic(1, tuple(range(2018, year + 1)))
    at = england.year(year)
    points = england.fact("qof_points").copy()
    points[:, at] = np.nan  # this year's are not published; earlier ones are what protection goes by
    unknown = replace(england, facts={**england.facts, "qof_points": points})
    contract, keep = Contract.load("national"), ("qof_achievement",)
    none = Reform.of(Set("qof_points_protected", 0.0, years=f"{year}/{(year + 1) % 100}"))
    settled, bare = run(contract, unknown, keep=keep), run(contract, unknown, reform=none, keep=keep)
    moved = np.abs(bare.amounts("qof_achievement") - settled.amounts("qof_achievement"))[0, at]
    assert np.nansum(moved) > 1_000_000
    kept = england.fact("qof_points")[0, at - 1] < np.nanmedian(england.fact("qof_points")[0, at - 1])
    assert np.nansum(moved[kept]) > 0
