"""Check: the model against what was published, line by line, year by year, practice by practice.

A line that is carried equals its publication by construction and is listed only so that the total reconciles; every other
line is worked out by the contract's rules and then set against the money.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..contracts import Contract, Result, run
from ..engine.years import year_name
from ..england.facts import Array, England, lines
from . import held_out

WORST = 20  # practices listed for each line and year
FAST = 0.10  # list growth in a year beyond which a list is moving fast
PENNY = 0.005


KEPT = ("pms_rolled_forward", "pms_published", "weighted_list")


@dataclass(frozen=True)
class Row:
    """One line in one year. Errors are fractions of the published figure; None where there is nothing to set against."""

    line: str
    title: str
    year: int
    how: str
    practices: int
    published: float
    model: float
    total_error: float | None
    median_error: float | None
    p90_error: float | None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "line": self.line, "title": self.title, "year": year_name(self.year), "how": self.how, "practices": self.practices,
            "published_m": self.published / 1e6, "model_m": self.model / 1e6, "total_error": self.total_error,
            "median_error": self.median_error, "p90_error": self.p90_error, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Found:
    """All rows, the worst practices with reasons where they can be told, and what a reader must know."""

    england: str
    found: tuple[Row, ...]
    worst: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [r.to_dict() for r in self.found]

    @property
    def tested(self) -> list[dict[str, Any]]:
        """The rows that test something: carried lines are added up to one row a year."""
        out = [r.to_dict() for r in self.found if r.how != "carried" and r.line != "total"]
        for total in (r for r in self.found if r.line == "total"):
            carried = [r for r in self.found if r.how == "carried" and r.year == total.year]
            paid = sum(r.published for r in carried)
            row = Row(
                "carried",
                f"{len(carried)} lines carried as published",
                total.year,
                "carried",
                total.practices,
                paid,
                paid,
                None,
                None,
                None,
            )
            out += [row.to_dict(), total.to_dict()]
        return out

    def to_dict(self) -> dict[str, Any]:
        return {
            "england": self.england,
            "rows": self.rows,
            "worst": list(self.worst),
            "notes": list(self.notes),
            **self.extra,
        }


@dataclass(frozen=True)
class Comparison:
    """What to compare: a line (or an array the run keeps) with a published fact, over some practices."""

    name: str
    title: str
    published: str
    among: Callable[[England, int], np.ndarray]
    from_year: int = 0
    to_year: int = 9999
    note: str = ""
    swap: tuple[str, str | None] | None = None  # a fact, and another to put in its place before the run, or nought


def _gms(england: England, at: int) -> np.ndarray:
    return _row(england, "on_gms", at) > 0


def _based(england: England, at: int) -> np.ndarray:
    """GMS practices whose correction factor of 2013/14 other years tell; for the rest the line repeats the publication."""
    return _gms(england, at) & ~np.isnan(_row(england, "correction_factor_base", at))


def _local(england: England, at: int) -> np.ndarray:
    """Practices on PMS or APMS all year, this year and last."""
    here = (_row(england, "gms_share", at) == 0) & (_row(england, "contract_changed", at) == 0)
    return (
        here
        & (_row(england, "open_share", at) == 1)
        & ((_row(england, "on_pms", at) > 0) | (_row(england, "on_apms", at) > 0))
    )


def _all(england: England, at: int) -> np.ndarray:
    return np.ones(len(england.codes), bool)


def _points_known(england: England, at: int) -> np.ndarray:
    return ~np.isnan(_row(england, "qof_points", at)) if "qof_points" in england.facts else ~_all(england, at)


COMPARISONS = (
    Comparison("global_sum", "Global sum, GMS practices", "published_global_sum", _gms),
    Comparison(
        "global_sum",
        "Global sum, without the fixed sums",
        "published_global_sum",
        _gms,
        swap=("off_formula_payment", None),
    ),
    Comparison(
        "correction_factor", "MPIG correction factor", "published_correction_factor", _based, 2015, 2019, "by sevenths"
    ),
    Comparison(
        "pms_rolled_forward",
        "PMS and APMS, last year's rolled forward",
        "pms_published",
        _local,
        0,
        9999,
        "not in the bill, which carries the published payment",
    ),
    Comparison("qof", "QOF, all practices", "published_qof", _all),
    Comparison("qof", "QOF, practices with points published", "published_qof", _points_known),
    Comparison(
        "qof",
        "QOF, by age, sex and deprivation alone",
        "published_qof",
        _points_known,
        swap=("qof_prevalence_index", "qof_prevalence_expected"),
    ),
    Comparison("network_participation", "Network participation", "published_network_participation", _all),
)


def check(england: England, years: tuple[int, ...] | None = None, contract: Contract | None = None) -> Found:
    """Set the national contract against published payments in the years with a payments file."""
    result = run(contract or Contract.load("national"), england, keep=KEPT)
    paid = [y for y in result.years if _published_year(england, y) and (years is None or y in years)]
    rows: list[Row] = []
    worst: list[dict[str, Any]] = []
    for one in COMPARISONS:
        swapped = _swapped(result, one)
        if (
            swapped is None
            or (one.published not in england.facts and one.published not in result.arrays)
            or one.name not in result.arrays
        ):
            continue
        for year in paid:
            if one.from_year <= year <= one.to_year:
                row, listed = _compare(swapped, one, year)
                if row is not None:
                    rows.append(row)
                    worst += listed
    compared = {c.name for c in COMPARISONS}
    for name in result.line_names:
        if name == "pms_payment":
            rows += [r for y in paid if (r := _carried(result, name, y, "pms_published")) is not None]
        if name not in compared and f"published_{name}" in england.facts:
            rows += [r for y in paid if (r := _carried(result, name, y)) is not None]
    rows += [_held_out(r, england) for r in held_out.weighted_list(england) if r["year"] in paid]
    rows += [_total(result, y) for y in paid]
    sevenths = _sevenths(result, paid)
    extra = {"correction_factor_within_12_pounds": sevenths}
    return Found(england.title, tuple(rows), tuple(worst), _notes(england, sevenths), extra)


def _swapped(result: Result, one: Comparison) -> Result | None:
    """The run to compare with: the same, or one with a fact put in another's place; None where there is no such fact."""
    if one.swap is None:
        return result
    (name, instead), of = one.swap, result.england.facts
    if name not in of or (instead is not None and instead not in of):
        return None
    fact = of[name] * 0 if instead is None else of[instead]
    return run(result.contract, replace(result.england, facts={**of, name: fact}))


