"""Rules: plain functions named by what they make, whose argument names are what they need.

    @rule("GBP per year", clause="SFE 2026, 3(4)", line="Global sum")
    def global_sum(weighted_list, global_sum_price):
        "Global sum before deductions."
        return weighted_list * global_sum_price

The decorator only attaches what the rule says of itself, so `global_sum(11_300, 99.70)` still works. An argument named
`last_year_x` is x of the year before; the first year then needs a leaf called `x_before`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar

from .errors import InputError, LoadError
from .years import parse_year, year_name

LAG = "last_year_"
LEVELS = ("practice", "nation", "region", "board", "sub_board", "network")
HOW = ("computed", "modelled", "carried")
PAYEES = ("practice", "provider", "network", "board", "owner")
FUNDS = ("running", "moved", "once", "elsewhere")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """One rule and what it says of itself.

    line: the kind of payment, when the result is money paid.  how: computed from the contract's own rule, modelled where a
    part of the rule is not open, or carried from the published payment.  level: what its last axis counts.
    outside: what it is in years when no rule of its name is in force.  fallback: used only where a fact that the
    main rule needs is absent.

    payee: who is paid: the practice, a provider that holds its contract (a trust or a company), the network, the board, or the
    owner of a building.  fund: running money of the contract; money moved in that is spent elsewhere today; money paid once;
    or a cost or saving elsewhere in the health and care system, in no bill.  measured: paid on measured achievement.
    measure: a name, when the result is not money but something that a comparison shows (sessions, patients, a share).
    whole: it needs every practice at once (a queue, neighbours, a share of a national sum), so one practice's figure is read
    from the whole and not worked out alone.
    """

    name: str
    function: Callable[..., Any]
    needs: tuple[str, ...]
    unit: str
    clause: str
    first: int | None
    last: int | None
    line: str | None
    payee: str
    how: str
    level: str
    outside: float | None
    fallback: bool
    file: str
    at_line: int
    chapter: str = ""
    fund: str = "running"
    measured: bool = False
    measure: str | None = None
    whole: bool = False

    @cached_property
    def title(self) -> str:
        """The first line of the docstring: what the number is."""
        return (inspect.getdoc(self.function) or self.name.replace("_", " ")).split("\n")[0].rstrip(".")

    def in_force(self, year: int) -> bool:
        """Whether it serves a year."""
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)

    @property
    def years(self) -> str:
        """The years it serves, as written."""
        if self.first is None and self.last is None:
            return "always"
        return f"{year_name(self.first) if self.first is not None else ''} to " + (
            year_name(self.last) if self.last is not None else "now"
        )


def rule(
    unit: str,
    *,
    clause: str,
    name: str | None = None,
    years: str | None = None,
    line: str | None = None,
    payee: str = "practice",
    how: str = "computed",
    level: str = "practice",
    outside: float | None = None,
    fallback: bool = False,
    fund: str = "running",
    measured: bool = False,
    measure: str | None = None,
    whole: bool = False,
) -> Callable[[F], F]:
    """Say what a function makes. `years` is '2014/15-2019/20', '2019/20-' or '-2013/14'; see Rule for the rest."""

    def attach(function: F) -> F:
        file, at_line = shown_file(function.__code__.co_filename), function.__code__.co_firstlineno
        try:
            first, last = _span(years)
        except InputError as error:
            raise LoadError(error.problem, file=file, line=at_line, expected=error.expected) from None
        made = Rule(
            name or function.__name__,
            function,
            tuple(inspect.signature(function).parameters),
            unit,
            clause,
            first,
            last,
            line,
            payee,
            how,
            level,
            0.0 if (line or measure) and outside is None else outside,
            fallback,
            file,
            at_line,
            fund=fund,
            measured=measured,
            measure=measure,
            whole=whole,
        )
        for wrong, problem, expected in (
            (level not in LEVELS, f"has level '{level}'", " | ".join(LEVELS)),
            (how not in HOW, f"is '{how}'", " | ".join(HOW)),
            (payee not in PAYEES, f"is paid to '{payee}'", " | ".join(PAYEES)),
            (fund not in FUNDS, f"is of the fund '{fund}'", " | ".join(FUNDS)),
            (bool(line and measure), "is both a line and a measure", "line= for money, measure= for the rest"),
            (not clause.strip(), "names no clause", "the document and paragraph it follows"),
        ):
            if wrong:
                raise LoadError(f"rule '{made.name}' {problem}", file=file, line=at_line, expected=expected)
        function.__rule__ = made  # type: ignore[attr-defined]
        return function

    return attach


def carried(
    name: str, title: str, *, clause: str, years: str | None = None, payee: str = "practice", fallback: bool = False
) -> Callable[[Any], Any]:
    """A line that nobody can compute from open data: it is the published payment, and says so.

    Needs the fact `published_<name>`. With `fallback`, it serves only where the main rule's facts are absent.
    """
    caller = sys._getframe(1)

    def carry(published: Any) -> Any:
        return published

    carry.__doc__ = f"{title}, as published."
    carry.__module__ = caller.f_globals["__name__"]
    first, last = _span(years)
    carry.__rule__ = Rule(  # type: ignore[attr-defined]
        name,
        carry,
        (f"published_{name}",),
        "GBP per year",
        clause,
        first,
        last,
        title,
        payee,
        "carried",
        "practice",
        0.0,
        fallback,
        shown_file(caller.f_code.co_filename),
        caller.f_lineno,
    )
    return carry


def outside_years(rule: Rule, first: int | None, last: int | None) -> tuple[Rule, ...]:
    """What is left of a rule before the first year and after the last (None: no end)."""
    found = []
    if first is not None:
        end = first - 1 if rule.last is None else min(first - 1, rule.last)
        if rule.first is None or rule.first <= end:
            found.append(replace(rule, last=end))
    if last is not None:
        start = last + 1 if rule.first is None else max(last + 1, rule.first)
        if rule.last is None or start <= rule.last:
            found.append(replace(rule, first=start))
    return tuple(found)


def within_years(rule: Rule, first: int | None, last: int | None) -> tuple[Rule, ...]:
    """What a rule is from the first year to the last (None: no end); nothing if it is not in force then."""
    start = rule.first if first is None else first if rule.first is None else max(first, rule.first)
    end = rule.last if last is None else last if rule.last is None else min(last, rule.last)
    return () if start is not None and end is not None and start > end else (replace(rule, first=start, last=end),)


def shown_file(path: str) -> str:
    """A file of the package as errors and sources name it: the last three parts of its path."""
    return "/".join(path.replace("\\", "/").split("/")[-3:])


def _span(years: str | None) -> tuple[int | None, int | None]:
    if years is None:
        return None, None
    first, dash, last = years.partition("-")
    if not dash:
        last = first
    return (parse_year(first) if first.strip() else None), (parse_year(last) if last.strip() else None)


def rules_in(module: ModuleType, chapter: str = "") -> tuple[Rule, ...]:
    """The rules that a module defines, in the order of its text."""
    found = [f.__rule__ for f in vars(module).values() if hasattr(f, "__rule__") and f.__module__ == module.__name__]
    return tuple(replace(r, chapter=chapter) for r in sorted(found, key=lambda r: r.at_line))


def rules_of(functions: Iterable[Callable[..., Any]]) -> tuple[Rule, ...]:
    """The rules behind decorated functions."""
    return tuple(f.__rule__ for f in functions)  # type: ignore[attr-defined]
