"""The inventory of the debate: every mechanism, objection and comment of the five sources, and what became of it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..engine.errors import InputError, LoadError, nearest
from ..engine.files import items as entries
from ..engine.files import line_of_key, read_yaml

FILE = Path(__file__).with_name("inventory.yaml")
COMPUTED, REPRESENTED, NOT_QUANTIFIABLE = "computed", "represented", "not quantifiable"
HOWS = (COMPUTED, REPRESENTED, NOT_QUANTIFIABLE)
SOURCES = {"S0": 63, "S1": 72, "S2": 22, "S3": 18, "S4": 22}  # how many things each source says


@dataclass(frozen=True)
class Item:
    """One thing that a source says.

    title: in our words.  how: computed, represented or not quantifiable.  by: the claims, mechanisms (contract.mechanism),
    contracts, modules or pages that hold it.  why: a reason where no number of its own comes of it.
    """

    id: str
    title: str
    how: str
    by: tuple[str, ...] = ()
    why: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The item as plain data."""
        return {"id": self.id, "title": self.title, "how": self.how, "by": list(self.by), "why": self.why}


def ids() -> tuple[str, ...]:
    """Every id of the inventory, S0-01 to S4-22."""
    return tuple(f"{source}-{n:02d}" for source, last in SOURCES.items() for n in range(1, last + 1))


@cache
def items() -> tuple[Item, ...]:
    """Everything that the five sources say, in their order; each has a title, a `how`, and a reason where it is not computed."""
    read = read_yaml(FILE, FILE.name)
    made = {str(one): _item(str(one), body, line_of_key(read, one)) for one, body in entries(read)}
    missing = [one for one in ids() if one not in made]
    beyond = [one for one in made if one not in ids()]
    if missing or beyond:
        raise LoadError(
            f"the inventory lacks {', '.join(missing) or 'nothing'} and has {', '.join(beyond) or 'nothing'} too many",
            file=FILE.name,
        )
    return tuple(made[one] for one in ids())


def item(one: str) -> Item:
    """One thing by its id."""
    found = {i.id: i for i in items()}
    if one.upper() not in found:
        raise InputError(f"the inventory has no '{one}'", expected="S0-01 to S4-22", hint=nearest(one.upper(), found))
    return found[one.upper()]


def counts() -> Mapping[str, int]:
    """How many are computed, represented and not quantifiable."""
    return {how: sum(i.how == how for i in items()) for how in HOWS}


def _item(one: str, body: Any, line: int | None) -> Item:
    if not isinstance(body, dict) or not body.get("title") or body.get("how") not in HOWS:
        raise LoadError(f"'{one}' lacks a title or how", file=FILE.name, line=line, expected=" | ".join(HOWS))
    made = Item(one, str(body["title"]), body["how"], tuple(map(str, body.get("by") or ())), str(body.get("why") or ""))
    if made.how == COMPUTED and not made.by:
        raise LoadError(f"'{one}' is computed by nothing", file=FILE.name, line=line, expected="by: [claim, ...]")
    if made.how != COMPUTED and not made.why:
        raise LoadError(f"'{one}' is {made.how} and gives no reason", file=FILE.name, line=line, expected="why: ...")
    return made
