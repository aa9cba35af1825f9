"""What is kept of a run of the years ahead: a folder of blocks that can be killed, resumed, added to and checked, and what they hold together.

The folder has a manifest that says what was run, and a file for each block of draws. A file is written whole or not at all, and its
name carries a digest of what is in it, so that one that was cut short or changed is found, set aside and run again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, nearest
from .quantities import SPREAD, SUMMED

Array = npt.NDArray[np.float64]
FORMAT = 2
MANIFEST = "run.json"
NAMED = re.compile(
    r"draws-(\d{6,})-(\d{6,})\.([0-9a-f]{16})\.npz"
)  # a part: its first and its last draw, and its digest
MARK = ("hash", "code", "backend", "width")  # of a manifest: draws that differ in one of them do not stand together
SAID = {  # what a manifest holds, and what kind of thing each is
    "format": int, "hash": str, "package": str, "code": str, "backend": str, "england": str, "is_synthetic": bool, "start": str, "years": list,
    "contracts": list, "knobs": list, "knobs_said": list, "knobs_hash": str, "seed": int, "draws": int, "width": int, "figures": int,
    "assumed": list, "told": list, "quantities": list, "by_board": list, "boards": list, "practices": list,
}  # fmt: skip
TOGETHER = 32  # block files that are joined into one
STEP = 2.0**-10  # practices' sums are kept to this, so that their order does not matter to the last bit


class File(NamedTuple):
    """A file of a part, by what its name says: its first and its last draw, and the digest of what is in it."""

    first: int
    last: int
    path: Path
    digest: str


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


def write(folder: Path, part: Part, about: Mapping[str, Any]) -> Path:
    """Write a part of a run as one file, whole or not at all, with what names the run in it. about: the run's manifest."""
    held: dict[str, Any] = {
        "run": np.array(_mark(about)),
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


def _mark(about: Mapping[str, Any]) -> list[str]:
    return [str(about[k]) for k in MARK]


def _load(file: File, about: Mapping[str, Any]) -> Part | None:
    """A part from its file; None where the file is not what was written. Raises InputError where it is of another run."""
    data = file.path.read_bytes()
    if _digest(data) != file.digest:
        return None
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as z:
            figures = dict(zip(z["names"].tolist(), z["figures"], strict=True))
            made = Part(z["draws"], z["nation"], z["boards"], z["open"], z["patients"], figures)
            mark = z["run"].tolist()
    except (ValueError, KeyError, zipfile.BadZipFile):
        return None
    if mark != _mark(about):
        raise InputError(
            f"holds draws of another run ({_said(mark)})", file=file.path, expected=_said(_mark(about)),
            hint="give another --out, or --fresh to begin again",
        )  # fmt: skip
    return made


def _said(mark: Sequence[str]) -> str:
    return "run {}, model {}, on {}, {} draws a block".format(*mark)


def _files(folder: Path) -> list[File]:
    """The files of parts in a folder, in the order of their draws, the longest first. Other files are let be."""
    named = ((p, NAMED.fullmatch(p.name)) for p in folder.iterdir())
    found = [File(int(m[1]), int(m[2]), p, m[3]) for p, m in named if m]
    return sorted(found, key=lambda f: (f.first, -f.last, f.digest))


def parts(folder: Path, about: Mapping[str, Any]) -> tuple[list[Part], list[Path]]:
    """The parts of a run in a folder, in the order of their draws and none twice, and the files that are damaged. about: its manifest."""
    found, bad = [], []
    upto = -1
    for file in _files(folder):
        if file.last <= upto:  # its draws are in a joined file already
            continue
        part = _load(file, about)
        if part is None or int(part.draws[0]) <= upto:
            bad.append(file.path)
            continue
        found.append(part)
        upto = int(part.draws[-1])
    return found, bad


def have(folder: Path, about: Mapping[str, Any]) -> tuple[set[int], list[Path]]:
    """Numbers of the draws that a folder has whole, and the files that are damaged."""
    found, bad = parts(folder, about)
    return {int(d) for p in found for d in p.draws}, bad


def join(folder: Path, about: Mapping[str, Any], least: int = 2) -> None:
    """Join files of one block that follow each other, where there are so many: practices' sums are then held once for all of them.

    A file that was joined before stays as it is.
    """
    for run in _runs(_files(folder), int(about["width"])):
        if len(run) >= max(least, 2):
            _joined(folder, run, about)


def _runs(files: Sequence[File], width: int) -> list[list[File]]:
    """Files of one block each that follow each other, so many together; the one with the central draw is not among them."""
    runs: list[list[File]] = []
    for file in files:
        if file.first and file.last - file.first + 1 == width:
            if not runs or file.first != runs[-1][-1].last + 1 or len(runs[-1]) == TOGETHER:
                runs.append([])
            runs[-1].append(file)
    return runs


def _joined(folder: Path, run: Sequence[File], about: Mapping[str, Any]) -> None:
    """Some files as one; left as they are where one of them is damaged."""
    found = [_load(file, about) for file in run]
    held = [part for part in found if part is not None]
    if len(held) == len(run):
        write(folder, together(held), about)
        for file in run:
            file.path.unlink()


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
    found, bad = parts(folder, about)
    there = {int(d) for p in found for d in p.draws}
    if lacking := set(range(wanted)) - there:
        raise InputError(
            f"{len(lacking):,} of {wanted:,} draws are not there" + (f"; damaged: {bad[0].name}" if bad else ""),
            file=folder, expected="a run that has ended", hint="the same `gpcontract simulate` goes on where it stopped",
        )  # fmt: skip
    return assembled({**about, "draws": wanted}, found, wanted, folder)


def manifest(folder: Path) -> dict[str, Any] | None:
    """What a folder says was run in it; None where it says nothing. Raises InputError where it is not what a run writes."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        held = None
    if isinstance(held, dict) and held.get("format") not in (None, FORMAT):
        raise InputError(f"has format {held['format']}", file=path, expected=f"format {FORMAT}", hint="--fresh")
    if wrong := _wrong(held):
        raise InputError(
            f"does not say what was run: {wrong}", file=path, expected="a manifest as a run writes it", hint="--fresh starts again"
        )  # fmt: skip
    return dict(held)


def _wrong(held: Any) -> str:
    """What is wrong with a manifest; nothing where it is whole."""
    if not isinstance(held, dict):
        return "it is no JSON object"
    for name, kind in SAID.items():
        if not isinstance(held.get(name), kind):
            return f"'{name}' is {json.dumps(held[name])[:40]}" if name in held else f"it has no '{name}'"
    for name in ("width", "draws"):
        if held[name] < 1:
            return f"'{name}' is {held[name]}"
    if not all(isinstance(y, int) for y in held["years"]):
        return "'years' are no years"
    if not all(isinstance(c, dict) and c.keys() >= {"name", "title", "hash"} for c in held["contracts"]):
        return "'contracts' lack names, titles or hashes"
    return ""


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write what is run in a folder."""
    replaced(folder / MANIFEST, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode())


def clear(folder: Path) -> None:
    """Take away everything that a run left in a folder."""
    for path in (*(f.path for f in _files(folder)), *folder.glob(".*.part"), folder / MANIFEST):
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
