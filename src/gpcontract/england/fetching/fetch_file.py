"""One official file in a folder: is it there already, is it right, and putting it there.

Part files and files set aside start with a dot, which the readers of a folder pass over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ...engine.errors import DownloadError
from ..catalogue import OfficialFile
from .contents import check_contents
from .download import Downloader, Got
from .fetch_report import Outcome
from .lock import LockFile, Seen, checksum
from .parts import forget, raise_disk

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Run:
    """One run over a folder: what each file needs, and how a download becomes a file of the folder."""

    folder: Path
    lock: LockFile
    base: str | None
    dry_run: bool
    accept_changed: bool

    def before(self, file: OfficialFile) -> Outcome | None:
        """The outcome if nothing needs downloading, else None."""
        path, problem = self._present(file)
        if path and not problem:
            seen = self.lock[file.place]
            notes: tuple[str, ...] = ()
            size, sha = path.stat().st_size, checksum(path)
            if seen is None and not self.dry_run:
                trusted = "catalogue" if sha == file.sha256 else "accepted" if file.sha256 else "first use"
                self._record(file, Seen(None, size, sha, None, None, _now(), trusted))
                if trusted != "catalogue":
                    notes = ("found here, not fetched: its checksum is trusted from now on",)
            return self._outcome(file, "kept", size=size, sha256=sha, notes=notes)
        if file.address is None:
            reason = "no address is known: download it by hand" + (f" from {file.page}" if file.page else "")
            if problem:
                return self._outcome(file, "failed", f"the file here {problem}; {reason}")
            return self._outcome(file, "unavailable", reason)
        if path and path != self.folder / file.place:
            return self._outcome(file, "failed", f"the file here ({path.name}) {problem}: move it away to fetch it")
        if self.dry_run:
            return self._outcome(file, "planned", f"the file here {problem}" if problem else "")
        return None

    def download(self, file: OfficialFile, downloader: Downloader, tell: Progress) -> Outcome:
        """Fetch one file to its place: part file, checks, then an atomic rename. Every failure becomes an outcome."""
        assert file.address is not None
        notes: list[str] = []
        path = self.folder / file.place
        part = path.with_name(f".{path.name}.part")
        expected = self._expected(file)
        try:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise_disk(error, file.place)
            got = downloader.get(
                self._address(file), part, name=file.place, largest=file.max_bytes, sure=expected is not None,
                notes=notes, tell=lambda have, total: tell(file.place, have, total),
            )  # fmt: skip
            try:
                return self._accept(file, path, part, got, expected, notes)
            except OSError as error:
                raise_disk(error, file.place)
        except DownloadError as error:
            reason = error.problem + (f" (expected {error.expected})" if error.expected else "")
            reason += f"; {error.hint}" if error.hint else ""
            return self._outcome(file, "failed", reason, notes=tuple(dict.fromkeys(notes)))

    def _accept(
        self, file: OfficialFile, path: Path, part: Path, got: Got, expected: str | None, notes: list[str]
    ) -> Outcome:
        sha = checksum(part)
        try:
            check_contents(part, file)
            trusted = "catalogue" if sha == file.sha256 else "first use"
            if expected is not None and sha != expected:
                trusted = self._changed(file, sha, expected, notes)
        except DownloadError:
            forget(part)
            raise
        if path.exists():
            aside = _free_name(path)
            path.replace(aside)
            notes.append(f"the file that was here is now {aside.name}")
        part.replace(path)
        forget(part)
        self._record(file, Seen(file.address, got.size, sha, got.etag, got.last_modified, _now(), trusted))
        if trusted == "first use":
            notes.append("no checksum is known for it: the one seen is trusted from now on")
        return self._outcome(file, "fetched", size=got.size, sha256=sha, notes=tuple(dict.fromkeys(notes)))

    def _changed(self, file: OfficialFile, sha: str, expected: str, notes: list[str]) -> str:
        """What a checksum other than the expected one means: a living file moved on, an agreed change, or a refusal."""
        seen = self.lock[file.place]
        if file.living:
            notes.append(f"the publisher has replaced it since {seen.fetched if seen else 'the catalogue was written'}")
            return "first use"
        known = expected == file.sha256
        source = f"the catalogue's ({file.sha256_of})" if known else f"the one in {self.lock.path.name}"
        if self.accept_changed:
            notes.append(f"its checksum is not {source}: accepted as asked")
            return "accepted"
        raise DownloadError(
            f"its checksum {sha[:12]}… is not {source}, {expected[:12]}…", file=file.place,
            hint="if the publisher has revised it, fetch it again accepting changed files",
        )  # fmt: skip

    def _present(self, file: OfficialFile) -> tuple[Path | None, str]:
        """(the file if it is in the folder already, what is wrong with it or nothing)."""
        path = self.folder / file.place
        if not path.is_file():
            path = self.folder / file.name
            if not path.is_file():
                return None, ""
        try:
            sha = checksum(path)
            seen = self.lock[file.place]
            expected = seen.sha256 if seen and file.living else self._expected(file)
            if expected is not None and sha != expected and not (self.accept_changed and seen is None):
                return path, "does not match its checksum"
            check_contents(path, file)
        except DownloadError as error:
            return path, error.problem
        except OSError as error:
            return path, f"cannot be read ({error.strerror})"
        return path, ""

    def _expected(self, file: OfficialFile) -> str | None:
        """The checksum to expect: an accepted change, else the catalogue's, else the one seen first."""
        seen = self.lock[file.place]
        if seen and seen.trusted == "accepted":
            return seen.sha256
        return file.sha256 or (seen.sha256 if seen else None)

    def _record(self, file: OfficialFile, seen: Seen) -> None:
        try:
            self.lock.record(file.place, seen)
        except OSError as error:
            raise_disk(error, self.lock.path.name)

    def _address(self, file: OfficialFile) -> str:
        assert file.address is not None
        if self.base is None:
            return file.address
        there, here = urlsplit(file.address), urlsplit(self.base)
        return urlunsplit((here.scheme, here.netloc, here.path.rstrip("/") + there.path, there.query, ""))

    @staticmethod
    def _outcome(file: OfficialFile, status: str, reason: str = "", **more: Any) -> Outcome:
        base = Outcome(file.series, file.name, file.place, status, reason, file.address, file.page)
        return replace(base, **more)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _free_name(path: Path) -> Path:
    """A name beside `path` for the file that was there: nothing of the user's is ever overwritten."""
    n = 1
    while (aside := path.with_name(f".{path.name}.set-aside-{n}")).exists():
        n += 1
    return aside
