"""Why a contract pays a subject more or less: a step for each mechanism, with what it does in plain words."""

from __future__ import annotations

from typing import Any

from ...contracts.result import Subject
from ...report import charts
from ...report.document import Figure
from ...report.sections.saying import first_up, joined, signed
from ...report.tables import Column, Table
from ..change import steps
from ..desk import Desk
from . import said

MOST = 12  # steps that are shown one by one
LEAST = 0.005  # pounds: what rounds to nothing is nothing

Row = tuple[str, float, str]


def why(here: Desk, subject: Subject, name: str, year: int) -> Figure | None:
    """What each mechanism or edit of a contract adds for this subject, from the national contract to the whole."""
    at, plain = here.frame(year).positions(subject.members), {m.title: m.plain for m in here.contract(name).mechanisms}
    rows = [(s.title, float(s.each[at].sum()) / 100, plain.get(s.title, "")) for s in steps(here, name, year)]
    moving = [r for r in rows if abs(r[1]) >= LEAST]
    if not moving:
        return None
    large = sorted(moving, key=lambda r: -abs(r[1]))[:MOST]
    rest = [r for r in moving if r not in large]
    others = [(f"{len(rest)} others", sum(r[1] for r in rest), "")] if rest else []
    shown = [*(r for r in moving if r in large), *others, ("In all", sum(r[1] for r in rows), "")]
    columns = (Column("step", "Step"), Column("adds", "Adds", "change_pounds"), Column("plain", "In plain words"))
    title = f"From the national contract to {said.in_a_sentence(said.title(here, name))}: {subject.name}"
    table = Table("why", title, columns, tuple(shown), _note(list(plain), moving))
    return Figure(_most(moving), table, charts.waterfall(table, "step", "adds"))


def _most(rows: list[Row]) -> str:
    """What adds most and what takes most away."""
    low, high = min(rows, key=lambda r: r[1]), max(rows, key=lambda r: r[1])
    parts = [(high, "adds most")] if high[1] > 0 else []
    parts += [(low, "takes most away")] if low[1] < 0 else []
    return first_up(joined([f"“{r[0]}” {does} ({signed(r[1], 'change_pounds')})" for r, does in parts]))


def _note(titles: list[str], moving: list[Row]) -> str:
    """How steps are told, and which mechanisms move nothing here."""
    idle: list[Any] = [t for t in titles if t not in {r[0] for r in moving}]
    text = "In the order of the contract: what a step adds can depend on those before it."
    return f"{text} These move no money here in a year: {'; '.join(idle)}." if idle else text
