"""What a statement says: in a few sentences, by whom it is paid to, and what changes line by line against the national contract."""

from __future__ import annotations

from collections.abc import Iterable

from ...contracts.result import ASIDE, Statement
from ...engine.years import year_name
from ...findings.money import CARERS
from ...report.document import Figure
from ...report.sections.saying import counted, first_up, joined, signed
from ...report.tables import Column, Table
from ...report.text import lacking
from ...report.words import in_words, people
from ..change import paid
from ..desk import Desk
from . import said

FIRST = 12  # lines that change, shown before the rest
CARE = "For patients’ care"
APART = {"moved": "Spent elsewhere today", "once": "Paid once", "elsewhere": "In other budgets (− saves)"}
PAYEES = {  # one practice, several
    "practice": ("the practice", "the practices"),
    "network": ("its network", "their networks"),
    "provider": ("the organisation that employs its salaried GPs", "the organisations that employ their salaried GPs"),
    "board": ("its board", "their boards"),
    "owner": ("the owners of its surgery", "the owners of their surgeries"),
}


def lede(here: Desk, made: Statement, name: str, year: int) -> str:
    """What is paid for a subject's patients in all, and how much more or less that is than under the national contract."""
    size = made.list_size
    before, after = (paid(here.money(n, year), made.subject) for n in ("national", name))
    who = f"the {people(size)} patients of {_whose(made)}{_each(after, size)}"
    if name == "national":
        return f"In {year_name(year)} the national contract pays {closely(after)} for {who}."
    called = said.in_a_sentence(said.title_and_whose(here, name, quoted=True))
    return f"If {called} were wholly in force, {closely(after)} a year would be paid for {who}. {_moved(before, after, year)}"


def shares(made: Statement, before: Statement | None) -> str:
    """Whom that is paid to, with the change against another statement, and what else is paid once."""
    parts = []
    for payee in CARERS:
        x = made.paid_to(payee)
        gap = x - before.paid_to(payee) if before else 0
        if x or gap:
            moved = f" ({signed(gap / 100, 'change_pounds')})" if gap else ""
            parts.append(f"{_payee(made, payee)} {closely(x / 100)}{moved}")
    verb = "would be paid" if before else "is paid" if len(made.subject.members) == 1 else "are paid"
    text = [first_up(joined(parts)).replace(" £", f" {verb} £", 1) + "."] if len(parts) > 1 else []
    once, owners = made.of_fund("once"), made.paid_to("owner", "once")
    if once > 0:
        of = f", {closely(owners / 100)} of it to {_payee(made, 'owner')}" if owners > 0 else ""
        text.append(f"Another {closely(once / 100)} would be paid once{of}.")
    if made.lacking:
        text.append(f"{first_up(lacking(made))}, are not in it.")
    return " ".join(text)


def _whose(made: Statement) -> str:
    subject, n = made.subject, len(made.subject.members)
    if subject.kind == "practice":
        return subject.name
    return f"the {f'{n:,} practices' if n > 1 else 'one practice'} of {subject.name}"


def _each(pounds: float, size: float) -> str:
    return f": £{pounds / size:,.0f} each" if size else ""


def _moved(before: float, after: float, year: int) -> str:
    """The change against the national contract, in pounds and in per cent."""
    if not before:
        return f"In {year_name(year)} nothing is paid under the national contract."
    gap = after - before
    if abs(gap) < 0.5:
        return f"That is as much as is paid under the national contract in {year_name(year)}."
    more = f"{closely(abs(gap))} {'more' if gap > 0 else 'less'}"
    return f"That is {more} ({signed(gap / before)}) than the {closely(before)} of the national contract in {year_name(year)}."


def closely(pounds: float) -> str:
    """A sum to three figures or better: '£4.72 million', '£785,174'."""
    return f"£{pounds / 1e6:.2f} million" if 1e6 <= abs(pounds) < 1e9 else in_words(round(pounds * 100))


def _payee(made: Statement, payee: str) -> str:
    return PAYEES[payee][len(made.subject.members) > 1]


def totals(made: Statement, before: Statement | None) -> Table:
    """Who is paid: those who care for patients, whose yearly money is the figure above, then boards and owners."""
    apart = tuple(f for f in ASIDE if made.of_fund(f))
    columns = (
        Column("who", "Paid to"), Column("running", "Every year", "pence"),
        *((Column("more", "Change", "change_pence"),) if before else ()), *(Column(f, APART[f], "pence") for f in apart),
    )  # fmt: skip

    def of(payee: str) -> tuple[int, ...]:
        x = made.paid_to(payee)
        moved = (x - before.paid_to(payee),) if before else ()
        return (x, *moved, *(made.paid_to(payee, f) for f in apart))

    def row(name: str, payees: Iterable[str]) -> tuple[str | float, ...]:
        return (name, *(sum(x) / 100 for x in zip(*map(of, payees), strict=True)))

    held = [p for p in PAYEES if any(of(p))]
    rows = [row(first_up(_payee(made, p)), (p,)) for p in held]
    rows.insert(sum(p in CARERS for p in held), row(CARE, CARERS))
    if set(held) - set(CARERS):
        rows.append(row("In all", PAYEES))
    note = "What is paid for patients’ care every year is the figure at the top of the page."
    return Table("totals", f"Who is paid, {year_name(made.year)}", columns, tuple(rows), note)


def changed(before: Statement, after: Statement, title: str) -> Figure | None:
    """The lines that another contract pays more or less of than the national one, the largest change first."""
    was = {a.line.name: a for a in before.amounts if a.line.fund == "running"}
    now = {a.line.name: a for a in after.amounts if a.line.fund == "running"}
    rows: list[tuple[str, float, float, float, str]] = []
    for n in dict.fromkeys((*now, *was)):
        old, new = (held[n].pounds if n in held else 0.0 for held in (was, now))
        line = (now.get(n) or was[n]).line
        if old != new:
            rows.append((line.title, new - old, old, new, line.payee))
    if not rows:
        return None
    rows.sort(key=lambda r: -abs(r[1]))
    columns = (
        Column("title", "Line"), Column("more", "Change", "change_pounds"), Column("before", "National contract", "pounds"),
        Column("after", title, "pounds"), Column("payee", "Paid to"),
    )  # fmt: skip
    kinds = (sum(not r[2] for r in rows), "new"), (sum(not r[3] for r in rows), "no longer paid")
    other = len(rows) - sum(n for n, _ in kinds)
    told = joined(
        [f"{counted(n)} {'is' if n == 1 else 'are'} {what}" for n, what in (*kinds, (other, "larger or smaller")) if n]
    )
    note = "A line below nought is money that comes back."
    table = Table("changed", f"Lines that change: {after.subject.name}", columns, tuple(rows), note, first=FIRST)
    return Figure(f"Of the lines of the statement {told}", table)


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
