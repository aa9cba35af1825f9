"""The twins of a page: every table as a CSV file, and all of them as one workbook with a sheet of notes."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .document import Document
from .tables import Table

#: How a sheet shows each kind of column. Cells hold the figure itself: pounds, and shares as fractions.
FORMATS = {
    "count": "#,##0", "number": "#,##0.0", "ratio": "#,##0.00", "fine": "#,##0.0000", "pounds": "£#,##0;-£#,##0", "pence": "£#,##0.00;-£#,##0.00",
    "millions": '£#,##0.0,,"m";-£#,##0.0,,"m"', "sum": '£#,##0.0,,"m";-£#,##0.0,,"m"', "percent": "0.0%", "share": "0%",
    "change": "+0.0%;-0.0%;0.0%", "change_pounds": "+£#,##0;-£#,##0;£0", "change_pence": "+£#,##0.00;-£#,##0.00;£0.00",
    "change_millions": '+£#,##0.0,,"m";-£#,##0.0,,"m";£0', "change_sum": '+£#,##0.0,,"m";-£#,##0.0,,"m";£0',
}  # fmt: skip
LONGEST_NAME = 31  # letters in the name of a sheet
LICENCE = "Independent; not an NHS service. Contains information from NHS England, licensed under the Open Government Licence v3.0."


def write_tables(tables: Iterable[Table], folder: Path) -> list[Path]:
    """Each table as CSV: money in pounds, shares as fractions, an empty cell where nothing is known."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        path = folder / f"{table.file}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(c.name for c in table.columns)
            out.writerows([plain_cell(c) for c in row] for row in table.rows)
        written.append(path)
    return written


def plain_cell(cell: Any) -> Any:
    """A cell as files hold it: the figure itself, and nothing where nothing is known."""
    if cell is None or not isinstance(cell, (int, float)):
        return "" if cell is None else cell
    if not math.isfinite(cell):
        return ""
    text = f"{float(cell):.15g}"  # pounds of a nation to the penny
    return text if "e" not in text else f"{float(cell):.20f}".rstrip("0").rstrip(".")


def write_workbook(document: Document, path: Path) -> Path:
    """All tables, one on a sheet, after a sheet that says what they are of and what each column holds."""
    import xlsxwriter

    tables = document.every_table
    names = _sheet_names(tables)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": document.title, "comments": LICENCE})
        strong = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        forms = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        notes = book.add_worksheet("Notes")
        notes.set_column(0, 0, 34)
        notes.set_column(1, 1, 100)
        notes.write_string(0, 0, document.title, strong)
        said = [*document.facts.items(), *(("", n) for n in (*document.notes, LICENCE))]
        for i, (k, v) in enumerate(said, 2):
            notes.write_string(i, 0, k, strong)
            notes.write_string(i, 1, v, wrap)
        row = len(said) + 3
        notes.write_string(row, 0, "Sheet", strong)
        notes.write_string(row, 1, "What it holds", strong)
        for i, (name, table) in enumerate(zip(names, tables, strict=True), row + 1):
            notes.write_url(i, 0, f"internal:'{name}'!A1", string=name)
            notes.write_string(i, 1, f"{table.title}. {table.note}".rstrip(), wrap)
        for name, table in zip(names, tables, strict=True):
            _sheet(book.add_worksheet(name), table, head, forms)
    return path


def _sheet(sheet: Any, table: Table, head: Any, forms: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    for j, column in enumerate(table.columns):
        sheet.write_string(0, j, column.title, head)
        longest = max((len(c) for c in (r[j] for r in table.rows[:100]) if isinstance(c, str)), default=12)
        sheet.set_column(j, j, min(max(longest, len(column.title) // 2, 12), 60))
    for i, row in enumerate(table.rows, 1):
        for j, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(cell, str):
                sheet.write_string(i, j, cell)
            elif cell is not None and math.isfinite(cell):
                sheet.write_number(i, j, float(cell), forms.get(column.kind))


def _sheet_names(tables: Iterable[Table]) -> list[str]:
    """A short name for each sheet, none twice."""
    names: list[str] = []
    for table in tables:
        name = table.file.replace("_", " ").capitalize()[:LONGEST_NAME]
        n = 2
        while name.lower() in (x.lower() for x in names) or name == "Notes":
            name = f"{name[: LONGEST_NAME - 3]} {n}"
            n += 1
        names.append(name)
    return names
