"""Compare: contracts and reforms side by side, by what they cost, who moves, how fair, how even, and who holds the money."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from ...engine.errors import InputError
from ...engine.years import year_name
from ...findings.compare import Comparison
from ...report import comparison as tables
from ...report.document import Section
from ...report.report import title_of
from ...report.sections import bill, boards, groups, risk, summary, winners
from ...report.sections.summary import lede
from ...report.text import comparison_notes
from .. import asked
from ..desk import Desk, desk
from ..links import link
from ..page import Page
from . import said

#: What can be read of a comparison, in the order of the page: its name, what it is called, and the section.
SHOWN: dict[str, tuple[str, Callable[[Comparison], Section]]] = {
    "summary": ("In a few words", summary.summary),
    "winners": ("Who gains and loses", winners.winners),
    "affected": ("The most affected", winners.affected),
    "bill": ("The bill", bill.bill),
    "equity": ("Fairness by deprivation", groups.equity),
    "groups": ("Kinds of practice", groups.income),
    "boards": ("Boards", boards.boards),
    "risk": ("Risk and luck", risk.risk),
    "exposure": ("Who bears what", risk.exposure),
    "holders": ("Who holds the money", groups.holders),
}


def compare(request: HttpRequest) -> Page:
    """Some contracts side by side: one part of the comparison at a time, all in one table first."""
    here = desk()
    names = asked.contracts(request, here)
    year = asked.year(request, here)
    part = asked.choice(request, "show", tuple(SHOWN), "summary")
    return _compare(here, names, year, part)


def _compare(here: Desk, names: tuple[str, ...], year: int, part: str) -> Page:
    for n in names:
        if year not in here.contract(n).years:
            raise InputError(f"{said.title(here, n)} has no rules for {year_name(year)}", expected="another year")
    made = here.comparison(names, year)
    section = SHOWN[part][1](made)
    held: dict[str, object] = {
        "contract": [] if names == here.six else list(names),
        "year": "" if year == here.year else year_name(year),
    }
    parts = [
        (key, title, link("/compare", **held, show="" if key == "summary" else key))
        for key, (title, _) in SHOWN.items()
    ]
    lists = [(said.title(here, n), link("/practices", contract=n, year=held["year"])) for n in names[1:]]
    return Page(
        title_of(made),
        lede(made),
        "compare.html",
        trail=said.HOME,
        facts=said.facts(here, names, year, "each of three counts, named where it is used"),
        sections=(section,),
        tables=() if part == "summary" else (tables.summary(made),),
        data={"contracts": list(names), "year": year_name(year), "shown": part},
        extra={
            "parts": parts, "part": part, "names": names, "choices": said.choices(here, *names), "year": year_name(year),
            "years": [year_name(y) for y in reversed(here.years)], "lists": lists, "links": _links(here, made),
        },
        notes=tuple(comparison_notes(made)),
    )  # fmt: skip


def _links(here: Desk, made: Comparison) -> dict[str, dict[str, str]]:
    """Links of first cells: most affected practices to their pages, boards to theirs."""
    found = {}
    for w in made.winners.values():
        asked_for = {"contract": w.contract, "year": "" if made.year == here.year else year_name(made.year)}
        table = tables.affected(made, w.contract)
        found[table.file] = {a.code: link(f"/practice/{a.code}", **asked_for) for a in w.affected}
    group = made.frame.groups.get("board")
    if group is not None:
        found["income_board"] = {n: f"/board/{c}" for n, c in zip(group.names, group.codes, strict=True)}
    return found
