"""Where the synthetic practices are: boards, networks, places, deprivation, rurality; when they open, close and merge.

One population for all years: the practices open in the reference year first, then those that closed before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..facts import Array
from .draws import Keyed, at_year, climb, parameters, probit, scores, shares

Whole = npt.NDArray[np.int64]
FIRST, LAST = 2004, 2026
KM = 111.2


@dataclass(frozen=True)
class Places:
    """Every practice there ever was, (practice,) each.

    opened, closed: first and last year open.  heir: position of the practice its list went to, -1 where it is open still.
    base: how many (the first ones) are open in the reference year.  size_score: normal score of list size before place
    and contract are known.
    """

    opened: Whole
    closed: Whole
    heir: Whole
    base: int
    region: Whole
    board: Whole
    sub_board: Whole
    network: Whole
    latitude: Array
    longitude: Array
    rural: Array
    dispensing: Array
    deprivation: Array  # normal score
    deprivation_score: Array
    residents: Array  # share living in Greater London
    size_score: Array

    def open(self, year: int) -> npt.NDArray[np.bool_]:
        return (self.opened <= year) & (self.closed >= year)


def counts() -> tuple[int, list[int], int]:
    """Practices in the reference year, closures at the end of 2004, 2005 .. 2025, and openings a year."""
    p = parameters()
    n = [round(float(at_year(p["practices"]["values"], y))) for y in range(FIRST, LAST + 1)]
    opening = int(p["openings"]["value"])
    return n[p["reference"] - FIRST], [a + opening - b for a, b in pairwise(n)], opening


def place(seed: int) -> Places:
    """Draw the places of every practice."""
    p = parameters()
    reference = p["reference"]
    base, closures, opening = counts()
    later = opening * (LAST - reference)
    before = sum(closures[: reference - FIRST])
    draw = Keyed(seed, base + later + before)
    table = np.array(p["boards"], float)

    board = np.empty(draw.size, int)
    order = np.argsort(draw.uniform("board", size=base), kind="stable")
    board[:base][order] = np.repeat(np.arange(len(table)), shares(table[:, 1], base))
    board[base : base + later] = board[:later]
    size_score = draw.normal("size")
    network, sub_board, centre = _networks(draw, table, board[: base + later], size_score[: base + later])

    opened, closed, heir = _lives(draw, base, later, before, closures, opening, board, network, size_score)
    old = np.arange(base + later, draw.size)
    board[old] = board[heir[old]]
    network = np.concatenate([network, network[heir[old]]])
    sub_board = sub_board[network]

    in_network = draw.normal("rural network", size=len(centre))[network]
    spread = p["rurality"]["together"]
    level = np.array([probit(max(r, 0.001)) for r in table[:, 9]])[board] * np.sqrt(1 + spread**2)
    rural = (level + spread * in_network + draw.normal("rural") > 0).astype(float)

    d = p["deprivation"]
    raw = (
        table[board, 8]
        + d["rural"] * (rural - table[board, 9])
        + d["together"] * draw.normal("deprivation network", size=len(centre))[network]
        + d["own"] * draw.normal("deprivation")
    )
    deprivation = scores(raw, slice(0, base))

    km = np.where(rural > 0, p["network"]["rural_km"], p["network"]["urban_km"])
    latitude = centre[network, 0] + km * draw.normal("latitude") / KM
    longitude = centre[network, 1] + km * draw.normal("longitude") / (KM * np.cos(np.radians(52.5)))
    p_disp = p["dispensing"]
    tilt = np.exp(p_disp["urban_tilt"] * size_score - p_disp["urban_tilt"] ** 2 / 2)
    chance = np.where(rural > 0, p_disp["rural"], p_disp["urban_per_rural_share"] * table[board, 9] * tilt)
    region = table[board, 0].astype(int) - 1
    return Places(
        opened,
        closed,
        heir,
        base,
        region,
        board,
        sub_board,
        _lonely(draw, network),
        latitude,
        longitude,
        rural,
        (draw.uniform("dispensing") < chance).astype(float),
        deprivation,
        climb(deprivation, d["ladder"]),
        _residents(draw, region, latitude, longitude, base),
        size_score,
    )


def _networks(draw: Keyed, table: Array, board: Whole, size_score: Array) -> tuple[Whole, Whole, Array]:
    """Group each board's practices into networks: network of each practice, sub-board of each network, centres (n, 2)."""
    p = parameters()
    about = climb(size_score, p["list_size"]["gms"])
    # like goes with like in part, so that some networks have few large practices and others many small ones
    together = p["list_size"]["together"]["value"] ** 0.5
    key = together * size_score + np.sqrt(1 - together**2) * draw.normal("grouping", size=len(board))
    targets = np.exp(p["network"]["spread"] * draw.normal("network size", size=int(table[:, 3].sum())))
    network, sub_boards, centres = np.zeros(len(board), int), [], []
    first_sub, used, start = 0, 0, 0
    for b, row in enumerate(table):
        n = int(row[3])
        mine = np.flatnonzero(board == b)
        mine = mine[np.argsort(key[mine], kind="stable")]
        middle = np.cumsum(about[mine]) - about[mine] / 2
        edges = np.cumsum(targets[start : start + n])
        chosen = np.searchsorted(edges / edges[-1] * about[mine].sum(), middle)
        kept, chosen = np.unique(np.minimum(chosen, n - 1), return_inverse=True)  # a large practice can fill two places
        network[mine] = used + chosen
        where = _within(draw, b, len(kept), row)
        turn = np.argsort(
            np.argsort(np.arctan2(where[:, 0] - row[4], where[:, 1] - row[5]), kind="stable"), kind="stable"
        )
        sub_boards.append(first_sub + turn * int(row[2]) // len(kept))
        centres.append(where)
        first_sub, used, start = first_sub + int(row[2]), used + len(kept), start + n
    return network, np.concatenate(sub_boards), np.concatenate(centres)


def _within(draw: Keyed, board: int, n: int, row: Array) -> Array:
    """Centres of a board's networks, (n, 2) latitude and longitude: scattered about its centre, inside the coast."""
    outline = np.array(parameters()["outline"])
    tries = 12
    z = draw.normal("network place", board, size=2 * tries * n).reshape(tries, n, 2)
    where = np.array([row[4], row[5]]) + z * np.array([row[6], row[7] / np.cos(np.radians(row[4]))]) / KM
    good = inside(where.reshape(-1, 2), outline).reshape(tries, n)
    first = good.argmax(0)  # 0 where none is inside: then the centre itself, a little off
    found = where[first, np.arange(n)]
    lost = ~good.any(0)
    found[lost] = np.array([row[4], row[5]]) + 0.02 * z[0, lost]
    return found


def inside(points: Array, outline: Array) -> npt.NDArray[np.bool_]:
    """Which points (n, 2) lie inside a closed outline (m, 2), by counting crossings."""
    y, x = points[:, :1], points[:, 1:]
    y1, x1 = outline[:, 0], outline[:, 1]
    y2, x2 = np.roll(y1, -1), np.roll(x1, -1)
    crosses = (y1 > y) != (y2 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return (crosses & left).sum(1) % 2 == 1


def _lives(
    draw: Keyed,
    base: int,
    later: int,
    before: int,
    closures: list[int],
    opening: int,
    board: Whole,
    network: Whole,
    size_score: Array,
) -> tuple[Whole, Whole, Whole]:
    """First and last year open, and heir, of every practice."""
    reference = parameters()["reference"]
    opened, closed = np.full(draw.size, FIRST), np.full(draw.size, LAST)
    heir = np.full(draw.size, -1)
    small_first = np.argsort(size_score[:base] + 0.8 * draw.normal("closing", size=base), kind="stable")
    ends = [reference + i for i, n in enumerate(closures[reference - FIRST :]) for _ in range(n)]
    closing = small_first[: len(ends)]
    closed[closing] = ends
    new = small_first[len(ends) : len(ends) + opening * (reference - FIRST)][::-1]
    opened[new] = np.repeat(np.arange(FIRST + 1, reference + 1), opening)
    opened[base : base + later] = np.repeat(np.arange(reference + 1, LAST + 1), opening)

    stays = np.flatnonzero((closed[:base] == LAST) & (opened[:base] == FIRST))
    pick = draw.uniform("heir", size=len(closing))
    for c, u in zip(closing, pick, strict=True):
        near = stays[network[stays] == network[c]]
        near = near if near.size else stays[board[stays] == board[c]]
        heir[c] = near[int(u * near.size)]
    about = climb(size_score[stays], parameters()["list_size"]["gms"])
    weight = np.cumsum(
        np.where(about > parameters()["merged_share"]["least_heir"], about, 0.0)
    )  # it now holds two lists
    old = slice(base + later, draw.size)
    heir[old] = stays[np.searchsorted(weight / weight[-1], draw.uniform("old heir", size=before))]
    closed[old] = np.repeat(np.arange(FIRST, reference), closures[: reference - FIRST])
    return opened, closed, heir


def _lonely(draw: Keyed, network: Whole) -> Whole:
    """Network of each practice, -1 for the few that are in none."""
    return np.where(draw.uniform("no network") < parameters()["network"]["none"], -1, network)


def _residents(draw: Keyed, region: Whole, latitude: Array, longitude: Array, base: int) -> Array:
    """Share of each list living in Greater London: nearly all in London, some just outside, nobody further away."""
    p: Any = parameters()["london_residents"]
    z = draw.normal("residents")
    away = np.hypot(latitude - 51.5, (longitude + 0.12) * np.cos(np.radians(51.5)))
    away = np.where(region == 0, np.inf, away)
    edge = np.sort(away[:base])[int(p["beyond"]["share"] * base)]
    outside = np.where(away <= edge, climb(z, p["beyond"]["ladder"]), 0.0)
    return np.minimum(np.where(region == 0, climb(z, p["london"]), outside), 1.0)
