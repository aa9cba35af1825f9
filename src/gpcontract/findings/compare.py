"""Contracts side by side on one England, in the same year and in steady state: every finding, made when first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from ..contracts import Contract, Result, names, rerun, run
from ..contracts.pricing import looked_back_on, years_up_to
from ..engine.edits import Edit, Reform
from ..engine.errors import InputError
from ..engine.years import parse_year, year_name
from ..england.facts import England
from . import bill as bills
from .bill import Bill
from .equity import Slope, equity
from .exposure import Exposures, exposure
from .frame import DENOMINATORS, GROUPS, Frame
from .holders import Holder, holders
from .income import Income, income
from .measures import Measure, measures
from .money import Money
from .outcomes import Measured, outcomes
from .spread import Spread, spread
from .volatility import Volatility, volatility
from .winners import Winners, winners

FILES = (".yaml", ".yml", ".json")
FIVE = (
    "rising_to_the_challenge",
    "securing_the_future",
    "primary_care_reform",
    "at_your_service",
    "hewitt_review",
)


@dataclass(frozen=True)
class Comparison:
    """Some contracts over one England. The first is what the others are compared with, and its year is the comparison's.

    Findings are properties, made once: `bill`, `winners`, `equity`, `spread`, `holders`, `measures`,
    `outcomes`, `volatility`, `exposure`, and `income(kind)`.
    """

    england: England
    year: int
    moneys: tuple[Money, ...]
    timeline: bool = False
    full: dict[str, Result] = field(default_factory=dict, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Comparison({', '.join(self.names)}; {year_name(self.year)}, {self.england.title})"

    @property
    def names(self) -> tuple[str, ...]:
        """The contracts, as they are called here; the first is the base."""
        return tuple(m.name for m in self.moneys)

    @property
    def base(self) -> Money:
        """The contract that the others are compared with."""
        return self.moneys[0]

    @property
    def frame(self) -> Frame:
        """The practices of the year."""
        return self.base.frame

    def money(self, name: str) -> Money:
        """One contract's money."""
        for m in self.moneys:
            if m.name == name:
                return m
        raise InputError(f"'{name}' is not compared here", expected=", ".join(self.names))

    def contract(self, name: str) -> Contract:
        """One of the contracts."""
        return self.money(name).result.contract

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What each contract is called in full, with the year or the edits where they are its own."""
        made: dict[str, str] = {}
        for i, m in enumerate(self.moneys, 1):
            title = _title(m, self.year)
            made[m.name] = f"{title} ({i})" if title in made.values() else title
        return made

    @cached_property
    def lacking(self) -> Mapping[str, tuple[str, ...]]:
        """Lines of each contract that are not published of anybody in its year, and so are in no figure.

        First those that were most in the years that have them.
        """
        known = {n: np.nansum(x[0], -1).max() for n, x in self.england.facts.items() if n.startswith("published_")}
        made = {}
        for m in self.moneys:
            at, everybody = m.frame.year, len(m.frame.members)
            none = (line for line in m.lines if not m.sums[line.name])
            lines = [line for line in none if m.result.unknown(line.name, at).sum() == everybody]
            lines.sort(key=lambda line: -known.get(f"published_{line.name}", 0.0))
            made[m.name] = tuple(line.title for line in lines)
        return made

    @cached_property
    def bill(self) -> Bill:
        """The bills by line and payee."""
        return bills.bill(self.moneys)

    @cached_property
    def winners(self) -> Mapping[str, Winners]:
        """Who gains and who loses under each contract against the first."""
        base = self.base
        return {m.name: m.against(base, "winners", partial(winners, m, base)) for m in self.moneys[1:]}

    @cached_property
    def equity(self) -> tuple[Slope, ...]:
        """Slopes by deprivation."""
        return equity(self.moneys)

    @cached_property
    def spread(self) -> tuple[Spread, ...]:
        """Spread between boards, and what floors narrow it."""
        return spread(self.moneys)

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """Who holds the lists and the money."""
        return holders(self.moneys)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What the contracts do that is not money."""
        return measures(self.moneys)

    @cached_property
    def outcomes(self) -> Measured:
        """Money on measured achievement, and how much of it is signal by list size."""
        return outcomes(self.moneys)

    @cached_property
    def volatility(self) -> Volatility:
        """Yearly change of income by list size, published and under each contract."""
        return volatility(self.moneys)

    @cached_property
    def exposure(self) -> Exposures:
        """Who bears what if the year goes wrong."""
        return exposure(self.moneys)

    @property
    def state(self) -> str:
        """How far the proposals have come, in words."""
        if self.timeline:
            return "timeline: each mechanism as far as its dates have come by the year"
        return "steady state: every mechanism wholly in force"

    def income(self, kind: str) -> Income:
        """Running money by the groups of one kind; see `frame.GROUPS`."""
        if kind not in self.frame.groups:
            raise InputError(f"this England has no groups by '{kind}'", expected=", ".join(self.frame.groups))
        return income(self.moneys, kind)

    def kept(self, name: str) -> Result:
        """A contract's result with every step kept, from which edits start; run once."""
        if name not in self.full:
            m = self.money(name)
            self.full[name] = run(m.result.contract, m.result.england, m.result.years, keep="all")
            self.full[name].lines(m.frame.year)  # told once, and kept by edits that do not reach them
        return self.full[name]

    def edited(self, name: str, reform: Reform | Edit) -> Comparison:
        """The same comparison with more edits on one contract; only what they reach is priced again."""
        reform = Reform.of(reform) if isinstance(reform, Edit) else reform
        old = self.money(name)
        new = old.again(rerun(self.kept(name), reform))
        return replace(self, moneys=tuple(new if m is old else m for m in self.moneys), full={})

    def to_dict(self) -> dict[str, Any]:
        """All findings as plain data, with what every output shows."""
        return {
            "england": self.england.title,
            "synthetic": self.england.is_synthetic,
            "year": year_name(self.year),
            "state": self.state,
            "contracts": [
                {
                    "name": m.name,
                    "title": self.titles[m.name],
                    "proposer": m.result.contract.proposer,
                    "hash": m.result.contract.hash,
                    "edits": m.result.contract.reform.hash if m.result.contract.reform else None,
                    "assumed": list(m.result.assumed(m.frame.year)),
                    "unpriced": dict(m.result.unpriced),
                    "not_published": list(self.lacking[m.name]),
                }
                for m in self.moneys
            ],
            "denominators": {d: DENOMINATORS[d] for d in self.frame.patients},
            "bill": self.bill.to_dict(),
            "winners": [w.to_dict() for w in self.winners.values()],
            "income": {kind: self.income(kind).to_dict() for kind in self.frame.groups},
            "equity": [s.to_dict() for s in self.equity],
            "spread": [s.to_dict() for s in self.spread],
            "holders": [h.to_dict() for h in self.holders],
            "measures": [m.to_dict() for m in self.measures],
            "outcomes": self.outcomes.to_dict(),
            "volatility": self.volatility.to_dict(),
            "exposure": self.exposure.to_dict(),
        }


