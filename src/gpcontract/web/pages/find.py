"""Search: practices and areas by name, code, postcode or place."""

from __future__ import annotations

from django.http import HttpRequest

from ...engine.years import year_name
from ...report.tables import Column, Table
from .. import asked
from ..desk import desk
from ..links import link, to
from ..page import Page
from ..search import Entry
from . import said

MOST = 40


def search(request: HttpRequest) -> Page:
    """What is meant by a few words, most likely first."""
    here = desk()
    wanted = asked.text(request, "q")
    most = asked.number(request, "most", MOST, 1, 100)
    found = here.index.find(wanted, most) if wanted else []
    columns = [
        Column(n, t)
        for n, t in (("name", "Name"), ("kind", "Kind"), ("code", "Code"), ("said", "Where"), ("address", "Address"))
    ]
    rows = [
        {
            "name": e.name,
            "kind": e.title,
            "code": e.code,
            "said": e.said + (f", {year_name(e.year)}" if e.year else ""),
            "address": address(e),
        }
        for e in found
    ]
    lede = ""
    if wanted:
        lede = (
            f"{len(found)} found for “{wanted}”, most likely first."
            if found
            else f"Nothing is called “{wanted}”, or nearly so."
        )
    return Page(
        "Find a practice, network or board",
        lede,
        "search.html",
        trail=said.HOME,
        facts={"England": here.england.title} if wanted else {},
        tables=(Table.of("found", "What was found", columns, rows),) if wanted else (),
        data={"wanted": wanted},
        extra={"found": [(e, address(e)) for e in found], "wanted": wanted},
    )


def address(e: Entry) -> str:
    """The page of what was found; in a year that has it, where the one shown first has it not."""
    return link(to(e.kind, e.code), year="" if e.year is None else year_name(e.year))
