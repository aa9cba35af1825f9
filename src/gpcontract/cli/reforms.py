"""Reforms on the command line: composed from options and files, kept under their hash, and shown with `reform`."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import GpContractError, InputError
from .options import edit_options, json_option, print_json

if TYPE_CHECKING:
    from ..engine.edits import Reform

HASH = re.compile(r"[0-9a-f]{12}")


def reform_from(
    sets: tuple[str, ...], scales: tuple[str, ...], adds: tuple[str, ...], given: tuple[str, ...] = ()
) -> Reform:
    """One reform: the files and hashes in their order, then what --set, --scale and --add say. It is kept under its hash."""
    from ..engine.edits import Add, Reform, Scale, Set

    made = Reform()
    for one in given:
        made = made + read(one)
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
    if made:
        keep(made)
    return made


def read(given: str) -> Reform:
    """A reform from a file of edits as JSON or YAML, or by the hash under which it was kept."""
    from ..engine.reform_files import reform_of

    file = Path(given)
    if HASH.fullmatch(given) and not file.exists():
        file = _shelf() / f"{given}.json"
        if not file.exists():
            raise InputError(
                f"no reform is kept here under the hash {given}",
                expected="a hash that a command on this machine printed, or a file of edits as JSON",
            )
    try:
        return reform_of(file.read_text(encoding="utf-8"), file, file.stem)
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8", file=file, expected="a list of edits as JSON") from None
    except OSError as error:
        raise InputError(
            f"cannot be opened: {error.strerror}", file=file, expected="edits as JSON or YAML, or a reform's hash"
        ) from None
    except GpContractError as error:
        raise type(error)(error.problem, file=file, expected=error.expected, hint=error.hint) from None


def keep(reform: Reform) -> Path | None:
    """Keep a reform under its hash, so that the hash alone brings it back; None where nothing can be written."""
    path = _shelf() / f"{reform.hash}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reform.to_json(), encoding="utf-8")
    except OSError:
        return None
    return path


def _shelf() -> Path:
    from ..england.assembly.cache import cache_root

    return cache_root() / "reforms"


@click.command()
@click.argument("parts", nargs=-1, metavar="[FILE|HASH]...")
@edit_options()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the edits as JSON, to send to others."
)
@json_option
def reform(
    parts: tuple[str, ...],
    sets: tuple[str, ...],
    scales: tuple[str, ...],
    adds: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Compose a reform from files, hashes and edits, in that order, and print its edits in words with its hash."""
    made = reform_from(sets, scales, adds, parts)
    if not made:
        raise InputError("there is no edit", expected="a file, a hash, --set, --scale or --add")
    if out is not None:
        out.write_text(made.to_json() + "\n", encoding="utf-8")
        click.echo(f"wrote {out}", err=True)
    if as_json:
        body: dict[str, Any] = {"hash": made.hash, "edits": [e.as_dict() for e in made.edits]}
        print_json(body | {"in_words": [e.said for e in made.edits]})
        return
    for edit in made.edits:
        note = getattr(edit, "note", "")
        click.echo(f"{edit.said}  # {note}" if note else edit.said)
    click.echo(f"reform {made.hash}: --reform {made.hash} brings it back on this machine")
