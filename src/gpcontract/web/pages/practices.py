"""Every practice under a contract: a scatter where each point leads to a page, and a list that sorts and is turned over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from django.http import HttpRequest

from ...engine.errors import InputError
from ...engine.years import year_name
from ...findings.winners import FEWEST, changes
from ...report.sections.saying import signed
from ...report.tables import Column, Table
from .. import asked
from ..desk import Desk, desk
from ..links import link, to
from ..page import Page
from ..scatter import MOST, Point, scatter
from . import said

EACH = 100  # practices on one page of the list
ACROSS = {
    "deprivation": ("deprivation_score", "Deprivation score: higher is more deprived", "number", False),
    "size": ("list_size", "Patients, by doublings", "count", True),
    "needs": ("other_needs_index", "Needs beyond age and sex: 1 is England’s mean", "ratio", False),
    "price": ("", "Paid for each patient today, £", "pounds", False),
}
SORTS = ("change", "more", "paid", "patients", "name", "code", "across")


def practices(request: HttpRequest) -> Page:
    """Every practice of England or of a board or region under one contract against the national one."""
    here = desk()
    year = asked.year(request, here)
    name = asked.contract(request, here, "hewitt_review")
    across = asked.choice(request, "across", tuple(ACROSS), "deprivation")
    within = asked.text(request, "within", 12).upper()
    sort = asked.text(request, "sort", 12) or "-change"
    if sort.removeprefix("-") not in SORTS:
        raise InputError(
            f"'{sort}' is no column to sort by", expected=", ".join(SORTS) + ", or one of these with - before it"
        )
    table, area, points = _read(here, name, year, within, across, sort)
    pages = max(1, -(-len(table.rows) // EACH))
    page = asked.number(request, "page", 1, 1, 100_000)
    if page > pages:
        raise InputError(f"there is no page {page}", expected=f"a page from 1 to {pages}")
    shown_rows = table.rows[(page - 1) * EACH : page * EACH]
    held = {
        "contract": name,
        "year": "" if year == here.year else year_name(year),
        "within": within,
        "across": across,
        "sort": sort,
    }
    moved = [r[5] for r in table.rows if r[5] is not None and r[2] >= FEWEST]
    gain, lose = sum(x >= 0.01 for x in moved), sum(x <= -0.01 for x in moved)
    middle = float(np.median(moved)) if moved else 0.0
    where = area or "England"
    return Page(
        f"Practices under {said.title(here, name)}",
        f"In {where} in {year_name(year)}, {gain:,} practices gain 1% or more and {lose:,} lose 1% or more against the national contract; the middle practice moves by {signed(middle)}.",
        "practices.html",
        trail=(*said.HOME, ("Compare", link("/compare", contract=name, year=held["year"]))),
        facts=said.facts(here, ("national", name), year),
        tables=(table,),
        data={"contract": name, "year": year_name(year), "within": within, "across": across, "sort": sort},
        extra={
            "drawing": lambda: scatter(points, link("", contract=name, year=held["year"]), *ACROSS[across][1:3], "Change against the national contract", ACROSS[across][3]),
            "linked": len(points) <= MOST, "columns": _heads(table, sort, held), "rows": shown_rows, "table": table,
            "link_of": lambda code: link(to("practice", code), contract=name, year=held["year"]),
            "page": page, "pages": pages, "turned": _turned(page, pages, held), "contracts": said.choices(here, name), "contract": name,
            "year": year_name(year), "years": [year_name(y) for y in reversed(here.years)], "within": within, "across": across,
            "areas": _areas(here, year), "ways": [(k, v[1].split(":")[0].split(",")[0]) for k, v in ACROSS.items()], "first": (page - 1) * EACH + 1,
        },
    )  # fmt: skip


def _read(here: Desk, name: str, year: int, within: str, across: str, sort: str) -> tuple[Table, str, list[Point]]:
    """The practices as a table in the order asked for, the name of their area, and the points of the scatter."""
    frame, money, base = here.frame(year), here.money(name, year), here.money("national", year)
    at, area = np.arange(len(frame.members)), ""
    if within and within != "ENG":
        subject = here.subject(within, year)
        at, area = frame.positions(subject.members), subject.name
    people, after, before, moved = frame.patients["registered"], money.pounds, base.pounds, changes(money, base)
    fact, title, kind, _ = ACROSS[across]
    x = frame.fact(fact) if fact else np.divide(before, people, out=np.full(len(people), np.nan), where=people > 0)
    x = np.full(len(people), np.nan) if x is None else x
    columns = (
        Column("name", "Practice"), Column("code", "Code"), Column("patients", "Patients", "count"), Column("paid", "Paid in a year", "pounds"),
        Column("more", "Change", "change_pounds"), Column("change", "Change, %", "change"), Column("across", title.split(":")[0].split(",")[0], kind),
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = list(
        zip(
            (frame.names[i] for i in at),
            (frame.codes[i] for i in at),
            *(y[at].tolist() for y in (people, after, after - before)),
            *(_known(y[at]) for y in (moved, x)),
            strict=True,
        )
    )
    key = [c.name for c in columns].index(sort.removeprefix("-"))
    known = sorted((r for r in rows if r[key] is not None), key=lambda r: (r[key], r[1]), reverse=sort.startswith("-"))
    rows = [*known, *(r for r in rows if r[key] is None)]
    table = Table(
        "practices",
        f"Practices of {area or 'England'} under {said.title(here, name)}, {year_name(year)}",
        columns,
        tuple(rows),
    )
    points = [Point(r[6], r[5], r[0], r[1]) for r in rows if r[5] is not None and r[6] is not None and r[2] >= FEWEST]
    return table, area, points


def _known(x: np.ndarray) -> list[float | None]:
    return [y if math.isfinite(y) else None for y in x.tolist()]


def _heads(table: Table, sort: str, held: dict[str, str]) -> list[tuple[Column, str, str]]:
    """Each column with the address that sorts by it, and how it is sorted now."""
    made = []
    for c in table.columns:
        now = {c.name: "ascending", f"-{c.name}": "descending"}.get(sort, "")
        other = f"-{c.name}" if now == "ascending" or (not now and c.is_number) else c.name
        made.append((c, link("/practices", **(held | {"sort": other})), now))
    return made


def _turned(page: int, pages: int, held: dict[str, str]) -> tuple[str, str]:
    """The addresses of the page before and the page after, where there are such."""
    before = link("/practices", **held, page=page - 1) if page > 1 else ""
    return before, link("/practices", **held, page=page + 1) if page < pages else ""


def _areas(here: Desk, year: int) -> list[tuple[str, str]]:
    """The regions and boards of a choice."""
    groups = here.frame(year).groups
    found = [("", "England")]
    for kind in ("region", "board"):
        if kind in groups:
            found += sorted(zip(groups[kind].codes, groups[kind].names, strict=True), key=lambda x: x[1])
    return found
