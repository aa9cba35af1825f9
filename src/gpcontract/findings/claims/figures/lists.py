"""Figures of lists: patients, places, areas, and the choice that they leave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ....engine.errors import MissingFact
from ....engine.years import year_name
from ....england.facts import Array
from ..inputs import figure
from ..world import World
from . import LISTS, MONEY


@figure("Registered patients", "patients", rests="list_size", source=LISTS)
def patients(world: World) -> float:
    """Registered patients of England, as printed beside the payments where they are, else the lists read."""
    try:
        return float(np.nansum(world.every("list_published")))
    except MissingFact:
        return float(np.nansum(world.every("list_size")))


@figure("Practices with patients", "practices", rests="list_size", source=LISTS)
def practices(world: World) -> float:
    """How many practices have patients."""
    return float(world.members().sum())


@figure("Boards with practices", "boards", source="registrations map")
def boards(world: World) -> float:
    """How many boards have practices."""
    at = world.place("board")
    return float(np.unique(at[at >= 0]).size)


@figure("Registered list of each practice", "patients", rests="list_size", source=LISTS)
def lists(world: World) -> Array:
    """Registered patients of each practice that has any."""
    return world.fact("list_size")


@figure("Weighted list of each practice", "weighted patients", rests="weighted_list_published", source=MONEY)
def weighted_lists(world: World) -> Array:
    """Carr-Hill weighted patients; the registered list where none is published."""
    x = world.fact("weighted_list_published")
    return np.where(np.isnan(x), world.fact("list_size"), x)


@figure(
    "Need-weighted list of each practice",
    "need-weighted patients",
    rests="primary_care_weighted_list",
    source="ICB allocations",
)
def need_lists(world: World) -> Array:
    """Patients by need for primary medical care, as the allocations to boards count them; NaN where not published."""
    return world.fact("primary_care_weighted_list")


@figure(
    "Deprivation fifth of each practice",
    "fifth, 1 the most deprived",
    rests="deprivation_fifth",
    source="Index of Multiple Deprivation",
)
def fifths(world: World) -> Array:
    """Deprivation fifth, 1 the most deprived."""
    return world.fact("deprivation_fifth")


@figure("Rural practices", "yes or no", rests="rural", source=MONEY)
def rural(world: World) -> Array:
    """Whether each practice is rural."""
    return world.fact("rural")


@figure("Board of each practice", "board", source="registrations map")
def board(world: World) -> npt.NDArray[np.int32]:
    """The board that each practice is in; -1 where none is known."""
    return world.place("board")


@figure("Network of each practice", "network", source="registrations map")
def network(world: World) -> npt.NDArray[np.int32]:
    """The network that each practice is in; -1 where it is in none."""
    found = world.place("network")
    if not (found >= 0).any():
        raise MissingFact(
            f"no practice is known to be in a network in {year_name(world.year)}", expected="registrations_map"
        )
    return found


@figure("Equal holders in the median patient's sub-board", "holders", rests="list_size", source=LISTS)
def holders_now(world: World) -> float:
    """One over the sum of squared shares of a sub-board's patients by practice, at the median patient."""
    return _holders(world.fact("list_size"), np.arange(int(world.members().sum())), world.place("sub_board"))


@figure("The same, with each network one practice", "holders", rests="list_size", source=LISTS)
def holders_merged(world: World) -> float:
    """One over the sum of squared shares by network, a practice in none standing for itself, at the median patient."""
    networks, sizes = network(world), world.fact("list_size")
    alone = networks.max() + 1 + np.arange(sizes.size)
    return _holders(sizes, np.where(networks >= 0, networks, alone), world.place("sub_board"))


def _holders(lists: Array, holder: npt.NDArray[np.integer], place: npt.NDArray[np.int32]) -> float:
    here = place >= 0
    width = int(holder.max()) + 1
    pairs, at = np.unique(place[here].astype(np.int64) * width + holder[here], return_inverse=True)
    held = np.bincount(at, weights=lists[here])
    of = pairs // width
    equal = np.bincount(of, weights=held) ** 2 / np.maximum(np.bincount(of, weights=held**2), 1e-9)
    order = np.argsort(equal[place[here]])
    upto = np.cumsum(lists[here][order])
    return float(equal[place[here]][order][np.searchsorted(upto, upto[-1] / 2)])


@figure("Registered patients by sex and age band", "patients", rests="list_by_band", source=LISTS)
def national_bands(world: World) -> Array:
    """England's patients by the fourteen sex and age bands of the allocation formula."""
    bands = world.england.fact("list_by_band")[:, 0]
    at = min(world.england.year(world.year), bands.shape[1] - 1)
    return np.asarray(np.nansum(bands[:, at][:, world.members()], -1))


@figure(
    "Distance to the nearest other practice",
    "kilometres",
    rests="latitude longitude",
    source="ICB allocations, places of practices",
)
def nearest_practice(world: World) -> Array:
    """Kilometres in a straight line to the nearest other practice; NaN where a practice's place is not known."""
    return world.once("nearest", lambda: nearest(world.fact("latitude"), world.fact("longitude")))


def nearest(latitude: Array, longitude: Array) -> Array:
    """Kilometres to the nearest other place; NaN where a place is not known."""
    from scipy.spatial import cKDTree

    known = ~np.isnan(latitude + longitude)
    north, east = np.radians(latitude[known]), np.radians(longitude[known])
    radius = 6371.0  # kilometres
    at = radius * np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], 1)
    # the second nearest place: practices in one building are each other's nearest, at no distance
    found, _ = cKDTree(at).query(at, k=2)
    out = np.full(latitude.shape, np.nan)
    out[known] = found[:, 1]
    return out
