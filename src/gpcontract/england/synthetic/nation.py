"""The synthetic England: about 6,300 practices that do not exist, drawn from published facts and a seed.

It is the package's default and says 'synthetic' everywhere. Shapes as in facts.py; same seed, same England bit for bit,
and a year is the same whatever other years are asked for (only practices never open in them are left out).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...engine.areas import Areas
from ...engine.errors import InputError
from ...engine.years import span_name, year_name
from ..facts import Array, England, Provenance, Report, lines
from .draws import Keyed, parameters
from .money import PUBLISHED, Ledger, correction_factor_base, guaranteed_income, opted_out
from .people import CONTRACTS, People
from .places import FIRST, LAST, Places, place

STREAMS = (
    "general_acute",
    "community",
    "mental_health",
    "maternity",
    "prescribing",
    "health_inequalities",
    "primary_care",
)
STAFF = ("gp_fte", "nurse_fte", "direct_care_fte", "admin_fte")
FIRST_NETWORKS = 2019


def make(seed: int = 1, years: tuple[int, ...] = (2024,)) -> England:
    """An England of synthetic practices for some years between 2004/05 and 2026/27."""
    years = tuple(sorted(set(years)))
    if not years or years[0] < FIRST or years[-1] > LAST:
        raise InputError(
            f"no synthetic England for {span_name(years)}",
            expected=f"years from {year_name(FIRST)} to {year_name(LAST)}",
        )
    if not isinstance(seed, int) or seed < 0:
        raise InputError(f"{seed!r} is not a seed", expected="a whole number, 0 or more")
    places = place(seed)
    people = People(places, Keyed(seed, len(places.opened)))
    facts = _fixed(people)
    yearly = [_year(people, year) for year in years]
    for name in dict.fromkeys(k for found in yearly for k in found):
        facts[name] = _stack([found.get(name) for found in yearly], len(places.opened))

    kept = (facts["open_share"][0] > 0).any(0)
    facts = {k: np.ascontiguousarray(v[..., kept]) for k, v in facts.items()}
    numbers = np.flatnonzero(kept) + 1
    title = f"synthetic England, seed {seed}"
    return England(
        title,
        years,
        tuple(f"S{n:05d}" for n in numbers),
        facts,
        _areas(places, years, kept),
        {"name": tuple(f"Synthetic practice {n:04d}" for n in numbers)},
        {k: _provenance(k, years) for k in facts},
        _report(title, years),
        True,
    )


def _stack(rows: list[Array | None], size: int) -> Array:
    """One fact's years on one axis: (1, year, practice), or with bands in front; NaN for a year without it."""
    whole = next(r for r in rows if r is not None)
    empty = np.full((*whole.shape[:-1], size), np.nan)
    stacked = np.stack([empty if r is None else r for r in rows], -2)
    return stacked[None] if whole.ndim == 1 else stacked[:, None]


def _fixed(people: People) -> dict[str, Array]:
    """Facts alike in all years, (1, 1, practice)."""
    places = people.places
    found = {
        "dispensing": places.dispensing,
        "rural": places.rural,
        "in_london": (places.region == 0).astype(float),
        "london_resident_share": places.residents,
        "deprivation_score": places.deprivation_score,
        "latitude": places.latitude,
        "longitude": places.longitude,
        "ooh_opted_out": opted_out(people),
        "cqc_rating": people.rating(),
        "correction_factor_base": correction_factor_base(people),
        "guaranteed_income": guaranteed_income(people),
    }
    return {k: np.asarray(v, float)[None, None] for k, v in found.items()}


