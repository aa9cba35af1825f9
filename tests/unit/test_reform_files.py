"""Reforms from files and from text that somebody pastes: JSON and YAML mean the same, and each mistake says where it is."""

from __future__ import annotations

import pytest

from gpcontract.engine.edits import Reform, Scale, Set
from gpcontract.engine.errors import GpContractError
from gpcontract.engine.reform_files import reform_of

ONE = Reform.of(Scale("global_sum_price", 1.05, "2025/26-"), Set("ooh_deduction_share", 0))
YAML = """title: Five per cent
edits:
- {kind: scale, value: global_sum_price, amount: 1.05, years: 2025/26-}
- {kind: set, value: ooh_deduction_share, amount: 0}
"""


def test_json_and_yaml_mean_the_same() -> None:
    assert reform_of(ONE.to_json()) == reform_of(YAML) == ONE
    assert reform_of(YAML).title == "Five per cent"
    assert reform_of("\ufeff  \n" + ONE.to_json()).hash == ONE.hash


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not hold a mapping"),
        ("- a", "does not hold a mapping"),
        ("title: x", "has a list of edits"),
        ("edits: {}", "has a list of edits"),
        ("edit: []", "has no 'edit'"),
        ("edits: [3]", "is not a kind of edit"),
        ("edits: [{kind: scale, value: global_sum_price}]", "lacks amount"),
        ("edits: [{kind: scale, value: global_sum_price, amount: .nan}]", "the amount"),
        ("edits: [{kind: scale, value: [a], amount: 1}]", "the value of an edit"),
        ("edits: &a [*a]", "holds itself"),
        ("edits: !!python/object/apply:os.system [ls]", "not YAML"),
        ("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nedits: [*e,*e,*e,*e]", "entries"),
        ("[" * 20_000, "too deep"),
        ("edits: " + "[" * 20_000, "nesting depth|within each other"),
        ("title: \x00", "not YAML"),
    ],
)  # fmt: skip
def test_text_that_is_no_reform_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(GpContractError, match=problem):
        reform_of(text)
