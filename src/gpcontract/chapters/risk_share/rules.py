"""Risk share: how far chance moves a network's spending, who carries it, and what gain and loss shares come to on average.

A network's result is its saving as a share of its budget: expected saving, less growth beyond the budget's, plus how its patients
compare with the formula (which the network knows and the formula does not), plus chance. Chance shrinks with population; systemic
risk does not. The result passes a corridor; the network has a share of what is left: of gains from a minimum saving rate and by a
quality gate, of losses up to a cap on its own revenue. Amounts are means over all years, for nine kinds of network by how its
patients compare with the formula (`kind`, the first axis).
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, national, to_practice
from gpcontract.engine.arrays import first_known, maximum, minimum, ratio, sqrt, weighted_sum
from gpcontract.engine.rules import rule
from gpcontract.levers.chance import expected_share, normal_tail
from gpcontract.levers.inputs import rows
from gpcontract.levers.risk import corridor, minimum_savings_rate, quality_gate

RISK = "Securing the future of general practice: risk shared by the network"
TERMS = RISK + "; terms as in Medicare's shared savings"
FORMULA = "Person-based resource allocation: what the formula does not explain"

# -- how uncertain a budget is -----------------------------------------------------------------------------------


@rule("ratio", clause=RISK + "; population", level="nation", how="modelled")
def person_cost_spread(
    community_budget: Any,
    mental_health_budget: Any,
    older_people_budget: Any,
    end_of_life_budget: Any,
    children_budget: Any,
    social_care_budget: Any,
    person_cost_cv: Any,
) -> Any:
    """Coefficient of variation of a person's cost over the streams held, taken as independent of each other."""
    health = [community_budget, mental_health_budget, older_people_budget, end_of_life_budget, children_budget]
    sums = [national(money) for money in (*health, social_care_budget)]
    variance: Any = 0.0
    whole: Any = 0.0
    for money, cv in zip(sums, rows(person_cost_cv), strict=True):
        variance = variance + (money * cv) * (money * cv)
        whole = whole + money
    return ratio(sqrt(variance), whole)


@rule("ratio", clause=RISK + "; specific stop-loss", level="nation", how="modelled")
def person_cost_spread_kept(person_cost_spread: Any, stop_loss_in_force: Any, stop_loss_cv_factor: Any) -> Any:
    """The same once a pool pays what one person costs beyond the stop-loss."""
    return person_cost_spread * (1 - stop_loss_in_force * (1 - stop_loss_cv_factor))


@rule("fraction", clause=RISK + "; population", level="network", how="modelled")
def network_chance(person_cost_spread_kept: Any, network_patients: Any) -> Any:
    """Spread (one standard deviation) of a network's cost that chance alone makes, as a share of its budget."""
    return person_cost_spread_kept * sqrt(ratio(1.0, network_patients))


@rule("fraction", clause=RISK + "; population", level="network", how="modelled")
def network_spread(network_chance: Any, systemic_cost_cv: Any) -> Any:
    """Spread of a network's cost by chance and by what strikes all its patients at once."""
    return sqrt(network_chance * network_chance + systemic_cost_cv * systemic_cost_cv)


# -- what is to be expected --------------------------------------------------------------------------------------


@rule("fraction", clause=RISK + "; effect of integrated care on emergency admissions", level="nation", how="modelled")
def expected_saving(older_people_budget: Any, whole_budget: Any, emergency_care_saved: Any) -> Any:
    """What networks that hold budgets save of them: a share of emergency hospital care, nothing of the other streams."""
    return emergency_care_saved * ratio(national(older_people_budget), national(whole_budget))


@rule("fraction", clause=RISK + "; reinsurance", level="nation")
def stop_loss_margin_cost(stop_loss_ceded_share: Any, stop_loss_margin: Any, stop_loss_in_force: Any) -> Any:
    """What the pool's running costs take of the budget, beyond the claims that it pays back."""
    return stop_loss_ceded_share * stop_loss_margin * stop_loss_in_force


@rule("fraction", clause=RISK, level="nation", how="modelled")
def usual_result(expected_saving: Any, cost_growth_beyond_budget: Any, stop_loss_margin_cost: Any) -> Any:
    """Mean result of a network whose patients cost what the formula says."""
    return expected_saving - cost_growth_beyond_budget - stop_loss_margin_cost


@rule("fraction", clause=FORMULA, level="nation", how="modelled")
def hidden_advantage(formula_error: Any, network_kinds: Any) -> Any:
    """How far patients of each kind of network cost less than the formula says; (kind, draw, year, 1)."""
    return formula_error * network_kinds


