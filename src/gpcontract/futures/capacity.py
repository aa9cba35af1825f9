"""Capacity: the contacts that a practice's people can give in a year."""

from __future__ import annotations

from typing import Any

from .moves import Held


def can_give(held: Held, per_fte: Any, partner_fte: Any, network: Any = 1.0) -> Any:
    """Contacts that a practice's people can give in a year. per_fte: (role, draw, 1): partner, salaried, nurse, direct care.

    network: what the growth of networks' staff, who are counted with nurses and direct care, makes of theirs, a factor.
    """
    return (
        held.partners * (partner_fte * per_fte[0])
        + held.salaried * per_fte[1]
        + (held.nurses * per_fte[2] + held.direct_care * per_fte[3]) * network
    )
