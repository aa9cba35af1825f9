"""Spending a fund down a queue: who is reached before it runs out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..engine.arrays import namespace
from .inputs import Array, numbers


def share_met(cost: npt.ArrayLike, place: npt.ArrayLike, fund: npt.ArrayLike) -> Array:
    """The share of each cost that a fund meets when it is spent in order of place, lowest first: 1, part of one, then 0.

    Shaped (..., queue); fund is one figure for each queue, with a last axis of 1. Those of equal place share alike what is left.

    >>> share_met([2.0, 2.0, 2.0], [3, 1, 1], [3.0])
    array([0.  , 0.75, 0.75])
    """
    c, order, left = numbers(cost, "cost", low=0), numbers(place, "place"), numbers(fund, "fund", low=0)
    shape = np.broadcast_shapes(c.shape, order.shape, left.shape)
    c, order = np.broadcast_to(c, shape), np.broadcast_to(order, shape)
    at = np.argsort(order, axis=-1, kind="stable")
    ranked = np.take_along_axis(order, at, -1)
    spent = np.cumsum(np.take_along_axis(c, at, -1), -1)
    end = np.ones((*shape[:-1], 1), bool)
    new = ranked[..., 1:] != ranked[..., :-1]  # where the next place in the queue begins
    before = np.concatenate([np.zeros((*shape[:-1], 1)), spent[..., :-1]], -1)
    front = np.maximum.accumulate(np.where(np.concatenate([end, new], -1), before, -np.inf), -1)
    back = np.where(np.concatenate([new, end], -1), spent, np.inf)
    place_cost = np.minimum.accumulate(back[..., ::-1], -1)[..., ::-1] - front
    some = place_cost > 0
    met = np.where(some, np.clip((left - front) / np.where(some, place_cost, 1.0), 0.0, 1.0), 0.0)
    made = np.empty(shape)
    np.put_along_axis(made, at, met, -1)
    plain = all(isinstance(x, (np.ndarray, list, tuple, int, float)) for x in (cost, place, fund))
    return made if plain else namespace(cost).asarray(made)  # in the library of what was given
