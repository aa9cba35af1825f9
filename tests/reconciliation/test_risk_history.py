"""What official payments show of yearly change, and that the figures taken for other Englands are those."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gpcontract.england.facts import England
from gpcontract.findings import figures
from gpcontract.findings.compare import compare
from gpcontract.findings.exposure import board_spreads
from gpcontract.findings.history import history
from gpcontract.findings.persistence import persistence


@pytest.fixture(scope="module")
def england(official_data: Path) -> England:
    return England.official(official_data)


def test_yearly_change_of_published_income(england: England) -> None:
    """Four pairs of years, 27,968 changes: half of practices move by 4.5% or more against England's change."""
    found = history(england)
    assert {(2014, 2015), (2015, 2016), (2016, 2017), (2019, 2020)} <= set(found.pairs)
    assert found.whole is not None
    assert found.whole.changes > 25_000
    assert found.whole.median == pytest.approx(0.045, abs=0.004)
    assert found.whole.sd == pytest.approx(0.105, abs=0.012)
    assert found.whole.fall == pytest.approx(0.24, abs=0.03)
    assert found.whole.fall_cash == pytest.approx(0.14, abs=0.03)
    medians = [b.median for b in found.bands]
    assert medians[:5] == sorted(medians[:5], reverse=True)  # larger lists move less, up to 20,000
    assert sum(found.aside.values()) < 0.15 * found.whole.changes


def test_figures_for_other_englands_are_what_this_one_shows(england: England) -> None:
    found = history(england)
    if found.pairs != ((2014, 2015), (2015, 2016), (2016, 2017), (2019, 2020)):
        pytest.skip("other years of payments are here than the figures were made from")
    sd = np.sqrt(np.einsum("sbb->sb", found.per_pound))
    assert figures.table("income_spread_by_base") == pytest.approx(sd, abs=0.006)
    together = (found.per_pound / (sd[:, :, None] * sd[:, None, :])).mean(0)
    assert figures.table("income_correlation") == pytest.approx(together, abs=0.006)
    claims, lists, from_data = board_spreads(england)
    assert from_data
    assert figures.figure("exposure_claims_of_a_board") == pytest.approx(claims, abs=0.002)
    assert figures.figure("exposure_list_of_a_board") == pytest.approx(lists, abs=0.001)


def test_points_of_years_apart_persist_less_than_luck_alone_would_have_it(england: England) -> None:
    """Correlation 0.40 from 2017/18 to 2019/20 and 0.43 to 2022/23, at every list size; the model's reliability is 0.8 and more."""
    found = {(p.year, p.after, p.size): p for p in persistence(england)}
    whole = [p for p in found.values() if p.size == "all"]
    assert len(whole) >= 2
    assert all(0.3 < p.r < 0.6 for p in whole)
    spread = np.mean([p.spread for p in whole])
    assert figures.figure("quality_true_sd") == pytest.approx(spread, abs=0.004)


def test_the_model_of_today_s_contract_is_near_what_was_seen(england: England) -> None:
    """Modelled spread by list size against history's, whose shares of money were another decade's: within a fifth."""
    national = compare(["national"], england).volatility
    seen = np.array([b.sd for b in national.history.bands])
    assert np.array(national.contracts[0].sd) == pytest.approx(seen, rel=0.2)
