"""Published national totals of the correction factor, worked out again by sevenths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gpcontract.chapters.income_guarantee import rules
from gpcontract.contracts import Result
from worked_examples import at, in_year

FIRST = 2014


def sevenths(inputs: dict[str, Any]) -> dict[str, float]:
    """What is left of the national total of 2013/14, in millions of pounds."""
    share = in_year("income_guarantee", "correction_factor_share", FIRST + inputs["k"])
    base = np.float64(inputs["implied_2013_14_total_m"])
    return {"national_m": float(rules.correction_factor_by_sevenths(base, share, np.float64(np.nan), 1.0, 1.0, 1.0))}


def national(inputs: dict[str, Any], result: Result) -> dict[str, float]:
    """The correction factors of all GMS practices, each by its own sevenths."""
    y = at(result, FIRST + inputs["k"])
    return {"national_m": float(np.nansum(result.amounts("correction_factor")[0, y])) / 1e6}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {f"mpig-{n:02d}": sevenths for n in range(1, 8)}

CALIBRATIONS: dict[str, Callable[[dict[str, Any], Result], dict[str, float]]] = {
    f"mpig-{n:02d}": national for n in range(1, 8)
}
