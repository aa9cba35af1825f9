"""Who was open, and how many patients were on each list.

Dates in NHS Payments to General Practice mean this (found by comparing with the lists and with ODS): to 2020/21 the
close date is the day patients left; ODS closes the code 6 to 18 months later. In 2022/23 and 2024/25 the file repeats
ODS's late date, and its average list counts quarters without patients as nought. So where a year's averages do that, a
closing practice's list is restated as the list while open, and its open share told from the quarters it was seen in.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.years import days_in, first_day, last_day
from ..facts import Array
from .assemble import Draft, count, mean_of, middle, share_of_year, year_in

if TYPE_CHECKING:
    import polars as pl

LISTS = ("registrations_quin_age", "registrations_all", "registrations_lsoa")
SEEN = (*LISTS, "registrations_map")
AVERAGE_COUNTS_NOUGHT = (
    0.8  # a year's part-year lists over the same practices' last, in the median, below which it does
)
WHOLE_YEAR = 0.9  # a list over the last one, above which the practice was there all four quarters
FEWEST = 5  # part-year practices needed to tell


def fill_lists(draft: Draft) -> None:
    """Facts open_share, list_size, list_published and weighted_list_published."""
    published, weighted = draft.blank(), draft.blank()
    size, share = draft.blank(0.0), draft.blank(0.0)
    in_payments = np.zeros(draft.shape, bool)
    for p in draft.of("payments"):
        y = draft.row[int(p.when)]  # type: ignore[arg-type]
        published[0, y] = draft.scatter(p.frame, "registered")
        weighted[0, y] = draft.scatter(p.frame, "weighted")
        at = draft.at(p.frame["practice"])
        in_payments[y, at[at >= 0]] = True
    draft.scratch["in_payments"] = in_payments
    lists, seen = _dated_lists(draft)
    _open_by_dates(draft, share, in_payments, published)
    np.copyto(size, np.nan_to_num(published))
    restated = _restate_averages(draft, share, size, weighted, published, lists)
    _open_by_sightings(draft, share, size, in_payments, lists, seen)
    size[share == 0] = 0.0
    weighted[share == 0] = 0.0
    weighted[(weighted <= 0) & (size > 0)] = np.nan  # a list with no weight is a gap, not a nought
    payments = [f for p in draft.of("payments") for f in p.files]
    others = [f for p in draft.of(*SEEN) for f in p.files]
    lent = [y for y in draft.years if not in_payments[draft.row[y]].any()]
    note = f"{count(restated, 'part-year list')} restated from a four-quarter average to the list while open"
    draft.put(
        "open_share",
        share,
        "derived",
        payments + others,
        "from opening and closing dates; where the file dates closures late, from the quarters with patients (within "
        "an eighth of a year)",
    )
    draft.put("list_size", size, "published", payments + others if lent else payments, "list while open; " + note)
    draft.put("list_published", published, "published", payments, "as printed: 'last known' or average over the year")
    draft.put("weighted_list_published", weighted, "published", payments, note)


def _dated_lists(draft: Draft) -> tuple[list[tuple[date, Array]], list[tuple[date, np.ndarray]]]:
    """Every dated list (day, patients by practice), and every sighting (day, practice was there)."""
    import polars as pl

    column = {"registrations_quin_age": "all", "registrations_all": "patients", "registrations_lsoa": "patients"}
    lists, seen = [], []
    for p in draft.of(*SEEN):
        if p.kind == "registrations_map":
            there = np.zeros(draft.shape[1], bool)
            at = draft.at(p.frame["practice"])
            there[at[at >= 0]] = True
        else:
            frame = p.frame
            if p.kind == "registrations_lsoa":
                frame = frame.group_by("practice", maintain_order=True).agg(pl.col("patients").sum())
            patients = draft.scatter(frame, column[p.kind])
            lists.append((p.when, patients))
            there = ~np.isnan(patients)
        seen.append((p.when, there))
    return lists, seen  # type: ignore[return-value]


def _open_by_dates(draft: Draft, share: Array, in_payments: np.ndarray, published: Array) -> None:
    """Open shares of the practices in a payments file, from its dates and from ODS where it gives none."""
    ods_opened, ods_closed = _ods_dates(draft)
    closed_before: list[date | None] = [None] * draft.shape[1]
    for p in draft.of("payments"):
        year, y = int(p.when), draft.row[int(p.when)]  # type: ignore[arg-type]
        opened, closed = _days(draft, p.frame, "open_date"), _days(draft, p.frame, "close_date")
        for i in np.flatnonzero(in_payments[y]).tolist():
            start, end, by_ods = opened[i], closed[i], ods_opened[i]
            if start is None and by_ods is not None and first_day(year) < by_ods <= last_day(year):
                start = by_ods
            if end is None and not published[0, y, i] > 0:
                # tail payments of a practice that an earlier file or ODS says had closed
                end = closed_before[i] or ods_closed[i]
            if start is not None and start > last_day(year):
                start = None  # a code paid before the day it is said to open keeps its money and its list
            share[0, y, i] = share_of_year(year, start, end)
            closed_before[i] = closed[i] or closed_before[i]
    draft.scratch["closed_in_payments"] = closed_before


def _days(draft: Draft, frame: pl.DataFrame, column: str) -> list[date | None]:
    """One column of days laid out by practice."""
    days: list[Any] = draft.texts(frame, column)
    return days


def _ods_dates(draft: Draft) -> tuple[list[date | None], list[date | None]]:
    """Each practice's opening and closing day in the newest ODS file that has it."""
    opened: list[date | None] = [None] * draft.shape[1]
    closed: list[date | None] = [None] * draft.shape[1]
    for p in draft.of("ods_practices"):
        for i, a, b in zip(draft.at(p.frame["practice"]).tolist(), p.frame["opened"], p.frame["closed"], strict=True):
            if i >= 0:
                opened[i], closed[i] = a, b
    draft.scratch["ods_opened"], draft.scratch["ods_closed"] = opened, closed
    return opened, closed


