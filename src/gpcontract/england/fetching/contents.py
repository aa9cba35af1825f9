"""Is this file what the catalogue says it is: of the right kind, whole, and with the header expected of it?"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO

from ...engine.errors import DownloadError
from ..catalogue import OfficialFile

_ZIP = b"PK\x03\x04"
_START = 1 << 18  # bytes that surely hold the first record: the longest header seen (patient survey) is 28 kB
#: A zip that unpacks to more than this, or by more than this ratio, is refused before it is unpacked.
LARGEST_UNPACKED = 8 << 30
LARGEST_RATIO = 500


def check_contents(path: Path, file: OfficialFile) -> None:
    """Raise DownloadError, naming what was found instead, unless the file is what the catalogue expects."""
    with path.open("rb") as stream:
        start = stream.read(2048)
    if not start.strip():
        raise DownloadError("is empty", file=file.place)
    page = _page(start)
    if page:
        raise DownloadError(
            f"is {page}, not {_kind(file.name)}",
            file=file.place,
            hint="the server answered with a page in place of the file",
        )
    suffix = PurePosixPath(file.name).suffix.lower()
    if suffix in (".zip", ".xlsx"):
        _check_zip(path, start, suffix, file)
    elif start.startswith(_ZIP):
        raise DownloadError(
            "is a zip, not a CSV file", file=file.place, hint="the publisher may have started to zip it"
        )
    elif suffix == ".csv":
        with path.open("rb") as stream:
            problem = _header_problem(stream, file)
        if problem:
            raise DownloadError(problem, file=file.place, expected=_expectation(file))


def _kind(name: str) -> str:
    return {".csv": "a CSV file", ".zip": "a zip", ".xlsx": "an Excel workbook"}.get(
        PurePosixPath(name).suffix.lower(), "a data file"
    )


def _page(start: bytes) -> str | None:
    """What a server's page or error message looks like, or None for anything else."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")) or b"<html" in text:
        return "an HTML page"
    if text.startswith(b"<?xml"):
        return "an XML message"
    return "a JSON message" if re.match(rb"[{\[]\s*[\"{\[]", text) else None


def _check_zip(path: Path, start: bytes, suffix: str, file: OfficialFile) -> None:
    if not start.startswith(_ZIP):
        raise DownloadError(f"is not {_kind(file.name)} (it does not start as one)", file=file.place)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
            if size > LARGEST_UNPACKED or size > LARGEST_RATIO * max(packed, 1 << 10):
                raise DownloadError(f"would unpack to {size:,} bytes from {packed:,}: refused", file=file.place)
            broken = archive.testzip()
            if broken:
                raise DownloadError(f"is a damaged zip: '{broken}' does not match its checksum", file=file.place)
            if suffix == ".xlsx":
                if "xl/workbook.xml" not in archive.namelist():
                    raise DownloadError("is a zip but not an Excel workbook", file=file.place)
                return
            _check_members(archive, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DownloadError(f"is a damaged zip ({error})", file=file.place) from error


def _check_members(archive: zipfile.ZipFile, file: OfficialFile) -> None:
    """One member must match the pattern and carry the header; the others may be lookups and notes."""
    inside = [m for m in archive.namelist() if fnmatch(PurePosixPath(m).name.lower(), file.member.lower())]
    if not inside:
        raise DownloadError(f"holds no {file.member}", file=file.place, expected=_expectation(file))
    problems = []
    for member in inside:
        with archive.open(member) as stream:
            problem = _header_problem(stream, file)
        if problem is None:
            return
        problems.append(f"{member} {problem}")
    raise DownloadError(
        f"holds no file with the header expected; {problems[0]}", file=file.place, expected=_expectation(file)
    )


def _expectation(file: OfficialFile) -> str:
    if file.header:
        return f"columns {', '.join(file.header)}"
    return f"{file.columns} columns and no header" if file.columns else "a table of values separated by commas"


def _header_problem(stream: IO[bytes], file: OfficialFile) -> str | None:
    """What is wrong with the first row, or None."""
    cells = _first_row(stream)
    if file.columns and len(cells) != file.columns:
        return f"has {len(cells)} columns in its first row, not {file.columns}"
    if len(cells) < 2:
        return f"does not start with a row of columns but with '{''.join(cells)[:60]}'"
    have = {plain(c) for c in cells}
    lacking = [h for h in file.header if plain(h) not in have]
    if lacking:
        return f"has no column {', '.join(lacking)} (it starts {', '.join(cells[:4])[:120]})"
    return None


def _first_row(stream: IO[bytes]) -> Sequence[str]:
    """The first record, which may hold line breaks inside quotes (the points workbooks saved as CSV do)."""
    raw = stream.read(_START).removeprefix(b"\xef\xbb\xbf")
    try:
        text = getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    try:
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return [text]


def plain(name: str) -> str:
    """A column name for comparison: lower case, letters and digits only, no footnote digits at the end.

    >>> plain("Average number of registered patients1") == plain("AVERAGE_NUMBER_OF_REGISTERED_PATIENTS")
    True
    """
    return re.sub(r"[^a-z0-9]+", "", name.lower()).rstrip("0123456789")
