"""Dated values: averages by days and months, gaps, overlaps, sources; each mistake named with file, line and a way out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.errors import LoadError, Overlap, Unsourced
from gpcontract.engine.files import items, line_of, line_of_key, parse_yaml, read_yaml
from gpcontract.engine.values import Source, Value, read_sources, read_values, span_known, value_from
from gpcontract.engine.years import days_in, first_day

SOURCES = {"sfe": Source("sfe", "The directions", "https://example.org/sfe", "2024-04-01")}


def entry(first: str, value: Any, last: str | None = None, **more: Any) -> dict[str, Any]:
    body = {
        "from": date.fromisoformat(first),
        "value": value,
        "grade": "A",
        "status": "in force",
        "source": ["sfe"],
    } | more
    return body | ({"to": date.fromisoformat(last)} if last else {})


def made(*entries: dict[str, Any], **more: Any) -> Value:
    return value_from(
        "price", {"title": "Price", "unit": "GBP", "values": list(entries)} | more, SOURCES, "values.yaml"
    )


# -- averages --------------------------------------------------------------------------------------------------


def test_a_value_that_changes_within_a_year_is_averaged_by_days() -> None:
    value = made(entry("2022-04-01", 100.0, "2022-09-30"), entry("2022-10-01", 110.0))
    assert float(value.in_year(2022)) == pytest.approx((183 * 100 + 182 * 110) / 365, abs=1e-12)
    assert float(value.in_year(2023)) == 110.0


def test_a_leap_year_has_366_days() -> None:
    value = made(entry("2023-04-01", 100.0, "2024-02-28"), entry("2024-02-29", 200.0))
    assert days_in(2023) == 366 and days_in(2022) == 365
    assert float(value.in_year(2023)) == pytest.approx((334 * 100 + 32 * 200) / 366, abs=1e-12)


def test_a_value_may_be_averaged_by_whole_months() -> None:
    value = made(entry("2022-04-01", 100.0, "2022-08-31"), entry("2022-09-01", 112.0), average="months")
    assert float(value.in_year(2022)) == pytest.approx((5 * 100 + 7 * 112) / 12, abs=1e-12)


@given(
    st.lists(st.integers(1, 364), min_size=0, max_size=6, unique=True),
    st.sampled_from(["days", "months"]),
    st.integers(2004, 2030),
)
def test_shares_of_a_year_add_to_one_and_an_unchanged_value_is_itself(cuts: list[int], average: str, year: int) -> None:
    starts = [first_day(year), *(date.fromordinal(first_day(year).toordinal() + c) for c in sorted(cuts))]
    ends = [date.fromordinal(s.toordinal() - 1).isoformat() for s in starts[1:]]
    entries = [entry(s.isoformat(), 7.25, e) for s, e in zip(starts, [*ends, None], strict=True)]
    value = made(*entries, average=average)
    assert sum(s for _, s in value.shares(year)) == pytest.approx(1.0, abs=1e-12)
    assert float(value.in_year(year)) == pytest.approx(7.25, abs=1e-12)


def test_superseded_entries_do_not_count_and_may_overlap() -> None:
    value = made(entry("2024-04-01", 107.57, status="superseded"), entry("2024-04-01", 112.50))
    assert float(value.in_year(2024)) == 112.50
    assert span_known(value).startswith("2024/25 to ")


def test_yearly_arrays_have_keys_in_front_then_draw_year_practice() -> None:
    plain = made(entry("2023-04-01", 1.0, "2024-03-31"), entry("2024-04-01", 2.0))
    assert plain.yearly((2023, 2024)).shape == (1, 2, 1)
    table = made(entry("2023-04-01", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), keys={"sex": ["m", "f"], "band": [1, 2, 3]})
    array = table.yearly((2023, 2024))
    assert array.shape == (2, 3, 1, 2, 1)
    assert array[1, 2].ravel().tolist() == [6.0, 6.0]
    assert table.keys == {"sex": ("m", "f"), "band": ("1", "2", "3")}


def test_a_gap_is_an_error_that_says_what_is_known_and_outside_fills_it() -> None:
    body = """
price:
  title: Price
  unit: GBP
  values:
  - {from: 2023-10-01, to: 2024-03-31, value: 5, grade: A, status: in force, source: [sfe]}
