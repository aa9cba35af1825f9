"""Global sum: the Carr-Hill formula, the price of a weighted patient, and what is taken off.

Six practice indices, each the practice's score against the national average, multiply the registered list; the result is
normalised so that weighted patients add up to registered ones, priced, and paid less what the practice opted out of.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio, weighted_sum
from gpcontract.engine.rules import rule

FORMULA = "SFE, global sum allocation formula"


@rule("patients", clause=FORMULA, level="nation")
def national_list(list_size: Any) -> Any:
    """All registered patients in England."""
    return national(list_size)


# -- age and sex -----------------------------------------------------------------------------------------------


@rule("workload", clause=FORMULA)
def age_sex_workload(list_by_band: Any, age_sex_weights: Any) -> Any:
    """The list weighted by the workload of each sex and age band (a boy of 5 to 14 is 1)."""
    return weighted_sum(list_by_band, age_sex_weights)


@rule("workload", clause=FORMULA, level="nation")
def national_age_sex_workload(age_sex_workload: Any) -> Any:
    """The age and sex workload of all practices."""
    return national(age_sex_workload)


@rule("ratio", clause=FORMULA)
def age_sex_index(age_sex_workload: Any, list_size: Any, national_age_sex_workload: Any, national_list: Any) -> Any:
    """Workload per patient by age and sex, against the national average."""
    return ratio(age_sex_workload, list_size) / (national_age_sex_workload / national_list)


# -- the five other indices, on facts that no open publication gives by practice -----------------------------------


@rule("score", clause=FORMULA + " (nursing and residential homes)")
def care_home_score(care_home_patients: Any, list_size: Any, care_home_weight: Any) -> Any:
    """Mean weight of patients, those in nursing and residential homes counting more."""
    return 1 + (care_home_weight - 1) * ratio(care_home_patients, list_size)


@rule("score", clause=FORMULA + " (list turnover)")
def turnover_score(new_registrations: Any, list_size: Any, new_registration_weight: Any) -> Any:
    """Mean weight of patients, those in their first year of registration counting more."""
    return 1 + (new_registration_weight - 1) * ratio(new_registrations, list_size)


@rule("score", clause=FORMULA + " (additional needs)")
def needs_score(
    limiting_illness: Any,
    mortality_under_65: Any,
    needs_constant: Any,
    needs_limiting_illness: Any,
    needs_mortality: Any,
) -> Any:
    """Additional need from limiting long-standing illness and mortality under 65, both on a base of 100."""
    return needs_constant + needs_limiting_illness * limiting_illness + needs_mortality * mortality_under_65


@rule("score", clause=FORMULA + " (staff market forces factor)")
def staff_cost_score(staff_market_forces: Any, staff_cost_share: Any) -> Any:
    """Unavoidable cost of staff where the surgery stands; only staff costs move with it."""
    return 1 + staff_cost_share * (staff_market_forces - 1)


@rule("score", clause=FORMULA + " (rurality)")
def rurality_score(
    population_density: Any, population_dispersion: Any, rurality_density: Any, rurality_dispersion: Any
) -> Any:
    """Unavoidable cost of sparse and scattered patients, from expenses by population density and dispersion."""
    return population_density**rurality_density * population_dispersion**rurality_dispersion


# The national average of each score, weighted by list: what a practice's own score is set against.


@rule("score", clause=FORMULA + " (nursing and residential homes)", level="nation")
def national_care_home_score(care_home_score: Any, list_size: Any, national_list: Any) -> Any:
    """The average nursing and residential homes score of all patients in England."""
    return national(care_home_score * list_size) / national_list


@rule("score", clause=FORMULA + " (list turnover)", level="nation")
def national_turnover_score(turnover_score: Any, list_size: Any, national_list: Any) -> Any:
    """The average list turnover score of all patients in England."""
    return national(turnover_score * list_size) / national_list


@rule("score", clause=FORMULA + " (additional needs)", level="nation")
def national_needs_score(needs_score: Any, list_size: Any, national_list: Any) -> Any:
    """The average additional needs score of all patients in England."""
    return national(needs_score * list_size) / national_list


@rule("score", clause=FORMULA + " (staff market forces factor)", level="nation")
def national_staff_cost_score(staff_cost_score: Any, list_size: Any, national_list: Any) -> Any:
    """The average staff market forces factor score of all patients in England."""
    return national(staff_cost_score * list_size) / national_list


@rule("score", clause=FORMULA + " (rurality)", level="nation")
def national_rurality_score(rurality_score: Any, list_size: Any, national_list: Any) -> Any:
    """The average rurality score of all patients in England."""
    return national(rurality_score * list_size) / national_list


@rule("ratio", clause=FORMULA)
def cost_index(
    care_home_score: Any,
    national_care_home_score: Any,
    staff_cost_score: Any,
    national_staff_cost_score: Any,
    rurality_score: Any,
    national_rurality_score: Any,
) -> Any:
    """The indices of unavoidable cost: homes, staff and rurality."""
    homes = care_home_score / national_care_home_score
    staff = staff_cost_score / national_staff_cost_score
    return homes * staff * (rurality_score / national_rurality_score)


@rule("ratio", clause=FORMULA)
def need_index(turnover_score: Any, national_turnover_score: Any, needs_score: Any, national_needs_score: Any) -> Any:
    """The indices of need beyond age and sex: list turnover and additional needs."""
    return (turnover_score / national_turnover_score) * (needs_score / national_needs_score)


@rule("ratio", clause=FORMULA)
def formula_index(age_sex_index: Any, need_index: Any, cost_index: Any) -> Any:
    """The product of the six indices."""
    return age_sex_index * need_index * cost_index


@rule("ratio", clause=FORMULA, name="formula_index", how="modelled", fallback=True)
def formula_index_from_published(age_sex_index: Any, other_needs_index: Any) -> Any:
    """The age and sex index times everything else in the formula, recovered from the published weighted list."""
    return age_sex_index * other_needs_index


# -- normalisation ---------------------------------------------------------------------------------------------


@rule("weighted patients", clause=FORMULA)
def raw_weighted_list(list_size: Any, formula_index: Any) -> Any:
    """The list times the formula's indices, before normalisation."""
    return list_size * formula_index


