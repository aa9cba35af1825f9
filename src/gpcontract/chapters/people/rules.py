"""People: partners and salaried GPs of each practice, what partners earn, and what a salaried GP costs.

Nothing here is paid; proposals read it. Open data gives staff by practice only for some years: elsewhere the published
national total is shared out by weighted list. Contracted full-time equivalents (37.5 hours), not hours worked. Partners' income
is before tax and after expenses, private work with it, and excludes the employer's pension contribution.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, maximum, ratio
from gpcontract.engine.rules import rule

WORKFORCE = "General Practice Workforce"
EARNINGS = "GP Earnings and Expenses Estimates, GPMS, England"

# -- in post -----------------------------------------------------------------------------------------------------


@rule("weighted patients", clause=WORKFORCE + ", national totals by weighted list", how="modelled")
def staffed_list(weighted_list: Any, list_size: Any) -> Any:
    """Weighted patients that GPs are shared out by; the list itself where no weighted one is known, 0 when closed."""
    return first_known(first_known(weighted_list, list_size), 0.0)


@rule("full-time equivalents", clause=WORKFORCE + ", national totals by weighted list", how="modelled", whole=True)
def partners_expected(staffed_list: Any, on_apms: Any, partners_national: Any) -> Any:
    """Partners, the national total shared by weighted list; APMS contracts are taken to have none."""
    partnership = staffed_list * (1 - first_known(on_apms, 0.0))
    return partners_national * ratio(partnership, national(partnership))


@rule("full-time equivalents", clause=WORKFORCE + ", GP partners")
def partners_in_post(partner_fte: Any, partners_expected: Any) -> Any:
    """Full-time equivalent partners of the practice, as published where they are."""
    return first_known(partner_fte, partners_expected)


@rule(
    "full-time equivalents",
    clause=WORKFORCE + ", national totals by weighted list",
    name="partners_in_post",
    how="modelled",
    fallback=True,
)
def partners_in_post_expected(partners_expected: Any) -> Any:
    """Full-time equivalent partners of the practice, by its weighted list."""
    return partners_expected


@rule("full-time equivalents", clause=WORKFORCE + ", national totals by weighted list", how="modelled", whole=True)
def qualified_expected(staffed_list: Any, qualified_gps_national: Any) -> Any:
    """Fully qualified permanent GPs, the national total shared by weighted list."""
    return qualified_gps_national * ratio(staffed_list, national(staffed_list))


@rule("full-time equivalents", clause=WORKFORCE + ", fully qualified GPs")
def qualified_in_post(gp_fte: Any, qualified_expected: Any) -> Any:
    """Fully qualified permanent GPs of the practice (partners and salaried), as published where they are."""
    return first_known(gp_fte, qualified_expected)


@rule(
    "full-time equivalents",
    clause=WORKFORCE + ", national totals by weighted list",
    name="qualified_in_post",
    how="modelled",
    fallback=True,
)
def qualified_in_post_expected(qualified_expected: Any) -> Any:
    """Fully qualified permanent GPs of the practice, by its weighted list."""
    return qualified_expected


@rule("full-time equivalents", clause=WORKFORCE + ", salaried GPs")
def salaried_in_post(qualified_in_post: Any, partners_in_post: Any) -> Any:
    """Full-time equivalent salaried GPs: qualified GPs who are not partners."""
    return maximum(qualified_in_post - partners_in_post, 0.0)


@rule("people", clause=WORKFORCE + ", full-time equivalents per head")
def partner_heads(partners_in_post: Any, partner_fte_per_head: Any) -> Any:
    """Partners counted as people."""
    return partners_in_post / partner_fte_per_head


# -- what partners earn ------------------------------------------------------------------------------------------


@rule("GBP per full-time equivalent", clause=EARNINGS + ", income before tax")
def partner_income_per_fte(partner_income: Any, partner_fte_per_head: Any) -> Any:
    """What a full-time equivalent partner earns before tax and after expenses."""
    return partner_income / partner_fte_per_head


@rule("GBP per year", clause=EARNINGS + ", income before tax", how="modelled")
def partner_pool(partners_in_post: Any, partner_income_per_fte: Any) -> Any:
    """What all partners of the practice earn together: the profit that a salaried model returns."""
    return partners_in_post * partner_income_per_fte


@rule("GBP per year", clause="NHS Pension Scheme, employer contribution on partners' pensionable pay", how="modelled")
def partner_employer_pension(partner_pool: Any, partner_pension_rate: Any) -> Any:
    """Employer's pension contribution for partners, which stands beside their income and is not part of it."""
    return partner_pool * partner_pension_rate


# -- what a salaried GP costs ------------------------------------------------------------------------------------


@rule("GBP per full-time equivalent", clause=EARNINGS + ", salaried GPs, total income before tax")
def salaried_pay_per_fte(salaried_income: Any, salaried_main_job_share: Any, salaried_fte_per_head: Any) -> Any:
    """Pay of a full-time equivalent salaried GP: the part of all income that the main job gives, over its hours."""
    return salaried_income * salaried_main_job_share / salaried_fte_per_head


@rule("GBP per full-time equivalent", clause="pay and employer's on-costs")
def salaried_cost_per_fte(salaried_pay_per_fte: Any, employer_on_cost_rate: Any) -> Any:
    """Cost of a full-time equivalent salaried GP to the employer: pay, pension, national insurance and levy."""
    return salaried_pay_per_fte * (1 + employer_on_cost_rate)


@rule("sessions", clause="BMA model salaried contract: nine sessions are full time")
def sessions_per_fte(sessions_per_week: Any, salaried_working_weeks: Any) -> Any:
    """Sessions that a full-time equivalent salaried GP works in a year, leave taken off."""
    return sessions_per_week * salaried_working_weeks


@rule("GBP per session", clause="pay and employer's on-costs over sessions worked")
def session_cost(salaried_cost_per_fte: Any, sessions_per_fte: Any) -> Any:
    """Cost of a session of a salaried GP, before overheads."""
    return salaried_cost_per_fte / sessions_per_fte


@rule("ratio", clause="hours of partners over hours of salaried GPs")
def replacement_ratio(partner_hours_per_fte: Any, salaried_hours_per_fte: Any) -> Any:
    """Full-time equivalent salaried GPs that do the work of a full-time equivalent partner."""
    return partner_hours_per_fte / salaried_hours_per_fte


@rule("full-time equivalents", clause="hours of partners over hours of salaried GPs", how="modelled")
def partners_as_salaried(partners_in_post: Any, replacement_ratio: Any) -> Any:
    """Full-time equivalent salaried GPs that would do all the work of the practice's partners."""
    return partners_in_post * replacement_ratio
