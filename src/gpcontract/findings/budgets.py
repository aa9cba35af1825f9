"""Population budgets that networks hold: what chance does to each network's result, and what of it the terms leave with the network.

For contracts whose chapters make `network_budget` and the terms of `risk_share`; others hold none. A year's result (saving over budget)
is normal about the network's usual one; the corridor, minimum rates, shares and caps then say what the network is paid or pays back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..levers import pools, risk
from .frame import Numbers
from .money import Money

NODES = 25  # years of equal chance over which the network's part is averaged
BAD = 0.95  # one year in 20 is worse
NEGLIGIBLE = 1e-6  # the chance of joining under which a network is left out
NEEDED = ("network_budget", "network_spread", "usual_result", "joining", "network_revenue", "network_minimum_saving", "network_quality")  # fmt: skip
TERMS = ("corridor_bands", "corridor_shares", "gain_share_rate", "gain_share_cap", "loss_share_rate", "loss_share_cap", "minimum_loss_rate", "kind_weights", "risk_share_in_force")  # fmt: skip


@dataclass(frozen=True)
class Budgets:
    """Budgets of the networks that may join, one entry each.

    budget: pounds, were it to join.  joins: the chance that it does.  spread: one standard deviation of its cost, as a share.
    overspend: what its patients cost beyond the budget 1 year in 20; loss: what of it the network pays back; both pounds.
    sd: one standard deviation of what the network is paid or pays back.  over: chance of an overspend of more than 2%; loses: that the network pays back as much.
    patients: on the lists of its practices.
    practice_sd: sd by practice of the frame, its part by patients, over networks that join and those that do not.
    """

    budget: Numbers
    joins: Numbers
    spread: Numbers
    overspend: Numbers
    loss: Numbers
    sd: Numbers
    over: Numbers
    loses: Numbers
    patients: Numbers
    practice_sd: Numbers

    def of_joiners(self, x: Numbers) -> float:
        """The sum of a figure over networks, each by the chance that it joins."""
        return float(self.joins @ x)


def budgets(m: Money, note: float = 0.02) -> Budgets | None:
    """The population budgets of a contract; None where its networks hold none. note: the overspend whose chance is told."""
    if not all(n in m.result.arrays for n in NEEDED) or not all(t in m.result.leaves for t in TERMS):
        return None
    return m.once("budgets", partial(_budgets, m, note))


def _budgets(m: Money, note: float) -> Budgets:
    at = m.result.at(m.frame.year)
    made = {n: year_of(m.result.arrays[n], at, m.draw) for n in NEEDED}
    terms = {t: year_of(m.result.leaves[t], at, m.draw) for t in TERMS}
    whole = np.nan_to_num(made["network_budget"])
    joining = (terms["kind_weights"] * np.nan_to_num(made["joining"])).sum(0)
    here = np.flatnonzero((whole > 0) & (joining > NEGLIGIBLE))

    def cut(name: str) -> Numbers:
        x = made[name]
        return x[..., here] if x.shape[-1] > 1 else np.broadcast_to(x, (*x.shape[:-1], len(here)))

    budget, spread, usual = whole[here], cut("network_spread"), cut("usual_result")
    joins = joining[here]
    revenue, least, quality = (np.nan_to_num(cut(n)) for n in NEEDED[4:])

    def part(result: Numbers) -> Numbers:
        return budget * kept_of_result(result, terms, least, quality, revenue / budget)

    z = pools.reserve(1.0, (np.arange(NODES) + 0.5) / NODES)
    years = part(usual + spread * z[:, None])
    worst = usual - spread * pools.reserve(1.0, BAD)
    sd = years.std(0)
    share = np.zeros(len(m.frame.members))
    areas = m.frame.england.areas["network"].index
    index = areas[min(m.frame.at, areas.shape[0] - 1), m.frame.members]
    place = np.full(whole.shape[0] + 1, -1)
    place[here] = np.arange(len(here))
    own = place[index]
    registered = m.frame.patients["registered"]
    patients = np.bincount(own[own >= 0], weights=registered[own >= 0], minlength=len(here)).astype(float)
    held = own >= 0
    part_of = registered[held] / np.maximum(patients[own[held]], 1)
    share[held] = part_of * sd[own[held]] * np.sqrt(joins[own[held]])
    return Budgets(
        budget,
        joins,
        spread,
        budget * np.maximum(-worst, 0.0),
        np.maximum(-part(worst), 0.0),
        sd,
        pools.normal_tail(-usual, spread, note),
        (years < -note * budget).mean(0),
        patients,
        share,
    )


def kept_of_result(result: Any, terms: dict[str, Any], least: Any, quality: Any, revenue: Any) -> Any:
    """What a network is paid (or, below nought, pays back) for a result, as a share of its budget; all arguments are shares of it too.

    A saving that reaches `least` passes the corridor and is shared by the gain rate and `quality`, up to the cap; an overspend that
    reaches the minimum loss rate by the loss rate, up to the cap on revenue.
    """
    bands, shares = terms["corridor_bands"], terms["corridor_shares"]
    passed = risk.corridor(result, bands, shares)
    gain = (
        np.where(result >= least, np.minimum(passed * terms["gain_share_rate"], terms["gain_share_cap"]), 0.0) * quality
    )
    owed = np.minimum(-passed * terms["loss_share_rate"], terms["loss_share_cap"] * revenue)
    loss = np.where(-result >= terms["minimum_loss_rate"], owed, 0.0)
    return terms["risk_share_in_force"] * np.where(result > 0, gain, -loss)


def year_of(x: Any, at: int, draw: int) -> Numbers:
    """One draw and year of an array whose last three axes are draw, year and area; axes before them stay."""
    y = x[..., min(draw, x.shape[-3] - 1), :, :]
    made: Numbers = y[..., min(at, y.shape[-2] - 1), :]
    return made
