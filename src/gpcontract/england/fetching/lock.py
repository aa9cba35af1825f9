"""The lock file of a folder: what was fetched, from where, and the checksum seen (trust on first use).

Where the catalogue knows no checksum, the one seen at the first download is written to gpcontract.lock.json, and every
later run verifies against it. That shows whether a file has changed since; it cannot show that the first was right.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from threading import Lock
from typing import Any

from ...engine.errors import DownloadError

NAME = "gpcontract.lock.json"


@dataclass(frozen=True)
class Seen:
    """What is known of one file. trusted: by the 'catalogue', on 'first use', or 'accepted' (an agreed change)."""

    address: str | None
    size: int
    sha256: str
    etag: str | None
    last_modified: str | None
    fetched: str
    trusted: str


class LockFile:
    """The records of one folder, by place in it; written whole and atomically at each change; safe between threads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._guard = Lock()
        self._seen = self._read()

    def __getitem__(self, place: str) -> Seen | None:
        return self._seen.get(place)

    def record(self, place: str, seen: Seen) -> None:
        with self._guard:
            if self._seen.get(place) == seen:
                return
            self._seen[place] = seen
            part = self.path.with_name(f".{NAME}.part")
            files = {name: asdict(s) for name, s in sorted(self._seen.items())}
            text = json.dumps({"version": 1, "files": files}, indent=1, ensure_ascii=False)
            part.write_text(text + "\n", encoding="utf-8")
            part.replace(self.path)

    def _read(self) -> dict[str, Seen]:
        if not self.path.exists():
            return {}
        try:
            text: Any = json.loads(self.path.read_text(encoding="utf-8"))
            if text["version"] != 1:
                raise ValueError(f"version {text['version']}")
            found = {place: Seen(**record) for place, record in text["files"].items()}
            if any(not isinstance(s.sha256, str) or len(s.sha256) != 64 for s in found.values()):
                raise ValueError("a checksum is not SHA-256")
            return found
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise DownloadError(
                f"cannot be read ({error})", file=NAME, expected=f"version 1, each file with {', '.join(_fields())}",
                hint="move it away to start a new one; files are then trusted afresh",
            ) from error  # fmt: skip


def _fields() -> list[str]:
    return [f.name for f in fields(Seen)]


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
