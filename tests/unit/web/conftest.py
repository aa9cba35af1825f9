"""One explorer over a synthetic England for all tests of pages; its store is in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpcontract.web.setup import ready

ready()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from gpcontract import England  # noqa: E402
from gpcontract.web import desk as room  # noqa: E402
from gpcontract.web import runs  # noqa: E402

YEARS = (2021, 2022, 2023, 2024)


@pytest.fixture(scope="session")
def desk() -> Iterator[room.Desk]:
    """The desk that pages read."""
    call_command("migrate", verbosity=0, interactive=False)
    made = room.Desk(England.synthetic(1, YEARS))
    room.sit(made)
    yield made
    room.sit(None)


@pytest.fixture(scope="session", autouse=True)
def no_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs of the years ahead wait on a shelf of the tests' own, and no process works them."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "shelf", lambda: folder)
        patch.setattr(runs, "begin", lambda: None)
        yield


@pytest.fixture(scope="session")
def code(desk: room.Desk) -> str:
    """A practice that is open in the year shown."""
    return desk.frame(desk.year).codes[100]


@pytest.fixture
def client(desk: room.Desk) -> Client:
    """A browser without scripts. What fails in a page is a page too, as it is for readers."""
    return Client(SERVER_NAME="localhost", raise_request_exception=False)
