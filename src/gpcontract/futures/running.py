"""Running the years ahead: draws in blocks, over processes or a cluster, each kept as it ends, so that a run can stop and go on.

from gpcontract.futures import running, simulate

kept = running.run(simulate.plan(England.synthetic(1), ("national", "hewitt_review"), draws=100), folder=Path("out/ahead"))

Draw 0 is a block of its own; the others go in whole blocks of one width from draw 1 on, whoever works them out and in whatever
order. So the same plan gives the same bits with one process, many, or a cluster, and after a stop.
"""

from __future__ import annotations

import copy
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..engine.errors import InputError
from ..engine.version import version
from ..engine.years import year_name
from . import kept, simulate
from .drawn import drawn_figures
from .kept import Kept, Part
from .quantities import BY_BOARD, QUANTITIES
from .simulate import Block, Plan

WIDTHS = (16, 8, 4, 2, 1)  # draws of a block: the widest that fits in memory
MEMORY = 3e9  # bytes, of all processes together
OWN = 0.6e9  # of the process that gathers: an England, contracts, and the draws it keeps
EACH = 0.15e9  # of each worker, beside its block
PER_DRAW = 250  # numbers held for each draw and practice of a block while a year is worked out
PER_STATE = 24  # and for each contract besides
TRIES = 3  # of a pool or a cluster whose worker died
WORKERS = 2
NUMPY, JAX = BACKENDS = ("numpy", "jax")
CONNECT = 10  # seconds in which a scheduler must answer
Told = Callable[[int, int], None]


def run(
    plan: Plan,
    folder: Path | None = None,
    workers: int = WORKERS,
    scheduler: str | None = None,
    told: Told | None = None,
    fresh: bool = False,
    memory: float = MEMORY,
    backend: str = NUMPY,
) -> Kept:
    """Work out a plan's draws and read them together. Those that the folder has already are not worked out again.

    folder: where each block is written as it ends; None keeps it in memory alone.  scheduler: the address of a Dask cluster.
    told: hears how many draws are done, and of how many.  fresh: begin again.  backend: numpy, or jax, in this process and in blocks as
    wide as its device holds; a folder keeps to one.  Scripts that run this with more than one worker do
    so under `if __name__ == "__main__":`, as Python's processes ask.
    """
    if workers < 1:
        raise InputError(f"{workers} workers", expected="1 or more")
    each_once(plan.names)
    if backend == JAX:
        if scheduler is not None:
            raise InputError(
                f"{scheduler} cannot be given draws of jax", expected="one of the two", hint="leave out --scheduler, or --backend jax"
            )  # fmt: skip
        workers = 1
    about = manifest(plan, backend)
    if folder is None:
        width = width_for(plan, workers, memory, backend)
        blocks = blocks_of(plan.draws, width, backend)
        found = list(_worked(plan, blocks, workers, scheduler, _counted(told, 0, blocks), backend))
        return kept.assembled(about | {"width": width}, found, plan.draws)
    folder.mkdir(parents=True, exist_ok=True)
    with kept.locked(folder):
        before = None if fresh else kept.manifest(folder)
        if fresh:
            kept.clear(folder)
        width = before["width"] if before else width_for(plan, workers, memory, backend)
        about = _agreed(about | {"width": width}, before, folder)
        there, bad = kept.have(folder, about)  # before anything is written: what is there may be of another run
        kept.write_manifest(folder, about)
        for path in (*bad, *folder.glob(".*.part")):
            path.unlink()
        blocks = [b for b in blocks_of(plan.draws, width, backend) if not there.issuperset(b)]
        count = _counted(told, len(there), blocks)
        for n, part in enumerate(_worked(plan, blocks, workers, scheduler, count, backend), 1):
            kept.write(folder, part, about)
            if n % kept.TOGETHER == 0:
                kept.join(folder, about, kept.TOGETHER)
        kept.join(folder, about)
        return kept.read(folder, plan.draws)


def each_once(names: Sequence[str]) -> None:
    """An error where two contracts have one name, by which what a run holds of each is found."""
    if twice := next((n for n in names if names.count(n) > 1), None):
        raise InputError(
            f"the contract '{twice}' is there twice", expected="each contract once, under a name of its own"
        )


