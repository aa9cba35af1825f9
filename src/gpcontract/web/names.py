"""Names as people read them: publications write many in capitals."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ..england.facts import England

KEPT = {"NHS", "PCN", "ICB", "CCG", "GP", "APMS", "PMS", "GMS", "UK", "HMP", "RAF", "DMS", "MC", "PHCC", "II", "III", "IV", "SSP", "CIC", "LLP", "WIC", "OOH", "UTC", "ICS", "BHR", "NWL", "SE", "SW", "NE", "NW"}  # fmt: skip
SMALL = {"and", "of", "the", "in", "on", "at", "for", "by", "with", "to", "le", "de", "upon", "under"}


def readable(england: England) -> England:
    """The same England with its names as people read them."""
    labels = dict(england.labels)
    for label in ("name", "town"):
        if label in labels:
            labels[label] = tuple(proper(n) for n in labels[label])
    areas = {k: replace(a, names=tuple(proper(n) for n in a.names)) for k, a in england.areas.items()}
    return replace(england, labels=labels, areas=areas)


@lru_cache(maxsize=20_000)
def proper(name: str) -> str:
    """A name with capitals at the heads of its words alone; one that has small letters already is left as it is.

    >>> proper("THE DENSHAM SURGERY"), proper("STOCKTON PCN"), proper("NHS Devon ICB")
    ('The Densham Surgery', 'Stockton PCN', 'NHS Devon ICB')
    """
    if name != name.upper() or not any(c.isalpha() for c in name):
        return name
    words = re.split(r"(\s+|[-/(])", name)
    made = [_word(w, first=i == 0) for i, w in enumerate(words)]
    return "".join(made)


@lru_cache(maxsize=20_000)
def _word(word: str, first: bool) -> str:
    bare = re.sub(r"[^A-Z]", "", word)
    if "&" in word and len(bare) < 4:
        return word
    if bare in KEPT or any(c.isdigit() for c in word):
        return word
    if not first and word.lower() in SMALL:
        return word.lower()
    low = word.lower()
    if len(bare) > 4 and re.match(r"(mc|o')[a-z]", low):
        return re.sub(r"^(mc|o')([a-z])", lambda m: m[1].capitalize() + m[2].upper(), low)
    return re.sub(r"^([^a-z]*)([a-z])", lambda m: m[1] + m[2].upper(), low)
