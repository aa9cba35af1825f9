"""The command line. Every command that prints numbers takes --json; errors are shown without a traceback."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..engine.errors import GpContractError
from .backtest import backtest
from .claims import claims
from .comparing import compare
from .contracts import contract
from .demo import demo
from .england import england
from .pricing import check, explain, price, waterfall
from .reforms import reform
from .reporting import report
from .serving import serve
from .simulate import simulate

EXTRAS = {
    "jinja2": "report",
    "xlsxwriter": "report",
    "httpx": "official",
    "fastexcel": "official",
    "distributed": "cluster",
    "jax": "jax",
} | dict.fromkeys(("django", "ninja", "dj_database_url", "gunicorn", "nhsuk_frontend_jinja", "rapidfuzz"), "web")


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GpContractError as error:
            click.secho("Error: ", fg="red", bold=True, nl=False, err=True)
            click.echo(str(error), err=True)
            ctx.exit(2)
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
            extra = f"pip install 'gpcontract[{EXTRAS[error.name]}]'"
            click.echo(f"Error: this needs {error.name}\n  hint: {extra}", err=True)
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
    """The English GP contract as code: price it, compare it, explain it, check it against what was paid."""


for command in (
    price,
    explain,
    waterfall,
    compare,
    claims,
    report,
    serve,
    check,
    simulate,
    backtest,
    reform,
    demo,
    england,
    contract,
):
    main.add_command(command)
