"""Who works in each practice, and how it was rated: official files first, third-party extracts where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..facts import Array
from .assemble import Draft, count, mean_of, year_in

if TYPE_CHECKING:
    from ..publications import Publication

STAFF = (
    "gp_fte", "partner_fte", "locum_trainee_fte", "nurse_fte", "direct_care_fte", "admin_fte", "gp_headcount",
    "partner_headcount",
)  # fmt: skip


def fill_people(draft: Draft) -> None:
    """Staff by role and year, and ratings."""
    for fact in STAFF:
        _staff(draft, fact)
    _ratings(draft)
    for kind in ("workforce_extract", "cqc_extract"):
        _say_strangers(draft, kind)


def _staff(draft: Draft, fact: str) -> None:
    """One fact of staff: the mean of a year's official extracts, and where that is not known a third party's.

    Of two third-party extracts of a year the fuller counts, practice by practice.
    """
    official = _by_year(draft, "workforce_practice", fact)
    others = _by_year(draft, "workforce_extract", fact)
    if not official and not others:
        return
    grid, files, taken = draft.blank(), list[str](), 0
    for year, found in official.items():
        grid[0, draft.row[year]] = mean_of([draft.scatter(p.frame, fact) for p in found])
        files += [f for p in found for f in p.files]
    for year, found in others.items():
        row = grid[0, draft.row[year]]
        for p in sorted(found, key=lambda p: (-p.frame.width, -p.frame.height, p.files)):
            new = np.where(np.isnan(row), draft.scatter(p.frame, fact), np.nan)
            if (~np.isnan(new)).any():
                taken += int((~np.isnan(new)).sum())
                row = np.where(np.isnan(new), row, new)
                files += p.files
        grid[0, draft.row[year]] = row
    notes = ["mean of the year's extracts"] if official else []
    if others:
        notes.append(
            f"{count(taken, 'practice-year')} from a {_grade(others)}: means of a year's releases, rounded"
            + (" to a tenth, or to whole people" if fact == "gp_headcount" else " to a tenth")
        )
    draft.put(fact, grid, "extract" if taken else "published", files, "; ".join(notes))


def _by_year(draft: Draft, kind: str, column: str) -> dict[int, list[Publication]]:
    """The publications of a kind that hold a column, by financial year, for the years that are assembled."""
    found: dict[int, list[Publication]] = {}
    for p in draft.of(kind):
        if column in p.frame.columns and p.when is not None and year_in(p.when) in draft.row:
            found.setdefault(year_in(p.when), []).append(p)
    return found


def _grade(found: dict[int, list[Publication]]) -> str:
    """What a publication says it is: 'third-party extract, grade C'."""
    return next(p.note for some in found.values() for p in some)


def _ratings(draft: Draft) -> None:
    """Fact cqc_rating: the newest rating published by the year, from the financial year that starts in its calendar year.

    What a practice's rating was before its latest one is not known, and is not filled in.
    """
    found = draft.of("cqc_extract")
    if not found:
        return
    rated = np.full(draft.shape[1], -np.inf)  # the calendar year of the rating that stands
    stands = np.full(draft.shape[1], np.nan)
    grid = draft.blank()
    dated: list[tuple[int, Array]] = []
    for p in found:
        for (year,), rows in p.frame.partition_by("year", as_dict=True, maintain_order=True).items():
            dated.append((int(year), draft.scatter(rows, "rating")))
    dated.sort(key=lambda t: t[0])
    for year in draft.years:
        for when, rating in dated:
            newer = ~np.isnan(rating) & (when > rated) & (when <= year)
            stands, rated = np.where(newer, rating, stands), np.where(newer, when, rated)
        grid[0, draft.row[year]] = stands
    grid[0, draft.facts["open_share"][0] == 0] = np.nan
    draft.put(
        "cqc_rating",
        grid,
        "extract",
        [f for p in found for f in p.files],
        f"{found[0].note}: each practice's latest rating, held from the financial year that starts in the calendar year of "
        f"its publication; no earlier rating is known, and none published after {dated[-1][0]}",
    )


def _say_strangers(draft: Draft, kind: str) -> None:
    """One sentence for the practices of an extract that no payments file or list names."""
    import polars as pl

    found = [p for p in draft.of(kind) if p.when is None or year_in(p.when) in draft.row]
    if not found:
        return
    codes = pl.concat([p.frame["practice"] for p in found]).unique()
    strangers = codes.filter(pl.Series(draft.at(codes) < 0)).sort()
    if strangers.len():
        files = ", ".join(dict.fromkeys(f for p in found for f in p.files))
        draft.warnings.append(
            f"{files}: {count(strangers.len(), 'practice')} that no payments file or list names left out "
            f"({strangers[0]} the first)"
        )
