"""Random numbers of the years ahead: each depends only on (seed, purpose, draw, year, practice), never on the order of calls.

A counter is hashed, in whole-number operations that NumPy and JAX do alike, to the bit. So contracts share their luck, a
block of draws is the same wherever and whenever it is worked out, and a practice has the same luck in every England that has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.arrays import namespace

Keys = npt.NDArray[np.uint64]
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB  # multipliers of the splitmix64 finaliser
STEP = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: spreads counters


def key(*words: str | int) -> int:
    """A 64-bit key of some words."""
    said = "\x1f".join(str(w) for w in words).encode()
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "little")


def keys(words: Sequence[str]) -> Keys:
    """One key for each word: practices by their code, networks by theirs."""
    return np.array([key(w) for w in words], dtype=np.uint64)


def luck(seed: int, purpose: str, draws: Any, year: int) -> Any:
    """What a purpose adds to every practice's key in a year, one for each draw: (draw, 1)."""
    xp = namespace(draws)
    counters = xp.asarray(draws, dtype=xp.uint64) * xp.asarray(STEP, dtype=xp.uint64)
    return _mixed(counters + xp.asarray(key(seed, purpose, year), dtype=xp.uint64))[:, None]


def uniform(luck: Any, keys: Any) -> Any:
    """Numbers in (0, 1): (draw, 1) and (practice,) -> (draw, practice)."""
    mixed = _mixed(luck + keys)
    return (mixed >> 11).astype("float64") * 2.0**-53 + 2.0**-54


def _mixed(x: Any) -> Any:
    """A bijection of 64-bit words whose every output bit depends on every input bit (splitmix64's finaliser)."""
    xp = namespace(x)
    x = (x ^ (x >> 30)) * xp.asarray(FIRST, dtype=xp.uint64)
    x = (x ^ (x >> 27)) * xp.asarray(SECOND, dtype=xp.uint64)
    return x ^ (x >> 31)
