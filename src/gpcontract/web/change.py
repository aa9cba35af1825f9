"""What moves a practice's money from one contract to another: a step for each mechanism and edit, for all practices at once."""

from __future__ import annotations

from dataclasses import dataclass

from ..contracts import run
from ..contracts.pricing import reprice, years_up_to
from ..contracts.result import Subject
from ..engine.edits import Reform
from ..findings.money import Money, Pence
from .desk import Desk


@dataclass(frozen=True)
class Step:
    """One mechanism or edit: what it adds to each practice of a year's frame, and to the bill of England, in pence.

    Practices have the money of those who care for patients; the bill also what boards and owners of buildings are paid.
    """

    title: str
    each: Pence
    bill: int


Steps = tuple[Step, ...]


def paid(money: Money, subject: Subject) -> float:
    """Running money of a subject's practices in pounds, with their share of what networks are paid."""
    return int(money.running[money.frame.positions(subject.members)].sum()) / 100


def steps(here: Desk, name: str, year: int) -> Steps:
    """What each mechanism, and then each edit of a saved reform, adds to every practice, from the national contract on.

    The steps add up to the whole change to the penny; where the base of the contract is not the national one, the first
    step is what lies between them.
    """
    made: Steps = here.once(("steps", name, year), lambda: _steps(here, name, year))
    return made


def _steps(here: Desk, name: str, year: int) -> Steps:
    contract, plain = here.contract(name), here.contract(name.partition("+")[0])
    before = here.money("national", year)
    found: list[Step] = []

    def add(title: str, after: Money) -> None:
        nonlocal before
        found.append(Step(title, after.running - before.running, _bill(after) - _bill(before)))
        before = after

    if plain.mechanisms:
        now = run(plain.switched([]), here.england, years_up_to(plain, here.england, year), keep="all")
        add("Where the two contracts begin", Money(name, now, before.frame))
        for i, m in enumerate(plain.mechanisms, 1):
            now = reprice(now, plain.switched([x.name for x in plain.mechanisms[:i]]))
            add(m.title, Money(name, now, before.frame))
    else:
        add(plain.title, here.money(plain.name, year))
    for i, edit in enumerate(contract.reform.edits, 1):
        add(edit.said, here.edited(plain.name, Reform(contract.reform.edits[:i]), year))
    return tuple(s for s in found if s.bill or s.each.any())


def _bill(money: Money) -> int:
    """Running money of England in pence, to all payees."""
    return sum(money.sums[line.name] for line in money.lines if line.fund == "running")
