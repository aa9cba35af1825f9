"""Salaried GPs in partners' place: what comes back when partners leave, and what their work then costs, part by part.

The partners of a list that passes to a trust, a collaborative or a large operator return their profit and the employer's
pension contribution on it, but not the rent of surgeries that they own: that ends when a surgery is bought, and is counted
there. The provider pays salaried GPs for the work, cover for leave and sickness, clinical management, its own overhead and
the VAT it cannot recover. No part is left out on either side, so the sum is the cost of conversion.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import minimum, ratio
from gpcontract.engine.rules import rule

REPORT = "At Your Service, salaried general practice at scale"
GRID = "salaried against partner cost: pay, on-costs and replacement ratio"

# -- who passes --------------------------------------------------------------------------------------------------


@rule("fraction", clause=REPORT)
def converted_share(share_to_trust: Any, share_to_network: Any, share_to_company: Any) -> Any:
    """Share of partnerships' lists that passes to trusts, collaboratives and large operators together."""
    return share_to_trust + share_to_network + share_to_company


@rule(
    "full-time equivalents", clause=REPORT, measure="Partners who become or make way for salaried GPs", how="modelled"
)
def partners_leaving(partners_in_post: Any, converted_share: Any, partners_replaced: Any) -> Any:
    """Full-time equivalent partners of the lists that pass."""
    return partners_in_post * converted_share * partners_replaced


@rule("full-time equivalents", clause=REPORT, measure="Salaried GPs hired in partners' place", how="modelled")
def salaried_hired(partners_leaving: Any, replacement_ratio: Any) -> Any:
    """Full-time equivalent salaried GPs that do the work of the partners who leave."""
    return partners_leaving * replacement_ratio


@rule("fraction", clause=REPORT, level="nation", measure="GPs employed by trusts and scaled providers", how="modelled")
def gps_employed_at_scale(
    salaried_hired: Any,
    salaried_in_post: Any,
    partners_leaving: Any,
    partners_in_post: Any,
    converted_share: Any,
    partners_replaced: Any,
) -> Any:
    """Share of all GPs whom a trust, a collaborative or a large operator employs: those hired, and salaried GPs of the lists that pass."""
    theirs = national(salaried_hired + salaried_in_post * converted_share * partners_replaced)
    return ratio(theirs, national(salaried_hired + salaried_in_post + partners_in_post - partners_leaving))


# -- what comes back ---------------------------------------------------------------------------------------------


@rule(
    "GBP per year", clause="GP Earnings and Expenses Estimates: notional rent is income of the owners", how="modelled"
)
def rent_in_profit(notional_rent: Any, owner_rent_in_profit: Any, partner_pool: Any) -> Any:
    """The part of partners' profit that is rent of buildings they own: they go on being paid it until somebody buys."""
    return minimum(notional_rent * owner_rent_in_profit, partner_pool)


@rule("GBP per year", clause=REPORT, line="Partners’ profit returned", how="modelled")
def profit_returned(partner_pool: Any, rent_in_profit: Any, converted_share: Any, partners_replaced: Any) -> Any:
    """Profit that partners of the lists that pass no longer draw (negative), without the rent of what they own."""
    return 0 - (partner_pool - rent_in_profit) * converted_share * partners_replaced


@rule("GBP per year", clause=REPORT, line="Partners’ employer pension returned", how="modelled")
def partner_pension_returned(partner_employer_pension: Any, converted_share: Any, partners_replaced: Any) -> Any:
    """Employer's pension contribution for partners that is no longer paid (negative)."""
    return 0 - partner_employer_pension * converted_share * partners_replaced


# -- what it costs -----------------------------------------------------------------------------------------------


@rule("GBP per year", clause=REPORT, line="Salaried GPs in partners’ place", payee="provider", how="modelled")
def salaried_gp_pay(salaried_hired: Any, salaried_cost_per_fte: Any) -> Any:
    """Pay and on-costs of the salaried GPs who do the partners' work."""
    return salaried_hired * salaried_cost_per_fte


@rule("GBP per year", clause=REPORT, line="Cover for salaried GPs’ leave", payee="provider", how="modelled")
def leave_cover(salaried_gp_pay: Any, leave_cover_share: Any) -> Any:
    """Cover of the weeks that a salaried GP takes off and a partner would have covered unpaid."""
    return salaried_gp_pay * leave_cover_share


@rule("GBP per year", clause=REPORT, line="Cover for salaried GPs’ sickness", payee="provider", how="modelled")
def sickness_absence_cover(salaried_gp_pay: Any, sickness_rate: Any) -> Any:
    """Cover of the days that a salaried GP is sick, taking it that partners never are."""
    return salaried_gp_pay * sickness_rate


