"""Reading a folder: every file is accounted for, faults stay in their file, and only what is wanted is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import PAYMENTS, csv_text, payment, write

from gpcontract.engine.errors import InputError
from gpcontract.england.publications import KINDS, read_folder

TIDY = "practice,when,fact,value,source\nA81001,2019/20,qof_points,545.5,me\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "a/payments 23-24.csv", csv_text(PAYMENTS, [payment("A81001")]))
    write(tmp_path, "a/payments 24-25.csv", csv_text(PAYMENTS, [payment("A81001", **{"Global Sum": "bad"})]))
    write(tmp_path, "b/copy of 2023-24.csv", csv_text(PAYMENTS, [payment("A81001")]))
    write(tmp_path, "mine.csv", TIDY)
    write(tmp_path, "notes.txt", "Just some words.\n")
    write(tmp_path, "empty.csv", "")
    write(tmp_path, ".hidden/x.csv", "")
    return tmp_path


def test_every_file_is_accounted_for(folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    reading = read_folder(folder, progress=lambda done, every, name: seen.append((done, every, name)))
    assert [p.title for p in reading] == ["payments 2023/24", "payments 2023/24", "tidy"]
    assert len(reading.used) == 3 and len(reading.unread) == 3
    assert "row 2: 'bad'" in reading.unread[0] and "expected" in reading.unread[0]
    assert [u.split(":")[0] for u in reading.unread] == ["payments 24-25.csv, row 2", "empty.csv", "notes.txt"]
    assert any(w.startswith("payments 2023/24 is in two files") for w in reading.warnings)
    assert [d for d, _, _ in seen] == [1, 2, 3, 4, 5, 6] and seen[0][1] == 6
    assert [p.when for p in reading.of("payments")] == [2023, 2023]


def test_only_what_is_wanted(folder: Path) -> None:
    reading = read_folder(folder, kinds=["tidy"])
    assert [p.kind for p in reading] == ["tidy"]
    assert len(reading.skipped) == 3  # payments are recognised and left, faults and all
    assert not any("bad" in u for u in reading.unread)


def test_questions_that_have_no_answer(folder: Path) -> None:
    with pytest.raises(InputError, match="did you mean payments"):
        read_folder(folder, kinds=["payment"])
    with pytest.raises(InputError, match="no folder"):
        read_folder(folder / "nowhere")
    assert {"payments", "registrations_quin_age", "tidy"} <= set(KINDS)


def test_an_empty_folder(tmp_path: Path) -> None:
    reading = read_folder(tmp_path)
    assert len(reading) == 0 and reading.unread == ()


def test_a_fault_of_the_reader_is_named_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gpcontract.england.publications import reading

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(reading, "text_table", fail)
    found = read_folder(folder)
    assert len(found) == 0
    assert any("mine.csv: could not be read (ZeroDivisionError: a fault)" in u for u in found.unread)
