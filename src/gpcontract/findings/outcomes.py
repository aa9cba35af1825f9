"""Money that rests on measured achievement under each contract, and how much of it is signal at the size of each list.

A practice's figure is its true level and luck, as it measures a limited number of patients in a year. Reliability R = τ² / (τ² + s²), with
τ² the variance of true levels between practices and s² that of luck. Each line paid on measured achievement follows one scheme:

- framework: the quality framework's indicators, each with its patients, achievement and thresholds of 2024/25, weighed by points;
- outcome: one measure of an outcome, paid in a straight line between two thresholds; patients counted, achievement, spread assumed;
- believed: the contract draws a practice towards its network, and says itself what luck is left (Hewitt review);
- shrunken: the contract draws a network towards the nation (Securing the future).

A line is measured over the practice's list or its network's. Gain and loss shares are not here: see `budgets`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from .. import chapters
from ..contracts.result import Line
from ..levers.reliability import least_list, payment_noise, reliability
from .budgets import year_of
from .figures import figure, figures, kept, said, table
from .frame import Numbers
from .history import LEAST
from .money import Money, Pence
from .persistence import Persistence, persistence

FRAMEWORK_YEAR = 2024  # of the indicators whose patients and achievement values.yaml holds
GRID = np.unique(
    np.rint(np.geomspace(200, 500_000, 70))
)  # list sizes at which luck is worked out; in between it is interpolated
FRAMEWORK = frozenset({"quality", "quality_2018", "accreditation", "standards"})  # chapters
REPLACED = frozenset({"quality_framework_replaced", "qof_left"})  # money of the framework taken back elsewhere
NETWORKS = frozenset({"network_quality_points"})  # paid to practices on the network's figure
POOLED = frozenset({"risk_share"})  # chapters whose luck is that of a budget


@dataclass(frozen=True)
class AtSize:
    """Measured money of the practices in one band of list size.

    pounds, per_patient: what rests on measured achievement.  luck: one standard deviation, in pounds per patient, of what luck alone
    gives or takes in a year.  reliability: R of what it is paid on, weighed by money.  Practices under 1,000 patients are opening
    or closing, and left out here.
    """

    size: str
    pounds: float
    per_patient: float
    luck: float
    reliability: float

    def to_dict(self) -> dict[str, Any]:
        """The band as plain data."""
        return {
            "size": self.size,
            "pounds": self.pounds,
            "per_patient": self.per_patient,
            "luck_per_patient": self.luck,
            "reliability": self.reliability,
        }


@dataclass(frozen=True)
class Outcomes:
    """Running money on measured achievement under one contract: all, its share, for each patient, by scheme and by list size.

    moved: the same within money moved from elsewhere.  schemes: pounds by scheme and by whose list it is measured over.
    """

    contract: str
    pounds: float
    share: float
    per_patient: float
    moved: float
    schemes: Mapping[str, float]
    sizes: tuple[AtSize, ...]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "contract": self.contract,
            "pounds": self.pounds,
            "share_of_running": self.share,
            "per_patient": self.per_patient,
            "moved": self.moved,
            "schemes": dict(self.schemes),
            "by_size": [s.to_dict() for s in self.sizes],
        }


@dataclass(frozen=True)
class Signal:
    """Signal to noise by list size, and what points in two years say of it.

    curves: (list size, reliability, luck as a share of pay) by scheme.  least: smallest list with R of `target`.
    """

    target: float
    curves: Mapping[str, tuple[tuple[float, float, float], ...]]
    least: Mapping[str, float]
    persistence: tuple[Persistence, ...]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        keys = ("list", "reliability", "luck_of_pay")
        return {
            "target": self.target,
            "curves": {k: [dict(zip(keys, p, strict=True)) for p in c] for k, c in self.curves.items()},
            "least_list": dict(self.least),
            "persistence": [p.to_dict() for p in self.persistence],
        }


@dataclass(frozen=True)
class Measured:
    """Money on measured achievement under each contract, with the signal in it."""

    contracts: tuple[Outcomes, ...]
    signal: Signal

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data, with what it rests on beyond the data."""
        return {
            "contracts": [o.to_dict() for o in self.contracts],
            "signal": self.signal.to_dict(),
            "rests_on": said(*(n for n in figures() if n.startswith(("quality_", "outcome_", "reliability_")))),
        }


