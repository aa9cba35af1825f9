"""What the synthetic practices are paid, line by line, shaped like NHS Payments to General Practice of each year.

Global sum, PMS balance, correction factor and network participation follow the contract's arithmetic with the noise that
publications show around it; every other line follows its published mean, share without, spread and dependences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..facts import Array, lines
from .draws import Keyed, at_year, climb, in_force, parameters, slope
from .people import Flags, People

PUBLISHED = (2014, 2024)  # first and last year with published payments


@dataclass(frozen=True)
class Ledger:
    """One year's practices: what the lines are paid on. All arrays (practice,)."""

    people: People
    year: int
    size: Array
    weighted: Array
    contract: Array
    points: Array
    prevalence: Array

    @property
    def draw(self) -> Keyed:
        return self.people.draw

    @cached_property
    def open(self) -> Flags:
        return self.size > 0

    @cached_property
    def traits(self) -> Mapping[str, Array]:
        """The people's traits, with this year's list size as a normal score."""
        size = np.log(np.maximum(self.size, 1))
        middle, spread = size[self.open].mean(), size[self.open].std()
        return {**self.people.traits, "list": np.where(self.open, (size - middle) / spread, 0.0)}

    def paid(self) -> dict[str, Array]:
        """Every line of this year's publication: GBP by practice, NaN where the practice was not open."""
        found = {**self._core(), **self._correction(), **self._participation()}
        dispensing = self.people.places.dispensing > 0
        for name, spec in parameters()["lines"].items():
            if name == "qof":
                parts: list[Array | None] = [self._quality(spec)]
            elif "dispensing" in spec:
                who = {"dispensing": dispensing, "others": ~dispensing}
                parts = [self._line(f"{name} {g}", part, self.open & who[g]) for g, part in spec.items()]
            else:
                parts = [self._line(name, spec, self.open)]
            known = [part for part in parts if part is not None]
            if known:
                found[name] = np.sum(known, axis=0)
        return {k: np.where(self.open, np.round(found[k], 2), np.nan) for k in lines() if k in found}

    def _core(self) -> dict[str, Array]:
        """Global sum and PMS balance: weighted list x price, London, less out of hours; local prices for PMS and APMS."""
        p, year = parameters(), self.year
        price = p["price"]["values"][year]
        places = self.people.places
        london = places.residents if year >= p["london_adjustment"]["residents_from"] else (places.region == 0)
        gross = self.weighted * price + self.size * london * p["london_adjustment"]["value"]
        net = gross * (1 - float(in_force(p["out_of_hours"]["values"], year)) * opted_out(self.people))
        noise = climb(
            self.draw.lasting("global sum", year, p["global_sum"]["lasting"]), at_year(p["global_sum"]["ladders"], year)
        )
        local = self.draw.lasting("local core", year, p["local_core"]["lasting"])
        core = net * noise
        for kind, name in ((1, "pms"), (2, "apms")):
            ours = self.contract == kind
            fitted, rest = slope({"list": p["local_core"]["follows"][name]}, self.traits, ours)
            amount = np.where(
                ours, self.weighted * climb(fitted + rest * local, at_year(p["local_core"][name], year)), 0.0
            )
            level = float(at_year(p["local_core"]["level"][name], year)) * price * self.weighted[ours].sum()
            core = np.where(ours, amount * (level / amount.sum()), core)
        booked = self.draw.uniform("booked as global sum")
        share = {k: float(at_year(v, year)) for k, v in p["local_core"]["as_global_sum"].items()}
        through = float(at_year(p["global_sum"]["through_balance"], year))
        as_global_sum = np.select(
            [self.contract == 0, self.contract == 1], [booked >= through, booked < share["pms"]], booked < share["apms"]
        )
        return {"global_sum": np.where(as_global_sum, core, 0.0), "pms_balance": np.where(as_global_sum, 0.0, core)}

    def _correction(self) -> dict[str, Array]:
        """Correction factor: the sum of 2013/14, by sevenths to nothing in 2020/21; heirs keep part of what they take over."""
        places = self.people.places
        base = correction_factor_base(self.people)
        if self.year < 2014:
            left = float(at_year(parameters()["correction_factor"]["before"]["values"], self.year))
        else:
            left = max((2020 - self.year) / 7, 0.0)
            gone = (places.heir >= 0) & (places.closed >= 2014) & (places.closed < self.year)
            kept = parameters()["correction_factor"]["kept"]["value"]
            base = base + kept * np.bincount(places.heir[gone], base[gone], minlength=len(base))
        return {"correction_factor": np.where(self.contract == 0, base * left, 0.0)}

    def _participation(self) -> dict[str, Array]:
        """Network participation payment: about a fixed rate per weighted patient, from July 2019."""
        p = parameters()["network_participation"]
        if self.year < min(p["rate"]):
            return {}
        noise = climb(self.draw.lasting("participation", self.year, 0.5), p["ladder"])
        without = self.draw.uniform("participates") < float(at_year(p["none"], self.year))
        amount = np.where(without, 0.0, self.weighted * noise)
        return {
            "network_participation": amount
            * (float(at_year(p["rate"], self.year)) * self.weighted.sum() / amount.sum())
        }

    def _quality(self, spec: Mapping[str, Any]) -> Array:
        """QOF: points x list x prevalence, with the noise of real prevalence, to the year's published total."""
        rest = climb(self.draw.lasting("qof", self.year, 0.8), parameters()["qof_prevalence"]["rest"])
        due = self.points * self.size * self.prevalence * np.exp(rest)
        none = self.draw.uniform("no qof") < float(at_year(spec["none"], self.year))
        return self._to_nation(np.where(none, 0.0, due), spec)

    def _line(self, name: str, spec: Mapping[str, Any], among: Flags) -> Array | None:
        """A line by its published marginals among some practices; None in a year without the line."""
        if min(self.year, PUBLISHED[1]) in spec.get("nothing", ()):
            return np.zeros_like(self.size)
        if not present(spec, self.year):
            return None
        fitted, rest = slope(spec.get("follows", {}), self.traits, among)
        z = fitted + rest * self.draw.lasting(name, self.year, spec["lasting"])
        amount = np.where(among, climb(z, at_year(spec["spread"], self.year)) * self.size, 0.0)
        none = float(at_year(spec["none"], self.year))
        if none > 0:
            amount[self._unpaid(name, spec, none, among)] = 0.0
        return self._to_nation(amount, spec)

    def _unpaid(self, name: str, spec: Mapping[str, Any], none: float, among: Flags) -> Flags:
        """Who gets nothing of a line: the published share, the same practices mostly from year to year."""
        fitted, rest = slope(spec.get("paid_follows", {}), self.traits, among)
        key = "network lead" if spec.get("payee") == "network" else f"{name} paid"
        z = fitted + rest * self.draw.lasting(key, self.year, min(0.5 + spec["lasting"] / 2, 0.95))
        if spec.get("payee") == "network":  # one practice of each network receives for all
            z = np.where(self._leads, z + 10, z)
        return among & (z < np.quantile(z[among], none))

    @cached_property
    def _leads(self) -> Flags:
        """The practice that receives its network's money: any one of it, the same in all years while it is open."""
        network = self.people.places.network
        key = np.where(self.open & (network >= 0), self.draw.uniform("lead"), -1.0)
        best = np.full(int(network.max()) + 1, -1.0)
        np.maximum.at(best, network[network >= 0], key[network >= 0])
        return (key >= 0) & (key == best[np.maximum(network, 0)])

    def _to_nation(self, amount: Array, spec: Mapping[str, Any]) -> Array:
        """Scaled so that the published GBP per registered patient of England holds (a line of repayments is negative)."""
        per_patient = float(at_year(spec["per_patient"], self.year)) * index(self.year, spec)
        total = amount.sum()
        return amount * (per_patient * self.size.sum() / total) if total > 0 else amount


