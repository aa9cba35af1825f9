"""The tables of a comparison: one for each finding, from which terminal, page, files and sheets are all made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..engine.years import year_name
from ..findings.assumptions import Joint, Swing
from ..findings.bases import BASES
from ..findings.bill import FUNDS
from ..findings.compare import Comparison
from ..findings.frame import DENOMINATORS
from ..findings.holders import HOLDERS
from ..findings.waterfall import Step
from ..findings.winners import BANDS, FEWEST, changes
from .tables import Cell, Column, Table, shown

FEW = 3  # lines named in a note before the rest are counted
PER = {"registered": "registered patient", "weighted": "Carr-Hill weighted patient", "need": "need-weighted patient"}


def short(comparison: Comparison) -> dict[str, str]:
    """What each contract is called in the head of a column."""
    return {name: _cap(title.removeprefix("The ")) for name, title in comparison.titles.items()}


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def summary(c: Comparison) -> Table:
    """The contracts side by side: what they cost, who moves, how fair, how even, who holds the lists."""
    by = "need" if "need" in c.frame.patients else "registered"
    first = c.bill.total(c.base.name)
    others = [m.name for m in c.moneys[1:]]
    running = {m.name: c.bill.total(m.name) for m in c.moneys}
    moved = {n: c.winners[n].over(0.05) for n in others}
    rows: list[dict[str, str]] = []

    def row(title: str, kind: str, figures: Mapping[str, float]) -> None:
        rows.append({"what": title} | {m.name: shown(figures.get(m.name), kind) for m in c.moneys})

    row("Paid every year", "sum", {n: x / 100 for n, x in running.items()})
    row("Change", "change_sum", {n: (running[n] - first) / 100 for n in others})
    row("Change, %", "change", {n: running[n] / first - 1 for n in others if first})
    row(
        "£ per registered patient",
        "pence",
        {m.name: running[m.name] / 100 / m.frame.patients["registered"].sum() for m in c.moneys},
    )
    for fund, said in FUNDS.items():
        figures = {m.name: c.bill.total(m.name, fund) / 100 for m in c.moneys}
        if fund != "running" and any(figures.values()):
            row(said, "change_sum" if fund == "elsewhere" else "sum", figures)
    row("Practices losing 5% or more", "count", {n: x[0] for n, x in moved.items()})
    row("Practices gaining 5% or more", "count", {n: x[1] for n, x in moved.items()})
    for d in c.frame.patients:
        gaps = {s.contract: s.gap for s in c.equity if s.denominator == d}
        row(f"Most over least deprived fifth, per {PER[d]}", "change", gaps)
    indices = {s.contract: s.index for s in c.spread if s.denominator == by}
    row(f"Spread between boards, % (per {PER[by]})", "number", indices)
    row(
        "Paid on measured achievement",
        "percent",
        {m.name: m.of(measured=True).sum() / running[m.name] for m in c.moneys if running[m.name]},
    )
    for holder, said in HOLDERS.items():
        row(f"Lists held by {_low(said)}", "percent", {h.contract: h.share for h in c.holders if h.holder == holder})
    row("Figures in use that are assumed", "count", {m.name: len(m.result.assumed(m.frame.year)) for m in c.moneys})
    columns = [Column("what", ""), *(Column(m.name, short(c)[m.name], "number") for m in c.moneys)]
    note = " ".join((*left_out(c), f"{_cap(c.state)}. Deprivation and spread leave dispensing out."))
    return Table.of("summary", f"The contracts side by side, {year_name(c.year)}", columns, rows, note)


def left_out(c: Comparison) -> tuple[str, ...]:
    """What must be said where lines are not published for a year: they are in no figure, and another year may have them."""
    said = []
    for year in dict.fromkeys(m.frame.year for m in c.moneys):
        lines = max((c.lacking[m.name] for m in c.moneys if m.frame.year == year), key=len)
        if lines:
            some = f"{', '.join(lines[:FEW])} and others" if len(lines) > FEW else ", ".join(lines)
            one = len(lines) == 1
            said.append(
                f"{len(lines)} line{' is' if one else 's are'} not published for {year_name(year)} and {'is' if one else 'are'} "
                f"in no figure here: {some}."
            )
    others = [m for m in c.moneys if m.frame.year != c.year and {*c.lacking[m.name]} != {*c.lacking[c.base.name]}]
    if said and others:
        said.append("The years do not hold the same lines, so that the change between them is no change of pay.")
    return tuple(said)


def _low(text: str) -> str:
    """Words within a sentence: 'Companies' is 'companies', 'NHS trusts' stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def bill(c: Comparison) -> Table:
    """Every line under every contract."""
    columns = [Column("line", "Line"), Column("payee", "Paid to"), Column("fund", "Fund"), Column("how", "How")]
    columns += [Column(m.name, short(c)[m.name], "millions") for m in c.moneys]
    rows: list[dict[str, Any]] = []
    for r in c.bill.rows:
        how = ", ".join(dict.fromkeys(r.made.values()))
        cells: dict[str, Cell] = {k: None if v is None else v / 100 for k, v in r.pence.items()}
        rows.append(
            {"line": r.title, "payee": r.payee, "fund": FUNDS[r.fund].split(":")[0].split(" (")[0], "how": how} | cells
        )
    rows.sort(key=lambda r: -max(abs(float(r[m.name] or 0)) for m in c.moneys))
    note = "A dash: the contract has no such line. Lines that pay nothing under any contract are left out."
    return Table.of("bill", f"The bill by line, {year_name(c.year)}", columns, rows, note, first=25)


