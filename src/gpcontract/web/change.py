"""What moves a practice's money from one contract to another: a step for each mechanism and edit, for all practices at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..contracts import run
from ..contracts.pricing import reprice, years_up_to
from ..contracts.result import Subject
from ..findings.money import Money, Pence
from .desk import Desk

Steps = tuple[tuple[str, Pence], ...]


def paid(money: Money, subject: Subject) -> float:
    """Running money of a subject's practices in pounds, with their share of what networks are paid."""
    at = np.searchsorted(money.frame.members, subject.members)
    return int(money.running[at].sum()) / 100


def steps(here: Desk, name: str, year: int) -> Steps:
    """What each mechanism, and then each edit of a saved reform, adds to every practice, from the national contract on.

    The steps add up to the whole change to the penny; where the base of the contract is not the national one, the first
    step is what lies between them.
    """
    made: Steps = here.once(("steps", name, year), lambda: _steps(here, name, year))
    return made


def _steps(here: Desk, name: str, year: int) -> Steps:
    contract = here.contract(name)
    plain = here.contract(name.partition("+")[0])
    frame = here.frame(year)
    before = here.money("national", year).running
    found: list[tuple[str, Any]] = []

    def add(title: str, after: Pence) -> None:
        nonlocal before
        found.append((title, after - before))
        before = after

    if plain.mechanisms:
        now = run(plain.switched([]), here.england, years_up_to(plain, here.england, year), keep="all")
        add("Where the two contracts begin", Money(name, now, frame).running)
        for i, m in enumerate(plain.mechanisms, 1):
            now = reprice(now, plain.switched([x.name for x in plain.mechanisms[:i]]))
            add(m.title, Money(name, now, frame).running)
    else:
        add(plain.title, here.money(plain.name, year).running)
    if contract.reform:
        edits = contract.reform.edits
        for i, edit in enumerate(edits, 1):
            part = here.edited(plain.name, type(contract.reform)(edits[:i]), year)
            add(edit.said, part.running)
    return tuple((t, x) for t, x in found if x.any())
