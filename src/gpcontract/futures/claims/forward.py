"""What a forward claim is: a sentence of the debate about years ahead, the variants it is answered from, and the figures it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError, nearest
from ...findings.claims import Claim, Finding
from .ahead import DRAWS, Ahead

Array = npt.NDArray[np.float64]
THEME = "years ahead"


@dataclass(frozen=True)
class Outlook:
    """What the draws give. value: (draw,), the central one first.  holds: whether the sentence is true in each; None where a number alone
    cannot say.  reading: in words, of the middle draw with ranges.  also: further numbers by name, each (draw,).
    """

    value: Array
    holds: npt.NDArray[np.bool_] | None
    reading: str
    why: str = ""
    also: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Forward:
    """A claim, the variants that it needs, and its function of the years ahead."""

    claim: Claim
    variants: tuple[str, ...]
    function: Callable[[Ahead], Outlook] = field(repr=False)


_CLAIMS: dict[str, Forward] = {}


def forward(
    name: str, *, ids: str, says: str, by: str, unit: str, cannot: str, variants: str, rests: str
) -> Callable[[Callable[[Ahead], Outlook]], Callable[[Ahead], Outlook]]:
    """Register a function of the years ahead as the answer to a sentence. ids, variants, rests (figures): separated by spaces."""

    def register(function: Callable[[Ahead], Outlook]) -> Callable[[Ahead], Outlook]:
        if name in _CLAIMS:
            raise ValueError(f"two forward claims are called '{name}'")
        said = Claim(
            name, tuple(ids.split()), says, by, unit, cannot, THEME, _apart, tuple(dict.fromkeys(rests.split())), DRAWS
        )
        _CLAIMS[name] = Forward(said, tuple(variants.split()), function)
        return function

    return register


def _apart(*_: Any, **__: Any) -> Finding:
    raise TypeError("a forward claim is answered by gpcontract.futures.claims")


def names() -> tuple[str, ...]:
    """Every forward claim by name, in the order of the alphabet."""
    return tuple(sorted(_CLAIMS))


def forward_of(name: str) -> Forward:
    """A forward claim by its name."""
    if name not in _CLAIMS:
        raise InputError(
            f"there is no claim '{name}'", expected="a name that `gpcontract claims` lists", hint=nearest(name, names())
        )
    return _CLAIMS[name]
