"""A page: one view that is read as HTML, as JSON and as CSV, so that the three cannot disagree."""

from __future__ import annotations

import csv
import functools
import gzip
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from ..engine.errors import InputError, nearest
from ..report.document import Figure, Section
from ..report.files import json_text
from ..report.tables import Table
from ..report.twins import plain_cell
from .desk import desk
from .errors import mistake
from .links import link

View = Callable[..., "Page"]
FORMS = ("json", "csv")


@dataclass(frozen=True)
class Page:
    """What a page says. The JSON holds title, facts, data and every table; the CSV is one table, the first unless ?table= names one.

    facts: what every output shows: which England, contract, edits, denominator, what is assumed.  data: more that the template
    needs and the JSON shows.  extra: what only the template needs.  trail: the pages above it.  done: whether asking again gives the same; what is still being made is not kept.
    """

    title: str
    lede: str = ""
    template: str = "document.html"
    trail: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    status: int = 200
    done: bool = True

    @property
    def every_table(self) -> dict[str, Table]:
        """Every table of the page by name: its own, then those of its figures."""
        found = (*self.tables, *(f.table for s in self.sections for f in figures(s)))
        return {t.file: t for t in found}

    def to_dict(self) -> dict[str, Any]:
        """The page as plain data."""
        return {
            "title": self.title,
            "summary": self.lede,
            "facts": dict(self.facts),
            **self.data,
            "tables": [t.to_dict() for t in self.every_table.values()],
            "notes": list(self.notes),
        }

    def to_csv(self, name: str | None) -> str:
        """One table of the page as CSV: money in pounds, shares as fractions, an empty cell where nothing is known."""
        held = self.every_table
        if not held:
            raise InputError("this page has no table", expected="the page itself, or its .json")
        if name is not None and name not in held:
            raise InputError(
                f"this page has no table '{name[:60]}'", expected=", ".join(held), hint=nearest(name, held)
            )
        return csv_text(held[name] if name else next(iter(held.values())))


def figures(section: Section) -> Iterator[Figure]:
    """The figures of a section and of its parts."""
    yield from section.figures
    for part in section.parts:
        yield from figures(part)


def csv_text(table: Table) -> str:
    """A table as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(_safe(c.name) for c in table.columns)
    rows.writerows([_safe(plain_cell(c)) for c in row] for row in table.rows)
    return out.getvalue()


def _safe(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+@\t\r" and cell[1:2].isalpha() else cell


def answered(request: HttpRequest, page: Page, form: str | None) -> HttpResponse:
    """A page in the form that was asked for."""
    if form == "json":
        return HttpResponse(json_text(page.to_dict()), status=page.status, content_type="application/json")
    if form == "csv":
        made = HttpResponse(
            page.to_csv(request.GET.get("table")), status=page.status, content_type="text/csv; charset=utf-8"
        )
        asked = [v for k in sorted(request.GET) for v in request.GET.getlist(k)]
        name = "-".join(re.findall(r"\w+", " ".join([request.path.removesuffix(".csv"), *asked]))) or "home"
        made["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()[:80]}.csv"'
        return made
    return render(request, page.template, around(request, page), status=page.status)


def around(request: HttpRequest, page: Page) -> dict[str, Any]:
    """What every template is given: the page, its path, and the addresses of its twins with what was asked for."""
    stem = "/index" if request.path == "/" else request.path
    held = {k: request.GET.getlist(k) for k in request.GET if k != "table"}

    def twin(form: str, **more: str) -> str:
        return link(f"{quote(stem)}.{form}", **held, **more)

    trail = [{"href": href, "text": text} for text, href in page.trail[:-1]]
    return {
        "page": page,
        "path": request.path,
        "twin": twin,
        "trail": trail,
        "asked": request.GET,
        "address": request.build_absolute_uri(),
    }


@dataclass(frozen=True)
class Held:
    """A page as it was sent, squeezed: what is asked for again is not made again."""

    body: bytes
    kind: str
    saved_as: str = ""

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page again, as the browser takes it."""
        squeezed = "gzip" in request.headers.get("Accept-Encoding", "")
        made = HttpResponse(self.body if squeezed else gzip.decompress(self.body), content_type=self.kind)
        if squeezed:
            made["Content-Encoding"] = "gzip"
        made["Vary"] = "Accept-Encoding"
        if self.saved_as:
            made["Content-Disposition"] = self.saved_as
        return made


class _NotHeld(Exception):
    """A page that is not to be kept: it is not done, or it is a mistake."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def view(make: View, kept: bool = True) -> Callable[..., HttpResponse]:
    """A function that makes a page, as a view of all its forms. Only reading: GET and HEAD. kept: whether it is made once."""

    @functools.wraps(make)
    def around(request: HttpRequest, form: str | None = None, **parts: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            refused = mistake(request, 405)
            refused["Allow"] = "GET, HEAD"
            return refused
        if not kept:
            return answered(request, make(request, **parts), form)

        def held() -> Held:
            page = make(request, **parts)
            made = answered(request, page, form)
            if made.status_code != 200 or not page.done:
                raise _NotHeld(made)
            body = gzip.compress(made.content, 5, mtime=0)
            return Held(body, made["Content-Type"], made.get("Content-Disposition", ""))

        try:
            found: Held = desk().pages.get(request.get_full_path(), held)
        except _NotHeld as other:
            return other.response
        return found.response(request)

    return around


def page_at(route: str, make: View, kept: bool = True) -> list[URLPattern]:
    """The addresses of a page: `x.json`, `x.csv` and `x`; the page at the root has `index` for its twins."""
    shown = view(make, kept)
    stem = route or "index"
    twins = [path(f"{stem}.{form}", shown, {"form": form}) for form in FORMS]
    return [*twins, path(route, shown)]
