"""From the axis of groups to that of indicators."""

from __future__ import annotations

from typing import Any

from gpcontract.england.assembly.indicators import group_of_indicator


def by_indicator(x: Any) -> Any:
    """A quantity of each indicator's group: (group, draw, year, practice) -> (indicator, draw, year, practice)."""
    return x[group_of_indicator()]
