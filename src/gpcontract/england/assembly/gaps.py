"""What an assembly lacked, in sentences: years without money, facts nobody gave, years in which a fact is empty."""

from __future__ import annotations

import numpy as np

from ...engine.years import year_name
from ..facts import catalogue
from .assemble import Draft, count, year_in

#: Publications that speak of one year only, and so of nothing where that year is not assembled.
YEARLY = (
    "qof_points", "qof_indicators", "qof_prevalence", "weighted_population", "workforce_practice",
    "workforce_extract", "appointments_practice", "online_consultations",
)  # fmt: skip


def say_unpaid_years(draft: Draft) -> None:
    """One sentence for the years that no payments file covers."""
    missing = [y for y in draft.years if not draft.scratch["in_payments"][draft.row[y]].any()]
    if missing:
        draft.lacked.append(
            f"payments for {', '.join(map(year_name, missing))}: no file of NHS Payments to General Practice, so no "
            "published money is known; practices and lists are from registrations, contracts from the nearest year"
        )


def warn_of_repeats(draft: Draft) -> None:
    """Practices that one payments file or list names twice: the last row counts, and the report says so."""
    for p in draft.of("payments", "registrations_map", "registrations_all", "registrations_quin_age"):
        repeats = p.frame.height - p.frame["practice"].n_unique()
        if repeats:
            draft.warnings.append(f"{p.files[0]}: {count(repeats, 'practice row')} repeated; the last of each counts")


def warn_of_unplaced(draft: Draft) -> None:
    """Publications that go unused because no payments, list or map opens their year: one sentence for each year."""
    left: dict[int, list[str]] = {}
    for p in draft.of(*YEARLY):
        if p.when is not None and year_in(p.when) not in draft.row:
            left.setdefault(year_in(p.when), []).extend(p.files)
    for year, files in sorted(left.items()):
        draft.warnings.append(
            f"{', '.join(dict.fromkeys(files))}: not used, for no payments file, list or map covers {year_name(year)}"
        )


def say_absent_facts(draft: Draft) -> None:
    """One sentence for each fact that nothing gave, naming the publications that would."""
    kinds = {p.kind for p in draft.publications}
    for kind, areas in draft.areas.items():
        if not areas.codes:
            draft.lacked.append(f"{kind.replace('_', '-')}s: no file of these names any")
    for name, fact in sorted(catalogue().items()):
        if name in draft.facts:
            continue
        here = [source for source in fact["from"] if any(kind.startswith(source) for kind in kinds)]
        why = (
            f"not in this folder's {' or '.join(here)}"
            if here
            else f"no {' or '.join(fact['from'])} in the folder"
            if fact["from"]
            else "published nowhere; it can be brought as a tidy fact"
        )
        draft.lacked.append(f"{name} ({fact['title']}): {why}")


def say_empty_years(draft: Draft) -> None:
    """One sentence for each fact that some years lack, naming the publication that would give it."""
    known = catalogue()
    paid = draft.scratch["in_payments"].any(1)
    for name, grid in draft.facts.items():
        if name not in known or name.startswith("published_"):
            continue
        by_payments = "payments" in known[name]["from"]
        empty = [
            year
            for y, year in enumerate(draft.years)
            if np.isnan(grid[..., y, :]).all() and (paid[y] or not by_payments)
        ]
        if empty:
            draft.lacked.append(
                f"{name} in {', '.join(map(year_name, empty))}: no {' or '.join(known[name]['from'])} for those years"
            )
