"""Reimbursements for people: locum cover, study leave, retained doctors, appraisal, pension contributions.

Cover is paid at the lower of the invoice and a weekly ceiling. Weeks and invoices are not open, so lines are the published
payments unless a practice brings its own.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, maximum, minimum
from gpcontract.engine.rules import carried, rule

SFE = "SFE, payments for locums covering "


@rule("GBP per year", clause=SFE + "parental leave")
def parental_cover(
    parental_cover_weeks: Any,
    parental_cover_invoice: Any,
    locum_parental_first_weeks: Any,
    locum_parental_first_weeks_ceiling: Any,
    locum_ceiling: Any,
) -> Any:
    """Cover of one parental leave: the weekly invoice, up to one ceiling in the first weeks and another after them."""
    first = minimum(parental_cover_weeks, locum_parental_first_weeks)
    after = maximum(parental_cover_weeks - locum_parental_first_weeks, 0.0)
    first_rate = minimum(parental_cover_invoice, locum_parental_first_weeks_ceiling)
    return first * first_rate + after * minimum(parental_cover_invoice, locum_ceiling)


@rule("GBP per year", clause=SFE + "sickness leave")
def sickness_cover(
    sickness_cover_weeks: Any, sickness_cover_invoice: Any, locum_sickness_waiting_weeks: Any, locum_ceiling: Any
) -> Any:
    """Cover of one sickness leave, after the weeks that the practice bears itself: the weekly invoice up to the ceiling."""
    weeks = maximum(sickness_cover_weeks - locum_sickness_waiting_weeks, 0.0)
    return weeks * minimum(sickness_cover_invoice, locum_ceiling)


@rule("GBP per year", clause=SFE + "suspended doctors")
def suspension_cover(suspension_cover_weeks: Any, suspension_cover_invoice: Any, locum_suspension_ceiling: Any) -> Any:
    """Cover of a suspended doctor: the weekly invoice up to the ceiling."""
    return suspension_cover_weeks * minimum(suspension_cover_invoice, locum_suspension_ceiling)


@rule("GBP per year", clause="SFE, payments for locums", line="Locum allowances")
def locum(parental_cover: Any, sickness_cover: Any, suspension_cover: Any, published_locum: Any) -> Any:
    """Locum cover where the practice's weeks and invoices are known (0 weeks where there were none), else as published."""
    return first_known(parental_cover + sickness_cover + suspension_cover, published_locum)


locum_published = carried("locum", "Locum allowances", clause="SFE, payments for locums", fallback=True)


@rule("GBP per year", clause="SFE, prolonged study leave", line="Prolonged study leave")
def study_leave(
    study_leave_weeks: Any, study_leave_cover: Any, study_leave_allowance: Any, published_study_leave: Any
) -> Any:
    """Prolonged study leave: the weekly allowance and the locum cover agreed, where known, else as published."""
    return first_known(study_leave_weeks * study_leave_allowance + study_leave_cover, published_study_leave)


study_leave_published = carried(
    "study_leave", "Prolonged study leave", clause="SFE, prolonged study leave", fallback=True
)

RETENTION = "SFE, doctors' retainer and retention scheme"

retention_before = carried("retention", "Retained doctors", clause=RETENTION, years="-2015/16")


@rule("GBP per year", clause=RETENTION, line="Retained doctors", years="2016/17-", how="modelled")
def retention(retained_doctor_sessions: Any, retention_session_payment: Any, published_retention: Any) -> Any:
    """Retention scheme: a payment for each session in the year where they are known, else as published.

    The payment is unconfirmed, and the retained doctor's own expenses supplement is not in it.
    """
    return first_known(retained_doctor_sessions * retention_session_payment, published_retention)


retention_published = carried("retention", "Retained doctors", clause=RETENTION, years="2016/17-", fallback=True)

appraisal = carried("appraisal", "Appraisal", clause="SFE, payments for appraisers of locums")

# -- pension contributions: costs, not lines ---------------------------------------------------------------------------

PENSIONS = "NHS Pension Scheme contribution rates"


@rule("GBP per year", clause=PENSIONS, how="modelled")
def employer_pension_cost(pensionable_pay: Any, superannuation_practice_rate: Any) -> Any:
    """Employer contributions that the practice pays itself out of its income."""
    return pensionable_pay * superannuation_practice_rate


@rule("GBP per year", clause=PENSIONS, how="modelled")
def central_pension_cost(
    pensionable_pay: Any, superannuation_employer_rate: Any, superannuation_practice_rate: Any
) -> Any:
    """Employer contributions that are paid centrally for the practice."""
    return pensionable_pay * (superannuation_employer_rate - superannuation_practice_rate)
