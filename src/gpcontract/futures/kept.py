"""What is kept of a run of the years ahead: a folder of blocks that can be killed, resumed, added to and checked, and what they hold together.

The folder has a manifest that says what was run, and a file for each block of draws. A file is written whole or not at all, and its
name carries a digest of what is in it, so that one that was cut short or changed is found, set aside and run again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, nearest
from .quantities import SPREAD, SUMMED

Array = npt.NDArray[np.float64]
FORMAT = 1
MANIFEST = "run.json"
TOGETHER = 32  # block files that are joined into one
STEP = 2.0**-10  # practices' sums are kept to this, so that their order does not matter to the last bit


@dataclass(frozen=True)
class Part:
    """Some draws of a run. nation: (contract, year, quantity, draw).  boards: the same by board, last.  open, patients: sums over the draws
    with luck, (contract, year, practice).  figures: what each draw with luck takes uncertain figures to be."""

    draws: npt.NDArray[np.int64]
    nation: Array
    boards: Array
    open: Array
    patients: Array
    figures: Mapping[str, Array]

    @property
    def lucky(self) -> int:
        """How many of the draws have luck."""
        return int((self.draws > 0).sum())


@dataclass(frozen=True)
class Kept:
    """A run as it is read: draws in order, the first of them central. about: the manifest.

    nation: (contract, year, quantity, draw).  boards: (contract, year, quantity, draw, board).  open, patients: means over draws with
    luck (of the central one where there is no other), (contract, year, practice); a run's last block counts whole.  figures: what each
    draw with luck takes uncertain figures to be.
    """

    about: Mapping[str, Any]
    draws: npt.NDArray[np.int64]
    nation: Array = field(repr=False)
    boards: Array = field(repr=False)
    open: Array = field(repr=False)
    patients: Array = field(repr=False)
    figures: Mapping[str, Array] = field(repr=False)
    folder: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The contracts, in order."""
        return tuple(c["name"] for c in self.about["contracts"])

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the contracts by name."""
        return {c["name"]: c["title"] for c in self.about["contracts"]}

    @property
    def years(self) -> tuple[int, ...]:
        """The starting year and those ahead."""
        return tuple(self.about["years"])

    @cached_property
    def lucky(self) -> npt.NDArray[np.intp]:
        """Positions of the draws with luck; of the central one where there is no other."""
        found = np.flatnonzero(self.draws > 0)
        return found if len(found) else np.array([0])

    @property
    def is_central(self) -> bool:
        """Whether there is only the central draw."""
        return len(self.draws) == 1

    def series(self, contract: str, quantity: str) -> Array:
        """One quantity under one contract, kept or made of what is kept: (year, draw)."""
        if quantity in SUMMED:
            return np.cumsum(self.series(contract, SUMMED[quantity][0]), axis=0)
        if quantity == SPREAD:
            return self.series(contract, "drawings_p90") - self.series(contract, "drawings_p10")
        i, q = _at(contract, self.names, "contract"), _at(quantity, self.about["quantities"], "quantity")
        return self.nation[i, :, q]


def _at(name: str, names: Sequence[str], what: str) -> int:
    if name not in names:
        raise InputError(f"the run has no {what} '{name}'", expected=", ".join(names[:6]), hint=nearest(name, names))
    return list(names).index(name)


def write(folder: Path, part: Part) -> Path:
    """Write a part as one file, whole or not at all."""
    held: dict[str, Any] = {
        "draws": part.draws, "nation": part.nation, "boards": part.boards, "open": part.open, "patients": part.patients,
        "names": np.array(list(part.figures), dtype=str), "figures": np.array(list(part.figures.values())).reshape(len(part.figures), part.lucky),
    }  # fmt: skip
    body = io.BytesIO()
    np.savez(body, **held)
    data = body.getvalue()
    path = folder / f"draws-{part.draws[0]:06d}-{part.draws[-1]:06d}.{_digest(data)}.npz"
    replaced(path, data)
    return path


def replaced(path: Path, data: bytes) -> None:
    """Write a file under another name, then give it its own: what is there under a name is whole."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _load(path: Path) -> Part | None:
    """A part from its file; None where the file is not what was written."""
    data = path.read_bytes()
    if _digest(data) != path.name.split(".")[1]:
        return None
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as z:
            figures = dict(zip(z["names"].tolist(), z["figures"], strict=True))
            return Part(z["draws"], z["nation"], z["boards"], z["open"], z["patients"], figures)
    except (ValueError, KeyError, zipfile.BadZipFile):
        return None


