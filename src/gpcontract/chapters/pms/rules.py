"""PMS and APMS: local agreements with a baseline of their own, uplifted by the change in £ per weighted patient.

A baseline is not public in its parts; what was paid is. The line is the published payment, moved by what a reform adds to the
global sum price; in years without a publication it is last year's, with the uplift and the list's growth.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, maximum
from gpcontract.engine.rules import rule

UPLIFT = "NHS England, PMS and APMS contract changes: same £ per weighted patient as GMS"
REVIEW = "NHS England PMS review framework, September 2014"


@rule("GBP per year", clause=UPLIFT)
def pms_uplift(paid_weighted_list: Any, gms_share: Any, global_sum_price: Any, last_year_global_sum_price: Any) -> Any:
    """The year's uplift of a PMS or APMS baseline: the change in the price for each weighted patient."""
    return paid_weighted_list * (1 - gms_share) * (global_sum_price - last_year_global_sum_price)


@rule("fraction", clause=REVIEW, years="2013/14-", outside=0)
def pms_premium_left(pms_premium_linked: Any, pms_premium_unlinked: Any, pms_premium_share: Any) -> Any:
    """Share of the 2013/14 premium still paid: what is linked to services stays, the rest goes by the review."""
    return (pms_premium_linked + pms_premium_unlinked * pms_premium_share) / (pms_premium_linked + pms_premium_unlinked)


@rule("GBP per year", clause=REVIEW, years="2013/14-", outside=0)
def pms_premium(pms_premium_2013: Any, pms_premium_left: Any) -> Any:
    """The practice's premium above GMS still paid."""
    return pms_premium_2013 * pms_premium_left


@rule("GBP per year", clause=REVIEW, name="pms_premium", years="2013/14-", outside=0, how="modelled", fallback=True)
def pms_premium_at_average(paid_weighted_list: Any, gms_share: Any, pms_premium_per_patient: Any, pms_premium_left: Any) -> Any:
    """The premium still paid, at the national average of 2013/14 per weighted patient: no practice's own is published."""
    return paid_weighted_list * (1 - gms_share) * pms_premium_per_patient * pms_premium_left


@rule("GBP per year", clause=UPLIFT, how="modelled")
def pms_rolled_forward(last_year_pms_balance: Any, list_growth: Any, pms_uplift: Any, pms_premium: Any, last_year_pms_premium: Any) -> Any:
    """Last year's payment with the list's growth and the uplift, less what the premium review took."""
    return last_year_pms_balance * (1 + list_growth) + pms_uplift - maximum(last_year_pms_premium - pms_premium, 0.0)


@rule("GBP per year", clause=UPLIFT, line="PMS and APMS payment", how="carried")
def pms_balance(
    published_pms_balance: Any,
    pms_rolled_forward: Any,
    paid_weighted_list: Any,
    gms_share: Any,
    global_sum_price: Any,
    settled_global_sum_price: Any,
) -> Any:
    """The published payment (or last year's rolled forward), moved by what a reform adds to the price."""
    reform = paid_weighted_list * (1 - gms_share) * (global_sum_price - settled_global_sum_price)
    return first_known(published_pms_balance, pms_rolled_forward) + reform
