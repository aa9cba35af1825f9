"""A report as plain parts: sections of words, figures and tables. Rendering knows nothing of what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .charts.svg import Drawing, swatch
from .tables import Table

BESIDE = 3  # columns of a table that fit beside its chart on a desk


@dataclass(frozen=True)
class Figure:
    """A finding: its sentence, which says the number, its table, and a chart of that table where one helps."""

    sentence: str
    table: Table
    drawing: Drawing | None = None

    @property
    def name(self) -> str:
        """What the figure is called in links; each table is in one figure."""
        return slug(self.table.name)

    @property
    def svg(self) -> str:
        """The chart, titled with the sentence."""
        return self.drawing.svg(f"chart-{self.name}", self.sentence) if self.drawing else ""

    @property
    def is_beside(self) -> bool:
        """Whether chart and table stand side by side where there is room."""
        return self.drawing is not None and len(self.table.columns) <= BESIDE


@dataclass(frozen=True)
class Card:
    """A thing to set beside others: its name, a few figures with what they are, and a paragraph in plain words."""

    title: str
    figures: tuple[tuple[str, str], ...]
    words: str


@dataclass(frozen=True)
class Section:
    """A part of the report: paragraphs, then cards, figures, terms and parts of its own."""

    title: str
    words: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    figures: tuple[Figure, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    parts: tuple[Section, ...] = ()

    @property
    def name(self) -> str:
        """What the section is called in links."""
        return slug(self.title)


@dataclass(frozen=True)
class Document:
    """A whole report. facts: what every output shows (England, contract, year, denominator), in words.

    tables: those that only the files hold, such as every practice.
    """

    title: str
    lede: str
    facts: Mapping[str, str]
    sections: tuple[Section, ...]
    is_synthetic: bool = False
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def every_table(self) -> tuple[Table, ...]:
        """The tables of all figures, in order, then those that only the files hold."""
        return (*(f.table for s in self.sections for f in _figures(s)), *self.tables)


def _figures(section: Section) -> Iterator[Figure]:
    yield from section.figures
    for part in section.parts:
        yield from _figures(part)


def slug(text: str) -> str:
    """Words as a name for links: slug('Who gains, who loses') is 'who-gains-who-loses'."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def templates() -> Any:
    """The templates of pages: what they are given is escaped, and a name that they lack is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("gpcontract.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _templates() -> Any:
    from markupsafe import Markup

    made = templates()
    made.globals["swatch"] = lambda kind: Markup(swatch(kind))
    made.filters["svg"] = Markup
    return made


def render(document: Document) -> str:
    """The report as one HTML page that needs no script, no network and no other file."""
    return str(_templates().get_template("report.html").render(document=document))
