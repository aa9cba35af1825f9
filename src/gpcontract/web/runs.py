"""Runs of the years ahead that pages ask for: each in a folder under its hash, queued, worked out one at a time beside the pages.

A run is asked for by writing down what it is; `runner` works the queue in a process of its own, says how far it is, and stops where it
is told to. What a run has made is kept, so that one that was stopped goes on, and its address shows it at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..contracts import Contract
from ..engine.edits import Reform
from ..engine.errors import InputError
from ..england.assembly.cache import cache_root

QUEUE = 8  # runs that may wait
KEPT = 40  # runs that are kept; those read longest ago go
DRAWS = (1, 25, 100, 200)
YEARS = (5, 10, 15, 20)
ASKED, STATE, STOP = "asked.json", "state.json", "stop"
WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"


class Full(InputError):
    """Too many runs wait already."""


@dataclass(frozen=True)
class Asked:
    """A run as it is asked for. contracts: each by its name on pages, its base, and its saved edits as JSON (or nothing)."""

    england: str
    title: str
    contracts: tuple[tuple[str, str, str], ...]
    years: int
    draws: int
    seed: int
    knobs: str
    version: str

    @property
    def key(self) -> str:
        """Twelve hexadecimal digits that name it: all that it is, with the model's own text."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return shelf() / self.key

    @property
    def loaded(self) -> tuple[Contract, ...]:
        """Its contracts, each under its name on pages."""
        from dataclasses import replace

        made = []
        for name, base, edits in self.contracts:
            contract = Contract.load(base)
            if edits:
                contract = replace(
                    contract.with_reform(Reform.from_json(edits)),
                    name=name,
                    title=f"{contract.title} + {name.partition('+')[2]}",
                )
            made.append(contract)
        return tuple(made)

    @classmethod
    def read(cls, folder: Path) -> Asked:
        """A run from its folder."""
        held = json.loads((folder / ASKED).read_text(encoding="utf-8"))
        return cls(**held | {"contracts": tuple(map(tuple, held["contracts"]))})


@dataclass(frozen=True)
class State:
    """How far a run is. what: waiting, running, done, stopped or failed.  before: runs that wait before it.  said: what went wrong."""

    what: str
    done: int = 0
    total: int = 0
    before: int = 0
    said: str = ""


def shelf() -> Path:
    """The folder of all runs."""
    return cache_root() / "explorer-ahead"


def state(run: Asked) -> State | None:
    """How far a run is; None where nobody asked for it."""
    told = state_of(run.folder)
    if told is None or told.what not in (WAITING, RUNNING):
        return told
    begin()  # if whoever worked the queue has gone
    return State(told.what, told.done, told.total, _before(run.folder)) if told.what == WAITING else told


def ask(run: Asked) -> None:
    """Put a run into the queue, or back into it where it was stopped; nothing where it is there. `Full` where too many wait."""
    told = state_of(run.folder)
    if told is not None and told.what in (WAITING, RUNNING, DONE):
        return
    with _door():
        if len(waiting()) >= QUEUE:
            raise Full(
                "too many runs of the years ahead are waiting",
                expected=f"no more than {QUEUE}",
                hint="try again in a few minutes",
            )
        _sweep()
        run.folder.mkdir(parents=True, exist_ok=True)
        (run.folder / STOP).unlink(missing_ok=True)
        _write(run.folder / ASKED, asdict(run))
        _write(run.folder / STATE, asdict(State(WAITING, 0, run.draws)))
    begin()


def stop(run: Asked) -> None:
    """Stop a run: at once where it waits, at the end of the draws in hand where it runs. What is done is kept."""
    told = state_of(run.folder)
    if told is None or told.what not in (WAITING, RUNNING):
        return
    (run.folder / STOP).touch()
    if told.what == WAITING:
        tell(run.folder, State(STOPPED, told.done, told.total))


def waiting() -> list[Path]:
    """The folders of the runs that wait, the first asked for first."""
    found = [p.parent for p in shelf().glob(f"*/{STATE}") if (s := state_of(p.parent)) and s.what == WAITING]
    return sorted(found, key=lambda p: (p / ASKED).stat().st_mtime)


def tell(folder: Path, told: State) -> None:
    """Write down how far a run is."""
    _write(folder / STATE, asdict(told))


def _before(folder: Path) -> int:
    listed = waiting()
    running = any(s.what == RUNNING for p in shelf().glob(f"*/{STATE}") if (s := state_of(p.parent)))
    return (listed.index(folder) if folder in listed else 0) + running


def state_of(folder: Path) -> State | None:
    """How far the run in a folder is; None where there is none, or it is of another version."""
    try:
        return State(**json.loads((folder / STATE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # of another version
        return None


def _write(path: Path, body: Any) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    beside.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


@contextmanager
def _door() -> Iterator[None]:
    """Hold the queue while it is changed, among processes and threads."""
    from filelock import FileLock

    shelf().mkdir(parents=True, exist_ok=True)
    with FileLock(shelf() / ".door", timeout=10):
        yield


def _sweep() -> None:
    """Take away the runs that were read longest ago, beyond those that are kept."""
    found = [
        (p.stat().st_mtime, p.parent)
        for p in shelf().glob(f"*/{STATE}")
        if (s := state_of(p.parent)) and s.what not in (WAITING, RUNNING)
    ]
    for _, folder in sorted(found, reverse=True)[KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


# -- the process that works the queue ---------------------------------------------------------------------------

_worker: subprocess.Popen[bytes] | None = None
_starting = threading.Lock()
_last = 0.0


def begin() -> None:
    """See that somebody works the queue: a process of this one's, unless this or another has begun one."""
    global _worker, _last
    with _starting:
        if (_worker is not None and _worker.poll() is None) or time.monotonic() - _last < 1:
            return
        _last = time.monotonic()
        _worker = subprocess.Popen(
            [sys.executable, "-m", "gpcontract.web.runner"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )


__all__ = ["DRAWS", "YEARS", "Asked", "Full", "State", "ask", "begin", "state", "stop"]
