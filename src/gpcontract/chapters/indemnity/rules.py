"""State indemnity: what the scheme costs, what practices and GPs no longer pay, and what was taken off the price for it.

The scheme began on 1 April 2019 and is in every price since: from then on the lines are nothing, and only the measures say what
it costs and what it took off practices. In earlier years the lines show what it would have changed.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio
from gpcontract.engine.rules import rule

SCHEME = "Clinical Negligence Scheme for General Practice, from 1 April 2019"


@rule("people", clause=SCHEME, how="modelled")
def gp_heads(partner_heads: Any, salaried_in_post: Any, salaried_fte_per_head: Any) -> Any:
    """Partners and salaried GPs counted as people: each bought cover before the scheme."""
    return first_known(partner_heads + salaried_in_post / salaried_fte_per_head, 0.0)


@rule("GBP per year", clause=SCHEME, how="modelled", measure="Indemnity that practices and GPs no longer pay")
def indemnity_lifted(
    gp_heads: Any,
    subscription_per_gp: Any,
    price_level: Any,
    subscription_price_base: Any,
    state_indemnity_in_force: Any,
) -> Any:
    """What the practice and its GPs would pay for cover: GPs at the subscription of 2018/19, at the year's prices."""
    price = subscription_per_gp * price_level / subscription_price_base
    return state_indemnity_in_force * gp_heads * price


@rule("GBP per year", clause=SCHEME, how="modelled", measure="Cost of state indemnity", whole=True)
def indemnity_cost(list_size: Any, open_share: Any, state_indemnity_cost: Any, state_indemnity_in_force: Any) -> Any:
    """The practice's part, by patients, of what the state pays for claims in the year, costs of running the schemes with it."""
    patients = first_known(list_size * open_share, 0.0)
    return state_indemnity_in_force * state_indemnity_cost * ratio(patients, national(patients))


@rule("GBP per year", clause=SCHEME, line="State indemnity", fund="elsewhere", how="modelled")
def state_indemnity(indemnity_cost: Any, state_indemnity_began: Any) -> Any:
    """What state indemnity adds to the budgets that bear it; nothing in years in which it is there anyway."""
    return indemnity_cost * (1 - state_indemnity_began)


@rule("GBP per year", clause=SCHEME, line="Indemnity no longer bought", fund="elsewhere", how="modelled")
def indemnity_saved(indemnity_lifted: Any, state_indemnity_began: Any) -> Any:
    """What practices and GPs save (below nought); nothing in years in which they pay no longer anyway."""
    return 0 - indemnity_lifted * (1 - state_indemnity_began)


@rule(
    "GBP per year",
    clause=SCHEME + ", one permanent adjustment of the global sum",
    line="Price lowered for state indemnity",
    how="modelled",
    whole=True,
)
def price_lowered_for_indemnity(
    indemnity_cost: Any,
    paid_weighted_list: Any,
    open_share: Any,
    indemnity_taken_from_price: Any,
    state_indemnity_began: Any,
) -> Any:
    """What the scheme takes off the price of a weighted patient (below nought); in prices since 2019/20 it is there already."""
    weighted = first_known(paid_weighted_list * open_share, 0.0)
    taken = national(indemnity_cost) * indemnity_taken_from_price * (1 - state_indemnity_began)
    return 0 - taken * ratio(weighted, national(weighted))
