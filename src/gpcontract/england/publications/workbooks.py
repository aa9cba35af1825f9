"""Sheets of Excel workbooks as tables of text. Cells give their saved values; formulas are never evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import polars as pl

from ...engine.errors import DataError
from .files import Source
from .registry import Layout, recognise
from .tables import Head, Table, tidy_rows

HEAD_ROWS = 40


def workbook_tables(source: Source) -> Iterator[tuple[str, Layout | None, Callable[[], Table]]]:
    """For each sheet: its name, its layout (None if unknown), and how to load it."""
    try:
        import fastexcel
    except ImportError as error:
        raise DataError(
            "is a workbook, and reading those needs fastexcel",
            file=source.label,
            hint="pip install gpcontract[official]",
        ) from error
    try:
        book = fastexcel.read_excel(source.data())
        names = book.sheet_names
    except fastexcel.FastExcelError as error:
        raise _damaged(source, error) from error
    for name in names:
        try:
            cells = _sheet(book, name)
        except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
            raise _damaged(source, error) from error
        first = tuple(_rows(cells.head(HEAD_ROWS)))
        head = Head(first, tuple(range(1, len(first) + 1)), ",", (name, *source.names), name)
        known = recognise(head) if head.rows else None
        if known is None:
            yield name, None, _nothing
            continue
        layout, at = known
        yield name, layout, partial(_table, source, cells, name, head, at, layout.repeats)


def _nothing() -> Table:
    raise AssertionError("a sheet without a layout is not loaded")


def _damaged(source: Source, error: Exception) -> DataError:
    reason = re.split(r"\n|Context", str(error))[0].strip()
    return DataError(f"cannot be opened as a workbook: {reason}", file=source.label, hint="download it again")


def _sheet(book: Any, name: str) -> pl.DataFrame:
    frame = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    found: pl.DataFrame = frame.rename({c: str(i) for i, c in enumerate(frame.columns)})
    return found


def _rows(frame: pl.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in frame.iter_rows():
        yield tuple(cell or "" for cell in row)


def _table(source: Source, cells: pl.DataFrame, name: str, head: Head, at: int, repeats: bool) -> Table:
    headers = head.rows[at] if at >= 0 else tuple(f"column {i + 1}" for i in range(len(head.rows[0])))
    label = f"{source.label}, sheet {name}"
    table = Table(
        label, (name, *source.names), headers, cells.slice(at + 1), at + 2, None, head.rows[: max(at, 0)], name
    )
    return tidy_rows(table, repeats)
