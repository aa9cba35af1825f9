"""A statement: what a contract pays a practice, network, board, region or England in a year, what would change it, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.http import HttpRequest

from ...contracts.explain import explain
from ...contracts.result import Statement, Subject
from ...engine.years import year_name
from ...report import charts
from ...report.document import Figure, Section
from ...report.sections.saying import against, joined, signed
from ...report.tables import Column, Table
from ...report.text import lacking, notes
from ...report.words import in_words, people
from .. import asked
from ..change import paid, steps
from ..desk import Desk, desk
from ..links import link, to
from ..page import Page
from . import said
from .letter import differences, table_of
from .members import inside
from .neighbours import alike

MOST_STEPS = 12


def statement(request: HttpRequest, kind: str, code: str) -> Page:
    """The statement of one subject under one contract in one year."""
    here = desk()
    kind = kind.replace("-", "_")
    year = asked.year(request, here)
    name = asked.contract(request, here)
    subject = said.subject_at(here, kind, code, year)
    result = here.result(name, year)
    made = here.statement(name, subject, year)
    figures: list[Figure | None] = [_contracts(here, subject, name, year)]
    if name != "national":
        figures.append(_why(here, subject, name, year))
    sections = [Section("What each contract would pay", figures=tuple(f for f in figures if f))]
    tested = differences(here, subject, year) if kind == "practice" and name == "national" else ()
    more = alike(here, subject, year, name) if kind == "practice" else inside(here, subject, year, name)
    return Page(
        subject.name,
        lede(here, made, name, year),
        "statement.html",
        trail=said.above(here, kind, subject.code, year),
        facts=said.facts(here, (name,), year),
        sections=tuple(sections),
        tables=(lines_of(made), *((more[0],) if more else ()), *((table_of(tested, subject, year),) if tested else ())),
        data={
            "who": {"kind": subject.kind, "code": subject.code, "name": subject.name},
            "contract": name,
            "year": year_name(year),
            "practices": len(subject.members),
            "patients": made.list_size,
            "weighted_patients": made.weighted_list,
            "totals": {to_: pence / 100 for to_, pence in made.totals},
        },
        extra={
            "subject": subject,
            "kind": said.AREA_WORDS[kind],
            "who": who(here, subject, made, year),
            "statement": made,
            "tree": lambda: explain(result, _asked(subject), year, paid=True).children,  # no twin has it
            "contract": name,
            "contracts": said.choices(here, name),
            "contract_title": said.title(here, name),
            "year": year_name(year),
            "years": [year_name(y) for y in reversed(here.years)],
            "more": more,
            "tested": tested,
            "tested_table": table_of(tested, subject, year) if tested else None,
            "letters": [
                (
                    d,
                    link(
                        f"{to(kind, subject.code)}/letter",
                        line=d.line.name,
                        year="" if year == here.year else year_name(year),
                    ),
                )
                for d in tested
                if d.matters
            ],
            "links": links_to(here, subject, kind, name, year),
        },
        notes=tuple(notes(result, made)),
    )


def _asked(subject: Subject) -> str:
    """What a subject is asked for by: its code, or England."""
    return "England" if subject.kind == "nation" else subject.code


def lede(here: Desk, made: Statement, name: str, year: int) -> str:
    """The statement in a few sentences: what is paid, and how much more or less than under the national contract."""
    subject, title = made.subject, _in_words(said.title(here, name))
    practice, network, size = made.paid_to("practice"), made.paid_to("network"), made.list_size
    n = len(subject.members)
    whose = (
        f"the {n:,} practices of {subject.name} with their" if n > 1 else f"the one practice of {subject.name} with its"
    )
    verb = "is" if name == "national" else "would be"
    if subject.kind == "practice":
        text = f"Under {title} in {year_name(year)}, {subject.name} {verb} paid {in_words(practice)} for its {people(size)} patients"
    else:
        text = f"Under {title} in {year_name(year)}, {whose} {people(size)} patients {'are' if name == 'national' else 'would be'} paid {in_words(practice)}"
    text += f": £{practice / 100 / size:,.0f} each." if size else "."
    if network:
        get = ("gets" if subject.kind == "practice" else "get") if name == "national" else "would get"
        text += (
            f" {'Its network' if subject.kind == 'practice' else 'Their networks'} {get} another {in_words(network)}."
        )
    if made.lacking:
        text += f" {lacking(made)[:1].upper()}{lacking(made)[1:]}, are not in it."
    if name != "national":
        before, after = (paid(here.money(n, year), subject) for n in ("national", name))
        if before:
            text += f" In all that is {_more(after / before - 1)} than under the national contract ({signed(after - before, 'change_pounds')})."
    return text


def _more(moved: float) -> str:
    text = against(moved)
    return "no more and no less" if text == "the same" else text


def _in_words(title: str) -> str:
    return title[:1].lower() + title[1:] if title.startswith("The ") else title


def _contracts(here: Desk, subject: Subject, name: str, year: int) -> Figure:
    """What each contract would pay this subject, against the national one."""
    shown = tuple(dict.fromkeys((*here.six, name)))
    moneys = [here.money(n, year) for n in shown]
    pounds = [paid(m, subject) for m in moneys]
    patients = float(moneys[0].frame.patients["registered"][_at(here, subject, year)].sum())
    columns = (
        Column("contract", "Contract"), Column("paid", "Paid in a year", "pounds"), Column("each", "For each patient", "pence"),
        Column("more", "Change", "change_pounds"), Column("change", "Change, %", "change"), Column("whose", "Whose it is"),
    )  # fmt: skip
    rows = []
    for n, x in zip(shown, pounds, strict=True):
        moved = None if n == "national" else x - pounds[0]
        share = None if moved is None or not pounds[0] else moved / pounds[0]
        rows.append((said.title(here, n), x, x / patients if patients else None, moved, share, said.whose(here, n)))
    note = "All running money: what the practice, its network and whoever holds the contract are paid for its patients in a year."
    table = Table("contracts", f"{subject.name} under each contract, {year_name(year)}", columns, tuple(rows), note)
    return Figure(
        _range(rows[1:]), table, charts.diverging(Table("drawn", "", columns, tuple(rows[1:])), "contract", "change")
    )


def _range(rows: list[Any]) -> str:
    held = [r for r in rows if r[4] is not None]
    if not held:
        return "Nothing was paid under the national contract, so there is no change to tell"
    low, high = min(held, key=lambda r: r[4]), max(held, key=lambda r: r[4])
    return f"From {signed(low[4])} under {_in_words(low[0])} to {signed(high[4])} under {_in_words(high[0])}"


def _why(here: Desk, subject: Subject, name: str, year: int) -> Figure | None:
    """What each mechanism or edit of a contract adds for this subject, from the national contract to the whole."""
    found = steps(here, name, year)
    at = _at(here, subject, year)
    rows = [(s.title, float(s.each[at].sum()) / 100) for s in found]
    whole = sum(x for _, x in rows)
    held = sorted((r for r in rows if abs(r[1]) >= 0.005), key=lambda r: -abs(r[1]))
    if not held:
        return None
    kept = [r for r in rows if r in held[:MOST_STEPS]]
    rest = [r for r in rows if r not in kept and abs(r[1]) >= 0.005]
    shown = [*kept, *([(f"{len(rest)} others", sum(x for _, x in rest))] if rest else []), ("In all", whole)]
    columns = (Column("step", "Step"), Column("adds", "Adds", "change_pounds"))
    title = f"From the national contract to {_in_words(said.title(here, name))}: {subject.name}"
    note = "In the order of the contract: what a step adds can depend on those before it. Steps that add nothing are left out."
    table = Table("why", title, columns, tuple(shown), note)
    most = joined([f"{t[:1].lower()}{t[1:]} ({signed(x, 'change_pounds')})" for t, x in held[:2]])
    return Figure(f"Why: most of it is {most}", table, charts.waterfall(table, "step", "adds"))


def _at(here: Desk, subject: Subject, year: int) -> Any:
    """Positions of a subject's practices in the frame of a year."""
    return np.searchsorted(here.frame(year).members, subject.members)


