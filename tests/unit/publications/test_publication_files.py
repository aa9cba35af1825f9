"""Opening files: archives, encodings, damage, and the refusal of what is too large."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

import pytest
from making import PAYMENTS, csv_text, payment, read_one, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import read_file
from gpcontract.england.publications.files import Limits

NAME = "nhspaymentsgp-24-25-prac-csv.csv"
TEXT = csv_text(PAYMENTS, [payment("A81001"), payment("A81002")])


def zipped(**members: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "name, content",
    [
        (NAME, TEXT),
        (NAME, "\ufeff" + TEXT),
        (NAME, TEXT.encode("utf-16")),
        (NAME, TEXT.replace("\n", "\r\n")),
        (NAME, TEXT.replace("\n", "\r")),
        (NAME, TEXT.replace(",", "\t").replace("Pensions\t Levies", "Pensions, Levies").replace('"', "")),
        (NAME + ".gz", gzip.compress(TEXT.encode())),
        ("a.gz", gzip.compress(TEXT.encode()[:100]) + gzip.compress(TEXT.encode()[100:])),
        ("x.zip", zipped(**{"Payments 24-25/deep/" + NAME: TEXT})),
        ("x.zip", zipped(**{"inner.zip": zipped(**{NAME: TEXT}), "__MACOSX/x": "junk"})),
        ("x.zip.gz", gzip.compress(zipped(**{NAME: TEXT}))),
    ],
)
def test_every_wrapping_gives_the_same(tmp_path: Path, name: str, content: str | bytes) -> None:
    folder = tmp_path / "2024-25" if name == "a.gz" else tmp_path
    path = write(folder, name if name != "a.gz" else "a 24-25.gz", content)
    (publication,) = read_file(path)
    assert publication.when == 2024
    assert publication.frame["practice"].to_list() == ["A81001", "A81002"]
    assert publication.frame["total"].to_list() == [1500.0, 1500.0]


def test_a_zip_of_several_names_each_member(tmp_path: Path) -> None:
    other = TEXT.replace("A8100", "B8100")
    path = write(tmp_path, "both.zip", zipped(**{"x-22-23.csv": TEXT, "y/z-23-24.csv": other}))
    first, second = read_file(path)
    assert (first.when, second.when) == (2022, 2023)
    assert second.files == ("both.zip > y/z-23-24.csv",)


def test_windows_1252(tmp_path: Path) -> None:
    text = csv_text(PAYMENTS, [payment("A81001", **{"Practice Name": "Café – Surgery"})])
    found = read_one(tmp_path, NAME, text.encode("cp1252"))
    assert found.frame["name"][0] == "Café – Surgery"


def lying_zip() -> bytes:
    """A zip whose directory says that a member of 30 MB unpacks to 100 bytes."""
    content = bytearray(zipped(**{NAME: b"a,b\n" * 7_500_000}))
    size = (30_000_000).to_bytes(4, "little")
    return bytes(content).replace(size, (100).to_bytes(4, "little"))


def test_a_truncated_gzip_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(TEXT.encode())
    with pytest.raises(DataError, match=r"24-25.*cannot be opened.*ends too soon[\s\S]*hint"):
        read_file(write(tmp_path, NAME + ".gz", whole[:-20]))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "the file is empty"),
        (b" \n \n", "holds no text"),
        (TEXT.encode()[:2000].replace(b"A81001", b"A8\x001001") + b"\n", "NUL byte"),
        (b"a,b\n\x81\x8d,1\n" + "é".encode("cp1252"), "neither UTF-8 nor Windows-1252"),
        (b"\x1f\x8b\x08\x00garbage", "cannot be opened"),
        (b"PK\x03\x04" + b"\0" * 50, "cannot be opened"),
        (zipped(), "holds no files"),
        (lying_zip(), "cannot be opened|does not|not in a layout"),
        (b"%PDF-1.4 ...", "not a table"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook"),
        (b"PAR1" + b"\0" * 60, "Parquet"),
        (b"\xff\xfea", "UTF-16"),
        (",".join(PAYMENTS).encode() + b"\n", "headers but no rows"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        read_file(write(tmp_path, NAME, content))
    assert str(caught.value).startswith(NAME)


def test_a_bad_checksum_in_a_zip(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(NAME, TEXT)
    with pytest.raises(DataError, match="Bad CRC"):
        read_file(write(tmp_path, "x.zip", out.getvalue().replace(b"A81002", b"A81003", 1)))


@pytest.mark.parametrize("form", ["gzip", "zip", "nested", "workbook"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, form: str) -> None:
    """300 MB of one row, over and over, in 300 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    row = TEXT.split("\n")[1].encode() + b"\n"
    many = row * (1_000_000 // len(row))
    packed = b"".join([packer.compress(TEXT.encode()), *(packer.compress(many) for _ in range(300)), packer.flush()])
    if form == "gzip":
        content = packed
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            name = "xl/workbook.xml" if form == "workbook" else NAME + (".gz" if form == "nested" else "")
            archive.writestr(name, packed if form == "nested" else b"0" * 60_000_000)
        content = out.getvalue()
    with pytest.raises(DataError, match="zip bomb"):
        read_file(write(tmp_path, f"bomb.{form}", content))


def test_many_members_share_one_limit(tmp_path: Path) -> None:
    """Each member is small enough, all together are not."""
    big = TEXT + "".join(csv_text(PAYMENTS, [payment(f"B{i:05d}")]).split("\n")[1] + "\n" for i in range(300))
    content = zipped(**{f"{y}-{y + 1}.csv": big for y in range(14, 20)})
    assert len(read_file(write(tmp_path, "all.zip", content))) == 6
    with pytest.raises(DataError, match="too large"):
        read_file(write(tmp_path, "all.zip", content), limits=Limits(total=3 * len(big), harmless=3 * len(big)))


def test_archives_too_deep(tmp_path: Path) -> None:
    content = TEXT.encode()
    for _ in range(8):
        content = gzip.compress(content)
    with pytest.raises(DataError, match="four deep"):
        read_file(write(tmp_path, NAME, content))
