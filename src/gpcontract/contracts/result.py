"""What a run gives: lines, totals, bills and statements. The ledger is in whole pence, so that parts add to the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, nearest
from ..engine.plan import Plan
from ..engine.rules import Rule
from ..engine.years import span_name, year_name
from ..england.facts import Array, England

if TYPE_CHECKING:
    import polars as pl

    from .contract import Contract

Pence = npt.NDArray[np.int64]
ASIDE = {"moved": "moved in", "once": "paid once", "elsewhere": "in other budgets"}  # funds beside running money
AREA_KINDS = ("region", "board", "sub_board", "network")


@dataclass(frozen=True)
class Line:
    """One kind of payment. how: computed, modelled or carried; assumed: values it rests on that nobody published."""

    name: str
    title: str
    chapter: str
    payee: str
    how: str
    clause: str
    assumed: tuple[str, ...] = ()
    fund: str = "running"
    measured: bool = False

    @property
    def to(self) -> str:
        """Whom it is paid to, and the fund where that is not running money: 'network, moved in'."""
        return f"{self.payee}, {ASIDE[self.fund]}" if self.fund in ASIDE else self.payee

    @property
    def made(self) -> str:
        """How it is made, as outputs show it: 'modelled, assumed'."""
        return f"{self.how}, assumed" if self.assumed else self.how


@dataclass(frozen=True)
class Subject:
    """Who a statement is of: one practice, the practices of an area, or England. members: positions of practices."""

    kind: str
    code: str
    name: str
    members: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Amount:
    """One line of a bill or a statement, in whole pence. unknown: practices for which it was not published."""

    line: Line
    pence: int
    practices: int
    unknown: int

    @property
    def pounds(self) -> float:
        return self.pence / 100


@dataclass(frozen=True)
class Statement:
    """All lines of one subject in one year. Totals are of running money; what is moved in or paid once stands apart."""

    subject: Subject
    year: int
    amounts: tuple[Amount, ...]
    list_size: float
    weighted_list: float | None
    unpriced: Mapping[str, str]

    def paid_to(self, payee: str, fund: str = "running") -> int:
        """Pence paid to practices, networks, providers, boards or owners, from one fund."""
        return sum(a.pence for a in self.amounts if a.line.payee == payee and a.line.fund == fund)

    def of_fund(self, fund: str) -> int:
        """Pence from one fund: running, moved, once or elsewhere."""
        return sum(a.pence for a in self.amounts if a.line.fund == fund)

    @property
    def totals(self) -> tuple[tuple[str, int], ...]:
        """Each payee with its pence, running money first and then what stands apart, as `Line.to` names them."""
        kinds = dict.fromkeys((a.line.fund, a.line.payee, a.line.to) for a in self.amounts)
        order = ("running", *ASIDE)
        found = sorted(kinds, key=lambda k: order.index(k[0]))
        return tuple((to, self.paid_to(payee, fund)) for fund, payee, to in found)

    @property
    def total(self) -> int:
        """Pence of running money paid to all."""
        return self.of_fund("running")

    @property
    def paid(self) -> tuple[Amount, ...]:
        """The lines in which something was paid, running money first."""
        return tuple(sorted((a for a in self.amounts if a.pence), key=lambda a: a.line.fund != "running"))

    @property
    def lacking(self) -> tuple[Amount, ...]:
        """The lines that are not published of anybody here, and are in no total."""
        return tuple(a for a in self.amounts if not a.pence and a.unknown and a.unknown == len(self.subject.members))


@dataclass(frozen=True)
class Result:
    """A priced contract. `arrays` holds every line (draw, year, practice) and what else was asked for."""

    contract: Contract
    england: England
    years: tuple[int, ...]
    plan: Plan
    arrays: Mapping[str, Any]
    leaves: Mapping[str, Any]
    draws: int = 1
    seed: int = 1

    def __repr__(self) -> str:
        edits = f" + {self.contract.reform.hash}" if self.contract.reform else ""
        return f"Result({self.contract.name}{edits}, {self.england.title}, {span_name(self.years)}, {len(self.line_names)} lines)"

    def at(self, year: int) -> int:
        """Position of a year on the year axis."""
        if year not in self.years:
            raise InputError(f"{year!r} was not priced", expected=f"the first year of one in {span_name(self.years)}")
        return self.years.index(year)

    # -- lines -------------------------------------------------------------------------------------------------

    @property
    def line_names(self) -> tuple[str, ...]:
        """The lines that were priced."""
        return tuple(n for n in self.plan.targets if n in self._paid)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that were worked out."""
        return tuple(n for n in self.plan.targets if n not in self._paid)

    @cached_property
    def _paid(self) -> frozenset[str]:
        return frozenset(self.contract.lines)

    @property
    def unpriced(self) -> Mapping[str, str]:
        """Lines and measures that could not be worked out, each with the fact that is missing."""
        return self.plan.unpriced

    def line(self, name: str, year: int) -> Line:
        """What a line is, and how it is made in a year."""
        if name not in self._rules:
            raise InputError(f"there is no line '{name}'", hint=nearest(name, self.line_names))
        if (name, year) not in self._told:
            self._told[name, year] = self._line(name, year)
        return self._told[name, year]

    def _line(self, name: str, year: int) -> Line:
        chosen = self.plan.rule(name, year) or self._rules[name]
        rests = self._rests_on.get(name, frozenset())
        how = self._how(chosen, rests, year)
        assumed = tuple(v for v in self.assumed(year) if v in rests and how != "carried")
        told = name, chosen.line or name, chosen.chapter, chosen.payee, how, chosen.clause, assumed
        return Line(*told, chosen.fund, chosen.measured)

    @cached_property
    def _told(self) -> dict[tuple[str, int], Line]:
        return {}

    def again(
        self, contract: Contract, arrays: Mapping[str, Any], leaves: Mapping[str, Any], edited: Collection[str]
    ) -> Result:
        """The same plan and England after some values were edited; what is known of lines they do not reach is kept."""
        made = replace(self, contract=contract, arrays=arrays, leaves=leaves)
        for name in ("_rests_on", "_published", "_rules", "_paid", "_positions", "_assumed", "_inferred"):
            made.__dict__[name] = getattr(self, name)
        apart = {k: x for k, x in self._told.items() if self._rests_on.get(k[0], frozenset()).isdisjoint(edited)}
        made.__dict__["_told"] = apart
        return made

    def _how(self, rule: Rule, rests: frozenset[str], year: int) -> str:
        """How a line is made: carried only where its publication stands as it is, computed only on what is known.

        A rule that falls back on the publication practice by practice says so: 'computed or carried'.
        """
        if rule.how == "carried":
            edited = any(e.value in rests and e.reaches(year) for e in self.contract.value_edits)
            return "modelled" if edited or year not in self._published else "carried"
        how = "modelled" if self.inferred(rule.name) else rule.how
        return f"{how} or carried" if any(n.startswith("published_") for n in rule.needs) else how

    def inferred(self, name: str) -> bool:
        """Whether a name of the plan rests on a fact that is inferred or modelled."""
        return not self._inferred.isdisjoint(self._rests_on.get(name, ()))

    @cached_property
    def _inferred(self) -> frozenset[str]:
        """The facts that are inferred or modelled."""
        return frozenset(n for n, of in self.england.provenance.items() if of.status in ("inferred", "modelled"))

    @cached_property
    def explained(self) -> dict[tuple[str, int], Any]:
        """What `explain` has read in each year that is the same for every subject: values with their sources."""
        return {}

    @cached_property
    def _published(self) -> frozenset[int]:
        """Years for which payments are published; in the others nothing can be carried, only modelled."""
        facts = [x[0] for n, x in self.england.facts.items() if n.startswith("published_")]
        known = [any(not np.isnan(x[min(i, x.shape[0] - 1)]).all() for x in facts) for i in range(len(self.years))]
        return frozenset(y for y, has in zip(self.years, known, strict=True) if has)

    @cached_property
    def _rests_on(self) -> dict[str, frozenset[str]]:
        """The values and facts that each name of the plan rests on."""
        found: dict[str, frozenset[str]] = {}
        for step in self.plan.steps:
            parts = (found.get(n, frozenset({self.contract.plain(n)})) for n in step.needs)
            rests = frozenset().union(*parts)
            found |= dict.fromkeys(step.name.split("+"), rests)
        return found

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        """The first rule of each name."""
        return {r.name: r for r in reversed(self.contract.rules)}

    def amounts(self, name: str) -> Array:
        """A line in pounds, (draw, year, practice); NaN where it was not published."""
        shape = (self.draws, len(self.years), len(self.england.codes))
        if name not in self.arrays:
            raise InputError(f"'{name}' was not kept", hint=nearest(name, self.arrays) or "name it in keep=")
        return np.broadcast_to(self.arrays[name], np.broadcast_shapes(self.arrays[name].shape, (1, *shape[1:])))

    def pence(self, name: str, year: int, members: Any = slice(None)) -> Pence:
        """A line's central amounts in whole pence, one per practice or per member; 0 where it is not known or not open."""
        pounds = self.amounts(name)[0, self.at(year), members]
        return np.rint(np.nan_to_num(pounds) * 100).astype(np.int64)

    def unknown(self, name: str, year: int) -> npt.NDArray[np.bool_]:
        """Open practices whose line was not published in a year."""
        return np.isnan(self.amounts(name)[0, self.at(year)]) & self.open(year)

    def open(self, year: int) -> npt.NDArray[np.bool_]:
        """Practices open at all in a year."""
        return self.england.open[self.at(year)]

    def lines(self, year: int) -> tuple[Line, ...]:
        """The lines in force in a year, in the contract's order."""
        paid = ((n, self.plan.rule(n, year)) for n in self.line_names)
        return tuple(self.line(n, year) for n, rule in paid if rule is not None and rule.line)

    def total(self, year: int, payee: str | None = None) -> Pence:
        """Running money of each practice in a year, in pence; of one payee ('practice', 'network') if asked."""
        out = np.zeros(len(self.england.codes), np.int64)
        for line in self.lines(year):
            if payee in (None, line.payee) and line.fund == "running":
                out += self.pence(line.name, year)
        return out

    # -- who ---------------------------------------------------------------------------------------------------

    def subject(self, text: str, year: int) -> Subject:
        """A practice, network, board, sub-board or region by code, or 'England'."""
        wanted = text.strip()
        is_open = self.open(year)
        if wanted.lower() == "england":
            return Subject("nation", "ENG", "England", np.flatnonzero(is_open))
        code = wanted.upper()
        if code in self._positions:
            at = self._positions[code]
            if not is_open[at]:
                raise InputError(
                    f"practice {code} was not open in {year_name(year)}", hint=f"it was open in {self._open_years(at)}"
                )
            names = self.england.labels.get("name")
            return Subject("practice", code, names[at] if names else code, np.array([at]))
        for kind in AREA_KINDS:
            areas = self.england.areas.get(kind)
            if areas is not None and code in areas.codes:
                at = areas.codes.index(code)
                index = areas.index[min(self.at(year), areas.index.shape[0] - 1)]
                members = np.flatnonzero((index == at) & is_open)
                if not len(members):
                    raise InputError(
                        f"no open practice was in {code} ({areas.names[at]}) in {year_name(year)}",
                        expected=f"a {kind.replace('_', '-')} that practices were in that year",
                    )
                return Subject(kind, code, areas.names[at], members)
        known = [
            *self._positions,
            *(c for k in AREA_KINDS if k in self.england.areas for c in self.england.areas[k].codes),
        ]
        raise InputError(
            f"nobody in this England is called '{text}'",
            expected="the code of a practice, network, board or region, or England",
            hint=nearest(code, known),
        )

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {c: i for i, c in enumerate(self.england.codes)}

    def _open_years(self, at: int) -> str:
        return span_name(y for y in self.years if self.open(y)[at])

    # -- readings ----------------------------------------------------------------------------------------------

    def statement(self, text: str, year: int) -> Statement:
        """The statement of a practice, an area or England."""
        subject = self.subject(text, year)
        at, members = self.at(year), subject.members
        amounts = []
        for line in self.lines(year):
            pence = self.pence(line.name, year, members)
            unknown = int(self.unknown(line.name, year)[members].sum())
            amounts.append(Amount(line, int(pence.sum()), int((pence != 0).sum()), unknown))
        weighted = self.england.facts.get("weighted_list_published")
        lists = self.england.fact("list_size")[0]
        return Statement(
            subject,
            year,
            tuple(amounts),
            float(np.nansum(lists[min(at, lists.shape[0] - 1)][members])),
            None if weighted is None else float(np.nansum(weighted[0, min(at, weighted.shape[1] - 1)][members])),
            {
                n: lack
                for n, lack in self.unpriced.items()
                if any(r.in_force(year) for r in self.contract.rules if r.name == n)
            },
        )

    def bill(self, year: int) -> Statement:
        """The national bill by line."""
        return self.statement("England", year)

    def to_frame(self, year: int | None = None) -> pl.DataFrame:
        """Every practice and year as a polars DataFrame: who and where, lists, each line in pounds, totals by payee."""
        import polars as pl

        frames = []
        for y in (year,) if year is not None else self.years:
            at, members = self.at(y), np.flatnonzero(self.open(y))
            columns: dict[str, Any] = {
                "year": [year_name(y)] * len(members),
                "practice": [self.england.codes[i] for i in members],
            }
            if "name" in self.england.labels:
                columns["name"] = [self.england.labels["name"][i] for i in members]
            for kind in AREA_KINDS:
                if kind in self.england.areas:
                    columns[kind] = [self.england.areas[kind].of(int(i), at) for i in members]
            for name in ("list_size", "weighted_list_published"):
                if name in self.england.facts:
                    x = self.england.facts[name][0]
                    columns[name] = x[min(at, x.shape[0] - 1)][members]
            totals: dict[str, Any] = {}
            for line in self.lines(y):
                pence = self.pence(line.name, y, members)
                totals[line.payee] = totals.get(line.payee, 0) + pence
                columns[line.name] = np.where(self.unknown(line.name, y)[members], np.nan, pence / 100)
            for payee, pence in totals.items():
                columns[f"total_{payee}"] = pence / 100
            frames.append(pl.DataFrame(columns))
        return pl.concat(frames, how="diagonal")

    def facts_of(self) -> dict[str, str]:
        """What every output shows: which England, which contract, the edits in words with their hash, the denominator."""
        reform = self.contract.reform
        return {
            "england": self.england.title,
            "contract": self.contract.title,
            "edits": reform.hash if reform else "none",
            "edits_in_words": "; ".join(e.said for e in reform.edits) if reform else "as settled",
            "years": span_name(self.years),
            "denominator": "registered patients, average of the year",
        }

    def assumed(self, year: int) -> tuple[str, ...]:
        """Values in use in a year that are assumed, not published."""
        if year not in self._assumed:
            used = {self.contract.plain(n) for n in self.plan.leaves} & self.contract.values.keys()
            self._assumed[year] = tuple(sorted(n for n in used if self.contract.assumes(n, year)))
        return self._assumed[year]

    @cached_property
    def _assumed(self) -> dict[int, tuple[str, ...]]:
        return {}
