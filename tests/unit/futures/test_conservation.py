"""Nothing is made or lost on the way through the years but by name: patients, GPs, money, practices. And what draws may and may not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gpcontract import England
from gpcontract.engine.edits import Reform, Set
from gpcontract.futures import effects, simulate
from gpcontract.futures.beliefs import Beliefs
from gpcontract.futures.figures import figure
from gpcontract.futures.quantities import BY_BOARD, QUANTITIES
from gpcontract.futures.simulate import Block, Plan, block, plan

ALL = (
    "national",
    "rising_to_the_challenge",
    "securing_the_future",
    "primary_care_reform",
    "at_your_service",
    "hewitt_review",
)
PLACE = {n: i for i, n in enumerate(QUANTITIES)}
CLOSE = 1e-6


@pytest.fixture(scope="module")
def ahead(small: England) -> Plan:
    return plan(small, ALL, years=6, draws=12)


@pytest.fixture(scope="module")
def run(ahead: Plan) -> Block:
    return block(ahead, range(12))


def of(run: Block, name: str) -> np.ndarray:
    """A quantity: (contract, year, draw)."""
    return run.nation[:, :, PLACE[name]]


def test_patients_are_made_and_lost_by_births_deaths_and_newcomers_alone(run: Block) -> None:
    people = of(run, "patients")
    flows = of(run, "born") - of(run, "died") + of(run, "came")
    np.testing.assert_allclose(people[:, 1:], people[:, :-1] + flows[:, 1:], rtol=CLOSE / 1e3)


def test_patients_of_boards_add_up_to_england(run: Block) -> None:
    np.testing.assert_allclose(run.boards[:, :, BY_BOARD.index("patients")].sum(-1), of(run, "patients"), rtol=1e-12)
    np.testing.assert_allclose(run.boards[:, :, BY_BOARD.index("bill")].sum(-1), of(run, "bill"), rtol=1e-12)
    np.testing.assert_allclose(run.boards[:, :, BY_BOARD.index("practices")].sum(-1), of(run, "practices"), rtol=1e-12)


def test_patients_are_with_one_holder_each(run: Block) -> None:
    held = sum(of(run, f"with_{who}") for who in ("partnerships", "trusts", "networks", "companies"))
    np.testing.assert_allclose(held, of(run, "patients"), rtol=1e-9)


def test_gps_join_leave_and_change_role_but_are_neither_made_nor_lost(run: Block) -> None:
    heads = of(run, "partners") + (of(run, "salaried_fte") + of(run, "locum_fte")) / figure("salaried_fte_per_head")
    flows = of(run, "joined_gps") - of(run, "left_gps")
    np.testing.assert_allclose(heads[:, 1:], heads[:, :-1] + flows[:, 1:], rtol=CLOSE)


def test_practices_end_by_merger_or_closure_alone(run: Block) -> None:
    open_ = of(run, "practices")
    ends = of(run, "merged") + of(run, "closed")
    np.testing.assert_allclose(open_[:, 1:], open_[:, :-1] - ends[:, 1:], rtol=1e-9)


def test_what_practices_are_paid_is_within_the_bill_and_drugs_and_networks_are_the_rest(
    run: Block, ahead: Plan
) -> None:
    bill, theirs = of(run, "bill"), of(run, "paid_to_practices")
    assert (theirs < bill).all() and (theirs > 0).all()
    start = ahead.start
    rates = ahead.national.rates[0, 0]
    whole = rates[0] @ start.counts["weighted"] + (rates[1] + rates[3]) @ start.counts["registered"] + rates[2].sum()
    np.testing.assert_allclose(bill[:, 0], whole, rtol=1e-12)


def test_worlds_have_whole_practices_and_the_central_draw_has_parts(run: Block) -> None:
    open_ = of(run, "practices")
    assert (open_[:, :, 1:] == np.rint(open_[:, :, 1:])).all()
    assert (open_[:, 1:, 0] != np.rint(open_[:, 1:, 0])).all()


def test_partners_are_whole_people_in_worlds(small: England) -> None:
    one = block(plan(small, years=3, draws=3), [1, 2])
    partners = of(one, "partners")
    np.testing.assert_allclose(partners, np.rint(partners), atol=1e-9)


# -- draws -------------------------------------------------------------------------------------------------------


def without_uncertainty(ahead: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """The plan with every figure and fit known for certain, and no luck of practices, years or boards."""
    certain = {n: x[..., :1, :] for n, x in ahead.beliefs.arrays.items()}
    made = replace(ahead, luck=False, chances=())
    made.__dict__["beliefs"] = Beliefs(certain)

    def nothing(seed: int, purpose: str, draws: Any, names: Any) -> Any:
        return np.zeros((len(draws), len(names)))

    monkeypatch.setattr(effects, "normal", nothing)
    return made


def test_without_uncertainty_all_draws_are_the_same(ahead: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    made = block(without_uncertainty(ahead, monkeypatch), [0, 1, 7]).nation
    np.testing.assert_allclose(made[..., 0], made[..., 1], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(made[..., 0], made[..., 2], rtol=1e-12, atol=1e-12)


def test_with_uncertainty_no_two_draws_are_the_same(run: Block) -> None:
    bill = of(run, "bill")[:, -1]
    assert all(len(np.unique(row)) == len(row) for row in bill)


def test_a_draw_is_the_same_in_any_block_and_however_many_there_are(ahead: Plan, small: England, run: Block) -> None:
    again = block(ahead, [5, 3])
    np.testing.assert_allclose(again.nation[..., 0], run.nation[..., 5], rtol=1e-12)
    np.testing.assert_allclose(again.nation[..., 1], run.nation[..., 3], rtol=1e-12)
    more = block(plan(small, ALL, years=6, draws=24), range(12))
    np.testing.assert_array_equal(more.nation, run.nation)


def test_the_same_block_is_the_same_to_the_bit(ahead: Plan, run: Block) -> None:
    np.testing.assert_array_equal(block(ahead, range(12)).nation, run.nation)


def test_contracts_share_their_luck(small: England, run: Block) -> None:
    """What a contract is set beside changes nothing of it; the same contract twice is the same twice."""
    alone = block(plan(small, ("national",), years=6, draws=12), range(12))
    np.testing.assert_array_equal(alone.nation[0], run.nation[0])
    twice = block(plan(small, ("national", "national"), years=3, draws=4), range(4))
    np.testing.assert_array_equal(twice.nation[0], twice.nation[1])


def test_another_seed_is_another_luck_of_the_same_spread(small: England) -> None:
    runs = [block(plan(small, years=5, draws=49, seed=s), range(1, 49)) for s in (1, 2)]
    one, two = (of(r, "practices")[0, -1] for r in runs)
    assert not np.array_equal(one, two)
    assert abs(one.mean() - two.mean()) < 4 * np.hypot(one.std(), two.std()) / np.sqrt(48)
    assert 1 / 2 < one.std() / two.std() < 2


def test_twice_the_draws_have_the_same_spread(small: England) -> None:
    """The spread of draws is what is not known; it does not shrink as there are more of them."""
    ahead = plan(small, years=5, draws=97)
    x = of(block(ahead, range(1, 97)), "patients")[0, -1]
    assert 1 / 1.5 < x[:48].std() / x.std() < 1.5


# -- knobs -------------------------------------------------------------------------------------------------------


def last(small: England, name: str, contracts: tuple[str, ...] = ("national",), **knobs: float) -> float:
    edits = Reform(tuple(Set(n, x) for n, x in knobs.items()))
    return float(of(block(plan(small, contracts, years=6, knobs=edits), [0]), name)[-1, -1, 0])


@pytest.mark.parametrize(
    ("knob", "amount", "name", "more"),
    [
        ("funding_growth", 0.03, "bill", True),
        ("funding_growth", 0.03, "drawings", True),
        ("pay_growth", 0.03, "drawings", False),
        ("trainees_yearly", 8000, "gp_fte", True),
        ("partner_vacancy_fill_rate", 0.9, "partners", True),
        ("contacts_growth", 0.03, "pressure", True),
        ("hard_exit_share", 0.9, "displaced", True),
    ],
)
def test_a_knob_moves_what_it_should(small: England, knob: str, amount: float, name: str, more: bool) -> None:
    now, then = last(small, name), last(small, name, **{knob: amount})
    assert (then > now) is more and then != now


def test_a_contract_taken_back_gives_lists_back(small: England) -> None:
    kept = last(small, "with_partnerships", ("at_your_service",))
    back = last(small, "with_partnerships", ("at_your_service",), reversal_after=3)
    assert back > kept


def test_knobs_and_contracts_name_a_run(small: England) -> None:
    plans: Mapping[str, Plan] = {
        "plain": plan(small, years=2),
        "knob": plan(small, years=2, knobs=Reform.of(Set("funding_growth", 0.02))),
        "seed": plan(small, years=2, seed=2),
        "contract": plan(small, ("hewitt_review",), years=2),
    }
    assert len({p.hash for p in plans.values()}) == len(plans)
    assert plan(small, years=2).hash == plans["plain"].hash == plan(small, years=2, draws=5).hash


def test_what_cannot_be_run_is_told(small: England) -> None:
    for said, given in (
        ("years ahead", {"years": 0}),
        ("draws", {"draws": 0}),
        ("no figure", {"knobs": Reform.of(Set("founding_growth", 1))}),
        ("no contract", {"contracts": ()}),
        ("no contract called|not a contract|there is no contract", {"contracts": ("nationl",)}),
    ):
        with pytest.raises(simulate.InputError, match=said):
            block(plan(small, **given), [0])  # type: ignore[arg-type]
