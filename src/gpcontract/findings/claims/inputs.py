"""What claims rest on: evidence, which is dated and sourced, and figures that an England gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ... import chapters
from ...engine.draws import drawn, triangular, uniform
from ...engine.errors import LoadError, MissingFact, nearest
from ...engine.values import Value, read_values, span_known
from ...engine.years import year_name
from .claim import Claim, Input
from .world import World

VALUES = Path(__file__).with_name("values.yaml")
SHARED = (  # chapters whose values claims read, so that a claim and a contract rest on one figure; the first that has a name gives it
    "prices",
    "people",
    "estate",
    "holders",
    "capitation",
    "quality",
    "salaried_gps",
    "rescue_fund",
    "last_contracts",
    "hospital_incentives",
    "digital_access",
    "support_and_replacement",
    "buy_out_fund",
    "network_2018",
    "money_2019",
    "out_of_hours",
    "walk_in",
    "income_protection",
)
GRADE_OF = {"published": "A", "derived": "B", "extract": "C", "inferred": "C", "modelled": "C", "synthetic": "C"}


@dataclass(frozen=True)
class Figure:
    """A figure that an England gives.

    rests: the facts it is made of.  grade, source: where these do not tell.  priced: read from a contract.  ends: its range.
    """

    name: str
    title: str
    unit: str
    function: Callable[[World], Any]
    rests: tuple[str, ...] = ()
    grade: str = ""
    source: str = ""
    priced: bool = False
    ends: Callable[[World], tuple[float, float] | None] | None = None


_FIGURES: dict[str, Figure] = {}


def figure(
    title: str, unit: str, *, rests: str = "", grade: str = "", source: str = ""
) -> Callable[[Callable[[World], Any]], Callable[[World], Any]]:
    """Register a function of a world as a figure that claims may need by its name. rests: facts, separated by spaces."""

    def register(function: Callable[[World], Any]) -> Callable[[World], Any]:
        add_figure(Figure(function.__name__, title, unit, function, tuple(rests.split()), grade, source))
        return function

    return register


def add_figure(one: Figure) -> None:
    """Add a figure to those that claims may need."""
    _FIGURES[one.name] = one


def figures() -> Mapping[str, Figure]:
    """Every figure by name."""
    return _FIGURES


@cache
def evidence() -> dict[str, Value]:
    """The claims' own values, by name."""
    return read_values(VALUES, chapters.sources(), "findings/claims/values.yaml", "claims")


@cache
def value_of(name: str) -> Value | None:
    """A value by name: the claims' own, or one of a chapter that they share with contracts; None if neither has it."""
    if name in evidence():
        return evidence()[name]
    for chapter in SHARED:
        found = chapters.load(chapter).values.get(name)
        if found is not None:
            return found
    return None


def gather(claim: Claim, world: World) -> tuple[dict[str, Any], tuple[Input, ...]]:
    """The central figure of everything that a claim needs, and what each is. Raises MissingFact where England lacks one."""
    central, told = {}, []
    for name in claim.needs:
        central[name], one = _central(name, world)
        told.append(one)
    return central, tuple(told)


def _central(name: str, world: World) -> tuple[Any, Input]:
    made = _FIGURES.get(name)
    value = None if made else value_of(name)
    if made is None and value is None:
        raise LoadError(
            f"a claim needs '{name}', which is no evidence and no figure", hint=nearest(name, [*_FIGURES, *evidence()])
        )
    title, unit = (made.title, made.unit) if made else (value.title, value.unit)  # type: ignore[union-attr]
    if name in world.given:
        x = float(world.given[name])
        return x, Input(name, title, x, unit, "M", "given by the asker")
    if made:
        x = world.once(("figure", name), lambda: made.function(world))
        single = float(x) if np.ndim(x) == 0 else None
        span = made.ends(world) if made.ends else None
        return x if single is None else single, Input(
            name, title, single, unit, _grade(made, world), _source(made, world), made.priced, span, made.priced
        )
    assert value is not None
    if not value.shares(world.year) and value.outside is None:
        raise MissingFact(
            f"'{value.title.lower()}' is not known for {year_name(world.year)}", expected=span_known(value)
        )
    table = value.in_year(world.year)
    single = float(table) if table.ndim == 0 else None
    entries = [e for e, _ in value.shares(world.year)]
    sources = chapters.sources()
    cited = "; ".join(dict.fromkeys(sources[s].title for e in entries for s in e.sources))
    grade = max((e.grade for e in entries), key="ABCM".index)
    span, assumed = next((e.range for e in entries if e.range), None), any(e.assumed for e in entries)
    return table if single is None else single, Input(name, title, single, unit, grade, cited, assumed, span)


def _grade(made: Figure, world: World) -> str:
    """The weakest grade of the facts that a figure rests on."""
    origins = [world.england.provenance[f].status for f in made.rests if f in world.england.provenance]
    return max([made.grade or "A", *(GRADE_OF.get(o, "C") for o in origins)], key="ABCM".index)


def _source(made: Figure, world: World) -> str:
    where = f"{world.england.title}, {year_name(world.year)}"
    return f"{made.source} ({where})" if made.source else where


def ends(name: str, world: World) -> tuple[Any, Any] | None:
    """What an input is at the low and high end of its range; None where it has none."""
    if name in world.given:
        return None
    if name in _FIGURES:
        of = _FIGURES[name].ends
        return of(world) if of else None
    value = value_of(name)
    if value is None:
        return None
    found = [e for e, _ in value.shares(world.year) if e.range]
    if not found:
        return None
    low, high = found[0].range or (0.0, 0.0)
    if value.shape:  # a table's range is a multiple
        table = value.in_year(world.year)
        return table * low, table * high
    return float(low), float(high)


def drawn_inputs(names: list[str], world: World, draws: int, seed: int) -> dict[str, Any]:
    """Inputs with ranges in each draw: (draw,) for plain values, (draw, *keys) for tables."""
    made = {}
    for name in names:
        value = None if name in _FIGURES else value_of(name)
        if value is None:
            low, high = ends(name, world) or (0.0, 0.0)
            made[name] = triangular(uniform(seed, draws, name), low, _central(name, world)[0], high)
            continue
        x = drawn(value, (world.year,), draws, seed)[..., 0, 0]
        made[name] = np.moveaxis(x, -1, 0)
    return made
