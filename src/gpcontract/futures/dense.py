"""Moves on JAX: what practices that end leave behind goes to their neighbours, as in `moves`, in arrays of fixed shape.

A device wants shapes that do not depend on what happens, and few practices end in a year. So each draw takes its ends some at a time, by
their rank, until none is left: what is worked out is in proportion to ends, and nothing is bounded.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..engine.arrays import maximum, namespace, where
from .moves import OWN_NETWORK, Held, Moved, Room
from .places import pull
from .survival import Ends

PART = 24  # a draw takes this part of its practices at a time: in a usual year fewer end
LEAST = 32  # and at least so many


class Near(NamedTuple):
    """Places as arrays of a device. neighbour, distance, same_network: (practice, neighbour).  board: (practice,).  groups: (practice, board), 1 in its own."""

    neighbour: Any
    distance: Any
    same_network: Any
    board: Any
    groups: Any


class _Taken(NamedTuple):
    """What the ends taken so far have moved. homeless: patients whom no neighbour can take, (draw, board, band)."""

    held: Held
    left: Any
    arrived: Any
    homeless: Any


def move(held: Held, ends: Ends, open_: Any, room: Room, halving: Any, near: Any, central: Any, kept: Any) -> Moved:
    """Holdings after some practices ended; arguments as of `moves.move`, but that places are a `Near`."""
    import jax

    xp = namespace(open_)
    draws, practices = open_.shape
    some = min(practices, max(LEAST, practices // PART))
    rank = xp.cumsum(xp.astype(ends.all > 0, xp.int32), axis=-1)
    stays = 1.0 - ends.merged - ends.closed
    after = Held(held.bands * stays[:, None], *(x * stays for x in held.rest))
    none = xp.zeros((draws, near.groups.shape[1], held.bands.shape[1]))
    begun = _Taken(after, xp.zeros(draws), xp.zeros_like(open_), none)

    def taken(i: Any, so_far: _Taken) -> _Taken:
        wanted = i * some + xp.arange(1, some + 1, dtype=xp.int32)
        at = jax.vmap(lambda of: xp.searchsorted(of, wanted))(rank)
        here = xp.astype(at < practices, xp.float64)
        return _take(so_far, xp.minimum(at, practices - 1), here, held, ends, open_, room, halving, near, central, kept)

    rounds = (xp.max(rank[:, -1]) + some - 1) // some
    done = jax.lax.fori_loop(0, rounds, taken, begun)
    bands = jax.lax.cond(
        xp.any(done.homeless > 0.0),
        lambda x: _by_board(x, done.homeless, open_, near),
        lambda x: x,
        done.held.bands,
    )
    return Moved(done.held._replace(bands=bands), done.left, done.arrived, xp.sum(bands, axis=1))


def _take(
    so_far: _Taken, p: Any, here: Any, held: Held, ends: Ends, open_: Any, room: Room, halving: Any, near: Near, central: Any, kept: Any
) -> _Taken:  # fmt: skip
    """Some ends of each draw more: p, (draw, end), are positions of practices, of which those count that are `here`."""
    xp = namespace(open_)
    draws = xp.arange(open_.shape[0])
    d, rows, to = draws[:, None], draws[:, None, None], near.neighbour[p]
    merged, closed = ends.merged[d, p] * here, ends.closed[d, p] * here
    by_merger, by_closure, placed = _shares(ends.chooser[d, p], rows, p, to, open_, room, halving, near, central)
    joins, comes = by_merger * merged[..., None], by_closure * closed[..., None]
    staff = comes * (kept + xp.zeros((open_.shape[0], 1)))[..., None]

    def into(x: Any, amounts: Any, share: Any) -> Any:
        return x.at[rows, to].add(amounts[..., None] * share)

    bands = held.bands[d[..., None], xp.arange(held.bands.shape[1])[:, None], p[:, None]]  # (draw, band, end)
    every = xp.arange(bands.shape[1])[:, None, None]
    comers = bands[..., None] * (joins + comes)[:, None]
    made = so_far.held.bands.at[rows[..., None], every, to[:, None]].add(comers)
    follows = (joins, joins + staff, joins + staff, joins + staff, joins + staff, joins)
    rest = [into(x, of[d, p], share) for x, of, share in zip(so_far.held.rest, held.rest, follows, strict=True)]
    lost = merged * where(placed, 0.0, 1.0)
    unplaced = bands * ((merged + closed) * where(placed, 0.0, 1.0))[:, None]
    return _Taken(
        Held(made, *rest),
        so_far.left + xp.sum(held.partners[d, p] * (closed + lost), axis=-1),
        into(so_far.arrived, xp.sum(bands, axis=1), comes),
        so_far.homeless.at[d, near.board[p]].add(xp.matrix_transpose(unplaced)),
    )


def _shares(
    chooser: Any, rows: Any, p: Any, to: Any, open_: Any, room: Room, halving: Any, near: Near, central: Any
) -> tuple[Any, Any, Any]:
    """Parts of each practice that go to each neighbour: if it is merged, and if it closes; and whether any is open."""
    xp = namespace(open_)
    drawn = pull(near.distance[p], halving[..., None]) * open_[rows, to]
    whole = xp.cumsum(drawn * where(near.same_network[p], OWN_NETWORK, 1.0), axis=-1)
    total = whole[..., -1:]
    before = xp.concat([xp.zeros_like(total), whole[..., :-1]], axis=-1)
    expected = (whole - before) / where(total > 0, total, 1.0)
    one = xp.argmax(whole > chooser[..., None] * total, axis=-1)
    chosen = where((xp.arange(to.shape[-1]) == one[..., None]) & (total > 0), 1.0, 0.0)
    by_merger = central[..., None] * expected + (1.0 - central[..., None]) * chosen
    wide = drawn * maximum(room.at((rows, to)), 1e-9)
    sums = xp.sum(wide, axis=-1, keepdims=True)
    return by_merger, wide / where(sums > 0, sums, 1.0), xp.any(by_merger > 0, axis=-1)


def _by_board(bands: Any, homeless: Any, open_: Any, near: Near) -> Any:
    """Place patients over the open practices of their board, or of England where it has none left, by what each has already."""
    xp = namespace(bands)
    lists = xp.sum(bands, axis=1) * where(open_ > 0, 1.0, 0.0)
    local = xp.matmul(lists, near.groups)  # (draw, board)
    there = where(local > 0, 1.0, 0.0)
    parts = lists / where(local > 0, local, 1.0)[:, near.board]
    own = xp.matrix_transpose(homeless * there[..., None])[:, :, near.board]  # (draw, band, practice)
    bands = bands + own * parts[:, None]
    lists = xp.sum(bands, axis=1) * where(open_ > 0, 1.0, 0.0)
    away = xp.sum(homeless * (1.0 - there)[..., None], axis=1)
    return bands + away[:, :, None] * (lists / xp.sum(lists, axis=-1)[:, None])[:, None]
