"""What is worked out about each practice from what was published: global sum facts, other needs, quality prevalence.

Each step takes the draft of an England and adds facts to it; the methods are in opted_out.py, needs.py and prevalence.py.
"""

from __future__ import annotations

import numpy as np

from ..assembly.assemble import Draft, count
from ..assembly.indicators import indicator_facts
from ..facts import Array
from . import needs, opted_out, prevalence
from .settled import by_year, table

LONDON_BY_RESIDENCE = 2019  # first year in which the adjustment goes by where patients live
AGREES = 12.0  # pounds a year within which two years' payments are the same
FEWEST = 200  # practices below which nothing can be learned from a folder


def global_sum_facts(draft: Draft) -> None:
    """Opt-outs, the share of the year on GMS, fixed sums beside the formula, and the list paid for over the list printed."""
    if not _has(draft, "published_global_sum", "weighted_list_published", "on_gms"):
        return
    paid = _paid(draft)
    found = opted_out.infer(paid)
    note = "each year from the other years' payments, never its own"
    files = draft.files_of("published_global_sum", "weighted_list_published", "list_size", "london_resident_share")
    draft.put("ooh_opted_out", found.opted_out[None], "inferred", files, f"{note}; nobody publishes it")
    draft.put(
        "gms_share", found.gms_share[None], "inferred", files,
        "1 less the year's PMS balance over a full year's; whole months where the contract changed",
    )  # fmt: skip
    draft.put(
        "off_formula_payment", found.fixed_sum[None], "inferred", files,
        f"{note}; taken to be temporary patients and off-formula adjustments, of which no practice's are published",
    )  # fmt: skip
    draft.put(
        "list_timing", found.list_timing[None], "inferred", files, "from the growth between the years' printed lists"
    )


