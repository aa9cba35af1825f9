"""The rescue fund: six thousand million pounds that buy the surgeries partners own, down a queue until spent, and pay for change.

The fund has three parts: data, transition, and what is left for surgeries. Owners are paid the market price of the building
and nothing for the list. Rent that was paid to them is saved from then on; the buyer keeps the building up. Leases are
apart: their liability moves to the provider, who is paid what it is expected to cost. Sums paid once are the whole sum, or
on the timeline what has been spent of it by then, not a year's flow.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import rule
from gpcontract.levers.queue import share_met

REPORT = "At Your Service, £6 billion for premises, data and transition"
LEASES = "At Your Service, leases with systems or scaled providers"

# -- the fund ----------------------------------------------------------------------------------------------------


@rule("fraction", clause=REPORT, whole=True)
def listed_share(list_size: Any) -> Any:
    """The practice's part of all registered patients."""
    return ratio(first_known(list_size, 0.0), national(first_known(list_size, 0.0)))


@rule("GBP", clause=REPORT, line="Data and records of the new model", payee="board", fund="once", how="modelled")
def fund_for_data(listed_share: Any, rescue_fund: Any, rescue_fund_data_share: Any, rescue_fund_in_force: Any) -> Any:
    """The fund's part for data collection, by registered list."""
    return listed_share * rescue_fund * rescue_fund_data_share * rescue_fund_in_force


@rule("GBP", clause=REPORT, line="Transition to the new contracts", payee="provider", fund="once", how="modelled")
def fund_for_transition(
    listed_share: Any, rescue_fund: Any, rescue_fund_transition_share: Any, rescue_fund_in_force: Any
) -> Any:
    """The fund's part for moving to new contracts, by registered list."""
    return listed_share * rescue_fund * rescue_fund_transition_share * rescue_fund_in_force


@rule("GBP", clause=REPORT)
def fund_for_surgeries(
    rescue_fund: Any, rescue_fund_data_share: Any, rescue_fund_transition_share: Any, rescue_fund_in_force: Any
) -> Any:
    """What is left of the fund, as far as it is spent, to buy surgeries."""
    return rescue_fund * rescue_fund_in_force * (1 - rescue_fund_data_share - rescue_fund_transition_share)


# -- the queue ---------------------------------------------------------------------------------------------------


@rule("place", clause=REPORT + "; the order is this model's: most deprived first")
def surgery_queue(deprivation_score: Any) -> Any:
    """Place in the queue to be bought, the most deprived first: a lower figure comes earlier, and 0 is last."""
    return first_known(0 - deprivation_score, 0.0)


@rule("place", clause=REPORT + "; another order: the smallest first")
def surgery_queue_smallest_first(list_size: Any) -> Any:
    """Place in the queue to be bought, were the smallest lists first: for a `replace rule` of surgery_queue."""
    return first_known(list_size, 0.0)


@rule("fraction", clause=REPORT, how="modelled", whole=True)
def surgery_bought_share(owned_estate_value: Any, surgery_queue: Any, fund_for_surgeries: Any) -> Any:
    """Share of the practice's owned building that the fund reaches before it is spent: 1, a part for the last, then 0."""
    return share_met(owned_estate_value, surgery_queue, fund_for_surgeries)


@rule("GBP", clause=REPORT, line="Surgeries bought from owners", payee="owner", fund="once", how="modelled")
def surgeries_bought(owned_estate_price: Any, surgery_bought_share: Any) -> Any:
    """Market price of the buildings bought; nothing for goodwill."""
    return owned_estate_price * surgery_bought_share


@rule("GBP", clause=REPORT, line="Duty and fees on surgeries bought", payee="board", fund="once", how="modelled")
def surgery_purchase_costs(owned_estate_value: Any, owned_estate_price: Any, surgery_bought_share: Any) -> Any:
    """The buyer's own costs of buying: stamp duty and fees."""
    return (owned_estate_value - owned_estate_price) * surgery_bought_share


@rule("GBP per year", clause=REPORT, line="Notional rent saved", how="modelled")
def notional_rent_saved(notional_rent: Any, surgery_bought_share: Any) -> Any:
    """Rent no longer paid to owners whose building was bought (negative)."""
    return 0 - notional_rent * surgery_bought_share


@rule("GBP per year", clause=REPORT, line="Upkeep of surgeries bought", payee="provider", how="modelled")
def surgery_upkeep(surgeries_bought: Any, surgery_upkeep_rate: Any) -> Any:
    """What the owner of a building pays and a tenant does not: structure, renewal, management."""
    return surgeries_bought * surgery_upkeep_rate


@rule("GBP", clause=REPORT, measure="Owned surgeries beyond the fund’s reach", how="modelled")
def surgeries_out_of_reach(owned_estate_value: Any, surgery_bought_share: Any, rescue_fund_in_force: Any) -> Any:
    """What more it would cost to buy all buildings that partners own; nothing where there is no fund."""
    return owned_estate_value * (1 - surgery_bought_share) * where(rescue_fund_in_force > 0, 1.0, 0.0)


@rule("GBP", clause=REPORT, level="nation", measure="Rescue fund left unspent", how="modelled")
def rescue_fund_left(
    rescue_fund: Any,
    fund_for_data: Any,
    fund_for_transition: Any,
    surgeries_bought: Any,
    surgery_purchase_costs: Any,
    rescue_fund_in_force: Any,
) -> Any:
    """What is left of the fund when all in the queue have been paid."""
    spent = fund_for_data + fund_for_transition + surgeries_bought + surgery_purchase_costs
    return rescue_fund * rescue_fund_in_force - national(spent)


@rule("GBP", clause="HM Treasury Green Book", measure="Net present value of buying, to the public", how="modelled")
def value_of_buying_surgeries(
    notional_rent_saved: Any,
    surgery_upkeep: Any,
    surgeries_bought: Any,
    surgery_purchase_costs: Any,
    appraisal_years: Any,
    discount_rate: Any,
    surgery_residual_share: Any,
) -> Any:
    """Rent saved less upkeep over the years appraised, and what the building is worth then, less what it cost."""
    left = (1 + discount_rate) ** (0 - appraisal_years)
    yearly = (0 - notional_rent_saved - surgery_upkeep) * (1 - left) / discount_rate
    return yearly + surgeries_bought * surgery_residual_share * left - surgeries_bought - surgery_purchase_costs


# -- leases ------------------------------------------------------------------------------------------------------


@rule("GBP per year", clause=LEASES, line="Leases taken over from partners", payee="provider", how="modelled")
def lease_cover(
    leased_rent: Any, surgery_closure_rate: Any, void_years: Any, lease_shortfall_share: Any, leases_taken_over: Any
) -> Any:
    """What holding the leases is expected to cost beyond the rent paid today: empty surgeries, and charges not reimbursed."""
    return leased_rent * (surgery_closure_rate * void_years + lease_shortfall_share) * leases_taken_over


@rule("GBP", clause=LEASES, measure="Lease liability moved off partners", how="modelled")
def lease_liability_moved(lease_liability: Any, leases_taken_over: Any) -> Any:
    """Unexpired rent, at present value, that partners no longer answer for."""
    return lease_liability * leases_taken_over


@rule("GBP per partner", clause=LEASES, measure="Lease liability left on each partner", how="modelled")
def lease_liability_per_partner(lease_liability: Any, partner_heads: Any, leases_taken_over: Any) -> Any:
    """Unexpired rent, at present value, that each partner answers for; none where a practice has no partner."""
    return ratio(lease_liability * (1 - leases_taken_over), partner_heads)
