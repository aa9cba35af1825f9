"""`contract`: list the contracts, show one, write one of your own and check it, show values with their sources."""

from __future__ import annotations

from pathlib import Path

import click

from ..engine.errors import InputError
from ..engine.years import year_name
from .options import json_option, print_json


@click.group()
def contract() -> None:
    """The contracts: list and show them, write and check one of your own, show values with their sources."""


@contract.command("list")
@json_option
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


@contract.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--base", default="national", show_default=True, help="The contract that yours starts from.")
@click.option("--title", help="What yours is called; the file's name by default.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new_contract(file: Path, base: str, title: str | None, force: bool) -> None:
    """Write FILE, a contract of your own over another: commented YAML to edit, check and compare."""
    from ..contracts.template import template

    if file.suffix not in (".yaml", ".yml"):
        raise InputError(f"'{file}' is not the name of a YAML file", expected="a name that ends in .yaml")
    if file.exists() and not force:
        raise InputError("is there already", file=str(file), expected="a new name", hint="--force writes over it")
    text = template(base, title or file.stem.replace("_", " ").capitalize())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    click.echo(
        f"wrote {file}\nEdit it, then: gpcontract contract check {file}\n               gpcontract compare {base} {file}"
    )


@contract.command("check")
@click.argument("file")
@json_option
@click.pass_context
def check_contract(ctx: click.Context, file: str, as_json: bool) -> None:
    """Read a contract (a name or a YAML file) and explain every mistake, with its line, what was expected and a hint."""
    from ..contracts import Contract, mistakes

    found = mistakes(file)
    if found:
        if as_json:
            print_json(
                {
                    "mistakes": [
                        {"where": e.where, "problem": e.problem, "expected": e.expected, "hint": e.hint} for e in found
                    ]
                }
            )
        else:
            for error in found:
                click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
                click.echo(str(error), err=True)
            click.echo(f"{len(found)} mistake{'s' if len(found) != 1 else ''} in {file}", err=True)
        ctx.exit(2)
    made = Contract.load(file)
    counts = {
        "chapters": len(made.chapters),
        "rules": len(made.rules),
        "values": len(made.values),
        "lines": len(made.lines),
    }
    if made.mechanisms:
        counts["mechanisms"] = len(made.mechanisms)
    if as_json:
        print_json({"contract": made.title, "hash": made.hash, **counts, "mistakes": []})
    else:
        click.echo(f"{made.title}: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ". No mistakes found.")


@contract.command("show")
@click.argument("name")
@json_option
def show_contract(name: str, as_json: bool) -> None:
    """What a contract is: whose, its chapters, its mechanisms with their dates and edits, and what it assumes."""
    from ..contracts import Contract
    from ..report import text

    made = Contract.load(name)
    if as_json:
        print_json(
            {
                "name": made.name,
                "title": made.title,
                "about": made.about,
                "proposer": made.proposer,
                "published": made.published,
                "years": [year_name(y) for y in made.years],
                "chapters": list(made.chapters),
                "mechanisms": [m.to_dict() for m in made.mechanisms],
                "lines": list(made.lines),
                "measures": list(made.measures),
                "hash": made.hash,
            }
        )
        return
    shown = text.console()
    for said in text.contract_text(made):
        shown.print(said)


@contract.command("values")
@click.argument("name", required=False)
@click.option("--contract", "which", default="national", show_default=True)
@json_option
def values(name: str | None, which: str, as_json: bool) -> None:
    """Every value, or the history of one with its sources and grades."""
    from ..contracts import Contract
    from ..report import history

    made = Contract.load(which)
    if as_json:
        print_json(history.values_data(made, name))
    else:
        history.print_values(made, name)
