"""What a reform does to the contract it is made on: the bill, who gains and who loses, and one practice that somebody follows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...engine.edits import Reform
from ...engine.errors import GpContractError
from ...engine.years import year_name
from ...findings.compare import Comparison
from ...findings.money import Money
from ...report import charts
from ...report import comparison as tables
from ...report.document import Figure, Section
from ...report.sections import winners as moved
from ...report.sections.saying import against, joined, more_or_less, named, signed
from ...report.tables import Column, Table
from .. import change
from ..desk import Desk
from ..links import to

LINES = 12  # drawn
NAMED = 10  # practices
APART = {"once": " (paid once)", "moved": " (spent elsewhere today)"}  # what is not in what is paid every year


def outcome(here: Desk, base: str, reform: Reform, year: int, practice: str = "") -> tuple[str, tuple[Section, ...]]:
    """What the edits do in a year, in a sentence and in sections; made once for the same edits."""
    key = ("outcome", base, reform.hash, year, practice.upper())
    return here.once(key, lambda: _outcome(here, base, reform, year, practice))  # type: ignore[no-any-return]


def _outcome(here: Desk, base: str, reform: Reform, year: int, practice: str) -> tuple[str, tuple[Section, ...]]:
    before, after = here.money(base, year), here.edited(base, reform, year)
    made = Comparison(here.england, year, (before, after))
    sections = [Section("What it costs", figures=(_bill(made),))]
    if practice:
        sections.insert(
            0, Section("The practice you follow", figures=(_practice(here, before, after, practice, year),))
        )
    if (after.running != before.running).any():
        sections.append(
            Section("Who gains and who loses", figures=(moved.classes(made), *_fifths(made), *_affected(made)))
        )
    return _lede(made, reform, year), tuple(sections)


def _lede(made: Comparison, reform: Reform, year: int) -> str:
    asleep = [e.said for e in reform.edits if not e.reaches(year)]
    paid = [made.bill.total(n) / 100 for n in made.names]
    w = made.winners[made.names[1]]
    losers, gainers = w.over(0.01)
    if (made.moneys[0].running == made.moneys[1].running).all() and paid[0] == paid[1]:
        said = f"In {year_name(year)} this moves no money."
    else:
        said = (
            f"In {year_name(year)} this costs {more_or_less(paid[1] - paid[0])} than {named(made, made.base.name)}, {against(paid[1] / paid[0] - 1, 2)}. "
            f"{_low_count(gainers, 'practice gains', 'practices gain')} 1% or more and {_low_count(losers, 'practice loses', 'practices lose').lower()} 1% or more; the middle practice moves by {signed(w.median)}."
        ).replace("the same, to the nearest £100,000 than", "the same, to the nearest £100,000, as")
    if asleep:
        said += f" Not in force in {year_name(year)}: {joined(asleep[:3])}."
    return said


def _bill(made: Comparison) -> Figure:
    """Every line that moves, with what it was and what it becomes."""
    base, new = made.names
    columns = (
        Column("line", "Line"), Column("payee", "Paid to"), Column("before", "Before", "millions"), Column("after", "After", "millions"),
        Column("more", "Change", "change_millions"),
    )  # fmt: skip
    moved_ = [
        (r, (r.pence[base] or 0) / 100, (r.pence[new] or 0) / 100) for r in made.bill.rows if r.fund != "elsewhere"
    ]
    rows: list[tuple[Any, ...]] = [
        (r.title + APART.get(r.fund, ""), r.payee, a, b, b - a) for r, a, b in moved_ if a != b
    ]
    rows.sort(key=lambda r: -abs(r[4]))
    total = [made.bill.total(n) / 100 for n in made.names]
    share = total[1] / total[0] - 1 if total[0] else 0.0
    whole = ("All that is paid every year", "", total[0], total[1], total[1] - total[0])
    table = Table("lines", f"The lines that move, {year_name(made.year)}", columns, (*rows, whole), first=LINES * 2)
    said = f"{_low_count(len(rows), 'line moves', 'lines move')}: the yearly bill goes from {_sum(total[0])} to {_sum(total[1])} ({signed(share)})"
    drawn = replace(table, rows=tuple(rows[:LINES]))
    return Figure(said, table, charts.diverging(drawn, "line", "more") if rows else None)


def _low_count(n: int, one: str, many: str) -> str:
    return f"No {many}" if not n else f"{n:,} {one if n == 1 else many}"


def _sum(pounds: float) -> str:
    return f"£{pounds / 1e9:,.3f} billion" if pounds >= 1e9 else f"£{pounds / 1e6:,.1f} million"


def _fifths(made: Comparison) -> tuple[Figure, ...]:
    """The change by deprivation, where this England knows it."""
    if "deprivation" not in made.frame.groups:
        return ()
    full = tables.income(made, "deprivation")
    new = f"change_{made.names[1]}"
    table = replace(full, columns=tuple(replace(c, title="Change") if c.name == new else c for c in full.columns))
    rows = [r for r in table.rows if r[table.at(new)] is not None]
    if not rows:
        return ()
    first, last = rows[0], rows[-1]
    at = table.at(new)
    said = f"By deprivation: {signed(first[at])} for practices in “{first[0]}”, {signed(last[at])} in “{last[0]}”"
    return (Figure(said, table),)


def _affected(made: Comparison) -> tuple[Figure, ...]:
    table = replace(
        tables.affected(made, made.names[1]), name="affected", first=NAMED, title="The practices most affected"
    )
    if not table.rows:
        return ()
    a = made.winners[made.names[1]].affected[0]
    return (Figure(f"{a.name} ({a.code}) is moved furthest, by {signed(a.change)}", table),)


def _practice(here: Desk, before: Money, after: Money, code: str, year: int) -> Figure:
    """One practice's lines before and after."""
    subject = before.result.subject(code, year)
    columns = (
        Column("line", "Line"), Column("before", "Before", "pounds"), Column("after", "After", "pounds"), Column("more", "Change", "change_pounds"),
    )  # fmt: skip
    found: dict[str, list[float]] = {}
    for i, money in enumerate((before, after)):
        for x in money.result.statement("England" if subject.kind == "nation" else code, year).amounts:
            if x.line.fund == "running":
                found.setdefault(x.line.title, [0.0, 0.0])[i] = x.pence / 100
    rows: list[tuple[Any, ...]] = [(t, a, b, b - a) for t, (a, b) in found.items() if a != b]
    rows.sort(key=lambda r: -abs(r[3]))
    whole = [change.paid(m, subject) for m in (before, after)]
    rows.append(("All, with its share of what networks are paid", *whole, whole[1] - whole[0]))
    share = f" ({signed(whole[1] / whole[0] - 1)})" if whole[0] else ""
    said = f"{subject.name} would be paid {signed(whole[1] - whole[0], 'change_pounds')}{share}"
    return Figure(said, Table("practice", f"{subject.name}, {year_name(year)}", columns, tuple(rows)))


def links(sections: tuple[Section, ...], year: int) -> dict[str, dict[str, str]]:
    """Where the practices of the tables lead."""
    codes = [r[0] for s in sections for f in s.figures if f.table.name == "affected" for r in f.table.rows]
    return {"affected": {c: to("practice", c) for c in codes}}


def follows(here: Desk, base: str, code: str, year: int) -> str:
    """What is wrong with the practice that somebody wants to follow; nothing where it is there."""
    try:
        here.result(base, year).subject(code, year)
    except GpContractError as error:
        return f"{error.problem[:1].upper()}{error.problem[1:]}."
    return ""
