"""Memory of a process that works out many draws: what is freed is kept at hand, and not given back and asked for again."""

from __future__ import annotations

import ctypes
import sys

TRIM, PAD, MAPPED = -1, -2, -3  # parameters of the C library's mallopt
AT_HAND = 1 << 28  # bytes


def hold() -> bool:
    """Keep freed memory in the process from here on, where its C library can; whether it does.

    Arrays of a step are some hundreds of kilobytes, which the system would else map, clear and unmap again for each of them: a third
    of a run's time. For processes that do nothing else.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        told = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # a C library that has none
        return False
    return all([told(MAPPED, 1 << 30), told(TRIM, (1 << 31) - 1), told(PAD, AT_HAND)])