def compare(
    contracts: Sequence[str | Path | Contract | tuple[Contract, int]] | None = None,
    england: England | None = None,
    year: int | str = 2024,
    *,
    reform: Reform | Edit | None = None,
    timeline: bool = False,
) -> Comparison:
    """Contracts side by side; the national contract and the five proposals by default, on the synthetic England.

    A contract is a name, a YAML file or a Contract; 'national@2019/20', or a Contract with a year, is priced in a year of its
    own. Two that are the same contract in the same year are told apart by the edits' hash, or by their place. reform: edits
    of every contract but the first.  timeline: as far as each proposal has come by the year, not its steady state.

    Rules look back: an England of one year alone starts from what can be told without those before it, and its figures are not
    those of an England that has them. Without an England: the synthetic one, with the years that are looked back on.
    """
    year = parse_year(year) if isinstance(year, str) else year
    wanted = [*contracts] if contracts else ["national", *(n for n in FIVE if n in names())]
    reform = Reform.of(reform) if isinstance(reform, Edit) else reform
    parts = [_of(one, year) for one in wanted]
    year = parts[0][1]
    if england is None:
        england = England.synthetic(1, tuple(sorted({y for c, at in parts for y in looked_back_on(c, at)})))
    frames: dict[int, Frame] = {}
    moneys: list[Money] = []
    for i, (contract, at) in enumerate(parts):
        if timeline:
            contract = contract.dated()
        if reform and i:
            contract = contract.with_reform(reform)
        years = years_up_to(contract, england, at)
        frame = frames.setdefault(at, Frame.of(england, at))
        name = contract.name if at == year else f"{contract.name}@{year_name(at)}"
        if any(m.name == name for m in moneys) and contract.reform:
            name = f"{name}+{contract.reform.hash}"
        if any(m.name == name for m in moneys):
            name = f"{name} ({i + 1})"
        moneys.append(Money(name, run(contract, england, years), frame))
    return Comparison(england, year, tuple(moneys), timeline)


def _of(one: str | Path | Contract | tuple[Contract, int], year: int) -> tuple[Contract, int]:
    """A contract, and the year it is priced in where it names one of its own."""
    if isinstance(one, tuple):
        return one
    if isinstance(one, Contract):
        return one, year
    name, reforms, own = read_name(str(one))
    if reforms:
        raise InputError(f"'{one}' carries a reform", expected="Contract.load(name).with_reform(reform)")
    return Contract.load(name), year if own is None else own


def read_name(text: str) -> tuple[str, tuple[str, ...], int | None]:
    """A contract as people name one, in its parts: 'national+my.json@2019/20' is national, my.json and 2019.

    The name of a file that is there is the file's, whatever is in it.
    """
    if Path(text).is_file():
        return text, (), None
    named, at, own = text.rpartition("@")
    if not at or own.endswith(FILES):  # an @ of the path, not of a year
        named, own = text, ""
    elif not own:
        raise InputError(f"'{text}' ends in @ and names no year", expected=f"{named}@2019/20")
    name, *reforms = [named] if Path(named).is_file() else named.split("+")
    if not all(reforms):
        raise InputError(f"'{text}' has a + and no reform after it", expected=f"{name}+my.json, or {name}+HASH")
    return name, tuple(reforms), parse_year(own) if own else None


def _title(m: Money, year: int) -> str:
    contract = m.result.contract
    said = contract.title if m.frame.year == year else f"{contract.title}, {year_name(m.frame.year)}"
    return f"{said} + {contract.reform.hash}" if contract.reform else said


__all__ = ["FIVE", "GROUPS", "Comparison", "compare"]
