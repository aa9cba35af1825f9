"""Reading one file or a whole folder: recognise by headers, read what is wanted, account for every file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from ...engine.errors import DataError, InputError, nearest
from ..listing import listed
from . import (  # noqa: F401  (each registers its layouts, which are tried in this order)
    appointments,
    contract_services,
    deprivation,
    earnings,
    extracts,
    lookups,
    ods,
    patient_survey,
    payments,
    qof,
    qof_areas,
    qof_raw,
    registrations,
    tidy,
    weighted_population,
    workforce,
)
from .files import Limits, Source, sources
from .publication import Publication, Reading
from .registry import LAYOUTS, Layout, nearest_layout, recognise
from .tables import Head, Table, parquet_table, text_head, text_table
from .tidy import HEADING
from .workbooks import workbook_tables

Progress = Callable[[int, int, str], None]
#: Kinds of which several files may each give a part, or which are laid over each other.
SHARED = ("appointments_areas", "registrations_single_age", "tidy", "workforce_extract")
KINDS = tuple(dict.fromkeys(kind for known in LAYOUTS for kind in known.kinds))


@dataclass
class Outcome:
    """What one file gave."""

    publications: list[tuple[Layout, Publication]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    errors: list[DataError] = field(default_factory=list)

    def failed(self, error: DataError) -> None:
        self.unread.append(str(error))
        self.errors.append(error)


def read_file(
    path: str | Path, kinds: Collection[str] | None = None, limits: Limits | None = None
) -> list[Publication]:
    """The publications in one file. Raises DataError where it, or a part of it, cannot be read or is not known."""
    outcome = _read(Path(path), _wanted(kinds), limits)
    if outcome.errors:
        raise outcome.errors[0]
    return [publication for _, publication in outcome.publications]


def read_folder(
    folder: str | Path,
    kinds: Collection[str] | None = None,
    progress: Progress | None = None,
    limits: Limits | None = None,
    workers: int = 3,
) -> Reading:
    """All publications in a folder and the folders in it.

    kinds: read these only; files of other kinds are recognised by their first rows and skipped.
    progress: called with (files done, files in all, name) after each file.
    Never raises for a file: what cannot be read is named in `unread` with the whole reason.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", expected="a folder of official files")
    wanted = _wanted(kinds)
    paths, odd = listed(folder)
    outcomes: dict[Path, Outcome] = {}
    by_size = sorted(paths, key=_size, reverse=True)  # the largest first, so that none is left for last
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for done, (path, outcome) in enumerate(
            zip(by_size, pool.map(lambda p: _read(p, wanted, limits), by_size), strict=True), 1
        ):
            outcomes[path] = outcome
            if progress is not None:
                progress(done, len(paths), path.name)
    publications = [p for path in paths for _, p in outcomes[path].publications]
    return Reading(
        tuple(publications),
        tuple(f"{p.title}: {p.frame.height:,} rows from {', '.join(p.files)}" for p in publications),
        (*map(str, odd), *(sentence for path in paths for sentence in outcomes[path].unread)),
        tuple(sentence for path in paths for sentence in _unique(outcomes[path])) + tuple(_twice(publications)),
        tuple(sentence for path in paths for sentence in outcomes[path].skipped),
    )


def _wanted(kinds: Collection[str] | None) -> frozenset[str] | None:
    if kinds is None:
        return None
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(f"there is no kind of publication called '{kind}'", hint=nearest(kind, KINDS))
    return frozenset(kinds)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since the folder was listed: reading it says so
        return 0


def _read(path: Path, wanted: frozenset[str] | None, limits: Limits | None) -> Outcome:
    """All tables of one file; whatever goes wrong is kept, never raised."""
    outcome = Outcome()
    try:
        for source in sources(path, limits):
            _guarded(lambda source=source: _read_source(source, wanted, outcome), source.label, outcome)  # type: ignore[misc]
    except DataError as error:
        outcome.failed(error)
    outcome.publications = sorted(_join(outcome), key=lambda pair: str(pair[1].when))
    return outcome


def _guarded(step: Callable[[], None], label: str, outcome: Outcome) -> None:
    """Run a step; errors of the file are kept as they are, any other as a DataError that names the file."""
    try:
        step()
    except DataError as error:
        outcome.failed(error)
    except Exception as error:
        outcome.failed(
            DataError(
                f"could not be read ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''})",
                file=label,
                hint="the file is not as published, or the reader has a fault: please report it",
            )
        )


