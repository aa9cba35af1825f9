"""Parts of a year's step against figures worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gpcontract.futures import forms, lists, money, numbers, outcomes, people, survival
from gpcontract.futures.capacity import can_give
from gpcontract.futures.moves import Held, Room, move
from gpcontract.futures.places import Places
from gpcontract.futures.survival import Ends

ONE = np.ones((1, 1))


# -- numbers -----------------------------------------------------------------------------------------------------


def test_numbers_are_even_and_do_not_go_together() -> None:
    keys = numbers.keys([f"S{i:05d}" for i in range(2000)])
    u = np.stack([numbers.uniform(numbers.luck(1, p, np.arange(50), y), keys) for p in "ab" for y in (1, 2)])
    assert stats.kstest(u.ravel(), "uniform").pvalue > 0.001
    assert np.abs(np.corrcoef(u.reshape(4, -1)) - np.eye(4)).max() < 0.02
    assert abs(np.corrcoef(u[0, :-1].ravel(), u[0, 1:].ravel())[0, 1]) < 0.02  # one draw and the next
    assert abs(np.corrcoef(u[0, :, :-1].ravel(), u[0, :, 1:].ravel())[0, 1]) < 0.02  # one practice and the next
    assert (u > 0).all() and (u < 1).all()


def test_a_number_is_of_its_practice_draw_and_year_alone() -> None:
    all_ = numbers.uniform(numbers.luck(7, "ends", np.arange(5), 2030), numbers.keys(["A", "B", "C"]))
    one = numbers.uniform(numbers.luck(7, "ends", np.array([3]), 2030), numbers.keys(["C"]))
    assert all_[3, 2] == one[0, 0]


# -- lists -------------------------------------------------------------------------------------------------------


def test_people_age_die_and_are_born() -> None:
    """1,000 girls of 5 to 14 with a tenth in the last year of age, and 100 women of 15 to 44."""
    bands = np.zeros((1, 14, 1))
    bands[0, 8], bands[0, 9] = 1000.0, 100.0
    deaths, leaving = np.zeros((14, 1, 1)), np.zeros((14, 1, 1))
    deaths[8], leaving[8] = 0.01, 0.1
    matrix = lists.ageing(deaths, leaving, 0.05 * ONE, 0.6 * ONE)
    even = np.ones((14, 1, 1))
    growth = np.log(np.array([[1095.0 / 1100.0]]))  # just what is left, so that nobody comes
    made = lists.year_of_lists(bands, matrix, growth, even, np.ones(14), 2.0 * even, deaths, 0.05 * ONE)
    assert made.bands[0, :, 0][[0, 7, 8, 9]] == pytest.approx([3.0, 2.0, 891.0, 199.0])
    assert (made.born[0], made.died[0]) == pytest.approx((5.0, 10.0))
    assert made.came[0] == pytest.approx(0.0, abs=1e-9)
    assert made.contacts[0, 0] == pytest.approx(2 * 1095.0)


def test_newcomers_are_of_the_ages_that_move() -> None:
    bands = np.zeros((1, 14, 1))
    bands[0, 2], bands[0, 6] = 100.0, 100.0
    still = np.zeros((14, 1, 1))
    mobility = still.copy()
    mobility[2], mobility[6] = 3.0, 1.0
    made = lists.year_of_lists(
        bands, np.eye(14)[None], np.log([[1.2]]), mobility, np.ones(14), mobility, still, 0 * ONE
    )
    assert made.bands[0, [2, 6], 0] == pytest.approx([130.0, 110.0])
    assert made.patients[0, 0] == pytest.approx(240.0) and made.came[0] == pytest.approx(40.0)


# -- people ------------------------------------------------------------------------------------------------------


def test_partners_who_leave_are_binomial() -> None:
    u = (np.arange(100_000) + 0.5)[None] / 100_000
    for heads, rate in ((1, 0.1), (3, 0.1), (6, 0.2)):
        gone = people.leavers(np.full_like(u, heads), np.full_like(u, rate), u)[0]
        seen = np.bincount(gone.astype(int), minlength=7)[:6] / 100_000
        wanted = stats.binom.pmf(np.arange(6), heads, rate)
        wanted[5] += stats.binom.sf(5, heads, rate)  # no more than five go in a year
        assert seen == pytest.approx(wanted, abs=2e-5)


def test_the_last_partner_stays_while_the_contract_lasts() -> None:
    heads, u = np.array([[1.0, 2.0, 0.0]]), np.array([[0.999, 0.9999, 0.5]])
    made = people.partners(heads, 0.3 * ONE, np.ones((1, 3)), 0.0 * ONE, u, u, 0 * ONE, np.ones((1, 3)), True, False)
    assert made.heads[0].tolist() == [1.0, 1.0, 0.0]
    assert (made.heads == heads - made.left + made.came).all()


def test_a_stock_ages_and_loses_nobody() -> None:
    stock = np.array([[100.0, 100.0, 50.0, 50.0, 10.0]])
    made = people.age_on(stock)
    assert made[0] == pytest.approx([90.0, 100.0, 50.0, 50.0, 20.0])


# -- money and work ----------------------------------------------------------------------------------------------


def a_practice(**held: float) -> Held:
    given = dict.fromkeys(Held._fields, 0.0) | held
    bands = np.full((1, 14, 1), given.pop("bands") / 14)
    return Held(bands, *(np.array([[given[n]]]) for n in Held._fields[1:]))


def test_what_partners_draw_is_what_is_left() -> None:
    held = a_practice(partners=2.0, salaried=1.0, nurses=2.0, admin=4.0)
    cost = np.array([140e3, 50e3, 38e3, 32e3]).reshape(4, 1, 1)
    spent = money.staff_cost(held, cost)
    assert spent[0, 0] == pytest.approx(368e3)
    income = np.array([[1_000e3]])
    drawn = money.drawings(income, spent, 0.25 * ONE, np.ones((1, 1)), held.partners, 0.9 * ONE, 1.1 * ONE)
    assert drawn.each[0, 0] == pytest.approx((750e3 - 368e3 * 0.99) / 2)
    half = money.drawings(income, spent, 0.25 * ONE, np.full((1, 1), 0.5), held.partners / 2, 0.9 * ONE, 1.1 * ONE)
    assert half.each[0, 0] == pytest.approx(drawn.each[0, 0])  # half a practice of half the partners


def test_money_follows_lists_and_where_a_practice_is() -> None:
    rates = np.array([[[100.0], [10.0], [0.0], [20.0]], [[130.0], [10.0], [0.0], [50.0]]])
    n, w, surgery = np.array([[1000.0]]), np.array([[900.0]]), np.array([[5000.0]])
    sure = (0.0, 0.0)
    outside = money.paid(rates, n, w, surgery, 0.0 * n, sure, 1.0, 1.0, True)
    inside = money.paid(rates, n, w, surgery, 0.0 * n + 1, sure, 1.0, 1.0, True)
    assert outside.practice[0, 0] == pytest.approx(90_000 + 10_000 + 5_000)
    assert outside.all[0, 0] - outside.practice[0, 0] == pytest.approx(20_000)
    assert inside.practice[0, 0] - outside.practice[0, 0] == pytest.approx(27_000)
    assert inside.all[0, 0] - inside.practice[0, 0] == pytest.approx(50_000)
    twice = money.paid(rates, n, w, surgery, 0.0 * n, sure, 2.0, 1.0, False)
    assert twice.all[0, 0] == pytest.approx(2 * outside.all[0, 0])
    for_others = money.paid(rates, n, w, surgery, 0.0 * n, (0.0, 0.1), 1.0, 1.0, False)
    assert for_others.practice[0, 0] == outside.practice[0, 0]
    assert for_others.all[0, 0] == pytest.approx(1.1 * outside.all[0, 0])
    for_practices = money.paid(rates, n, w, surgery, 0.0 * n, (-0.1, 0.0), 1.0, 1.0, False)
    assert for_practices.all[0, 0] - for_practices.practice[0, 0] == pytest.approx(20_000)
    assert for_practices.all[0, 0] == pytest.approx(0.9 * outside.all[0, 0])


def test_what_posts_give() -> None:
    held = a_practice(partners=2.0, salaried=1.0, nurses=1.0, direct_care=2.0)
    per_fte = np.array([6000.0, 5000.0, 4000.0, 3000.0]).reshape(4, 1, 1)
    assert can_give(held, per_fte, 0.8 * ONE)[0, 0] == pytest.approx(9600 + 5000 + 4000 + 6000)
    assert can_give(held, per_fte, 0.8 * ONE, 1.1)[0, 0] == pytest.approx(9600 + 5000 + 1.1 * 10_000)


# -- survival ----------------------------------------------------------------------------------------------------


def test_the_chance_of_an_end_by_hand() -> None:
    """Log odds of -4, less 0.8 for each e-fold of size: 1.8% at 7,000 patients, 1.0% at twice that."""
    size = np.log(np.array([1.0, 2.0]))
    odds = survival.log_odds(-4.0, size, np.zeros(2), -0.8, 0.5, 2.0)
    assert survival.chance(odds) == pytest.approx([1 / (1 + np.exp(4)), 1 / (1 + np.exp(4 + 0.8 * np.log(2)))])
    small = survival.log_odds(0.0, np.log(np.array([1250 / 7000])), np.array([-0.1]), 0.0, 0.5, 2.0)
    assert small == pytest.approx([0.5 * np.log(2) + 0.2])  # half of 2,500, and a list that shrank by a tenth


def test_ends_happen_as_often_as_their_chance_and_three_in_four_are_mergers() -> None:
    u = (np.arange(100_000) + 0.5)[None] / 100_000
    ends = survival.ends(np.full_like(u, 0.04), np.ones_like(u), u, 0 * ONE, 0.75 * ONE)
    assert ends.all.mean() == pytest.approx(0.04, abs=1e-5)
    assert ends.merged.sum() / ends.all.sum() == pytest.approx(0.75, abs=1e-3)
    assert (np.diff(np.sort(ends.chooser[ends.merged > 0])) < 0.01).all()  # any neighbour may be picked
    mean = survival.ends(np.full((1, 1), 0.04), ONE, 0.5 * ONE, ONE, 0.75 * ONE)
    assert (mean.merged[0, 0], mean.closed[0, 0]) == pytest.approx((0.03, 0.01))


def three_places() -> Places:
    """Three practices: 1 km from the first to the second, 2 km to the third; the first two share a network."""
    at = np.array([0, 0, 0], np.int32)
    network = np.array([0, 0, 1], np.int32)
    near, far = np.array([[1, 2], [0, 2], [0, 1]], np.int32), np.array([[1.0, 2.0], [1.0, 1.0], [2.0, 1.0]])
    same = network[near] == network[:, None]
    return Places(near, far, same, at, network, at, ("B",), ("N", "M"), ("R",), np.ones(3, bool))


def three(patients: tuple[float, float, float]) -> Held:
    bands = np.zeros((1, 14, 3))
    bands[0, 3] = patients
    rest = (
        np.array([[2.0, 3.0, 4.0]]),
        *(np.array([[1.0, 1.0, 1.0]]) for _ in range(4)),
        np.array([[50.0, 60.0, 70.0]]),
    )
    return Held(bands, *rest)


def moved(ends: Ends, central: float) -> tuple[np.ndarray, Held, np.ndarray]:
    held = three((1000.0, 2000.0, 3000.0))
    open_ = 1.0 - ends.all
    room = Room(held.bands.sum(1).copy(), np.zeros((1, 3)))
    made = move(held, ends, open_, room, 1.0 * ONE, three_places(), central * ONE, 0.6 * ONE)
    return made.held.bands[0, 3], made.held, made.left


def test_a_closure_is_dispersed_by_distance_and_room() -> None:
    """Half as many go for each km: 2,000 patients at 1 km weigh 1,000, and 3,000 at 2 km weigh 750."""
    none = np.zeros((1, 3))
    people_, held, left = moved(Ends(none.copy(), np.array([[1.0, 0, 0]]), none), 0.0)
    assert people_ == pytest.approx([0.0, 2000 + 1000 * 1000 / 1750, 3000 + 1000 * 750 / 1750], rel=1e-6)
    assert held.salaried[0].sum() == pytest.approx(2.6) and left[0] == 2.0  # 6 in 10 staff follow; two partners do not
    assert held.surgery[0].tolist() == [0.0, 60.0, 70.0]


def test_a_merger_goes_whole_to_one_neighbour() -> None:
    """Weights: 4 times 1/2 for the one of its network, 1/4 for the other: 8 in 9 go to the first."""
    none = np.zeros((1, 3))
    for chooser, who in ((0.5, 1), (0.88, 1), (0.90, 2)):
        people_, held, left = moved(Ends(np.array([[1.0, 0, 0]]), none.copy(), np.full((1, 3), chooser)), 0.0)
        assert people_[who] == [0, 3000, 4000][who] and people_[0] == 0
        assert held.partners[0, who] == [0, 5, 6][who] and left[0] == 0
        assert held.surgery[0, who] == [0, 110, 120][who]


def test_without_luck_a_merger_is_spread_by_its_chances() -> None:
    none = np.zeros((1, 3))
    people_, _, _ = moved(Ends(np.array([[0.09, 0, 0]]), none.copy(), none), 1.0)
    assert people_ == pytest.approx([910.0, 2000 + 80, 3000 + 10], rel=1e-6)


def test_a_place_whose_neighbours_have_all_ended_is_placed_by_its_board() -> None:
    held = three((1000.0, 2000.0, 3000.0))
    places = three_places()
    lonely = Places(
        np.array([[1, 1], [0, 0], [0, 0]], np.int32), places.distance, np.zeros((3, 2), bool), places.board, places.network,
        places.region, places.boards, places.networks, places.regions, places.located,
    )  # fmt: skip
    ends = Ends(np.zeros((1, 3)), np.array([[1.0, 1.0, 0.0]]), np.zeros((1, 3)))
    room = Room(held.bands.sum(1).copy(), np.zeros((1, 3)))
    made = move(held, ends, 1.0 - ends.all, room, ONE, lonely, 0 * ONE, 0.6 * ONE)
    assert made.held.bands[0, 3].tolist() == pytest.approx([0.0, 0.0, 6000.0])


# -- forms and outcomes ------------------------------------------------------------------------------------------


def test_opting_in_spreads_as_bass_has_it() -> None:
    at = forms.spread(np.array([[0.2]]), 0.05 * ONE, 0.3 * ONE)
    assert at[0, 0] == pytest.approx(0.2 + (0.05 + 0.3 * 0.2) * 0.8)


def test_those_who_would_gain_opt_in_when_their_time_has_come() -> None:
    ever, u_ever = np.array([0.5, 0.5, 0.1]), np.array([[0.4, 0.4, 0.4]])
    made = forms.opting_in(np.zeros((1, 3)), np.array([[0.3]]), ever, u_ever, np.array([[0.2, 0.4, 0.2]]), 0 * ONE)
    assert made[0].tolist() == [1.0, 0.0, 0.0]
    mean = forms.opting_in(np.zeros((1, 3)), np.array([[0.3]]), ever, u_ever, u_ever, ONE)
    assert mean[0] == pytest.approx([0.15, 0.15, 0.03])


def test_continuity_falls_with_size_between_two_anchors() -> None:
    log = np.log(np.array([[2000.0, 4000.0, np.sqrt(4000 * 15000), 15000.0, 40000.0]]) / 7000)
    sizes = np.array([4000.0, 15000.0]).reshape(2, 1, 1)
    made = outcomes.continuity(log, 0.7 * ONE, 0.59 * ONE, sizes, 7000.0)
    assert made[0] == pytest.approx([0.7, 0.7, 0.645, 0.59, 0.59])


def test_admissions_follow_continuity_and_trusts() -> None:
    """A tenth less continuity at 3% for a fifth: 1.5% more of the fifth that can be avoided; half with trusts at 0.985."""
    made = outcomes.admissions(-0.1, -0.03, 0.5, 0.985, 0.2)
    assert made == pytest.approx((1 + 0.2 * 0.015) * (1 - 0.0075))
