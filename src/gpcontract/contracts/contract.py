"""A contract: chapters in force over years, with the edits that make it this contract and not another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .. import chapters as chapter_room
from ..engine.draws import drawn, drawn_edit
from ..engine.edits import AddChapter, DropChapter, Reform, ReplaceRule, ValueEdit, apply
from ..engine.errors import EditClash, LoadError, UnknownName, UnusedValue, nearest
from ..engine.plan import Plan
from ..engine.rules import LAG, Rule, outside_years, within_years
from ..engine.values import FOREVER, Source, Value
from ..engine.years import year_name, year_of
from ..england.facts import catalogue
from .mechanisms import Mechanism, in_full, on_timeline

SETTLED = "settled_"  # a value as the settlement had it, before any edit
BEFORE = "_before"  # what a lagged quantity was before the first year
AREAS = ("network", "sub_board", "board", "region")


@dataclass(frozen=True)
class Contract:
    """Rules and values in force over years.

    design: the edits of its own file, `fixed` those that are no mechanism's.  reform: edits that a user adds; they come
    after and may change what the design set.  root: the contract before its mechanisms.  memo: plans and arrays made once.
    reading: how to take what it changes, and patients: what these would notice, both in words for anybody.
    """

    name: str
    title: str
    about: str
    proposer: str
    years: tuple[int, ...]
    chapters: tuple[str, ...]
    rules: tuple[Rule, ...] = field(repr=False)
    values: dict[str, Value] = field(repr=False)
    sources: dict[str, Source] = field(repr=False)
    reform: Reform = field(default_factory=Reform)
    published: str = ""
    mechanisms: tuple[Mechanism, ...] = field(default=(), repr=False)
    design: Reform = field(default_factory=Reform, repr=False)
    fixed: Reform = field(default_factory=Reform, repr=False)
    reading: str = ""
    patients: str = ""
    root: Contract | None = field(default=None, repr=False, compare=False)
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, name: str | Path) -> Contract:
        """A contract by its name, or from a YAML file of your own; a mistake is an error here, with its line.

        A proposal is loaded in its steady state: every mechanism wholly in force in all years. `dated` follows its timeline.
        """
        from .reading import load

        return load(name)

    def check(self) -> None:
        """Fail on unknown names, circles, clashing rules, and values that no rule reads."""
        made = {r.name for r in self.rules}
        known = self.known
        read: set[str] = set()
        for r in self.rules:
            for need in r.needs:
                base = need[len(LAG) :] if need.startswith(LAG) and need not in known else need
                if base not in made and base not in known:
                    raise UnknownName(
                        f"rule '{r.name}' needs '{need}', which no rule, value or fact is called",
                        file=r.file,
                        line=r.at_line,
                        expected="the name of a rule, a value of the contract's chapters, or a fact of england/facts.yaml",
                        hint=nearest(base, [*made, *known]),
                    )
                read.add(self.plain(need))
        for value in self.values.values():
            if value.name not in read:
                raise UnusedValue(
                    f"no rule reads the value '{value.name}'",
                    file=value.file,
                    line=value.line,
                    expected="a rule with an argument of this name",
                    hint=nearest(value.name, read),
                )
        self._cover(Plan(self.rules, sorted(made), self.years, known))

    def _cover(self, plan: Plan) -> None:
        """Fail where a rule reads a value in a year that it is not known for, or the contract outlives all its values."""
        for name, years in plan.years_read.items():
            value = self.values.get(self.plain(name))
            if value is not None and not name.startswith(LAG):
                for year in {min(years), max(years)}:
                    value.in_year(year)
        ends = [e.last for v in self.values.values() for e in v.entries if e.status != "superseded"]
        if ends and self.years[-1] > year_of(max(ends)) and FOREVER not in ends:
            raise LoadError(
                f"the contract '{self.name}' runs to {year_name(self.years[-1])}, and no value is known after {year_name(year_of(max(ends)))}",
                expected=f"years that end by {year_name(year_of(max(ends)))}, or entries for the years after",
                hint="docs/add.md says what a year's settlement needs",
            )

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name that a rule may need and no rule makes."""
        settled = {SETTLED + v for v in self.values} | {LAG + v for v in self.values}
        before = {r.name + BEFORE for r in self.rules} | {f + BEFORE for f in catalogue()}
        return frozenset(self.values) | settled | frozenset(catalogue()) | frozenset(AREAS) | before

    def with_reform(self, reform: Reform) -> Contract:
        """This contract with more edits of a user; structural ones (chapters, rules) change its rules at once."""
        return replace(self, reform=self.reform + reform)._edited(reform)

    def designed(self, reform: Reform) -> Contract:
        """This contract with more edits of its own design."""
        return replace(self, design=self.design + reform)._edited(reform)

    def switched(self, on: Collection[str]) -> Contract:
        """This contract with only some of its mechanisms in force, by name, and the user's edits on top."""
        for name in on:
            if name not in {m.name for m in self.mechanisms}:
                raise UnknownName(
                    f"'{self.name}' has no mechanism '{name}'",
                    expected=", ".join(m.name for m in self.mechanisms) or "a contract with mechanisms",
                    hint=nearest(name, [m.name for m in self.mechanisms]),
                )
        return self._again(in_full(self.mechanisms, on))

    def dated(self, later: int = 0) -> Contract:
        """This contract on its timeline: mechanisms start, grow and end as dated, all moved by some years."""
        return self._again(on_timeline(self.mechanisms, later))

    def _again(self, design: Reform) -> Contract:
        if self.root is None:
            return self
        made = self.root.designed(design)
        return replace(made, mechanisms=self.mechanisms, root=self.root).with_reform(self.reform)

    @property
    def value_edits(self) -> tuple[ValueEdit, ...]:
        """The edits of values, the design's first and then the user's."""
        return (*self.design.value_edits, *self.reform.value_edits)

    def assumes(self, name: str, year: int) -> bool:
        """Whether a value's figure in a year is assumed: by its entry, or by an edit of the design that gives a range.

        A figure that the design sets without a range is the proposal's own.
        """
        made = self.values[name].assumed_in(year)
        for e in self.design.value_edits:
            if e.value == name and e.reaches(year):
                made = e.range is not None or (made and not (e.sets and e.key is None))
        return made

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that name what the contract is: its chapters and all its edits, whatever its title.

        What the chapters hold is the package's: the same hash is the same contract in one version of it.
        """
        what = json.dumps([self.chapters, self.design.hash, self.reform.hash])
        return hashlib.sha256(what.encode()).hexdigest()[:12]

    def _edited(self, reform: Reform) -> Contract:
        """The rules after the structural edits of a reform, and the check that its values exist."""
        made = self
        for edit in reform.edits:
            if isinstance(edit, DropChapter):
                made = made._without(edit)
            elif isinstance(edit, AddChapter):
                if edit.chapter in made.chapters:
                    raise EditClash(
                        f"the contract has the chapter '{edit.chapter}' already", expected="a chapter that it has not"
                    )
                chapter = chapter_room.load(edit.chapter)
                made = replace(
                    made,
                    chapters=(*made.chapters, edit.chapter),
                    rules=(*made.rules, *(p for r in chapter.rules for p in _added(r, edit))),
                    values=made.values | chapter.values,
                )
            elif isinstance(edit, ReplaceRule):
                made = made._replacing(edit)
        for one in reform.value_edits:
            if one.value not in made.values:
                raise UnknownName(
                    f"there is no value '{one.value}' to {one.kind}",
                    expected="the name of a value (`gpcontract contract values` lists them)",
                    hint=nearest(one.value, made.values),
                )
            labels = next(iter(made.values[one.value].keys.values()), ())
            if one.key is not None and one.key not in labels:
                raise UnknownName(
                    f"'{one.value}' has no entry '{one.key}'",
                    expected=", ".join(labels) or "a plain value, with no key",
                    hint=nearest(one.key, labels),
                )
        return made

    def _without(self, edit: DropChapter) -> Contract:
        if edit.chapter not in self.chapters:
            raise UnknownName(f"the contract has no chapter '{edit.chapter}'", expected=", ".join(self.chapters))
        rules: list[Rule] = []
        for r in self.rules:
            if r.chapter != edit.chapter or r.line is None:  # others may still read what the chapter makes
                rules.append(r)
                continue
            needed = any({r.name, LAG + r.name} & set(other.needs) for other in self.rules)
            rules += outside_years(r, *edit.span)
            rules += [replace(part, line=None) for part in within_years(r, *edit.span) if needed]
        return replace(self, rules=tuple(rules))

    def _replacing(self, edit: ReplaceRule) -> Contract:
        named = [r for r in self.rules if r.function.__name__ == edit.by or r.name == edit.by]
        if not named:
            raise UnknownName(f"there is no rule '{edit.by}'", hint=nearest(edit.by, {r.name for r in self.rules}))
        old = [r for r in self.rules if r.name == edit.rule]
        if not old:
            raise UnknownName(f"there is no rule '{edit.rule}'", hint=nearest(edit.rule, {r.name for r in self.rules}))
        first, last = edit.span
        left = [part for r in old for part in outside_years(r, first, last)]
        new = replace(
            named[-1],
            name=edit.rule,
            first=first,
            last=last,
            line=old[0].line,
            measure=old[0].measure,
            outside=old[0].outside,
        )
        others = (r for r in self.rules if r.name != edit.rule)
        return replace(self, rules=(*others, *left, replace(new, fallback=False)))

    # -- what a run needs --------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The kinds of payment, in the order of the chapters."""
        return tuple(dict.fromkeys(r.name for r in self.rules if r.line))

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """What comparisons show beside money: sessions, patients, shares."""
        return tuple(dict.fromkeys(r.name for r in self.rules if r.measure))

    def plan(self, years: tuple[int, ...], available: Collection[str]) -> Plan:
        """The plan for some years and for the facts that an England holds; made once and kept."""
        key = ("plan", id(self.rules), years, frozenset(available))
        if key not in self.memo:
            given = (self.known - frozenset(catalogue()) - frozenset(AREAS)) | key[3]
            targets = (*self.lines, *self.measures)
            self.memo[key] = self.rules, Plan(self.rules, targets, years, self.known, given, partial=True)
        plan: Plan = self.memo[key][1]
        return plan

    def value_arrays(
        self,
        years: tuple[int, ...],
        names: Collection[str],
        draws: int = 1,
        seed: int = 1,
        read: Mapping[str, Collection[int]] | None = None,
    ) -> dict[str, np.ndarray]:
        """Yearly arrays of the values named, with this contract's edits; made once and kept.

        `settled_x` is x before any edit; `last_year_x` is x a year earlier, NaN where there was none. read: the years in
        which rules read each; a value that has no entry in another year is NaN there, and in these an error.
        """
        asked = None if read is None else frozenset((n, frozenset(read.get(n, ()))) for n in names)
        key = ("values", id(self.values), years, frozenset(names), self.design, self.reform, draws, seed, asked)
        if key not in self.memo:
            made = {}
            for name in names:
                plain = self.plain(name)
                at = tuple(y - 1 for y in years) if name.startswith(LAG) else years
                needed = years if read is None else read.get(name, ())
                spare = name.startswith(LAG) or not set(years) <= set(needed)
                if spare and not name.startswith(LAG):
                    for year in needed:
                        self.values[plain].in_year(year)  # an error if it has no entry
                x = drawn(self.values[plain], at, draws, seed, missing=np.nan if spare else None)
                edits = () if name.startswith(SETTLED) else self.value_edits
                mine = tuple(drawn_edit(e, draws, seed) for e in edits if e.value == plain)
                made[name] = apply(mine, {plain: x}, {plain: self.values[plain].keys}, at).get(plain, x)
            self.memo[key] = self.values, made
        arrays: dict[str, np.ndarray] = self.memo[key][1]
        return arrays

    def plain(self, name: str) -> str:
        """The value behind a name: x for x, settled_x and last_year_x."""
        return name if name in self.values else name.removeprefix(SETTLED).removeprefix(LAG)


def _added(rule: Rule, edit: AddChapter) -> tuple[Rule, ...]:
    """A rule of a chapter that is brought in: its lines are paid in the edit's years alone."""
    return (rule,) if rule.line is None else within_years(rule, *edit.span)
