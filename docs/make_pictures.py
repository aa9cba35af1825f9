"""The pictures of the tour, taken of the explorer as it is: `python docs/make_pictures.py` writes docs/pictures.

Needs Chromium (tools/chromium.sh) and the test extra. The pictures are of the synthetic England, and small.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

TO = Path(__file__).parent / "pictures"
WIDTH, HEIGHT = 1100, 760
QUALITY = 55
#: Each picture: its name, its address, and what is brought into view.
PICTURES = (
    ("home", "/", ""),
    ("search", "/search?q=synthetc+practise+12", ""),
    ("practice", "/practice/S00012?contract=at_your_service", ""),
    ("why", "/practice/S00012?contract=at_your_service", "#figure-why"),
    ("tree", "/practice/S00012?contract=at_your_service", ".tree"),
    ("compare", "/compare?show=winners", "section.part"),
    ("practices", "/practices?contract=at_your_service", ""),
    ("build", "/build?value=global_sum_price&way=raise&amount=5&practice=S00012", ""),
    ("outcome", "/build?value=global_sum_price&way=raise&amount=5&practice=S00012", "#what-it-does"),
    ("claims", "/claims", ""),
)


def main() -> None:
    """Start an explorer, take the pictures, stop it."""
    from playwright.sync_api import sync_playwright

    chromium = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if chromium is None:
        sys.exit("no Chromium here: run tools/chromium.sh")
    TO.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        running = subprocess.Popen(
            [sys.executable, "-m", "gpcontract", "serve", "--england", "synthetic", "--port", str(port)],
            env=os.environ | {"DATABASE_URL": f"sqlite:///{folder}/saved.sqlite3", "GPCONTRACT_LOG": "WARNING"},
        )
        try:
            _wait(f"http://127.0.0.1:{port}/health/ready")
            with sync_playwright() as playwright:
                sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
                for name, path, seen in PICTURES:
                    _take(page, f"http://127.0.0.1:{port}{path}", seen, TO / f"{name}.webp")
                browser.close()
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(40)


def _take(page: Any, address: str, seen: str, to: Path) -> None:
    page.goto(address)
    if seen == ".tree":  # a line opened, to its clause
        page.locator(".tree summary").first.click()
        page.wait_for_timeout(500)
    if seen:
        page.locator(seen).first.evaluate("e => e.scrollIntoView({block: 'start'})")
    made = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    to.write_bytes(base64.b64decode(made["data"]))
    print(f"{to.name}: {to.stat().st_size / 1000:.0f} kB")


def _wait(address: str) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("the explorer did not begin")


if __name__ == "__main__":
    main()
