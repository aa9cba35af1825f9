"""`contract`: list the contracts, write one of your own, check it, show values with their sources."""

from __future__ import annotations

import click

from ..engine.years import year_name
from .options import print_json


@click.group()
def contract() -> None:
    """The contracts: list them, check a file of your own, show values with their sources."""


@contract.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_contracts(as_json: bool) -> None:
    """The contracts that come with the package."""
    from ..contracts import Contract, names

    rows = [
        {
            "name": c.name,
            "title": c.title,
            "years": f"{year_name(c.years[0])} to {year_name(c.years[-1])}",
            "about": c.about,
        }
        for c in map(Contract.load, names())
    ]
    if as_json:
        print_json(rows)
    else:
        for r in rows:
            click.echo(f"{r['name']}  {r['title']}, {r['years']}\n  {r['about']}")


@contract.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_contract(file: str, as_json: bool) -> None:
    """Load a contract (a name or a YAML file) and explain the first mistake, if there is one."""
    from ..contracts import Contract

    made = Contract.load(file)
    counts = {
        "chapters": len(made.chapters),
        "rules": len(made.rules),
        "values": len(made.values),
        "lines": len(made.lines),
    }
    if as_json:
        print_json({"contract": made.title, **counts})
    else:
        click.echo(f"{made.title}: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ". No mistakes found.")


@contract.command("values")
@click.argument("name", required=False)
@click.option("--contract", "which", default="national", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def values(name: str | None, which: str, as_json: bool) -> None:
    """Every value, or the history of one with its sources and grades."""
    from ..contracts import Contract
    from ..report import history

    made = Contract.load(which)
    if as_json:
        print_json(history.values_data(made, name))
    else:
        history.print_values(made, name)
