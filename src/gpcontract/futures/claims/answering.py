"""Answers of forward claims: the middle of the draws, where eight draws in ten lie, and in what share of the draws the sentence holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from ... import chapters
from ...engine.errors import InputError, MissingFact
from ...findings.claims import CANNOT, DEPENDS, DOES_NOT_HOLD, HOLDS, Answer, Input
from ...findings.claims.answering import SURE
from .ahead import Ahead, value
from .forward import Forward, Outlook, forward_of, names
from .variants import VARIANTS
from .words import ends

LEAST = 0.4  # correlation of ranks under which no figure is named: with so few draws chance alone makes smaller ones
FEWEST = 20  # draws, below which none is


def answer(name: str, ahead: Ahead) -> Answer:
    """One forward claim's answer. Where this England lacks what it needs, the verdict is 'cannot be computed' and says what is lacking."""
    return _answer(forward_of(name), ahead)


def answers(wanted: Sequence[str], ahead: Ahead) -> tuple[Answer, ...]:
    """Some forward claims' answers; what they share is run once, two variants at a time."""
    with suppress(MissingFact, InputError):  # each answer says what is lacking
        ahead.run([v for n in wanted for v in forward_of(n).variants])
    return tuple(answer(n, ahead) for n in wanted)


def answer_all(ahead: Ahead) -> tuple[Answer, ...]:
    """Every forward claim's answer."""
    return answers(names(), ahead)


def _answer(of: Forward, ahead: Ahead) -> Answer:
    def told(**said: object) -> Answer:
        return Answer(of.claim, ahead.world.england.title, ahead.world.year, **said)  # type: ignore[arg-type]

    try:
        ahead.run(of.variants)
        found = of.function(ahead)
        inputs = _inputs(of, ahead)
    except (MissingFact, InputError) as lack:
        need = f"; it needs {lack.expected}" if lack.expected else ""
        return told(verdict=CANNOT, why=f"{lack.problem}{need}")
    if not np.isfinite(found.value).all():
        return told(verdict=CANNOT, why=found.why or "nothing here gives the number", inputs=inputs)
    middle, low, high = ends(found.value)
    verdict, why, likelihood = _verdict(of, found, ahead)
    return told(
        verdict=verdict,
        why=why,
        value=middle,
        low=low,
        high=high,
        reading=found.reading,
        spread=_spread(ahead),
        inputs=inputs,
        also=_also(found),
        likelihood=likelihood,
    )


def _spread(ahead: Ahead) -> str:
    if not ahead.draws:
        return "the central draw alone"
    return f"eight in ten of {ahead.draws} draws of figures and luck together, of which the number is the middle; contracts share their luck"


def _verdict(of: Forward, found: Outlook, ahead: Ahead) -> tuple[str, str, float | None]:
    """By the rules of the other claims: it holds where it does in nearly all draws, and fails where it does in hardly any."""
    if found.holds is None:
        return DEPENDS, found.why, None
    share = float(found.holds[1:].mean()) if len(found.holds) > 1 else float(found.holds[0])
    if share >= SURE or share <= 1 - SURE:
        return (HOLDS if share >= SURE else DOES_NOT_HOLD), found.why, share
    said = f"it holds in {share:.0%} of draws"
    if (mover := _mover(of, found, ahead)) is not None:
        said += f"; {mover} moves it most"
    return DEPENDS, f"{found.why}; {said}" if found.why else said, share


def _mover(of: Forward, found: Outlook, ahead: Ahead) -> str | None:
    """The figure whose draws the answer's order follows best, if it follows any."""
    if ahead.draws < FEWEST:
        return None
    ranked = _ranks(found.value[1:])
    best, name = LEAST, None
    for one in of.claim.needs:
        x = ahead.figure(one)
        x = x.reshape(-1, x.shape[-1]).mean(0)[1:]
        if np.ptp(x) > 0 and (r := abs(float(np.corrcoef(_ranks(x), ranked)[0, 1]))) > best:
            best, name = r, one
    return name


def _ranks(x: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(x))


def _also(found: Outlook) -> dict[str, float]:
    """Further numbers: the middle one, and both ends where it has a range; and the answer on the path without luck."""
    made: dict[str, float] = {}
    for name, x in found.also.items():
        middle, low, high = ends(x)
        made[name] = middle
        if low < high:
            made |= {f"{name}, low": low, f"{name}, high": high}
    if len(found.value) > 1:
        made["the same on the central path, without luck"] = float(found.value[0])
    return made


# -- what they rest on ---------------------------------------------------------------------------------------------


def _inputs(of: Forward, ahead: Ahead) -> tuple[Input, ...]:
    """The figures that a claim rests on, the contracts that it runs, and the fits that all of it rests on."""
    figures = tuple(_figure(n, ahead) for n in of.claim.needs)
    contracts: dict[str, str] = {}
    for v in of.variants:
        contracts.setdefault(VARIANTS[v].make(ahead.first).name, v)
    return (*figures, *(_contract(v, ahead) for c, v in contracts.items() if c != "national"), _fits(ahead))


def _figure(name: str, ahead: Ahead) -> Input:
    of = value(name)
    entry = of.entries[-1]
    single = None if of.shape else float(ahead.figure(name)[0])
    listed = chapters.sources()
    cited = "; ".join(dict.fromkeys(listed[s].title for s in entry.sources))
    return Input(name, of.title, single, of.unit, entry.grade, cited, entry.assumed, entry.range)


def _contract(variant: str, ahead: Ahead) -> Input:
    """A contract that is run, with how many of its figures are assumed and, where there are draws, drawn."""
    contract, year = VARIANTS[variant].make(ahead.first), ahead.world.year
    assumed = sum(contract.assumes(n, year) for n in contract.values)
    return Input(
        contract.name, f"{contract.title}, as its terms are here: figures that are assumed", float(assumed), "figures", "M",
        f"contracts/{contract.name}.yaml, priced on {ahead.world.england.title}", True, None, True,
    )  # fmt: skip


def _fits(ahead: Ahead) -> Input:
    """Ends of contracts and growth of lists, as past years had them."""
    fits = ahead.plan.fits
    return Input(
        "fits", "Practice-years on which ends of contracts are fitted, with the growth of lists beside them",
        float(fits.exit.practice_years), "practice-years", "B", f"published years of {fits.england}",
    )  # fmt: skip