def correction_factor_facts(draft: Draft) -> None:
    """The correction factor of 2013/14, seen through what was paid of it in other years, as sevenths of it fell away."""
    if not _has(draft, "published_correction_factor", "on_gms"):
        return
    years = draft.years
    left = by_year("income_guarantee", "correction_factor_share", years)
    usable = (left > 0) & (left < 1)
    whole = (draft.facts["on_gms"][0] == 1) & (draft.facts["open_share"][0] == 1) & usable[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.where(whole, draft.facts["published_correction_factor"][0] / left[:, None], np.nan)
    base = np.full_like(seen, np.nan)
    for y, year in enumerate(years):
        away = np.delete(np.array(years), y) - year
        others = np.delete(seen, y, 0)
        last = latest(others[away < 0])
        ended = (last > 0) & (others[away > 0] == 0)  # a factor that ended later says nothing of this year
        others[away > 0] = np.where(ended, np.nan, others[away > 0])
        base[y] = agreed(others, away, np.delete(left, y))
    draft.put(
        "correction_factor_base", base[None], "inferred", draft.files_of("published_correction_factor", "open_share"),
        "what most of the other years agree on, never the year itself; the year before's where no two agree",
    )  # fmt: skip


def agreed(seen: Array, away: Array, left: Array) -> Array:
    """For each practice the figure that most years show (P,): within AGREES a year of each other, the nearest years first;
    where no two agree, the last known year before.

    seen (year, practice): the same quantity as each year shows it, NaN where it does not; away (year,): years' distance;
    left (year,): the share of it paid that year, by which pounds of payment become pounds of the whole.
    """
    if not len(away):
        return np.full(seen.shape[1], np.nan)
    order = np.argsort(np.abs(away), kind="stable")
    seen, left = seen[order], left[order]
    with np.errstate(invalid="ignore", divide="ignore"):
        room = AGREES / np.minimum(left[:, None], left[None, :])
        alike = np.abs(seen[:, None] - seen[None, :]) <= room[:, :, None]
    votes = alike.sum(1)
    best = np.argmax(votes, 0)
    chosen = np.take_along_axis(seen, best[None], 0)[0]
    before = latest(seen[np.argsort(away[order], kind="stable")][: int((away < 0).sum())])
    nearest = np.take_along_axis(seen, np.argmax(np.isfinite(seen), 0)[None], 0)[0]
    return np.where(votes.max(0) >= 2, chosen, np.where(np.isfinite(before), before, nearest))


def latest(rows: Array) -> Array:
    """Each practice's last known figure (P,) of (year, practice) in order of time; NaN where it has none."""
    out = np.full(rows.shape[1], np.nan)
    for row in rows:
        out = np.where(np.isfinite(row), row, out)
    return out


def other_needs(draft: Draft) -> None:
    """Everything in the Carr-Hill formula but age and sex: recovered where the weighted list is published, else modelled."""
    if not _has(draft, "list_by_band"):
        return
    weights = table("capitation", "age_sex_weights", 2024)
    bands, lists = draft.facts["list_by_band"], draft.facts["list_size"][0]
    workload = np.tensordot(weights, np.nan_to_num(bands[:, 0]), 1)
    national = workload.sum(-1, keepdims=True) / np.nansum(lists, -1, keepdims=True)
    weighted = draft.facts.get("weighted_list_published", draft.blank())[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = workload / national
        index = np.where((weighted > 0) & (expected > 0), weighted / expected, np.nan)
        expected = np.where(expected > 0, expected, np.nan)
    recovered, nearest = int(np.isfinite(index).sum()), _nearest_year(index, draft.years)
    lacking = ~np.isfinite(nearest) & (lists > 0)
    filled = np.where(np.isfinite(nearest), nearest, _modelled(draft, weighted, weights, lists, lacking) / expected)
    filled = np.where(np.isfinite(filled), filled, 1.0)
    for y in range(len(draft.years)):  # lists that are not published are normalised among themselves
        rest = ~np.isfinite(index[y]) & (lists[y] > 0)
        if rest.any() and np.isfinite(index[y]).any():
            filled[y, rest] *= lists[y, rest].sum() / max(np.nansum((expected * filled)[y, rest]), 1.0)
    used = ("weighted_list_published", "list_by_band", *(("deprivation_score", "latitude") if lacking.any() else ()))
    draft.put(
        "other_needs_index", filled[None], "derived", draft.files_of(*used),
        f"published weighted list over the list weighted by age and sex ({count(recovered, 'practice-year')}); "
        f"the practice's nearest year where a year has none; modelled where it has no year ({count(int(lacking.sum()), 'practice-year')})",
    )  # fmt: skip


def quality_results(draft: Draft) -> None:
    """Results by indicator and registers by group, where the raw files of the framework are in the folder."""
    found = indicator_facts(draft.publications, draft.years, draft.codes, draft.warnings)
    files = tuple(f for p in draft.of("qof_indicators", "qof_prevalence") for f in p.files)
    points = found.pop("qof_points", None)
    if points is not None:  # the published overall points come first, the sum over indicators where there are none
        known = draft.facts.get("qof_points", draft.blank())
        draft.put("qof_points", np.where(np.isnan(known), points, known), "published", files)
    for name, grid in found.items():
        draft.put(name, grid, "published", files)


def quality_prevalence(draft: Draft) -> None:
    """The quality framework's prevalence factor, and the points a practice's other years lead one to expect."""
    if not _has(draft, "published_qof", "qof_points", "list_by_band", "deprivation_score"):
        return
    years, points = draft.years, draft.facts["qof_points"][0]
    covered = np.isfinite(points).sum(1) >= 0.5 * (draft.facts["list_size"][0] > 0).sum(1)
    points = np.where(covered[:, None], points, np.nan)  # a few practices' points say nothing of the nation's
    if not np.isfinite(points).any():
        return
    span = tuple(range(min(years) - 2, max(years) + 1))
    value, average = by_year("quality", "qof_point_value", span), by_year("quality", "qof_average_list", span)
    total = dict(zip(span, by_year("quality", "qof_points_total", span).tolist(), strict=True))
    aspired = dict(zip(span, by_year("quality", "qof_aspiration_share", span).tolist(), strict=True))
    worth = dict(zip(span, (value / average).tolist(), strict=True))
    lists, share = draft.facts["list_size"][0], draft.facts["open_share"][0]
    basis = prevalence.paid_points(
        years, points, total, worth, aspired, lists, np.array(years) + _paid(draft).list_stands
    )
    pay = basis * lists * np.array([[worth[y]] for y in years])
    paid = draft.facts["published_qof"][0]
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where((share == 1) & (paid > 0), paid / pay, np.nan)
    if max(np.isfinite(row).sum() for row in factor) < FEWEST:
        draft.lacked.append("qof_prevalence_index: too few practices with payments and points to learn it from")
        return
    implied = prevalence.Implied(
        years, factor, lists, draft.facts["list_by_band"][:, 0], draft.facts["deprivation_score"][0]
    )
    files = draft.files_of("qof_points", "published_qof", "list_by_band", "deprivation_score")
    note = "from age, sex and deprivation, learned from other years' payments"
    draft.put(
        "qof_prevalence_index",
        prevalence.index(implied)[None],
        "modelled",
        files,
        f"{note}, with the practice's own lasting difference in those years",
    )
    draft.put(
        "qof_prevalence_expected",
        prevalence.index(implied, lasting=False)[None],
        "modelled",
        files,
        f"{note}; nothing of the practice itself",
    )
    own = dict(zip(years, by_year("quality", "qof_national_share", years).tolist(), strict=True))
    expected, published = prevalence.achieved_share(years, points, total, years, own)
    expected = expected * np.array([[total[y]] for y in years])
    draft.put(
        "qof_points_expected",
        np.where(published | (lists <= 0), np.nan, expected)[None],
        "modelled",
        draft.files_of("qof_points", "list_size"),
        "between the practice's nearest published years, moved with the nation",
    )


def _has(draft: Draft, *names: str) -> bool:
    return all(n in draft.facts and np.isfinite(draft.facts[n]).any() for n in names)


def _paid(draft: Draft) -> opted_out.Paid:
    def of(name: str) -> Array:
        return draft.facts[name][0] if name in draft.facts else draft.blank()[0]

    years, lists = draft.years, of("list_size")
    region = np.array(years)[:, None] < LONDON_BY_RESIDENCE
    london = np.nan_to_num(np.where(region, of("in_london"), of("london_resident_share"))) * lists
    printed = draft.facts.get("list_published", draft.facts["list_size"])[0]
    return opted_out.Paid(
        years, of("published_global_sum"), of("published_pms_balance"), of("weighted_list_published"), of("open_share"),
        of("on_gms"), of("on_pms"), london * by_year("capitation", "london_rate", years)[:, None],
        by_year("capitation", "global_sum_price", years), by_year("capitation", "ooh_deduction_share", years),
        np.array([opted_out.stands(y, row) for y, row in zip(years, printed, strict=True)]),
    )  # fmt: skip


def _nearest_year(index: Array, years: tuple[int, ...]) -> Array:
    """Each practice-year's own figure, or that of its nearest year with one; NaN for a practice with none."""
    out = index.copy()
    at = np.array(years)
    for y in range(len(years)):
        for k in np.argsort(np.abs(at - at[y]), kind="stable"):
            out[y] = np.where(np.isfinite(out[y]), out[y], index[k])
    return out


def _modelled(draft: Draft, weighted: Array, weights: Array, lists: Array, wanted: np.ndarray) -> Array:
    """Weighted lists of the practice-years wanted, from the needs model fitted on the latest year with published lists.

    Where too few lists are published to fit it, by the coefficients that needs.yaml keeps.
    """
    published = [y for y in range(len(draft.years)) if (weighted[y] > 0).sum() >= FEWEST]
    out = np.full(lists.shape, np.nan)
    if not wanted.any():
        return out
    if not published:
        by_age = needs.age_sex_index(draft.facts["list_by_band"][:, 0], weights)
        score, rural, london = (
            np.nan_to_num(draft.facts.get(n, draft.blank())[0]) for n in ("deprivation_score", "rural", "in_london")
        )
        with np.errstate(divide="ignore"):
            index = needs.default_index(by_age, score, rural, london, lists)
        return np.asarray(np.where(wanted, lists * by_age * index, np.nan))
    names = ("deprivation_score", "rural", "in_london", "dispensing", "on_gms", "on_apms", "latitude", "longitude")

    def known(y: int) -> needs.Practices:
        rows = [draft.facts[n][0] if n in draft.facts else draft.blank()[0] for n in names]
        return needs.Practices(
            np.nan_to_num(draft.facts["list_by_band"][:, 0, y]), *(r[min(y, len(r) - 1)] for r in rows)
        )

    last = published[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        model = needs.fit(known(last), np.where(lists[last] > 0, weighted[last] / lists[last], np.nan), weights)
    for y in np.flatnonzero(wanted.any(1)).tolist():
        out[y, wanted[y]] = model.predict(known(y).at(wanted[y])) * lists[y, wanted[y]]
    return out
