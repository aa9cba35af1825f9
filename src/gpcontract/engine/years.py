"""Financial years. Inside, a year is the integer it starts in (2024); outside it is written 2024/25."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from .errors import InputError

_WRITTEN = re.compile(r"^\s*(\d{4})\s*[/-]\s*(\d{2}|\d{4})\s*$")


def parse_year(text: str | int) -> int:
    """The starting year of a financial year: '2024/25', '2024-25' or 2024 give 2024.

    >>> parse_year("2024/25")
    2024
    """
    if isinstance(text, int):
        return text
    if text.strip().isdigit() and len(text.strip()) == 4:
        return int(text)
    match = _WRITTEN.match(text)
    if not match:
        raise InputError(f"'{text}' is not a financial year", expected="a year such as 2024/25")
    first, last = int(match[1]), int(match[2])
    if (first + 1) % (10_000 if last > 99 else 100) != last:
        raise InputError(f"'{text}' does not span one year", expected=f"{year_name(first)}")
    return first


def year_name(year: int) -> str:
    """How a financial year is written: 2024 gives '2024/25'.

    >>> year_name(1999)
    '1999/00'
    """
    return f"{year}/{(year + 1) % 100:02d}"


def parse_years(text: str) -> tuple[int, ...]:
    """A list or span of years, in order and each once: '2014/15-2016/17', '2014/15,2019/20' or one year.

    >>> parse_years("2014/15-2016/17")
    (2014, 2015, 2016)
    """
    span = re.fullmatch(r"\s*(\d{4}/\d{2})\s*(?:-|–|to)\s*(\d{4}/\d{2})\s*", text)
    if span:
        first, last = parse_year(span[1]), parse_year(span[2])
        if last < first:
            raise InputError(f"'{text}' runs backwards", expected=f"{year_name(last)}-{year_name(first)}")
        return tuple(range(first, last + 1))
    return tuple(sorted({parse_year(part) for part in text.split(",")}))


def year_of(day: date) -> int:
    """The financial year (1 April to 31 March) that a day falls in."""
    return day.year if day.month >= 4 else day.year - 1


def first_day(year: int) -> date:
    """1 April."""
    return date(year, 4, 1)


def last_day(year: int) -> date:
    """31 March of the year after."""
    return date(year + 1, 3, 31)


def days_in(year: int) -> int:
    """Days in a financial year: 365, or 366 when its February has 29."""
    return (last_day(year) - first_day(year)).days + 1


def span_name(years: Iterable[int]) -> str:
    """How a set of years is written, runs of them as spans.

    >>> span_name([2014, 2015, 2016, 2019])
    '2014/15 to 2016/17, 2019/20'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    if not runs:
        return "no years"
    return ", ".join(year_name(r[0]) + (f" to {year_name(r[-1])}" if len(r) > 1 else "") for r in runs)