def lines_of(made: Statement) -> Table:
    """The statement by line, as files hold it."""
    columns = (
        Column("line", "Line"), Column("title", "What it is"), Column("payee", "Paid to"), Column("pounds", "£", "pence"),
        Column("each", "£ for each patient", "pence"), Column("how", "How it is known"), Column("clause", "Clause"),
        Column("assumed", "Values assumed"), Column("unknown", "Practices not published", "count"),
    )  # fmt: skip
    size = made.list_size
    rows = tuple(
        (a.line.name, a.line.title, a.line.to, a.pounds, a.pounds / size if size else None, a.line.made, a.line.clause, ", ".join(a.line.assumed), a.unknown)
        for a in made.paid
    )  # fmt: skip
    return Table("lines", f"{made.subject.name}, {year_name(made.year)}, by line", columns, rows)


def who(here: Desk, subject: Subject, made: Statement, year: int) -> list[tuple[str, str, str]]:
    """Who a subject is: words, what they say, and a link where there is one."""
    rows: list[tuple[str, str, str]] = []
    if subject.kind == "practice":
        rows += [("Code", subject.code, "")]
    for area, (code, name) in reversed(said.areas_of(here, subject.kind, subject.code, year)):
        rows.append((said.AREA_WORDS[area], name, to(area, code)))
    rows.append(("Registered patients", f"{made.list_size:,.0f}", ""))
    if made.weighted_list:
        rows.append(("Carr-Hill weighted patients", f"{made.weighted_list:,.0f}", ""))
    if subject.kind == "practice":
        rows += [(k, v, "") for k, v in practice_facts(here, int(subject.members[0]), year)]
    else:
        rows.append(("Practices", f"{len(subject.members):,}", ""))
    return rows


