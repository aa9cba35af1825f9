"""From the axis of groups to that of indicators, and sums by domain."""

from __future__ import annotations

from typing import Any

from gpcontract.england.assembly.indicators import domain_of_indicator, group_of_indicator


def by_indicator(x: Any) -> Any:
    """A quantity of each indicator's group: (group, draw, year, practice) -> (indicator, draw, year, practice)."""
    return x[group_of_indicator()]


def of_domain(x: Any, domain: str) -> Any:
    """The sum over the indicators of a domain (CL, PH, QI): (indicator, draw, year, practice) -> (draw, year, practice)."""
    return x[domain_of_indicator(domain)].sum(0)
