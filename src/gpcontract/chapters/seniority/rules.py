"""Seniority: paid by years of service, subject to an income test; closed in 2014, ended in 2020.

Years of service are not published, so the line is carried; the rule runs for a practice that brings its own.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import where
from gpcontract.engine.rules import carried, rule


@rule("fraction", clause="SFE, seniority payments (superannuable income fraction)", years="-2019/20", outside=0)
def seniority_share(
    superannuable_income_ratio: Any, seniority_income_ratios: Any, seniority_entitlement_shares: Any
) -> Any:
    """Share of the scale that is paid: all above two thirds of average income, 60% from a third, else nothing."""
    part, full = seniority_income_ratios[0], seniority_income_ratios[1]
    below, between, above = (
        seniority_entitlement_shares[0],
        seniority_entitlement_shares[1],
        seniority_entitlement_shares[2],
    )
    ratio = superannuable_income_ratio
    return where(ratio > full, above, where(ratio >= part, between, below))


@rule("GBP per year", clause="SFE, seniority payments", years="-2019/20", line="Seniority")
def seniority(gps_by_service: Any, seniority_scale: Any, seniority_scale_index: Any, seniority_share: Any) -> Any:
    """Seniority of a practice's GPs: each at the scale's figure for completed years of service, after the income test."""
    return (gps_by_service * seniority_scale).sum(0) * seniority_scale_index * seniority_share


seniority_as_published = carried(
    "seniority",
    "Seniority",
    clause="SFE, seniority payments; ended 31 March 2020, corrections published to 2024/25",
    years="2004/05-2024/25",
    fallback=True,
)
