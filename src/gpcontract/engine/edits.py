"""Edits and reforms: a reform is an ordered, frozen tuple of typed edits, with a hash that is its permalink.

    Reform.of(Scale("global_sum_price", 1.05, years="2025/26-"), note="Five per cent on the price")

`a + b` composes two reforms; two edits that set one value in one year clash loudly. Scale and add compose with anything
that comes before them in the same reform.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from functools import cache
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", _spelled(getattr(self, "years", None)))

    def reaches(self, year: int) -> bool:
        """Whether the edit is in force in a year."""
        first, last = _span(getattr(self, "years", None))
        return first <= year <= last

    @property
    def span(self) -> tuple[int | None, int | None]:
        """Its first and last year; None where it has no end."""
        first, last = _span(getattr(self, "years", None))
        return (None if first == -9999 else first), (None if last == 9999 else last)

    @property
    def target(self) -> str:
        """What it changes, as errors name it."""
        raise NotImplementedError

    def clashes(self, other: Edit) -> bool:
        """Whether both set one thing, so that only one of them can hold in a year."""
        return self.sets and other.sets and self.target == other.target

    @property
    def said(self) -> str:
        """The edit in words: 'scale global_sum_price by 1.05, 2025/26-'."""
        body = self.as_dict()
        amount = f" {body['amount']:g}" if "amount" in body else ""
        joint = {"scale": " by", "set": " to", "cap": " at", "phase in": " to", "add": ":"}.get(self.kind, "")
        years = f", {body['years']}" if body.get("years") else ""
        what = self.target.removeprefix("rule ").removeprefix("chapter ")
        return f"{self.kind} {what}{joint if amount else ''}{amount}{years}"

    def as_dict(self) -> dict[str, Any]:
        """The edit as plain data: its kind, and what is not empty."""
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

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "amount", _number(self.amount, f"the amount of '{self.kind}' on {self.value}"))
        if self.range is not None:
            ends = tuple(_number(x, f"the range of '{self.kind}' on {self.value}") for x in self.range)
            if len(ends) != 2 or not ends[0] <= ends[1]:
                raise InputError(f"the range of '{self.kind}' on {self.value} is {list(ends)}", expected="[low, high]")
            object.__setattr__(self, "range", ends)

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full; `share` is the fraction of the edit in force each year."""
        raise NotImplementedError

    def shares(self, years: tuple[int, ...]) -> np.ndarray:
        """How much of the edit is in force in each year, from 0 to 1."""
        return np.array([1.0 if self.reaches(y) else 0.0 for y in years])

    @property
    def target(self) -> str:
        """The value, or the one entry of it."""
        return f"{self.value}[{self.key}]" if self.key else self.value

    def clashes(self, other: Edit) -> bool:
        """Whether both set one value: the same entry, or one of them the whole table."""
        if not (self.sets and other.sets and isinstance(other, ValueEdit)) or self.value != other.value:
            return False
        return self.key == other.key or self.key is None or other.key is None


@dataclass(frozen=True)
class Set(ValueEdit):
    """Make a value this amount."""

    kind: ClassVar[str] = "set"
    sets: ClassVar[bool] = True

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full."""
        return x + share * (self.amount - x)


@dataclass(frozen=True)
class Scale(ValueEdit):
    """Multiply a value."""

    kind: ClassVar[str] = "scale"

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full."""
        return x * (1 + share * (self.amount - 1))


@dataclass(frozen=True)
class Add(ValueEdit):
    """Add to a value (a negative amount takes away)."""

    kind: ClassVar[str] = "add"

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full."""
        return x + share * self.amount


@dataclass(frozen=True)
class Cap(ValueEdit):
    """Let a value be no more than this amount."""

    kind: ClassVar[str] = "cap"

    def change(self, x: Any, share: Any) -> Any:
        """The new figure in full."""
        xp = namespace(x)
        return xp.where(share > 0, xp.minimum(x, x * 0 + self.amount), x)


@dataclass(frozen=True)
class PhaseIn(Set):
    """Move a value to this amount in equal yearly steps over its years, and keep it there."""

    kind: ClassVar[str] = "phase in"

    def __post_init__(self) -> None:
        super().__post_init__()
        first, last = _span(self.years)
        if first == -9999 or last == 9999:
            raise InputError(
                f"a phase-in of {self.value} needs a first and a last year", expected="years such as 2025/26-2029/30"
            )

    def reaches(self, year: int) -> bool:
        """Whether the edit is in force in a year: from its first step on."""
        return year >= _span(self.years)[0]

    def shares(self, years: tuple[int, ...]) -> np.ndarray:
        """How far the steps have come in each year, from 0 to 1."""
        first, last = _span(self.years)
        return np.clip((np.array(years) - first + 1) / (last - first + 1), 0.0, 1.0)


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
        """The rule."""
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
        """The chapter."""
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
        """The chapter."""
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
                if a.clashes(b) and _bare(a) != _bare(b):
                    both = [y for y in range(1990, 2061) if a.reaches(y) and b.reaches(y)]
                    if both:
                        raise EditClash(
                            f"two edits change {a.target} in {year_name(both[0])}: '{a.kind}' and '{b.kind}'",
                            expected="one edit of one value in one year",
                            hint="end the first before the second starts, or use scale or add",
                        )

    @classmethod
    def of(cls, *edits: Edit, title: str = "") -> Reform:
        """A reform from its edits, in order."""
        return cls(tuple(edits), title)

    def __add__(self, other: Reform) -> Reform:
        title = " + ".join(t for t in (self.title, other.title) if t)
        mine = [_bare(e) for e in self.edits if e.sets]
        return Reform((*self.edits, *(e for e in other.edits if _bare(e) not in mine)), title)

    def __bool__(self) -> bool:
        return bool(self.edits)

    @property
    def value_edits(self) -> tuple[ValueEdit, ...]:
        """The edits of values; the others are of rules and chapters."""
        return tuple(e for e in self.edits if isinstance(e, ValueEdit))

    def to_json(self) -> str:
        """Canonical JSON: keys sorted, no spaces."""
        return json.dumps([e.as_dict() for e in self.edits], sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that name what the reform does; notes do not count."""
        text = json.dumps([_bare(e) for e in self.edits], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @classmethod
    def from_json(cls, text: str, title: str = "") -> Reform:
        """A reform from its JSON, with the entry named that does not fit."""
        try:
            listed = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
            json.dumps(listed, ensure_ascii=False).encode()
        except json.JSONDecodeError as error:
            raise InputError(
                f"this is not JSON: {error.msg} (line {error.lineno})", expected="a list of edits"
            ) from None
        except RecursionError:
            raise InputError("lists within lists, too deep to be a reform", expected="a list of edits") from None
        except UnicodeEncodeError:
            raise InputError("holds half of a character (a lone surrogate)", expected="text in UTF-8") from None
        except ValueError as error:  # a number of thousands of digits
            raise InputError(f"this is not JSON: {error}", expected="a list of edits") from None
        return cls(tuple(edit_from(e) for e in _listed(listed)), title)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused where it gives a name twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"'{twice}' is given twice in one edit", expected="each name once")
    return made