def blocks_of(draws: int, width: int, backend: str = NUMPY) -> list[tuple[int, ...]]:
    """The blocks that hold the first so many draws: the central one alone, then whole blocks of one width; on JAX, whose programs are
    made for one width, the central one is the first of its block.
    """
    if draws == 1:
        return [(0,)]
    first = 0 if backend == JAX else 1
    blocks = [tuple(range(a, a + width)) for a in range(first, draws, width)]
    return blocks if backend == JAX else [(0,), *blocks]


def width_for(plan: Plan, workers: int = WORKERS, memory: float = MEMORY, backend: str = NUMPY) -> int:
    """The draws of a block: the widest with which all processes together keep within so many bytes; on JAX what its device holds."""
    if backend == JAX:
        from . import device

        return device.width(plan)
    n, contracts = len(plan.start.members), len(plan.terms)
    room = (memory - OWN - EACH * workers) / workers
    return next((w for w in WIDTHS if 8.0 * n * w * (PER_DRAW + PER_STATE * contracts) <= room), WIDTHS[-1])


def manifest(plan: Plan, backend: str = NUMPY) -> dict[str, Any]:
    """What a run is made of, as plain data."""
    from importlib.metadata import version

    from .figures import figures

    england = plan.start.england
    assumed = [n for n, v in figures().items() if v.entries[-1].assumed]
    return {
        "format": kept.FORMAT,
        "hash": plan.hash,
        "package": version("gpcontract"),
        "code": code(),
        "backend": backend,
        "england": england.title,
        "is_synthetic": england.is_synthetic,
        "start": year_name(plan.years[0]),
        "years": list(plan.years),
        "contracts": [{"name": t.name, "title": t.title, "hash": t.hash} for t in plan.terms],
        "knobs": [e.as_dict() for e in plan.knobs.edits],
        "knobs_said": [e.said for e in plan.knobs.edits],
        "knobs_hash": plan.knobs.hash if plan.knobs else "",
        "seed": plan.seed,
        "draws": plan.draws,
        "figures": len(figures()),
        "assumed": assumed,
        "told": list(plan.start.told),
        "quantities": list(QUANTITIES),
        "by_board": list(BY_BOARD),
        "boards": list(plan.start.places.boards),
        "practices": list(plan.start.codes),
    }


def _agreed(about: dict[str, Any], before: Mapping[str, Any] | None, folder: Path) -> dict[str, Any]:
    """The manifest to write; InputError where the folder holds another run, whose draws cannot stand with these."""
    if before is None:
        return about
    if before["hash"] != about["hash"]:
        raise InputError(
            f"holds another run ({before['hash']}, not {about['hash']})", file=folder,
            expected="the same England, contracts, figures, years and seed", hint="give another --out, or --fresh to begin again",
        )  # fmt: skip
    if before["backend"] != about["backend"]:
        raise InputError(
            f"was run on {before['backend']}, not {about['backend']}", file=folder, expected="draws of one backend together", hint="give another --out, or --fresh to begin again"
        )  # fmt: skip
    if before["code"] != about["code"]:
        raise InputError(
            "was run by another version of the model", file=folder, expected="draws of one version together", hint="--fresh begins again"
        )  # fmt: skip
    return about


def code() -> str:
    """The version of the rules in few digits: draws of different versions are not put together."""
    return version()[:12]


def _counted(told: Told | None, there: int, blocks: Sequence[Sequence[int]]) -> Callable[[int], None]:
    done, total = there, there + sum(len(b) for b in blocks)
    if told:
        told(done, total)

    def count(draws: int) -> None:
        nonlocal done
        done += draws
        if told:
            told(done, total)

    return count


def _worked(
    plan: Plan, blocks: Sequence[tuple[int, ...]], workers: int, scheduler: str | None, count: Callable[[int], None], backend: str
) -> Iterator[Part]:  # fmt: skip
    """Blocks as they end. The first is worked out here: it makes what the others share."""
    if not blocks:
        return
    wide = _widened(plan, 1 + max(max(b) for b in blocks))
    at_hand = workers == 1 and scheduler is None
    here, there = (blocks, []) if at_hand else (blocks[:1], blocks[1:])
    for draws in here:
        if backend == JAX:
            made = simulate.block(wide, draws, on=JAX, width=len(blocks[-1]))
        else:
            with one_thread():
                made = simulate.block(wide, draws)
        count(len(draws))
        yield _part(wide, made)
    if not there:
        return
    light = sendable(wide)
    from_afar = _cluster(light, there, scheduler) if scheduler else _pool(light, there, min(workers, len(there)))
    for made in from_afar:
        count(len(made.draws))
        yield _part(wide, made)


