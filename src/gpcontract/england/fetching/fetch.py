"""Fetch official publications into a folder: each whole, checked, recorded, and never downloaded twice."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...engine.errors import InputError
from ..catalogue import OfficialFile, Series, choose
from .download import Downloader
from .fetch_file import Progress, Run
from .fetch_report import FetchReport, Outcome
from .lock import LockFile
from .manners import CONNECTIONS, Manners

if TYPE_CHECKING:
    import httpx


def fetch(
    folder: str | Path,
    kinds: Iterable[str] | None = None,
    years: Iterable[int | str] | None = None,
    client: httpx.Client | None = None,
    progress: bool | Progress = True,
    base: str | None = None,
    retries: int = 4,
    *,
    dry_run: bool = False,
    accept_changed: bool = False,
    manners: Manners | None = None,
    series: Mapping[str, Series] | None = None,
) -> FetchReport:
    """Download what the catalogue knows of these publications and years to FOLDER/<publication>/<file>.

    A file that fails is in the report, with its reason, and the others go on; what is wrong with the whole run (an
    unknown publication, a lock file that cannot be read) is raised.
    progress: True shows bars when standard error is a terminal; a function is told (place, bytes, total or None).
    base: 'http://127.0.0.1:8000' in place of the scheme and host of every address (a mirror).
    accept_changed: take a file whose checksum is not the one expected, and expect the new one from then on.
    """
    folder = Path(folder)
    files, undated = choose(kinds, years, series)
    if base is not None and (urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc):
        raise InputError(f"'{base}' is not a base address", expected="such as http://127.0.0.1:8000")
    run = Run(folder, LockFile(folder), base, dry_run, accept_changed)
    outcomes: dict[OfficialFile, Outcome] = {}
    wanted = []
    for file in files:
        done = run.before(file)
        if done is None:
            wanted.append(file)
        else:
            outcomes[file] = done
    if wanted:
        with _client(client) as ours, _bars(progress) as told:
            downloader = Downloader(ours, retries, manners or Manners())
            pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="fetch")
            try:
                tasks = {pool.submit(run.download, file, downloader, told): file for file in wanted}
                for task in as_completed(tasks):
                    outcomes[tasks[task]] = task.result()
            except BaseException:
                downloader.stop.set()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
    return FetchReport(folder, tuple(outcomes[f] for f in files), tuple(f.place for f in undated))


@contextmanager
def _client(given: httpx.Client | None) -> Iterator[httpx.Client]:
    if given is not None:
        yield given
        return
    try:
        import httpx
    except ModuleNotFoundError as error:
        raise InputError("fetching needs httpx", hint="pip install 'gpcontract[official]'") from error
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    with httpx.Client(limits=limits) as ours:
        yield ours


@contextmanager
def _bars(progress: bool | Progress) -> Iterator[Progress]:
    """A function to tell of progress: the caller's, bars on a terminal, or nothing."""
    if callable(progress):
        yield progress
        return
    if not progress or not sys.stderr.isatty():
        yield lambda place, have, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def told(place: str, have: int, total: int | None) -> None:
            if place not in tasks:
                tasks[place] = bars.add_task(place, total=total)
            bars.update(tasks[place], completed=have, total=total)

        yield told
