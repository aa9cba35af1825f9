"""Published national figures against our England: median global sums, normalisation, correction factors.

A year without a payments file in the folder is skipped, and the skip says so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import worked_examples as worked
from gpcontract.contracts import Result


@pytest.fixture(scope="session")
def priced(official_data: Path) -> Result:
    """The national contract over the England of the folder of official files."""
    return worked.official(official_data)


@pytest.mark.parametrize("name", sorted(worked.mappings("CALIBRATIONS")))
def test_national_figure(name: str, shared: Path, priced: Result) -> None:
    example = {e["id"]: e for e in worked.read(shared)}[name]
    try:
        found = worked.work(example, priced)
    except worked.NoFile as lack:
        pytest.skip(f"NEEDS OFFICIAL DATA: {lack}")
    print(f"\n{name}: published {found.expected}, ours {found.ours}")
    if name in worked.UNMET:
        assert found.off
    else:
        assert not found.off, f"published {found.expected}, ours {found.ours}"