def _held_out(found: dict[str, Any], england: England) -> Row:
    at = england.year(found["year"])
    published = float(np.nansum(_row(england, "weighted_list_published", at)))
    return Row(
        "weighted_list", f"Weighted list (m), {found['how']}", found["year"], "modelled", found["practices"], published,
        published * (1 + found["total"]), found["total"], found["median"], found["p90"], "modelled without the practice's own",
    )  # fmt: skip


def _row(england: England, name: str, at: int) -> Array:
    x = england.fact(name)[0]
    return np.broadcast_to(x[min(at, x.shape[0] - 1)], (len(england.codes),))


def _published_year(england: England, year: int) -> bool:
    return bool((~np.isnan(_row(england, "published_global_sum", england.year(year)))).any())


def _compare(result: Result, one: Comparison, year: int) -> tuple[Row | None, list[dict[str, Any]]]:
    england, at = result.england, result.years.index(year)
    kept = one.published in result.arrays
    published = result.amounts(one.published)[0, at] if kept else _row(england, one.published, at)
    model = result.amounts(one.name)[0, at]
    among = result.open(year) & one.among(england, at) & ~np.isnan(published) & ~np.isnan(model)
    if not among.any() or not published[among].any():
        return None, []
    error = np.full(len(published), np.nan)
    paid = among & (np.abs(published) > PENNY)
    error[paid] = model[paid] / published[paid] - 1
    size = np.abs(error[paid])
    how = "modelled" if one.name not in result.line_names else result.line(one.name, year).how
    row = Row(
        one.name, one.title, year, how, int(among.sum()), float(published[among].sum()), float(model[among].sum()),
        float(model[among].sum() / published[among].sum() - 1), float(np.median(size)), float(np.quantile(size, 0.9)), one.note,
    )  # fmt: skip
    gap = np.where(among, np.abs(model - published), 0.0)
    listed = [
        _worst(result, one, year, int(i), published[i], model[i]) for i in np.argsort(-gap)[:WORST] if gap[i] > PENNY
    ]
    return row, listed


