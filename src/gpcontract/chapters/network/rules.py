"""Network service: what networks and their practices are paid, each stream by its own population.

Three populations, all as at the 1 January before the year: the registered list; the weighted list of the global sum
(participation, support, additional roles); the adjusted population, by need for primary medical care (enhanced access,
capacity, leadership, a part of core funding). Networks are paid, not practices: each practice carries its own patients'
share, and a practice in no network carries none. Participation and the GP scheme of 2026/27 are paid to practices.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, national, to_practice
from gpcontract.engine.arrays import clip, first_known, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

DES = "Network Contract DES"
POPULATIONS = DES + ", populations as at 1 January"
ADJUSTED = DES + ", PCN adjusted population"
HOMES = DES + ", care home premium"
ROLES = DES + ", additional roles reimbursement"
IMPROVEMENT = DES + ", capacity and access improvement payment (30%)"
FUND = DES + ", investment and impact fund"

# -- populations -----------------------------------------------------------------------------------------------


@rule("patients", clause=POPULATIONS, how="modelled")
def estimated_january_list(
    list_size: Any, last_year_list_size: Any, january_list_weight: Any, january_list_change: Any
) -> Any:
    """The list on the 1 January before the year, between the averages of the last year and of this.

    The year's own average stands where last year's is not known, or is so different that practices merged or split.
    """
    change = maximum(list_size - last_year_list_size, last_year_list_size - list_size)
    steady = change <= january_list_change * list_size  # a comparison with NaN is false
    between = last_year_list_size + january_list_weight * (list_size - last_year_list_size)
    return where(steady, between, list_size)


@rule("patients", clause=POPULATIONS)
def january_list(list_size_january: Any, estimated_january_list: Any) -> Any:
    """The registered list on the 1 January before the year, estimated where it is not known."""
    return first_known(list_size_january, estimated_january_list)


@rule("patients", clause=POPULATIONS, name="january_list", how="modelled", fallback=True)
def january_list_estimated(estimated_january_list: Any) -> Any:
    """The registered list on the 1 January before the year, estimated for every practice."""
    return estimated_january_list


@rule("patients", clause=POPULATIONS, level="network")
def network_list(january_list: Any, network: Any) -> Any:
    """Registered patients of each network's practices."""
    return by_network(first_known(january_list, 0.0), network)


@rule("yes or no", clause=DES + ", network participation")
def in_network(network_list: Any, network: Any) -> Any:
    """Whether the practice belongs to a network (1 or 0)."""
    return to_practice(where(network_list > 0, 1.0, 0.0), network)


@rule("networks", clause=DES, level="nation")
def national_networks(network_list: Any) -> Any:
    """Networks with any patients."""
    return national(where(network_list > 0, 1.0, 0.0))


@rule("patients", clause=POPULATIONS)
def network_registered_list(january_list: Any, in_network: Any) -> Any:
    """Registered patients that network payments count; none where the practice is in no network."""
    return january_list * in_network


@rule("weighted patients", clause=POPULATIONS)
def network_weighted_list(weighted_list: Any, january_list: Any, list_size: Any, in_network: Any) -> Any:
    """Weighted patients (Carr-Hill) that network payments count, moved to 1 January as the list was."""
    return weighted_list * ratio(january_list, list_size) * in_network


@rule("weighted patients", clause=POPULATIONS, name="network_weighted_list", fallback=True)
def network_weighted_list_published(
    weighted_list_published: Any, january_list: Any, list_size: Any, in_network: Any
) -> Any:
    """Weighted patients as published, moved to 1 January as the list was; the list itself where none is published."""
    return first_known(weighted_list_published, list_size) * ratio(january_list, list_size) * in_network


@rule("adjusted patients", clause=POPULATIONS)
def need_list(primary_care_weighted_list: Any, january_list: Any) -> Any:
    """The practice's patients by need for primary medical care, before adding up to the nation's list.

    The list itself where no need-weighted one is published; none for a practice that has closed.
    """
    return where(january_list > 0, first_known(primary_care_weighted_list, january_list), january_list)


