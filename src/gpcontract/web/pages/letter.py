"""What a practice was paid beside what the contract says, and a letter to ask about the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.http import HttpRequest

from ...contracts.explain import Node, explain, shown
from ...contracts.result import Line, Subject
from ...engine.years import year_name
from ...findings.reconciliation import COMPARISONS, reasons
from ...report.sections.saying import signed
from ...report.tables import Column, Table
from .. import asked
from ..desk import Desk, desk
from ..errors import NotHere
from ..links import link, to
from ..page import Page
from . import said

LEAST, SHARE = 500.0, 0.02  # pounds, and share of the line: differences below either are not worth a letter
#: Lines that the contract's rules work out and that are published by practice.
TESTED = {c.name: c.published for c in reversed(COMPARISONS) if c.swap is None and c.published.startswith("published_")}


@dataclass(frozen=True)
class Difference:
    """One line as published and as the contract's rules work it out, in pounds."""

    line: Line
    expected: float
    paid: float

    @property
    def gap(self) -> float:
        """What was paid less what is expected."""
        return self.paid - self.expected

    @property
    def matters(self) -> bool:
        """Whether the difference is large enough to ask about."""
        return abs(self.gap) >= LEAST and abs(self.gap) >= SHARE * abs(self.expected)


def differences(here: Desk, subject: Subject, year: int) -> tuple[Difference, ...]:
    """The lines of a practice that can be tested in a year, each with what was published."""
    money, england, at = here.money("national", year), here.england, int(subject.members[0])
    spot = int(money.frame.positions(subject.members)[0])
    found = []
    for line in money.lines:
        fact = england.facts.get(TESTED.get(line.name, ""))
        if fact is None or line.how == "carried":
            continue
        y = here.at(year)
        paid = float(np.broadcast_to(fact[0, min(y, fact.shape[1] - 1)], (len(england.codes),))[at])
        expected = float(money.by_line[line.name][spot]) / 100
        if paid == paid and (paid or expected):
            found.append(Difference(line, expected, paid))
    return tuple(found)


def table_of(found: tuple[Difference, ...], subject: Subject, year: int) -> Table:
    """The lines side by side."""
    columns = (
        Column("line", "Line"), Column("paid", "Published as paid", "pence"), Column("expected", "By the contract’s rules", "pence"),
        Column("gap", "Difference", "change_pence"), Column("share", "Of the line", "change"), Column("how", "How it is worked out"),
    )  # fmt: skip
    rows = tuple(
        (d.line.title, d.paid, d.expected, d.gap, d.gap / d.expected if d.expected else None, d.line.made)
        for d in found
    )
    note = "Only lines that the rules work out are tested. The publication may hold late payments, corrections and mergers that the rules cannot see."
    return Table("paid", f"{subject.name}: paid and expected, {year_name(year)}", columns, rows, note)


def letter(request: HttpRequest, code: str) -> Page:
    """A letter for a practice to send to whoever pays it, about one line that differs."""
    here = desk()
    year = asked.year(request, here)
    subject = said.subject_at(here, "practice", code, year)
    found = differences(here, subject, year)
    if not found:
        raise NotHere(
            f"no payment of {subject.name} can be tested in {year_name(year)}",
            expected="a year with published payments",
        )
    name = asked.choice(
        request, "line", tuple(d.line.name for d in found), max(found, key=lambda d: abs(d.gap)).line.name
    )
    one = next(d for d in found if d.line.name == name)
    told = why(here, subject, year)
    path = to("practice", subject.code)
    return Page(
        f"A letter about a payment: {one.line.title}",
        f"Published as paid in {year_name(year)}: £{one.paid:,.2f}. By the contract’s rules: £{one.expected:,.2f}. The difference is {signed(one.gap, 'change_pence')}.",
        "letter.html",
        trail=(*said.above(here, "practice", subject.code, year), (subject.name, path)),
        facts=said.facts(here, ("national",), year),
        tables=(table_of(found, subject, year),),
        data={"line": name, "paid": one.paid, "expected": one.expected, "reasons": told, "text": text(here, subject, one, year)},
        extra={
            "paragraphs": text(here, subject, one, year), "told": told, "matters": one.matters,
            "others": [(d.line.title, link(f"{path}/letter", line=d.line.name, year=year_name(year))) for d in found if d.line.name != name],
        },
    )  # fmt: skip


def why(here: Desk, subject: Subject, year: int) -> list[str]:
    """What is known of a practice that can make a payment differ."""
    return reasons(here.england, here.at(year), int(subject.members[0]))


def text(here: Desk, subject: Subject, one: Difference, year: int) -> list[str]:
    """The paragraphs of the letter."""
    tree = explain(here.result("national", year), subject.code, year, one.line.name)
    steps = [f"{c.title}: {shown(c.value, c.unit)}" for c in tree.children if c.value is not None and not c.table]
    areas = dict(said.areas_of(here, "practice", subject.code, year))
    board = areas.get("board", ("", "the integrated care board"))[1]
    sources = list(dict.fromkeys(s["source"] for c in _all(tree) for s in c.sources if s.get("grade")))
    more = "more" if one.gap > 0 else "less"
    clause = f" ({one.line.clause})" if one.line.clause else ""
    made = [
        f"To: {board}, primary care contracts",
        f"From: {subject.name} ({subject.code})",
        f"Re: {one.line.title}, {year_name(year)}",
        f"NHS Payments to General Practice shows £{one.paid:,.2f} paid to us under “{one.line.title}” in {year_name(year)}. By our reading of the contract{clause}, the payment should be £{one.expected:,.2f}: we were paid £{abs(one.gap):,.2f} {more} than that.",
    ]
    if steps:
        made += ["We make it of:", *(f"• {one_step}" for one_step in steps)]
    if sources:
        made.append(f"The prices and shares are from {'; '.join(sources[:4])}.")
    made.append(
        "Please tell us how the payment was worked out: the list and weighted list used for each quarter, any opt-outs, and any correction of another year."
    )
    if one.line.made != "computed":
        made.append(
            "Part of our reading is inferred from open data, so we may be mistaken about the facts. We ask for yours."
        )
    return made


def _all(node: Node) -> Iterator[Node]:
    yield node
    for c in node.children:
        yield from _all(c)
