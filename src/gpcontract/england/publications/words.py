"""Comparing headers, and reading the dates, years and numbers that publishers write.

Headers are compared by their letters and digits alone, in lower case ('Practice_Code', 'practice code' and
'Practice.Code' are one), and, where that fails, without trailing footnote digits.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

#: What publishers write where there is no figure.
NO_FIGURE = frozenset(
    {"", "*", "-", "–", "—", "na", "n/a", "nd", "null", "none", "c", "z", "x", ":", "..", ".", "#n/a"}
)
_MONTHS = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
_NAMED = re.compile(r"^(\d{1,2})[-/ ]?([a-z]{3})[a-z]*[-/ ,]*(\d{4}|\d{2})$")
_MONTH = re.compile(r"^([a-z]{3})[a-z]*[-/_ ]*(\d{4}|\d{2})$")
_NUMBER = re.compile(r"^(?:[+-]?£?|£[+-])(\d+|\d{1,3}(?:,\d{3})+)(\.\d*)?$|^[+-]?(\.\d+)$")


@cache
def key(text: str) -> str:
    """A header's letters and digits in lower case; '+' is kept, since ages end in it.

    >>> key(" Number of Registered_Patients (Last.Known Figure)")
    'numberofregisteredpatientslastknownfigure'
    """
    return re.sub(r"[^a-z0-9+]+", "", text.lower())


@cache
def stem(text: str) -> str:
    """The key without trailing footnote digits: 'Other Payments1' gives 'otherpayments'."""
    return re.sub(r"(?<=[a-z])\d+$", "", key(text))


def snake(text: str) -> str:
    """A header as a column name: 'Weekly Working Hours' gives 'weekly_working_hours'."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def parse_date(text: str) -> date | None:
    """A day as publishers write it: dd/mm/yyyy, ISO, 01JAN2021, 01-Sep-20, yyyymmdd, 'Mar 2025', or Excel's day number.

    None where it is none of these, or outside 1900 to 2099.

    >>> parse_date("01-Sep-20"), parse_date("36251")
    (datetime.date(2020, 9, 1), datetime.date(1999, 4, 1))
    """
    t = text.strip().lower()
    t = re.sub(r"[t ]00:00(:00(\.0+)?)?z?$", "", t)
    try:
        if m := re.match(r"^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$", t):
            found = date(int(m[1]), int(m[2]), int(m[3]))
        elif m := re.match(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$", t):
            found = date(int(m[3]), int(m[2]), int(m[1]))
        elif re.match(r"^(19|20)\d{6}$", t):
            found = date(int(t[:4]), int(t[4:6]), int(t[6:]))
        elif re.match(r"^\d{5}(\.0)?$", t):
            found = date(1899, 12, 30) + timedelta(days=int(t[:5]))
        elif (m := _NAMED.match(t)) and m[2] in _MONTHS:
            found = date(_century(m[3]), _MONTHS[m[2]], int(m[1]))
        elif (m := _MONTH.match(t)) and m[1] in _MONTHS:
            found = date(_century(m[2]), _MONTHS[m[1]], 1)
        else:
            return None
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2099 else None


def _century(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def parse_number(text: str) -> float | None:
    """A number as publishers write it: '1,234.50', '£9', '12%' (as 12); None where it is not one.

    >>> parse_number("£1,234.50"), parse_number("1,23"), parse_number("=1+1")
    (1234.5, None, None)
    """
    t = text.strip().replace("\u2212", "-").removesuffix("%").strip()
    if not _NUMBER.match(t):
        return None
    return float(re.sub(r"[£,]", "", t))


def year_in(name: str, *, compact: bool = False) -> int | None:
    """The starting year of a financial year written in a name: '17-18', '2023_2024', 'payments2425'.

    compact: also read '2021' as 2020/21 (QOF files are named so); otherwise that is taken for a calendar year.

    >>> year_in("nhspaymentsgp-17-18-csv.csv"), year_in("GP_wp_202324"), year_in("gp-reg-pat-prac-all_2025-03-01")
    (2017, 2023, None)
    """
    for pattern in (
        r"(?<!\d)(20\d\d)[-_ /–.]{0,3}(20\d\d)(?!\d)",
        r"(?<!\d)(20\d\d)[-_ /–.]{0,3}(\d\d)(?![\d])(?![-_]\d\d(?!\d))",
        r"(?<!\d)(\d\d)[-_ /–.](\d\d)(?!\d)",
        r"(?<!\d)(\d\d)(\d\d)(?!\d)",
    ):
        for first, last in re.findall(pattern, name):
            if (int(first) + 1) % 100 != int(last) % 100 or (len(last) == 4 and int(first) + 1 != int(last)):
                continue
            if len(first) == 2 and int(first) > 60:
                continue
            if first == "20" and last == "21" and f"{first}{last}" in name and not compact:
                continue
            return int(first) if len(first) == 4 else 2000 + int(first)
    return None


def month_in(name: str) -> date | None:
    """The month written in a name: 'March_2025', 'Mar-25', '122025' or '2025-03-01'; the first of that month (or the day)."""
    low = name.lower()
    if m := re.search(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)", low):
        return parse_date(m[0])
    months = "|".join(_MONTHS)
    if m := re.search(rf"(?<![a-z])({months})[a-z]*[-_ ]*(20\d\d|\d\d)(?!\d)", low):
        return date(_century(m[2]), _MONTHS[m[1]], 1)
    if m := re.search(r"(?<!\d)(0[1-9]|1[0-2])(20\d\d)(?!\d)", low):
        return date(int(m[2]), int(m[1]), 1)
    if m := re.search(r"(?<!\d)(20\d\d)[-_](0[1-9]|1[0-2])(?!\d)", low):
        return date(int(m[1]), int(m[2]), 1)
    return None