@rule("ratio", clause=POPULATIONS, level="nation")
def need_list_scale(need_list: Any, january_list: Any) -> Any:
    """What makes need-weighted patients add up to registered ones."""
    known = national(first_known(need_list, 0.0))
    return ratio(national(first_known(january_list, 0.0)), known)


@rule("adjusted patients", clause=ADJUSTED)
def adjusted_list(need_list: Any, need_list_scale: Any) -> Any:
    """The adjusted population: patients by need for primary medical care, adding up to the nation's list."""
    return need_list * need_list_scale


@rule("adjusted patients", clause=ADJUSTED, name="adjusted_list", how="modelled", fallback=True)
def adjusted_list_as_registered(january_list: Any) -> Any:
    """The adjusted population, taken as the registered list: no need-weighted list is known."""
    return january_list


@rule("adjusted patients", clause=POPULATIONS)
def network_adjusted_list(adjusted_list: Any, in_network: Any) -> Any:
    """Adjusted patients that network payments count."""
    return adjusted_list * in_network


# -- participation, core, leadership ----------------------------------------------------------------------------


@rule(
    "GBP per year",
    clause="SFE 2024, network participation",
    line="Network participation",
    years="2019/20-",
    how="modelled",
)
def network_participation(network_weighted_list: Any, network_participation_rate: Any) -> Any:
    """What a practice is paid for taking part in a network, by its weighted list."""
    return network_weighted_list * network_participation_rate


@rule("GBP per year", clause=DES + ", core PCN funding")
def core_network_funding(
    network_registered_list: Any,
    network_adjusted_list: Any,
    network_core_registered_rate: Any,
    network_core_adjusted_rate: Any,
) -> Any:
    """Core network funding; from 2024/25 it includes the clinical director and leadership payments."""
    return network_registered_list * network_core_registered_rate + network_adjusted_list * network_core_adjusted_rate


@rule("GBP per year", clause=DES + " 2020/21, PCN support payment")
def network_support_payment(network_weighted_list: Any, network_support_rate: Any) -> Any:
    """Support payment of April to September 2020, in place of the investment and impact fund."""
    return network_weighted_list * network_support_rate


@rule(
    "GBP per year",
    clause=DES + ", core PCN funding; PCN support payment",
    line="Network core funding and support",
    payee="network",
    years="2019/20-",
    how="modelled",
)
def network_support(core_network_funding: Any, network_support_payment: Any) -> Any:
    """Core funding, and the support payment of 2020/21: published together as network support."""
    return core_network_funding + network_support_payment


@rule("GBP per year", clause=DES + ", clinical director contribution")
def clinical_director_contribution(network_registered_list: Any, network_clinical_director_rate: Any) -> Any:
    """Contribution to the clinical director's time; part of core funding from 2024/25."""
    return network_registered_list * network_clinical_director_rate


@rule("GBP per year", clause=DES + ", PCN leadership and management payment")
def leadership_payment(network_adjusted_list: Any, network_leadership_rate: Any) -> Any:
    """Leadership and management payment, October 2021 to March 2024; part of core funding since."""
    return network_adjusted_list * network_leadership_rate


@rule(
    "GBP per year",
    clause=DES + ", clinical director contribution; leadership and management payment",
    line="Network leadership",
    payee="network",
    years="2019/20-2023/24",
    how="modelled",
)
def network_leadership(clinical_director_contribution: Any, leadership_payment: Any) -> Any:
    """Clinical director contribution with the leadership and management payment."""
    return clinical_director_contribution + leadership_payment


# -- access and care homes ---------------------------------------------------------------------------------------


@rule(
    "GBP per year",
    clause=DES + ", extended hours access",
    line="Network extended hours",
    payee="network",
    years="2019/20-2022/23",
    how="modelled",
)
def network_extended_hours(network_registered_list: Any, network_extended_access_registered_rate: Any) -> Any:
    """Extended hours of networks, by registered list, until 30 September 2022."""
    return network_registered_list * network_extended_access_registered_rate


