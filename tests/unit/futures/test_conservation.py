"""Nothing is made or lost on the way through the years but by name: patients, GPs, money, practices. And what draws may and may not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gpcontract import England
from gpcontract.engine.edits import Reform, Set
from gpcontract.futures import effects, given, record, simulate
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
YEARLY = ("rates", "aside", "once", "forms", "quality_ended", "progress", "network_staff", "leases")  # of terms


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


def test_the_first_year_is_paid_on_the_national_contract_s_terms(run: Block, ahead: Plan) -> None:
    bill, theirs = of(run, "bill"), of(run, "paid_to_practices")
    assert (theirs < bill).all() and (theirs > 0).all()
    start = ahead.start
    rates = ahead.national.rates[0, 0]
    whole = rates[0] @ start.counts["weighted"] + (rates[1] + rates[3]) @ start.counts["registered"] + rates[2].sum()
    np.testing.assert_allclose(bill[:, 0], whole, rtol=1e-12)


def test_money_is_what_terms_pay_for_lists_and_goes_to_costs_and_drawings(
    small: England, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every year and draw, to a millionth: what each payee has from terms, lists and chance, and what partners have of it."""
    seen: list[tuple[Any, ...]] = []
    kept = record.year

    def watched(before: Any, after: Any, of_year: Any, base: Any, then: Any, contract: Any, *rest: Any) -> Any:
        seen.append((before, of_year, base, then, contract, kept(before, after, of_year, base, then, contract, *rest)))
        return seen[-1][-1]

    monkeypatch.setattr(record, "year", watched)
    made = plan(small, ("national", "securing_the_future", "at_your_service"), years=5, draws=5)
    block(made, range(5))
    assert len(seen) == 15
    for before, told, base, then, contract, year in seen:
        n, raw = told.listed.patients, told.listed.workload * made.start.needs
        w = raw * (n.sum(-1) / raw.sum(-1))[:, None]
        r, inside = contract.rates, np.asarray(told.inside)
        held = before.held.surgery * contract.surgery
        own = [r[s, 0] * w + r[s, 1] * n for s in (0, 1)]
        beside = [r[s, 3] * n * (1.0 + contract.network_staff * (then.roles - 1.0)) for s in (0, 1)]
        own, beside = (x[0] + inside * (x[1] - x[0]) for x in (own, beside))
        own, beside = (own + held) * then.price, beside * then.price
        pay = [own + contract.chance[0] * (own + beside), beside + contract.chance[1] * (own + beside)]
        np.testing.assert_allclose(year.nation[PLACE["paid_to_practices"]], pay[0].sum(-1), rtol=CLOSE)
        np.testing.assert_allclose(year.nation[PLACE["bill"]], (pay[0] + pay[1]).sum(-1), rtol=CLOSE)
        now, team = then.now, before.held
        share = now["contractor_expense_shares"][1:3].sum(0) * then.other
        posts = (team.salaried, team.nurses, team.direct_care, team.admin)
        staff = sum(x * c for x, c in zip(posts, now["staff_cost_per_fte"], strict=True)) * base.scale * then.pay
        left = (pay[0] * (1.0 - share) - staff) * told.partnership
        drawn = year.nation[PLACE["drawings"]] * np.maximum(team.partners.sum(-1), 1e-9)
        np.testing.assert_allclose(drawn, left.sum(-1), rtol=CLOSE)


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


def test_what_moves_others_money_alone_leaves_practices_as_it_was(ahead: Plan) -> None:
    """Every figure that the national contract assumes is of networks' money."""
    down, up = ahead.chances[-1].down, ahead.chances[-1].up
    assert np.abs(up.pay[:, 1]).max() > 0.001
    np.testing.assert_allclose(down.pay[:, 0], 0.0, atol=1e-12)
    np.testing.assert_allclose(up.pay[:, 0], 0.0, atol=1e-12)


def test_draws_move_who_holds_lists_who_opts_in_and_what_is_paid_apart(run: Block) -> None:
    def spread(name: str, contract: str) -> float:
        x = of(run, name)[ALL.index(contract), -1, 1:]
        return float(x.std() / abs(x.mean()))

    assert spread("with_trusts", "at_your_service") > 0.02
    assert spread("opted_in", "securing_the_future") > 0.02
    assert spread("once", "hewitt_review") > 0.02 and spread("moved", "hewitt_review") > 0.005


def test_a_figure_has_one_luck_wherever_it_is_drawn(ahead: Plan) -> None:
    shared = 0
    for c in ahead.chances:
        for name, x in c.drawn(ahead.draws, ahead.seed).items():
            if name in ahead.beliefs.arrays and ahead.beliefs.arrays[name].shape[-2] > 1:
                ours = ahead.beliefs.arrays[name][..., 0]
                np.testing.assert_allclose(x, ours.reshape(-1, ahead.draws)[-1], rtol=1e-9, err_msg=name)
                shared += 1
    assert shared >= 5


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


def national_terms(made: Plan) -> Any:
    return replace(made.national, **{f: np.repeat(getattr(made.national, f)[:1], 4, 0) for f in YEARLY})


@pytest.mark.parametrize("name", ["rising_to_the_challenge", "primary_care_reform", "hewitt_review"])
def test_a_contract_taken_back_pays_who_never_came_inside_as_the_national_one_does(small: England, name: str) -> None:
    made = plan(small, (name,), years=4, draws=3, knobs=Reform.of(Set("reversal_after", 2)))
    now = given.now(made, made.beliefs.of(np.arange(3)), 3)
    ours, theirs = (given.contracted(made, t, 3, now, np.ones((3, 1))) for t in (made.terms[0], national_terms(made)))
    for field in ("surgery", "network_staff", "leases", "hands", "once"):
        assert getattr(ours, field) == pytest.approx(getattr(theirs, field)), field
    for field in ("rates", "aside", "quality_ended"):
        np.testing.assert_allclose(getattr(ours, field)[0], getattr(theirs, field)[0], err_msg=field)
    assert given.progress(made.terms[0], 3, now) == 0.0 and given.progress(made.terms[0], 2, now) > 0.0


def test_nobody_takes_a_practice_over_before_there_is_a_provider(small: England) -> None:
    made = plan(small, ("hewitt_review",), years=3)
    handed = of(block(made, [0]), "handed_over")[0, :, 0]
    first = int(np.flatnonzero(made.terms[0].forms.any(-1))[0]) + 1  # a year ahead
    assert first > 1 or handed[1] == 0.0
    assert (handed[: first + 1] == 0.0).all() and handed[-1] > 0.0


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
    for said, asked in (
        ("years ahead", {"years": 0}),
        ("draws", {"draws": 0}),
        ("no figure", {"knobs": Reform.of(Set("founding_growth", 1))}),
        ("no contract", {"contracts": ()}),
        ("no contract called|not a contract|there is no contract", {"contracts": ("nationl",)}),
    ):
        with pytest.raises(simulate.InputError, match=said):
            block(plan(small, **asked), [0])  # type: ignore[arg-type]
