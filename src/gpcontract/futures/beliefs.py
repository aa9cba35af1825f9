"""Beliefs: every figure that the years ahead rest on, in each draw and year, with the knobs that a person turns.

A knob is an edit of a figure, as reforms are edits of a contract's values: dated, with its own range if it has one, and with a hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.draws import drawn, drawn_edit
from ..engine.edits import Reform, ValueEdit, apply
from ..engine.errors import InputError, nearest
from . import possible
from .figures import STANDS, figures, last_year, moving


@dataclass(frozen=True)
class Beliefs:
    """Figures by name: (draw or 1, year) for a plain one, (key, draw or 1, year) for a table. Draw 0 is central."""

    arrays: Mapping[str, Any]

    def block(self, draws: slice) -> Beliefs:
        """The same for some of the draws."""
        return Beliefs({n: x if x.shape[-2] == 1 else x[..., draws, :] for n, x in self.arrays.items()})

    def of(self, draws: Any) -> Beliefs:
        """The same for draws by their numbers."""
        return Beliefs({n: x if x.shape[-2] == 1 else x[..., draws, :] for n, x in self.arrays.items()})

    def year(self, at: int) -> dict[str, Any]:
        """The figures of one year: (draw or 1, 1), or (key, draw or 1, 1) for a table."""
        return {n: x[..., at : at + 1] for n, x in self.arrays.items()}


def beliefs(years: tuple[int, ...], draws: int, seed: int, knobs: Reform | None = None) -> Beliefs:
    """Every figure over some years and draws, with the edits of `knobs`. The first draws are the same however many are asked for."""
    edits = check(knobs, years)
    made = {}
    for name, value in moving().items():
        known = tuple(min(y, last_year(value)) for y in years)
        mine = tuple(drawn_edit(e, draws, seed) for e in edits if e.value == name)
        x = drawn(value, known, draws, seed)
        made[name] = apply(mine, {name: x}, {name: value.keys}, years).get(name, x)[..., 0]
    return Beliefs(made)


def check(knobs: Reform | None, years: tuple[int, ...] = ()) -> tuple[ValueEdit, ...]:
    """The edits of figures; an error where there is no such figure, or an edit is of rules or chapters.

    years: of a run, the starting one and those ahead. Where they are known, so is an error where an edit reaches nothing in them, or
    makes a figure what it cannot be anywhere in its range.
    """
    if knobs is None:
        return ()
    for edit in knobs.edits:
        if not isinstance(edit, ValueEdit):
            raise InputError(f"'{edit.kind}' does not edit a figure", expected="set, scale or add")
        if edit.value not in moving():
            what = f": {STANDS[edit.value]}" if edit.value in figures() else ""
            raise InputError(
                f"no knob turns '{edit.value}'{what}" if what else f"the years ahead rest on no figure '{edit.value}'",
                expected="a figure that `gpcontract simulate --knobs` lists",
                hint=nearest(edit.value, moving()),
            )
        if years:
            possible.reaches(edit, years)
    if years:
        _possible(knobs.value_edits, years)
    return knobs.value_edits


def _possible(edits: Sequence[ValueEdit], years: tuple[int, ...]) -> None:
    for name in dict.fromkeys(e.value for e in edits):
        mine = [e for e in edits if e.value == name]
        possible.within(name, possible.ends(name, mine, years), " with ".join(e.said for e in mine))
