"""A formula of workload alone, in place of one of need and cost.

Scotland re-estimated consultations by age, sex and deprivation and shared the global sum by them. Its coefficients were not
found, so England's weights of age and sex stand, raised for old patients, with a gradient of deprivation on them. The
indices of homes, turnover, staff cost and rurality go. What is shared stays the same to the pound. Practices on every
kind of contract are treated alike: their weighted lists move, and the rest of a local agreement stands.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, isnan, ratio, weighted_sum, where
from gpcontract.engine.rules import rule

FORMULA = "2018 GMS contract in Scotland, chapter 3: a new funding formula"


@rule("workload", clause=FORMULA)
def consultation_workload_by_age(
    list_by_band: Any, age_sex_weights: Any, older_bands: Any, older_patient_factor: Any
) -> Any:
    """The list weighted by consultations by age and sex, old patients counting more than in the formula of 2004."""
    return weighted_sum(list_by_band, age_sex_weights * (1 + (older_patient_factor - 1) * older_bands))


@rule("ratio", clause=FORMULA, how="modelled", whole=True)
def deprivation_workload(deprivation_fifth: Any, deprivation_step: Any, list_size: Any) -> Any:
    """Consultations of like patients against those of the most deprived fifth; the nation's where a fifth is not known."""
    relative = 1 - deprivation_step * (deprivation_fifth - 1)
    patients = where(isnan(relative), 0.0, first_known(list_size, 0.0))
    return first_known(relative, ratio(national(first_known(relative, 0.0), patients), national(patients)))


@rule("weighted patients", clause=FORMULA, how="modelled", whole=True)
def workload_list(
    consultation_workload_by_age: Any, deprivation_workload: Any, paid_weighted_list: Any, open_share: Any
) -> Any:
    """The list weighted by workload, adding up to the weighted lists that are paid for; a list not known by age stays."""
    workload = consultation_workload_by_age * deprivation_workload
    paid = first_known(paid_weighted_list * open_share, 0.0)
    paid_here = where(isnan(workload), 0.0, paid)
    workload_here = first_known(workload * open_share, 0.0)
    return first_known(workload * ratio(national(paid_here), national(workload_here)), paid_weighted_list)


@rule("weighted patients", clause=FORMULA, how="modelled")
def core_list(paid_weighted_list: Any, workload_list: Any, open_share: Any, workload_formula_in_force: Any) -> Any:
    """Weighted patients that core money is shared by: by workload as far as that is in force; 0 when closed."""
    moved = paid_weighted_list + (workload_list - paid_weighted_list) * workload_formula_in_force
    return first_known(moved * open_share, 0.0)


@rule("GBP per year", clause=FORMULA, line="Workload formula in place of the allocation formula", how="modelled")
def workload_formula_change(
    core_list: Any, paid_weighted_list: Any, open_share: Any, global_sum_price: Any, ooh_deduction_share: Any
) -> Any:
    """What the weighted list gains or loses at the price, out-of-hours care taken off; over England it comes to nothing."""
    change = core_list - first_known(paid_weighted_list * open_share, 0.0)
    return change * global_sum_price * (1 - ooh_deduction_share)
