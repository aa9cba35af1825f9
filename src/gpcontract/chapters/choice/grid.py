"""A map grid of England in cells of about five and a half kilometres: sums over cells and their neighbours, and back.

Sums are tables with the cells in front, (cell, draw, year, 1): they do not depend on which practices are asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gpcontract.engine.arrays import namespace

SOUTH, WEST = 49.5, -6.75  # Scilly lies in the grid, and so does Berwick
HEIGHT, WIDTH = 0.05, 0.08  # degrees: 5.6 km by 5.4 km in the middle of England
ROWS, COLUMNS = 130, 110


def _cells(latitude: Any, longitude: Any) -> npt.NDArray[np.intp]:
    """The cell each practice is in, -1 where its place is not known."""
    y = (np.asarray(latitude, float) - SOUTH) / HEIGHT
    x = (np.asarray(longitude, float) - WEST) / WIDTH
    with np.errstate(invalid="ignore"):
        inside = (y >= 0) & (y < ROWS) & (x >= 0) & (x < COLUMNS)  # a comparison with NaN is false
    row, column = (np.where(inside, v, 0.0).astype(np.intp) for v in (y, x))
    return np.where(inside, row * COLUMNS + column, -1)


def by_cell(x: Any, latitude: Any, longitude: Any) -> Any:
    """The sum over each cell's practices: (draw, year, practice) -> (cell, draw, year, 1). Unknown places are left out."""
    shape = np.broadcast_shapes(np.shape(x), np.shape(latitude), np.shape(longitude))
    values = np.broadcast_to(np.asarray(x, float), shape).reshape(-1, shape[-1])
    cells = np.broadcast_to(_cells(latitude, longitude), shape).reshape(-1, shape[-1])
    size = ROWS * COLUMNS
    sums = [np.bincount(c[c >= 0], v[c >= 0], size) for c, v in zip(cells, values, strict=True)]
    return _like(x, np.stack(sums, -1).reshape(size, *shape[:-1], 1))


def around(table: Any, next_cell: Any) -> Any:
    """Each cell's figure and those of the eight cells around it, these times a weight (distance counts). Same shape."""
    whole = np.asarray(table, float)
    at = whole.reshape(ROWS, COLUMNS, *whole.shape[1:])
    rows = at.copy()
    rows[1:] += at[:-1]
    rows[:-1] += at[1:]
    block = rows.copy()
    block[:, 1:] += rows[:, :-1]
    block[:, :-1] += rows[:, 1:]
    weight = np.asarray(next_cell, float)
    return _like(table, (at + weight * (block - at)).reshape(whole.shape))


def to_place(table: Any, latitude: Any, longitude: Any) -> Any:
    """Each practice's own cell's figure, 0 where its place is not known: (cell, draw, year, 1) -> (draw, year, practice).

    A table with cells alone and one place give one figure.
    """
    whole = np.asarray(table, float)
    cells = _cells(latitude, longitude)
    if whole.ndim == 1:
        return _like(table, np.where(cells < 0, 0.0, whole[np.maximum(cells, 0)]))
    draws, years = whole.shape[1], max(whole.shape[2], cells.shape[-2])
    cells = np.broadcast_to(cells, (draws, years, cells.shape[-1]))
    whole = np.broadcast_to(whole[..., 0], (whole.shape[0], draws, years))
    found = whole[np.maximum(cells, 0), np.arange(draws)[:, None, None], np.arange(years)[:, None]]
    return _like(table, np.where(cells < 0, 0.0, found))


def _like(given: Any, made: Any) -> Any:
    return made if type(given) is np.ndarray else namespace(given).asarray(made)
