"""The peers' workload in our own words: 33 inputs, 30 formulas, 6,300 practices over 10 years.

A capitation of six indices, each against the national average, then normalised to the national list; five indicators paid
between two thresholds; the totals. The figures are invented: only the shape and the size matter. The peers are given
these same inputs and values, so that every result can be compared with `reference.py`. There are 31 rules: the 30
formulas and the national list, which is a quantity of its own in this package.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import clip, maximum, weighted_sum
from gpcontract.engine.plan import Plan
from gpcontract.engine.rules import rule, rules_of

Array = npt.NDArray[np.float64]

YEARS = tuple(range(2016, 2026))
PRACTICES = 6300
BANDS = tuple(f"{s}_{b}" for s in "mf" for b in ("0_4", "5_14", "15_44", "45_64", "65_74", "75_84", "85p"))
CONDITIONS = ("diabetes", "hypertension", "heart", "lungs", "mind")
WORKLOAD = (2.3, 1.0, 0.9, 1.3, 2.7, 3.8, 4.4, 2.2, 1.0, 2.1, 2.2, 3.3, 4.5, 5.0)
#: of each condition: points, lower and upper threshold, share of the list on the register, share of those treated
INDICATORS = {
    "diabetes": (17.0, 0.38, 0.78, 0.07, 0.65),
    "hypertension": (14.0, 0.40, 0.77, 0.14, 0.68),
    "heart": (12.0, 0.53, 0.93, 0.03, 0.88),
    "lungs": (8.0, 0.40, 0.80, 0.02, 0.70),
    "mind": (6.0, 0.50, 0.90, 0.01, 0.80),
}
OUTPUTS = ("total_pay", "quality_points", "pay_per_weighted_patient")


def facts(practices: int = PRACTICES, seed: int = 7) -> dict[str, Array]:
    """The inputs, shaped as England holds them: (1, year, practice), the list by band (14, 1, year, practice)."""
    draw = np.random.default_rng(seed)
    n, y = practices, len(YEARS)
    size = draw.gamma(4.0, 2500.0, n) * np.linspace(0.95, 1.08, y)[:, None]
    mix = draw.dirichlet(np.array((3, 6, 20, 13, 4, 2.5, 1, 3, 6, 20, 13, 5, 3, 1.5)) * 4, n).T

    def steady(x: Any) -> Any:
        return np.repeat(x[None], y, axis=0)

    made = {
        "list_by_band": mix[:, None, :] * size,
        "care_home_patients": size * draw.beta(1, 150, n),
        "new_registrations": size * draw.beta(4, 40, n),
        "mortality": draw.normal(100, 15, (y, n)),
        "limiting_illness": draw.normal(90, 20, (y, n)),
        "staff_market_forces": steady(draw.uniform(0.93, 1.15, n)),
        "population_density": steady(draw.lognormal(2.5, 1.2, n)),
        "opted_out": steady((draw.random(n) < 0.9) * 1.0),
        "london_list": size * (draw.random(n) < 0.17),
        "correction_factor": steady(np.maximum(draw.normal(5e3, 2e4, n), 0)),
    }
    for name, (_, _, _, known, treated) in INDICATORS.items():
        made[f"{name}_register"] = np.maximum(size * draw.lognormal(np.log(known), 0.25, n), 1)
        made[f"{name}_treated"] = made[f"{name}_register"] * np.clip(draw.normal(treated, 0.12, (y, n)), 0, 1)
    return {k: np.ascontiguousarray(x[..., None, :, :]) for k, x in made.items()}


def yearly() -> dict[str, list[float]]:
    """Every value's ten figures, one a year; the workload of each band is `workload_<band>`."""
    prices = [76.0, 80.0, 85.0, 89.0, 90.0, 93.5, 97.0, 100.0, 102.0, 112.5]
    made = {
        "global_sum_price": prices,
        "point_value": [165.0, 171.0, 179.0, 188.0, 195.0, 201.0, 207.0, 213.0, 220.0, 225.0],
        "out_of_hours_share": [0.052, 0.049, 0.049, 0.048, 0.048, *[0.0475] * 5],
        "correction_share": [max(0.0, (5 - i) / 7) for i in range(10)],
        "care_home_weight": [0.43] * 10,
        "new_registration_weight": [0.46] * 10,
        "needs_constant": [48.1] * 10,
        "needs_mortality": [0.26] * 10,
        "needs_illness": [0.24] * 10,
        "rural_slope": [0.01] * 10,
        "london_rate": [2.18] * 10,
    }
    made |= {f"workload_{band}": [w] * 10 for band, w in zip(BANDS, WORKLOAD, strict=True)}
    for name, (points, lower, upper, _, _) in INDICATORS.items():
        made |= {f"{name}_points": [points] * 10, f"{name}_lower": [lower] * 10, f"{name}_upper": [upper] * 10}
    return made


def values() -> dict[str, Array]:
    """The values as rules read them: (1, year, 1), the workload of all bands (14, 1, year, 1)."""
    made = {k: np.array(v)[None, :, None] for k, v in yearly().items()}
    weights = np.stack([made.pop(f"workload_{band}") for band in BANDS])
    return made | {"workload_weights": weights}


