"""Partners and salaried GPs by practice, what they cost, and what surgeries are worth: worked by hand, and over an England."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract import Contract, England, chapters, run
from gpcontract.chapters.estate import rules as estate
from gpcontract.chapters.people import rules as people
from gpcontract.engine.edits import AddChapter, Reform

NAMES = (
    "partners_in_post",
    "salaried_in_post",
    "partner_pool",
    "notional_rent",
    "owned_estate_price",
    "lease_liability",
)


@pytest.fixture(scope="module")
def synthetic() -> England:
    return England.synthetic(1)


@pytest.fixture(scope="module")
def with_both() -> Contract:
    reform = Reform((AddChapter("people"), AddChapter("estate")))
    made = Contract.load("national").with_reform(reform)
    return replace(made, rules=tuple(replace(r, measure=r.name) if r.name in NAMES else r for r in made.rules))


def test_partners_as_published_or_by_weighted_list() -> None:
    staffed = np.array([[[6_000.0, 3_000.0, 1_000.0, 0.0]]])
    on_apms = np.array([[[0.0, 0.0, 1.0, 0.0]]])
    expected = people.partners_expected(staffed, on_apms, 9.0)
    assert expected.tolist() == [[[6.0, 3.0, 0.0, 0.0]]]
    assert people.partners_in_post(np.array([[[5.0, np.nan, np.nan, np.nan]]]), expected).tolist() == [[[5, 3, 0, 0]]]


def test_a_partner_earns_the_published_mean_over_the_time_worked() -> None:
    assert people.partner_income_per_fte(140_200, 0.835) == pytest.approx(167_904, abs=1)
    assert people.partner_pool(15_321, 167_904) == pytest.approx(2.57e9, rel=0.002)


def test_salaried_pay_lies_between_the_main_job_and_all_jobs() -> None:
    assert people.salaried_pay_per_fte(69_200, 58.7 / 69.2, 0.59) == pytest.approx(99_492, abs=1)
    assert people.salaried_pay_per_fte(69_200, 1, 0.59) == pytest.approx(117_288, abs=1)


def test_one_partner_is_one_and_a_quarter_salaried_gps() -> None:
    assert people.replacement_ratio(56.3, 45) == pytest.approx(1.25, abs=0.002)
    assert people.replacement_ratio(56.3, 37.5) == pytest.approx(1.5, abs=0.002)


def test_a_session_costs_pay_and_on_costs_over_sessions_worked() -> None:
    cost = people.salaried_cost_per_fte(100_000, 0.385)
    assert cost == pytest.approx(138_500)
    assert people.session_cost(cost, people.sessions_per_fte(9, 43.5)) == pytest.approx(353.77, abs=0.01)


def test_capital_value_as_published_examples_have_it() -> None:
    value = estate.owned_estate_value(50_000, 0.0525)
    assert value == pytest.approx(952_380.95, abs=0.01)
    assert estate.owned_estate_price(value, 0.065) == pytest.approx(894_254.42, abs=0.01)


def test_a_lease_of_fifteen_years() -> None:
    factor = estate.lease_annuity_factor(15, 0.035)
    assert factor == pytest.approx(11.51741089643417)
    assert estate.lease_liability(50_000, factor) == pytest.approx(575_870.5448, abs=0.001)


def test_the_estate_of_partners_at_the_rent_of_2022_23() -> None:
    """Four to ten thousand million pounds, 6.3 in the middle."""
    for share, rate, worth in ((0.45, 0.06, 6.3e9), (0.35, 0.07, 4.2e9), (0.57, 0.05, 9.6e9)):
        assert estate.owned_estate_value(845.9e6 * share, rate) == pytest.approx(worth, rel=0.01)


def test_premises_not_known_are_taken_at_the_mean() -> None:
    lists, paid = np.array([[[1_000.0, 3_000.0, 2_000.0]]]), np.array([[[10_000.0, 50_000.0, np.nan]]])
    assert estate.premises_expected(paid, lists, 14.0).tolist() == [[[10_000, 50_000, 30_000]]]
    assert estate.premises_expected(paid * np.nan, lists, 14.0).tolist() == [[[14_000, 42_000, 28_000]]]


def test_rent_parts_add_up() -> None:
    rent = estate.surgery_rent(np.array([100_000.0, -5.0]), 0.79)
    owned = estate.notional_rent(rent, np.array([8_000.0, 8_000.0]), 0.57, 14.0, 3.5)
    assert owned.tolist() == pytest.approx([45_030, 0])
    assert (owned + estate.leased_rent(rent, owned)).tolist() == [79_000, 0]


def test_a_rent_no_owner_is_paid_counts_as_leased() -> None:
    owned = estate.notional_rent(np.array([500_000.0]), np.array([1_000.0]), 0.57, 14.0, 3.5)
    assert owned.tolist() == pytest.approx([0.57 * 49_000])


@given(st.lists(st.floats(1, 1e5), min_size=2, max_size=30), st.floats(1, 1e5))
def test_shares_of_a_national_total_add_up_to_it(lists: list[float], total: float) -> None:
    staffed = np.array([[lists]])
    shared = people.partners_expected(staffed, np.zeros_like(staffed), total)
    assert shared.sum() == pytest.approx(total)
    assert people.qualified_expected(staffed, total)[..., ::-1] == pytest.approx(
        people.qualified_expected(staffed[..., ::-1], total)
    )


def test_the_chapters_pay_nothing_and_know_every_practice(with_both: Contract, synthetic: England) -> None:
    national = run(Contract.load("national"), synthetic)
    made = run(with_both, synthetic, keep=NAMES)
    assert made.bill(2024).total == national.bill(2024).total
    for name in NAMES:
        x = made.arrays[name]
        assert np.isfinite(x).all() and (x >= 0).all(), name
    assert made.arrays["partners_in_post"].sum() == pytest.approx(synthetic.fact("partner_fte").sum())
    assert 5e9 < made.arrays["owned_estate_price"].sum() < 8e9


def test_no_value_is_for_goodwill() -> None:
    assert not [v for v in chapters.load("estate").values if "goodwill" in v]
