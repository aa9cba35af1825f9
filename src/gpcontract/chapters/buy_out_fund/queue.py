"""Which purchases an annual cap reaches, and what other lists lie near: arrays for the rules of the fund."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gpcontract.engine.arrays import namespace

KM_PER_DEGREE = 111.2  # of latitude; of longitude times the cosine of latitude
MIDDLE = np.cos(np.deg2rad(52.7))  # of England
FURTHEST = 25.0  # kilometres beyond which no list counts as near


def share_funded(priority: Any, price: Any, cap: Any) -> Any:
    """Share of each purchase that a cap pays for, the highest priority first: 1, then part of one, then 0.

    All (..., practice); cap (..., 1). Equal priorities are taken in the order of practices; what costs nothing is funded.
    """
    given, priority, price, cap = price, np.asarray(priority), np.asarray(price), np.asarray(cap)
    priority, price = np.broadcast_arrays(priority, price)
    order = np.argsort(-priority, axis=-1, kind="stable")
    cost = np.take_along_axis(price, order, -1)
    before = np.cumsum(cost, axis=-1) - cost
    paid = np.where(cost > 0, np.clip(cap - before, 0.0, cost) / np.where(cost > 0, cost, 1.0), 1.0)
    found = np.empty_like(paid)
    np.put_along_axis(found, order, paid, -1)
    return _like(given, found)


def patients_near(patients: Any, latitude: Any, longitude: Any, kilometres: Any) -> Any:
    """Registered patients of other practices within a distance in a straight line; NaN where the practice's place is not known.

    patients, latitude, longitude: (..., year, practice); kilometres: (..., year or 1, 1), no more than 25.
    """
    given, lists = patients, np.asarray(patients, dtype=np.float64)
    reach = np.minimum(np.asarray(kilometres, dtype=np.float64), FURTHEST)
    places = np.stack(np.broadcast_arrays(np.asarray(latitude, float), np.asarray(longitude, float)), -1)
    shape = np.broadcast_shapes(lists.shape, reach.shape, places.shape[:-1])
    lists, reach = np.broadcast_to(lists, shape), np.broadcast_to(reach, shape)
    places = np.broadcast_to(places, (*shape, 2))
    found = np.empty(shape)
    for at in np.ndindex(shape[:-1]):
        row = np.ascontiguousarray(places[at])
        widest = float(np.ceil(reach[at].max(initial=0.0)))
        a, b, apart = _pairs(row.tobytes(), widest)
        near = apart <= reach[at][0]
        a, b = a[near], b[near]
        total = np.bincount(a, lists[at][b], shape[-1]) + np.bincount(b, lists[at][a], shape[-1])
        found[at] = np.where(np.isnan(row).any(-1), np.nan, total)
    return _like(given, found)


@lru_cache(maxsize=64)
def _pairs(places: bytes, widest: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Every two practices within a distance, and how far apart they are. Kept, as places do not change with an edit."""
    from scipy.spatial import cKDTree

    row = np.frombuffer(places).reshape(-1, 2)
    known = np.flatnonzero(~np.isnan(row).any(-1))
    plane = row[known] * np.array([KM_PER_DEGREE, KM_PER_DEGREE * MIDDLE])
    if not len(known):
        none = np.empty(0, np.intp)
        return none, none, np.empty(0)
    pairs = cKDTree(plane).query_pairs(widest, output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    return known[a], known[b], np.hypot(*(plane[a] - plane[b]).T)


def _like(given: Any, made: Any) -> Any:
    """What NumPy made, in the library of what was given."""
    return made if type(given) is np.ndarray else namespace(given).asarray(made)
