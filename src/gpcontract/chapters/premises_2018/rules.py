"""Premises after the 2018 review: leases that the NHS stands behind.

The review's other proposal, grants for all of an improvement's cost, is an edit of the premises chapter: it stands in the national
contract since May 2024, and moves money only for a practice that brings a project.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known
from gpcontract.engine.rules import rule

REVIEW = "General Practice Premises Policy Review, June 2019"


@rule(
    "GBP per year",
    clause=REVIEW + ", leases of surgeries that matter",
    line="Leases stood behind",
    payee="owner",
    how="modelled",
)
def leases_stood_behind(
    leased_rent: Any,
    on_apms: Any,
    leases_guaranteed: Any,
    last_partner_chance: Any,
    lease_void_years: Any,
    lease_guarantee_in_force: Any,
) -> Any:
    """What the NHS can expect to pay landlords in a year: rent, while nobody takes the building, of practices that close."""
    exposed = first_known(leased_rent, 0.0) * (1 - first_known(on_apms, 0.0)) * leases_guaranteed
    return lease_guarantee_in_force * exposed * last_partner_chance * lease_void_years
