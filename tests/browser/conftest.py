"""One server on the synthetic England, and one Chromium, for all tests in a browser; a loud skip where either cannot be had."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).parents[2]
NAMES = (os.environ.get("GPCONTRACT_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
PATIENCE = 90  # seconds that a server has to begin


@pytest.fixture(scope="package")
def chromium() -> str:
    """Where Chromium is, or a loud skip."""
    pytest.importorskip("playwright", reason="NEEDS PLAYWRIGHT: pip install 'gpcontract[test]'")
    found = next((path for name in NAMES if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("NEEDS CHROMIUM: run tools/chromium.sh, or set GPCONTRACT_CHROMIUM")
    return found


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[str]:
    """The address of an explorer that `gpcontract serve` runs, as a person would start it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("explorer")
    told = folder / "log.txt"
    with told.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gpcontract", "serve", "--england", "synthetic", "--port", str(port)],
            stdout=log,
            stderr=log,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{folder / 'saved.sqlite3'}", "GPCONTRACT_CACHE": str(folder)},
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, server, told)
            urllib.request.urlopen(f"{address}/ahead?contract=national&years=5", timeout=60).close()  # begins
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    assert "Traceback" not in told.read_text(), told.read_text()[-3000:]


def _wait(address: str, server: subprocess.Popen, told: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the server stopped: {told.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server was not ready within {PATIENCE} seconds: {told.read_text()[-2000:]}")


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Any]:
    """One Chromium for all tests."""
    from playwright.sync_api import sync_playwright

    options = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, base: str) -> Iterator[Any]:
    """A fresh window at a desk's width; relative addresses are the explorer's."""
    context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def saved(base: str) -> str:
    """The hash of a reform that is saved as the form saves it."""
    form = {"value": "global_sum_price", "way": "raise", "amount": "5", "title": "Five per cent on the price"}
    asked = urllib.request.Request(f"{base}/build/save", urllib.parse.urlencode(form).encode())
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status == 200
        return str(answer.url).rsplit("/", 1)[1]


@pytest.fixture(scope="package")
def ran(base: str) -> None:
    """The years ahead that the server has begun are worked out."""
    end = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{base}/ahead.json?contract=national&years=5", timeout=60) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    pytest.fail("the years ahead were not worked out")


@pytest.fixture(scope="package")
def pictures() -> Path:
    """Where screenshots go: kept by those who run the tests, not committed."""
    folder = REPO / "out" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