@rule("fraction", clause=TERMS + "; benchmark of own and regional cost", level="nation", how="modelled")
def result_by_kind(usual_result: Any, hidden_advantage: Any, benchmark_own_share: Any) -> Any:
    """Mean result of each kind of network: its own past cost in the benchmark takes part of the advantage away."""
    return usual_result + (1 - benchmark_own_share) * hidden_advantage


# -- terms -------------------------------------------------------------------------------------------------------


@rule("fraction", clause=TERMS + "; minimum saving rate by size", level="network")
def network_minimum_saving(network_patients: Any, minimum_saving_sizes: Any, minimum_saving_rates: Any) -> Any:
    """The saving from which a network has a share, lower for larger populations."""
    return minimum_savings_rate(network_patients, minimum_saving_sizes, minimum_saving_rates)


@rule("fraction", clause=TERMS + "; quality gate", level="network")
def network_quality(network_outcome_score: Any, quality_gate_score: Any, quality_full_score: Any) -> Any:
    """The part of a gain that the network's quality earns."""
    return quality_gate(network_outcome_score, quality_gate_score, quality_full_score)


@rule("GBP per year", clause=TERMS, level="network")
def network_revenue(core_contract: Any, extra_services: Any, qof: Any, in_network: Any, network: Any) -> Any:
    """What a network's practices earn under the national contract: what they can lose from."""
    earned = core_contract + extra_services + first_known(qof, 0.0)
    return by_network(earned * in_network, network)


@rule("GBP per year", clause=TERMS + "; gain share", level="network", how="modelled")
def gain_by_kind(
    network_budget: Any,
    result_by_kind: Any,
    network_spread: Any,
    corridor_bands: Any,
    corridor_shares: Any,
    network_minimum_saving: Any,
    network_quality: Any,
    gain_share_rate: Any,
    gain_share_cap: Any,
    risk_share_in_force: Any,
) -> Any:
    """Mean gain share of each network, were it of each kind; (kind, draw, year, network)."""
    most = ratio(gain_share_cap, gain_share_rate)
    part = expected_share(result_by_kind, network_spread, corridor_bands, corridor_shares, network_minimum_saving, most)
    return network_budget * part * gain_share_rate * network_quality * risk_share_in_force


@rule("GBP per year", clause=TERMS + "; loss share", level="network", how="modelled")
def loss_by_kind(
    network_budget: Any,
    network_revenue: Any,
    result_by_kind: Any,
    network_spread: Any,
    corridor_bands: Any,
    corridor_shares: Any,
    minimum_loss_rate: Any,
    loss_share_rate: Any,
    loss_share_cap: Any,
    risk_share_in_force: Any,
) -> Any:
    """Mean loss share of each network, were it of each kind, never more in a year than a part of its own revenue."""
    most = ratio(loss_share_cap * network_revenue, network_budget * loss_share_rate)
    part = expected_share(-result_by_kind, network_spread, corridor_bands, corridor_shares, minimum_loss_rate, most)
    return network_budget * part * loss_share_rate * risk_share_in_force


@rule("GBP per year", clause=TERMS + "; loss in 1 year of 20", level="network", how="modelled")
def network_bad_year(
    network_budget: Any,
    network_revenue: Any,
    usual_result: Any,
    network_spread: Any,
    bad_year: Any,
    corridor_bands: Any,
    corridor_shares: Any,
    loss_share_rate: Any,
    loss_share_cap: Any,
    risk_share_in_force: Any,
) -> Any:
    """What a network pays back in a year as bad as 1 in 20, within its corridor and cap."""
    over = maximum(bad_year * network_spread - usual_result, 0.0)
    owed = network_budget * loss_share_rate * corridor(over, corridor_bands, corridor_shares)
    return minimum(owed, loss_share_cap * network_revenue) * risk_share_in_force


# -- money -------------------------------------------------------------------------------------------------------


@rule("fraction", clause=RISK, how="modelled")
def part_of_network(whole_budget: Any, network_budget: Any, network: Any) -> Any:
    """The practice's part of its network's budget, and so of what the network gains and loses."""
    return ratio(whole_budget, to_practice(network_budget, network))


@rule("GBP per year", clause=TERMS, line="Gain share", payee="network", measured=True, how="modelled")
def gain_share_paid(gain_by_kind: Any, joining: Any, kind_weights: Any, part_of_network: Any, network: Any) -> Any:
    """Mean share of savings that boards pay to networks that opt in, luck and advantage with it."""
    return part_of_network * to_practice(weighted_sum(gain_by_kind * joining, kind_weights), network)


