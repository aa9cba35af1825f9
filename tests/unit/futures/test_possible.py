"""Every figure turns something that is recorded, what turns nothing is refused, and no figure can be made what it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gpcontract import England
from gpcontract.engine.edits import Add, Reform, Scale, Set, ValueEdit
from gpcontract.engine.errors import InputError
from gpcontract.futures import beliefs, possible, simulate
from gpcontract.futures.drawn import drawn_figures
from gpcontract.futures.figures import STANDS, figures, found, moving
from gpcontract.futures.knobs import turned
from gpcontract.futures.quantities import QUANTITIES
from gpcontract.futures.simulate import Plan

CONTRACTS = (
    "national",
    "at_your_service",
    "securing_the_future",
)  # one that passes lists, and one that practices opt into
YEARS = (2024, 2025, 2026, 2027, 2028)
NEEDS = {  # figures that are read only where another is turned
    "reversal_return_rate": Set("reversal_after", 1),
    "reversal_cost_per_practice": Set("reversal_after", 1),
}
Run = Callable[[Reform], Any]


@pytest.fixture(scope="module")
def plan(small: England) -> Plan:
    return simulate.plan(small, CONTRACTS, years=len(YEARS) - 1, draws=3)


@pytest.fixture(scope="module")
def recorded(plan: Plan) -> Run:
    """What is recorded under some knobs: in the central draw and two with luck."""
    known: dict[str, Any] = {}

    def run(knobs: Reform) -> Any:
        if knobs.hash not in known:
            known[knobs.hash] = simulate.block(replace(plan, knobs=knobs), [0, 1, 2]).nation
        return known[knobs.hash]

    return run


def turn(name: str, years: str | None = None) -> ValueEdit:
    """A figure at an end of its range, or by a tenth; of a table that is read by its shape, as all are at the start, one entry."""
    value = found(name)
    entry = value.entries[-1]
    if name == "reversal_after":
        return Set(name, 1, years)
    if name in possible.SHAPES or (value.shape and years == "2024/25"):
        return Scale(name, 1.1, years, key=next(iter(value.keys.values()))[1])
    low, high = entry.range or (0.9, 1.1)
    if value.shape or not entry.range:
        return Scale(name, high if high != 1 else low, years)
    return Set(name, high if high != entry.value else low, years)


def moves(recorded: Run, name: str, *edits: ValueEdit) -> bool:
    besides = (NEEDS[name],) if name in NEEDS else ()
    before, after = (recorded(Reform.of(*besides, *e)) for e in ((), edits))
    return bool((np.abs(after - before) > 1e-9 * np.maximum(np.abs(before), 1.0)).any())


@pytest.mark.parametrize("name", moving())
def test_each_figure_turns_something_that_is_recorded(recorded: Run, name: str) -> None:
    assert moves(recorded, name, turn(name, "2025/26-" if name in possible.ALIKE else None))


@pytest.mark.parametrize("years", ["2024/25", "2025/26-"])
@pytest.mark.parametrize("name", moving())
def test_an_edit_that_reaches_nothing_is_refused(
    recorded: Run, monkeypatch: pytest.MonkeyPatch, name: str, years: str
) -> None:
    """And no other is."""
    edit, refused = turn(name, years), False
    try:
        beliefs.check(Reform.of(edit), YEARS)
    except InputError as error:
        refused = True
        assert f"{edit.said} changes nothing: {name} is read in" in error.problem
    monkeypatch.setattr(possible, "reaches", lambda *_: None)
    assert moves(recorded, name, edit) is not refused


@pytest.mark.parametrize("name", [*possible.ALIKE, *possible.SHAPES])
def test_one_factor_on_all_entries_of_some_tables_is_refused(
    recorded: Run, plan: Plan, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It changes nothing, and a draw of it is no uncertain figure."""
    with pytest.raises(InputError, match=f"scale {name} by 1.1 changes nothing"):
        beliefs.check(Reform.of(Scale(name, 1.1)), YEARS)
    assert name not in drawn_figures(plan, [1, 2])
    monkeypatch.setattr(possible, "reaches", lambda *_: None)
    assert not moves(recorded, name, Scale(name, 1.1))


def test_what_a_factor_or_only_the_start_rests_on_is_no_uncertain_figure(plan: Plan) -> None:
    held = drawn_figures(plan, [1, 2])
    ranged = {n for n, v in moving().items() if v.entries[-1].range}
    assert {n for n in held if ":" not in n} == ranged - {*possible.ALIKE, *possible.SHAPES}
    assert not set(STANDS) & set(plan.beliefs.arrays)


@pytest.mark.parametrize("name", STANDS)
def test_a_figure_that_only_the_start_is_made_of_is_not_turned(name: str) -> None:
    with pytest.raises(InputError, match=f"no knob turns '{name}': {STANDS[name]}"):
        beliefs.check(Reform.of(Scale(name, 1.1)))


def test_an_edit_of_other_years_is_refused() -> None:
    with pytest.raises(InputError, match="pay_growth is read in 2025/26 to 2028/29"):
        beliefs.check(Reform.of(Set("pay_growth", 0.01, "2040/41-")), YEARS)
    with pytest.raises(InputError, match="announcement_leaving is read in 2025/26 alone"):
        beliefs.check(Reform.of(Set("announcement_leaving", 2, "2026/27-")), YEARS)


