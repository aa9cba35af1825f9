"""Tables: the one form that a chart, a page, a CSV file and a sheet are all made from, so that they cannot disagree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.errors import InputError, nearest

Cell = str | float | int | None


@dataclass(frozen=True)
class Column:
    """One column. kind says what its cells hold and how they are shown: one of KINDS (money in pounds, shares as fractions)."""

    name: str
    title: str
    kind: str = "text"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"'{self.kind}' is no kind of column", hint=nearest(self.kind, KINDS))

    @property
    def is_number(self) -> bool:
        """Whether cells are numbers, set to the right."""
        return self.kind not in ("text", "link")

    def shown(self, cell: Cell) -> str:
        """A cell as people read it; a dash where nothing is known."""
        return shown(cell, self.kind)


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns. first: how many rows a page prints, where the files have more."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    first: int | None = None

    def __post_init__(self) -> None:
        wrong = next((r for r in self.rows if len(r) != len(self.columns)), None)
        if wrong is not None:
            raise InputError(
                f"a row of table '{self.name}' has {len(wrong)} cells",
                expected=f"{len(self.columns)}, one for each column",
            )

    @classmethod
    def of(
        cls,
        name: str,
        title: str,
        columns: Iterable[Column],
        rows: Iterable[Mapping[str, Any]],
        note: str = "",
        first: int | None = None,
    ) -> Table:
        """A table from rows with named cells, as findings give them; a cell that a row lacks is empty."""
        held = tuple(columns)
        return cls(name, title, held, tuple(tuple(r.get(c.name) for c in held) for r in rows), note, first)

    @property
    def file(self) -> str:
        """Its name as a file or a sheet may be called: the year of 'national@2022/23' has a dash."""
        return re.sub(r"[^\w.+@() -]+", "-", self.name)

    def at(self, name: str) -> int:
        """Position of a column by name."""
        names = [c.name for c in self.columns]
        if name not in names:
            raise InputError(f"table '{self.name}' has no column '{name}'", hint=nearest(name, names))
        return names.index(name)

    def column(self, name: str) -> list[Cell]:
        """The cells of one column."""
        at = self.at(name)
        return [r[at] for r in self.rows]

    def numbers(self, name: str) -> list[float]:
        """The cells of one column as numbers, NaN where nothing is known."""
        return [math.nan if c is None else float(c) for c in self.column(name)]

    def texts(self, name: str) -> list[str]:
        """The cells of one column as people read them."""
        column = self.columns[self.at(name)]
        return [column.shown(c) for c in self.column(name)]

    def where(self, name: str, cell: Cell) -> Table:
        """The rows in which a column holds something, without that column."""
        at = self.at(name)
        columns = (*self.columns[:at], *self.columns[at + 1 :])
        return replace(self, columns=columns, rows=tuple((*r[:at], *r[at + 1 :]) for r in self.rows if r[at] == cell))

    def only(self, *names: str) -> Table:
        """Some of the columns."""
        at = [self.at(n) for n in names]
        return replace(
            self, columns=tuple(self.columns[i] for i in at), rows=tuple(tuple(r[i] for i in at) for r in self.rows)
        )

    def turned(self, label: str, names: Sequence[str]) -> Table:
        """Some columns as rows, with a column for each row's label: what a chart of lines over groups is drawn from."""
        held = [self.columns[self.at(n)] for n in names]
        columns = (Column("line", ""), *(Column(f"at_{i}", x, held[0].kind) for i, x in enumerate(self.texts(label))))
        return replace(self, columns=columns, rows=tuple((c.title, *self.column(c.name)) for c in held))

    def across(self, label: str, name: str, value: str) -> Table:
        """One row for each label with a column for each cell of another column: (label, name, value) rows laid out wide."""
        kind = self.columns[self.at(value)].kind
        labels, names = (list(dict.fromkeys(self.texts(n))) for n in (label, name))
        held = dict(zip(zip(self.texts(label), self.texts(name), strict=True), self.column(value), strict=True))
        columns = (self.columns[self.at(label)], *(Column(f"at_{i}", n, kind) for i, n in enumerate(names)))
        return replace(self, columns=columns, rows=tuple((k, *(held.get((k, n)) for n in names)) for k in labels))

    @property
    def printed(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows that a page prints."""
        return self.rows[: self.first]

    def to_dict(self) -> dict[str, Any]:
        """The table as plain data, NaN as nothing."""
        names = [c.name for c in self.columns]
        return {
            "name": self.name,
            "title": self.title,
            "columns": [vars(c) for c in self.columns],
            "rows": [{n: None if _unknown(c) else c for n, c in zip(names, r, strict=True)} for r in self.rows],
            "note": self.note,
        }


def _unknown(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, float) and not math.isfinite(cell))


def _money(x: float, digits: int = 0) -> str:
    return f"£{x:,.{digits}f}"


def _signed(form: Callable[[float], str]) -> Callable[[float], str]:
    """A form with its sign always said, and none for what is shown as nought."""

    def write(x: float) -> str:
        text = form(abs(x))
        if not any(d in text for d in "123456789"):
            return text
        return f"{'+' if x > 0 else '−'}{text}"

    return write


def _minus(form: Callable[[float], str]) -> Callable[[float], str]:
    """A form in which only what is below nought has a sign."""
    signed = _signed(form)
    return lambda x: signed(x).removeprefix("+")


def _billions(x: float) -> str:
    if x < 5e4:
        return f"£{x:,.0f}"
    return f"£{x / 1e9:,.2f}bn" if x >= 1e9 else f"£{x / 1e6:,.0f}m" if x >= 1e8 else f"£{x / 1e6:,.1f}m"


#: What a column may hold, and how it is shown.
KINDS: dict[str, Callable[[float], str]] = {
    "text": str,
    "link": str,
    "count": _minus(lambda x: f"{x:,.0f}"),
    "number": _minus(lambda x: f"{x:,.1f}"),
    "ratio": _minus(lambda x: f"{x:,.2f}"),
    "fine": _minus(lambda x: f"{x:,.4f}"),
    "pounds": _minus(_money),
    "pence": _minus(lambda x: _money(x, 2)),
    "millions": _minus(lambda x: _money(x / 1e6, 1) + "m"),
    "sum": _minus(_billions),
    "percent": _minus(lambda x: f"{100 * x:.1f}%"),
    "share": _minus(lambda x: f"{100 * x:.0f}%"),
    "change": _signed(lambda x: f"{100 * x:.1f}%"),
    "change_pounds": _signed(_money),
    "change_pence": _signed(lambda x: _money(x, 2)),
    "change_millions": _signed(lambda x: _money(x / 1e6, 1) + "m"),
    "change_sum": _signed(_billions),
}


def shown(cell: Cell, kind: str) -> str:
    """A cell as people read it: shown(-0.012, 'change') is '−1.2%'; a dash where nothing is known."""
    if _unknown(cell):
        return "–"
    return str(cell) if kind in ("text", "link") or isinstance(cell, str) else KINDS[kind](float(cell or 0))
