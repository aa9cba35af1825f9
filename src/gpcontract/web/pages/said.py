"""What every page says of its figures: which England, contract, edits, year, denominator, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterable

from ...contracts.result import Subject
from ...engine.errors import InputError
from ...engine.years import year_name
from ...findings.frame import DENOMINATORS
from ..desk import Desk
from ..errors import NotHere
from ..links import link, to

Trail = tuple[tuple[str, str], ...]
HOME = (("Home", "/"),)
AREA_WORDS = {"network": "Network", "sub_board": "Sub-board", "board": "Board", "region": "Region", "nation": "England", "practice": "GP practice"}  # fmt: skip


def facts(desk: Desk, names: Iterable[str], year: int, per: str = "") -> dict[str, str]:
    """England, contract, edits, year, denominator and assumed figures, in words."""
    listed = tuple(names)
    contracts = [desk.contract(n) for n in listed]
    edits = [f"{c.reform.hash}: {'; '.join(e.said for e in c.reform.edits)}" for c in contracts if c.reform]
    assumed = [len(desk.result(n, year).assumed(year)) for n in listed]
    few = len(listed) == 1
    return {
        "England": desk.england.title,
        "Year": year_name(year),
        "Contract" if few else "Contracts": "; ".join(title(desk, n) for n in listed),
        "State": "steady state: every mechanism of a proposal wholly in force, on today's practices and patients",
        "Edits": "; ".join(edits) or "none",
        "Counted by": per or DENOMINATORS["registered"],
        "Assumed": f"{assumed[0]} figures in use that nobody published"
        if few
        else "; ".join(f"{title(desk, n)}: {a} figures" for n, a in zip(listed, assumed, strict=True)),
    }


def title(desk: Desk, name: str) -> str:
    """A contract as pages call it; with a saved reform, its title or its hash."""
    contract = desk.contract(name)
    if not contract.reform:
        return contract.title
    return f"{contract.title} with {reform_title(desk, name)}"


def in_a_sentence(title: str) -> str:
    """A contract's title within a sentence: 'the national contract', 'Hewitt review'."""
    return title[:1].lower() + title[1:] if title.startswith("The ") else title


def asked_again(desk: Desk, name: str, year: int) -> dict[str, str]:
    """What an address asks for to show another page under the same contract and year; nothing where a page does so anyhow."""
    return {"contract": "" if name == "national" else name, "year": "" if year == desk.year else year_name(year)}


def whose(desk: Desk, name: str) -> str:
    """Whose a contract is, and when it was published: 'Policy Exchange, 2022'."""
    c = desk.contract(name)
    if not c.published:
        return "in force"
    return f"{c.proposer.split(' (')[0].split(', for ')[0]}, {c.published}"


def title_and_whose(desk: Desk, name: str, quoted: bool = False) -> str:
    """A contract as people know it: 'At your service (Policy Exchange, 2022)'. quoted: so that its title is not read as words of a sentence."""
    text = title(desk, name)
    text = f"“{text}”" if quoted and "“" not in text else text
    return f"{text} ({whose(desk, name)})" if desk.contract(name).published else text


def reform_title(desk: Desk, name: str) -> str:
    """A saved reform as pages call it: by its title on this contract, or else by its first one."""
    from ..store import saved

    base, _, sign = name.partition("+")
    try:
        made = desk.once(("saved", name), lambda: saved(sign, base))
    except NotHere:
        made = saved(sign)  # not kept: it may be saved on this contract yet
    return f"“{made.title}” ({sign})" if made.title else f"reform {sign}"


def choices(desk: Desk, *more: str) -> list[tuple[str, str]]:
    """The contracts of a choice, by name and title, with others that are in use."""
    named = dict.fromkeys((*desk.names, *more))
    return [(n, " ".join((title(desk, n), _when(desk, n))).strip()) for n in named]


def _when(desk: Desk, name: str) -> str:
    """The year in which a proposal was published, in brackets: people know it by that."""
    published = desk.contract(name).published
    return f"({published})" if published and "+" not in name else ""


def above(desk: Desk, kind: str, code: str, year: int, name: str = "national") -> Trail:
    """The trail to a practice or an area: England, its region, board and network, under the same contract and year."""
    asked = asked_again(desk, name, year)
    found: list[tuple[str, str]] = [("Home", "/"), ("England", link("/england", **asked))]
    for area, where in areas_of(desk, kind, code, year):
        if area != "sub_board":
            found.append((where[1], link(to(area, where[0]), **asked)))
    return tuple(found)


def areas_of(desk: Desk, kind: str, code: str, year: int) -> list[tuple[str, tuple[str, str]]]:
    """The areas that a practice or an area lies in, the largest first: its kind, and its code and name."""
    order: tuple[str, ...] = ("region", "board", "sub_board", "network")
    if kind == "nation":
        return []
    england, at = desk.england, desk.at(year)
    if kind == "practice":
        one = england.practice(code)
        inside = order
    else:
        areas = england.areas[kind]
        index = areas.index[min(at, areas.index.shape[0] - 1)]
        members = ((index == areas.codes.index(code)) & england.open[at]).nonzero()[0]
        if not len(members):
            return []
        one = int(members[0])
        inside = order[: order.index(kind)]
    found = []
    for area in inside:
        if area in england.areas:
            held = england.areas[area]
            i = int(held.index[min(at, held.index.shape[0] - 1), one])
            if i >= 0:
                found.append((area, (held.codes[i], held.names[i])))
    return found


def subject_at(here: Desk, kind: str, code: str, year: int) -> Subject:
    """Who is meant by a path, or 'not found' with what is near."""
    wanted = "England" if kind == "nation" else code
    try:
        found = here.subject(wanted, year)
    except InputError as error:
        raise NotHere(error.problem, expected=error.expected, hint=error.hint) from None
    if found.kind != kind:
        raise NotHere(
            f"{code.upper()[:20]} is not a {AREA_WORDS[kind].lower()}: {found.name} is a {AREA_WORDS[found.kind].lower()}",
            hint=f"its page is at {to(found.kind, found.code)}",
        )
    return found
