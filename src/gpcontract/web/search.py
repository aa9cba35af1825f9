"""Search: practices and areas by name, code, postcode or place, with the mistakes that people make in typing."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

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
ALIKE = 0.69  # share of letters that stay: two words less like each other than this are other words
LEAST = 0.45  # of what a name that holds every word would score
RAREST = 6.0  # what a word counts that no name holds
FAINT = 0.3  # what a word counts that many names hold and few people mean
MOST_WORDS = 8
LIKE_A_CODE = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?([0-9][a-z]{0,2})?|[a-z][0-9]{3,6}")
COMMON = {"the", "and", "of", "nhs", "surgery", "practice", "medical", "centre", "center", "health", "group", "dr", "drs", "pcn", "integrated", "care", "board", "partners", "clinic"}  # fmt: skip


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


def plain(text: str) -> str:
    """A text as it is compared: small letters and digits, one space between words.

    >>> plain("St. John's  SURGERY")
    'st johns surgery'
    """
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).split())


class Index:
    """Every practice and area that any year has, ready to be searched."""

    def __init__(self, england: England, year: int) -> None:
        made = list(_entries(england, year))
        self.entries = [e for e, _, _ in made]
        #: which comes first of two that are as likely: what is there now, areas, shorter names, larger lists
        self.order = [(e.year is not None, e.kind == "practice", len(plain(e.name).split()), -n) for e, _, n in made]
        self.by_code = {e.code.lower(): i for i, e in enumerate(self.entries)}
        self.holding: dict[str, list[int]] = {}  # the entries that hold each word
        for i, (_, text, _) in enumerate(made):
            for word in dict.fromkeys(text.split()):
                self.holding.setdefault(word, []).append(i)
        self.words = list(self.holding)
        self.rarity = {w: math.log(1 + len(made) / len(held)) for w, held in self.holding.items()}
        self.postcodes: dict[str, list[int]] = {}
        postcodes = dict(zip(england.codes, england.labels.get("postcode", ()), strict=False))
        for i, e in enumerate(self.entries):
            if e.kind == "practice" and postcodes.get(e.code):
                self.postcodes.setdefault(plain(postcodes[e.code]).replace(" ", ""), []).append(i)

    def find(self, text: str, most: int = 20) -> list[Entry]:
        """What is meant, most likely first: a code or postcode that fits, then names by how many of the words they hold, or nearly."""
        wanted = plain(text[:100])
        if not wanted:
            return []
        joined = wanted.replace(" ", "")
        exact = [self.by_code[joined]] if joined in self.by_code else []
        exact += self.postcodes.get(joined, [])
        if LIKE_A_CODE.fullmatch(joined):
            exact += [i for code, held in sorted(self.postcodes.items()) if code.startswith(joined) for i in held]
            exact += [i for code, i in self.by_code.items() if code.startswith(joined)]
        found = list(dict.fromkeys(exact))
        if len(found) < most:
            found = list(dict.fromkeys([*found, *self._ranked(wanted.split()[:MOST_WORDS])]))
        return [self.entries[i] for i in found[:most]]

    def _ranked(self, wanted: list[str]) -> list[int]:
        """The entries that hold the words wanted, or words like them: rare words count most, and a word that is missing counts against."""
        score: dict[int, float] = {}
        full = 0.0
        for word in wanted:
            weight = self.rarity.get(word, RAREST) if word not in COMMON else FAINT
            full += weight
            best: dict[int, float] = {}
            for like, near in self._near(word).items():
                for i in self.holding[like]:
                    best[i] = max(best.get(i, 0.0), near)
            for i, near in best.items():
                score[i] = score.get(i, 0.0) + near * weight
        held = [i for i, x in score.items() if x >= LEAST * full]
        held.sort(key=lambda i: (-round(score[i], 3), self.order[i]))
        return held

    def _near(self, word: str) -> dict[str, float]:
        """The words of names that are a word or begin with it; if there are none, those like it. Each with how near it is, up to 1."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        long = len(word) > 1
        found = {w: 1.0 if w == word else 0.9 for w in self.words if w == word or (long and w.startswith(word))}
        if found or len(word) < 4:
            return found
        cut = ALIKE if len(word) > 5 else ALIKE + 0.05
        like = process.extract(word, self.words, scorer=OSA.normalized_similarity, limit=30, score_cutoff=cut)
        return {w: (0.8 if w[0] == word[0] else 0.7) * x for w, x, _ in like}


Found = Iterator[tuple[Entry, str, float]]


def _entries(england: England, year: int) -> Found:
    """Entries with the text that is searched and their patients: first as they are in a year, then what only other years have."""
    others = sorted((y for y in england.years if y != year), key=lambda y: (y < year, abs(y - year)))
    seen: set[tuple[str, str]] = set()
    for y in (year, *others):
        for entry, text, size in (*_areas(england, y, seen), *_practices(england, y, seen)):
            seen.add((entry.kind, entry.code))
            yield replace(entry, year=None if y == year else y), text, size if y == year else 0.0


def _year_of(england: England, name: str, at: int) -> Array:
    x = england.fact(name)[0]
    return np.nan_to_num(x[min(at, x.shape[0] - 1)])


def _areas(england: England, year: int, seen: Collection[tuple[str, str]]) -> Found:
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
            yield Entry(kind, areas.codes[i], areas.names[i], said), plain(areas.names[i]), float(size[inside].sum())


def _practices(england: England, year: int, seen: Collection[tuple[str, str]]) -> Found:
    at = england.year(year)
    size, is_open = _year_of(england, "list_size", at), england.open[at]
    nothing = ("",) * len(england.codes)
    names = england.labels.get("name", england.codes)
    postcodes, towns = england.labels.get("postcode", nothing), england.labels.get("town", nothing)
    held = [(a, a.index[min(at, a.index.shape[0] - 1)]) for k in ("network", "board") if (a := england.areas.get(k))]
    for i in np.flatnonzero(is_open).tolist():
        if ("practice", england.codes[i]) in seen:
            continue
        inside = [areas.names[index[i]] for areas, index in held if index[i] >= 0]
        where = [t for t in (towns[i], postcodes[i], *inside) if t]
        text = plain(f"{names[i]} {towns[i]} {inside[0] if inside else ''}")  # a network is often named after a place
        yield Entry("practice", england.codes[i], names[i], ", ".join(where)), text, float(size[i])
