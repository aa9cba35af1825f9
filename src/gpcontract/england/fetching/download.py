"""Download one address to one file: politely, resuming where it stopped, and never calling a part the whole."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...engine.errors import DownloadError
from .manners import Manners, retry_after, user_agent
from .parts import Begun, check_room, forget, later, raise_disk, resumable, write_begun

if TYPE_CHECKING:
    import httpx

Tell = Callable[[int, int | None], None]
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Got:
    """A body that arrived whole, in its part file."""

    size: int
    etag: str | None
    last_modified: str | None


class _Again(Exception):
    """This attempt failed but another may not. wait: seconds the server asked for, or None."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(reason)


@dataclass
class Downloader:
    """Downloads with one client: up to `retries` more attempts for each file, a pause between requests to a host."""

    client: httpx.Client
    retries: int = 4
    manners: Manners = field(default_factory=Manners)
    stop: Event = field(default_factory=Event)
    _guard: Lock = field(default_factory=Lock)
    _next: dict[str, float] = field(default_factory=dict)

    def get(
        self, address: str, part: Path, *, name: str, largest: int, sure: bool, notes: list[str], tell: Tell
    ) -> Got:
        """Fill `part` from `address`, or raise DownloadError. sure: a checksum is known that will show a wrong resume.

        A part that fails for good is left for the next run to resume, unless it is too large or from another file.
        """
        for attempt in range(self.retries + 1):
            self._pace(address)
            try:
                return self._attempt(address, part, name, largest, sure, notes, tell)
            except _Again as again:
                if attempt == self.retries:
                    tries = f"{attempt + 1} attempts" if attempt else "1 attempt"
                    raise DownloadError(
                        f"gave up after {tries}: {again.reason}", file=name, hint=later(part)
                    ) from again
                wait = again.wait
                if wait is None:
                    wait = self.manners.backoff * 2**attempt * (0.5 + random.random())
                elif wait > self.manners.longest_wait:
                    raise DownloadError(
                        f"the server asks to wait {wait:,.0f} seconds ({again.reason})",
                        file=name,
                        hint="try again then",
                    ) from again
                if self.stop.wait(min(wait, self.manners.longest_wait)):
                    raise DownloadError("stopped", file=name, hint=later(part)) from again
            except OSError as error:
                raise_disk(error, name)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _attempt(
        self, address: str, part: Path, name: str, largest: int, sure: bool, notes: list[str], tell: Tell
    ) -> Got:
        import httpx

        begun, have = resumable(part, address, sure)
        if begun and begun.total == have:
            return Got(have, begun.etag, begun.last_modified)
        headers = {"Accept-Encoding": "identity", "User-Agent": user_agent()}
        if begun:
            headers["Range"] = f"bytes={have}-"
            if begun.validator:
                headers["If-Range"] = begun.validator
        try:
            with self._open(address, headers, name, notes) as response:
                begun, have = self._begin(response, address, part, begun, have, name)
                if begun.total is not None and begun.total > largest:
                    forget(part)
                    raise _too_large(name, begun.total, largest)
                check_room(part, begun.total, have, name)
                have = self._read(response, part, have, begun, name, largest, tell)
        except httpx.TimeoutException as error:
            kind = "no connection" if isinstance(error, httpx.ConnectTimeout) else "no answer"
            seconds = self.manners.connect if isinstance(error, httpx.ConnectTimeout) else self.manners.read
            raise _Again(f"{kind} within {seconds:g} seconds") from error
        except httpx.RequestError as error:
            raise _Again(f"the connection broke ({_short(error)})") from error
        if begun.total is not None and have != begun.total:
            raise _Again(f"it stopped at {have:,} of {begun.total:,} bytes")
        if begun.total is None:
            notes.append("the server gave no length, so only the contents show that it is whole")
        return Got(have, begun.etag, begun.last_modified)

    @contextmanager
    def _open(self, address: str, headers: dict[str, str], name: str, notes: list[str]) -> Iterator[httpx.Response]:
        """The response at the end of any redirects, which may leave the host only over https."""
        import httpx

        manners = self.manners
        limits = httpx.Timeout(manners.read, connect=manners.connect)
        url, seen = httpx.URL(address), {address}
        while True:
            request = self.client.build_request("GET", url, headers=headers, timeout=limits)
            response = self.client.send(request, stream=True, follow_redirects=False)
            try:
                if not response.has_redirect_location:
                    yield response
                    return
                target = _target(url, response.headers["location"], name)
            finally:
                response.close()
            if str(target) in seen or len(seen) > manners.redirects:
                raise DownloadError(f"the address redirects in a circle or too often (to {target})", file=name)
            other = target.host != url.host
            if target.scheme != "https" and (other or target.scheme != "http" or url.scheme == "https"):
                raise DownloadError(f"the address redirects to {target}, which is not secure: refused", file=name)
            if other:
                notes.append(f"redirected from {url.host} to {target.host}")
            seen.add(str(target))
            url = target

    def _begin(
        self, response: httpx.Response, address: str, part: Path, begun: Begun | None, have: int, name: str
    ) -> tuple[Begun, int]:
        """Decide from status and headers whether the body starts the file or goes on from `have`."""
        status = response.status_code
        etag, changed = response.headers.get("etag"), response.headers.get("last-modified")
        encoded = response.headers.get("content-encoding", "identity").lower() != "identity"
        if status == 206 and begun:
            span = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("content-range", "").strip())
            total = int(span[3]) if span and span[3] != "*" else None
            same = span and int(span[1]) == have and not encoded
            same = same and (not begun.etag or not etag or etag == begun.etag)
            if not same or (begun.total is not None and total is not None and total != begun.total):
                forget(part)
                raise _Again("the file changed while it was fetched", 0.0)
            return Begun(address, begun.etag, begun.last_modified, total or begun.total, True), have
        if status == 416 and begun:
            forget(part)
            raise _Again("the file is shorter than the part already fetched", 0.0)
        if status == 200:
            length = response.headers.get("content-length", "")
            total = int(length) if length.isdigit() and not encoded else None
            fresh = Begun(address, etag, changed, total, not encoded)
            part.unlink(missing_ok=True)
            write_begun(part, fresh)
            return fresh, 0
        if status in _TRY_AGAIN:
            raise _Again(
                f"the server answered {status} {response.reason_phrase}",
                retry_after(response.headers.get("retry-after")),
            )
        hint = "the publisher may have moved it: look on the page of the publication" if status in (404, 410) else None
        raise DownloadError(
            f"the server answered {status} {response.reason_phrase} for {address}", file=name, hint=hint
        )

    def _read(
        self, response: httpx.Response, part: Path, have: int, begun: Begun, name: str, largest: int, tell: Tell
    ) -> int:
        """Write the body after the first `have` bytes; the size of the part afterwards."""
        since, at = time.monotonic(), have
        with part.open("ab") as out:
            for chunk in response.iter_raw() if begun.resumable else response.iter_bytes():
                if self.stop.is_set():
                    raise DownloadError("stopped", file=name, hint=later(part))
                out.write(chunk)
                have += len(chunk)
                tell(have, begun.total)
                if have > largest:
                    out.close()
                    forget(part)
                    raise _too_large(name, have, largest)
                elapsed = time.monotonic() - since
                if elapsed >= self.manners.patience:
                    if have - at < self.manners.slowest * elapsed:
                        raise _Again(f"slower than {self.manners.slowest:g} bytes a second over {elapsed:.1f} seconds")
                    since, at = time.monotonic(), have
        return have

    def _pace(self, address: str) -> None:
        """Wait for our turn: requests to one host start at least `pause` apart, whichever thread sends them."""
        host = urlsplit(address).netloc
        with self._guard:
            turn = max(time.monotonic(), self._next.get(host, 0.0))
            self._next[host] = turn + self.manners.pause
        if self.stop.wait(max(0.0, turn - time.monotonic())):
            raise DownloadError("stopped", file=address)


def _target(url: httpx.URL, location: str, name: str) -> httpx.URL:
    import httpx

    try:
        return url.join(location)
    except httpx.InvalidURL as error:
        raise DownloadError(
            f"the address redirects to something that is no address: {location[:120]}", file=name
        ) from error


def _too_large(name: str, size: int, largest: int) -> DownloadError:
    return DownloadError(f"is at least {size:,} bytes, over the limit of {largest:,} for this publication", file=name)


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]
