"""Headroom: a fund for GPs' time away from patients to plan larger organisations and new care, at what backfill costs."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import rule

FUND = "Securing the future of general practice: a fund for time away from patients"


@rule("GBP per year", clause=FUND, line="Headroom fund")
def headroom_fund(
    list_size: Any, open_share: Any, headroom_per_patient: Any, price_level: Any, headroom_in_force: Any
) -> Any:
    """The fund, by registered patients, for every practice: time to plan comes before any choice of contract."""
    patients = where(open_share > 0, first_known(list_size * open_share, 0.0), 0.0)
    return patients * headroom_per_patient * price_level * headroom_in_force


@rule("GBP per session", clause=FUND)
def backfill_cost(session_cost: Any, backfill_premium: Any) -> Any:
    """What a session of backfill costs: that of a salaried GP, and more for finding one at short notice."""
    return session_cost * (1 + backfill_premium)


@rule("sessions", clause=FUND, measure="Sessions for planning")
def headroom_sessions(headroom_fund: Any, backfill_cost: Any) -> Any:
    """Sessions of GPs' time that the fund pays for."""
    return ratio(headroom_fund, backfill_cost)


@rule("sessions", clause=FUND + "; whether there is anybody to backfill", measure="Sessions lost to patients")
def sessions_lost(headroom_sessions: Any, backfill_found: Any) -> Any:
    """Sessions away from patients that nobody could be found to cover."""
    return headroom_sessions * (1 - backfill_found)
