"""Fits: known chances are found again, uncertainty is drawn, and what is written is what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_panel import CARRY, CONSTANT, GROWTH, PASSING, TREND, by_hand, made_england, slope

from gpcontract import England
from gpcontract.engine.errors import InputError, LoadError
from gpcontract.futures import effects, fits, growth, trends
from gpcontract.futures.fit import fit, fit_exit, most_likely
from gpcontract.futures.fits import Fits
from gpcontract.futures.panel import COVARIATES, Panel


@pytest.fixture(scope="module")
def england() -> England:
    return made_england()


@pytest.fixture(scope="module")
def made(england: England) -> Fits:
    return fit(england)


def test_the_chances_that_ends_were_drawn_by_are_found_again(made: Fits) -> None:
    error = np.sqrt(np.diag(made.exit.covariance))
    for i, name in enumerate(COVARIATES):
        if name == "constant":
            assert made.exit.estimate[i] == pytest.approx(CONSTANT, abs=0.25)
        elif name not in made.exit.unknown:
            assert abs(made.exit.estimate[i] - slope(name)) < 3.5 * error[i] + 0.02, name
    assert made.exit.ends > 500
    assert set(made.exit.unknown) >= {"rated_low", "london", "pms"}


def test_boards_and_years_that_do_not_differ_are_not_told_apart(made: Fits) -> None:
    assert made.exit.boards.sd < 0.25
    assert made.exit.year.sd < 0.3


def test_the_growth_that_lists_were_drawn_by_is_found_again(made: Fits) -> None:
    g = made.growth
    assert g.nation.mean == pytest.approx(GROWTH, abs=0.006)
    assert g.carry == pytest.approx(CARRY, abs=0.08)
    assert g.trend_sd == pytest.approx(TREND, rel=0.2)
    assert g.passing_sd == pytest.approx(PASSING, rel=0.25)
    assert g.size_power == pytest.approx(0.0, abs=0.05)
    assert np.exp(made.money.price.mean) > 1.0


def test_a_span_of_years_counts_as_its_years() -> None:
    rng = np.random.default_rng(1)
    n, hazard = 40_000, 0.04
    span = np.repeat([1.0, 3.0], n // 2)
    ended = rng.random(n) < 1 - (1 - hazard) ** span
    found, covariance, _ = most_likely(np.ones((n, 1)), ended, span, np.zeros(1))
    assert 1 / (1 + np.exp(-found[0])) == pytest.approx(hazard, rel=0.05)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(1 / np.sqrt(ended.sum()), rel=0.1)


def test_a_prior_keeps_an_estimate_finite_where_nobody_ended() -> None:
    x = np.stack([np.ones(1_000), np.arange(1_000) < 50], -1).astype(float)
    ended = (np.arange(1_000) >= 50) & (np.arange(1_000) % 20 == 0)
    found, covariance, _ = most_likely(x, ended, np.ones(1_000), np.array([0.0, 1.0]))
    assert -4 < found[1] < 0
    assert np.isfinite(covariance).all()


def test_yearly_effects_are_found_again() -> None:
    rng = np.random.default_rng(5)
    x, level = [], 0.0
    for _ in range(60):
        level = 0.6 * level + rng.normal(0, 0.3 * 0.8)
        x.append(1.0 + level)
    found = effects.yearly(np.array(x), np.full(60, 0.02), [(y, y) for y in range(60)])
    assert found.mean == pytest.approx(1.0, abs=0.3)
    assert found.sd == pytest.approx(0.3, rel=0.35)
    assert found.carry == pytest.approx(0.6, abs=0.2)
    assert found.level == pytest.approx(x[-1], abs=0.05)
    assert (found.last, found.years) == (59, 60)


def test_few_years_leave_the_spread_unsure() -> None:
    few = effects.yearly(np.array([0.1, -0.1, 0.0]), np.full(3, 0.01), [(1, 1), (2, 2), (3, 4)])
    assert few.sd_error > 0.3
    assert few.carry_error > 0.2
    assert few.last == 4


def test_effects_of_boards_are_found_again_and_drawn_in() -> None:
    rng = np.random.default_rng(6)
    true = rng.normal(0, 0.4, 60)
    weight = np.full((5, 60), 8.0)
    seen = true + rng.normal(0, 0.3, (5, 60)) + rng.normal(0, 1, (5, 60)) / np.sqrt(weight)
    found = effects.boards(seen, weight, [f"B{i}" for i in range(60)])
    assert found.sd == pytest.approx(0.4, abs=0.12)
    assert found.year_sd == pytest.approx(0.3, abs=0.15)
    assert np.abs(found.estimate).sum() < np.abs(seen.mean(0)).sum()
    assert np.abs(found.estimate - true).mean() < np.abs(seen.mean(0) - true).mean()
    estimate, error = found.of(["B3", "elsewhere"])
    assert (estimate[1], error[1]) == (0.0, found.sd)
    assert estimate[0] == found.estimate[3]


def test_draw_0_is_the_estimate_and_blocks_are_alike(made: Fits) -> None:
    years, boards = (2014, 2015, 2020), made.exit.boards.codes
    whole = fits.drawn(made, 40, 7, years, boards)
    part = fits.drawn(made, np.arange(10, 20), 7, years, boards)
    for name in ("exit_year", "exit_board", "area", "carry", "slope", "price"):
        assert np.array_equal(getattr(whole, name)[10:20], getattr(part, name)), name
    assert {n: float(x[0, 0]) for n, x in whole.exit.items()} == pytest.approx(
        dict(zip(COVARIATES[1:], made.exit.estimate[1:], strict=True))
    )
    assert whole.carry[0, 0] == made.growth.carry
    y = made.exit.year
    assert whole.exit_year[0] == pytest.approx([y.mean + y.carry**h * (y.level - y.mean) for h in (1, 2, 7)])
    assert np.std(whole.exit_year[1:, 2]) > 0


def test_draws_spread_as_the_covariance_says(made: Fits) -> None:
    many = fits.drawn(made, 4_000, 1, (2014,))
    x = np.concatenate([many.exit[n][1:] for n in COVARIATES[1:]], axis=1)
    sd = np.sqrt(np.diag(made.exit.covariance)[1:])
    apart = (np.cov(x.T) - made.exit.covariance[1:, 1:]) / np.outer(sd, sd)
    assert np.abs(apart).max() < 0.08


def test_what_is_written_is_what_is_read(made: Fits, tmp_path: Path) -> None:
    file = tmp_path / "fitted.yaml"
    fits.save(made, file)
    read = fits.load(file)
    assert read.exit.estimate == pytest.approx(made.exit.estimate, rel=1e-5)
    assert read.exit.covariance == pytest.approx(made.exit.covariance, rel=1e-4, abs=1e-9)
    assert read.growth.boards.codes == made.growth.boards.codes
    assert read.growth.carry == pytest.approx(made.growth.carry, rel=1e-5)
    assert read.kinds.counts == pytest.approx(made.kinds.counts)
    assert read.years == made.years


def test_a_file_that_holds_no_fit_says_so(tmp_path: Path) -> None:
    file = tmp_path / "fitted.yaml"
    file.write_text("fitted: {england: x}\n", encoding="utf-8")
    with pytest.raises(LoadError, match="does not hold a fit"):
        fits.load(file)


def test_englands_without_a_past_are_looked_ahead_with_the_fits_shipped(england: England) -> None:
    assert fits.of(England.synthetic(1, (2024,))) is fits.shipped()
    assert fits.of(england).england == england.title
    assert fits.of(england) is fits.of(england)


def test_two_published_years_are_too_few() -> None:
    with pytest.raises(InputError, match="at least 3 published years"):
        fit(by_hand([[1_000], [1_100]], (2014, 2015)))


def test_the_shipped_fits_are_whole() -> None:
    held = fits.shipped()
    assert len(held.exit.estimate) == len(COVARIATES)
    assert np.linalg.eigvalsh(held.exit.covariance).min() > 0
    assert held.exit.estimate[COVARIATES.index("log_list")] < -1  # larger practices end more seldom
    assert held.kinds.chance.sum(1) == pytest.approx(np.ones(3))
    assert len(held.exit.boards.codes) >= 42
    assert 0 < held.growth.carry < 1


def test_a_trend_is_drawn_in_from_what_was_seen(england: England, made: Fits) -> None:
    panel = Panel.of(england)
    own, error = trends.trend(panel, made.growth, 2013)
    last = panel.growth[-1] - GROWTH
    known = panel.open[-1] & (np.abs(last) < 0.08)
    assert np.corrcoef(own[known], last[known])[0, 1] > 0.7
    assert own[known].std() < last[known].std()
    assert (error[known] < made.growth.trend_sd).mean() > 0.9
    assert not trends.trend(panel, made.growth, 2005)[0].any()


def test_trends_keep_their_spread_from_year_to_year() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(0, 0.02, 20_000)
    for _ in range(10):
        x = growth.trend(x, np.float64(0.8) + np.zeros(1), 0.02, growth.luck(rng.random(20_000)))
    assert x.std() == pytest.approx(0.02, rel=0.05)
    assert growth.luck(np.array([0.5]))[0] == 0.0


def test_size_alone_leaves_the_other_slopes_at_nought(england: England) -> None:
    alone = fit_exit(Panel.of(england), ("log_list",))
    others = [i for i, n in enumerate(COVARIATES) if n not in ("constant", "log_list")]
    assert not alone.estimate[others].any()
    assert alone.estimate[1] < -0.5
