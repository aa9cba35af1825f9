"""The report's first page: what was found, in plain words, a paragraph and a card for each contract."""

from __future__ import annotations

from ...engine.years import year_name
from ...findings.compare import Comparison
from .. import comparison as tables
from ..document import Card, Figure, Section
from .saying import against, aloud, counted, joined, more_or_less, named, signed


def lede(comparison: Comparison) -> str:
    """The report in a sentence or two."""
    base = comparison.base.name
    before = comparison.bill.total(base) / 100
    said = f"In {year_name(comparison.year)}, {named(comparison, base)} pays {aloud(before)}."
    apart = [(n, comparison.bill.total(n) / 100 - before) for n in comparison.names[1:]]
    if not apart:
        return said
    if len(apart) == 1:
        return f"{said} {comparison.titles[apart[0][0]]} would pay {more_or_less(apart[0][1])} a year."
    low, high = min(apart, key=lambda x: x[1]), max(apart, key=lambda x: x[1])
    return (
        f"{said} The {counted(len(apart))} others run from {more_or_less(low[1])} a year ({named(comparison, low[0])}) "
        f"to {more_or_less(high[1])} ({named(comparison, high[0])})."
    )


def summary(comparison: Comparison) -> Section:
    """What was found, and a card for each contract."""
    words = []
    found = sorted(comparison.winners.values(), key=lambda w: -w.over(0.05)[0])
    if found:
        losing = [f"{w.over(0.05)[0]:,} under {named(comparison, w.contract)}" for w in found if w.over(0.05)[0]]
        none = [named(comparison, w.contract) for w in found if not w.over(0.05)[0]]
        losing += [f"none under {joined(none).replace(' and ', ' or ')}"] if none else []
        words.append(f"Practices that would lose 5% or more of their money: {joined(losing)}.")
    need = [s for s in comparison.equity if s.denominator == "need"] or list(comparison.equity)[: len(comparison.names)]
    if need:
        per = tables.PER[need[0].denominator]
        first = need[0]
        said = f"For each {per}, the most deprived fifth of practices is paid {against(first.gap)} than the least deprived under {named(comparison, first.contract)}"
        rest = [f"{against(s.gap)} under {named(comparison, s.contract)}" for s in need[1:]]
        words.append(f"{said}. The same figure is {joined(rest)}." if rest else f"{said}.")
    words.append(
        "These are steady states: every mechanism wholly in force in one year, on today's practices and patients. They say what a contract would "
        "pay and to whom, not what people would then do."
    )
    return Section(
        "Summary", tuple(words), tuple(_card(comparison, n) for n in comparison.names), (_side_by_side(comparison),)
    )


def _side_by_side(comparison: Comparison) -> Figure:
    table = tables.summary(comparison)
    return Figure(f"{len(table.rows)} findings for each contract, side by side", table)


def _card(comparison: Comparison, name: str) -> Card:
    bill = comparison.bill
    before, after = bill.total(comparison.base.name) / 100, bill.total(name) / 100
    figures = [("Paid every year", aloud(after))]
    once, moved = bill.total(name, "once") / 100, bill.total(name, "moved") / 100
    if name in comparison.winners:
        w = comparison.winners[name]
        losers, gainers = w.over(0.05)
        figures += [
            ("Change", signed(after - before, "change_sum")), ("Practices gaining 5% or more", f"{gainers:,}"),
            ("Practices losing 5% or more", f"{losers:,}"), ("The middle practice", signed(w.median)),
        ]  # fmt: skip
    else:
        figures.append(("For each patient", f"£{after / bill.patients:,.0f}"))
    figures += [("Paid once", aloud(once))] if once else []
    figures += [("Moved in from other budgets", aloud(moved))] if moved else []
    gap = next((s.gap for s in comparison.equity if s.contract == name and s.denominator == "need"), None)
    if gap is not None:
        figures.append(("Most deprived fifth against the least, by need", against(gap)))
    return Card(comparison.titles[name], tuple(figures), comparison.contract(name).about.strip())