def payees(c: Comparison) -> Table:
    """Totals by fund and payee under every contract."""
    columns = [Column("total", "Total"), *(Column(m.name, short(c)[m.name], "sum") for m in c.moneys)]
    rows = [{"total": r.title} | {k: (v or 0) / 100 for k, v in r.pence.items()} for r in c.bill.totals]
    return Table.of("payees", "The bill by fund and payee", columns, rows)


def winners(c: Comparison) -> Table:
    """Practices and patients by size of change, a row for each contract and band."""
    columns = [Column("contract", "Contract"), Column("band", "Change in running money")]
    columns += [Column("practices", "Practices", "count"), Column("patients", "Patients", "count")]
    columns += [Column("share", "Share of patients", "percent")]
    total = float(c.frame.patients["registered"].sum())
    rows = [
        {"contract": c.titles[w.contract], "band": b, "practices": w.practices[b], "patients": w.patients[b], "share": w.patients[b] / total}
        for w in c.winners.values()
        for b in BANDS
    ]  # fmt: skip
    return Table.of("winners", f"Who gains and who loses against {c.titles[c.base.name]}", columns, rows, _aside(c))


def _aside(c: Comparison) -> str:
    """How many practices are in no band."""
    n = max((w.set_aside for w in c.winners.values()), default=0)
    return f"{n:,} practices with fewer than {FEWEST} patients, or paid nothing before, are set aside." if n else ""


def winners_across(c: Comparison) -> Table:
    """Practices by size of change, a column for each band."""
    columns = [Column("contract", "Contract"), *(Column(b, b.capitalize(), "count") for b in BANDS)]
    rows = [{"contract": c.titles[w.contract]} | dict(w.practices) for w in c.winners.values()]
    return Table.of("winners_across", "Practices by change in running money", columns, rows, _aside(c))


def affected(c: Comparison, name: str) -> Table:
    """The practices that a contract moves furthest, with the lines that make most of the change."""
    columns = [Column("code", "Practice"), Column("name", "Name"), Column("patients", "Patients", "count")]
    columns += [
        Column("before", "Before", "pounds"),
        Column("after", "After", "pounds"),
        Column("change", "Change", "change"),
    ]
    columns += [Column("why", "Most of it from")]
    rows = []
    for a in c.winners[name].affected:
        why = "; ".join(f"{t} {'+' if x > 0 else '−'}£{abs(x):,.0f}" for t, x in a.why)
        rows.append(vars(a) | {"change": a.change, "why": why})
    note = "Among practices of 1,000 patients and more."
    return Table.of(f"affected_{name}", f"The twenty practices most affected: {c.titles[name]}", columns, rows, note)