@rule("weighted patients", clause=FORMULA, level="nation")
def national_raw_weighted_list(raw_weighted_list: Any) -> Any:
    """All weighted patients before normalisation."""
    return national(raw_weighted_list)


@rule("weighted patients", clause=FORMULA + " (national normalisation)", level="nation")
def national_weighted_list(weighted_list_published: Any, list_size: Any) -> Any:
    """What weighted patients add up to: the published weighted lists, and the list where none is published."""
    return national(first_known(weighted_list_published, list_size))


@rule(
    "weighted patients",
    clause=FORMULA + " (national normalisation)",
    name="national_weighted_list",
    level="nation",
    fallback=True,
)
def national_weighted_list_as_registered(list_size: Any) -> Any:
    """What weighted patients add up to: all registered patients."""
    return national(list_size)


@rule("weighted patients", clause=FORMULA)
def weighted_list(raw_weighted_list: Any, national_raw_weighted_list: Any, national_weighted_list: Any) -> Any:
    """The contractor weighted population: the list by need and cost, normalised to the nation."""
    return raw_weighted_list * (national_weighted_list / national_raw_weighted_list)


@rule("weighted patients", clause="SFE 2026, 3: calculated on the first day of each quarter")
def paid_weighted_list(weighted_list_by_quarter: Any) -> Any:
    """The weighted list that is paid for: the mean of the four quarters' lists."""
    return weighted_list_by_quarter.sum(0) / weighted_list_by_quarter.shape[0]


