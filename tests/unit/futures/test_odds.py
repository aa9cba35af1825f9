"""Quantiles and odds of a run, on made draws whose answers are known."""

import numpy as np
import pytest

from gpcontract.engine.errors import InputError
from gpcontract.futures.kept import Kept
from gpcontract.futures.odds import CHANCES, odds, quantiles
from gpcontract.futures.quantities import BETTER, MADE, QUANTITIES, SUMMED

NAMES = tuple(QUANTITIES)


def made(draws: int = 1_001, **gaps: np.ndarray) -> Kept:
    """Two contracts over two years: figures of the first are 0 to 1,000 by draw, of the second as far above as is given."""
    nation = np.zeros((2, 3, len(NAMES), draws))
    nation[:, 1:] = np.arange(draws, dtype=float)
    for name, gap in gaps.items():
        nation[1, 2, NAMES.index(name)] += gap
    about = {
        "contracts": [{"name": n, "title": n.title(), "hash": ""} for n in ("national", "other")], "years": [2024, 2025, 2026],
        "start": "2024/25", "quantities": list(NAMES), "seed": 1, "draws": draws,
    }  # fmt: skip
    none = np.zeros((2, 3, 1))
    return Kept(about, np.arange(draws), nation, np.zeros((2, 3, 1, draws, 1)), none, none, {})


def test_quantiles_are_of_draws_with_luck() -> None:
    """Draws 1 to 1,000 hold 1 to 1,000; draw 0 is not among them."""
    found = quantiles(made(), "national", "bill")
    assert found.shape == (3, len(CHANCES))
    assert found[1].tolist() == pytest.approx([50.95, 100.9, 250.75, 500.5, 750.25, 900.1, 950.05])
    assert not found[0].any()


def test_the_chance_is_of_pairs_and_ties_are_apart() -> None:
    """Of 1,000 pairs the other contract costs less in 300, the same in 100 and more in 600."""
    gap = np.concatenate([[0.0], np.full(300, -2.0), np.zeros(100), np.full(600, 5.0)])
    (o,) = odds(made(bill=gap), ["bill"])
    assert (o.contract, o.against, o.way, o.is_better) == ("other", "national", "less", True)
    assert (o.chance, o.ties, o.draws) == (0.3, 0.1, 1_000)
    assert o.error == pytest.approx(np.sqrt(0.3 * 0.7 / 1000), rel=0.01)
    assert (o.low, o.middle, o.high) == (-2.0, 5.0, 5.0)


def test_chances_of_each_way_and_ties_make_one() -> None:
    """Turned round, the chance of the other way is what is left."""
    gap = np.random.default_rng(1).integers(-1, 2, 1_001).astype(float)
    kept = made(continuity=gap)
    a, b = odds(kept, ["continuity"])[0], odds(kept, ["continuity"], against="other")[0]
    assert (a.way, b.contract) == ("more", "national")
    assert a.chance + b.chance + a.ties == pytest.approx(1)


def test_certainty_keeps_an_error() -> None:
    """Where every draw agrees the error is small and not nought."""
    (o,) = odds(made(practices=np.full(1_001, 1.0)), ["practices"])
    assert o.chance == 1.0
    assert 0 < o.error < 0.01
    assert not o.is_better  # more practices are better neither way


def test_flows_add_up_over_the_years_and_spread_is_a_difference() -> None:
    """What has been displaced so far is the sum of the years; income's spread is its highest tenth less its lowest."""
    kept = made(displaced=np.ones(1_001), drawings_p90=np.full(1_001, 7.0))
    assert kept.series("other", "displaced_so_far")[2, 3] == 3 + 3 + 1
    assert kept.series("other", "income_spread")[2].tolist() == [7.0] * 1_001


def test_every_direction_is_of_a_quantity() -> None:
    """Directions, sums and what is made are of quantities that are kept."""
    assert set(BETTER) <= {*QUANTITIES, *MADE}
    assert {of for of, _ in SUMMED.values()} <= set(QUANTITIES)
    assert set(BETTER.values()) <= {"more", "less"}


def test_an_unknown_quantity_is_named() -> None:
    """The error names the nearest."""
    with pytest.raises(InputError, match="practises"):
        made().series("national", "practises")
