"""Income by groups of practices, equity by deprivation, who holds the money, and what is not money."""

from __future__ import annotations

import math
from dataclasses import replace

from ...findings.compare import Comparison
from .. import charts
from .. import comparison as tables
from ..document import Figure, Section
from ..tables import Table
from .saying import aloud, first_up, more_or_less, named, percent, signed

FEET = {"deprivation": ("1", "2", "3", "4", "5"), "size": ("<3k", "3k", "6k", "10k", "15k", "20k+")}
AXES = {"deprivation": "Deprivation fifth: 1 is the most deprived", "size": "List size, from"}
ROWS = 18  # bars of a grouped chart that a printed page holds


def income(comparison: Comparison) -> Section:
    """Pounds per registered patient by kind of practice under each contract, and the change."""
    figures = [_income(comparison, k) for k in comparison.frame.groups if k not in ("network", "board")]
    words = (
        "Pounds for each registered patient leave dispensing out: what a dispensing practice is paid for drugs is not money for "
        "care. Changes are of all running money. Boards have a part of their own below; networks are in the files.",
    )
    return Section("Income by kind of practice", words, figures=tuple(figures))


def _income(comparison: Comparison, kind: str) -> Figure:
    table = tables.income(comparison, kind)
    series = [f"each_{n}" for n in comparison.names]
    now, labels = table.numbers(series[0]), table.texts("group")
    held = [i for i, x in enumerate(now) if math.isfinite(x)]
    if not held:
        return Figure("Nothing is known by this kind of practice", table)
    top, low = max(held, key=lambda i: now[i]), min(held, key=lambda i: now[i])
    sentence = first_up(
        f"{_group(kind, labels[top])} have most for each patient under {named(comparison, comparison.base.name)}, £{now[top]:,.0f}; "
        f"{_group(kind, labels[low])} have least, £{now[low]:,.0f}"
    )
    if kind in AXES:
        return Figure(sentence, table, _over(comparison, table, series, AXES[kind], FEET[kind]))
    if len(labels) * len(series) <= ROWS:
        drawn = replace(table, columns=tuple(replace(c, title=c.title.split(", £")[0]) for c in table.columns))
        return Figure(sentence, table, charts.grouped(drawn, "group", series))
    return Figure(sentence, table)


def _over(comparison: Comparison, table: Table, series: list[str], axis: str, feet: tuple[str, ...]) -> charts.Drawing:
    """A line for each contract over the rows of a table."""
    turned = table.turned("group", series)
    lines = tuple((_label(n), *r[1:]) for n, r in zip(comparison.names, turned.rows, strict=True))
    columns = [c.name for c in turned.columns[1:]]
    return charts.slopes(replace(turned, rows=lines), "line", columns, axis, feet if len(feet) == len(columns) else ())


def _label(name: str) -> str:
    """A contract beside its line, where there is little room: 'Hewitt review'."""
    return first_up(name.replace("_", " "))


def _group(kind: str, label: str) -> str:
    if kind == "deprivation":
        number, _, said = label.partition(", ")
        return f"practices of fifth {number}{f' ({said})' if said else ''}"
    if kind == "size":
        return f"lists of {label}"
    return f"{label.lower() if kind == 'rural' else label} practices"


def equity(comparison: Comparison) -> Section:
    """Money per patient from the most to the least deprived fifth, by each count of patients, side by side."""
    whole = tables.equity(comparison)
    fifths = [f"fifth_{i}" for i in range(1, 6)]
    figures = []
    for denominator in comparison.frame.patients:
        slopes = [s for s in comparison.equity if s.denominator == denominator]
        if not slopes:
            continue
        per = tables.PER[denominator]
        table = replace(
            whole.where("denominator", per), name=f"equity_{denominator}", title=f"£ per {per} by deprivation fifth"
        )
        base, gap = slopes[0], slopes[0].fifths[0] - slopes[0].fifths[-1]
        sentence = f"For each {per}, {named(comparison, base.contract)} pays the most deprived fifth £{abs(gap):,.2f} {'more' if gap > 0 else 'less'} than the least deprived"
        best = max(slopes, key=lambda s: s.gap)
        sentence += f" ({signed(base.gap)})"
        if best.gap - base.gap >= 0.0005:
            sentence += f"; {named(comparison, best.contract)} does most for it ({signed(best.gap)})"
        lines = replace(
            table, rows=tuple((_label(s.contract), *r[1:]) for s, r in zip(slopes, table.rows, strict=True))
        )
        drawing = charts.slopes(lines, "contract", fifths, AXES["deprivation"], FEET["deprivation"])
        figures.append(Figure(sentence, table, drawing))
    words = (
        "The answer turns on whom money is divided by, so it is given by each count of patients. The Carr-Hill count holds a small allowance for "
        "deprivation; the need-weighted count is the formula that allocates money to boards for primary medical care, and holds more.",
        "The slope is the pounds for each patient from the least deprived end of England to the most, over all practices; the gap "
        "compares the two outer fifths alone.",
    )
    return Section("Equity by deprivation", words, figures=tuple(figures))


def holders(comparison: Comparison) -> Section:
    """Patients and money by kind of holder under each contract."""
    kept = [h for h in comparison.holders if h.holder == "partnership"]
    if not kept:
        return Section("Who holds the money")
    table = tables.holders(comparison)
    now, fewest = kept[0], min(kept, key=lambda h: h.share)
    sentence = f"GP partnerships hold the lists of {percent(now.share, 0)} of patients under {named(comparison, now.contract)}, and {aloud(now.pounds)} with them"
    if now.share - fewest.share >= 0.005:
        sentence += f"; under {named(comparison, fewest.contract)}, {percent(fewest.share, 0)} and {more_or_less(fewest.pounds - now.pounds)}"
    wide = table.across("contract", "holder", "share")
    drawing = charts.grouped(wide, "contract", [c.name for c in wide.columns[1:]])
    return Section("Who holds the money", figures=(Figure(sentence, table, drawing),))


def measures(comparison: Comparison) -> Section:
    """What the contracts do that is not money, as their rules name it."""
    title = "What the contracts do that is not money"
    if not comparison.measures:
        return Section(title)
    table = tables.measures(comparison)
    return Section(title, figures=(Figure(f"{len(table.rows)} measures stand beside the bill", table),))
