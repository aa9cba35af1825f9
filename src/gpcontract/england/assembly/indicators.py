"""The quality framework's indicators and groups as axes of facts, and the official raw files laid out along them.

Facts by indicator are shaped (indicator, 1, year, practice), by group (group, 1, year, practice), in the order of
indicators.yaml. The publisher's DENOMINATOR leaves out patients with a personalised care adjustment (an exception before
2019/20); the fact `indicator_denominator` counts them, as the contract does before it takes them off.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...engine.errors import DataError
from ...engine.years import year_name, year_of
from ..facts import Array

if TYPE_CHECKING:
    import polars as pl

    from ..publications import Publication


@cache
def described() -> dict[str, dict[str, str]]:
    """Domain, group and ages of each indicator that any year's table holds, in the order of the axis."""
    import yaml

    text = Path(__file__).with_name("indicators.yaml").read_text(encoding="utf-8")
    made: dict[str, dict[str, str]] = yaml.load(text, yaml.CSafeLoader)
    return made


@cache
def indicators() -> tuple[str, ...]:
    """Codes of the indicator axis."""
    return tuple(described())


@cache
def groups() -> tuple[str, ...]:
    """Codes of the group axis, each where its first indicator stands."""
    return tuple(dict.fromkeys(one["group"] for one in described().values()))


@cache
def group_of_indicator() -> npt.NDArray[np.intp]:
    """Position on the group axis of each indicator's group: (indicator,)."""
    at = {code: i for i, code in enumerate(groups())}
    return np.array([at[one["group"]] for one in described().values()])


def indicator_facts(
    publications: Iterable[Publication],
    years: tuple[int, ...],
    codes: tuple[str, ...],
    warnings: list[str] | None = None,
) -> dict[str, Array]:
    """Facts from the raw files of the framework, for some years and practices; only those that the files give.

    indicator_numerator, indicator_denominator (before care adjustments), indicator_pcas: (indicator, 1, year, practice);
    group_register: (group, 1, year, practice); qof_points: (1, year, practice), the sum of the points published for every
    indicator. NaN where a practice has no row. A numerator above its denominator makes that cell NaN and is told of in
    `warnings`, as are codes that no table has; without `warnings` it raises DataError, as a count below nought always does.
    """
    kept = [p for p in publications if p.kind in ("qof_indicators", "qof_prevalence") and p.when in years]
    results = [p for p in kept if p.kind == "qof_indicators"]
    registers = [p for p in kept if p.kind == "qof_prevalence"]
    made: dict[str, Array] = {}
    if results:
        made |= _results(results, years, codes, warnings)
    if registers:
        made["group_register"] = _blank(len(groups()), years, codes)
        for p in registers:
            frame = p.frame.rename({"group": "code", "register": "value"})
            _check(frame, p, "register")
            _scatter(made["group_register"], frame, groups(), codes, years.index(_year(p)))
    if warnings is not None:
        warnings += [sentence for p in kept if (sentence := _strange(p))]
    return made


def _strange(p: Publication) -> str | None:
    """A sentence naming the indicators or groups of a file that no table of the contract has."""
    axis, column = (indicators(), "indicator") if p.kind == "qof_indicators" else (groups(), "group")
    strange = sorted(set(p.frame[column].drop_nulls().unique().to_list()) - set(axis))
    if not strange:
        return None
    shown = ", ".join(strange[:5]) + (f" and {len(strange) - 5} more" if len(strange) > 5 else "")
    use = "only their points are used" if column == "indicator" else "not used"
    return f"{', '.join(p.files)}: no table of the contract has the {column}s {shown}; {use}"