@rule(
    "GBP per year",
    clause=DES + ", enhanced access",
    line="Network enhanced access",
    payee="network",
    years="2022/23-",
    how="modelled",
)
def network_enhanced_access(network_adjusted_list: Any, network_extended_access_adjusted_rate: Any) -> Any:
    """Enhanced access (evenings and Saturdays), by adjusted population, from 1 October 2022."""
    return network_adjusted_list * network_extended_access_adjusted_rate


@rule("patients", clause=HOMES)
def care_home_age_list(list_by_band: Any, care_home_age_weights: Any) -> Any:
    """Patients of the ages that live in care homes."""
    return (list_by_band * care_home_age_weights).sum(0)


@rule("patients", clause=HOMES, level="nation")
def national_care_home_age_list(care_home_age_list: Any) -> Any:
    """All patients of the ages that live in care homes."""
    return national(first_known(care_home_age_list, 0.0))


@rule("beds", clause=HOMES, how="modelled")
def modelled_care_home_beds(
    care_home_age_list: Any, national_care_home_age_list: Any, care_home_beds_national: Any
) -> Any:
    """Care home beds of the practice, were England's shared out by patients of 85 and over."""
    return care_home_beds_national * ratio(care_home_age_list, national_care_home_age_list)


@rule("beds", clause=HOMES)
def premium_beds(care_home_beds: Any, modelled_care_home_beds: Any) -> Any:
    """Beds of the care homes that the practice looks after, modelled where it does not say."""
    return first_known(care_home_beds, modelled_care_home_beds)


@rule("beds", clause=HOMES, name="premium_beds", how="modelled", fallback=True)
def premium_beds_modelled(modelled_care_home_beds: Any) -> Any:
    """Beds of the care homes that the practice looks after, modelled: they are not published by practice."""
    return modelled_care_home_beds


@rule("GBP per year", clause=HOMES, line="Network care home premium", payee="network", years="2020/21-", how="modelled")
def network_care_home(premium_beds: Any, in_network: Any, network_care_home_bed_rate: Any) -> Any:
    """Care home premium, by bed, from 1 August 2020."""
    return premium_beds * in_network * network_care_home_bed_rate


# -- additional roles --------------------------------------------------------------------------------------------


@rule("weighted patients", clause=POPULATIONS, level="nation")
def national_network_weighted_list(network_weighted_list: Any) -> Any:
    """All weighted patients of practices in networks."""
    return national(first_known(network_weighted_list, 0.0))


@rule("GBP per year", clause=ROLES)
def additional_roles_sum(network_weighted_list: Any, additional_roles_rate: Any) -> Any:
    """The most that can be claimed for additional roles: the practice's part of its network's sum."""
    return network_weighted_list * additional_roles_rate


@rule("GBP per year", clause=ROLES + " (newly qualified GPs, October 2024 to March 2025)")
def additional_roles_gp_sum(
    network_weighted_list: Any, additional_roles_gp_total: Any, national_network_weighted_list: Any
) -> Any:
    """The practice's part, by weighted list, of the national sum for GPs in additional roles."""
    return network_weighted_list * ratio(additional_roles_gp_total, national_network_weighted_list)


@rule("GBP per year", clause=ROLES, level="network")
def network_additional_roles_sum(additional_roles_sum: Any, network: Any) -> Any:
    """The most that each network can claim for additional roles."""
    return by_network(first_known(additional_roles_sum, 0.0), network)


@rule("fraction", clause=ROLES)
def additional_roles_claimed(
    additional_roles_fte: Any,
    additional_roles_maximum: Any,
    network_additional_roles_sum: Any,
    network: Any,
    additional_roles_take_up: Any,
) -> Any:
    """Share of its sum that the practice's network claims: its staff in post at the maximum of each role, at most all.

    additional_roles_fte: the network's staff, repeated for each of its practices, by the roles of the maximum. The national
    share stands in where they are not known.
    """
    claim = (additional_roles_fte * additional_roles_maximum).sum(0)
    share = ratio(claim, to_practice(network_additional_roles_sum, network))
    return minimum(first_known(share, additional_roles_take_up), 1.0)


