"""The start: every practice of the starting year as the years ahead begin, with what stays the same about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from .. import chapters
from ..contracts import Result, run
from ..contracts.pricing import years_up_to
from ..engine.errors import InputError
from ..england.facts import England
from ..findings.figures import kept
from . import numbers
from .figures import figure, table
from .moves import Held
from .panel import open_at_end
from .places import Places
from .terms import FOLLOWS, FORMS, OUTSIDE, Terms, national, terms

Numbers = npt.NDArray[np.float64]
Maybe = Callable[[str], "Numbers | None"]
TEAM_FACTS = {"nurse": "nurse_fte", "direct_care": "direct_care_fte", "admin": "admin_fte"}


@dataclass(frozen=True)
class Start:
    """Practices of the starting year, in the order of their boards.

    members: their positions in the England.  held: what they hold, in one draw: (1, band, practice) and (1, practice).  needs: weighted over age-sex weighted list.
    forms: (3, practice) share held by trusts, networks and companies already.  contact: contacts a patient asks for over England's at
    the same age and sex.  need_weight: need-weighted over registered patients.  fifth: deprivation fifth, 1 the most deprived, 0
    unknown.  national: the national contract's terms, which all contracts start from.  told: what this England lacks and what stands in for it, in sentences.
    """

    england: England = field(repr=False)
    year: int
    members: npt.NDArray[np.intp]
    places: Places = field(repr=False)
    keys: npt.NDArray[np.uint64] = field(repr=False)
    network_keys: npt.NDArray[np.uint64] = field(repr=False)
    held: Held = field(repr=False)
    needs: Numbers = field(repr=False)
    forms: Numbers = field(repr=False)
    contact: Numbers = field(repr=False)
    need_weight: Numbers = field(repr=False)
    fifth: npt.NDArray[np.int64] = field(repr=False)
    counts: dict[str, Numbers] = field(repr=False)
    national: Terms = field(repr=False)
    told: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """ODS codes of the practices, in order."""
        return tuple(self.england.codes[i] for i in self.members)

    @property
    def lists(self) -> Numbers:
        """Registered patients of each practice."""
        sums: Numbers = self.held.bands[0].sum(0)
        return sums


def start(england: England, year: int) -> Start:
    """The practices that are open at the end of a year, and what they hold; made once for an England.

    Raises InputError where fewer than two are open, and MissingFact where there is no list by age and sex.
    """
    return kept(england, f"start of {year}", partial(_start, england, year))


def _start(england: England, year: int) -> Start:
    at = england.year(year)
    members = np.flatnonzero(open_at_end(england, year))
    if len(members) < 2:
        raise InputError(
            f"{len(members)} practices are open at the end of the year", expected="an England of two or more"
        )
    places = Places.of(england, year, members)
    order = np.argsort(places.board, kind="stable")
    members = members[order]
    places = Places.of(england, year, members)
    told: list[str] = []

    def row(name: str) -> Numbers:
        x = england.fact(name)[..., 0, :, :]
        x = x[..., min(at, x.shape[-2] - 1), :]
        return np.asarray(np.broadcast_to(x, (*x.shape[:-1], len(england.codes)))[..., members], np.float64)

    def maybe(name: str) -> Numbers | None:
        x = row(name) if name in england.facts else None
        return None if x is None or np.isnan(x).all() else x

    patients = np.nan_to_num(row("list_size"))
    bands = np.nan_to_num(row("list_by_band"))
    none = bands.sum(0) <= 0
    bands[:, none] = bands.sum(1, keepdims=True)
    lists = bands * patients / bands.sum(0)
    contract = national()
    workload = contract.values["age_sex_weights"].in_year(year) @ lists
    published = maybe("weighted_list_published")
    weighted = np.where(np.nan_to_num(published if published is not None else 0 * patients) > 0,
                        np.nan_to_num(published) if published is not None else 0.0, np.nan)  # fmt: skip
    known = ~np.isnan(weighted)
    ratio = weighted[known].sum() / workload[known].sum() if known.any() else patients.sum() / workload.sum()
    weighted = np.where(known, weighted, workload * ratio)
    counts = {"registered": patients, "weighted": weighted}
    need = maybe("primary_care_weighted_list")
    need_weight = _relative(need, patients) if need is not None else weighted / np.maximum(patients, 1.0)
    gps = _gps(maybe, weighted, year, told)
    team = [_staff(maybe(fact), patients, role, told) for role, fact in TEAM_FACTS.items()]
    priced = run(contract, england, years_up_to(contract, england, year), keep="all")
    today = terms(contract, england, year, members, 1, counts, priced)
    surgery = today.rates[0, OUTSIDE, FOLLOWS.index("surgery")]
    held = Held(lists[None], *(x[None] for x in (*gps, *team, surgery)))
    score = maybe("deprivation_score")
    fifth = maybe("deprivation_fifth")
    return Start(
        england=england,
        year=year,
        members=members,
        places=places,
        keys=numbers.keys([england.codes[i] for i in members]),
        network_keys=numbers.keys([*places.networks, "none"])[places.network],
        held=held,
        needs=weighted / np.maximum(workload, 1e-9),
        forms=_forms(priced, year, members),
        national=today,
        contact=_contact(score, patients, told),
        need_weight=need_weight,
        fifth=np.zeros(len(members), np.int64) if fifth is None else np.nan_to_num(fifth).astype(np.int64),
        counts=counts,
        told=tuple(told),
    )


def _relative(x: Numbers, patients: Numbers) -> Numbers:
    """A weighted list over the registered one, England's ratio 1; 1 where it is not known."""
    known = np.nan_to_num(x) > 0
    scale = patients[known].sum() / x[known].sum()
    return np.where(known, np.nan_to_num(x) * scale / np.maximum(patients, 1.0), 1.0)


