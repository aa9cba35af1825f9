"""Values: dated, sourced numbers, and their yearly arrays.

A value file maps names to entries that are in force between two days. A value that changes within a year is averaged by
days (or by whole months where the contract pays by the month).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import LoadError, Overlap, Unsourced, nearest
from .files import items, line_of, line_of_key, read_yaml
from .years import days_in, first_day, last_day, span_name, year_name

STATUSES = ("in force", "published", "proposed", "assumed", "superseded")
GRADES = ("A", "B", "C", "M")
FOREVER = date(9999, 12, 31)
VALUE_KEYS = {"title", "unit", "clause", "note", "outside", "average", "keys", "values"}
ENTRY_KEYS = {"from", "to", "value", "grade", "status", "source", "note", "range"}


@dataclass(frozen=True)
class Source:
    """Where a value was read: a document with its address and date."""

    id: str
    title: str
    url: str
    date: str


@dataclass(frozen=True)
class Entry:
    """One figure between two days (inclusive)."""

    first: date
    last: date
    value: Any
    grade: str
    status: str
    sources: tuple[str, ...]
    note: str
    range: tuple[float, float] | None
    line: int | None

    @property
    def assumed(self) -> bool:
        """Whether nobody published it."""
        return self.status == "assumed"


@dataclass(frozen=True)
class Value:
    """A named value with its entries. keys: axis name -> labels, for a table; axes come before (draw, year, practice)."""

    name: str
    title: str
    unit: str
    clause: str
    note: str
    outside: float | None
    average: str
    keys: Mapping[str, tuple[str, ...]]
    entries: tuple[Entry, ...]
    file: str
    line: int | None
    chapter: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its axes; () for a plain value."""
        return tuple(len(labels) for labels in self.keys.values())

    def shares(self, year: int) -> list[tuple[Entry, float]]:
        """The live entries in force in a year, each with its share of the year's days (or months)."""
        found = []
        for entry in self.entries:
            if entry.status == "superseded" or entry.first > last_day(year) or entry.last < first_day(year):
                continue
            first, last = max(entry.first, first_day(year)), min(entry.last, last_day(year))
            share = _months(first, last) / 12 if self.average == "months" else ((last - first).days + 1) / days_in(year)
            found.append((entry, share))
        return found

    def in_year(self, year: int) -> npt.NDArray[np.float64]:
        """The year's average, shaped like the table (a scalar array for a plain value)."""
        shares = self.shares(year)
        total = np.zeros(self.shape)
        for entry, share in shares:
            total = total + share * np.asarray(entry.value, float)
        gap = 1.0 - sum(share for _, share in shares)
        if gap > 1e-9:
            if self.outside is None:
                raise LoadError(
                    f"'{self.name}' has no value for {'part of ' if shares else ''}{year_name(year)}",
                    file=self.file,
                    line=self.line,
                    expected=f"entries that cover the year; {self._known}",
                    hint="add an entry, or `outside:` to say what it is when nothing is in force",
                )
            total = total + gap * self.outside
        return total

    @property
    def _known(self) -> str:
        live = [e for e in self.entries if e.status != "superseded"]
        if not live:
            return "all of its entries are superseded"
        last = max(e.last for e in live)
        return f"it is known from {min(e.first for e in live)}" + ("" if last == FOREVER else f" to {last}")

    def yearly(self, years: tuple[int, ...], missing: float | None = None) -> npt.NDArray[np.float64]:
        """One column a year: shaped (*keys, 1, year, 1). `missing` stands for years with no entry and no `outside`, else they are an error."""
        known = (
            self.in_year(y)
            if missing is None or self.outside is not None or self.shares(y)
            else np.full(self.shape, missing)
            for y in years
        )
        stacked = np.stack(list(known), axis=-1)
        return stacked[..., None, :, None]

    def assumed_in(self, year: int) -> bool:
        """Whether any part of the year's figure is assumed."""
        return any(e.assumed for e, _ in self.shares(year))


def _months(first: date, last: date) -> int:
    """Whole months between two days: a month counts from its first day to its last."""
    after = last + timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month


