"""`demo`: the main job on the synthetic England."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import YEAR, priced, print_json
from .reforms import reform_from

if TYPE_CHECKING:
    from ..contracts import Result


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(out: Path, seed: int, as_json: bool) -> None:
    """Make the synthetic England, price the national contract for 2024/25, print the bill and a statement, write files."""
    from ..report import data, files, text

    shown = text.console()
    result, at = priced(YEAR, f"synthetic:{seed}", "national", reform_from((), (), ()))
    bill = result.bill(at)
    sample = result.statement(_typical(result, at), at)
    written = files.write_all(result, out, at, (sample,))
    if as_json:
        both = {"bill": data.statement_data(result, bill), "statement": data.statement_data(result, sample)}
        print_json(both | {"files": [str(path) for path in written]})
        return
    shown.print(text.header(result, at))
    shown.print(text.caption(bill))
    shown.print(text.bill_table(bill))
    shown.print()
    shown.print(
        f"A sample statement: {sample.subject.name} ({sample.subject.code}), {sample.list_size:,.0f} patients",
        style="bold",
    )
    shown.print(text.statement_table(sample))
    for said in text.notes(result, bill):
        shown.print(said, style="dim")
    for path in written:
        shown.print(f"wrote {path}")


def _typical(result: Result, year: int) -> str:
    """The GMS practice whose list is nearest to the median."""
    import numpy as np

    at = result.years.index(year)
    size = result.england.fact("list_size")[0, at]
    gms = result.england.fact("on_gms")[0, at] > 0
    return result.england.codes[int(np.argmin(np.where(gms, np.abs(size - np.median(size[gms])), np.inf)))]
