"""Search: practices and areas by name, code, postcode or place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ...engine.errors import InputError
from ...engine.years import year_name
from ...report.tables import Column, Table
from .. import asked
from ..desk import desk
from ..links import link, to
from ..listed import Entry
from ..page import Page, view
from ..search import Found
from . import said

MOST = 40  # on one page, unless more or fewer are asked for
PAGES = 10_000
COLUMNS = (("name", "Name"), ("kind", "Kind"), ("code", "Code"), ("said", "Where"), ("address", "Address"))


def sent(request: HttpRequest) -> HttpResponse:
    """The search as a box sends it: a code that something has opens its page. All else is listed, and a code where a page of the list is asked for."""
    there = None if "page" in request.GET else desk().index.coded(asked.text(request, "q"))
    if there is None or request.method not in ("GET", "HEAD"):
        return view(search, kept=False)(request)
    return HttpResponseRedirect(address(there, asked.text(request, "contract"), asked.text(request, "year", 20)))


def search(request: HttpRequest) -> Page:
    """What is meant by a few words, most likely first, one page of it at a time."""
    here = desk()
    wanted = asked.text(request, "q")
    most = asked.number(request, "most", MOST, 1, 100)
    at = asked.number(request, "page", 1, 1, PAGES)
    found = here.index.look(wanted)
    pages = max(1, -(-len(found.entries) // most))
    if at > pages:
        raise InputError(f"there is no page {at}", expected=f"a page from 1 to {pages}")
    shown = found.entries[(at - 1) * most : at * most]
    rows = [{"name": e.name, "kind": e.title, "code": e.code, "said": where(e), "address": address(e)} for e in shown]
    before, after = (_turned(request, n) if 1 <= n <= pages else "" for n in (at - 1, at + 1))
    return Page(
        "Find a practice, network or board",
        _lede(found, wanted, (at - 1) * most, len(shown)) if wanted else "",
        "search.html",
        trail=said.HOME,
        facts={"England": here.england.title} if wanted else {},
        tables=(Table.of("found", "What was found", [Column(n, t) for n, t in COLUMNS], rows),) if wanted else (),
        data={
            "wanted": wanted,
            "found": len(found.entries),
            "page": at,
            "pages": pages,
            "next": after,
            "lead": found.lead,
            "elsewhere": found.elsewhere,
        },
        extra={
            "rows": rows,
            "wanted": wanted,
            "turned": (before, after),
        },
    )


def address(e: Entry, contract: str = "", year: str = "") -> str:
    """The page of what was found, under a contract and in a year; in one that has it, where the one shown first has it not."""
    return link(to(e.kind, e.code), contract=contract, year=year or ("" if e.year is None else year_name(e.year)))


def where(e: Entry) -> str:
    """Where it is; before that when it was, if it is not there now."""
    return " · ".join(x for x in (f"in {year_name(e.year)}, not now" if e.year is not None else "", e.said) if x)


def _turned(request: HttpRequest, page: int) -> str:
    """The address of another page of what was found."""
    return link(
        "/search", q=asked.text(request, "q"), most=asked.text(request, "most", 12), page=page if page > 1 else ""
    )


def _lede(found: Found, wanted: str, before: int, shown: int) -> str:
    """How many were found of how many, in what order; and what was not found of what was asked for."""
    n = len(found.entries)
    if not n:
        return f"Nothing is called “{wanted}”, or nearly so. Try a town, or the first half of a postcode."
    count = f"{n:,} found"
    if shown < n:
        count = f"{before + 1:,} to {before + shown:,} of {n:,}" if before else f"The first {shown} of {n:,}"
    if found.lead:
        return f"{found.lead} {count}."
    order = f", {found.order}" if found.order == "most likely first" else found.order and f": {found.order}"
    return f"{count} for “{wanted}”{order}."
