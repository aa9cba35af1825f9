"""A practice taken over, and one that is not: the two cases that a contract's figures mix where nobody says which practices pass."""

from __future__ import annotations

from typing import Any

from ...contracts.result import Subject
from ...futures.terms import nobody_inside, passing
from ...report.sections.saying import signed
from ..change import paid
from ..desk import Desk
from .paid import closely

LEAST = 1.0  # pounds: cases nearer to each other than this are one


def cases(here: Desk, subject: Subject, name: str, year: int) -> dict[str, float]:
    """Pounds a year for a practice's patients if its list passes to another holder, and if it does not; nothing where that is one.

    What is paid is a mean of the two, by the share of lists that pass, so that the one case is found from the other and the mean.
    """
    share = float(passing(here.contract(name), year).sum())
    if subject.kind != "practice" or not 0.0 < share < 1.0:
        return {}
    staying = here.once(("staying", name, year), lambda: _staying(here, name, year))
    stays = int(staying[here.frame(year).positions(subject.members)].sum()) / 100
    passes = stays + (paid(here.money(name, year), subject) - stays) / share
    return {"taken_over": passes, "not_taken_over": stays} if abs(passes - stays) >= LEAST else {}


def said_of(here: Desk, subject: Subject, year: int, held: dict[str, float]) -> str:
    """The two cases in a sentence."""
    before = paid(here.money("national", year), subject)
    if not held or not before:
        return ""
    over, not_over = (f"{closely(x)} a year ({signed(x / before - 1)})" for x in held.values())
    return f"For this practice: {over} if it were taken over, {not_over} if it were not."


def _staying(here: Desk, name: str, year: int) -> Any:
    """Pence paid for each practice's patients where no list passes."""
    return here.edited(name, nobody_inside(here.contract(name), year), year).running