@rule("fraction", clause=ROLES, name="additional_roles_claimed", how="modelled", fallback=True)
def additional_roles_claimed_nationally(additional_roles_take_up: Any, in_network: Any) -> Any:
    """Share of its sum that the practice's network claims, taken as the share of all networks."""
    return additional_roles_take_up * in_network


@rule("GBP per year", clause=ROLES, line="Network additional roles", payee="network", years="2020/21-", how="modelled")
def network_workforce(additional_roles_sum: Any, additional_roles_gp_sum: Any, additional_roles_claimed: Any) -> Any:
    """What is claimed for additional roles: staff in post up to the sum available. What is not spent is lost."""
    return (additional_roles_sum + additional_roles_gp_sum) * additional_roles_claimed


# -- capacity and access -----------------------------------------------------------------------------------------


@rule("GBP per year", clause=DES + ", capacity and access support payment (70%)")
def capacity_support(network_adjusted_list: Any, capacity_support_rate: Any) -> Any:
    """Capacity and access support, paid without conditions."""
    return network_adjusted_list * capacity_support_rate


@rule("GBP per year", clause=IMPROVEMENT)
def capacity_improvement_maximum(network_registered_list: Any, capacity_improvement_rate: Any) -> Any:
    """The most that is paid for improving capacity and access."""
    return network_registered_list * capacity_improvement_rate


@rule("fraction", clause=IMPROVEMENT)
def capacity_improvement_earned(capacity_improvement_declared: Any, capacity_improvement_share: Any) -> Any:
    """Share of the improvement payment that the practice's network declared, or the national share."""
    return first_known(capacity_improvement_declared, capacity_improvement_share)


@rule("fraction", clause=IMPROVEMENT, name="capacity_improvement_earned", how="modelled", fallback=True)
def capacity_improvement_earned_nationally(capacity_improvement_share: Any, in_network: Any) -> Any:
    """Share of the improvement payment that networks declared, nationally."""
    return capacity_improvement_share * in_network


@rule(
    "GBP per year",
    clause=DES + ", capacity and access payments",
    line="Network capacity and access",
    payee="network",
    years="2023/24-2025/26",
    how="modelled",
)
def network_capacity_access(
    capacity_support: Any, capacity_improvement_maximum: Any, capacity_improvement_earned: Any
) -> Any:
    """Capacity and access payments: support, and improvement as declared. Moved to the GP scheme in April 2026."""
    return capacity_support + capacity_improvement_maximum * capacity_improvement_earned


# -- investment and impact fund ----------------------------------------------------------------------------------


@rule("points", clause=FUND, years="2024/25-", outside=0)
def fund_points(
    iif_learning_disability_achievement: Any,
    iif_fit_achievement: Any,
    iif_indicator_points: Any,
    iif_indicator_lower: Any,
    iif_indicator_upper: Any,
    iif_points: Any,
    iif_achievement_share: Any,
) -> Any:
    """Points of the practice's network: for each indicator, from none at the lower threshold to all at the upper.

    The national share of the points stands in where achievement is not known.
    """
    low, high = iif_indicator_lower, iif_indicator_upper
    checks = iif_indicator_points[0] * clip((iif_learning_disability_achievement - low[0]) / (high[0] - low[0]), 0, 1)
    tests = iif_indicator_points[1] * clip((iif_fit_achievement - low[1]) / (high[1] - low[1]), 0, 1)
    return first_known(checks + tests, iif_points * iif_achievement_share)


@rule("points", clause=FUND, name="fund_points", years="2020/21-2023/24")
def fund_points_as_achieved(iif_points_achieved: Any, iif_points: Any, iif_achievement_share: Any) -> Any:
    """Points of the practice's network as it knows them; indicators and thresholds of these years were not found."""
    return first_known(iif_points_achieved, iif_points * iif_achievement_share)


