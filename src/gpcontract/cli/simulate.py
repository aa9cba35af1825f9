"""`simulate`: contracts run side by side over the years ahead, with ranges, odds, and what matters most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import InputError, nearest
from ..engine.years import parse_year, year_name
from ..futures.knobs import KNOBS, turned
from .options import edit_options, england_at, england_option, json_option, print_json, stacked
from .reforms import keep, reform_from

if TYPE_CHECKING:
    from ..contracts import Contract
    from ..engine.edits import Reform
    from ..futures.kept import Kept

DRAWS = 100
OUT = Path("out/ahead")


def knob_options() -> Any:
    """An option for each knob that people ask for; each is an edit of a figure."""
    return stacked(
        *(
            click.option(f"--{name.replace('_', '-')}", name, metavar="AMOUNT", help=f"{what}: sets {figure}.")
            for name, (figure, what) in KNOBS.items()
        )
    )


@click.command()
@click.argument("names", nargs=-1, metavar="[CONTRACT[+REFORM]]...")
@click.option("--contracts", "listed", metavar="NAMES|all", help="Contracts with commas, the first the one to set others against; all is the default.")  # fmt: skip
@click.option("--years", default=10, show_default=True, help="How many years ahead.")
@click.option("--draws", default=DRAWS, show_default=True, help="Possible worlds; 1 is the central path alone.")
@click.option("--seed", default=1, show_default=True, help="Of all luck.")
@england_option
@click.option("--year", help="The starting year; the last with payments by default.")
@edit_options(" that the years ahead rest on")
@knob_options()
@click.option("--knobs", is_flag=True, help="List the figures that can be edited, with range, grade and source.")
@click.option("--backend", type=click.Choice(("numpy", "jax")), default="numpy", show_default=True, help="What works draws out; jax runs on a graphics card.")  # fmt: skip
@click.option("--workers", default=2, show_default=True, help="Processes on this machine.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (tcp://host:8786) that spreads draws over a cluster.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where the run is kept; out/ahead/HASH by default.")  # fmt: skip
@click.option("--resume/--fresh", default=True, help="Go on with what is there (the default), or begin again.")
@click.option("--show", multiple=True, metavar="QUANTITY", help="What to print; all prints everything.")
@click.option("--csv", "tables", type=click.Path(file_okay=False, path_type=Path), help="Write every table here as CSV.")  # fmt: skip
@click.option("--report", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write the charts and tables as one page.")  # fmt: skip
@json_option
def simulate(
    names: tuple[str, ...],
    listed: str | None,
    years: int,
    draws: int,
    seed: int,
    where: str,
    year: str | None,
    sets: Any,
    scales: Any,
    adds: Any,
    knobs: bool,
    backend: str,
    workers: int,
    scheduler: str | None,
    out: Path | None,
    resume: bool,
    show: tuple[str, ...],
    tables: Path | None,
    page: Path | None,
    as_json: bool,
    **options: str | None,
) -> None:
    """Run contracts over the years ahead on one England: the bill, practices, people, patients displaced, and who comes out better.

    Draws are possible worlds: figures within their ranges, and luck that all contracts share. Each block is kept as it ends, so that
    a run that was stopped goes on, and more draws are added to those there.
    """
    if knobs:
        _list_knobs(as_json)
        return
    edits = reform_from(sets, scales, adds)
    kept = ran(names, listed, years, draws, seed, where, year, edits, options, workers, scheduler, out, resume, backend)
    _tell(kept, show, tables, page, as_json)


def ran(
    names: tuple[str, ...], listed: str | None, years: int, draws: int, seed: int, where: str, year: str | None, edits: Reform,
    options: dict[str, str | None], workers: int, scheduler: str | None, out: Path | None, resume: bool, backend: str,
) -> Kept:  # fmt: skip
    """The run that a command line asks for, with a bar in a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from ..futures import beliefs, running
    from ..futures.simulate import LAST_PRICED, plan
    from ..report import text

    contracts = [_contract(n) for n in _wanted(names, listed)]
    running.each_once([c.name for c in contracts])
    beliefs.check(edits)
    england = england_at(where)
    start = parse_year(year) if year else max((y for y in england.years if y <= LAST_PRICED), default=None)
    edits = edits + turned(options, (start or LAST_PRICED) + 1, "--{name}")
    console = text.console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total} draws"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    folder = out
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("pricing contracts", total=draws)
            made = plan(england, contracts, years, draws, seed, start, edits)
            if edits:
                keep(edits)
            folder = out or (OUT / made.hash if draws > 1 else None)

            def told(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, description="years ahead")

            return running.run(made, folder, workers, scheduler, told, not resume, backend=backend)
    except KeyboardInterrupt:
        left = f"the draws that ended are in {folder}: the same command goes on" if folder else "nothing is kept"
        click.echo(f"stopped; {left}", err=True)
        raise click.exceptions.Exit(130) from None


def _wanted(names: tuple[str, ...], listed: str | None) -> tuple[str, ...]:
    from ..contracts import names as known
    from ..findings.compare import FIVE

    if names and listed:
        raise InputError("contracts are named twice", expected="names, or --contracts")
    if names:
        return names
    if listed in (None, "all"):
        return ("national", *(n for n in FIVE if n in known()))
    return tuple(n.strip() for n in str(listed).split(",") if n.strip())


def _contract(text: str) -> Contract:
    """A contract with its own reform, which is in its name: 'national+my.json'."""
    from ..contracts import Contract
    from ..findings.compare import read_name
    from .reforms import read

    name, reforms, own = read_name(text)
    if own is not None:
        raise InputError(f"'{text}' has a year of its own", expected="a contract, which starts in the first year ahead", hint="--year is the starting year")  # fmt: skip
    made = Contract.load(name)
    for one in reforms:
        made = made.with_reform(read(one))
    if reforms:
        made = replace(made, name=f"{made.name}+{made.reform.hash}", title=f"{made.title} + {made.reform.hash}")
    return made


def _tell(kept: Kept, show: tuple[str, ...], written: Path | None, page: Path | None, as_json: bool) -> None:
    from ..futures.quantities import MADE, QUANTITIES
    from ..report import ahead, text, twins

    every = (*QUANTITIES, *MADE)
    wanted = every if "all" in show else show or ahead.FIRST
    if unknown := next((n for n in wanted if n not in every), None):
        raise InputError(
            f"no quantity '{unknown}'", expected="all, or " + ", ".join(every), hint=nearest(unknown, every)
        )
    if written is not None:
        for path in twins.write_tables(ahead.every_table(kept), written):
            click.echo(f"wrote {path}", err=True)
    if page is not None:
        from ..report.sections.ahead import write

        click.echo(f"wrote {write(kept, page)}", err=True)
    if as_json:
        print_json(ahead.to_dict(kept, wanted))
        return
    shown = text.console()
    shown.print(f"{kept.about['start']} to {year_name(kept.years[-1])} · {kept.about['england']}", style="bold")
    text.print_tables(shown, ahead.tables(kept, wanted))
    for said in ahead.notes(kept):
        shown.print(said, style="dim")
    if kept.folder:
        shown.print(f"The run is kept in {kept.folder}.", style="dim")


def _list_knobs(as_json: bool) -> None:
    from ..report import ahead, text

    table = ahead.knobs({figure: f"--{name.replace('_', '-')}" for name, (figure, _) in KNOBS.items()})
    if as_json:
        print_json(table.to_dict())
        return
    text.console().print(text.table(table))
