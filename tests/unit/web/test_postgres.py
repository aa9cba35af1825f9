"""What is saved in PostgreSQL: tables made, and the same edits saved on two contracts, in a database of the test's own.

Where the server is: GPCONTRACT_POSTGRES, or the usual place of a server on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

SERVER = os.environ.get("GPCONTRACT_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
SCRIPT = """
from gpcontract.web.setup import ready
ready()
from gpcontract.engine.edits import Reform, Scale
from gpcontract.web.serve import store as tables
from gpcontract.web.store import save, saved
tables()
tables()  # what is there stays
five = Reform.of(Scale("global_sum_price", 1.05))
for base in ("national", "hewitt_review", "national"):
    save(five, base, f"On {base}")
print(saved(five.hash).title, saved(five.hash, "hewitt_review").title, sep=" | ")
"""


@pytest.fixture
def database() -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg", reason="NEEDS PSYCOPG: pip install 'gpcontract[postgres]'")
    name = f"gpcontract_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"NEEDS POSTGRESQL: set GPCONTRACT_POSTGRES ({str(error).splitlines()[0][:80]})")
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_reforms_are_kept_in_postgresql(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=os.environ | {"DATABASE_URL": database}, capture_output=True, text=True, timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "On national | On hewitt_review"
