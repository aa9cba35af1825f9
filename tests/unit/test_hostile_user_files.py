"""Contracts, reforms and arguments as hostile as users and machines can make them: refused quickly, by name, exit code 2."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gpcontract.cli import main
from gpcontract.engine.errors import LoadError
from gpcontract.engine.files import parse_yaml

BASE = "title: T\nyears: 2024/25-2024/25\nchapters: [capitation]\n"
NINE = "[x, x, x, x, x, x, x, x, x]"
LAUGHS = "".join(f", &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]" for i in range(12))
SET = '{{"kind": "set", "value": "global_sum_price", "amount": {}}}'

CONTRACTS = {
    "a billion laughs": (BASE + f"about: [&a {NINE}{LAUGHS}]\n", "more than 200,000 entries"),
    "a list in itself": (BASE + "edits: &e [*e]\n", "holds itself"),
    "a contract in itself": ("&a {title: *a, years: *a, chapters: *a}\n", "holds itself"),
    "deep lists": (BASE + "about: " + "[" * 400_000, "more than 40 lists"),
    "deep blocks": (BASE + "about:\n" + "".join(" " * i + "-\n" for i in range(1, 3_000)), "more than 40 lists"),
    "too large": (BASE + "about: " + "x" * 5_000_000, "MB"),
    "an object": (BASE + "edits: !!python/object/apply:os.system [ls]\n", "not YAML"),
    "two documents": ("---\na: 1\n---\nb: 2\n", "another document"),
    "nothing": ("", "does not hold a mapping"),
    "a NUL": ("title: \0", "not YAML"),
    "half a character": (BASE + 'about: "\\ud800"\n', "not YAML"),
    "no day": (BASE + "about: 2024-02-31\n", "cannot be read"),
    "a number for a title": (BASE.replace("title: T", "title: .nan"), "title is not text"),
    "a mapping for a proposer": (BASE + "proposer: {a: 1}\n", "proposer is not text"),
    "bytes for about": (BASE + "about: !!binary aGVsbG8=\n", "about is not text"),
    "years without end": (BASE.replace("2024/25-2024/25", "99999999999999999999"), "not a financial year"),
    "a list of years": (BASE.replace("2024/25-2024/25", "[2004]"), "not a financial year"),
    "a chapter elsewhere": (BASE.replace("[capitation]", "[../../etc]"), "no chapter"),
    "a chapter of numbers": (BASE.replace("[capitation]", "[1, null]"), "not the name of a chapter"),
    "an edit of nothing": (BASE + "edits: [1, x]\n", "not a kind of edit"),
    "an endless edit": (BASE + f"edits: [{SET.format('1' + '0' * 400)}]\n", "amount"),
    "an infinite edit": (BASE + f"edits: [{SET.format('.inf')}]\n", "amount"),
    "numbers of 5,000 digits": (BASE + f"edits: [{SET.format('1' + '0' * 5_000)}]\n", "cannot be read"),
    "names without number": (BASE + "".join(f"k{i}: {i}\n" for i in range(110_000)), "more than 200,000 entries"),
}  # fmt: skip

REFORMS = {
    "not JSON": ("{", "not JSON"), "nothing": ("", "not JSON"), "a mapping": ("{}", "list of edits"),
    "deep": ("[" * 100_000, "too deep"), "not a number": (f"[{SET.format('NaN')}]", "amount"),
    "endless": (f"[{SET.format('1' + '0' * 400)}]", "amount"), "digits": (f"[{SET.format('1' + '0' * 5_000)}]", "digits"),
    "infinite": (f"[{SET.format('1e999')}]", "amount"), "true": (f"[{SET.format('true')}]", "amount"),
    "twice": ('[{"kind": "set", "kind": "scale", "value": "global_sum_price", "amount": 1}]', "given twice"),
    "a kind in a list": ('[{"kind": ["set"]}]', "not a kind of edit"),
    "a key in a list": ('[{"kind": "set", "value": "age_sex_weights", "key": ["a"], "amount": 1}]', "key"),
    "half a character": ('[{"kind": "set", "value": "global_sum_price", "amount": 1, "note": "\\ud800"}]', "surrogate"),
    "no such value": ('[{"kind": "set", "value": "global_sum_prise", "amount": 1}]', "global_sum_price"),
}  # fmt: skip

ARGUMENTS = [
    ("price", "--set", "x"), ("price", "--set", "=1"), ("price", "--set", "global_sum_price=nan"),
    ("price", "--set", "global_sum_price=1e999"), ("price", "--set", "global_sum_price=1@x"),
    ("price", "--set", "global_sum_price[=1"), ("price", "--scale", "age_sex_weights[zz]=2"),
    ("price", "--year", "x"), ("price", "--year", "99999/00"), ("price", "--england", "synthetic:-1"),
    ("price", "--england", "a\0b"), ("price", "--england", ""), ("price", "--who", "\udcff"), ("price", "--who", ""),
    ("contract", "check", "a\0b.yaml"), ("contract", "check", "x" * 5_000), ("contract", "check", "x" * 5_000 + ".yaml"),
    ("contract", "check", "../x"), ("contract", "check", ""), ("england", "build", "nowhere"),
]  # fmt: skip


def refused(*arguments: str) -> Result:
    """Run a command that must be refused: exit code 2, within seconds, and no exception beside."""
    began = time.perf_counter()
    ran = CliRunner().invoke(main, list(arguments))
    assert ran.exit_code == 2, (ran.output[:300], ran.exc_info)
    assert ran.exception is None or isinstance(ran.exception, SystemExit)
    assert time.perf_counter() - began < 20
    return ran


@pytest.mark.parametrize("what", CONTRACTS)
def test_contracts(what: str, tmp_path: Path) -> None:
    text, said = CONTRACTS[what]
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    output = refused("contract", "check", str(path)).output
    assert said in output and "mine.yaml" in output


@pytest.mark.parametrize("what", REFORMS)
def test_reforms(what: str, tmp_path: Path) -> None:
    text, said = REFORMS[what]
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    output = refused("price", "--reform", str(path)).output
    assert said in output
    assert "mine.json" in output or what == "no such value"  # which is found when the contract meets the reform


@pytest.mark.parametrize("content", [b"caf\xe9", "[]".encode("utf-16"), b"\x1f\x8b\x08"])
def test_files_that_are_not_text(content: bytes, tmp_path: Path) -> None:
    for name, command in (("mine.yaml", ("contract", "check")), ("mine.json", ("price", "--reform"))):
        (tmp_path / name).write_bytes(content)
        assert name in refused(*command, str(tmp_path / name)).output


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda a: " ".join(a)[:40].encode("ascii", "replace").decode())
def test_arguments(arguments: tuple[str, ...]) -> None:
    assert refused(*arguments).output


def test_a_few_aliases_are_read() -> None:
    """Value files use them, so that one source is given once."""
    assert parse_yaml("a: &a [1, 2]\nb: {c: *a, d: *a}\n", "t.yaml")["b"]["d"] == [1, 2]
    with pytest.raises(LoadError, match=r"t\.yaml:1"):
        parse_yaml("a: &a {b: [1, *a]}\n", "t.yaml")