# -- the list and its six indices ------------------------------------------------------------------------------


@rule("patients", clause="benchmark")
def list_size(list_by_band: Any) -> Any:
    """Registered patients."""
    return list_by_band.sum(0)


@rule("patients", clause="benchmark", level="nation")
def national_list(list_size: Any) -> Any:
    """All registered patients."""
    return national(list_size)


@rule("workload", clause="benchmark")
def workload(list_by_band: Any, workload_weights: Any) -> Any:
    """Patients, each counted by the workload of sex and age."""
    return weighted_sum(list_by_band, workload_weights)


@rule("ratio", clause="benchmark")
def age_sex_index(workload: Any, list_size: Any, national_list: Any) -> Any:
    """Workload per patient against the national average."""
    return workload / list_size * (national_list / national(workload))


def against_average(score: Any, list_size: Any, national_list: Any) -> Any:
    """A score over its average of all patients in the nation."""
    return score * (national_list / national(score, list_size))


@rule("ratio", clause="benchmark")
def care_home_index(care_home_patients: Any, care_home_weight: Any, list_size: Any, national_list: Any) -> Any:
    """Patients in care homes count more."""
    return against_average(1 + care_home_weight * care_home_patients / list_size, list_size, national_list)


@rule("ratio", clause="benchmark")
def turnover_index(new_registrations: Any, new_registration_weight: Any, list_size: Any, national_list: Any) -> Any:
    """Patients in their first year count more."""
    return against_average(1 + new_registration_weight * new_registrations / list_size, list_size, national_list)