def _gps(maybe: Maybe, weighted: Numbers, year: int, told: list[str]) -> tuple[Numbers, Numbers]:
    """Partners (heads) and salaried GPs (full-time equivalents) of each practice; England's totals by weighted list where not known."""
    people = chapters.load("people").values
    per_head = float(people["partner_fte_per_head"].in_year(year))
    share = weighted / weighted.sum()
    heads, fte, gps = maybe("partner_headcount"), maybe("partner_fte"), maybe("gp_fte")
    if heads is None:
        heads = None if fte is None else fte / per_head
    total = float(people["partners_national"].in_year(year)) / per_head
    others = float(people["qualified_gps_national"].in_year(year)) - total * per_head
    if heads is None:
        told.append("Partners of each practice are not known: England's follow weighted lists.")
        return np.maximum(total * share, 0.0), others * share
    lacks = np.isnan(heads)
    if lacks.any():
        told.append(
            f"Partners of {int(lacks.sum()):,} practices are not known: they are taken as England's by weighted list."
        )
    heads = np.where(lacks, total * share, np.nan_to_num(heads))
    if gps is None:
        told.append("Salaried GPs of each practice are not known: England's follow weighted lists.")
        return heads, others * share
    known = ~np.isnan(gps) & ~lacks
    own = fte if fte is not None else heads * per_head
    salaried = np.where(known, np.maximum(np.nan_to_num(gps) - np.nan_to_num(own), 0.0), others * share)
    return heads, salaried


def _staff(x: Numbers | None, patients: Numbers, role: str, told: list[str]) -> Numbers:
    """Full-time equivalents of a role at each practice; England's by registered list where not known."""
    total = float(table("staff_fte")[("nurse", "direct_care", "admin").index(role)])
    each = total * patients / patients.sum()
    if x is None:
        told.append(
            f"{role.replace('_', ' ').capitalize()} staff of each practice are not known: England's follow lists."
        )
        return each
    return np.where(np.isnan(x), each, np.nan_to_num(x))


def _contact(score: Numbers | None, patients: Numbers, told: list[str]) -> Numbers:
    """Contacts asked for over England's at the same age and sex, by deprivation: a straight line over ranks, England's mean 1."""
    if score is None:
        told.append("Deprivation is not known: everybody asks for the contacts of their age and sex.")
        return np.ones_like(patients)
    filled = np.where(np.isnan(score), np.nanmedian(score), score)
    order = np.argsort(filled, kind="stable")
    upto = np.cumsum(patients[order])
    rank = np.empty_like(patients)
    rank[order] = (upto - patients[order] / 2) / upto[-1]
    step = np.log(figure("contacts_deprivation_ratio")) / (1 - 1 / 5)  # fifths' middles are four fifths apart
    made = np.exp(step * (rank - 1 / 2))
    return made * patients.sum() / (made @ patients)


def _forms(result: Result, year: int, members: npt.NDArray[np.intp]) -> Numbers:
    """Shares of each list that trusts, networks and companies hold in the starting year, as the national contract has it."""
    at = result.at(year)
    rows = []
    for form in FORMS:
        x = result.arrays[f"held_by_{form}"][0]
        row = np.broadcast_to(x[min(at, x.shape[0] - 1)], (len(result.england.codes),))
        rows.append(np.nan_to_num(row[members]))
    return np.stack(rows)
