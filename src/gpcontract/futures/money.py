"""Money over a year: what each practice is paid on its terms, what its staff and the rest cost, and what each partner draws.

In pounds of the starting year's prices. Of a practice's income part goes to premises and other expenses, staff cost what they cost, and
partners draw what is left. Costs are scaled once, so that in the starting year England's partners draw what is published.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..engine.arrays import maximum, namespace
from .moves import Held

LEAST_DRAWN = 10_000.0  # pounds a year: below it drawings are no guide to what a partner does, and count as this


class Paid(NamedTuple):
    """Pounds in a year. practice: income of each practice for its patients without drugs; all: with networks and others, drugs too."""

    practice: Any
    all: Any


class Drawn(NamedTuple):
    """What partners live on. profit: of each practice, its part that partners hold.  each: drawings of a partner (0 where there is none).  heads: partners."""

    profit: Any
    each: Any
    heads: Any


def paid(
    rates: Any,
    patients: Any,
    weighted: Any,
    surgery: Any,
    inside: Any,
    chance: Any,
    level: Any,
    network: Any,
    two_states: bool,
) -> Paid:
    """Pounds paid on a contract's terms of the year.

    rates: (state, follows, practice).  surgery: pounds that go with buildings, at the contract's own level.  inside: the part of each
    practice that is inside.  chance: what the draw makes of the contract's assumed figures: parts of all that is paid, added to what
    practices and what others are paid.  level: of prices.  network: what the growth of money for networks' staff makes of what
    others are paid, a factor.
    two_states: whether anything can be inside at all.
    """
    practice = rates[0, 0] * weighted + rates[0, 1] * patients
    others = rates[0, 3] * patients
    if two_states:
        practice = practice + inside * ((rates[1, 0] - rates[0, 0]) * weighted + (rates[1, 1] - rates[0, 1]) * patients)
        others = others + inside * ((rates[1, 3] - rates[0, 3]) * patients)
    own, others = (practice + surgery) * level, others * (level * network)
    whole = own + others
    income = own + chance[0] * whole
    return Paid(income, whole + (chance[0] + chance[1]) * whole)


def staff_cost(held: Held, cost: Any) -> Any:
    """What a practice's staff cost at full cost, before England's scale. cost: (role, draw, 1): salaried, nurse, direct care, admin."""
    return held.salaried * cost[0] + held.nurses * cost[1] + held.direct_care * cost[2] + held.admin * cost[3]


def drawings(income: Any, spent: Any, other_share: Any, partnership: Any, partners: Any, scale: Any, pay: Any) -> Drawn:
    """What partners draw: income less other expenses less staff. partnership: the part of each practice that partners hold."""
    xp = namespace(income)
    profit = (income * (1.0 - other_share) - spent * (scale * pay)) * partnership
    there = partners > 1e-9
    return Drawn(profit, xp.where(there, profit / xp.where(there, partners, 1.0), 0.0), partners)


def log_change(now: Any, base: Any) -> Any:
    """Log change of drawings from those of the start, both at least LEAST_DRAWN."""
    xp = namespace(now)
    return xp.log(maximum(now, LEAST_DRAWN) / base)
