"""What matters most, on made draws whose answers are known."""

import math

import numpy as np
import pytest

from gpcontract.engine.errors import InputError
from gpcontract.futures import worth

N = 4_000
rng = np.random.default_rng(5)
X1, X2, NOISE = rng.standard_normal((3, N))


def test_shares_of_a_sum_are_its_parts() -> None:
    """y = 3 x1 + 2 x2 + noise: 9/14, 4/14, and nothing for a figure that y does not hold."""
    y = (3 * X1 + 2 * X2 + NOISE)[None]
    found = {n: worth.shares(y, worth.polynomials(x)) for n, x in {"x1": X1, "x2": X2, "no": rng.random(N)}.items()}
    for name, true in {"x1": 9 / 14, "x2": 4 / 14, "no": 0.0}.items():
        share, error = found[name]
        assert abs(share - true) < 4 * error, name
        assert error < 0.02


def test_a_curve_and_a_skewed_figure_are_seen() -> None:
    """A share needs no straight line, and does not depend on the scale of the figure."""
    u = rng.random(N)
    y = np.cos(math.pi * u)[None] + 0.0
    assert worth.shares(y, worth.polynomials(np.exp(9 * u)))[0] > 0.99
    hump = ((u - 0.5) ** 2)[None]
    assert worth.shares(hump, worth.polynomials(u))[0] > 0.99


def test_what_only_acts_together_has_no_share_alone() -> None:
    """The product of two centred figures is explained by neither alone."""
    y = (X1 * X2)[None]
    assert worth.shares(y, worth.polynomials(X1))[0] < 0.01


def test_a_switch_has_the_share_of_its_two_groups() -> None:
    """A figure with two values: the variance between groups over the whole."""
    on = (rng.random(N) < 0.5).astype(float)
    share, error = worth.shares((2 * on + NOISE)[None], worth.polynomials(on))
    assert abs(share - 0.5) < 4 * error


@pytest.mark.parametrize("mean", [0.0, 0.5, -1.0])
def test_worth_of_knowing_is_as_the_formula_says(mean: float) -> None:
    """One choice gains nothing, the other N(mean, 1) known exactly by x: E max(x, 0) less max(mean, 0)."""
    x = mean + X1
    gain = np.stack([np.zeros(N), x + 2 * NOISE])
    value, error = worth.value_of(gain, worth.polynomials(x))
    density, above = math.exp(-(mean**2) / 2) / math.sqrt(2 * math.pi), 0.5 * (1 + math.erf(mean / math.sqrt(2)))
    true = density + mean * above - max(mean, 0.0)
    assert abs(value - true) < 4 * error + 0.02
    assert error < 0.05


def test_knowing_what_changes_no_choice_is_worth_nothing() -> None:
    """A figure that moves every contract alike, and one that never turns the choice."""
    alike = np.stack([X1, X1 - 1])
    assert worth.value_of(alike, worth.polynomials(X1))[0] == pytest.approx(0, abs=1e-9)
    far = np.stack([0 * X1, 8 + X1])
    assert worth.value_of(far, worth.polynomials(X1))[0] == pytest.approx(0, abs=1e-3)


def test_luck_alone_is_not_mistaken_for_worth() -> None:
    """Two contracts that differ by noise alone: what is taken off for chance leaves next to nothing."""
    gain = np.stack([np.zeros(500), rng.standard_normal(500)])
    value, error = worth.value_of(gain, worth.polynomials(rng.random(500)))
    assert value <= 3 * error + 0.03


def test_figures_are_ranked_and_named() -> None:
    """The largest share comes first, of the quantity or of the difference."""
    y = np.stack([3 * X1 + X2, 3 * X1 + X2 + X2])
    found = worth.worths(y, {"funding_growth": worth.polynomials(X1), "fit:growth": worth.polynomials(X2)}, 1.0)
    assert [w.name for w in found] == ["fit:growth", "funding_growth"]  # it explains all of the difference
    assert found[1].share == pytest.approx(0.9, abs=0.02)
    assert found[0].between == pytest.approx(1.0, abs=0.01)
    assert found[0].title == "Growth of England's lists, as in past years"


def test_what_chance_shows_among_many_figures_is_known() -> None:
    """Of 100 figures that do not matter the largest seems to; few sets of draws go above what is said, and a figure that matters does."""
    few = 120
    figures = {str(i): rng.random(few) for i in range(100)}
    limit = worth.by_chance({n: worth.polynomials(x) for n, x in figures.items()})
    assert 0.1 < limit < 0.4
    above = [
        max(worth.shares(y[None], worth.polynomials(x))[0] for x in figures.values()) > limit
        for y in rng.standard_normal((20, few))
    ]
    assert sum(above) <= 4
    assert worth.shares((figures["3"] + 0.3 * rng.random(few))[None], worth.polynomials(figures["3"]))[0] > limit


def test_too_few_draws_are_refused() -> None:
    """Nothing is said from a handful of draws."""

    class Few:
        lucky = np.arange(5)

    with pytest.raises(InputError, match="cannot say what matters"):
        worth.ranking(Few(), "bill")  # type: ignore[arg-type]
