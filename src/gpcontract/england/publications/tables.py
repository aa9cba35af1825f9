"""The reading layer: one table of text inside a file, and its columns as numbers, dates and codes.

Every cell is read as text first, so nothing is ever evaluated or guessed; a cast that fails is traced to its row.
Rows are counted as a spreadsheet counts them: the heading is row 1 unless titles stand above it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import polars as pl

from ...engine.errors import DataError
from .files import Source, utf8
from .publication import Publication
from .words import NO_FIGURE, key, parse_date, parse_number, stem

csv.field_size_limit(1_000_000)
SEPARATORS = (",", "\t", ";", "|")


@dataclass(frozen=True)
class Head:
    """The first rows of a table, enough to recognise it."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]  # text lines used up to and including each row
    separator: str
    names: tuple[str, ...]
    sheet: str | None = None


@dataclass
class Table:
    """One table: its headers and its cells as text; columns are called '0', '1', ... until a reader names them."""

    label: str
    names: tuple[str, ...]
    headers: tuple[str, ...]
    frame: pl.DataFrame
    first_row: int = 2
    rows: pl.Series | None = None
    above: tuple[tuple[str, ...], ...] = ()  # rows above the headers, for layouts with titles
    sheet: str | None = None
    warnings: list[str] = field(default_factory=list)

    def row(self, at: int) -> int:
        """Where a record stands in the file."""
        return int(self.rows[at]) if self.rows is not None else self.first_row + at

    def warn(self, sentence: str) -> None:
        self.warnings.append(f"{self.label}: {sentence}")

    def error(self, problem: str, at: int | None = None, **more: Any) -> DataError:
        return DataError(problem, file=self.label, row=None if at is None else self.row(at), **more)

    # -- finding columns -------------------------------------------------------------------------------------------
    def find(self, *names: str) -> str | None:
        """The column with one of these headers (the first name that is there), or None."""
        return find(self.headers, *names)

    def need(self, *names: str) -> str:
        at = self.find(*names)
        if at is None:
            raise self.error(
                f"has no column '{names[0]}'",
                expected=f"a column headed {' or '.join(repr(n) for n in names)}",
                hint=f"its headers are: {', '.join(self.headers[:12])}{', ...' if len(self.headers) > 12 else ''}",
            )
        return at

    def filled(self, name: str) -> pl.Series:
        """Cells of all columns of this name (footnote digits aside), the first that is not blank in each row."""
        same = [str(i) for i, h in enumerate(self.headers) if stem(h) == stem(name) and str(i) in self.frame.columns]
        if not same:
            return self.maybe(name)
        return pl.select(pl.coalesce([self.column(at) for at in same])).to_series()

    def header(self, column: str) -> str:
        return " ".join(self.headers[int(column)].split())

    # -- columns as values -----------------------------------------------------------------------------------------
    def text(self, *names: str) -> pl.Series:
        """Cells without surrounding spaces, null where blank; raises if there is no such column."""
        return self.column(self.need(*names))

    def maybe(self, *names: str) -> pl.Series:
        """As `text`, but all null where there is no such column."""
        at = self.find(*names)
        return self.column(at) if at is not None else pl.Series([None], dtype=pl.String).new_from_index(0, self.height)

    def column(self, at: str) -> pl.Series:
        cells = self.frame[at].str.strip_chars()
        return cells.set(cells == "", None) if (cells == "").any() else cells

    @property
    def height(self) -> int:
        return self.frame.height

    def codes(self, *names: str, length: tuple[int, int] = (3, 8)) -> pl.Series:
        """Organisation codes in upper case; a blank or impossible one is an error."""
        found = self.text(*names).str.to_uppercase()
        fine = found.str.contains(rf"^[A-Z0-9]{{{length[0]},{length[1]}}}$").fill_null(False)
        if not fine.all():
            at = int((~fine).arg_true()[0])
            shown = "blank" if found[at] is None else repr(found[at])
            raise self.error(
                f"{names[0]} is {shown}",
                at,
                expected="a code of letters and digits such as A81001",
                hint="remove rows that are not practices (totals, notes), or restore the missing code",
            )
        return found

    def number(self, *names: str, least: float | None = None, missing: bool = False) -> pl.Series:
        """A column as Float64; suppressed and blank cells are null. missing: all null where there is no such column."""
        if missing and self.find(*names) is None:
            return pl.Series([None], dtype=pl.Float64).new_from_index(0, self.height)
        return self.numeric(self.need(*names), least=least)

    def numeric(self, at: str, least: float | None = None) -> pl.Series:
        """As `number`, by column."""
        cells = self.frame[at]
        found = cells.cast(pl.Float64, strict=False)
        if found.null_count() != cells.null_count():
            found = self._numbers_in_words(at, cells, found)
        if not found.is_finite().fill_null(True).all():
            bad = int((~found.is_finite().fill_null(True)).arg_true()[0])
            raise self.error(f"'{cells[bad]}' in column '{self.header(at)}' is not a finite number", bad)
        if least is not None and (low := found.min()) is not None and low < least:  # type: ignore[operator]
            bad = int((found < least).fill_null(False).arg_true()[0])
            raise self.error(
                f"{cells[bad].strip()} in column '{self.header(at)}' is below {least:g}",
                bad,
                expected=f"{least:g} or more",
            )
        return found

    def _numbers_in_words(self, at: str, cells: pl.Series, found: pl.Series) -> pl.Series:
        """The cells that a plain cast cannot read: thousands separators, pound signs, and marks for no figure."""
        odd = (found.is_null() & cells.is_not_null()).arg_true()
        words = cells.gather(odd)
        meaning: dict[str, float | None] = {}
        for word in words.unique():
            if word.strip().lower() in NO_FIGURE:
                meaning[word] = None
                continue
            value = parse_number(word)
            if value is None:
                bad = int(odd[int((words == word).arg_true()[0])])
                formula = word.strip()[:1] in "=+@" or "HYPERLINK" in word.upper()
                raise self.error(
                    f"'{word[:60]}' in column '{self.header(at)}' is {'a formula' if formula else 'not a number'}",
                    bad,
                    expected="a number, or one of * - NA ND blank where there is no figure",
                    hint="formulas are never evaluated: save the sheet as values" if formula else None,
                )
            meaning[word] = value
        values = pl.Series([meaning[w] for w in words], dtype=pl.Float64)
        return found.scatter(odd, values)

    def date(self, *names: str, missing: bool = False, of: str = "a date") -> pl.Series:
        """A column as Date; blanks and '-' are null, anything else that is not a date is an error."""
        if missing and self.find(*names) is None:
            return pl.Series([None], dtype=pl.Date).new_from_index(0, self.height)
        at = self.need(*names)
        cells = self.frame[at]
        meaning: dict[str | None, dt.date | None] = {}
        for word in cells.unique():
            if word is None or word.strip().lower() in NO_FIGURE:
                meaning[word] = None
                continue
            meaning[word] = parse_date(word)
            if meaning[word] is None:
                bad = int((cells == word).fill_null(False).arg_true()[0])
                raise self.error(
                    f"'{word[:40]}' in column '{self.header(at)}' is not {of}",
                    bad,
                    expected="a date such as 31/03/2025, 2025-03-31, 01MAR2025 or 01-Mar-25",
                )
        if len(meaning) == 1:
            return pl.Series([next(iter(meaning.values()))], dtype=pl.Date).new_from_index(0, self.height)
        return cells.replace_strict(list(meaning), list(meaning.values()), return_dtype=pl.Date)

    def days(self, *names: str, since: int, of: str = "a date") -> pl.Series:
        """As `date`, but a blank is an error too, and so is a day before the first publication or years from now."""
        found = self.date(*names, of=of)
        if found.null_count():
            at = int(found.is_null().arg_true()[0])
            raise self.error(
                "has no date", at, expected=f"{of} in column '{self.header(self.need(*names))}' of every row"
            )
        until = dt.date.today().year + 3
        for day in found.unique().sort():
            if not since <= day.year <= until:
                raise self.error(
                    f"is dated {day.isoformat()}, which no publication is",
                    int((found == day).arg_true()[0]),
                    expected=f"a date from {since} to {until}",
                )
        return found

    # -- publications ----------------------------------------------------------------------------------------------
    def publication(self, kind: str, when: dt.date | int | None, frame: pl.DataFrame, note: str = "") -> Publication:
        return Publication(kind, when, frame, (self.label,), tuple(self.warnings), note)

    def by_date(self, kind: str, frame: pl.DataFrame, dates: pl.Series) -> list[Publication]:
        """One publication for each date in the file."""
        days = dates.unique().sort().to_list()
        if len(days) == 1:
            return [self.publication(kind, days[0], frame)]
        parts = frame.with_columns(dates.alias("__date")).partition_by("__date", as_dict=True, include_key=False)
        return [self.publication(kind, day, parts[(day,)]) for day in days]

    def one_each(self, frame: pl.DataFrame, by: Sequence[str], what: str = "row") -> pl.DataFrame:
        """One row for each key: identical copies are dropped with a warning, different ones are an error naming both."""
        if frame.height == 0 or frame.select(by).hash_rows().n_unique() == frame.height:
            return frame  # different hashes, so different keys
        if frame.group_by(by).len().height == frame.height:
            return frame
        numbered = frame.with_row_index("__at")
        twice = numbered.filter(frame.select(by).is_duplicated())
        clash = twice.filter(~twice.drop("__at").is_duplicated())
        if clash.height:
            first = clash.select(by).row(0)
            both = twice.filter(pl.all_horizontal(pl.col(b).eq_missing(v) for b, v in zip(by, first, strict=True)))
            rows = [self.row(i) for i in both["__at"]][:2]
            raise self.error(
                f"two different rows for {' '.join(str(v) for v in first)} (rows {rows[0]} and {rows[1]})",
                expected=f"one {what} for each {', '.join(by)}",
                hint="remove the one that is wrong",
            )
        kept = numbered.unique(subset=list(by), keep="first", maintain_order=True)
        some = ", ".join(str(self.row(i)) for i in twice["__at"].head(4))
        self.warn(f"{frame.height - kept.height:,} rows are copies of others and were left out (rows {some} ...)")
        return kept.drop("__at")


