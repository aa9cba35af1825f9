"""What takes long is kept on disk for one England and one version of the package, so that it is worked out once."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from ..engine.version import version
from ..england.assembly.cache import cache_root
from ..england.facts import England

FEW = 4  # files of one kind that stay


def kept(england: England, what: str) -> Path:
    """Where something that takes long is kept for one England and one version."""
    mark = json.dumps([england.title, england.report.used, len(england.codes), version()])
    return cache_root() / f"explorer-{what}-{hashlib.sha256(mark.encode()).hexdigest()[:16]}.json"


def read(path: Path) -> Any:
    """What is kept; nothing where it is not, or is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write(path: Path, body: Any) -> None:
    """Keep something whole or not at all. Where nothing can be written it is worked out again next time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(body), encoding="utf-8")
        part.replace(path)
        alike = sorted(path.parent.glob(f"{path.stem.rpartition('-')[0]}-*.json"), key=lambda p: p.stat().st_mtime)
        for old in alike[:-FEW]:  # of Englands and versions that are gone
            old.unlink(missing_ok=True)
    except OSError:
        pass