def parts(folder: Path) -> tuple[list[Part], list[Path]]:
    """The parts in a folder, in the order of their draws and none twice, and the files that are damaged."""
    found, bad = [], []
    files = sorted(folder.glob("draws-*.npz"), key=lambda p: (_first(p), -_last(p)))
    upto = -1
    for path in files:
        if _last(path) <= upto:  # its draws are in a joined file already
            continue
        part = _load(path)
        if part is None or int(part.draws[0]) <= upto:
            bad.append(path)
            continue
        found.append(part)
        upto = int(part.draws[-1])
    return found, bad


def _first(path: Path) -> int:
    return int(path.name.split("-")[1])


def _last(path: Path) -> int:
    return int(path.name.split("-")[2].partition(".")[0])


def have(folder: Path) -> tuple[set[int], list[Path]]:
    """Numbers of the draws that a folder has whole, and the files that are damaged."""
    found, bad = parts(folder)
    return {int(d) for p in found for d in p.draws}, bad


def join(folder: Path, width: int, least: int = 2) -> None:
    """Join files of one block that follow each other, where there are so many: practices' sums are then held once for all of them.

    width: the draws of a block.  A file that was joined before stays as it is.
    """
    files = sorted((p for p in folder.glob("draws-*.npz") if _first(p)), key=_first)
    run: list[Path] = []
    for path in [*files, None]:
        follows = path is not None and _last(path) - _first(path) + 1 == width
        if run and (path is None or not follows or _first(path) != _last(run[-1]) + 1 or len(run) == TOGETHER):
            if len(run) >= max(least, 2):
                _joined(folder, run)
            run = []
        if path is not None and follows:
            run.append(path)


def _joined(folder: Path, run: Sequence[Path]) -> None:
    """Some files as one; left as they are where one of them is damaged."""
    found = [_load(path) for path in run]
    held = [part for part in found if part is not None]
    if len(held) == len(run):
        write(folder, together(held))
        for path in run:
            path.unlink()


def together(run: Sequence[Part]) -> Part:
    """Some parts as one, in their order."""
    return Part(
        np.concatenate([p.draws for p in run]),
        np.concatenate([p.nation for p in run], -1),
        np.concatenate([p.boards for p in run], -2),
        np.sum([p.open for p in run], 0),
        np.sum([p.patients for p in run], 0),
        {n: np.concatenate([p.figures[n] for p in run if p.lucky]) for n in run[-1].figures},
    )


def assembled(about: Mapping[str, Any], found: Iterable[Part], draws: int, folder: Path | None = None) -> Kept:
    """The first so many draws of some parts, read together."""
    held = sorted(found, key=lambda p: int(p.draws[0]))
    whole = together(held)
    n = int((whole.draws < draws).sum())
    lucky = [p for p in held if p.lucky] or held
    worlds = max(sum(p.lucky for p in lucky), 1)
    return Kept(
        about, whole.draws[:n], whole.nation[..., :n], whole.boards[..., :n, :],
        np.sum([p.open for p in lucky], 0) / worlds, np.sum([p.patients for p in lucky], 0) / worlds,
        {k: x[: n - 1] for k, x in whole.figures.items()}, folder,
    )  # fmt: skip


def read(folder: Path, draws: int | None = None) -> Kept:
    """A run from its folder: as many draws as were asked for last, or fewer. Raises InputError where some are not there yet."""
    about = manifest(folder)
    if about is None:
        raise InputError("is no run of the years ahead", file=folder, expected=f"a folder with {MANIFEST}")
    wanted = draws or int(about["draws"])
    found, bad = parts(folder)
    there = {int(d) for p in found for d in p.draws}
    if lacking := set(range(wanted)) - there:
        raise InputError(
            f"{len(lacking):,} of {wanted:,} draws are not there" + (f"; damaged: {bad[0].name}" if bad else ""),
            file=folder, expected="a run that has ended", hint="the same `gpcontract simulate` goes on where it stopped",
        )  # fmt: skip
    return assembled({**about, "draws": wanted}, found, wanted, folder)


def manifest(folder: Path) -> dict[str, Any] | None:
    """What a folder says was run in it; None where it says nothing."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise InputError(f"has format {held['format']}", file=path, expected=f"format {FORMAT}", hint="--fresh")
        return held
    except (ValueError, KeyError, TypeError):
        raise InputError(
            "does not say what was run", file=path, expected="a manifest as JSON", hint="--fresh starts again"
        ) from None


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write what is run in a folder."""
    replaced(folder / MANIFEST, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode())


def clear(folder: Path) -> None:
    """Take away everything that a run left in a folder."""
    for path in (*folder.glob("draws-*.npz"), *folder.glob(".*.part"), folder / MANIFEST):
        path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one run; InputError where another run holds it. What a killed run held is free."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            "another run is writing here", file=folder, expected="one run in a folder at a time", hint="wait for it, or give another --out"
        ) from None  # fmt: skip
    try:
        yield
    finally:
        lock.release()
