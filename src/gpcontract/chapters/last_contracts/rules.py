"""The last contracts: one-year contracts for those who stay, and the package offered to partners.

The last long deal is followed by contracts of one year each until all are converted. A short term costs: a top-up so that
practices stay, dearer loans, and a renewal of every contract every year.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, where
from gpcontract.engine.rules import rule

REPORT = "At Your Service, one-year contracts until the mid-2030s"
PACKAGE = "At Your Service, arrangements for current partners"


@rule("GBP per year", clause=REPORT, line="One-year top-up", how="modelled")
def one_year_top_up(
    staffed_list: Any, held_by_partnership: Any, one_year_top_up_rate: Any, price_level: Any, one_year_contracts: Any
) -> Any:
    """Top-up of a one-year contract, by weighted list, on the part of the list that partners still hold."""
    return staffed_list * held_by_partnership * one_year_top_up_rate * price_level * one_year_contracts


@rule("GBP per year", clause=REPORT, line="Short-term premium on practice loans", how="modelled")
def short_term_premium(
    owned_estate_value: Any,
    held_by_partnership: Any,
    loan_to_value: Any,
    loan_premium: Any,
    one_year_contracts: Any,
) -> Any:
    """What lenders ask more when income is contracted for one year: borne by the top-up contract, or partners leave."""
    return owned_estate_value * held_by_partnership * loan_to_value * loan_premium * one_year_contracts


@rule(
    "GBP per year", clause=REPORT, line="Yearly renewal of contracts", payee="board", fund="elsewhere", how="modelled"
)
def contract_renewal(
    list_size: Any,
    open_share: Any,
    held_by_partnership: Any,
    contract_renewal_cost: Any,
    price_level: Any,
    one_year_contracts: Any,
) -> Any:
    """What a board spends from its running costs to renew a contract each year."""
    contracts = where(list_size > 0, first_known(open_share, 1.0), 0.0)
    return contracts * held_by_partnership * contract_renewal_cost * price_level * one_year_contracts


@rule("full-time equivalents", clause=PACKAGE, measure="Partners who stay partners", how="modelled")
def partners_staying(partners_in_post: Any, converted_share: Any) -> Any:
    """Full-time equivalent partners of lists that stay with partnerships."""
    return partners_in_post * (1 - converted_share)


@rule("GBP per year", clause=PACKAGE, line="Retention payment to partners", how="modelled")
def partner_retention(partners_staying: Any, retention_payment: Any, price_level: Any, partner_package: Any) -> Any:
    """Paid to partners who stay until their list is converted."""
    return partners_staying * retention_payment * price_level * partner_package


@rule("GBP", clause=PACKAGE, line="Offer of employment to partners", fund="once", how="modelled")
def employment_offer(
    partners_in_post: Any, converted_share: Any, employment_payment: Any, price_level: Any, partner_package: Any
) -> Any:
    """Paid once to partners who take employment; never for the list, whose goodwill may not be sold."""
    return partners_in_post * converted_share * employment_payment * price_level * partner_package
