"""What a scanner of insecure code finds (bandit's rules, by ruff): nothing but what was looked at, each with its reason."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "gpcontract"
EVERYWHERE = {
    "S101": "an assert says what the type checker is to know; no check of what comes from outside rests on one",
    "S311": "luck of simulations and of waiting times is no secret",
}
LOOKED_AT = {
    ("report/document.py", "S704"): "a chart made here, with its words escaped",
    ("web/environment.py", "S701"): "Django switches escaping on, and test_build saves a title with a tag in it",
    ("web/environment.py", "S704"): "a swatch made here, of no words",
    ("web/scatter.py", "S704"): "a chart made here, with names escaped",
    ("web/tree.py", "S704"): "a list made here, with its words escaped",
    ("web/beside.py", "S603"): "this package's own modules, with the folder that the server was started on",
    ("web/serve.py", "S104"): "the name is compared, and bound to only where whoever starts the server asks for it",
}


def test_a_scanner_finds_nothing_that_was_not_looked_at() -> None:
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("NEEDS RUFF: pip install 'gpcontract[dev]'")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "S", "--output-format", "json", str(PACKAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {
        (Path(f["filename"]).relative_to(PACKAGE).as_posix(), f["code"])
        for f in json.loads(done.stdout)
        if f["code"] not in EVERYWHERE
    }
    assert found - LOOKED_AT.keys() == set()
    assert LOOKED_AT.keys() - found == set()  # a reason for what is no longer there
