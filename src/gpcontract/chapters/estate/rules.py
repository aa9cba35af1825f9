"""Estate: the rent of surgeries, how much of it is owners' notional rent, what owned buildings are worth, what leases bind partners to.

Nothing here is paid; proposals read it. No open register says who owns a surgery, so every figure is an expectation: the
practice's premises payment times the national shares of rent and of ownership. Goodwill has no price here: its sale is unlawful.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, isnan, maximum, ratio, where
from gpcontract.engine.rules import rule

DIRECTIONS = "Premises Costs Directions 2024, notional rent and leasehold rent"
VALUATION = "rent capitalised at a net initial yield"


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def premises_expected(premises: Any, list_size: Any) -> Any:
    """Premises payment of the practice; the national rate per patient where it is not known, 0 when closed."""
    patients = first_known(list_size, 0.0)
    known = where(isnan(premises), 0.0, patients)
    rate = ratio(national(first_known(premises, 0.0)), national(known))
    return first_known(premises, rate * patients)


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def surgery_rent(premises_expected: Any, rent_share_of_premises: Any) -> Any:
    """Rent in the premises payment, without rates, water and waste; none where the payment is a correction below 0."""
    return maximum(premises_expected, 0.0) * rent_share_of_premises


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def notional_rent(surgery_rent: Any, owned_share: Any) -> Any:
    """Rent paid to partners for buildings that they own; an expectation over practices alike."""
    return surgery_rent * owned_share


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def leased_rent(surgery_rent: Any, notional_rent: Any) -> Any:
    """Rent paid for leased buildings."""
    return surgery_rent - notional_rent


@rule("GBP", clause=VALUATION, how="modelled")
def owned_estate_value(notional_rent: Any, estate_yield: Any) -> Any:
    """What it costs to buy the buildings that partners own: rent over yield, the buyer's own costs with it."""
    return notional_rent / estate_yield


@rule("GBP", clause=VALUATION, how="modelled")
def owned_estate_price(owned_estate_value: Any, estate_purchase_costs: Any) -> Any:
    """What the owners are paid of it: the price without the buyer's own costs (stamp duty, fees)."""
    return owned_estate_value / (1 + estate_purchase_costs)


@rule("years", clause="HM Treasury Green Book, present value of a level rent")
def lease_annuity_factor(lease_years_left: Any, discount_rate: Any) -> Any:
    """Present value of a pound a year over what is left of a lease."""
    return (1 - (1 + discount_rate) ** (0 - lease_years_left)) / discount_rate


@rule("GBP", clause="unexpired rent of leases, which the partners who signed answer for", how="modelled")
def lease_liability(leased_rent: Any, lease_annuity_factor: Any) -> Any:
    """What partners would owe on their leases if the contract ended today: unexpired rent at present value."""
    return leased_rent * lease_annuity_factor
