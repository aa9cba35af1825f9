"""What a figure can be at all, and in which years it is read: what knobs are held to, and the ranges that draws are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.edits import Scale, ValueEdit, apply
from ..engine.errors import InputError
from ..engine.years import year_name
from .figures import found, last_year

Array = npt.NDArray[np.float64]
ANY = (0.0, np.inf)  # counts, pounds, ratios and all else: nothing or more
UNITS = {  # what a unit begins with, and what can be counted in it
    "fraction": (0.0, 1.0),
    "births per woman": (0.0, 1.0),
    "deaths per": (0.0, 0.9),
    "index per": (-1.0, 1.0),
    "index": (0.0, 1.0),
    "percentage points": (0.0, 100.0),
    "full-time equivalents per head": (0.1, 1.5),
    "elasticity": (-10.0, 10.0),
    "log odds": (-10.0, 10.0),
}
GROWTH = (-0.5, 1.0)  # of figures that are growth a year: from half to twice
LIMITS = {  # where the unit does not say it
    "continuity_admissions_effect": (-1.0, 1.0),
    "gp_leaving_rate": (0.0, 0.5),
    "hard_exit_share": (0.0, 0.999),  # some practice is always taken over
    "neighbour_distance": (0.1, 1000.0),
    "provider_exit_ratio": (0.0, 2.0),
    "partner_leaving_ratio": (0.0, 5.0),
    "announcement_leaving": (0.0, 10.0),
    "trust_admission_ratio": (0.0, 2.0),
    "continuity_sizes": (1.0, 1e6),
    "partner_income": (1.0, 400_000.0),  # about what there is to draw from
    "trainees_yearly": (0.0, 100_000.0),
    "other_joiners": (0.0, 100_000.0),
    "reversal_after": (0.0, 40.0),
    "lease_years_left": (0.0, 125.0),
    "discount_rate": (0.001, 1.0),
}
WHOLE = ("reversal_after",)
SOME = (
    "partner_age_shares",
    "salaried_age_shares",
    "newcomer_mobility",
    "contacts_by_band",
    "contacts_per_fte",
)  # not all 0
PARTS = ("contractor_expense_shares",)  # of one whole
RISING = ("continuity_sizes",)  # each entry more than the one before
NONE = {"ageing_share": ("male_85+", "female_85+")}  # entries that are 0: no band follows
START_ALONE = ("locum_share", "salaried_age_shares", "partner_income", "conversion_deprivation_tilt")
FIRST_ALONE = ("announcement_leaving",)  # the first year ahead
START_TOO = (  # read in the starting year as in those ahead; the others are read in those ahead alone
    "contacts_by_band", "contacts_per_fte", "gp_leaving_rate", "partner_leaving_ratio", "partner_age_shares", "contractor_expense_shares",
    "staff_cost_per_fte", "continuity_sizes", "continuity_small", "continuity_large", "trainees_yearly", "partner_fte_per_head",
    "salaried_fte_per_head", "rent_share_of_premises", "owned_share", "discount_rate", "lease_years_left", "lease_exit_share", "closing_cost_per_patient",
)  # fmt: skip
ALIKE = ("contacts_by_band", "contacts_per_fte", "staff_cost_per_fte")  # one factor on all, the start too, cancels out
SHAPES = ("newcomer_mobility", "salaried_age_shares", "partner_age_shares")  # one factor on all cancels out in any year
UNREAD = {"contractor_expense_shares": {"employee": "staff_cost_per_fte"}}  # entries, and what is read in their place


def limits(name: str) -> tuple[float, float]:
    """The least and the most that a figure can be."""
    if name in LIMITS:
        return LIMITS[name]
    if name.endswith("_growth"):
        return GROWTH
    unit = found(name).unit
    return next((ends for begins, ends in UNITS.items() if unit.startswith(begins)), ANY)


def is_share(name: str) -> bool:
    """Whether a figure can be said in percent."""
    return found(name).unit.startswith(("fraction", "ratio"))


def ends(name: str, edits: Sequence[ValueEdit], years: tuple[int, ...]) -> Array:
    """A figure at the low end of its range, in the middle and at the high end, after some edits: (*keys, end, year, 1)."""
    value = found(name)
    entry = value.entries[-1]
    central = value.yearly(tuple(min(y, last_year(value)) for y in years))
    none = 1.0 if value.shape else float(entry.value)
    low, high = entry.range or (none, none)
    change = np.array([low, none, high])[:, None, None]
    x = central * change if value.shape else central + (change - none)
    made = []
    for at in range(3):
        mine = [e if e.range is None else replace(e, amount=(e.range[0], e.amount, e.range[1])[at]) for e in edits]
        made.append(apply(mine, {name: x}, {name: value.keys}, years).get(name, x))
    return np.concatenate(np.broadcast_arrays(*made), axis=-3)


def within(name: str, x: Any, said: str) -> None:
    """An error where a figure is what it cannot be. x: figures, entries of a table first.  said: what makes it so."""
    low, high = limits(name)
    x = np.asarray(x, np.float64)
    value = found(name)
    wrong = x[~((x >= low - 1e-9) & (x <= high + 1e-9))]
    expected = f"{low:,g} or more" if high == np.inf else f"{low:,g} to {high:,g}"
    if name in WHOLE and not wrong.size:
        wrong, expected = x[x != np.round(x)], f"a whole number, {expected}"
    if wrong.size:
        raise InputError(
            f"{said} makes {name} {wrong.flat[0]:,g}", expected=f"{expected} ({value.unit})", hint=f"{name}: {value.title}"
        )  # fmt: skip
    if name in SOME and value.shape == x.shape[: len(value.shape)] and not (x.sum(0) > 0).all():
        raise InputError(f"{said} makes all of {name} 0", expected="some above 0", hint=f"{name}: {value.title}")
    if name in PARTS and not (x.sum(0) <= 1 + 1e-9).all():
        raise InputError(
            f"{said} makes {name} more than the whole", expected="1 or less together", hint=f"edit one: {name}[KEY]=..."
        )
    for key in NONE.get(name, ()):
        if x[next(iter(value.keys.values())).index(key)].any():
            raise InputError(f"{said} makes {name}[{key}] more than 0", expected="0", hint=f"edit one: {name}[KEY]=...")
    if name in RISING and not (np.diff(x, axis=0) > 0).all():
        order = " < ".join(next(iter(value.keys.values())))
        raise InputError(f"{said} leaves {name} out of order", expected=order, hint=f"edit one: {name}[KEY]=...")


def read_in(name: str, years: tuple[int, ...]) -> tuple[int, ...]:
    """The years of a run in which a figure is read. years: the starting one and those ahead."""
    if name in START_ALONE:
        return years[:1]
    if name in FIRST_ALONE:
        return years[1:2]
    return years if name in START_TOO else years[1:]


def reaches(edit: ValueEdit, years: tuple[int, ...]) -> None:
    """An error where an edit of a figure reaches nothing in a run: it is of no year in which the figure is read, or it cancels out."""
    name, of = edit.value, read_in(edit.value, years)
    if not edit.shares(of).any():
        when = year_name(of[0]) + (f" to {year_name(of[-1])}" if len(of) > 1 else " alone")
        raise InputError(
            f"{edit.said} changes nothing: {name} is read in {when}", expected=f"years that hold {year_name(of[0])}",
            hint="leave out the years and it holds for all",
        )  # fmt: skip
    if edit.key in (entries := UNREAD.get(name, {})):
        other = entries[edit.key]
        raise InputError(f"{edit.said} changes nothing: {edit.target} is not read", expected=f"an edit of {other}")
    if isinstance(edit, Scale) and edit.key is None and _cancels(edit, years):
        raise InputError(
            f"{edit.said} changes nothing: how the entries of {name} stand to each other, or to the start, is all that is read",
            expected="an edit of one entry" + (", or from the first year ahead on" if name in ALIKE else ""),
            hint=f"{name}[KEY]=...; keys: {', '.join(next(iter(found(name).keys.values())))}",
        )  # fmt: skip


def _cancels(edit: Scale, years: tuple[int, ...]) -> bool:
    return edit.value in SHAPES or (edit.value in ALIKE and bool((edit.shares(years) >= 1).all()))
