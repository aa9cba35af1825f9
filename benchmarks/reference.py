"""The workload written straight in NumPy, with no engine: what every result is compared with before anything is timed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from workload import BANDS, INDICATORS, OUTPUTS, Array


def reference(facts: Mapping[str, Array], yearly: Mapping[str, list[float]]) -> dict[str, Array]:
    """The three outputs, (year, practice), from facts and each value's figures by year."""
    x = {k: v[..., 0, :, :] for k, v in facts.items()}
    p = {k: np.array(v)[:, None] for k, v in yearly.items()}
    size = np.zeros_like(x["mortality"])
    work = np.zeros_like(size)
    for at, band in enumerate(BANDS):
        size += x["list_by_band"][at]
        work += p[f"workload_{band}"] * x["list_by_band"][at]
    people = size.sum(axis=1)[:, None]
    scores = (
        1 + p["care_home_weight"] * x["care_home_patients"] / size,
        1 + p["new_registration_weight"] * x["new_registrations"] / size,
        p["needs_constant"] + p["needs_mortality"] * x["mortality"] + p["needs_illness"] * x["limiting_illness"],
        x["staff_market_forces"],
        1 + p["rural_slope"] * np.log1p(1 / x["population_density"]),
    )
    raw = size * (work / size) / (work.sum(axis=1)[:, None] / people)
    for score in scores:
        raw = raw * score / ((score * size).sum(axis=1)[:, None] / people)
    weighted = raw * people / raw.sum(axis=1)[:, None]
    priced = weighted * p["global_sum_price"]
    core = priced - np.where(x["opted_out"] > 0, priced * p["out_of_hours_share"], 0)
    core = core + x["london_list"] * p["london_rate"] + x["correction_factor"] * p["correction_share"]
    points, quality = np.zeros_like(size), np.zeros_like(size)
    for name in INDICATORS:
        register, lower, upper = x[f"{name}_register"], p[f"{name}_lower"], p[f"{name}_upper"]
        won = p[f"{name}_points"] * np.clip((x[f"{name}_treated"] / register - lower) / (upper - lower), 0, 1)
        prevalence = (register / size) / (register.sum(axis=1)[:, None] / people)
        points += won
        quality += won * p["point_value"] * (size / (people / size.shape[1])) * prevalence
    return dict(zip(OUTPUTS, (core + quality, points, (core + quality) / weighted), strict=True))


def compare(found: Mapping[str, Array], wanted: Mapping[str, Array], tolerance: float, who: str) -> None:
    """Stop where any output of any practice and year is out by more than the tolerance, relative."""
    for name, right in wanted.items():
        got = np.asarray(found[name], float).reshape(right.shape)
        error = float(np.max(np.abs(got - right) / np.maximum(np.abs(right), 1e-9)))
        if not error <= tolerance:
            raise SystemExit(f"{who}: '{name}' is out by {error:.2g}, more than {tolerance:g}; nothing was timed")
