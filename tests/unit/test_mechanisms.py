"""Mechanisms: switches, edits and dates of a proposal; all of them off is the base, to the penny."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpcontract import Contract, England, run
from gpcontract.contracts import mistakes, names
from gpcontract.contracts.mechanisms import Mechanism, in_full, on_timeline
from gpcontract.contracts.template import template
from gpcontract.engine.edits import Add, Cap, Reform, Scale, Set
from gpcontract.engine.errors import InputError, LoadError, UnknownName

MINE = """\
title: Mine
base: national
edits:
- {kind: scale, value: qof_point_value, amount: 1.1}
mechanisms:
  price:
    title: A higher price
    ids: [S0-51]
    edits:
    - {kind: scale, value: global_sum_price, amount: 1.2, range: [1.1, 1.3]}
    from: 2023/24
    full_by: 2024/25
  trusts:
    title: Half the lists pass to trusts
    edits:
    - {kind: set, value: share_to_trust, amount: 0.5}
"""


@pytest.fixture(scope="module")
def england() -> England:
    return England.synthetic(1, (2022, 2023, 2024))


@pytest.fixture
def mine(tmp_path: Path) -> Contract:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return Contract.load(path)


def total(contract: Contract, england: England, year: int = 2024) -> int:
    return run(contract, england).bill(year).total


@pytest.mark.parametrize("name", [n for n in names() if Contract.load(n).mechanisms])
def test_a_proposal_with_every_mechanism_off_pays_every_practice_what_its_base_pays(
    name: str, england: England
) -> None:
    off, base = run(Contract.load(name).switched([]), england), run(Contract.load("national"), england)
    for year in england.years:
        for payee in ("practice", "network", "provider", "board", "owner"):
            assert np.array_equal(off.total(year, payee), base.total(year, payee)), (year, payee)
        assert (
            off.bill(year).of_fund("once")
            == off.bill(year).of_fund("moved")
            == off.bill(year).of_fund("elsewhere")
            == 0
        )


@pytest.mark.parametrize("name", [n for n in names() if Contract.load(n).mechanisms])
def test_every_mechanism_says_its_ids_and_what_it_is(name: str) -> None:
    for m in Contract.load(name).mechanisms:
        assert m.ids and m.title and m.about, m.name


@pytest.mark.parametrize("name", [n for n in names() if Contract.load(n).mechanisms])
def test_every_line_of_a_proposal_is_known_for_every_open_practice(name: str, england: England) -> None:
    result = run(Contract.load(name), england)
    base = set(Contract.load("national").lines)
    bad = [
        n
        for n in result.line_names
        if n not in base and not np.isfinite(result.amounts(n)[0][:, result.open(2024)]).all()
    ]
    assert bad == []


@pytest.mark.parametrize("name", [n for n in names() if Contract.load(n).mechanisms])
def test_a_figure_that_is_assumed_has_a_range(name: str, england: England) -> None:
    contract = Contract.load(name)
    result = run(contract, england)
    ranged = {e.value for e in contract.design.value_edits if e.range}
    for value in result.assumed(2024):
        entries = [e for e, _ in contract.values[value].shares(2024) if e.assumed]
        assert value in ranged or all(e.range for e in entries), value


def test_the_steady_state_has_everything_in_full_in_every_year(mine: Contract, england: England) -> None:
    base = total(Contract.load("national").with_reform(Reform.of(Scale("qof_point_value", 1.1))), england)
    assert total(mine.switched([]), england) == base
    assert total(mine.switched(["price"]), england) > base
    assert total(mine, england) == total(mine.switched(["price", "trusts"]), england)
    assert mine.value_arrays((2022, 2024), ["global_sum_price"])["global_sum_price"].ravel().tolist() == pytest.approx(
        [99.70 * 1.2, 112.50 * 1.2], rel=0.01
    )


def test_the_timeline_grows_by_equal_steps(mine: Contract) -> None:
    at = mine.dated().value_arrays((2022, 2023, 2024), ["global_sum_price", "settled_global_sum_price"])
    over = at["global_sum_price"] / at["settled_global_sum_price"]
    assert over.ravel().tolist() == pytest.approx([1, 1.1, 1.2])
    later = mine.dated(later=1).value_arrays((2023, 2024, 2025), ["global_sum_price", "settled_global_sum_price"])
    assert (later["global_sum_price"] / later["settled_global_sum_price"]).ravel().tolist() == pytest.approx(
        [1, 1.1, 1.2]
    )


def test_a_switch_is_off_before_its_first_year_and_after_its_last() -> None:
    m = Mechanism("x", "X", switch="on", first=2020, full=2022, last=2024)
    edits = on_timeline([m]).value_edits
    levels = {}
    for year in range(2018, 2027):
        levels[year] = next((e.amount for e in edits if e.reaches(year)), 1.0)
    assert list(levels.values()) == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1, 1, 0, 0])


@pytest.mark.parametrize(
    ("edit", "expected"),
    [(Add("v", 6.0), [0, 2, 4, 6, 6]), (Scale("v", 4.0), [0, 10, 20, 30, 30]), (Set("v", 16.0), [0, 2, 4, 6, 6]), (Cap("v", 4.0), [0, -6, -6, -6, -6])],
)  # fmt: skip
def test_every_kind_of_edit_follows_the_timeline(edit: Any, expected: list[float]) -> None:
    from gpcontract.engine.edits import apply

    made = on_timeline([Mechanism("x", "X", edits=(edit,), first=2020, full=2022)])
    years = (2019, 2020, 2021, 2022, 2023)
    x = apply(made, {"v": np.full((1, 5, 1), 10.0)}, {}, years)["v"].ravel()
    assert (x - 10).tolist() == pytest.approx(expected)


def test_what_cannot_both_grow_and_end_is_refused() -> None:
    with pytest.raises(InputError, match="cannot both grow by steps and end"):
        on_timeline([Mechanism("x", "X", edits=(Set("v", 1.0),), first=2020, full=2022, last=2024)])


def test_leaving_mechanisms_out_turns_their_switches_off() -> None:
    made = [Mechanism("a", "A", switch="a_on"), Mechanism("b", "B", edits=(Set("v", 2.0),))]
    assert [e.said for e in in_full(made, []).edits] == ["set a_on to 0"]
    assert [e.said for e in in_full(made, ["b"]).edits] == ["set a_on to 0", "set v to 2"]
    assert in_full(made).edits == (Set("v", 2.0),)


def test_a_user_may_change_what_the_design_set(mine: Contract, england: England) -> None:
    again = mine.with_reform(Reform.of(Set("share_to_trust", 0.25)))
    held = run(again, england, keep=["held_by_trust"]).arrays["held_by_trust"]
    assert held.max() < run(mine, england, keep=["held_by_trust"]).arrays["held_by_trust"].max()
    assert again.reform.hash != mine.reform.hash and again.hash != mine.hash
    assert again.switched([m.name for m in again.mechanisms]).reform == again.reform


def test_a_range_marks_an_edited_figure_as_assumed(mine: Contract, england: England) -> None:
    assert "global_sum_price" in run(mine, england).assumed(2024)
    assert "global_sum_price" not in run(Contract.load("national"), england).assumed(2024)
    assert "share_to_trust" not in run(mine, england).assumed(2024)  # the file's own figure, with no range


def test_an_unknown_mechanism_is_named(mine: Contract) -> None:
    with pytest.raises(UnknownName, match="no mechanism 'prise'") as caught:
        mine.switched(["prise"])
    assert caught.value.hint == "did you mean price?"


def test_a_contract_over_a_contract_of_ones_own_keeps_its_mechanisms(tmp_path: Path, england: England) -> None:
    path = tmp_path / "again.yaml"
    path.write_text(
        "title: Again\nbase: hewitt_review\nedits:\n- {kind: scale, value: global_sum_price, amount: 1.01}\n", "utf-8"
    )
    made, base = Contract.load(path), Contract.load("hewitt_review")
    assert [m.name for m in made.mechanisms] == [m.name for m in base.mechanisms]
    assert made.root is not None and total(made, england) > total(base, england)


# -- mistakes --------------------------------------------------------------------------------------------------

WRONG = """\
title: Mine
abuot: x
base: national
chapters: [capitation, nothere]
edits:
- {kind: scale, value: global_sum_prise, amount: 1.05}
- {kind: sett, value: global_sum_price, amount: 1.05}
mechanisms:
  a:
    title: A
    swich: x
  b:
    switch: nope
  c:
    title: C
    edits:
    - {kind: set, value: global_sum_price, amount: abc}
    full_by: 2025/26
  d:
    title: D
    edits:
    - {kind: set, value: global_sum_price, amount: 5, years: 2024/25}
  e: text
