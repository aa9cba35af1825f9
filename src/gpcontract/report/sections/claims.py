"""The claims of the debate: each sentence with its number, range, verdict and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from ...findings.claims import CANNOT, VERDICTS, Answer
from ..comparison import figure
from ..document import Figure, Section
from ..tables import Column, Table

THEMES = {
    "money": "What it costs",
    "workforce": "Doctors and staff",
    "estate": "Surgeries",
    "quality": "Quality and outcomes",
    "equity": "Deprivation",
    "local": "National and local",
    "size": "Small and large",
    "access": "Access and ratings",
    "ownership": "Who owns the lists",
    "history": "What has happened",
    "proposals": "The proposals",
    "contracts": "The contracts",
}


def claims(answers: Sequence[Answer]) -> Section:
    """All answers by theme, and how many fall to each verdict."""
    counts = {v: sum(a.verdict == v for a in answers) for v in VERDICTS}
    said = ", ".join(f"{n} {'hold' if v == 'holds' else 'do not hold' if v == 'does not hold' else 'depend on what is chosen or assumed' if v == 'depends' else v}" for v, n in counts.items() if n)
    words = (
        f"{len(answers)} statements and objections of the debate, each answered with a number: {said}.",
        "A range is of the assumed and uncertain inputs together. A verdict is on the sentence as stated here, for this England and "
        "year; the last column says what the number cannot tell.",
    )
    themes = list(dict.fromkeys(a.claim.theme for a in answers))
    return Section("Claims of the debate", words, figures=tuple(_theme(t, [a for a in answers if a.claim.theme == t]) for t in themes))


def _theme(theme: str, answers: Sequence[Answer]) -> Figure:
    held = [a for a in answers if a.verdict == "holds"]
    title = THEMES.get(theme, theme.capitalize())
    return Figure(f"{title}: {len(held)} of {len(answers)} statements hold", table(theme, title, answers))


def table(theme: str, title: str, answers: Sequence[Answer]) -> Table:
    """The answers of one theme, a row each."""
    columns = [Column("says", "The statement"), Column("by", "Said by"), Column("verdict", "Verdict"), Column("number", "The number")]
    columns += [Column("range", "Range"), Column("reading", "In words"), Column("inputs", "Rests on (grade)"), Column("cannot", "Cannot tell")]
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
    return Table.of(f"claims_{theme}", title, columns, rows)


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
