"""England from a folder of official files, exactly as published.

The years are those of the payments files, and those that only a dated list or map covers. Practices are all that any of
these files name. Nothing is dropped: what could not be used, and what is missing, is said in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..engine.areas import Areas
from ..engine.errors import DataError, InputError
from ..engine.years import span_name, year_name
from .assembly import cache as store
from .assembly import gaps, lists, measures, money, people, places, profiles, successors, tidy
from .assembly.assemble import Draft, year_in
from .facts import England, Report
from .inference import steps

Progress = Callable[[int, int, str], None]

#: Kinds of publication that hold something England keeps; others are recognised and left alone.
WANTED = frozenset(
    (
        "payments",
        *lists.SEEN,
        "qof_points",
        "qof_indicators",
        "qof_prevalence",
        "qof_geography",
        "workforce_practice",
        "workforce_extract",
        "cqc_extract",
        "deprivation",
        "fingertips",
        "weighted_population",
        "ods_practices",
        "appointments_practice",
        "online_consultations",
        "lsoa_lookup",
        "areas_lookup",
        "tidy",
    )
)

#: Steps that work facts out from the facts read, in order: each takes the draft, puts its facts and their provenance.
DERIVED: tuple[Callable[[Draft], None], ...] = (
    steps.correction_factor_facts,
    steps.global_sum_facts,
    steps.other_needs,
    steps.quality_results,
    steps.quality_prevalence,
)

#: Facts that lists and profiles build on, so tidy values of them are laid over first.
EARLY = tidy.LIST_FACTS


def build(
    folder: Path, years: Iterable[int] | None = None, *, cache: bool = True, progress: Progress | None = None
) -> England:
    """England for the years that a folder covers, or for those asked for.

    Raises InputError where the folder does not exist or lacks a year asked for, DataError where it holds no practices.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", hint="give the folder that holds the downloaded publications")
    england, damaged = None, None
    mark = store.fingerprint(folder) if cache else ""
    if cache:
        try:
            england = store.kept(folder, mark)
        except DataError as error:
            damaged = f"the cache of this folder {error.problem}, so England was built again"
    if england is None:
        england = assemble(folder, progress)
        if cache:
            store.keep(england, folder, mark)
    if damaged:
        england = replace(england, report=replace(england.report, warnings=(damaged, *england.report.warnings)))
    return england if years is None else cut(england, tuple(sorted(set(years))))


def assemble(folder: Path, progress: Progress | None = None) -> England:
    """England for all years that a folder covers, read afresh."""
    from .publications import KINDS, read_folder

    reading = read_folder(folder, kinds=[kind for kind in KINDS if kind in WANTED], progress=progress)
    publications, doubled = _one_payments_file_a_year(reading.publications)
    years = covered_years(publications)
    if not years:
        raise DataError(
            "no practices in this folder",
            file=folder,
            expected="NHS Payments to General Practice, or Patients Registered at a GP Practice",
            hint="`gpcontract england fetch FOLDER` downloads them; "
            + (
                "; ".join((*reading.unread, *(f"read, but names none: {u}" for u in reading.used))[:3])
                or "the folder may be empty"
            ),
        )
    draft = Draft(years, practices_of(publications, years), publications)
    fill(draft)
    gaps.say_absent_facts(draft)
    report = Report(
        (*reading.used, *(f"{s}: recognised, but nothing of it goes into England" for s in reading.skipped)),
        tuple(draft.lacked),
        tuple(reading.unread),
        tuple(dict.fromkeys((*reading.warnings, *doubled, *draft.warnings))),
    )
    return England(
        f"official, {span_name(years)}",
        years,
        draft.codes,
        draft.facts,
        {kind: areas for kind, areas in draft.areas.items() if areas.codes},
        draft.labels,
        draft.provenance,
        report,
        is_synthetic=False,
    )