def _worst(result: Result, one: Comparison, year: int, at: int, published: float, model: float) -> dict[str, Any]:
    names = result.england.labels.get("name")
    return {
        "line": one.title, "year": year_name(year), "practice": result.england.codes[at], "name": names[at] if names else "",
        "published": round(float(published), 2), "model": round(float(model), 2), "difference": round(float(model - published), 2),
        "reasons": "; ".join(reasons(result.england, result.years.index(year), at)) or "not known",
    }  # fmt: skip


def reasons(england: England, year: int, practice: int) -> list[str]:
    """What can be told of a practice whose payment the model misses."""

    def of(name: str, default: float = np.nan, back: int = 0) -> float:
        if name not in england.facts:
            return default
        return float(_row(england, name, year - back)[practice])

    said = []
    if of("open_share", 1.0) < 1:
        said.append(f"open for {of('open_share'):.0%} of the year")
    if of("contract_changed", 0.0) > 0:
        said.append("changed contract")
    share = of("gms_share", 1.0)
    if 0 < share < 1:
        said.append(f"on GMS for {share:.0%} of the year")
    growth = of("list_growth")
    if abs(growth) > FAST:
        said.append(f"list moved {growth:+.0%} in the year")
    if of("merged", 0.0) > 0:
        said.append("took in or joined another practice")
    opted = of("ooh_opted_out", 1.0)
    if opted < 0.5:
        said.append("taken as still providing out-of-hours care")
    if of("published_pms_balance", 0.0) > PENNY and of("on_gms", 0.0) > 0:
        said.append("also paid a PMS balance")
    if abs(of("published_global_sum", 1.0)) < PENNY:
        said.append("no global sum published")
    return said


def _carried(result: Result, name: str, year: int, kept: str | None = None) -> Row | None:
    england, at = result.england, result.years.index(year)
    published = result.amounts(kept)[0, at] if kept else _row(england, f"published_{name}", at)
    model = result.amounts(name)[0, at]
    among = result.open(year) & ~np.isnan(published)
    if not published[among].any():
        return None
    line = result.line(name, year)
    a, b = float(published[among].sum()), float(np.nansum(model[among]))
    if line.how == "carried":
        return Row(name, line.title, year, "carried", int((published[among] != 0).sum()), a, b, None, None, None)
    if line.payee == "network":
        note = "published only where it passed through a practice: not comparable"
        return Row(name, line.title, year, "apart", int((published[among] != 0).sum()), a, b, None, None, None, note)
    size = np.abs(model[among] / np.where(published[among] == 0, np.nan, published[among]) - 1)
    known = size[~np.isnan(size)]
    return Row(
        name, line.title, year, line.how, int(among.sum()), a, b, b / a - 1, float(np.median(known)) if len(known) else None,
        float(np.quantile(known, 0.9)) if len(known) else None,
    )  # fmt: skip


