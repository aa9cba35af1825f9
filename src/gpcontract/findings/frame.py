"""The frame of a comparison: the practices of one year, how many patients each has by each count, and the groups they fall in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..england.facts import England

Numbers = npt.NDArray[np.float64]
SIZES = (3_000, 6_000, 10_000, 15_000, 20_000)  # patients; bands of list size, as findings show them
FIFTHS = ("1, most deprived", "2", "3", "4", "5, least deprived")
DENOMINATORS = {
    "registered": "registered patient",
    "weighted": "Carr-Hill weighted patient",
    "need": "need-weighted patient (primary medical care formula of the allocations)",
}
GROUPS = {
    "region": "Region",
    "board": "Board",
    "network": "Network",
    "deprivation": "Deprivation fifth",
    "size": "List size",
    "rural": "Rural or urban",
    "contract": "Type of contract",
}


@dataclass(frozen=True)
class Group:
    """One way to divide the practices. index: position of each practice's label; -1 where it has none."""

    kind: str
    title: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    index: npt.NDArray[np.intp]

    @cached_property
    def place(self) -> dict[str, int]:
        """Position of each label, by its code."""
        return {c: i for i, c in enumerate(self.codes)}

    def sums(self, x: Numbers) -> Numbers:
        """The sum of x over each label: (practice,) -> (label,). Practices with no label are in none."""
        n = len(self.codes)
        sums: Numbers = np.bincount(np.where(self.index < 0, n, self.index), weights=x, minlength=n + 1)[:n].astype(
            float
        )
        return sums


@dataclass(frozen=True)
class Frame:
    """The practices open in a year, their patients by each count, and their groups; the same for every contract compared."""

    england: England
    year: int
    members: npt.NDArray[np.intp]

    @classmethod
    def of(cls, england: England, year: int) -> Frame:
        """The frame of an England in a year."""
        return cls(england, year, np.flatnonzero(england.open[england.year(year)]))

    @property
    def at(self) -> int:
        """Position of the year on the year axis of the facts."""
        return self.england.year(self.year)

    def positions(self, members: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Where practices of the frame stand in it, by their positions in England."""
        return np.searchsorted(self.members, members)

    def fact(self, name: str) -> Numbers | None:
        """A fact of each practice in the year; None where this England does not hold it."""
        x = self.england.facts.get(name)
        return None if x is None else self.cut(x[0], self.at)

    def cut(self, x: npt.NDArray[np.float64], at: int) -> Numbers:
        """One year of a (year, practice) array, for the practices of the frame."""
        row = x[min(at, x.shape[0] - 1)]
        return np.broadcast_to(row, (len(self.england.codes),))[self.members]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """ODS codes of the practices."""
        return tuple(self.england.codes[i] for i in self.members)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the practices; their codes where no names are known."""
        names = self.england.labels.get("name")
        return self.codes if names is None else tuple(names[i] for i in self.members)

    @cached_property
    def patients(self) -> Mapping[str, Numbers]:
        """Patients of each practice by each denominator that this England knows, all with the same national sum.

        A practice without a published weighted list is counted at its registered list times England's ratio.
        """
        registered = np.nan_to_num(self.cut(self.england.fact("list_size")[0], self.at))
        made = {"registered": registered}
        for name, source in (("weighted", "weighted_list_published"), ("need", "primary_care_weighted_list")):
            x = self.fact(source)
            if x is None or not np.nansum(x) > 0:
                continue
            known = ~np.isnan(x)
            ratio = x[known].sum() / max(registered[known].sum(), 1)
            filled = np.where(known, np.nan_to_num(x), registered * ratio)
            made[name] = filled * registered.sum() / filled.sum()
        return made

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Every way to divide the practices that this England knows."""
        made = {}
        for kind in ("region", "board", "network"):
            areas = self.england.areas.get(kind)
            if areas is not None:
                index = areas.index[min(self.at, areas.index.shape[0] - 1), self.members]
                here = np.unique(index[index >= 0])
                moved = np.full(len(areas.codes) + 1, -1, np.intp)
                moved[here] = np.arange(len(here))
                codes, names = (tuple(of[i] for i in here) for of in (areas.codes, areas.names))
                made[kind] = Group(kind, GROUPS[kind], codes, names, moved[index])
        fifth = self.fact("deprivation_fifth")
        if fifth is not None:
            index = np.where(np.isnan(fifth), -1, np.nan_to_num(fifth, nan=0) - 1).astype(np.intp)
            made["deprivation"] = Group("deprivation", GROUPS["deprivation"], tuple("12345"), FIFTHS, index)
        edges = (0, *SIZES)
        labels = (
            f"under {SIZES[0]:,}",
            *(f"{a:,} to {b - 1:,}" for a, b in pairwise(SIZES)),
            f"{SIZES[-1]:,} and over",
        )
        size = np.digitize(self.patients["registered"], edges[1:])
        made["size"] = Group("size", GROUPS["size"], tuple(str(e) for e in edges), labels, size)
        rural = self.fact("rural")
        if rural is not None:
            made["rural"] = Group(
                "rural", GROUPS["rural"], ("urban", "rural"), ("Urban", "Rural"), (rural > 0).astype(np.intp)
            )
        kinds = [self.fact(f"on_{k}") for k in ("gms", "pms", "apms")]
        if all(k is not None for k in kinds):
            stacked = np.nan_to_num(np.stack([k for k in kinds if k is not None]))
            index = np.where(stacked.max(0) > 0, stacked.argmax(0), -1)
            made["contract"] = Group(
                "contract", GROUPS["contract"], ("gms", "pms", "apms"), ("GMS", "PMS", "APMS"), index
            )
        return made

    @cached_property
    def _people(self) -> dict[str, Mapping[str, Numbers]]:
        return {}

    def people(self, kind: str) -> Mapping[str, Numbers]:
        """Practices, and patients by each denominator, of the groups of a kind; made once."""
        if kind not in self._people:
            group = self.groups[kind]
            counts = {"practices": group.sums(np.ones(len(self.members)))}
            self._people[kind] = counts | {d: group.sums(x) for d, x in self.patients.items()}
        return self._people[kind]

    @cached_property
    def deprivation_rank(self) -> Numbers | None:
        """Where each practice's patients stand by deprivation, from 0 (least) to 1 (most deprived); NaN where not known.

        The midpoint of its share of England's registered patients, ordered by score.
        """
        score = self.fact("deprivation_score")
        if score is None:
            return None
        registered = np.where(np.isnan(score), 0.0, self.patients["registered"])
        order = np.argsort(np.where(np.isnan(score), np.inf, score), kind="stable")
        upto = np.cumsum(registered[order])
        rank = np.full(len(score), np.nan)
        rank[order] = (upto - registered[order] / 2) / max(upto[-1], 1)
        rank[np.isnan(score)] = np.nan
        return rank
