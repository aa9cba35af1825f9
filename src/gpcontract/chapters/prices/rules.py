"""Prices: what a figure written in prices of 2024/25 is in another year."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.rules import rule


@rule("ratio", clause="HM Treasury, GDP deflators at market prices")
def price_level(price_index: Any) -> Any:
    """Prices of the year as a multiple of those of 2024/25."""
    return price_index