def income(c: Comparison, kind: str, per: str = "registered") -> Table:
    """Pounds per patient by the groups of one kind, and the change in running money."""
    made = c.income(kind)
    columns = [
        Column("group", made.title),
        Column("practices", "Practices", "count"),
        Column("patients", "Patients", "count"),
    ]
    columns += [Column(f"each_{m.name}", f"{short(c)[m.name]}, £ per patient", "pence") for m in c.moneys]
    columns += [Column(f"change_{m.name}", f"{short(c)[m.name]}, change", "change") for m in c.moneys[1:]]
    rows = []
    for r in made.rows():
        each = {f"each_{k}": x for k, x in r["per_patient"][per].items()}
        moved = {f"change_{k}": x for k, x in r["change"].items() if k != c.base.name}
        rows.append({"group": r["name"], "practices": r["practices"], "patients": r["patients"]} | each | moved)
    note = f"Per {DENOMINATORS[per]}, without dispensing; the change is in all running money."
    first = 20 if len(rows) > 60 else None
    return Table.of(f"income_{kind}", f"Income by {made.title.lower()}", columns, rows, note, first)


def equity(c: Comparison) -> Table:
    """Pounds per patient in each deprivation fifth and the slope, by contract and denominator."""
    columns = [Column("denominator", "Per"), Column("contract", "Contract")]
    columns += [
        Column(f"fifth_{i}", {1: "Most deprived fifth", 5: "Least deprived"}.get(i, str(i)), "pence")
        for i in range(1, 6)
    ]
    columns += [Column("gap", "Most over least", "change"), Column("slope", "Slope, least to most", "change_pence")]
    rows = [
        {"denominator": PER[s.denominator], "contract": c.titles[s.contract], "gap": s.gap, "slope": s.slope}
        | {f"fifth_{i}": x for i, x in enumerate(s.fifths, 1)}
        for s in c.equity
    ]
    note = "Without dispensing. The slope is a least-squares line over patients ranked by deprivation, in pounds per patient from end to end."
    return Table.of("equity", "Money per patient by deprivation, by three counts of patients", columns, rows, note)


def spread(c: Comparison) -> Table:
    """The spread between boards by contract and denominator."""
    columns = [Column("denominator", "Per"), Column("contract", "Contract"), Column("mean", "Mean", "pence")]
    columns += [Column("low", "Lowest board"), Column("low_pounds", "£", "pence"), Column("high", "Highest board")]
    columns += [
        Column("high_pounds", "£", "pence"),
        Column("ratio", "90th over 10th", "ratio"),
        Column("index", "Index, %", "number"),
    ]
    columns += [Column("gini", "Gini", "ratio"), Column("within", "Within boards, %", "number")]
    rows = [
        {"denominator": PER[s.denominator], "contract": c.titles[s.contract], "mean": s.mean, "low": s.lowest[0], "low_pounds": s.lowest[1],
         "high": s.highest[0], "high_pounds": s.highest[1], "ratio": s.ratio, "index": s.index, "gini": s.gini, "within": s.within}
        for s in c.spread
    ]  # fmt: skip
    note = "Without dispensing. The index is the coefficient of variation between boards, weighted by patients."
    return Table.of("spread", "The postcode lottery: spread between boards", columns, rows, note)


def floors(c: Comparison, per: str = "need") -> Table:
    """What floors for boards cost, and the spread they leave."""
    per = per if per in c.frame.patients else "registered"
    columns = [
        Column("contract", "Contract"),
        Column("level", "Floor, of England's mean", "share"),
        Column("boards", "Boards below", "count"),
    ]
    columns += [
        Column("cost", "Cost", "sum"),
        Column("before", "Index before, %", "number"),
        Column("after", "After, %", "number"),
    ]
    rows = [
        {"contract": c.titles[s.contract], "level": f.level, "boards": f.boards_below, "cost": f.cost, "before": s.index, "after": f.index_after}
        for s in c.spread
        if s.denominator == per
        for f in s.floors
    ]  # fmt: skip
    return Table.of("floors", f"What a floor per {PER[per]} would narrow", columns, rows)


