"""Volatility: how far a practice's income per patient moves from one year to the next, as published and under each contract.

A contract: k' G k, where k is each base's share of what practices and their holders are paid (list, measured, claims, board) and G the
covariance, in `history`, of yearly changes for each pound that rests on each base. Luck in measured pay is taken out of G and put back
as the contract's own schemes make it (`outcomes`); what a network may gain or lose on a population budget is added (`budgets`). So a
contract inherits the history of what it keeps. That new kinds of money move as the old ones of their base did is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .bases import BASES, ORDER, basis, told
from .budgets import budgets
from .figures import said
from .frame import Numbers
from .history import LEAST, History, history
from .money import APART, CARERS, Money
from .outcomes import framework_noise, luck_variance

PAYEES = ("practice", "provider")
MEASURED = ORDER.index("measured")


@dataclass(frozen=True)
class AtRisk:
    """Income at risk under one contract: what running money without dispensing rests on, and its modelled spread by list size.

    pounds, shares: of all payees' money, by base.  practices: shares of what practices and their holders are paid.  sd: by size band,
    one standard deviation of yearly change of a practice's income per patient against England's, as a fraction; of it, `luck` in
    measured pay and `pool`, what its network may gain or lose on a budget; practices under 1,000 patients are left out
    of these.  taken: lines whose base nobody has said.
    """

    contract: str
    pounds: Mapping[str, float]
    shares: Mapping[str, float]
    practices: Mapping[str, float]
    sizes: tuple[str, ...]
    sd: tuple[float, ...]
    luck: tuple[float, ...]
    pool: tuple[float, ...]
    taken: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "contract": self.contract,
            "pounds": dict(self.pounds),
            "shares": dict(self.shares),
            "shares_of_practices": dict(self.practices),
            "by_size": [
                {"size": s, "sd": sd, "luck": luck, "pool": pool}
                for s, sd, luck, pool in zip(self.sizes, self.sd, self.luck, self.pool, strict=True)
            ],
            "base_not_said": list(self.taken),
        }


@dataclass(frozen=True)
class Volatility:
    """Yearly change as published, and income at risk under each contract."""

    history: History
    contracts: tuple[AtRisk, ...]

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data, with what it rests on beyond the data."""
        return {
            "bases": dict(BASES),
            "history": self.history.to_dict(),
            "contracts": [c.to_dict() for c in self.contracts],
            "rests_on": [] if self.history.from_data else said("income_spread_by_base", "income_correlation"),
        }


def volatility(moneys: Sequence[Money]) -> Volatility:
    """Yearly change of income per patient by list size: published, and modelled under each contract."""
    past = history(moneys[0].frame.england)
    return Volatility(past, tuple(m.once("volatility", partial(_at_risk, m)) for m in moneys))


def by_base(m: Money) -> tuple[Numbers, Numbers]:
    """Running pounds without dispensing by base and practice, (base, practice): of those who care for its patients, and of practices and their holders."""
    made: tuple[Numbers, Numbers] = m.once("bases", partial(_by_base, m))
    return made


def _by_base(m: Money) -> tuple[Numbers, Numbers]:
    own, others = (np.zeros((len(ORDER), len(m.frame.members)), np.int64) for _ in range(2))
    for line in m.lines:
        if line.fund == "running" and line.chapter != APART and line.payee in CARERS:
            (own if line.payee in PAYEES else others)[ORDER.index(basis(line))] += m.by_line[line.name]
    return (own + others) / 100, own / 100


@dataclass(frozen=True)
class Spreads:
    """What practices and their holders are paid, and its spread by one year. sd: by size band; income, measured: pounds by practice.

    measured_sd: spread of each practice's measured pay, as a fraction of it: history's without its luck, and its own luck.
    """

    shares: Numbers
    sd: Numbers
    luck: Numbers
    pool: Numbers
    income: Numbers
    measured: Numbers
    measured_sd: Numbers
    made: str


def spreads(m: Money) -> Spreads:
    """The spread of a year's change of practices' income under a contract, by list size and by cause."""
    made: Spreads = m.once("spreads", partial(_spreads, m))
    return made


def _spreads(m: Money) -> Spreads:
    size, registered = m.frame.groups["size"], m.frame.patients["registered"]
    settled = np.where(registered >= LEAST, registered, 0.0)
    patients = np.maximum(size.sums(settled), 1e-9)
    own = by_base(m)[1]
    sums = np.stack([size.sums(np.where(settled > 0, x, 0.0)) for x in own])
    share = sums / np.maximum(sums.sum(0), 1e-9)  # (base, size)
    per_pound = _without_luck(m)
    rest = np.einsum("as,sab,bs->s", share, per_pound, share)
    income = np.where(own.sum(0) > 0, own.sum(0), np.inf)
    # Luck of two years stands against each other, so that a change has twice the variance of a year.
    by_luck = 2 * luck_variance(m, PAYEES)
    luck = size.sums(by_luck / income**2 * settled) / patients
    held = budgets(m)
    pool = np.zeros(len(patients))
    if held is not None:
        pool = 2 * size.sums((held.practice_sd / income) ** 2 * settled) / patients
    measured = own[MEASURED]
    base = np.where(measured > 0, measured, np.inf)
    measured_sd = np.sqrt(per_pound[size.index, MEASURED, MEASURED] + by_luck / base**2)
    sd = np.sqrt(np.maximum(rest, 0.0) + luck + pool)
    told_by = "history" if history(m.frame.england).from_data else "modelled"
    return Spreads(share, sd, np.sqrt(luck), np.sqrt(pool), own.sum(0), measured, measured_sd, told_by)


def _at_risk(m: Money) -> AtRisk:
    whole, own = (x.sum(1) for x in by_base(m))
    found = spreads(m)
    return AtRisk(
        m.name,
        _named(whole),
        _named(whole / max(float(whole.sum()), 1e-9)),
        _named(own / max(float(own.sum()), 1e-9)),
        m.frame.groups["size"].names,
        tuple(map(float, found.sd)),
        tuple(map(float, found.luck)),
        tuple(map(float, found.pool)),
        tuple(line.name for line in m.lines if line.fund == "running" and not told(line)),
    )


def _without_luck(m: Money) -> np.ndarray:
    """History's covariance per pound, less the luck of the quality framework in it at each band's mean list."""
    people = m.frame.people("size")
    mean_list = people["registered"] / np.maximum(people["practices"], 1)
    per_pound = history(m.frame.england).per_pound.copy()
    luck = 2 * framework_noise(np.maximum(mean_list, 1)) ** 2
    per_pound[:, MEASURED, MEASURED] = np.maximum(per_pound[:, MEASURED, MEASURED] - luck, 0.0)
    return per_pound


def _named(by_base: Numbers) -> dict[str, float]:
    return dict(zip(ORDER, map(float, by_base), strict=True))
