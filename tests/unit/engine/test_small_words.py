"""Years, errors, order, array functions and the arithmetic shown: the engine's small parts."""

from __future__ import annotations

import inspect
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine import errors
from gpcontract.engine.arithmetic import in_full, with_numbers
from gpcontract.engine.arrays import clip, first_known, maximum, minimum, ratio, where
from gpcontract.engine.errors import Circle, GpContractError, InputError, LoadError, nearest
from gpcontract.engine.graph import components, order
from gpcontract.engine.years import (
    days_in,
    first_day,
    last_day,
    parse_year,
    parse_years,
    span_name,
    year_name,
    year_of,
)

# -- years -----------------------------------------------------------------------------------------------------


@given(st.integers(1000, 9998))
def test_years_go_round(year: int) -> None:
    assert parse_year(year_name(year)) == parse_year(year) == parse_year(str(year)) == year
    assert parse_year(f"{year}-{year + 1}") == year
    assert (days_in(year) == 366) == ((year + 1) % 4 == 0 and ((year + 1) % 100 != 0 or (year + 1) % 400 == 0))
    assert year_of(first_day(year)) == year_of(last_day(year)) == year
    assert year_of(last_day(year) + timedelta(1)) == year + 1


def test_a_year_starts_on_1_april() -> None:
    assert (year_of(date(2024, 3, 31)), year_of(date(2024, 4, 1))) == (2023, 2024)


@pytest.mark.parametrize("text", ["2024/26", "2024-2026", "24/25", "next", "", "2024/", "2024/2", "2024/25/26"])
def test_what_is_no_year_says_what_is(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_year(text)
    assert caught.value.expected and "/" in caught.value.expected


def test_lists_and_spans_of_years_come_in_order() -> None:
    assert parse_years("2014/15-2016/17") == parse_years("2014/15 to 2016/17") == (2014, 2015, 2016)
    assert parse_years("2019/20, 2014/15, 2019/20") == (2014, 2019)
    assert parse_years("2024") == (2024,)
    with pytest.raises(InputError, match="backwards") as caught:
        parse_years("2016/17-2014/15")
    assert caught.value.expected == "2014/15-2016/17"


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([], "no years"),
        ([2024], "2024/25"),
        ([2016, 2014, 2015], "2014/15 to 2016/17"),
        ([2014, 2019], "2014/15, 2019/20"),
    ],
)
def test_years_are_named(years: list[int], said: str) -> None:
    assert span_name(years) == said


# -- errors ----------------------------------------------------------------------------------------------------


def test_an_error_says_where_what_was_expected_and_a_hint() -> None:
    error = LoadError("it broke", file="chapters/x/values.yaml", line=7, expected="peace", hint="mend it")
    assert str(error) == "chapters/x/values.yaml:7: it broke\n  expected: peace\n  hint: mend it"
    assert str(GpContractError("it broke")) == "it broke"
    assert str(errors.DataError("odd", file=Path("/far/away/list.csv"), row=12)) == "list.csv, row 12: odd"
    assert errors.DataError("odd", file="list.csv").where == "list.csv"


def test_every_error_is_for_the_user() -> None:
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass) if k.__module__ == errors.__name__]
    assert len(kinds) >= 13
    assert all(issubclass(k, GpContractError) and inspect.getdoc(k) for k in kinds)
    documented = errors.__doc__ or ""
    assert [k.__name__ for k in kinds if k.__name__ not in documented] == []


def test_nearest_names() -> None:
    assert nearest("lisst_size", ["list_size", "price"]) == "did you mean list_size?"
    assert nearest("zzz", ["list_size", "price"]) is None
    assert (nearest("price", ["price_a", "price_b", "price_c", "price_d"]) or "").count(" or ") == 2


# -- order and circles -----------------------------------------------------------------------------------------


def test_order_puts_needs_first_whatever_the_order_of_text() -> None:
    needs = {"c": ("b", "leaf"), "b": ("a",), "a": ("leaf",)}
    assert order(needs, dict.fromkeys(needs, frozenset()), {}) == ["a", "b", "c"]


def test_a_circle_prints_its_path_and_place() -> None:
    needs = {"start": ("a",), "a": ("b",), "b": ("c",), "c": ("a",)}
    with pytest.raises(Circle, match="circle: a -> b -> c -> a") as caught:
        order(needs, dict.fromkeys(needs, frozenset()), {"a": ("rules.py", 5)})
    assert caught.value.where == "rules.py:5"
    assert caught.value.expected and "last_year_" in (caught.value.hint or "")


def test_a_lag_breaks_a_circle_and_groups_it() -> None:
    needs = {"a": ("b",), "b": ("a",), "c": ("b",)}
    lagged = {"a": frozenset(), "b": frozenset({"a"}), "c": frozenset()}
    ordered = order(needs, lagged, {})
    assert ordered == ["b", "a", "c"]
    assert components(needs, ordered, lagged) == [("b", "a"), ("c",)]


# -- arrays and the arithmetic shown ----------------------------------------------------------------------------


def test_array_functions_take_numbers_and_arrays() -> None:
    assert (minimum(2.0, 3.0), maximum(2.0, 3.0), clip(5.0, 0.0, 4.0)) == (2.0, 3.0, 4.0)
    x = np.array([1.0, np.nan, 0.0])
    assert first_known(x, 9.0).tolist() == [1.0, 9.0, 0.0]
    assert ratio(np.array([6.0, 6.0]), np.array([3.0, 0.0])).tolist() == [2.0, 0.0]
    assert float(ratio(1.0, 0.0)) == 0.0 and float(ratio(6.0, 3.0)) == 2.0
    assert where(x == 1, 5.0, x)[0] == 5.0


def share(a: float, b: float, used: float) -> float:
    """A rule with a step of working."""
    both = a + b
    return a / both - used


def test_arithmetic_is_read_from_the_text() -> None:
    assert in_full(share) == "both = a + b; a / both - used"
    assert with_numbers("a / both - used", {"a": "£5.00", "used": "0.1"}) == "£5.00 ÷ both − 0.1"
    assert with_numbers("list_size * list ** 2", {"list": "7", "list_size": "100"}) == "100 × 7 ^ 2"
    assert with_numbers("a * b", {}) == "a * b"
