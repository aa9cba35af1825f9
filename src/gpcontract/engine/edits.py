"""Edits and reforms: a reform is an ordered, frozen tuple of typed edits, with a hash that is its permalink.

    Reform.of(Scale("global_sum_price", 1.05, years="2025/26-"), note="Five per cent on the price")

`a + b` composes two reforms; two edits that set one value in one year clash loudly. Scale and add compose with anything
that comes before them in the same reform.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

import numpy as np

from .arrays import namespace
from .errors import EditClash, InputError, UnknownName, nearest
from .years import parse_year, year_name


@dataclass(frozen=True)
class Edit:
    """One change, for some years ('2025/26-', '2025/26-2029/30', or None for all), with a note that says why."""

    kind: ClassVar[str] = ""
    sets: ClassVar[bool] = False  # whether it replaces what was there, so that a second one in the same year clashes

    def reaches(self, year: int) -> bool:
        first, last = _span(getattr(self, "years", None))
        return first <= year <= last

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind} | {k: v for k, v in asdict(self).items() if v not in (None, "", ())}


@dataclass(frozen=True)
class ValueEdit(Edit):
    """An edit of one value; `key` picks one entry of a table (a Carr-Hill band, an indicator)."""

    value: str
    amount: float
    years: str | None = None
    key: str | None = None
    note: str = ""
    range: tuple[float, float] | None = None

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full; `share` is the fraction of the edit in force each year."""
        raise NotImplementedError

    def shares(self, years: tuple[int, ...]) -> np.ndarray:
        return np.array([1.0 if self.reaches(y) else 0.0 for y in years])

    @property
    def target(self) -> str:
        return f"{self.value}[{self.key}]" if self.key else self.value


@dataclass(frozen=True)
class Set(ValueEdit):
    """Make a value this amount."""

    kind: ClassVar[str] = "set"
    sets: ClassVar[bool] = True

    def change(self, x: Any, share: Any) -> Any:
        return x + share * (self.amount - x)


@dataclass(frozen=True)
class Scale(ValueEdit):
    """Multiply a value."""

    kind: ClassVar[str] = "scale"

    def change(self, x: Any, share: Any) -> Any:
        return x * (1 + share * (self.amount - 1))


@dataclass(frozen=True)
class Add(ValueEdit):
    """Add to a value (a negative amount takes away)."""

    kind: ClassVar[str] = "add"

    def change(self, x: Any, share: Any) -> Any:
        return x + share * self.amount


@dataclass(frozen=True)
class Cap(ValueEdit):
    """Let a value be no more than this amount."""

    kind: ClassVar[str] = "cap"

    def change(self, x: Any, share: Any) -> Any:
        xp = namespace(x)
        return xp.where(share > 0, xp.minimum(x, x * 0 + self.amount), x)


@dataclass(frozen=True)
class PhaseIn(ValueEdit):
    """Move a value to this amount in equal yearly steps over its years, and keep it there."""

    kind: ClassVar[str] = "phase in"
    sets: ClassVar[bool] = True

    def reaches(self, year: int) -> bool:
        return year >= _span(self.years)[0]

    def shares(self, years: tuple[int, ...]) -> np.ndarray:
        first, last = _span(self.years)
        if last == 9999:
            raise InputError(f"a phase-in of {self.value} needs a last year", expected="years such as 2025/26-2029/30")
        return np.clip((np.array(years) - first + 1) / (last - first + 1), 0.0, 1.0)

    def change(self, x: Any, share: Any) -> Any:
        return x + share * (self.amount - x)


@dataclass(frozen=True)
class ReplaceRule(Edit):
    """Use another rule, by its name in the package's own chapters, to make a quantity. No arbitrary code in a reform."""

    kind: ClassVar[str] = "replace rule"
    sets: ClassVar[bool] = True
    rule: str
    by: str
    years: str | None = None
    note: str = ""

    @property
    def target(self) -> str:
        return f"rule {self.rule}"


@dataclass(frozen=True)
class AddChapter(Edit):
    """Bring a chapter in."""

    kind: ClassVar[str] = "add chapter"
    chapter: str
    years: str | None = None
    note: str = ""

    @property
    def target(self) -> str:
        return f"chapter {self.chapter}"


@dataclass(frozen=True)
class DropChapter(Edit):
    """Take a chapter out: its lines are paid no more."""

    kind: ClassVar[str] = "drop chapter"
    sets: ClassVar[bool] = True
    chapter: str
    years: str | None = None
    note: str = ""

    @property
    def target(self) -> str:
        return f"chapter {self.chapter}"


KINDS: dict[str, type[Edit]] = {
    k.kind: k for k in (Set, Scale, Add, Cap, PhaseIn, ReplaceRule, AddChapter, DropChapter)
}


