"""Neighbours: for each practice the nearest others, how strongly its patients would turn to each, and who shares its network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.arrays import minimum, namespace
from ..england.facts import England

Numbers = npt.NDArray[np.float64]
KM_PER_DEGREE = 111.2  # of latitude
NEAREST = 8  # neighbours that a practice's patients may turn to; beyond them the board places people
FAR = 1e3  # km: what stands for a neighbour's distance where it is not known


@dataclass(frozen=True)
class Places:
    """Where practices lie beside each other, and the areas they are in.

    neighbour: (practice, NEAREST) positions, the nearest first.  distance: km, of the same shape.  same_network: whether a neighbour
    is in the practice's own network.  board, network, region: position of each practice's area; the last position is 'none'.
    located: whether the practice's place is known; where it is not, its neighbours are others of its board, at no known distance.
    """

    neighbour: npt.NDArray[np.int32]
    distance: Numbers
    same_network: npt.NDArray[np.bool_]
    board: npt.NDArray[np.int32]
    network: npt.NDArray[np.int32]
    region: npt.NDArray[np.int32]
    boards: tuple[str, ...]
    networks: tuple[str, ...]
    regions: tuple[str, ...]
    located: npt.NDArray[np.bool_] = field(repr=False)

    @classmethod
    def of(cls, england: England, year: int, members: npt.NDArray[np.intp]) -> Places:
        """The neighbours of some practices of an England in a year; `members` are their positions in it."""
        at = england.year(year)
        areas = {kind: _area(england, kind, at, members) for kind in ("board", "network", "region")}
        latitude, longitude = (_place(england, name, at, members) for name in ("latitude", "longitude"))
        board = areas["board"][0]
        neighbour, distance, located = _nearest(latitude, longitude, board)
        network = areas["network"][0]
        known = network < len(areas["network"][1])
        same = (network[neighbour] == network[:, None]) & known[:, None]
        return cls(
            neighbour, distance, same, board, network, areas["region"][0],
            areas["board"][1], areas["network"][1], areas["region"][1], located,
        )  # fmt: skip

    def pull(self, practices: Any, halving: Any) -> Any:
        """How strongly each neighbour of some practices draws by distance: 1 next door, 1/2 at `halving` km; (n, neighbour)."""
        return pull(self.distance[practices], halving)


def pull(distance: Any, halving: Any) -> Any:
    """How strongly a practice draws at a distance in km: 1 next door, 1/2 at `halving`, and a little at any."""
    far = minimum(distance, FAR)
    return namespace(far).exp(far * (-np.log(2.0) / halving)) + 1e-12


def _area(
    england: England, kind: str, at: int, members: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Position of each practice's area among those that have any practice, and their codes; the last position is 'none'."""
    areas = england.areas.get(kind)
    if areas is None:
        return np.zeros(len(members), np.int32), ()
    index = areas.index[min(at, areas.index.shape[0] - 1), members]
    here = np.unique(index[index >= 0])
    place = np.full(len(areas.codes) + 1, len(here), np.int32)
    place[here] = np.arange(len(here), dtype=np.int32)
    return place[index], tuple(areas.codes[i] for i in here)


def _place(england: England, name: str, at: int, members: npt.NDArray[np.intp]) -> Numbers:
    x: Any = england.facts.get(name)
    if x is None:
        return np.full(len(members), np.nan)
    row = x[0, min(at, x.shape[1] - 1)]
    return np.asarray(np.broadcast_to(row, (len(england.codes),))[members], np.float64)


def _nearest(
    latitude: Numbers, longitude: Numbers, board: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], Numbers, npt.NDArray[np.bool_]]:
    from scipy.spatial import cKDTree

    n = len(latitude)
    located = ~(np.isnan(latitude) | np.isnan(longitude))
    wanted = min(NEAREST, n - 1)
    neighbour = np.zeros((n, wanted), np.int32)
    distance = np.full((n, wanted), FAR)
    here = np.flatnonzero(located)
    if len(here) > wanted:
        flat = np.cos(np.radians(np.mean(latitude[here])))
        at = np.stack([latitude[here], longitude[here] * flat], -1) * KM_PER_DEGREE
        far, found = cKDTree(at).query(at, wanted + 1)
        own = found == np.arange(len(here))[:, None]  # of surgeries at one place the own one may come later
        own[~own.any(1), -1] = True
        found, far = (x[~own].reshape(len(here), wanted) for x in (found, far))
        neighbour[here], distance[here] = here[found].astype(np.int32), far
    lost = np.arange(n) if len(here) <= wanted else np.flatnonzero(~located)
    for p in lost:  # others of its board, spread over it by position
        others = np.flatnonzero(board == board[p])
        others = others[others != p]
        others = others if len(others) >= wanted else np.delete(np.arange(n), p)
        step = np.linspace(0, len(others) - 1, wanted).astype(int)
        neighbour[p] = others[step]
    return neighbour, distance, located
