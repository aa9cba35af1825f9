"""Edits and reforms: what each does, how they compose and clash, and the hash that names them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.edits import (
    KINDS,
    Add,
    AddChapter,
    Cap,
    DropChapter,
    Edit,
    PhaseIn,
    Reform,
    ReplaceRule,
    Scale,
    Set,
    apply,
    edit_from,
)
from gpcontract.engine.errors import EditClash, InputError, UnknownName
from gpcontract.engine.years import year_name

YEARS = (2023, 2024, 2025, 2026)
KEYS = {"bands": {"band": ("young", "old")}}


def arrays() -> dict[str, np.ndarray]:
    return {
        "price": np.array([10.0, 20.0, 30.0, 40.0])[None, :, None],
        "bands": np.array([[1.0] * 4, [2.0] * 4])[:, None, :, None],
    }


def changed(*edits: Edit) -> dict[str, Any]:
    return apply(Reform.of(*edits), arrays(), KEYS, YEARS)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Set("price", 5), [5, 5, 5, 5]),
        (Set("price", 5, years="2024/25-"), [10, 5, 5, 5]),
        (Set("price", 5, years="-2024/25"), [5, 5, 30, 40]),
        (Set("price", 5, years="2024/25"), [10, 5, 30, 40]),
        (Scale("price", 1.1, years="2024/25-2025/26"), [10, 22, 33, 40]),
        (Add("price", -3, years="2026/27-"), [10, 20, 30, 37]),
        (Cap("price", 25), [10, 20, 25, 25]),
        (Cap("price", 25, years="-2025/26"), [10, 20, 25, 40]),
        (PhaseIn("price", 100, years="2024/25-2025/26"), [10, 60, 100, 100]),
        (PhaseIn("price", 100, years="2022/23-2025/26"), [55, 80, 100, 100]),
    ],
)
def test_what_each_edit_does(edit: Edit, expected: list[float]) -> None:
    before = arrays()["price"].copy()
    given_ = arrays()
    made = apply(Reform.of(edit), given_, KEYS, YEARS)
    assert set(made) == {"price"}
    np.testing.assert_allclose(made["price"].ravel(), expected, rtol=1e-12)
    np.testing.assert_array_equal(given_["price"], before)  # what was given is left as it was


def test_an_edit_of_one_entry_leaves_the_others() -> None:
    made = changed(Set("bands", 9, years="2025/26-", key="old"))["bands"]
    assert made[0].ravel().tolist() == [1, 1, 1, 1]
    assert made[1].ravel().tolist() == [2, 2, 9, 9]
    assert changed(Scale("bands", 2))["bands"].ravel().tolist() == [2] * 4 + [4] * 4


def test_edits_apply_in_order() -> None:
    first = changed(Scale("price", 2), Add("price", 1))["price"].ravel()
    second = changed(Add("price", 1), Scale("price", 2))["price"].ravel()
    assert first[0] == 21 and second[0] == 22
    assert changed(Set("price", 5), Scale("price", 2))["price"].ravel().tolist() == [10] * 4


def test_an_edit_of_other_years_changes_nothing() -> None:
    assert changed(Scale("price", 2, years="2030/31-")) == {}
    assert not Reform() and apply(Reform(), arrays(), KEYS, YEARS) == {}


def test_unknown_values_and_entries_have_hints() -> None:
    with pytest.raises(UnknownName, match="no value 'prise' to scale") as caught:
        changed(Scale("prise", 2))
    assert caught.value.hint == "did you mean price?" and caught.value.expected
    with pytest.raises(UnknownName, match="'bands' has no entry 'odl'") as caught:
        changed(Set("bands", 1, key="odl"))
    assert caught.value.hint == "did you mean old?" and caught.value.expected == "young, old"
    with pytest.raises(UnknownName, match="'price' has no entry") as caught:
        changed(Set("price", 1, key="old"))
    assert caught.value.expected == "a plain value"


# -- composing and clashing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "year"),
    [
        (Set("price", 5), Set("price", 6), "1990/91"),
        (Set("price", 5, years="2024/25-"), PhaseIn("price", 6, years="2030/31-2031/32"), "2030/31"),
        (Set("bands", 5, key="old"), Set("bands", 6, key="old", years="2025/26"), "2025/26"),
        (Set("bands", 5), Set("bands", 6, key="old", years="2025/26"), "2025/26"),
        (ReplaceRule("a", "b"), ReplaceRule("a", "c", years="2025/26"), "2025/26"),
    ],
)
def test_two_edits_of_one_thing_in_one_year_clash(a: Edit, b: Edit, year: str) -> None:
    for pair in ((a, b), (b, a)):
        with pytest.raises(EditClash, match=f"in {year}") as caught:
            Reform.of(*pair)
        assert caught.value.expected and caught.value.hint
    with pytest.raises(EditClash):
        Reform.of(a) + Reform.of(b)


def test_edits_that_can_hold_together_do_not_clash() -> None:
    Reform.of(Set("price", 5, years="-2024/25"), Set("price", 6, years="2025/26-"))
    Reform.of(Set("bands", 5, key="old"), Set("bands", 6, key="young"))
    Reform.of(Set("price", 5), Scale("price", 2), Add("price", 1), Cap("price", 3))
    Reform.of(Set("price", 5), Set("prices", 6), DropChapter("seniority"), AddChapter("new"))


def test_composition_keeps_order_and_says_the_same_thing_once() -> None:
    a, b = Reform.of(Set("price", 5, note="first"), title="A"), Reform.of(Scale("price", 2), title="B")
    assert (a + b).edits == (*a.edits, *b.edits) and (a + b).title == "A + B"
    assert (a + Reform.of(Set("price", 5, note="again"))).edits == a.edits
    assert (b + b).edits == (*b.edits, *b.edits)  # scaling twice is twice
    assert (a + b) + a == a + b


# -- the hash and the JSON -------------------------------------------------------------------------------------

years = st.one_of(
    st.none(),
    st.tuples(st.integers(2004, 2026), st.integers(0, 5)).map(lambda t: f"{year_name(t[0])}-{year_name(t[0] + t[1])}"),
    st.integers(2004, 2026).map(lambda y: f"{year_name(y)}-"),
    st.integers(2004, 2026).map(lambda y: f"-{year_name(y)}"),
    st.integers(2004, 2026).map(year_name),
)
amounts = st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6, allow_nan=False))
names = st.sampled_from(["price", "bands", "rate", "size_é"])
notes = st.text(max_size=10)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Scale, names, amounts, years, st.sampled_from([None, "old"]), notes),
    st.builds(Add, names, amounts, years, st.none(), notes, st.sampled_from([None, (0.5, 2), (1.0, 1.0)])),
    st.builds(Cap, names, amounts, years, st.none(), notes),
    st.builds(AddChapter, st.sampled_from(["x", "y"]), years, notes),
)


@given(st.lists(edits, max_size=5))
def test_json_goes_round_and_the_hash_with_it(listed: list[Edit]) -> None:
    reform = Reform(tuple(listed))
    again = Reform.from_json(reform.to_json())
    assert again == reform and again.hash == reform.hash
    assert again.to_json() == reform.to_json()
    assert len(reform.hash) == 12 and int(reform.hash, 16) >= 0


@given(st.lists(edits, min_size=1, max_size=4), notes)
def test_notes_do_not_count_in_the_hash_and_all_else_does(listed: list[Edit], note: str) -> None:
    def noted(edit: Edit) -> Edit:
        return edit_from(edit.as_dict() | {"note": note})

    reform = Reform(tuple(listed))
    assert Reform(tuple(map(noted, listed))).hash == reform.hash
    assert Reform((*listed, Scale("another", 1.5))).hash != reform.hash
    assert Reform(tuple(reversed(listed))).hash == reform.hash or listed != listed[::-1]


def test_equal_edits_have_one_spelling() -> None:
    one = Reform.of(Scale("price", 2, years="2025/26-"))
    for other in (
        Scale("price", 2.0, years="2025-"),
        Scale("price", 2, years=" 2025/26 - "),
        Scale("price", 2, years="2025/2026-", note="why"),
    ):
        assert Reform.of(other).hash == one.hash
    assert Scale("price", 2, years="-") == Scale("price", 2) == Scale("price", 2, years="")
    assert Scale("price", 2, years="2025/26-2025/26") == Scale("price", 2, years="2025/26")
    assert Reform.of(Scale("price", 2), title="A").hash == Reform.of(Scale("price", 2), title="B").hash


GOOD: dict[str, dict[str, Any]] = {
    "set": {"value": "x", "amount": 1},
    "scale": {"value": "x", "amount": 1},
    "add": {"value": "x", "amount": 1},
    "cap": {"value": "x", "amount": 1},
    "phase in": {"value": "x", "amount": 1, "years": "2025/26-2027/28"},
    "replace rule": {"rule": "x", "by": "y"},
    "add chapter": {"chapter": "x"},
    "drop chapter": {"chapter": "x"},
}


def test_every_kind_can_be_read() -> None:
    assert set(GOOD) == set(KINDS)
    for kind, body in GOOD.items():
        assert edit_from({"kind": kind} | body).as_dict()["kind"] == kind


@pytest.mark.parametrize(
    ("body", "problem", "help_"),
    [
        ({"kind": "sett", "value": "x", "amount": 1}, "'sett' is not a kind of edit", "did you mean set?"),
        ({"kind": ["set"]}, "is not a kind of edit", "scale"),
        ("set", "'set' is not a kind of edit", "scale"),
        (5, "'5' is not a kind of edit", "scale"),
        ({"kind": "set", "value": "x"}, "lacks amount", "amount"),
        ({"kind": "set"}, "lacks value and amount", "amount"),
        ({"kind": "set", "value": "x", "amount": 1, "yers": "2025/26"}, "has no 'yers'", "did you mean years?"),
        ({"kind": "set", "value": "x", "amount": "lots"}, "is 'lots'", "a number"),
        ({"kind": "set", "value": "x", "amount": None}, "is 'None'", "a number"),
        ({"kind": "set", "value": "x", "amount": True}, "is 'True'", "a number"),
        ({"kind": "set", "value": "x", "amount": [1]}, "is '[1]'", "a number"),
        ({"kind": "set", "value": "x", "amount": float("nan")}, "is 'nan'", "a number"),
        ({"kind": "set", "value": "x", "amount": float("inf")}, "is 'inf'", "a number"),
        ({"kind": "set", "value": 5, "amount": 1}, "the value of an edit", "text"),
        ({"kind": "set", "value": "x", "amount": 1, "years": 2025}, "the years of an edit", "text"),
        ({"kind": "set", "value": "x", "amount": 1, "years": "next year"}, "is not a financial year", "2024/25"),
        ({"kind": "set", "value": "x", "amount": 1, "years": "2027/28-2025/26"}, "run backwards", "2025/26-2027/28"),
        ({"kind": "set", "value": "x", "amount": 1, "range": 5}, "the range of an edit", "[low, high]"),
        ({"kind": "set", "value": "x", "amount": 1, "range": [2, 1]}, "the range of 'set'", "[low, high]"),
        ({"kind": "set", "value": "x", "amount": 1, "range": [1, "b"]}, "is 'b'", "a number"),
        ({"kind": "phase in", "value": "x", "amount": 1}, "needs a first and a last year", "2025/26-2029/30"),
        ({"kind": "phase in", "value": "x", "amount": 1, "years": "2025/26-"}, "needs a first", "2025/26-2029/30"),
        ({"kind": "drop chapter", "chapter": {}}, "the chapter of an edit", "text"),
    ],
)
def test_an_edit_that_is_wrong_says_how(body: Any, problem: str, help_: str) -> None:
    with pytest.raises(InputError) as caught:
        edit_from(body)
    assert problem in caught.value.problem
    assert help_ in f"{caught.value.expected} {caught.value.hint}"


@pytest.mark.parametrize("text", ["{", '{"kind": "set"}', "5", "null", '"set"', ""])
def test_a_reform_that_is_no_list_of_edits(text: str) -> None:
    with pytest.raises(InputError, match="list of edits"):
        Reform.from_json(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda x: st.lists(x, max_size=2) | st.dictionaries(st.text(max_size=4), x, max_size=2),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(["kind", "value", "amount", "years", "key", "note", "range", "rule", "by", "chapter"]),
        st.sampled_from([*KINDS, "2025/26-"]) | json_values,
        max_size=6,
    )
)
def test_any_json_gives_an_edit_or_an_input_error(body: dict[str, Any]) -> None:
    try:
        Reform.from_json(json.dumps([body]))
    except InputError as error:
        assert error.problem
