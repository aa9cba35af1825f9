"""Draws: common random numbers that depend only on what they are for; draw 0 is the central estimate."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.draws import drawn, drawn_edit, stream, triangular, uniform
from gpcontract.engine.edits import Set
from gpcontract.engine.errors import InputError
from gpcontract.engine.values import Source, Value, value_from

SOURCES = {"s": Source("s", "t", "u", "2024")}


def value(name: str = "price", keys: Any = None, **more: Any) -> Value:
    first = {
        "from": date(2023, 4, 1),
        "to": date(2024, 3, 31),
        "value": 10.0,
        "grade": "A",
        "status": "in force",
        "source": ["s"],
    }
    second = (
        first | {"from": date(2024, 4, 1), "to": None, "value": 20.0, "status": "assumed", "range": [15, 30]} | more
    )
    if keys:
        first |= {"value": [10.0] * 2}
    body = {"title": "Price", "unit": "GBP", "values": [first, second]} | ({"keys": keys} if keys else {})
    return value_from(name, body, SOURCES, "v.yaml")  # fmt: skip


def test_a_number_depends_on_its_seed_and_key_alone() -> None:
    a = uniform(1, 5, "price", "2024-04-01")
    uniform(1, 50, "another")
    assert uniform(1, 5, "price", "2024-04-01").tolist() == a.tolist()
    np.testing.assert_array_equal(uniform(1, 50, "price", "2024-04-01")[:5], a)  # more draws go on from fewer
    others = (uniform(2, 5, "price", "2024-04-01"), uniform(1, 5, "price"), uniform(1, 5, "price2024-04-01"))
    assert all(o[1:].tolist() != a[1:].tolist() for o in others)
    assert stream(1, "a", 2).random() == stream(1, "a", "2").random()


def test_draw_0_is_the_central_estimate() -> None:
    assert uniform(9, 4, "x")[0] == 0.5
    central = value().yearly((2023, 2024, 2025))
    made = drawn(value(), (2023, 2024, 2025), draws=40, seed=3)
    assert made.shape == (40, 3, 1)
    np.testing.assert_array_equal(made[:1], central)
    np.testing.assert_array_equal(drawn(value(), (2023, 2024, 2025)), central)


def test_only_entries_with_a_range_vary_within_it_and_alike_in_all_their_years() -> None:
    made = drawn(value(), (2023, 2024, 2025), draws=500)[..., 0]
    assert (made[:, 0] == 10).all()
    assert made[:, 1].min() >= 15 and made[:, 1].max() <= 30 and made[:, 1].std() > 1
    np.testing.assert_array_equal(made[:, 1], made[:, 2])


def test_a_tables_range_is_a_factor() -> None:
    table = value(keys={"band": ["a", "b"]}, value=[20.0, 40.0], range=[0.5, 1.5])
    made = drawn(table, (2023, 2024), draws=300)[..., 0]
    assert made.shape == (2, 300, 2)
    np.testing.assert_allclose(made[1, :, 1], 2 * made[0, :, 1])
    assert made[0, :, 1].min() >= 10 and made[0, :, 1].max() <= 30 and (made[:, :, 0] == 10).all()


def test_values_and_seeds_have_luck_of_their_own_and_keep_it() -> None:
    a, b = drawn(value("a"), (2024,), 20), drawn(value("b"), (2024,), 20)
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(drawn(value("a"), (2024,), 20), a)
    np.testing.assert_array_equal(drawn(value("a"), (2024, 2025), 20)[:, :1], a)  # whatever years are asked for
    assert not np.array_equal(drawn(value("a"), (2024,), 20, seed=2), a)


def test_years_without_an_entry_may_be_missing() -> None:
    made = drawn(value(), (2020, 2024), draws=3, missing=np.nan)
    assert np.isnan(made[:, 0]).all() and not np.isnan(made[:, 1]).any()


def test_there_is_at_least_one_draw() -> None:
    for n in (0, -1):
        with pytest.raises(InputError, match="draws cannot be made"):
            drawn(value(), (2024,), draws=n)


@given(st.floats(-100, 100), st.floats(0, 50), st.floats(0, 50))
def test_a_triangle_stays_within_its_ends_and_rises(low: float, left: float, right: float) -> None:
    mode, high = low + left, low + left + right
    x = triangular(np.linspace(0, 1, 101), low, mode, high)
    assert x.min() >= low - 1e-9 and x.max() <= max(high, mode) + 1e-9
    assert (np.diff(x) >= -1e-9).all()


def test_a_triangle_has_the_mean_of_its_corners() -> None:
    u = (np.arange(200_000) + 0.5) / 200_000
    assert triangular(u, 1.0, 2.0, 6.0).mean() == pytest.approx(3.0, abs=1e-4)
    assert triangular(u[:3], 2.0, 2.0, 2.0).tolist() == [2.0, 2.0, 2.0]


def test_an_edit_with_a_range_varies_within_it_and_is_central_in_draw_nought() -> None:
    edit = Set("price", 130.0, range=(120.0, 150.0))
    found = np.asarray(drawn_edit(edit, 200, 7).amount)
    assert found.shape == (200, 1, 1) and found[0, 0, 0] == 130.0
    assert found.min() >= 120.0 and found.max() <= 150.0 and found.std() > 1
    np.testing.assert_array_equal(found, np.asarray(drawn_edit(edit, 200, 7).amount))
    assert drawn_edit(Set("price", 130.0), 200, 7).amount == 130.0
    assert edit.amount == 130.0
