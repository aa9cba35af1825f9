"""Moves: what practices that end leave behind goes to their neighbours, and nothing is lost on the way but by name.

Holdings are stacked, (row, draw, practice): patients by band, then people and buildings. A practice that is merged or taken over goes
whole to one neighbour; one that closes is dispersed: patients by distance and room, part of its people with them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import namespace
from .places import Places
from .survival import Ends

OWN_NETWORK = 4.0  # how much rather a practice joins one of its own network: a weight, of which nothing is published


class Moved(NamedTuple):
    """Holdings after the moves. left: of each row, what went to no neighbour, (row, draw); arrived: patients who came to each practice."""

    held: Any
    left: Any
    arrived: Any


def move(
    held: Any, ends: Ends, open_: Any, room: Any, pull: Any, places: Places, central: Any, kept: Any, bands: int
) -> Moved:
    """Holdings after some practices ended.

    open_: what is left of each practice after the ends.  room: how many patients each could take, (draw, practice).  pull: how
    strongly each neighbour draws by distance, (draw or 1, practice, neighbour).  kept: the part of each row that follows
    the patients when a practice closes, (row, draw).  bands: how many rows are patients.  A place whose neighbours have all
    ended too is placed by its board, over all its open practices.
    """
    if namespace(held) is not np:
        from . import dense

        return dense.move(held, ends, open_, room, pull, places, central, kept, bands)
    draws, practices = open_.shape
    d, p = np.nonzero(ends.all)
    if not len(d):
        return Moved(held, np.zeros((len(held), draws)), np.zeros_like(open_))
    amounts = held[:, d, p]
    near = places.neighbour[p]
    by_merger, by_closure = _shares(ends, d, p, near, open_, room, pull, places, central)
    placed = by_merger.any(-1)
    merged, closed = ends.merged[d, p], ends.closed[d, p]
    by_merger *= merged[:, None]
    by_closure *= closed[:, None]
    i, k = np.nonzero(by_merger + by_closure)
    target, at = np.unique(d[i] * practices + near[i, k], return_inverse=True)
    come = amounts[:, i] * (by_merger[i, k] + by_closure[i, k] * kept[:, d[i]])
    made = held * (1.0 - ends.all)
    flat = made.reshape(len(held), -1)
    inflow = np.stack([np.bincount(at, weights=row, minlength=len(target)) for row in come])
    flat[:, target] += inflow
    arrived = np.zeros(draws * practices)
    arrived[target] = inflow[:bands].sum(0)
    lost = amounts * (merged + closed) - amounts * (merged + closed * kept[:, d]) * placed
    lost[:bands, ~placed] = 0.0
    left = np.stack([np.bincount(d, weights=row, minlength=draws) for row in lost])
    for j in np.flatnonzero(~placed):
        _by_board(made[:, d[j]], amounts[:bands, j] * ends.all[d[j], p[j]], open_[d[j]], places.board, p[j], bands)
    return Moved(made, left, arrived.reshape(draws, practices))


def _shares(
    ends: Ends,
    d: np.ndarray,
    p: np.ndarray,
    near: np.ndarray,
    open_: Any,
    room: Any,
    pull: Any,
    places: Places,
    central: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Parts of each practice that ends which go to each neighbour: if it is merged, and if it closes; 0 where none is open."""
    drawn = pull[d if len(pull) > 1 else np.zeros_like(d), p] * open_[d[:, None], near]
    whole = np.cumsum(drawn * np.where(places.same_network[p], OWN_NETWORK, 1.0), -1)
    total = whole[:, -1:]
    safe = np.where(total > 0, total, 1.0)
    expected = np.diff(whole, axis=-1, prepend=0.0) / safe
    one = (whole > ends.chooser[d, p][:, None] * total).argmax(-1)  # the first whose running sum passes the number
    chosen = (np.arange(near.shape[1]) == one[:, None]) & (total > 0)
    is_central = central[d]
    by_merger = is_central * expected + (1.0 - is_central) * chosen
    wide = drawn * np.maximum(room[d[:, None], near], 1e-9)
    sums = wide.sum(-1, keepdims=True)
    return by_merger, wide / np.where(sums > 0, sums, 1.0)


def _by_board(
    held: np.ndarray, patients: np.ndarray, open_: np.ndarray, board: np.ndarray, own: int, bands: int
) -> None:
    """Place patients over the open practices of a board, or of England where it has none left, by what each has already."""
    there = (board == board[own]) & (open_ > 0)
    there = there if there.any() else open_ > 0
    lists = held[:bands, there].sum(0)
    held[:bands, there] += patients[:, None] * (lists / lists.sum())
