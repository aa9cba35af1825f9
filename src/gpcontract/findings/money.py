"""What each practice's patients bring in under one contract in one year: every line in whole pence, by fund and payee.

Figures per patient leave dispensing out: what a practice that dispenses is paid for drugs is not money for care, and it
falls to rural practices alone. Totals and changes hold all running money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..contracts.result import Line, Result
from .frame import Frame, Numbers

Pence = npt.NDArray[np.int64]
T = TypeVar("T")
APART = "dispensing"  # the chapter that figures per patient leave out
# What boards and owners of buildings are paid is in the bill, and is no money of a practice's patients.
CARERS = ("practice", "network", "provider")


@dataclass(frozen=True)
class Money:
    """One contract's money over the practices of a frame. Totals are of running money to those who care for its patients.

    draw: which draw of the result; 0 is the central estimate.  seen: pence of arrays already rounded.  memo: findings already made.
    """

    name: str
    result: Result
    frame: Frame
    draw: int = 0
    seen: dict[int, tuple[Any, Pence]] = field(default_factory=dict, repr=False, compare=False)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this money."""
        if key not in self.memo:
            self.memo[key] = make()
        made: T = self.memo[key]
        return made

    def against(self, other: Any, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives beside another money or frame, made once for as long as it is the same one."""
        if key not in self.memo or self.memo[key][0] is not other:
            self.memo[key] = other, make()
        made: T = self.memo[key][1]
        return made

    def again(self, result: Result) -> Money:
        """The money of another result of the same contract; lines that did not change are not rounded again."""
        return replace(self, result=result, memo={})

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines in force in the year."""
        return self.result.lines(self.frame.year)

    @cached_property
    def by_line(self) -> Mapping[str, Pence]:
        """Each line's pence, one per practice; 0 where it is not known."""
        return {line.name: self._pence(line.name) for line in self.lines}

    def _pence(self, name: str) -> Pence:
        x = self.result.arrays[name]
        key = id(x)  # an array that an edit did not reach is the same object, and is rounded once
        if key not in self.seen or self.seen[key][0] is not x:
            row = x[min(self.draw, x.shape[0] - 1)]
            row = row[min(self.result.at(self.frame.year), row.shape[0] - 1)]
            row = np.broadcast_to(row, (len(self.frame.england.codes),))[self.frame.members]
            self.seen[key] = x, np.rint(np.nan_to_num(row) * 100).astype(np.int64)
        return self.seen[key][1]

    def of(self, fund: str = "running", payee: str | None = None, measured: bool | None = None) -> Pence:
        """Pence of each practice from one fund; of one payee, or of lines paid on measured achievement, if asked."""
        total = np.zeros(len(self.frame.members), np.int64)
        for line in self.lines:
            if line.fund == fund and payee in (None, line.payee) and measured in (None, line.measured):
                total += self.by_line[line.name]
        return total

    @cached_property
    def running(self) -> Pence:
        """Running money of each practice's patients: what the practice, its network and whoever holds it are paid in a year."""
        total = np.zeros(len(self.frame.members), np.int64)
        for line in self.lines:
            if line.fund == "running" and line.payee in CARERS:
                total += self.by_line[line.name]
        return total

    @cached_property
    def pounds(self) -> Numbers:
        """Running money in pounds."""
        return self.running / 100

    @cached_property
    def sums(self) -> Mapping[str, int]:
        """Each line's national pence."""
        return {name: int(pence.sum()) for name, pence in self.by_line.items()}

    @cached_property
    def care(self) -> Numbers:
        """Running money in pounds without dispensing: what figures per patient are made of."""
        apart = [self.by_line[line.name] for line in self.lines if line.chapter == APART and line.fund == "running"]
        return (self.running - sum(apart)) / 100 if apart else self.pounds

    def measure(self, name: str) -> Numbers:
        """A measure of each practice; an area's figure stands at each of its practices."""
        x = self.result.arrays[name]
        row = x[min(self.draw, x.shape[0] - 1)]
        row = row[min(self.result.at(self.frame.year), row.shape[0] - 1)]
        if row.shape[-1] not in (1, len(self.frame.england.codes)):
            areas = self.frame.england.areas[self.result.plan.rule(name, self.frame.year).level]  # type: ignore[union-attr]
            index = areas.index[min(self.frame.at, areas.index.shape[0] - 1)]
            row = np.where(index < 0, np.nan, row[np.maximum(index, 0)])
        return np.broadcast_to(row, (len(self.frame.england.codes),))[self.frame.members]
