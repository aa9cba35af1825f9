"""Published worked numbers of seniority, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpcontract.chapters import load
from gpcontract.chapters.seniority import rules

VALUES = load("seniority").values


def income_test(inputs: dict[str, Any]) -> dict[str, float]:
    """The share of the scale for a GP with this superannuable income, against the final average of 2015/16."""
    ratios, shares = (VALUES[f"seniority_{n}"].in_year(2015) for n in ("income_ratios", "entitlement_shares"))
    return {"share": float(rules.seniority_share(inputs["income"] / inputs["average"], ratios, shares))}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {"sen-04": income_test}