def _bare(edit: Edit) -> dict[str, Any]:
    """What an edit does, without the note that says why."""
    return {k: v for k, v in edit.as_dict().items() if k != "note"}


def _number(x: Any, what: str) -> float:
    try:
        made = float(x)
    except (TypeError, ValueError, OverflowError):
        made = math.nan
    if not math.isfinite(made) or isinstance(x, bool):
        raise InputError(f"{what} is '{x}'", expected="a number")
    return made + 0.0  # minus nothing is nothing


def _listed(listed: Any) -> Iterable[Any]:
    if not isinstance(listed, list):
        raise InputError("a reform is a list of edits", expected='[{"kind": "scale", "value": ..., "amount": ...}]')
    return listed


def edit_from(body: Any) -> Edit:
    """One edit from a mapping with its kind."""
    kind = body.get("kind") if isinstance(body, Mapping) else body
    if not isinstance(body, Mapping) or not isinstance(kind, str) or kind not in KINDS:
        raise InputError(f"'{kind}' is not a kind of edit", expected=" | ".join(KINDS), hint=nearest(str(kind), KINDS))
    made = KINDS[kind]
    known = {f.name for f in fields(made)}
    given = {k: v for k, v in body.items() if k != "kind" and not str(k).startswith("__")}
    for key in given:
        if key not in known:
            raise InputError(
                f"an edit of kind '{made.kind}' has no '{key}'",
                expected=", ".join(sorted(known)),
                hint=nearest(key, known),
            )
    lacking = [f.name for f in fields(made) if f.default is MISSING and f.name not in given]
    if lacking:
        raise InputError(
            f"an edit of kind '{made.kind}' lacks {' and '.join(lacking)}", expected=", ".join(sorted(known))
        )
    for key, x in given.items():
        good = isinstance(x, (list, tuple)) if key == "range" else key == "amount" or isinstance(x, str)
        if not good and x is not None:
            raise InputError(
                f"the {key} of an edit of kind '{made.kind}' is '{x}'",
                expected="[low, high]" if key == "range" else "text",
            )
    return made(**given)


def apply(
    reform: Reform | Iterable[ValueEdit],
    arrays: Mapping[str, Any],
    keys: Mapping[str, Mapping[str, tuple[str, ...]]],
    years: tuple[int, ...],
) -> dict[str, Any]:
    """The values that a reform or some edits change, as new yearly arrays; the others are not in the answer."""
    changed: dict[str, Any] = {}
    for edit in reform.value_edits if isinstance(reform, Reform) else reform:
        if edit.value not in arrays:
            raise UnknownName(
                f"there is no value '{edit.value}' to {edit.kind}",
                expected="the name of a value of the contract",
                hint=nearest(edit.value, arrays),
            )
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
        entry = edit.change(x[at], column)
        x = np.broadcast_to(x, (x.shape[0], *entry.shape)).astype(float)
        x[at] = entry
        changed[edit.value] = x
    return changed


@cache
def _span(years: str | None) -> tuple[int, int]:
    """First and last year of '2025/26-', '-2024/25', '2025/26-2029/30' or '2025/26'; -9999 and 9999 where open."""
    if not years:
        return -9999, 9999
    first, dash, last = years.partition("-")
    start = parse_year(first) if first.strip() else -9999
    end = (parse_year(last) if last.strip() else 9999) if dash else start
    if end < start:
        raise InputError(f"the years '{years}' run backwards", expected=f"{year_name(end)}-{year_name(start)}")
    return start, end


def _spelled(years: str | None) -> str | None:
    """Years in their one spelling, so that equal edits have equal hashes: '2025-' gives '2025/26-'."""
    if years is not None and not isinstance(years, str):
        raise InputError(f"the years of an edit are '{years}'", expected="text such as 2025/26- or 2025/26-2029/30")
    first, last = _span(years)
    ends = ("" if first == -9999 else year_name(first), "" if last == 9999 else year_name(last))
    return None if ends == ("", "") else ends[0] if first == last else "-".join(ends)