@rule("ratio", clause="benchmark")
def needs_index(
    mortality: Any,
    limiting_illness: Any,
    needs_constant: Any,
    needs_mortality: Any,
    needs_illness: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Need from mortality and limiting illness."""
    return against_average(
        needs_constant + needs_mortality * mortality + needs_illness * limiting_illness, list_size, national_list
    )


@rule("ratio", clause="benchmark")
def staff_cost_index(staff_market_forces: Any, list_size: Any, national_list: Any) -> Any:
    """What staff cost where the surgery stands."""
    return against_average(staff_market_forces, list_size, national_list)


@rule("ratio", clause="benchmark")
def rural_index(population_density: Any, rural_slope: Any, list_size: Any, national_list: Any) -> Any:
    """Sparse patients cost more."""
    return against_average(1 + rural_slope * np.log1p(1 / population_density), list_size, national_list)


@rule("ratio", clause="benchmark")
def formula_index(
    age_sex_index: Any,
    care_home_index: Any,
    turnover_index: Any,
    needs_index: Any,
    staff_cost_index: Any,
    rural_index: Any,
) -> Any:
    """The product of the six."""
    return age_sex_index * care_home_index * turnover_index * needs_index * staff_cost_index * rural_index


@rule("weighted patients", clause="benchmark")
def weighted_list(list_size: Any, formula_index: Any, national_list: Any) -> Any:
    """The list by need and cost, normalised to the nation."""
    raw = list_size * formula_index
    return raw * (national_list / national(raw))


# -- core pay --------------------------------------------------------------------------------------------------


@rule("GBP per year", clause="benchmark")
def global_sum(weighted_list: Any, global_sum_price: Any) -> Any:
    """The weighted list at its price."""
    return weighted_list * global_sum_price


@rule("GBP per year", clause="benchmark")
def out_of_hours_deduction(global_sum: Any, out_of_hours_share: Any, opted_out: Any) -> Any:
    """What comes off for not providing out-of-hours care."""
    return global_sum * out_of_hours_share * opted_out


@rule("GBP per year", clause="benchmark")
def london_adjustment(london_list: Any, london_rate: Any) -> Any:
    """A sum for each patient of a London practice."""
    return london_list * london_rate


@rule("GBP per year", clause="benchmark")
def income_guarantee(correction_factor: Any, correction_share: Any) -> Any:
    """What is left of the correction factor."""
    return maximum(correction_factor, 0.0) * correction_share


@rule("GBP per year", clause="benchmark")
def core_pay(global_sum: Any, out_of_hours_deduction: Any, london_adjustment: Any, income_guarantee: Any) -> Any:
    """All pay but quality."""
    return global_sum - out_of_hours_deduction + london_adjustment + income_guarantee


# -- quality: five indicators ----------------------------------------------------------------------------------


@rule("ratio", clause="benchmark")
def list_index(list_size: Any, national_list: Any) -> Any:
    """The list against the average practice's."""
    return list_size / (national_list / list_size.shape[-1])


def between_thresholds(treated: Any, register: Any, lower: Any, upper: Any) -> Any:
    """The share treated, from 0 at the lower threshold to 1 at the upper."""
    return clip((treated / register - lower) / (upper - lower), 0.0, 1.0)


def priced(
    points: Any, achievement: Any, point_value: Any, list_index: Any, register: Any, list_size: Any, national_list: Any
) -> Any:
    """Points achieved at their price, by list and by prevalence against the nation's."""
    price = points * point_value * (national_list / national(register))
    return register / list_size * list_index * achievement * price


@rule("ratio", clause="benchmark")
def diabetes_achievement(
    diabetes_treated: Any, diabetes_register: Any, diabetes_lower: Any, diabetes_upper: Any
) -> Any:
    """Diabetes: the share of the way between thresholds."""
    return between_thresholds(diabetes_treated, diabetes_register, diabetes_lower, diabetes_upper)


@rule("ratio", clause="benchmark")
def hypertension_achievement(
    hypertension_treated: Any, hypertension_register: Any, hypertension_lower: Any, hypertension_upper: Any
) -> Any:
    """Hypertension: the share of the way between thresholds."""
    return between_thresholds(hypertension_treated, hypertension_register, hypertension_lower, hypertension_upper)


@rule("ratio", clause="benchmark")
def heart_achievement(heart_treated: Any, heart_register: Any, heart_lower: Any, heart_upper: Any) -> Any:
    """Coronary heart disease: the share of the way between thresholds."""
    return between_thresholds(heart_treated, heart_register, heart_lower, heart_upper)


@rule("ratio", clause="benchmark")
def lungs_achievement(lungs_treated: Any, lungs_register: Any, lungs_lower: Any, lungs_upper: Any) -> Any:
    """Obstructive lung disease: the share of the way between thresholds."""
    return between_thresholds(lungs_treated, lungs_register, lungs_lower, lungs_upper)


@rule("ratio", clause="benchmark")
def mind_achievement(mind_treated: Any, mind_register: Any, mind_lower: Any, mind_upper: Any) -> Any:
    """Mental illness: the share of the way between thresholds."""
    return between_thresholds(mind_treated, mind_register, mind_lower, mind_upper)


@rule("GBP per year", clause="benchmark")
def diabetes_pay(
    diabetes_points: Any,
    diabetes_achievement: Any,
    point_value: Any,
    list_index: Any,
    diabetes_register: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Pay for diabetes."""
    return priced(
        diabetes_points, diabetes_achievement, point_value, list_index, diabetes_register, list_size, national_list
    )


@rule("GBP per year", clause="benchmark")
def hypertension_pay(
    hypertension_points: Any,
    hypertension_achievement: Any,
    point_value: Any,
    list_index: Any,
    hypertension_register: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Pay for hypertension."""
    return priced(
        hypertension_points,
        hypertension_achievement,
        point_value,
        list_index,
        hypertension_register,
        list_size,
        national_list,
    )


@rule("GBP per year", clause="benchmark")
def heart_pay(
    heart_points: Any,
    heart_achievement: Any,
    point_value: Any,
    list_index: Any,
    heart_register: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Pay for coronary heart disease."""
    return priced(heart_points, heart_achievement, point_value, list_index, heart_register, list_size, national_list)


@rule("GBP per year", clause="benchmark")
def lungs_pay(
    lungs_points: Any,
    lungs_achievement: Any,
    point_value: Any,
    list_index: Any,
    lungs_register: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Pay for obstructive lung disease."""
    return priced(lungs_points, lungs_achievement, point_value, list_index, lungs_register, list_size, national_list)


@rule("GBP per year", clause="benchmark")
def mind_pay(
    mind_points: Any,
    mind_achievement: Any,
    point_value: Any,
    list_index: Any,
    mind_register: Any,
    list_size: Any,
    national_list: Any,
) -> Any:
    """Pay for mental illness."""
    return priced(mind_points, mind_achievement, point_value, list_index, mind_register, list_size, national_list)


@rule("points", clause="benchmark")
def quality_points(
    diabetes_points: Any,
    diabetes_achievement: Any,
    hypertension_points: Any,
    hypertension_achievement: Any,
    heart_points: Any,
    heart_achievement: Any,
    lungs_points: Any,
    lungs_achievement: Any,
    mind_points: Any,
    mind_achievement: Any,
) -> Any:
    """Points achieved."""
    physical = diabetes_points * diabetes_achievement + hypertension_points * hypertension_achievement
    chest = heart_points * heart_achievement + lungs_points * lungs_achievement
    return physical + chest + mind_points * mind_achievement


@rule("GBP per year", clause="benchmark")
def quality_pay(diabetes_pay: Any, hypertension_pay: Any, heart_pay: Any, lungs_pay: Any, mind_pay: Any) -> Any:
    """Pay for the five indicators."""
    return diabetes_pay + hypertension_pay + heart_pay + lungs_pay + mind_pay


# -- totals ----------------------------------------------------------------------------------------------------


@rule("GBP per year", clause="benchmark")
def total_pay(core_pay: Any, quality_pay: Any) -> Any:
    """Everything a practice is paid."""
    return core_pay + quality_pay


@rule("GBP per weighted patient", clause="benchmark")
def pay_per_weighted_patient(total_pay: Any, weighted_list: Any) -> Any:
    """Pay against need."""
    return total_pay / weighted_list


RULES = rules_of(f for f in list(globals().values()) if hasattr(f, "__rule__"))


def plan(targets: tuple[str, ...] = OUTPUTS) -> Plan:
    """The rules resolved for the ten years."""
    return Plan(RULES, targets, YEARS, known=(*facts(2), *values()))
