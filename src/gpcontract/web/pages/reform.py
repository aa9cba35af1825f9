"""A saved reform: its edits, what they do, and how to share it, change it, download it and run it elsewhere."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from ...engine.years import year_name
from .. import asked
from ..desk import desk
from ..links import link
from ..page import Page
from ..store import Saved, address_of, saved
from . import outcome, said
from .build import edits_of


def reform(request: HttpRequest, sign: str) -> Page:
    """One saved reform and what it does."""
    here = desk()
    made = saved(sign, asked.text(request, "base"))
    year = asked.year(request, here)
    practice = asked.text(request, "practice", 20)
    wrong = outcome.follows(here, made.base, practice, year) if practice else ""
    lede, sections = outcome.outcome(here, made.base, made.reform, year, "" if wrong else practice)
    table = edits_of(made.reform, here.contract(made.base))
    title = made.title or "A reform without a name"
    return Page(
        title,
        lede,
        "reform.html",
        trail=(*said.HOME, ("Build", "/build")),
        facts=said.facts(here, (made.name,), year),
        sections=sections,
        tables=(table,),
        data={
            "hash": sign,
            "base": made.base,
            "name": made.name,
            "forked_from": made.forked_from or None,
            "year": year_name(year),
            "edits": [e.as_dict() for e in made.reform.edits],
        },
        extra={
            "saved": made, "base": said.title(here, made.base), "year": year_name(year), "years": [year_name(y) for y in reversed(here.years)],
            "links": outcome.links(sections, year), "table": table, "file": file_name(made), "practice": practice, "wrong": wrong,
            "compare": link("/compare", contract=[made.base, made.name]), "england": link("/england", contract=made.name),
            "change": link("/build", reform=sign, base=made.base if made.again else ""), "began": address_of(made.forked_from, made.base) if made.forked_from else "",
        },
        status=400 if wrong else 200,
    )  # fmt: skip


def file_name(made: Saved) -> str:
    """What the file of a reform is called."""
    return f"reform-{made.reform.hash}.yaml"


def file(request: HttpRequest, sign: str) -> HttpResponse:
    """The reform as a file for the command line: YAML that `--reform` reads."""
    made = saved(sign, asked.text(request, "base"))
    answer = HttpResponse(text_of(made), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(made)}"'
    return answer


def text_of(made: Saved) -> str:
    """A reform as YAML: comments that say what it is and how to run it, then its edits."""
    import yaml

    name, title = file_name(made), "".join(c for c in made.title if c.isprintable())
    head = (
        f"# {title or 'A reform'} ({made.reform.hash}), made on the contract '{made.base}'. To run it:",
        f"#   gpcontract compare {made.base} --reform {name}",
        f"#   gpcontract price --who PRACTICE --contract {made.base} --reform {name}",
    )
    body = {"title": title or f"Reform {made.reform.hash}", "edits": [e.as_dict() for e in made.reform.edits]}
    plain = json.loads(json.dumps(body))  # tuples as lists
    return "\n".join(head) + "\n" + yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
