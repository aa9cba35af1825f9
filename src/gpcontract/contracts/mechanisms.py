"""Mechanisms: the things a proposal would do, each with its ids in the inventory of the debate, a switch or edits, and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..engine.edits import Add, Cap, Edit, PhaseIn, Reform, Scale, Set, ValueEdit
from ..engine.errors import InputError
from ..engine.years import year_name


@dataclass(frozen=True)
class Mechanism:
    """One thing that a proposal would do.

    ids: where the debate's inventory names it.  switch: a value of the contract, 0 to 1, that its rules multiply by; 1 is in
    force.  edits: what it changes of other values, rules and chapters.  first, full, last: the years in which it starts, is
    wholly in force (by equal steps from the first), and ends; None where the proposal sets no end or no date.  plain: what it
    does to a surgery's money, in words for anybody.
    """

    name: str
    title: str
    ids: tuple[str, ...] = ()
    about: str = ""
    switch: str | None = None
    edits: tuple[Edit, ...] = ()
    first: int | None = None
    full: int | None = None
    last: int | None = None
    plain: str = ""

    @property
    def timeline(self) -> str:
        """Its dates in words: 'from 2025/26, in full by 2029/30'."""
        if self.first is None:
            return "no date given"
        said = f"from {year_name(self.first)}"
        said += f", in full by {year_name(self.full)}" if self.full not in (None, self.first) else ""
        return said + (f", until {year_name(self.last)}" if self.last is not None else "")

    def to_dict(self) -> dict[str, Any]:
        """The mechanism as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "ids": list(self.ids),
            "plain": self.plain,
            "about": self.about,
            "switch": self.switch,
            "edits": [e.as_dict() for e in self.edits],
            "timeline": self.timeline,
        }


def in_full(mechanisms: Iterable[Mechanism], on: Iterable[str] | None = None) -> Reform:
    """The steady state: every mechanism wholly in force in all years; with `on`, only those named, and the others' switches off."""
    wanted = None if on is None else frozenset(on)
    edits: list[Edit] = []
    for m in mechanisms:
        if wanted is None or m.name in wanted:
            edits += m.edits
        elif m.switch:
            edits.append(Set(m.switch, 0, note=f"without: {m.title}"))
    return Reform(tuple(edits))


def on_timeline(mechanisms: Iterable[Mechanism], later: int = 0) -> Reform:
    """The mechanisms as dated: nothing before the first year, equal steps to the full one. `later` moves all dates by years."""
    return Reform(tuple(e for m in mechanisms for e in _dated(m, later)))


def _dated(m: Mechanism, later: int) -> Iterator[Edit]:
    if m.first is None:
        yield from m.edits
        return
    first, full = m.first + later, (m.full or m.first) + later
    last = None if m.last is None else m.last + later
    if m.switch:
        yield Set(m.switch, 0, years=f"-{year_name(first - 1)}")
        for year in range(first, full):
            yield Set(m.switch, (year - first + 1) / (full - first + 1), years=year_name(year))
        if last is not None:
            yield Set(m.switch, 0, years=f"{year_name(last + 1)}-")
    for edit in m.edits:
        yield from _phased(edit, first, full, last)


def _phased(edit: Edit, first: int, full: int, last: int | None) -> Iterator[Edit]:
    """An edit from its first year on, growing by equal steps to the full one."""
    rest = f"{year_name(full)}-{'' if last is None else year_name(last)}"
    whole = f"{year_name(first)}-{'' if last is None else year_name(last)}"
    if full == first or not isinstance(edit, ValueEdit) or isinstance(edit, (PhaseIn, Cap)):
        yield _in_years(edit, whole)
    elif isinstance(edit, (Scale, Add)):
        for year in range(first, full):
            share = (year - first + 1) / (full - first + 1)
            part = 1 + share * (edit.amount - 1) if isinstance(edit, Scale) else share * edit.amount
            yield replace(edit, amount=part, years=year_name(year), range=None)
        yield replace(edit, years=rest)
    elif isinstance(edit, Set) and last is None:
        span = f"{year_name(first)}-{year_name(full)}"
        yield PhaseIn(edit.value, edit.amount, span, edit.key, edit.note, edit.range)
    else:
        raise InputError(
            f"'{edit.kind}' on {edit.target} cannot both grow by steps and end",
            expected="scale or add, or no `until`, or no `full_by`",
        )


def _in_years(edit: Edit, years: str) -> Edit:
    return replace(edit, years=years)  # type: ignore[call-arg]
