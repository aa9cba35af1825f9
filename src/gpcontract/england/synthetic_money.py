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

from .facts import Array, lines
from .synthetic_draws import Keyed, at_year, climb, in_force, parameters, slope
from .synthetic_people import Flags, People

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
        for name, spec in parameters()["lines"].items():
            if name == "qof":
                amount = self._quality(spec)
            elif "dispensing" in spec:
                dispensing = self.people.places.dispensing > 0
                both = [
                    self._line(f"{name} {g}", spec[g], self.open & (dispensing == (g == "dispensing"))) for g in spec
                ]
                amount = None if all(a is None for a in both) else sum(a for a in both if a is not None)
            else:
                amount = self._line(name, spec, self.open)
            if amount is not None:
                found[name] = amount
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
            rate = climb(local, at_year(p["local_core"][name], year))
            core = np.where(self.contract == kind, self.weighted * price * rate, core)
        booked = self.draw.uniform("booked as global sum")
        share = {k: float(at_year(v, year)) for k, v in p["local_core"]["as_global_sum"].items()}
        through = float(at_year(p["global_sum"]["through_balance"], year))
        as_global_sum = np.select(
            [self.contract == 0, self.contract == 1], [booked >= through, booked < share["pms"]], booked < share["apms"]
        )
        return {"global_sum": np.where(as_global_sum, core, 0.0), "pms_balance": np.where(as_global_sum, 0.0, core)}

    def _correction(self) -> dict[str, Array]:
        """Correction factor: a fixed sum for GMS practices of 2014/15, in sevenths to nothing in 2020/21; heirs keep it."""
        first = correction_factors(self.people)
        left = min(max((2020 - self.year) / 6, 0.0), 7 / 6)
        heir, here = self.people.places.heir, self.open
        gone = (~here) & (heir >= 0) & (self.people.places.closed < self.year)
        amount = first + np.bincount(heir[gone], first[gone], minlength=len(first))
        return {"correction_factor": np.where(self.contract == 0, amount * left, 0.0)}

    def _participation(self) -> dict[str, Array]:
        """Network participation payment: a rate per weighted patient, from July 2019 in three of four quarters' practices."""
        p = parameters()["network_participation"]
        if self.year < min(p["rate"]):
            return {}
        rate = float(at_year(p["rate"], self.year)) * climb(
            self.draw.lasting("participation", self.year, 0.5), p["ladder"]
        )
        rate = rate * (0.93 if self.year == min(p["rate"]) else 1.0)
        without = self.draw.uniform("participates") < float(at_year(p["none"], self.year))
        return {"network_participation": np.where(without, 0.0, self.weighted * rate)}

    def _quality(self, spec: Mapping[str, Any]) -> Array:
        """QOF: points x list x prevalence, with the noise of real prevalence, to the year's published total."""
        rest = parameters()["qof_prevalence"]["rest"]
        due = self.points * self.size * self.prevalence * np.exp(rest * self.draw.lasting("qof", self.year, 0.8))
        none = self.draw.uniform("no qof") < float(at_year(spec["none"], self.year))
        return self._to_nation(np.where(none, 0.0, due), spec)

    def _line(self, name: str, spec: Mapping[str, Any], among: Flags) -> Array | None:
        """A line by its published marginals among some practices; None in a year without the line."""
        if not present(spec, self.year):
            return None
        fitted, rest = slope(spec.get("follows", {}), self.traits, among)
        z = fitted + rest * self.draw.lasting(name, self.year, spec["lasting"])
        amount = np.where(among, climb(z, at_year(spec["spread"], self.year)) * self.size, 0.0)
        none = float(at_year(spec["none"], self.year))
        if none > 0:
            amount[self._unpaid(name, spec, none, among)] = 0.0
        return self._to_nation(amount, spec, among)

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

    def _to_nation(self, amount: Array, spec: Mapping[str, Any], among: Flags | None = None) -> Array:
        """Scaled so that the published GBP per registered patient holds over the practices it was measured on."""
        per_patient = float(at_year(spec["per_patient"], self.year)) * index(self.year, spec)
        patients = self.size.sum() if among is None else self.size[among].sum()
        total = amount.sum()
        return amount * (per_patient * patients / total) if total > 0 else amount


def index(year: int, spec: Mapping[str, Any]) -> float:
    """GBP per patient of a year without published payments, over the nearest published year's."""
    p = parameters()["index"]
    if year > PUBLISHED[1]:
        return float(p["after"]["values"][year])
    return p["before"]["value"] if year < PUBLISHED[0] <= min(spec["per_patient"]) else 1.0


def present(spec: Mapping[str, Any], year: int) -> bool:
    """Whether a line was paid in a year: between its first and last published years, and after if still published."""
    known = sorted(spec["per_patient"])
    first = min(spec.get("began", 2004 if known[0] <= PUBLISHED[0] else known[0]), known[0])
    last = 2026 if known[-1] >= PUBLISHED[1] else known[-1]
    return first <= year <= last + (spec.get("payee") == "network")


def opted_out(people: People) -> Array:
    """1 where the out-of-hours deduction applies; the share of practices that kept the duty is inferred from payments."""
    return (people.draw.uniform("out of hours") >= parameters()["out_of_hours"]["opted_in"]["value"]).astype(float)


def correction_factors(people: People) -> Array:
    """Each practice's correction factor in 2014/15, GBP a year (cash, fixed)."""
    p = parameters()["correction_factor"]
    size, contract = people.list_size(2014), people.contract(2014)
    gms = contract == 0
    fitted, rest = slope(p["paid_follows"], people.traits, gms)
    z = fitted + rest * people.draw.normal("has correction factor")
    with_one = gms & (z >= np.quantile(z[gms], 1 - p["paid"]))
    fitted, rest = slope(p["follows"], people.traits, with_one)
    amount = np.where(with_one, climb(fitted + rest * people.draw.normal("correction factor"), p["ladder"]) * size, 0.0)
    return amount * (p["national"] * size.sum() / amount.sum())
