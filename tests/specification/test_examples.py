"""Every published example, worked out by our rules with our values: each is met, or listed with the reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import worked_examples as worked

LISTED = worked.read(worked.folder()) if (worked.folder() / worked.FILE).exists() else []


def test_every_published_example_is_there_to_be_tried(shared: Path) -> None:
    assert LISTED, f"no {worked.FILE} in the folder"
    ids = [e["id"] for e in LISTED]
    assert len(ids) == len(set(ids))


def test_every_example_has_a_mapping_or_a_reason(shared: Path) -> None:
    known = set(worked.mappings()) | set(worked.mappings("CALIBRATIONS")) | set(worked.UNMET)
    assert sorted(e["id"] for e in LISTED if e["id"] not in known) == []


def test_calibrations_are_of_examples(shared: Path) -> None:
    ids = {e["id"] for e in LISTED}
    assert sorted(set(worked.mappings("CALIBRATIONS")) - ids) == []
    assert sorted(set(worked.UNMET) - ids) == []


@pytest.mark.parametrize("example", [e for e in LISTED if e["id"] in worked.mappings()], ids=lambda e: e["id"])
def test_published_example(example: dict[str, Any], shared: Path) -> None:
    found = worked.work(example)
    if example["id"] in worked.UNMET:
        assert found.off, f"{example['id']} is met after all: take it off the list of those that cannot be"
    else:
        assert not found.off, f"published {found.expected}, ours {found.ours}"


def test_tolerances_are_read_as_written() -> None:
    def of(given: Any, figure: str = "a") -> float:
        return worked.tolerance({"id": "x", "tolerance": given, "expected": {"a": 200.0, "b": -50.0}}, figure)

    assert of(0.006) == 0.006
    assert of({"a": 1, "b": 2}, "b") == 2.0
    assert of("0.02%") == pytest.approx(0.04)
    assert of("about 10% (practices leave)", "b") == pytest.approx(5.0)
    with pytest.raises(ValueError, match="not understood"):
        of("close enough")


def test_an_example_that_is_off_is_found() -> None:
    example = {"id": "gs-01", "inputs": {"weighted_population": 11300, "price": 99.7}, "tolerance": 0.01}
    assert worked.work({**example, "expected": {"global_sum": 1126610.0}}).off == ()
    assert worked.work({**example, "expected": {"global_sum": 1126611.0}}).off == ("global_sum",)
    with pytest.raises(ValueError, match="published"):
        worked.work({**example, "expected": {"other": 1.0}})
    with pytest.raises(AssertionError):
        worked.work({**example, "inputs": {"weighted_population": 1, "price": 99.71}, "expected": {"global_sum": 1}})
