"""`england`: build the facts from official files, fetch the files, list what is published where."""

from __future__ import annotations

from pathlib import Path

import click

from ..engine.years import parse_years, year_name
from .options import json_option, official_at, print_json


@click.group()
def england() -> None:
    """The facts of England: build them from official files, fetch the files, list what is published where."""


@england.command("build")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--year", "years", help="One year or a span; all that the folder holds by default.")
@click.option("--no-cache", is_flag=True, help="Read the files again, whatever the cache holds.")
@json_option
def build(folder: Path, years: str | None, no_cache: bool, as_json: bool) -> None:
    """Assemble England from FOLDER: what was used, what is lacking, what could not be read."""
    from ..report import text

    made = official_at(folder, parse_years(years) if years else None, not no_cache)
    body = {
        "england": made.title,
        "years": [year_name(y) for y in made.years],
        "practices": {year_name(y): int(made.open[i].sum()) for i, y in enumerate(made.years)},
        "facts": {n: {"status": p.status, "files": list(p.files), "note": p.note} for n, p in sorted(made.provenance.items())},
        "used": list(made.report.used), "lacked": list(made.report.lacked), "unread": list(made.report.unread), "warnings": list(made.report.warnings),
    }  # fmt: skip
    if as_json:
        print_json(body)
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
@json_option
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
    from ..england.fetching.fetch import fetch as get

    report = get(
        folder,
        kinds=kinds or None,
        years=parse_years(years) if years else None,
        dry_run=dry_run,
        accept_changed=accept_changed,
    )
    if as_json:
        print_json(report.as_dict())
    else:
        click.echo(str(report))
    if not report.ok:
        ctx.exit(1)


@england.command("catalogue")
@json_option
def catalogue(as_json: bool) -> None:
    """What is published where, and which facts each publication gives."""
    from ..england.catalogue import catalogue_table
    from ..report import text

    rows = catalogue_table()
    if as_json:
        print_json(rows)
        return
    shown = text.console()
    for r in rows:
        shown.print(f"{r['publication']}  {r['title']}", style="bold")
        shown.print(
            f"  {r['publisher']} · {r['frequency']} · {r['with_address']} of {r['files']} files have a known address · {r['page']}"
        )
        shown.print(f"  gives {', '.join(r['facts']) or 'no fact of its own'}", style="dim")
