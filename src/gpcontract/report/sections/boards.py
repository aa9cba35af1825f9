"""Spread between boards: a postcode lottery index, what floors narrow, and boards as tiles on a map."""

from __future__ import annotations

from dataclasses import replace

from ...findings.compare import Comparison
from ...findings.spread import Spread
from .. import charts, maps
from .. import comparison as tables
from ..document import Figure, Section
from ..tables import Column, Table
from .saying import aloud, counted, named, signed

FROM_MEAN = (
    "10% or more below", "5% to 10% below", "1% to 5% below", "within 1%", "1% to 5% above", "5% to 10% above", "10% or more above",
)  # fmt: skip


def boards(comparison: Comparison) -> Section:
    """Money per patient between boards under each contract, with maps."""
    if not comparison.spread:
        return Section("Spread between boards")
    count = "need" if "need" in comparison.frame.patients else "registered"
    found = [s for s in comparison.spread if s.denominator == count]
    figures = [_index(comparison, found, count), _floors(comparison, found, count), _map(comparison, count)]
    figures += [_changes(comparison, name) for name in comparison.names[1:]]
    words = (
        f"The index is how far boards lie from England's mean for each {tables.PER[count]}: their coefficient of variation in per cent, "
        "weighted by patients. At 0 it does not matter where you live. A floor lifts every board below it, and narrows the index by what it spends.",
    )
    return Section("Spread between boards", words, figures=tuple(figures))


def _index(comparison: Comparison, found: list[Spread], count: str) -> Figure:
    per = tables.PER[count]
    table = replace(tables.spread(comparison).where("denominator", per), title=f"Spread between boards, £ per {per}")
    base = found[0]
    widest, narrowest = max(found, key=lambda s: s.index), min(found, key=lambda s: s.index)
    sentence = f"Boards differ by {base.index:.1f}% under {named(comparison, base.contract)}"
    if widest.index - narrowest.index >= 0.05:
        sentence += f"; from {narrowest.index:.1f}% under {named(comparison, narrowest.contract)} to {widest.index:.1f}% under {named(comparison, widest.contract)}"
    return Figure(sentence, table, charts.bars(table, "contract", "index"))


def _floors(comparison: Comparison, found: list[Spread], count: str) -> Figure:
    base = found[0]
    f = next((f for f in base.floors if f.level == 0.95), base.floors[0])
    sentence = (
        f"A floor at {100 * f.level:.0f}% of England's mean would lift {counted(f.boards_below)} boards under {named(comparison, base.contract)}, "
        f"cost {aloud(f.cost)} a year, and bring the index from {base.index:.1f}% to {f.index_after:.1f}%"
    )
    if not f.boards_below:
        sentence = (
            f"Under {named(comparison, base.contract)} no board lies below {100 * f.level:.0f}% of England's mean"
        )
    return Figure(sentence, tables.floors(comparison, count))


def _map(comparison: Comparison, count: str) -> Figure:
    base = comparison.base.name
    found = comparison.income("board")
    mean = next(s.mean for s in comparison.spread if s.denominator == count and s.contract == base)
    rows = [
        (maps.place_name(g["name"]), mark, x := g["per_patient"][count][base], x / mean - 1)
        for g, mark in zip(found.rows(), _letters(comparison), strict=True)
    ]
    columns = (
        Column("board", "Board"), Column("letters", "On the map"), Column("pounds", "£ per patient", "pounds"),
        Column("from_mean", "From England's mean", "change"),
    )  # fmt: skip
    table = Table("boards", f"{comparison.titles[base]}: £ per {tables.PER[count]}", columns, tuple(rows))
    below = sum(r[3] < -0.01 for r in rows)
    sentence = f"{below} of {len(rows)} boards lie more than 1% below England's mean of £{mean:,.0f} under {named(comparison, base)}"
    return Figure(sentence, table, maps.tiles(table, "letters", "pounds", "from_mean", _places(comparison), FROM_MEAN))


def _changes(comparison: Comparison, name: str) -> Figure:
    found = comparison.income("board")
    rows = tuple(
        (maps.place_name(g["name"]), mark, g["change"][name])
        for g, mark in zip(found.rows(), _letters(comparison), strict=True)
    )
    columns = (Column("board", "Board"), Column("letters", "On the map"), Column("change", "Change", "change"))
    table = Table(f"boards_{name}", f"{comparison.titles[name]}: change by board", columns, rows)
    top, low = max(rows, key=lambda r: r[2]), min(rows, key=lambda r: r[2])
    sentence = (
        f"Under {named(comparison, name)}, boards move from {signed(low[2])} ({low[0]}) to {signed(top[2])} ({top[0]})"
    )
    return Figure(sentence, table, maps.tiles(table, "letters", "change", "change", _places(comparison)))


def _held(comparison: Comparison) -> list[int]:
    counts = comparison.income("board").practices
    return [i for i, n in enumerate(counts) if n]


def _letters(comparison: Comparison) -> list[str]:
    group = comparison.frame.groups["board"]
    held = _held(comparison)
    return maps.abbreviations([group.names[i] for i in held], [group.codes[i] for i in held])


def _places(comparison: Comparison) -> list[tuple[int, int]]:
    """A tile for each board that has practices; in rows of seven where nobody's place is known."""
    frame = comparison.frame

    def make() -> list[tuple[int, int]]:
        held = _held(comparison)
        lat, lon = frame.fact("latitude"), frame.fact("longitude")
        if lat is None or lon is None:
            return [divmod(i, 7) for i in range(len(held))]
        group = frame.groups["board"]
        y, x = maps.centres(lat, lon, group.index, len(group.codes))
        return maps.layout(y[held], x[held])

    return comparison.base.once(("report", "tiles"), make)
