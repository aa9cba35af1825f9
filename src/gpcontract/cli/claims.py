"""`claims`: the statements of the debate that a number can settle, and where each id of its inventory went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..engine.errors import InputError
from ..engine.years import parse_year, year_name
from .options import PAID_YEARS, england_at, england_option, json_option, print_json

if TYPE_CHECKING:
    from ..findings.claims import Answer, World


@click.command()
@click.argument("wanted", nargs=-1, metavar="[CLAIM|ID]...")
@england_option
@click.option("--year", help="The year to answer for; the last with payments by default.")
@click.option(
    "--inventory", is_flag=True, help="List every id of the debate's inventory: computed, represented, or why not."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the claims and the inventory here, as CSV and JSON.",
)
@json_option
def claims(
    wanted: tuple[str, ...], where: str, year: str | None, inventory: bool, out: Path | None, as_json: bool
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
    world = world_at(where, year)
    answers = _answers(world, wanted)
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


def _answers(world: World, wanted: tuple[str, ...]) -> tuple[Answer, ...]:
    """The claims asked for, by name or by an id of the inventory; all of them where none is asked for."""
    from ..findings import claims as room
    from ..findings import inventory as listing

    if not wanted:
        return room.answer_all(world)
    named: list[str] = []
    for one in wanted:
        found = [n for n in room.names() if one.upper() in room.claim_of(n).ids]
        if not found and one.upper() in listing.ids():
            item = listing.item(one)
            held = item.why or f"it is in {', '.join(item.by)}"
            raise InputError(f"no claim answers {item.id} ({item.how}): {held}", expected="an id that a claim answers")
        named += found or [one]
    return tuple(room.answer(n, world) for n in dict.fromkeys(named))
