"""Search: practices and areas by name, code, postcode or place, with the mistakes that people make in typing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..contracts.result import AREA_KINDS
from ..england.facts import England

KINDS = {
    "practice": "GP practice",
    "network": "Network",
    "sub_board": "Sub-board",
    "board": "Board",
    "region": "Region",
}
FEWEST = 62  # of 100: a likeness below it is no likeness
COMMON = {"the", "and", "of", "nhs", "surgery", "practice", "medical", "centre", "center", "health", "group", "dr", "drs", "pcn", "integrated", "care", "board", "partners", "clinic"}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that can be found. said: where it is, in words."""

    kind: str
    code: str
    name: str
    said: str = ""

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
    """Every practice open in the last years and every area, ready to be searched."""

    def __init__(self, england: England) -> None:
        made = list(_entries(england))
        self.entries = [e for e, _, _ in made]
        self.texts = [t for _, t, _ in made]
        self.key = [" ".join(w for w in t.split() if w not in COMMON) for t in self.texts]
        self.size = np.array([n for _, _, n in made])
        self.by_code = {e.code.lower(): i for i, e in enumerate(self.entries)}
        postcodes = england.labels.get("postcode", ())
        self.postcodes: dict[str, list[int]] = {}
        for i, e in enumerate(self.entries):
            if e.kind == "practice" and postcodes:
                at = england.practice(e.code)
                self.postcodes.setdefault(plain(postcodes[at]).replace(" ", ""), []).append(i)

    def find(self, text: str, most: int = 20) -> list[Entry]:
        """What is meant, most likely first: a code or postcode that fits, then names that hold the words, then names that are like."""
        wanted = plain(text[:100])
        if not wanted:
            return []
        joined = wanted.replace(" ", "")
        exact = [self.by_code[joined]] if joined in self.by_code else []
        exact += self.postcodes.get(joined, [])
        if re.fullmatch(r"[a-z]{1,2}[0-9][a-z0-9]?([0-9][a-z]{0,2})?", joined) and any(c.isdigit() for c in joined):
            exact += [i for code, held in sorted(self.postcodes.items()) if code.startswith(joined) for i in held]
            exact += [i for code, i in self.by_code.items() if code.startswith(joined)]
        words = wanted.split()
        holding = [i for i, t in enumerate(self.texts) if all(f" {w}" in f" {t}" for w in words)]
        holding.sort(key=lambda i: (self.entries[i].kind == "practice", len(self.texts[i]), -self.size[i]))
        found = list(dict.fromkeys([*exact, *holding]))
        if len(found) < most:
            found = list(dict.fromkeys([*found, *self._like(wanted, most - len(found))]))
        return [self.entries[i] for i in found[:most]]

    def _like(self, wanted: str, most: int) -> list[int]:
        """The names that are most like a text, by the letters that would have to change."""
        from rapidfuzz import fuzz, process

        bare = " ".join(w for w in wanted.split() if w not in COMMON) or wanted
        found = process.extract(bare, self.key, scorer=fuzz.WRatio, limit=most + 20, score_cutoff=FEWEST)
        ranked = sorted(found, key=lambda f: (-round(f[1]), -self.size[f[2]]))
        return [at for _, _, at in ranked[:most]]


def _entries(england: England) -> Iterator[tuple[Entry, str, float]]:
    """Entries with the text that is searched and their patients. Practices and areas that no year has any more are left out."""
    last = len(england.years) - 1
    lists = england.fact("list_size")[0]
    size = np.nan_to_num(lists[min(last, lists.shape[0] - 1)])
    names = england.labels.get("name", england.codes)
    postcodes = england.labels.get("postcode", ("",) * len(england.codes))
    ever = england.open.any(0)
    for kind in reversed(AREA_KINDS[:]):
        areas = england.areas.get(kind)
        if areas is None:
            continue
        index = areas.index[min(last, areas.index.shape[0] - 1)]
        for at in np.unique(index[index >= 0]):
            inside = index == at
            n = int((inside & (size > 0)).sum())
            if n:
                said = f"{n:,} practice{'s' if n != 1 else ''}, {size[inside].sum():,.0f} patients"
                entry = Entry(kind, areas.codes[at], areas.names[at], said)
                yield entry, plain(f"{entry.name} {entry.code}"), float(size[inside].sum())
    for i, code in enumerate(england.codes):
        if ever[i]:
            where = [postcodes[i]] if postcodes[i] else []
            for kind in ("network", "board"):
                areas = england.areas.get(kind)
                at = -1 if areas is None else int(areas.index[min(last, areas.index.shape[0] - 1), i])
                where += [areas.names[at]] if areas is not None and at >= 0 else []
            if not size[i] > 0:
                where.append("no patients now")
            entry = Entry("practice", code, names[i], ", ".join(where))
            yield entry, plain(f"{entry.name} {code} {postcodes[i]}"), float(size[i])