@rule("points", clause=FUND, name="fund_points", years="2020/21-2022/23", how="modelled", fallback=True)
def fund_points_of_national_sum(
    iif_national_sum: Any, iif_point_value: Any, national_networks: Any, iif_achievement_share: Any, in_network: Any
) -> Any:
    """Points of every network, such that the fund's printed national sum is paid at the assumed achievement."""
    return ratio(iif_national_sum * iif_achievement_share, iif_point_value * national_networks) * in_network


@rule("points", clause=FUND, name="fund_points", years="2023/24-", how="modelled", fallback=True)
def fund_points_at_national_share(iif_points: Any, iif_achievement_share: Any, in_network: Any) -> Any:
    """Points of every network, at the assumed share of those available."""
    return iif_points * iif_achievement_share * in_network


@rule("ratio", clause=FUND)
def fund_prevalence(iif_prevalence_index: Any) -> Any:
    """The network's prevalence over England's; 1 where it is not known."""
    return first_known(iif_prevalence_index, 1.0)


@rule("ratio", clause=FUND, name="fund_prevalence", how="modelled", fallback=True)
def fund_prevalence_as_national(in_network: Any) -> Any:
    """The network's prevalence over England's, taken as 1: it is not known for any network."""
    return in_network * 0.0 + 1


@rule("patients", clause=FUND, level="nation")
def average_network_list(network_list: Any, national_networks: Any) -> Any:
    """Registered patients of the average network."""
    return ratio(national(network_list), national_networks)


@rule(
    "GBP per year",
    clause=FUND,
    line="Network investment and impact fund",
    measured=True,
    payee="network",
    years="2020/21-",
    how="modelled",
)
def network_investment_fund(
    fund_points: Any,
    iif_point_value: Any,
    network_registered_list: Any,
    average_network_list: Any,
    fund_prevalence: Any,
) -> Any:
    """The fund: points at their value, by the network's list and prevalence against the average network's."""
    return fund_points * iif_point_value * ratio(network_registered_list, average_network_list) * fund_prevalence


# -- the practice-level GP scheme ----------------------------------------------------------------------------------

SCHEME = "SFE 2026, as amended 25 June 2026, practice-level GP reimbursement"


@rule("GBP per year", clause=SCHEME)
def gp_reimbursement_sum(adjusted_list: Any, gp_reimbursement_rate: Any) -> Any:
    """The most that a practice can claim for GPs, by its adjusted population."""
    return adjusted_list * gp_reimbursement_rate


@rule("GBP per year", clause=SCHEME)
def gp_reimbursement_claim(
    scheme_gp_fte: Any,
    scheme_gp_hours: Any,
    in_london: Any,
    gp_reimbursement_maximum: Any,
    gp_reimbursement_maximum_london: Any,
    gp_reimbursement_hourly_rate: Any,
) -> Any:
    """Cost of the practice's new GPs at the most for each, and of more hours of those it had."""
    most = where(in_london > 0, gp_reimbursement_maximum_london, gp_reimbursement_maximum)
    return scheme_gp_fte * most + scheme_gp_hours * gp_reimbursement_hourly_rate


@rule("GBP per year", clause=SCHEME, line="GP reimbursement scheme", years="2026/27-")
def gp_reimbursement(gp_reimbursement_sum: Any, gp_reimbursement_claim: Any, gp_reimbursement_take_up: Any) -> Any:
    """The practice's claim for GPs, no more than its sum; the assumed national share of it where no claim is known."""
    return minimum(
        first_known(gp_reimbursement_claim, gp_reimbursement_sum * gp_reimbursement_take_up), gp_reimbursement_sum
    )


@rule(
    "GBP per year",
    clause=SCHEME,
    name="gp_reimbursement",
    line="GP reimbursement scheme",
    years="2026/27-",
    how="modelled",
    fallback=True,
)
def gp_reimbursement_at_take_up(gp_reimbursement_sum: Any, gp_reimbursement_take_up: Any) -> Any:
    """The practice's claim for GPs, at the assumed national share of its sum: no claims are known."""
    return gp_reimbursement_sum * gp_reimbursement_take_up
