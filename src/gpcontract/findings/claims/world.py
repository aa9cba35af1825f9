"""The world that claims are answered in: one England and year, contracts priced when a claim asks, and figures brought by the asker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ...contracts import Contract, Result, run
from ...contracts.pricing import years_up_to
from ...contracts.reading import names as contract_names
from ...engine.errors import MissingFact
from ...engine.years import year_name
from ...england.facts import Array, England

T = TypeVar("T")
PAYMENTS = "payments (NHS Payments to General Practice)"


@dataclass(frozen=True)
class World:
    """One England in one year.

    year: the last year with payments, unless given.  results: contracts priced already, by name; others are priced when a claim
    needs them.  given: figures that stand in the place of evidence or of this England's own, by input name.
    """

    england: England
    year: int = -1
    results: Mapping[str, Result] = field(default_factory=dict, repr=False)
    given: Mapping[str, float] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.year == -1:
            object.__setattr__(self, "year", max(self.paid_years, default=self.england.years[-1]))
        self.england.year(self.year)  # an error if this England has no such year

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once."""
        if key not in self.memo:
            self.memo[key] = make()
        made: T = self.memo[key]
        return made

    # -- facts of practices --------------------------------------------------------------------------------------

    @property
    def paid_years(self) -> tuple[int, ...]:
        """Years for which payments are published."""
        return self.once(
            "paid years", lambda: tuple(y for y in self.england.years if self.is_known("published_total", y))
        )

    def is_known(self, name: str, year: int) -> bool:
        """Whether a fact is known of anybody in a year."""
        x = self.england.facts.get(name)
        return x is not None and not bool(np.isnan(_year(x, self.england.year(year))).all())

    def members(self, year: int | None = None) -> npt.NDArray[np.bool_]:
        """Which practices had patients in a year: (practice,)."""
        y = self.year if year is None else year
        return self.once(("members", y), lambda: np.nan_to_num(self._row("list_size", y)) > 0)

    def _row(self, name: str, year: int) -> Array:
        x = _year(self.england.fact(name), self.england.year(year))
        return np.broadcast_to(x, (len(self.england.codes),))

    def every(self, name: str, year: int | None = None) -> Array:
        """A fact of every practice, open or not, in a year. Raises MissingFact where nobody published it."""
        y = self.year if year is None else year
        if y not in self.england.years:
            raise MissingFact(f"this England has no {year_name(y)}", expected=f"{PAYMENTS} of {year_name(y)}")
        x = self._row(name, y)
        if np.isnan(x).all():
            where = (
                f"{PAYMENTS} of {year_name(y)}"
                if name.startswith("published_")
                else f"a year in which '{name}' is published"
            )
            raise MissingFact(f"'{name}' is not published for {year_name(y)} in this England", expected=where)
        return x

    def fact(self, name: str, year: int | None = None) -> Array:
        """A fact of the practices with patients in a year; NaN where one's is not known."""
        return self.every(name, year)[self.members(year)]

    def place(self, kind: str) -> npt.NDArray[np.int32]:
        """The area of each practice with patients; -1 where it has none."""
        areas = self.england.areas.get(kind)
        if areas is None:
            raise MissingFact(f"this England does not say which {kind} a practice is in", expected="registrations_map")
        index = areas.index[min(self.england.year(self.year), areas.index.shape[0] - 1)]
        return index[self.members()]

    # -- money ----------------------------------------------------------------------------------------------------

    def paid(self, line: str, year: int | None = None) -> Array:
        """A line as published, in pounds, for practices with patients; 0 where one has none."""
        return np.nan_to_num(self.fact(f"published_{line}", year))

    def paid_in_all(self, line: str, year: int | None = None) -> float:
        """A line as published, added up over every practice paid, open or not."""
        return float(np.nansum(self.every(f"published_{line}", year)))

    def is_published(self, line: str) -> bool:
        """Whether a line is published for the year."""
        return self.is_known(f"published_{line}", self.year)

    def line(self, line: str, contract: str = "national") -> Array:
        """A line as published, else as a contract prices it, for practices with patients; noughts where there is no such line."""
        if contract == "national" and self.is_published(line):
            return self.paid(line)
        result = self.result(contract)
        if line not in {one.name for one in result.lines(self.year)}:
            return np.zeros(int(self.members().sum()))
        return np.nan_to_num(result.amounts(line)[0, result.at(self.year)][self.members()])

    # -- contracts ------------------------------------------------------------------------------------------------

    def contract(self, name: str) -> Contract:
        """A contract in its steady state. Raises MissingFact where there is none of the name."""
        if name in self.results:
            return self.results[name].contract
        if name not in contract_names():
            raise MissingFact(f"the contract '{name}' is not here", expected=f"contracts/{name}.yaml")
        return self.once(("contract", name), lambda: Contract.load(name))

    def result(self, contract: str = "national") -> Result:
        """A contract priced for the year, in its steady state. Raises MissingFact where there is no such contract."""
        if contract in self.results:
            return self.results[contract]
        return self.once(("result", contract), lambda: self._priced(self.contract(contract)))

    def _priced(self, contract: Contract) -> Result:
        """The contract with the years that it looks back on, as a comparison prices it."""
        return run(contract, self.england, years_up_to(contract, self.england, self.year))

    def bill(self, contract: str = "national", fund: str = "running") -> float:
        """The bill of a contract in pounds."""
        return self.once(("bill", contract, fund), lambda: self.result(contract).bill(self.year).of_fund(fund) / 100)

    def measure(self, contract: str, name: str) -> Array:
        """A measure of a contract for practices with patients. Raises MissingFact where the contract has none of that name."""
        result = self.result(contract)
        if name not in result.measures:
            raise MissingFact(
                f"the contract '{contract}' has no measure '{name}' on this England",
                expected=result.unpriced.get(
                    name, f"a rule with this measure; it has {', '.join(result.measures) or 'none'}"
                ),
            )
        return np.asarray(result.amounts(name)[0, result.at(self.year)][self.members()])


def _year(x: Array, at: int) -> Array:
    """One year of a fact: (practice,)."""
    return x[0, min(at, x.shape[-2] - 1)]
