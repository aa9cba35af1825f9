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
from ...report.sections.saying import joined, signed
from ...report.tables import Column, Table
from ...report.text import notes
from .. import asked
from ..change import paid
from ..desk import Desk, desk
from ..links import link, to
from ..page import Page
from . import said
from .cases import cases, said_of
from .letter import differences, table_of
from .members import inside
from .neighbours import alike
from .paid import changed, lede, lines_of, shares, totals
from .why import why


def statement(request: HttpRequest, kind: str, code: str) -> Page:
    """The statement of one subject under one contract in one year."""
    here = desk()
    kind = kind.replace("-", "_")
    year = asked.year(request, here)
    name = asked.contract(request, here)
    subject = said.subject_at(here, kind, code, year)
    result = here.result(name, year)
    made = here.statement(name, subject, year)
    changes = name != "national"
    because = why(here, subject, name, year) if changes else None
    side = _contracts(here, subject, name, year)
    sections = (
        *((Section("Why it changes", figures=(because,)),) if because else ()),
        Section("What each contract would pay", figures=(side,)),
    )
    two = cases(here, subject, name, year)
    before = here.statement("national", subject, year) if changes else None
    moved = changed(before, made, said.title(here, name)) if before else None
    whole, again = totals(made, before), said.asked_again(here, "national", year)
    tested = differences(here, subject, year) if kind == "practice" and name == "national" else ()
    tests = (table_of(tested, subject, year),) if tested else ()
    more = alike(here, subject, year, name) if kind == "practice" else inside(here, subject, year, name)
    return Page(
        subject.name,
        lede(here, made, name, year),
        "statement.html",
        trail=said.above(here, kind, subject.code, year, name),
        facts=said.facts(here, (name,), year),
        sections=sections,
        tables=(lines_of(made), whole, *((moved.table,) if moved else ()), *((more[0],) if more else ()), *tests),
        data={
            "who": {"kind": subject.kind, "code": subject.code, "name": subject.name},
            "contract": name,
            "year": year_name(year),
            "practices": len(subject.members),
            "patients": made.list_size,
            "weighted_patients": made.weighted_list,
            "totals": {to_: pence / 100 for to_, pence in made.totals},
            "paid_to": shares(made, before),
            "reading": " ".join(t for t in (here.contract(name).reading, said_of(here, subject, year, two)) if t),
            "cases": two,
            "patients_would_notice": here.contract(name).patients,
        },
        extra={
            "subject": subject,
            "kind": said.AREA_WORDS[kind],
            "who": who(here, subject, made, name, year),
            "changed": moved,
            "shares": shares(made, before),
            "whole": whole,
            "statement": made,
            "tree": lambda: explain(result, _asked(subject), year, paid=True).children,  # no twin has it
            "contract": name,
            "contracts": said.choices(here, name),
            "contract_title": said.title(here, name),
            "year": year_name(year),
            "years": [year_name(y) for y in reversed(here.years)],
            "more": more,
            "tested": tested,
            "tested_table": tests[0] if tests else None,
            "letters": [
                (d, link(f"{to(kind, subject.code)}/letter", line=d.line.name, **again)) for d in tested if d.matters
            ],
            "links": links_to(here, subject, kind, name, year),
        },
        notes=tuple(notes(result, made, named=False)[1:]),  # the first says which England, as the facts do
    )


def _asked(subject: Subject) -> str:
    """What a subject is asked for by: its code, or England."""
    return "England" if subject.kind == "nation" else subject.code


def _contracts(here: Desk, subject: Subject, name: str, year: int) -> Figure:
    """What each contract would pay this subject, against the national one."""
    shown = tuple(dict.fromkeys((*here.six, name)))
    moneys = [here.money(n, year) for n in shown]
    pounds = [paid(m, subject) for m in moneys]
    frame = here.frame(year)
    patients = float(frame.patients["registered"][frame.positions(subject.members)].sum())
    columns = (
        Column("contract", "Contract"), Column("more", "Change", "change_pounds"), Column("change", "Change, %", "change"),
        Column("paid", "Paid in a year", "pounds"), Column("each", "For each patient", "pence"),
    )  # fmt: skip
    rows = []
    for n, x in zip(shown, pounds, strict=True):
        moved = None if n == "national" else x - pounds[0]
        share = None if moved is None or not pounds[0] else moved / pounds[0]
        rows.append((said.title_and_whose(here, n), moved, share, x, x / patients if patients else None))
    note = "All running money: what the practice, its network and whoever holds the contract are paid for its patients in a year."
    table = Table("contracts", f"{subject.name} under each contract, {year_name(year)}", columns, tuple(rows), note)
    return Figure(
        _range(rows[1:]), table, charts.diverging(Table("drawn", "", columns, tuple(rows[1:])), "contract", "change")
    )


def _range(rows: list[Any]) -> str:
    held = [r for r in rows if r[2] is not None]
    if not held:
        return "Nothing was paid under the national contract, so there is no change to tell"
    low, high = min(held, key=lambda r: r[2]), max(held, key=lambda r: r[2])
    return f"From {signed(low[2])} under {said.in_a_sentence(low[0])} to {signed(high[2])} under {said.in_a_sentence(high[0])}"


def who(here: Desk, subject: Subject, made: Statement, name: str, year: int) -> list[tuple[str, str, str]]:
    """Who a subject is: words, what they say, and a link where there is one."""
    rows: list[tuple[str, str, str]] = []
    if subject.kind == "practice":
        rows += [("Code", subject.code, "")]
    again = said.asked_again(here, name, year)
    for area, (code, title) in reversed(said.areas_of(here, subject.kind, subject.code, year)):
        rows.append((said.AREA_WORDS[area], title, link(to(area, code), **again)))
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
        "contracts": {said.title_and_whose(here, n): link(base, contract=n, year=asked_year) for n in here.six},
        "why": {m.title: f"{page}#{m.name}" for m in mechanisms},
    }
