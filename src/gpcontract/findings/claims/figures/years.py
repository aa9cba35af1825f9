"""Figures of several years: what grew, what ended, and which practices closed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from .... import chapters
from ....engine.errors import MissingFact
from ....engine.years import year_name
from ....england.facts import Array
from ..inputs import figure
from ..world import PAYMENTS, World
from . import MONEY

FEWEST_PATIENTS = 100  # weighted patients under which a list is too small to compare


def _span(world: World) -> tuple[int, int]:
    """The first and last year up to the world's with payments, at least a year apart."""
    paid = [y for y in world.paid_years if y <= world.year]
    if len(paid) < 2:
        only = f"only {year_name(paid[0])}" if paid else "no year"
        raise MissingFact(f"this England has payments for {only}", expected=f"{PAYMENTS} of an earlier year")
    return paid[0], paid[-1]


@figure("First year with payments", "year", source=MONEY)
def first_year(world: World) -> float:
    """The first year with payments."""
    return float(_span(world)[0])


@figure("Last year with payments", "year", source=MONEY)
def last_year(world: World) -> float:
    """The last year with payments, up to the world's."""
    return float(_span(world)[1])


@figure("PMS agreements in the first year with payments", "practices", rests="on_pms", source=MONEY)
def pms_first(world: World) -> float:
    """Practices on PMS in the first year with payments, among those paid."""
    return _paid_on("on_pms", world, _span(world)[0])


@figure("PMS agreements in the last year with payments", "practices", rests="on_pms", source=MONEY)
def pms_last(world: World) -> float:
    """Practices on PMS in the last year with payments, among those paid."""
    return _paid_on("on_pms", world, _span(world)[1])


def _paid_on(contract: str, world: World, year: int) -> float:
    paid = ~np.isnan(world.every("published_total", year))
    return float((np.nan_to_num(world.every(contract, year)) * paid).sum())


@figure(
    "Payments per weighted patient in the first year, dispensing left out",
    "GBP per year",
    rests="published_total",
    source=MONEY,
)
def per_weighted_first(world: World) -> float:
    """Payments without dispensing over weighted patients in the first year with payments."""
    return _per_weighted(world, _span(world)[0])


@figure(
    "Payments per weighted patient in the last year, dispensing left out",
    "GBP per year",
    rests="published_total",
    source=MONEY,
)
def per_weighted_last(world: World) -> float:
    """Payments without dispensing over weighted patients in the last year with payments."""
    return _per_weighted(world, _span(world)[1])


def _per_weighted(world: World, year: int) -> float:
    money = world.paid_in_all("total", year)
    money -= sum(world.paid_in_all(x, year) for x in ("drugs", "dispensing_fees", "prescribing_fees"))
    paid = ~np.isnan(world.every("published_total", year))
    weighted = world.every("weighted_list_published", year)
    return money / float(np.nansum(np.where(paid, weighted, 0)))


@figure("Rise of prices from the first to the last year with payments", "ratio", grade="M", source="GDP deflator")
def price_rise(world: World) -> float:
    """Prices of the last year over those of the first."""
    first, last = _span(world)
    return price_level(last) / price_level(first)


@figure(
    "Patients per qualified GP in the first year with payments",
    "patients per full-time equivalent",
    rests="list_size",
    grade="C",
    source="lists and national totals of GPs",
)
def load_first(world: World) -> float:
    """Registered patients over qualified GPs in the first year with payments."""
    return _load(world, _span(world)[0])


@figure(
    "Patients per qualified GP in the last year with payments",
    "patients per full-time equivalent",
    rests="list_size",
    grade="C",
    source="lists and national totals of GPs",
)
def load_last(world: World) -> float:
    """Registered patients over qualified GPs in the last year with payments."""
    return _load(world, _span(world)[1])


def _load(world: World, year: int) -> float:
    gps = chapters.load("people").values["qualified_gps_national"].in_year(year)
    return float(np.nansum(world.every("list_published", year)) / gps)


def price_level(year: int) -> float:
    """Prices of a year as a multiple of those of 2024/25."""
    return float(chapters.load("prices").values["price_index"].in_year(year))


@figure(
    "A partner's income of 2005/06, in prices of the year",
    "GBP per head per year",
    grade="B",
    source="GP Earnings and Expenses Estimates, GDP deflator",
)
def partner_income_2005(world: World) -> float:
    """Mean partner income of 2005/06, the year after the new contract, in prices of the world's year."""
    income = float(chapters.load("people").values["partner_income"].in_year(2005))
    return income * price_level(world.year) / price_level(2005)


def exits(world: World) -> tuple[Array, Array, Array, Array]:
    """Practice-years with payments at both ends: list, whether the code was gone a year later, deprivation fifth, on APMS."""
    return world.once("exits", lambda: _exits(world))


def _exits(world: World) -> tuple[Array, Array, Array, Array]:
    pairs = [(a, b) for a, b in pairwise(world.paid_years) if b == a + 1 and b <= world.year]
    if not pairs:
        raise MissingFact(
            "no two years with payments follow each other in this England", expected=f"{PAYMENTS} of two years in a row"
        )
    rows = []
    for a, b in pairs:
        here = np.nan_to_num(world.every("list_published", a)) > 0
        gone = ~(np.nan_to_num(world.every("list_published", b)) > 0)
        fifth, apms = world.every("deprivation_fifth", a), world.every("on_apms", a)
        rows.append(np.stack([world.every("list_published", a), gone, fifth, apms])[:, here])
    lists, gone, fifth, apms = np.concatenate(rows, 1)
    return lists, gone, fifth, apms


