"""`price`, `explain`, `waterfall` and `check`: one contract, its statements, its tree, its edits, and what was really paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..engine.errors import InputError
from ..engine.years import parse_years, year_name
from .options import england_at, json_option, priced, priced_options, print_json, year_option
from .reforms import reform_from


@click.command()
@year_option
@click.option(
    "--who", default="England", show_default=True, help="A practice, network, board or region code, or England."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write CSV, XLSX, JSON and HTML here.")
@priced_options
def price(
    year: str,
    who: str,
    out: Path | None,
    where: str,
    contract: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: tuple[str, ...],
    as_json: bool,
) -> None:
    """Price a contract for a year: the national bill by line, or one statement."""
    from ..report import data, files, text

    result, at = priced(year, where, contract, reform_from(sets, scales, adds, reform))
    statement = result.statement(who, at)
    if as_json:
        print_json(data.statement_data(result, statement))
    else:
        table = text.bill_table if len(statement.subject.members) > 1 else text.statement_table
        shown = text.console()
        shown.print(text.header(result, at))
        shown.print(text.caption(statement))
        shown.print(table(statement))
        for said in text.notes(result, statement):
            shown.print(said, style="dim")
    if out is not None:
        samples = () if statement.subject.kind == "nation" else (statement,)
        for path in files.write_all(result, out, at, samples):
            click.echo(f"wrote {path}", err=True)


@click.command()
@click.argument("who")
@year_option
@click.option("--line", help="One line only, for example global_sum.")
@click.option("--depth", default=3, show_default=True, type=click.IntRange(1, 12), help="How many levels to print.")
@priced_options
def explain(
    who: str,
    year: str,
    line: str | None,
    depth: int,
    where: str,
    contract: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: tuple[str, ...],
    as_json: bool,
) -> None:
    """Explain the statement of WHO (a practice, network, board or region code, or England) line by line."""
    from ..contracts.explain import explain as read
    from ..report import text

    result, at = priced(year, where, contract, reform_from(sets, scales, adds, reform))
    node = read(result, who, at, line)
    if as_json:
        print_json({**result.facts_of(), "tree": node.to_dict()})
        return
    shown = text.console()
    shown.print(text.header(result, at))
    shown.print(text.explain_tree(node, depth))


@click.command()
@year_option
@click.option(
    "--who", default="England", show_default=True, help="A practice, network, board or region code, or England."
)
@priced_options
def waterfall(
    year: str,
    who: str,
    where: str,
    contract: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: tuple[str, ...],
    as_json: bool,
) -> None:
    """What each edit of a reform adds to the bill, one after another."""
    from ..contracts import rerun
    from ..findings.waterfall import waterfall as steps_of
    from ..report import text

    edits = reform_from(sets, scales, adds, reform)
    if not edits:
        raise InputError("there is no edit to account for", expected="--set, --scale, --add or --reform")
    baseline, at = priced(year, where, contract, keep="all")
    steps = steps_of(baseline, edits, at, who)
    if as_json:
        print_json(
            {
                **rerun(baseline, edits).facts_of(),
                "year": year_name(at),
                "who": who,
                "steps": [s.to_dict() for s in steps],
            }
        )
        return
    shown = text.console()
    shown.print(text.header(baseline, at))
    shown.print(text.waterfall_table(steps))


@click.command()
@click.option("--england", "where", required=True, envvar="GPCONTRACT_ENGLAND", help="A folder of official files.")
@click.option("--year", "years", help="One year or a span, for example 2014/15-2024/25.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/check"), show_default=True,
    help="Write the tables and the worst practices, with reasons, here.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="List every carried line too.")
@json_option
def check(where: str, years: str | None, out: Path | None, every: bool, as_json: bool) -> None:
    """Check the model against what was really paid, line by line and year by year."""
    from ..findings import reconciliation
    from ..report import text

    england = england_at(where)
    if england.is_synthetic:
        raise InputError(
            "a synthetic England cannot be checked against what was paid", expected="a folder of official files"
        )
    found = reconciliation.check(england, parse_years(years) if years else None)
    if out is not None:
        for path in reconciliation.write(found, out):
            click.echo(f"wrote {path}", err=True)
    if as_json:
        print_json(found.to_dict())
        return
    shown = text.console()
    shown.print(f"Model against published payments · {england.title}", style="bold")
    shown.print(text.check_table(found.rows if every else found.tested))
    for said in found.notes:
        shown.print(said, style="dim")
