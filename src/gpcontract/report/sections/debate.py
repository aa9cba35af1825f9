"""Claims: sentences of the debate, each with the number that answers it, what that rests on, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .. import charts
from ..answers import amount
from ..document import Figure, Section
from ..tables import Column, Table
from .saying import counted, first_up, joined

VERDICTS = ("holds", "does not hold", "depends", "cannot be computed")
COLUMNS = (
    Column("says", "The claim"),
    Column("by", "Whose it is"),
    Column("verdict", "Answer"),
    Column("reading", "The number"),
    Column("range", "Range"),
    Column("grades", "Grades of what it rests on"),
    Column("cannot_tell", "What it cannot tell"),
    Column("ids", "In the inventory"),
)


class Answered(Protocol):
    """An answer to a claim: findings.claims.Answer, or anything that says the same."""

    def to_dict(self) -> dict[str, Any]:
        """The claim, its verdict, number, range, inputs and limits as plain data."""
        ...


def claims(answers: Sequence[Answered]) -> Section:
    """Every claim by theme, after a count of how they come out."""
    told = [a.to_dict() for a in answers]
    if not told:
        return Section("Claims in the debate")
    counts = _counts(told)
    columns = (Column("verdict", "Answer"), Column("claims", "Claims", "count"))
    table = Table(
        "claims_verdicts", "How the claims come out", columns, tuple((first_up(v), n) for v, n in counts.items())
    )
    figure = Figure(_said(told, "claims"), table, charts.bars(table, "verdict", "claims"))
    themes = dict.fromkeys(a["theme"] for a in told)
    parts = tuple(_theme(t, [a for a in told if a["theme"] == t]) for t in themes)
    words = (
        "Each sentence is from the debate, in our words. An answer is a number with the range that its inputs allow; where the range holds "
        "both answers, it depends. No number settles what people want of general practice.",
    )
    return Section("Claims in the debate", words, figures=(figure,), parts=parts)


def _theme(theme: str, told: Sequence[Mapping[str, Any]]) -> Section:
    rows = [
        {**a, "verdict": first_up(a["verdict"]), "reading": a["reading"] or a["why"], "range": _range(a), "grades": _grades(a), "ids": " ".join(a["ids"])}
        for a in told
    ]  # fmt: skip
    table = Table.of(f"claims_{theme.replace(' ', '_')}", f"Claims about {theme}", COLUMNS, rows)
    return Section(f"About {theme}", figures=(Figure(_said(told, f"claims about {theme}"), table),))


def _counts(told: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Claims by how they come out, in the order of VERDICTS; any other answer after those."""
    verdicts = [*VERDICTS, *dict.fromkeys(a["verdict"] for a in told if a["verdict"] not in VERDICTS)]
    counts = {v: sum(a["verdict"] == v for a in told) for v in verdicts}
    return {v: n for v, n in counts.items() if n}


def _said(told: Sequence[Mapping[str, Any]], what: str) -> str:
    """How they come out in a sentence: 'Of nine claims about equity, five hold and four do not hold'."""
    counts = _counts(told)
    if len(told) == 1:
        return f"The one claim {what.removeprefix('claims').strip()} {next(iter(counts))}".replace("  ", " ")
    return f"Of {counted(len(told))} {what}, {joined([f'{counted(n)} {_comes_out(v, n)}' for v, n in counts.items()])}"


def _comes_out(verdict: str, n: int) -> str:
    """A verdict as a verb: 'hold', 'do not hold', 'depend'."""
    if n == 1:
        return verdict
    return verdict.replace("holds", "hold").replace("does not", "do not").replace("depends", "depend")


def _range(a: Mapping[str, Any]) -> str:
    low, high = a["low"], a["high"]
    if low is None or high is None or low == high:
        return ""
    said = f"{amount(low, a['unit'])} to {amount(high, a['unit'])}"
    if a["unit"] == "fraction" or a["unit"].startswith("share "):
        return said
    return f"{said} {a['unit'].removeprefix('GBP').strip()}".strip()


def _grades(a: Mapping[str, Any]) -> str:
    """How many inputs have each grade, and how many are assumed."""
    grades = sorted({i["grade"] for i in a["inputs"] if i["grade"]})
    said = [f"{g}: {sum(i['grade'] == g for i in a['inputs'])}" for g in grades]
    assumed = sum(bool(i["assumed"]) for i in a["inputs"])
    return ", ".join(said) + (f" ({assumed} assumed)" if assumed else "")
