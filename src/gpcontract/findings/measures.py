"""What contracts do that is not money: sessions, patients, shares, each as its rule names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .money import Money

COUNTED = ("patients", "sessions", "practices", "full-time equivalents", "GBP per year", "GBP", "GPs", "admissions", "beds",
           "appointments", "hours", "contacts", "networks")  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One measure under each contract that has it: a national sum of what can be counted, else the mean over patients."""

    name: str
    title: str
    unit: str
    how: str
    figures: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """The measure as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "how": self.how,
            "figures": dict(self.figures),
        }


def measures(moneys: Sequence[Money]) -> tuple[Measure, ...]:
    """Every measure of the contracts compared, in their order."""
    found: dict[str, tuple[str, str, str, dict[str, float]]] = {}
    for m in moneys:
        rules = {r.name: r for r in m.result.contract.rules if r.measure}
        for name in m.result.measures:
            one = m.result.plan.rule(name, m.frame.year) or rules[name]
            how = "one" if one.level == "nation" else "sum" if one.unit in COUNTED else "mean"
            figures = found.setdefault(name, (one.measure or name, one.unit, how, {}))[3]
            made: Callable[[], float] = partial(_figure, m, name, one.level, how)
            figures[m.name] = m.once(("measure", name), made)
    return tuple(Measure(n, t, u, h, f) for n, (t, u, h, f) in found.items())


def _figure(m: Money, name: str, level: str, how: str) -> float:
    """The national figure: of areas each counts once; a mean is over registered patients."""
    x = m.result.arrays[name][min(m.draw, m.result.arrays[name].shape[0] - 1)]
    row = x[min(m.result.at(m.frame.year), x.shape[0] - 1)]
    if how == "one":
        return float(row.reshape(-1)[0])
    if how == "sum" and level != "practice":
        return float(np.nansum(row))
    each = m.measure(name)
    known = ~np.isnan(each)
    if how == "sum":
        return float(each[known].sum())
    people = m.frame.patients["registered"][known]
    return float(each[known] @ people / people.sum()) if people.sum() else float("nan")
