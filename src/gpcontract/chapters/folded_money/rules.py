"""Former streams become part of the global sum, to the pound, and the quality framework goes with its money kept.

What ends is a negative line beside the one that is there; what it released is shared by the list that core money goes by.
The out-of-hours deduction ends without new money: the price of all falls by it, and those who still do the work opt in.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio
from gpcontract.engine.rules import rule

FOLDED = "2018 GMS contract in Scotland, chapter 3: a consolidated global sum"
OUT_OF_HOURS = "2018 GMS contract in Scotland, chapter 3: out-of-hours deduction"
REMOVAL = "removal of incentives: England 2014 (Minchin 2018), Scotland 2016 (Morales 2023)"


@rule(
    "GBP per year",
    clause="QOF abolished in Scotland, April 2016",
    line="Quality framework ended",
    measured=True,
    how="modelled",
)
def quality_ended(qof: Any, quality_folded: Any) -> Any:
    """Quality money that is no longer paid on achievement (negative)."""
    return 0 - first_known(qof, 0.0) * quality_folded


@rule("GBP per year", clause=FOLDED, line="Former quality money in the global sum", how="modelled", whole=True)
def quality_money_folded(quality_ended: Any, core_list: Any) -> Any:
    """All that the quality framework paid, shared by the list that core money goes by."""
    return (0 - national(quality_ended)) * ratio(core_list, national(core_list))


@rule("GBP per year", clause=FOLDED, line="Income guarantee ended", how="modelled")
def income_guarantee_ended(correction_factor: Any, income_guarantee_folded: Any) -> Any:
    """Correction factors that are no longer paid to those who had one (negative)."""
    return 0 - first_known(correction_factor, 0.0) * income_guarantee_folded


@rule("GBP per year", clause=FOLDED, line="Former income guarantee in the global sum", how="modelled", whole=True)
def income_guarantee_money_folded(income_guarantee_ended: Any, core_list: Any, gms_share: Any) -> Any:
    """All correction factors, shared among GMS practices by the list that core money goes by."""
    gms_list = core_list * first_known(gms_share, 0.0)
    return (0 - national(income_guarantee_ended)) * ratio(gms_list, national(gms_list))


@rule("GBP per year", clause=OUT_OF_HOURS, line="Out-of-hours deduction ended", how="modelled")
def out_of_hours_deduction_returned(out_of_hours_deduction: Any, out_of_hours_deduction_ended: Any) -> Any:
    """What is no longer taken off those who opted out."""
    return first_known(out_of_hours_deduction, 0.0) * out_of_hours_deduction_ended


@rule("GBP per year", clause=OUT_OF_HOURS, line="Out-of-hours care taken out of the price", how="modelled")
def out_of_hours_out_of_price(
    initial_global_sum: Any, ooh_deduction_share: Any, out_of_hours_deduction_ended: Any
) -> Any:
    """The same share taken off the global sum of every practice (negative), so that the end of the deduction costs nothing."""
    return 0 - first_known(initial_global_sum, 0.0) * ooh_deduction_share * out_of_hours_deduction_ended


@rule("GBP per year", clause=OUT_OF_HOURS, line="Out-of-hours service for those who opt in", how="modelled")
def out_of_hours_opt_in(
    out_of_hours_deduction_returned: Any, out_of_hours_out_of_price: Any, out_of_hours_opt_in_rate: Any
) -> Any:
    """Practices that still give the service are paid for it as an enhanced service, in place of what left the price."""
    return (0 - out_of_hours_out_of_price - out_of_hours_deduction_returned) * out_of_hours_opt_in_rate


# -- what quality loses: removal, not its money -----------------------------------------------------------------


@rule("points", clause=REMOVAL, measure="Quality points of care no longer given", how="modelled")
def quality_no_longer_given(
    qof_points_paid: Any, process_point_share: Any, process_achievement_fall: Any, quality_folded: Any
) -> Any:
    """Fall in achievement of tests and clinical control, in points paid for today: mostly real."""
    return first_known(qof_points_paid, 0.0) * process_point_share * process_achievement_fall * quality_folded


@rule("points", clause=REMOVAL, measure="Quality points no longer recorded", how="modelled")
def quality_no_longer_recorded(
    qof_points_paid: Any, process_point_share: Any, advice_achievement_fall: Any, quality_folded: Any
) -> Any:
    """Fall in achievement of advice and care plans, in points paid for today: mostly of recording."""
    return first_known(qof_points_paid, 0.0) * (1 - process_point_share) * advice_achievement_fall * quality_folded
