"""What surgeries are worth, what a lease costs, who is left holding one, and which to buy from a fixed fund.

Money is in pounds of today; rates are real. Only premises, leases and run-off are valued: goodwill may not be bought or sold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from .inputs import Array, numbers, share, whole


class CapitalValue(NamedTuple):
    """What a rent is worth to an investor: with the purchaser's costs in it, and without."""

    gross: Array
    net: Array


def capital_value(rent: npt.ArrayLike, yield_rate: npt.ArrayLike, purchaser_costs: npt.ArrayLike = 0.0) -> CapitalValue:
    """Rent / yield, and the price that leaves room for the purchaser's costs (tax and fees, as a share of the price)."""
    gross = numbers(rent, "rent", low=0) / numbers(yield_rate, "yield_rate", above=0)
    return CapitalValue(gross, gross / (1 + numbers(purchaser_costs, "purchaser_costs", low=0)))


def gross_yield(price: npt.ArrayLike, rent: npt.ArrayLike) -> Array:
    """A year's rent as a share of the price."""
    return numbers(rent, "rent", low=0) / numbers(price, "price", above=0)


def rent_bought(fund: npt.ArrayLike, yield_rate: npt.ArrayLike) -> Array:
    """The yearly rent of all that a fund buys at a yield."""
    return numbers(fund, "fund", low=0) * numbers(yield_rate, "yield_rate", low=0)


def annuity(years: npt.ArrayLike, rate: npt.ArrayLike, *, in_advance: bool = False) -> Array:
    """What £1 a year for some years is worth today, paid at each year's end (or start); years may have a part of one."""
    n, r = numbers(years, "years", low=0), numbers(rate, "rate", above=-1)
    some = np.where(r == 0, 1.0, r)
    factor = np.where(r == 0, n, -np.expm1(-n * np.log1p(some)) / some)
    return factor * (1 + r) if in_advance else factor


