"""What a claim is, what it finds, and what an answer says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...engine.errors import InputError, nearest
from ...engine.years import year_name

HOLDS, DOES_NOT_HOLD, DEPENDS, CANNOT = "holds", "does not hold", "depends", "cannot be computed"
VERDICTS = (HOLDS, DOES_NOT_HOLD, DEPENDS, CANNOT)


@dataclass(frozen=True)
class Finding:
    """What one working-out of a claim gives.

    holds: whether the sentence is true at these inputs; None where a number alone cannot say, and `why` tells what would.
    also: further numbers by name, that a reader of the claim will want.
    """

    value: float
    holds: bool | None
    reading: str
    why: str = ""
    also: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """A sentence of the debate and the function that answers it.

    ids: where the inventory of the debate names it.  says: the sentence, in our words.  by: who said it; a reader of a journal
    is never named.  needs: the evidence and figures that the function takes, by name.  cannot: what the number cannot tell.
    draws: in how many worlds its ranges are drawn; fewer where working it out is slow.
    """

    name: str
    ids: tuple[str, ...]
    says: str
    by: str
    unit: str
    cannot: str
    theme: str
    function: Callable[..., Finding] = field(repr=False)
    needs: tuple[str, ...] = field(repr=False)
    draws: int = 200


@dataclass(frozen=True)
class Input:
    """One thing an answer rests on.

    figure: None where it is known practice by practice and has no single figure.  priced: read from a contract as priced here.
    """

    name: str
    title: str
    figure: float | None
    unit: str
    grade: str
    source: str
    assumed: bool = False
    range: tuple[float, float] | None = None
    priced: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The input as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "figure": self.figure,
            "unit": self.unit,
            "grade": self.grade,
            "source": self.source,
            "assumed": self.assumed,
            "range": None if self.range is None else list(self.range),
        }


@dataclass(frozen=True)
class Swing:
    """Where the answer goes if one input goes to each end of its range and the others stay."""

    input: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the two answers are."""
        return abs(self.high - self.low)

    def to_dict(self) -> dict[str, Any]:
        """The swing as plain data."""
        return {"input": self.input, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Answer:
    """A claim answered for one England and year.

    value, low, high: None where it cannot be computed; low and high equal value where nothing has a range.  spread: how the
    range was made.  swings: one input at a time, the widest first.  likelihood: the share of draws in which the sentence holds.
    """

    claim: Claim
    england: str
    year: int
    verdict: str
    why: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reading: str = ""
    spread: str = ""
    inputs: tuple[Input, ...] = ()
    swings: tuple[Swing, ...] = ()
    also: Mapping[str, float] = field(default_factory=dict)
    likelihood: float | None = None

    @property
    def name(self) -> str:
        """The claim's name."""
        return self.claim.name

    @property
    def assumed(self) -> tuple[str, ...]:
        """Names of the inputs that nobody published."""
        return tuple(i.name for i in self.inputs if i.assumed)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data: the claim, the number with its range, what it rests on and what it cannot tell."""
        return {
            "claim": self.claim.name,
            "theme": self.claim.theme,
            "ids": list(self.claim.ids),
            "says": self.claim.says,
            "by": self.claim.by,
            "england": self.england,
            "year": year_name(self.year),
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.claim.unit,
            "reading": self.reading,
            "verdict": self.verdict,
            "why": self.why,
            "spread": self.spread,
            "likelihood": self.likelihood,
            "also": dict(self.also),
            "inputs": [i.to_dict() for i in self.inputs],
            "swings": [s.to_dict() for s in self.swings],
            "cannot_tell": self.claim.cannot,
        }


_CLAIMS: dict[str, Claim] = {}


def claim(
    name: str, *, ids: str, says: str, by: str, unit: str, cannot: str, draws: int = 200
) -> Callable[[Callable[..., Finding]], Callable[..., Finding]]:
    """Register a function as the answer to a sentence of the debate. ids: separated by spaces.

    The function's arguments name what it needs: evidence of values.yaml, values of chapters, or figures of an England.
    """

    def register(function: Callable[..., Finding]) -> Callable[..., Finding]:
        theme = function.__module__.rsplit(".", 1)[-1]
        needs = tuple(inspect.signature(function).parameters)
        if name in _CLAIMS:
            raise ValueError(f"two claims are called '{name}'")
        _CLAIMS[name] = Claim(name, tuple(ids.split()), says, by, unit, cannot, theme, function, needs, draws)
        return function

    return register


def names() -> tuple[str, ...]:
    """Every claim by name, theme by theme."""
    return tuple(sorted(_CLAIMS, key=lambda n: (_CLAIMS[n].theme, n)))


def claim_of(name: str) -> Claim:
    """A claim by its name."""
    if name not in _CLAIMS:
        raise InputError(
            f"there is no claim '{name}'", expected="a name that `gpcontract claims` lists", hint=nearest(name, names())
        )
    return _CLAIMS[name]
