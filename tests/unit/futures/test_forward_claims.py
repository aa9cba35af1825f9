"""Forward claims: each is answered on a small England, says whose it is, and rests on figures that exist; arithmetic by hand."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

from gpcontract import England
from gpcontract.contracts import Contract
from gpcontract.engine.errors import InputError, LoadError
from gpcontract.findings import claims as others
from gpcontract.findings.claims import CANNOT, DEPENDS, DOES_NOT_HOLD, HOLDS, VERDICTS, Answer, World
from gpcontract.futures import claims, simulate
from gpcontract.futures.claims import ahead as years_ahead
from gpcontract.futures.claims import estate, people, practices, variants, words
from gpcontract.futures.claims.answering import _verdict
from gpcontract.futures.claims.forward import Outlook
from gpcontract.futures.figures import figures

NAMES = claims.names()
NATIONAL = ("a-buy-out-pays-those-who-go-anyway", "general-practice-collapses", "owners-sell-at-the-market-price")
DRAWS = 8


@pytest.fixture(scope="module")
def central(small: England) -> claims.Ahead:
    """The central path alone, of every variant."""
    made = claims.Ahead(World(small), draws=0)
    made.run(variants.VARIANTS)
    return made


@pytest.fixture(scope="module")
def drawn(small: England) -> claims.Ahead:
    """A few draws of the national contract."""
    return claims.Ahead(World(small), draws=DRAWS)


# -- every claim ------------------------------------------------------------------------------------------------------


def test_what_was_asked_for_is_there() -> None:
    assert set(NAMES) == {
        "a-buy-out-pays-those-who-go-anyway", "exits-become-a-stampede", "general-practice-collapses", "going-back-undoes-it",
        "networks-opt-in-over-years", "owners-sell-at-the-market-price", "people-are-found-by-2030", "top-ups-keep-partners", "training-beats-funding",
    }  # fmt: skip
    assert not set(NAMES) & set(others.names())


@pytest.mark.parametrize("name", NAMES)
def test_each_says_whose_it_is_and_rests_on_figures_that_are_there(name: str) -> None:
    of = claims.forward_of(name)
    c = of.claim
    assert c.says.endswith(".") and len(c.cannot) > 20 and c.unit and c.by and c.ids
    assert c.by[0] == c.by[0].lower() or c.by.startswith(("British", "Policy Exchange"))
    assert len((of.function.__doc__ or "").split()) >= 5
    assert set(of.variants) <= set(variants.VARIANTS)
    assert all(years_ahead.value(n).title for n in c.needs)


def test_every_value_of_its_own_is_read_and_none_hides_another() -> None:
    needed = {n for name in NAMES for n in claims.forward_of(name).claim.needs}
    assert set(years_ahead.own()) <= needed
    assert not set(years_ahead.own()) & (set(figures()) | set(others.inputs.evidence()))
    assert all(v.entries[-1].assumed and v.entries[-1].range for v in years_ahead.own().values())
    with pytest.raises(LoadError, match="no figure"):
        years_ahead.value("owner_discount")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_answered_on_the_central_path(name: str, central: claims.Ahead) -> None:
    checked(claims.answer(name, central), central)


@pytest.mark.parametrize("name", NATIONAL)
def test_draws_give_a_range(name: str, drawn: claims.Ahead) -> None:
    a = claims.answer(name, drawn)
    checked(a, drawn)
    assert a.low is not None and a.high is not None and a.low < a.high
    assert a.likelihood is not None and 0 <= a.likelihood <= 1 and str(DRAWS) in a.spread
    assert any(k.endswith(", low") for k in a.also) and "(" in a.reading


def checked(a: Answer, ahead: claims.Ahead) -> None:
    assert a.verdict in VERDICTS and a.verdict != CANNOT and a.claim.theme == claims.THEME
    assert a.value is not None and a.low is not None and a.high is not None
    assert math.isfinite(a.value) and a.low <= a.value <= a.high
    assert a.reading.endswith(".") and "nan" not in a.reading.lower() and "inf" not in a.reading.split()
    assert all(i.source and i.unit and i.grade in "ABCM" for i in a.inputs) and a.inputs[-1].name == "fits"
    assert all(math.isfinite(x) for x in a.also.values())
    told = a.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told and "synthetic" in told["england"]


def test_contracts_that_are_priced_count_as_assumed(central: claims.Ahead) -> None:
    a = claims.answer("networks-opt-in-over-years", central)
    assert {"securing_the_future", "adoption_speed"} <= set(a.assumed)
    assert [i.name for i in a.inputs if i.priced] == ["securing_the_future"]


def test_a_name_that_is_not_there_is_an_error_with_a_hint(central: claims.Ahead) -> None:
    with pytest.raises(InputError, match="exits-become-a-stampede"):
        claims.answer("exits-become-a-rush", central)


def test_a_year_that_figures_do_not_reach_cannot_be_computed(small: England) -> None:
    first = claims.Ahead(World(small, small.years[0] if small.years[0] < 2024 else 2024), draws=0)
    a = claims.answer("general-practice-collapses", first)
    assert a.verdict in VERDICTS and (a.verdict != CANNOT or len(a.why.split()) > 4)


# -- the runs ----------------------------------------------------------------------------------------------------------


def test_a_run_is_that_of_the_years_ahead(small: England, drawn: claims.Ahead) -> None:
    plan = simulate.plan(small, ("national",), 10, DRAWS + 1, year=drawn.world.year)
    apart = simulate.block(plan, range(1, DRAWS + 1))
    np.testing.assert_array_equal(drawn.years("national").nation[..., 1:], apart.nation[0])


def test_variants_differ_by_what_they_say(central: claims.Ahead) -> None:
    of = central.years
    whole, quiet, bare = of("at_your_service"), of("unannounced"), of("without_top_ups")
    assert len(quiet.nation) == variants.QUIET_YEARS + 1
    assert (quiet["partners"][1] > whole["partners"][1]).all()
    assert (bare["bill"][2] < whole["bill"][2]).all() and (bare["partners"][5] < whole["partners"][5]).all()
    np.testing.assert_array_equal(of("reversed_after_4").nation[:5], whole.nation[:5])
    assert of("reversed_after_4")["with_partnerships"][-1] > whole["with_partnerships"][-1]
    assert of("more_trainees")["gp_fte"][-1] > of("national")["gp_fte"][-1]
    assert of("more_funding")["bill"][-1] > of("national")["bill"][-1]


def test_by_2030_every_partnership_s_list_has_passed(central: claims.Ahead) -> None:
    forms = central.priced("all_by_2030")[0].forms.sum(-1)
    years = variants.FULL_BY - central.first + 1
    np.testing.assert_allclose(forms[years - 1 :], 1.0)
    np.testing.assert_allclose(np.diff(forms[:years], prepend=0.0), 1 / years)
    left = central.years("all_by_2030")["with_partnerships"]
    assert left[years, 0] == pytest.approx(0.0, abs=1.0) and left[0, 0] > 0


def test_runs_are_made_once(central: claims.Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object) -> None:
        raise AssertionError("run again")

    monkeypatch.setattr(simulate, "block", again)
    claims.answer("training-beats-funding", central)


def test_progress_is_heard_to_the_end(small: England) -> None:
    heard: list[tuple[int, int]] = []
    made = claims.Ahead(World(small), draws=2, told=lambda done, total: heard.append((done, total)))
    made.run(["national"])
    assert heard[0] == (0, 3) and heard[-1] == (3, 3)


# -- verdicts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "verdict"), [(1.0, HOLDS), (0.95, HOLDS), (0.5, DEPENDS), (0.05, DOES_NOT_HOLD)])
def test_a_sentence_holds_by_its_share_of_draws(share: float, verdict: str, drawn: claims.Ahead) -> None:
    holds = np.array([False, *(np.arange(100) < 100 * share)])
    of = claims.forward_of("general-practice-collapses")
    found = _verdict(of, Outlook(np.zeros(101), holds, ""), claims.Ahead(drawn.world, draws=1))
    assert found[0] == verdict and found[2] == pytest.approx(share)


def test_the_middle_and_eight_in_ten_are_of_the_draws_with_luck() -> None:
    assert words.ends(np.array([100.0, *range(11)])) == (5.0, 1.0, 9.0)
    assert words.ends(np.array([3.0])) == (3.0, 3.0, 3.0)


# -- worked by hand ----------------------------------------------------------------------------------------------------


def test_owners_stay_by_their_ages() -> None:
    stays = estate.staying(np.eye(5), np.array([[0.0], [0.0], [0.0], [0.0], [1.0]]), 2)
    assert stays[4, :, 0].tolist() == [1.0, 0.0, 0.0]  # all of the oldest go at once
    assert stays[3, :, 0] == pytest.approx([1.0, 1.0, 0.8])  # a fifth of those of 55 to 59 turns 60 in a year
    assert stays[0, :, 0].tolist() == [1.0, 1.0, 1.0]


def test_a_surgery_is_worth_its_rent_and_its_sale() -> None:
    two = np.array([1.0, 1.0, 0.0])[None, :, None]  # stays one whole year and goes in the second
    worth = estate.reservation(two, np.array([0.05]), np.array([0.9]), np.array([0.1]))
    assert worth[0, 0] == pytest.approx(0.05 / 1.1 + 0.05 / 1.21 + 0.9 / 1.21)


def test_more_owners_sell_for_more_and_those_who_go_are_among_them(drawn: claims.Ahead) -> None:
    found = list(estate.offers(drawn).values())
    for low, high in itertools.pairwise(found):
        assert (high.share >= low.share).all() and (high.cost > low.cost).all()
    for x in found:
        assert ((x.windfall >= 0) & (x.windfall <= x.cost) & (x.share <= 1)).all()


def test_the_estate_is_worth_its_rent_over_the_yield(drawn: claims.Ahead) -> None:
    worth, patients = estate.estate(drawn)
    lists = float(drawn.plan.start.lists.sum())
    assert patients == pytest.approx(0.57 * lists, rel=1e-6)
    assert 40 < worth[0] / lists < 200  # £6.3bn over 62 million patients is about £100


def test_worked_by_hand() -> None:
    assert people.posts_for(np.array([800.0]), np.array([56.3]), np.array([45.0])) == pytest.approx([1000.9], abs=0.05)
    assert people.cost_of_each(np.array([10.0]), np.array([4.0])).tolist() == [2.5]
    assert people.share_of(np.array([0.0]), np.array([0.0])).tolist() == [0.0]
    assert practices.spent_by(3, 2024, 2034) == pytest.approx(3 / 11)


def test_the_contract_of_a_variant_is_made_afresh() -> None:
    whole, bare = Contract.load("at_your_service"), variants.without_top_ups(2025)
    assert whole.hash != bare.hash and whole.name == bare.name and not whole.reform