def discount(years: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """What £1 after some years is worth today."""
    return (1 + numbers(rate, "rate", above=-1)) ** -numbers(years, "years", low=0)


def value_of_buying(
    price: npt.ArrayLike,
    rent: npt.ArrayLike,
    upkeep: npt.ArrayLike,
    residual: npt.ArrayLike,
    years: npt.ArrayLike,
    rate: npt.ArrayLike,
) -> Array:
    """Net present value to the public of buying a surgery against renting it.

    rent: a year's rent no longer paid.  upkeep: a year's repairs, replacement and management that the owner pays.  residual: worth at
    the end.  The Green Book's real rate is 3.5%.
    """
    saved = (numbers(rent, "rent", low=0) - numbers(upkeep, "upkeep", low=0)) * annuity(years, rate)
    return saved + numbers(residual, "residual", low=0) * discount(years, rate) - numbers(price, "price", low=0)


def lease_liability(
    rent: npt.ArrayLike,
    reimbursed: npt.ArrayLike,
    shortfall: npt.ArrayLike,
    dilapidations: npt.ArrayLike,
    years: npt.ArrayLike,
    rate: npt.ArrayLike,
    closes: npt.ArrayLike = 0.0,
    void_years: npt.ArrayLike = 0.0,
) -> Array:
    """What taking over a lease costs today beyond what rent is reimbursed.

    shortfall: a year's service charge that is not reimbursed.  dilapidations: paid at the end.  closes: chance that the surgery closes,
    and its rent is paid for `void_years` with nobody in it.
    """
    passing = numbers(rent, "rent", low=0)
    yearly = np.maximum(passing - numbers(reimbursed, "reimbursed", low=0), 0.0) + numbers(
        shortfall, "shortfall", low=0
    )
    at_end = numbers(dilapidations, "dilapidations", low=0) * discount(years, rate)
    return yearly * annuity(years, rate) + at_end + share(closes, "closes") * passing * annuity(void_years, rate)


def guaranteed_years(grant: npt.ArrayLike, upper: npt.ArrayLike, years: npt.ArrayLike) -> Array:
    """Years for which a surgery improved by a grant must stay in use, and over which rent is abated: by bands of the grant.

    upper: the largest grant of each band, rising, the last one infinite.  years: of each band.
    """
    ends, of = numbers(upper, "upper"), numbers(years, "years", low=0)
    if ends.ndim != 1 or ends.shape != of.shape or not (np.diff(ends) > 0).all() or ends[-1] != np.inf:
        raise InputError(
            "bands of grants are not understood", expected="rising upper bounds, the last infinite, and years for each"
        )
    given = numbers(grant, "grant", low=0)
    return np.where(np.isnan(given), np.nan, of[np.searchsorted(ends[:-1], given, side="left")])


def partners_left(
    partners: npt.ArrayLike,
    leave: npt.ArrayLike,
    join: npt.ArrayLike,
    years: npt.ArrayLike,
    most: int = 6,
    last: int = 1,
) -> Array:
    """The chance of each number of partners, `last` to `most`, after some years: (..., most - last + 1).

    Each partner leaves at rate `leave` a year and one joins at rate `join` while there are fewer than `most`; at `last` it ends, as no
    one joins a partner left alone. Partners above `most` count as most. A birth and death chain, P = exp(Qt).
    """
    from scipy.linalg import expm

    if not 0 <= last < most:
        raise InputError(f"last is {last} and most is {most}", expected="0 or more, and more than that")
    now = np.clip(whole(partners, "partners (headcount)"), last, most)
    out, into = numbers(leave, "leave", low=0), numbers(join, "join", low=0)
    now, out, into, t = np.broadcast_arrays(now, out, into, numbers(years, "years", low=0))
    size = most - last + 1
    # practices of one kind share a chain: there are few kinds, and many practices
    known = ~np.isnan(now + out + into + t)
    kinds, which = np.unique(np.stack([out[known], into[known], t[known]]), axis=1, return_inverse=True)
    step = np.zeros((kinds.shape[1], size, size))
    for i in range(1, size):
        step[:, i, i - 1] = kinds[0] * (i + last)
        if i + 1 < size:
            step[:, i, i + 1] = kinds[1]
        step[:, i, i] = -step[:, i].sum(-1)
    after = expm(step * kinds[2][:, None, None])
    found = np.full((*now.shape, size), np.nan)
    found[known] = after[np.asarray(which).ravel(), (now[known] - last).astype(int)]
    return found


def last_partner_chance(
    partners: npt.ArrayLike,
    leave: npt.ArrayLike,
    join: npt.ArrayLike,
    years: npt.ArrayLike,
    most: int = 6,
    last: int = 1,
) -> Array:
    """The chance that a partnership has come down to `last` partners within some years. Arguments as `partners_left`."""
    return partners_left(partners, leave, join, years, most, last)[..., 0]


class Purchases(NamedTuple):
    """What was chosen to buy: which, what they are worth and cost together."""

    chosen: npt.NDArray[np.bool_]
    value: float
    spend: float


def need_weight(quintile: npt.ArrayLike, step: float = 0.25) -> Array:
    """Weight of a place by deprivation fifth, 1 the most deprived: 1 for the least, `step` more for each fifth above."""
    return 1 + step * (5 - numbers(quintile, "quintile", low=1, high=5))


def choose_purchases(
    cost: npt.ArrayLike,
    value: npt.ArrayLike,
    budget: float,
    favoured: npt.ArrayLike | None = None,
    least_share: float = 0.0,
    gap: float = 1e-4,
) -> Purchases:
    """The purchases worth most together within a budget (a knapsack, solved by HiGHS).

    favoured: which purchases are in favoured places, and least_share: the least part of what is spent that they must be.  gap: how far,
    as a share, the answer's worth may be from the best.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    c, v = numbers(cost, "cost", low=0), numbers(value, "value")
    if c.ndim != 1 or c.shape != v.shape or not c.size or not np.isfinite(c + v).all():
        raise InputError("cost and value are not two lists of one length, all known")
    terms, upper = [c], [float(numbers(budget, "budget", low=0))]
    if favoured is not None:
        inside = np.asarray(favoured, dtype=np.bool_)
        if inside.shape != c.shape:
            raise InputError("favoured is not one for each purchase")
        terms.append(c * (float(share(least_share, "least_share")) - inside))
        upper.append(0.0)
    scale = max(float(np.abs(v).max()), 1e-300)
    # one or two rows and thousands of columns: presolve takes longer than the search
    found = milp(
        -v / scale,
        constraints=LinearConstraint(np.stack(terms), -np.inf, upper),
        integrality=np.ones(c.size),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": gap, "presolve": False},
    )
    if found.x is None:
        raise InputError(f"no choice of purchases was found: {found.message}")
    chosen = found.x > 0.5
    return Purchases(chosen, float(v[chosen].sum()), float(c[chosen].sum()))
