"""Moves: what practices that end leave behind goes to their neighbours, and nothing is lost on the way but by name.

A practice that is merged or taken over goes whole to one neighbour; one that closes is dispersed: patients by distance and room, part of
its staff with them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import namespace
from .places import Places
from .survival import Ends

OWN_NETWORK = 4.0  # how much rather a practice joins one of its own network: a weight, of which nothing is published


class Held(NamedTuple):
    """What practices hold. bands: patients, (draw, band, practice).  The rest is (draw, practice): partners in heads, salaried GPs, nurses,
    direct care and administrative staff in full-time equivalents, and pounds a year that come with surgeries.
    """

    bands: Any
    partners: Any
    salaried: Any
    nurses: Any
    direct_care: Any
    admin: Any
    surgery: Any

    @property
    def rest(self) -> tuple[Any, ...]:
        """All but the patients."""
        return self[1:]

    @property
    def team(self) -> tuple[Any, Any, Any]:
        """Staff who are not GPs."""
        return self.nurses, self.direct_care, self.admin


class Moved(NamedTuple):
    """Holdings after the moves. left: partners whom a closure leaves without a practice, heads, (draw,).  arrived: patients who came to each
    practice from closures.  patients: whom it has then, (draw, practice).
    """

    held: Held
    left: Any
    arrived: Any
    patients: Any


class Room(NamedTuple):
    """How many patients each practice could take, (draw, practice): as many as it has, fewer where contacts asked for run over.

    strain: log of contacts asked for over those that people can give, England's at the start 0.
    """

    patients: Any
    strain: Any

    def at(self, where: Any) -> Any:
        """Of some practices."""
        xp = namespace(self.strain)
        over = self.strain[where]
        return self.patients[where] * xp.where(over > 0.0, xp.exp(0.0 - over), 1.0)


def move(
    held: Held, ends: Ends, open_: Any, room: Room, halving: Any, places: Places, central: Any, kept: Any
) -> Moved:
    """Holdings after some practices ended; the arrays given are used up.

    open_: what is left of each practice after the ends.  room: what each could take.  halving: km
    at which half as many go to a neighbour, (draw or 1, 1).  kept: the part of staff who follow the patients when a practice closes,
    (draw or 1, 1).  A place whose neighbours have all ended too is placed by its board, over all its open practices.
    """
    if namespace(open_) is not np:
        from . import dense

        return dense.move(held, ends, open_, room, halving, places, central, kept)
    draws, practices = open_.shape
    d, p = np.divmod(np.flatnonzero(ends.all), practices)
    arrived, left, lists = np.zeros_like(open_), np.zeros(draws), room.patients
    if not len(d):
        return Moved(held, left, arrived, lists)
    near = places.neighbour[p]
    by_merger, by_closure = _shares(ends, d, p, near, open_, room, halving, places, central)
    placed = by_merger.any(-1)
    merged, closed = ends.merged[d, p], ends.closed[d, p]
    by_merger *= merged[:, None]
    by_closure *= closed[:, None]
    i, k = np.nonzero(by_merger + by_closure)
    at = d[i] * practices + near[i, k]
    if len(at) < draws * practices / 4:
        target, at = np.unique(at, return_inverse=True)
    else:  # as in draw 0, where parts of all practices end
        target = np.arange(draws * practices)
    td, tp = target // practices, target % practices
    joins, comes = by_merger[i, k], by_closure[i, k]

    def into(amounts: np.ndarray, share: np.ndarray) -> np.ndarray:
        return np.bincount(at, weights=amounts[i] * share, minlength=len(target))

    patients, stays = held.bands[d, :, p], 1.0 - merged - closed
    held.bands[d, :, p] = patients * stays[:, None]
    held.bands[td, :, tp] += np.stack([into(x, joins + comes) for x in patients.T], -1)
    whole = patients.sum(-1)
    arrived[td, tp] = into(whole, comes)
    lists = lists.copy()
    lists[d, p] = whole * stays
    lists[td, tp] += into(whole, joins + comes)
    staff = np.broadcast_to(kept[:, 0], (draws,))[d[i]]
    follows = (0.0, staff, staff, staff, staff, 0.0)  # partners and surgeries do not follow a closure
    for x, follow in zip(held.rest, follows, strict=True):
        amounts = x[d, p]
        x[d, p] = amounts * stays
        x[td, tp] += into(amounts, joins + comes * follow)
        if x is held.partners:
            left = np.bincount(d, weights=amounts * (closed + merged * ~placed), minlength=draws)
    lost = [(_of_board(open_[d[j]], places.board, p[j]), j) for j in np.flatnonzero(~placed)]
    for there, j in sorted(
        lost, key=lambda x: not x[0].any()
    ):  # over England once boards have theirs: no order of places counts
        _by_board(held.bands[d[j]], patients[j] * (1.0 - stays[j]), there if there.any() else open_[d[j]] > 0)
        lists[d[j]] = held.bands[d[j]].sum(0)
    return Moved(held, left, arrived, lists)


def _shares(
    ends: Ends, d: np.ndarray, p: np.ndarray, near: np.ndarray, open_: Any, room: Room, halving: Any, places: Places, central: Any
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Parts of each practice that ends which go to each neighbour: if it is merged, and if it closes; 0 where none is open."""
    drawn = places.pull(p, halving[d if len(halving) > 1 else np.zeros_like(d)]) * open_[d[:, None], near]
    whole = np.cumsum(drawn * np.where(places.same_network[p], OWN_NETWORK, 1.0), -1)
    total = whole[:, -1:]
    expected = np.diff(whole, axis=-1, prepend=0.0) / np.where(total > 0, total, 1.0)
    one = (whole > ends.chooser[d, p][:, None] * total).argmax(-1)  # the first whose running sum passes the number
    chosen = (np.arange(near.shape[1]) == one[:, None]) & (total > 0)
    is_central = central[d]
    by_merger = is_central * expected + (1.0 - is_central) * chosen
    wide = drawn * np.maximum(room.at((d[:, None], near)), 1e-9)
    sums = wide.sum(-1, keepdims=True)
    return by_merger, wide / np.where(sums > 0, sums, 1.0)


def _of_board(open_: np.ndarray, board: np.ndarray, own: int) -> np.ndarray:
    """The open practices of a place's board."""
    return np.asarray((board == board[own]) & (open_ > 0))


def _by_board(bands: np.ndarray, patients: np.ndarray, there: np.ndarray) -> None:
    """Place patients over some practices by what each has already."""
    lists = bands[:, there].sum(0)
    bands[:, there] += patients[:, None] * (lists / lists.sum())
