"""The templates: the explorer's own, over the components of nhsuk-frontend-jinja."""

from __future__ import annotations

from typing import Any

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from ..engine.years import year_name
from ..report.charts.svg import swatch
from .assets import PREFIX
from .links import link
from .tree import tree

MENU = (
    ("/", "Home"),
    ("/search", "Find a practice"),
    ("/compare", "Compare"),
    ("/build", "Build"),
    ("/ahead", "Years ahead"),
    ("/contracts", "Contracts"),
    ("/claims", "Claims"),
    ("/data", "Data and methods"),
)


def environment(**options: Any) -> Environment:
    """Jinja as the explorer uses it. Undefined names chain because the NHS components rely on it."""
    ours = options.pop("loader", None)
    loaders = [loader for loader in (ours, PackageLoader("nhsuk_frontend_jinja")) if loader is not None]
    options |= {
        "loader": ChoiceLoader(loaders),
        "undefined": ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)
    made.globals |= {
        "asset": lambda name: PREFIX + name,
        "link": link,
        "menu": MENU,
        "tree": tree,
        "swatch": lambda kind: Markup(swatch(kind)),
        "year_name": year_name,
    }
    made.filters |= {
        "unbroken": unbroken,
        "svg": Markup,
    }
    return made


def unbroken(text: str) -> str:
    """A sentence in which no line ends between a sign and its sum."""
    return text.replace("+£", "+\u2060£").replace("−£", "−\u2060£")


def read_all() -> None:
    """Read every template of ours, which the first reader of each would wait for."""
    from django.template import engines

    made = engines["jinja2"].env
    for name in made.list_templates(filter_func=lambda name: not name.startswith("nhsuk/")):
        made.get_template(name)