@rule("GBP per year", clause=REPORT, line="Clinical management in partners’ place", payee="provider", how="modelled")
def clinical_management(salaried_gp_pay: Any, management_share: Any) -> Any:
    """Management that partners did within their hours and salaried GPs do not."""
    return salaried_gp_pay * management_share


@rule("fraction", clause=REPORT + ", three kinds of provider")
def provider_overhead_rate(
    share_to_trust: Any, share_to_network: Any, share_to_company: Any, overhead_of_provider: Any, converted_share: Any
) -> Any:
    """Overhead on salaried GPs' cost, the mean of the kinds of provider that lists pass to (a company's margin in it)."""
    parts = (
        share_to_trust * overhead_of_provider[0]
        + share_to_network * overhead_of_provider[1]
        + share_to_company * overhead_of_provider[2]
    )
    return ratio(parts, converted_share)


@rule("GBP per year", clause=REPORT, line="Providers’ overhead", payee="provider", how="modelled")
def provider_overhead(salaried_gp_pay: Any, provider_overhead_rate: Any) -> Any:
    """What the provider needs to employ them: personnel, finance, governance, insurance."""
    return salaried_gp_pay * provider_overhead_rate


@rule("fraction", clause="VAT Act 1994: health care is exempt, so tax on what is bought in is not recovered")
def vat_exposed_rate(
    share_to_trust: Any,
    share_to_network: Any,
    share_to_company: Any,
    vat_exposed_of_provider: Any,
    converted_share: Any,
) -> Any:
    """Share of overhead and cover that bears VAT which is not recovered, the mean of the kinds of provider."""
    parts = (
        share_to_trust * vat_exposed_of_provider[0]
        + share_to_network * vat_exposed_of_provider[1]
        + share_to_company * vat_exposed_of_provider[2]
    )
    return ratio(parts, converted_share)


@rule("GBP per year", clause=REPORT, line="VAT that providers cannot recover", payee="provider", how="modelled")
def irrecoverable_vat(
    provider_overhead: Any, leave_cover: Any, sickness_absence_cover: Any, vat_exposed_rate: Any, vat_rate: Any
) -> Any:
    """VAT on staff and services bought in, where health care is exempt and nothing is recovered."""
    return (provider_overhead + leave_cover + sickness_absence_cover) * vat_exposed_rate * vat_rate


@rule(
    "ratio",
    clause=REPORT,
    level="nation",
    measure="Cost of conversion, all parts, over what partners return",
    how="modelled",
)
def conversion_cost_factor(
    salaried_gp_pay: Any,
    leave_cover: Any,
    sickness_absence_cover: Any,
    clinical_management: Any,
    provider_overhead: Any,
    irrecoverable_vat: Any,
    profit_returned: Any,
    partner_pension_returned: Any,
) -> Any:
    """What all parts of a salaried service cost for a pound of profit and pension returned; 0 where nothing passes."""
    cost = salaried_gp_pay + leave_cover + sickness_absence_cover + clinical_management + provider_overhead
    return ratio(national(cost + irrecoverable_vat), 0 - national(profit_returned + partner_pension_returned))


# -- the two-to-three-times test ---------------------------------------------------------------------------------


@rule("ratio", clause=GRID, level="nation", measure="Salaried GPs’ cost over partners’ profit for the same work")
def labour_cost_factor(replacement_ratio: Any, salaried_cost_per_fte: Any, partner_income_per_fte: Any) -> Any:
    """What salaried GPs cost for a pound of partners' profit; pay and on-costs alone."""
    return replacement_ratio * salaried_cost_per_fte / partner_income_per_fte


@rule("ratio", clause=GRID, level="nation", measure="Break-even salaried GPs per partner, pay and on-costs alone")
def break_even_ratio(replacement_ratio: Any, labour_cost_factor: Any) -> Any:
    """Salaried GPs per partner at which a salaried service costs what partners draw."""
    return replacement_ratio / labour_cost_factor


@rule("GBP per year", clause="NHS Payments to General Practice", level="nation", how="modelled")
def whole_practice_budget(list_size: Any, payments_per_patient: Any, price_level: Any) -> Any:
    """All NHS payments to practices, at the rate per patient of 2024/25 in the prices of the year."""
    return national(list_size) * payments_per_patient * price_level


@rule("ratio", clause=GRID, level="nation", measure="Whole practice budget if all partners were salaried, over today’s")
def whole_budget_factor(labour_cost_factor: Any, partner_pool: Any, whole_practice_budget: Any) -> Any:
    """The whole budget with every partner replaced, over that of today; pay and on-costs alone."""
    return 1 + (labour_cost_factor - 1) * ratio(national(partner_pool), whole_practice_budget)
