"""Partnership risk: what partners answer for, a legal form that limits it, and a payment to those who become partners.

Three things of the partnership review: the risk of being the last partner, which is worked out for every practice; limited forms of
partnership, taken up where partners think them worth their cost; and the payment for new partners. Leases that the NHS stands behind
are in the chapter on premises, and count here as risk taken off.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, minimum, ratio, where
from gpcontract.engine.rules import rule

REVIEW = "GP Partnership Review, January 2019"
EXITS = "exits of practices by list size, NHS Payments to General Practice 2014/15 to 2022/23"


# -- the risk ----------------------------------------------------------------------------------------------------


@rule("fraction", clause=EXITS, how="modelled")
def exit_chance(
    list_size: Any, exit_chance_middle: Any, exit_list_middle: Any, exit_power: Any, exit_chance_most: Any
) -> Any:
    """Chance that the practice's contract ends in a year, mergers and takeovers with it: it falls smoothly as lists grow."""
    patients = first_known(list_size, 0.0)
    size = where(patients > 0, patients, 1.0) / exit_list_middle
    return where(patients > 0, minimum(exit_chance_middle / size**exit_power, exit_chance_most), 0.0)


@rule("fraction", clause=EXITS, how="modelled")
def last_partner_chance(exit_chance: Any, hard_exit_share: Any) -> Any:
    """Chance that the practice closes in a year with nobody to take its liabilities over."""
    return exit_chance * hard_exit_share


@rule("GBP", clause=REVIEW + ", unlimited liability", how="modelled")
def closing_liability(list_size: Any, closing_cost_per_patient: Any, price_level: Any, on_apms: Any) -> Any:
    """What partners would owe if the practice closed, beside its lease: redundancy, debts, and records.

    APMS contracts are taken to be held by bodies whose liability is limited.
    """
    return first_known(list_size * (1 - first_known(on_apms, 0.0)), 0.0) * closing_cost_per_patient * price_level


@rule("GBP", clause=REVIEW + ", unlimited liability", how="modelled")
def partner_lease_liability(lease_liability: Any, on_apms: Any) -> Any:
    """What partners would owe on their leases; none where the contract is APMS."""
    return first_known(lease_liability, 0.0) * (1 - first_known(on_apms, 0.0))


@rule(
    "GBP", clause=REVIEW + ", unlimited liability", how="modelled", measure="Liabilities that partners answer for today"
)
def partner_liability(closing_liability: Any, partner_lease_liability: Any) -> Any:
    """All that partners would owe if the practice closed today: unexpired rent, redundancy, debts."""
    return closing_liability + partner_lease_liability


# -- a limited form ------------------------------------------------------------------------------------------------


@rule("GBP", clause=REVIEW + ", other legal forms", how="modelled")
def tenant_lease_risk(
    partner_lease_liability: Any, owned_share: Any, leases_guaranteed: Any, lease_guarantee_in_force: Any
) -> Any:
    """What the partners of a practice that leases its surgery answer for on the lease, after what the NHS stands behind.

    The estate's figures are of all practices alike, owners and tenants; a tenant's own is more.
    """
    left = 1 - leases_guaranteed * lease_guarantee_in_force
    return ratio(partner_lease_liability, 1 - owned_share) * left


@rule("yes or no", clause=REVIEW + ", other legal forms", how="modelled")
def limited_where_owned(
    closing_liability: Any, last_partner_chance: Any, risk_multiple: Any, limited_form_cost: Any, price_level: Any
) -> Any:
    """Whether a limited form is worth its yearly cost to partners who own their surgery (1 or 0).

    Its worth is a multiple of the loss to be expected in a year.
    """
    worth = closing_liability * last_partner_chance * risk_multiple
    return where(worth >= limited_form_cost * price_level, where(closing_liability > 0, 1.0, 0.0), 0.0)


