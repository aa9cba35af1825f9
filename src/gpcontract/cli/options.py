"""What the commands share: the options of pricing, whose England, which edits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from ..engine.errors import InputError
from ..engine.years import parse_year

if TYPE_CHECKING:
    from ..contracts import Result
    from ..engine.edits import Reform
    from ..england.facts import England

F = TypeVar("F", bound=Callable[..., Any])
YEAR = "2024/25"
PAID_YEARS = range(2013, 2025)  # payments are published for these, and claims look over all of them


def stacked(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order in which --help lists them."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def edit_options(whose: str = "") -> Callable[[F], F]:
    """--set, --scale and --add. whose: which contracts they are of, for --help."""
    return stacked(
        click.option("--set", "sets", multiple=True, metavar="NAME=AMOUNT[@YEARS]", help=f"Set a value{whose}, for example global_sum_price=130@2024/25-."),
        click.option("--scale", "scales", multiple=True, metavar="NAME=FACTOR[@YEARS]", help=f"Multiply a value{whose}."),
        click.option("--add", "adds", multiple=True, metavar="NAME=AMOUNT[@YEARS]", help=f"Add to a value{whose}."),
    )  # fmt: skip


ALL_BUT_FIRST = " of every contract but the first"
REFORM = "A reform{}: edits as JSON or YAML, or the hash of one that was used before."
england_option = click.option(
    "--england",
    "where",
    default="synthetic",
    envvar="GPCONTRACT_ENGLAND",
    show_default=True,
    help="A folder of official files, or synthetic, or synthetic:SEED.",
)
year_option = click.option("--year", default=YEAR, show_default=True)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def priced_options(function: F) -> F:
    """The options of every command that prices one contract."""
    contract = click.option(
        "--contract", default="national", show_default=True, help="A contract by name, or a YAML file of your own."
    )
    reform = click.option("--reform", multiple=True, metavar="FILE|HASH", help=REFORM.format(""))
    return stacked(england_option, contract, edit_options(), reform, json_option)(function)


def compared_options(function: F) -> F:
    """The contracts, England, year and edits of the commands that compare."""
    contracts = click.argument("contracts", nargs=-1, metavar="[CONTRACT[+REFORM][@YEAR]]...")
    reform = click.option("--reform", multiple=True, metavar="FILE|HASH", help=REFORM.format(ALL_BUT_FIRST))
    return stacked(contracts, england_option, year_option, edit_options(ALL_BUT_FIRST), reform)(function)


def england_at(where: str, years: tuple[int, ...] | None = None) -> England:
    """The England that --england names: a folder of official files with all its years, or a synthetic one of those given."""
    from ..england.facts import England

    kind, _, seed = where.partition(":")
    if kind == "synthetic":
        if seed and not seed.isdecimal():
            raise InputError(f"'{seed}' is not a seed", expected="synthetic:1")
        return England.synthetic(int(seed or 1), years)
    folder = Path(where)
    if not where.strip() or not folder.is_dir():
        raise InputError(f"there is no folder '{where}'", expected="a folder of official files, or synthetic")
    return official_at(folder)


def official_at(folder: Path, years: tuple[int, ...] | None = None, cache: bool = True) -> England:
    """England from a folder, with a bar in a terminal while its files are read."""
    from rich.progress import Progress

    from ..england.official import build
    from ..report import text

    console = text.console(stderr=True)
    if not console.is_terminal:
        return build(folder, years, cache=cache)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def moved(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=f"reading {name}")

        return build(folder, years, cache=cache, progress=moved)


def priced(
    year: str, where: str, contract: str, reform: Reform | None = None, keep: Collection[str] | Literal["all"] = ()
) -> tuple[Result, int]:
    """A contract priced over an England for the years up to the one asked for, and that year."""
    from ..contracts import Contract, run
    from ..contracts.pricing import looked_back_on

    wanted = parse_year(year)
    loaded = Contract.load(contract)
    if reform is not None:
        loaded = loaded.with_reform(reform)
    england = england_at(where, looked_back_on(loaded, wanted))
    years = tuple(y for y in england.years if y in loaded.years)
    england.year(wanted)
    return run(loaded, england, years, keep=keep), wanted


def print_json(body: Any) -> None:
    """Print plain data as JSON."""
    from ..report.files import json_text

    click.echo(json_text(body))
