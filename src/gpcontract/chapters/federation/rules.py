"""Federation: practices join, and are paid as the federation becomes ready, not as it signs.

A federation is the network of the year; before there were networks it is one of a stated usual size. Readiness is the
weight of the milestones that federations reach, less where a federation is smaller than it should be. The sum paid for
signing today (network participation) ends with it: an edit of the mechanism.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, to_practice
from gpcontract.engine.arrays import clip, minimum, ratio, where
from gpcontract.engine.rules import rule

FEDERATE = "NHS Confederation 2009: incentives for federation"
READINESS = "BMA reply of 2009: no pay for federation before the system exists"


@rule("patients", clause=FEDERATE)
def federation_list(network_list: Any, network: Any, national_networks: Any, federation_usual_list: Any) -> Any:
    """Registered patients of the practice's federation: its network's, or the usual one where England has no networks.

    0 for a practice that stays out of the networks there are.
    """
    own = to_practice(network_list, network)
    return where(own > 0, own, where(national_networks > 0, 0.0, federation_usual_list))


@rule("patients", clause=FEDERATE, level="network")
def network_rural_patients(list_size: Any, open_share: Any, rural: Any, network: Any) -> Any:
    """Patients of each network's rural practices."""
    return by_network(list_size * open_share * rural, network)


@rule("patients", clause=FEDERATE, level="network")
def federation_patients(list_size: Any, open_share: Any, network: Any) -> Any:
    """Patients of each network's practices over the year."""
    return by_network(list_size * open_share, network)


@rule("fraction", clause=FEDERATE)
def federation_rural_share(network_rural_patients: Any, federation_patients: Any, network: Any, rural: Any) -> Any:
    """Share of the federation's patients with rural practices; the practice's own where it has no network."""
    share = to_practice(ratio(network_rural_patients, federation_patients), network)
    return where(to_practice(federation_patients, network) > 0, share, rural)


@rule("fraction", clause=READINESS, level="nation")
def federation_progress(federation_milestone_weights: Any, federation_milestones_reached: Any) -> Any:
    """Weight of the milestones that a federation of sufficient size is expected to have reached, 0 to 1."""
    reached = minimum(federation_milestones_reached, 1.0)
    return (federation_milestone_weights * reached).sum(0) / federation_milestone_weights.sum(0)


@rule("fraction", clause=READINESS)
def federation_readiness(
    federation_progress: Any,
    federation_list: Any,
    federation_rural_share: Any,
    federation_least_list: Any,
    federation_rural_waiver: Any,
) -> Any:
    """How ready the practice's federation is: its progress, in proportion where it is smaller than the least population.

    Rural federations may be smaller by a stated share; there is no threshold at which pay jumps.
    """
    least = federation_least_list * (1 - federation_rural_waiver * federation_rural_share)
    return federation_progress * clip(federation_list / least, 0.0, 1.0)


@rule("GBP per year", clause=FEDERATE)
def federation_payment_in_full(
    list_size: Any, open_share: Any, federation_list: Any, federation_rate: Any, price_level: Any
) -> Any:
    """What a practice's patients bring a federation that is wholly ready."""
    return list_size * open_share * where(federation_list > 0, 1.0, 0.0) * federation_rate * price_level


@rule("GBP per year", clause=READINESS, line="Federation payment on readiness", payee="network")
def federation_payment(
    federation_payment_in_full: Any, federation_readiness: Any, federation_payment_in_force: Any
) -> Any:
    """The federation payment: the full sum times how ready the federation is."""
    return federation_payment_in_full * federation_readiness * federation_payment_in_force


@rule("GBP per year", clause=READINESS, measure="What pay on signature would have spent on what is not ready")
def federation_unready_money(
    federation_payment_in_full: Any, federation_readiness: Any, federation_payment_in_force: Any
) -> Any:
    """The part of the full sum that payment on signature would pay for milestones not reached."""
    return federation_payment_in_full * (1 - federation_readiness) * federation_payment_in_force
