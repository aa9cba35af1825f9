"""Best-of-N times, taken with the garbage collector out of the way."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any


def once(work: Callable[[], Any]) -> float:
    """Seconds of one call."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def best(work: Callable[[], Any], times: int = 15, budget: float = 15.0) -> float:
    """The least seconds of a call over up to `times` calls that fit in `budget` seconds."""
    begin, taken = time.perf_counter(), [once(work)]
    while len(taken) < times and time.perf_counter() - begin < budget:
        taken.append(once(work))
    return min(taken)
