"""Facts by indicator and group from frames of the framework's raw files."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gpcontract.engine.errors import DataError
from gpcontract.england.assembly.indicators import groups, indicator_facts, indicators
from gpcontract.england.facts import catalogue
from gpcontract.england.publications import Publication

YEARS, CODES = (2022, 2023, 2024), ("A81001", "A81002", "B82001")
AF006, VI001, AF001 = (indicators().index(c) for c in ("AF006", "VI001", "AF001"))


def results(
    rows: list[tuple[str, str, str, float | None]], year: int = 2023, file: str = "ACHIEVEMENT.csv"
) -> Publication:
    frame = pl.DataFrame(rows, schema=["practice", "indicator", "measure", "value"], orient="row")
    return Publication("qof_indicators", year, frame.cast({"value": pl.Float64}), (file,))


def registers(rows: list[tuple[str, str, float | None]], year: int = 2023) -> Publication:
    frame = pl.DataFrame(rows, schema=["practice", "group", "register"], orient="row")
    extra = frame.cast({"register": pl.Float64}).with_columns(list_type=pl.lit("TOTAL"), list_size=pl.lit(9000.0))
    return Publication("qof_prevalence", year, extra, ("PREVALENCE.csv",))


ROWS = [
    ("A81001", "AF001", "points", 5.0),
    ("A81001", "AF001", "register", 120.0),
    ("A81001", "AF006", "points", 11.5),
    ("A81001", "AF006", "numerator", 90.0),
    ("A81001", "AF006", "denominator", 95.0),
    ("A81001", "AF006", "pcas", 5.0),
    ("A81002", "AF006", "numerator", 10.0),
    ("A81002", "AF006", "denominator", 20.0),
    ("A81001", "VI001", "numerator", 30.0),
    ("A81001", "VI001", "denominator", 32.0),
    ("Z99999", "AF006", "numerator", 1.0),
]


def test_counts_are_laid_out_by_indicator_year_and_practice() -> None:
    made = indicator_facts([results(ROWS), registers([("A81001", "AF", 120.0)])], YEARS, CODES)
    assert set(made) == {
        "indicator_numerator",
        "indicator_denominator",
        "indicator_pcas",
        "group_register",
        "qof_points",
    }
    assert set(made) <= set(catalogue())
    assert made["indicator_numerator"].shape == (len(indicators()), 1, 3, 3)
    assert made["group_register"].shape == (len(groups()), 1, 3, 3)
    assert made["indicator_numerator"][AF006, 0, 1, 0] == 90
    assert made["indicator_denominator"][AF006, 0, 1, 0] == 100, "the publisher's leaves out the adjusted"
    assert made["indicator_pcas"][AF006, 0, 1, 0] == 5
    assert made["group_register"][groups().index("AF"), 0, 1, 0] == 120
    assert made["qof_points"][0, 1, 0] == 16.5
    assert np.isnan(made["qof_points"][0, 1, 1:]).all()
    assert np.isnan(made["indicator_numerator"][:, 0, [0, 2]]).all(), "no file for the other years"


def test_adjustments_that_nobody_has_are_none_and_missing_ones_are_not_known() -> None:
    made = indicator_facts([results(ROWS)], YEARS, CODES)
    assert made["indicator_denominator"][VI001, 0, 1, 0] == 32, "no practice adjusts this indicator"
    assert np.isnan(made["indicator_denominator"][AF006, 0, 1, 1]), "others have adjustments; this one's are missing"
    assert np.isnan(made["indicator_denominator"][AF001, 0, 1, 0]), "a register counts nobody"


def test_files_of_one_year_are_joined() -> None:
    north, south = (
        results(ROWS[:6], file="NORTH.csv"),
        results([("B82001", "AF006", "numerator", 4.0)], file="SOUTH.csv"),
    )
    made = indicator_facts([north, south], YEARS, CODES)
    assert made["indicator_numerator"][AF006, 0, 1, [0, 2]].tolist() == [90, 4]


def test_codes_without_a_table_are_told_of_and_their_points_count() -> None:
    warnings: list[str] = []
    made = indicator_facts(
        [results([("A81001", "AST002", "points", 15.0)]), registers([("A81001", "XYZ", 3.0)])], YEARS, CODES, warnings
    )
    assert made["qof_points"][0, 1, 0] == 15
    assert any("AST002" in w and "ACHIEVEMENT.csv" in w for w in warnings)
    assert any("XYZ" in w and "not used" in w for w in warnings)


def test_a_numerator_above_its_denominator_is_named() -> None:
    rows = [
        ("A81002", "AF006", "numerator", 21.0),
        ("A81002", "AF006", "denominator", 20.0),
        ("A81002", "AF006", "pcas", 0.0),
    ]
    with pytest.raises(
        DataError, match=r"AF006 of practice A81002 in 2023/24 has numerator 21 above its denominator 20"
    ):
        indicator_facts([results(rows)], YEARS, CODES)
    warnings: list[str] = []
    made = indicator_facts([results(rows)], YEARS, CODES, warnings)
    assert np.isnan(made["indicator_denominator"][AF006, 0, 1, 1])
    assert any("A81002" in w for w in warnings)


@pytest.mark.parametrize("value", [-1.0, float("inf")])
def test_absurd_counts_are_refused(value: float) -> None:
    with pytest.raises(DataError, match="A81001"):
        indicator_facts([results([("A81001", "AF006", "numerator", value)])], YEARS, CODES)
    with pytest.raises(DataError, match="A81001"):
        indicator_facts([registers([("A81001", "AF", value)])], YEARS, CODES)


def test_nothing_comes_of_nothing() -> None:
    assert indicator_facts([], YEARS, CODES) == {}
    assert indicator_facts([results(ROWS, year=2019)], YEARS, CODES) == {}
    empty = results([("A81001", "AF006", "numerator", None)])
    assert "qof_points" not in indicator_facts([empty], YEARS, CODES)
