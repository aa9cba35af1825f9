"""PMS and APMS: local agreements with a baseline of their own, uplifted by the change in £ per weighted patient.

A baseline is not public in its parts; what was paid is. The line is the published payment, moved by what a reform adds to the
global sum price; in years without a publication it is last year's, with the uplift and the list's growth.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, maximum, where
from gpcontract.engine.rules import rule

UPLIFT = "NHS England, PMS and APMS contract changes: same £ per weighted patient as GMS"
REVIEW = "NHS England PMS review framework, September 2014"


@rule("fraction", clause="contract in force, by share of the year")
def local_share(gms_share: Any, open_share: Any) -> Any:
    """Share of the year in which the practice was open and on a PMS or APMS contract."""
    return (1 - gms_share) * open_share


@rule("GBP per year", clause=UPLIFT)
def pms_uplift(
    paid_weighted_list: Any, local_share: Any, global_sum_price: Any, last_year_global_sum_price: Any
) -> Any:
    """The year's uplift of a PMS or APMS baseline: the change in the price for each weighted patient."""
    return paid_weighted_list * local_share * (global_sum_price - last_year_global_sum_price)


@rule("fraction", clause=REVIEW, years="2013/14-", outside=0)
def pms_premium_left(pms_premium_linked: Any, pms_premium_unlinked: Any, pms_premium_share: Any) -> Any:
    """Share of the 2013/14 premium still paid: what is linked to services stays, the rest goes by the review."""
    return (pms_premium_linked + pms_premium_unlinked * pms_premium_share) / (pms_premium_linked + pms_premium_unlinked)


@rule("GBP per year", clause=REVIEW, years="2013/14-", outside=0)
def pms_premium(pms_premium_2013: Any, pms_premium_left: Any) -> Any:
    """The practice's premium above GMS still paid."""
    return pms_premium_2013 * pms_premium_left


@rule("GBP per year", clause=REVIEW, name="pms_premium", years="2013/14-", outside=0, how="modelled", fallback=True)
def pms_premium_at_average(
    paid_weighted_list: Any, local_share: Any, pms_premium_per_patient: Any, pms_premium_left: Any
) -> Any:
    """The premium still paid, at the national average of 2013/14 per weighted patient: no practice's own is published."""
    return paid_weighted_list * local_share * pms_premium_per_patient * pms_premium_left


@rule("GBP per year", clause=UPLIFT, how="modelled")
def pms_rolled_forward(
    last_year_pms_payment: Any,
    list_growth: Any,
    pms_uplift: Any,
    pms_premium: Any,
    last_year_pms_premium: Any,
    local_share: Any,
) -> Any:
    """Last year's payment with the list's growth and the uplift, less what the premium review took; nothing once it is GMS."""
    taken = maximum(last_year_pms_premium - pms_premium, 0.0)
    rolled = last_year_pms_payment * (1 + first_known(list_growth, 0.0)) + pms_uplift - taken
    return where(local_share > 0, rolled, 0.0)


@rule(
    "GBP per year",
    clause="NHS Payments to General Practice: balance of PMS expenditure, and global sum booked to PMS and APMS",
)
def pms_published(published_pms_balance: Any, published_global_sum: Any, gms_share: Any) -> Any:
    """What was published of PMS and APMS core money: the PMS balance, and what such practices were paid as global sum."""
    return published_pms_balance + where(gms_share > 0, 0.0, published_global_sum)


@rule("GBP per year", clause=UPLIFT, line="PMS and APMS payment", how="carried")
def pms_payment(
    pms_published: Any,
    pms_rolled_forward: Any,
    paid_weighted_list: Any,
    local_share: Any,
    global_sum_price: Any,
    settled_global_sum_price: Any,
) -> Any:
    """The published payment (or last year's rolled forward), moved by what a reform adds to the price."""
    reform = paid_weighted_list * local_share * (global_sum_price - settled_global_sum_price)
    return first_known(pms_published, pms_rolled_forward) + reform
