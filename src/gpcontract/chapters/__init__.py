"""What contracts say: a folder for each chapter, with its rules (rules.py) and its dated values (values.yaml) side by side."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..engine.errors import UnknownName, nearest
from ..engine.rules import Rule, rules_in
from ..engine.values import Source, Value, read_sources, read_values

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Chapter:
    """One part of a contract: its rules and its values."""

    name: str
    title: str
    rules: tuple[Rule, ...]
    values: dict[str, Value]


@cache
def sources() -> dict[str, Source]:
    """Every document that values may cite."""
    return read_sources(HERE / "sources.yaml", "chapters/sources.yaml")


def names() -> tuple[str, ...]:
    """The chapters there are."""
    return tuple(sorted(p.parent.name for p in HERE.glob("*/rules.py")))


@cache
def load(name: str) -> Chapter:
    """A chapter by its folder's name."""
    if name not in names():
        raise UnknownName(f"there is no chapter '{name}'", expected=", ".join(names()), hint=nearest(name, names()))
    module = importlib.import_module(f"{__name__}.{name}.rules")
    file = HERE / name / "values.yaml"
    values = read_values(file, sources(), f"chapters/{name}/values.yaml", name) if file.exists() else {}
    title = (inspect.getdoc(module) or name).split("\n")[0].rstrip(".")
    return Chapter(name, title, rules_in(module, name), values)
