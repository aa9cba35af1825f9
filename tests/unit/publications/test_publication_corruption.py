"""Whatever is done to a file, reading it ends in a named error, or in figures of which each is as it was or is told of."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import PAYMENTS, csv_text, payment, write

from gpcontract.engine.errors import DataError
from gpcontract.england.publications import Publication, read_file, read_folder

ROWS = [payment(f"A810{i:02d}", **{"Global Sum": f"{1000 + i}.25"}) for i in range(12)]
TEXT = csv_text(PAYMENTS, ROWS)
NAME = "payments 24-25.csv"
quietly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def attempt(folder: Path, content: bytes, name: str = NAME) -> list[Publication] | DataError:
    try:
        return read_file(write(folder, name, content))
    except DataError as error:
        assert str(error).startswith(name) and error.problem
        assert "could not be read (" not in str(error), error  # that would be a fault of ours
        return error


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    (found,) = read_file(write(tmp_path_factory.mktemp("whole"), NAME, TEXT))
    return found.frame


@quietly
@given(at=st.integers(0, len(TEXT) - 1), byte=st.integers(0, 255))
def test_one_byte_changed(tmp_path: Path, whole: pl.DataFrame, at: int, byte: int) -> None:
    """Only the row that the byte is in may differ."""
    content = bytearray(TEXT.encode())
    content[at] = byte
    found = attempt(tmp_path, bytes(content))
    if isinstance(found, DataError) or not found:
        return
    row = TEXT.count("\n", 0, at) - 1
    frame = found[0].frame
    if row < 0 or set(frame.columns) != set(whole.columns):
        assert found[0].warnings
        return
    known = set(whole.row(i) for i in range(whole.height) if i not in (row, row + (TEXT[at] == "\n")))
    lost = known - set(frame.select(whole.columns).rows())
    assert not lost or any("line breaks" in w for w in found[0].warnings)


@quietly
@given(cut=st.integers(0, len(TEXT)))
def test_cut_short(tmp_path: Path, whole: pl.DataFrame, cut: int) -> None:
    found = attempt(tmp_path, TEXT.encode()[:cut])
    if isinstance(found, DataError):
        return
    frame = found[0].frame
    told = any("no line end" in w for w in found[0].warnings)
    assert told or TEXT[:cut].endswith("\n")
    sure = frame.height - (1 if told else 0)
    assert frame.head(sure).equals(whole.head(sure))


@quietly
@given(cut=st.integers(0, len(gzip.compress(TEXT.encode(), mtime=0)) - 1))
def test_a_gzip_cut_short_is_never_read(tmp_path: Path, cut: int) -> None:
    found = attempt(tmp_path, gzip.compress(TEXT.encode(), mtime=0)[:cut])
    assert isinstance(found, DataError)


@quietly
@given(seed=st.integers(0, 10_000))
def test_rows_and_columns_in_any_order(tmp_path: Path, whole: pl.DataFrame, seed: int) -> None:
    order = list(range(len(PAYMENTS)))
    rows = list(ROWS)
    random.Random(seed).shuffle(order)
    random.Random(seed).shuffle(rows)
    found = attempt(
        tmp_path, csv_text([PAYMENTS[i] for i in order], [[row[i] for i in order] for row in rows]).encode()
    )
    assert not isinstance(found, DataError)
    assert found[0].frame.select(whole.columns).sort("practice").equals(whole)


@quietly
@given(content=st.binary(max_size=400), suffix=st.sampled_from(["csv", "zip", "xlsx", "gz", "parquet"]))
def test_anything_at_all(tmp_path: Path, content: bytes, suffix: str) -> None:
    assert isinstance(attempt(tmp_path, content, f"x 24-25.{suffix}"), DataError)


@quietly
@given(
    extra=st.lists(
        st.sampled_from(["A81001", "=1+1", "", "-5", "1,000", '"', "\x00", "é", "*", "\n", "9" * 400]), max_size=40
    )
)
def test_rubbish_rows_after_good_ones(tmp_path: Path, whole: pl.DataFrame, extra: list[str]) -> None:
    found = attempt(tmp_path, (TEXT + ",".join(extra)).encode("utf-8", "surrogatepass"))
    if not isinstance(found, DataError):
        assert found[0].frame.head(whole.height).equals(whole)


def test_one_bad_file_changes_nothing_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, "payments 22-23.csv", TEXT)
    alone = read_folder(tmp_path)
    for i, content in enumerate(
        (b"\x00", b"", TEXT.encode()[:900], TEXT.replace("1001.25", "x").encode(), b"PK\x03\x04junk")
    ):
        write(tmp_path, f"bad {i}.csv", content)
    both = read_folder(tmp_path)
    assert [p.frame.equals(q.frame) for p, q in zip(alone, both, strict=True)] == [True]
    assert len(both.unread) == 5
