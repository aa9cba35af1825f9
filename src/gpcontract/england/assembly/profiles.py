"""How each list divides by sex and Carr-Hill age band, and how deprived it is."""

from __future__ import annotations

from datetime import date

import numpy as np

from ..facts import CARR_HILL_BANDS, Array
from .assemble import Draft, count, day_of, middle

_FIVES = (
    "0_4",
    "5_9",
    "10_14",
    "15_19",
    "20_24",
    "25_29",
    "30_34",
    "35_39",
    "40_44",
    "45_49",
    "50_54",
    "55_59",
    "60_64",
    "65_69",
    "70_74",
    "75_79",
    "80_84",
    "85_89",
    "90_94",
    "95+",
)
_SPANS = {
    "0_4": (0, 1),
    "5_14": (1, 3),
    "15_44": (3, 9),
    "45_64": (9, 13),
    "65_74": (13, 15),
    "75_84": (15, 17),
    "85+": (17, 20),
}

#: The five-year bands in each Carr-Hill band, named as in the registrations frames.
FEWEST = 100  # patients that show the ages of a list
FIVES_IN_BAND = {
    f"{sex}_{band}": [f"{sex}_{five}" for five in _FIVES[a:b]]
    for sex in ("male", "female")
    for band, (a, b) in _SPANS.items()
}

#: Editions of the Index of Multiple Deprivation and the first financial year each is used for: the year it came out.
EDITIONS = {2010: 0, 2015: 2015, 2019: 2019, 2025: 2025}

DEPRIVATION_REACH = 5.0  # score points within which practices of a sub-board count as alike


def fill_bands(draft: Draft) -> None:
    """Fact list_by_band: shares at the nearest date, scaled to the year's list; gaps from kin, then from neighbours."""
    sources = _profiles(draft)
    if not sources:
        draft.lacked.append(
            "list_by_band: no file gives lists by sex and age (registrations_quin_age, workforce_detailed, tidy facts)"
        )
        return
    shares = draft.blank(lead=(len(CARR_HILL_BANDS), 1))
    size, open_ = draft.facts["list_size"][0], draft.facts["open_share"][0] > 0
    ways = dict.fromkeys(("own", "kin", "like"), 0)
    for y, year in enumerate(draft.years):
        have = shares[:, 0, y]
        for _, profile, _ in sorted(sources, key=lambda t: abs((t[0] - middle(year)).days)):
            have = np.where(np.isnan(have[0]), profile, have)
        need = open_[y] & (size[y] > 0)
        ways["own"] += int((need & ~np.isnan(have[0])).sum())
        kin = _from_kin(draft, have, need)
        ways["kin"] += kin
        ways["like"] += _from_like(draft, have, need, y)
        shares[:, 0, y] = have
    grid = shares * draft.facts["list_size"]
    grid[:, draft.facts["list_size"] == 0] = 0.0
    files = [f for _, _, fs in sources for f in fs]
    draft.put(
        "list_by_band",
        grid,
        "derived",
        (*files, *draft.files_of("list_size", *(["deprivation_score"] if ways["like"] else []))),
        f"shares by band at the nearest date, scaled to the list: {count(ways['own'], 'practice-year')} from its own, "
        f"{ways['kin']:,} from its successor or predecessor, {ways['like']:,} modelled as the mean of its sub-board's "
        f"practices of like deprivation",
    )


def _profiles(draft: Draft) -> list[tuple[date, Array, tuple[str, ...]]]:
    """Every dated profile: (day, shares by band and practice, files)."""
    import polars as pl

    found = []
    for p in draft.of("registrations_quin_age", "workforce_practice"):
        if p.kind == "registrations_quin_age":
            frame = p.frame.select("practice", *(pl.sum_horizontal(cols).alias(b) for b, cols in FIVES_IN_BAND.items()))
        elif set(CARR_HILL_BANDS) <= set(p.frame.columns):
            frame = p.frame.select("practice", *CARR_HILL_BANDS)
        else:
            continue
        found.append(
            (day_of(p.when), _as_shares(np.array([draft.scatter(frame, b) for b in CARR_HILL_BANDS])), p.files)
        )
    for year, tidy in draft.scratch.get("tidy_bands", {}).items():
        found.append((middle(year), _as_shares(tidy[0]), tidy[1]))
    return found


def _as_shares(bands: Array) -> Array:
    """Counts by band to shares; a practice lacking any band, or with too few patients to show its ages, has none.

    A closed practice's code keeps a patient or two for months: they say nothing of the list it had.
    """
    total = bands.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total >= FEWEST, bands / total, np.nan)