def read_sources(path: Path, shown: str) -> dict[str, Source]:
    """The list of sources that values may cite."""
    made = {}
    read = read_yaml(path, shown)
    for name, body in items(read):
        if not isinstance(body, dict) or not all(body.get(k) for k in ("title", "url", "date")):
            raise LoadError(
                f"source '{name}' lacks a title, url or date",
                file=shown,
                line=line_of_key(read, name),
                expected="{title: ..., url: ..., date: ...}",
            )
        made[name] = Source(name, str(body["title"]), str(body["url"]), str(body["date"]))
    return made


def read_values(path: Path, sources: Mapping[str, Source], shown: str, chapter: str = "") -> dict[str, Value]:
    """The values of one file, checked: each has a unit, a source, a grade and a status; none overlap."""
    read = read_yaml(path, shown)
    return {n: value_from(n, body, sources, shown, chapter, line_of_key(read, n)) for n, body in items(read)}


def value_from(
    name: str, body: Any, sources: Mapping[str, Source], file: str, chapter: str = "", at: int | None = None
) -> Value:
    """One value from its YAML mapping; `at` is the line that names it."""
    at = at or line_of(body)
    if not isinstance(body, dict):
        raise LoadError(f"'{name}' is not a mapping", file=file, line=at, expected="title, unit and values")
    _only(body, VALUE_KEYS, name, file)
    for key in ("title", "unit", "values"):
        if not body.get(key):
            raise LoadError(f"'{name}' has no {key}", file=file, line=at, expected=f"{key}: ...")
    if not isinstance(body["values"], list):
        raise LoadError(
            f"the values of '{name}' are not a list", file=file, line=at, expected="- {from: ..., value: ...}"
        )
    keys = _keys(name, body.get("keys"), file, at)
    shape = tuple(len(v) for v in keys.values())
    entries = tuple(
        sorted(
            (_entry(name, e, shape, sources, file, line_of_key(body, "values")) for e in body["values"]),
            key=lambda e: e.first,
        )
    )
    live = [e for e in entries if e.status != "superseded"]
    for a, b in pairwise(live):
        if b.first <= a.last:
            raise Overlap(
                f"two values of '{name}' are in force on {b.first}",
                file=file,
                line=b.line,
                expected=f"the entry on line {a.line} to end before {b.first}",
                hint="mark the one that was replaced with `status: superseded`",
            )
    average = body.get("average", "days")
    if average not in ("days", "months"):
        raise LoadError(f"'{name}' is averaged by '{average}'", file=file, line=at, expected="days or months")
    outside = body.get("outside")
    if outside is not None and not _is_number(outside):
        raise LoadError(
            f"'{name}' is '{outside}' outside its dates",
            file=file,
            line=at,
            expected="a number, for example outside: 0",
        )
    return Value(
        name,
        str(body["title"]),
        str(body["unit"]),
        str(body.get("clause") or ""),
        str(body.get("note") or ""),
        None if outside is None else float(outside),
        average,
        keys,
        entries,
        file,
        at,
        chapter,
    )


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool) and bool(np.isfinite(x))


def _all_numbers(x: Any) -> bool:
    return all(map(_all_numbers, x)) if isinstance(x, list) else _is_number(x)


def _keys(name: str, given: Any, file: str, at: int | None) -> dict[str, tuple[str, ...]]:
    """The axes of a table: each a list of labels, none twice."""
    if given is None:
        return {}
    found = {}
    for axis, labels in items(given) if isinstance(given, dict) else [("keys", None)]:
        if not isinstance(labels, list) or not labels:
            raise LoadError(
                f"the keys of '{name}' are not lists",
                file=file,
                line=line_of(given, at),
                expected="keys: {band: [a, b]}",
            )
        found[axis] = tuple(str(x) for x in labels)
        twice = [x for x in found[axis] if found[axis].count(x) > 1]
        if twice:
            raise LoadError(
                f"'{twice[0]}' is twice among the keys of '{name}'",
                file=file,
                line=line_of(given, at),
                expected="each once",
            )
    return found


