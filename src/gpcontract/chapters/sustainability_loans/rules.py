"""Interest-free loans secured on surgeries that partners own, towards no owner by 2043; leases that boards take.

A loan is lent once and comes back when the building is sold: what it costs is the interest. Rent stays in the premises line,
for it only passes through whoever holds the lease; what the board takes with the lease is its risk.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, minimum, ratio
from gpcontract.engine.rules import rule

LOANS = "National Code of Practice for GP Premises (Scotland, 2017), part B: sustainability loans"
LEASES = "National Code of Practice for GP Premises (Scotland, 2017), part C: leased premises"


@rule("GBP", clause=LOANS, level="nation", how="modelled")
def loan_fund(
    scotland_loan_fund: Any,
    england_per_scotland: Any,
    price_level: Any,
    price_level_2018: Any,
    sustainability_loans_in_force: Any,
) -> Any:
    """Scotland's fund for England's people, in the year's prices."""
    return scotland_loan_fund * england_per_scotland * price_level / price_level_2018 * sustainability_loans_in_force


@rule(
    "GBP",
    clause=LOANS,
    line="Interest-free sustainability loans",
    payee="owner",
    fund="once",
    how="modelled",
    whole=True,
)
def sustainability_loan(owned_estate_price: Any, loan_fund: Any, loan_limit_share: Any) -> Any:
    """The fund shared by the price of owned surgeries, and never more than a share of a building's price."""
    price = first_known(owned_estate_price, 0.0)
    return minimum(loan_fund * ratio(price, national(price)), price * loan_limit_share)


@rule(
    "GBP per year",
    clause=LOANS,
    line="Interest not charged on loans",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def interest_foregone(sustainability_loan: Any, loan_interest_rate: Any) -> Any:
    """What the lender would have been paid: borne by the Treasury and the boards, a gain of the owners."""
    return sustainability_loan * loan_interest_rate


@rule("GBP per year", clause=LOANS, measure="Buying still to do, each year to 2043", how="modelled")
def buying_left_each_year(
    owned_estate_price: Any, sustainability_loan: Any, years_to_no_owner: Any, sustainability_loans_in_force: Any
) -> Any:
    """What is left to buy of surgeries that partners own when the first loans are lent, over the years to the aim."""
    left = first_known(owned_estate_price, 0.0) * sustainability_loans_in_force - sustainability_loan
    return left / years_to_no_owner


@rule("GBP per year", clause=LEASES, line="Leases held by boards", payee="board", how="modelled")
def board_lease_cost(
    leased_rent: Any,
    lease_closure_rate: Any,
    empty_years: Any,
    lease_charges_share: Any,
    leases_with_boards: Any,
) -> Any:
    """What leases are expected to cost a board beyond the rent paid today: empty surgeries, and charges not reimbursed."""
    risk = lease_closure_rate * empty_years + lease_charges_share
    return first_known(leased_rent, 0.0) * risk * leases_with_boards


@rule("GBP", clause=LEASES, measure="Lease liability moved to boards", how="modelled")
def lease_liability_with_boards(lease_liability: Any, leases_with_boards: Any) -> Any:
    """Unexpired rent, at present value, that partners no longer answer for."""
    return first_known(lease_liability, 0.0) * leases_with_boards
