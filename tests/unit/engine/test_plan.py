"""The plan: order, circles, lags, variants by year, fallbacks, what cannot be priced; run, re-run, pinned and freed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.areas import Areas, by_network, national, to_practice
from gpcontract.engine.arrays import maximum, where
from gpcontract.engine.errors import Circle, LoadError, MissingFact, UnitMismatch, UnknownName
from gpcontract.engine.plan import Plan
from gpcontract.engine.rules import Rule, carried, rule, rules_of

YEARS = (2019, 2020, 2021)


def col(*figures: float) -> np.ndarray:
    """One figure a year, for one practice."""
    return np.array(figures, float)[None, :, None]


def plan(functions: list[Callable[..., Any]], targets: list[str], known: set[str], **more: Any) -> Plan:
    return Plan(rules_of(functions), targets, more.pop("years", YEARS), known, **more)


@rule("patients", clause="1")
def weighted(size: Any, need: Any) -> Any:
    """The list by need."""
    return size * need


@rule("GBP per year", clause="2", line="Sum")
def total(weighted: Any, price: Any) -> Any:
    """Paid for each weighted patient."""
    return weighted * price


# -- order -----------------------------------------------------------------------------------------------------


def test_rules_stay_plain_functions() -> None:
    assert total(11_300, 99.7) == pytest.approx(1_126_610)
    assert total.__rule__.line == "Sum" and total.__rule__.outside == 0.0 and weighted.__rule__.outside is None
    assert total.__rule__.title == "Paid for each weighted patient"


def test_steps_come_in_order_and_only_those_needed() -> None:
    @rule("x", clause="3")
    def idle(price: Any) -> Any:
        """Not asked for."""
        return price

    for functions in ([total, weighted, idle], [idle, weighted, total]):
        made = plan(functions, ["total"], {"size", "need", "price"})
        assert made.names == ("weighted", "total") and made.leaves == ("need", "price", "size")
    given_ = {"size": col(10, 20, 30), "need": col(1, 1, 2), "price": col(2, 3, 4)}
    assert made.run(given_)["total"].ravel().tolist() == [20, 60, 240]


def test_only_targets_and_what_is_kept_are_held() -> None:
    made = plan([total, weighted], ["total"], {"size", "need", "price"})
    given_ = {"size": col(1, 1, 1), "need": col(1, 1, 1), "price": col(1, 1, 1)}
    assert set(made.run(given_)) == {"total"}
    assert set(made.run(given_, keep=["weighted"])) == {"total", "weighted"}
    assert set(made.run(given_, keep=made.names)) == {"total", "weighted"}


def test_arrays_are_freed_after_their_last_use() -> None:
    import weakref

    gone: list[str] = []

    class Tracked(np.ndarray):
        pass

    def track(name: str, x: np.ndarray) -> np.ndarray:
        made = x.view(Tracked)
        weakref.finalize(made, gone.append, name)
        return made

    @rule("x", clause="1")
    def first(leaf: Any) -> Any:
        """First."""
        return track("first", np.asarray(leaf) + 1)

    @rule("x", clause="1")
    def second(first: Any) -> Any:
        """Second."""
        return track("second", np.asarray(first) + 1)

    @rule("x", clause="1")
    def third(second: Any) -> Any:
        """Third."""
        assert gone == ["first"]  # its last use is past
        return np.asarray(second) + 1

    made = plan([first, second, third], ["third"], {"leaf"})
    assert made.run({"leaf": col(1, 2, 3)})["third"].ravel().tolist() == [4, 5, 6]
    assert gone == ["first", "second"]


# -- failing when resolved --------------------------------------------------------------------------------------


def test_a_circle_prints_its_path_with_file_and_line() -> None:
    @rule("x", clause="1")
    def chicken(egg: Any) -> Any:
        """From an egg."""
        return egg

    @rule("x", clause="1")
    def egg(nest: Any) -> Any:
        """From a nest."""
        return nest

    @rule("x", clause="1")
    def nest(chicken: Any) -> Any:
        """From a chicken."""
        return chicken

    with pytest.raises(Circle, match="chicken -> egg -> nest -> chicken") as caught:
        plan([chicken, egg, nest], ["chicken"], set())
    assert caught.value.file.endswith("engine/test_plan.py") and caught.value.line == chicken.__rule__.at_line
    assert "last_year_" in (caught.value.hint or "")


def test_an_unknown_name_has_the_nearest() -> None:
    with pytest.raises(UnknownName, match="'prise'") as caught:
        plan([weighted, total], ["prise"], {"size", "need", "price"})
    assert "price" in (caught.value.hint or "")
    with pytest.raises(UnknownName, match="'need'") as caught:
        plan([weighted], ["weighted"], {"size", "needs"})
    assert "needs" in (caught.value.hint or "")


def test_variants_must_agree_in_unit_and_not_overlap() -> None:
    @rule("pence", clause="1", name="weighted")
    def in_pence(size: Any) -> Any:
        """Another unit."""
        return size

    with pytest.raises(UnitMismatch, match=r"patients .* and pence") as caught:
        plan([weighted, in_pence], ["weighted"], {"size", "need"})
    assert caught.value.expected == "patients (practice)" and caught.value.line

    @rule("patients", clause="1", name="weighted", years="2020/21-")
    def again(size: Any) -> Any:
        """The same years."""
        return size

    with pytest.raises(LoadError, match="two rules make 'weighted' in the same year") as caught:
        plan([weighted, again], ["weighted"], {"size", "need"})
    assert "fallback" in (caught.value.expected or "") and caught.value.line

    @rule("patients", clause="1", line="Paid")
    def paid(size: Any) -> Any:
        """Money in the wrong unit."""
        return size

    with pytest.raises(UnitMismatch, match="paid in 'patients'") as caught:
        plan([paid], ["paid"], {"size"})
    assert caught.value.expected == "GBP per year"
    with pytest.raises(LoadError, match="both a rule and a value") as caught:
        plan([weighted], ["weighted"], {"size", "need", "weighted"})
    assert caught.value.line == weighted.__rule__.at_line


def test_a_rule_says_level_how_and_clause_rightly() -> None:
    for wrong in ({"level": "village"}, {"how": "guessed"}, {"clause": " "}):
        with pytest.raises(LoadError) as caught:
            rule("x", **({"clause": "1"} | wrong))(lambda size: size)
        assert caught.value.expected and caught.value.line


def test_years_without_a_rule_are_an_error_unless_it_says_what_it_is_then() -> None:
    @rule("x", clause="1", years="2020/21-")
    def late(size: Any) -> Any:
        """Not in the first year."""
        return size

    with pytest.raises(LoadError, match="no rule for 'late' is in force in 2019/20") as caught:
        plan([late], ["late"], {"size"})
    assert "outside=" in (caught.value.expected or "") and caught.value.line == late.__rule__.at_line

    @rule("x", clause="1", name="late", years="2020/21", outside=7)
    def settled(size: Any) -> Any:
        """Seven when it is not in force."""
        return size * 1.0

    made = plan([settled], ["late"], {"size"})
    assert made.run({"size": col(1, 2, 3)})["late"].ravel().tolist() == [7, 2, 7]
    assert made.rule("late", 2019) is None and made.rule("late", 2020) is settled.__rule__
    assert plan([settled], ["late"], {"size"}, years=(2025,)).run({})["late"].ravel().tolist() == [7]


def test_what_is_not_given_is_named_with_its_readers() -> None:
    made = plan([total, weighted], ["total"], {"size", "need", "price"})
    with pytest.raises(MissingFact, match="'need' is needed by weighted") as caught:
        made.run({"price": col(1, 1, 1)})
    assert "need, size" in (caught.value.hint or "") and "2019/20 to 2021/22" in (caught.value.expected or "")


# -- variants by year -------------------------------------------------------------------------------------------


@rule("GBP per year", clause="1", name="pay", years="-2019/20", line="Pay")
def pay_by_head(size: Any, price: Any) -> Any:
    """By head."""
    return size * price


@rule("GBP per year", clause="2", name="pay", years="2020/21-", line="Pay")
def pay_flat(grant: Any) -> Any:
    """A grant."""
    return grant


def test_each_year_has_the_rule_in_force() -> None:
    made = plan([pay_by_head, pay_flat], ["pay"], {"size", "price", "grant"})
    size = np.array([[[10.0, 20.0]] * 3])
    paid = made.run({"size": size, "price": col(2, 2, 2), "grant": np.array([[[5.0]]])})["pay"]
    assert paid.shape == (1, 3, 2) and paid[0].tolist() == [[20, 40], [5, 5], [5, 5]]
    assert made.rule("pay", 2019) is pay_by_head.__rule__ and made.rule("pay", 2021) is pay_flat.__rule__
    one = plan([pay_by_head, pay_flat], ["pay"], {"size", "price", "grant"}, years=(2021,))
    assert one.leaves == ("grant",)


# -- fallbacks and what cannot be priced --------------------------------------------------------------------------


@rule("patients", clause="1", name="weighted", how="modelled", fallback=True)
def weighted_as_registered(size: Any) -> Any:
    """The list, where need is not known."""
    return size * 1.0


def test_a_fallback_serves_only_where_the_main_rules_facts_are_absent() -> None:
    known = {"size", "need", "price"}
    functions = [weighted_as_registered, weighted, total]
    full = plan(functions, ["total"], known)
    assert full.rule("weighted", 2020) is weighted.__rule__
    spare = plan(functions, ["total"], known, available={"size", "price"})
    assert spare.rule("weighted", 2020) is weighted_as_registered.__rule__ and spare.leaves == ("price", "size")
    assert spare.run({"size": col(1, 2, 3), "price": col(2, 2, 2)})["total"].ravel().tolist() == [2, 4, 6]


def test_a_fallback_is_chosen_through_the_rules_between() -> None:
    @rule("ratio", clause="1")
    def need(illness: Any) -> Any:
        """Need from illness."""
        return illness / 100

    functions = [weighted_as_registered, weighted, total, need]
    spare = plan(functions, ["total"], {"size", "illness", "price"}, available={"size", "price"})
    assert spare.rule("weighted", 2019) is weighted_as_registered.__rule__ and "need" not in spare.names


def test_lines_that_rest_on_a_missing_fact_are_named_with_it() -> None:
    published = carried("drugs", "Drugs", clause="Drug Tariff")
    functions = [total, weighted, published]
    known = {"size", "need", "price", "published_drugs"}
    made = plan(functions, ["total", "drugs"], known, available={"size", "price", "need"}, partial=True)
    assert made.targets == ("total",) and dict(made.unpriced) == {"drugs": "published_drugs"}
    other = plan(functions, ["total", "drugs"], known, available={"size", "price", "published_drugs"}, partial=True)
    assert dict(other.unpriced) == {"total": "need"}
    with pytest.raises(MissingFact, match="'need'"):
        plan(functions, ["total"], known, available={"size", "price"}).run({"size": col(1), "price": col(1)})


def test_a_fact_lacked_in_some_years_only_counts_in_those() -> None:
    functions = [pay_by_head, pay_flat]
    known = {"size", "price", "grant"}
    early = plan(functions, ["pay"], known, available={"size", "price"}, partial=True, years=(2018, 2019))
    assert not early.unpriced and early.targets == ("pay",)
    late = plan(functions, ["pay"], known, available={"size", "price"}, partial=True, years=(2019, 2020))
    assert dict(late.unpriced) == {"pay": "grant"}


@rule("GBP per year", clause="1", line="A")
def ahead(behind: Any) -> Any:
    """This year's, from behind."""
    return behind