def _year(people: People, year: int) -> dict[str, Array]:
    """One year's facts, (practice,) or (band, practice); NaN where a practice not open can have no such fact."""
    size, contract = people.list_size(year), people.contract(year)
    here = size > 0
    bands = people.bands(year, size)
    weighted, needs = people.weigh(bands, size)
    points, prevalence = people.points(year), people.prevalence(size)
    before = people.list_size(year - 1) if year > FIRST else np.zeros_like(size)
    earlier = people.contract(year - 1) if year > FIRST else contract
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(here & (before > 0), size / before - 1, np.nan)
    found: dict[str, Array] = {
        "open_share": here.astype(float),
        "list_size": size,
        "list_published": size,
        "list_by_band": bands,
        "weighted_list_published": weighted,
        "other_needs_index": needs,
        "list_growth": growth,
        "contract_changed": (here & (earlier >= 0) & (earlier != contract)).astype(float),
        "deprivation_fifth": _fifths(people.places.deprivation_score, size),
        "qof_points": np.where(here, points, np.nan),
        "qof_prevalence_index": prevalence,
    }
    found["gms_share"] = (contract == 0).astype(float)
    found["off_formula_payment"], found["list_timing"] = np.zeros_like(size), np.ones_like(size)
    found["took_over"] = people.took_over(year)
    found |= {f"on_{name}": (contract == i).astype(float) for i, name in enumerate(CONTRACTS)}
    found |= {f"{name}_weighted_list": people.need_weighted(name, size) for name in STREAMS}
    found |= {name: people.staff(name, year, size) for name in STAFF}
    found["partner_fte"] = people.partners(found["gp_fte"])
    found["gp_headcount"], found["partner_headcount"] = people.heads(year, found["gp_fte"], found["partner_fte"])
    paid = Ledger(people, year, size, weighted, contract, points, prevalence).paid()
    counted = [v for k, v in paid.items() if lines()[k].get("total", True)]
    return found | {f"published_{k}": v for k, v in paid.items()} | {"published_total": np.sum(counted, 0)}


def _fifths(score: Array, size: Array) -> Array:
    """List-weighted fifth by deprivation, 1 the most deprived; closed practices by where they would fall."""
    order = np.argsort(-score, kind="stable")
    below = np.cumsum(size[order])
    fifth = np.empty(len(score))
    fifth[order] = np.minimum(np.floor(5 * (below - size[order] / 2) / below[-1]), 4) + 1
    return fifth


def _areas(places: Places, years: tuple[int, ...], kept: Any) -> dict[str, Areas]:
    """Networks (from 2019/20), sub-boards, boards and regions, nested: (year, practice) or (1, practice)."""
    regions = parameters()["regions"]
    network = places.network[kept]
    in_years = np.array([network if y >= FIRST_NETWORKS else np.full_like(network, -1) for y in years])
    every = {
        "network": ("SN{:04d}", "Synthetic network {}", in_years, int(places.network.max()) + 1),
        "sub_board": (
            "SS{:03d}",
            "Synthetic sub-board {}",
            places.sub_board[kept][None],
            int(places.sub_board.max()) + 1,
        ),
        "board": ("SB{:02d}", "Synthetic board {}", places.board[kept][None], len(parameters()["boards"])),
        "region": ("SR{:d}", "Synthetic {}", places.region[kept][None], len(regions)),
    }
    found = {}
    for kind, (code, name, at, n) in every.items():
        titles = regions if kind == "region" else [str(i + 1) for i in range(n)]
        found[kind] = Areas(
            kind,
            tuple(code.format(i + 1) for i in range(n)),
            tuple(name.format(t) for t in titles),
            at.astype(np.int32),
        )
    return found


def _provenance(name: str, years: tuple[int, ...]) -> Provenance:
    """How a synthetic fact was made; payments outside the published years say so."""
    notes = ["drawn from a seed and the published marginals in synthetic.yaml"]
    outside = [y for y in years if not PUBLISHED[0] <= y <= PUBLISHED[1]]
    if name.startswith("published_") and outside:
        notes.append(
            f"no payments were published for {span_name(outside)}: the nearest published year's GBP per patient, scaled"
        )
    if name in ("on_gms", "on_pms", "on_apms") and years[0] < PUBLISHED[0]:
        notes.append("before 2014/15 the contract shares of 2014/15")
    if name in ("sub_board", "board"):
        notes.append("the boards of today in all years")
    return Provenance("synthetic", (), "; ".join(notes))


def _report(title: str, years: tuple[int, ...]) -> Report:
    used = tuple(f"{s['title']} ({s['publisher']}, grade {s['grade']})" for s in parameters()["sources"].values())
    return Report(
        used,
        (
            "small corrections below nothing, and payments to practices after they closed: no synthetic practice has them",
        ),
        (),
        (f"{title}, {span_name(years)}: no practice in it exists, and no finding from it is about a real place",),
    )