def _part(plan: Plan, made: Block) -> Part:
    figures = drawn_figures(plan, made.draws[made.draws > 0])
    opened, patients = (np.round(x / kept.STEP) * kept.STEP for x in (made.open, made.patients))
    return Part(made.draws, made.nation, made.boards, opened, patients, figures)


def _widened(plan: Plan, draws: int) -> Plan:
    """The same plan with more draws: a run's last block is whole, and what a plan has made already stays made."""
    if draws <= plan.draws:
        return plan
    _ = plan.hash
    made = copy.copy(plan)
    object.__setattr__(made, "draws", draws)
    vars(made).pop("beliefs", None)
    return made


class Stub(NamedTuple):
    """What stands for an England that a worker has no need of."""

    title: str
    codes: tuple[str, ...]


def sendable(plan: Plan) -> Plan:
    """The plan without its England, which no block reads once one has been worked out: a few megabytes, sent once to each worker."""
    _ = plan.hash, plan.beliefs, plan.national, plan.weights, plan.salaried_income
    begun, made = copy.copy(plan.start), copy.copy(plan)
    object.__setattr__(begun, "england", Stub(plan.start.england.title, ()))
    object.__setattr__(made, "start", begun)
    return made


def one_thread() -> Any:
    """While it holds, linear algebra uses one thread: processes share the cores, and sums keep their order."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


_sent: list[Plan] = []  # the plan of this worker


def _begin(plan: Plan) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it was begun by another thread than the main one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _sent[:] = [plan]
    one_thread()


def _end_with_parent() -> None:
    """A worker whose parent was killed ends too."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _block(draws: Sequence[int]) -> Block:
    return simulate.block(_sent[0], draws)


@contextmanager
def _deaf() -> Iterator[None]:
    """While it holds, Ctrl-C waits. Processes begun in it never hear it: the one that gathers says when to stop."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would lift the block where it begins later
    heard: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *what: heard.append(what))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if heard and callable(before):
        before(*heard[0])


def _submitted(pool: ProcessPoolExecutor, draws: Sequence[int]) -> Future[Block]:
    """A block sent to a pool, which begins its processes as they are needed."""
    with _deaf():
        return pool.submit(_block, draws)


def _pool(plan: Plan, blocks: Sequence[tuple[int, ...]], workers: int) -> Iterator[Block]:
    """Blocks from processes of this machine, as they end. Where a process dies, its block is worked out by another."""
    lacking = list(blocks)
    for tried in range(TRIES):
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (plan,))
        try:
            todo, running = iter(list(lacking)), {}
            running = {_submitted(pool, b): b for _, b in zip(range(2 * workers), todo, strict=False)}
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    made = future.result()
                    lacking.remove(running.pop(future))
                    if (more := next(todo, None)) is not None:
                        running[_submitted(pool, more)] = more
                    yield made
            return
        except BrokenProcessPool:
            if tried + 1 == TRIES:
                raise InputError(
                    f"worker processes ended {TRIES} times before their work, perhaps for lack of memory",
                    expected="memory for each worker", hint="the blocks that ended are kept: the same command goes on, with --workers 1",
                ) from None  # fmt: skip
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _cluster(plan: Plan, blocks: Sequence[tuple[int, ...]], address: str) -> Iterator[Block]:
    """Blocks from a Dask cluster, as they end. The plan is sent to its workers once; what a lost worker had is worked out again."""
    from distributed import Client, as_completed

    try:
        client = Client(address, timeout=CONNECT)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address}", expected="tcp://host:8786", hint=str(error)
        ) from None
    with client:
        lacking = {b: b for b in blocks}
        for _ in range(TRIES):
            there = client.scatter(plan, broadcast=True, hash=False)
            sent = {client.submit(_of, there, b, pure=False, retries=TRIES): b for b in lacking}
            for future in as_completed(sent):
                if future.status != "finished":
                    continue
                made = future.result()
                future.release()
                del lacking[sent[future]]
                yield made
            if not lacking:
                return
        failed = next(f for f in sent if sent[f] in lacking)
        raise InputError(f"{len(lacking)} blocks failed on {address}", expected="workers with gpcontract of this version") from (
            failed.exception() if failed.status == "error" else None
        )  # fmt: skip


def _of(plan: Plan, draws: Sequence[int]) -> Block:
    with one_thread():
        return simulate.block(plan, draws)
