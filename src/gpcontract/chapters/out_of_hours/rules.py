"""Out of hours: the deduction comes back with a supplement to those who take responsibility again.

A federation weighs what it is offered per patient (its own deductions and the supplement) against what the service costs
it: its own rota at its own size, or a provider's price, whichever is less; both are dearer in the country. Costs of
federations lie evenly within a stated spread of that figure, so take-up is the share for which it pays, and rises
smoothly with the offer. Where it does not pay the commissioner's provider goes on.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, to_practice
from gpcontract.engine.arrays import clip, first_known, minimum, ratio, where
from gpcontract.engine.rules import rule

TAKE_BACK = "NHS Confederation 2009: incentives for GPs to take back out-of-hours responsibility"
COST = "National Audit Office 2014: cost of out-of-hours services per head"


@rule("GBP per year", clause=TAKE_BACK)
def out_of_hours_returnable(
    out_of_hours_deduction: Any,
    paid_weighted_list: Any,
    local_share: Any,
    global_sum_price: Any,
    ooh_deduction_share: Any,
    ooh_opted_out: Any,
    list_size: Any,
) -> Any:
    """The deduction of a practice that opted out; for PMS and APMS the same share of their weighted list at the price."""
    local = paid_weighted_list * local_share * global_sum_price * ooh_deduction_share * ooh_opted_out
    return where(list_size > 0, first_known(out_of_hours_deduction + local, 0.0), 0.0)


@rule("patients", clause=TAKE_BACK)
def out_of_hours_patients(list_size: Any, open_share: Any, ooh_opted_out: Any) -> Any:
    """Patients of practices that opted out: those for whom responsibility can be taken back."""
    return list_size * open_share * ooh_opted_out


@rule("GBP per year", clause=TAKE_BACK, level="network")
def network_out_of_hours_returnable(out_of_hours_returnable: Any, network: Any) -> Any:
    """The deductions of each network's practices."""
    return by_network(out_of_hours_returnable, network)


@rule("patients", clause=TAKE_BACK, level="network")
def network_out_of_hours_patients(out_of_hours_patients: Any, network: Any) -> Any:
    """Patients of each network's practices that opted out."""
    return by_network(out_of_hours_patients, network)


@rule("GBP per patient per year", clause=TAKE_BACK)
def out_of_hours_offer(
    network_out_of_hours_returnable: Any,
    network_out_of_hours_patients: Any,
    network: Any,
    out_of_hours_returnable: Any,
    out_of_hours_patients: Any,
    out_of_hours_supplement: Any,
    price_level: Any,
) -> Any:
    """What a federation is offered per patient: its deductions and the supplement; the practice's own where it has none."""
    together = to_practice(network_out_of_hours_patients, network)
    shared = to_practice(ratio(network_out_of_hours_returnable, network_out_of_hours_patients), network)
    deduction = where(together > 0, shared, ratio(out_of_hours_returnable, out_of_hours_patients))
    return deduction + out_of_hours_supplement * price_level


@rule("ratio", clause=COST)
def out_of_hours_distance(federation_rural_share: Any, out_of_hours_rural_extra: Any) -> Any:
    """How much dearer the service is where the federation's patients live far apart."""
    return 1 + out_of_hours_rural_extra * federation_rural_share


@rule("GBP per patient per year", clause=COST)
def out_of_hours_commissioned_cost(out_of_hours_cost: Any, out_of_hours_distance: Any, price_level: Any) -> Any:
    """What the commissioner pays a provider per patient today."""
    return out_of_hours_cost * out_of_hours_distance * price_level


