"""Forward claims of people: leaving when a contract's end is announced, finding employees for partners' work, top-ups, and training."""

from __future__ import annotations

import numpy as np

from ...findings.claims.money import READER_2022, READER_2023
from .ahead import Ahead, Array
from .forward import Outlook, forward
from .variants import FULL_BY, MORE_FUNDING, MORE_TRAINEES, QUIET_YEARS
from .words import around, percent, pounds

SUPPLY = (
    "gp_leaving_rate partner_leaving_ratio partner_step_down_rate partner_vacancy_fill_rate trainees_yearly joiner_participation "
    "other_joiners leaving_income_response leaving_workload_response recruiting_income_response "
)
TOP_UP_YEARS = 5


def share_of(part: Array, whole: Array) -> Array:
    """A part over a whole that it belongs to: nothing where there is no whole.

    >>> share_of(np.array([1.0, 2.0]), np.array([4.0, 0.0]))
    array([0.25, 0.  ])
    """
    there = np.abs(whole) > 1e-9
    return np.where(there, part / np.where(there, whole, 1.0), 0.0)


@forward(
    "exits-become-a-stampede",
    ids="S1-66",
    says="Once the end of the contract is announced, exits become a stampede.",
    by=READER_2022,
    unit="share more GPs who leave the NHS in three years",
    cannot="How GPs would answer: no contract has been ended so. What the announcement adds is an assumption with a range, and the years of a "
    "pandemic or a strike are in no figure.",
    variants="national at_your_service unannounced",
    rests="announcement_leaving partners_kept_on_conversion partners_kept_on_closure handed_over_share provider_exit_ratio stampede_multiple "
    + SUPPLY,
)
def stampede(ahead: Ahead) -> Outlook:
    """GPs who leave in the first three years of At your service over those who leave under the national contract, less one."""
    now, then, quiet = (ahead.years(v) for v in ("national", "at_your_service", "unannounced"))
    t = QUIET_YEARS
    left, usual, unannounced = (x.upto("left_gps", t) for x in (then, now, quiet))
    more = left - usual
    announced = left - unannounced
    passed, ended = then.upto("converted", t), then.upto("merged", t) + then.upto("closed", t)
    taken = then.upto("handed_over", t)
    ended_anyway = now.upto("merged", t) + now.upto("closed", t)
    fewer = now["partners"][t] - then["partners"][t]
    return Outlook(
        left / usual - 1,
        left >= ahead.figure("stampede_multiple") * usual,
        f"In {t} years {around(left)} GPs leave the NHS, {around(usual)} under the national contract: {around(more)} more, of whom the announcement "
        f"makes {around(announced)}, {around(share_of(announced, more), percent)} of the difference; most of the rest are partners whose list passes and who take no post. "
        f"The lists of {around(passed)} practices pass, those of {around(taken)} because a provider takes over what would have ended; {around(ended)} practices end or merge, "
        f"{around(ended_anyway)} without the change.",
        why=f"a stampede is taken as {ahead.figure('stampede_multiple')[0]:.1f} times as many leavers",
        also={
            "more GPs who leave": more, "more by the announcement": announced, "share of these by the announcement": share_of(announced, more),
            "practices whose list passes": passed, "practices taken over by a provider": taken, "practices that end or merge": ended, "practices that end or merge under the national contract": ended_anyway,
            "fewer partners in post after three years": fewer,
        },
    )  # fmt: skip


@forward(
    "people-are-found-by-2030",
    ids="S1-02 S1-41 S1-57",
    says="Every list can pass to employers by 2030, with salaried GPs in the place of partners.",
    by="Policy Exchange, 2022",
    unit="share of partners' posts that salaried GPs are found for",
    cannot="Whether boards can let so many contracts (the-contract-can-end-by-2030 asks that), and whether employers would hire other staff instead. "
    "Partners who take posts are taken to work the hours of other salaried GPs.",
    variants="national all_by_2030",
    rests="partner_hours_per_fte salaried_hours_per_fte partners_kept_on_conversion announcement_leaving salaried_fte_per_head partner_fte_per_head "
    "most_share " + SUPPLY,
)
def found_by_2030(ahead: Ahead) -> Outlook:
    """Salaried GPs beyond those under the national contract, over the posts that do the work of its partners, once every list has passed."""
    now, then = ahead.years("national"), ahead.years("all_by_2030")
    t = max(FULL_BY - ahead.first + 1, 1)
    posts = posts_for(
        now["partners"][t] * ahead.figure("partner_fte_per_head"),
        ahead.figure("partner_hours_per_fte"),
        ahead.figure("salaried_hours_per_fte"),
    )
    found = then["salaried_fte"][t] - now["salaried_fte"][t]
    lists = then.upto("converted", t) / t
    load, usual = then["list_per_gp"][t], now["list_per_gp"][t]
    return Outlook(
        found / posts,
        found / posts >= ahead.figure("most_share"),
        f"{around(lists)} lists pass a year for {t} years. The partners there would have been in {FULL_BY + 1} do the work of {around(posts)} full-time salaried "
        f"posts; England has {around(found)} GPs for them, {around(found / posts, percent)}. {around(then['gp_fte'][t])} full-time GPs are "
        f"left in post, {around(now['gp_fte'][t])} under the national contract: {around(load)} patients for each, and not {around(usual)}.",
        why="'found' is taken as nearly all of the posts",
        also={
            "lists that pass a year": lists, "posts for partners' work": posts, "salaried GPs found for them": found,
            "full-time GPs in post": then["gp_fte"][t], "full-time GPs fewer than under the national contract": now["gp_fte"][t] - then["gp_fte"][t],
            "patients for each full-time GP": load, "patients for each under the national contract": usual,
        },
    )  # fmt: skip


