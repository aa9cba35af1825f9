"""Minimum practice income guarantee: a correction factor up to the income of 2003/04, worn away, then ended by sevenths.

Set once in 2004 and fixed in cash until 2008; then cut by what the global sum rose beyond the guarantee's own rise; from
2014/15 a falling share of what it was in 2013/14.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, maximum, where
from gpcontract.engine.rules import rule

START = "SFE 2004: correction factor = global sum equivalent / 12 - initial global sum monthly payment"
EROSION = "pay settlements 2008/09 to 2013/14"


@rule("GBP per year", clause=START, name="correction_factor", years="2004/05", line="MPIG correction factor")
def correction_factor_at_start(guaranteed_income: Any, initial_global_sum: Any, gms_share: Any) -> Any:
    """What the guaranteed income of 2003/04 is above the first global sum, if it is."""
    return maximum(guaranteed_income * gms_share - initial_global_sum, 0.0)


@rule(
    "GBP per year",
    clause="fixed in cash until 2008",
    name="correction_factor",
    years="2005/06-2007/08",
    line="MPIG correction factor",
)
def correction_factor_fixed(last_year_correction_factor: Any, on_gms: Any) -> Any:
    """Last year's correction factor: it stayed the same sum while the global sum rose, and ended with the contract."""
    return last_year_correction_factor * on_gms


@rule("GBP per year", clause=EROSION, years="2008/09-2013/14", outside=0)
def correction_factor_reduction(
    paid_weighted_list: Any,
    gms_share: Any,
    global_sum_price: Any,
    last_year_global_sum_price: Any,
    last_year_correction_factor: Any,
    income_guarantee_uplift: Any,
    correction_factor_erosion: Any,
) -> Any:
    """What comes off: the rise of the price beyond the rise of the guaranteed income, at this year's weighted list."""
    before = paid_weighted_list * gms_share * last_year_global_sum_price
    rise = paid_weighted_list * gms_share * (global_sum_price - last_year_global_sum_price)
    guaranteed_rise = (before + last_year_correction_factor) * income_guarantee_uplift
    return maximum(rise - guaranteed_rise, 0.0) * correction_factor_erosion


@rule("GBP per year", clause=EROSION, name="correction_factor", years="2008/09-2013/14", line="MPIG correction factor")
def correction_factor_eroded(
    last_year_correction_factor: Any, correction_factor_reduction: Any, correction_factor_minimum: Any, on_gms: Any
) -> Any:
    """Last year's correction factor less the reduction; one at or below the monthly minimum ends, and one off GMS."""
    left = maximum(last_year_correction_factor - correction_factor_reduction, 0.0) * on_gms
    return where(left > correction_factor_minimum * 12, left, 0.0)


@rule(
    "GBP per year",
    clause="SFE 2014: sevenths from 2014/15 to 2020/21",
    name="correction_factor",
    years="2014/15-2024/25",
    line="MPIG correction factor",
    how="modelled",
)
def correction_factor_by_sevenths(
    correction_factor_base: Any,
    correction_factor_share: Any,
    published_correction_factor: Any,
    on_gms: Any,
    gms_share: Any,
    open_share: Any,
) -> Any:
    """The 2013/14 correction factor, inferred from other years, times the share still paid, for the part of the year on GMS.

    As published where the factor of 2013/14 is not known.
    """
    due = correction_factor_base * correction_factor_share * gms_share * open_share
    return first_known(due, published_correction_factor) * on_gms
