"""Sums over areas against a slow reference: dated areas, practices in none, draws, back to practices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.areas import Areas, by_area, by_board, by_network, national, to_practice


def some(seed: int, years: int, practices: int, areas: int, dated: bool) -> Areas:
    random = np.random.default_rng(seed)
    index = random.integers(-1, areas, (years if dated else 1, practices)).astype(np.int32)
    codes = tuple(f"A{i}" for i in range(areas))
    return Areas("network", codes, tuple(f"Area {i}" for i in range(areas)), index)


def slow_sums(x: np.ndarray, areas: Areas, years: int) -> np.ndarray:
    out = np.zeros((*x.shape[:-2], years, len(areas)))
    for t in range(years):
        for p in range(areas.index.shape[1]):
            a = areas.index[min(t, areas.index.shape[0] - 1), p]
            if a >= 0:
                out[..., t, a] += x[..., min(t, x.shape[-2] - 1), min(p, x.shape[-1] - 1)]
    return out


sizes = {
    "seed": st.integers(0, 10_000),
    "draws": st.integers(1, 3),
    "years": st.integers(1, 4),
    "practices": st.integers(1, 12),
    "count": st.integers(1, 5),
    "dated": st.booleans(),
    "one_year": st.booleans(),
}


@given(**sizes)
def test_sums_over_areas_equal_a_slow_reference(
    seed: int, draws: int, years: int, practices: int, count: int, dated: bool, one_year: bool
) -> None:
    areas = some(seed, years, practices, count, dated)
    x = np.random.default_rng(seed + 1).normal(size=(draws, 1 if one_year else years, practices)) * 1e6
    shown = max(x.shape[-2], areas.index.shape[0])
    sums = by_area(x, areas)
    assert sums.shape == (draws, shown, count)
    np.testing.assert_allclose(sums, slow_sums(x, areas, shown), rtol=1e-12, atol=1e-6)
    back = to_practice(sums, areas, without=-7.0)
    assert back.shape == (draws, shown, practices)
    for t in range(shown):
        for p in range(practices):
            a = areas.index[min(t, areas.index.shape[0] - 1), p]
            np.testing.assert_array_equal(back[:, t, p], sums[:, t, a] if a >= 0 else np.full(draws, -7.0))


@given(**sizes)
def test_practices_in_an_area_and_those_in_none_make_the_nation(
    seed: int, draws: int, years: int, practices: int, count: int, dated: bool, one_year: bool
) -> None:
    areas = some(seed, years, practices, count, dated)
    x = np.round(np.random.default_rng(seed).uniform(0, 1e5, (draws, years, practices)))
    outside = np.where(areas.index < 0, x, 0.0)
    np.testing.assert_array_equal(by_area(x, areas).sum(-1, keepdims=True) + national(outside), national(x))
    assert national(x).shape == (draws, years, 1)


def test_bands_in_front_are_kept() -> None:
    areas = some(3, 2, 6, 3, True)
    x = np.random.default_rng(0).normal(size=(4, 5, 2, 6))
    sums = by_area(x, areas)
    assert sums.shape == (4, 5, 2, 3)
    np.testing.assert_allclose(sums[2, 3], by_area(x[2, 3], areas))


def test_an_area_that_nobody_is_in_sums_to_nothing() -> None:
    areas = Areas("board", ("A", "B"), ("A", "B"), np.array([[0, 0, -1]], np.int32))
    assert by_board(np.array([[[1.0, 2.0, 4.0]]]), areas).tolist() == [[[3.0, 0.0]]]
    assert to_practice(np.array([[[3.0, 0.0]]]), areas).tolist() == [[[3.0, 3.0, 0.0]]]
    nobody = Areas("board", ("A",), ("A",), np.array([[-1, -1]], np.int32))
    assert by_network(np.array([[[1.0, 2.0]]]), nobody).tolist() == [[[0.0]]]


def test_areas_are_dated() -> None:
    areas = Areas("network", ("N1", "N2"), ("One", "Two"), np.array([[0, 0], [0, 1], [-1, 1]], np.int32))
    x = np.array([[[1.0, 10.0]]])
    assert by_network(x, areas).tolist() == [[[11.0, 0.0], [1.0, 10.0], [0.0, 10.0]]]
    assert (areas.of(0), areas.of(1, 1), areas.of(0, 2)) == ("N1", "N2", None)
    assert areas.between(slice(1, 2)).index.tolist() == [[0, 1]]
    assert len(areas) == 2
    ever = Areas("region", ("R",), ("R",), np.array([[0, 0]], np.int32))
    assert ever.between(slice(1, 2)) is ever and ever.of(1, 5) == "R"


def test_what_is_not_known_stays_not_known_and_only_in_its_area() -> None:
    areas = Areas("network", ("N1", "N2"), ("One", "Two"), np.array([[0, 1]], np.int32))
    sums = by_network(np.array([[[np.nan, 2.0]]]), areas)
    assert np.isnan(sums[0, 0, 0]) and sums[0, 0, 1] == 2.0


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 1), (1, 3, 1)])
def test_one_figure_for_all_practices_counts_once_for_each(shape: tuple[int, ...]) -> None:
    areas = some(5, 3, 7, 2, True)
    np.testing.assert_allclose(by_area(np.ones(shape), areas)[0, 0], slow_sums(np.ones((3, 7)), areas, 3)[0])
