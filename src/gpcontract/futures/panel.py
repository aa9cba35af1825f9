"""The panel: what publications show of every practice, year by year, and which contracts ended between two published years.

A year is in the panel when payments of it are published: its file names every practice that was paid. Registrations do not stand in
for a year without one: they are of a day, and which days an England holds differs by year, so that an end seen between a file of
payments and a list of a day cannot be dated. Between published years k years apart a practice survives with chance (1 - h)^k.

A contract ends in the year in which its patients leave. A practice that closes within a year still has a list in that year's file (the
last one known); the file says that it was not open to the end, so it has ended by then. `last_file` counts as the guide's table
of hazards does instead: by the last file with a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from ..engine.years import span_name, year_name
from ..england.facts import England
from ..england.inference.opted_out import stands
from ..findings.history import row
from .survival import MOST_SHRINKING, SMALL, TYPICAL, log_size

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: What a practice's log odds of ending rest on, in the order of the fit.
COVARIATES = (
    "constant", "log_list", "small", "shrinking", "apms", "pms", "deprivation", "rural", "london", "rated_low",
)  # fmt: skip
KINDS = ("gms", "pms", "apms")
SIZES = (2_000, 3_000, 5_000, 8_000, 12_000, 20_000)  # patients; the bands of the guide's table of hazards
AVERAGE_SCORE = 20.0  # of deprivation, about England's mean
LOW_RATING = 2.0  # requires improvement, or inadequate
MISSING = 0.005  # of the practices in the files before and after a year that its own file may lack; beyond it, it is not whole
FEWEST = 100  # practices with a list that make a published year


@dataclass(frozen=True)
class Transition:
    """Practices open at the end of one published year, and whether their contract had ended by the end of a later one.

    rows: positions in the England.  x: (row, covariate).  known_growth: False in the panel's first year, whose growth nobody knows.
    """

    year: int
    after: int
    rows: npt.NDArray[np.intp]
    ended: Flags
    x: Numbers
    known_growth: bool

    @property
    def span(self) -> int:
        """Years between the two."""
        return self.after - self.year


@dataclass(frozen=True)
class Panel:
    """Practices in published years; arrays are (year, practice).

    seen: has a list in the year's file.  open: is open at the end of the year.  patients: the list, 0 where not seen.
    whole: which years' files name every practice; the others show lists and money of those that they name, and no ends.
    moments: when each year's printed lists stand, in years; some files print one quarter's list and others a mean of four.
    """

    england: England
    years: tuple[int, ...]
    seen: Flags
    open: Flags
    patients: Numbers
    whole: Flags
    moments: tuple[float, ...]

    @classmethod
    def of(cls, england: England, last: int | None = None) -> Panel:
        """The published years of an England, up to `last`; nothing of later years is looked at."""
        listed = np.nan_to_num(_broadcast(england, "list_published")) > 0
        at = [i for i, y in enumerate(england.years) if listed[i].sum() >= FEWEST and (last is None or y <= last)]
        years = tuple(england.years[i] for i in at)
        seen = listed[at]
        patients = np.where(seen, np.nan_to_num(_broadcast(england, "list_size")[at]), 0.0)
        part = np.nan_to_num(_broadcast(england, "open_share")[at], nan=1.0) < 1
        steps = np.arange(len(at))[:, None]
        first = np.where(seen.any(0), seen.argmax(0), len(at)) if at else np.zeros(seen.shape[1], int)
        opening = seen & (steps == first) & ((steps > 0) | _opened(part, seen))
        open_ = seen & ~(part & ~opening)
        later = np.flip(np.logical_or.accumulate(np.flip(open_, 0), 0), 0)  # a gap between two years is no end
        lacks = [
            int((seen[:i].any(0) & ~seen[i] & seen[i + 1 :].any(0)).sum()) / max(int(seen[i].sum()), 1)
            for i in range(len(at))
        ]
        printed = _broadcast(england, "list_published")[at]
        moments = tuple(y + stands(y, printed[i]) for i, y in enumerate(years))
        return cls(
            england, years, seen, open_ | (later & (steps >= first)), patients, np.array(lacks) <= MISSING, moments
        )

    def at(self, year: int) -> int:
        """Position of a year."""
        if year not in self.years:
            raise InputError(
                f"no payments of {year_name(year)} are published in {self.england.title}",
                expected=f"a year in {span_name(self.years)}",
            )
        return self.years.index(year)

    def elapsed(self, a: int, b: int) -> float:
        """Years from one year's printed lists to another's."""
        return self.moments[self.at(b)] - self.moments[self.at(a)]

    def fact(self, name: str, year: int) -> Numbers:
        """A fact of all practices in a year; NaN where it is not known."""
        return row(self.england, name, self.england.year(year))

    @cached_property
    def growth(self) -> Numbers:
        """Yearly log growth of each list since the published year before; NaN where either is not known."""
        made = np.full(self.patients.shape, np.nan)
        for i, (a, b) in enumerate(pairwise(self.years), 1):
            both = (self.patients[i - 1] > 0) & (self.patients[i] > 0)
            ratio = np.where(both, self.patients[i], 1.0) / np.where(both, self.patients[i - 1], 1.0)
            made[i] = np.where(both, np.log(ratio) / self.elapsed(a, b), np.nan)
        return made

    def covariates(self, year: int) -> Numbers:
        """What the log odds of ending rest on, (practice, covariate); what this England does not hold is 0."""
        i = self.at(year)
        size = log_size(np.maximum(self.patients[i], 1.0))
        fall = np.clip(-np.nan_to_num(self.growth[i]), 0.0, MOST_SHRINKING)
        known = {n: np.nan_to_num(self.fact(n, year)) for n in ("on_apms", "on_pms", "rural", "in_london")}
        score = self.fact("deprivation_score", year)
        rating = self.fact("cqc_rating", year)
        return np.stack(
            [
                np.ones_like(size),
                size,
                np.maximum(np.log(SMALL / TYPICAL) - size, 0.0),
                fall,
                *(known[n] for n in ("on_apms", "on_pms")),
                np.nan_to_num(score / AVERAGE_SCORE - 1.0),
                *(known[n] for n in ("rural", "in_london")),
                np.where(rating <= LOW_RATING, 1.0, 0.0),
            ],
            axis=-1,
        )

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Each whole year and the next."""
        return list(pairwise(y for y, w in zip(self.years, self.whole, strict=True) if w))

    def transitions(self) -> Iterator[Transition]:
        """From each whole year to the next: practices with a list that are open at its end, and which of them ended."""
        for a, b in self.pairs:
            i, j = self.at(a), self.at(b)
            rows = np.flatnonzero(self.open[i] & (self.patients[i] > 0))
            yield Transition(a, b, rows, ~self.open[j, rows], self.covariates(a)[rows], i > 0)

    def last_file(self) -> Iterator[tuple[int, int, Flags, Flags]]:
        """By the last file with a list: (year, next year, practices at risk, of them those in no later file)."""
        later = np.flip(np.logical_or.accumulate(np.flip(self.seen, 0), 0), 0)
        for a, b in self.pairs:
            i, j = self.at(a), self.at(b)
            yield a, b, self.seen[i], self.seen[i] & ~later[j]

    def on(self, year: int) -> Numbers:
        """Which kind of contract each practice is on: (kind, practice), in the order of KINDS; none where it is not known."""
        return np.stack([np.nan_to_num(self.fact(f"on_{k}", year)) for k in KINDS])

    def board(self, year: int) -> npt.NDArray[np.intp]:
        """Position of each practice's board in a year; -1 where it has none."""
        areas = self.england.areas.get("board")
        if areas is None:
            return np.full(len(self.england.codes), -1, np.intp)
        return areas.index[min(self.england.year(year), areas.index.shape[0] - 1)].astype(np.intp)

    @property
    def boards(self) -> tuple[str, ...]:
        """Codes of the boards."""
        areas = self.england.areas.get("board")
        return areas.codes if areas is not None else ()


def open_at_end(england: England, year: int) -> Flags:
    """Practices still open at the end of a year: those open in it, less those whose file says that they closed within it."""
    listed = np.nan_to_num(row(england, "list_published", england.year(year))) > 0
    if listed.sum() < FEWEST:  # no payments: those with a list
        return (row(england, "list_size", england.year(year)) > 0) & (
            np.nan_to_num(row(england, "open_share", england.year(year)), nan=1.0) > 0
        )
    panel = Panel.of(england, year)
    return panel.open[panel.at(year)]


def _opened(part: Flags, seen: Flags) -> Flags:
    """Of practices open for part of the first year: those in a later file too, which so must have opened in it."""
    return part & (np.cumsum(seen[::-1], 0)[::-1] > 1)


def _broadcast(england: England, name: str) -> Numbers:
    """A fact as (year, practice); NaN where this England does not hold it."""
    return np.stack([row(england, name, i) for i in range(len(england.years))])
