"""Claims about years ahead: their runs take minutes, so they are worked out in a process of their own and kept on disk."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from ..england.facts import England
from ..findings.claims import Answer, Input, Swing, World
from ..futures import claims as forward
from .ondisk import kept, read, write

PATIENCE = 3_600  # seconds after which a run of all of them is given up


def answers(where: str, england: England, year: int) -> dict[str, Answer]:
    """Every claim about years ahead, answered for an England and a year; an error where the process that does it fails."""
    path = kept(england, f"onward-{year}")
    found = read(path)
    if found is None:
        command = [sys.executable, "-m", __name__, where, str(year)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        atexit.register(child.kill)  # it does not outlive whoever asked
        try:
            said, wrong = child.communicate(timeout=PATIENCE)
        finally:
            child.kill()
            atexit.unregister(child.kill)
        if child.returncode:
            raise RuntimeError(f"claims about years ahead failed: {wrong[-500:]}")
        found = json.loads(said)
        write(path, found)
    return {body["claim"]: answer(body, year) for body in found}


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


def main(where: str, year: int) -> None:
    """Answer them all, and print them as JSON: what the process of its own does."""
    from .desk import england_named
    from .names import readable

    os.nice(10)
    found = forward.answer_all(forward.Ahead(World(readable(england_named(where)), year)))
    print(json.dumps([a.to_dict() for a in found]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
