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
    from .possible import within

    made = Reform()
    for name, given in options.items():
        if given is None:
            continue
        figure, said = KNOBS[name][0], f"{spelled.format(name=name.replace('_', '-'))} {given[:40]}"
        amount = _amount(given.strip(), figure, said)
        within(figure, amount, said)
        made = made + Reform.of(Set(figure, amount, f"{year_name(first)}-"))
    return made


def _amount(given: str, name: str, said: str) -> float:
    """The number that a figure is set to. Shares and ratios may be said in percent."""
    from .figures import figure, found
    from .possible import is_share

    percent, share = given.endswith("%"), is_share(name)
    try:
        amount = float(given.removesuffix("%").replace(",", ""))
    except ValueError:
        raise InputError(f"{said} is not a number", expected="0.02 or 2%" if share else "4500") from None
    if percent and not share:
        raise InputError(
            f"{said} is in percent", expected=f"a number of {found(name).unit}", hint=f"it is {figure(name):,g} now"
        )
    return amount / 100 if percent else amount
