"""Published worked numbers of locum reimbursement, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from gpcontract.chapters import load
from gpcontract.chapters.locum import rules

VALUES = load("locum").values
BEFORE, AFTER = date(2024, 8, 31), date(2024, 9, 1)


def on(name: str, day: date) -> float:
    """A plain value's figure on a day."""
    (found,) = (e.value for e in VALUES[name].entries if e.status != "superseded" and e.first <= day <= e.last)
    return float(found)


def paid(week: Callable[[float, date], float], inputs: dict[str, Any]) -> dict[str, float]:
    """A week whose invoice is far above the ceiling, before the uplift and after it."""
    dear = 100 * inputs["old"]
    old, new = float(week(dear, BEFORE)), float(week(dear, AFTER))
    assert old == inputs["old"]
    assert round(old * (1 + inputs["uplift"]), 2) == new
    return {"new": new}


def sick_week(invoice: float, day: date) -> float:
    waiting = on("locum_sickness_waiting_weeks", day)
    return rules.sickness_cover(waiting + 1, invoice, waiting, on("locum_ceiling", day))


def suspended_week(invoice: float, day: date) -> float:
    return rules.suspension_cover(1, invoice, on("locum_suspension_ceiling", day))


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "loc-02": lambda inputs: paid(sick_week, inputs),
    "loc-03": lambda inputs: paid(suspended_week, inputs),
}
