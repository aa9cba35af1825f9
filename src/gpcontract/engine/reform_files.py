"""A reform from a file or from text that somebody pastes: edits as JSON, or YAML with a title and edits."""

from __future__ import annotations

from pathlib import Path

from .edits import Reform, edit_from
from .errors import InputError, nearest
from .files import items, line_of_key, parse_yaml

KEYS = ("title", "edits")


def reform_of(text: str, shown: str | Path = "the text", title: str = "") -> Reform:
    """The reform that a text holds: a list of edits as JSON, or YAML such as `edits: [{kind: scale, value: ..., amount: 1.05}]`."""
    if text.lstrip("\ufeff \t\r\n").startswith("[") or Path(shown).suffix == ".json":
        return Reform.from_json(text, title)
    body = parse_yaml(text.removeprefix("\ufeff"), shown)
    for key, _ in items(body):
        if key not in KEYS:
            raise InputError(
                f"a reform has no '{str(key)[:60]}'",
                file=shown,
                line=line_of_key(body, key),
                expected=" and ".join(KEYS),
                hint=nearest(str(key)[:60], KEYS) or "a contract of your own is given by its name, not as a reform",
            )
    listed = body.get("edits")
    if not isinstance(listed, list):
        raise InputError(
            "a reform has a list of edits", file=shown, expected="edits: [{kind: ..., value: ..., amount: ...}]"
        )
    said = body.get("title")
    return Reform(tuple(edit_from(e) for e in listed), said if isinstance(said, str) else title)