@rule("GBP per patient per year", clause=COST)
def out_of_hours_own_cost(
    federation_list: Any,
    list_size: Any,
    out_of_hours_cost: Any,
    out_of_hours_standby_share: Any,
    out_of_hours_standby_list: Any,
    out_of_hours_contract_cost: Any,
    out_of_hours_distance: Any,
    price_level: Any,
) -> Any:
    """What it costs a federation per patient: its own rota, or a provider's price and a contract, whichever is less.

    A rota has somebody on duty at all hours, so the cost of standing by falls on fewer heads in a small population.
    """
    population = where(federation_list > 0, federation_list, list_size)
    standby = out_of_hours_standby_share * ratio(out_of_hours_standby_list, population)
    rota = out_of_hours_cost * (1 - out_of_hours_standby_share + standby)
    bought = out_of_hours_cost * (1 + out_of_hours_contract_cost)
    return minimum(where(population > 0, rota, bought), bought) * out_of_hours_distance * price_level


@rule("fraction", clause=TAKE_BACK)
def out_of_hours_pays_for(out_of_hours_offer: Any, out_of_hours_own_cost: Any, out_of_hours_spread: Any) -> Any:
    """Share of such federations for which the offer covers the cost: none below the cheapest, all above the dearest."""
    least, most = 1 - out_of_hours_spread, 1 + out_of_hours_spread
    return clip((out_of_hours_offer / out_of_hours_own_cost - least) / (most - least), 0.0, 1.0)


@rule("fraction", clause=TAKE_BACK)
def out_of_hours_take_up(out_of_hours_pays_for: Any, out_of_hours_in_force: Any) -> Any:
    """Share of such federations that take responsibility back: all for which it pays, once they may."""
    return out_of_hours_pays_for * out_of_hours_in_force


@rule("GBP per year", clause=TAKE_BACK, line="Out-of-hours deduction returned", fund="moved")
def out_of_hours_returned(out_of_hours_returnable: Any, out_of_hours_take_up: Any) -> Any:
    """The deduction paid back: it pays for the commissioner's out-of-hours service today, and moves with the work."""
    return out_of_hours_returnable * out_of_hours_take_up


@rule("GBP per year", clause=TAKE_BACK, line="Out-of-hours supplement", fund="moved")
def out_of_hours_supplement_paid(
    out_of_hours_patients: Any, out_of_hours_supplement: Any, price_level: Any, out_of_hours_take_up: Any
) -> Any:
    """What is paid on top of the deduction: it too pays for a service that commissioners buy today, and is no gain."""
    return out_of_hours_patients * out_of_hours_supplement * price_level * out_of_hours_take_up


@rule(
    "GBP per year",
    clause=COST,
    line="Out-of-hours care commissioned no more, beyond what moves",
    payee="board",
    fund="elsewhere",
)
def out_of_hours_commissioning_saved(
    out_of_hours_commissioned_cost: Any,
    out_of_hours_patients: Any,
    out_of_hours_take_up: Any,
    out_of_hours_returned: Any,
    out_of_hours_supplement_paid: Any,
) -> Any:
    """What commissioners spend on the service today and do not pass on: a saving below nought, above it where they pay more."""
    today = out_of_hours_commissioned_cost * out_of_hours_patients * out_of_hours_take_up
    return out_of_hours_returned + out_of_hours_supplement_paid - today


@rule("patients", clause=TAKE_BACK, measure="Patients whose practice takes out-of-hours care back")
def out_of_hours_taken_back(out_of_hours_patients: Any, out_of_hours_take_up: Any) -> Any:
    """Patients whose practice or federation is responsible out of hours again; a provider serves the others."""
    return out_of_hours_patients * out_of_hours_take_up


@rule("GBP per year", clause=TAKE_BACK, measure="Cost of out-of-hours care that practices take on")
def out_of_hours_cost_taken_on(
    out_of_hours_own_cost: Any,
    out_of_hours_patients: Any,
    out_of_hours_take_up: Any,
    out_of_hours_pays_for: Any,
    out_of_hours_spread: Any,
) -> Any:
    """What those who take it back then spend; the lines show what they are paid for it.

    They are the cheaper federations: their mean lies halfway between the cheapest and the last for which it pays.
    """
    cheaper = 1 - out_of_hours_spread + out_of_hours_spread * out_of_hours_pays_for
    return out_of_hours_own_cost * cheaper * out_of_hours_patients * out_of_hours_take_up
