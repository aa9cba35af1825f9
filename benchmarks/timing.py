"""Best-of-N times, taken with the garbage collector out of the way."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any


def best(work: Callable[[], Any], times: int = 15, budget: float = 15.0) -> float:
    """The least seconds of a call over up to `times` calls that fit in `budget` seconds."""
    least = float("inf")
    gc.collect()
    gc.disable()
    try:
        begin = time.perf_counter()
        for _ in range(times):
            start = time.perf_counter()
            work()
            now = time.perf_counter()
            least = min(least, now - start)
            if now - begin > budget:
                break
    finally:
        gc.enable()
    return least
