"""An assembled England kept as Parquet, so that the same folder is read once.

It lies under $GPCONTRACT_CACHE, else $XDG_CACHE_HOME/gpcontract, else ~/.cache/gpcontract: never in the data folder,
which may be read-only. A change in any file of the folder (path, size or time of change), in this package's version or
in the code of this room makes it stale; damage is found by checksum, and England is built again with a warning.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import zlib
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.areas import Areas
from ...engine.errors import DataError
from ..facts import HERE, England, Provenance, Report
from ..inference.settled import CHAPTERS, READ
from ..listing import listed

if TYPE_CHECKING:
    import polars as pl

SCHEMA = 1
MANIFEST, FACTS, PRACTICES = "manifest.json", "facts.parquet", "practices.parquet"


def cache_root() -> Path:
    """The folder in which assembled Englands are kept."""
    if own := os.environ.get("GPCONTRACT_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gpcontract"


def fingerprint(folder: Path) -> str:
    """A hash of every file's path, size and time of change, the package's version, this room's code and the figures it reads."""
    try:
        release = version("gpcontract")
    except PackageNotFoundError:
        release = "unknown"
    lines = [f"schema {SCHEMA}", f"gpcontract {release}"]
    code = [path for pattern in ("*.py", "*.yaml") for path in sorted(HERE.rglob(pattern))]
    figures = [CHAPTERS / name / "values.yaml" for name in READ]  # inference reads them, and no others
    files, odd = listed(folder)
    for root, found in ((folder, files), (HERE, code), (CHAPTERS, figures)):
        for path in found:
            try:
                stat = path.stat()
            except OSError:  # gone since the folder was listed
                continue
            lines.append(f"{path.relative_to(root).as_posix()} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}")
    lines += map(str, odd)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def home_of(folder: Path) -> Path:
    """Where the England of one folder is kept."""
    return cache_root() / f"england-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]}"


def keep(england: England, folder: Path, mark: str) -> None:
    """Write an England beside its fingerprint; the old one is replaced only when the new one is whole.

    A cache folder that cannot be written is no error: England is then built each time.
    """
    home = home_of(folder)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=home.parent))
    except OSError:
        return
    try:
        _write(england, fresh, mark)
        if home.exists():
            shutil.rmtree(home, ignore_errors=True)
        fresh.rename(home)
    except OSError:  # a full disk, or another process that put the same England there first
        shutil.rmtree(fresh, ignore_errors=True)


def _write(england: England, home: Path, mark: str) -> None:
    import polars as pl

    years, practices = len(england.years), len(england.codes)
    columns: dict[str, Any] = {}
    shapes: dict[str, list[int]] = {}
    for name, grid in england.facts.items():
        lead = grid.shape[:-3]
        shapes[name] = list(lead)
        full = np.ascontiguousarray(np.broadcast_to(grid, (*lead, 1, years, practices))).reshape(-1, years * practices)
        for b, row in enumerate(full):
            columns[f"{name}|{b}"] = row
    for kind, areas in england.areas.items():
        columns[f"area {kind}"] = np.ascontiguousarray(np.broadcast_to(areas.index, (years, practices))).ravel()
    facts = _parquet(pl.DataFrame(columns, nan_to_null=False))
    table = _parquet(pl.DataFrame({"code": england.codes, **england.labels}))
    (home / FACTS).write_bytes(facts)
    (home / PRACTICES).write_bytes(table)
    manifest = {
        "schema": SCHEMA,
        "fingerprint": mark,
        "checksums": {FACTS: zlib.crc32(facts), PRACTICES: zlib.crc32(table)},
        "title": england.title,
        "years": england.years,
        "facts": shapes,
        "areas": {k: {"codes": a.codes, "names": a.names} for k, a in england.areas.items()},
        "provenance": {k: asdict(p) for k, p in england.provenance.items()},
        "report": asdict(england.report),
    }
    (home / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet in one row group, lightly packed: read back far more often than written."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="lz4", statistics=False, row_group_size=max(1, frame.height))
    return out.getvalue()


def kept(folder: Path, mark: str) -> England | None:
    """The England kept for a folder, None where there is none or the folder has changed.

    Raises DataError where the cache is damaged.
    """
    home = home_of(folder)
    try:
        text = (home / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", file=home / MANIFEST) from error
    try:
        manifest = json.loads(text)
        if manifest["schema"] != SCHEMA or manifest["fingerprint"] != mark:
            return None
        return _read(home, manifest)
    except DataError:
        raise
    except Exception as error:  # whatever is wrong inside a cache, England can be built again
        raise DataError(f"cannot be read ({type(error).__name__})", file=home / MANIFEST) from error


def _read(home: Path, manifest: dict[str, Any]) -> England:
    import polars as pl

    frames = {}
    for name in (FACTS, PRACTICES):
        packed = (home / name).read_bytes()
        if zlib.crc32(packed) != manifest["checksums"][name]:
            raise DataError("is damaged: its checksum differs", file=home / name)
        frames[name] = pl.read_parquet(packed, use_statistics=False)
    grid, table = frames[FACTS], frames[PRACTICES]
    years, codes = tuple(manifest["years"]), tuple(table["code"].to_list())
    shape = (1, len(years), len(codes))
    facts = {}
    for name, lead in manifest["facts"].items():
        if lead:
            rows = np.stack([grid[f"{name}|{b}"].to_numpy() for b in range(int(np.prod(lead)))])
            facts[name] = rows.reshape(*lead, *shape)
        else:
            facts[name] = grid[f"{name}|0"].to_numpy().reshape(shape)
    areas = {
        kind: Areas(kind, tuple(a["codes"]), tuple(a["names"]), grid[f"area {kind}"].to_numpy().reshape(shape[1:]))
        for kind, a in manifest["areas"].items()
    }
    labels = {name: tuple(table[name].to_list()) for name in table.columns if name != "code"}
    provenance = {k: Provenance(p["status"], tuple(p["files"]), p["note"]) for k, p in manifest["provenance"].items()}
    report = Report(**{k: tuple(v) for k, v in manifest["report"].items()})
    return England(manifest["title"], years, codes, facts, areas, labels, provenance, report, is_synthetic=False)