def practice_facts(here: Desk, at: int, year: int) -> list[tuple[str, str]]:
    """What is known of one practice beside its lists."""
    england, y = here.england, here.at(year)

    def fact(name: str) -> float:
        x = england.facts.get(name)
        return (
            float("nan") if x is None else float(np.broadcast_to(x[0, min(y, x.shape[1] - 1)], len(england.codes))[at])
        )

    rows = []
    kinds = [k.upper() for k in ("gms", "pms", "apms") if fact(f"on_{k}") > 0]
    if kinds:
        rows.append(("Type of contract", joined(kinds)))
    fifth = fact("deprivation_fifth")
    if fifth == fifth:
        words = {1: "1, the most deprived", 5: "5, the least deprived"}.get(
            int(fifth), f"{fifth:.0f} (1 is the most deprived)"
        )
        rows.append(("Deprivation fifth", words))
    for name, words in (("rural", "Rural"), ("dispensing", "Dispensing")):
        x = fact(name)
        if x == x:
            rows.append((words, "yes" if x > 0 else "no"))
    postcodes = england.labels.get("postcode")
    if postcodes and postcodes[at]:
        rows.insert(0, ("Postcode", postcodes[at]))
    return rows


def links_to(here: Desk, subject: Subject, kind: str, name: str, year: int) -> dict[str, dict[str, str]]:
    """Links of the tables' first cells: each contract leads to this page under it."""
    base = to(kind, subject.code)
    asked_year = "" if year == here.year else year_name(year)
    mechanisms = here.contract(name).mechanisms
    page = link(f"/contract/{name.partition('+')[0]}", year=asked_year)
    return {
        "contracts": {said.title(here, n): link(base, contract=n, year=asked_year) for n in here.six},
        "why": {m.title: f"{page}#{m.name}" for m in mechanisms},
    }