@rule("GBP per year", clause="1", line="B")
def behind(last_year_ahead: Any, scarce: Any) -> Any:
    """Last year's, and something scarce."""
    return last_year_ahead + scarce


@pytest.mark.parametrize("targets", [["ahead", "behind"], ["behind", "ahead"]])
def test_a_missing_fact_is_found_round_a_lag_from_either_side(targets: list[str]) -> None:
    known = {"scarce", "ahead_before"}
    made = plan([ahead, behind], targets, known, available={"ahead_before"}, partial=True)
    assert dict(made.unpriced) == {"ahead": "scarce", "behind": "scarce"} and made.targets == ()


@rule("GBP per year", clause="1", line="C")
def left(last_year_right: Any, scarce: Any) -> Any:
    """Rests on the scarce fact itself."""
    return last_year_right + scarce


@rule("GBP per year", clause="1", line="D")
def right(last_year_left: Any) -> Any:
    """Rests on the scarce fact through the other."""
    return last_year_left


@pytest.mark.parametrize("targets", [["left", "right"], ["right", "left"]])
def test_a_missing_fact_is_found_through_a_lag_from_either_side(targets: list[str]) -> None:
    known = {"scarce", "left_before", "right_before"}
    made = plan([left, right], targets, known, available={"left_before", "right_before"}, partial=True)
    assert dict(made.unpriced) == {"left": "scarce", "right": "scarce"}


