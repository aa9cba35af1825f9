"""The knobs that people ask for first: each is an edit of one figure from the first year ahead on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..engine.errors import InputError
from ..engine.years import year_name

if TYPE_CHECKING:
    from ..engine.edits import Reform

KNOBS = {  # the figure each sets, and what it is
    "funding_growth": ("funding_growth", "Real growth a year of the contract's prices"),
    "pay_growth": ("pay_growth", "Real growth a year of pay"),
    "gp_training": ("trainees_yearly", "Doctors who begin GP training each year"),
    "additional_roles": ("additional_roles_growth", "Real growth a year of additional roles in networks"),
    "reversal_after": ("reversal_after", "Years after which the contract is taken back"),
    "announcement": ("announcement_leaving", "Factor on partners' leaving in the year a mandatory end is announced"),
}


def turned(options: Mapping[str, str | None], first: int, spelled: str = "{name}") -> Reform:
    """The edits of the knobs that are given, from the first year ahead on. spelled: how a knob is called where it is given."""
    from ..engine.edits import Reform, Set

    made = Reform()
    for name, given in options.items():
        if given is None:
            continue
        share = given.strip().endswith("%")
        try:
            amount = float(given.strip().rstrip("%").replace(",", "")) / (100 if share else 1)
        except ValueError:
            raise InputError(
                f"{spelled.format(name=name.replace('_', '-'))} {given[:40]} is not a number",
                expected="0.02, 2% or 4500",
            ) from None
        made = made + Reform.of(Set(KNOBS[name][0], amount, f"{year_name(first)}-"))
    return made
