"""Figures of practices’ staff and QOF points, in one year and in two."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ....engine.errors import MissingFact
from ....england.facts import Array
from ..inputs import figure
from ..world import World
from . import LISTS
from .lists import nearest


@figure(
    "Fully qualified GPs of each practice", "full-time equivalents", rests="gp_fte", source="General Practice Workforce"
)
def gps(world: World) -> Array:
    """Fully qualified permanent GPs of each practice."""
    return world.fact("gp_fte")


def _points_years(world: World) -> list[int]:
    return [y for y in world.england.years if "qof_points" in world.england.facts and world.is_known("qof_points", y)]


@figure("QOF points of each practice", "points", rests="qof_points", source="Quality and Outcomes Framework")
def points(world: World) -> Array:
    """QOF points in the year, or in the last year before it (else the first after) for which they are published."""
    return world.fact("qof_points", points_year(world))[_within(world, points_year(world))]


@figure("Lists of the practices with QOF points", "patients", rests="list_size", source=LISTS)
def points_lists(world: World) -> Array:
    """The list of each practice in the year of its points."""
    return world.fact("list_size", points_year(world))[_within(world, points_year(world))]


@figure(
    "Those points less what practices of their size and deprivation get",
    "points",
    rests="qof_points deprivation_fifth",
    source="Quality and Outcomes Framework",
)
def points_adjusted(world: World) -> Array:
    """Points less those expected by a line in the logarithm of the list and a step for each deprivation fifth."""
    mine, size, fifth = points(world), np.log(np.maximum(points_lists(world), 1)), points_fifths(world)
    known = ~np.isnan(fifth)
    x = np.stack([np.ones(mine.size), size, *((fifth == f).astype(float) for f in (1, 2, 3, 4))], 1)
    fitted = np.linalg.lstsq(x[known], mine[known], rcond=None)[0]
    return np.where(known, mine - x @ fitted, np.nan)


@figure(
    "Nearest other practice of the practices with QOF points",
    "kilometres",
    rests="latitude longitude",
    source="ICB allocations, places of practices",
)
def points_nearest(world: World) -> Array:
    """Kilometres to the nearest other practice, of each practice in the year of its points."""
    year = points_year(world)
    found = world.once(("nearest", year), lambda: nearest(world.fact("latitude", year), world.fact("longitude", year)))
    return found[_within(world, year)]


@figure(
    "Deprivation fifth of the practices with QOF points",
    "fifth, 1 the most deprived",
    rests="deprivation_fifth",
    source="Index of Multiple Deprivation",
)
def points_fifths(world: World) -> Array:
    """The deprivation fifth of each practice in the year of its points."""
    return world.fact("deprivation_fifth", points_year(world))[_within(world, points_year(world))]


def points_year(world: World) -> int:
    """The year whose points stand for the world's year."""
    years = _points_years(world)
    if not years:
        raise MissingFact(
            "QOF points of practices are not in this England",
            expected="qof_points (QOF, overall achievement by practice)",
        )
    return max((y for y in years if y <= world.year), default=years[0])


def _within(world: World, year: int) -> npt.NDArray[np.bool_]:
    """Which practices with patients in the year have points."""
    return ~np.isnan(world.fact("qof_points", year))


@figure(
    "QOF points of the same practices in two published years",
    "points",
    rests="qof_points",
    source="Quality and Outcomes Framework",
)
def points_twice(world: World) -> Array:
    """Points as a share of the most in each year, of practices with both: (2, practice). The last two years up to the world's."""
    years = _points_years(world)
    before = [y for y in years if y <= world.year] or years
    if len(before) < 2:
        raise MissingFact(
            "QOF points are known for fewer than two years",
            expected="qof_points (QOF, overall achievement by practice) of two years",
        )
    pair = np.stack([world.every("qof_points", y) for y in before[-2:]])
    known = ~np.isnan(pair).any(0)
    return pair[:, known] / np.nanmax(pair, 1, keepdims=True)


@figure("Years between the two sets of points", "years", rests="qof_points", source="Quality and Outcomes Framework")
def points_years_apart(world: World) -> float:
    """How far apart the two years of `points_twice` are."""
    before = [y for y in _points_years(world) if y <= world.year] or _points_years(world)
    return float(before[-1] - before[-2]) if len(before) > 1 else float("nan")


@figure(
    "QOF points of practices that have ended since",
    "points",
    rests="qof_points",
    source="Quality and Outcomes Framework",
)
def points_of_ended(world: World) -> Array:
    """Points, in the first year for which they are published, of practices with no list in the world's year."""
    return _points_by_fate(world)[0]


@figure(
    "QOF points of practices that have stayed", "points", rests="qof_points", source="Quality and Outcomes Framework"
)
def points_of_stayed(world: World) -> Array:
    """Points, in the first year for which they are published, of practices with a list in the world's year."""
    return _points_by_fate(world)[1]


def _points_by_fate(world: World) -> tuple[Array, Array]:
    years = _points_years(world)
    if not years or years[0] >= world.year:
        raise MissingFact(
            "QOF points of an earlier year are not in this England",
            expected="qof_points (QOF, overall achievement by practice) of an earlier year",
        )
    x = world.every("qof_points", years[0])
    here, stayed = ~np.isnan(x), world.members()
    return x[here & ~stayed], x[here & stayed]


@figure("Ratings of the practices a trust took over, before and after", "rating", grade="M")
def ratings_before_and_after(world: World) -> float:
    """No open file holds ratings of practices before and after a trust took them over, with practices like them."""
    raise MissingFact(
        "no open file says which practices a trust holds, or how they were rated before",
        expected="cqc_rating of several years, and a list of practices by holder",
    )
