"""The catalogue: which official publications there are, where, and which files of them we know (catalogue.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ..engine.errors import InputError, LoadError, nearest
from ..engine.years import parse_year, year_name, year_of

HERE = Path(__file__).parent
_SERIES = {
    "title", "publisher", "licence", "attribution", "frequency", "page", "family", "kinds", "patterns", "layout",
    "header", "member", "columns", "max_mb", "patients", "files", "optional", "any_year", "living",
}  # fmt: skip
_FILE = {"name", "file", "year", "date", "dated_by", "address", "page", "sha256", "sha256_of", "header"}


@dataclass(frozen=True)
class OfficialFile:
    """One official file. name: what we call it in a folder.  file: the publisher's name for it, None where not seen."""

    series: str
    name: str
    file: str | None
    address: str | None
    page: str | None
    year: int | None = None
    date: date | None = None
    dated_by: str | None = None
    sha256: str | None = None
    sha256_of: str | None = None
    header: tuple[str, ...] = ()
    member: str = "*.csv"
    columns: int | None = None
    max_bytes: int = 1 << 30
    living: bool = False
    any_year: bool = False

    @property
    def place(self) -> str:
        """Where it goes in a folder: payments/nhspaymentsgp-22-23-prac-csv.csv."""
        return f"{self.series}/{self.name}"

    @property
    def starting_year(self) -> int | None:
        """The financial year it belongs to, as the year that starts in; None where nobody could say."""
        return year_of(self.date) if self.date else self.year

    @property
    def when(self) -> str:
        if self.date:
            return self.date.isoformat()
        if self.year is None:
            return "undated"
        return str(self.year) if self.any_year else year_name(self.year)


@dataclass(frozen=True)
class Series:
    """One series of publications; field meanings are at the top of catalogue.yaml."""

    name: str
    title: str
    publisher: str
    licence: str
    attribution: str
    frequency: str
    page: str | None
    family: str | None
    kinds: tuple[str, ...]
    patterns: tuple[str, ...]
    layout: str
    patients: bool
    optional: bool
    any_year: bool
    files: tuple[OfficialFile, ...]

    def answers_to(self, kind: str) -> bool:
        return kind in (self.name, self.family, *self.kinds)

    @property
    def gives(self) -> tuple[str, ...]:
        """Facts that facts.yaml says come from this series; the lines of payment as the one name published_<line>."""
        from .facts import catalogue, lines

        sources = {self.name, *self.kinds} | ({self.family} if self.patients else set())
        given = [fact for fact, entry in catalogue().items() if sources & set(entry["from"])]
        each = {f"published_{line}" for line in lines()}
        return tuple(dict.fromkeys("published_<line>" if fact in each else fact for fact in given))


@cache
def publications() -> Mapping[str, Series]:
    """Every series by name, from catalogue.yaml; LoadError where an entry is not whole."""
    import yaml

    path = HERE / "catalogue.yaml"
    return parse(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), path)


def parse(text: Any, path: Path) -> Mapping[str, Series]:
    """Series from the parsed YAML of a catalogue; LoadError names the entry that is wrong."""
    found: dict[str, Series] = {}
    licences = text["licences"]
    for name, entry in text["publications"].items():
        lacking = {"title", "publisher", "licence", "attribution", "frequency", "kinds", "layout", "files"} - set(entry)
        _refuse(path, name, bool(lacking), f"lacks {', '.join(sorted(lacking))}")
        _refuse(path, name, bool(set(entry) - _SERIES), f"has unknown keys {', '.join(sorted(set(entry) - _SERIES))}")
        _refuse(path, name, entry["licence"] not in licences, f"names no known licence: {entry['licence']}")
        files = tuple(_file(path, name, entry, item) for item in entry["files"])
        names = [f.name for f in files]
        _refuse(path, name, len(set(names)) < len(names), "has two files of one name")
        found[name] = Series(
            name, entry["title"], entry["publisher"], licences[entry["licence"]]["title"], entry["attribution"],
            entry["frequency"], entry.get("page"), entry.get("family"), tuple(entry["kinds"]),
            tuple(entry.get("patterns", ())), " ".join(entry["layout"].split()), bool(entry.get("patients", True)),
            bool(entry.get("optional")), bool(entry.get("any_year")), files,
        )  # fmt: skip
    return found


