"""Buy-out fund: premises, leases and run-off of practices that nothing else would keep, in particularly disadvantaged places.

The review gives no size, price, threshold or power. A practice is eligible where all four hold: it is below the standard, its place is
deprived, support has failed, and no practice near could take its list. The price is premises net of debt, the way out of leases,
redundancy and run-off. Goodwill is not priced: its sale is unlawful. Most benefit for a pound comes first, up to the year's cap.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, maximum, ratio, where
from gpcontract.engine.rules import rule

from .queue import patients_near, share_funded

REVIEW = "Hewitt review 2023: a central fund to buy out contracts or premises where essential in a disadvantaged place"
PRICE = "premises, leases, redundancy and run-off; NHS Act 2006, s 259: no sale of goodwill"

# -- who ---------------------------------------------------------------------------------------------------------


@rule("patients", clause=REVIEW, how="modelled", whole=True)
def room_nearby(
    local_patients: Any, latitude: Any, longitude: Any, substitute_distance: Any, substitute_spare_share: Any
) -> Any:
    """Patients that practices near could take on, as a share of their lists; not known where the practice's place is not."""
    return substitute_spare_share * patients_near(local_patients, latitude, longitude, substitute_distance)


@rule("yes or no", clause=REVIEW, how="modelled")
def no_substitute(room_nearby: Any, local_patients: Any) -> Any:
    """Whether practices near could not take the whole list. Taken as no where that cannot be shown."""
    return where(first_known(room_nearby, local_patients) < local_patients, 1.0, 0.0)


@rule("yes or no", clause=REVIEW)
def particularly_deprived(deprivation_fifth: Any, buyout_fifths: Any) -> Any:
    """Whether the practice is in the most deprived fifths that the fund serves."""
    return where(deprivation_fifth <= buyout_fifths, 1.0, 0.0)


@rule("practices", clause=REVIEW, measure="Practices eligible for buy-out", how="modelled")
def buyout_eligible(
    below_standard: Any, support_failed: Any, particularly_deprived: Any, no_substitute: Any, buyout_in_force: Any
) -> Any:
    """Practices that meet all four tests; an expectation, as who support fails is not known beforehand."""
    tests = below_standard * particularly_deprived * no_substitute
    return tests * support_failed * where(buyout_in_force > 0, 1.0, 0.0)


# -- at what price -----------------------------------------------------------------------------------------------


@rule("GBP", clause=PRICE, how="modelled")
def premises_net_of_debt(owned_estate_price: Any, premises_debt_share: Any) -> Any:
    """What owners are paid for their building: its value less the debt on it, never below nothing."""
    return maximum(owned_estate_price * (1 - premises_debt_share), 0.0)


@rule("GBP", clause=PRICE, how="modelled")
def lease_exit_price(lease_liability: Any, lease_exit_share: Any) -> Any:
    """What it costs to leave or pass on a lease: a part of the rent still to run."""
    return maximum(lease_liability, 0.0) * lease_exit_share


@rule("GBP", clause=PRICE, how="modelled")
def redundancy_price(
    local_patients: Any, staff_cost_per_patient: Any, redundant_share: Any, redundancy_years: Any, price_level: Any
) -> Any:
    """Redundancy pay of the staff whom no new holder takes on."""
    return local_patients * staff_cost_per_patient * redundant_share * redundancy_years * price_level


@rule("GBP per year", clause=PRICE, how="modelled")
def run_off_price(local_patients: Any, run_off_per_patient: Any, price_level: Any) -> Any:
    """What winding up costs while patients and records move: accounts, records, cover for late claims."""
    return local_patients * run_off_per_patient * price_level


@rule("GBP", clause=PRICE, how="modelled")
def buyout_price(premises_net_of_debt: Any, lease_exit_price: Any, redundancy_price: Any, run_off_price: Any) -> Any:
    """What buying a practice out costs: the four parts and nothing else."""
    return premises_net_of_debt + lease_exit_price + redundancy_price + run_off_price


# -- in what order -----------------------------------------------------------------------------------------------


@rule("fraction per year", clause="contract exits by list size, 2014/15 to 2022/23")
def loss_chance(list_size: Any, exit_size_bounds: Any, exit_hazard: Any) -> Any:
    """The chance that a practice of its size gives up its contract in a year.

    exit_size_bounds: the list from which each band but the first holds.
    """
    passed = where(first_known(list_size, 0.0) >= exit_size_bounds[1:], 1.0, 0.0)
    return exit_hazard[0] + (passed * (exit_hazard[1:] - exit_hazard[:-1])).sum(0)


@rule("patients", clause="patients, chance of loss and deprivation", how="modelled")
def buyout_benefit(local_patients: Any, loss_chance: Any, deprivation_fifth: Any, buyout_deprivation_step: Any) -> Any:
    """What is gained: patients, by the chance that they lose their practice in a year, counted higher where more deprived."""
    steps = first_known(deprivation_fifth, 1.0) - 1
    return local_patients * loss_chance / (1 + buyout_deprivation_step * steps)


@rule("practices", clause=REVIEW, how="modelled")
def buyout_arising(buyout_eligible: Any, support_years: Any) -> Any:
    """Practices that become eligible in a year once the ladder is full: none can be bought out again in the next."""
    return buyout_eligible / support_years


@rule("fraction", clause=REVIEW + ", under an annual cap", how="modelled", whole=True)
def buyout_funded(
    buyout_arising: Any, buyout_benefit: Any, buyout_price: Any, buyout_annual_cap: Any, price_level: Any
) -> Any:
    """Share of the price of each practice that becomes eligible that the year's cap pays: most benefit for a pound first."""
    cost = buyout_arising * buyout_price
    return share_funded(ratio(buyout_benefit, buyout_price), cost, buyout_annual_cap * price_level)


@rule("practices", clause=REVIEW, measure="Practices bought out in a year", how="modelled")
def bought_out(buyout_arising: Any, buyout_funded: Any, buyout_in_force: Any) -> Any:
    """Practices bought out in a year; an expectation."""
    return buyout_in_force * buyout_arising * buyout_funded


@rule("GBP", clause=REVIEW, measure="Cost of buying out all who are eligible", how="modelled")
def buyout_queue_cost(buyout_eligible: Any, buyout_price: Any) -> Any:
    """What it would take to clear the queue at once."""
    return buyout_eligible * buyout_price


# -- money -------------------------------------------------------------------------------------------------------


@rule("GBP", clause=PRICE, line="Buy-out: premises net of debt", payee="owner", fund="once", how="modelled")
def buyout_premises(bought_out: Any, premises_net_of_debt: Any) -> Any:
    """Premises bought, net of the debt on them."""
    return bought_out * premises_net_of_debt


@rule("GBP", clause=PRICE, line="Buy-out: lease exit", payee="owner", fund="once", how="modelled")
def buyout_leases(bought_out: Any, lease_exit_price: Any) -> Any:
    """Leases left or passed on."""
    return bought_out * lease_exit_price


@rule("GBP", clause=PRICE, line="Buy-out: redundancy", fund="once", how="modelled")
def buyout_redundancy(bought_out: Any, redundancy_price: Any) -> Any:
    """Redundancy pay of staff."""
    return bought_out * redundancy_price


@rule("GBP per year", clause=PRICE, line="Buy-out: run-off", how="modelled")
def buyout_run_off(bought_out: Any, run_off_price: Any) -> Any:
    """What winding up costs for the practices that are bought out."""
    return bought_out * run_off_price
