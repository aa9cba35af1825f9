"""Opening files safely: plain, gzip and zip (also nested), with limits on size, and text whatever its encoding.

Errors: DataError for an empty, truncated, damaged, encrypted or absurdly compressed file, for NUL bytes, and for text
in no known encoding. Nothing larger than `Limits` allows is ever held in memory.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ...engine.errors import DataError

MB = 1_000_000
HEAD = 262_144
DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, OSError, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class Limits:
    """How large one file may be once unpacked: bytes in all, and times its packed size above a size that is harmless."""

    total: int = 600 * MB
    ratio: int = 100
    harmless: int = 20 * MB

    def of(self, packed: int) -> int:
        return min(self.total, max(self.harmless, self.ratio * packed))


@dataclass
class Source:
    """One table-like thing: a plain file, or a member of an archive.

    label: how messages call it ('a.zip > b.csv').  names: its own name, then the names around it, nearest first.
    """

    label: str
    names: tuple[str, ...]
    open: Callable[[], BinaryIO]
    packed: int
    limits: Limits
    form: str = "text"  # text | workbook | parquet | other
    spent: list[int] = field(default_factory=lambda: [0])

    def head(self, size: int = HEAD) -> bytes:
        """The first bytes, unpacked."""
        return self._read(size, whole=False)

    def data(self) -> bytes:
        """All bytes, unpacked; refuses to pass the limits."""
        room = self.limits.of(self.packed) - self.spent[0]
        found = self._read(room + 1, whole=True)
        if len(found) > room:
            raise too_large(self.label, self.packed, self.limits)
        self.spent[0] += len(found)
        return found

    def _read(self, size: int, whole: bool) -> bytes:
        try:
            with self.open() as stream:
                return stream.read(max(size, 1))
        except DAMAGE as error:
            raise damaged(self.label, error) from error


def sources(path: Path, limits: Limits | None = None) -> Iterator[Source]:
    """What a file holds: itself, or the members of the archive that it is (and of archives within it)."""
    try:
        packed = path.stat().st_size
    except OSError as error:
        raise damaged(path.name, error) from error
    if packed == 0:
        raise DataError("the file is empty", file=path.name, hint="download it again")
    names = (path.name, path.parent.name)
    yield from _within(Source(path.name, names, lambda: path.open("rb"), packed, limits or Limits()), 0)


def _within(source: Source, depth: int) -> Iterator[Source]:
    magic = source.head(8)
    if depth > 4:
        raise DataError("archives within archives, more than four deep", file=source.label, hint="unpack it first")
    if magic.startswith(b"\x1f\x8b"):
        yield from _within(_gunzipped(source), depth + 1)
    elif magic.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _unzipped(source, depth)
    else:
        source.form = "parquet" if magic.startswith(b"PAR1") else "text"
        if magic.startswith(b"\xd0\xcf\x11\xe0"):
            source.form = "workbook"
        elif magic.startswith((b"%PDF", b"{", b"[", b"<", b"\x89PNG")):
            source.form = "other"
        yield source


class _Gunzip(io.RawIOBase):
    """Unpacks a gzip stream with one call to zlib where all is asked for: several times quicker than GzipFile."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.stream.close()
        super().close()

    def read(self, size: int = -1) -> bytes:
        wanted, asked = size, size if size > HEAD else max(size, 65_536)
        raw = self.stream.read() if size > HEAD else self.stream.read(asked)
        whole = size > HEAD or len(raw) < asked
        parts: list[bytes] = []
        while raw and wanted > 0:
            inflate = zlib.decompressobj(31)
            part = inflate.decompress(raw, wanted)
            parts.append(part)
            wanted -= len(part)
            if not inflate.eof:
                if wanted > 0 and whole:
                    raise EOFError("the compressed data ends too soon")
                break
            raw = inflate.unused_data.lstrip(b"\0")
        return b"".join(parts)