def _only(body: Mapping[str, Any], known: set[str], name: str, file: str) -> None:
    for key, _ in items(body):
        if key not in known:
            raise LoadError(
                f"'{name}' has an entry '{key}' that means nothing here",
                file=file,
                line=line_of_key(body, key),
                expected=", ".join(sorted(known)),
                hint=nearest(str(key), known),
            )


def _entry(
    name: str, body: Any, shape: tuple[int, ...], sources: Mapping[str, Source], file: str, line: int | None
) -> Entry:
    if not isinstance(body, dict):
        raise LoadError(
            f"an entry of '{name}' is not a mapping",
            file=file,
            line=line,
            expected="{from: ..., value: ..., source: [...]}",
        )
    at = line_of(body)
    where: dict[str, Any] = {"file": file, "line": at}
    _only(body, ENTRY_KEYS, name, file)
    first, last = body.get("from"), body.get("to") or FOREVER
    if type(first) is not date or type(last) is not date:  # a day, not a moment
        raise LoadError(f"an entry of '{name}' has no dates", expected="from: 2024-04-01 (and to: 2025-03-31)", **where)
    if last < first:
        raise LoadError(f"an entry of '{name}' ends ({last}) before it starts ({first})", **where)
    given = body.get("value")
    try:
        value = np.asarray(given, float)
        numbers = _all_numbers(given) or not np.isfinite(value).all()
    except (TypeError, ValueError):
        numbers = False
    if not numbers:
        raise LoadError(
            f"the value of '{name}' from {first} is not a number",
            expected="a number, or a list along its keys",
            hint="write it without quotes or commas, and 1.0e+6 with its point and sign",
            **where,
        )
    if value.shape != shape or not np.isfinite(value).all():
        raise LoadError(
            f"the value of '{name}' from {first} has shape {value.shape}"
            if value.shape != shape
            else f"the value of '{name}' from {first} is not finite",
            expected=f"shape {shape}, one number for each of its keys" if shape else "one number",
            **where,
        )
    status, grade = body.get("status"), body.get("grade")
    if status not in STATUSES:
        raise LoadError(f"'{name}' from {first} has status '{status}'", expected=" | ".join(STATUSES), **where)
    if grade not in GRADES:
        raise LoadError(f"'{name}' from {first} has grade '{grade}'", expected=" | ".join(GRADES), **where)
    listed = body.get("source") or ()
    if not isinstance(listed, (list, tuple)):
        raise LoadError(f"the source of '{name}' from {first} is not a list", expected="source: [id, ...]", **where)
    cited = tuple(str(one) for one in listed)
    if not cited:
        raise Unsourced(f"'{name}' from {first} has no source", expected="source: [id, ...] from sources.yaml", **where)
    for one in cited:
        if one not in sources:
            raise Unsourced(
                f"'{name}' from {first} cites '{one}', which sources.yaml does not list",
                expected="the id of a source in sources.yaml",
                hint=nearest(one, sources),
                **where,
            )
    spread = body.get("range")
    if status == "assumed" and (not isinstance(spread, list) or len(spread) != 2):
        raise Unsourced(f"'{name}' from {first} is assumed and gives no range", expected="range: [low, high]", **where)
    if spread is not None and (not isinstance(spread, list) or len(spread) != 2 or not _all_numbers(spread)):
        raise LoadError(f"the range of '{name}' from {first} is '{spread}'", expected="range: [low, high]", **where)
    middle = 1.0 if shape else float(value)  # a table's range is of a factor around 1
    if spread is not None and not spread[0] <= middle <= spread[1]:
        raise LoadError(
            f"'{name}' from {first} lies outside its own range",
            expected=f"{spread[0]} <= {middle:g} <= {spread[1]}" + (" (a table's range is a factor)" if shape else ""),
            **where,
        )
    return Entry(
        first,
        last,
        value if shape else float(value),
        grade,
        status,
        cited,
        str(body.get("note") or ""),
        (float(spread[0]), float(spread[1])) if spread else None,
        at,
    )


def span_known(value: Value) -> str:
    """The years for which a value is known, as written."""
    years = {y for e in value.entries for y in range(e.first.year - 1, min(e.last.year, 2100) + 1) if value.shares(y)}
    return span_name(years)
