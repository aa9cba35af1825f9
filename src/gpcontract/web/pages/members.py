"""Who is in an area: its parts, or its practices, with what a contract would change for each."""

from __future__ import annotations

import numpy as np

from ...contracts.result import Subject
from ...engine.years import year_name
from ...findings.winners import changes
from ...report.tables import Column, Table
from ..desk import Desk
from ..links import link, to
from . import said

BELOW = {"nation": "region", "region": "board", "board": "network"}
PARTS = {"region": "regions", "board": "boards", "network": "networks", "practice": "practices"}

More = tuple[Table, dict[str, str]]


def inside(here: Desk, subject: Subject, year: int, name: str) -> More | None:
    """The parts of an area: regions of England, boards of a region, networks of a board, practices of the others."""
    below = BELOW.get(subject.kind, "practice")
    if below != "practice" and below not in here.england.areas:
        below = "practice"
    return practices(here, subject, year, name) if below == "practice" else areas(here, subject, year, name, below)


def columns(name: str, what: str) -> tuple[Column, ...]:
    """The columns of a list of practices or areas."""
    moved = (
        ()
        if name == "national"
        else (Column("more", "Change", "change_pounds"), Column("change", "Change, %", "change"))
    )
    return (
        Column("name", what), Column("code", "Code"), Column("patients", "Patients", "count"), Column("paid", "Paid in a year", "pounds"),
        Column("each", "For each patient", "pence"), *moved,
    )  # fmt: skip


def areas(here: Desk, subject: Subject, year: int, name: str, below: str) -> More | None:
    """The areas within an area, by sums over their practices."""
    held = here.england.areas[below]
    index = held.index[min(here.at(year), held.index.shape[0] - 1), subject.members]
    money, base, frame = here.money(name, year), here.money("national", year), here.frame(year)
    at = frame.positions(subject.members)
    n = len(held.codes)
    ok = index >= 0

    def sums(x: np.ndarray) -> np.ndarray:
        return np.bincount(index[ok], weights=x[at][ok], minlength=n)

    people, after, before = sums(frame.patients["registered"]), sums(money.pounds), sums(base.pounds)
    rows = []
    for i in np.unique(index[ok]):
        moved = (after[i] - before[i], after[i] / before[i] - 1 if before[i] else None) if name != "national" else ()
        each = after[i] / people[i] if people[i] else None
        rows.append((held.names[i], held.codes[i], people[i], after[i], each, *moved))
    rows.sort(key=lambda r: str(r[0]))
    title = f"The {PARTS[below]} of {subject.name}, {year_name(year)}"
    table = Table("inside", title, columns(name, said.AREA_WORDS[below]), tuple(rows))
    return table, _links(here, below, rows, year, name)


def practices(here: Desk, subject: Subject, year: int, name: str) -> More | None:
    """The practices of an area."""
    return listed(here, subject.members, year, name, "inside", f"The practices of {subject.name}, {year_name(year)}")


def listed(here: Desk, members: np.ndarray, year: int, name: str, what: str, title: str, note: str = "") -> More | None:
    """Some practices, by their positions, with what a contract pays each."""
    money, base, frame = here.money(name, year), here.money("national", year), here.frame(year)
    at = frame.positions(members)
    if not len(at):
        return None
    people, after = frame.patients["registered"][at], money.pounds[at]
    before, moved = base.pounds[at], changes(money, base)[at]
    rows = []
    for i, p in enumerate(at):
        tail = (after[i] - before[i], None if np.isnan(moved[i]) else moved[i]) if name != "national" else ()
        each = after[i] / people[i] if people[i] else None
        rows.append((frame.names[p], frame.codes[p], people[i], after[i], each, *tail))
    table = Table(what, title, columns(name, "Practice"), tuple(rows), note)
    return table, _links(here, "practice", rows, year, name)


def _links(here: Desk, kind: str, rows: list[tuple], year: int, name: str) -> dict[str, str]:
    """The page of each row, under the same contract and year."""
    asked = said.asked_again(here, name, year)
    return {str(r[1]): link(to(kind, str(r[1])), **asked) for r in rows}
