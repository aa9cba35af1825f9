"""What every method asks of its inputs: numbers within bounds, or an error that names the one that is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError

Array = npt.NDArray[np.float64]


def numbers(x: npt.ArrayLike, name: str, low: float = -np.inf, high: float = np.inf, above: float = -np.inf) -> Array:
    """Numbers as float64, none below `low`, above `high`, or at or below `above`; NaN (not known) passes.

    >>> numbers([1, 2], "lists", low=0)
    array([1., 2.])
    """
    try:
        found = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InputError(f"{name}: not numbers") from problem
    outside = (found < low) | (found > high) | (found <= above)
    if outside.any():
        worst = np.extract(outside, found)[0]
        bounds = [f"more than {above:g}"] if above > -np.inf else []
        bounds += [f"at least {low:g}"] if low > -np.inf else []
        bounds += [f"at most {high:g}"] if high < np.inf else []
        raise InputError(f"{name} is {worst:g}", expected=" and ".join(bounds))
    return found


def share(x: npt.ArrayLike, name: str) -> Array:
    """A share or a probability, 0 to 1."""
    return numbers(x, name, low=0, high=1)


def whole(x: npt.ArrayLike, name: str, low: float = 0) -> Array:
    """Counts: whole numbers, none below `low`; NaN passes."""
    found = numbers(x, name, low=low)
    if (np.floor(found) < found).any():
        raise InputError(f"{name} has a part of one", expected="whole numbers")
    return found


def rows(table: Any) -> list[Any]:
    """The entries of a table, whose first axis they are: plain numbers, or arrays that broadcast with the rest."""
    return [table[i, ...] for i in range(table.shape[0])] if hasattr(table, "shape") else list(table)


def same_length(**tables: Any) -> None:
    """Raise unless tables have one entry each for the same bands."""
    lengths = {name: len(rows(t)) for name, t in tables.items()}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        raise InputError(
            "tables of unlike length: " + ", ".join(f"{k} has {n}" for k, n in lengths.items()),
            expected="one entry each for every band",
        )
