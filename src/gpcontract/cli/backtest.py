"""`backtest`: forecasts of past years by what was known before them, against what came."""

from __future__ import annotations

from pathlib import Path

import click

from ..engine.years import year_name
from .options import england_at, england_option, json_option, print_json


@click.command()
@england_option
@click.option("--last", default="2018/19", show_default=True, help="The last year that may be fitted on.")
@click.option("--draws", default=500, show_default=True, type=click.IntRange(2), help="Worlds in each forecast.")
@click.option("--seed", default=1, show_default=True, help="Where their luck comes from.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every table here as CSV, all findings as JSON, and a page with the calibration plot.",
)
@click.option(
    "--write",
    "fitted",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what all published years show to this file, as Englands without a past are looked ahead with, and stop.",
)
@json_option
def backtest(
    where: str, last: str, draws: int, seed: int, out: Path | None, fitted: Path | None, as_json: bool
) -> None:
    """Fit on published years up to one, forecast the later ones, and score the forecasts against what came.

    Needs a folder of official files with payments of three years or more up to --last, and of one after it.
    """
    from ..futures import fits
    from ..futures.backtest import backtest as test
    from ..report import backtest as said
    from ..report import text

    england = england_at(where)
    if fitted is not None:
        from ..futures.fit import fit

        made = fit(england)
        fits.save(made, fitted)
        click.echo(f"wrote {fitted}: {made.said}", err=True)
        return
    console = text.console(stderr=True)
    with console.status("fitting and forecasting"):
        found = test(england, last, draws, seed)
    if out is not None:
        for path in said.write(found, out):
            click.echo(f"wrote {path}", err=True)
    if as_json:
        print_json(found.to_dict())
        return
    shown = text.console()
    shown.print(f"{found.england}, forecast from the end of {year_name(found.base)}", style="bold")
    shown.print(said.headline(found))
    shown.print()
    text.print_tables(shown, said.tables(found))
