"""What official payments show of ends of contracts, that the fits shipped are those, and how near forecasts of later years came."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpcontract.england.facts import England
from gpcontract.futures import fits
from gpcontract.futures.backtest import Backtest, backtest
from gpcontract.futures.fit import fit
from gpcontract.futures.panel import SIZES, Panel

# The guide's table of hazards: by the last file with a list, 2014/15 to 2022/23, winding-down lists and mergers included.
BY_SIZE = (0.213, 0.061, 0.035, 0.0185, 0.0102, 0.0058, 0.0020)
BY_YEAR = {2014: 0.020, 2015: 0.026, 2016: 0.031}  # ends after a year's file; the guide dates them a year later
BY_KIND = {"gms": 0.024, "pms": 0.026, "apms": 0.071}


@pytest.fixture(scope="module")
def england(official_data: Path) -> England:
    return England.official(official_data)


@pytest.fixture(scope="module")
def panel(england: England) -> Panel:
    return Panel.of(england)


@pytest.fixture(scope="module")
def found(england: England) -> Backtest:
    return backtest(england, draws=120)


def rate(ended: float, risk: float, span: int) -> float:
    return 1 - (1 - ended / risk) ** (1 / span)


def test_hazards_by_size_are_the_guide_s(panel: Panel) -> None:
    """Ours are of other years: 2018/19 and 2021/22 may lack a file, and 2023/24 follows."""
    ended, risk = np.zeros(len(BY_SIZE)), np.zeros(len(BY_SIZE))
    for a, b, listed, gone in panel.last_file():
        band = np.digitize(panel.patients[panel.at(a)], SIZES)
        n = np.bincount(band[listed], minlength=len(BY_SIZE))
        k = np.bincount(band[gone], minlength=len(BY_SIZE))
        ended += k
        risk += n * (b - a) - k * (b - a - 1) / 2
    assert ended.sum() > 1_500
    hazards = ended / risk
    assert hazards[:6] == pytest.approx(BY_SIZE[:6], rel=0.2)
    assert hazards[6] < 0.004
    assert (np.diff(hazards) < 0).all()


def test_hazards_by_year_and_kind_are_the_guide_s(panel: Panel) -> None:
    by_kind = {k: np.zeros(2) for k in BY_KIND}
    for a, b, listed, gone in panel.last_file():
        if a in BY_YEAR and b == a + 1:
            assert rate(gone.sum(), listed.sum(), 1) == pytest.approx(BY_YEAR[a], abs=0.001)
        for k, on in zip(by_kind, panel.on(a) > 0, strict=True):
            by_kind[k] += (gone & on).sum(), (listed & on).sum() * (b - a)
    for k, (ended, risk) in by_kind.items():
        assert ended / risk == pytest.approx(BY_KIND[k], rel=0.25), k


def test_deprivation_adds_little_within_a_size(panel: Panel) -> None:
    """The guide finds no rise of ends with deprivation within a band of sizes; nor does the fit once size is in it."""
    made = fits.shipped().exit
    at = fits.COVARIATES.index("deprivation")
    assert made.estimate[at] < 0.0


def test_the_fits_shipped_are_those_of_the_official_files(england: England) -> None:
    held = fits.shipped()
    made = fit(england)
    if made.years != held.years:
        pytest.skip("other years of payments are here than the fits shipped were made from")
    error = np.sqrt(np.diag(held.exit.covariance))
    assert made.exit.estimate == pytest.approx(held.exit.estimate, abs=float(error.min()) / 10)
    assert made.growth.carry == pytest.approx(held.growth.carry, abs=0.005)
    assert made.exit.year.mean == pytest.approx(held.exit.year.mean, abs=0.02)


def test_the_backtest_beats_no_change_and_size_alone(found: Backtest) -> None:
    assert found.base in (2017, 2018)
    assert found.years[-1] >= 2024
    for s in found.scores:
        if s.name in ("brier", "list_crps", "size_crps"):
            assert s.size_only is not None
            assert s.no_change is not None
            assert s.model < s.size_only < s.no_change, (s.year, s.name)
        if s.name == "auc":
            assert s.size_only is not None
            assert s.model > max(s.size_only + 0.02, 0.74)


def test_four_in_five_intervals_hold(found: Backtest) -> None:
    """With the 500 draws of the manual 84% of all; these are fewer draws, so the bounds are wider."""
    for of in ("figures", "boards"):
        held, all_ = found.coverage(of)
        assert 0.72 < held / all_ < 0.90, of


def test_chances_told_are_near_what_happened(found: Backtest) -> None:
    for bins in found.calibration.values():
        told, happened = (np.array([getattr(b, n) for b in bins]) for n in ("told", "happened"))
        assert np.abs(told - happened).max() < 0.07
        assert (told * [b.practices for b in bins]).sum() == pytest.approx(sum(b.events for b in bins), rel=0.2)
