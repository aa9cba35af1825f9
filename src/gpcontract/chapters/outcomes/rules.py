"""Outcomes: the quality framework and the network fund replaced by one payment for outcomes, a national core and a local menu.

The pot is the money it replaces, to a pound. A practice is paid on what is believed of it: its own figure by its reliability, its
network's for the rest, so that a small list is not paid for luck. No outcome is published for every practice: the share of quality
points stands for it. That is process more than outcome, so true differences and their reliability are if anything overstated.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_board, by_network, national, to_practice
from gpcontract.engine.arrays import clip, first_known, maximum, ratio, sqrt, where
from gpcontract.engine.rules import rule
from gpcontract.levers.reliability import mix, reliability

REVIEW = "Hewitt review 2023: outcomes in place of QOF"
CHANCE = "variance of a proportion; moments of the spread between practices"
NOT_KNOWN = float("nan")  # a practice in no network or board

# -- how much of a figure is the practice, and how much is chance ------------------------------------------------


@rule("patients", clause=CHANCE)
def outcome_patients(local_patients: Any, outcome_patients_share: Any) -> Any:
    """Patients that one outcome measure counts in a year."""
    return local_patients * outcome_patients_share


@rule("fraction", clause=CHANCE, level="nation")
def outcome_mean(qof_achieved_share: Any, outcome_patients: Any) -> Any:
    """The nation's achievement, over the patients counted."""
    return ratio(national(qof_achieved_share * outcome_patients), national(outcome_patients))


@rule("variance", clause=CHANCE)
def outcome_chance(outcome_mean: Any, outcome_patients: Any) -> Any:
    """Variance of a practice's figure by chance alone: that of a proportion of its patients counted."""
    return ratio(outcome_mean * (1 - outcome_mean), outcome_patients)


@rule("variance", clause=CHANCE, level="nation")
def outcome_true_variance(
    qof_achieved_share: Any, outcome_mean: Any, outcome_patients: Any, outcome_chance: Any
) -> Any:
    """Variance of true differences between practices: what is observed less what chance explains, never below 0."""
    apart = qof_achieved_share - outcome_mean
    seen = national((apart * apart - outcome_chance) * outcome_patients)
    return maximum(ratio(seen, national(outcome_patients)), 0.0)


@rule(
    "fraction",
    clause=REVIEW + ", small lists",
    measure="Reliability of a practice's own outcome figure",
    how="modelled",
)
def outcome_reliability(outcome_true_variance: Any, outcome_chance: Any) -> Any:
    """Share of the spread in practices' figures that is true difference, at the practice's own size."""
    return reliability(outcome_true_variance, outcome_chance)


@rule("patients", clause=REVIEW + ", networks", level="network")
def network_outcome_patients(outcome_patients: Any, network: Any) -> Any:
    """Patients that one outcome measure counts in each network."""
    return by_network(outcome_patients, network)


@rule("fraction", clause=REVIEW + ", networks", level="network")
def network_outcome_mean(
    qof_achieved_share: Any, outcome_patients: Any, network_outcome_patients: Any, network: Any
) -> Any:
    """Achievement of each network over the patients counted."""
    return ratio(by_network(qof_achieved_share * outcome_patients, network), network_outcome_patients)


@rule("fraction", clause=REVIEW + ", networks")
def outcome_network_mean(network_outcome_mean: Any, outcome_mean: Any, network: Any) -> Any:
    """Achievement of the practice's network; the nation's where it is in none."""
    return first_known(to_practice(network_outcome_mean, network, NOT_KNOWN), outcome_mean)


@rule("patients", clause=CHANCE, level="nation")
def national_outcome_patients(outcome_patients: Any) -> Any:
    """Patients that one outcome measure counts in the nation."""
    return national(outcome_patients)


@rule("variance", clause=CHANCE)
def outcome_network_chance(
    outcome_mean: Any, network_outcome_patients: Any, national_outcome_patients: Any, network: Any
) -> Any:
    """Variance of the network's figure by chance alone; the nation's where the practice is in none."""
    counted = first_known(to_practice(network_outcome_patients, network, NOT_KNOWN), national_outcome_patients)
    return ratio(outcome_mean * (1 - outcome_mean), counted)


@rule("fraction", clause=REVIEW + ", small lists", how="modelled")
def outcome_believed(qof_achieved_share: Any, outcome_network_mean: Any, outcome_reliability: Any) -> Any:
    """What is believed of a practice: its own figure by its reliability, its network's for the rest."""
    return mix(qof_achieved_share, outcome_network_mean, outcome_reliability)


# -- the pot and its shares --------------------------------------------------------------------------------------


@rule("GBP per year", clause=REVIEW, line="Quality framework replaced", measured=True, how="modelled")
def quality_framework_replaced(qof: Any, outcomes_in_force: Any) -> Any:
    """What the quality framework pays, taken back."""
    return 0 - outcomes_in_force * qof


@rule("GBP per year", clause=REVIEW, line="Network fund replaced", payee="network", measured=True, how="modelled")
def network_fund_replaced(network_investment_fund: Any, outcomes_in_force: Any) -> Any:
    """What the network's investment and impact fund pays, taken back."""
    return 0 - outcomes_in_force * first_known(network_investment_fund, 0.0)


