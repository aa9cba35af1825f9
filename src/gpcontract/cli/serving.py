"""`serve`: the explorer in a browser."""

from __future__ import annotations

import click

from .options import england_option


@click.command()
@england_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for every one.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="How many share the work.")
@click.option(
    "--name", "names", multiple=True, help="A name that the website may be asked for by, such as gp.example.org."
)
def serve(where: str, host: str, port: int, processes: int, names: tuple[str, ...]) -> None:
    """Open the explorer: every practice, contract and claim in a browser, and reforms of your own.

    It reads England and prices the contracts first, and says when it is ready. Stop it with Ctrl-C.
    """
    from ..web.serve import serve as run

    click.echo("Reading England and pricing the contracts...", err=True)

    def told(address: str) -> None:
        click.echo(f"Open {address} in a browser. Ctrl-C stops it.", err=True)

    run(where, host, port, processes, names, told)