def test_an_entry_that_is_not_read_is_refused() -> None:
    with pytest.raises(InputError, match=r"(?s)employee. to 0.4 changes nothing.*an edit of staff_cost_per_fte"):
        beliefs.check(Reform.of(Set("contractor_expense_shares", 0.4, key="employee")), YEARS)


@pytest.mark.parametrize(("name", "key"), [(n, k) for n, v in moving().items() for ks in v.keys.values() for k in ks])
def test_each_entry_of_a_table_turns_something_that_is_recorded(recorded: Run, name: str, key: str) -> None:
    if key not in (*possible.UNREAD.get(name, ()), *possible.NONE.get(name, ())):
        assert moves(recorded, name, Scale(name, 1.05, key=key))


# -- what figures can be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", figures())
def test_what_is_thought_of_a_figure_is_possible(name: str) -> None:
    """Its central value, in every year, and both ends of its range."""
    x = possible.ends(name, (), YEARS)
    possible.within(name, x, "its range")
    low, high = possible.limits(name)
    assert low < high


@pytest.mark.parametrize("name", moving())
def test_at_the_ends_of_what_is_possible_a_run_means_something(recorded: Run, name: str) -> None:
    """Every number is one, and there are never fewer than no practices, patients, people or pounds."""
    for end in possible.limits(name):
        amount = end if np.isfinite(end) else 100 * float(np.max(found(name).entries[-1].value))
        edits = Reform.of(Set(name, amount), *([NEEDS[name]] if name in NEEDS else []))
        try:
            beliefs.check(edits, YEARS)
        except InputError:  # what the entries of a table cannot all be
            assert found(name).shape
            continue
        x = recorded(edits)
        assert np.isfinite(x).all()
        for quantity in (
            "bill",
            "practices",
            "merged",
            "closed",
            "patients",
            "partners",
            "salaried_fte",
            "gp_fte",
            "left_gps",
        ):
            assert x[:, :, list(QUANTITIES).index(quantity)].min() > -1e-6, quantity


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Set("hard_exit_share", 2), "makes hard_exit_share 2\n  expected: 0 to 0.999 (fraction)"),
        (Set("share_boys", 7), "makes share_boys 7"),
        (Set("partners_kept_on_conversion", 3), "makes partners_kept_on_conversion 3"),
        (Set("neighbour_distance", 0), "makes neighbour_distance 0\n  expected: 0.1 to 1,000 (km)"),
        (Set("reversal_after", 1.5), "expected: a whole number, 0 to 40 (years)"),
        (Set("trainees_yearly", -1), "makes trainees_yearly -1"),
        (Add("hard_exit_share", 0.7), "makes hard_exit_share 1.05"),  # at the end of its range
        (Scale("leaving_income_response", 20), "makes leaving_income_response -16"),
        (Set("pay_growth", 0.01, range=(-2, 1)), "makes pay_growth -2"),
        (Set("death_rate", 2, key="male_85+"), "makes death_rate 2"),
        (Set("contacts_per_fte", 0), "makes all of contacts_per_fte 0"),
        (Set("contractor_expense_shares", 0.9, key="other"), "makes contractor_expense_shares more than the whole"),
        (Set("ageing_share", 0.1), "makes ageing_share[male_85+] more than 0"),
        (Set("continuity_sizes", 20_000, key="small"), "leaves continuity_sizes out of order\n  expected: small < large"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(edit: ValueEdit, said: str) -> None:
    with pytest.raises(InputError) as error:
        beliefs.check(Reform.of(edit), YEARS)
    assert said in str(error.value)
    assert error.value.expected and error.value.hint


def test_edits_of_one_figure_are_judged_together() -> None:
    first, second = Set("trainees_yearly", 6000), Add("trainees_yearly", -5000, "2026/27-")
    beliefs.check(Reform.of(first, second), YEARS)
    with pytest.raises(InputError, match="6000 with add trainees_yearly: -7000, 2026/27- makes trainees_yearly -1,000"):
        beliefs.check(Reform.of(first, replace(second, amount=-7000)), YEARS)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("funding_growth", "-200%", "--funding-growth -200% makes funding_growth -2\n  expected: -0.5 to 1"),
        ("gp_training", "-4000", "--gp-training -4000 makes trainees_yearly -4,000"),
        (
            "gp_training",
            "50%",
            "--gp-training 50% is in percent\n  expected: a number of trainees\n  hint: it is 4,000",
        ),
        ("reversal_after", "-1", "--reversal-after -1 makes reversal_after -1"),
        ("reversal_after", "1.5", "expected: a whole number, 0 to 40 (years)"),
        ("announcement", "-3", "--announcement -3 makes announcement_leaving -3"),
        ("pay_growth", "nan", "--pay-growth nan makes pay_growth nan"),
    ],
)
def test_a_knob_that_cannot_be_is_refused_as_it_was_given(name: str, given: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        turned({name: given}, 2025, "--{name}")
    assert said in str(error.value)


def test_ratios_and_shares_may_be_in_percent() -> None:
    knobs = turned({"announcement": "150%", "funding_growth": "2%", "gp_training": "4,500"}, 2025)
    assert [e.amount for e in knobs.value_edits] == [1.5, 0.02, 4500]
