"""Published worked numbers of the quality framework, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gpcontract.chapters import load
from gpcontract.chapters.quality import rules

VALUES = load("quality").values
OPEN_ALL_YEAR = 1.0


def value(name: str, year: int) -> float:
    """A plain value's figure for a year."""
    return float(VALUES[name].in_year(year))


def places(printed: float) -> int:
    """Decimal places of a printed number."""
    return len(str(printed).partition(".")[2])


def achieved(points: float, price: float, patients: float, average: float) -> float:
    """Achievement payment for points already scaled by prevalence."""
    return float(rules.qof_achievement(points, price, rules.qof_population_index(patients, average), OPEN_ALL_YEAR))


def raw(inputs: dict[str, Any]) -> dict[str, float]:
    assert value("qof_point_value", 2004) == inputs["value"]
    return {"raw": achieved(inputs["points"], inputs["value"], 1.0, 1.0)}


def list_adjusted(inputs: dict[str, Any]) -> dict[str, float]:
    assert value("qof_average_list", 2004) == inputs["average"]
    return {"payment": achieved(inputs["raw"], 1.0, inputs["list"], inputs["average"])}


def by_prevalence(inputs: dict[str, Any], year: int) -> dict[str, float]:
    """The letter rounds prevalence to hundredths of a per cent and the factor to the places it prints."""
    assert value("qof_average_list", year) == inputs["average_list"]
    power = value("qof_prevalence_power", year)
    prevalence = np.round(rules.qof_group_prevalence(np.float64(inputs["register"]), np.float64(inputs["list"])), 4)
    scaled, mean = (
        rules.qof_scaled_prevalence(p, 0.0, 0.0, power) for p in (prevalence, inputs["national_prevalence"])
    )
    factor = round(float(rules.qof_prevalence_factor(np.float64(scaled), mean)), places(inputs["factor_as_printed"]))
    assert factor == inputs["factor_as_printed"]
    return {"payment": achieved(inputs["points"] * factor, inputs["value"], inputs["list"], inputs["average_list"])}


def area(inputs: dict[str, Any], year: int) -> dict[str, float]:
    """One clinical area; the source rounds both factors to two places."""
    price, average = value("qof_point_value", year), value("qof_average_list", year)
    assert (price, average) == (inputs["value"], inputs["average_list"])
    index = round(rules.qof_population_index(inputs["list"], average), 2)
    practice, nation = np.float64(inputs["practice_prevalence"]), inputs["national_prevalence"]
    factor = round(float(rules.qof_prevalence_factor(practice, nation)), 2)
    payment = rules.qof_achievement(inputs["points"] * factor, price, index, OPEN_ALL_YEAR)
    return {"cpi": index, "apdf": factor, "payment": payment}


def point_value(inputs: dict[str, Any], year: int) -> dict[str, float]:
    price, average = value("qof_point_value", year), value("qof_average_list", year)
    assert (price, average) == (inputs["value"], inputs["average_list"])
    return {"point_value": achieved(1.0, price, inputs["list"], average)}


def full(inputs: dict[str, Any], year: int) -> dict[str, float]:
    """All points at average prevalence."""
    points, price, average = (value(f"qof_{n}", year) for n in ("points_total", "point_value", "average_list"))
    assert (points, price) == (inputs["points"], inputs["value"])
    assert inputs.get("average_list", average) == average
    return {"payment": achieved(points, price, inputs.get("list", average), average)}


def uprated(inputs: dict[str, Any], year: int) -> dict[str, float]:
    """The value of a point that leaves its worth per patient as it was: an uprating index of 1."""
    old = value("qof_point_value", year - 1)
    averages = value("qof_average_list", year), value("qof_average_list", year - 1)
    assert (old, *averages) == (inputs["value_old"], inputs["avg_new"], inputs["avg_old"])
    unchanged = rules.qof_uprating(old, averages[0], 1.0, old, averages[1], 1.0)
    return {"value_new": old / float(unchanged)}


def threshold(inputs: dict[str, Any]) -> dict[str, float]:
    """CHOL004 in 2025/26, of 100 patients counted."""
    at = VALUES["qof_indicator_points"].keys["indicator"].index("CHOL004")
    points, lower, upper = (VALUES[f"qof_indicator_{n}"].in_year(2025)[at] for n in ("points", "lower", "upper"))
    assert (points, lower, upper) == (inputs["points"], inputs["lower"] / 100, inputs["upper"] / 100)
    patients = np.full((1, 1, 1, 1), 100.0)
    share = rules.qof_indicator_achievement(np.full((1, 1, 1, 1), float(inputs["achievement_pct"])), patients)
    empty = value("qof_empty_indicator_share", 2025)
    return {"points": rules.qof_indicator_earned(share, patients, points, lower, upper, empty).item()}


def composition(_: dict[str, Any]) -> dict[str, float]:
    """Every kind of point of 2020/21 achieved whole."""
    parts = (value(f"qof_points_{n}", 2020) for n in ("total", "awarded_in_full", "protected"))
    return {"total": float(rules.qof_protected_points(1.0, 1.0, *parts, 1.0))}


def recycled(_: dict[str, Any]) -> dict[str, float]:
    total = float(VALUES["qof_indicator_points"].in_year(2025).sum())
    return {"total": total, "recycled": float(VALUES["qof_indicator_points"].in_year(2024).sum()) - total}


def table_of_2026(_: dict[str, Any]) -> dict[str, float]:
    """Every indicator of 2026/27 paid in full at average prevalence."""
    points = VALUES["qof_indicator_points"].in_year(2026)[:, None, None, None]
    unscaled = np.zeros_like(points)
    groups = np.ones((100, 1, 1, 1))
    paid = rules.qof_scaled_points_by_indicator(points, groups, unscaled, points, value("qof_points_unresolved", 2026))
    return {"total": paid.item()}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "qof-01": raw,
    "qof-02": list_adjusted,
    "prev-01": lambda inputs: by_prevalence(inputs, 2004),
    "prev-02": lambda inputs: by_prevalence(inputs, 2004),
    "prev-03": lambda inputs: by_prevalence(inputs, 2009),
    "prev-04": lambda inputs: by_prevalence(inputs, 2009),
    "qof-03": lambda inputs: area(inputs, 2022),
    "qof-04": lambda inputs: area(inputs, 2021),
    "cpi-01": lambda inputs: point_value(inputs, 2016),
    "cpi-02": lambda inputs: point_value(inputs, 2016),
    "qof-07": lambda inputs: full(inputs, 2019),
    "qof-08": lambda inputs: full(inputs, 2020),
    "qof-09": lambda inputs: full(inputs, 2025),
    "upr-01": lambda inputs: uprated(inputs, 2013),
    **{f"upr-{y - 2013:02d}": (lambda inputs, y=y: uprated(inputs, y)) for y in range(2015, 2027)},
    "qofmix-01": composition,
    "qofmix-02": recycled,
    "qofmix-03": table_of_2026,
    **{f"thr-{n:02d}": threshold for n in range(1, 5)},
}
