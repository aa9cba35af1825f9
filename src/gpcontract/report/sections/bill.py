"""What each contract costs: side by side, line by line, and what each mechanism adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...findings.compare import Comparison
from ...findings.waterfall import Step
from .. import charts
from .. import comparison as tables
from ..document import Figure, Section
from ..tables import Column, Table
from .saying import aloud, first_up, more_or_less, named, percent

DRAWN = 12  # lines of the base's bill that are drawn; the table has them all


def bill(comparison: Comparison) -> Section:
    """The contracts side by side: totals, funds and payees, and every line."""
    words = (
        f"Money paid every year is set against {named(comparison, comparison.base.name)}. It is what practices, their networks and whoever "
        "holds their contract are paid for their patients. Money paid once, money moved in from other budgets and savings "
        "elsewhere stand apart.",
    )
    figures = (_totals(comparison), _lines(comparison), _payees(comparison))
    return Section("What each contract costs", words, figures=figures)


def _totals(comparison: Comparison) -> Figure:
    base = comparison.base.name
    before = comparison.bill.total(base) / 100
    apart = {n: comparison.bill.total(n) / 100 - before for n in comparison.names}
    columns = (
        Column("contract", "Contract"),
        Column("paid", "Paid every year", "millions"),
        Column("more", "Change", "change_millions"),
        Column("change", "Change, %", "change"),
        Column("each", "Change per patient", "change_pence"),
    )
    rows: tuple[tuple[object, ...], ...] = tuple(
        (comparison.titles[n], before + x, x, x / before if before else None, x / comparison.bill.patients)
        for n, x in apart.items()
    )
    table = Table("totals", f"What is paid every year, and the change from {named(comparison, base)}", columns, rows)
    most = max(apart, key=lambda n: abs(apart[n]))
    sentence = (
        f"{first_up(named(comparison, most))} moves the yearly bill furthest: it costs {more_or_less(apart[most])}"
    )
    if most == base:
        sentence = f"{first_up(named(comparison, base))} costs {aloud(before)} a year"
    drawn = replace(table, rows=rows[1:] or rows)
    return Figure(sentence, table, charts.diverging(drawn, "contract", "more"))


def _lines(comparison: Comparison) -> Figure:
    base = comparison.base.name
    table = tables.bill(comparison)
    top = max((r for r in comparison.bill.rows if r.fund == "running"), key=lambda r: r.pence[base] or 0)
    paid, total = top.pence[base] or 0, comparison.bill.total(base)
    share = paid / total if total else 0
    sentence = f"The largest line of {named(comparison, base)} is {top.title}: {aloud(paid / 100)}, {percent(share, 0)} of what is paid every year"
    drawn = replace(table, rows=tuple(sorted((r for r in table.rows), key=lambda r: -(r[table.at(base)] or 0))))
    return Figure(sentence, table, charts.bars(drawn, "line", base, DRAWN))


def _payees(comparison: Comparison) -> Figure:
    base = comparison.base.name
    paid = {r.payee: (r.pence[base] or 0) / 100 for r in comparison.bill.totals if r.fund == "running"}
    sentence = f"Under {named(comparison, base)}, practices are paid {aloud(paid.get('practice', 0))} and networks {aloud(paid.get('network', 0))}"
    return Figure(sentence, tables.payees(comparison))


def steps(comparison: Comparison, waterfalls: Mapping[str, Sequence[Step]]) -> Section:
    """What each mechanism of each contract adds to the bill, one after another. waterfalls: the steps of each contract."""
    parts = []
    for name, found in waterfalls.items():
        added = found[1:-1]
        if not added:
            continue
        table = tables.waterfall(comparison, name, found)
        whole = sum(s.pence for s in added) / 100
        at = table.at("adds")
        total = ("In all", *(whole if i + 1 == at else None for i in range(len(table.columns) - 1)))
        drawn = replace(table, rows=(*table.rows[1:-1], total))
        most = max(added, key=lambda s: abs(s.pence))
        sentence = f"All its mechanisms together cost {more_or_less(whole)}; “{most.title}” moves the bill most, by {aloud(most.pence / 100)}"
        if not most.pence:
            sentence = "None of its mechanisms moves what is paid every year"
        parts.append(
            Section(
                comparison.titles[name], figures=(Figure(sentence, table, charts.waterfall(drawn, "step", "adds")),)
            )
        )
    words = (
        "Each mechanism is put in after those above it, in the contract's own order. Where two meet, what each adds depends on "
        "that order; what they add together does not.",
    )
    return Section("What each mechanism adds", words, parts=tuple(parts))
