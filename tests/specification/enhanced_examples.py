"""Published worked numbers of enhanced services, worked out again by their rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpcontract.chapters import load
from gpcontract.chapters.enhanced import rules

VALUES = load("enhanced").values


def childhood_targets(inputs: dict[str, Any]) -> dict[str, float]:
    """A practice of 5,000 with average numbers of children that meets the higher, and that meets the lower target."""
    shares, payments, children = (
        VALUES[f"childhood_target_{name}"].in_year(2005) for name in ("shares", "payments", "average_children")
    )
    assert list(payments) == [inputs["lower"], inputs["higher"]]
    higher, lower = (
        float(rules.childhood_target_payment(c, c, children[0], children[1], shares, payments, children))
        for c in (shares[1], shares[0])
    )
    return {"ratio": higher / lower, "loss_per_gp": (higher - lower) / inputs["wte"]}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {"imm-01": childhood_targets}
