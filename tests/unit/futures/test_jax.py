"""The years ahead on JAX give what NumPy gives: luck to the bit, and each part and whole runs to nine places."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpcontract import England
from gpcontract.engine.edits import Reform, Set
from gpcontract.engine.errors import InputError
from gpcontract.futures import (
    chances,
    dense,
    device,
    forms,
    growth,
    lists,
    money,
    moves,
    numbers,
    outcomes,
    people,
    record,
    simulate,
    survival,
)  # fmt: skip
from gpcontract.futures.places import Places
from gpcontract.futures.simulate import Block, Plan, block, plan

jax = pytest.importorskip("jax", reason="NEEDS JAX: pip install 'gpcontract[jax]'")

DRAWS, PRACTICES = 3, 40
NINE = 1e-9


@pytest.fixture(autouse=True)
def long_numbers() -> Iterator[None]:
    with device.exact():
        yield


def sent(x: Any) -> Any:
    return jax.tree.map(jax.numpy.array, x)


def agree(got: Any, expected: Any) -> None:
    for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(expected), strict=True):
        b = np.asarray(b, float)
        np.testing.assert_allclose(a, b, rtol=NINE, atol=NINE * np.abs(b).max(initial=1e-300))


# -- parts, on random numbers ----------------------------------------------------------------------------------


def test_luck_is_the_same_to_the_bit() -> None:
    draws, keys = np.array([0, 1, 7, 123_456]), numbers.keys(["A81001", "Y02345", "P"])
    expected = numbers.uniform(numbers.luck(5, "ends", draws, 2031), keys)
    got = numbers.uniform(numbers.luck(5, "ends", jax.numpy.asarray(draws), 2031), jax.numpy.asarray(keys))
    assert got.dtype == np.float64 and np.array_equal(np.asarray(got), expected)


def wide(r: np.random.Generator, low: float = 0.0, high: float = 1.0, *more: int) -> Any:
    return r.uniform(low, high, (*more, DRAWS, PRACTICES))


def each(r: np.random.Generator, low: float, high: float, *more: int) -> Any:
    return r.uniform(low, high, (*more, DRAWS, 1))


CENTRAL = np.array([[1.0], [0.0], [0.0]])


def a_year_of_lists(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    deaths, births = each(r, 0.0, 0.1, 14), each(r, 0.03, 0.06)
    matrix = lists.ageing(deaths, each(r, 0.0, 0.2, 14), births, each(r, 0.5, 0.52))
    bands = np.moveaxis(wide(r, 0.0, 900.0, 14), 0, 1).copy()
    return lists.year_of_lists, (
        bands, matrix, wide(r, -0.5, 0.7), each(r, 0.2, 3.0, 14), r.random(14), each(r, 1.0, 9.0, 14), deaths, births,
    )  # fmt: skip


def partners(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    heads = np.floor(wide(r, 0.0, 7.0))

    def both(*args: Any) -> Any:
        return people.partners(*args, True, True)

    return both, (heads, each(r, 0.02, 0.2), wide(r, 0.3, 9.0), each(r, 0.3, 0.9), wide(r), wide(r), CENTRAL, wide(r))


def gps(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    stocks = people.Stocks(*(r.uniform(0.0, 4e3, (DRAWS, 5)) for _ in range(3)))
    flows = [r.uniform(0.0, 500.0, DRAWS) for _ in range(4)]
    return people.stocks, (stocks, each(r, 0.02, 0.3, 5), each(r, 0.8, 1.4), *flows, each(r, 3e3, 4e3))


def money_of_a_year(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    def made(rates: Any, patients: Any, heads: Any, scale: Any, base: Any) -> Any:
        got = money.paid(rates, patients, 1.1 * patients, patients, 0.3, (0.1 * scale, -0.1 * scale), 1.02, scale, True)
        drawn = money.drawings(got.practice, 0.4 * patients, 0.2, 0.9, heads, scale, 1.01)
        return got, drawn, money.log_change(drawn.each, base)

    heads = np.floor(wide(r, 0.0, 5.0))
    return made, (
        r.uniform(0.0, 120.0, (2, 4, PRACTICES)), wide(r, 900.0, 2e4), heads, each(r, 0.9, 1.1), wide(r, 1e4, 1e5),
    )  # fmt: skip


def ends(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    def made(size: Any, u: Any, open_: Any, share: Any, central: Any) -> Any:
        odds = survival.log_odds(-3.0, size, 0.1 * size, -0.5, 1.0, 2.0)
        found = survival.ends(survival.chance(odds), open_, u, central, share)
        return found._replace(chooser=found.chooser * (found.all > 0))  # where nothing ends it is of no account

    return made, (wide(r, -2.0, 2.0), wide(r) ** 3, np.floor(wide(r, 0.3, 2.0)), each(r, 0.2, 0.9), CENTRAL)


def other_forms(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    def made(tilt: Any, u: Any, central: Any, speed: Any) -> Any:
        joined = forms.opting_in(0.0 * u, forms.spread(speed, speed, 0.3), 0.6, u, u * u, central)
        return forms.passing(0.3, tilt, u, u, central), joined

    return made, (wide(r, 0.1, 5.0), wide(r), CENTRAL, each(r, 0.1, 0.4))


def growth_and_outcomes(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    def made(u: Any, carry: Any, sizes: Any) -> Any:
        trend = growth.trend(u, carry, growth.spread(u, -0.3), growth.luck(u))
        index = outcomes.continuity(trend, 0.6, 0.4, sizes, 7e3)
        return growth.growth(0.01, trend, u, u, carry), outcomes.admissions(index, 0.1, carry, 1.02, 0.2)

    sizes = np.stack([np.full((DRAWS, 1), 3e3), np.full((DRAWS, 1), 1.4e4)])
    return made, (wide(r), each(r, 0.1, 0.9), sizes)


def tenths(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return record._quantiles, (wide(r, -1e5, 1e6), np.floor(wide(r, 0.0, 2.0)))


def what_is_assumed(r: np.random.Generator) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    def end() -> chances.Ends:
        shapes = (4, 2, PRACTICES), (4, 3), (4, PRACTICES)
        return chances.Ends(*(0.2 * r.normal(size=shape) for shape in shapes))

    return chances.made, ((r.random((DRAWS, 4)), r.random((DRAWS, 4))), end(), end())


PARTS = (
    a_year_of_lists, partners, gps, money_of_a_year, ends, other_forms, growth_and_outcomes, tenths, what_is_assumed,
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_part_agrees(part: Callable[..., Any], seed: int) -> None:
    function, given = part(np.random.default_rng(seed))
    arguments = sent(given)
    expected = function(*given)
    agree(jax.jit(function)(*arguments), expected)


def some_places(r: np.random.Generator, practices: int, boards: int) -> Places:
    board = np.sort(r.integers(0, boards + 1, practices)).astype(np.int32)
    near = np.stack([r.permutation(np.delete(np.arange(practices), p))[:8] for p in range(practices)])
    names, shape = tuple(f"board {i}" for i in range(boards)), (practices, 8)
    return Places(
        near.astype(np.int32), r.exponential(3.0, shape), r.random(shape) < 0.3, board, board, board, names, (), (),
        np.ones(practices, bool),
    )  # fmt: skip


@pytest.mark.parametrize("left", [0.95, 0.25, 0.04], ids=["few ended", "many ended", "whole boards ended"])
def test_moves_agree_whatever_is_left_open(left: float) -> None:
    """Also where there are more ends than are taken at a time, and where no neighbour is open, or none in the board."""
    r = np.random.default_rng(4)
    practices = 160
    places = some_places(r, practices, 12)
    shape = (DRAWS, practices)
    held = moves.Held(r.random((DRAWS, 14, practices)) * 500.0, *(r.random(shape) * 3.0 for _ in range(6)))
    due = survival.ends(np.full(shape, 0.4), np.ones(shape), r.random(shape), CENTRAL, np.full((DRAWS, 1), 0.6))
    open_ = (1.0 - due.all) * (r.random(shape) < left)
    open_[:, 3] = 1.0
    room = moves.Room(held.bands.sum(1), r.normal(size=shape) * 0.3)
    halving, kept = r.random((DRAWS, 1)) + 0.5, r.random((DRAWS, 1))
    near = dense.Near(
        places.neighbour, places.distance, places.same_network, places.board,
        (places.board[:, None] == np.arange(13)).astype(float),
    )  # fmt: skip
    arguments = sent((held, due, open_, room, halving, near, CENTRAL, kept))
    before = held.bands.sum((1, 2))
    expected = moves.move(held, due, open_, room, halving, places, CENTRAL, kept)
    got = jax.jit(dense.move)(*arguments)
    agree(got, expected)
    np.testing.assert_allclose(got.held.bands.sum((1, 2)), before, rtol=1e-12)


# -- whole runs ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ahead(small: England) -> Plan:
    """A contract of every kind at once: lists pass, networks choose, and after a year it is taken back. So one program has it all."""
    made = plan(
        small, ("hewitt_review", "securing_the_future"), years=3, draws=9, knobs=Reform.of(Set("reversal_after", 1.0))
    )
    passes, chooses = made.terms
    assert passes.converts and chooses.chosen
    return replace(made, terms=(replace(passes, joins=chooses.joins),), chances=(made.chances[0], made.chances[-1]))


@pytest.fixture(scope="module")
def run(ahead: Plan) -> Block:
    return block(ahead, range(5), on="jax")


def test_a_whole_run_agrees(ahead: Plan, run: Block) -> None:
    expected = block(ahead, range(5))
    assert run.draws.tolist() == expected.draws.tolist()
    for i in range(run.nation.shape[2]):  # quantities are of different sizes: each by its own
        agree(run.nation[:, :, i], expected.nation[:, :, i])
    for i in range(run.boards.shape[2]):
        agree(run.boards[:, :, i], expected.boards[:, :, i])
    agree((run.open, run.patients), (expected.open, expected.patients))


def test_a_block_made_wider_gives_the_draws_asked_for(ahead: Plan, run: Block) -> None:
    few = block(ahead, [3, 4], on="jax", width=5)
    assert few.nation.shape[-1] == 2
    agree(few.nation, run.nation[..., 3:])
    agree(few.patients, block(ahead, [3, 4]).patients)


def test_blocks_are_as_wide_as_a_device_holds(ahead: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    class Card:
        def memory_stats(self) -> dict[str, float]:
            return {"bytes_limit": 3.0 * 8.0 * device.HELD * len(ahead.start.members) / device.PART + 1.0}

    monkeypatch.setattr(device.library(), "devices", lambda: [Card()])
    assert device.width(ahead) == 3
    with_less = replace(ahead, draws=4)  # in two blocks alike, not in one of three and one of one
    assert device.width(with_less) == 2
    monkeypatch.undo()
    assert 1 <= device.width(ahead) <= ahead.draws


def test_draws_that_are_not_there_are_told(ahead: Plan) -> None:
    with pytest.raises(InputError, match="draws"):
        block(ahead, [9], on="jax")


def test_a_backend_that_is_not_there_is_told(ahead: Plan) -> None:
    with pytest.raises(InputError, match="abacus"):
        simulate.block(ahead, [0], on="abacus")


# -- the benchmark ---------------------------------------------------------------------------------------------


def test_the_benchmark_counts_what_it_says(ahead: Plan, run: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "benchmarks"))
    accelerator = importlib.import_module("accelerator")
    found = accelerator.measure(ahead, 5, copied=2**20)
    practices = len(ahead.start.members)
    rows = 14 + 6 + 7 + 1  # bands; the rest of what practices hold; the other parts of their state; a trend
    by_draw = 8 * (1 + 5 + 5 + 5)  # how far opting in is; GPs by age, twice, and trainees
    assert found.state == 8 * rows * practices + by_draw
    assert found.luck == 8 * 5 * practices
    assert found.steps == 1 * 3 * 9
    assert found.floor == pytest.approx(2 * (found.state + found.luck) * found.steps / found.bandwidth)
    text = accelerator.shown(ahead, 5, found)
    assert "compiling" in text and f"{practices:,} practices" in text
