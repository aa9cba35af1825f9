"""What other years' global sums show, on practices made up with a known answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gpcontract.engine.errors import InputError
from gpcontract.england.inference import opted_out

YEARS = (2016, 2017, 2018, 2019, 2020)
PRICE = np.array([80.59, 85.35, 88.96, 89.88, 93.46])
SHARE = np.array([0.0515, 0.0492, 0.0487, 0.0482, 0.0477])


def made(count: int = 300) -> tuple[opted_out.Paid, np.ndarray, np.ndarray]:
    """Practices paid exactly by the formula, a fifth of them providing out-of-hours care, each with a fixed sum."""
    rng = np.random.default_rng(5)
    weighted = rng.lognormal(9, 0.3, count) * np.ones((5, 1))
    out = np.where(np.arange(count) % 5, 1.0, 0.0)
    fixed = rng.uniform(500, 4000, count)
    paid = (weighted * PRICE[:, None] + fixed) * (1 - SHARE[:, None] * out)
    zero, one = np.zeros_like(weighted), np.ones_like(weighted)
    facts = opted_out.Paid(YEARS, paid, zero, weighted, one, one, zero, zero, PRICE, SHARE, np.full(5, 0.375))
    return facts, out, fixed


def test_opt_outs_and_fixed_sums_are_found_and_pay_is_exact() -> None:
    paid, out, fixed = made()
    found = opted_out.infer(paid)
    np.testing.assert_array_equal(found.opted_out, np.broadcast_to(out, (5, 300)))
    np.testing.assert_allclose(found.fixed_sum, np.broadcast_to(fixed, (5, 300)), rtol=1e-6)
    np.testing.assert_allclose(opted_out.predict(paid, found), paid.global_sum, rtol=1e-9)


@pytest.mark.parametrize("year", range(5))
def test_a_years_own_global_sum_never_reaches_its_facts(year: int) -> None:
    paid, _, _ = made()
    changed = paid.global_sum.copy()
    changed[year] *= np.linspace(0.2, 3, 300)
    before, after = opted_out.infer(paid), opted_out.infer(replace(paid, global_sum=changed))
    for name in ("opted_out", "gms_share", "fixed_sum", "list_timing"):
        np.testing.assert_array_equal(getattr(before, name)[year], getattr(after, name)[year])


def test_a_practice_that_left_pms_in_the_year_shows_in_whole_months() -> None:
    paid, _, _ = made()
    gms, pms, balance = paid.on_gms.copy(), paid.on_pms.copy(), paid.pms_balance.copy()
    gms[0, 0], pms[0, 0] = 0, 1
    whole = paid.weighted_list[:, 0] * PRICE * (1 - SHARE)
    balance[0, 0], balance[1, 0] = whole[0], whole[1] * 5 / 12
    share = opted_out.gms_share(replace(paid, on_gms=gms, on_pms=pms, pms_balance=balance))
    assert share[0, 0] == 0
    assert share[1, 0] == pytest.approx(7 / 12)
    assert (share[2:, 0] == 1).all() and (share[:, 1:] == 1).all()


def test_a_quarters_list_is_moved_to_the_mean_of_the_year() -> None:
    paid, _, _ = made()
    growing = paid.weighted_list * 1.04 ** (np.array(YEARS) + np.array([0.75, 0.75, 0.375, 0.375, 0.625]))[:, None]
    stands = np.array([0.75, 0.75, 0.375, 0.375, 0.625])
    ratio = opted_out.list_timing(replace(paid, weighted_list=growing, list_stands=stands))
    np.testing.assert_allclose(ratio, 1.04 ** (0.375 - stands)[:, None] * np.ones((5, 300)))


def test_where_a_list_stands() -> None:
    whole, parts = np.array([5000.0, 7123, np.nan]), np.array([5000.25, 7123.5, 3000])
    assert opted_out.stands(2014, whole) == 0.25
    assert opted_out.stands(2017, whole) == 0.75
    assert opted_out.stands(2021, whole, quarter=3) == 0.5
    assert opted_out.stands(2019, parts) == 0.375
    assert opted_out.stands(2022, parts) == 0.625


def test_one_year_alone_says_opted_out_and_no_fixed_sum() -> None:
    paid, _, _ = made()
    rows = {k: v[:1] for k, v in vars(paid).items()}
    found = opted_out.infer(opted_out.Paid(**rows))
    assert (found.opted_out == 1).all() and (found.fixed_sum == 0).all() and (found.list_timing == 1).all()


def test_shapes_that_do_not_fit_are_refused() -> None:
    paid, _, _ = made()
    with pytest.raises(InputError, match="price is"):
        replace(paid, price=np.ones(3))


def test_weighted_median_passes_over_the_unknown() -> None:
    values = np.array([[1.0, np.nan], [9, np.nan], [2, np.nan]])
    found = opted_out.weighted_median(values, np.array([[1.0], [0.5], [1]]))
    assert found[0] == 2 and np.isnan(found[1])