def _read_source(source: Source, wanted: frozenset[str] | None, outcome: Outcome) -> None:
    if source.form == "workbook":
        _read_workbook(source, wanted, outcome)
        return
    if source.form == "parquet":
        table = parquet_table(source)
        known = recognise(Head((table.headers,), (0,), ",", table.names))
        if known is None:
            raise DataError(
                "is a Parquet file in no layout that is known",
                file=source.label,
                expected=f"the columns {', '.join(HEADING)}",
            )
        _keep(known[0], table, wanted, outcome)
        return
    if source.form != "text":
        page = source.head(512).lstrip()[:1] == b"<"
        what = "is a web page, not a publication" if page else "is not a table that is read here"
        raise DataError(what, file=source.label, expected="CSV, XLSX, or a zip of them")
    head = text_head(source)
    known = recognise(head)
    if known is None:
        raise DataError("is not in a layout that is known", file=source.label, hint=nearest_layout(head))
    found, at = known
    if wanted is not None and not wanted & set(found.kinds):
        outcome.skipped.append(f"{source.label}: {found.title}")
        return
    table = text_table(source, head, at, found.columns if found.only else None, found.repeats)
    _keep(found, table, wanted, outcome)


def _read_workbook(source: Source, wanted: frozenset[str] | None, outcome: Outcome) -> None:
    """The sheets of a workbook; those in no known layout are named in one warning, unless none is known."""
    others: list[str] = []
    used = 0
    for sheet, known, load in workbook_tables(source):
        if known is None:
            others.append(sheet)
            continue
        used += 1
        if wanted is not None and not wanted & set(known.kinds):
            outcome.skipped.append(f"{source.label}, sheet {sheet}: {known.title}")
            continue

        def step(known: Layout = known, load: Callable = load) -> None:  # type: ignore[type-arg]
            _keep(known, load(), wanted, outcome)

        _guarded(step, f"{source.label}, sheet {sheet}", outcome)
    if not used:
        raise DataError(
            "has no sheet in a layout that is known",
            file=source.label,
            hint=f"its sheets are: {', '.join(others[:8])}{', ...' if len(others) > 8 else ''}",
        )
    if others:
        outcome.warnings.append(f"{source.label}: {len(others)} sheets hold no table that is read: {', '.join(others)}")


def _keep(known: Layout, table: Table, wanted: frozenset[str] | None, outcome: Outcome) -> None:
    found = list(known.read(table))
    outcome.publications += [(known, p) for p in found if wanted is None or p.kind in wanted]
    outcome.warnings += table.warnings


def _join(outcome: Outcome) -> list[tuple[Layout, Publication]]:
    """Join what are parts of one table (regions in one archive, sheets in one workbook)."""
    groups: dict[object, list[tuple[Layout, Publication]]] = {}
    for at, (known, publication) in enumerate(outcome.publications):
        mark = (publication.kind, publication.when) if known.parts else at
        groups.setdefault(mark, []).append((known, publication))
    joined = []
    for members in groups.values():
        known, first = members[0]
        if len(members) == 1:
            joined.append((known, first))
            continue
        frame = pl.concat([p.frame for _, p in members], how="diagonal_relaxed")
        files = tuple(dict.fromkeys(f.split(", sheet ")[0] for _, p in members for f in p.files))
        if frame.group_by(known.parts).len().height != frame.height:
            same = frame.unique(maintain_order=True)
            if same.group_by(known.parts).len().height != same.height:
                clash = same.filter(same.select(known.parts).is_duplicated()).select(known.parts).row(0)
                outcome.failed(
                    DataError(
                        f"parts of {first.title} differ for {' '.join(map(str, clash))}",
                        file=files[0],
                        expected=f"one row for each {', '.join(known.parts)}",
                    )
                )
                continue
            outcome.warnings.append(
                f"{files[0]}: {frame.height - same.height:,} rows are in more than one part; kept once"
            )
            frame = same
        notes = tuple(dict.fromkeys(w for _, p in members for w in p.warnings))
        joined.append((known, replace(first, frame=frame, files=files, warnings=notes)))
    return joined


def _unique(outcome: Outcome) -> list[str]:
    return list(dict.fromkeys(outcome.warnings))


def _twice(publications: list[Publication]) -> Iterable[str]:
    """A sentence for each publication that more than one file gives."""
    seen: dict[tuple[str, object], Publication] = {}
    for publication in publications:
        mark = (publication.kind, publication.when)
        if publication.when is None or publication.kind in SHARED:
            continue
        if mark in seen:
            yield f"{publication.title} is in two files: {', '.join(seen[mark].files)} and {', '.join(publication.files)}"
        seen.setdefault(mark, publication)
