"""What an address asks for: contracts, a year, a table, in words that can be mistaken; each mistake says what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.http import HttpRequest

from ..engine.errors import InputError
from ..engine.years import parse_year
from .desk import Desk
from .errors import NotHere

CONTRACT = re.compile(r"[a-z0-9_]{1,60}([+][0-9a-f]{12})?")
MOST = 7  # contracts beside each other


def text(request: HttpRequest, name: str, longest: int = 100) -> str:
    """A word of the query, cut to a length; nothing where it is not there."""
    return request.GET.get(name, "").replace("\0", "").strip()[:longest]


def contract(request: HttpRequest, desk: Desk, otherwise: str = "national", name: str = "contract") -> str:
    """The contract asked for: one of the package's, or one with a saved reform, 'national+1a2b3c4d5e6f'."""
    return known_contract(text(request, name) or otherwise, desk)


def known_contract(given: str, desk: Desk) -> str:
    """A contract's name if there is such a contract; a blank in it stands for the plus sign that browsers turn into one."""
    wanted = given.replace(" ", "+")
    if not CONTRACT.fullmatch(wanted):
        raise InputError(f"'{given[:80]}' is not a contract", expected=", ".join(desk.names))
    try:
        desk.contract(wanted)
    except NotHere as error:
        raise InputError(error.problem, expected=error.expected, hint=error.hint) from None
    return wanted


def contracts(request: HttpRequest, desk: Desk) -> tuple[str, ...]:
    """The contracts asked for, the first as the base; the six of the debate where none is."""
    return named(request.GET.getlist("contract"), desk)


def named(listed: Iterable[str], desk: Desk) -> tuple[str, ...]:
    """Contracts by their names, the first as the base; the six of the debate where none is named."""
    given = [part for one in listed for part in one.split(",") if part.strip()]
    if len(given) > MOST:
        raise InputError(f"{len(given)} contracts are asked for", expected=f"no more than {MOST}")
    found = tuple(dict.fromkeys(known_contract(one.strip(), desk) for one in given))
    if len(found) == 1 and found[0] != "national":
        return ("national", *found)
    return found or desk.six


def year(request: HttpRequest, desk: Desk) -> int:
    """The year asked for, as '2024/25' or '2024'; the desk's own where none is."""
    return year_of(text(request, "year", 20), desk)


def year_of(given: str, desk: Desk) -> int:
    """A year in words; the desk's own where nothing is given."""
    if not given:
        return desk.year
    wanted = parse_year(given)
    desk.at(wanted)
    return wanted


def choice(request: HttpRequest, name: str, known: tuple[str, ...], otherwise: str) -> str:
    """One of some words; an error that lists them where it is none of them."""
    given = text(request, name)
    if given and given not in known:
        raise InputError(f"'{given}' is no {name}", expected=", ".join(known))
    return given or otherwise


def number(request: HttpRequest, name: str, otherwise: int, low: int, high: int) -> int:
    """A whole number between two others."""
    given = text(request, name, 12)
    if not given:
        return otherwise
    if not given.isascii() or not given.isdecimal() or not low <= int(given) <= high:
        raise InputError(f"'{given}' is no {name}", expected=f"a whole number from {low} to {high}")
    return int(given)
