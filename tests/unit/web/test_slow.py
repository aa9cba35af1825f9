"""What takes long is made beside the pages: they say so until it is there, and what failed is made anew."""

from __future__ import annotations

import gc
import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gpcontract.findings.claims import World
from gpcontract.futures import claims as forward
from gpcontract.web import beside, environment, ondisk
from gpcontract.web.caches import Kept, Later, settle
from gpcontract.web.desk import Desk


def until(made: Callable[[], Any]) -> Any:
    """What comes in the end."""
    end = time.monotonic() + 60
    while (found := made()) is None:
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def test_later_is_none_and_then_what_was_made() -> None:
    go, later = threading.Event(), Later()

    def make() -> str:
        go.wait(60)
        return "made"

    assert later.get("a", make) is None
    go.set()
    assert until(lambda: later.get("a", make)) == "made"


def test_what_failed_is_told_and_made_anew() -> None:
    later, tries = Later(), []

    def make() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("broken")
        return "made"

    with pytest.raises(RuntimeError, match="broken"):
        until(lambda: later.get("a", make))
    assert until(lambda: later.get("a", make)) == "made"


def test_kept_things_are_made_once_by_many_and_the_oldest_goes() -> None:
    kept, made = Kept(2), []

    def make(x: int) -> int:
        time.sleep(0.02)
        made.append(x)
        return x

    threads = [threading.Thread(target=lambda: kept.get("a", lambda: make(1))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert made == [1]
    assert [kept.get(k, lambda: make(2)) for k in ("b", "a", "c")] == [2, 1, 2]
    assert len(kept) == 2
    kept.get("b", lambda: make(3))
    assert made[-1] == 3  # b was read longest ago


def test_a_claim_about_years_ahead_survives_being_kept(desk: Desk) -> None:
    made = forward.answer("training-beats-funding", forward.Ahead(World(desk.england, 2024), 0))
    again = beside.answer(json.loads(json.dumps(made.to_dict())), 2024)
    assert again.to_dict() == made.to_dict()


def test_what_is_kept_is_of_one_england_and_damage_is_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path))
    path = ondisk.kept(desk.england, "check")
    ondisk.write(path, {"rows": []})
    assert ondisk.read(path) == {"rows": []}
    path.write_text("{", encoding="utf-8")
    assert ondisk.read(path) is None
    assert ondisk.kept(replace(desk.england, title="another"), "check") != path


def test_assumed_figures_are_moved_in_the_end(client: Client) -> None:
    first = client.get("/assumptions.json?contract=hewitt_review").json()
    assert first["tables"][-1]["name"] == "assumptions"
    page = until(
        lambda: ((p := client.get("/assumptions.json?contract=hewitt_review").json())["complete"] and p) or None
    )
    assert {t["name"] for t in page["tables"]} == {"assumed_hewitt_review", "assumptions"}


def test_what_has_settled_is_not_looked_through(desk: Desk) -> None:
    gc.disable()
    try:
        settle()
        assert gc.isenabled() and gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
        gc.enable()


def test_every_template_can_be_read(desk: Desk) -> None:
    environment.read_all()
