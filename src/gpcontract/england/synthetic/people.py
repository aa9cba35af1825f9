"""Who is on the synthetic lists: contracts, list sizes, ages, needs, weighted lists, staff and quality, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..facts import Array
from .draws import Keyed, at_year, climb, in_force, parameters, probit, scores, slope
from .places import FIRST, LAST, Places

Flags = npt.NDArray[np.bool_]
CONTRACTS = ("gms", "pms", "apms")


@dataclass(frozen=True)
class People:
    """The people of all the practices there ever were; every method gives (practice,) for one year."""

    places: Places
    draw: Keyed

    @property
    def reference(self) -> int:
        return int(parameters()["reference"])

    @cached_property
    def among(self) -> Flags:
        """Practices open in the reference year, in which the joint distributions were measured."""
        return self.places.open(self.reference)

    def contract(self, year: int) -> Array:
        """0 for GMS, 1 for PMS, 2 for APMS, by the year's published shares; -1 where not open."""
        return np.where(self.places.open(year), self.kind(year), -1.0)

    def kind(self, year: int) -> Array:
        """The contract that every practice has, had or would have by the year's published shares (0, 1 or 2)."""
        p, places = parameters()["contracts"], self.places
        table = np.array(parameters()["boards"], float)
        london = (places.region == 0).astype(float)
        here = places.open(year)
        follows = p["apms_follows"]
        apms = follows["deprivation"] * places.deprivation + follows["london"] * london + self.draw.normal("apms")
        apms = apms + float(at_year(follows["list"], year)) * places.size_score
        level = np.array([probit(min(max(s, 0.01), 0.97)) for s in table[:, 10]])[places.board]
        spread = p["place"]["value"]
        subs = self.draw.normal("pms place", size=int(table[:, 2].sum()))[places.sub_board]
        pms = level * np.sqrt(1 + spread**2) + spread * subs + self.draw.normal("pms")
        pms = pms + float(at_year(p["pms_follows"], year)) * places.size_score
        share = float(at_year(p["apms"], year))
        local = apms > np.quantile(apms[here], 1 - share)
        edge = np.quantile(pms[here & ~local], 1 - float(at_year(p["pms"], year)) / (1 - share))
        return np.select([local, pms > edge], [2.0, 1.0], 0.0)

    @cached_property
    def traits(self) -> dict[str, Array]:
        """What other quantities follow: normal scores, and yes or no, (practice,) each, alike in all years."""
        places = self.places
        return {
            "deprivation": places.deprivation,
            "rural": places.rural,
            "london": (places.region == 0).astype(float),
            "list": scores(np.log(self.share_of_list), self.among),
            "older": self.factors[0],
            "families": self.factors[1],
            "middle": self.factors[2],
        }

    @cached_property
    def share_of_list(self) -> Array:
        """Patients in the reference year, or the part of its heir's list that a closed practice had."""
        p, places = parameters()["list_size"], self.places
        kind = self.kind(self.reference)
        base = {"deprivation": places.deprivation, "rural": places.rural, "london": (places.region == 0).astype(float)}
        size = np.zeros(self.draw.size)
        for i, name in enumerate(CONTRACTS):
            ours = kind == i
            fitted, rest = slope(p["follows"][name], base, ours & self.among)
            z = scores(fitted + rest * places.size_score, ours & self.among)
            size = np.where(ours, climb(z, p[name]), size)
        old = np.flatnonzero((places.heir >= 0) & (places.closed < self.reference))
        a, b = parameters()["merged_share"]["value"]
        part = self.draw.beta("merged share", a, b, self.draw.size)[old]
        odds = part / (1 - part)
        whole = 1 + np.bincount(places.heir[old], odds, minlength=self.draw.size)
        size[old] = size[places.heir[old]] * odds / whole[places.heir[old]]
        return size

    @cached_property
    def _growth(self) -> Array:
        """Each list's own growth: log of its list over what the nation's growth alone would give, (year, practice)."""
        steps = (
            np.array([self.draw.normal("growth", y) for y in range(FIRST, LAST + 1)]) * parameters()["growth"]["value"]
        )
        walk = np.cumsum(steps, 0)
        walk -= walk[self.reference - FIRST]
        heir = self.places.heir
        return np.where(heir >= 0, walk[:, np.maximum(heir, 0)], walk)

    def list_size(self, year: int) -> Array:
        """Registered patients; 0 where not open. All lists add to the nation's published total."""
        places, here = self.places, self.places.open(year)
        size = self.share_of_list.copy()
        followed = places.heir >= 0
        old = followed & (places.closed < self.reference)
        # a list closed before the reference year is part of its heir's; one closed since comes on top of it
        moved = np.where(old & (places.closed >= year), -size, 0.0) + np.where(
            followed & ~old & (places.closed < year), size, 0.0
        )
        size = size + np.bincount(places.heir[followed], moved[followed], minlength=len(size))
        size = np.where(here, size * np.exp(self._growth[year - FIRST]), 0.0)
        return np.round(size * (float(at_year(parameters()["patients"]["values"], year)) * 1e6 / size.sum()), 2)

    def took_over(self, year: int) -> Array:
        """1 where the list of a practice that closed on the last day of the year before came over."""
        came = np.zeros(self.draw.size)
        came[self.places.heir[(self.places.heir >= 0) & (self.places.closed == year - 1)]] = 1.0
        return came

    @cached_property
    def factors(self) -> Array:
        """Three factors of age: older, families against students, middle age; (3, practice)."""
        p, places = parameters()["ages"], self.places
        flat = np.ones(self.draw.size)
        size = scores(np.log(self.share_of_list), self.among)
        basis = np.array([flat, places.deprivation, places.rural, places.region == 0, size])
        out = []
        for k, (follows, rest, between, ladder) in enumerate(
            zip(p["follows"], p["rest"], p["between"], p["ladders"], strict=True)
        ):
            z = self.nested(f"age {k}", between)
            out.append(np.tensordot(follows, basis, 1) + rest * climb(z, ladder))
        return np.array(out)

    def nested(self, name: str, between: list[float]) -> Array:
        """Standard normals made of a board's, a network's and a practice's own part (standard deviations)."""
        boards = self.draw.normal(f"{name} board", size=int(self.places.board.max()) + 1)[self.places.board]
        networks = self.draw.normal(f"{name} network", size=int(self.places.network.max()) + 1)[self.places.network]
        z = between[0] * boards + between[1] * networks + between[2] * self.draw.normal(name)
        return scores(z, self.among)

    @cached_property
    def _shape(self) -> Array:
        """Share of each band before it is fitted to the nation's, (14, practice)."""
        p = parameters()["ages"]
        own = np.array([self.draw.normal("band", b) for b in range(14)]) * np.array(p["own"])[:, None]
        shape = np.exp(np.array(p["centre"])[:, None] + np.array(p["factors"]).T @ self.factors + own)
        return shape / shape.sum(0)

    def bands(self, year: int, size: Array) -> Array:
        """Patients by sex and age band (14, practice); bands add to lists, and to the nation's published shares."""
        nation = np.asarray(at_year(parameters()["ages"]["national"], year), float)
        goal = nation / nation.sum() * size.sum()
        fitted = self._shape * size
        for _ in range(8):
            fitted = fitted * (goal / fitted.sum(1))[:, None]
            total = fitted.sum(0)
            fitted = fitted * np.where(total > 0, size / np.where(total > 0, total, 1), 0)
        return fitted

    @cached_property
    def _needs(self) -> Array:
        p = parameters()["other_needs"]
        traits = self.traits
        basis = np.array(
            [np.ones(self.draw.size), *(traits[t] for t in ("deprivation", "rural", "london")), *self.factors]
        )
        return np.tensordot(p["follows"], basis, 1) + p["rest"] * climb(self.nested("needs", p["between"]), p["ladder"])

    def weigh(self, bands: Array, size: Array) -> tuple[Array, Array]:
        """Weighted list and index of other needs; the weighted lists add to the registered ones exactly."""
        weights = np.array(parameters()["age_sex_weights"]["values"])
        by_age = np.tensordot(weights, bands, 1)
        by_age = by_age * (size.sum() / by_age.sum())
        needs = np.exp(self._needs)
        needs = needs * (size.sum() / (by_age * needs).sum())
        return by_age * needs, needs

    def need_weighted(self, name: str, size: Array) -> Array:
        """One allocation stream's need-weighted list; adds to the registered patients."""
        *follows, rest = parameters()["need_weighted"][name]
        t = self.traits
        basis = [t[k] for k in ("deprivation", "list", "rural", "london", "older", "families", "middle")]
        log = np.tensordot(follows, np.array([*basis, self._needs]), 1) + rest * self.draw.normal(f"stream {name}")
        list_ = size * np.exp(log)
        return list_ * (size.sum() / list_.sum())

    def staff(self, name: str, year: int, size: Array) -> Array:
        """Full-time equivalents of one staff group; the nation's number per 10,000 patients holds."""
        p: Any = parameters()["workforce"]
        spec = p[name]
        fitted, rest = slope(spec["follows"], self.traits, self.among)
        z = fitted + rest * self.draw.lasting(name, year, p["lasting"]["value"])
        fte = climb(z, spec["ladder"]) * size
        return fte * (float(at_year(spec["per_10000"], year)) / 1e4 * size.sum() / fte.sum())

    def partners(self, gp_fte: Array) -> Array:
        """Full-time equivalents of partners: a share of each practice's GPs, alike in all years."""
        spec = parameters()["workforce"]["partner_share"]
        fitted, rest = slope(spec["follows"], self.traits, self.among)
        share = np.clip(climb(fitted + rest * self.draw.normal("partner share"), spec["ladder"]), 0, 1)
        return gp_fte * share

    def heads(self, year: int, gp_fte: Array, partner_fte: Array) -> tuple[Array, Array]:
        """Permanent qualified GPs and partners counted as people, whole; England's hours per person hold."""
        p: Any = parameters()["workforce"]["heads"]
        per_gp, per_partner = float(at_year(p["gp"], year)), float(at_year(p["partner"], year))
        partners = self._counted("partner", partner_fte, p["partner_ladder"], partner_fte.sum() / per_partner)
        salaried = self._counted(
            "salaried", gp_fte - partner_fte, p["salaried_ladder"], gp_fte.sum() / per_gp - partners.sum()
        )
        return partners + salaried, partners

    def _counted(self, name: str, fte: Array, ladder: list[float], people: float) -> Array:
        """Whole people behind full-time equivalents, adding to about so many; hours that print as 0.0 are nobody's."""
        exact = fte / climb(self.draw.normal(f"{name} hours"), ladder)
        low, high = 0.2, 5.0
        for _ in range(40):  # the scale at which whole numbers add up
            scale = (low + high) / 2
            count = np.where(fte >= 0.05, np.maximum(np.floor(exact * scale + 0.5), 1.0), 0.0)
            low, high = (scale, high) if count.sum() < people else (low, scale)
        return count

    def points(self, year: int) -> Array:
        """QOF points achieved out of the year's maximum; the shape is the nearest published years'."""
        p = parameters()["qof_points"]
        fitted, rest = slope(p["follows"], self.traits, self.among)
        share = climb(
            fitted + rest * self.draw.lasting("qof points", year, p["lasting"]["value"]), at_year(p["ladders"], year)
        )
        return np.round(np.clip(share, 0, 1) * in_force(p["available"], year), 2)

    def prevalence(self, size: Array) -> Array:
        """QOF prevalence factor over the whole framework, list-weighted mean 1."""
        fitted, _ = slope(parameters()["qof_prevalence"]["follows"], self.traits, self.among)
        index = np.exp(fitted)
        return index * (size.sum() / (index * size).sum())

    def rating(self) -> Array:
        """Care Quality Commission rating, 1 inadequate to 4 outstanding."""
        p = parameters()["cqc"]
        fitted, rest = slope(p["follows"], self.traits, self.among)
        z = fitted + rest * self.draw.normal("cqc")
        return 1.0 + np.sum([z > probit(edge) for edge in np.cumsum(p["shares"])[:3]], axis=0)
