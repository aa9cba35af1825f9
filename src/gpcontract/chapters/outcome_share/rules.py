"""Outcome share: networks that opt in leave the quality framework for a simpler scheme, and part of the budget rests on outcomes.

payment = budget × (1 - q) + budget × q × Q, with Q the network's outcomes over the nation's, drawn towards the nation's by how
little a list of its size tells. What outcomes would be measured the report leaves open: the share of the quality framework's points
that practices achieve stands in, as the only measure known for nearly all of them.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, national, to_practice
from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import rule
from gpcontract.levers.reliability import mix

OUTCOMES = "Securing the future of general practice: outcomes specified, not methods"
SCHEME = "MCP contract: one improvement scheme in place of QOF"


@rule("fraction", clause=OUTCOMES, how="modelled")
def outcome_result(qof_achieved_share: Any, qof_national_share: Any) -> Any:
    """The practice's outcomes, 0 to 1: its share of the quality framework's points stands in for them."""
    return first_known(qof_achieved_share, qof_national_share)


@rule("fraction", clause=OUTCOMES, level="nation", how="modelled")
def national_outcome_score(outcome_result: Any, budget_patients: Any) -> Any:
    """Mean outcomes of all patients in networks."""
    return ratio(national(first_known(outcome_result, 0.0) * budget_patients), national(budget_patients))


@rule("fraction", clause=OUTCOMES + "; paid by reliability", level="network", how="modelled")
def network_outcome_score(
    outcome_result: Any,
    budget_patients: Any,
    network_patients: Any,
    national_outcome_score: Any,
    half_reliable_population: Any,
    network: Any,
) -> Any:
    """A network's outcomes, its own by their reliability at its size and the nation's for the rest."""
    own = ratio(by_network(first_known(outcome_result, 0.0) * budget_patients, network), network_patients)
    return mix(own, national_outcome_score, ratio(network_patients, network_patients + half_reliable_population))


@rule("ratio", clause=OUTCOMES, how="modelled")
def relative_outcomes(network_outcome_score: Any, national_outcome_score: Any, network: Any, in_network: Any) -> Any:
    """Outcomes of the practice's network over the nation's; 0 where it is in no network."""
    return ratio(to_practice(network_outcome_score, network), national_outcome_score) * in_network


@rule("weighted patients", clause=SCHEME, how="modelled")
def outcome_points(
    adjusted_list: Any, list_size: Any, open_share: Any, relative_outcomes: Any, most_need_per_patient: Any
) -> Any:
    """The practice's patients by need and by the outcomes of its network; the list where their need is of another year's list."""
    need = where(adjusted_list <= most_need_per_patient * list_size, adjusted_list, list_size) * open_share
    return where(open_share > 0, first_known(need, 0.0), 0.0) * relative_outcomes


@rule("GBP per weighted patient", clause=SCHEME, level="nation", how="modelled")
def outcome_rate(qof: Any, in_network: Any, outcome_points: Any) -> Any:
    """What a patient by need earns at England's outcomes, so that all of the quality framework's money pays out were all to join."""
    return ratio(national(first_known(qof, 0.0) * in_network), national(outcome_points))


@rule("GBP per year", clause=SCHEME, how="modelled")
def outcome_in_place_of_qof(outcome_points: Any, outcome_rate: Any, outcome_share_in_force: Any) -> Any:
    """The practice's part of the quality framework's money, by need and outcomes."""
    return outcome_points * outcome_rate * outcome_share_in_force


@rule("GBP per year", clause=SCHEME, level="network", how="modelled")
def network_outcome_change(
    outcome_in_place_of_qof: Any,
    qof: Any,
    in_network: Any,
    whole_budget: Any,
    outcome_budget_share: Any,
    relative_outcomes: Any,
    outcome_share_in_force: Any,
    network: Any,
) -> Any:
    """What a network would gain or lose by leaving the quality framework for outcomes."""
    scheme = outcome_in_place_of_qof - outcome_share_in_force * first_known(qof, 0.0) * in_network
    budget = outcome_share_in_force * outcome_budget_share * whole_budget * (relative_outcomes - 1)
    return by_network(scheme + budget, network)


@rule("GBP per year", clause=SCHEME, line="QOF left by networks that opt in", measured=True, how="modelled")
def qof_left(qof: Any, opted_in: Any, outcome_share_in_force: Any) -> Any:
    """The quality framework's money that ends in networks that join."""
    return -first_known(qof, 0.0) * opted_in * outcome_share_in_force


@rule(
    "GBP per year",
    clause=SCHEME,
    line="Outcome payment in place of QOF",
    payee="network",
    measured=True,
    how="modelled",
)
def outcome_payment(outcome_in_place_of_qof: Any, opted_in: Any) -> Any:
    """What networks that join are paid on outcomes instead."""
    return outcome_in_place_of_qof * opted_in


@rule("GBP per year", clause=OUTCOMES, line="Budget held back for outcomes", payee="network", fund="moved")
def outcome_withheld(whole_budget: Any, outcome_budget_share: Any, opted_in: Any, outcome_share_in_force: Any) -> Any:
    """The part of the population budget that is paid on outcomes only."""
    return -whole_budget * outcome_budget_share * opted_in * outcome_share_in_force


@rule(
    "GBP per year",
    clause=OUTCOMES,
    line="Budget earned on outcomes",
    payee="network",
    fund="moved",
    measured=True,
    how="modelled",
)
def outcome_earned(outcome_withheld: Any, relative_outcomes: Any) -> Any:
    """What outcomes earn back of it: more than was held back where they are better than the nation's, less where worse."""
    return -outcome_withheld * relative_outcomes
