"""The income guarantee over its whole life: set in 2004, fixed, worn away, ended by sevenths."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract import Contract, England, run
from gpcontract.chapters.income_guarantee import rules
from gpcontract.contracts import Result

YEARS = tuple(range(2004, 2021))


@pytest.fixture(scope="module")
def result() -> Result:
    return run(Contract.load("national"), England.synthetic(1, YEARS), keep={"correction_factor_reduction"})


def test_a_start_below_the_guarantee_is_topped_up_and_one_above_is_not() -> None:
    assert rules.correction_factor_at_start(500_000.0, 450_000.0, 1.0) == 50_000.0
    assert rules.correction_factor_at_start(400_000.0, 450_000.0, 1.0) == 0.0


def test_frozen_guarantee_takes_the_price_rise_pound_for_pound() -> None:
    """2008/09: the guarantee did not rise, so what the price brought came off the correction factor."""
    cut = rules.correction_factor_reduction(8_000.0, 1.0, 56.20, 54.72, 60_000.0, 0.0, 1.0)
    assert cut == pytest.approx(8_000 * (56.20 - 54.72))
    assert rules.correction_factor_eroded(60_000.0, cut, 0.0, 1.0) == pytest.approx(60_000 - cut)


def test_a_factor_of_ten_pounds_a_month_ends() -> None:
    assert rules.correction_factor_eroded(130.0, 10.0, 10.0, 1.0) == 0.0
    assert rules.correction_factor_eroded(131.0, 10.0, 10.0, 1.0) == 121.0


def test_no_year_takes_off_more_than_its_reduction(result: Result) -> None:
    """Between two years of erosion the nation loses what is taken off, and what leaves with closed practices and PMS."""
    for year in range(2008, 2014):
        before = result.pence("correction_factor", year - 1).sum() / 100
        now = result.pence("correction_factor", year).sum() / 100
        cut = np.nansum(result.amounts("correction_factor_reduction")[0, result.years.index(year)])
        assert before - cut - 0.05 * before <= now <= before, year
        assert now > 0


def test_from_2014_it_falls_by_sevenths_of_2013(result: Result) -> None:
    base = result.england.fact("correction_factor_base")[0]
    on_gms = result.england.fact("on_gms")[0]
    for k, year in enumerate(range(2014, 2021)):
        at = result.years.index(year)
        known = ~np.isnan(np.broadcast_to(base, on_gms.shape)[at])
        expected = np.broadcast_to(base, on_gms.shape)[at] * (6 - k) / 7 * on_gms[at]
        np.testing.assert_allclose(result.amounts("correction_factor")[0, at][known], expected[known], atol=1e-6)
