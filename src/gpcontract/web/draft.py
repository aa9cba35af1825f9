"""A draft: the reform that somebody is building, as the address of the Build page holds it, with each mistake beside its change."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from ..contracts import Contract
from ..engine.edits import Add, Cap, DropChapter, Edit, PhaseIn, Reform, Scale, Set, ValueEdit
from ..engine.errors import GpContractError, InputError, nearest
from ..engine.years import year_name
from .desk import Desk
from .leaving import left_out
from .store import Saved, standing

MOST = 30  # changes on one page
LARGEST = 1e12
#: The ways to change a value: what each is called in an address, and in words.
WAYS = {
    "raise": "Raise by this per cent",
    "set": "Make it this",
    "add": "Add this to it",
    "cap": "Let it be no more than this",
    "phase": "Move it to this in equal yearly steps",
}
#: What an address calls each part of a change.
FIELDS = {"value": "value", "key": "key", "way": "way", "amount": "amount", "from": "first", "to": "last"}


@dataclass(frozen=True)
class Change:
    """One change of a value as somebody wrote it. key: the entry of a table, or empty.  first, last: years, or empty."""

    value: str
    key: str = ""
    way: str = "raise"
    amount: str = ""
    first: str = ""
    last: str = ""

    @property
    def edit(self) -> ValueEdit:
        """The change as an edit; an error that says what is wrong with it."""
        amount = self._number
        years = _years(self.first, self.last)
        key = self.key or None
        if self.way == "raise":
            return Scale(self.value, round(1 + amount / 100, 12), years, key)
        if self.way == "phase":
            if not (self.first and self.last):
                raise InputError("equal yearly steps need a first and a last year", expected="choose both years")
            return PhaseIn(self.value, amount, years, key)
        kinds: dict[str, type[ValueEdit]] = {"set": Set, "add": Add, "cap": Cap}
        if self.way not in kinds:
            raise InputError(f"'{self.way[:20]}' is no way to change a value", expected=", ".join(WAYS))
        return kinds[self.way](self.value, amount, years, key)

    @property
    def _number(self) -> float:
        text = self.amount.replace("−", "-").replace(",", "").replace("£", "").removesuffix("%").strip()
        if not text:
            raise InputError("there is no figure yet", expected="a number such as 5 or 112.50")
        try:
            made = float(text)
        except ValueError:
            made = math.nan
        if not math.isfinite(made) or abs(made) > LARGEST or "_" in text:
            raise InputError(
                f"'{self.amount[:40]}' is not a number that can be used", expected="a number such as 5 or 112.50"
            )
        return made

    @classmethod
    def of(cls, edit: ValueEdit) -> Change:
        """An edit as a form shows it."""
        first, last = edit.span
        ends = ["" if y is None else year_name(y) for y in (first, last)]
        way = {"scale": "raise", "phase in": "phase"}.get(edit.kind, edit.kind)
        amount = (edit.amount - 1) * 100 if way == "raise" else edit.amount
        return cls(edit.value, edit.key or "", way, f"{round(amount, 10):.12g}", *ends)


@dataclass(frozen=True)
class Part:
    """One thing of a draft: the part of the page that it is on, its edits, and what is wrong with it, or nothing."""

    at: str
    edits: tuple[Edit, ...] = ()
    wrong: str = ""


@dataclass(frozen=True)
class Draft:
    """What is being built on a contract. off: mechanisms left out.  ended: chapters that are paid no more.

    other: edits that the form cannot show, as a forked reform has them.  forked: the hash of the reform it began as.
    """

    base: str
    contract: Contract
    changes: tuple[Change, ...] = ()
    off: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    other: tuple[Edit, ...] = ()
    forked: str = ""
    title: str = ""

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every change as edits, in the order in which they hold."""
        contract = self.contract
        return (
            *(_part(f"other-{i}", lambda e=e: (e,)) for i, e in enumerate(self.other, 1)),  # type: ignore[misc]
            *(_part(f"end-{n}", lambda n=n: (DropChapter(n),), contract) for n in self.ended),  # type: ignore[misc]
            *(_part(f"off-{n}", lambda n=n: left_out(contract, n).edits) for n in self.off),  # type: ignore[misc]
            *(_part(f"change-{i}", lambda c=c: (c.edit,), contract) for i, c in enumerate(self.changes, 1) if c.amount),  # type: ignore[misc]
        )

    @cached_property
    def _made(self) -> tuple[Reform, Part | None]:
        """The reform of all that is right, and the first part that cannot stand beside those before it."""
        edits: tuple[Edit, ...] = ()
        for part in self.parts:
            try:
                self.contract.with_reform(Reform((*edits, *part.edits)))
            except GpContractError as error:
                return Reform(edits), Part(part.at, (), in_words(error))
            edits = (*edits, *part.edits)
        return Reform(edits, self.title), None

    @property
    def reform(self) -> Reform:
        """The reform: every change up to the first that clashes, without those that have mistakes."""
        return self._made[0]

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong, in words, by the part of the page that it is about."""
        clash = self._made[1]
        return {p.at: p.wrong for p in (*self.parts, *([clash] if clash else [])) if p.wrong}

    def address(self, path: str = "/build", **more: str) -> str:
        """The address of this draft."""
        held = [("base", "" if self.base == "national" else self.base), ("title", self.title), ("forked", self.forked)]
        held += [("off", n) for n in self.off] + [("end", n) for n in self.ended]
        held += [("other", Reform((e,)).to_json()) for e in self.other]
        kept = [(k, v) for k, v in (*held, *more.items()) if v]
        kept += [(name, getattr(c, part)) for c in self.changes for name, part in FIELDS.items()]
        return path + (f"?{urlencode(kept, safe='/+@')}" if kept else "")

    @classmethod
    def read(cls, asked_for: QueryDict, here: Desk) -> Draft:
        """The draft that an address or a form holds; with ?reform=, the saved reform of that hash."""
        begun, base = (asked_for.get(part, "").strip() for part in ("reform", "base"))
        if begun:
            return cls.of(standing(begun, base), here)
        base = base or "national"
        if base not in here.names:
            raise InputError(
                f"'{base[:60]}' is not a contract to build on",
                expected=", ".join(here.names),
                hint=nearest(base[:60], here.names),
            )
        listed = {part: asked_for.getlist(name) for name, part in FIELDS.items()}
        n = len(listed["value"])
        if n > MOST or any(x and len(x) != n for x in listed.values()):
            raise InputError(
                "the changes in this address do not fit together",
                expected=f"no more than {MOST}, each with {', '.join(FIELDS)}",
            )
        rows = [Change(**{k: _clean(x[i]) for k, x in listed.items() if x}) for i in range(n)]
        gone = {text for text in asked_for.getlist("drop")}
        rows = [c for i, c in enumerate(rows, 1) if str(i) not in gone and c.value]
        added = _clean(asked_for.get("add", ""))
        other = tuple(e for text in asked_for.getlist("other")[:MOST] for e in Reform.from_json(text).edits)
        return cls(
            base,
            here.contract(base),
            (*rows, *([Change(added)] if added else [])),
            tuple(dict.fromkeys(_clean(x) for x in asked_for.getlist("off")[:MOST])),
            tuple(dict.fromkeys(_clean(x) for x in asked_for.getlist("end")[:MOST])),
            other,
            _clean(asked_for.get("forked", ""))[:12],
            asked_for.get("title", "").replace("\0", "").strip()[:120],
        )

    @classmethod
    def of(cls, made: Saved, here: Desk) -> Draft:
        """A saved reform as a draft that begins as it is."""
        contract = here.contract(made.base)
        left = list(made.reform.edits)
        off = []
        for m in contract.mechanisms:
            edits = list(left_out(contract, m.name).edits)
            if edits and all(e in left for e in edits):
                off.append(m.name)
                left = [e for e in left if e not in edits]
        ended = [e.chapter for e in left if isinstance(e, DropChapter) and not e.years]
        plain = [e for e in left if isinstance(e, ValueEdit) and e.range is None]
        other = [e for e in left if e not in plain and not (isinstance(e, DropChapter) and not e.years)]
        changes = tuple(Change.of(e) for e in plain)
        return cls(made.base, contract, changes, tuple(off), tuple(ended), tuple(other), made.reform.hash, made.title)


def _part(at: str, make: Callable[[], tuple[Edit, ...]], contract: Contract | None = None) -> Part:
    """A part with its edits, or with what is wrong with them."""
    try:
        edits = tuple(make())
        if contract is not None:
            contract.with_reform(Reform(edits))
    except GpContractError as error:
        return Part(at, (), in_words(error))
    return Part(at, edits)


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:80]


def in_words(error: GpContractError) -> str:
    """An error as a sentence or two."""
    parts = [error.problem, f"Expected: {error.expected}" if error.expected else "", error.hint or ""]
    return " ".join(f"{p[:1].upper()}{p[1:].rstrip('.')}." for p in parts if p)


def _years(first: str, last: str) -> str | None:
    return f"{first}-{last}" if first or last else None