# -- lags --------------------------------------------------------------------------------------------------------


def test_a_lag_alone_is_a_shift() -> None:
    @rule("x", clause="1")
    def rise(size: Any, last_year_size: Any) -> Any:
        """Growth."""
        return size - last_year_size

    made = plan([rise], ["rise"], {"size", "size_before"})
    assert made.leaves == ("size", "size_before")
    given_ = {"size": col(10, 15, 25), "size_before": np.array([[[np.nan]]])}
    out = made.run(given_)["rise"].ravel()
    assert np.isnan(out[0]) and out[1:].tolist() == [5, 10]
    given_["size_before"] = np.array([[[4.0]]])
    assert made.run(given_)["rise"].ravel().tolist() == [6, 5, 10]


def test_a_lag_does_not_reach_over_years_that_are_missing() -> None:
    @rule("x", clause="1")
    def rise(size: Any, last_year_size: Any) -> Any:
        """Growth."""
        return size - last_year_size

    @rule("x", clause="1")
    def pot(size: Any, last_year_pot: Any) -> Any:
        """Filled a little each year."""
        return last_year_pot + size

    years = (2014, 2015, 2019, 2020)
    made = plan([rise, pot], ["rise", "pot"], {"size", "size_before", "pot_before"}, years=years)
    before = {"size_before": np.array([[[9.0]]]), "pot_before": np.array([[[100.0]]])}
    out = made.run({"size": col(10, 15, 25, 27)} | before)
    np.testing.assert_array_equal(out["rise"].ravel(), [1, 5, np.nan, 2])  # 2018 is not known
    np.testing.assert_array_equal(out["pot"].ravel(), [110, 125, np.nan, np.nan])


