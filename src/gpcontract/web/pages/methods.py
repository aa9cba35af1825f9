"""Data and methods: what was loaded, how near the model is to what was paid, what is assumed, the words, and how to read on."""

from __future__ import annotations

from django.http import HttpRequest

from ...engine.years import span_name, year_name
from ...england.facts import catalogue
from ...findings import assumptions as moved
from ...findings.assumptions import Swing
from ...report import charts
from ...report import comparison as tables
from ...report.document import Figure, Section
from ...report.sections.methods import TERMS
from ...report.sections.saying import signed
from ...report.tables import Column, Table
from .. import asked, beside
from ..desk import Desk, desk
from ..page import Page
from . import said
from .contracts import values_table

TRAIL = (*said.HOME, ("Data and methods", "/data"))
HOW = {
    "published": "as published", "derived": "worked out from what is published", "inferred": "inferred from other years or practices",
    "modelled": "modelled", "synthetic": "drawn from a seed",
}  # fmt: skip


def data(request: HttpRequest) -> Page:
    """What this England is made of: which facts, from which files, what is missing and what could not be read."""
    here = desk()
    return _data(here)


def _data(here: Desk) -> Page:
    england = here.england
    known = catalogue()
    columns = (
        Column("title", "Fact of each practice"), Column("status", "How it is known"), Column("files", "Files", "count"), Column("from", "From"),
        Column("note", "What to know"), Column("name", "Name"),
    )  # fmt: skip
    rows = []
    for n in sorted(england.facts):
        p = england.provenance.get(n)
        status = p.status if p else ("synthetic" if england.is_synthetic else "published")
        files = p.files if p else ()
        shown = ", ".join(files) if len(files) <= 2 else f"{files[0]} to {files[-1]}"
        title = str(known.get(n, {}).get("title", n.replace("_", " ")))
        rows.append((title, HOW.get(status, status), len(files), shown, p.note if p else "", n))
    table = Table("facts", "Facts of England", columns, tuple(rows))
    r = england.report
    listed = (("used", "Files that were read", r.used), ("lacking", "What is missing", r.lacked), ("unread", "What could not be read", r.unread), ("warnings", "What to know of the files", r.warnings))  # fmt: skip
    parts = tuple(
        Section(title, figures=(Figure(f"{len(rows_)} of them", Table(name, title, (Column("said", title),), tuple((x,) for x in rows_), first=15)),))
        for name, title, rows_ in listed
        if rows_
    )  # fmt: skip
    return Page(
        "Data and methods",
        f"This explorer reads {_kind(here)}: {len(england.codes):,} practices over {span_name(england.years)}, and {len(rows)} facts of each.",
        "data.html",
        trail=said.HOME,
        facts={"England": england.title, "Years": span_name(england.years), "Year shown first": year_name(here.year)},
        sections=(
            Section(
                "What is known of each practice",
                figures=(Figure(f"{len(rows)} facts are held of each practice", table),),
            ),
            *parts,
        ),
        data={
            "england": england.title,
            "synthetic": england.is_synthetic,
            "years": [year_name(y) for y in england.years],
        },
        extra={"synthetic": england.is_synthetic},
    )


def _kind(here: Desk) -> str:
    return "a synthetic England, in which no practice exists" if here.england.is_synthetic else "official publications"