@rule(
    "weighted patients",
    clause="SFE 2026, 3: calculated on the first day of each quarter",
    name="paid_weighted_list",
    how="modelled",
    fallback=True,
)
def paid_weighted_list_of_year(weighted_list: Any, list_timing: Any) -> Any:
    """The weighted list that is paid for, from the one printed and its growth: the four quarters' lists are not published."""
    return weighted_list * list_timing


# -- price, London, opt-outs -----------------------------------------------------------------------------------


@rule("GBP per year", clause="SFE 2026, 3(4)")
def priced_list(paid_weighted_list: Any, global_sum_price: Any) -> Any:
    """The weighted list at the global sum price."""
    return paid_weighted_list * global_sum_price


@rule("GBP per year", clause="SFE 2026, 3(6); all patients of London practices before April 2019", years="-2018/19")
def london_adjustment(list_size: Any, in_london: Any, london_rate: Any) -> Any:
    """London adjustment for every registered patient of a London practice."""
    return list_size * in_london * london_rate


@rule(
    "GBP per year",
    clause="SFE 2026, 3(6): patients whose home is in Greater London",
    name="london_adjustment",
    years="2019/20-",
)
def london_adjustment_by_residence(list_size: Any, london_resident_share: Any, london_rate: Any) -> Any:
    """London adjustment for each registered patient who lives in Greater London."""
    return list_size * london_resident_share * london_rate


@rule("GBP per year", clause="SFE 2026, 3")
def initial_global_sum(
    priced_list: Any, london_adjustment: Any, temporary_patients_adjustment: Any, gms_share: Any, open_share: Any
) -> Any:
    """Global sum before opt-outs, for the part of the year that the practice was open and on a GMS contract."""
    return (priced_list + london_adjustment + temporary_patients_adjustment) * gms_share * open_share


@rule("GBP per year", clause="SFE, temporary patients adjustment")
def temporary_patients_adjustment(temporary_patients_payment: Any) -> Any:
    """A fixed yearly sum for temporary patients, from past claims."""
    return temporary_patients_payment


@rule(
    "GBP per year",
    clause="SFE, temporary patients adjustment",
    name="temporary_patients_adjustment",
    how="modelled",
    fallback=True,
)
def temporary_patients_adjustment_inferred(off_formula_payment: Any) -> Any:
    """What other years show beside the formula: temporary patients, off-formula sums, and what price and list leave over."""
    return off_formula_payment


@rule("GBP per year", clause="SFE 2026, opt-out percentages")
def out_of_hours_deduction(initial_global_sum: Any, ooh_deduction_share: Any, ooh_opted_out: Any) -> Any:
    """What comes off for not providing out-of-hours care."""
    return initial_global_sum * ooh_deduction_share * ooh_opted_out


@rule("GBP per year", clause="SFE 2004 and 2026, opt-out percentages")
def other_deductions(
    initial_global_sum: Any,
    minor_surgery_deduction_share: Any,
    minor_surgery_opted_out: Any,
    additional_service_deduction_shares: Any,
    additional_services_opted_out: Any,
) -> Any:
    """What comes off for opting out of minor surgery and, at first, of the other additional services."""
    share = minor_surgery_deduction_share * minor_surgery_opted_out
    return initial_global_sum * (share + (additional_service_deduction_shares * additional_services_opted_out).sum(0))


@rule(
    "GBP per year",
    clause="SFE 2004 and 2026, opt-out percentages",
    name="other_deductions",
    how="modelled",
    fallback=True,
)
def no_other_deductions(initial_global_sum: Any) -> Any:
    """Deductions for other opt-outs, taken as nothing: no practice's are published."""
    return initial_global_sum * 0.0


@rule("GBP per year", clause="SFE 2026, 3: payable global sum monthly payment", line="Global sum", how="modelled")
def global_sum(initial_global_sum: Any, out_of_hours_deduction: Any, other_deductions: Any) -> Any:
    """Global sum as paid: the initial sum less deductions. Out-of-hours opt-outs are inferred from other years' payments."""
    return initial_global_sum - out_of_hours_deduction - other_deductions
