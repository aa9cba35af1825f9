"""Official files and third-party extracts together: extracts come in as tidy facts, and say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extracts import data_with_tidy
from gpcontract.england.facts import England
from gpcontract.england.official import build


@pytest.fixture(scope="module")
def england(official_data: Path, tmp_path_factory: pytest.TempPathFactory) -> England:
    return build(data_with_tidy(official_data, tmp_path_factory.mktemp("data")), cache=False)


def test_tidy_facts_are_read(england: England) -> None:
    assert not [sentence for sentence in england.report.unread if sentence.startswith("tidy.csv")]
    assert any(f.startswith("tidy: ") for f in england.provenance["list_by_band"].files)
    assert any(f.startswith("tidy: ") for f in england.provenance["latitude"].files)


def test_closed_practices_find_their_successors(england: England) -> None:
    rules = england.labels["successor_rule"]
    assert rules.count("given") > 900
    assert england.labels["successor"][england.practice("A81003")] == "A81044"


def test_most_lists_have_their_own_profile(england: England) -> None:
    note = england.provenance["list_by_band"].note
    assert "from its successor or predecessor" in note
    np.testing.assert_allclose(england.fact("list_by_band").sum(0), england.fact("list_size"), atol=1e-6)
