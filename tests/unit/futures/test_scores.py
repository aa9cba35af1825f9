"""Scores, each against a value worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.futures import scores


def test_brier_is_the_mean_square() -> None:
    assert scores.brier([0.9, 0.2, 0.0], [1, 0, 1]) == pytest.approx((0.01 + 0.04 + 1.0) / 3)


def test_auc_counts_pairs_and_halves_ties() -> None:
    # pairs of (ended, stayed): 0.8>0.5, 0.8>0.1, 0.5=0.5, 0.5>0.1: 3.5 of 4
    assert scores.auc([0.8, 0.5, 0.5, 0.1], [1, 1, 0, 0]) == pytest.approx(3.5 / 4)
    assert np.isnan(scores.auc([0.1, 0.2], [0, 0]))


def test_auc_does_not_move_with_the_scale_of_chances() -> None:
    rng = np.random.default_rng(1)
    p, y = rng.random(200), rng.random(200) < 0.3
    assert scores.auc(p, y) == pytest.approx(scores.auc(p**3 / 10, y))


def test_crps_by_hand() -> None:
    # draws 0, 2, 4 against 1: mean distance (1+1+3)/3; mean distance between draws (2+4+2)*2/9; less half of it
    assert scores.crps([[0.0], [2.0], [4.0]], [1.0])[0] == pytest.approx(5 / 3 - 8 / 9)
    assert scores.crps([[7.0]], [4.0])[0] == pytest.approx(3.0)  # one draw: the distance


def test_crps_is_that_of_the_definition() -> None:
    x = np.random.default_rng(2).normal(size=(40, 3))
    y = np.array([0.0, 1.0, -2.0])
    direct = np.abs(x - y).mean(0) - 0.5 * np.abs(x[:, None] - x[None]).mean((0, 1))
    assert scores.crps(x, y) == pytest.approx(direct)


def test_crps_of_a_normal_is_near_its_formula() -> None:
    x = np.random.default_rng(3).normal(size=(20_000, 1))
    assert scores.crps(x, [0.0])[0] == pytest.approx(2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi), abs=0.01)


def test_calibration_bins_are_of_as_many_and_hold_their_share() -> None:
    chance = np.array([0.1] * 10 + [0.6] * 10)
    ended = np.array([1] + [0] * 9 + [1] * 7 + [0] * 3)
    low, high = scores.calibration(chance, ended, 2)
    assert (low.told, low.happened, low.practices, low.events) == pytest.approx((0.1, 0.1, 10, 1))
    assert (high.told, high.happened) == pytest.approx((0.6, 0.7))
    assert low.low < 0.1 < low.high < 0.35
    assert high.low < 0.7 < high.high
