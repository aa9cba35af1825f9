"""Published worked numbers of dispensing, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from gpcontract.chapters import load
from gpcontract.chapters.dispensing import rules

VALUES = load("dispensing").values


def on(name: str, day: date) -> np.ndarray:
    """A table's figures on a day."""
    (found,) = (e.value for e in VALUES[name].entries if e.status != "superseded" and e.first <= day <= e.last)
    return np.asarray(found, float)


def a_month(inputs: dict[str, Any]) -> dict[str, float]:
    """One practitioner's month at the scale of October 2025: a twelfth of a year of like months."""
    day = date(2025, 10, 1)
    year = inputs["prescriptions"] * 12
    fee = rules.dispensing_fee(
        rules.monthly_volume(year, 1), on("dispensing_fee_bands", day), on("dispensing_fee_pence", day)
    )
    assert fee == inputs["rate_pence"]
    return {"fees": float(rules.dispensing_fees(year, fee, np.nan)) / 12}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {"disp-01": a_month}
