"""The command line. Every command that prints numbers takes --json; errors are shown without a traceback."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from .engine.errors import GpContractError, InputError
from .engine.years import parse_year, parse_years, year_name

if TYPE_CHECKING:
    from .contracts import Contract, Result
    from .engine.edits import Reform
    from .england.facts import England

F = TypeVar("F", bound=Callable[..., Any])
YEAR = "2024/25"


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GpContractError as error:
            click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
            click.echo(str(error), err=True)
            ctx.exit(2)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            click.echo(f"Error: {error.filename or 'a file'}: {error.strerror or error}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gpcontract")
def main() -> None:
    """The English GP contract as code: price it, explain it, check it against what was paid."""


def _options(function: F) -> F:
    """The options of every command that prices a contract."""
    for option in reversed((
        click.option("--england", "where", default="synthetic", envvar="GPCONTRACT_ENGLAND", show_default=True, help="A folder of official files, or synthetic, or synthetic:SEED."),
        click.option("--contract", default="national", show_default=True, help="A contract by name, or a YAML file of your own."),
        click.option("--set", "sets", multiple=True, metavar="NAME=AMOUNT[@YEARS]", help="Set a value, for example global_sum_price=130@2024/25-."),
        click.option("--scale", "scales", multiple=True, metavar="NAME=FACTOR[@YEARS]", help="Multiply a value."),
        click.option("--add", "adds", multiple=True, metavar="NAME=AMOUNT[@YEARS]", help="Add to a value."),
        click.option("--reform", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A reform as JSON."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )):  # fmt: skip
        function = option(function)
    return function


def _england(where: str, years: tuple[int, ...] | None = None) -> England:
    from .england.facts import England

    kind, _, seed = where.partition(":")
    if kind == "synthetic":
        if seed and not seed.isdigit():
            raise InputError(f"'{seed}' is not a seed", expected="synthetic:1")
        return England.synthetic(int(seed or 1), years)
    folder = Path(where)
    if not where.strip() or not folder.is_dir():
        raise InputError(f"there is no folder '{where}'", expected="a folder of official files, or synthetic")
    return _official(folder)


def _official(folder: Path, years: tuple[int, ...] | None = None, cache: bool = True) -> England:
    """England from a folder, with a bar in a terminal while its files are read."""
    from rich.progress import Progress

    from .england.official import build
    from .report import text

    console = text.console(stderr=True)
    if not console.is_terminal:
        return build(folder, years, cache=cache)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def moved(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=f"reading {name}")

        return build(folder, years, cache=cache, progress=moved)


def _reform(sets: tuple[str, ...], scales: tuple[str, ...], adds: tuple[str, ...], file: Path | None) -> Reform:
    from .engine.edits import Add, Reform, Scale, Set

    try:
        made = Reform.from_json(file.read_text(encoding="utf-8"), file.stem) if file else Reform()
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8", file=file, expected="a list of edits as JSON") from None
    except OSError as error:
        raise InputError(f"cannot be opened: {error.strerror}", file=file) from None
    except GpContractError as error:
        raise type(error)(error.problem, file=file, expected=error.expected, hint=error.hint) from None
    for kind, texts in ((Set, sets), (Scale, scales), (Add, adds)):
        for text in texts:
            name, equals, rest = text.partition("=")
            amount, _, years = rest.partition("@")
            plain, opened, key = name.strip().removesuffix("]").partition("[")
            try:
                number = float(amount)
            except ValueError:
                number = math.nan
            if not equals or not plain.strip() or math.isnan(number) or name.strip().endswith("]") != bool(opened):
                raise InputError(
                    f"'{text}' is not an edit", expected="name=amount, name=amount@2025/26- or name[key]=amount"
                )
            made = made + Reform.of(kind(plain.strip(), number, years or None, key.strip() or None))
    return made


def _priced(
    year: str, where: str, contract: str, reform: Reform | None = None, keep: Collection[str] | Literal["all"] = ()
) -> tuple[Result, int]:
    from .contracts import Contract, run

    wanted = parse_year(year)
    loaded = Contract.load(contract)
    if reform is not None:
        loaded = loaded.with_reform(reform)
    if wanted not in loaded.years:
        raise InputError(
            f"the contract '{loaded.name}' has no rules for {year}",
            expected=f"{year_name(loaded.years[0])} to {year_name(loaded.years[-1])}",
        )
    england = _england(where, _years_for(loaded, wanted) if where.startswith("synthetic") else None)
    years = tuple(y for y in england.years if y in loaded.years)
    england.year(wanted)
    return run(loaded, england, years, keep=keep), wanted


def _years_for(contract: Contract, year: int) -> tuple[int, ...]:
    """The years a synthetic run needs: rules look back, until 2013/14 to the start and later by up to three years."""
    first = contract.years[0] if year < 2014 else max(contract.years[0], year - 3)
    return tuple(range(first, year + 1))


def _print_json(body: Any) -> None:
    click.echo(json.dumps(body, indent=1, ensure_ascii=False))


@main.command()
@click.option("--year", default=YEAR, show_default=True)
@click.option(
    "--who", default="England", show_default=True, help="A practice, network, board or region code, or England."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write CSV, XLSX, JSON and HTML here.")
@_options
def price(
    year: str,
    who: str,
    out: Path | None,
    where: str,
    contract: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: Path | None,
    as_json: bool,
) -> None:
    """Price a contract for a year: the national bill by line, or one statement."""
    from .report import data, files, text

    result, at = _priced(year, where, contract, _reform(sets, scales, adds, reform))
    statement = result.statement(who, at)
    if as_json:
        _print_json(data.statement_data(result, statement))
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


@main.command()
@click.argument("who")
@click.option("--year", default=YEAR, show_default=True)
@click.option("--line", help="One line only, for example global_sum.")
@click.option("--depth", default=3, show_default=True, type=click.IntRange(1, 12), help="How many levels to print.")
@_options
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
    reform: Path | None,
    as_json: bool,
) -> None:
    """Explain the statement of WHO (a practice, network, board or region code, or England) line by line."""
    from .contracts.explain import explain as read
    from .report import text

    result, at = _priced(year, where, contract, _reform(sets, scales, adds, reform))
    node = read(result, who, at, line)
    if as_json:
        _print_json({**result.facts_of(), "tree": node.to_dict()})
        return
    shown = text.console()
    shown.print(text.header(result, at))
    shown.print(text.explain_tree(node, depth))


@main.command()
@click.option("--year", default=YEAR, show_default=True)
@click.option(
    "--who", default="England", show_default=True, help="A practice, network, board or region code, or England."
)
@_options
def waterfall(
    year: str,
    who: str,
    where: str,
    contract: str,
    sets: Any,
    scales: Any,
    adds: Any,
    reform: Path | None,
    as_json: bool,
) -> None:
    """What each edit of a reform adds to the bill, one after another."""
    from .contracts import rerun
    from .findings.waterfall import waterfall as steps_of
    from .report import text

    edits = _reform(sets, scales, adds, reform)
    if not edits:
        raise InputError("there is no edit to account for", expected="--set, --scale, --add or --reform")
    baseline, at = _priced(year, where, contract, keep="all")
    steps = steps_of(baseline, edits, at, who)
    if as_json:
        _print_json(
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


@main.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(out: Path, seed: int, as_json: bool) -> None:
    """Make the synthetic England, price the national contract for 2024/25, print the bill and a statement, write files."""
    from .report import data, files, text

    shown = text.console()
    result, at = _priced(YEAR, f"synthetic:{seed}", "national", _reform((), (), (), None))
    bill = result.bill(at)
    sample = result.statement(_typical(result, at), at)
    written = files.write_all(result, out, at, (sample,))
    if as_json:
        both = {"bill": data.statement_data(result, bill), "statement": data.statement_data(result, sample)}
        _print_json(both | {"files": [str(path) for path in written]})
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


@main.command()
@click.option("--england", "where", required=True, envvar="GPCONTRACT_ENGLAND", help="A folder of official files.")
@click.option("--year", "years", help="One year or a span, for example 2014/15-2024/25.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/check"), show_default=True,
    help="Write the tables and the worst practices, with reasons, here.",
)  # fmt: skip
@click.option("--all", "every", is_flag=True, help="List every carried line too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(where: str, years: str | None, out: Path | None, every: bool, as_json: bool) -> None:
    """Check the model against what was really paid, line by line and year by year."""
    from .findings import reconciliation
    from .report import text

    england = _england(where)
    if england.is_synthetic:
        raise InputError(
            "a synthetic England cannot be checked against what was paid", expected="a folder of official files"
        )
    found = reconciliation.check(england, parse_years(years) if years else None)
    if out is not None:
        for path in reconciliation.write(found, out):
            click.echo(f"wrote {path}", err=True)
    if as_json:
        _print_json(found.to_dict())
        return
    shown = text.console()
    shown.print(f"Model against published payments · {england.title}", style="bold")
    shown.print(text.check_table(found.rows if every else found.tested))
    for said in found.notes:
        shown.print(said, style="dim")


@main.group()
def england() -> None:
    """The facts of England: build them from official files, fetch the files, list what is published where."""


@england.command("build")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--year", "years", help="One year or a span; all that the folder holds by default.")
@click.option("--no-cache", is_flag=True, help="Read the files again, whatever the cache holds.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def build(folder: Path, years: str | None, no_cache: bool, as_json: bool) -> None:
    """Assemble England from FOLDER: what was used, what is lacking, what could not be read."""
    from .report import text

    made = _official(folder, parse_years(years) if years else None, not no_cache)
    body = {
        "england": made.title,
        "years": [year_name(y) for y in made.years],
        "practices": {year_name(y): int(made.open[i].sum()) for i, y in enumerate(made.years)},
        "facts": {n: {"status": p.status, "files": list(p.files), "note": p.note} for n, p in sorted(made.provenance.items())},
        "used": list(made.report.used), "lacked": list(made.report.lacked), "unread": list(made.report.unread), "warnings": list(made.report.warnings),
    }  # fmt: skip
    if as_json:
        _print_json(body)
        return
    shown = text.console()
    shown.print(f"{made.title}: {len(made.codes):,} practices, {len(made.facts)} facts", style="bold")
    for i, y in enumerate(made.years):
        shown.print(f"  {year_name(y)}  {int(made.open[i].sum()):,} practices open or paid")
    for part in ("used", "lacked", "unread", "warnings"):
        listed = getattr(made.report, part)
        if listed:
            shown.print(f"{part.capitalize()} ({len(listed)})", style="bold")
            for said in listed:
                shown.print(f"  {said}")


@england.command("fetch")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", "kinds", multiple=True, help="A publication, as `england catalogue` names it; all by default.")
@click.option("--year", "years", help="One year or a span.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched.")
@click.option(
    "--accept-changed", is_flag=True, help="Take a file whose checksum is not the one known, and expect it from now on."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def fetch(
    ctx: click.Context,
    folder: Path,
    kinds: tuple[str, ...],
    years: str | None,
    dry_run: bool,
    accept_changed: bool,
    as_json: bool,
) -> None:
    """Download official publications to FOLDER, with retries, resume and checksums."""
    from .england.fetching.fetch import fetch as get

    report = get(
        folder,
        kinds=kinds or None,
        years=parse_years(years) if years else None,
        dry_run=dry_run,
        accept_changed=accept_changed,
    )
    if as_json:
        _print_json(report.as_dict())
    else:
        click.echo(str(report))
    if not report.ok:
        ctx.exit(1)


@england.command("catalogue")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def catalogue(as_json: bool) -> None:
    """What is published where, and which facts each publication gives."""
    from .england.catalogue import catalogue_table
    from .report import text

    rows = catalogue_table()
    if as_json:
        _print_json(rows)
        return
    shown = text.console()
    for r in rows:
        shown.print(f"{r['publication']}  {r['title']}", style="bold")
        shown.print(
            f"  {r['publisher']} · {r['frequency']} · {r['with_address']} of {r['files']} files have a known address · {r['page']}"
        )
        shown.print(f"  gives {', '.join(r['facts']) or 'no fact of its own'}", style="dim")


@main.group()
def contract() -> None:
    """The contracts: list them, check a file of your own, show values with their sources."""


@contract.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_contracts(as_json: bool) -> None:
    """The contracts that come with the package."""
    from .contracts import Contract, names

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
        _print_json(rows)
    else:
        for r in rows:
            click.echo(f"{r['name']}  {r['title']}, {r['years']}\n  {r['about']}")


@contract.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_contract(file: str, as_json: bool) -> None:
    """Load a contract (a name or a YAML file) and explain the first mistake, if there is one."""
    from .contracts import Contract

    made = Contract.load(file)
    counts = {
        "chapters": len(made.chapters),
        "rules": len(made.rules),
        "values": len(made.values),
        "lines": len(made.lines),
    }
    if as_json:
        _print_json({"contract": made.title, **counts})
    else:
        click.echo(f"{made.title}: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ". No mistakes found.")


@contract.command("values")
@click.argument("name", required=False)
@click.option("--contract", "which", default="national", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def values(name: str | None, which: str, as_json: bool) -> None:
    """Every value, or the history of one with its sources and grades."""
    from .contracts import Contract
    from .report import history

    made = Contract.load(which)
    if as_json:
        _print_json(history.values_data(made, name))
    else:
        history.print_values(made, name)
