"""The few array functions that rules may use, over any array library (NumPy, JAX, a strict reference) or plain numbers.

Rules import `where`, `minimum` and the like from here, so that one text of a rule runs on every backend.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def namespace(*xs: Any) -> Any:
    """The array library of the first argument that has one; NumPy for plain numbers."""
    for x in xs:
        if type(x) is np.ndarray:
            return np
        space = getattr(x, "__array_namespace__", None)
        if space is not None:
            return space()
    return np


def _alike(xp: Any, *xs: Any) -> tuple[Any, ...]:
    """Plain numbers as arrays of the library, which strict libraries ask for."""
    return xs if xp is np else tuple(x if hasattr(x, "__array_namespace__") else xp.asarray(float(x)) for x in xs)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, else `no`."""
    xp = namespace(condition, yes, no)
    return xp.where(condition, *_alike(xp, yes, no))


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two."""
    xp = namespace(a, b)
    return xp.minimum(*_alike(xp, a, b))


def maximum(a: Any, b: Any) -> Any:
    """The larger of two."""
    xp = namespace(a, b)
    return xp.maximum(*_alike(xp, a, b))


def clip(x: Any, low: Any, high: Any) -> Any:
    """x, but no less than low and no more than high."""
    if type(x) is np.ndarray:
        return np.clip(x, low, high)  # one pass over x, not two
    return minimum(maximum(x, low), high)


def sqrt(x: Any) -> Any:
    """The square root."""
    return namespace(x).sqrt(x)


def isnan(x: Any) -> Any:
    """Whether a number is not known (not published for this practice and year)."""
    return namespace(x).isnan(x)


def first_known(a: Any, b: Any) -> Any:
    """a where it is known, else b."""
    return where(isnan(a), b, a)


def ratio(a: Any, b: Any) -> Any:
    """a / b, and 0 where b is 0 (a practice that is not open has no ratio)."""
    zero = b == 0
    return where(zero, 0.0, a / where(zero, 1.0, b))


def weighted_sum(x: Any, weights: Any) -> Any:
    """The sum over the first axis (bands, indicators) of x times its weights: (band, ...) -> (...)."""
    xp = namespace(x, weights)
    if xp is np:
        return np.einsum("b...,b...->...", x, weights)  # no array of all bands is made on the way
    return xp.sum(x * weights, axis=0)


def concat_years(parts: list[Any]) -> Any:
    """Pieces of one quantity joined along the year axis (the last but one), broadcast over the other axes."""
    xp = namespace(*parts)
    if len({(*p.shape[:-2], p.shape[-1]) for p in parts}) > 1:
        (*lead,) = np.broadcast_shapes(*(p.shape[:-2] for p in parts))
        last = max(p.shape[-1] for p in parts)
        parts = [xp.broadcast_to(p, (*lead, p.shape[-2], last)) for p in parts]
    return np.concatenate(parts, -2) if xp is np else xp.concat(parts, axis=-2)


def full_like_years(value: float, years: int, like: Any = None) -> Any:
    """A constant shaped (1, years, 1)."""
    xp = np if like is None else namespace(like)
    return xp.zeros((1, years, 1), dtype=xp.float64) + value
