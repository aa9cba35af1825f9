"""Published worked numbers of the network service, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpcontract.chapters import load
from gpcontract.chapters.network import rules

VALUES = load("network").values


def value(name: str, year: int) -> float:
    """A plain value's figure for a year."""
    return float(VALUES[name].in_year(year))


def core(year: int) -> float:
    """Core funding of one registered and adjusted patient."""
    rates = value("network_core_registered_rate", year), value("network_core_adjusted_rate", year)
    return rules.core_network_funding(1, 1, *rates)


def core_rate(inputs: dict[str, Any], year: int) -> dict[str, float]:
    assert value("network_core_registered_rate", year) == inputs["registered"]
    assert value("network_core_adjusted_rate", year) == inputs["adjusted"]
    return {"total": core(year)}


def core_director_leadership(inputs: dict[str, Any]) -> dict[str, float]:
    director, leadership = value("network_clinical_director_rate", 2023), value("network_leadership_rate", 2023)
    assert (value("network_core_registered_rate", 2023), director, leadership) == (
        inputs["core"],
        inputs["cd"],
        inputs["lm"],
    )
    led = rules.network_leadership(
        rules.clinical_director_contribution(1, director), rules.leadership_payment(1, leadership)
    )
    return {"total": core(2023) + led}


def additional_roles(inputs: dict[str, Any]) -> dict[str, float]:
    rate = value("additional_roles_rate", 2022)
    assert rate == inputs["rate"]
    large, small = (rules.additional_roles_sum(p, rate) for p in inputs["populations"])
    return {"p50k": large, "p30k": small}


def additional_roles_rise(inputs: dict[str, Any]) -> dict[str, float]:
    """The source rounds both rates to pence, so its rounded rates go through the rule."""
    old, new = value("additional_roles_rate", 2021), value("additional_roles_rate", 2022)
    assert (round(old, 2), round(new, 2)) == (inputs["old"], inputs["new"])
    before, after = (rules.additional_roles_sum(inputs["population"], inputs[k]) for k in ("old", "new"))
    return {"increase": after - before}


def care_home_premium(inputs: dict[str, Any]) -> dict[str, float]:
    rate = value("network_care_home_bed_rate", 2020)
    assert rate == pytest.approx(inputs["monthly"] * inputs["months"])
    return {"total": rules.network_care_home(1, 1, rate)}


def participation(inputs: dict[str, Any]) -> dict[str, float]:
    rate = value("network_participation_rate", 2024)
    assert rate == inputs["annual"]
    return {"monthly": rules.network_participation(1, rate) / 12}


def capacity_split(inputs: dict[str, Any]) -> dict[str, float]:
    """The national sum in the proportion of the two printed rates."""
    support = rules.capacity_support(1, value("capacity_support_rate", 2023))
    improvement = rules.capacity_improvement_maximum(1, value("capacity_improvement_rate", 2023))
    share = support / (support + improvement)
    return {"casp": inputs["total_m"] * share, "caip": inputs["total_m"] * (1 - share)}


def scheme_population(inputs: dict[str, Any]) -> dict[str, float]:
    """How many adjusted patients the scheme's national sum pays for."""
    rate = value("gp_reimbursement_rate", 2026)
    assert rate == inputs["rate"]
    return {"population_m": inputs["total"] / rules.gp_reimbursement_sum(1, rate) / 1e6}


def average_network_fund(inputs: dict[str, Any]) -> dict[str, float]:
    points, point_value = value("iif_points", 2024), value("iif_point_value", 2024)
    assert (points, point_value) == (inputs["points"], inputs["value"])
    assert points == VALUES["iif_indicator_points"].in_year(2024).sum()
    lists = 50_000 * inputs["list_adj"], 50_000
    return {"payment": float(rules.network_investment_fund(points, point_value, *lists, inputs["prev_adj"]))}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "pcn-01": lambda inputs: core_rate(inputs, 2024),
    "pcn-02": lambda inputs: core_rate(inputs, 2025),
    "pcn-03": core_director_leadership,
    "pcn-04": additional_roles,
    "pcn-05": additional_roles_rise,
    "pcn-06": care_home_premium,
    "pcn-07": participation,
    "pcn-08": capacity_split,
    "pcn-09": scheme_population,
    "iif-01": average_network_fund,
}
