"""The version of the rules: a digest of all the package's text that results depend on."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
ROOMS = ("engine", "levers", "england", "chapters", "contracts", "findings", "futures")


@cache
def version() -> str:
    """A digest of the package's rules and values: what was worked out by another version is neither shown nor added to."""
    made = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                made.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return made.hexdigest()
