"""The panel: who is open at the end of a year, gaps, files that do not name everybody, and what ends rest on."""

from __future__ import annotations

import numpy as np
import pytest
from made_panel import by_hand, made_england

from gpcontract.engine.errors import InputError
from gpcontract.futures.panel import COVARIATES, Panel, open_at_end

NONE = float("nan")


def test_a_practice_that_closes_within_a_year_has_ended_by_its_end() -> None:
    lists = [[5_000, 4_000], [5_000, 4_000], [5_000, NONE]]
    panel = Panel.of(by_hand(lists, (2014, 2015, 2016), [[1, 1], [1, 0.4], [1, 0]]))
    assert panel.open[:, [0, 100]].tolist() == [[True, True], [True, False], [True, False]]
    first, second = panel.transitions()
    assert (first.ended.sum(), second.ended.sum(), len(second.rows)) == (100, 0, 100)
    by_file = [int(ended.sum()) for _, _, _, ended in panel.last_file()]
    assert by_file == [0, 100]  # the last file with a list counts it a year later


def test_a_practice_that_opens_within_a_year_is_open() -> None:
    panel = Panel.of(
        by_hand([[5_000, NONE], [5_000, 900], [5_000, 2_000]], (2014, 2015, 2016), [[1, 0], [1, 0.5], [1, 1]])
    )
    assert panel.open[:, 100].tolist() == [False, True, True]


def test_a_gap_between_two_years_is_no_end() -> None:
    lists = [[5_000] * 300 + [3_000], [5_000] * 300 + [NONE], [5_000] * 300 + [3_100]]
    panel = Panel.of(by_hand(lists, (2014, 2015, 2016)))
    assert panel.open[:, -1].all()
    assert panel.whole.all()  # one in 301 is within what a file may lack
    assert sum(t.ended.sum() for t in panel.transitions()) == 0


def test_a_file_that_lacks_many_practices_shows_no_ends() -> None:
    lists = [[5_000] * 10 + [3_000], [5_000] * 10 + [NONE], [5_000] * 10 + [3_100]]
    panel = Panel.of(by_hand(lists, (2014, 2015, 2016)))
    assert panel.whole.tolist() == [True, False, True]
    (only,) = panel.transitions()
    assert (only.year, only.after, only.span) == (2014, 2016, 2)


def test_nothing_after_the_last_year_is_looked_at() -> None:
    england = made_england(600)
    cut = Panel.of(england.between((2005, 2006, 2007, 2008)))
    same = Panel.of(england, 2008)
    assert same.years == cut.years == (2005, 2006, 2007, 2008)
    for name in ("seen", "open", "patients"):
        assert np.array_equal(getattr(same, name), getattr(cut, name))
    assert np.array_equal(same.covariates(2008), cut.covariates(2008))


def test_growth_is_yearly_over_gaps_and_by_when_lists_stand() -> None:
    panel = Panel.of(by_hand([[1_000], [1_210]], (2012, 2014)))
    assert panel.growth[1, 0] == pytest.approx(np.log(1.21) / 2)
    later = Panel.of(by_hand([[1_000], [1_210]], (2015, 2016)))  # a second quarter's list, then a fourth's
    assert later.elapsed(2015, 2016) == pytest.approx(1.5)
    assert later.growth[1, 0] == pytest.approx(np.log(1.21) / 1.5)


def test_covariates_are_told_from_facts() -> None:
    england = made_england(600)
    panel = Panel.of(england)
    x = panel.covariates(2007)
    at = {n: i for i, n in enumerate(COVARIATES)}
    listed = panel.patients[panel.at(2007)]
    here = listed > 0
    assert x[here, at["log_list"]] == pytest.approx(np.log(listed[here] / 7_000))
    assert x[:, at["small"]].max() > 0
    assert (x[here & (listed > 2_500), at["small"]] == 0).all()
    assert x[here, at["shrinking"]].max() <= 0.2
    assert set(np.unique(x[:, at["apms"]])) == {0.0, 1.0}
    assert (x[:, at["rated_low"]] == 0).all()  # no ratings are held


def test_open_at_end_without_payments_is_who_has_a_list() -> None:
    england = by_hand([[5_000, 4_000], [NONE, NONE]], (2014, 2015), [[1, 1], [1, 0]])
    england.facts["list_size"][0, 1, :100] = 5_100  # type: ignore[index]
    assert open_at_end(england, 2015).sum() == 100
    assert open_at_end(england, 2014).sum() == 200


def test_a_year_without_payments_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(InputError, match=r"2019/20.*\n.*2014/15 to 2015/16"):
        Panel.of(by_hand([[1_000], [1_100]], (2014, 2015))).at(2019)
