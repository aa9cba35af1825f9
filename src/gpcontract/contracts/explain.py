"""Explain one number: the tree of rules, values and facts behind a statement, read from the plan and run again for one subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..engine.areas import Areas
from ..engine.arithmetic import in_full, with_numbers
from ..engine.errors import InputError, nearest
from ..engine.rules import LAG, Rule
from ..engine.values import Value
from ..engine.years import year_name
from ..england.facts import Provenance, catalogue
from .contract import SETTLED
from .result import Result, Subject

#: Units of which an area has the sum of its practices'; of all others it has the mean, weighted by list.
ADDITIVE = {
    "GBP per year",
    "GBP per month",
    "patients",
    "weighted patients",
    "adjusted patients",
    "full-time equivalents",
    "appointments",
    "submissions",
    "workload",
    "beds",
    "children",
    "checks",
    "doses",
    "procedures",
    "referrals",
    "requests",
    "consultations",
    "visits",
    "GPs",
    "practitioners",
    "sessions",
    "hours",
    "weeks",
    "prescriptions per year",
    "networks",
    "GBP",
}


@dataclass(frozen=True, eq=False)
class Node:
    """One number and what it rests on. kind: total, line, rule, value, fact, area or last year.

    A node is equal to itself alone, so that what is made of it can be kept by it.
    """

    name: str
    title: str
    kind: str
    value: float | None
    unit: str
    how: str = ""
    clause: str = ""
    arithmetic: str = ""
    sources: tuple[Mapping[str, str], ...] = ()
    note: str = ""
    table: Mapping[str, float] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The tree as plain data, empty parts left out."""
        body = {k: v for k, v in vars(self).items() if k != "children" and v not in ("", (), {}, None)}
        if self.children:
            body["children"] = [c.to_dict() for c in self.children]
        return body


def explain(result: Result, who: str, year: int, line: str | None = None, paid: bool = False) -> Node:
    """The tree behind a subject's statement in a year, or behind one of its lines. paid: only the lines that pay something."""
    subject = result.subject(who, year)
    reader = _Reader(result, subject, year)
    if line is not None:
        result.line(line, year)
        if line not in result.plan.names:
            lack = result.unpriced.get(line)
            raise InputError(
                f"'{line}' is not worked out for this England",
                expected=f"the fact '{lack}'" if lack else "the name of a line",
                hint=nearest(line, result.line_names),
            )
        return reader.node(line, ())
    listed = (x for x in result.lines(year) if not paid or reader.pays(x.name))
    made = [(x.fund, reader.node(x.name, ())) for x in listed]
    lines = [n for fund, n in made if fund == "running"]
    apart = [n for fund, n in made if fund != "running"]
    pence = sum(round((n.value or 0.0) * 100) for n in lines)
    return Node(
        "total",
        f"{subject.name} ({subject.code}), {year_name(year)}",
        "total",
        pence / 100,
        "GBP per year",
        arithmetic="the sum of the lines"
        if not apart
        else f"the sum of the first {len(lines)} lines; the others stand apart",
        children=(*lines, *apart),
    )


