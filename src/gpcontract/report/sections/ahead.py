"""Years ahead: fans of what may come by contract, the odds between contracts, and which uncertain figures matter most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ...engine.years import year_name
from ...futures.kept import Kept
from ...futures.odds import CHANCES, odds, quantiles
from ...futures.quantities import title, unit
from ...futures.worth import FEWEST, ranking
from .. import ahead as tables
from .. import charts
from ..document import Document, Figure, Section, render
from ..tables import Column, Table, shown
from .saying import aloud, counted, first_up, people

LEVELS = ("nine draws in ten", "eight draws in ten", "half of the draws")
THEMES = {  # parts of the section: what each shows
    "Money": ("bill", "drawings", "income_spread", "making_losses"),
    "Practices and patients": ("practices", "displaced_so_far", "list_per_gp"),
    "People": ("partners", "salaried_fte"),
    "Who holds lists": ("with_partnerships", "with_trusts", "with_networks", "with_companies"),
    "Equity and outcomes": ("equity", "continuity", "admissions"),
}
WEIGHED = (
    "bill",
    "practices",
    "displaced_so_far",
    "list_per_gp",
    "making_losses",
)  # in the odds and in what matters most
RANKED = 10  # figures that are drawn for each of these


def section(kept: Kept) -> Section:
    """The years ahead of a run, as a section of a report."""
    last = year_name(kept.years[-1])
    words = (
        f"Each contract starts in {year_name(kept.years[1])} and runs to {last} on the same England. {_draws(kept)} Contracts share their luck draw by draw, "
        "so that they differ by what they do and by nothing else. Money is in the prices of the starting year.",
        *tables.notes(kept),
    )
    parts = [
        Section(theme, figures=tuple(fan(kept, n) for n in names if _moves(kept, n))) for theme, names in THEMES.items()
    ]
    if not kept.is_central and len(kept.names) > 1:
        parts.append(_odds(kept))
    if len(kept.lucky) >= FEWEST:
        parts.append(_matters(kept))
    return Section("Years ahead", words, parts=tuple(p for p in parts if p.figures or p.parts))


def document(kept: Kept) -> Document:
    """A page of the years ahead alone: its parts are the page's sections."""
    whole = section(kept)
    n, last = len(kept.names), year_name(kept.years[-1])
    what = f"{counted(n).capitalize()} GP contracts" if n > 1 else kept.titles[kept.names[0]]
    about = Section("How to read this", whole.words)
    return Document(
        f"{what}, {kept.about['start']} to {last}", _lede(kept), tables.facts(kept), (*whole.parts, about), kept.about["is_synthetic"],
        tuple(tables.every_table(kept)), ("Money is in pounds of the starting year's prices, before the payee's own costs.",),
    )  # fmt: skip


