"""Risk: how much of what is paid on achievement is luck, how far income moves from year to year, and who bears a bad year."""

from __future__ import annotations

import math
from dataclasses import replace

from ...findings.compare import Comparison
from ...findings.exposure import BEARERS
from .. import charts
from ..document import Figure, Section
from ..tables import Column, Table
from .saying import aloud, first_up, named, percent

SHORT = {"under 3,000": "<3k", "3,000 to 5,999": "3k", "6,000 to 9,999": "6k", "10,000 to 14,999": "10k", "15,000 to 19,999": "15k", "20,000 and over": "20k+"}  # fmt: skip
WORST = 12  # rows of exposure that are drawn
SCHEMES = {
    "framework": "Quality framework, one practice",
    "outcome": "One outcome, one practice",
    "believed": "Drawn towards the network",
    "shrunken": "Drawn towards the nation",
}


def risk(comparison: Comparison) -> Section:
    """Money on measured achievement, signal and noise by list size, yearly change of income, and exposure."""
    figures = [_measured(comparison), _signal(comparison), _volatility(comparison)]
    words = (
        "A practice measures few patients in a year, so a part of what it is paid for achievement is luck. Reliability is the share of the "
        "difference between practices that is real; at 0.7 seven parts in ten are. Then: how far a practice's income for each patient moves from one year "
        "to the next against England's, as a standard deviation. In about two years of three it moves by less.",
    )
    return Section("Risk, luck and yearly change", words, figures=tuple(f for f in figures if f))


def _measured(comparison: Comparison) -> Figure | None:
    found = comparison.outcomes.contracts
    sizes = [s.size for s in found[0].sizes] if found else []
    if not sizes:
        return None
    columns = (
        Column("contract", "Contract"), Column("pounds", "On measured achievement", "sum"), Column("share", "Of what is paid every year", "percent"),
        *(Column(f"luck_{i}", f"Luck, £ per patient, {s}", "pence") for i, s in enumerate(sizes)),
    )  # fmt: skip
    rows = tuple((comparison.titles[o.contract], o.pounds, o.share, *(s.luck for s in o.sizes)) for o in found)
    note = "Luck: one standard deviation of what chance alone gives or takes in a year, by list size."
    table = Table("measured", "Money on measured achievement, and luck in it", columns, rows, note)
    base, most = found[0], max(found, key=lambda o: o.sizes[0].luck)
    sentence = f"Luck alone gives or takes £{base.sizes[0].luck:,.2f} a patient in a year under {named(comparison, base.contract)} where lists are {sizes[0]}"
    if most.sizes[0].luck - base.sizes[0].luck >= 0.005:
        sentence += f", and £{most.sizes[0].luck:,.2f} under {named(comparison, most.contract)}"
    lines = tuple((_label(o.contract), *r[1:]) for o, r in zip(found, rows, strict=True))
    feet = [SHORT.get(s, s) for s in sizes]
    drawing = charts.slopes(
        replace(table, rows=lines), "contract", [c.name for c in columns[3:]], "Luck, £ per patient, by list size", feet
    )
    return Figure(sentence, table, drawing)


def _signal(comparison: Comparison) -> Figure | None:
    signal = comparison.outcomes.signal
    curves = {k: c for k, c in signal.curves.items() if c}
    if not curves:
        return None
    sizes = sorted({p[0] for c in curves.values() for p in c})
    held = {k: {p[0]: p[1] for p in c} for k, c in curves.items()}
    columns = (
        Column("list", "List size", "count"),
        *(Column(k, SCHEMES.get(k, k.replace("_", " ").capitalize()), "ratio") for k in curves),
    )
    table = Table(
        "signal", "Reliability by list size", columns, tuple((n, *(held[k].get(n) for k in curves)) for n in sizes)
    )
    least = {k: n for k, n in signal.least.items() if k in curves and math.isfinite(n)}
    if least:
        easiest = min(least, key=lambda k: least[k])
        hardest = max(least, key=lambda k: least[k])
        sentence = f"Pay follows performance with a reliability of {signal.target:g} from {least[easiest]:,.0f} patients ({_scheme(easiest)})"
        sentence += f" to {least[hardest]:,.0f} ({_scheme(hardest)})" if hardest != easiest else ""
    else:
        sentence = f"No scheme reaches a reliability of {signal.target:g} at any list size shown"
    return Figure(sentence, table, charts.lines(table, "list", list(curves), log=True, down="reliability"))


