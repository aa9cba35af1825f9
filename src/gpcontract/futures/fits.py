"""Fits: what the years ahead take from the past, with its uncertainty; loaded from fitted.yaml, or fitted on an England with a history.

An England with three or more published years is fitted itself. One without (a synthetic one) takes what was fitted on the official
England; the file says on which years, and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.errors import LoadError
from ..engine.years import span_name
from ..england.facts import England
from ..findings.figures import kept
from . import effects
from .effects import Boards, Yearly
from .panel import COVARIATES, KINDS, Panel
from .staff import Staff

Array = npt.NDArray[np.float64]
FILE = Path(__file__).parent / "fitted.yaml"
FEWEST = 3  # published years that an England needs to be fitted itself
MOST_CARRY = 0.95
PAIRS = tuple((i, j) for i in range(len(KINDS)) for j in range(len(KINDS)) if i != j)


@dataclass(frozen=True)
class Exit:
    """Log odds that a contract ends in a year: one estimate for each of COVARIATES. year.mean is the constant's; board effects add."""

    estimate: Array
    covariance: Array
    year: Yearly
    boards: Boards
    practice_years: int
    ends: int
    log_likelihood: float
    unknown: tuple[
        str, ...
    ] = ()  # covariates that the England does not hold: their estimate is what was believed beforehand


@dataclass(frozen=True)
class Growth:
    """Yearly log growth of lists. nation: of all lists together; boards: beside the nation.

    A practice's own growth beside its area's is a trend that fades (`carry` a year) and passing luck; trend_sd, passing_sd: their spreads at
    7,000 patients, that of other lists times (list / 7,000) ** size_power.  slope: growth by log of the list over `typical`, the
    mean patient's.
    """

    nation: Yearly
    boards: Boards
    slope: float
    slope_error: float
    typical: float
    trend_sd: float
    passing_sd: float
    carry: float
    carry_error: float
    size_power: float
    practice_years: int


@dataclass(frozen=True)
class Kinds:
    """Yearly chance that a practice that stays changes its kind of contract. counts: (from, to) seen. change: log odds by year, for each of PAIRS."""

    counts: Array
    practice_years: Array
    change: tuple[Yearly, ...]

    @property
    def chance(self) -> Array:
        """Changes over practice-years, (from, to); the diagonal is what stays."""
        made = self.counts / np.maximum(self.practice_years[:, None], 1.0)
        np.fill_diagonal(made, 0.0)
        return made + np.diag(1.0 - made.sum(1))


@dataclass(frozen=True)
class Money:
    """Yearly log growth of money. price: the contract's own, per weighted patient, since 2004.  payments: all payments per weighted patient; real: over
    the price index.
    noise: spread of a practice's own yearly change of the global sum per weighted patient.
    """

    price: Yearly
    payments: Yearly
    real: Yearly
    noise: float