class _Reader:
    """Runs the plan again for the subject's practices alone, with sums over nation and areas held as they were."""

    def __init__(self, result: Result, subject: Subject, year: int) -> None:
        self.result, self.year, self.at = result, year, result.at(year)
        self.one = len(subject.members) == 1
        self.members = subject.members
        plan = result.plan
        pinned: dict[str, Any] = {}
        for step in (s for s in plan.steps if s.apart):
            wide = {r.name for r in step.rules if r.level != "practice"}
            pinned |= {n: result.arrays[n] if n in wide else self._cut(result.arrays[n]) for n in step.makes}
        leaves = {n: self._cut(x) for n, x in result.leaves.items()}
        self.arrays = plan.run(leaves, keep=plan.names, pinned=pinned) | leaves
        size = self._cut(result.england.fact("list_size"))
        self.weights = np.nan_to_num(size[0, min(self.at, size.shape[-2] - 1)])
        self.shown: set[str] = set()

    def _cut(self, x: Any) -> Any:
        if isinstance(x, Areas):
            return Areas(x.kind, x.codes, x.names, x.index[:, self.members])
        return x if x.shape[-1] == 1 else x[..., self.members]

    def _row(self, name: str) -> Any:
        """The central figures of the year: (practice,), or (key, practice) where there is one for each key."""
        x = np.asarray(self.arrays[name], float)
        return x[..., 0, min(self.at, x.shape[-2] - 1), :]

    def pays(self, name: str) -> bool:
        """Whether a line pays the subject anything, to the penny."""
        return bool((np.abs(self._row(name) * 100) > 0.5).any())  # half a penny is rounded to nought

    def _figure(self, name: str, unit: str, rule: Rule | None = None) -> tuple[float | None, str]:
        """The subject's figure: its own, or the sum or list-weighted mean over its practices."""
        if rule is not None and rule.level not in ("practice", "nation"):
            return None, f"one figure for each {rule.level.replace('_', '-')}"
        x = self._row(name)
        if x.ndim > 1:
            x = x.sum(0)
        if self.one or x.shape[-1] == 1:
            return _known(float(x[0])), ""
        known = ~np.isnan(x)
        if unit in ADDITIVE:
            return float(np.where(known, x, 0.0).sum()), "sum over practices"
        weights = self.weights[known]
        total = weights.sum()
        return float((x[known] * weights).sum() / total) if total else None, "mean over practices, weighted by list"

    def node(self, name: str, path: tuple[str, ...]) -> Node:
        contract, plan = self.result.contract, self.result.plan
        if name in path or isinstance(self.arrays.get(name), Areas):
            return Node(name, name.replace("_", " "), "area" if name not in path else "see above", None, "")
        plain = contract.plain(name)
        if plain in contract.values:
            held, key = self.result.explained, (name, self.year)
            if key not in held:  # the same for every subject
                held[key] = self._value_node(name, contract.values[plain])
            return held[key]
        rule = plan.rule(name, self.year)
        if rule is not None:
            return self._rule_node(name, rule, path)
        if name.startswith(LAG) and name not in catalogue():
            value, note = self._figure(name, "")
            return Node(
                name, f"{name[len(LAG) :].replace('_', ' ')}, the year before", "last year", value, "", note=note
            )
        if name in plan.names:
            value, _ = self._figure(name, "")
            return Node(
                name, name.replace("_", " "), "rule", value, "", note=f"no rule is in force in {year_name(self.year)}"
            )
        return self._fact_node(name)

    def _rule_node(self, name: str, rule: Rule, path: tuple[str, ...]) -> Node:
        value, note = self._figure(name, rule.unit, rule)
        if rule.line:
            value = round((value or 0.0) * 100) / 100 if self.one else self._pence(name) / 100
        seen = name in self.shown
        self.shown.add(name)
        wide = rule.level != "practice"  # a sum over practices that are not the subject's alone
        children = () if seen or wide else tuple(self.node(a, (*path, name)) for a in rule.needs)
        text = in_full(rule.function)
        if self.one and children:
            known = {c.name: shown(c.value, c.unit) for c in children if not c.table and c.kind != "area"}
            text = f"{text} = {with_numbers(text, known)}"
        if wide:
            note = f"over all practices of the {rule.level.replace('_', '-')}"
        how = self.result.line(name, self.year).made if rule.line else rule.how
        if how == "computed" and self.result.inferred(name):
            how = "computed on what is inferred"
        return Node(
            name,
            rule.line or rule.title,
            "line" if rule.line else "rule",
            value,
            rule.unit,
            how,
            rule.clause,
            "" if how == "carried" else text,
            note="worked out above" if seen and not wide else note,
            children=children,
        )

    def _pence(self, name: str) -> int:
        return int(self.result.pence(name, self.year, self.members).sum())

    def _value_node(self, name: str, value: Value) -> Node:
        x = self._row(name)[..., 0]
        sources = tuple(
            {
                "from": str(e.first),
                "to": "" if e.last.year == 9999 else str(e.last),
                "grade": e.grade,
                "status": e.status,
                "source": "; ".join(self.result.contract.sources[s].title for s in e.sources),
                "url": self.result.contract.sources[e.sources[0]].url,
                "range": f"{e.range[0]:,.10g} to {e.range[1]:,.10g}" if e.range else "",
                "note": e.note,
            }
            for e, _ in value.shares(self.year - (1 if name.startswith(LAG) else 0))
        )
        labels = next(iter(value.keys.values()), ())
        table = {k: float(v) for k, v in zip(labels, np.ravel(x), strict=False)} if value.keys else {}
        before = (
            ", before any edit" if name.startswith(SETTLED) else ", the year before" if name.startswith(LAG) else ""
        )
        edits = [e for e in self.result.contract.value_edits if e.value == value.name and e.reaches(self.year)]
        if edits and not name.startswith((SETTLED, LAG)):
            settled = "" if value.keys else f" of {shown(float(value.in_year(self.year)), value.unit)}"
            said = {
                "source": f"this reform: {'; '.join(e.said for e in edits)}; what follows is the source{settled} before it"
            }
            sources = (said, *sources)
        return Node(
            name,
            value.title + before,
            "value",
            None if value.keys else float(x),
            value.unit,
            clause=value.clause,
            sources=sources,
            note=value.note,
            table=table,
        )

    def _fact_node(self, name: str) -> Node:
        known = catalogue().get(name, {})
        unit = str(known.get("unit", ""))
        value, note = self._figure(name, unit)
        origin = self.result.england.provenance.get(
            name, Provenance("synthetic" if self.result.england.is_synthetic else "published")
        )
        table = {}
        if self.arrays[name].ndim > 3:
            sums = np.nansum(self._row(name), axis=-1)
            table = dict(zip(_bands(len(sums)), sums.tolist(), strict=True))
        said = "; ".join(t for t in (note, origin.note) if t)
        files = ({"source": ", ".join(origin.files)},) if origin.files else ()
        return Node(
            name,
            str(known.get("title", name)),
            "fact",
            value,
            unit,
            origin.status,
            sources=files,
            note=said,
            table=table,
        )


def _bands(n: int) -> tuple[str, ...]:
    from ..england.facts import CARR_HILL_BANDS

    return CARR_HILL_BANDS if n == len(CARR_HILL_BANDS) else tuple(str(i) for i in range(n))


def _known(x: float) -> float | None:
    return None if np.isnan(x) else x


def shown(value: float | None, unit: str) -> str:
    """A number as people read it: pounds with pence, counts with commas, ratios to four figures."""
    if value is None:
        return "not published"
    if unit.startswith("GBP"):
        places = 2 if unit == "GBP per year" or round(value, 2) == round(value, 6) else 4
        return f"{'−' if value < 0 else ''}£{abs(value):,.{places}f}"
    if unit in ("yes or no",):
        return {0.0: "no", 1.0: "yes"}.get(value, f"{value:.3f}")
    if abs(value) >= 1000:
        return f"{value:,.1f}" if value % 1 else f"{value:,.0f}"
    return f"{value:,.5g}"
