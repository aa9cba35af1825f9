"""Every page at the width of a desk and at 320 pixels (400% zoom): no fault that axe knows, nothing sideways, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .places import PAGES, STATUS
from .watching import NARROW, WIDE, Seen, look

LARGEST = 300_000  # bytes that a page and all it loads may come to, with nothing kept from before
STEADY = 0.05  # half of what is called good: a table of hundreds of rows settles as it is read, where a machine is slow
EVERY = [(name, width) for name in PAGES for width in (WIDE, NARROW)]


@pytest.fixture(scope="module", params=EVERY, ids=lambda p: f"{p[0]} {p[1]}")
def seen(request: pytest.FixtureRequest, browser: Any, base: str, saved: str, pictures: Path) -> Iterator[Seen]:
    """One page as the browser saw it; opened once for all tests here."""
    name, width = request.param
    if name == "years ahead":
        request.getfixturevalue("ran")
    context = browser.new_context(reduced_motion="reduce")
    yield look(context, base, name, PAGES[name].replace("SAVED", saved), width, pictures)
    context.close()


def test_it_opens(seen: Seen) -> None:
    assert seen.status == STATUS.get(seen.name, 200)
    assert seen.title.endswith("– gpcontract explorer")


def test_axe_finds_no_fault(seen: Seen) -> None:
    assert seen.faults == []


def test_it_does_not_scroll_sideways(seen: Seen) -> None:
    assert (seen.sideways, seen.sticking_out) == (0, [])


def test_nothing_is_asked_of_another_host(seen: Seen) -> None:
    assert seen.strangers == []


def test_all_that_it_asks_for_comes_and_no_script_fails(seen: Seen) -> None:
    assert (seen.failed, seen.said) == ([], [])


def test_it_is_small(seen: Seen) -> None:
    assert 0 < seen.bytes < LARGEST


def test_nothing_moves_while_it_loads(seen: Seen) -> None:
    assert seen.shift < STEADY


def test_it_sets_no_cookie(seen: Seen) -> None:
    assert seen.cookies == 0
