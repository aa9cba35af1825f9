"""Maps without a coastline: boards as tiles laid out by where their practices are, and practices as points."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..findings.winners import BANDS
from .charts.svg import CLASSES, Drawing, class_of, tag, words
from .tables import Table

Floats = npt.NDArray[np.float64]

SHRINK = 0.6  # one degree of longitude over one of latitude, in the middle of England
ROOM = 1.35  # cells of the grid for each tile, so that the outline is not a rectangle
EVEN = 0.5  # how far crowded places are spread before tiles are given: 0 as on a map, 1 by rank alone
TILE = 44  # units across a tile
LETTERS = 5  # that fit in it
JOINING = ("and", "the", "of", "in", "on", "&", "with", "")
POINTS = (320, 390)  # width and height of the map of practices


def centres(latitude: Any, longitude: Any, index: Any, count: int) -> tuple[Floats, Floats]:
    """Mean latitude and longitude of each area's practices; NaN where none has a place. index: each practice's area, or -1."""
    lat, lon, area = (np.asarray(x).ravel() for x in (latitude, longitude, index))
    held = np.isfinite(lat) & np.isfinite(lon) & (area >= 0)
    n = np.bincount(area[held], minlength=count).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return tuple(np.bincount(area[held], x[held], count) / n for x in (lat, lon))  # type: ignore[return-value]


def layout(latitude: Sequence[float] | Floats, longitude: Sequence[float] | Floats) -> list[tuple[int, int]]:
    """A row and column of a grid for each area, each its own, as near to where it lies as all together allow.

    Crowded places are spread first, half by rank, so that London's boards do not push their neighbours across the map.
    Areas without a place come last, in the free cells nearest to the south-east.
    """
    from scipy.optimize import linear_sum_assignment

    y, x = -np.asarray(latitude, float), np.asarray(longitude, float) * SHRINK
    count = len(x)
    if not count:
        return []
    x, y = (np.where(np.isfinite(v), v, np.nanmax(v) if np.isfinite(v).any() else 0.0) for v in (x, y))
    across, down = _even(x), _even(y)
    columns = max(1, round(math.sqrt(count * ROOM / 1.25)))
    rows = math.ceil(count * ROOM / columns)
    cells = np.array([(r, c) for r in range(rows) for c in range(columns)])
    wished_r, wished_c = down * (rows - 1), across * (columns - 1)
    cost = (cells[:, 0] - wished_r[:, None]) ** 2 + (cells[:, 1] - wished_c[:, None]) ** 2
    _, chosen = linear_sum_assignment(cost)
    return [(int(r), int(c)) for r, c in cells[chosen]]


def _even(x: Floats) -> Floats:
    """Places between 0 and 1: as they lie, mixed with their ranks."""
    span = x.max() - x.min()
    placed = (x - x.min()) / span if span > 0 else np.full(len(x), 0.5)
    ranks = np.argsort(np.argsort(x, kind="stable"), kind="stable") / max(len(x) - 1, 1)
    return (1 - EVEN) * placed + EVEN * ranks


def place_name(name: str) -> str:
    """The name of an area without what all its like are called.

    >>> place_name("NHS Devon Integrated Care Board")
    'Devon'
    """
    return re.sub(r"^NHS (.+?)( Integrated Care Board| ICB)?$", r"\1", name.strip())


def abbreviations(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """A few letters for each area: initials, or the beginning of a single word; the code where two would have the same.

    >>> abbreviations(["NHS Devon Integrated Care Board", "NHS North East and North Cumbria Integrated Care Board"], ["A", "B"])
    ['Devon', 'NENC']
    """
    made = []
    for name, code in zip(names, codes, strict=True):
        parts = [w for w in re.split(r"[\s,-]+", place_name(name)) if w.lower() not in JOINING]
        short = (
            (parts[0] if len(parts[0]) <= LETTERS + 1 else parts[0][:LETTERS])
            if len(parts) == 1
            else "".join(w[0] for w in parts).upper()[:LETTERS]
        )
        made.append(code if any(ch.isdigit() for ch in name) or len(short) < 2 else short)
    return [code if made.count(short) > 1 else short for short, code in zip(made, codes, strict=True)]


def tiles(
    table: Table,
    label: str,
    value: str,
    change: str,
    places: Sequence[tuple[int, int]],
    said: Sequence[str] = BANDS,
) -> Drawing:
    """One tile for each area with its letters and figure, coloured by its change in the seven classes.

    label, value, change: columns of the letters, of the figure printed, and of the change as a fraction that gives the colour.
    places: a row and column for each row of the table (layout).  said: the seven classes in words.
    """
    marks = []
    numbers = table.numbers(change)
    for (row, column), name, figure, x in zip(places, table.texts(label), table.texts(value), numbers, strict=True):
        kind, left, top = class_of(x), column * TILE, row * TILE
        side = TILE - 2
        marks.append(tag("rect", x=left + 1, y=top + 1, width=side, height=side, rx=3, kind=f"mark {kind}"))
        marks.append(words(name, f"{left + TILE / 2:g}", top + 19, f"tile in {kind}", "middle"))
        marks.append(words(figure, f"{left + TILE / 2:g}", top + 35, f"tile in {kind}", "middle"))
    wide = TILE * (1 + max((c for _, c in places), default=0))
    high = TILE * (1 + max((r for r, _ in places), default=0))
    about = f"Map of {len(numbers)} areas as tiles of one size, near to where they lie. {_counts(numbers, said)}"
    return Drawing("".join(marks), high, about, wide, tuple((f"flat {k}", w) for k, w in _key(numbers, said)))


def points(latitude: Any, longitude: Any, change: Any) -> Drawing:
    """Every practice as a point where it stands: a triangle up where it gains over 1%, down where it loses, else a dot.

    latitude, longitude, change: arrays over practices; what has no place or no change is left out and counted.
    """
    lat, lon, x = (np.asarray(v, float).ravel() for v in (latitude, longitude, change))
    held = np.isfinite(lat) & np.isfinite(lon) & np.isfinite(x)
    left_out = int(np.isfinite(x).sum() - held.sum())
    wide, high = POINTS
    if not held.any():
        return Drawing("", high, "Map of practices: none has a place.", wide)
    across, down = lon[held] * SHRINK, -lat[held]
    to = min((wide - 10) / max(np.ptp(across), 1e-9), (high - 10) / max(np.ptp(down), 1e-9))
    px, py = 5 + (across - across.min()) * to, 5 + (down - down.min()) * to
    kinds = np.array([class_of(v) for v in x[held]])
    marks = []
    for kind in ("same", "loss1", "gain1", "loss2", "gain2", "loss3", "gain3"):  # large changes lie on top
        chosen = kinds == kind
        shape = {"s": "h0", "l": "l-2-3.6h4z", "g": "l-2 3.6h4z"}[kind[0]]
        path = "".join(f"M{a:.1f} {b:.1f}{shape}" for a, b in zip(px[chosen], py[chosen], strict=True))
        if path:
            marks.append(tag("path", d=path, kind=f"place {kind}"))
    lost = f" {left_out:,} practices have no known place and are not drawn." if left_out else ""
    about = f"Map of {int(held.sum()):,} practices. {_counts(x[held])}{lost}"
    return Drawing("".join(marks), float(py.max() + 6), about, wide, tuple((f"place {k}", w) for k, w in _key(x[held])))


def _counts(changes: Sequence[float] | Floats, said: Sequence[str] = BANDS) -> str:
    kinds = [class_of(float(v)) for v in changes]
    counted = (f"{kinds.count(k):,} {w}" for k, w in zip(CLASSES, said, strict=True) if k in kinds)
    return "Of these: " + ", ".join(counted) + "."


def _key(changes: Sequence[float] | Floats, said: Sequence[str] = BANDS) -> tuple[tuple[str, str], ...]:
    kinds = {class_of(float(v)) for v in changes}
    return tuple((k, w) for k, w in zip(CLASSES, said, strict=True) if k in kinds)
