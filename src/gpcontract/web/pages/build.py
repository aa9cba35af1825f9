"""Build: change values, leave mechanisms out, phase things in, and see at once what it costs and who moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ... import chapters
from ...contracts import Contract
from ...contracts.explain import shown
from ...engine.edits import AddChapter, DropChapter, Edit, Reform, ValueEdit
from ...engine.errors import InputError
from ...engine.reform_files import reform_of
from ...engine.years import year_name
from ...report.document import Section
from ...report.tables import Column, Table
from .. import asked
from ..desk import Desk, desk
from ..draft import MOST, WAYS, Change, Draft
from ..errors import mistake
from ..leaving import can_leave, left_out
from ..page import Page
from ..store import Saved, address_of, save
from . import outcome, said

#: What a newcomer may begin with: values of the national contract that people argue about, and a change to try.
FIRST = (("global_sum_price", "raise", "5"), ("qof_point_value", "raise", "-10"), ("ooh_deduction_share", "set", "0"))


def build(request: HttpRequest) -> Page:
    """The draft that the address holds, and what it does."""
    here = desk()
    year = asked.year(request, here)
    draft = Draft.read(request.GET, here)
    practice = asked.text(request, "practice", 20)
    wrong = dict(draft.mistakes)
    if practice and (problem := outcome.follows(here, draft.base, practice, year)):
        wrong["practice"] = problem
    lede = ""
    sections: tuple[Section, ...] = ()
    if draft.reform:
        followed = "" if "practice" in wrong else practice
        lede, sections = outcome.outcome(here, draft.base, draft.reform, year, followed)
    return Page(
        "Build a contract of your own",
        lede or "Begin with a contract, change what it pays, and see at once what that costs and who gains and loses.",
        "build.html",
        trail=said.HOME,
        facts=facts(here, draft, year),
        sections=sections,
        tables=(edits_of(draft.reform, draft.contract),) if draft.reform else (),
        data={
            "base": draft.base,
            "year": year_name(year),
            "edits": [e.as_dict() for e in draft.reform.edits],
            "hash": draft.reform.hash if draft.reform else None,
            "mistakes": wrong,
        },
        extra={
            "draft": draft, "began": address_of(draft.forked, draft.base) if draft.forked else "", "wrong": wrong, "practice": practice, "year": year_name(year), "years": [year_name(y) for y in reversed(here.years)],
            "bases": said.choices(here), "choices": choices(here, draft.base, year), "rows": rows(here, draft, year),
            "mechanisms": mechanisms(draft), "chapters": ends(draft), "ways": WAYS, "spans": [year_name(y) for y in draft.contract.years],
            "links": outcome.links(sections, year), "first": first(here, draft, year), "other": [(Reform((e,)).to_json(), e.said) for e in draft.other],
        },
        status=400 if wrong else 200,
    )  # fmt: skip


def facts(here: Desk, draft: Draft, year: int) -> dict[str, str]:
    """What the figures of a draft are."""
    made = said.facts(here, (draft.base,), year)
    if draft.reform:
        made["Edits"] = f"{draft.reform.hash} (not saved): {'; '.join(e.said for e in draft.reform.edits)}"
    return made


def edits_of(reform: Reform, contract: Contract) -> Table:
    """The edits as a table, each with what it changes in words."""
    columns = (Column("what", "What it changes"), Column("edit", "Edit"), Column("why", "Why"))
    rows = tuple((_what(e, contract), e.said, getattr(e, "note", "") or "") for e in reform.edits)
    table = Table("edits", "The edits, in the order in which they hold", columns, rows)
    return table if any(r[2] for r in rows) else table.only("what", "edit")


def _what(edit: Edit, contract: Contract) -> str:
    """What an edit changes, as its value or chapter is called."""
    if isinstance(edit, ValueEdit):
        entry = f", {edit.key.replace('_', ' ')}" if edit.key else ""
        return contract.values[edit.value].title + entry if edit.value in contract.values else edit.value
    if isinstance(edit, (DropChapter, AddChapter)):
        return title_of(edit.chapter)
    return edit.target


def choices(here: Desk, base: str, year: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """The values that can be changed and matter in a year, by chapter, each by its name and title."""
    return here.once(("choices", base, year), lambda: _choices(here, base, year))  # type: ignore[no-any-return]


def _choices(here: Desk, base: str, year: int) -> list[tuple[str, list[tuple[str, str]]]]:
    contract = here.contract(base)
    read = here.result(base, year).leaves
    made = []
    for name in contract.chapters:
        held = [(v.name, v.title) for v in contract.values.values() if v.chapter == name and v.name in read]
        if held:
            made.append((title_of(name), held))
    return made


def title_of(chapter: str) -> str:
    """What a chapter is called, without what it says of itself."""
    return chapters.load(chapter).title.split(":")[0]


def rows(here: Desk, draft: Draft, year: int) -> list[dict[str, Any]]:
    """Each change with what its value is now, where that is from, and what it becomes."""
    return [_row(here, draft, year, i, c) for i, c in enumerate(draft.changes, 1)]


def _row(here: Desk, draft: Draft, year: int, i: int, change: Change) -> dict[str, Any]:
    contract = draft.contract
    made: dict[str, Any] = {
        "at": f"change-{i}",
        "n": i,
        "change": change,
        "title": change.value,
        "known": change.value in contract.values,
    }
    if not made["known"]:
        return made
    value = contract.values[change.value]
    leaves = here.result(draft.base, year).leaves
    labels = next(iter(value.keys.values()), ()) if len(value.keys) == 1 else ()
    made |= {"title": value.title, "unit": value.unit, "entries": labels, "clause": value.clause}
    if value.name not in leaves:
        made["now"] = f"No payment of {year_name(year)} rests on it here, so that changing it moves nothing."
        return made
    x = np.asarray(leaves[value.name])
    row = x[..., 0, min(here.result(draft.base, year).at(year), x.shape[-2] - 1), 0]
    if value.keys and change.key not in labels:
        made["now"] = (
            f"A table of {row.size} figures, from {shown(float(row.min()), value.unit)} to {shown(float(row.max()), value.unit)}."
        )
    else:
        figure = float(row[labels.index(change.key)]) if value.keys else float(row)
        made["now"] = f"Now {shown(figure, value.unit)} ({_plain(value.unit)}) in {year_name(year)}."
    entries = value.shares(year)
    if entries:
        made["sources"] = [
            (contract.sources[s].title, contract.sources[s].url)
            for s in entries[-1][0].sources
            if s in contract.sources
        ]
        made["status"] = "assumed" if contract.assumes(value.name, year) else entries[-1][0].status
    return made


def _plain(unit: str) -> str:
    return unit.replace("GBP", "pounds")


def mechanisms(draft: Draft) -> list[dict[str, Any]]:
    """The mechanisms of the contract with whether each is left out, and what of it stays if it is."""
    return [
        {
            "name": m.name,
            "title": m.title,
            "about": m.about,
            "off": m.name in draft.off,
            "stays": left_out(draft.contract, m.name).stays,
        }
        for m in draft.contract.mechanisms
        if can_leave(draft.contract, m)
    ]


def ends(draft: Draft) -> list[dict[str, Any]]:
    """The chapters of the contract that pay something, with whether each is ended."""
    paying = dict.fromkeys(r.chapter for r in draft.contract.rules if r.line)
    return [
        {"name": c, "title": title_of(c), "ended": c in draft.ended} for c in draft.contract.chapters if c in paying
    ]


def first(here: Desk, draft: Draft, year: int) -> list[tuple[str, str]]:
    """Changes to try, in words and by address, where nothing is changed yet."""
    if draft.parts:
        return []
    read = here.result(draft.base, year).leaves
    made = []
    for value, way, amount in FIRST:
        if value in read and value in draft.contract.values:
            one = Draft(draft.base, draft.contract, (Change(value, "", way, amount),))
            word = {
                "raise": f"{'Raise' if float(amount) > 0 else 'Cut'} by {amount.lstrip('-')}%:",
                "set": f"Set to {amount}:",
            }[way]
            made.append(
                (
                    f"{word} {draft.contract.values[value].title}",
                    one.address(year="" if year == here.year else year_name(year)),
                )
            )
    return made


def keep(request: HttpRequest) -> HttpResponse:
    """Save a draft under its hash and go to its page."""
    if (no := refused(request)) is not None:
        return no
    draft = Draft.read(request.POST, desk())
    if draft.mistakes:
        return HttpResponseRedirect(draft.address(), status=303)  # where they are shown beside what they are about
    done = save(draft.reform, draft.base, draft.title, draft.forked)
    return HttpResponseRedirect(done.address(), status=303)


def bring(request: HttpRequest) -> HttpResponse:
    """A reform that somebody pastes, as a draft; nothing is saved."""
    if (no := refused(request)) is not None:
        return no
    here = desk()
    base = request.POST.get("base", "") or "national"
    asked.known_contract(base, here)
    made = reform_of(request.POST.get("text", ""), "the text")
    if not made:
        raise InputError("there is no edit in this text", expected="edits as JSON or YAML")
    if len(made.edits) > MOST:
        raise InputError(f"this reform has {len(made.edits):,} edits", expected=f"no more than {MOST} on this page")
    draft = Draft.of(Saved(made, base, made.title), here)
    return HttpResponseRedirect(replace(draft, forked="").address(), status=303)


def refused(request: HttpRequest) -> HttpResponse | None:
    """An answer to what no page of this explorer sends: another method, or a form on another website."""
    if request.method != "POST":
        made = mistake(request, 405)
        made["Allow"] = "POST"
        return made
    return (
        None
        if request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
        else mistake(request, 403)
    )
