"""Who gains and who loses: practices and patients by size of change, where they are, and the twenty most affected."""

from __future__ import annotations

from dataclasses import replace

from ...findings.compare import Comparison
from ...findings.winners import BANDS, LEAST, Winners, changes
from .. import charts, maps
from .. import comparison as tables
from ..document import Figure, Section
from .saying import counted, first_up, joined, named, people, signed


def winners(comparison: Comparison) -> Section:
    """Practices and patients by size of change under each contract, and maps of the practices."""
    if not comparison.winners:
        return Section("Who gains and who loses")
    words = (
        f"A practice gains or loses against {named(comparison, comparison.base.name)} in all its running money, with its share of what its "
        "network is paid. A change within 1% counts as none. A gain is money, not profit: where a contract costs more to run, as with "
        "salaried GPs in partners’ place, the gain pays for that.",
    )
    parts = tuple(
        Section(f"{comparison.titles[w.contract]}: where", figures=(_map(comparison, w),))
        for w in comparison.winners.values()
    )
    return Section("Who gains and who loses", words, figures=(classes(comparison),), parts=parts)


def classes(comparison: Comparison) -> Figure:
    """Practices by size of change under each contract, as shares of all."""
    found = list(comparison.winners.values())
    worst = max(found, key=lambda w: w.over(0.05)[0])
    n = worst.over(0.05)[0]
    patients = sum(worst.patients[b] for b in BANDS[:2])
    sentence = (
        f"{n:,} practices with {people(patients)} patients lose 5% or more under {named(comparison, worst.contract)}"
    )
    sentence += f", the most of the {counted(len(found))} contracts" if len(found) > 1 else ""
    if not n:
        sentence = (
            "No practice loses 5% or more under any contract" if len(found) > 1 else "No practice loses 5% or more"
        )
    table = tables.winners_across(comparison)
    return Figure(sentence, table, charts.stacked(table, "contract", BANDS))


def _map(comparison: Comparison, w: Winners) -> Figure:
    table = tables.winners(comparison).where("contract", comparison.titles[w.contract])
    title = f"{comparison.titles[w.contract]}: practices and patients by change"
    table = replace(table.only("band", "practices", "patients"), name=f"winners_{w.contract}", title=title)
    losers, gainers = w.over(0.01)
    sentence = (
        f"{gainers:,} practices gain 1% or more, {losers:,} lose; the middle practice moves by {signed(w.median)}"
    )
    money = comparison.money(w.contract)
    lat, lon = comparison.frame.fact("latitude"), comparison.frame.fact("longitude")
    drawing = None if lat is None or lon is None else maps.points(lat, lon, changes(money, comparison.base))
    return Figure(sentence, table, drawing)


def affected(comparison: Comparison) -> Section:
    """The twenty practices that each contract moves furthest, with the lines that move them."""
    parts = []
    for w in comparison.winners.values():
        if not w.affected:
            continue
        first = w.affected[0]
        lines = joined([f"{title} ({signed(x, 'change_pounds')})" for title, x in first.why])
        sentence = f"{first.name} ({first.code}) is moved furthest, by {signed(first.change)}: {first_up(lines)}"
        parts.append(
            Section(
                f"Most affected: {comparison.titles[w.contract]}",
                figures=(Figure(sentence, tables.affected(comparison, w.contract)),),
            )
        )
    words = (
        f"Lists under {LEAST:,} patients are left out: such practices are opening or closing, and their change says little of a contract. "
        "An extreme practice is often extreme because of its data, so read these rows as questions to ask.",
    )
    return Section("The twenty most affected, and why", words, parts=tuple(parts))