@lru_cache(maxsize=4096)
def _positions(headers: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Where each header stands (the first of a name), by key and by key without footnote digits."""
    by_key: dict[str, str] = {}
    by_stem: dict[str, str] = {}
    for at, header in enumerate(headers):
        if header:
            by_key.setdefault(key(header), str(at))
            by_stem.setdefault(stem(header), str(at))
    return by_key, by_stem


def find(headers: Sequence[str], *names: str) -> str | None:
    """Position (as text) of the first of these names among headers: by key, else by key without footnote digits."""
    by_key, by_stem = _positions(headers if isinstance(headers, tuple) else tuple(headers))
    for name in names:
        if (at := by_key.get(key(name))) is not None:
            return at
    for name in names:
        if (at := by_stem.get(stem(name))) is not None:
            return at
    return None


# -- from bytes to a table ---------------------------------------------------------------------------------------------
def text_head(source: Source, most: int = 30) -> Head:
    """The first rows of a delimited text file."""
    raw = source.head()
    cut = len(raw) >= 262_144
    text = utf8(raw, source.label) if not cut else utf8(raw[: raw.rfind(b"\n") + 1] or raw, source.label)
    if not text.strip():
        raise DataError("the file holds no text", file=source.label, hint="download it again")
    lines = text.decode("utf-8", "replace").splitlines(keepends=True)
    separator = max(SEPARATORS, key=lambda s: max(line.count(s) for line in lines[:most]))
    reader = csv.reader(lines, delimiter=separator)
    rows, used = [], []
    try:
        for record in reader:
            rows.append(tuple(record))
            used.append(reader.line_num)
            if len(rows) >= most:
                break
    except csv.Error as error:
        raise DataError(f"is not a table of text: {error}", file=source.label, row=reader.line_num) from error
    return Head(tuple(rows), tuple(used), separator, source.names)


def text_table(
    source: Source,
    head: Head,
    at: int,
    columns: Callable[[Sequence[str]], Iterable[int]] | None = None,
    repeats: bool = False,
) -> Table:
    """The whole table of a delimited text file, whose headers are row `at` of its head (-1: it has none)."""
    body = utf8(source.data(), source.label)
    offset = 0
    for _ in range(head.lines[at] if at >= 0 else 0):
        offset = body.find(b"\n", offset) + 1 or len(body)
    headers = head.rows[at] if at >= 0 else tuple(f"column {i + 1}" for i in range(len(head.rows[0])))
    body, width = (body[offset:] if offset else body), len(headers)
    warnings: list[str] = []
    if not body[:4096].strip() and not body.strip():
        raise DataError("has headers but no rows", file=source.label, hint="download it again")
    if body.count(b'"') % 2:
        raise DataError(
            "an opening quotation mark is never closed",
            file=source.label,
            row=_open_quote(body, at + 2),
            hint="the file was cut short or edited: download it again",
        )
    if not body.endswith(b"\n"):
        warnings.append("no line end after the last row: if the file was cut short, that row may not be whole")
    wanted = sorted({*columns(headers), 0, width - 1}) if columns else list(range(width))
    frame = _read(body, head.separator, width, wanted, source.label, at + 2)
    table = Table(source.label, source.names, tuple(headers), frame, at + 2, None, head.rows[: max(at, 0)])
    if b'"' in body and body.count(b"\n") + (not body.endswith(b"\n")) != frame.height:
        warnings.extend(_broken_lines(table))
    for warning in warnings:
        table.warn(warning)
    return tidy_rows(table, repeats)


def parquet_table(source: Source) -> Table:
    """A Parquet file as text, so that it meets the same checks as any other."""
    try:
        frame = pl.read_parquet(io.BytesIO(source.data()))
        cells = frame.select(pl.all().cast(pl.String)) if frame.width else frame
    except pl.exceptions.PolarsError as error:
        raise DataError(f"cannot be read as Parquet: {str(error).splitlines()[0]}", file=source.label) from error
    except BaseException as error:  # a damaged file makes the library panic, which is not an Exception
        if type(error).__name__ != "PanicException":
            raise
        raise DataError("cannot be read as Parquet: it is damaged", file=source.label) from error
    headers = tuple(cells.columns)
    return tidy_rows(
        Table(source.label, source.names, headers, cells.rename({h: str(i) for i, h in enumerate(headers)}))
    )


def _read(body: bytes, separator: str, width: int, wanted: list[int], label: str, first_row: int) -> pl.DataFrame:
    schema = {str(i): pl.String for i in range(width)}
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            schema=schema,
            separator=separator,
            columns=wanted if len(wanted) < width else None,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError as error:
        _check_widths(body, separator, width, label, first_row)
        raise DataError(f"is not a table of text: {str(error).splitlines()[0]}", file=label) from error
    # polars fills short rows with nulls: where that may have happened, count the separators
    if frame[str(width - 1)].null_count():
        plain = re.sub(rb'"[^"]*"', b"", body) if b'"' in body else body
        if plain.count(separator.encode()) != (width - 1) * frame.height:
            _check_widths(body, separator, width, label, first_row)
    return frame


def _check_widths(body: bytes, separator: str, width: int, label: str, first_row: int) -> None:
    """Raise for the first row that has not as many cells as the headers."""
    reader = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""), delimiter=separator)
    try:
        for at, record in enumerate(reader):
            if record and len(record) != width:
                raise DataError(
                    f"has {len(record)} cells where the heading has {width}",
                    file=label,
                    row=first_row + at,
                    expected=f"{width} cells in every row",
                    hint="a separator or quotation mark is missing or too many, or the file was cut short",
                )
    except csv.Error as error:
        raise DataError(f"is not a table of text: {error}", file=label, row=first_row + reader.line_num) from error


def _broken_lines(table: Table) -> Iterable[str]:
    """A sentence for the cells that hold line breaks: right where quoted so, but also what a stray quotation mark makes."""
    for column in table.frame.columns:
        broken = table.frame[column].str.contains("\n", literal=True).fill_null(False)
        if broken.any():
            at = int(broken.arg_true()[0])
            yield (
                f"{int(broken.sum()):,} cells of column '{table.header(column)}' hold line breaks within quotation marks"
                f" (first in row {table.row(at)}): check that no quotation mark is stray"
            )


def _open_quote(body: bytes, first_row: int) -> int:
    """The row of the last quotation mark: where an unclosed one most likely stands."""
    return first_row + body.count(b"\n", 0, body.rfind(b'"'))


def tidy_rows(table: Table, repeats: bool = False) -> Table:
    """Drop wholly blank rows and unnamed blank columns; report what is odd; refuse two columns of one name."""
    frame, headers = table.frame, table.headers
    if frame.columns and frame[frame.columns[0]].null_count():
        blank = frame.select(pl.all_horizontal(pl.all().is_null() | (pl.all().str.strip_chars() == ""))).to_series()
        if blank.any():
            table.rows = (pl.int_range(frame.height, eager=True) + table.first_row).filter(~blank)
            where = [table.first_row + i for i in blank.arg_true().head(3)]
            # titles and notes of a sheet stand between blank rows; in text they are odd, unless merely at the end
            if table.sheet is None and int(blank.sum()) < frame.height - int(blank.arg_true()[0]):
                table.warn(f"{int(blank.sum()):,} blank rows were left out (row {', '.join(map(str, where))} ...)")
            frame = frame.filter(~blank)
    if not frame.height:
        raise DataError("has headers but no rows", file=table.label, hint="download it again")
    seen: dict[str, str] = {}
    for column in frame.columns:
        name = " ".join(headers[int(column)].lower().split())
        if not name:
            if not repeats and frame[column].str.strip_chars().fill_null("").ne("").any():
                table.warn(f"column {int(column) + 1} has no heading but holds values: it was not read")
        elif name in seen and repeats:
            continue
        elif name in seen:
            if not frame[column].eq_missing(frame[seen[name]]).all():
                raise DataError(
                    f"two columns are headed '{table.header(column)}' (columns {int(seen[name]) + 1} and "
                    f"{int(column) + 1}) and differ",
                    file=table.label,
                    row=table.first_row - 1,
                    expected="each heading once",
                    hint="remove or rename the one that is wrong",
                )
            table.warn(f"two identical columns are headed '{table.header(column)}': the first was used")
            frame = frame.drop(column)
        else:
            seen[name] = column
    table.frame = frame
    return table