def _scheme(name: str) -> str:
    text = SCHEMES.get(name, name.replace("_", " "))
    return text[:1].lower() + text[1:]


def _volatility(comparison: Comparison) -> Figure | None:
    found = comparison.volatility.contracts
    if not found:
        return None
    sizes = found[0].sizes
    columns = (Column("contract", "Contract"), *(Column(f"sd_{i}", s, "percent") for i, s in enumerate(sizes)))
    rows = tuple((comparison.titles[c.contract], *c.sd) for c in found)
    past = comparison.volatility.history
    note = (
        "From published payments of years running."
        if past.from_data
        else "From the yearly changes of official England: this one has no two published years running."
    )
    table = Table(
        "volatility", "Yearly change of income per patient by list size, one standard deviation", columns, rows, note
    )
    base, most = found[0], max(found, key=lambda c: c.sd[0])
    sentence = f"A practice with a list {sizes[0]} sees its income for each patient move by {percent(base.sd[0])} in a year under {named(comparison, base.contract)}"
    if most.sd[0] - base.sd[0] >= 0.0005:
        sentence += f", and by {percent(most.sd[0])} under {named(comparison, most.contract)}"
    lines = tuple((_label(c.contract), *r[1:]) for c, r in zip(found, rows, strict=True))
    feet = [SHORT.get(s, s) for s in sizes]
    drawing = charts.slopes(
        replace(table, rows=lines), "contract", [c.name for c in columns[1:]], "List size, from", feet
    )
    return Figure(sentence, table, drawing)


def exposure(comparison: Comparison) -> Section:
    """Who bears what in a year in 20 under each contract."""
    rows = sorted(comparison.exposure.rows, key=lambda r: -r.bad_year)
    if not rows:
        return Section("Who bears a bad year")
    columns = (
        Column("risk", "Risk"), Column("contract", "Contract"), Column("bearer", "Who bears it"), Column("bearers", "How many", "count"),
        Column("amount", "Money at stake", "sum"), Column("bad", "Lost in a year in 20", "sum"), Column("part", "Of the money", "percent"),
        Column("chance", "Chance of losing over 2%", "share"), Column("made", "Where the spread is from"),
    )  # fmt: skip
    cells = tuple(
        (
            r.what,
            comparison.titles[r.contract],
            BEARERS[r.bearer],
            r.bearers,
            r.amount,
            r.bad_year,
            r.part,
            r.chance,
            r.made,
        )
        for r in rows
    )
    note = "Each row is one kind of risk by itself. Rows do not add up: bad years do not all come at once."
    table = Table("exposure", "Who bears what, the largest loss first", columns, cells, note, first=30)
    top = next((r for r in rows if r.made != "assumed"), rows[0])  # a spread that is assumed makes no headline
    sentence = f"The largest loss of one year in 20 whose spread is known is {aloud(top.bad_year)}: “{top.what}” under {named(comparison, top.contract)}"
    drawn = replace(
        table,
        rows=tuple((f"{r.what} ({comparison.titles[r.contract]})", *c[1:]) for r, c in zip(rows, cells, strict=True)),
    )
    return Section("Who bears a bad year", figures=(Figure(sentence, table, charts.bars(drawn, "risk", "bad", WORST)),))


def _label(name: str) -> str:
    return first_up(name.replace("_", " "))
