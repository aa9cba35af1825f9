"""The needs model on practices made up with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.engine.errors import InputError
from gpcontract.england.inference import needs

WEIGHTS = np.array([3.97, 1.00, 1.02, 2.15, 4.19, 5.81, 6.27, 3.64, 1.04, 2.19, 3.36, 4.90, 6.56, 6.72])


def made(count: int = 900, seed: int = 3) -> tuple[needs.Practices, np.ndarray, np.ndarray]:
    """Practices whose weighted list is age and sex, deprivation, and a smooth field over the map, with little noise."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.array([3, 6, 20, 14, 6, 4, 1.5] * 2) * 8, count).T
    size = rng.lognormal(9, 0.5, count)
    latitude, longitude = rng.uniform(51, 54, count), rng.uniform(-2.5, 0.5, count)
    score = rng.gamma(4, 6, count)
    flag = (rng.random(count) < 0.2).astype(float)
    p = needs.Practices(shares * size, score, flag, flag * 0, flag, 1 - flag, flag * 0, latitude, longitude)
    field = 0.08 * np.sin(latitude * 4) + 0.06 * np.cos(longitude * 5)
    log = np.log(needs.age_sex_index(p.list_by_band, WEIGHTS)) + 0.006 * (score - 24) + 0.04 * flag + field
    weighted = size * np.exp(log + rng.normal(0, 0.01, count))
    return p, weighted * size.sum() / weighted.sum(), size


def test_age_sex_index_has_a_list_weighted_mean_of_one() -> None:
    p, _, size = made()
    assert np.average(needs.age_sex_index(p.list_by_band, WEIGHTS), weights=size) == pytest.approx(1)


def test_age_sex_index_of_a_hand_made_pair() -> None:
    bands = np.zeros((14, 2))
    bands[1, 0], bands[13, 1] = 100, 100
    np.testing.assert_allclose(needs.age_sex_index(bands, WEIGHTS), [1 / 3.86, 6.72 / 3.86])


def test_age_sex_index_refuses_a_missing_band() -> None:
    with pytest.raises(InputError, match="13 bands but 14 weights"):
        needs.age_sex_index(np.ones((13, 4)), WEIGHTS)


def test_practices_never_seen_are_predicted_closely() -> None:
    p, weighted, size = made()
    found = needs.cross_validate(p, weighted, size, WEIGHTS)
    assert found.practices == 900
    assert found.median < 0.02
    assert abs(found.bias) < 1e-9


def test_own_weighted_list_never_reaches_own_estimate() -> None:
    p, weighted, size = made(400)
    part = needs.folds(400)
    absurd = np.where(part == 2, weighted * 5, weighted)
    honest, misled = (
        needs.fit(p, np.where(part == 2, np.nan, lists / size), WEIGHTS).predict(p)[part == 2]
        for lists in (weighted, absurd)
    )
    np.testing.assert_array_equal(honest, misled)


def test_one_absurd_practice_does_not_lead_its_neighbours() -> None:
    p, weighted, size = made()
    ratio = weighted / size
    honest = needs.fit(p, ratio, WEIGHTS).predict(p)
    ratio[7] *= 4
    misled = needs.fit(p, ratio, WEIGHTS).predict(p)
    assert np.median(np.abs(np.delete(misled / honest - 1, 7))) < 0.002


def test_unknown_places_and_scores_still_get_an_estimate() -> None:
    p, weighted, size = made()
    p.latitude[:20] = np.nan
    p.deprivation[10:30] = np.nan
    p.list_by_band[:, 40] = 0
    estimate = needs.fit(p, weighted / size, WEIGHTS).predict(p)
    assert np.isnan(estimate[40]) and np.isfinite(np.delete(estimate, 40)).all()


def test_too_few_practices_are_refused() -> None:
    p, weighted, size = made(150)
    with pytest.raises(InputError, match="only 150 practices"):
        needs.fit(p, weighted / size, WEIGHTS)


def test_default_index_rises_with_deprivation_and_rurality() -> None:
    one, none = np.ones(3), np.zeros(3)
    index = needs.default_index(one, np.array([10.0, 25, 45]), none, none, one * 10_000)
    assert (np.diff(index) > 0).all()
    assert (needs.default_index(one, 25 * one, one, none, one * 10_000) > index[1]).all()
