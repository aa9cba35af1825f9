"""Figures that findings rest on and no contract holds (values.yaml beside this file), in the format of the chapters' values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from .. import chapters
from ..engine.values import Value, read_values

FILE = Path(__file__).parent / "values.yaml"
T = TypeVar("T")


@cache
def figures() -> Mapping[str, Value]:
    """Every figure by its name, with its sources, grade and range."""
    return read_values(FILE, chapters.sources(), "findings/values.yaml")


def table(name: str) -> np.ndarray:
    """The figure that stands last: a scalar array, or the table's shape."""
    return np.asarray(figures()[name].entries[-1].value, dtype=np.float64)


def figure(name: str) -> float:
    """A plain figure."""
    return float(table(name))


def said(*names: str) -> list[dict[str, Any]]:
    """Plain figures as outputs show them: name, title, unit, value, range, grade, and whether they are assumed."""
    found = []
    for name in names:
        value, entry = figures()[name], figures()[name].entries[-1]
        found.append(
            {
                "name": name,
                "title": value.title,
                "unit": value.unit,
                "value": None if value.keys else entry.value,
                "range": list(entry.range) if entry.range else None,
                "grade": entry.grade,
                "assumed": entry.assumed,
                "note": entry.note,
            }
        )
    return found


def kept(held: object, key: str, make: Callable[[], T]) -> T:
    """What `make` gives, made once for an object that holds it (an England, a frame) for as long as that lives."""
    memo: dict[str, Any] = vars(held).setdefault("_kept_findings", {})
    if key not in memo:
        memo[key] = make()
    made: T = memo[key]
    return made
