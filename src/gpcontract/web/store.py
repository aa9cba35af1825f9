"""Saved reforms: put under their hash, and brought back by it. The same edits have the same hash, so saving twice is saving once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import DatabaseError

from ..engine.edits import Reform
from ..engine.errors import GpContractError, InputError
from .errors import NotHere

HASH = re.compile(r"[0-9a-f]{12}")
LONGEST = 64 * 1024  # letters of edits
MOST = 500  # edits in one reform


@dataclass(frozen=True)
class Saved:
    """A saved reform with the contract that it was made on and its title."""

    reform: Reform
    base: str
    title: str
    forked_from: str = ""

    @property
    def name(self) -> str:
        """What it is called wherever a contract can be named: 'national+1a2b3c4d5e6f'."""
        return f"{self.base}+{self.reform.hash}"


def save(reform: Reform, base: str, title: str = "", forked_from: str = "") -> Saved:
    """Keep a reform under its hash. The first title stays: what a link names does not change."""
    from .models import SavedReform

    text = reform.to_json()
    if not reform:
        raise InputError("there is no edit to save", expected="at least one change")
    if len(reform.edits) > MOST or len(text) > LONGEST:
        raise InputError(f"this reform has {len(reform.edits):,} edits", expected=f"no more than {MOST}")
    asked = {"base": base, "title": title[:120], "edits": text, "forked_from": forked_from[:12]}
    row, _ = SavedReform.objects.get_or_create(hash=reform.hash, defaults=asked)
    return Saved(Reform.from_json(row.edits, row.title), base, row.title, row.forked_from)


def saved(sign: str) -> Saved:
    """A saved reform by its hash."""
    from .models import SavedReform

    if not HASH.fullmatch(sign):
        raise NotHere(f"'{sign[:40]}' is not the hash of a reform", expected="twelve digits and letters from a to f")
    try:
        row = SavedReform.objects.filter(hash=sign).first()
    except DatabaseError:
        row = None
    if row is None:
        raise NotHere(
            f"no reform is saved here under {sign}", expected="the address of a reform that was saved on this explorer"
        )
    try:
        return Saved(Reform.from_json(row.edits, row.title), row.base, row.title, row.forked_from)
    except GpContractError as error:  # saved by another version
        raise NotHere(f"the reform {sign} cannot be read any more: {error.problem}") from None
