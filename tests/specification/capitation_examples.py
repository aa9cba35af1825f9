"""Published worked numbers of the global sum, worked out again by its rules and dated values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from gpcontract.chapters.capitation import rules
from gpcontract.chapters.pms import rules as local
from gpcontract.contracts import Result
from worked_examples import at, in_year, printed_on

PRICE, SHARE = "global_sum_price", "ooh_deduction_share"


def priced(inputs: dict[str, Any]) -> dict[str, float]:
    """The weighted list at the price of 2022/23, before any deduction."""
    price = in_year("capitation", PRICE, 2022)
    assert price == inputs["price"]
    return {"global_sum": rules.priced_list(inputs["weighted_population"], price)}


def deduction(inputs: dict[str, Any], day: date) -> dict[str, float]:
    """The out-of-hours deduction of one weighted patient, at the price that stood on a day."""
    price, share = printed_on("capitation", PRICE, day), printed_on("capitation", SHARE, day)
    assert (price, share) == (inputs["price"], inputs["ooh_percent"])
    return {"deduction": rules.out_of_hours_deduction(rules.priced_list(1, price), share, 1)}


def price_change(inputs: dict[str, Any], before: int, after: int) -> dict[str, float]:
    """What a PMS practice's baseline rises by for a weighted patient: the change in the price between two years."""
    old, new = in_year("capitation", PRICE, before), in_year("capitation", PRICE, after)
    assert (old, new) == (inputs["old"], inputs["new"])
    change = local.pms_uplift(1, 1, new, old)
    return {"change": change, "percent": change / rules.priced_list(1, old) * 100}


def opted_out_patient(inputs: dict[str, Any], year: int) -> dict[str, float]:
    """The global sum of one weighted patient of a GMS practice that is open all year and opted out, outside London."""
    price, share = in_year("capitation", PRICE, year), in_year("capitation", SHARE, year)
    assert (round(price, 2), share) == (inputs["price"], inputs["ooh"])
    initial = rules.initial_global_sum(rules.priced_list(1, price), 0, 0, 1, 1)
    off = rules.out_of_hours_deduction(initial, share, 1)
    return {"median_paid": rules.global_sum(initial, off, rules.no_other_deductions(initial))}


def normalised(inputs: dict[str, Any]) -> dict[str, float]:
    """Three practices with all of England's patients and unlike needs: weighted patients add up to registered ones."""
    lists = np.array([0.5, 0.3, 0.2]) * inputs["registered"]
    raw = rules.raw_weighted_list(lists, np.array([0.8, 1.0, 1.3]))
    total = rules.national_weighted_list_as_registered(lists)
    return {"weighted": rules.weighted_list(raw, rules.national_raw_weighted_list(raw), total).sum()}


def median_paid(inputs: dict[str, Any], result: Result, year: int) -> dict[str, float]:
    """The modelled global sum per published weighted patient, median of GMS practices with over 2,000 of them."""
    y, england = at(result, year), result.england
    assert (round(in_year("capitation", PRICE, year), 2), in_year("capitation", SHARE, year)) == (
        inputs["price"],
        inputs["ooh"],
    )
    weighted, gms = england.fact("weighted_list_published")[0, y], england.fact("on_gms")[0, y]
    among = (gms > 0) & (weighted > 2000) & (england.fact("published_global_sum")[0, y] > 0)
    return {"median_paid": float(np.median(result.amounts("global_sum")[0, y][among] / weighted[among]))}


def weighted_total(inputs: dict[str, Any], result: Result, year: int) -> dict[str, float]:
    """Weighted patients for each registered patient of this England, on the printed number of patients."""
    y = at(result, year)
    printed = float(np.nansum(result.england.fact("list_published")[0, y]))
    assert abs(printed - inputs["registered"]) < 1
    weighted, registered = (result.arrays[f"national_{n}"][0, y, 0] for n in ("weighted_list", "list"))
    return {"weighted": printed * weighted / registered}


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "gs-01": priced,
    "ooh-03": lambda inputs: deduction(inputs, date(2023, 4, 1)),
    "ooh-04": lambda inputs: deduction(inputs, date(2025, 4, 1)),
    "gsup-01": lambda inputs: price_change(inputs, 2024, 2025),
    "gsup-02": lambda inputs: price_change(inputs, 2023, 2025),
    "gsup-04": lambda inputs: price_change(inputs, 2023, 2024),
    "gsup-05": lambda inputs: price_change(inputs, 2021, 2022),
    "gsup-06": lambda inputs: price_change(inputs, 2020, 2021),
    **{f"emp-{y}": (lambda inputs, y=y: opted_out_patient(inputs, y)) for y in range(2014, 2023)},
    **{f"norm-{y}": normalised for y in (2014, 2019, 2022)},
}

CALIBRATIONS: dict[str, Callable[[dict[str, Any], Result], dict[str, float]]] = {
    **{f"emp-{y}": (lambda inputs, result, y=y: median_paid(inputs, result, y)) for y in range(2014, 2023)},
    **{f"norm-{y}": (lambda inputs, result, y=y: weighted_total(inputs, result, y)) for y in (2014, 2019, 2022)},
}