def write(kept: Kept, path: Path) -> Path:
    """The page as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(document(kept)), encoding="utf-8")
    return path


def _draws(kept: Kept) -> str:
    if kept.is_central:
        return "One path is shown, in which everything happens by its expectation; it has no range."
    return f"{len(kept.lucky):,} draws take uncertain figures within their ranges and have luck of their own; one more, without luck, is the dotted line."


def _lede(kept: Kept) -> str:
    practices = [_end(kept, c, "practices") for c in kept.names]
    least, most = int(np.argmin(practices)), int(np.argmax(practices))
    start = kept.series(kept.names[0], "practices")[0, 0]
    last = year_name(kept.years[-1])
    if len(practices) == 1 or most == least:
        return f"Of {start:,.0f} practices {practices[0]:,.0f} are left in {last}."
    named = [_named(kept.titles[kept.names[i]]) for i in (most, least)]
    return f"Of {start:,.0f} practices, {practices[most]:,.0f} are left in {last} under {named[0]} and {practices[least]:,.0f} under {named[1]}."


def _end(kept: Kept, contract: str, name: str) -> float:
    return float(np.median(kept.series(contract, name)[-1, kept.lucky]))


def _named(name: str) -> str:
    return name[:1].lower() + name[1:] if name.startswith("The ") else name


def _moves(kept: Kept, name: str) -> bool:
    """Whether a quantity is there at all."""
    return any(np.any(kept.series(c, name)) for c in kept.names)


def fan(kept: Kept, name: str) -> Figure:
    """One quantity under every contract: its sentence, its table and its fans."""
    table = tables.fan(kept, name)
    column = Column(name, title(name), tables.kind(name))
    rows = {
        kept.titles[c]: (quantiles(kept, c, name).tolist(), kept.series(c, name)[:, 0].tolist()) for c in kept.names
    }
    drawing = charts.fan(charts.panels(rows), [year_name(y) for y in kept.years], column, LEVELS)
    return Figure(_sentence(kept, name, column), table, drawing)


def _sentence(kept: Kept, name: str, column: Column) -> str:
    first, last = kept.names[0], year_name(kept.years[-1])
    low, middle, high = (_aloud(x, name, column) for x in quantiles(kept, first, name, (0.1, 0.5, 0.9))[-1])
    start = _aloud(kept.series(first, name)[0, 0], name, column)
    said = f"{title(name)}: {start} in {kept.about['start']}, and in {last} {middle} under {_named(kept.titles[first])}"
    if not kept.is_central:
        said += f" (eight draws in ten from {low} to {high})"
    others = {c: _end(kept, c, name) for c in kept.names[1:]}
    if others:
        least, most = min(others, key=lambda c: others[c]), max(others, key=lambda c: others[c])
        ends = [
            f"{_aloud(others[c], name, column)} under {_named(kept.titles[c])}" for c in dict.fromkeys((least, most))
        ]
        if _aloud(others[least], name, column) == _aloud(others[most], name, column) and least != most:
            ends = [f"{_aloud(others[least], name, column)} under the others"]
        said += f"; {' and '.join(ends)}"
    return said


def _aloud(x: float, name: str, column: Column) -> str:
    """A figure in a sentence: people and sums of money to what a reader can hold."""
    if unit(name) == "patients" and name != "list_per_gp":
        return people(x)
    return aloud(x) if column.kind == "sum" else column.shown(x)


def _odds(kept: Kept) -> Section:
    found = odds(kept, WEIGHED)
    rated = [o for o in found if o.is_better]
    top = max(rated, key=lambda o: o.chance)
    against = _named(kept.titles[top.against])
    sentence = f"“{title(top.quantity)}”: {top.way} under {_named(kept.titles[top.contract])} than under {against} in {shown(top.chance, 'share')} of the draws"
    every = tables.odds(kept, odds(kept, tables.CHARTED))
    drawn = tables.chances_of(kept, found)
    named = tuple((f"{what}: {way}", *rest) for what, way, *rest in drawn.rows)
    drawn = replace(drawn, columns=(drawn.columns[0], *drawn.columns[2:]), rows=named)
    words = (
        "Both contracts of a pair are taken from the same draw. Which way is better is said where it can be: fewer practices or partners are better "
        "neither way. The error is that of the number of draws, and says nothing about whether the model is right.",
    )
    return Section(
        "The odds between contracts",
        words,
        figures=(Figure(sentence, every, charts.grouped(drawn, "what", kept.names[1:])),),
    )


def _matters(kept: Kept) -> Section:
    whole = tables.matters(kept, WEIGHED, RANKED)
    figures = []
    for name in WEIGHED:
        rows = tuple((r[1], *r[2:]) for r in whole.rows if r[0] == title(name))
        table = Table(f"matters_{name}", f"What matters most to: {title(name)}", whole.columns[1:], rows)
        found = ranking(kept, name)
        if not found.telling:
            continue
        top = max(found.telling, key=lambda w: w.share)
        sentence = f"“{first_up(top.title)}” explains {shown(top.share, 'percent')} of the variance of “{title(name)}” under {_named(kept.titles[kept.names[0]])}"
        if found.best:
            worth = max(found.telling, key=lambda w: w.value)
            unit = Column("x", "", tables.kind(name))
            told = f"none is worth knowing before choosing by it: {kept.titles[found.best]} stays the choice"
            if worth.pays:
                told = f"knowing “{worth.title}” first would be worth {unit.shown(worth.value)}"
            sentence += f"; {told}"
        figures.append(Figure(sentence, table, charts.bars(table, "figure", "share", RANKED)))
    return Section("What matters most", (whole.note,), figures=tuple(figures))


__all__ = ["CHANCES", "document", "fan", "section", "write"]
