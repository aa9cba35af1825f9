"""`report`: the comparison as one page that needs nothing else, with its workbook and tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import InputError
from .comparing import DRAWS, compared
from .options import PAID_YEARS, compared_options
from .reforms import reform_from

if TYPE_CHECKING:
    from ..futures.kept import Kept


@click.command()
@compared_options
@click.option("--quick", is_flag=True, help="Leave out the claims and the ranges of what is assumed.")
@click.option(
    "--ahead/--no-ahead",
    default=True,
    show_default=True,
    help="Answer the claims about years ahead too, which takes longer.",
)
@click.option(
    "--run",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A run that `simulate` kept, to show as a section of years ahead.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/report"),
    show_default=True,
    help="Where to write.",
)
def report(
    contracts: tuple[str, ...],
    where: str,
    year: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: tuple[str, ...],
    quick: bool,
    ahead: bool,
    folder: Path | None,
    out: Path,
) -> None:
    """Write the comparison as one page (report.html), a workbook and CSV tables: the same contracts as `compare`."""
    run = _run(folder) if folder else None
    made = compared(
        contracts, where, year, reform_from(sets, scales, adds, reform), besides=() if quick else PAID_YEARS
    )
    if run is not None and run.about["england"] != made.england.title:
        raise InputError(
            f"is of {run.about['england']}, and the report of {made.england.title}", file=folder, expected="one England", hint="--england as the run had it"
        )  # fmt: skip
    for path in write_report(made, out, quick, ahead, run):
        click.echo(f"wrote {path}")


def _run(folder: Path) -> Kept:
    from ..futures.kept import read

    return read(folder)


def write_report(made: Any, out: Path, quick: bool = False, ahead: bool = False, run: Kept | None = None) -> list[Path]:
    """The whole report of a comparison in a folder, with a bar in a terminal; gives the page and the workbook first.

    quick: without claims and ranges.  ahead: with the claims about years ahead.  run: of the years ahead, as a section.
    """
    from rich.progress import Progress

    from ..findings import claims as room
    from ..findings.assumptions import joint, one_at_a_time
    from ..findings.waterfall import of_mechanisms
    from ..futures import claims as forward
    from ..report import report as page
    from ..report import text

    console = text.console(stderr=True)
    names = made.names[1:]
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("comparing", total=3 * len(names) + 2 + (ahead and not quick))

        def step(what: str) -> None:
            bar.update(task, advance=1, description=what)

        waterfalls, swings, together = {}, {}, {}
        for name in names:
            m = made.money(name)
            step(f"{made.titles[name]}: mechanisms")
            if m.result.contract.mechanisms:
                waterfalls[name] = of_mechanisms(m.result, m.frame.year)
            step(f"{made.titles[name]}: assumed figures")
            if not quick:
                swings[name] = one_at_a_time(made, name)
            step(f"{made.titles[name]}: all assumed figures together")
            if not quick:
                together[name] = joint(made, name, DRAWS)
        step("claims")
        results = {m.name: m.result for m in made.moneys if not m.result.contract.reform}
        world = room.World(made.england, made.year, results)
        answers = () if quick else room.answer_all(world)
        if ahead and not quick:
            step("claims about years ahead")
            answers += forward.answer_all(forward.Ahead(world))
        step("writing")
        return page.write(
            made, answers, out, waterfalls, swings, together, lambda what: bar.update(task, description=what), run
        )