def _one_payments_file_a_year(publications: Iterable[Any]) -> tuple[tuple[Any, ...], list[str]]:
    """The publications less all but the fullest payments file of each year, and a sentence for each left out."""
    fullest: dict[int, Any] = {}
    for p in publications:
        if p.kind == "payments":
            best = fullest.get(p.when)
            if best is None or (p.frame.height, p.frame.width) > (best.frame.height, best.frame.width):
                fullest[p.when] = p
    kept = tuple(p for p in publications if p.kind != "payments" or fullest[p.when] is p)
    return kept, [
        f"{', '.join(p.files)}: left out; {', '.join(fullest[p.when].files)} holds more of payments {year_name(p.when)}"
        for p in publications
        if p.kind == "payments" and fullest[p.when] is not p
    ]


def covered_years(publications: Iterable[Any]) -> tuple[int, ...]:
    """Years with a payments file, a dated list or map, or tidy lists."""
    found: set[int] = set()
    for p in publications:
        if p.kind in ("payments", *lists.SEEN):
            found.add(year_in(p.when))
        elif p.kind == "tidy":
            found |= tidy.years_of(p.frame)
    return tuple(sorted(found))


def practices_of(publications: Iterable[Any], years: tuple[int, ...]) -> tuple[str, ...]:
    """Every practice that payments, lists or maps of these years name, in order of code."""
    import polars as pl

    codes: set[str] = set()
    for p in publications:
        if p.kind in ("payments", *lists.SEEN) and year_in(p.when) in years:
            codes.update(p.frame["practice"].unique().to_list())
        elif p.kind == "tidy":
            codes.update(p.frame.filter(pl.col("fact") == "list_size")["practice"].unique().to_list())
    return tuple(sorted(code for code in codes if code))


def fill(draft: Draft) -> None:
    """Fill every fact, in the order in which they build on each other."""
    brought = tidy.read_tidy(draft)
    gaps.warn_of_repeats(draft)
    gaps.warn_of_unplaced(draft)
    lists.fill_lists(draft)
    tidy.lay_over(draft, brought, only=EARLY)
    tidy.take_bands(draft, brought)
    places.fill_areas(draft)
    places.fill_places(draft)
    places.fill_london(draft)
    money.fill_money(draft)
    money.fill_contracts(draft)
    money.fill_kinds(draft)
    profiles.fill_deprivation(draft)
    tidy.lay_over(draft, brought, only=("deprivation_score",))
    profiles.finish_deprivation(draft)
    successors.trace_successors(draft, draft.scratch.get("given_successors", {}))
    profiles.fill_bands(draft)
    measures.fill_measures(draft)
    people.fill_people(draft)
    money.fill_changes(draft)
    tidy.lay_over(draft, brought, but=(*EARLY, "deprivation_score"))
    gaps.say_unpaid_years(draft)
    derive(draft)
    gaps.say_empty_years(draft)


def derive(draft: Draft) -> None:
    """Facts that are worked out from other facts rather than read: each step of DERIVED adds its own to the draft."""
    for step in DERIVED:
        step(draft)


def cut(england: England, years: tuple[int, ...]) -> England:
    """The same England for some years, and for the practices that were open or paid in any of them."""
    absent = [y for y in years if y not in england.years]
    if absent or not years:
        raise InputError(
            f"the folder has nothing for {', '.join(map(year_name, absent)) or 'no year at all'}",
            expected=f"years in {span_name(england.years)}",
        )
    part = england.between(years)
    here = (part.facts["open_share"] > 0).any((0, 1)) | ~np.isnan(part.facts["list_published"]).all((0, 1))
    at = np.flatnonzero(here)
    if at.size == len(part.codes):
        return replace(part, title=f"official, {span_name(years)}")
    return replace(
        part,
        title=f"official, {span_name(years)}",
        codes=tuple(part.codes[i] for i in at),
        facts={k: a[..., at] for k, a in part.facts.items()},
        areas={k: Areas(a.kind, a.codes, a.names, a.index[:, at]) for k, a in part.areas.items()},
        labels={k: tuple(v[i] for i in at) for k, v in part.labels.items()},
    )
