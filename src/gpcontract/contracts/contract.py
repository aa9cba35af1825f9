"""A contract: chapters in force over years, with the edits that make it this contract and not another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .. import chapters as chapter_room
from ..engine.draws import drawn, drawn_edit
from ..engine.edits import AddChapter, DropChapter, Reform, ReplaceRule, apply, edit_from
from ..engine.errors import EditClash, GpContractError, InputError, LoadError, UnknownName, UnusedValue, nearest
from ..engine.files import line_of, line_of_key, read_yaml
from ..engine.plan import Plan
from ..engine.rules import LAG, Rule, outside_years, within_years
from ..engine.values import FOREVER, Source, Value
from ..engine.years import parse_year, year_name, year_of
from ..england.facts import catalogue

HERE = Path(__file__).parent
SETTLED = "settled_"  # a value as the settlement had it, before any edit
BEFORE = "_before"  # what a lagged quantity was before the first year
AREAS = ("network", "sub_board", "board", "region")
KEYS = {"title", "about", "proposer", "years", "chapters", "edits"}


@dataclass(frozen=True)
class Contract:
    """Rules and values in force over years. `reform` holds the edits that a run applies."""

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

    @classmethod
    def load(cls, name: str | Path) -> Contract:
        """A contract by its name, or from a YAML file of your own; every mistake is found here, with its line."""
        path = Path(name)
        if path.suffix not in (".yaml", ".yml"):
            path = HERE / f"{name}.yaml"
            if str(name) not in names():
                raise InputError(
                    f"there is no contract '{str(name)[:80]}'",
                    expected=", ".join(names()),
                    hint=nearest(str(name)[:80], names()),
                )
        body = read_yaml(path, f"contracts/{path.name}" if path.parent == HERE else str(path))
        return cls._from(path.stem, body, f"contracts/{path.name}" if path.parent == HERE else path.name)

    @classmethod
    def _from(cls, name: str, body: dict[Any, Any], file: str) -> Contract:
        for key in body:
            if key not in KEYS and not str(key).startswith("__"):
                raise LoadError(
                    f"a contract has no '{key}'",
                    file=file,
                    line=line_of_key(body, key),
                    expected=", ".join(sorted(KEYS)),
                    hint=nearest(str(key), KEYS),
                )
        for key in ("title", "years", "chapters"):
            if not body.get(key):
                raise LoadError(f"the contract has no {key}", file=file, line=line_of(body), expected=f"{key}: ...")
        for key in ("title", "about", "proposer"):
            if not isinstance(body.get(key) or "", str):
                raise LoadError(
                    f"the {key} is not text", file=file, line=line_of_key(body, key), expected=f"{key}: text"
                )
        for key in ("chapters", "edits"):
            if not isinstance(body.get(key) or [], list):
                raise LoadError(
                    f"the {key} are not a list", file=file, line=line_of_key(body, key), expected=f"{key}: [...]"
                )
        twice = [c for c in body["chapters"] if body["chapters"].count(c) > 1]
        if twice:
            at = line_of_key(body, "chapters")
            raise LoadError(f"the chapter '{twice[0]}' is given twice", file=file, line=at, expected="each once")
        years = _years(body["years"], file, line_of_key(body, "years"))
        loaded = [_chapter(c, file, line_of_key(body, "chapters")) for c in body["chapters"]]
        made = cls(
            name,
            str(body["title"]),
            str(body.get("about") or "").strip(),
            str(body.get("proposer") or ""),
            years,
            tuple(body["chapters"]),
            tuple(r for c in loaded for r in c.rules),
            {k: v for c in loaded for k, v in c.values.items()},
            chapter_room.sources(),
        )
        made.check()
        for item in body.get("edits") or []:
            try:
                made = made.with_reform(Reform.of(edit_from(item)))
            except (InputError, UnknownName, EditClash) as error:
                raise _at(error, file, line_of(item) or line_of_key(body, "edits")) from None
        return made

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
        """This contract with more edits; structural ones (chapters, rules) change its rules at once."""
        made = replace(self, reform=self.reform + reform)
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
        new = replace(named[-1], name=edit.rule, first=first, last=last, line=old[0].line, outside=old[0].outside)
        others = (r for r in self.rules if r.name != edit.rule)
        return replace(self, rules=(*others, *left, replace(new, fallback=False)))

    # -- what a run needs --------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The kinds of payment, in the order of the chapters."""
        return tuple(dict.fromkeys(r.name for r in self.rules if r.line))

    @cached_property
    def _plans(self) -> dict[Any, Plan]:
        return {}

    @cached_property
    def _arrays(self) -> dict[Any, dict[str, np.ndarray]]:
        return {}

    def plan(self, years: tuple[int, ...], available: Collection[str]) -> Plan:
        """The plan for some years and for the facts that an England holds; made once and kept."""
        key = (years, frozenset(available))
        if key not in self._plans:
            given = (self.known - frozenset(catalogue()) - frozenset(AREAS)) | key[1]
            self._plans[key] = Plan(self.rules, self.lines, years, self.known, given, partial=True)
        return self._plans[key]

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
        key = (years, frozenset(names), self.reform, draws, seed, asked)
        if key not in self._arrays:
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
                edits = () if name.startswith(SETTLED) else self.reform.value_edits
                mine = tuple(drawn_edit(e, draws, seed) for e in edits if e.value == plain)
                made[name] = apply(mine, {plain: x}, {plain: self.values[plain].keys}, at).get(plain, x)
            self._arrays[key] = made
        return self._arrays[key]

    def plain(self, name: str) -> str:
        """The value behind a name: x for x, settled_x and last_year_x."""
        return name if name in self.values else name.removeprefix(SETTLED).removeprefix(LAG)


def _years(text: Any, file: str, line: int | None) -> tuple[int, ...]:
    first, _, last = str(text).partition("-")
    try:
        years = tuple(range(parse_year(first), parse_year(last or first) + 1))
    except InputError as error:
        raise _at(error, file, line) from None
    if not years:
        raise LoadError(f"the years '{text}' run backwards", file=file, line=line, expected="2004/05-2026/27")
    return years


def _chapter(name: Any, file: str, line: int | None) -> chapter_room.Chapter:
    if not isinstance(name, str):
        raise LoadError(
            f"'{name}' is not the name of a chapter", file=file, line=line, expected="chapters: [name, ...]"
        )
    try:
        return chapter_room.load(name)
    except UnknownName as error:
        raise _at(error, file, line) from None


def _added(rule: Rule, edit: AddChapter) -> tuple[Rule, ...]:
    """A rule of a chapter that is brought in: its lines are paid in the edit's years alone."""
    return (rule,) if rule.line is None else within_years(rule, *edit.span)


def _at(error: GpContractError, file: str, line: int | None) -> LoadError:
    """The same error, with the line of the contract's file that led to it."""
    kind = type(error) if isinstance(error, LoadError) else LoadError
    return kind(error.problem, file=file, line=line, expected=error.expected, hint=error.hint)


def names() -> tuple[str, ...]:
    """The contracts that come with the package."""
    return tuple(sorted(p.stem for p in HERE.glob("*.yaml")))
