"""Home: the debate on one screen, and a way to every practice."""

from __future__ import annotations

from django.http import HttpRequest

from ...engine.years import year_name
from ...report import comparison as tables
from ...report.document import Card, Figure, Section
from ...report.sections import summary as report
from ...report.sections import winners as moved
from .. import asked
from ..desk import desk
from ..links import link
from ..page import Page
from . import said

GAINS = (
    "A practice counts as gaining where more is paid for its patients. That is not always its own gain: where salaried GPs take the place of "
    "partners, most of it is what they cost."
)


def home(request: HttpRequest) -> Page:
    """Six contracts side by side, in words and numbers."""
    here = desk()
    year = asked.year(request, here)
    return _home(year)


def _home(year: int) -> Page:
    here = desk()
    made = here.comparison(here.six, year)
    whole = report.summary(made)
    cards = tuple(
        Card(said.title_and_whose(here, n), c.figures, _first(c.words))
        for n, c in zip(here.six, whole.cards, strict=True)
    )
    links = {
        title: link(f"/contract/{n}") for n in here.six for title in (made.titles[n], said.title_and_whose(here, n))
    }
    side = tables.summary(made)
    return Page(
        "What would each GP contract pay your surgery?",
        report.lede(made),
        "home.html",
        facts=said.facts(here, here.six, year),
        sections=(
            Section("Six contracts in a few words", cards=cards),
            Section("Who gains and who loses", (GAINS,), figures=(moved.classes(made),)),
            Section(
                "Side by side", whole.words, figures=(Figure(f"{len(side.rows)} findings for each contract", side),)
            ),
        ),
        data={"year": year_name(year), "contracts": list(here.six)},
        extra={"links": links, "years": [year_name(y) for y in reversed(here.years)], "year": year_name(year)},
    )


def _first(words: str) -> str:
    """The first two sentences of a paragraph."""
    parts = " ".join(words.split()).split(". ")
    return ". ".join(parts[:2]).rstrip(".") + "."