@rule("GBP per year", clause=TERMS, line="Loss share", payee="network", measured=True, how="modelled")
def loss_share_paid(loss_by_kind: Any, joining: Any, kind_weights: Any, part_of_network: Any, network: Any) -> Any:
    """Mean share of overspends that networks that opt in pay back."""
    return -part_of_network * to_practice(weighted_sum(loss_by_kind * joining, kind_weights), network)


@rule(
    "GBP per year",
    clause=RISK + "; hospital cost avoided, at marginal cost",
    line="Emergency care avoided",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def emergency_care_avoided(
    older_people_budget: Any, emergency_care_saved: Any, marginal_cost_share: Any, opted_in: Any
) -> Any:
    """What hospitals no longer spend: the part of the saving that is not their fixed cost."""
    return -older_people_budget * emergency_care_saved * marginal_cost_share * opted_in


@rule("GBP per year", clause=RISK + "; reinsurance", line="Stop-loss premium", payee="network", fund="moved")
def stop_loss_premium(
    whole_budget: Any, stop_loss_ceded_share: Any, stop_loss_margin: Any, stop_loss_in_force: Any, opted_in: Any
) -> Any:
    """What networks pay into the pool that carries persons of very high cost: claims to be expected and the pool's costs."""
    return -whole_budget * stop_loss_ceded_share * (1 + stop_loss_margin) * stop_loss_in_force * opted_in


@rule("GBP per year", clause=RISK + "; reinsurance", line="Stop-loss claims paid", payee="network", fund="moved")
def stop_loss_claims(whole_budget: Any, stop_loss_ceded_share: Any, stop_loss_in_force: Any, opted_in: Any) -> Any:
    """What the pool pays back, on average."""
    return whole_budget * stop_loss_ceded_share * stop_loss_in_force * opted_in


@rule("GBP per year", clause=RISK + "; reinsurance", line="Stop-loss pool's costs", payee="board", fund="moved")
def stop_loss_costs(whole_budget: Any, stop_loss_margin_cost: Any, opted_in: Any) -> Any:
    """What the board that keeps the pool has for running it: premiums less claims."""
    return whole_budget * stop_loss_margin_cost * opted_in


# -- measures ----------------------------------------------------------------------------------------------------


@rule("fraction", clause=RISK, measure="Spread of the network's cost, were it to hold the budget", how="modelled")
def cost_spread(network_spread: Any, network: Any, in_network: Any) -> Any:
    """One standard deviation of the cost of the practice's network, by chance and systemic risk, as a share of its budget."""
    return to_practice(network_spread, network) * in_network


@rule("fraction", clause=RISK, measure="Chance of an overspend of more than 2%", how="modelled")
def overspend_chance(
    usual_result: Any, network_spread: Any, overspend_of_note: Any, network: Any, in_network: Any
) -> Any:
    """The chance that the practice's network, were it to hold the budget, overspends by more than 2% in a year."""
    return to_practice(normal_tail(-usual_result, network_spread, overspend_of_note), network) * in_network


@rule("fraction", clause=TERMS, measure="Chance of a gain share with nothing saved", how="modelled")
def false_gain_chance(network_spread: Any, network_minimum_saving: Any, network: Any, in_network: Any) -> Any:
    """The chance that a network which changed nothing, and has no advantage, is paid a gain share by luck."""
    return to_practice(normal_tail(0.0 * network_spread, network_spread, network_minimum_saving), network) * in_network


@rule("GBP per patient", clause=RISK, measure="Overspend in 1 year of 20, whoever carries it", how="modelled")
def reserve_needed(
    network_budget: Any, network_spread: Any, usual_result: Any, bad_year: Any, network_patients: Any, network: Any
) -> Any:
    """What a network's patients cost beyond their budget in a year as bad as 1 in 20, for each of them."""
    over = maximum(bad_year * network_spread - usual_result, 0.0)
    return to_practice(ratio(network_budget * over, network_patients), network)


@rule("GBP per patient", clause=TERMS, measure="Loss of the network in 1 year of 20", how="modelled")
def network_exposure(network_bad_year: Any, network_patients: Any, network: Any) -> Any:
    """What the network itself pays back in such a year, for each patient."""
    return to_practice(ratio(network_bad_year, network_patients), network)


@rule("fraction", clause=RISK + "; collective responsibility", measure="Part of a pound saved that the practice keeps")
def kept_of_a_saving(
    part_of_network: Any, gain_share_rate: Any, network_quality: Any, risk_share_in_force: Any, network: Any
) -> Any:
    """What reaches the practice of a pound that it saves, beyond the minimum rate: the rest goes to its partners and the board."""
    return part_of_network * gain_share_rate * to_practice(network_quality, network) * risk_share_in_force
