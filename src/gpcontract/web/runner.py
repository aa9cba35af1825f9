"""Works the queue of runs of the years ahead, one at a time, and ends when nothing waits: `python -m gpcontract.web.runner`."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from ..engine.edits import Reform
from ..engine.errors import GpContractError
from ..england.facts import England
from . import runs

log = logging.getLogger("gpcontract.web.runner")
LINGER = 30  # seconds for which it waits for more, since to read England takes some


class Stopped(Exception):
    """The run was told to stop."""


def main() -> None:
    """Work until nothing waits; nothing where another process works the queue."""
    from filelock import FileLock, Timeout

    os.nice(10)  # pages come first
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        with FileLock(runs.shelf() / ".worker", timeout=0):
            _work()
    except Timeout:
        return


def _work() -> None:
    held: dict[str, England] = {}
    for path in runs.shelf().glob(f"*/{runs.STATE}"):  # what a process that was killed had in hand goes on
        told = runs.state_of(path.parent)
        if told is not None and told.what == runs.RUNNING:
            runs.tell(path.parent, runs.State(runs.WAITING, told.done, told.total))
    last = time.monotonic()
    while time.monotonic() - last < LINGER:
        for folder in runs.waiting():
            _one(folder, held)
            last = time.monotonic()
        time.sleep(0.3)


def _one(folder: Path, held: dict[str, England]) -> None:
    """One run, with how far it is written down as it goes."""
    from ..futures import running
    from ..futures.simulate import plan
    from .desk import england_named

    asked = runs.Asked.read(folder)
    runs.tell(folder, runs.State(runs.RUNNING, 0, asked.draws))

    def told(done: int, total: int) -> None:
        if (folder / runs.STOP).exists():
            raise Stopped
        runs.tell(folder, runs.State(runs.RUNNING, min(done, asked.draws), asked.draws))

    try:
        if asked.england not in held:
            held[asked.england] = england_named(asked.england)
        told(0, asked.draws)
        made = plan(
            held[asked.england], asked.loaded, asked.years, asked.draws, asked.seed, None, Reform.from_json(asked.knobs)
        )
        running.run(made, folder / "run", 1, None, told)
        runs.tell(folder, runs.State(runs.DONE, asked.draws, asked.draws))
    except Stopped:
        before = runs.state_of(folder)
        runs.tell(folder, runs.State(runs.STOPPED, before.done if before else 0, asked.draws))
    except GpContractError as error:
        runs.tell(folder, runs.State(runs.FAILED, 0, asked.draws, 0, str(error)))
    except Exception:  # the page says that the fault is ours
        log.exception("a run of the years ahead failed: %s", folder.name)
        runs.tell(folder, runs.State(runs.FAILED, 0, asked.draws))


def _end_with_parent(parent: int) -> None:
    """When the server has gone, so does what it began; what is done is kept."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