def _gunzipped(source: Source) -> Source:
    name = source.names[0]
    names = (name.removesuffix(".gz"), *source.names[1:])
    return Source(source.label, names, lambda: _Gunzip(source.open()), source.packed, source.limits, spent=source.spent)  # type: ignore[return-value,arg-type]


def _unzipped(source: Source, depth: int) -> Iterator[Source]:
    stream: BinaryIO = source.open() if depth == 0 else io.BytesIO(source.data())
    try:
        archive = zipfile.ZipFile(stream)
        members = [m for m in archive.infolist() if not m.is_dir()]
    except DAMAGE as error:
        stream.close()
        raise damaged(source.label, error) from error
    with stream, archive:
        room = source.limits.of(source.packed)
        if sum(m.file_size for m in members) > room or len(members) > 5_000:
            raise too_large(source.label, source.packed, source.limits)
        if any(m.filename in ("xl/workbook.xml", "xl/workbook.bin") for m in members):
            _check_members(archive, members, source)
            source.form = "workbook"
            yield source
            return
        if not members:
            raise DataError("the archive holds no files", file=source.label)
        for member in members:
            name = member.filename.replace("\\", "/")
            if name.startswith("__MACOSX") or name.rsplit("/", 1)[-1].startswith("."):
                continue
            folders = tuple(reversed(name.split("/")))
            yield from _within(
                Source(
                    f"{source.label} > {name}",
                    (*folders, *source.names),
                    _opener(archive, member),
                    max(member.compress_size, source.packed),
                    source.limits,
                    spent=source.spent,
                ),
                depth + 1,
            )


def _opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: archive.open(member)  # type: ignore[return-value]


def _check_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], source: Source) -> None:
    """Unpack a workbook's members once and drop them: finds damage and false sizes before the Excel reader meets them."""
    room = source.limits.of(source.packed)
    for member in members:
        try:
            with archive.open(member) as stream:
                while chunk := stream.read(4 * MB):
                    room -= len(chunk)
                    if room < 0:
                        raise too_large(source.label, source.packed, source.limits)
        except DAMAGE as error:
            raise damaged(source.label, error) from error


def too_large(label: str, packed: int, limits: Limits) -> DataError:
    """A zip bomb, or a file far beyond any publication."""
    return DataError(
        f"unpacks to more than {limits.of(packed) / MB:,.0f} MB from {packed / MB:,.3f} MB: too large to be a publication"
        " (a zip bomb?)",
        file=label,
        expected=f"at most {limits.total / MB:,.0f} MB, and at most {limits.ratio} times the packed size",
        hint="download it again from its publisher",
    )


def damaged(label: str, error: BaseException) -> DataError:
    """The error for a file that cannot be opened, in words."""
    reason = str(error) or type(error).__name__
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile) and error.strerror:
        reason = error.strerror
    return DataError(
        f"cannot be opened: {reason}", file=label, hint="the file is damaged or was cut short: download it again"
    )


def utf8(data: bytes, label: str) -> bytes:
    """The same text as UTF-8 without a byte order mark, lines ending in a line feed.

    Reads UTF-8, UTF-16 (by its mark) and Windows-1252; refuses NUL bytes and anything that is none of these.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise DataError("is marked as UTF-16 but is not", file=label, hint="download it again") from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    at = data.find(b"\0")
    if at >= 0:
        raise DataError(
            "holds a NUL byte: it is not a text file, or is damaged",
            file=label,
            row=data.count(b"\n", 0, at) + 1,
            hint="download it again",
        )
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                data = data.decode("cp1252").encode()
            except UnicodeDecodeError as error:
                raise DataError(
                    f"holds byte {data[error.start]:#04x}, which is neither UTF-8 nor Windows-1252",
                    file=label,
                    row=data.count(b"\n", 0, error.start) + 1,
                    expected="text in UTF-8 or Windows-1252",
                ) from error
    return data.replace(b"\r", b"\n") if b"\r" in data and b"\n" not in data else data
