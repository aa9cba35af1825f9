"""Income protection: what a practice is paid on measured achievement is no less than last year, or than a stated floor.

Devon's system guaranteed quality income of 2022/23 when the government would not. Here every board does.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

DEVON = "Devon's guarantee of QOF income for 2022/23, GP reader of Pulse, 2023"


@rule("GBP per year", clause=DEVON)
def measured_income(qof: Any, quality_framework_replaced: Any, outcome_pay: Any, outcome_money_to_price: Any) -> Any:
    """What a practice has for quality now: what is left of the framework, the outcome payment, and what went into the price."""
    return first_known(qof + quality_framework_replaced, 0.0) + outcome_pay + outcome_money_to_price


@rule("ratio", clause=DEVON + "; points moved into core funding are not lost", level="nation")
def framework_change(qof: Any, last_year_qof: Any) -> Any:
    """How far the national framework itself shrank since last year; 1 where it grew, or last year is not priced."""
    now, before = national(first_known(qof, 0.0)), national(first_known(last_year_qof, 0.0))
    return where(before > 0, minimum(ratio(now, before), 1.0), 1.0)


@rule("GBP per year", clause=DEVON)
def guaranteed_income_for_quality(
    last_year_qof: Any,
    qof: Any,
    framework_change: Any,
    protected_share: Any,
    protected_floor: Any,
    local_weighted_patients: Any,
    price_level: Any,
    local_patients: Any,
    last_year_local_patients: Any,
) -> Any:
    """The guarantee: a share of last year's quality income for the patients it still has, or the floor if more.

    This year's income stands for last year's where that is not priced. Money that a settlement takes out of the framework for
    everybody is not guaranteed, nor money for patients who have gone.
    """
    still = where(last_year_local_patients > 0, minimum(ratio(local_patients, last_year_local_patients), 1.0), 1.0)
    before = maximum(first_known(first_known(last_year_qof * framework_change * still, qof), 0.0), 0.0)
    kept = where(local_patients > 0, protected_share * before, 0.0)
    return maximum(kept, protected_floor * price_level * local_weighted_patients)


@rule("GBP per year", clause=DEVON, line="Income protection", how="modelled")
def income_protection(measured_income: Any, guaranteed_income_for_quality: Any, protection_in_force: Any) -> Any:
    """What makes income for quality up to the guarantee."""
    return protection_in_force * maximum(guaranteed_income_for_quality - measured_income, 0.0)


@rule("practices", clause=DEVON, measure="Practices whose income is protected")
def income_protected(income_protection: Any) -> Any:
    """Practices paid anything under the guarantee."""
    return where(income_protection > 0, 1.0, 0.0)
