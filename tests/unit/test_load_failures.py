"""A contract that is wrong fails when it is loaded, and says file, line, what was expected and a hint."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gpcontract import chapters
from gpcontract.contracts import Contract
from gpcontract.engine.errors import (
    Circle,
    EditClash,
    GpContractError,
    InputError,
    LoadError,
    Overlap,
    UnitMismatch,
    UnknownName,
    Unsourced,
    UnusedValue,
)

RULES = '''"""Toy chapter."""

from gpcontract.engine.rules import rule


@rule("GBP per year", clause="1", line="Toy")
def toy_line(list_size, toy_price):
    """The list at the price."""
    return list_size * toy_price
'''
VALUES = """toy_price:
  title: Price of a toy
  unit: GBP per patient
  values:
  - {from: 2020-04-01, value: 2, grade: A, status: in force, source: [paper]}
"""
SOURCES = "paper: {title: A paper, url: https://example.org, date: 2020-01-01}\n"
CONTRACT = """title: A toy
years: 2020/21-2024/25
chapters: [toy]
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a toy chapter and a contract of it, and loads chapters from there."""
    made = tmp_path / "chapters"
    (made / "toy").mkdir(parents=True)
    monkeypatch.setattr(chapters, "HERE", made)
    monkeypatch.setattr(chapters, "__path__", [str(made)])

    def forget() -> None:
        chapters.load.cache_clear()
        chapters.sources.cache_clear()
        for name in [m for m in sys.modules if m.startswith("gpcontract.chapters.toy")]:
            del sys.modules[name]

    def written(rules: str = RULES, values: str = VALUES, contract: str = CONTRACT, sources: str = SOURCES) -> Path:
        (made / "toy" / "__init__.py").write_text('"""Toys."""\n', encoding="utf-8")
        (made / "toy" / "rules.py").write_text(rules, encoding="utf-8")
        (made / "toy" / "values.yaml").write_text(values, encoding="utf-8")
        (made / "sources.yaml").write_text(sources, encoding="utf-8")
        path = tmp_path / "mine.yaml"
        path.write_text(contract, encoding="utf-8")
        forget()
        return path

    yield written
    forget()


def fails(path: Path) -> GpContractError:
    with pytest.raises(GpContractError) as caught:
        Contract.load(path)
    return caught.value


def test_the_toy_itself_is_right(write: Write) -> None:
    made = Contract.load(write())
    assert (made.name, made.lines, made.years[0], made.years[-1]) == ("mine", ("toy_line",), 2020, 2024)


RULE = "chapters/toy/rules.py"
LINE = RULES[: RULES.index("@rule")].count("\n") + 1  # where the toy's rule starts
MORE = '\n\n@rule("{unit}", clause="1"{rest})\ndef {name}({needs}):\n    """More toys."""\n    return {body}\n'


def more(name: str, needs: str, unit: str = "toys", rest: str = "", body: str = "0") -> str:
    return MORE.format(name=name, needs=needs, unit=unit, rest=rest, body=body)


NEXT = RULES.count("\n") + 3  # where a further rule starts

RULE_MISTAKES: dict[str, tuple[str, type[GpContractError], int, str, str, str]] = {
    # what: (rules.py, error, line, problem, expected, hint)
    "unknown name": (RULES.replace("list_size, toy_price", "list_size, toy_prise").replace("* toy_price", "* toy_prise"), UnknownName, LINE, "needs 'toy_prise'", "a rule, a value", "did you mean toy_price"),
    "unknown last year": (RULES + more("toys", "last_year_toy_linne"), UnknownName, NEXT, "needs 'last_year_toy_linne'", "a rule, a value", "did you mean toy_line"),
    "circle": (RULES + more("a_toy", "b_toy") + more("b_toy", "c_toy") + more("c_toy", "a_toy"), Circle, NEXT + 12, "c_toy -> a_toy -> b_toy -> c_toy", "put in order", "last_year_<name>"),
    "a rule that needs itself": (RULES + more("a_toy", "a_toy"), Circle, NEXT, "a_toy -> a_toy", "put in order", "last_year_<name>"),
    "two units": (RULES + more("toys", "list_size", rest=', years="2020/21-2021/22"') + more("more_toys", "list_size", "GBP", rest=', name="toys", years="2022/23-"'), UnitMismatch, NEXT + 6, "toys (practice) and GBP (practice)", "toys (practice)", ""),
    "two levels": (RULES + more("toys", "list_size", rest=', years="2020/21-2021/22"') + more("more_toys", "list_size", rest=', name="toys", years="2022/23-", level="nation"'), UnitMismatch, NEXT + 6, "toys (practice) and toys (nation)", "toys (practice)", ""),
    "a line not in pounds a year": (RULES.replace('"GBP per year"', '"patients"'), UnitMismatch, LINE, "paid in 'patients'", "GBP per year", ""),
    "two rules in one year": (RULES + more("toys", "list_size", rest=', years="2020/21-2022/23"') + more("more_toys", "list_size", rest=', name="toys", years="2022/23-"'), LoadError, NEXT, "two rules make 'toys' in the same year", "fallback=True", ""),
    "years without a rule": (RULES + more("toys", "list_size", rest=', years="2022/23-"'), LoadError, NEXT, "no rule for 'toys' is in force in 2020/21 to 2021/22", "outside=", ""),
    "a rule named as a fact": (RULES + more("list_size", "toy_price"), LoadError, NEXT, "both a rule and a value or a fact", "", ""),
    "no clause": (RULES.replace('clause="1"', 'clause=""'), LoadError, LINE, "names no clause", "document and paragraph", ""),
    "no such level": (RULES.replace('line="Toy"', 'level="village"'), LoadError, LINE, "level 'village'", "practice | nation", ""),
    "years misspelt": (RULES.replace('line="Toy"', 'years="2020/22-"'), LoadError, LINE, "does not span one year", "2020/21", ""),
    "unused value": (RULES.replace("list_size, toy_price", "list_size").replace("* toy_price", "* 1"), UnusedValue, 1, "no rule reads the value 'toy_price'", "an argument of this name", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", RULE_MISTAKES)
def test_mistakes_in_rules(what: str, write: Write) -> None:
    rules, kind, line, problem, expected, hint = RULE_MISTAKES[what]
    error = fails(write(rules=rules))
    assert type(error) is kind and problem in error.problem
    if line:
        file = "chapters/toy/values.yaml" if kind is UnusedValue else RULE
        assert error.where.endswith(f"{file}:{line}")
    assert expected in (error.expected or "") and hint in (error.hint or "")


VALUE_MISTAKES: dict[str, tuple[str, type[GpContractError], int, str, str, str]] = {
    "no source": (VALUES.replace(", source: [paper]", ""), Unsourced, 5, "has no source", "sources.yaml", ""),
    "unlisted source": (VALUES.replace("[paper]", "[papers]"), Unsourced, 5, "cites 'papers'", "sources.yaml", "did you mean paper?"),
    "overlap": (VALUES + "  - {from: 2021-04-01, value: 3, grade: A, status: in force, source: [paper]}\n", Overlap, 6, "in force on 2021-04-01", "line 5", "superseded"),
    "assumed without range": (VALUES.replace("in force", "assumed"), Unsourced, 5, "gives no range", "range: [low, high]", ""),
    "malformed": (VALUES.replace("  unit", "\tunit"), LoadError, 3, "this is not YAML", "", "spaces"),
}  # fmt: skip


@pytest.mark.parametrize("what", VALUE_MISTAKES)
def test_mistakes_in_values(what: str, write: Write) -> None:
    values, kind, line, problem, expected, hint = VALUE_MISTAKES[what]
    error = fails(write(values=values))
    assert type(error) is kind and problem in error.problem
    assert error.where == f"chapters/toy/values.yaml:{line}"
    assert expected in (error.expected or "") and hint in (error.hint or "")


EDITS = CONTRACT + "edits:\n"
CONTRACT_MISTAKES: dict[str, tuple[str, type[GpContractError], int, str, str, str]] = {
    "unknown key": (CONTRACT + "chapter: [toy]\n", LoadError, 4, "a contract has no 'chapter'", "chapters", "did you mean chapters?"),
    "no title": (CONTRACT.replace("title: A toy\n", ""), LoadError, 1, "has no title", "title: ...", ""),
    "no such chapter": (CONTRACT.replace("[toy]", "[toys]"), UnknownName, 3, "there is no chapter 'toys'", "toy", "did you mean toy?"),
    "a chapter as text": (CONTRACT.replace("[toy]", "toy"), LoadError, 3, "the chapters are not a list", "chapters: [...]", ""),
    "a chapter in a chapter": (CONTRACT.replace("[toy]", "[[toy]]"), LoadError, 3, "is not the name of a chapter", "chapters: [name", ""),
    "a chapter twice": (CONTRACT.replace("[toy]", "[toy, toy]"), LoadError, 3, "'toy' is given twice", "once", ""),
    "no such year": (CONTRACT.replace("2024/25", "later"), LoadError, 2, "'later' is not a financial year", "2024/25", ""),
    "years backwards": (CONTRACT.replace("2024/25", "2019/20"), LoadError, 2, "run backwards", "2004/05-2026/27", ""),
    "edits as a mapping": (EDITS + "  kind: set\n", LoadError, 4, "the edits are not a list", "edits: [...]", ""),
    "no such edit": (EDITS + "- {kind: sett, value: toy_price, amount: 5}\n", LoadError, 5, "'sett' is not a kind of edit", "scale", "did you mean set?"),
    "an edit that is text": (EDITS + "- set\n", LoadError, 4, "'set' is not a kind of edit", "scale", ""),
    "an edit of nothing": (EDITS + "- {kind: set, value: toy_prise, amount: 5}\n", UnknownName, 5, "no value 'toy_prise' to set", "name of a value", "did you mean toy_price?"),
    "an edit that lacks": (EDITS + "- {kind: set, value: toy_price}\n", LoadError, 5, "lacks amount", "amount", ""),
    "edits that clash": (EDITS + "- {kind: set, value: toy_price, amount: 5}\n- {kind: set, value: toy_price, amount: 6, years: 2022/23-}\n", EditClash, 6, "two edits change toy_price in 2022/23", "one edit of one value", "end the first"),
    "a chapter to drop that is not there": (EDITS + "- {kind: drop chapter, chapter: ball}\n", UnknownName, 5, "no chapter 'ball'", "toy", ""),
    "a rule to replace that is not there": (EDITS + "- {kind: replace rule, rule: toy_lines, by: toy_line}\n", UnknownName, 5, "no rule 'toy_lines'", "", "did you mean toy_line?"),
    "key twice": (CONTRACT + "title: Another\n", LoadError, 4, "'title' is given twice", "once", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize("what", CONTRACT_MISTAKES)
def test_mistakes_in_a_contract_of_your_own(what: str, write: Write) -> None:
    contract, kind, line, problem, expected, hint = CONTRACT_MISTAKES[what]
    path = write(contract=contract)
    error = fails(path)
    assert type(error) is kind and problem in error.problem
    assert Path(str(error.file)).name == "mine.yaml" and error.line == line
    assert expected in (error.expected or "") and hint in (error.hint or "")


def test_contracts_that_are_not_there() -> None:
    with pytest.raises(InputError, match="there is no contract 'nationl'") as caught:
        Contract.load("nationl")
    assert caught.value.hint == "did you mean national?" and "national" in (caught.value.expected or "")
    with pytest.raises(LoadError, match="there is no file"):
        Contract.load("nowhere.yaml")


def test_edits_of_a_contracts_own_file_hold_in_their_years(write: Write) -> None:
    made = Contract.load(write(contract=EDITS + "- {kind: scale, value: toy_price, amount: 2, years: 2022/23-}\n"))
    assert made.value_arrays((2021, 2022), ["toy_price", "settled_toy_price"])["toy_price"].ravel().tolist() == [2, 4]
    assert made.value_arrays((2021, 2022), ["settled_toy_price"])["settled_toy_price"].ravel().tolist() == [2, 2]
    dropped = Contract.load(write(contract=EDITS + "- {kind: drop chapter, chapter: toy}\n"))
    assert dropped.lines == () and dropped.design.edits