@dataclass(frozen=True)
class Fits:
    """All fits, and the England and years that they rest on."""

    england: str
    years: tuple[int, ...]
    on: str
    exit: Exit
    growth: Growth
    kinds: Kinds
    money: Money
    staff: Mapping[str, Staff] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What the fits rest on, in words."""
        return f"fitted on {self.england}, payments of {span_name(self.years)}"

    def to_dict(self) -> dict[str, Any]:
        """The fits as plain data, as fitted.yaml holds them."""
        e, g, k, m = self.exit, self.growth, self.kinds, self.money
        error = np.sqrt(np.diag(e.covariance))
        return {
            "fitted": {"england": self.england, "years": list(self.years), "on": self.on},
            "exit": {
                "names": list(COVARIATES), "estimate": _plain(e.estimate), "error": _plain(error), "covariance": _plain(e.covariance),
                "year": e.year.to_dict(), "boards": e.boards.to_dict(), "practice_years": e.practice_years, "ends": e.ends,
                "log_likelihood": e.log_likelihood, "unknown": list(e.unknown),
            },
            "growth": {
                "nation": g.nation.to_dict(), "boards": g.boards.to_dict(),
                **{n: float(getattr(g, n)) for n in GROWTH}, "practice_years": g.practice_years,
            },
            "kinds": {
                "names": list(KINDS), "counts": _plain(k.counts), "practice_years": _plain(k.practice_years),
                "change": {f"{KINDS[i]}_to_{KINDS[j]}": y.to_dict() for (i, j), y in zip(PAIRS, k.change, strict=True)},
            },
            "money": {"price": m.price.to_dict(), "payments": m.payments.to_dict(), "real": m.real.to_dict(), "noise": m.noise},
            "staff": {role: x.to_dict() for role, x in self.staff.items()},
        }  # fmt: skip


GROWTH = ("slope", "slope_error", "typical", "trend_sd", "passing_sd", "carry", "carry_error", "size_power")


def of(england: England) -> Fits:
    """The fits that an England is looked ahead with: its own if it has a history, else those shipped."""
    if england.is_synthetic or len(Panel.of(england).years) < FEWEST:
        return shipped()

    def made() -> Fits:
        from .fit import fit

        return fit(england)

    return kept(england, "fits of the years ahead", made)


@cache
def shipped() -> Fits:
    """The fits of fitted.yaml."""
    return load(FILE)


def load(path: Path) -> Fits:
    """Fits from a file; LoadError where it is not what `gpcontract backtest --write` makes."""
    from ..engine.files import items, read_yaml

    held = read_yaml(path)
    try:
        about, e, g, k, m = (held[n] for n in ("fitted", "exit", "growth", "kinds", "money"))
        if tuple(e["names"]) != COVARIATES or tuple(k["names"]) != KINDS:
            raise LoadError(
                "the names of a fit are not those of this version", file=path, expected=", ".join(COVARIATES)
            )
        return Fits(
            about["england"], tuple(about["years"]), str(about["on"]),
            Exit(
                np.array(e["estimate"]), np.array(e["covariance"]), _year(e["year"]), _boards(e["boards"]),
                int(e["practice_years"]), int(e["ends"]), float(e["log_likelihood"]), tuple(e["unknown"]),
            ),
            Growth(
                nation=_year(g["nation"]),
                boards=_boards(g["boards"]),
                practice_years=int(g["practice_years"]),
                **{n: float(g[n]) for n in GROWTH},
            ),
            Kinds(
                np.array(k["counts"], float), np.array(k["practice_years"], float),
                tuple(_year(k["change"][f"{KINDS[i]}_to_{KINDS[j]}"]) for i, j in PAIRS),
            ),
            Money(_year(m["price"]), _year(m["payments"]), _year(m["real"]), float(m["noise"])),
            {r: _staff(x) for r, x in items(held["staff"])},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise LoadError(
            f"it does not hold a fit: {error}",
            file=path,
            expected="a file written by `gpcontract backtest --write FILE`",
        ) from None


def save(fits: Fits, path: Path) -> None:
    """Write the fits as YAML, figures to six places."""
    import yaml

    head = (
        "# What the years ahead take from the past: estimates with their standard errors and covariance, fitted on published years.\n"
        "# Written by `gpcontract backtest --england FOLDER --write FILE`; docs/backtest.md says what each is. Not edited by hand.\n"
    )
    path.write_text(head + yaml.safe_dump(_rounded(fits.to_dict()), sort_keys=False, width=140), encoding="utf-8")


@dataclass(frozen=True)
class Drawn:
    """Fits in each draw; draw 0 is the estimate. Effects of years and boards are (draw, year) and (draw, year, board).

    exit: name -> (draw, 1), `constant` without its year.  exit_year: the constant itself, by year.  area: growth of each board's lists.
    carry, slope: (draw, 1).  change: log odds of each change of kind, pair of kinds -> (draw, year).
    """

    years: tuple[int, ...]
    exit: Mapping[str, Array]
    exit_year: Array
    exit_board: Array
    area: Array
    carry: Array
    slope: Array
    change: Mapping[tuple[int, int], Array]
    price: Array


def drawn(fits: Fits, draws: int | npt.ArrayLike, seed: int, years: Sequence[int], boards: Sequence[str] = ()) -> Drawn:
    """The fits in each draw for some years ahead. draws: how many, or the numbers of a block of them; boards: codes, in order."""
    block = np.arange(draws) if isinstance(draws, (int, np.integer)) else np.asarray(draws)
    e, g = fits.exit, fits.growth
    luck = effects.normal(seed, "exit", block, COVARIATES[1:])
    root = _root(e.covariance[1:, 1:])
    slopes = e.estimate[1:] + luck @ root.T
    nation = effects.path(g.nation, seed, "growth", block, years)
    local = effects.board_path(g.boards, seed, "growth of boards", block, years, boards)
    slope = g.slope + g.slope_error * effects.normal(seed, "growth", block, ("slope",))
    carry = np.clip(g.carry + g.carry_error * effects.normal(seed, "own growth", block, ("carry",)), 0.0, MOST_CARRY)

    def path(effect: Yearly, name: str) -> Array:
        return effects.path(effect, seed, name, block, years)

    names = [f"{KINDS[i]} to {KINDS[j]}" for i, j in PAIRS]
    return Drawn(
        tuple(years),
        {n: slopes[:, i, None] for i, n in enumerate(COVARIATES[1:])},
        path(e.year, "exit"),
        effects.board_path(e.boards, seed, "exit of boards", block, years, boards),
        nation[:, :, None] + local - (slope * g.typical)[:, :, None],
        carry,
        slope,
        {p: path(y, n) for p, n, y in zip(PAIRS, names, fits.kinds.change, strict=True)},
        path(fits.money.price, "price"),
    )


def _root(covariance: Array) -> Array:
    """A matrix whose product with its transpose is the covariance, which may be of less than full rank."""
    value, vector = np.linalg.eigh(covariance)
    return np.asarray(vector * np.sqrt(np.maximum(value, 0.0)))


def _year(held: Mapping[str, Any]) -> Yearly:
    figures: dict[str, Any] = {n: float(held[n]) for n in Yearly.__dataclass_fields__}
    return Yearly(**figures | {n: int(held[n]) for n in ("last", "years")})


def _boards(held: Mapping[str, Any]) -> Boards:
    codes = tuple(c for c in held["boards"] if isinstance(c, str) and not c.startswith("__"))
    both = np.array([held["boards"][c] for c in codes], float).reshape(-1, 2)
    return Boards(codes, both[:, 0], both[:, 1], float(held["sd"]), float(held["year_sd"]))


def _staff(held: Mapping[str, Any]) -> Staff:
    figures = {n: held[n] for n in Staff.__dataclass_fields__ if n != "growth"}
    return Staff(_year(held["growth"]), **figures)


def _plain(x: Array) -> Any:
    return np.asarray(x, float).tolist()


def _rounded(x: Any) -> Any:
    """Plain data whose figures have six significant places."""
    if isinstance(x, dict):
        return {k: _rounded(v) for k, v in x.items()}
    if isinstance(x, list):
        return [_rounded(v) for v in x]
    return float(f"{x:.6g}") if isinstance(x, float) else x
