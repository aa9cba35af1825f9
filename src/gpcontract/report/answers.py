"""Answers to claims as people read them: the number with its unit, its range, and a table of them."""

from __future__ import annotations

from collections.abc import Sequence

from ..findings.claims import CANNOT, Answer
from .comparison import figure
from .tables import Column, Table


def table(name: str, title: str, answers: Sequence[Answer]) -> Table:
    """Some answers, a row each."""
    columns = [
        Column("says", "The statement"),
        Column("by", "Said by"),
        Column("verdict", "Verdict"),
        Column("number", "The number"),
    ]
    columns += [
        Column("range", "Range"),
        Column("reading", "In words"),
        Column("inputs", "Rests on (grade)"),
        Column("cannot", "Cannot tell"),
    ]
    rows = [
        {
            "says": f"{a.claim.says} ({', '.join(a.claim.ids)})",
            "by": a.claim.by,
            "verdict": a.verdict,
            "number": number(a),
            "range": span(a),
            "reading": a.reading or a.why,
            "inputs": "; ".join(f"{i.title} ({i.grade}{', assumed' if i.assumed else ''})" for i in a.inputs),
            "cannot": a.claim.cannot,
        }
        for a in answers
    ]
    return Table.of(f"claims_{name}", title, columns, rows)


def number(a: Answer) -> str:
    """The number of an answer with its unit, or why there is none."""
    if a.value is None or a.verdict == CANNOT:
        return "–"
    return f"{amount(a.value, a.claim.unit)} ({a.claim.unit})"


def span(a: Answer) -> str:
    """The range of an answer; nothing where none of its inputs has one."""
    if a.low is None or a.high is None or a.low == a.high:
        return "–"
    return f"{amount(a.low, a.claim.unit)} to {amount(a.high, a.claim.unit)}"


def amount(x: float, unit: str) -> str:
    """A figure by its unit: shares as per cent, money in pounds, years as they are."""
    if unit.startswith("year "):
        return f"{x:.0f}"
    plain = "fraction" if unit.startswith("share ") or unit.endswith("less one") else unit
    return figure(x, plain)
