"""`compare`: contracts, reforms or years side by side on one England."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.years import parse_year, year_name
from .options import compared_options, england_at, json_option, print_json
from .reforms import read, reform_from

if TYPE_CHECKING:
    from ..contracts import Contract
    from ..findings.compare import Comparison
    from ..report.tables import Table

SHOWN = ("summary", "payees", "bill", "winners", "affected", "income", "equity", "spread", "floors", "outcomes", "volatility",
         "exposure", "holders", "measures", "waterfall", "assumptions", "joint")  # fmt: skip
KINDS = ("region", "board", "network", "deprivation", "size", "rural", "contract")
FIRST = ("summary", "payees", "winners")
DRAWS = 60
PARTS = {"outcomes": ("measured", "signal"), "volatility": ("volatility",), "exposure": ("exposure",)}


@click.command()
@compared_options
@click.option(
    "--show", multiple=True, type=click.Choice(("all", *SHOWN)), help="What to print; give it as often as you like."
)
@click.option("--by", "kinds", multiple=True, type=click.Choice(KINDS), help="Print income by this kind of group too.")
@click.option("--timeline", is_flag=True, help="As far as each proposal has come by the year, not its steady state.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every table here as CSV, and all findings as JSON.",
)
@json_option
def compare(
    contracts: tuple[str, ...],
    where: str,
    year: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: tuple[str, ...],
    show: tuple[str, ...],
    kinds: tuple[str, ...],
    timeline: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare contracts on one England in one year: the bill, who gains and loses, equity, spread, holders, what is assumed.

    Without names: the five proposals against the national contract. A name may carry a reform (national+my.json, or a
    hash) and a year of its own (national@2019/20). One contract with edits is compared with itself.
    """
    from ..report import comparison, files, text, twins

    made = compared(contracts, where, year, reform_from(sets, scales, adds, reform), timeline)
    wanted = SHOWN if "all" in show else show or (() if kinds else FIRST)
    listed = KINDS if "income" in wanted and not kinds else kinds
    if out is not None:
        every = (*tables_of(made, ("affected", *comparison.SHOWN), KINDS), comparison.practices(made))
        for path in (*twins.write_tables(every, out), files.write_json(made.to_dict(), out / "comparison.json")):
            click.echo(f"wrote {path}", err=True)
    if as_json:
        slow = _slow(made, wanted)
        print_json(made.to_dict() | {k: {n: _plain(x) for n, x in of.items()} for k, of in slow.items()})
        return
    shown = text.console()
    shown.print(f"{year_name(made.year)} · {made.england.title}", style="bold")
    text.print_tables(shown, tables_of(made, wanted, listed))
    for said in text.comparison_notes(made):
        shown.print(said, style="dim")


def compared(
    contracts: tuple[str, ...],
    where: str,
    year: str,
    reform: Any = None,
    timeline: bool = False,
    besides: Iterable[int] = (),
) -> Comparison:
    """The comparison that a command line asks for. besides: more years that a synthetic England is to have."""
    from ..contracts import Contract, names
    from ..contracts.pricing import looked_back_on
    from ..findings.compare import FIVE
    from ..findings.compare import compare as beside

    wanted = contracts or ("national", *(n for n in FIVE if n in names()))
    if len(wanted) == 1 and reform:
        wanted = (*wanted, *wanted)
    parts = [_part(one, parse_year(year)) for one in wanted]
    if len(parts) == 1 and wanted[0].partition("@")[0] != "national":
        parts.insert(0, (Contract.load("national"), parts[0][1]))
    years = {y for c, at in parts for y in looked_back_on(c, at)} | {*besides}
    england = england_at(where, tuple(range(min(years), max(years) + 1)))
    for _, at in parts:
        england.year(at)
    return beside(parts, england, parse_year(year), reform=reform or None, timeline=timeline)


def _part(text: str, year: int) -> tuple[Contract, int]:
    """A contract with its own reform and year: 'national+my.json@2019/20'."""
    from ..contracts import Contract
    from ..findings.compare import read_name

    name, reforms, own = read_name(text)
    made = Contract.load(name)
    for one in reforms:
        made = made.with_reform(read(one))
    return made, year if own is None else own


def tables_of(made: Comparison, wanted: tuple[str, ...], kinds: tuple[str, ...]) -> Iterator[Table]:
    """The tables asked for, in the order of SHOWN."""
    from ..report import comparison as tables
    from ..report.sections import risk

    for name in SHOWN:
        if name == "income":
            yield from (tables.income(made, kind) for kind in KINDS if kind in kinds and kind in made.frame.groups)
        elif name not in wanted:
            continue
        elif name in tables.SHOWN:
            yield tables.SHOWN[name](made)
        elif name in ("outcomes", "volatility", "exposure"):
            figures = (*risk.risk(made).figures, *risk.exposure(made).figures)
            yield from (f.table for f in figures if f.table.name in PARTS[name])
            if name == "volatility":
                yield tables.at_risk(made)
        elif name == "affected":
            yield from (tables.affected(made, m.name) for m in made.moneys[1:])
        else:
            found = _slow(made, (name,))[name]
            if name == "joint":
                yield tables.joints(made, list(found.values()))
            else:
                table = tables.waterfall if name == "waterfall" else tables.swings
                yield from (table(made, contract, rows) for contract, rows in found.items())  # type: ignore[arg-type]


def _slow(made: Comparison, wanted: tuple[str, ...]) -> dict[str, Any]:
    """What takes seconds, with a bar in a terminal: the waterfall, and the assumed figures one at a time and together."""
    from rich.progress import track

    from ..findings import assumptions
    from ..findings.waterfall import of_mechanisms
    from ..report import text

    makers: dict[str, Any] = {
        "waterfall": lambda name: of_mechanisms(made.money(name).result, made.money(name).frame.year),
        "assumptions": lambda name: assumptions.one_at_a_time(made, name),
        "joint": lambda name: assumptions.joint(made, name, DRAWS),
    }
    console = text.console(stderr=True)
    found: dict[str, Any] = {}
    for kind in (k for k in makers if k in wanted):
        names = [m.name for m in made.moneys[1:] if kind != "waterfall" or m.result.contract.mechanisms]
        told = track(names, f"{kind}:", console=console, transient=True, disable=not console.is_terminal)
        found[kind] = {name: makers[kind](name) for name in told}
    return found


def _plain(found: Any) -> Any:
    return [x.to_dict() for x in found] if isinstance(found, tuple) else found.to_dict()