def outcomes(moneys: Sequence[Money]) -> Measured:
    """Money on measured achievement under each contract, and how much of it is signal by list size."""
    found = tuple(m.once("outcomes", partial(_outcomes, m)) for m in moneys)
    return Measured(
        found, Signal(figure("reliability_target"), _shown(), least_lists(), persistence(moneys[0].frame.england))
    )


def _outcomes(m: Money) -> Outcomes:
    size = m.frame.groups["size"]
    registered = m.frame.patients["registered"]
    pounds = m.of("running", measured=True) / 100
    weight, total = np.zeros(len(pounds)), np.zeros(len(pounds))
    named: dict[str, float] = {}
    for (scheme, pool), money in by_scheme(m).items():
        named[f"{scheme}, {pool}"] = float(money.sum())
        if scheme != "budget":
            each = np.maximum(money, 0.0)
            weight, total = weight + each * _reliability(m, scheme, pool), total + each
    settled = registered >= LEAST
    patients = np.maximum(size.sums(registered * settled), 1e-9)
    luck = luck_variance(m) / np.maximum(registered, 1)
    by_size = [size.sums(x * settled) for x in (pounds, luck, weight, total)]
    rows = tuple(
        AtSize(
            label,
            float(by_size[0][i]),
            float(by_size[0][i] / patients[i]),
            float(np.sqrt(by_size[1][i] / patients[i])),
            float(by_size[2][i] / by_size[3][i]) if by_size[3][i] > 0 else float("nan"),
        )
        for i, label in enumerate(size.names)
    )
    all_running = max(float(m.pounds.sum()), 1e-9)
    whole = float(pounds.sum())
    moved = float(m.of("moved", measured=True).sum()) / 100
    return Outcomes(m.name, whole, whole / all_running, whole / max(float(registered.sum()), 1e-9), moved, named, rows)


# -- schemes -----------------------------------------------------------------------------------------------------


def scheme_of(line: Line, result_has: frozenset[str] | set[str] = frozenset()) -> tuple[str, str]:
    """The scheme that a measured line follows, and whose list it is measured over: practice or network."""
    if line.chapter in POOLED:
        return "budget", "network"
    if line.name in NETWORKS:
        return "framework", "network"
    if line.chapter in FRAMEWORK or line.name in REPLACED:
        return "framework", "practice"
    if line.chapter == "outcomes" and line.payee == "practice" and "luck_as_paid" in result_has:
        return "believed", "practice"
    if line.chapter == "outcome_share":
        return "shrunken", "network"
    return "outcome", "practice" if line.payee == "practice" else "network"


def by_scheme(m: Money, payees: tuple[str, ...] | None = None) -> dict[tuple[str, str], Numbers]:
    """Running pounds on measured achievement of each practice by scheme, deductions set against what they take back."""
    made: dict[tuple[str, str], Numbers] = m.once(("schemes", payees), partial(_by_scheme, m, payees))
    return made


def _by_scheme(m: Money, payees: tuple[str, ...] | None) -> dict[tuple[str, str], Numbers]:
    has = set(m.result.arrays)
    pence: dict[tuple[str, str], Pence] = {}
    for line in m.lines:
        if line.measured and line.fund == "running" and (payees is None or line.payee in payees):
            key = scheme_of(line, has)
            pence[key] = pence.get(key, 0) + m.by_line[line.name]
    return {key: x / 100 for key, x in pence.items()}


def luck_variance(m: Money, payees: tuple[str, ...] | None = None) -> Numbers:
    """Variance (pounds squared) of each practice's measured running money by luck alone, in one year; schemes are independent."""
    made: Numbers = m.once(("luck", payees), partial(_luck, m, payees))
    return made


def _luck(m: Money, payees: tuple[str, ...] | None) -> Numbers:
    total = np.zeros(len(m.frame.members))
    for (scheme, pool), money in by_scheme(m, payees).items():
        if scheme == "believed":
            total += (np.nan_to_num(m.measure("luck_as_paid")) * m.frame.patients["registered"]) ** 2
        elif scheme != "budget":
            total += (money * _noise(m, scheme, pool)) ** 2
    return total


def _noise(m: Money, scheme: str, pool: str) -> Numbers:
    """Luck of each practice's pay under a scheme, as a share of its pay."""
    n = _lists(m, pool)
    if scheme == "shrunken":
        # What is believed of a network varies by √(R (1 - R)) τ for luck; pay goes by it over the nation's score.
        r = _reliability(m, scheme, pool)
        return np.asarray(figure("quality_true_sd") * np.sqrt(r * (1 - r)) / figure("quality_share_achieved"))
    curve = framework_noise if scheme == "framework" else outcome_noise
    return kept(m.frame, f"noise {scheme} {pool}", partial(curve, n))