@rule("GBP per year", clause=REVIEW, level="nation")
def outcome_released(quality_framework_replaced: Any, network_fund_replaced: Any) -> Any:
    """Money released in the nation."""
    return 0 - national(first_known(quality_framework_replaced, 0.0) + network_fund_replaced)


@rule("fraction", clause=REVIEW + ", local variation", measure="Weight of the local outcome menu")
def local_menu_weight(
    board_position: Any, outcome_core_weight: Any, local_layer_in_force: Any, outcomes_in_force: Any
) -> Any:
    """Share of the outcome payment on the board's own menu: the more, the less its patients are like the nation's."""
    unlike = maximum(board_position, 0 - board_position) * where(outcomes_in_force > 0, 1.0, 0.0)
    return local_layer_in_force * (1 - outcome_core_weight) * unlike


@rule("fraction", clause=REVIEW)
def outcome_pay_share(outcome_believed: Any, outcome_lower: Any) -> Any:
    """Share of full pay: none at the lower end of what is believed, all at the whole, in a straight line."""
    return clip((outcome_believed - outcome_lower) / (1 - outcome_lower), 0.0, 1.0)


@rule("GBP per need-weighted patient", clause=REVIEW, level="nation", how="modelled")
def outcome_full_rate(outcome_released: Any, released_to_outcomes: Any, national_need_patients: Any) -> Any:
    """The pot for each need-weighted patient."""
    return ratio(outcome_released * released_to_outcomes, national_need_patients)


@rule("fraction", clause=REVIEW, level="nation")
def outcome_core_mean(outcome_pay_share: Any, need_patients: Any, local_menu_weight: Any) -> Any:
    """The nation's mean share of full pay, over the part of patients' pay that is on the national core."""
    core = need_patients * (1 - local_menu_weight)
    return ratio(national(core * outcome_pay_share), national(core))


@rule("ratio", clause=REVIEW)
def outcome_core_score(outcome_pay_share: Any, outcome_core_mean: Any) -> Any:
    """The practice's share of full pay over the nation's, on the national core."""
    return ratio(outcome_pay_share, outcome_core_mean)


@rule("fraction", clause=REVIEW + ", local variation", level="board")
def outcome_board_mean(outcome_pay_share: Any, need_patients: Any, board: Any) -> Any:
    """Each board's mean share of full pay."""
    return ratio(by_board(need_patients * outcome_pay_share, board), by_board(need_patients, board))


@rule("ratio", clause=REVIEW + ", local variation")
def outcome_menu_score(outcome_pay_share: Any, outcome_core_score: Any, outcome_board_mean: Any, board: Any) -> Any:
    """The practice's share of full pay over its board's, on the local menu: a menu's money stays with the board."""
    return first_known(ratio(outcome_pay_share, to_practice(outcome_board_mean, board, NOT_KNOWN)), outcome_core_score)


@rule("GBP per year", clause=REVIEW, line="Outcome payment", measured=True, how="modelled")
def outcome_pay(
    outcome_full_rate: Any,
    need_patients: Any,
    local_menu_weight: Any,
    outcome_core_score: Any,
    outcome_menu_score: Any,
) -> Any:
    """Pay for outcomes: by need-weighted patients, and by core and menu scores in their weights. Adds up to the pot."""
    score = outcome_core_score + local_menu_weight * (outcome_menu_score - outcome_core_score)
    return outcome_full_rate * need_patients * score


@rule(
    "GBP per year",
    clause="QOF and IIF into core funding, GP reader of Pulse, 2023",
    line="Recycled into the price",
    how="modelled",
)
def outcome_money_to_price(
    outcome_released: Any,
    released_to_outcomes: Any,
    local_weighted_patients: Any,
    national_local_weighted_patients: Any,
) -> Any:
    """What of the money released is put into the price, by weighted list."""
    share = ratio(local_weighted_patients, national_local_weighted_patients)
    return outcome_released * (1 - released_to_outcomes) * share


# -- luck --------------------------------------------------------------------------------------------------------


@rule("GBP per patient", clause="levers: what chance does to a payment", how="modelled")
def outcome_slope(outcome_pay: Any, outcome_pay_share: Any, outcome_lower: Any, local_patients: Any) -> Any:
    """What one whole of believed achievement is worth for each patient: pay per patient per unit of the figure."""
    return ratio(ratio(outcome_pay, outcome_pay_share) / (1 - outcome_lower), local_patients)


@rule(
    "GBP per patient",
    clause="levers: what chance does to a payment",
    measure="Outcome pay by luck, on own figures",
    how="modelled",
)
def luck_on_own_figures(outcome_slope: Any, outcome_chance: Any) -> Any:
    """Standard deviation of outcome pay from chance, if practices were paid on their own figures."""
    return outcome_slope * sqrt(outcome_chance)


@rule(
    "GBP per patient",
    clause="levers: what chance does to a payment",
    measure="Outcome pay by luck, as paid",
    how="modelled",
)
def luck_as_paid(outcome_slope: Any, outcome_chance: Any, outcome_network_chance: Any, outcome_reliability: Any) -> Any:
    """Standard deviation of outcome pay from chance, paid on what is believed.

    The practice's own chance is part of its network's, so their covariance is the network's variance, and the variance of
    R own + (1 - R) network is R² own + (1 - R²) network.
    """
    weight = outcome_reliability * outcome_reliability
    return outcome_slope * sqrt(weight * outcome_chance + (1 - weight) * outcome_network_chance)
