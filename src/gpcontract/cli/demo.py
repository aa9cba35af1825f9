"""`demo`: the main job on the synthetic England: a bill, a statement, the six contracts side by side, and the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .comparing import compared
from .options import PAID_YEARS, YEAR, json_option, priced, print_json
from .reforms import reform_from
from .reporting import write_report

if TYPE_CHECKING:
    from ..contracts import Result


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--seed", default=1, show_default=True)
@json_option
def demo(out: Path, seed: int, as_json: bool) -> None:
    """Make the synthetic England, price the national contract, compare the proposals with it, and write the report."""
    from ..report import comparison, data, files, text

    shown = text.console()
    result, at = priced(YEAR, f"synthetic:{seed}", "national", reform_from((), (), ()))
    bill = result.bill(at)
    sample = result.statement(_typical(result, at), at)
    made = compared((), f"synthetic:{seed}", YEAR, besides=PAID_YEARS)
    written = [*files.write_all(result, out, at, (sample,)), *write_report(made, out / "report")]
    if as_json:
        both = {"bill": data.statement_data(result, bill), "statement": data.statement_data(result, sample)}
        print_json(both | {"comparison": made.to_dict(), "files": [str(path) for path in written]})
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
    shown.print()
    for table in (comparison.summary(made), comparison.winners_across(made)):
        shown.print(text.table(table))
        shown.print()
    for said in text.comparison_notes(made):
        shown.print(said, style="dim")
    page = next(path for path in written if path.name == "report.html")
    tables = sum(path.suffix == ".csv" and path.parent.name == "tables" for path in written)
    for path in written:
        if path.parent.name != "tables":
            shown.print(f"wrote {path}")
    shown.print(f"wrote {tables} tables in {page.parent / 'tables'}")
    shown.print(f"Open {page} to read the whole comparison.", style="bold")
    shown.print("gpcontract serve opens it all in a browser, practice by practice.", style="bold")


def _typical(result: Result, year: int) -> str:
    """The GMS practice whose list is nearest to the median."""
    import numpy as np

    at = result.years.index(year)
    size = result.england.fact("list_size")[0, at]
    gms = result.england.fact("on_gms")[0, at] > 0
    return result.england.codes[int(np.argmin(np.where(gms, np.abs(size - np.median(size[gms])), np.inf)))]