@dataclass(frozen=True)
class Reform:
    """An ordered list of edits. Equal reforms have equal hashes, whatever their notes."""

    edits: tuple[Edit, ...] = ()
    title: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for i, a in enumerate(self.edits):
            for b in self.edits[i + 1 :]:
                if a.sets and b.sets and a.target == b.target and a != b:  # type: ignore[attr-defined]
                    both = [y for y in range(1990, 2061) if a.reaches(y) and b.reaches(y)]
                    if both:
                        raise EditClash(
                            f"two edits change {a.target} in {year_name(both[0])}: '{a.kind}' and '{b.kind}'",  # type: ignore[attr-defined]
                            expected="one edit of one value in one year",
                            hint="end the first before the second starts, or use scale or add",
                        )

    @classmethod
    def of(cls, *edits: Edit, title: str = "") -> Reform:
        return cls(tuple(edits), title)

    def __add__(self, other: Reform) -> Reform:
        title = " + ".join(t for t in (self.title, other.title) if t)
        return Reform((*self.edits, *(e for e in other.edits if not (e.sets and e in self.edits))), title)

    def __bool__(self) -> bool:
        return bool(self.edits)

    @property
    def value_edits(self) -> tuple[ValueEdit, ...]:
        return tuple(e for e in self.edits if isinstance(e, ValueEdit))

    def to_json(self) -> str:
        """Canonical JSON: keys sorted, no spaces."""
        return json.dumps([e.as_dict() for e in self.edits], sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that name what the reform does; notes do not count."""
        bare = [{k: v for k, v in e.as_dict().items() if k != "note"} for e in self.edits]
        return hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()[:12]

    @classmethod
    def from_json(cls, text: str, title: str = "") -> Reform:
        """A reform from its JSON, with the entry named that does not fit."""
        try:
            listed = json.loads(text)
        except json.JSONDecodeError as error:
            raise InputError(f"this is not JSON: {error.msg}", expected="a list of edits") from None
        return cls(tuple(edit_from(e) for e in _listed(listed)), title)


def _listed(listed: Any) -> Iterable[Any]:
    if not isinstance(listed, list):
        raise InputError("a reform is a list of edits", expected='[{"kind": "scale", "value": ..., "amount": ...}]')
    return listed


def edit_from(body: Any) -> Edit:
    """One edit from a mapping with its kind."""
    if not isinstance(body, Mapping) or body.get("kind") not in KINDS:
        kind = body.get("kind") if isinstance(body, Mapping) else body
        raise InputError(f"'{kind}' is not a kind of edit", expected=" | ".join(KINDS), hint=nearest(str(kind), KINDS))
    made = KINDS[body["kind"]]
    known = {f.name for f in fields(made)}
    given = {k: v for k, v in body.items() if k != "kind" and not str(k).startswith("__")}
    for key in given:
        if key not in known:
            raise InputError(
                f"an edit of kind '{made.kind}' has no '{key}'",
                expected=", ".join(sorted(known)),
                hint=nearest(key, known),
            )
    if isinstance(given.get("range"), list):
        given["range"] = tuple(given["range"])
    if "amount" in given:
        given["amount"] = float(given["amount"])
    try:
        edit = made(**given)
    except TypeError as error:
        raise InputError(
            f"an edit of kind '{made.kind}' is not complete: {error}", expected=", ".join(sorted(known))
        ) from None
    _span(given.get("years"))
    return edit


def apply(
    reform: Reform, arrays: Mapping[str, Any], keys: Mapping[str, Mapping[str, tuple[str, ...]]], years: tuple[int, ...]
) -> dict[str, Any]:
    """The values that a reform changes, as new yearly arrays; the others are not in the answer."""
    changed: dict[str, Any] = {}
    for edit in reform.value_edits:
        if edit.value not in arrays:
            raise UnknownName(f"there is no value '{edit.value}' to {edit.kind}", hint=nearest(edit.value, arrays))
        share = edit.shares(years)
        if not share.any():
            continue
        x = changed.get(edit.value, arrays[edit.value])
        column = share[:, None]
        if edit.key is None:
            changed[edit.value] = edit.change(x, column)
            continue
        labels = next(iter(keys.get(edit.value, {}).values()), ())
        if edit.key not in labels:
            raise UnknownName(
                f"'{edit.value}' has no entry '{edit.key}'",
                expected=", ".join(labels) or "a plain value",
                hint=nearest(edit.key, labels),
            )
        at = labels.index(edit.key)
        x = np.array(x, float)
        x[at] = edit.change(x[at], column)
        changed[edit.value] = x
    return changed


def _span(years: str | None) -> tuple[int, int]:
    if not years:
        return -9999, 9999
    first, dash, last = years.partition("-")
    start = parse_year(first) if first.strip() else -9999
    return start, (parse_year(last) if last.strip() else 9999) if dash else start
