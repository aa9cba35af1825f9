"""Years ahead: what may come of each contract over some years, with ranges and odds, and knobs to turn."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from ...engine.edits import Reform
from ...engine.errors import InputError
from ...engine.years import year_name
from ...futures import kept
from ...futures.figures import figures
from ...futures.knobs import KNOBS, turned
from ...futures.simulate import LAST_PRICED
from ...report import ahead as tables
from ...report.document import Document, Section
from ...report.sections import ahead as report
from .. import asked, runs
from ..desk import Desk, desk
from ..errors import mistake
from ..links import link
from ..page import Page
from . import said
from .build import refused

WORDS = {
    runs.WAITING: "This run is waiting for its turn.",
    runs.RUNNING: "This run is being worked out.",
    runs.STOPPED: "This run was stopped. What was done is kept, and it can go on.",
    runs.FAILED: "This run could not be worked out.",
}


def ahead(request: HttpRequest) -> Page:
    """The run that the address asks for: its figures where it is done, else how far it is. The path without luck is begun at once."""
    here = desk()
    run, wrong = wanted(request.GET, here)
    state = runs.state(run)
    full = ""
    if not wrong and run.draws == 1 and state is None:
        try:
            runs.ask(run)
        except runs.Full as error:
            full = f"{error.problem[:1].upper()}{error.problem[1:]}. Try again in a few minutes."
        state = runs.state(run)
    if state is not None and state.what == runs.DONE and not wrong:
        return _done(here, run, request.GET)
    what = state.what if state else ""
    first = year_name(_start(here))
    words = (
        full
        or WORDS.get(what)
        or f"{run.draws} possible worlds take a minute or two. Nothing is worked out until you ask."
    )
    if wrong:
        words = "Something that is asked for cannot be understood."
    elif state and state.said:
        words += f" {state.said}"
    return Page(
        f"Years ahead from {first}",
        words,
        "ahead.html",
        trail=said.HOME,
        facts={"England": here.england.title, "Contracts": "; ".join(said.title(here, n) for n, _, _ in run.contracts)},
        data={"run": run.key, "state": what or "not asked for", "done": state.done if state else 0, "draws": run.draws, "mistakes": wrong},
        extra=_form(here, run, request.GET) | {"state": state, "what": what, "wrong": wrong},
        status=400 if wrong else 503 if full else 202 if what in (runs.WAITING, runs.RUNNING) else 200,
    )  # fmt: skip


def _done(here: Desk, run: runs.Asked, given: QueryDict) -> Page:
    """A run that is done, as a page."""
    made: Document = here.once(("ahead", run.key), lambda: _document(run))
    os.utime(run.folder / runs.STATE)  # it was read now
    return Page(
        made.title,
        made.lede,
        "ahead.html",
        trail=said.HOME,
        facts=made.facts,
        sections=made.sections,
        tables=made.tables,
        data={"run": run.key, "state": runs.DONE, "done": run.draws, "draws": run.draws},
        extra=_form(here, run, given) | {"what": runs.DONE, "wrong": {}},
        notes=made.notes,
    )


def _document(run: runs.Asked) -> Document:
    held = kept.read(run.folder / "run", run.draws)
    made = report.document(held)
    shown = {t.name for s in made.sections for p in (s, *s.parts) for t in (f.table for f in p.figures)}
    others = tuple(t for t in tables.every_table(held) if t.name not in shown)
    return Document(
        made.title,
        made.lede,
        made.facts,
        tuple(_words(s) for s in made.sections),
        made.is_synthetic,
        others,
        made.notes,
    )


def _words(s: Section) -> Section:
    """A section without what the page says of its figures below."""
    return s if s.title != "How to read this" else Section(s.title, s.words[:1])


def wanted(given: QueryDict, here: Desk) -> tuple[runs.Asked, dict[str, str]]:
    """The run that an address or a form asks for, and what is wrong with its knobs."""
    from ...futures import running

    names = asked.named(given.getlist("contract"), here)
    years = _one(given, "years", runs.YEARS, 10)
    draws = _one(given, "draws", runs.DRAWS, 1)
    seed = given.get("seed", "").strip() or "1"
    if not (seed.isascii() and seed.isdecimal() and 0 < int(seed[:9]) < 1_000_000):
        raise InputError(f"'{seed[:20]}' is no seed", expected="a whole number from 1 to 999999")
    knobs, wrong = Reform(), {}
    for name in KNOBS:
        text = given.get(name, "").replace("\0", "").strip()[:20]
        if text:
            try:
                knobs = knobs + _sensible(turned({name: text}, _start(here) + 1, "this"), name)
            except InputError as error:
                wrong[name] = f"{error.problem[:1].upper()}{error.problem[1:]}. Expected: {error.expected}."
    contracts = []
    for n in names:
        contract = here.contract(n)
        contracts.append((n, n.partition("+")[0], contract.reform.to_json() if contract.reform else ""))
    where = os.environ.get("GPCONTRACT_ENGLAND", "synthetic")
    return runs.Asked(
        where, _identity(here), tuple(contracts), years, draws, int(seed), knobs.to_json(), running.code()
    ), wrong


def _sensible(made: Reform, name: str) -> Reform:
    """A knob within ten times what is thought possible of it, so that no run is asked for that means nothing."""
    amount = made.value_edits[0].amount
    entry = figures()[KNOBS[name][0]].entries[-1]
    low, high = entry.range or (0.0, float(runs.YEARS[-1]))  # the one without a range is of years
    width = max(abs(low), abs(high), high - low)
    if not low - 10 * width <= amount <= high + 10 * width or not np.isfinite(amount):
        raise InputError(
            f"{amount:g} is far from anything that is thought possible", expected=f"near {low:g} to {high:g}"
        )
    return made


def _one(given: QueryDict, name: str, known: tuple[int, ...], otherwise: int) -> int:
    text = given.get(name, "").strip()
    if text and text not in map(str, known):
        raise InputError(f"'{text[:20]}' is no number of {name}", expected=", ".join(map(str, known)))
    return int(text or otherwise)


def _start(here: Desk) -> int:
    return max((y for y in here.years if y <= LAST_PRICED), default=here.years[-1])


def _identity(here: Desk) -> str:
    """Which England this is: its title, and a few digits of its lists."""
    lists = here.england.fact("list_size")
    return here.once(
        "identity",
        lambda: f"{here.england.title} {hashlib.sha256(np.ascontiguousarray(lists).tobytes()).hexdigest()[:8]}",
    )  # type: ignore[no-any-return]


def _form(here: Desk, run: runs.Asked, given: QueryDict) -> dict[str, Any]:
    """What the form shows, and the address of the run."""
    names = [n for n, _, _ in run.contracts]
    held = figures()
    knobs = []
    for name, (figure, words) in KNOBS.items():
        entry = held[figure].entries[-1]
        unit = held[figure].unit
        spread = (
            f", thought to be from {_shown(entry.range[0], unit)} to {_shown(entry.range[1], unit)}"
            if entry.range
            else ""
        )
        of = "" if unit.startswith("fraction") else f" ({unit})"
        knobs.append((name, words, f"{_shown(entry.value, unit)}{spread}{of}", given.get(name, "")[:20]))
    return {
        "names": names, "choices": said.choices(here, *names), "years": runs.YEARS, "year": run.years, "draws": runs.DRAWS, "draw": run.draws,
        "seed": run.seed, "knobs": knobs, "turned": any(k[3] for k in knobs), "sent": _query(run, here, given), "run": run.key,
    }  # fmt: skip


def _shown(x: float, unit: str) -> str:
    """A figure of a knob: a fraction as a percentage."""
    return f"{100 * x:g}%".replace("-", "−") if unit.startswith("fraction") else f"{x:,g}"


def _query(run: runs.Asked, here: Desk, given: QueryDict) -> list[tuple[str, str]]:
    """What an address of this run holds."""
    names = [n for n, _, _ in run.contracts]
    made = [] if tuple(names) == here.six else [("contract", n) for n in names]
    made += [("years", str(run.years))] if run.years != 10 else []
    made += [("draws", str(run.draws))] if run.draws != 1 else []
    made += [("seed", str(run.seed))] if run.seed != 1 else []
    return made + [(k, given[k][:20]) for k in KNOBS if given.get(k, "").strip()]


def _address(run: runs.Asked, here: Desk, given: QueryDict) -> str:
    held: dict[str, list[str]] = {}
    for k, v in _query(run, here, given):
        held.setdefault(k, []).append(v)
    return link("/ahead", **held)


def begin(request: HttpRequest) -> HttpResponse:
    """Put a run into the queue and go to its page."""
    return _act(request, runs.ask)


def stop(request: HttpRequest) -> HttpResponse:
    """Stop a run and go to its page."""
    return _act(request, runs.stop)


def _act(request: HttpRequest, do: Any) -> HttpResponse:
    if (no := refused(request)) is not None:
        return no
    here = desk()
    run, wrong = wanted(request.POST, here)
    try:
        if not wrong:
            do(run)
    except runs.Full as error:
        return mistake(request, 503, error)
    return HttpResponseRedirect(_address(run, here, request.POST), status=303)
