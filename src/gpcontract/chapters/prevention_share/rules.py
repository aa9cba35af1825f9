"""Prevention share: one percentage point more of each system's budget goes to prevention. Money moved, none of it new.

The review's wording ('at least 1%') is mostly read as a percentage point of the budget, and is so here. The government refused the
target. Each system moves the money for its own people: shared here by need, as the allocation formula weights health inequalities.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, minimum, ratio, where
from gpcontract.engine.rules import rule

REVIEW = "Hewitt review 2023: share of budgets for prevention up by at least 1% over five years"


@rule("need-weighted patients", clause=REVIEW)
def prevention_need(
    health_inequalities_weighted_list: Any, local_patients: Any, open_share: Any, prevention_need_most: Any
) -> Any:
    """Patients by which prevention money is shared: the health inequalities weighting, the list where it is not known.

    Some published weightings are of lists that have since emptied.
    """
    known = first_known(health_inequalities_weighted_list * open_share, local_patients)
    return where(local_patients > 0, minimum(known, prevention_need_most * local_patients), 0.0)


@rule("need-weighted patients", clause=REVIEW, name="prevention_need", how="modelled", fallback=True)
def prevention_need_as_registered(local_patients: Any) -> Any:
    """Patients by which prevention money is shared, taken as registered: no weighting is known."""
    return local_patients


@rule("need-weighted patients", clause=REVIEW, level="nation")
def national_prevention_need(prevention_need: Any) -> Any:
    """All patients by which prevention money is shared."""
    return national(prevention_need)


@rule("GBP per year", clause=REVIEW)
def prevention_moved(
    prevention_need: Any,
    national_prevention_need: Any,
    system_budget: Any,
    prevention_points: Any,
    price_level: Any,
    prevention_in_force: Any,
) -> Any:
    """Money moved to prevention for the practice's patients."""
    moved = prevention_in_force * prevention_points * system_budget * price_level
    return moved * ratio(prevention_need, national_prevention_need)


@rule("GBP per year", clause=REVIEW, line="Prevention by practices", fund="moved", how="modelled")
def prevention_by_practices(prevention_moved: Any, prevention_practice_share: Any) -> Any:
    """The part of the money moved that is spent through general practice."""
    return prevention_moved * prevention_practice_share


@rule("GBP per year", clause=REVIEW, line="Prevention by others", payee="board", fund="moved", how="modelled")
def prevention_by_others(prevention_moved: Any, prevention_practice_share: Any) -> Any:
    """The part of the money moved that boards spend with councils, pharmacies and others."""
    return prevention_moved * (1 - prevention_practice_share)


@rule(
    "admissions",
    clause="avoided activity at its marginal cost, less what is moved",
    measure="Emergency admissions to avoid, for prevention to pay",
    how="modelled",
)
def admissions_to_break_even(
    prevention_moved: Any, prevention_admission_cost: Any, admission_saving_share: Any, price_level: Any
) -> Any:
    """Emergency admissions that must be avoided in a year for hospitals to save what was moved from them.

    At marginal cost: beds and staff that stay are not saved.
    """
    return prevention_moved / (prevention_admission_cost * price_level * admission_saving_share)