def check(request: HttpRequest) -> Page:
    """The model against what was really paid, line by line and year by year."""
    here = desk()
    trail, title = TRAIL, "How near it is to what was paid"
    facts = {
        "England": here.england.title,
        "Contract": said.title(here, "national"),
        "Counted by": "practices open in the year",
        "Edits": "none",
    }
    if here.england.is_synthetic:
        words = (
            "This England is synthetic: nothing was really paid. Open the explorer on official files to see the check."
        )
        return Page(title, words, trail=trail, facts=facts)
    found = here.later.get("check", lambda: beside.made("check", here.where, here.england, here.year))
    if found is None:
        words = "This is being worked out and takes about half a minute: every line of every practice, for each year with published payments."
        return Page(title, words, "working.html", trail=trail, facts=facts, status=202)
    columns = (
        Column("title", "Line"), Column("year", "Year"), Column("practices", "Practices", "count"), Column("published", "Published", "millions"),
        Column("model", "Model", "millions"), Column("total_error", "Total error", "change"), Column("median_error", "Median practice", "percent"),
        Column("p90_error", "9 in 10 within", "percent"), Column("how", "How"),
    )  # fmt: skip
    rows = tuple(
        (r["title"], r["year"], r["practices"], r["published_m"] * 1e6, r["model_m"] * 1e6, r["total_error"], r["median_error"], r["p90_error"], r["how"])
        for r in found["rows"]
    )  # fmt: skip
    table = Table("check", "Model against published payments", columns, rows)
    last = [r for r in rows if r[0].startswith("Global sum, GMS") and r[5] is not None]
    sentence = f"In {last[-1][1]} the global sum of GMS practices is {signed(last[-1][5])} off in total, and half of the practices are within {100 * last[-1][6]:.2f}%" if last else f"{len(rows)} lines and years are checked"  # fmt: skip
    return Page(
        title,
        "Each line that the contract’s rules work out, set against the money that was published. Lines that are carried repeat the publication, and prove nothing.",
        trail=trail,
        facts=facts,
        sections=(Section("Line by line", figures=(Figure(sentence, table),)),),
        notes=tuple(found["notes"]),
    )


def assumptions(request: HttpRequest) -> Page:
    """The assumptions log of a contract: every figure nobody published, its range, and how far it moves the answer."""
    here = desk()
    year = asked.year(request, here)
    name = asked.contract(request, here, "hewitt_review")
    made = here.once(("values", name, year), lambda: values_table(here, name, year))
    kept = made.where("status", "assumed")
    log = Table(
        "assumptions", f"Assumed figures of {said.title(here, name)}, {year_name(year)}", kept.columns, kept.rows
    )
    sections = []
    swings = () if name == "national" else here.later.get(("swings", name, year), lambda: _swings(here, name, year))
    if swings:
        table = tables.swings(here.comparison(("national", name), year), name, swings)
        widest = swings[0]
        low, high = (signed(x, "change_sum") for x in sorted((widest.cost[0], widest.cost[2])))
        sentence = f"“{widest.title}” moves the yearly cost most: from {low} to {high} against the national contract"
        drawing = charts.ranges(table, "value", "low", "high", "central", first=12, zero=True)
        sections.append(Section("How far each moves the answer", figures=(Figure(sentence, table, drawing),)))
    sections.append(
        Section("The log", figures=(Figure(f"{len(log.rows)} figures in use in {year_name(year)} are assumed", log),))
    )
    return Page(
        f"What {said.title(here, name)[:1].lower()}{said.title(here, name)[1:]} assumes",
        f"{len(log.rows)} of its figures were published by nobody. Each has a range and a reason.",
        "assumptions.html",
        trail=TRAIL,
        facts=said.facts(here, (name,), year),
        sections=tuple(sections),
        data={"contract": name, "year": year_name(year), "complete": swings is not None},
        done=swings is not None,
        extra={
            "contracts": said.choices(here, name), "contract": name, "year": year_name(year), "working": swings is None,
            "years": [year_name(y) for y in reversed(here.years)],
        },
    )  # fmt: skip


def _swings(here: Desk, name: str, year: int) -> tuple[Swing, ...]:
    return tuple(moved.one_at_a_time(here.comparison(("national", name), year), name))


def glossary(request: HttpRequest) -> Page:
    """What the words of the explorer mean."""
    table = Table("words", "The words", (Column("word", "Word"), Column("meaning", "What it means")), TERMS)
    return Page(
        "The words", "How the field speaks, in plain English.", trail=TRAIL, sections=(Section("What they mean", terms=TERMS),), tables=(table,)
    )  # fmt: skip


def accessibility(request: HttpRequest) -> Page:
    """The accessibility statement."""
    return Page("Accessibility statement", "", "accessibility.html", trail=TRAIL)
