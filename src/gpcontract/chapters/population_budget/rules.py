"""Population budget: streams of health and care that are spent elsewhere today, by each practice's share of the need for them.

budget of a stream = control total × scope × weighted population / England's. Community and mental health go by the weighted
populations that NHS England publishes for every practice. No list is published for older people, the end of life, children and
social care: these are modelled shares, cost by age times the need beyond age that the published general and acute list shows.
What a network holds that opts in is money moved; before opting in, the budget is what it would hold.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, national
from gpcontract.engine.arrays import first_known, ratio, weighted_sum, where
from gpcontract.engine.rules import rule

BUDGET = "Securing the future of general practice: capitated population budget"
PUBLISHED = "NHS England allocations, weighted populations by practice"
MODELLED = BUDGET + "; modelled share"


def _of_this_list(weighted: Any, patients: Any, least: Any, most: Any) -> Any:
    """A published weighted list; the list itself where none is known, or one so far from it that it is of another year's list."""
    near = where(weighted >= least * patients, where(weighted <= most * patients, 1.0, 0.0), 0.0)
    return where(near > 0, weighted, patients)


# -- who is counted ----------------------------------------------------------------------------------------------


@rule("patients", clause=BUDGET)
def budget_patients(list_size: Any, open_share: Any, in_network: Any) -> Any:
    """Patients, over the whole year, whom a network's budget would cover; none where the practice is in no network."""
    return where(open_share > 0, first_known(list_size * open_share, 0.0), 0.0) * in_network


@rule("patients", clause=BUDGET, level="network")
def network_patients(budget_patients: Any, network: Any) -> Any:
    """Patients of each network whom its budget would cover."""
    return by_network(budget_patients, network)


@rule("GBP per year", clause=MODELLED, how="modelled")
def care_by_age(list_by_band: Any, care_cost_by_age: Any) -> Any:
    """What the practice's patients would cost in a year were age and sex all there is."""
    return weighted_sum(list_by_band, care_cost_by_age)


@rule("ratio", clause=PUBLISHED + ", general and acute", level="nation", how="modelled")
def average_need_beyond_age(general_acute_weighted_list: Any, care_by_age: Any, open_share: Any) -> Any:
    """Need for hospital care against what age and sex alone say, over all practices with a published list."""
    published = where(general_acute_weighted_list > 0, 1.0, 0.0)
    known = published * where(open_share > 0, 1.0, 0.0) * where(care_by_age > 0, 1.0, 0.0)
    whole = national(where(known > 0, general_acute_weighted_list, 0.0))
    return ratio(whole, national(where(known > 0, care_by_age, 0.0)))


@rule("ratio", clause=PUBLISHED + ", general and acute", how="modelled")
def need_beyond_age(
    general_acute_weighted_list: Any,
    care_by_age: Any,
    average_need_beyond_age: Any,
    least_need_per_patient: Any,
    most_need_per_patient: Any,
) -> Any:
    """Need for hospital care against what age and sex alone say; 1 is England's, and stands where no list of this year is known."""
    need = ratio(ratio(general_acute_weighted_list, care_by_age), average_need_beyond_age)
    return _of_this_list(need, 1.0, least_need_per_patient, most_need_per_patient)


@rule("ratio", clause=PUBLISHED + ", general and acute", name="need_beyond_age", how="modelled", fallback=True)
def need_by_age_alone(list_size: Any) -> Any:
    """Need beyond age, taken as the same for all: no need-weighted list is known."""
    return 1.0 + 0.0 * first_known(list_size, 0.0)


# -- weighted populations, by stream -----------------------------------------------------------------------------


@rule("weighted patients", clause=PUBLISHED + ", community services")
def community_population(
    community_weighted_list: Any,
    list_size: Any,
    open_share: Any,
    least_need_per_patient: Any,
    most_need_per_patient: Any,
) -> Any:
    """Patients by need for community services; the list itself where none is published."""
    need = _of_this_list(community_weighted_list, list_size, least_need_per_patient, most_need_per_patient)
    return where(open_share > 0, first_known(need * open_share, 0.0), 0.0)


@rule(
    "weighted patients",
    clause=PUBLISHED + ", community services",
    name="community_population",
    how="modelled",
    fallback=True,
)
def community_population_as_registered(list_size: Any, open_share: Any) -> Any:
    """Patients by need for community services, taken as the list: no need-weighted one is known."""
    return where(open_share > 0, first_known(list_size * open_share, 0.0), 0.0)


