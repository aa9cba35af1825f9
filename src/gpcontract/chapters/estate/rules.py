"""Estate: the rent of surgeries, how much of it is owners' notional rent, what owned buildings are worth, what leases bind partners to.

Nothing here is paid; proposals read it. No open register says who owns a surgery, so every figure is an expectation: the
practice's premises payment times the national shares of rent and of ownership. Goodwill has no price here: its sale is unlawful.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, isnan, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

DIRECTIONS = "Premises Costs Directions 2024, notional rent and leasehold rent"
VALUATION = "rent capitalised at a net initial yield"


@rule("GBP per year", clause=DIRECTIONS, how="modelled", whole=True)
def premises_expected(premises: Any, list_size: Any, premises_per_patient: Any) -> Any:
    """Premises payment of the practice, where it is known; else its patients at the mean, of the year or as published nationally.

    0 when closed.
    """
    patients = first_known(list_size, 0.0)
    known = national(where(isnan(premises), 0.0, patients))
    mean = ratio(national(first_known(premises, 0.0)), known)
    return first_known(premises, where(known > 0, mean, premises_per_patient) * patients)


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def surgery_rent(premises_expected: Any, rent_share_of_premises: Any) -> Any:
    """Rent in the premises payment, without rates, water and waste; none where the payment is a correction below 0."""
    return maximum(premises_expected, 0.0) * rent_share_of_premises


@rule("GBP per year", clause=DIRECTIONS, how="modelled")
def notional_rent(
    surgery_rent: Any, list_size: Any, owned_share: Any, premises_per_patient: Any, owned_rent_limit: Any
) -> Any:
    """Rent paid to partners for buildings that they own; an expectation over practices alike.

    What is above some multiple of the mean per patient is taken as leased: such sums are of large leased centres or paid once.
    """
    most = first_known(list_size, 0.0) * premises_per_patient * owned_rent_limit
    return minimum(surgery_rent, most) * owned_share


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