def _reliability(m: Money, scheme: str, pool: str) -> Numbers:
    n = _lists(m, pool)
    if scheme == "believed":
        return np.nan_to_num(m.measure("outcome_reliability"))
    if scheme == "shrunken":
        half = year_of(m.result.leaves["half_reliable_population"], m.result.at(m.frame.year), m.draw)
        return np.asarray(n / (n + half))
    grid = _framework()[1] if scheme == "framework" else _outcome()[1]
    return kept(m.frame, f"reliability {scheme} {pool}", lambda: np.interp(np.log(n), np.log(GRID), grid))


def _lists(m: Money, pool: str) -> Numbers:
    """Patients over whom each practice's figure is measured: its own, or its network's."""
    return kept(m.frame, f"lists {pool}", partial(_lists_of, m, pool))


def _lists_of(m: Money, pool: str) -> Numbers:
    own = m.frame.patients["registered"]
    network = m.frame.groups.get("network")
    if pool == "practice" or network is None or not network.codes:  # years before there were networks
        return np.maximum(own, 1.0)
    sums = m.frame.people("network")["registered"]
    return np.maximum(np.where(network.index >= 0, sums[np.maximum(network.index, 0)], own), 1.0)


# -- luck by list size -------------------------------------------------------------------------------------------


def framework_noise(lists: Numbers) -> Numbers:
    """Luck of the quality framework's pay at each list size: one standard deviation over the mean."""
    return np.interp(np.log(lists), np.log(GRID), _framework()[0])


def outcome_noise(lists: Numbers) -> Numbers:
    """Luck of pay on one measure of an outcome at each list size: one standard deviation over the mean."""
    return np.interp(np.log(lists), np.log(GRID), _outcome()[0])


@cache
def _framework() -> tuple[Numbers, Numbers]:
    """Over the grid: luck over mean pay, and reliability of the share of points."""
    quality = chapters.load("quality").values
    codes = quality["qof_indicator_points"].keys["indicator"]
    points, low, high = (quality[f"qof_indicator_{x}"].in_year(FRAMEWORK_YEAR) for x in ("points", "lower", "upper"))
    known = [codes.index(c) for c in figures()["quality_eligible"].keys["indicator"]]
    eligible = np.maximum(np.rint(GRID[:, None] * table("quality_eligible")), 1)
    pay = payment_noise(eligible, table("quality_achieved"), low[known], high[known])
    weight = points[known] / points.sum()
    sd = np.sqrt((pay.sd**2 * weight**2).sum(1))
    mean = (pay.mean * weight).sum(1) + 1 - weight.sum()  # registers and improvement work are had in full
    return sd / mean, np.asarray(reliability(figure("quality_true_sd") ** 2, sd**2))


@cache
def _outcome() -> tuple[Numbers, Numbers]:
    """Over the grid: luck over mean pay, and reliability, of one measure of an outcome."""
    counted = np.maximum(np.rint(GRID * figure("outcome_eligible")), 1)
    p = figure("outcome_achieved")
    pay = payment_noise(counted, p, figure("outcome_pay_from"), figure("outcome_pay_full"))
    return pay.sd / pay.mean, np.asarray(reliability(figure("outcome_true_sd") ** 2, p * (1 - p) / counted))


def least_lists() -> dict[str, float]:
    """The smallest list at which each scheme's figure has the reliability that action asks for (values.yaml: 0.7)."""
    target, p = figure("reliability_target"), figure("outcome_achieved")
    outcome = float(least_list(target, figure("outcome_true_sd") ** 2, p * (1 - p))) / figure("outcome_eligible")
    enough = np.flatnonzero(_framework()[1] >= target)
    return {"framework": float(GRID[enough[0]]) if len(enough) else float("inf"), "outcome": outcome}


@cache
def _shown() -> dict[str, tuple[tuple[float, float, float], ...]]:
    at = [1_000, 2_000, 3_000, 6_000, 10_000, 15_000, 20_000, 30_000, 50_000, 100_000]
    made = {}
    for name, (noise, r) in (("framework", _framework()), ("outcome", _outcome())):
        ys = (np.interp(np.log(at), np.log(GRID), x) for x in (r, noise))
        made[name] = tuple((float(n), float(a), float(b)) for n, a, b in zip(at, *ys, strict=True))
    return made
