"""Fixtures for all tests. Official data is read where it lies and never copied into the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")  # what tests save is in memory
SHARED = Path(os.environ.get("GPCONTRACT_SHARED", REPO.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official data and published examples, or a loud skip."""
    if not SHARED.is_dir():
        pytest.skip(f"NEEDS OFFICIAL DATA: no folder {SHARED.name} beside the project (set GPCONTRACT_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def official_data(shared: Path) -> Path:
    """The folder of official files in the publishers' layouts."""
    return shared / "data"
