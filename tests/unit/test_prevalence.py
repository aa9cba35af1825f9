"""The prevalence factor and the points that payments stand on, on made-up practices with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.engine.errors import InputError
from gpcontract.england.inference import prevalence

YEARS = (2012, 2016, 2020)  # far enough apart for each to learn from the others
PAID = (2017, 2018, 2019)


def made(count: int = 800) -> tuple[prevalence.Implied, np.ndarray]:
    """Practices whose factor follows the share of old patients and deprivation, plus a lasting difference of their own."""
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.array([3, 6, 20, 14, 6, 4, 1.5] * 2) * 6, count).T
    size = rng.lognormal(9, 0.4, count)
    score = rng.gamma(4, 6, count)
    own = rng.normal(0, 0.1, count)
    old = shares[4:7].sum(0) + shares[11:14].sum(0)
    log = 2 * (old - old.mean()) + 0.1 * np.log(score) + own + rng.normal(0, 0.03, (3, count))
    lists = size * np.ones((3, 1))
    factor = np.array([prevalence.normalised(np.exp(row), size) for row in log])
    bands = np.repeat((shares * size)[:, None], 3, axis=1)
    return prevalence.Implied(YEARS, factor, lists, bands, score * np.ones((3, 1))), own


def test_factor_averages_one_over_all_patients() -> None:
    implied, _ = made()
    for lasting in (True, False):
        found = prevalence.index(implied, lasting=lasting)
        np.testing.assert_allclose([np.average(f, weights=w) for f, w in zip(found, implied.lists, strict=True)], 1)


def test_age_and_deprivation_are_found_and_the_lasting_part_beside_them() -> None:
    implied, own = made()
    strict, lasting = prevalence.index(implied, lasting=False), prevalence.index(implied)
    left = np.log(implied.factor / strict)[0]
    assert np.corrcoef(left, own)[0, 1] > 0.9
    assert np.median(np.abs(lasting / implied.factor - 1)) < 0.5 * np.median(np.abs(strict / implied.factor - 1))


@pytest.mark.parametrize("year", range(3))
def test_a_years_own_payments_never_reach_its_factor(year: int) -> None:
    implied, _ = made()
    before = prevalence.index(implied)[year]
    implied.factor[year] *= np.linspace(0.3, 3, 800)
    np.testing.assert_array_equal(before, prevalence.index(implied)[year])


def test_cross_validation_never_sees_the_practice_or_the_year() -> None:
    implied, _ = made()
    before = prevalence.cross_validate(implied)
    assert np.isfinite(before).all()
    implied.factor[:, 5] *= 2
    after = prevalence.cross_validate(implied)
    np.testing.assert_array_equal(before[:, 5] / before[:, 5].sum(), after[:, 5] / after[:, 5].sum())


def test_nothing_to_learn_from_is_refused() -> None:
    implied, _ = made(150)
    with pytest.raises(InputError, match="no year has 200 practices"):
        prevalence.index(implied)


def test_shares_between_published_years_lie_on_the_line() -> None:
    points = np.array([[500.0, 559, np.nan], [np.nan] * 3, [559, 559, 450]])
    maximum = dict.fromkeys(range(2010, 2025), 559.0)
    share, published = prevalence.achieved_share((2017, 2018, 2019), points, maximum, (2017, 2018), {})
    assert published[0].tolist() == [True, True, False] and not published[1].any()
    assert share[0, 0] == 500 / 559 and share[1, 1] == 1
    means = [np.nanmean(points[0]) / 559, np.nanmean(points[2]) / 559]
    assert share[1].mean() == pytest.approx(np.mean(means))


def test_no_published_points_at_all_is_refused() -> None:
    with pytest.raises(InputError, match="no year has published points"):
        prevalence.achieved_share((2017,), np.full((1, 3), np.nan), {2017: 559.0}, (2017,))


def test_a_steady_year_pays_what_was_achieved_the_year_before() -> None:
    points = np.full((3, 4), 500.0)
    steady = dict.fromkeys(range(2010, 2025), 559.0)
    worth, aspiration = dict.fromkeys(steady, 0.0221), dict.fromkeys(steady, 0.7)
    lists, stands = np.full((3, 4), 9000.0), np.array([2017.5, 2018.5, 2019.5])
    paid = prevalence.paid_points(PAID, points, steady, worth, aspiration, lists, stands)
    np.testing.assert_allclose(paid[1:], 500, rtol=0.02)
    aspiration[2019] = 0.8
    paid = prevalence.paid_points(PAID, points, steady, worth, aspiration, lists, stands)
    assert paid[2, 0] == pytest.approx(550, rel=0.02)


def test_list_on_a_date_is_on_the_line_between_lists() -> None:
    lists = np.array([[1000.0, np.nan], [2000, 500]])
    np.testing.assert_allclose(prevalence.list_on(2018.0, lists, np.array([2017.5, 2018.5])), [1500, 500])


def test_no_payment_reaches_the_factor_of_a_year_whose_money_it_is() -> None:
    """Money of year t rests on the factors of t, t-1 and t-2: none of them may have learned from it."""
    rng = np.random.default_rng(3)
    years, n = tuple(range(2014, 2023)), 400
    bands = rng.dirichlet(np.ones(14) * 4, (len(years), n)).transpose(2, 0, 1) * 8000
    lists = bands.sum(0)
    factor = rng.lognormal(0, 0.2, lists.shape)
    score = rng.uniform(5, 60, lists.shape)
    before = prevalence.index(prevalence.Implied(years, factor, lists, bands, score))
    for j in range(len(years)):
        moved = factor.copy()
        moved[j] *= rng.lognormal(0, 0.5, n)
        after = prevalence.index(prevalence.Implied(years, moved, lists, bands, score))
        for k, year in enumerate(years):
            same = np.array_equal(before[k], after[k])
            assert same == (years[j] - year in (0, 1, 2)), (years[j], year)
