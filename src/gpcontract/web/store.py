"""Saved reforms: put under their hash, and brought back by it. The same edits have the same hash, so saving twice is saving once.

On another contract the same edits are saved again, with a title of their own; the address then names the contract too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.db import DatabaseError

from ..engine.edits import Reform
from ..engine.errors import GpContractError, InputError
from .errors import NotHere
from .links import link

HASH = re.compile(r"[0-9a-f]{12}")
LONGEST = 64 * 1024  # letters of edits
MOST = 500  # edits in one reform


@dataclass(frozen=True)
class Saved:
    """A saved reform with the contract that it was made on and its title. again: whether it was saved on another one before."""

    reform: Reform
    base: str
    title: str
    forked_from: str = ""
    again: bool = False

    @property
    def name(self) -> str:
        """What it is called wherever a contract can be named: 'national+1a2b3c4d5e6f'."""
        return f"{self.base}+{self.reform.hash}"

    def address(self, path: str = "") -> str:
        """Where its page is, or a path under it."""
        return link(f"/reform/{self.reform.hash}{path}", base=self.base if self.again else "")


def save(reform: Reform, base: str, title: str = "", forked_from: str = "") -> Saved:
    """Keep a reform under its hash. The first title on a contract stays: what a link names does not change."""
    from .models import SavedAgain, SavedReform

    text = reform.to_json()
    if not reform:
        raise InputError("there is no edit to save", expected="at least one change")
    if len(reform.edits) > MOST or len(text) > LONGEST:
        raise InputError(f"this reform has {len(reform.edits):,} edits", expected=f"no more than {MOST}")
    asked = {"title": title[:120], "forked_from": forked_from[:12]}
    first, _ = SavedReform.objects.get_or_create(hash=reform.hash, defaults={"base": base, "edits": text, **asked})
    if first.base != base:
        SavedAgain.objects.get_or_create(reform=first, base=base, defaults=asked)
    return saved(reform.hash, base)


def saved(sign: str, base: str = "") -> Saved:
    """A saved reform by its hash: as it was saved on a contract, or as it was saved first."""
    from .models import SavedAgain, SavedReform

    if not HASH.fullmatch(sign):
        raise NotHere(f"'{sign[:40]}' is not the hash of a reform", expected="twelve digits and letters from a to f")
    try:
        first = SavedReform.objects.filter(hash=sign).first()
        again = first is not None and base not in ("", first.base)
        row = SavedAgain.objects.filter(reform=first, base=base).first() if again else first
    except DatabaseError:
        first = row = None
    if first is None or row is None:
        raise NotHere(
            f"no reform is saved here under {sign}" + (f" on '{base[:80]}'" if base else ""),
            expected="the address of a reform that was saved on this explorer",
        )
    try:
        return Saved(Reform.from_json(first.edits, row.title), row.base, row.title, row.forked_from, again)
    except GpContractError as error:  # saved by another version
        raise NotHere(f"the reform {sign} cannot be read any more: {error.problem}") from None


def standing(sign: str, base: str) -> Saved:
    """A saved reform as it was saved on a contract, or else as it was saved first."""
    try:
        return saved(sign, base)
    except NotHere:
        return saved(sign)


def address_of(sign: str, base: str) -> str:
    """Where a reform's page is, as it was saved on a contract or else first. Readers can say that theirs began as anything."""
    try:
        return standing(sign, base).address()
    except NotHere:
        return f"/reform/{quote(sign, safe='')}"
