"""Published worked numbers and what our own rules make of them: for the specification tests and the manual's tables.

A module specification/<chapter>_examples.py maps example ids to functions of the example's inputs (EXAMPLES), and where
the example is a national figure, to functions of the inputs and a priced England (CALIBRATIONS).
"""

from __future__ import annotations

import importlib
import re
import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gpcontract.chapters import load
from gpcontract.contracts import Contract, Result, run
from gpcontract.engine.errors import MissingFact
from gpcontract.england.facts import England

HERE = Path(__file__).parent
FILE = Path("examples") / "national_contract.yaml"
KEPT = ("national_list", "national_weighted_list")  # what calibrations read beside the lines

#: Examples whose published figure our rules do not give, each with the reason. A test fails if one is met after all.
UNMET = {
    "mpig-07": "The rule gives nothing: the last seventh was taken off in 2020/21. What was paid are corrections of "
    "earlier years, which no rule makes.",
}


class NoFile(Exception):
    """A calibration asks for a year that the folder has no payments file for."""


@dataclass(frozen=True)
class Worked:
    """One example worked again: what was published, what we make of it, and the names of the figures that differ."""

    id: str
    expected: dict[str, float]
    ours: dict[str, float]
    off: tuple[str, ...]


def folder() -> Path:
    """The folder of official data and published examples, as the fixtures know it; it may not be there."""
    found: Path = runpy.run_path(str(HERE / "conftest.py"))["SHARED"]
    return found


def read(shared: Path) -> list[dict[str, Any]]:
    """The published examples, in their order."""
    import yaml

    found: list[dict[str, Any]] = yaml.safe_load((shared / FILE).read_text(encoding="utf-8"))["examples"]
    return found


@cache
def mappings(kind: str = "EXAMPLES") -> dict[str, Callable[..., dict[str, float]]]:
    """Example id -> how our rules work it out, from every mapping module. No id may be in two."""
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    found: dict[str, Callable[..., dict[str, float]]] = {}
    for path in sorted((HERE / "specification").glob("*_examples.py")):
        if path.stem.startswith("test_"):
            continue
        given = getattr(importlib.import_module(f"specification.{path.stem}"), kind, {})
        if twice := set(found) & set(given):
            raise ValueError(f"{path.name} maps {sorted(twice)} again")
        found |= given
    return found


def tolerance(example: dict[str, Any], figure: str) -> float:
    """How far one figure may lie from the published one: a number, a number for each figure, or a share ('about 10%')."""
    given = example["tolerance"]
    if isinstance(given, dict):
        given = given[figure]
    if isinstance(given, str):
        share = re.search(r"(\d+(?:\.\d+)?)\s*%", given)
        if share is None:
            raise ValueError(f"{example['id']}: tolerance '{given}' is not understood")
        return abs(float(example["expected"][figure])) * float(share[1]) / 100
    return float(given)


def work(example: dict[str, Any], result: Result | None = None) -> Worked:
    """One example by our rules and values; with a result, its calibration on that England."""
    if result is None:
        made = mappings()[example["id"]](example["inputs"])
    else:
        made = mappings("CALIBRATIONS")[example["id"]](example["inputs"], result)
    expected = {k: float(v) for k, v in example["expected"].items()}
    ours = {k: float(v) for k, v in made.items()}
    if set(expected) != set(ours):
        raise ValueError(f"{example['id']}: {sorted(ours)} worked out, {sorted(expected)} published")
    off = tuple(k for k in expected if not abs(ours[k] - expected[k]) <= tolerance(example, k) + 1e-9)
    return Worked(example["id"], expected, ours, off)


def printed_on(chapter: str, name: str, day: Any) -> float:
    """A value's figure as it stood on a day, before a later one was backdated over it."""
    entries = [e for e in load(chapter).values[name].entries if e.first <= day <= e.last]
    replaced = [e for e in entries if e.status == "superseded"]
    (found,) = replaced or entries
    return float(found.value)


def in_year(chapter: str, name: str, year: int) -> float:
    """A plain value's figure for a year."""
    return float(load(chapter).values[name].in_year(year))


def paid_years(result: Result) -> tuple[int, ...]:
    """The years with a payments file."""
    import numpy as np

    paid = np.isfinite(result.england.fact("published_global_sum")[0]).any(-1)
    return tuple(y for y, has in zip(result.years, paid, strict=True) if has)


def at(result: Result, year: int) -> int:
    """Position of a year that has a payments file."""
    if year not in paid_years(result):
        raise NoFile(f"no payments file for {year}/{(year + 1) % 100:02d}")
    return result.years.index(year)


@cache
def official(folder: Path) -> Result:
    """The national contract over the England of a folder of official files; made once a session."""
    england = England.official(folder)
    if "published_global_sum" not in england.facts:
        raise MissingFact("no payments in this folder")
    return run(Contract.load("national"), england, keep=KEPT)