@figure("Lists in pairs of years with payments", "patients", rests="list_size", source=MONEY)
def exit_lists(world: World) -> Array:
    """The list of each practice in each year that is followed by another with payments."""
    return exits(world)[0]


@figure("Codes gone a year later", "yes or no", rests="list_size", source=MONEY)
def exit_gone(world: World) -> Array:
    """Whether each of those practices had no list a year later: closed, merged or taken over."""
    return exits(world)[1]


@figure(
    "Deprivation fifth in pairs of years with payments",
    "fifth, 1 the most deprived",
    rests="deprivation_fifth",
    source="Index of Multiple Deprivation",
)
def exit_fifths(world: World) -> Array:
    """The deprivation fifth of each of those practices."""
    return exits(world)[2]


@figure("APMS in pairs of years with payments", "yes or no", rests="on_apms", source=MONEY)
def exit_apms(world: World) -> Array:
    """Whether each of those practices was on APMS."""
    return exits(world)[3]


@figure(
    "Quality money of the same practices in two years in a row", "GBP per year", rests="published_qof", source=MONEY
)
def qof_two_years(world: World) -> Array:
    """Quality payments of practices paid in both of the last two years in a row with payments: (2, practice)."""
    return _two_years(world)[0]


@figure(
    "Weighted lists of the same practices in those years",
    "weighted patients",
    rests="weighted_list_published",
    source=MONEY,
)
def weighted_two_years(world: World) -> Array:
    """Weighted lists of the practices of `qof_two_years`: (2, practice)."""
    return _two_years(world)[1]


def _two_years(world: World) -> tuple[Array, Array]:
    pairs = [(a, b) for a, b in pairwise(world.paid_years) if b == a + 1 and b <= world.year]
    if not pairs:
        raise MissingFact(
            "no two years with payments follow each other in this England", expected=f"{PAYMENTS} of two years in a row"
        )
    paid, weighted = (
        np.stack([world.every(x, y) for y in pairs[-1]]) for x in ("published_qof", "weighted_list_published")
    )
    both = (np.nan_to_num(paid) > 0).all(0) & (np.nan_to_num(weighted) > FEWEST_PATIENTS).all(0)
    return paid[:, both], weighted[:, both]


def _guarantee_year(world: World) -> int:
    share = chapters.load("income_guarantee").values["correction_factor_share"]  # not known before it was cut
    for year in (y for y in world.paid_years if share.shares(y)):
        if world.is_known("published_correction_factor", year) and world.paid_in_all("correction_factor", year) > 1e6:
            return year
    raise MissingFact("no year here has correction factors", expected=f"{PAYMENTS} of a year from 2014/15 to 2019/20")


@figure(
    "Correction factors of GMS practices in the first year with any",
    "GBP per year",
    rests="published_correction_factor",
    source=MONEY,
)
def guarantee_paid(world: World) -> Array:
    """Correction factor of each GMS practice with a weighted list, in the first year with payments of it."""
    return _guarantee(world)[0]


@figure(
    "Weighted lists of GMS practices in that year", "weighted patients", rests="weighted_list_published", source=MONEY
)
def guarantee_weighted(world: World) -> Array:
    """Weighted list of each practice of `guarantee_paid`."""
    return _guarantee(world)[1]


def _guarantee(world: World) -> tuple[Array, Array]:
    year = _guarantee_year(world)
    paid, weighted = (
        np.nan_to_num(world.every(x, year)) for x in ("published_correction_factor", "weighted_list_published")
    )
    gms = (
        (np.nan_to_num(world.every("on_gms", year)) > 0)
        & (weighted > 0)
        & ~np.isnan(world.every("published_total", year))
    )
    return np.maximum(paid[gms], 0), weighted[gms]


@figure(
    "Part of the correction factor still paid in that year", "fraction", grade="A", source="income guarantee chapter"
)
def guarantee_left(world: World) -> float:
    """Sevenths of the correction factor left in the year of `guarantee_paid`."""
    return float(chapters.load("income_guarantee").values["correction_factor_share"].in_year(_guarantee_year(world)))


@figure("Seniority pay in the first year with any", "GBP per year", rests="published_seniority", source=MONEY)
def seniority_paid(world: World) -> float:
    """Seniority pay of all practices in the first year with payments of it."""
    return world.paid_in_all("seniority", _guarantee_year(world))


@figure("Weighted patients in that year", "weighted patients", rests="weighted_list_published", source=MONEY)
def seniority_weighted(world: World) -> float:
    """Weighted patients of practices paid in the year of `seniority_paid`."""
    year = _guarantee_year(world)
    paid = ~np.isnan(world.every("published_total", year))
    return float(np.nansum(np.where(paid, world.every("weighted_list_published", year), 0)))


@figure("Total payments in that year", "GBP per year", rests="published_total", source=MONEY)
def seniority_total(world: World) -> float:
    """Published total payments in the year of `seniority_paid`."""
    return world.paid_in_all("total", _guarantee_year(world))