def _total(result: Result, year: int) -> Row:
    """The whole of what practices are paid, against the publication's own total column."""
    england, at = result.england, result.years.index(year)
    inside = [n for n, line in lines().items() if line.get("total", True) and f"published_{n}" in england.facts]
    named = "published_total" if "published_total" in england.facts else None
    by_line = np.nansum([_row(england, f"published_{n}", at) for n in inside], axis=0)
    published = _row(england, named, at) if named else by_line
    paid_lines = [n for n in result.line_names if n in inside or n == "pms_payment"]
    model = np.nansum([result.amounts(n)[0, at] for n in paid_lines], axis=0)
    among = result.open(year) & ~np.isnan(published)
    paid = among & (np.abs(published) > PENNY)
    size = np.abs(model[paid] / published[paid] - 1)
    a, b = float(published[among].sum()), float(model[among].sum())
    return Row(
        "total",
        "Total payments to practices",
        year,
        "all",
        int(among.sum()),
        a,
        b,
        b / a - 1,
        float(np.median(size)),
        float(np.quantile(size, 0.9)),
    )


def _sevenths(result: Result, years: list[int]) -> dict[str, Any]:
    """Share of practices still on the same contract whose correction factor is within 12 pounds a year of the rule's.

    The same contract: GMS and open all of every year from 2014/15, with no list that moved by more than a tenth, as in a
    merger. `plain` takes 2014/15's payment as the base; `agreed` the base that other years, earlier and
    later, agree on. Those with a factor are counted apart: for the rest 0 meets 0.
    """
    england = result.england
    if (
        "published_correction_factor" not in england.facts
        or "correction_factor" not in result.arrays
        or 2014 not in england.years
    ):
        return {}
    first, out = england.year(2014), {}
    base, share = _row(england, "published_correction_factor", first), result.leaves["correction_factor_share"][0, :, 0]
    for year in (y for y in years if 2015 <= y <= 2019):
        at = result.years.index(year)
        published, model = _row(england, "published_correction_factor", at), result.amounts("correction_factor")[0, at]
        same = ~np.isnan(published) & ~np.isnan(base)
        for y in (y for y in years if 2014 <= y <= year):
            i = england.year(y)
            same &= _gms(england, i) & (_row(england, "open_share", i) == 1)
            if y > 2014:
                same &= np.abs(np.nan_to_num(_row(england, "list_growth", i))) <= FAST
        plain = base * share[at] / share[result.at(2014)]
        held = same & ((base > 0) | (published > 0))
        near = {"agreed": np.abs(model - published) <= 12, "plain": np.abs(plain - published) <= 12}
        out[year_name(year)] = {"practices": int(same.sum()), "with_a_factor": int(held.sum())} | {
            f"{name}{of}": float(ok[group].mean())
            for name, ok in near.items()
            for of, group in (("", same), ("_with_a_factor", held))
        }
    return out


def _notes(england: England, sevenths: dict[str, Any]) -> tuple[str, ...]:
    said = [
        "Errors are of the model against the published figure; median and 90th percentile are of each practice's absolute error.",
        "Lines marked carried are the published payments themselves and prove nothing; they are listed so that totals reconcile.",
        "Lines marked apart are paid to networks and published only where the money passed through a practice: not comparable.",
    ]
    for year, found in sevenths.items():
        said.append(
            f"Correction factor {year}: of {found['practices']:,} practices still on the same contract {found['agreed']:.2%} are within £12, "
            f"{found['plain']:.2%} by plain sevenths of 2014/15's payment; of the {found['with_a_factor']:,} that have one, "
            f"{found['agreed_with_a_factor']:.2%} and {found['plain_with_a_factor']:.2%}."
        )
    for name in (
        "ooh_opted_out",
        "gms_share",
        "off_formula_payment",
        "list_timing",
        "correction_factor_base",
        "qof_prevalence_index",
    ):
        origin = england.provenance.get(name)
        if origin is not None and origin.note:
            said.append(f"{name} ({origin.status}): {origin.note}.")
    return tuple(said)


def write(found: Found, folder: Path) -> list[Path]:
    """The tables as CSV and the whole as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in (("check", found.rows), ("check-worst-practices", list(found.worst))):
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["line"])
            writer.writeheader()
            writer.writerows(rows)
        written.append(path)
    path = folder / "check.json"
    path.write_text(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*written, path]
