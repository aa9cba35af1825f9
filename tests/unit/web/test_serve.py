"""`gpcontract serve` as a person starts it: it says when it is ready, forks, and lets open answers finish when it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("gunicorn")
PATIENCE = 120  # seconds until it must be ready


def test_it_begins_answers_and_ends(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", tmp_path / "log.txt"
    command = [
        sys.executable,
        "-m",
        "gpcontract",
        "serve",
        "--england",
        "synthetic",
        "--port",
        str(port),
        "--processes",
        "2",
    ]
    with log.open("w") as out:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'saved.sqlite3'}"}
        server = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
        try:
            until = time.monotonic() + PATIENCE
            while f"http://localhost:{port}/" not in log.read_text():
                assert server.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            assert b'"ready"' in urllib.request.urlopen(f"{address}/health/ready", timeout=60).read()
            answers: list[int] = []
            asking = threading.Thread(
                target=lambda: answers.append(
                    urllib.request.urlopen(f"{address}/contract/hewitt_review", timeout=60).status
                )
            )
            asking.start()
            time.sleep(0.05)  # so that the request is open
            server.send_signal(signal.SIGTERM)
            asking.join(60)
            assert answers == [200]
            assert server.wait(60) == 0
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
    assert "Traceback" not in log.read_text()
