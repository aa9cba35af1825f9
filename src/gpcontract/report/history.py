"""Values as a table: what each is, and the dated history of one with its sources and grades."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from ..contracts import Contract, names
from ..engine.errors import UnknownName, nearest
from ..engine.values import FOREVER, Value, span_known
from .text import console


def values_data(contract: Contract, name: str | None = None) -> Any:
    """All values in short, or one in full, as plain data."""
    if name is None:
        return [
            {
                "name": v.name,
                "title": v.title,
                "unit": v.unit,
                "chapter": v.chapter,
                "known": span_known(v),
                "clause": v.clause,
            }
            for v in contract.values.values()
        ]
    value = _value(contract, name)
    return {
        "name": name, "title": value.title, "unit": value.unit, "clause": value.clause, "note": value.note, "file": value.file,
        "keys": {k: list(v) for k, v in value.keys.items()},
        "entries": [
            {
                "from": str(e.first), "to": None if e.last == FOREVER else str(e.last),
                "value": e.value if isinstance(e.value, float) else e.value.tolist(), "grade": e.grade, "status": e.status,
                "range": e.range, "sources": [vars(contract.sources[s]) for s in e.sources], "note": e.note,
            }
            for e in value.entries
        ],
    }  # fmt: skip


def print_values(contract: Contract, name: str | None = None) -> None:
    """Print the list of values, or the history of one."""
    shown = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    if name is None:
        for column in ("Value", "Title", "Unit", "Chapter", "Known"):
            table.add_column(column)
        for row in values_data(contract):
            table.add_row(row["name"], row["title"], row["unit"], row["chapter"], row["known"])
        shown.print(table)
        return
    value = _value(contract, name)
    shown.print(f"{value.title} ({value.unit})", style="bold")
    shown.print(" · ".join(t for t in (value.clause, value.file, value.note) if t), style="dim")
    for column in ("From", "To", "Value", "Grade", "Status", "Source", "Note"):
        table.add_column(column, justify="right" if column == "Value" else "left")
    for e in value.entries:
        figure = f"{e.value:,.10g}" if isinstance(e.value, float) else ", ".join(f"{x:g}" for x in e.value.ravel())
        spread = f" ({e.range[0]:,.10g} to {e.range[1]:,.10g})" if e.range else ""
        cited = "; ".join(contract.sources[s].title for s in e.sources)
        table.add_row(
            str(e.first), "" if e.last == FOREVER else str(e.last), figure + spread, e.grade, e.status, cited, e.note
        )
    shown.print(table)


def _value(contract: Contract, name: str) -> Value:
    if name not in contract.values:
        others = [n for n in names() if name in Contract.load(n).values]
        hint = f"--contract {others[0]} has it" if others else nearest(name, contract.values)
        raise UnknownName(f"there is no value '{name}' in the contract '{contract.name}'", hint=hint)
    return contract.values[name]
