"""The backtest on an England of known chances: what it scores, that it beats simpler forecasts, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_panel import made_england

from gpcontract import England
from gpcontract.engine.errors import InputError
from gpcontract.futures import effects, replay
from gpcontract.futures.backtest import Backtest, backtest
from gpcontract.futures.fit import fit
from gpcontract.futures.panel import Panel
from gpcontract.report import backtest as said


@pytest.fixture(scope="module")
def england() -> England:
    return made_england(2_000, seed=9)


@pytest.fixture(scope="module")
def found(england: England) -> Backtest:
    return backtest(england, 2010, draws=200)


def test_it_fits_on_the_past_and_scores_every_later_year(found: Backtest) -> None:
    assert found.fits.years == (2005, 2006, 2007, 2008, 2010)
    assert (found.base, found.years, found.aside) == (2010, (2011, 2012, 2013), ())
    names = {s.name for s in found.scores}
    assert names == {"brier", "brier_rate", "auc", "list_crps", "size_crps", "money_crps", "total_crps", "mix_crps"}
    assert {f.name for f in found.boards} == {"practices", "patients", "money", "gms"}
    assert len({f.area for f in found.boards}) == 12


def test_it_beats_no_change_and_size_alone_where_ends_go_with_more_than_size(found: Backtest) -> None:
    for s in found.scores:
        if s.name in ("brier", "list_crps"):
            assert s.size_only is not None
            assert s.no_change is not None
            assert s.model < min(s.size_only, s.no_change)
        if s.name == "auc":
            assert s.model > 0.6


def test_chances_told_are_those_that_happen(found: Backtest) -> None:
    for bins in found.calibration.values():
        told, happened = (np.array([getattr(b, n) for b in bins]) for n in ("told", "happened"))
        assert np.abs(told - happened).max() < 0.09
        assert sum(b.practices for b in bins) == found.practices


def test_most_intervals_hold(found: Backtest) -> None:
    held, of = found.coverage("boards")
    assert 0.65 < held / of < 0.97
    assert found.coverage()[1] == len(found.figures)


def test_years_forecast_do_not_reach_the_forecast(england: England) -> None:
    other = England(
        england.title, england.years, england.codes, {k: v.copy() for k, v in england.facts.items()}, england.areas
    )
    for name in ("list_published", "list_size", "published_global_sum"):
        other.facts[name][0, england.years.index(2012)] *= 2.0  # type: ignore[index]
    found, again = (backtest(e, 2010, draws=8) for e in (england, other))
    first = {(f.year, f.name): (f.low, f.middle, f.high) for f in found.figures if f.year != 2012}
    assert first == {(f.year, f.name): (f.low, f.middle, f.high) for f in again.figures if f.year != 2012}


def test_blocks_of_draws_are_alike(england: England) -> None:
    fits = fit(england, 2010)
    start = replay.base(england, fits, 2010)
    whole = replay.replay(start, fits, {2011: 2011.25}, 12, block=12)
    parts = replay.replay(start, fits, {2011: 2011.25}, 12, block=5)
    for name in ("open", "lists", "money", "kind"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name


def test_patients_go_on_when_contracts_end(england: England) -> None:
    """With no growth at all, those of practices that end are on the lists of the others."""
    fits = fit(england, 2010)
    still = replace(
        fits.growth, nation=effects.Yearly(0, 0, 0, 0, 0, 0, 0, 0, 2010, 5), slope=0.0, slope_error=0.0, trend_sd=0.0, passing_sd=0.0,
        boards=effects.Boards((), np.zeros(0), np.zeros(0), 0.0, 0.0),
    )  # fmt: skip
    start = replay.base(england, fits, 2010)
    start = replace(start, trend=np.zeros_like(start.trend), trend_error=np.zeros_like(start.trend))
    ahead = replay.replay(start, replace(fits, growth=still), {2013: start.moment + 3}, 6)
    assert ahead.open[0].sum(1).max() < len(start.rows)
    assert ahead.lists[0].sum(1, dtype=float) == pytest.approx(np.full(6, start.lists.sum()), rel=1e-5)
    assert (ahead.lists[0][1:][ahead.open[0][1:] == 0] == 0).all()


def test_a_year_whose_file_lacks_practices_scores_no_ends(england: England) -> None:
    facts = {k: v.copy() for k, v in england.facts.items()}
    lacks = np.flatnonzero(~np.isnan(facts["list_published"][0, -1]))[::20]
    facts["list_published"][0, england.years.index(2012), lacks] = np.nan
    other = England(england.title, england.years, england.codes, facts, england.areas)
    assert not Panel.of(other).whole[-2]
    found = backtest(other, 2010, draws=10)
    assert (found.years, found.aside) == ((2011, 2013), (2012,))
    assert [f.name for f in found.figures if f.year == 2012] == ["mean_list"]


def test_without_later_years_there_is_nothing_to_score(england: England) -> None:
    with pytest.raises(InputError, match=r"no payments after 2013/14"):
        backtest(england, "2013/14")
    with pytest.raises(InputError, match="at least 3 published years"):
        backtest(england, 2006)
    with pytest.raises(InputError, match="no past to forecast"):
        backtest(England.synthetic(1, (2024,)))


def test_the_page_and_the_tables_say_the_same(found: Backtest, tmp_path: Path) -> None:
    written = said.write(found, tmp_path)
    names = {p.name for p in written}
    assert {"ends.csv", "distances.csv", "coverage.csv", "backtest.json", "backtest.html"} <= names
    body = json.loads((tmp_path / "backtest.json").read_text(encoding="utf-8"))
    assert body["coverage"]["figures"]["of"] == len(found.figures)
    page = (tmp_path / "backtest.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert said.headline(found).split(",")[0] in page
