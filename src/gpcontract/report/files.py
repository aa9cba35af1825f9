"""Results as files: CSV, XLSX, JSON and a short HTML page. Each says which England, contract, edits and assumptions."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ..contracts.result import Result, Statement
from ..engine.years import year_name
from .data import statement_data
from .text import notes, total_of

LISTS = ("list_size", "weighted_list_published")  # columns of patients; the other numbers are money


def write_csv(result: Result, path: Path, year: int | None = None) -> Path:
    """Every practice and line as CSV, an empty cell where nothing was published; the last columns say what it is."""
    import polars as pl

    said = {k: v for k, v in result.facts_of().items() if k in ("england", "contract", "edits", "edits_in_words")}
    frame = result.to_frame(year).fill_nan(None).with_columns(**{k: pl.lit(v) for k, v in said.items()})
    frame.write_csv(path, float_precision=2)
    return path


def write_json(body: Any, path: Path) -> Path:
    """Plain data as JSON."""
    path.write_text(json_text(body) + "\n", encoding="utf-8")
    return path


def json_text(body: Any) -> str:
    """Plain data as JSON that any reader takes: null where nothing is known."""
    try:
        return json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_known(body), indent=1, ensure_ascii=False, allow_nan=False)


def _known(body: Any) -> Any:
    if isinstance(body, dict):
        return {k: _known(x) for k, x in body.items()}
    if isinstance(body, (list, tuple)):
        return [_known(x) for x in body]
    return None if isinstance(body, float) and not math.isfinite(body) else body


def write_xlsx(result: Result, path: Path, year: int, samples: tuple[Statement, ...] = ()) -> Path:
    """A workbook: what it is, the bill by line, every practice, and sample statements."""
    import xlsxwriter

    bill = result.bill(year)
    with xlsxwriter.Workbook(path, {"constant_memory": False, "nan_inf_to_errors": False}) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"})
        count = book.add_format({"num_format": "#,##0"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        about = book.add_worksheet("About")
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 100)
        said = {**result.facts_of(), "year": year_name(year)}
        for i, (k, v) in enumerate(said.items()):
            about.write(i, 0, k.capitalize(), bold)
            about.write(i, 1, v, wrap)
        for i, text in enumerate(notes(result, bill), len(said) + 1):
            about.write(i, 1, text, wrap)
        _lines_sheet(book.add_worksheet("Bill"), bill, bold, money, count)
        frame = result.to_frame(year)
        sheet = book.add_worksheet("Practices")
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
        sheet.set_column(0, 1, 10)
        sheet.set_column(2, 2, 34)
        sheet.set_column(3, frame.width - 1, 16)
        for j, column in enumerate(frame.columns):
            sheet.write(0, j, column, bold)
            for i, x in enumerate(frame[column].to_list(), 1):
                if x is None or x != x:
                    continue
                if isinstance(x, float):
                    sheet.write_number(i, j, x, count if column in LISTS else money)
                else:
                    sheet.write_string(i, j, str(x))
        for statement in samples:
            _lines_sheet(book.add_worksheet(f"Statement {statement.subject.code}"[:31]), statement, bold, money, count)
    return path


def _lines_sheet(sheet: Any, statement: Statement, bold: Any, money: Any, count: Any) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 6, 18)
    sheet.freeze_panes(1, 0)
    for j, title in enumerate(("Line", "Paid to", "£", "How", "Practices paid", "Not published", "Clause")):
        sheet.write(0, j, title, bold)
    rows = [a for a in statement.amounts if a.pence or a.unknown]
    for i, a in enumerate(rows, 1):
        sheet.write_string(i, 0, a.line.title)
        sheet.write_string(i, 1, a.line.to)
        sheet.write_number(i, 2, a.pounds, money)
        sheet.write_string(i, 3, a.line.made)
        sheet.write_number(i, 4, a.practices, count)
        sheet.write_number(i, 5, a.unknown, count)
        sheet.write_string(i, 6, a.line.clause)
    last = len(rows) + 1
    listed = {a.line.to for a in rows}
    for i, (to, pence) in enumerate((t for t in statement.totals if t[0] in listed), last):
        sheet.write_string(i, 0, total_of(to, statement, many=True), bold)
        formula = f'=SUMIF(B2:B{last},"{to}",C2:C{last})'
        sheet.write_formula(i, 2, formula, money, pence / 100)


def write_page(result: Result, path: Path, year: int, samples: tuple[Statement, ...] = ()) -> Path:
    """A short HTML page: the bill in words, as bars and as a table, and sample statements. Needs no script or network."""
    from .page import render

    path.write_text(render(result, year, samples), encoding="utf-8")
    return path


def write_all(result: Result, folder: Path, year: int, samples: tuple[Statement, ...] = ()) -> list[Path]:
    """All the files of one priced year in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{result.contract.name}-{year_name(year).replace('/', '-')}"
    return [
        write_csv(result, folder / f"{name}-practices.csv", year),
        write_json(statement_data(result, result.bill(year)), folder / f"{name}-bill.json"),
        write_xlsx(result, folder / f"{name}.xlsx", year, samples),
        write_page(result, folder / f"{name}.html", year, samples),
    ]
