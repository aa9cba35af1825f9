"""Figures that claims read from the proposals' contracts: bills, who holds lists, and measures by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ...spread import variation
from ..inputs import Figure, add_figure
from ..world import World


def mean(world: World, contract: str, measure: str) -> float:
    """The mean of a measure over patients."""
    x, n = world.measure(contract, measure), world.fact("list_size")
    known = ~np.isnan(x)
    return float((x[known] * n[known]).sum() / n[known].sum())


def total(world: World, contract: str, measure: str) -> float:
    """The sum of a measure over practices."""
    return float(np.nansum(world.measure(contract, measure)))


def largest(world: World, contract: str, measure: str) -> float:
    """The largest a measure is for any practice: for measures that say one thing of the nation to all."""
    return float(np.nanmax(world.measure(contract, measure)))


def mean_where(world: World, contract: str, measure: str) -> float:
    """The mean over patients of the practices where a measure is not 0."""
    x, n = np.nan_to_num(world.measure(contract, measure)), world.fact("list_size")
    some = x > 0
    return float((x[some] * n[some]).sum() / n[some].sum()) if some.any() else 0.0


def paid(world: World, contract: str, line: str) -> float:
    """A line of a contract over all practices."""
    return float(world.line(line, contract).sum())


def bill(world: World, contract: str, fund: str) -> float:
    """The bill of a contract from one fund."""
    return world.bill(contract, fund)


def spread(world: World, contract: str, payee: str) -> float:
    """Spread between boards of running money to one payee for each weighted patient of GMS practices, per cent of the mean."""
    among = world.members() & (np.nan_to_num(world.every("on_gms")) > 0)
    money = world.result(contract).total(world.year, payee)[among] / 100
    x = world.every("weighted_list_published")[among]
    weighted = np.where(np.isnan(x), world.every("list_size")[among], x)
    board = world.place("board")[among[world.members()]]
    here = board >= 0
    n = np.bincount(board[here], weights=weighted[here]).astype(np.float64)
    pounds = np.bincount(board[here], weights=money[here])
    return variation(pounds[n > 0] / n[n > 0], n[n > 0])


def _reading(how: Callable[[World, str, str], float], contract: str, what: str, world: World) -> float:
    return how(world, contract, what)


AYS, HEWITT, REFORM, RISING, SECURING = (
    "at_your_service",
    "hewitt_review",
    "primary_care_reform",
    "rising_to_the_challenge",
    "securing_the_future",
)
YEARLY, PRACTICES, SHARE = "GBP per year", "practices", "fraction"
TABLE = (
    ("bill_at_your_service", bill, AYS, "running", "Running bill of At your service", YEARLY),
    ("once_at_your_service", bill, AYS, "once", "What At your service pays once", "GBP"),
    ("bill_primary_care_reform", bill, REFORM, "running", "Running bill of Primary care reform", YEARLY),
    ("bill_hewitt_review", bill, HEWITT, "running", "Running bill of the Hewitt review", YEARLY),
    (
        "spread_national",
        spread,
        "national",
        "practice",
        "Spread between boards, national contract",
        "per cent of the mean",
    ),
    ("spread_hewitt", spread, HEWITT, "practice", "Spread between boards, Hewitt review", "per cent of the mean"),
    ("hewitt_queue_cost", total, HEWITT, "buyout_queue_cost", "Cost of buying out all who are eligible", "GBP"),
    ("hewitt_eligible", total, HEWITT, "buyout_eligible", "Practices expected to be eligible for buy-out", PRACTICES),
    ("hewitt_outcome_pay", paid, HEWITT, "outcome_pay", "Money paid on outcomes under the Hewitt review", YEARLY),
    (
        "hewitt_luck",
        mean_where,
        HEWITT,
        "luck_on_own_figures",
        "Outcome pay by luck, on practices' own figures",
        "GBP per patient",
    ),
    (
        "reform_digital_cut",
        mean_where,
        REFORM,
        "digital_first_cut_share",
        "Cut of digital-first funding by all three changes",
        SHARE,
    ),
    ("reform_liability", total, REFORM, "partner_liability", "Liabilities that partners answer for", "GBP"),
    ("reform_liability_lifted", total, REFORM, "partner_liability_lifted", "Partners' liabilities taken off", "GBP"),
    (
        "reform_indemnity_lifted",
        total,
        REFORM,
        "indemnity_lifted",
        "Insurance that practices and GPs no longer pay",
        YEARLY,
    ),
    (
        "rising_nights_taken_back",
        total,
        RISING,
        "out_of_hours_taken_back",
        "Patients whose practice takes nights back",
        "patients",
    ),
    ("rising_movers", total, RISING, "choice_movers", "Patients who change practice because they may", "patients"),
    ("rising_under_standard", total, RISING, "practices_under_standard", "Practices under the standard", PRACTICES),
    (
        "rising_flip",
        total,
        RISING,
        "practices_that_flip",
        "Of those, over it next year with nothing changed",
        PRACTICES,
    ),
    (
        "rising_luck_withheld",
        total,
        RISING,
        "standard_withheld_by_luck",
        "Withholding that allowing for chance prevents",
        YEARLY,
    ),
    ("securing_patients", total, SECURING, "patients_opted_in", "Patients under the new contract", "patients"),
    (
        "securing_selection_cost",
        total,
        SECURING,
        "selection_cost",
        "Budgets beyond what joiners' patients cost",
        YEARLY,
    ),
    (
        "securing_exposure",
        mean_where,
        SECURING,
        "network_exposure",
        "Loss of a network one year in twenty",
        "GBP per patient",
    ),
    ("moved_securing_the_future", bill, SECURING, "moved", "Money moved in under Securing the future", YEARLY),
)
TITLES = {
    "national": "The national contract",
    AYS: "At your service",
    HEWITT: "The Hewitt review",
    REFORM: "Primary care reform",
    RISING: "Rising to the challenge",
    SECURING: "Securing the future",
}
for _name, _how, _contract, _what, _title, _unit in TABLE:
    add_figure(
        Figure(
            _name,
            _title,
            _unit,
            partial(_reading, _how, _contract, _what),
            grade="C",
            source=f"{TITLES[_contract]}, as priced here",
            priced=True,
        )
    )


def passed(world: World, value: str) -> float:
    """A value as At your service sets it."""
    return float(world.contract(AYS).value_arrays((world.year,), [value])[value].ravel()[0])


def passed_ends(world: World, value: str) -> tuple[float, float] | None:
    """The range of the edit by which At your service sets a value."""
    return next((e.range for e in world.contract(AYS).value_edits if e.value == value and e.range), None)


for _kind, _holder in (("trust", "trusts"), ("network", "collaboratives of practices"), ("company", "companies")):
    add_figure(
        Figure(
            f"passes_to_{_kind}",
            f"Share of partnerships' lists that passes to {_holder} under At your service",
            SHARE,
            partial(passed, value=f"share_to_{_kind}"),
            grade="C",
            source="At your service, as written here",
            priced=True,
            ends=partial(passed_ends, value=f"share_to_{_kind}"),
        )
    )
