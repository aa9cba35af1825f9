"""What can be found: every practice and area that any year has, with the words that it is found by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..contracts.result import AREA_KINDS
from ..england.facts import Array, England

KINDS = {
    "practice": "GP practice",
    "network": "Network",
    "sub_board": "Sub-board",
    "board": "Board",
    "region": "Region",
}
OTHER = re.compile("[^a-z0-9]+")
#: Words that decide nothing: most names hold them, or people write them around what they mean.
IDLE = {"the", "and", "of", "in", "near", "at", "for", "my", "me", "nhs", "gp", "gps", "dr", "drs", "doctor", "doctors", "surgery", "surgeries", "practice", "practices", "practise", "medical", "centre", "center", "health", "care", "clinic", "group", "partners", "pcn", "icb", "ccg", "integrated", "board"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that can be found. said: where it is, in words.  year: a year that has it, where the one shown first has it not."""

    kind: str
    code: str
    name: str
    said: str = ""
    year: int | None = None

    @property
    def title(self) -> str:
        """What kind of thing it is, in words."""
        return KINDS[self.kind]


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """A text as it is compared: small letters and digits, one space between words.

    >>> plain("St. John's  SURGERY")
    'st johns surgery'
    """
    return " ".join(OTHER.sub(" ", text.lower().replace("'", "").replace("’", "")).split())


@lru_cache(maxsize=20_000)
def telling(text: str) -> tuple[str, ...]:
    """The words of a text that decide, each once.

    >>> telling("Doctors in Sheffield")
    ('sheffield',)
    """
    return tuple(w for w in dict.fromkeys(plain(text).split()) if w not in IDLE)


class Listed(NamedTuple):
    """An entry with the text that is searched, what else it is found by, and its patients. inside: names of areas that it is in."""

    entry: Entry
    text: str
    size: float
    town: str = ""
    postcode: str = ""
    inside: tuple[str, ...] = ()


def listed(england: England, year: int) -> Iterator[Listed]:
    """All that can be found: first as it is in a year, then what only other years have."""
    others = sorted((y for y in england.years if y != year), key=lambda y: (y < year, abs(y - year)))
    seen: set[tuple[str, str]] = set()
    for y in (year, *others):
        for made in (*_areas(england, y, seen), *_practices(england, y, seen)):
            seen.add((made.entry.kind, made.entry.code))
            yield made if y == year else made._replace(entry=replace(made.entry, year=y), size=0.0)


def _year_of(england: England, name: str, at: int) -> Array:
    x = england.fact(name)[0]
    return np.nan_to_num(x[min(at, x.shape[0] - 1)])


def _areas(england: England, year: int, seen: Collection[tuple[str, str]]) -> Iterator[Listed]:
    at = england.year(year)
    size, is_open = _year_of(england, "list_size", at), england.open[at]
    for kind in reversed(AREA_KINDS):
        areas = england.areas.get(kind)
        if areas is None:
            continue
        index = np.where(is_open, areas.index[min(at, areas.index.shape[0] - 1)], -1)
        for i in np.unique(index[index >= 0]):
            if (kind, areas.codes[i]) in seen:
                continue
            inside = index == i
            n = int(inside.sum())
            said = f"{n:,} practice{'s' if n != 1 else ''}, {size[inside].sum():,.0f} patients"
            entry = Entry(kind, areas.codes[i], areas.names[i], said)
            yield Listed(entry, plain(entry.name), float(size[inside].sum()))


def _practices(england: England, year: int, seen: Collection[tuple[str, str]]) -> Iterator[Listed]:
    at = england.year(year)
    size, is_open = _year_of(england, "list_size", at), england.open[at]
    nothing = ("",) * len(england.codes)
    names = england.labels.get("name", england.codes)
    postcodes, towns = england.labels.get("postcode", nothing), england.labels.get("town", nothing)
    held = {k: (a, a.index[min(at, a.index.shape[0] - 1)]) for k in ("network", "board") if (a := england.areas.get(k))}
    for i in np.flatnonzero(is_open).tolist():
        if ("practice", england.codes[i]) in seen:
            continue
        inside = {k: areas.names[index[i]] for k, (areas, index) in held.items() if index[i] >= 0}
        where = [t for t in (towns[i], postcodes[i], *inside.values()) if t]
        text = plain(f"{names[i]} {towns[i]} {inside.get('network', '')}")  # often named after a place
        entry = Entry("practice", england.codes[i], names[i], ", ".join(where))
        code = plain(postcodes[i]).replace(" ", "")
        yield Listed(entry, text, float(size[i]), towns[i], code, tuple(inside.values()))