def _open_by_sightings(
    draft: Draft,
    share: Array,
    size: Array,
    in_payments: np.ndarray,
    lists: list[tuple[date, Array]],
    seen: list[tuple[date, np.ndarray]],
) -> None:
    """Open shares and lists of practices that a year's payments file does not hold, from dated lists and maps."""
    for y, year in enumerate(draft.years):
        inside = sorted((t for t in seen if year_in(t[0]) == year), key=lambda t: t[0])
        days = sorted({day for day, _ in inside})
        if not days:
            continue
        there = np.array([np.any([w for d, w in inside if d == day], axis=0) for day in days])
        new = there.any(0) & ~in_payments[y]
        span = days_in(year)
        first, last = there.argmax(0), len(days) - 1 - there[::-1].argmax(0)
        # between the last sighting and the first absence, and the other way round, half the gap
        edges = np.array([(first_day(year), days[0]), *pairwise(days), (days[-1], last_day(year))])
        half = np.array([a + timedelta((b - a).days // 2) for a, b in edges])
        start = np.array([(day - first_day(year)).days for day in half])
        begin = np.where(first == 0, 0, start[first])
        end = np.where(last == len(days) - 1, span, start[np.minimum(last + 1, len(half) - 1)])
        share[0, y] = np.where(new, (end - begin) / span, share[0, y])
        mean = mean_of(
            [patients for day, patients in lists if year_in(day) == year] or [np.full(draft.shape[1], np.nan)]
        )
        paid = [
            (middle(draft.years[o]), np.where(in_payments[o] & (size[0, o] > 0), size[0, o], np.nan))
            for o in range(len(draft.years))
            if in_payments[o].any()
        ]
        mean = np.where(np.isnan(mean), _between(middle(year), lists + paid, draft.shape[1]), mean)
        missing = int((new & np.isnan(mean)).sum())
        if missing:
            draft.warnings.append(
                f"{count(missing, 'practice')} on a map of {year} but on no list: their lists are taken as 0"
            )
        size[0, y] = np.where(new, np.nan_to_num(mean), size[0, y])


def _between(day: date, lists: list[tuple[date, Array]], practices: int) -> Array:
    """Each practice's list on a day: on the line between its nearest lists before and after, or the one there is."""
    ordered = sorted(lists, key=lambda t: abs((t[0] - day).days))
    blank = np.full(practices, np.nan)
    ends = []
    for side in (True, False):
        value, away = blank.copy(), blank.copy()
        for when, patients in ordered:
            if (when <= day) == side:
                gap = np.isnan(value) & ~np.isnan(patients)
                value, away = np.where(gap, patients, value), np.where(gap, abs((when - day).days), away)
        ends.append((value, away))
    (a, before), (b, after) = ends
    with np.errstate(invalid="ignore"):
        line = a + (b - a) * before / (before + after)
    return np.where(np.isnan(line), np.where(np.isnan(a), b, a), line)


def _restate_averages(
    draft: Draft, share: Array, size: Array, weighted: Array, published: Array, lists: list[tuple[date, Array]]
) -> int:
    """Turn averages that count quarters without patients as nought into lists while open; returns how many."""
    restated, history = 0, list(lists)
    for p in draft.of("payments"):
        year, y = int(p.when), draft.row[int(p.when)]  # type: ignore[arg-type]
        now, before = published[0, y], np.full(draft.shape[1], np.nan)
        for _, patients in sorted((t for t in history if t[0] <= first_day(year)), key=lambda t: t[0]):
            before = np.where(patients > 0, patients, before)
        if "atypical" in p.frame.columns and "average" in set(p.frame["list_basis"].to_list()):
            part = np.array(
                [text is not None and "part year" in text.lower() for text in draft.texts(p.frame, "atypical")]
            )
            kept = np.where(part & (now > 0), now / before, np.nan)
            known = np.flatnonzero(~np.isnan(kept))
            if known.size >= FEWEST and np.median(kept[known]) < AVERAGE_COUNTS_NOUGHT:
                for i in known[kept[known] < WHOLE_YEAR]:
                    quarters = min(3, round(4 * kept[i]))
                    share[0, y, i] = min(share[0, y, i], (quarters + 0.5) / 4)
                    size[0, y, i] = now[i] * 4 / quarters if quarters else before[i]
                    weighted[0, y, i] = weighted[0, y, i] * 4 / quarters if quarters else np.nan
                    restated += 1
        history.append((middle(year), np.where(size[0, y] > 0, size[0, y], np.nan)))
    return restated
