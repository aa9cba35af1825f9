"""Figures of money: what is published of it, and what networks are paid."""

from __future__ import annotations

import numpy as np

from ....engine.errors import MissingFact
from ....engine.years import year_name
from ....england.facts import Array
from ..inputs import figure
from ..world import PAYMENTS, World
from . import MONEY

NETWORK_LINES = (
    "network_participation",
    "network_support",
    "network_leadership",
    "network_extended_hours",
    "network_enhanced_access",
    "network_care_home",
    "network_workforce",
    "network_investment_fund",
    "network_capacity_access",
)
FORMING_LINES = ("network_participation", "network_support", "network_leadership")
LOCAL_LINES = ("local_incentives", "transformation", "winter_access", "other", "administration")
NATIONAL_LINES = ("global_sum", "qof", "network_participation")


@figure("All money paid for general practice, networks with it", "GBP per year", rests="published_total", source=MONEY)
def money_paid(world: World) -> float:
    """Published money with networks and covid where the year has it, else the national contract's bill."""
    if world.is_published("total_with_all"):
        return world.paid_in_all("total_with_all")
    return world.bill()


@figure("Total payments to practices", "GBP per year", rests="published_total", source=MONEY)
def total_paid(world: World) -> float:
    """The published total, without networks and covid."""
    return world.paid_in_all("total")


@figure("Total payments to each practice, dispensing left out", "GBP per year", rests="published_total", source=MONEY)
def paid_without_dispensing(world: World) -> Array:
    """Payments to each practice without drugs, dispensing fees and prescribing fees."""
    return sum((-world.paid(x) for x in ("drugs", "dispensing_fees", "prescribing_fees")), world.paid("total"))


@figure(
    "Local enhanced services and incentive schemes", "GBP per year", rests="published_local_incentives", source=MONEY
)
def local_paid(world: World) -> float:
    """Local incentive schemes, all practices."""
    return world.paid_in_all("local_incentives")


@figure("Local incentive schemes of each practice", "GBP per year", rests="published_local_incentives", source=MONEY)
def local_by_practice(world: World) -> Array:
    """Local incentive schemes of each practice."""
    return world.paid("local_incentives")


@figure("Money that boards decide, of each practice", "GBP per year", rests="published_local_incentives", source=MONEY)
def board_money(world: World) -> Array:
    """Local schemes, transformation, winter access, other payments and administration: lines with no national rate."""
    return sum((world.paid(x) for x in LOCAL_LINES if world.is_published(x)), world.paid("local_incentives") * 0)


@figure("Money by national rates, of each practice", "GBP per year", rests="published_global_sum", source=MONEY)
def national_money(world: World) -> Array:
    """Global sum, quality framework and network participation: lines that pay everybody by one price list."""
    return sum((world.paid(x) for x in NATIONAL_LINES if world.is_published(x)), world.paid("global_sum") * 0)


@figure("Practices on a GMS contract", "yes or no", rests="on_gms", source=MONEY)
def on_gms(world: World) -> Array:
    """Whether each practice is on GMS."""
    return world.fact("on_gms")


@figure("Practices on an APMS contract", "yes or no", rests="on_apms", source=MONEY)
def on_apms(world: World) -> Array:
    """Whether each practice is on APMS."""
    return world.fact("on_apms")


@figure("Premises payments", "GBP per year", rests="published_premises", source=MONEY)
def premises_paid(world: World) -> float:
    """Premises payments, all practices."""
    return world.paid_in_all("premises")


@figure("Quality framework money of each practice", "GBP per year", rests="published_qof", source=MONEY)
def qof_paid(world: World) -> Array:
    """QOF payments of each practice."""
    return world.paid("qof")


@figure(
    "Investment and impact fund, each practice's patients' share",
    "GBP per year",
    rests="list_size",
    source=MONEY + " or the national contract",
)
def fund_paid(world: World) -> Array:
    """The networks' investment and impact fund, as published or else as the national contract has it."""
    return world.line("network_investment_fund")


@figure(
    "Money paid to or through networks", "GBP per year", rests="list_size", source=MONEY + " or the national contract"
)
def network_paid(world: World) -> float:
    """Every network line, as published or else as the national contract has it."""
    total = float(sum(_line(world, x) for x in NETWORK_LINES))
    if not total:
        raise MissingFact(f"there were no networks in {year_name(world.year)}", expected="a year from 2019/20")
    return total


@figure(
    "Money for taking part in, running and leading networks",
    "GBP per year",
    rests="list_size",
    source=MONEY + " or the national contract",
)
def network_forming_paid(world: World) -> float:
    """Participation, core support and leadership."""
    return float(sum(_line(world, x) for x in FORMING_LINES))


@figure(
    "Money for running and leading networks",
    "GBP per year",
    rests="list_size",
    source=MONEY + " or the national contract",
)
def network_leadership_paid(world: World) -> float:
    """Core support and leadership."""
    return float(sum(_line(world, x) for x in FORMING_LINES[1:]))


def _line(world: World, line: str) -> float:
    """A network line over all practices. A line of the contract stands only where no network line is published for the year."""
    if world.is_published(line):
        return world.paid_in_all(line)
    if world.is_published("total_with_all"):
        return 0.0  # the year publishes what networks got, and this line is not among it
    return float(world.line(line).sum())


@figure(
    "Additional roles money for each patient by deprivation fifth, in the last year that prints it",
    "GBP per patient",
    rests="published_network_workforce",
    source=MONEY,
)
def roles_by_fifth(world: World) -> Array:
    """Additional roles money for each patient, from the most deprived fifth to the least."""
    years = [y for y in world.paid_years if y <= world.year and world.is_known("published_network_workforce", y)]
    if not years:
        raise MissingFact(
            "no year here prints what networks were paid for staff", expected=f"{PAYMENTS} of 2020/21 to 2022/23"
        )
    paid, fifth = world.paid("network_workforce", years[-1]), world.fact("deprivation_fifth", years[-1])
    sizes = world.fact("list_size", years[-1])
    return np.array([paid[fifth == f].sum() / sizes[fifth == f].sum() for f in (1, 2, 3, 4, 5)])
