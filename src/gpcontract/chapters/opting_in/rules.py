"""Opting in: a contract beside the national one, which networks join where it pays and may leave every two years.

A network joins where what it may expect (gain share less loss share, outcome money less the quality framework, the right to
return) less what it costs (running a budget, capital at risk) reaches a stated sum per patient. Networks know better than the
formula what their patients cost, so those whose patients cost less are the ones that join: the cost of selection.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, to_practice
from gpcontract.engine.arrays import clip, first_known, maximum, minimum, ratio, weighted_sum, where
from gpcontract.engine.rules import rule
from gpcontract.levers.chance import expected_excess

PARALLEL = "Securing the future of general practice: a contract in parallel with GMS"
RETURN = "MCP contract: right of return to GMS"
LOCAL = "Securing the future of general practice: Monitor to examine barriers to larger units"


@rule("GBP per patient", clause=PARALLEL, level="network", how="modelled")
def budget_office(
    network_patients: Any, budget_office_cost: Any, budget_office_cost_per_patient: Any, price_level: Any
) -> Any:
    """What a network's office for holding a budget costs in a year, for each patient."""
    fixed = ratio(budget_office_cost + 0.0 * network_patients, network_patients)
    return price_level * (fixed + budget_office_cost_per_patient)


@rule("GBP per patient", clause=PARALLEL, level="network", how="modelled")
def cost_of_holding(network_patients: Any, network_bad_year: Any, budget_office: Any, cost_of_capital: Any) -> Any:
    """What holding a budget costs a network in a year: its office, and the return on capital against a bad year."""
    return budget_office + cost_of_capital * ratio(network_bad_year, network_patients)


@rule("GBP per patient", clause=PARALLEL, level="network", how="modelled")
def net_gain_by_kind(
    gain_by_kind: Any, loss_by_kind: Any, network_outcome_change: Any, cost_of_holding: Any, network_patients: Any
) -> Any:
    """What each network would gain in a year by joining, for each patient, were it of each kind; (kind, draw, year, network)."""
    earned = gain_by_kind - loss_by_kind + network_outcome_change
    return ratio(earned, network_patients + 0.0 * earned) - cost_of_holding


@rule("fraction", clause=RETURN, level="nation")
def term_after_return(contract_term: Any, return_interval: Any, return_notice: Any, return_discount_rate: Any) -> Any:
    """Part of the contract's discounted years that lie beyond the first chance to return."""
    year = 1 / (1 + return_discount_rate)
    first = maximum(return_interval, return_notice)
    return 1 - ratio(1 - year**first, 1 - year ** maximum(contract_term, first))


@rule("GBP per patient", clause=RETURN, level="network", how="modelled")
def right_of_return(
    net_gain_by_kind: Any,
    term_after_return: Any,
    saving_uncertainty: Any,
    gain_share_rate: Any,
    network_budget: Any,
    network_patients: Any,
    return_right_in_force: Any,
) -> Any:
    """What the right to return is worth in a year: losses that a network leaves once it has learnt what it can save.

    The option to leave: E(-g)+ over what is learnt of the gain g, for the part of the term after the first chance.
    """
    learnt = saving_uncertainty * gain_share_rate * ratio(network_budget, network_patients)
    return term_after_return * expected_excess(learnt, 0.0, -net_gain_by_kind) * return_right_in_force


@rule("fraction", clause=PARALLEL, level="network", how="modelled")
def joining(
    net_gain_by_kind: Any,
    right_of_return: Any,
    opting_in_threshold: Any,
    opting_in_spread: Any,
    price_level: Any,
    network_patients: Any,
    least_budget_population: Any,
    parallel_contract_in_force: Any,
) -> Any:
    """The chance that each network joins, were it of each kind; what it cannot see of its own case makes the choice gradual."""
    over = net_gain_by_kind + right_of_return - price_level * opting_in_threshold
    spread = price_level * opting_in_spread
    willing = clip((over + spread) / (spread + spread), 0.0, 1.0)
    return willing * where(network_patients >= least_budget_population, 1.0, 0.0) * parallel_contract_in_force


@rule("fraction", clause=PARALLEL, level="network", how="modelled")
def network_opting_in(joining: Any, kind_weights: Any) -> Any:
    """The chance that each network joins, over all kinds."""
    return weighted_sum(joining, kind_weights)


@rule("fraction", clause=PARALLEL, measure="In a network that opts in", how="modelled")
def opted_in(network_opting_in: Any, network: Any, in_network: Any) -> Any:
    """The chance that the practice's network joins: every payment of the new contract is an expectation over it."""
    return to_practice(network_opting_in, network) * in_network


@rule("patients", clause=PARALLEL, measure="Patients under the new contract", how="modelled")
def patients_opted_in(budget_patients: Any, opted_in: Any) -> Any:
    """Patients of networks that join."""
    return budget_patients * opted_in


@rule(
    "GBP per year",
    clause=PARALLEL,
    measure="Cost of selection: budgets beyond what joiners' patients cost",
    how="modelled",
)
def selection_cost(
    network_budget: Any,
    hidden_advantage: Any,
    benchmark_own_share: Any,
    joining: Any,
    kind_weights: Any,
    part_of_network: Any,
    network: Any,
) -> Any:
    """What benchmarks of joining networks hold beyond what their patients cost, as those whose patients cost less join."""
    beyond = network_budget * (1 - benchmark_own_share) * weighted_sum(joining * hidden_advantage, kind_weights)
    return part_of_network * to_practice(beyond, network)


@rule("patients", clause=RETURN, measure="Patients whose network means to return", how="modelled")
def patients_returning(
    joining: Any,
    net_gain_by_kind: Any,
    kind_weights: Any,
    return_right_in_force: Any,
    budget_patients: Any,
    network: Any,
) -> Any:
    """Patients of networks that join although a year of it loses them money: they count on leaving, or on learning to save."""
    losing = joining * where(net_gain_by_kind < 0, 1.0, 0.0)
    return budget_patients * to_practice(weighted_sum(losing, kind_weights), network) * return_right_in_force


@rule(
    "GBP",
    clause=PARALLEL + "; setting up, as in the vanguards",
    line="Setting up the new contract",
    payee="network",
    fund="once",
    how="modelled",
)
def setting_up(budget_patients: Any, opted_in: Any, set_up_cost_per_patient: Any, price_level: Any) -> Any:
    """What it takes to start: organisation, legal form, staff and data, for networks that join."""
    return budget_patients * opted_in * set_up_cost_per_patient * price_level


@rule(
    "GBP per year",
    clause=PARALLEL + "; the cost of holding a budget",
    line="Networks' offices for their budgets",
    payee="network",
    fund="elsewhere",
    how="modelled",
)
def budget_offices(budget_patients: Any, opted_in: Any, budget_office: Any, network: Any) -> Any:
    """What networks that join spend of their own on holding a budget; weighed before they join, and in no bill."""
    return budget_patients * opted_in * to_practice(budget_office, network)


@rule("ratio", clause=LOCAL, measure="Local concentration of lists (HHI) within networks", how="modelled", whole=True)
def local_concentration(
    budget_patients: Any, network_patients: Any, opted_in: Any, fully_integrated: Any, network: Any
) -> Any:
    """Herfindahl index of who holds the lists in the practice's network: 1 where one holder has all of them.

    A fully integrated network is one holder.
    """
    known = first_known(budget_patients, 0.0)
    squares = to_practice(ratio(by_network(known * known, network), network_patients * network_patients), network)
    return squares + minimum(opted_in * fully_integrated, 1.0) * (1 - squares)