"""
    value = value_from("price", parse_yaml(body, "v.yaml")["price"], SOURCES, "v.yaml", at=2)
    for year, said in ((2023, "part of 2023/24"), (2024, "for 2024/25")):
        with pytest.raises(LoadError, match=said) as caught:
            value.in_year(year)
        assert caught.value.where == "v.yaml:2"
        assert "known from 2023-10-01 to 2024-03-31" in str(caught.value.expected)
        assert "outside" in str(caught.value.hint)
    whole = made(entry("2023-10-01", 6.0, "2024-03-31"), outside=0)
    assert float(whole.in_year(2023)) == pytest.approx(6 * 183 / 366, abs=1e-12)
    assert float(whole.in_year(2030)) == 0.0
    assert np.isnan(value.yearly((2030,), missing=np.nan)).all()


def test_a_missing_year_is_missing_only_where_outside_says_nothing() -> None:
    bare, ended = made(entry("2014-04-01", 1.0)), made(entry("2014-04-01", 1.0), outside=0)
    assert np.isnan(bare.yearly((2012, 2014), missing=np.nan)).ravel().tolist() == [True, False]
    assert ended.yearly((2012, 2014), missing=np.nan).ravel().tolist() == [0.0, 1.0]


def test_a_value_all_of_whose_entries_are_superseded_says_so() -> None:
    with pytest.raises(LoadError, match="no value for 2024/25") as caught:
        made(entry("2024-04-01", 1.0, status="superseded")).in_year(2024)
    assert "superseded" in str(caught.value.expected)


def test_assumed_is_told_by_year() -> None:
    value = made(entry("2023-04-01", 1.0, "2024-03-31", status="assumed", range=[0.5, 2.0]), entry("2024-04-01", 1.0))
    assert value.assumed_in(2023) and not value.assumed_in(2024)


# -- mistakes, each with its file, line, expectation and hint ---------------------------------------------------

HEAD = "price:\n  title: Price\n  unit: GBP\n"
GOOD = "{from: 2024-04-01, value: 1, grade: A, status: in force, source: [sfe]}"


def one(text: str) -> str:
    return HEAD + f"  values:\n  - {text}\n"


MISTAKES: dict[str, tuple[str, type[LoadError], int, str, str | None, str | None]] = {
    # what: (text, error, line, problem, expected, hint)
    "no source": (one("{from: 2024-04-01, value: 1, grade: A, status: in force}"), Unsourced, 5, "has no source", "sources.yaml", None),
    "unlisted source": (one(GOOD.replace("[sfe]", "[sfee]")), Unsourced, 5, "cites 'sfee'", "sources.yaml", "did you mean sfe?"),
    "source as text": (one(GOOD.replace("[sfe]", "sfe")), LoadError, 5, "is not a list", "source: [id", None),
    "assumed without range": (one(GOOD.replace("in force", "assumed")), Unsourced, 5, "assumed and gives no range", "low, high", None),
    "range of words": (one(GOOD.replace("value: 1", "value: 1, range: [low, high]")), LoadError, 5, "the range of 'price'", "low, high", None),
    "outside its range": (one(GOOD.replace("value: 1", "value: 1, range: [2, 3]")), LoadError, 5, "outside its own range", "2 <= 1 <= 3", None),
    "overlap": (HEAD + "  values:\n  - " + GOOD + "\n  - " + GOOD.replace("2024-04-01", "2024-10-01"), Overlap, 6, "two values of 'price' are in force on 2024-10-01", "line 5 to end before 2024-10-01", "superseded"),
    "wrong status": (one(GOOD.replace("in force", "in farce")), LoadError, 5, "status 'in farce'", "in force | published", None),
    "wrong grade": (one(GOOD.replace("grade: A", "grade: Z")), LoadError, 5, "grade 'Z'", "A | B", None),
    "no date": (one(GOOD.replace("2024-04-01", "April")), LoadError, 5, "has no dates", "2024-04-01", None),
    "a moment": (one(GOOD.replace("2024-04-01", "2024-04-01 10:00:00")), LoadError, 5, "has no dates", "2024-04-01", None),
    "no such day": (one(GOOD.replace("2024-04-01", "2024-04-31")), LoadError, 5, "'from' cannot be read", "a real date", None),
    "backwards": (one(GOOD.replace("value", "to: 2023-01-01, value")), LoadError, 5, "ends (2023-01-01) before it starts", None, None),
    "not a number": (one(GOOD.replace("value: 1", "value: about five")), LoadError, 5, "is not a number", "a number", "without quotes"),
    "number in quotes": (one(GOOD.replace("value: 1", "value: '12'")), LoadError, 5, "is not a number", "a number", "without quotes"),
    "yes": (one(GOOD.replace("value: 1", "value: yes")), LoadError, 5, "is not a number", "a number", None),
    "nothing": (one(GOOD.replace("value: 1", "value: null")), LoadError, 5, "is not finite", "one number", None),
    "infinite": (one(GOOD.replace("value: 1", "value: .inf")), LoadError, 5, "is not finite", "one number", None),
    "a list without keys": (one(GOOD.replace("value: 1", "value: [1, 2]")), LoadError, 5, "has shape (2,)", "one number", None),
    "wrong shape": (HEAD + "  keys: {band: [a, b, c]}\n  values:\n  - " + GOOD.replace("value: 1", "value: [1, 2]"), LoadError, 6, "has shape (2,)", "shape (3,)", None),
    "ragged": (HEAD + "  keys: {band: [a, b], sex: [m, f]}\n  values:\n  - " + GOOD.replace("value: 1", "value: [[1, 2], [3]]"), LoadError, 6, "is not a number", "along its keys", None),
    "label twice": (HEAD + "  keys: {band: [a, a]}\n  values:\n  - " + GOOD, LoadError, 4, "'a' is twice among the keys", "once", None),
    "keys as text": (HEAD + "  keys: band\n  values:\n  - " + GOOD, LoadError, 1, "are not lists", "keys: {band:", None),
    "table's range not a factor": (HEAD + "  keys: {band: [a, b]}\n  values:\n  - " + GOOD.replace("value: 1", "value: [5, 6], range: [4, 7]"), LoadError, 6, "outside its own range", "factor", None),
    "no unit": ("price:\n  title: Price\n  values:\n  - " + GOOD, LoadError, 1, "has no unit", "unit: ...", None),
    "no values": (HEAD + "  values: []\n", LoadError, 1, "has no values", "values: ...", None),
    "values not a list": (HEAD + "  values: {a: 1}\n", LoadError, 1, "are not a list", "- {from", None),
    "an entry that is a number": (one("5"), LoadError, 4, "is not a mapping", "{from", None),
    "not a mapping": ("other: 5\n", LoadError, 1, "'other' is not a mapping", "title, unit and values", None),
    "unknown key": (HEAD + "  averge: days\n  values:\n  - " + GOOD, LoadError, 4, "'averge'", "average", "did you mean average?"),
    "unknown key in an entry": (one(GOOD.replace("grade", "grad")), LoadError, 5, "'grad'", "grade", "did you mean grade?"),
    "averaged by weeks": (HEAD + "  average: weeks\n  values:\n  - " + GOOD, LoadError, 1, "averaged by 'weeks'", "days or months", None),
    "outside in words": (HEAD + "  outside: none\n  values:\n  - " + GOOD, LoadError, 1, "outside its dates", "a number", None),
    "name twice": (one(GOOD) + one(GOOD), LoadError, 6, "'price' is given twice", "once", "line 1"),
    "tabs": ("price:\n\ttitle: Price\n", LoadError, 2, "this is not YAML", None, "spaces"),
    "unclosed": (HEAD + "  values: [\n", LoadError, 5, "this is not YAML", None, "spaces"),
    "a list at the top": ("- a\n- b\n", LoadError, 0, "does not hold a mapping", "name: {...}", None),
    "a list for a name": ("? [a]\n: 5\n", LoadError, 1, "cannot be a name", "name: ...", None),
    "empty": ("", LoadError, 0, "does not hold a mapping", None, None),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_every_mistake_in_a_value_file_is_named(what: str, tmp_path: Path) -> None:
    text, kind, line, problem, expected, hint = MISTAKES[what]
    file = tmp_path / "values.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        read_values(file, SOURCES, "chapters/toy/values.yaml")
    error = caught.value
    assert type(error) is kind
    assert problem in error.problem
    assert error.where == "chapters/toy/values.yaml" + (f":{line}" if line else "")
    assert (expected or "") in (error.expected or "")
    assert (hint or "") in (error.hint or "")
    assert str(error).startswith(f"{error.where}: {error.problem}")


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="there is no file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(LoadError, match="cannot be opened"):
        read_yaml(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("title: Café\n".encode("cp1252"))
    with pytest.raises(LoadError, match="not UTF-8") as caught:
        read_yaml(tmp_path / "latin.yaml")
    assert caught.value.where == "latin.yaml"
    (tmp_path / "nul.yaml").write_bytes(b"title: a\0b\n")
    with pytest.raises(LoadError, match="not YAML"):
        read_yaml(tmp_path / "nul.yaml")


def test_a_source_needs_title_address_and_date(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("good: {title: A, url: u, date: 2024}\nbad: {title: B, url: u}\n", encoding="utf-8")
    with pytest.raises(LoadError, match="source 'bad' lacks") as caught:
        read_sources(file, "sources.yaml")
    assert caught.value.where == "sources.yaml:2"


def test_mappings_remember_their_lines() -> None:
    read = parse_yaml("a: {x: 1}\n\nb:\n  y: 2\n", "t.yaml")
    assert dict(items(read["b"])) == {"y": 2}
    assert (line_of(read["a"]), line_of(read["b"]), line_of_key(read, "b"), line_of_key(read["b"], "y")) == (1, 4, 3, 4)
    assert line_of(5) is None


@given(st.binary(max_size=300))
def test_any_bytes_give_a_mapping_or_a_load_error(junk: bytes) -> None:
    try:
        text = junk.decode()
    except UnicodeDecodeError:
        return
    try:
        read = parse_yaml(text, "junk.yaml")
        for name, body in items(read):
            value_from(str(name), body, SOURCES, "junk.yaml")
    except LoadError as error:
        assert "junk.yaml" in str(error)


@given(st.dictionaries(
    st.sampled_from(["title", "unit", "values", "keys", "outside", "average", "note", "clause"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
                 lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "value", "source", "grade", "status", "range"]), x, max_size=7), max_leaves=12),
))  # fmt: skip
def test_any_body_gives_a_value_or_a_load_error(body: dict[str, Any]) -> None:
    try:
        value_from("x", body, SOURCES, "f.yaml")
    except LoadError as error:
        assert "x" in str(error)