def _from_kin(draft: Draft, have: Array, need: np.ndarray) -> int:
    """Fill from the practice that took the list over, else from the one it was taken over from."""
    filled = 0
    forward: dict[int, int] = draft.scratch.get("successors", {})
    backward = {b: a for a, b in reversed(forward.items())}
    for kin in (forward, backward):
        for i in np.flatnonzero(need & np.isnan(have[0])):
            j, steps = kin.get(int(i)), 0
            while j is not None and np.isnan(have[0, j]) and steps < 10:
                j, steps = kin.get(j), steps + 1
            if j is not None and not np.isnan(have[0, j]):
                have[:, i] = have[:, j]
                filled += 1
    return filled


def _from_like(draft: Draft, have: Array, need: np.ndarray, y: int) -> int:
    """Fill from the list-weighted mean of the sub-board's practices, those of like deprivation counting most."""
    score, size = draft.facts.get("deprivation_score"), draft.facts["list_size"][0, y]
    subs, regions = draft.areas["sub_board"].index[y], draft.areas["region"].index[y]
    known = need & ~np.isnan(have[0])
    if not known.any():
        return 0
    gaps = np.flatnonzero(need & np.isnan(have[0]))
    filled = have.copy()
    for i in gaps:
        near = known & (subs == subs[i]) if subs[i] >= 0 else known
        if not near.any():
            near = known & (regions == regions[i])
        if not near.any():
            near = known
        weight = size[near]
        if score is not None:
            gap = np.nan_to_num((score[0, y, near] - score[0, y, i]) / DEPRIVATION_REACH)
            weight = weight * np.exp(-(gap**2) / 2) + 1e-12 * weight
        filled[:, i] = (have[:, near] * weight).sum(1) / weight.sum()
    have[:, gaps] = filled[:, gaps]
    return len(gaps)


def edition_of(year: int) -> int:
    """The edition of the index used for a financial year."""
    return max(edition for edition, first in EDITIONS.items() if first <= year)


def fill_deprivation(draft: Draft) -> None:
    """Fact deprivation_score: the edition of the index in force each year, else the nearest edition that has the practice."""
    editions = {int(p.when): p for p in draft.of("deprivation")}  # type: ignore[arg-type]
    if not editions:
        return
    at = {edition: draft.scatter(p.frame.drop_nulls("score"), "score") for edition, p in editions.items()}
    grid, open_, lent = draft.blank(), draft.facts["open_share"][0] > 0, 0
    for y, year in enumerate(draft.years):
        wanted = edition_of(year)
        for edition in sorted(at, key=lambda e: (abs(e - wanted), e)):
            gap = np.isnan(grid[0, y])
            if edition != wanted:
                lent += int((gap & open_[y] & ~np.isnan(at[edition])).sum())
            grid[0, y] = np.where(gap, at[edition], grid[0, y])
    draft.put(
        "deprivation_score",
        grid,
        "published",
        [f for p in editions.values() for f in p.files],
        "the edition in force: 2010 to 2014/15, 2015 to 2018/19, 2019 to 2024/25, then 2025; "
        f"{count(lent, 'practice-year')} from the nearest other edition",
    )


def finish_deprivation(draft: Draft) -> None:
    """Gaps in deprivation_score from the sub-board's mean, and fact deprivation_fifth (1 is the most deprived)."""
    if "deprivation_score" not in draft.facts:
        return
    grid = draft.facts["deprivation_score"]
    modelled = int((np.isnan(grid[0]) & (draft.facts["open_share"][0] > 0)).sum())
    draft.fill_from_areas(grid, "sub_board", "region")
    draft.add_note(
        "deprivation_score",
        f"{count(modelled, 'practice-year')} modelled as the sub-board's mean",
        draft.files_of("list_size") if modelled else (),  # which weigh the mean
    )
    draft.put(
        "deprivation_fifth",
        fifths(grid, draft.facts["list_size"]),
        "derived",
        draft.files_of("deprivation_score", "list_size"),
        "list-weighted fifths of practices, each year; 1 is the most deprived",
    )


def fifths(score: Array, size: Array) -> Array:
    """List-weighted fifths of practices by score each year, 1 the highest scores: (1, year, practice)."""
    out = np.full(score.shape, np.nan)
    for y in range(score.shape[1]):
        order = np.argsort(-score[0, y], kind="stable")
        order = order[~np.isnan(score[0, y, order])]
        below = np.cumsum(size[0, y, order])
        if below.size and below[-1] > 0:
            centre = (below - size[0, y, order] / 2) / below[-1]
            out[0, y, order] = np.minimum(np.floor(5 * centre), 4) + 1
    return out