"""


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")
    told = [(e.line, e.problem) for e in mistakes(path)]
    for line, problem in (
        (2, "has no 'abuot'"),
        (4, "no chapter 'nothere'"),
        (4, "'capitation' is given twice (the base has it)"),
        (6, "no value 'global_sum_prise'"),
        (7, "'sett' is not a kind of edit"),
        (9, "'a' does nothing"),
        (11, "a mechanism has no 'swich'"),
        (12, "'b' has no title"),
        (12, "the switch 'nope'"),
        (17, "'abc'"),
        (14, "an end and no start"),
        (22, "years of its own"),
        (23, "'e' is not a mapping"),
    ):
        assert any(at == line and problem in said for at, said in told), (line, problem, told)
    assert [line for line, _ in told] == sorted(line or 0 for line, _ in told)
    with pytest.raises(LoadError):
        Contract.load(path)


def test_a_contract_that_rests_on_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: Mine\nbase: {path}\n", encoding="utf-8")
    assert any("rests on itself" in e.problem for e in mistakes(path))


@pytest.mark.parametrize("base", names())
def test_a_new_contract_checks_and_pays_what_its_base_pays(base: str, tmp_path: Path, england: England) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(template(base, "New"), encoding="utf-8")
    assert mistakes(path) == ()
    assert total(Contract.load(path), england) == total(Contract.load(base), england)


def test_what_the_template_suggests_can_be_written(tmp_path: Path) -> None:
    lines = template("national", "New").splitlines()
    text = "\n".join(
        line.replace("#   ", "  ", 1) if line.startswith("#   ") and "gpcontract" not in line else line
        for line in lines
    )
    text = (
        text.replace("edits: []\n# - ", "edits:\n- ").replace("\n# - ", "\n- ").replace("mechanisms: {}", "mechanisms:")
    )
    path = tmp_path / "new.yaml"
    path.write_text(text, encoding="utf-8")
    assert mistakes(path) == ()
    made = Contract.load(path)
    assert [m.name for m in made.mechanisms] == ["higher_price"] and made.design.edits


@pytest.mark.parametrize("name", [n for n in names() if n != "national"])
def test_each_contract_says_in_plain_words_what_it_does(name: str) -> None:
    contract = Contract.load(name)
    assert contract.reading and contract.patients
    for m in contract.mechanisms:
        assert m.plain.endswith(".") and 20 < len(m.plain) < 200, (m.name, m.plain)
        assert m.to_dict()["plain"] == m.plain