@rule("weighted patients", clause=PUBLISHED + ", mental health")
def mental_health_population(
    mental_health_weighted_list: Any,
    list_size: Any,
    open_share: Any,
    least_need_per_patient: Any,
    most_need_per_patient: Any,
) -> Any:
    """Patients by need for mental health services; the list itself where none is published."""
    need = _of_this_list(mental_health_weighted_list, list_size, least_need_per_patient, most_need_per_patient)
    return where(open_share > 0, first_known(need * open_share, 0.0), 0.0)


@rule(
    "weighted patients",
    clause=PUBLISHED + ", mental health",
    name="mental_health_population",
    how="modelled",
    fallback=True,
)
def mental_health_population_as_registered(list_size: Any, open_share: Any) -> Any:
    """Patients by need for mental health services, taken as the list: no need-weighted one is known."""
    return where(open_share > 0, first_known(list_size * open_share, 0.0), 0.0)


@rule("weighted patients", clause=MODELLED, how="modelled")
def older_people_population(
    list_by_band: Any, older_people_cost_by_age: Any, need_beyond_age: Any, open_share: Any
) -> Any:
    """Patients of 65 and over by cost at their age and need beyond it."""
    made = weighted_sum(list_by_band, older_people_cost_by_age) * need_beyond_age * open_share
    return where(open_share > 0, made, 0.0)


@rule("weighted patients", clause=MODELLED, how="modelled")
def end_of_life_population(list_by_band: Any, death_rate_by_age: Any, need_beyond_age: Any, open_share: Any) -> Any:
    """Deaths to be expected at the ages of the list, by need beyond age."""
    made = weighted_sum(list_by_band, death_rate_by_age) * need_beyond_age * open_share
    return where(open_share > 0, made, 0.0)


@rule("weighted patients", clause=MODELLED, how="modelled")
def children_population(list_by_band: Any, child_cost_by_age: Any, need_beyond_age: Any, open_share: Any) -> Any:
    """Children by cost at their age and need beyond it."""
    made = weighted_sum(list_by_band, child_cost_by_age) * need_beyond_age * open_share
    return where(open_share > 0, made, 0.0)


@rule("weighted patients", clause=MODELLED, how="modelled")
def social_care_population(
    list_by_band: Any, social_care_cost_by_age: Any, need_beyond_age: Any, open_share: Any
) -> Any:
    """Adults by what councils spend on long-term care at their age, and need beyond it."""
    made = weighted_sum(list_by_band, social_care_cost_by_age) * need_beyond_age * open_share
    return where(open_share > 0, made, 0.0)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_community_population(community_population: Any) -> Any:
    """England's need for community services."""
    return national(community_population)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_mental_health_population(mental_health_population: Any) -> Any:
    """England's need for mental health services."""
    return national(mental_health_population)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_older_people_population(older_people_population: Any) -> Any:
    """England's need of older people."""
    return national(older_people_population)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_end_of_life_population(end_of_life_population: Any) -> Any:
    """England's need at the end of life."""
    return national(end_of_life_population)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_children_population(children_population: Any) -> Any:
    """England's need of children."""
    return national(children_population)


@rule("weighted patients", clause=BUDGET, level="nation")
def national_social_care_population(social_care_population: Any) -> Any:
    """England's need for social care."""
    return national(social_care_population)


# -- what a network would hold -----------------------------------------------------------------------------------


@rule("ratio", clause=BUDGET)
def budget_level(price_level: Any, in_network: Any, population_budget_in_force: Any) -> Any:
    """Prices of the year, for practices in a network, while budgets are in force."""
    return price_level * in_network * population_budget_in_force


@rule("GBP per year", clause=BUDGET)
def community_budget(
    community_population: Any,
    national_community_population: Any,
    community_control_total: Any,
    community_scope: Any,
    budget_level: Any,
) -> Any:
    """Community services for the practice's patients, were its network to hold the budget."""
    return (
        community_control_total
        * community_scope
        * budget_level
        * ratio(community_population, national_community_population)
    )


@rule("GBP per year", clause=BUDGET)
def mental_health_budget(
    mental_health_population: Any,
    national_mental_health_population: Any,
    mental_health_control_total: Any,
    mental_health_scope: Any,
    budget_level: Any,
) -> Any:
    """Mental health services for the practice's patients, were its network to hold the budget."""
    return (
        mental_health_control_total
        * mental_health_scope
        * budget_level
        * ratio(mental_health_population, national_mental_health_population)
    )


@rule("GBP per year", clause=MODELLED, how="modelled")
def older_people_budget(
    older_people_population: Any,
    national_older_people_population: Any,
    older_people_control_total: Any,
    older_people_scope: Any,
    budget_level: Any,
) -> Any:
    """Emergency hospital care of patients of 65 and over, were the network to hold the budget."""
    return (
        older_people_control_total
        * older_people_scope
        * budget_level
        * ratio(older_people_population, national_older_people_population)
    )


