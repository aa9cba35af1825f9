"""What each draw takes uncertain figures to be: one number a draw for each, so that one can ask which of them matters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from .. import chapters
from . import fits as fitting
from .figures import figures
from .possible import ALIKE, SHAPES
from .simulate import Plan

Array = npt.NDArray[np.float64]
ASSUMED = "assumed:"  # stands before the name of a figure that a contract assumes
FITTED = {  # what is fitted on the past and drawn within its errors, by the name that outputs give it
    "fit:log_list": "How ends of contracts fall with list size, fitted",
    "fit:small": "How much likelier very small practices are to end, fitted",
    "fit:shrinking": "How much likelier shrinking practices are to end, fitted",
    "fit:ends": "National wave of ends of contracts, as in past years",
    "fit:growth": "Growth of England's lists, as in past years",
    "fit:carry": "How far growth of a list carries on, fitted",
}


def drawn_figures(plan: Plan, draws: Sequence[int] | npt.NDArray[np.int64]) -> dict[str, Array]:
    """Figures that differ between a plan's draws, for some of the draws: a table is one factor on its central figures.

    Those of which one factor on all changes nothing are left out.
    """
    at = np.asarray(draws)
    found: dict[str, Array] = {}
    if not len(at):
        return found
    for name, x in plan.beliefs.arrays.items():
        if name not in (*ALIKE, *SHAPES) and x.shape[-2] > 1 and (varies := _one(x)) is not None:
            found[name] = varies[at]
    for contract in plan.chances:
        for name, x in contract.drawn(plan.draws, plan.seed).items():
            if np.ptp(x) > 0 and name not in found:  # a figure of both has one luck, and is one
                found[f"{ASSUMED}{name}"] = x[at]
    if plan.draws > 1:
        made = fitting.drawn(plan.fits, at, plan.seed, plan.years[1:], plan.start.places.boards)
        for name in ("log_list", "small", "shrinking"):
            found[f"fit:{name}"] = np.broadcast_to(made.exit[name][:, 0], at.shape).copy()
        found["fit:ends"] = made.exit_year.mean(1)
        found["fit:growth"] = made.area.mean((1, 2))
        found["fit:carry"] = np.broadcast_to(made.carry[:, 0], at.shape).copy()
    return found


@cache
def title(name: str) -> str:
    """What an uncertain figure is, in words."""
    if name in FITTED:
        return FITTED[name]
    plain = name.removeprefix(ASSUMED)
    if plain == name:
        return figures()[name].title
    held = (chapters.load(c).values for c in chapters.names())
    return next((values[plain].title for values in held if plain in values), plain.replace("_", " "))


def _one(x: Array) -> Array | None:
    """One number a draw: the sum over keys and years moves with the only thing that was drawn. None where nothing varies."""
    flat = np.moveaxis(x, -2, 0).reshape(x.shape[-2], -1)
    moving = flat[:, np.ptp(flat, axis=0) > 0]
    return moving.mean(1) if moving.shape[1] else None
