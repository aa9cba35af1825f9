"""Contracts: the list of them, and each with its chapters, mechanisms, lines and values, their sources and grades, and what is assumed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from ...contracts import Contract
from ...engine.values import FOREVER
from ...engine.years import year_name
from ...findings.inventory import items
from ...report import charts
from ...report import comparison as tables
from ...report.comparison import between
from ...report.document import Figure, Section
from ...report.sections.saying import signed
from ...report.tables import Column, Table
from ...report.words import GRADES, in_words
from .. import asked
from ..change import steps
from ..desk import Desk, desk
from ..errors import NotHere
from ..links import link
from ..page import Page
from . import said

TRAIL = (*said.HOME, ("Contracts", "/contracts"))
STATUS = {"in force": "paid", "published": "printed", "proposed": "the proposal’s own", "assumed": "assumed"}


def contracts(request: HttpRequest) -> Page:
    """Every contract: whose it is, when, and what it is about."""
    here = desk()
    held = [here.contract(n) for n in here.names]
    columns = (
        Column("title", "Contract"), Column("proposer", "Whose it is"), Column("published", "Published"), Column("years", "Years"),
        Column("mechanisms", "Mechanisms", "count"), Column("name", "Name on the command line"),
    )  # fmt: skip
    rows = tuple((c.title, c.proposer, c.published, _span(c), len(c.mechanisms), c.name) for c in held)
    table = Table("contracts", "The contracts", columns, rows)
    return Page(
        "The contracts",
        f"{len(held)} contracts are written here as rules and dated values. Each can be priced for every practice, changed and compared.",
        "contracts.html",
        trail=said.HOME,
        facts={"England": here.england.title},
        tables=(table,),
        extra={"contracts": [(c, link(f"/contract/{c.name}")) for c in held]},
    )


def _span(c: Contract) -> str:
    return f"{year_name(c.years[0])} to {year_name(c.years[-1])}"


def contract(request: HttpRequest, name: str) -> Page:
    """One contract in a year: what it does, what it pays for, and every figure with its source."""
    here = desk()
    try:
        name = asked.known_contract(name, here)
    except Exception as error:
        raise NotHere(str(error).split("\n")[0], expected=", ".join(here.names)) from None
    year = asked.year(request, here)
    return _contract(here, name, year)


def _contract(here: Desk, name: str, year: int) -> Page:
    c = here.contract(name)
    money = here.money(name, year)
    paid = sum(money.sums[line.name] for line in money.lines if line.fund == "running")
    lines, values = lines_table(here, name, year), values_table(here, name, year)
    assumed = money.result.assumed(year)
    sections = []
    if c.mechanisms:
        sections.append(Section("What it does", figures=(_cost(here, name, year),)))
    sections.append(
        Section(
            "What it pays for",
            figures=(Figure(f"{len(lines.rows)} kinds of payment are in force in {year_name(year)}", lines),),
        )
    )
    words = (
        f"Of the {len(values.rows)} figures in use, {len(assumed)} are assumed: nobody published them. Each has a range"
    )
    sections.append(Section("Its figures, with their sources", (TRUST,), figures=(Figure(words, values),)))
    return Page(
        said.title(here, name),
        f"In {year_name(year)} it {'pays' if name == 'national' else 'would pay'} {in_words(paid)}. {len(assumed)} of its figures are assumed.",
        "contract.html",
        trail=TRAIL,
        facts=said.facts(here, (name,), year),
        sections=tuple(sections),
        tables=(mechanisms_table(c),) if c.mechanisms else (),
        data={
            "name": name, "about": " ".join(c.about.split()), "reading": c.reading, "patients_would_notice": c.patients, "proposer": c.proposer, "published": c.published, "hash": c.hash,
            "years": [year_name(y) for y in c.years], "chapters": list(c.chapters), "mechanisms": [m.to_dict() for m in c.mechanisms],
        },
        extra={
            "contract": c, "name": name, "year": year_name(year), "years": [year_name(y) for y in reversed(here.years) if y in c.years],
            "titles": {i.id: i.title for i in items()}, "is_base": name == "national", "choices": said.choices(here, name),
        },
    )  # fmt: skip


TRUST = f"A figure’s grade says how far to trust it. {GRADES} A figure that is assumed has a range: ends of it, or “×” and the factors between which it may lie."


def _cost(here: Desk, name: str, year: int) -> Figure:
    """What each mechanism adds to the bill of England, one after another."""
    found = [(s.title, s.bill / 100) for s in steps(here, name, year)]
    whole = sum(x for _, x in found)
    columns = (Column("step", "Mechanism"), Column("adds", "Adds in a year", "change_sum"))
    note = "Running money to all, in the contract’s order: what one adds can depend on those before it. A mechanism that moves money between practices adds nothing here."
    table = Table("cost", f"What each mechanism adds, {year_name(year)}", columns, (*found, ("In all", whole)), note)
    return Figure(
        f"All its mechanisms together add {signed(whole, 'change_sum')} a year",
        table,
        charts.waterfall(table, "step", "adds"),
    )


def mechanisms_table(c: Contract) -> Table:
    """The mechanisms with their ids in the debate, dates and edits."""
    columns = tuple(Column(n, t) for n, t in (("name", "Name"), ("title", "Mechanism"), ("timeline", "When"), ("ids", "Ids"), ("switch", "Switch"), ("plain", "In plain words"), ("about", "What it is")))  # fmt: skip
    rows = tuple(
        (m.name, m.title, m.timeline, ", ".join(m.ids), m.switch or "", m.plain, " ".join(m.about.split()))
        for m in c.mechanisms
    )
    return Table("mechanisms", f"The mechanisms of {c.title}", columns, rows)


def lines_table(here: Desk, name: str, year: int) -> Table:
    """The lines in force in a year, with what they pay in England."""
    money = here.money(name, year)
    columns = (
        Column("title", "Line"), Column("payee", "Paid to"), Column("paid", "Paid in England", "millions"), Column("how", "How it is known"),
        Column("clause", "Clause"), Column("line", "Name"),
    )  # fmt: skip
    rows = [(x.title, x.to, money.sums[x.name] / 100, x.made, x.clause, x.name) for x in money.lines]
    rows.sort(key=lambda r: -abs(r[2]))
    return Table("lines", f"Lines of {said.title(here, name)}, {year_name(year)}", columns, tuple(rows))


def values_table(here: Desk, name: str, year: int) -> Table:
    """Every figure that the contract uses in a year, with unit, status, grade, source and range."""
    result = here.result(name, year)
    c = result.contract
    used = sorted({c.plain(n) for n in result.plan.leaves} & c.values.keys())
    columns = (
        Column("title", "Figure"), Column("figure", "In the year"), Column("unit", "Unit"), Column("status", "Status"), Column("grade", "Grade"),
        Column("source", "Source"), Column("range", "Range"), Column("note", "Note"), Column("name", "Name"),
    )  # fmt: skip
    return Table(
        "values",
        f"Figures of {said.title(here, name)}, {year_name(year)}",
        columns,
        tuple(_value(c, n, year) for n in used),
        first=40,
    )


def _value(c: Contract, name: str, year: int) -> tuple[Any, ...]:
    """One figure in a year, as rows show it. A figure that an edit changed shows the edit."""
    value = c.values[name]
    entries = [e for e, _ in value.shares(year)]
    edits = [e for e in c.value_edits if e.value == name and e.reaches(year)]
    if value.keys:
        figure = f"{max(value.shape)} entries"
    elif entries or value.outside is not None:
        figure = tables.figure(float(value.in_year(year)), value.unit)
    else:
        figure = "none in this year"
    status = "assumed" if c.assumes(name, year) else ", ".join(dict.fromkeys(e.status for e in entries)) or "–"
    sources = "; ".join(dict.fromkeys(c.sources[s].title for e in entries for s in e.sources))
    assumed = [e for e in edits if e.range]
    times = bool(value.keys) or (bool(assumed) and assumed[0].kind == "scale")
    spans = [x for x in (*(e.range for e in assumed), *(e.range for e in entries)) if x]
    grades = [] if assumed else dict.fromkeys(e.grade for e in entries)  # no source grades what an edit assumes
    said_edits = "; ".join(f"edited: {e.said}" for e in edits)
    notes = " ".join(dict.fromkeys(t for t in (said_edits, value.note, *(e.note for e in entries)) if t))
    last = [f"until {e.last}" for e in entries if e.last != FOREVER and len(entries) > 1]
    return (
        value.title, figure, value.unit, status, ", ".join(grades) or "–", sources,
        between(*spans[0], "times" if times else value.unit) if spans else "", "; ".join([notes, *last]).strip("; "), name,
    )  # fmt: skip