@rule("GBP per year", clause=MODELLED, how="modelled")
def end_of_life_budget(
    end_of_life_population: Any,
    national_end_of_life_population: Any,
    end_of_life_control_total: Any,
    end_of_life_scope: Any,
    budget_level: Any,
) -> Any:
    """Community and hospice care in the last year of life, were the network to hold the budget."""
    return (
        end_of_life_control_total
        * end_of_life_scope
        * budget_level
        * ratio(end_of_life_population, national_end_of_life_population)
    )


@rule("GBP per year", clause=MODELLED, how="modelled")
def children_budget(
    children_population: Any,
    national_children_population: Any,
    children_control_total: Any,
    children_scope: Any,
    budget_level: Any,
) -> Any:
    """Community services for children, were the network to hold the budget."""
    return (
        children_control_total
        * children_scope
        * budget_level
        * ratio(children_population, national_children_population)
    )


@rule("GBP per year", clause=MODELLED, how="modelled")
def social_care_budget(
    social_care_population: Any,
    national_social_care_population: Any,
    social_care_control_total: Any,
    social_care_scope: Any,
    budget_level: Any,
) -> Any:
    """Adult social care of the practice's patients, were the network to hold the budget."""
    return (
        social_care_control_total
        * social_care_scope
        * budget_level
        * ratio(social_care_population, national_social_care_population)
    )


@rule("GBP per year", clause=BUDGET, how="modelled")
def whole_budget(
    community_budget: Any,
    mental_health_budget: Any,
    older_people_budget: Any,
    end_of_life_budget: Any,
    children_budget: Any,
    social_care_budget: Any,
) -> Any:
    """All streams together, were the practice's network to hold the budget."""
    health = community_budget + mental_health_budget + older_people_budget + end_of_life_budget + children_budget
    return health + social_care_budget


@rule("GBP per year", clause=BUDGET, level="network", how="modelled")
def network_budget(whole_budget: Any, network: Any) -> Any:
    """The budget each network would hold."""
    return by_network(whole_budget, network)


# -- money moved to the networks that opt in ---------------------------------------------------------------------


@rule("GBP per year", clause=BUDGET, line="Population budget: community services", payee="network", fund="moved")
def community_moved(community_budget: Any, opted_in: Any) -> Any:
    """Community services in the budgets of networks that opt in; spent by boards today."""
    return community_budget * opted_in


@rule("GBP per year", clause=BUDGET, line="Population budget: mental health", payee="network", fund="moved")
def mental_health_moved(mental_health_budget: Any, opted_in: Any) -> Any:
    """Mental health services in the budgets of networks that opt in; spent by boards today."""
    return mental_health_budget * opted_in


@rule(
    "GBP per year",
    clause=MODELLED,
    line="Population budget: older people",
    payee="network",
    fund="moved",
    how="modelled",
)
def older_people_moved(older_people_budget: Any, opted_in: Any) -> Any:
    """Emergency hospital care of older people in the budgets of networks that opt in; spent by boards today."""
    return older_people_budget * opted_in


@rule(
    "GBP per year",
    clause=MODELLED,
    line="Population budget: end of life",
    payee="network",
    fund="moved",
    how="modelled",
)
def end_of_life_moved(end_of_life_budget: Any, opted_in: Any) -> Any:
    """Community and hospice care at the end of life in the budgets of networks that opt in; spent by boards today."""
    return end_of_life_budget * opted_in


@rule(
    "GBP per year", clause=MODELLED, line="Population budget: children", payee="network", fund="moved", how="modelled"
)
def children_moved(children_budget: Any, opted_in: Any) -> Any:
    """Community services for children in the budgets of networks that opt in; spent by boards today."""
    return children_budget * opted_in


@rule(
    "GBP per year",
    clause=MODELLED,
    line="Population budget: social care",
    payee="network",
    fund="moved",
    how="modelled",
)
def social_care_moved(social_care_budget: Any, opted_in: Any) -> Any:
    """Adult social care in the budgets of networks that opt in; spent by councils today. Outside the scope unless it is set."""
    return social_care_budget * opted_in


# -- measures ----------------------------------------------------------------------------------------------------


@rule("GBP per patient", clause=BUDGET, measure="Population budget, were it held", how="modelled")
def budget_per_patient(whole_budget: Any, budget_patients: Any) -> Any:
    """What a network that opts in would hold for each of the practice's patients."""
    return ratio(whole_budget, budget_patients)
