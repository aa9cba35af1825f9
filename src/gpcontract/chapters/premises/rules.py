"""Premises: rent, running costs, and improvement grants.

Reimbursements follow a bill or a valuer, so open data computes none: the line is the published payment, unless a practice
brings its own rent.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import clip, first_known, isnan, minimum, where
from gpcontract.engine.rules import carried, rule

DIRECTIONS = "Premises Costs Directions 2013; 2024"


@rule("GBP per year", clause=DIRECTIONS + ", recurring premises costs: leasehold rent; notional rent")
def rent_reimbursement(premises_rent_paid: Any, premises_market_rent: Any) -> Any:
    """Rent: for a lease the lower of what is paid and the current market rent, for an owner (no rent paid) the market rent."""
    return where(premises_rent_paid > 0, minimum(premises_rent_paid, premises_market_rent), premises_market_rent)


@rule("years", clause=DIRECTIONS + ", premises improvement grants: guaranteed use", years="2013/14-", outside=0)
def grant_years(premises_grant_value: Any, premises_grant_bands: Any, premises_grant_years: Any) -> Any:
    """Years for which the premises must stay in use, and rent is abated, by the band that the grant's value falls in.

    premises_grant_bands: upper bounds (band, draw, year, practice), the last without limit.
    """
    passed = where(premises_grant_value > premises_grant_bands[:-1], 1.0, 0.0)
    return premises_grant_years[0] + (passed * (premises_grant_years[1:] - premises_grant_years[:-1])).sum(0)


@rule("GBP per year", clause=DIRECTIONS + ", abatement of notional rent", years="2013/14-", outside=0)
def rent_abatement(premises_grant_rent: Any, premises_grant_age: Any, grant_years: Any) -> Any:
    """Rent not reimbursed, because a grant paid for what it is charged on: until the grant's years are over."""
    unknown = isnan(premises_grant_rent)
    return where(unknown, 0.0, where(premises_grant_age < grant_years, premises_grant_rent, 0.0))


@rule(
    "GBP per year",
    clause=DIRECTIONS + ", abatement of notional rent",
    name="rent_abatement",
    how="modelled",
    fallback=True,
)
def no_rent_abatement(rent_reimbursement: Any) -> Any:
    """Rent not reimbursed because of a grant, taken as none: no grant was brought."""
    return rent_reimbursement * 0.0


@rule("GBP per year", clause=DIRECTIONS + ", premises improvement grants", years="2013/14-", outside=0)
def improvement_grant(
    premises_project_cost: Any,
    premises_grant_share: Any,
    premises_grant_share_minimum: Any,
    premises_grant_share_maximum: Any,
) -> Any:
    """Grant for an improvement project: the share agreed of its cost, within the least and the greatest allowed."""
    share = clip(premises_grant_share, premises_grant_share_minimum, premises_grant_share_maximum)
    return first_known(premises_project_cost * share, 0.0)


@rule(
    "GBP per year",
    clause=DIRECTIONS + ", premises improvement grants",
    name="improvement_grant",
    how="modelled",
    fallback=True,
)
def no_improvement_grant(rent_reimbursement: Any) -> Any:
    """Grant for an improvement project, taken as none: no project was brought."""
    return rent_reimbursement * 0.0


@rule("GBP per year", clause=DIRECTIONS + ", business rates, water, clinical waste")
def running_costs(premises_running_costs: Any) -> Any:
    """Business rates, water and clinical waste, reimbursed as billed."""
    return first_known(premises_running_costs, 0.0)


@rule(
    "GBP per year",
    clause=DIRECTIONS + ", business rates, water, clinical waste",
    name="running_costs",
    how="modelled",
    fallback=True,
)
def no_running_costs(rent_reimbursement: Any) -> Any:
    """Business rates, water and clinical waste, taken as none: no bill was brought."""
    return rent_reimbursement * 0.0


@rule("GBP per year", clause=DIRECTIONS, line="Premises")
def premises(
    rent_reimbursement: Any, rent_abatement: Any, running_costs: Any, improvement_grant: Any, published_premises: Any
) -> Any:
    """Premises payments of practices that brought their rent, and the published payment of all others."""
    return first_known(rent_reimbursement - rent_abatement + running_costs + improvement_grant, published_premises)


premises_published = carried("premises", "Premises", clause=DIRECTIONS, fallback=True)