def test_rules_that_need_their_own_last_year_go_year_by_year() -> None:
    @rule("GBP per year", clause="1", name="factor", years="-2019/20", line="F")
    def at_start(base: Any, size: Any) -> Any:
        """What it starts with."""
        return base + size * 0.0

    @rule("GBP per year", clause="1", name="factor", years="2020/21-", line="F")
    def worn(last_year_factor: Any, cut: Any) -> Any:
        """Less the cut."""
        return maximum(last_year_factor - cut, 0.0)

    @rule("GBP per year", clause="1", years="2020/21-", outside=0)
    def cut(last_year_factor: Any, rate: Any) -> Any:
        """A share of last year's."""
        return last_year_factor * rate

    years = (2019, 2020, 2021, 2022)
    made = plan([at_start, worn, cut], ["factor"], {"base", "size", "rate", "factor_before"}, years=years)
    given_ = {"base": col(100), "size": np.ones((1, 4, 2)), "rate": col(0.9, 0.1, 0.2, 0.5)}
    out = made.run(given_ | {"factor_before": np.array([[[np.nan]]])}, keep=["cut"])
    np.testing.assert_allclose(out["factor"][0, :, 0], [100, 90, 72, 36])
    np.testing.assert_allclose(out["cut"][0, :, 0], [0, 10, 18, 36])
    assert out["factor"].shape == (1, 4, 2)


def test_areas_go_year_by_year_too() -> None:
    @rule("x", clause="1", level="network")
    def pool(last_year_own: Any, size: Any, network: Any) -> Any:
        """What a network's practices had."""
        return by_network(where(last_year_own == last_year_own, last_year_own, 0.0) + size, network)

    @rule("x", clause="1")
    def own(pool: Any, network: Any) -> Any:
        """Back to each practice."""
        return to_practice(pool, network)

    network = Areas("network", ("N1", "N2"), ("", ""), np.array([[0, 0], [0, 1], [0, 1]], np.int32))
    made = plan([pool, own], ["own"], {"size", "network", "own_before"})
    size = np.array([[[1.0, 2.0]] * 3])
    out = made.run({"size": size, "network": network, "own_before": np.array([[[0.0]]])})["own"]
    assert out[0].tolist() == [[3, 3], [4, 5], [5, 7]]


# -- random plans against a slow reference -------------------------------------------------------------------------

LEAVES = ("p", "q", "r")


def toy(name: str, needs: tuple[str, ...], number: int, first: int | None, last: int | None, outside: float) -> Rule:
    def function(*args: Any) -> Any:
        made = args[0] * 0.5 + number
        for i, a in enumerate(args[1:], 2):
            made = made + maximum(a, -10.0) * 0.3 / i
        return made

    return Rule(name, function, needs, "x", "1", first, last, None, "practice", "computed", "practice", outside, False, "t", number)  # fmt: skip


