"""Recycling: the income guarantee and seniority end, and what they held is paid out again through the price of a patient.

Neutral to a pound: what is taken is added up over England and shared by weighted list. In the steady state all goes at once;
on the timeline the switches rise by sevenths. The nation ended both itself by 2020/21: from then on there is nothing to move,
and the lines stand at nothing (what is still published under their names are corrections of earlier years).
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import rule

GUARANTEE = "NHS Confederation 2009: remove the minimum practice income guarantee"
SENIORITY = "NHS Confederation 2009: review seniority pay"
PRICE = "pay settlements from 2014: released money over all weighted lists"


@rule("GBP per year", clause=GUARANTEE, years="-2019/20", outside=0)
def guarantee_to_recycle(correction_factor: Any, open_share: Any) -> Any:
    """The correction factor still paid to an open practice; nothing is left from 2020/21 on."""
    return where(open_share > 0, first_known(correction_factor, 0.0), 0.0)


@rule("GBP per year", clause=SENIORITY, years="-2019/20", outside=0)
def seniority_to_recycle(seniority: Any, open_share: Any) -> Any:
    """Seniority still paid to an open practice; it ended on 31 March 2020."""
    return where(open_share > 0, first_known(seniority, 0.0), 0.0)


@rule("GBP per year", clause=GUARANTEE, line="MPIG correction factor ended")
def guarantee_ended(guarantee_to_recycle: Any, guarantee_ended_share: Any) -> Any:
    """What a practice loses as its correction factor ends (a negative line)."""
    return 0.0 - guarantee_to_recycle * guarantee_ended_share


@rule("GBP per year", clause=SENIORITY, line="Seniority ended")
def seniority_ended(seniority_to_recycle: Any, seniority_ended_share: Any) -> Any:
    """What a practice loses as seniority ends (a negative line)."""
    return 0.0 - seniority_to_recycle * seniority_ended_share


@rule("weighted patients", clause=PRICE)
def recycling_list(
    paid_weighted_list: Any, gms_share: Any, local_share: Any, open_share: Any, recycled_to_local_contracts: Any
) -> Any:
    """Weighted patients over whom the money is shared: those of GMS, and of PMS and APMS so far as they take part."""
    return first_known(paid_weighted_list * (gms_share * open_share + local_share * recycled_to_local_contracts), 0.0)


@rule("GBP per weighted patient per year", clause=PRICE, level="nation")
def recycled_price(guarantee_ended: Any, seniority_ended: Any, recycling_list: Any) -> Any:
    """What the price of a weighted patient rises by: all that is taken over all who share it."""
    return 0.0 - ratio(national(guarantee_ended + seniority_ended), national(recycling_list))


@rule("GBP per year", clause=PRICE, line="Recycled into the price")
def recycled_into_price(recycling_list: Any, recycled_price: Any) -> Any:
    """A practice's part of the recycled money, by its weighted list. It bears no out-of-hours deduction."""
    return recycling_list * recycled_price


@rule("GBP per year", clause=GUARANTEE, measure="Money moved by ending the income guarantee and seniority")
def recycled_money(guarantee_ended: Any, seniority_ended: Any) -> Any:
    """What moves between practices before it comes back through the price; nothing from 2020/21 on."""
    return 0.0 - guarantee_ended - seniority_ended