def _results(
    files: list[Publication], years: tuple[int, ...], codes: tuple[str, ...], warnings: list[str] | None
) -> dict[str, Array]:
    """Numerators, denominators, adjustments and total points."""
    import polars as pl

    n = len(indicators())
    numerator, outside, pcas = (_blank(n, years, codes) for _ in range(3))
    total = np.full((1, len(years), len(codes)), np.nan)
    for p in files:
        at = years.index(_year(p))
        _check(p.frame, p, "value")
        frame = p.frame.rename({"indicator": "code"})
        for measure, grid in (("numerator", numerator), ("denominator", outside), ("pcas", pcas)):
            _scatter(grid, frame.filter(pl.col("measure") == measure), indicators(), codes, at)
        points = frame.filter(pl.col("measure") == "points").drop_nulls("value")
        sums = points.group_by("practice").agg(pl.col("value").sum())
        place = _places(sums["practice"], codes)
        total[0, at, place[place >= 0]] = sums["value"].to_numpy()[place >= 0]
    counted = ~np.isnan(pcas).all(-1, keepdims=True)  # an indicator that nobody adjusts has no row for adjustments
    pcas = np.where(~counted & ~np.isnan(outside), 0.0, pcas)
    denominator = outside + pcas
    with np.errstate(invalid="ignore"):
        wrong = numerator > outside
    if wrong.any():
        problem, file = _first_wrong(wrong, numerator, outside, files, years, codes)
        if warnings is None:
            raise DataError(
                problem, file=file, expected="a denominator, after care adjustments, that holds the numerator"
            )
        warnings.append(f"{file}: {problem}; not used")
        denominator = np.where(wrong, np.nan, denominator)
    made = {"indicator_numerator": numerator, "indicator_denominator": denominator, "indicator_pcas": pcas}
    return made | ({"qof_points": total} if not np.isnan(total).all() else {})


def _blank(n: int, years: tuple[int, ...], codes: tuple[str, ...]) -> Array:
    return np.full((n, 1, len(years), len(codes)), np.nan)


def _year(p: Publication) -> int:
    return p.when if isinstance(p.when, int) else year_of(p.when)  # type: ignore[arg-type]


def _places(labels: pl.Series, axis: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Position of each label on an axis, -1 where it is not there."""
    import polars as pl

    known = pl.DataFrame(
        {"label": axis, "at": np.arange(len(axis), dtype=np.int64)}, schema_overrides={"label": pl.String}
    )
    found = labels.cast(pl.String).to_frame("label").join(known, on="label", how="left", maintain_order="left")
    return found["at"].fill_null(-1).to_numpy()


def _scatter(grid: Array, frame: pl.DataFrame, axis: tuple[str, ...], codes: tuple[str, ...], year: int) -> None:
    """Lay a frame's column `value` over one year of a grid; rows of other practices or codes are passed by."""
    import polars as pl

    frame = frame.drop_nulls("value")
    band, practice = _places(frame["code"], axis), _places(frame["practice"], codes)
    here = (band >= 0) & (practice >= 0)
    grid[band[here], 0, year, practice[here]] = frame["value"].cast(pl.Float64).to_numpy()[here]


def _check(frame: pl.DataFrame, p: Publication, what: str) -> None:
    """Raise where a count is below nought or not finite."""
    import polars as pl

    bad = frame.filter((pl.col("value") < 0) | ~pl.col("value").is_finite())
    if bad.height:
        row = bad.row(0, named=True)
        raise DataError(
            f"practice {row['practice']} has a {what} of {row['value']:g}", file=", ".join(p.files), expected="a count"
        )


def _first_wrong(
    wrong: npt.NDArray[np.bool_],
    numerator: Array,
    patients: Array,
    files: list[Publication],
    years: tuple[int, ...],
    codes: tuple[str, ...],
) -> tuple[str, str]:
    """The first cell in which more patients met an indicator than were counted for it, in words, and its file."""
    i, _, y, p = np.argwhere(wrong)[0]
    more = int(wrong.sum()) - 1
    problem = (
        f"{indicators()[i]} of practice {codes[p]} in {year_name(years[y])} has numerator {numerator[i, 0, y, p]:g} above "
        f"its denominator {patients[i, 0, y, p]:g}" + (f"; so have {more:,} more" if more else "")
    )
    return problem, ", ".join(next(f for f in files if f.when == years[y]).files)