@st.composite
def toys(draw: st.DrawFn) -> tuple[Rule, ...]:
    names = [f"n{i}" for i in range(draw(st.integers(1, 7)))]
    made = []
    for i, name in enumerate(names):
        same_year = [*LEAVES, *names[:i]]
        pool = same_year + [f"last_year_{n}" for n in (*names, "p")]
        split = draw(st.sampled_from([None, 2019, 2020]))
        for k in range(1 if split is None else 2):
            needs = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4, unique=True))
            first, last = (None, None) if split is None else (None, split) if k == 0 else (split + 1, None)
            if k == 1 and draw(st.booleans()):
                last = split + 1
            made.append(toy(name, tuple(needs), 10 * i + k, first, last, 3.5))
    return tuple(draw(st.permutations(made)))


def reference(rules: tuple[Rule, ...], name: str, year: int, leaves: Mapping[str, np.ndarray], at: int) -> float:
    """One number of one practice by plain recursion."""
    if name.startswith("last_year_"):
        name = name.removeprefix("last_year_")
        if year == YEARS[0]:
            return float(leaves[f"{name}_before"][0, 0, at])
        return reference(rules, name, year - 1, leaves, at)
    if name in LEAVES:
        return float(leaves[name][0, YEARS.index(year), at])
    found = [r for r in rules if r.name == name and r.in_force(year)]
    if not found:
        return 3.5
    return float(found[0].function(*[reference(rules, a, year, leaves, at) for a in found[0].needs]))


def leaves_for(made: Plan, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {n: random.normal(size=(1, 1 if n.endswith("_before") else 3, 2)) * 20 for n in made.leaves}


def resolved(rules: tuple[Rule, ...]) -> Plan:
    known = {*LEAVES, *(f"{n}_before" for n in (*LEAVES, *(r.name for r in rules)))}
    return Plan(rules, tuple(sorted({r.name for r in rules})), YEARS, known)


@given(toys(), st.integers(0, 1000))
def test_a_run_equals_plain_recursion(rules: tuple[Rule, ...], seed: int) -> None:
    made = resolved(rules)
    leaves = leaves_for(made, seed)
    out = made.run(leaves)
    for name, x in out.items():
        x = np.broadcast_to(x, (1, 3, 2))
        for t, year in enumerate(YEARS):
            for at in (0, 1):
                assert x[0, t, at] == pytest.approx(reference(rules, name, year, leaves, at), rel=1e-9, abs=1e-9)


@given(toys(), st.integers(0, 1000), st.data())
def test_a_partial_rerun_equals_a_full_run(rules: tuple[Rule, ...], seed: int, data: st.DataObject) -> None:
    made = resolved(rules)
    leaves = leaves_for(made, seed)
    done = made.run(leaves, keep=made.names) | leaves
    changed = {}
    for name in data.draw(st.lists(st.sampled_from(made.leaves), unique=True)) if made.leaves else []:
        x = leaves[name].copy()
        x[:, data.draw(st.integers(0, x.shape[1] - 1))] += data.draw(st.sampled_from([-5.0, 1.5, 30.0]))
        changed[name] = x
    before = {k: v.copy() for k, v in done.items()}
    again = made.rerun(done, changed)
    full = made.run(leaves | changed, keep=made.names)
    for name in made.names:
        np.testing.assert_array_equal(again[name], full[name])
        if name not in made.reached(changed):
            assert again[name] is done[name]  # not run again
    for name, x in before.items():
        np.testing.assert_array_equal(done[name], x)  # the baseline is left as it was
    assert set(made.rerun(done, changed, keep=made.targets)) == set(made.targets)


# -- pinned ------------------------------------------------------------------------------------------------------


def test_sums_over_the_nation_can_be_pinned_when_some_practices_run() -> None:
    @rule("patients", clause="1", level="nation")
    def everyone(size: Any) -> Any:
        """All patients."""
        return national(size)

    @rule("ratio", clause="1")
    def part(size: Any, everyone: Any) -> Any:
        """A practice's part of the nation."""
        return size / everyone

    made = plan([everyone, part], ["part"], {"size"})
    size = np.array([[[1.0, 3.0, 4.0]] * 3])
    whole = made.run({"size": size}, keep=["everyone"])
    alone = made.run({"size": size[..., 1:2]}, pinned={"everyone": whole["everyone"]})
    assert alone["part"].ravel().tolist() == whole["part"][0, :, 1].tolist() == [0.375] * 3
