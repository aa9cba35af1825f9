"""Claims: what people say in the debate, each with its number, its range, what it rests on and what it cannot tell."""

from __future__ import annotations

import logging

from django.http import HttpRequest

from ...engine.years import year_name
from ...findings import claims as room
from ...findings import inventory
from ...futures import claims as forward
from ...report import answers as words
from ...report.comparison import between
from ...report.document import Figure, Section
from ...report.tables import Column, Table
from ...report.text import inventory_table
from .. import asked, beside
from ..desk import Desk, desk
from ..errors import NotHere
from ..page import Page
from . import said

log = logging.getLogger("gpcontract.web")
TRAIL = (*said.HOME, ("Claims", "/claims"))
THEMES = {
    "access": "Access to care", "equity": "Fairness", "estate": "Buildings", "history": "What happened", "local": "Local money",
    "money": "Money", "ownership": "Who owns practices", "proposals": "The proposals", "quality": "Quality", "size": "Size",
    "workforce": "The workforce", forward.THEME: "Years ahead",
}  # fmt: skip


def answers(here: Desk) -> dict[str, room.Answer]:
    """Every claim's answer for the desk's own year, made once."""

    def make() -> dict[str, room.Answer]:
        results = {n: here.result(n, here.year) for n in here.six}
        world = room.World(here.england, here.year, results)
        return {n: room.answer(n, world) for n in room.names()}

    found: dict[str, room.Answer] = here.once("claims", make)
    return found


def ahead(here: Desk) -> dict[str, room.Answer] | None:
    """The answers of claims about years ahead; None while they are being worked out, which takes minutes."""
    if not here.where:
        return {}
    try:
        found: dict[str, room.Answer] | None = here.later.get(
            "onward", lambda: beside.answers(here.where, here.england, here.year)
        )
    except RuntimeError:
        log.exception("claims about years ahead are left out")
        return {}
    return found


def claims(request: HttpRequest) -> Page:
    """All claims, theme by theme, with the verdict on each; of one theme or verdict if asked."""
    here = desk()
    further = ahead(here)
    every = answers(here) | (further or {})
    theme = asked.choice(request, "theme", tuple(THEMES), "")
    verdict = asked.choice(request, "verdict", tuple(room.VERDICTS), "")
    shown = [a for a in every.values() if theme in ("", a.claim.theme) and verdict in ("", a.verdict)]
    counts = {v: sum(a.verdict == v for a in every.values()) for v in room.VERDICTS}
    table = words.table("all", f"Claims of the debate, {year_name(here.year)}", shown)
    told = ", ".join(f"{n} {_plural(v, n)}" for v, n in counts.items() if n)
    return Page(
        "What people say, and whether it holds",
        f"{len(every)} statements of the debate, each set against figures: {told}.",
        "claims.html",
        trail=said.HOME,
        facts=_facts(here),
        tables=(table,),
        data={"claims": [a.to_dict() for a in shown], "theme": theme, "verdict": verdict, "complete": further is not None},
        done=further is not None,
        extra={
            "themes": [(k, THEMES[k], [a for a in shown if a.claim.theme == k]) for k in THEMES],
            "theme": theme, "verdict": verdict, "verdicts": room.VERDICTS, "theme_names": THEMES, "waiting": 0 if further is not None else len(forward.names()), "number": words.number, "span": words.span,
        },
    )  # fmt: skip


def _plural(verdict: str, n: int) -> str:
    one = {
        "holds": "hold",
        "does not hold": "do not hold",
        "depends": "depend on what is assumed",
        "cannot be computed": "cannot be computed",
    }
    many = one.get(verdict, verdict)
    return verdict if n == 1 else many


def _facts(here: Desk) -> dict[str, str]:
    return {
        "England": here.england.title,
        "Year": year_name(here.year),
        "Contracts": "; ".join(said.title(here, n) for n in here.six),
        "Counted by": "what each statement says",
        "Assumed": "marked on each input; ranges are of all inputs over their ranges",
    }


def claim(request: HttpRequest, name: str) -> Page:
    """One claim in full."""
    here = desk()
    every = answers(here)
    if name in forward.names():
        further = ahead(here)
        if further is None:
            said_ = "This is answered from runs of the years ahead, which take some minutes. They are under way."
            return Page(forward.forward_of(name).claim.says, said_, "working.html", TRAIL, _facts(here), status=202)
        every = every | further
    if name not in every:
        raise NotHere(f"there is no claim '{name[:60]}'", expected="one that the claims page lists")
    a = every[name]
    columns = (
        Column("title", "Rests on"), Column("figure", "Figure"), Column("range", "Range"), Column("grade", "Grade"), Column("assumed", "Assumed"),
        Column("source", "Source"),
    )  # fmt: skip
    rows = tuple(
        (i.title, "by practice" if i.figure is None else words.amount(i.figure, i.unit), between(*i.range, i.unit) if i.range else "", i.grade,
         "yes" if i.assumed else "no", i.source)
        for i in a.inputs
    )  # fmt: skip
    inputs = Table("inputs", "What the answer rests on", columns, rows)
    titles = {i.name: i.title for i in a.inputs}
    swing_columns = (
        Column("input", "If only this moves"),
        Column("low", "Answer at one end"),
        Column("high", "At the other"),
    )
    swings = Table(
        "swings", "How far each figure moves the answer", swing_columns,
        tuple((titles.get(s.input, s.input), words.amount(s.low, a.claim.unit), words.amount(s.high, a.claim.unit)) for s in a.swings),
    )  # fmt: skip
    sections = (
        [Section("What it rests on", figures=(Figure(f"The answer rests on {len(rows)} figures", inputs),))]
        if rows
        else []
    )
    if swings.rows:
        sections.append(
            Section("What moves it", figures=(Figure(f"“{swings.rows[0][0]}” moves the answer most", swings),))
        )
    return Page(
        a.claim.says,
        "",
        "claim.html",
        trail=TRAIL,
        facts=_facts(here),
        sections=tuple(sections),
        data=a.to_dict(),
        extra={
            "answer": a,
            "number": words.number(a),
            "span": words.span(a),
            "items": [inventory.item(i) for i in a.claim.ids],
        },
    )


def debate(request: HttpRequest) -> Page:
    """The inventory of the debate: everything that the five sources say, and what became of it here."""
    listed = inventory.items()
    known = {*room.names(), *forward.names()} if desk().where else set(room.names())
    counts = {how: sum(i.how == how for i in listed) for how in inventory.HOWS}
    return Page(
        "Everything the debate says",
        f"{len(listed)} mechanisms, objections and comments: "
        + ", ".join(f"{n} {how}" for how, n in counts.items())
        + ".",
        "debate.html",
        trail=TRAIL,
        facts={"England": desk().england.title},
        tables=(inventory_table(listed),),
        extra={"items": [(i, [(b, f"/claim/{b}" if b in known else "") for b in i.by]) for i in listed]},
    )
