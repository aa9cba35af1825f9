"""Outcomes over a year, where evidence supports an effect: continuity, emergency admissions, and care once paid for by the quality framework."""

from __future__ import annotations

from typing import Any

from ..engine.arrays import clip, namespace


def continuity(log_list: Any, small: Any, large: Any, sizes: Any, typical: float) -> Any:
    """The usual-provider index by list size: the small practice's, the large one's, and between them by log list. sizes: (2, draw, 1)."""
    xp = namespace(log_list)
    low, high = xp.log(sizes[0] / typical), xp.log(sizes[1] / typical)
    return small + (large - small) * clip((log_list - low) / (high - low), 0.0, 1.0)


def admissions(continuity_change: Any, effect: Any, trust_share: Any, trust_ratio: Any, avoidable: Any) -> Any:
    """Emergency admissions over what they would be: avoidable ones follow continuity (effect for a fifth more), all follow trusts."""
    by_continuity = 1.0 + avoidable * effect * continuity_change / 0.2
    return by_continuity * (1.0 + trust_share * (trust_ratio - 1.0))
