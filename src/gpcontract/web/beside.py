"""What takes minutes is worked out in a process of its own beside the pages, and kept on disk: the check, and claims about years ahead."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ..england.facts import England
from ..findings import reconciliation
from ..findings.claims import Answer, Input, Swing, World
from ..futures import claims as forward
from .ondisk import kept, read, write

PATIENCE = 3_600  # seconds after which a process is given up


def made(what: str, where: str, england: England, year: int) -> Any:
    """What one of JOBS gives for an England and a year, as plain data; an error where its process fails."""
    path = kept(england, f"{what}-{year}")
    found = read(path)
    if found is None:
        child = subprocess.Popen(
            [sys.executable, "-m", __name__, what, where, str(year)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        atexit.register(child.kill)  # it does not outlive whoever asked
        try:
            said, wrong = child.communicate(timeout=PATIENCE)
        finally:
            child.kill()
            atexit.unregister(child.kill)
        if child.returncode:
            raise RuntimeError(f"{what} failed: {wrong[-500:]}")
        found = json.loads(said)
        write(path, found)
    return found


def answers(where: str, england: England, year: int) -> dict[str, Answer]:
    """Every claim about years ahead, answered for an England and a year."""
    return {body["claim"]: answer(body, year) for body in made("onward", where, england, year)}


def answer(body: Mapping[str, Any], year: int) -> Answer:
    """An answer from its plain data."""
    inputs = tuple(Input(**{**i, "range": tuple(i["range"]) if i["range"] else None}) for i in body["inputs"])
    same = ("england", "verdict", "why", "value", "low", "high", "reading", "spread", "also", "likelihood")
    return Answer(
        forward.forward_of(body["claim"]).claim,
        year=year,
        inputs=inputs,
        swings=tuple(Swing(**s) for s in body["swings"]),
        **{k: body[k] for k in same},
    )


def _check(england: England, year: int) -> Any:
    found = reconciliation.check(england)
    return {"rows": found.tested, "notes": list(found.notes)}


def _onward(england: England, year: int) -> Any:
    return [a.to_dict() for a in forward.answer_all(forward.Ahead(World(england, year)))]


JOBS: dict[str, Callable[[England, int], Any]] = {"check": _check, "onward": _onward}


def main(what: str, where: str, year: int) -> None:
    """Do one of JOBS, and print what it gives as JSON."""
    from .desk import england_named
    from .names import readable

    os.nice(10)
    print(json.dumps(JOBS[what](readable(england_named(where)), year)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