def holders(c: Comparison) -> Table:
    """Who holds the lists and the money."""
    columns = [Column("contract", "Contract"), Column("holder", "Holder"), Column("patients", "Patients", "count")]
    columns += [Column("share", "Share of patients", "percent"), Column("pounds", "Running money", "sum")]
    rows = [vars(h) | {"contract": c.titles[h.contract], "holder": h.title} for h in c.holders]
    return Table.of("holders", "Who holds the lists, and the money that comes with them", columns, rows)


def at_risk(c: Comparison) -> Table:
    """What running money rests on under each contract: the list, measured achievement, claims, or the board's choice."""
    columns = [
        Column("contract", "Contract"),
        *(Column(base, said.split(":")[0], "percent") for base, said in BASES.items()),
    ]
    rows = [{"contract": c.titles[v.contract]} | dict(v.shares) for v in c.volatility.contracts]
    return Table.of("at_risk", "What income rests on, share of running money without dispensing", columns, rows)


def measures(c: Comparison) -> Table:
    """What the contracts do that is not money, a row for each contract and measure; who holds lists has its own table."""
    columns = [Column("contract", "Contract"), Column("measure", "Measure"), Column("figure", "Figure", "number")]
    columns += [Column("unit", "Unit"), Column("how", "Of England")]
    told = {"sum": "in all", "mean": "mean over patients", "one": "one figure"}
    made = [m for m in c.measures if not m.name.startswith("held_by_")]
    rows = [
        {"contract": c.titles[name], "measure": m.title, "figure": figure(m.figures[name], m.unit), "unit": m.unit, "how": told[m.how]}
        for name in c.names
        for m in made
        if name in m.figures
    ]  # fmt: skip
    return Table.of("measures", "What the contracts do that is not money", columns, rows)


def figure(x: float, unit: str) -> str:
    """A figure of any unit: a fraction as per cent, money with its sign, other numbers by their size."""
    if x != x:
        return "–"
    sign, y = "−" if x < 0 else "", abs(x)
    if unit == "fraction":
        return f"{sign}{100 * y:.1f}%"
    size = f"{y:,.0f}" if y >= 100 else f"{y:,.1f}" if y >= 10 else f"{y:,.2f}"
    if unit.startswith("GBP"):
        size = f"£{y / 1e9:,.2f}bn" if y >= 1e9 else f"£{y / 1e6:,.1f}m" if y >= 1e6 else f"£{size}"
    return f"{sign}{size}"


def between(low: float, high: float, unit: str) -> str:
    """A range as people read it: '15% to 35%', '£154,700 to £178,300', '× 0.7 to 1.3', '1 to 4'."""
    return ("× " if unit == "times" else "") + f"{_end(low, unit)} to {_end(high, unit)}"


def _end(x: float, unit: str) -> str:
    share = unit.startswith("fraction")
    size = f"{abs(100 * x if share else x):,.6f}".rstrip("0").rstrip(".")
    return f"{'−' if x < 0 else ''}{'£' if unit.startswith('GBP') else ''}{size}{'%' if share else ''}"


def swings(c: Comparison, name: str, found: Sequence[Swing]) -> Table:
    """Each assumed figure at the ends of its range: how far the yearly cost and the count of losers move."""
    columns = [
        Column("value", "Assumed figure"),
        Column("range", "Range"),
        Column("low", "Cost at the low end", "change_sum"),
    ]
    columns += [Column("central", "Estimate", "change_sum"), Column("high", "At the high end", "change_sum")]
    columns += [Column("losers", "Practices losing 5% or more (low, central, high)")]
    rows = []
    for s in found:
        rows.append(
            {"value": s.title, "range": between(s.low, s.high, "times" if s.times else s.unit), "low": s.cost[0], "central": s.cost[1], "high": s.cost[2],
             "losers": ", ".join(f"{n:,}" for n in s.losers)}
        )  # fmt: skip
    title = f"What {c.titles[name]} assumes, and how far each figure moves its cost against {c.titles[c.base.name]}"
    return Table.of(f"assumed_{name}", title, columns, rows, first=15)


