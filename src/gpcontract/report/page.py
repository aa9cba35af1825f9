"""A short HTML page of one priced year: in words, as bars, as a table. It works without scripts and meets WCAG 2.2 AA."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..contracts.result import Result, Statement
from ..engine.years import year_name
from .document import templates
from .text import caption, each, lacking, notes, total_of
from .words import in_words, millions, people, pounds

BARS = 12  # lines drawn; the table has them all


@cache
def _templates() -> Any:
    made = templates()
    made.filters |= {
        "pounds": pounds,
        "millions": millions,
        "people": people,
        "in_words": in_words,
        "each": each,
        "total_of": total_of,
    }
    made.globals["lacking"] = lacking
    return made


def render(result: Result, year: int, samples: tuple[Statement, ...] = ()) -> str:
    """The page as HTML text."""
    bill = result.bill(year)
    largest = sorted((a for a in bill.paid if a.line.fund == "running"), key=lambda a: -a.pence)
    bars = [(a, 100 * a.pence / largest[0].pence) for a in largest[:BARS] if a.pence > 0]
    return str(
        _templates()
        .get_template("bill.html")
        .render(
            result=result,
            bill=bill,
            bars=bars,
            year=year_name(year),
            samples=samples,
            facts=result.facts_of(),
            caption=caption(bill),
            largest=largest[:3],
            notes=notes(result, bill),
        )
    )
