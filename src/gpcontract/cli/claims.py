"""`claims`: the statements of the debate that a number can settle, and where each id of its inventory went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..engine.errors import InputError, nearest
from ..engine.years import parse_year, year_name
from .options import PAID_YEARS, england_at, england_option, json_option, print_json

if TYPE_CHECKING:
    from ..findings.claims import Answer, World

DRAWS = 64  # possible worlds that claims of years ahead are answered from, as gpcontract.futures.claims has it


@click.command()
@click.argument("wanted", nargs=-1, metavar="[CLAIM|ID]...")
@england_option
@click.option("--year", help="The year to answer for; the last with payments by default.")
@click.option(
    "--inventory", is_flag=True, help="List every id of the debate's inventory: computed, represented, or why not."
)
@click.option(
    "--ahead/--no-ahead",
    default=True,
    show_default=True,
    help="Answer the claims about years ahead too, which are run over possible worlds and take longer.",
)
@click.option("--draws", default=DRAWS, show_default=True, help="Possible worlds for those; 0 is the central path alone.")  # fmt: skip
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the claims and the inventory here, as CSV and JSON.",
)
@json_option
def claims(
    wanted: tuple[str, ...],
    where: str,
    year: str | None,
    inventory: bool,
    ahead: bool,
    draws: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Answer the claims of the debate: each sentence with its number, range, verdict, inputs, and what it cannot tell.

    Name claims (will-it-cost) or ids of the inventory (S1-44) to read those in full.
    """
    from ..findings import inventory as listing
    from ..report import answers as said
    from ..report import files, text, twins

    shown = text.console()
    if inventory:
        items = [listing.item(one) for one in wanted] if wanted else listing.items()
        if as_json:
            print_json([i.to_dict() for i in items])
        else:
            shown.print(text.table(text.inventory_table(items)))
        return
    if draws < 0:
        raise InputError(f"{draws} draws", expected="0 (the central path alone) or more")
    names = _named(wanted, ahead)
    world = world_at(where, year)
    answers = answered(world, names, draws)
    if out is not None:
        tables = [said.table("all", "Claims of the debate", answers), text.inventory_table(listing.items())]
        for path in (
            *twins.write_tables(tables, out),
            files.write_json([a.to_dict() for a in answers], out / "claims.json"),
        ):
            click.echo(f"wrote {path}", err=True)
    if as_json:
        print_json([a.to_dict() for a in answers])
        return
    shown.print(f"{year_name(world.year)} · {world.england.title}", style="bold")
    if wanted:
        for a in answers:
            for line in text.answer_text(a):
                shown.print(line)
    else:
        shown.print(text.claims_table(answers))
        shown.print("Name one (gpcontract claims NAME) for its range, inputs, and what it cannot tell.", style="dim")


def world_at(where: str, year: str | None) -> World:
    """The England and year that claims are answered in; a synthetic one has all the years that payments are published for."""
    from ..findings.claims import World

    england = england_at(where, tuple(PAID_YEARS))
    return World(england, parse_year(year)) if year else World(england)


def answered(world: World, names: tuple[str, ...], draws: int = DRAWS) -> tuple[Answer, ...]:
    """Claims by their names, those about years ahead last; with a bar in a terminal while these are run."""
    from ..findings import claims as room
    from ..futures import claims as forward

    found = [room.answer(n, world) for n in names if n in room.names()]
    of_years = tuple(n for n in names if n in forward.names())
    if of_years:
        with bar() as told:
            found += forward.answers(of_years, forward.Ahead(world, draws, told))
    return tuple(found)


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """A bar in a terminal, for what hears how many draws are done."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from ..report import text

    console = text.console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} draws"), TimeElapsedColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("years ahead", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _named(wanted: tuple[str, ...], ahead: bool) -> tuple[str, ...]:
    """Names of the claims asked for, by name or by an id of the inventory; of all where none is asked for."""
    from ..findings import claims as room
    from ..findings import inventory as listing
    from ..futures import claims as forward

    every = {n: room.claim_of(n).ids for n in room.names()}
    of_years = {n: forward.forward_of(n).claim.ids for n in forward.names()}
    if ahead:
        every |= of_years
    if not wanted:
        return tuple(every)
    named: list[str] = []
    for one in wanted:
        found = [n for n, ids in every.items() if one.upper() in ids]
        if not found and not ahead and (one in of_years or any(one.upper() in ids for ids in of_years.values())):
            raise InputError(f"'{one}' is about years ahead", expected="claims without --no-ahead")
        if not found and one.upper() in listing.ids():
            item = listing.item(one)
            held = item.why or f"it is in {', '.join(item.by)}"
            raise InputError(f"no claim answers {item.id} ({item.how}): {held}", expected="an id that a claim answers")
        if not found and one not in every:
            raise InputError(
                f"there is no claim '{one}'",
                expected="a name that `gpcontract claims` lists",
                hint=nearest(one, every),
            )
        named += found or [one]
    return tuple(dict.fromkeys(named))