def _refuse(path: Path, name: str, wrong: bool, problem: str) -> None:
    if wrong:
        raise LoadError(f"the entry '{name}' {problem}", file=path)


def _file(path: Path, series: str, entry: Mapping[str, Any], item: Mapping[str, Any]) -> OfficialFile:
    name = str(item.get("name", ""))
    where = f"{series}/{name}"
    _refuse(path, where, bool(set(item) - _FILE), f"has unknown keys {', '.join(sorted(set(item) - _FILE))}")
    _refuse(path, where, not re.fullmatch(r"[\w ().-]*\w", name) or ".." in name, "needs a plain file name")
    address, page = item.get("address"), item.get("page", entry.get("page"))
    _refuse(path, where, "address" not in item, "must say its address, or null")
    _refuse(path, where, not (address or page), "has neither an address nor a page")
    _refuse(path, where, bool(address) and not str(address).startswith("https://"), "has an address that is not https")
    sha = item.get("sha256")
    _refuse(
        path, where, bool(sha) and not re.fullmatch(r"[0-9a-f]{64}", str(sha)), "has a checksum that is not SHA-256"
    )
    _refuse(path, where, bool(sha) != bool(item.get("sha256_of")), "must say what its checksum is of")
    day, year = item.get("date"), item.get("year")
    _refuse(path, where, day is not None and type(day) is not date, f"has a date that does not parse: {day}")
    _refuse(path, where, year is not None and type(year) is not int, f"has a year that does not parse: {year}")
    return OfficialFile(
        series, name, item.get("file", name), address, page, year, day, item.get("dated_by"), sha,
        item.get("sha256_of"), tuple(item.get("header", entry.get("header", ()))), entry.get("member", "*.csv"),
        entry.get("columns"), int(entry.get("max_mb", 1024)) << 20, bool(entry.get("living")),
        bool(entry.get("any_year")),
    )  # fmt: skip


def choose(
    kinds: Iterable[str] | None = None,
    years: Iterable[int | str] | None = None,
    series: Mapping[str, Series] | None = None,
) -> tuple[list[OfficialFile], list[OfficialFile]]:
    """(the files asked for, those left out only because nobody could date them).

    kinds: names of series, families (registrations) or kinds of frame; None is all but the optional series.
    years: financial years; None is all. Files wanted in any year (deprivation, areas) are chosen whatever the years.
    """
    series = publications() if series is None else series
    if kinds is None:
        chosen = [s for s in series.values() if not s.optional]
    else:
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        known = {k for s in series.values() for k in (s.name, s.family, *s.kinds) if k}
        for kind in kinds:
            if kind not in known:
                hint = nearest(kind, known) or "see `gpcontract england catalogue`"
                raise InputError(f"the catalogue has no publication called '{kind}'", hint=hint)
        chosen = [s for s in series.values() if any(s.answers_to(k) for k in kinds)]
    files = [f for s in chosen for f in s.files]
    if years is None:
        return files, []
    wanted = {parse_year(y) for y in ([years] if isinstance(years, str | int) else years)}
    kept = [f for f in files if f.any_year or f.starting_year in wanted]
    return kept, [f for f in files if not f.any_year and f.starting_year is None]


def catalogue_table(kinds: Iterable[str] | None = None, *, files: bool = False) -> list[dict[str, Any]]:
    """Rows for printing: one for each series, or with `files` one for each file."""
    series = publications()
    wanted = [s for s in series.values() if kinds is None or s.name in {f.series for f in choose(kinds)[0]}]
    if not files:
        return [
            {
                "publication": s.name, "title": s.title, "publisher": s.publisher, "frequency": s.frequency,
                "read": bool(s.kinds), "files": len(s.files),
                "with_address": sum(f.address is not None for f in s.files),
                "facts": list(s.gives), "licence": s.licence, "attribution": s.attribution, "page": s.page,
            }
            for s in wanted
        ]  # fmt: skip
    return [
        {
            "publication": f.series, "file": f.name, "official_name": f.file, "when": f.when, "address": f.address,
            "page": f.page, "sha256": f.sha256, "sha256_of": f.sha256_of,
        }
        for s in wanted for f in s.files
    ]  # fmt: skip


def attributions(series_names: Iterable[str]) -> list[str]:
    """The attribution lines that must go with anything made from these series, each once."""
    known = publications()
    return list(dict.fromkeys(known[name].attribution for name in series_names if name in known))
