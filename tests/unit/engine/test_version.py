"""The version of the rules: each room that results depend on counts, and what lies beside them does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpcontract.engine import version


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for room in (*version.ROOMS, "web"):
        (tmp_path / room / "inner").mkdir(parents=True)
        (tmp_path / room / "inner" / "rules.py").write_text("one = 1")
        (tmp_path / room / "values.yaml").write_text("one: 1")
    monkeypatch.setattr(version, "PACKAGE", tmp_path)
    return tmp_path


def fresh() -> str:
    return version.version.__wrapped__()


@pytest.mark.parametrize("room", version.ROOMS)
@pytest.mark.parametrize("name", ["values.yaml", "inner/rules.py", "inner/new.py"])
def test_any_rule_or_value_makes_another_version(package: Path, room: str, name: str) -> None:
    before = fresh()
    (package / room / name).write_text("another")
    assert fresh() != before


def test_a_rule_that_moves_makes_another_version(package: Path) -> None:
    before = fresh()
    (package / "engine" / "inner" / "rules.py").rename(package / "engine" / "rules.py")
    assert fresh() != before


def test_pages_and_notes_are_no_part_of_it(package: Path) -> None:
    before = fresh()
    (package / "web" / "values.yaml").write_text("another")
    (package / "engine" / "notes.txt").write_text("another")
    assert fresh() == before
