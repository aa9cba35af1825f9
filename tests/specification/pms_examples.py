"""Published worked numbers of PMS, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpcontract.chapters.pms import rules
from worked_examples import in_year


def premium(inputs: dict[str, Any]) -> dict[str, float]:
    """The whole premium of 2013/14: its linked part over the share that is left once all of the other part is gone."""
    linked, unlinked = (in_year("pms", f"pms_premium_{n}", 2013) for n in ("linked", "unlinked"))
    assert (linked, unlinked) == (inputs["linked"], inputs["unlinked"])
    return {"total": linked / rules.pms_premium_left(linked, unlinked, 0.0)}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {"pms-01": premium}
