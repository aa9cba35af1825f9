"""What a statement says: in a few sentences, by whom it is paid to, and what changes line by line against the national contract."""

from __future__ import annotations

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
PAYEES = {  # one practice, several
    "practice": ("the practice", "the practices"),
    "network": ("its network", "their networks"),
    "provider": ("the organisation that employs its salaried GPs", "the organisations that employ their salaried GPs"),
    "board": ("its board", "their boards"),
    "owner": ("the owners of its surgery", "the owners of their surgeries"),
}


def lede(here: Desk, made: Statement, name: str, year: int) -> str:
    """What is paid for a subject's patients in all, and how much more or less that is than under the national contract."""
    title, size = said.in_a_sentence(said.title(here, name)), made.list_size
    before, after = (paid(here.money(n, year), made.subject) for n in ("national", name))
    who = f"the {people(size)} patients of {_whose(made)}{_each(after, size)}"
    if name == "national":
        return f"In {year_name(year)} {title} pays {_closely(after)} for {who}."
    return f"If {title} were wholly in force, {_closely(after)} a year would be paid for {who}. {_moved(before, after, year)}"


def shares(made: Statement, name: str) -> str:
    """Whom that is paid to, and what else is paid once."""
    verb = "goes" if name == "national" else "would go"
    held = [(p, made.paid_to(p) / 100) for p in CARERS]
    parts = [(x, _payee(made, p)) for p, x in held if x]
    text = []
    if len(parts) > 1:
        first, *rest = parts
        text.append(
            joined([f"{_closely(first[0])} of it {verb} to {first[1]}", *(f"{_closely(x)} to {p}" for x, p in rest)])
            + "."
        )
    once = made.of_fund("once")
    if once > 0:
        text.append(f"Another {_closely(once / 100)} would be paid once.")
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
    more = f"{_closely(abs(gap))} {'more' if gap > 0 else 'less'}"
    return f"That is {more} ({signed(gap / before)}) than the {_closely(before)} of the national contract in {year_name(year)}."


def _closely(pounds: float) -> str:
    """A sum to three figures or better: '£4.72 million', '£785,174'."""
    return f"£{pounds / 1e6:.2f} million" if 1e6 <= abs(pounds) < 1e9 else in_words(round(pounds * 100))


def _payee(made: Statement, payee: str) -> str:
    return PAYEES[payee][len(made.subject.members) > 1]


def totals(made: Statement) -> Table:
    """Who is paid: those who care for patients, whose yearly money is the figure above, then boards and owners."""
    funds = ("running", *(f for f in ASIDE if made.of_fund(f)))
    titles = {
        "running": "Every year",
        "moved": "Spent elsewhere today",
        "once": "Paid once",
        "elsewhere": "In other budgets",
    }
    columns = (Column("who", "Paid to"), *(Column(f, titles[f], "pence") for f in funds))
    pence = {p: [made.paid_to(p, f) for f in funds] for p in PAYEES}
    care = [sum(x) for x in zip(*(pence[p] for p in CARERS), strict=True)]

    def row(said_: str, of: list[int]) -> tuple[str | float, ...]:
        return (said_, *(x / 100 for x in of))

    rows = [row(first_up(_payee(made, p)), pence[p]) for p in PAYEES if any(pence[p])]
    at = sum(any(pence[p]) for p in CARERS)
    rows.insert(at, row("For patients’ care, as above", care))
    note = "A minus sign is a saving." if min(min(x) for x in pence.values()) < 0 else ""
    return Table("totals", f"Who is paid, {year_name(made.year)}", columns, tuple(rows), note)


def changed(before: Statement, after: Statement, title: str) -> Figure | None:
    """The lines that another contract pays more or less of than the national one, the largest change first."""
    was = {a.line.name: a for a in before.amounts if a.line.fund == "running"}
    now = {a.line.name: a for a in after.amounts if a.line.fund == "running"}
    rows: list[tuple[str, str, float, float, float]] = []
    for n in dict.fromkeys((*now, *was)):
        before_, after_ = (held[n].pounds if n in held else 0.0 for held in (was, now))
        line = (now.get(n) or was[n]).line
        if before_ != after_:
            rows.append((line.title, line.payee, before_, after_, after_ - before_))
    if not rows:
        return None
    rows.sort(key=lambda r: -abs(r[-1]))
    columns = (
        Column("title", "Line"), Column("more", "Change", "change_pounds"), Column("before", "National contract", "pounds"),
        Column("after", title, "pounds"), Column("payee", "Paid to"),
    )  # fmt: skip
    kinds = (sum(not r[2] for r in rows), "new"), (sum(not r[3] for r in rows), "no longer paid")
    other = len(rows) - sum(n for n, _ in kinds)
    said_ = joined(
        [f"{counted(n)} {'is' if n == 1 else 'are'} {what}" for n, what in (*kinds, (other, "larger or smaller")) if n]
    )
    table = Table(
        "changed", f"Lines that change: {after.subject.name}", columns,
        tuple((r[0], r[4], r[2], r[3], r[1]) for r in rows), "A line below nought is money that comes back.", first=FIRST,
    )  # fmt: skip
    return Figure(f"Of the lines of the statement {said_}", table)


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
