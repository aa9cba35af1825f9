"""Draws: possible worlds with common random numbers. Draw 0 is the central estimate.

A random number depends only on (seed, name, and what it is for), never on the order of calls, so a reform and its
baseline share their luck.
"""

from __future__ import annotations

import hashlib
from copy import copy

import numpy as np
import numpy.typing as npt

from .edits import ValueEdit
from .errors import InputError
from .values import Value


def stream(seed: int, *key: str | int) -> np.random.Generator:
    """A generator for one purpose: the same seed and key always give the same numbers."""
    digest = hashlib.sha256("\x1f".join(str(k) for k in (seed, *key)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def uniform(seed: int, draws: int, *key: str | int) -> npt.NDArray[np.float64]:
    """`draws` numbers in (0, 1), the first of them 0.5 (the central draw)."""
    u = stream(seed, *key).random(draws)
    u[0] = 0.5
    return u


def triangular(u: npt.NDArray[np.float64], low: float, mode: float, high: float) -> npt.NDArray[np.float64]:
    """Quantiles of a triangle from low to high whose peak is the stated value."""
    if high <= low:
        return np.full_like(u, mode)
    cut = (mode - low) / (high - low)
    left = low + np.sqrt(np.maximum(u * (high - low) * (mode - low), 0))
    right = high - np.sqrt(np.maximum((1 - u) * (high - low) * (high - mode), 0))
    return np.where(u < cut, left, right)


def drawn(
    value: Value, years: tuple[int, ...], draws: int = 1, seed: int = 1, missing: float | None = None
) -> npt.NDArray[np.float64]:
    """A value's yearly figures in each draw, shaped (*keys, draw, year, 1).

    Only entries with a range vary, each by one number shared by all its years; the rest are the same in every draw.
    A table's range is a multiple of its entries: low and high apply to a factor around 1.
    """
    if draws < 1:
        raise InputError(f"{draws} draws cannot be made", expected="1 (the central estimate) or more")
    central = value.yearly(years, missing)
    if draws == 1 or not any(e.range for e in value.entries):
        return central
    out = np.repeat(central, draws, axis=-3)
    for entry in value.entries:
        if entry.range is None or entry.status == "superseded":
            continue
        u = uniform(seed, draws, value.name, entry.first.isoformat())
        mode = 1.0 if value.shape else float(entry.value)
        change = triangular(u, entry.range[0], mode, entry.range[1]) - mode
        change[0] = 0.0
        for i, year in enumerate(years):
            share = sum(s for e, s in value.shares(year) if e is entry)
            if share:
                scale = np.asarray(entry.value)[..., None] if value.shape else 1.0
                out[..., :, i, 0] += share * change * scale
    return out


def drawn_edit(edit: ValueEdit, draws: int, seed: int) -> ValueEdit:
    """An edit whose amount varies within its range, (draw, 1, 1); the same edit where it has none."""
    if draws == 1 or edit.range is None:
        return edit
    u = uniform(seed, draws, "edit", edit.target, edit.years or "")
    amounts = triangular(u, edit.range[0], edit.amount, edit.range[1])
    amounts[0] = edit.amount
    made = copy(edit)
    object.__setattr__(made, "amount", amounts[:, None, None])
    return made
