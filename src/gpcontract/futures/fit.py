"""Fits of the years ahead on a panel: ends of contracts, growth of lists, changes of kind, growth of money, staff.

Everything is fitted on the panel's years alone, so a fit on a panel that stops in a year knows nothing of later ones.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError
from ..engine.years import span_name, year_name, year_of
from ..england.facts import England
from . import effects
from .effects import Boards, Yearly
from .fits import FEWEST, PAIRS, Exit, Fits, Kinds, Money
from .panel import COVARIATES, KINDS, Numbers, Panel, Transition
from .staff import fit_staff
from .trends import LOGISTIC_SD, QUARTILES, fit_growth

Ints = npt.NDArray[np.intp]

PRIOR_SD = (
    1.0  # of a slope beforehand, in log odds for one sd of its covariate: wide, and keeps it finite where nobody ended
)
UNKNOWN_SD = 0.5  # of the slope of a covariate that the England does not hold, or that cannot be fitted
NOT_FITTED = (
    "rated_low",
)  # the ratings published are each practice's last: those that it had before it ended are not known
STEPS, MOST_STEP, CLOSE = 60, 2.0, 1e-8  # of the search for the most likely estimates
FURTHEST = (-16.0, 8.0)  # log odds that the search may try
HALF = 0.5  # an event, added where one of a kind was seen seldom or never
LEAST_YEARLY = {"exit": 0.02, "kinds": 0.1, "money": 0.002}  # spreads over years are thought to be at least this
DISPENSING = ("drugs", "dispensing_fees", "prescribing_fees")


def fit(england: England, last: int | None = None) -> Fits:
    """All fits of an England, on its published years up to `last`; InputError where they are fewer than three."""
    panel = Panel.of(england, last)
    if len(panel.years) < FEWEST:
        raise InputError(
            f"{england.title} has payments of {span_name(panel.years)}{f' up to {year_name(last)}' if last else ''}",
            expected=f"at least {FEWEST} published years to fit on",
        )
    return Fits(
        england.title,
        panel.years,
        date.today().isoformat(),
        fit_exit(panel),
        fit_growth(panel),
        fit_kinds(panel),
        fit_money(panel),
        fit_staff(panel),
    )


# -- ends of contracts -----------------------------------------------------------------------------------------


def fit_exit(panel: Panel, names: tuple[str, ...] = COVARIATES) -> Exit:
    """Log odds that a contract ends, by maximum likelihood over transitions of any span. names: those fitted; the others stay 0."""
    found = list(panel.transitions())
    x, ended, span, group = _stacked(found)
    used = [i for i, n in enumerate(COVARIATES) if i > 0 and n in names]
    x[:, [COVARIATES.index(n) for n in NOT_FITTED]] = 0.0
    design = np.concatenate([np.eye(len(found))[group], x[:, used]], axis=1)
    spread = x[:, used].std(0)
    prior = np.r_[np.zeros(len(found)), np.where(spread > 0, (spread / PRIOR_SD) ** 2, UNKNOWN_SD**-2)]
    estimate, covariance, likelihood = most_likely(design, ended, span, prior)
    n = len(found)
    levels = estimate[:n] - _unknown_growth(found, _spread(estimate[n:], used))
    year = effects.yearly(
        levels,
        np.sqrt(np.diag(covariance)[:n]),
        [(t.year + 1, t.after) for t in found],
        LEAST_YEARLY["exit"],
    )
    whole = np.zeros((len(COVARIATES), len(COVARIATES)))
    at = np.array(used, np.intp)
    whole[np.ix_(at, at)] = covariance[n:, n:]
    whole[0, 0] = year.mean_error**2
    whole[0, at] = whole[at, 0] = covariance[:n, n:].mean(0)
    slopes = _spread(estimate[n:], used)
    slopes[0] = year.mean
    unknown = tuple(c for i, c in enumerate(COVARIATES) if i in used and not x[:, i].any())
    return Exit(
        slopes, whole, year, _exit_boards(panel, found, design @ estimate, span, ended, group),
        int(span.sum()), int(ended.sum()), likelihood, unknown,
    )  # fmt: skip


def most_likely(
    x: Numbers, ended: npt.NDArray[np.bool_], span: Numbers, prior: Numbers
) -> tuple[Numbers, Numbers, float]:
    """Estimates, covariance and log likelihood of ends with chance 1 - (1 - h)^span, h being logistic in x (Fisher's scoring).

    prior: precision of each estimate around 0 beforehand; 0 where nothing is believed.
    """
    estimate = np.zeros(x.shape[1])
    base = np.log(max(ended.sum(), HALF) / max(float(span.sum()), 1.0))
    dummies = prior == 0
    estimate[dummies] = base
    for _ in range(STEPS):
        slope, weight, _ = _ends(x @ estimate, ended, span)
        information = x.T @ (x * weight[:, None]) + np.diag(np.maximum(prior, 1e-9))
        step = np.linalg.solve(information, x.T @ slope - prior * estimate)
        estimate = estimate + step * min(1.0, MOST_STEP / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < CLOSE:
            break
    slope, weight, likelihood = _ends(x @ estimate, ended, span)
    return (
        estimate,
        np.linalg.inv(x.T @ (x * weight[:, None]) + np.diag(np.maximum(prior, 1e-9))),
        float(likelihood.sum()),
    )


def _ends(log_odds: Numbers, ended: npt.NDArray[np.bool_], span: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Slope of the log likelihood over the log odds, its expected curvature, and the log likelihood, of each practice."""
    hazard = 1.0 / (1.0 + np.exp(-np.clip(log_odds, *FURTHEST)))
    stays = span * np.log1p(-hazard)
    ends = -np.expm1(stays)
    falls = -span * hazard  # of the log chance to stay, over the log odds
    odds = (1.0 - ends) / ends
    return np.where(ended, -odds * falls, falls), falls**2 * odds, np.where(ended, np.log(ends), stays)


def _spread(estimate: Numbers, used: list[int]) -> Numbers:
    """Estimates at their places among the covariates, 0 elsewhere."""
    made = np.zeros(len(COVARIATES))
    made[used] = estimate
    return made


def _stacked(found: list[Transition]) -> tuple[Numbers, npt.NDArray[np.bool_], Numbers, Ints]:
    x = np.concatenate([t.x for t in found])
    ended = np.concatenate([t.ended for t in found])
    span = np.concatenate([np.full(len(t.rows), float(t.span)) for t in found])
    return x, ended, span, np.concatenate([np.full(len(t.rows), i, np.intp) for i, t in enumerate(found)])


def _unknown_growth(found: list[Transition], slopes: Numbers) -> Numbers:
    """What the level of a first year holds because nobody knows which lists shrank in it: what shrinking adds in the other years."""
    at = COVARIATES.index("shrinking")
    added = []
    for t in found:
        if t.known_growth:
            odds = t.x @ slopes
            with_, without = (1.0 / (1.0 + np.exp(-o)) for o in (odds, odds - t.x[:, at] * slopes[at]))
            added.append(np.log(with_.sum() / without.sum()))
    return np.array([0.0 if t.known_growth or not added else float(np.mean(added)) for t in found])


def _exit_boards(
    panel: Panel,
    found: list[Transition],
    log_odds: Numbers,
    span: Numbers,
    ended: npt.NDArray[np.bool_],
    group: Ints,
) -> Boards:
    """Effects of boards on the log odds, from what the fit leaves over in each board and transition."""
    slope, weight, _ = _ends(log_odds, ended, span)
    board = np.concatenate([panel.board(t.year)[t.rows] for t in found])
    n = len(panel.boards)
    inside = board >= 0
    flat = (group * n + board)[inside]
    score, weights = (
        np.asarray(np.bincount(flat, w[inside], len(found) * n), float).reshape(-1, n) for w in (slope, weight)
    )
    return effects.boards(score / np.where(weights > 0, weights, 1.0), weights, panel.boards)


# -- kinds of contract -----------------------------------------------------------------------------------------


def fit_kinds(panel: Panel) -> Kinds:
    """Changes of kind of contract among practices that stay, by year."""
    n = len(KINDS)
    counts, stayed, spans = [], [], []
    for a, b in panel.pairs:
        both = panel.open[panel.at(a)] & panel.open[panel.at(b)]
        before, after = (panel.on(y) > 0 for y in (a, b))
        table = np.array([[float((both & before[i] & after[j]).sum()) for j in range(n)] for i in range(n)])
        counts.append(table)
        stayed.append(table.sum(1) * (b - a))
        spans.append((a + 1, b))
    seen, at_risk = np.stack(counts), np.stack(stayed)
    change = []
    for i, j in PAIRS:
        events = seen[:, i, j] + HALF
        chance = events / (at_risk[:, i] + 1.0)
        odds = np.log(chance / (1.0 - chance))
        change.append(effects.yearly(odds, 1.0 / np.sqrt(events), spans, LEAST_YEARLY["kinds"]))
    total = seen.sum(0)
    np.fill_diagonal(total, 0.0)
    return Kinds(total, at_risk.sum(0), tuple(change))


# -- money -----------------------------------------------------------------------------------------------------


def fit_money(panel: Panel) -> Money:
    """Growth of the global sum price, and of all payments per weighted patient without dispensing."""
    from .. import chapters

    pay, real, noise, spans = [], [], [], []
    index = chapters.load("prices").values["price_index"]
    for a, b in panel.pairs:
        k = b - a
        low, high = np.quantile(_price_changes(panel, a, b) / k, (0.25, 0.75))
        noise.append((high - low) / QUARTILES * LOGISTIC_SD * np.sqrt(k))
        pay.append(np.log(_payments(panel, b) / _payments(panel, a)) / k)
        real.append(pay[-1] - np.log(float(index.in_year(b)) / float(index.in_year(a))) / k)
        spans.append((a + 1, b))
    least = LEAST_YEARLY["money"]
    sure = np.full(len(pay), least)
    return Money(
        _price(panel.years[-1]),
        effects.yearly(np.array(pay), sure, spans, least),
        effects.yearly(np.array(real), sure, spans, least),
        float(np.sqrt(np.mean(np.square(noise)))),
    )


def _price(last: int) -> Yearly:
    """Growth of the contract's own price per weighted patient in every year since it began, up to `last`: more years than payments show."""
    from .. import chapters

    price = chapters.load("capitation").values["global_sum_price"]
    years = range(min(year_of(e.first) for e in price.entries), last + 1)
    levels = np.log([float(price.in_year(y)) for y in years])
    least = LEAST_YEARLY["money"]
    return effects.yearly(np.diff(levels), np.full(len(years) - 1, least), [(y, y) for y in years[1:]], least)


def global_sum_per_patient(panel: Panel, year: int) -> Numbers:
    """Global sum for each registered patient of practices open all through a year; NaN where it is not known or there is none."""
    i = panel.at(year)
    paid = panel.fact("published_global_sum", year)
    whole = panel.open[i] & (panel.patients[i] > 0) & (np.nan_to_num(panel.fact("open_share", year)) >= 1)
    return np.where(whole & (paid > 0), paid / np.where(panel.patients[i] > 0, panel.patients[i], 1.0), np.nan)


def _price_changes(panel: Panel, a: int, b: int) -> Numbers:
    """Log change of the global sum per weighted patient of practices on GMS all through both years."""
    held = []
    for year in (a, b):
        weighted = panel.fact("weighted_list_published", year)
        whole = (
            (panel.on(year)[0] > 0) & (np.nan_to_num(panel.fact("open_share", year)) >= 1) & panel.open[panel.at(year)]
        )
        paid = panel.fact("published_global_sum", year)
        known = whole & (paid > 0) & (weighted > 0)
        held.append(np.where(known, paid / np.where(known, weighted, 1.0), np.nan))
    both = ~np.isnan(held[0]) & ~np.isnan(held[1])
    return np.asarray(np.log(held[1][both] / held[0][both]))


def _payments(panel: Panel, year: int) -> float:
    """Payments per weighted patient as published, without dispensing."""
    paid = panel.fact("published_total", year).copy()
    for name in DISPENSING:
        paid -= np.nan_to_num(panel.fact(f"published_{name}", year))
    weighted = panel.fact("weighted_list_published", year)
    known = (weighted > 0) & ~np.isnan(paid)
    return float(paid[known].sum() / weighted[known].sum())
