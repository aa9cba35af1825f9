"""The plan: rules resolved once, for some years, into an ordered list of steps; then run, re-run in part, or read.

Every step makes one named array. Names that no rule makes are leaves: values, facts and areas. Arrays are freed after
their last use unless asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .arrays import concat_years, full_like_years
from .errors import LoadError, MissingFact, UnitMismatch, UnknownName, nearest
from .graph import components, order
from .rules import LAG, Rule
from .years import span_name


@dataclass(frozen=True)
class Step:
    """One array to make: `make(*arguments)`; `rules` are the rules behind it, one for each span of years."""

    name: str
    needs: tuple[str, ...]
    make: Callable[..., Any]
    rules: tuple[Rule, ...]
    level: str

    @cached_property
    def makes(self) -> tuple[str, ...]:
        """The names it makes: one, or those of rules that need each other's last year ('a+b')."""
        return tuple(self.name.split("+"))

    @cached_property
    def apart(self) -> bool:
        """Whether it cannot be worked out for some practices alone: a sum over an area, or a rule that needs the whole."""
        return self.level != "practice" or any(r.whole for r in self.rules)


class Plan:
    """An ordered, frozen list of steps that yields `targets` from leaves, for one span of years.

    known: every name a leaf may have (values, facts, areas).  available: those that this England holds; a main rule
    whose leaves are not available gives way to its fallback, if there is one.  partial: leave out the targets that rest
    on a leaf that is not available, and name that leaf for each in `unpriced`; otherwise running without it is an error.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        targets: Collection[str],
        years: tuple[int, ...],
        known: Collection[str],
        available: Collection[str] | None = None,
        partial: bool = False,
    ) -> None:
        self.years = tuple(years)
        self._variants = _by_name(rules, known)
        self._known, self._available = set(known), set(known if available is None else available)
        self._choices: dict[str, tuple[tuple[Rule, ...], tuple[Rule | None, ...]]] = {}
        self._lacks: dict[str, str] = {}
        self._find_lacks()
        self.unpriced = {n: lack for n in targets if (lack := self._lack(n))} if partial else {}
        self.targets = tuple(n for n in targets if n not in self.unpriced)
        needs = {}
        pending = list(self.targets)
        while pending:
            name = pending.pop()
            if name not in needs and not self._is_leaf(name):
                needs[name] = self._needs(name)
                pending += needs[name]
        place = {n: (v[0].file, v[0].at_line) for n, v in self._variants.items()}
        lagged = {n: frozenset(a for a in args if n.startswith(LAG) and n == LAG + a) for n, args in needs.items()}
        self.steps = tuple(
            self._step(group[0]) if len(group) == 1 and group[0] not in needs[group[0]] else self._scan(group)
            for group in components(needs, order(needs, lagged, place), lagged)
        )
        made = set(self.names)
        self.leaves = tuple(sorted({a for s in self.steps for a in s.needs} - made))
        self._frees = self._last_uses()

    # -- resolving ---------------------------------------------------------------------------------------------

    def _is_leaf(self, name: str) -> bool:
        if name in self._variants:
            return False
        if name.startswith(LAG) and name not in self._known:
            return False
        if name in self._known:
            return True
        raise UnknownName(
            f"no rule, value or fact is called '{name}'", hint=nearest(name, [*self._variants, *self._known])
        )

    def _needs(self, name: str) -> tuple[str, ...]:
        if name not in self._variants:  # a lag
            source = name[len(LAG) :]
            return source, f"{source}_before"
        used, _ = self._chosen(name)
        return tuple(dict.fromkeys(a for r in used for a in r.needs))

    def _chosen(self, name: str) -> tuple[tuple[Rule, ...], tuple[Rule | None, ...]]:
        """The rules used for a name, and which of them serves each year (None: outside)."""
        if name in self._choices:
            return self._choices[name]
        variants = sorted(self._variants[name], key=lambda r: r.fallback)
        per_year: list[Rule | None] = []
        for year in self.years:
            in_force = [r for r in variants if r.in_force(year)]
            able = in_force if len(in_force) < 2 else [r for r in in_force if self._rule_lack(r) is None]
            per_year.append(next(iter((*able, *in_force)), None))
        used = tuple(dict.fromkeys(r for r in per_year if r is not None))
        self._choices[name] = used, tuple(per_year)
        return self._choices[name]

    def _find_lacks(self) -> None:
        """Names that rest on a leaf that is not available, each with that leaf.

        Grown until nothing is added, so that rules which need each other across a lag are judged alike from any side.
        """
        size = -1
        while size < len(self._lacks):
            size = len(self._lacks)
            for name, variants in self._variants.items():
                if name in self._lacks:
                    continue
                lacks = [(r, self._rule_lack(r)) for r in variants]
                if not any(lack for _, lack in lacks):
                    continue
                each_year = ([lack for r, lack in lacks if r.in_force(y)] for y in self.years)
                if found := next((year[-1] for year in each_year if year and None not in year), None):
                    self._lacks[name] = found

    def _lack(self, name: str) -> str | None:
        """A leaf that a name rests on and that is not available; None if all are."""
        if name.startswith(LAG) and name not in self._variants and name not in self._known:
            name = name[len(LAG) :]
            before = f"{name}_before"
            if before not in self._available:
                return before
        if name not in self._variants:  # an unknown name is reported later, by name
            return None if name in self._available or name not in self._known else name
        return self._lacks.get(name)

    def _rule_lack(self, rule: Rule) -> str | None:
        return next((lack for a in rule.needs if (lack := self._lack(a))), None)

    # -- building steps ----------------------------------------------------------------------------------------

    def _step(self, name: str) -> Step:
        if name not in self._variants:
            return Step(name, self._needs(name), _lagger(self.years), (), "practice")
        used, per_year = self._chosen(name)
        level = self._variants[name][0].level
        if len(used) == 1 and None not in per_year:
            return Step(name, used[0].needs, used[0].function, used, level)
        outside = next((r.outside for r in self._variants[name] if r.outside is not None), None)
        if None in per_year and outside is None:
            gap = [y for y, r in zip(self.years, per_year, strict=True) if r is None]
            one = self._variants[name][0]
            raise LoadError(
                f"no rule for '{name}' is in force in {span_name(gap)}",
                file=one.file,
                line=one.at_line,
                expected="a rule for every year, or `outside=` on the rule to say what it is then",
            )
        needs = self._needs(name)
        return Step(name, needs, _by_years(per_year, needs, outside), used, level)

    def _scan(self, group: tuple[str, ...]) -> Step:
        """One step for rules that need each other's last year, and for those lags: evaluated year by year."""
        inner = [self._step(n) for n in group]
        needs = tuple(dict.fromkeys(a for s in inner for a in s.needs if a not in group))
        per_year = {n: self._chosen(n)[1] for n in group if n in self._variants}
        rules = tuple(r for s in inner for r in s.rules)
        scan = _scanner(group, needs, per_year, self._variants, _gaps(self.years))
        wide = next(
            (r.level for r in rules if r.level != "practice"), "practice"
        )  # then the whole group stands as it is
        return Step("+".join(group), needs, scan, rules, wide)

    def _last_uses(self) -> tuple[tuple[str, ...], ...]:
        last: dict[str, int] = {}
        for i, step in enumerate(self.steps):
            for name in (*step.needs, *step.makes):
                last[name] = i
        made = set(self.names)
        return tuple(tuple(n for n, at in last.items() if at == i and n in made) for i in range(len(self.steps)))

    # -- using it ----------------------------------------------------------------------------------------------

    def run(
        self, leaves: Mapping[str, Any], keep: Collection[str] | None = None, pinned: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The targets from leaves. `keep` names more arrays to hold on to (a set, or every step with `plan.names`).

        pinned: arrays to take as they are instead of making them (sums over the nation, when only some practices run).
        """
        missing = [n for n in self.leaves if n not in leaves]
        if missing:
            readers = sorted({n for s in self.steps if missing[0] in s.needs for n in s.makes})
            raise MissingFact(
                f"'{missing[0]}' is needed by {', '.join(readers)} and was not given",
                expected=f"an array for {span_name(self.years)}",
                hint=f"{len(missing)} are missing: {', '.join(missing)}" if len(missing) > 1 else None,
            )
        held = set(self.targets) | set(keep or ())
        at = {**leaves, **(pinned or {})}
        for step, frees in zip(self.steps, self._frees, strict=True):
            if pinned and step.name in pinned:
                continue
            made = step.make(*[at[n] for n in step.needs])
            at.update(zip(step.makes, made if len(step.makes) > 1 else (made,), strict=True))
            for name in frees:
                if name not in held:
                    del at[name]
        return {n: at[n] for n in at if n in held}

    def rerun(
        self, done: Mapping[str, Any], changed: Mapping[str, Any], keep: Collection[str] | None = None
    ) -> dict[str, Any]:
        """What changes when some leaves do: only the steps they reach run again. `done` holds leaves and every step."""
        at, dirty = dict(done), set(changed)
        at.update(changed)
        for step in self.steps:
            if dirty.isdisjoint(step.needs):
                continue
            made = step.make(*[at[n] for n in step.needs])
            at.update(zip(step.makes, made if len(step.makes) > 1 else (made,), strict=True))
            dirty.update(step.makes)
        return at if keep is None else {n: at[n] for n in keep}

    @cached_property
    def years_read(self) -> Mapping[str, frozenset[int]]:
        """The years in which a rule in force needs each leaf; a leaf that a lag needs is read in all."""
        found: dict[str, set[int]] = {}
        for name in self.names:
            if name not in self._variants:
                for leaf in self._needs(name):
                    found.setdefault(leaf, set()).update(self.years)
                continue
            for year, one in zip(self.years, self._chosen(name)[1], strict=True):
                for leaf in () if one is None else one.needs:
                    found.setdefault(leaf, set()).add(year)
        return {n: frozenset(years) for n, years in found.items()}

    def reached(self, changed: Collection[str]) -> set[str]:
        """Names of the steps that a change of some leaves reaches."""
        dirty = set(changed)
        for step in self.steps:
            if not dirty.isdisjoint(step.needs):
                dirty.update(step.makes)
        return dirty - set(changed)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name the plan makes, in order."""
        return tuple(n for s in self.steps for n in s.makes)

    def rule(self, name: str, year: int) -> Rule | None:
        """The rule that makes a name in a year; None for a leaf, a lag, or a year when no rule is in force."""
        return self._chosen(name)[1][self.years.index(year)] if name in self._variants else None


def _by_name(rules: Iterable[Rule], known: Collection[str]) -> dict[str, list[Rule]]:
    variants: dict[str, list[Rule]] = {}
    for r in rules:
        variants.setdefault(r.name, []).append(r)
    for name, group in variants.items():
        if name in known:
            raise LoadError(f"'{name}' is both a rule and a value or a fact", file=group[0].file, line=group[0].at_line)
        for a in group:
            if a.unit != group[0].unit or a.level != group[0].level:
                raise UnitMismatch(
                    f"two rules make '{name}' in different units or levels: {group[0].unit} ({group[0].level}) and {a.unit} ({a.level})",
                    file=a.file,
                    line=a.at_line,
                    expected=f"{group[0].unit} ({group[0].level})",
                )
            wanted = "GBP" if a.fund == "once" else "GBP per year"
            if a.line and a.unit != wanted:
                raise UnitMismatch(f"line '{name}' is paid in '{a.unit}'", file=a.file, line=a.at_line, expected=wanted)
        for a in group:
            for b in group:
                if a is not b and a.fallback == b.fallback and _overlap(a, b):
                    raise LoadError(
                        f"two rules make '{name}' in the same year: lines {a.at_line} ({a.years}) and {b.at_line} ({b.years})",
                        file=a.file,
                        line=a.at_line,
                        expected="one rule a year, or `fallback=True` on one of them",
                    )
    return variants


def _overlap(a: Rule, b: Rule) -> bool:
    low = max(a.first if a.first is not None else -9999, b.first if b.first is not None else -9999)
    high = min(a.last if a.last is not None else 9999, b.last if b.last is not None else 9999)
    return low <= high


def years_of(x: Any, at: Any) -> Any:
    """A leaf or an array for some positions on the year axis."""
    if hasattr(x, "between"):
        return x.between(at)
    return x if x.shape[-2] == 1 else x[..., at, :]


def _spans(per_year: tuple[Rule | None, ...]) -> list[tuple[Rule | None, slice]]:
    spans, start = [], 0
    for i in range(1, len(per_year) + 1):
        if i == len(per_year) or per_year[i] is not per_year[start]:
            spans.append((per_year[start], slice(start, i)))
            start = i
    return spans


def _by_years(per_year: tuple[Rule | None, ...], needs: tuple[str, ...], outside: float | None) -> Callable[..., Any]:
    """A function that serves each span of years with the rule in force."""
    spans = _spans(per_year)

    def make(*arguments: Any) -> Any:
        given = dict(zip(needs, arguments, strict=True))
        parts = []
        for one, at in spans:
            count = at.stop - at.start
            if one is None:
                parts.append(full_like_years(float(outside or 0.0), count))
                continue
            part = one.function(*[years_of(given[a], at) for a in one.needs])
            parts.append(part if part.shape[-2] == count else part + full_like_years(0.0, count))
        return parts[0] if len(parts) == 1 else concat_years(parts)

    return make


def _lagger(years: tuple[int, ...]) -> Callable[[Any, Any], Any]:
    """A function that moves a quantity on by a year; over a gap in the years nothing is known (NaN)."""
    gaps = _gaps(years)

    def lag(x: Any, before: Any) -> Any:
        moved = concat_years([before, x[..., :-1, :]]) if x.shape[-2] > 1 else before
        if not gaps:
            return moved
        unknown = full_like_years(float("nan"), 1, moved)
        parts = [unknown if i in gaps else moved[..., i : i + 1, :] for i in range(len(years))]
        return concat_years(parts)

    return lag


def _gaps(years: tuple[int, ...]) -> frozenset[int]:
    """Positions of years whose year before is not among the years (the first apart)."""
    return frozenset(i for i in range(1, len(years)) if years[i] != years[i - 1] + 1)


def _scanner(
    group: tuple[str, ...],
    needs: tuple[str, ...],
    per_year: dict[str, tuple[Rule | None, ...]],
    variants: dict[str, list[Rule]],
    gaps: frozenset[int],
) -> Callable[..., Any]:
    """A function that makes rules which need each other's last year, one year after another."""
    unknown = full_like_years(float("nan"), 1)

    def make(*arguments: Any) -> Any:
        given = dict(zip(needs, arguments, strict=True))
        years = len(next(iter(per_year.values())))
        before = {LAG + n: given[f"{n}_before"] for n in per_year if LAG + n in group}
        out: dict[str, list[Any]] = {n: [] for n in group}
        for t in range(years):
            if t in gaps:
                before = dict.fromkeys(before, unknown)
            now = {n: years_of(x, slice(t, t + 1)) for n, x in given.items()} | before
            for name in group:
                one = per_year[name][t] if name in per_year else None
                if one is not None:
                    now[name] = one.function(*[now[a] for a in one.needs])
                elif name in per_year:  # not a lag, which is there already
                    outside = next((r.outside for r in variants[name] if r.outside is not None), 0.0)
                    now[name] = full_like_years(outside, 1)
                out[name].append(now[name])
            before = {lag: now[lag.removeprefix(LAG)] for lag in before}
        return [concat_years(out[n]) for n in group]

    return make