def index(year: int, spec: Mapping[str, Any]) -> float:
    """GBP per patient of a year without published payments, over the nearest published year's."""
    p = parameters()["index"]
    if year > PUBLISHED[1]:
        return float(p["after"]["values"][year])
    return p["before"]["value"] if year < PUBLISHED[0] <= min(spec["per_patient"]) else 1.0


def present(spec: Mapping[str, Any], year: int) -> bool:
    """Whether a line was paid in a year: between its first and last published years, and after if still published."""
    known = sorted(spec.get("per_patient", ()))
    if not known:
        return False
    first = min(spec.get("began", 2004 if known[0] <= PUBLISHED[0] else known[0]), known[0])
    last = 2026 if known[-1] >= PUBLISHED[1] else known[-1]
    return first <= year <= last + (spec.get("payee") == "network")


def opted_out(people: People) -> Array:
    """1 where the out-of-hours deduction applies; the share of practices that kept the duty is inferred from payments."""
    return (people.draw.uniform("out of hours") >= parameters()["out_of_hours"]["opted_in"]["value"]).astype(float)


def correction_factor_base(people: People) -> Array:
    """Each practice's own correction factor of 2013/14, GBP a year: GMS practices of 2014/15, and those closed before."""
    p, places = parameters()["correction_factor"], people.places
    size, here = people.list_size(2014), places.open(2014)
    size = np.where(here, size, people.share_of_list * (size[here].sum() / people.share_of_list[here].sum()))
    gms = people.kind(2014) == 0
    fitted, rest = slope(p["paid_follows"], people.traits, gms & here)
    z = fitted + rest * people.draw.normal("has correction factor")
    with_one = gms & (z >= np.quantile(z[gms & here], 1 - p["paid"]))
    fitted, rest = slope(p["follows"], people.traits, with_one & here)
    amount = np.where(with_one, climb(fitted + rest * people.draw.normal("correction factor"), p["ladder"]) * size, 0.0)
    return np.round(amount * (7 / 6 * p["national"] * size[here].sum() / amount[here].sum()), 2)


def guaranteed_income(people: People) -> Array:
    """Income that the guarantee of 2004 protects, GBP a year: the first global sum, and the correction factor of then.

    Practices without a factor are put a twentieth below their global sum: how far below, nobody needs to know.
    """
    p = parameters()
    size = people.list_size(2004)
    weighted, _ = people.weigh(people.bands(2004, size), size)
    first = weighted * p["price"]["values"][2004]
    first = first + size * (people.places.region == 0) * p["london_adjustment"]["value"]
    factor = correction_factor_base(people) * p["correction_factor"]["before"]["values"][2004]
    return np.round(np.where(factor > 0, first + factor, 0.95 * first), 2)
