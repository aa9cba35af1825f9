"""Who gains and who loses: practices and patients by size of change, and the practices most affected, with the lines that move them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .frame import Numbers
from .money import CARERS, Money

EDGES = (-0.10, -0.05, -0.01, 0.01, 0.05, 0.10)
BANDS = (
    "loses 10% or more",
    "loses 5% to 10%",
    "loses 1% to 5%",
    "within 1%",
    "gains 1% to 5%",
    "gains 5% to 10%",
    "gains 10% or more",
)
LEAST = 1_000  # patients; the most affected are named among lists at least so large
FEWEST = 100  # patients; below it a practice is opening or closing, and its change tells nothing: it is set aside


@dataclass(frozen=True)
class Affected:
    """One practice that a contract moves far: its change, and the lines that make most of it, in pounds."""

    code: str
    name: str
    patients: float
    before: float
    after: float
    why: tuple[tuple[str, float], ...]

    @property
    def change(self) -> float:
        """The change as a fraction of what it was."""
        return self.after / self.before - 1 if self.before else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """The practice as plain data, in pounds."""
        why = [{"line": title, "pounds": pounds} for title, pounds in self.why]
        return {
            "code": self.code,
            "name": self.name,
            "patients": self.patients,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "why": why,
        }


@dataclass(frozen=True)
class Winners:
    """How a contract moves practices against another. Each band has its practices and their registered patients.

    set_aside: practices with fewer than 100 patients, or that nothing was paid for before; they are in no band.
    """

    contract: str
    against: str
    practices: Mapping[str, int]
    patients: Mapping[str, float]
    median: float
    affected: tuple[Affected, ...]
    set_aside: int

    def over(self, change: float) -> tuple[int, int]:
        """Practices that lose, and that gain, at least this fraction (0.01, 0.05 or 0.10)."""
        losers = sum(self.practices[b] for b, e in zip(BANDS[:3], EDGES[:3], strict=True) if e <= -change)
        gainers = sum(self.practices[b] for b, e in zip(BANDS[4:], EDGES[3:], strict=True) if e >= change)
        return losers, gainers

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        bands = [{"band": b, "practices": self.practices[b], "patients": self.patients[b]} for b in BANDS]
        return {
            "contract": self.contract,
            "against": self.against,
            "bands": bands,
            "median_change": self.median,
            "most_affected": [a.to_dict() for a in self.affected],
            "set_aside": self.set_aside,
        }


def changes(money: Money, base: Money) -> Numbers:
    """Each practice's change in running money as a fraction of what it was, for the base's practices; NaN where it was nothing.

    A practice that is not among the other's (another year) is NaN too.
    """
    before, after = base.pounds, money.pounds
    if money.frame is not base.frame:
        whole = np.full(len(base.frame.england.codes), np.nan)
        whole[money.frame.members] = after
        after = whole[base.frame.members]
    return np.where(before > 0, after / np.where(before > 0, before, 1) - 1, np.nan)


def winners(money: Money, base: Money, most: int = 20) -> Winners:
    """Practices and patients by change in running money; `most` affected among lists of 1,000 and more."""
    frame = base.frame
    change = changes(money, base)
    known = ~np.isnan(change) & (frame.patients["registered"] >= FEWEST)
    # A boundary belongs to the larger change: a loss of exactly 10% is "10% or more".
    band = np.searchsorted(EDGES[:3], change, side="left") + np.searchsorted(EDGES[3:], change, side="right")
    counts = np.bincount(band[known], minlength=len(BANDS))
    people = np.bincount(band[known], weights=frame.patients["registered"][known], minlength=len(BANDS))
    fair = known & (frame.patients["registered"] >= LEAST)
    ranked = np.argsort(-np.where(fair, np.abs(change), -1), kind="stable")[:most]
    told = _affected([int(i) for i in ranked if fair[i] and change[i]], money, base)
    return Winners(
        money.name,
        base.name,
        {b: int(n) for b, n in zip(BANDS, counts, strict=True)},
        {b: float(n) for b, n in zip(BANDS, people, strict=True)},
        float(np.median(change[known])) if known.any() else float("nan"),
        told,
        int((~known).sum()),
    )


def _affected(which: list[int], money: Money, base: Money) -> tuple[Affected, ...]:
    """Some of the base's practices, with the three lines that make most of each one's change."""
    if not which:
        return ()
    frame, there = base.frame, np.array(which)
    moved: dict[str, Numbers] = {}
    for m, sign in ((base, -1), (money, 1)):
        at = there if m.frame is frame else m.frame.positions(frame.members[there])
        for line in m.lines:
            if line.fund == "running" and line.payee in CARERS:
                moved[line.title] = moved.get(line.title, 0.0) + sign * m.by_line[line.name][at] / 100
    after = money.pounds[at]
    titles, by_line = list(moved), np.stack(list(moved.values()))
    order = np.argsort(-np.abs(by_line), axis=0, kind="stable")[:3]
    told = []
    for j, i in enumerate(which):
        why = tuple((titles[k], float(by_line[k, j])) for k in order[:, j] if abs(by_line[k, j]) >= 0.005)
        patients = float(frame.patients["registered"][i])
        told.append(Affected(frame.codes[i], frame.names[i], patients, float(base.pounds[i]), float(after[j]), why))
    return tuple(told)
