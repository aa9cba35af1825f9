"""Answers: the number at central inputs, one input at a time over its range, and all together in draws."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from ...engine.errors import MissingFact
from .claim import CANNOT, DEPENDS, DOES_NOT_HOLD, HOLDS, Answer, Claim, Finding, Swing, claim_of, names
from .inputs import drawn_inputs, ends, gather
from .world import World

SEED = 1
SURE = 0.95  # share of draws in which a sentence must hold, or fail, for the answer to say so
MIDDLE = (0.05, 0.95)  # the part of the draws between low and high


def answer(name: str, world: World) -> Answer:
    """One claim's answer. Where this England lacks what it needs, the verdict is 'cannot be computed' and says what is lacking."""
    return _answer(claim_of(name), world)


def answer_all(world: World) -> tuple[Answer, ...]:
    """Every claim's answer, theme by theme."""
    return tuple(answer(name, world) for name in names())


def _answer(claim: Claim, world: World) -> Answer:
    told = partial(Answer, claim, world.england.title, world.year)
    try:
        central, inputs = gather(claim, world)
        found = claim.function(**central)
    except MissingFact as lack:
        need = f"; it needs {lack.expected}" if lack.expected else ""
        return told(verdict=CANNOT, why=f"{lack.problem}{need}")
    except ZeroDivisionError:
        return told(verdict=CANNOT, why="a figure that it divides by is nought in this England and year", inputs=inputs)
    if not math.isfinite(found.value):
        return told(verdict=CANNOT, why=found.why or "nothing here gives the number", inputs=inputs)
    ranged = {n: e for n in claim.needs if (e := ends(n, world)) is not None}
    swings = sorted((_swing(claim, central, n, e) for n, e in ranged.items()), key=lambda s: -s.width)
    trials = _trials(claim, central, list(ranged), world)
    low, high, spread = _range(found, swings, trials, any(one.priced for one in inputs))
    verdict, why, likelihood = _verdict(found, swings, trials)
    return told(
        verdict=verdict,
        why=why,
        value=float(found.value),
        low=low,
        high=high,
        reading=found.reading,
        spread=spread,
        inputs=inputs,
        swings=tuple(swings),
        also={k: float(x) for k, x in found.also.items()},
        likelihood=likelihood,
    )


def _swing(claim: Claim, central: dict[str, Any], name: str, at: tuple[Any, Any]) -> Swing:
    low, high = (float(claim.function(**(central | {name: x})).value) for x in at)
    return Swing(name, low, high)


def _trials(claim: Claim, central: dict[str, Any], ranged: list[str], world: World) -> list[Finding]:
    """The claim in each draw of its inputs' ranges; nothing where no input has one."""
    if not ranged:
        return []
    tables = drawn_inputs(ranged, world, claim.draws, SEED)
    return [
        claim.function(**(central | {n: x[i] if x.ndim > 1 else float(x[i]) for n, x in tables.items()}))
        for i in range(claim.draws)
    ]


def _range(found: Finding, swings: list[Swing], trials: list[Finding], ours: bool) -> tuple[float, float, str]:
    value = float(found.value)
    rest = "; the contract's own assumed figures stay at their central ones" if ours else ""
    moving = [s for s in swings if s.width > 0]
    if not moving:
        return value, value, f"no input with a range moves it{rest}"
    if len(moving) == 1:
        at = (moving[0].low, moving[0].high, value)
        return min(at), max(at), f"the ends of the range of {moving[0].input}{rest}"
    drawn = [t.value for t in trials if math.isfinite(t.value)]
    low, high = (float(x) for x in np.quantile(drawn, MIDDLE))
    return (
        min(low, value),
        max(high, value),
        f"the middle nine tenths of {len(drawn)} draws of {len(moving)} ranges together{rest}",
    )


def _verdict(found: Finding, swings: list[Swing], trials: list[Finding]) -> tuple[str, str, float | None]:
    if found.holds is None:
        return DEPENDS, found.why, None
    told = [bool(t.holds) for t in trials if t.holds is not None]
    share = sum(told) / len(told) if told else float(bool(found.holds))
    if share >= SURE or share <= 1 - SURE:
        return (HOLDS if share >= SURE else DOES_NOT_HOLD), found.why, share
    widest = swings[0].input
    said = f"it holds in {share:.0%} of draws; {widest} moves it most"
    return DEPENDS, f"{found.why}; {said}" if found.why else said, share