@rule("yes or no", clause=REVIEW + ", other legal forms", how="modelled")
def limited_where_leased(
    closing_liability: Any,
    tenant_lease_risk: Any,
    landlords_content: Any,
    last_partner_chance: Any,
    risk_multiple: Any,
    limited_form_cost: Any,
    price_level: Any,
) -> Any:
    """Whether it is worth its yearly cost to partners who lease it: part of the lease is at stake too (1 or 0)."""
    worth = (closing_liability + tenant_lease_risk * landlords_content) * last_partner_chance * risk_multiple
    return where(worth >= limited_form_cost * price_level, where(closing_liability > 0, 1.0, 0.0), 0.0)


@rule("fraction", clause=REVIEW + ", other legal forms", how="modelled")
def limited_form(
    limited_where_owned: Any, limited_where_leased: Any, owned_share: Any, legal_form_in_force: Any
) -> Any:
    """Chance that the practice takes a limited form, as it is not known who owns a surgery."""
    return legal_form_in_force * (owned_share * limited_where_owned + (1 - owned_share) * limited_where_leased)


@rule(
    "practices",
    clause=REVIEW + ", other legal forms",
    how="modelled",
    measure="Practices that take a limited legal form",
)
def practices_limited(limited_form: Any, open_share: Any) -> Any:
    """Practices that can be expected to take a limited form."""
    return where(open_share > 0, limited_form, 0.0)


@rule(
    "GBP per year",
    clause=REVIEW + ", other legal forms",
    line="Cost of a limited legal form to practices",
    fund="elsewhere",
    how="modelled",
)
def limited_form_paid(limited_form: Any, limited_form_cost: Any, price_level: Any, open_share: Any) -> Any:
    """What practices that take a limited form pay for it from their own income: accounts, filing, advice."""
    return limited_form * limited_form_cost * price_level * open_share


@rule("GBP", clause=REVIEW, how="modelled", measure="Partner liability taken off")
def partner_liability_lifted(
    closing_liability: Any,
    limited_form: Any,
    partner_lease_liability: Any,
    leases_guaranteed: Any,
    lease_guarantee_in_force: Any,
    tenant_lease_risk: Any,
    landlords_content: Any,
    limited_where_leased: Any,
    owned_share: Any,
    legal_form_in_force: Any,
) -> Any:
    """What partners no longer answer for: leases that the NHS stands behind, and what a limited form limits."""
    guaranteed = partner_lease_liability * leases_guaranteed * lease_guarantee_in_force
    tenants = legal_form_in_force * (1 - owned_share) * limited_where_leased
    return guaranteed + closing_liability * limited_form + tenant_lease_risk * landlords_content * tenants


# -- new partners --------------------------------------------------------------------------------------------------


@rule("people", clause="New to Partnership Payment Scheme, July 2020", how="modelled", whole=True)
def new_partners(partner_heads: Any, new_partners_a_month: Any, new_partner_payment_in_force: Any) -> Any:
    """New partners who are paid in a year, shared out as partners are."""
    heads = first_known(partner_heads, 0.0)
    return new_partner_payment_in_force * new_partners_a_month * 12 * ratio(heads, national(heads))


@rule(
    "GBP per year",
    clause="New to Partnership Payment Scheme, July 2020",
    line="New partner payments",
    how="modelled",
)
def new_partner_payments(
    new_partners: Any, new_partner_payment: Any, new_partner_time: Any, new_partner_extras: Any, price_level: Any
) -> Any:
    """What new partners are paid: a sum for full time, cut to their hours, and what they claim for training and on-costs."""
    return new_partners * (new_partner_payment * new_partner_time + new_partner_extras) * price_level


@rule(
    "full-time equivalents",
    clause="New to Partnership Payment Scheme, July 2020",
    how="modelled",
    measure="Partners who would not have joined without the payment, each year",
)
def partners_gained(new_partners: Any, new_partner_time: Any, new_partner_effect: Any) -> Any:
    """Partners gained in a year, in full-time equivalents: the share of those paid who would not have joined anyway."""
    return new_partners * new_partner_time * new_partner_effect
