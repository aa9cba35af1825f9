"""Part files: what a download that stopped has left, and whether it is safe to go on from it."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

from ...engine.errors import DownloadError


@dataclass(frozen=True)
class Begun:
    """What a part file is part of, kept beside it as .<name>.part.json."""

    address: str
    etag: str | None
    last_modified: str | None
    total: int | None
    resumable: bool

    @property
    def validator(self) -> str | None:
        """What If-Range may carry: a strong entity tag, else the date of last change."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


def forget(part: Path) -> None:
    """Remove a part file and what is kept beside it."""
    part.unlink(missing_ok=True)
    beside(part).unlink(missing_ok=True)


def beside(part: Path) -> Path:
    """Where what is known of a part file is kept."""
    return part.with_name(part.name + ".json")


def write_begun(part: Path, begun: Begun) -> None:
    """Keep beside the part what it is of, so that a later run may go on from it."""
    beside(part).write_text(json.dumps(asdict(begun)), encoding="utf-8")


def resumable(part: Path, address: str, sure: bool) -> tuple[Begun | None, int]:
    """What the part is of and how many bytes it has, if it is safe to go on from it."""
    try:
        begun = Begun(**json.loads(beside(part).read_text(encoding="utf-8")))
        have = part.stat().st_size
        safe = begun.resumable and begun.address == address and 0 < have <= (begun.total or have)
    except (FileNotFoundError, ValueError, TypeError):
        return None, 0
    return (begun, have) if safe and (begun.validator or sure) else (None, 0)


def check_room(part: Path, total: int | None, have: int, name: str) -> None:
    """Raise DownloadError now rather than fill the disk."""
    free = shutil.disk_usage(part.parent).free
    if total is not None and total - have > free:
        raise DownloadError(
            f"needs {total - have:,} bytes and the disk has {free:,}", file=name, hint="make room first"
        )


def later(part: Path) -> str:
    """The hint for someone whose download stopped."""
    have = part.stat().st_size if part.exists() else 0
    return f"run it again: {have:,} bytes are here already" if have else "try again later"


def raise_disk(error: OSError, name: str) -> NoReturn:
    """Name the disk's own troubles: full, read-only, not ours to write."""
    reasons = {
        errno.ENOSPC: ("the disk is full", "make room and run it again: it goes on from where it stopped"),
        getattr(errno, "EDQUOT", -1): (
            "your disk quota is used up",
            "make room and run it again: it goes on from where it stopped",
        ),
        errno.EACCES: ("the folder may not be written to", "choose a folder of your own"),
        errno.EPERM: ("the folder may not be written to", "choose a folder of your own"),
        errno.EROFS: ("the disk is read-only", "choose another folder"),
    }
    reason, hint = reasons.get(error.errno or 0, (f"cannot be written ({str(error)[:120]})", None))
    raise DownloadError(reason, file=name, hint=hint) from error