def posts_for(partners: Array, partner_hours: Array, salaried_hours: Array) -> Array:
    """Full-time salaried posts that do the work of full-time partners.

    >>> posts_for(100.0, 56.3, 45.0).round(1)
    np.float64(125.1)
    """
    made: Array = np.asarray(partners * partner_hours / salaried_hours)[()]
    return made


@forward(
    "top-ups-keep-partners",
    ids="S1-03 S1-17 S1-30",
    says="A one-year top-up and a package keep partners until the change is done.",
    by="Policy Exchange, 2022",
    unit="GBP for each partner kept, a year",
    cannot="What the report would pay: it gives no sum. How partners answer to money is assumed; a promise of years may keep some whom a sum does not.",
    variants="at_your_service without_top_ups",
    rests="one_year_top_up_rate retention_payment employment_payment partner_income leaving_income_response recruiting_income_response "
    "exit_income_response partner_vacancy_fill_rate gp_leaving_rate partner_leaving_ratio",
)
def top_ups(ahead: Ahead) -> Outlook:
    """What the top-up and the package cost in five years, over the years of partners' work that they add."""
    paid, unpaid = ahead.years("at_your_service"), ahead.years("without_top_ups")
    t = TOP_UP_YEARS
    spent = sum(paid.upto(q, t) - unpaid.upto(q, t) for q in ("bill", "once", "elsewhere"))
    years = paid.upto("partners", t) - unpaid.upto("partners", t)
    kept = paid["partners"][t] - unpaid["partners"][t]
    practices = paid["practices"][t] - unpaid["practices"][t]
    each = cost_of_each(np.asarray(spent), years)
    income = ahead.figure("partner_income")
    shown = (
        f"{around(each, pounds)} for each partner and year" if np.isfinite(each).all() else "for nobody in some draws"
    )
    return Outlook(
        each,
        each <= income,
        f"After {t} years {around(kept)} more partners are in post of {around(paid['partners'][t])}, and {around(practices, _tenths)} more practices, for "
        f"{around(np.asarray(spent), pounds)} in all: {shown}. A partner earns {pounds(float(income[0]))}.",
        why="'keep' is taken as for less than a partner earns in a year",
        also={"pounds in five years": np.asarray(spent), "more partners in post": kept, "more practices": practices},
    )


def _tenths(x: float) -> str:
    return f"{x:,.1f}"


MOST_EACH = 1e9  # pounds: where hardly anybody is kept, each costs this


def cost_of_each(spent: Array, kept: Array) -> Array:
    """Pounds for each that is kept; a thousand million where nobody is.

    >>> cost_of_each(np.array([100.0, 100.0]), np.array([2.0, -1.0]))
    array([5.e+01, 1.e+09])
    """
    there = kept > spent / MOST_EACH
    return np.where(there, spent / np.where(there, kept, 1.0), MOST_EACH)


@forward(
    "training-beats-funding",
    ids="S0-29 S0-54 S1-20",
    says="The threat is the workforce: train more GPs, and money for contracts matters less.",
    by=READER_2023,
    unit="patients fewer for each full-time GP in ten years",
    cannot="What a place in training costs: it is not in open data, so the two are not compared pound for pound. Whether there are people to train.",
    variants="national more_trainees more_funding",
    rests="trainees_yearly trainees_joining_first_year trainees_joining_second_year joiner_participation other_joiners funding_growth "
    "leaving_income_response recruiting_income_response gp_leaving_rate",
)
def training(ahead: Ahead) -> Outlook:
    """By how much a quarter more trainees lower the list for each GP, less by how much a hundredth more of funding a year does."""
    now, trained, funded = (ahead.years(v) for v in ("national", "more_trainees", "more_funding"))
    load = now["list_per_gp"][-1]
    by_training, by_funding = load - trained["list_per_gp"][-1], load - funded["list_per_gp"][-1]
    cost = funded["bill"][-1] - now["bill"][-1]
    partners = funded["partners"][-1] - now["partners"][-1]
    return Outlook(
        by_training - by_funding,
        by_training > by_funding,
        f"In ten years {around(load)} patients for each full-time GP as things go. {percent(MORE_TRAINEES - 1)} more trainees a year take off {around(by_training)}; "
        f"{percent(MORE_FUNDING)} more funding each year, {around(cost, pounds)} in the tenth, takes off {around(by_funding, _tenths)} and keeps {around(partners)} more partners.",
        why="money keeps partners only as they are taken to answer to it; those whom it would hire come from the same supply",
        also={
            "patients for each GP in ten years": load, "taken off by training": by_training, "taken off by funding": by_funding,
            "more full-time GPs by training": trained["gp_fte"][-1] - now["gp_fte"][-1], "pounds of funding in the tenth year": cost,
        },
    )  # fmt: skip
