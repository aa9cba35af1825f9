"""Income by group of practices: per patient by each count, under each contract, and the change from the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .frame import Group, Numbers
from .money import Money


@dataclass(frozen=True)
class Income:
    """Running money by the groups of one kind, an entry for each group.

    practices and patients are the first contract's.  pounds: all running money under each contract.  each: pounds per patient
    without dispensing, by denominator and contract.  change: of all running money, as a fraction of the first contract's.
    """

    kind: str
    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    practices: Numbers
    patients: Numbers
    pounds: Mapping[str, Numbers]
    each: Mapping[str, Mapping[str, Numbers]]
    change: Mapping[str, Numbers]

    def rows(self) -> Iterator[dict[str, Any]]:
        """The groups that have practices, as plain data."""
        for i in np.flatnonzero(self.practices):
            yield {
                "kind": self.kind,
                "code": self.codes[i],
                "name": self.names[i],
                "practices": int(self.practices[i]),
                "patients": float(self.patients[i]),
                "pounds": {k: float(x[i]) for k, x in self.pounds.items()},
                "per_patient": {d: {k: float(x[i]) for k, x in of.items()} for d, of in self.each.items()},
                "change": {k: float(x[i]) for k, x in self.change.items()},
            }

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {"kind": self.kind, "title": self.title, "groups": list(self.rows())}


def income(moneys: Sequence[Money], kind: str) -> Income:
    """Running money by the groups of one kind (region, board, network, deprivation, size, rural, contract).

    Pounds per patient divide by the patients of each contract's own year.
    """
    base = moneys[0]
    group = base.frame.groups[kind]
    found = {m.name: m.against(base.frame, ("income", kind), partial(_own, m, kind, group)) for m in moneys}
    pounds = {name: x["pounds"] for name, x in found.items()}
    each = {d: {name: x[f"each_{d}"] for name, x in found.items() if d in x} for d in base.frame.patients}
    change = {
        m.name: m.against(base, ("change", kind), partial(_change, found[m.name], found[base.name])) for m in moneys
    }
    own = found[base.name]
    return Income(
        kind, group.title, group.codes, group.names, own["practices"], own["registered"], pounds, each, change
    )


def _own(m: Money, kind: str, group: Group) -> dict[str, Numbers]:
    """Sums of one contract by the labels of `group`, and pounds per patient by each count."""
    x = _aligned(_sums(m, kind), m.frame.groups[kind], group)
    return x | {f"each_{d}": _over(x["care"], x[d]) for d in m.frame.patients}


def _change(mine: dict[str, Numbers], base: dict[str, Numbers]) -> Numbers:
    return _over(mine["pounds"], base["pounds"]) - 1


def _sums(m: Money, kind: str) -> dict[str, Numbers]:
    group = m.frame.groups[kind]
    return {**m.frame.people(kind), "pounds": group.sums(m.pounds), "care": group.sums(m.care)}


def _aligned(sums: dict[str, Numbers], theirs: Group, ours: Group) -> dict[str, Numbers]:
    """Sums by the labels of another year in the order of ours; nothing where a label is not there."""
    if theirs is ours:
        return sums
    at = [theirs.place.get(c, -1) for c in ours.codes]
    return {k: np.append(x, 0.0)[at] for k, x in sums.items()}


def _over(x: Numbers, n: Numbers) -> Numbers:
    return np.where(n > 0, x / np.where(n > 0, n, 1), np.nan)