def joints(c: Comparison, found: Sequence[Joint]) -> Table:
    """The difference of each contract over draws of every assumed figure together."""
    columns = [Column("contract", "Contract"), Column("fund", "Fund"), Column("central", "Estimate", "change_sum")]
    columns += [
        Column("low", "1 in 10 below", "change_sum"),
        Column("middle", "Middle", "change_sum"),
        Column("high", "1 in 10 above", "change_sum"),
    ]
    rows = [
        {
            "contract": c.titles[j.contract],
            "fund": FUNDS[f],
            "central": j.central[f],
            "low": q[0],
            "middle": q[1],
            "high": q[2],
        }
        for j in found
        for f, q in j.quantiles.items()
    ]
    draws = f"{found[0].draws} draws, seed {found[0].seed}. " if found else ""
    draws += "Where somebody chooses by a threshold (a network that opts in), the estimate can lie far from the middle of the draws."
    return Table.of("joint", "How far the difference moves over all assumed ranges together", columns, rows, draws)


def waterfall(c: Comparison, name: str, steps: Sequence[Step]) -> Table:
    """What each mechanism adds to the yearly bill, one after another."""
    columns = [Column("step", "Step"), Column("adds", "Adds", "change_sum")]
    payees = list(dict.fromkeys(p for s in steps for p in s.added))
    columns += [Column(p, f"To {p}s" if p != "provider" else "To a provider", "change_sum") for p in payees]
    rows = [{"step": s.title, "adds": s.pence / 100} | {p: v / 100 for p, v in s.added.items()} for s in steps]
    return Table.of(f"waterfall_{name}", f"{c.titles[name]}, one mechanism after another", columns, rows)


def practices(c: Comparison) -> Table:
    """Every practice: where it is, its patients by each count, and its running money under each contract."""
    columns = [Column("code", "Practice"), Column("name", "Name")]
    columns += [Column(k, g.title) for k, g in c.frame.groups.items() if k != "size"]
    columns += [Column(f"patients_{d}", f"Patients: {PER[d]}", "count") for d in c.frame.patients]
    columns += [Column(f"pounds_{m.name}", f"{short(c)[m.name]}, £", "pence") for m in c.moneys]
    columns += [Column(f"change_{m.name}", f"{short(c)[m.name]}, change", "change") for m in c.moneys[1:]]
    frame = c.frame
    labels = [[g.names[i] if i >= 0 else "" for i in g.index] for k, g in frame.groups.items() if k != "size"]
    people: list[Any] = [frame.patients[d].tolist() for d in frame.patients]
    pounds = [_lined_up(m.pounds, m, c).tolist() for m in c.moneys]
    moved = [changes(m, c.base).tolist() for m in c.moneys[1:]]
    rows = tuple(zip(frame.codes, frame.names, *labels, *people, *pounds, *moved, strict=True))
    return Table("practices", f"Every practice, {year_name(c.year)}", tuple(columns), rows, first=0)


def _lined_up(x: np.ndarray, m: Any, c: Comparison) -> np.ndarray:
    """A figure of each practice of the base's year; NaN where the other year has no such practice."""
    if m.frame is c.frame:
        return x
    whole = np.full(len(c.england.codes), np.nan)
    whole[m.frame.members] = x
    return whole[c.frame.members]


#: The tables that `gpcontract compare --show` prints, by name; each from a comparison alone.
SHOWN: dict[str, Callable[[Comparison], Table]] = {
    "summary": summary,
    "payees": payees,
    "bill": bill,
    "winners": winners_across,
    "equity": equity,
    "spread": spread,
    "floors": floors,
    "holders": holders,
    "measures": measures,
}
