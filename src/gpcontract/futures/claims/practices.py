"""Forward claims of practices: what becomes of them if nothing is done, who opts in to a new form, and what it costs to go back."""

from __future__ import annotations

import numpy as np

from ...findings.claims.money import READER_2023
from .ahead import Ahead, Array
from .forward import Outlook, forward
from .people import SUPPLY
from .variants import REVERSED_AFTER
from .words import around, count, millions, percent, pounds

TOLD = 4  # years after which a reversal is told in full
ADOPTED = (3, 5, 10)  # years after which those who opted in are counted
COLLAPSE = 1 / 2


@forward(
    "general-practice-collapses",
    ids="S0-61 S4-12",
    says="General practice has virtually collapsed, or soon will.",
    by=READER_2023,
    unit="share of practices left in ten years without reform",
    cannot="Care that a patient feels: a practice that stands may still have no appointment. Shocks, such as a pandemic or a strike, are in no figure.",
    variants="national",
    rests="hard_exit_share exit_income_response exit_workload_response exit_last_partner_response partners_kept_on_closure contacts_growth "
    "funding_growth pay_growth " + SUPPLY,
)
def collapse(ahead: Ahead) -> Outlook:
    """Practices open after ten years of the national contract over those open now."""
    now = ahead.years("national")
    years = len(now.nation) - 1
    left = now["practices"][-1] / now["practices"][0]
    displaced = now.upto("displaced", years)
    load = now["list_per_gp"][-1] / now["list_per_gp"][0] - 1
    partners = now["partners"][-1] / now["partners"][0] - 1
    return Outlook(
        left,
        (left < COLLAPSE) | (load > COLLAPSE),
        f"{around(now['practices'][-1])} of {count(float(now['practices'][0, 0]))} practices are left: {around(now.upto('merged', years))} merge or are taken over and "
        f"{around(now.upto('closed', years))} close, which moves {around(displaced / 1e6, millions)} patients, {around(displaced / now['patients'][0], _percent_1)} of all. There are "
        f"{around(now['list_per_gp'][-1])} patients for each full-time GP, {around(load, _signed)}, and {around(now['partners'][-1])} partners, {around(partners, _signed)}.",
        why="a collapse is taken as half of practices gone, or half as many patients again for each GP",
        also={
            "practices in ten years": now["practices"][-1], "merged or taken over": now.upto("merged", years), "closed": now.upto("closed", years),
            "patients displaced": displaced, "patients for each full-time GP": now["list_per_gp"][-1], "partners in ten years": now["partners"][-1],
        },
    )  # fmt: skip


def _percent_1(x: float) -> str:
    return percent(x, 1)


def _signed(x: float) -> str:
    return f"{100 * x:+.0f}%".replace("-", "−")


@forward(
    "networks-opt-in-over-years",
    ids="S2-01 S2-11 S4-02",
    says="A contract beside the present one would be taken up, network by network.",
    by="the Nuffield Trust and the King's Fund, 2013",
    unit="share of patients whose network has opted in within ten years",
    cannot="Trust and appetite: the speed is that of other things that spread, and the last such contract was taken up by almost nobody.",
    variants="securing_the_future",
    rests="adoption_speed adoption_imitation opting_in_threshold",
)
def adoption(ahead: Ahead) -> Outlook:
    """Patients in networks that have opted in to the parallel contract after ten years, over all patients."""
    then = ahead.years("securing_the_future")
    shares = then["opted_in"] / then["patients"]
    gainers = gaining(ahead)
    told = ", ".join(f"{around(shares[k], percent)} after {k}" for k in ADOPTED)
    return Outlook(
        shares[-1],
        shares[-1] > 1 / 2,
        f"Of patients, {told} years. Networks of {percent(gainers)} of patients expect to gain by it, which is as far as it can go; in ten years "
        f"{around(np.minimum(shares[-1] / max(gainers, 1e-9), 1.0), percent)} of these have moved, and the rest is speed.",
        why="'taken up' is by most patients' networks",
        also={
            **{f"share after {k} years": shares[k] for k in ADOPTED[:-1]},
            "share whose network expects to gain": np.full_like(shares[-1], gainers),
        },
    )


def gaining(ahead: Ahead) -> float:
    """The share of patients whose network would ever opt in, by its expected gain."""
    joins, lists = ahead.priced("securing_the_future")[0].joins, ahead.plan.start.lists
    return 0.0 if joins is None else float(joins @ lists / lists.sum())


@forward(
    "going-back-undoes-it",
    ids="S0-53 S0-58 S1-45",
    says="Policy is adopted and then dropped: what was changed can be changed back.",
    by=READER_2023,
    unit="share fewer partners in ten years, if At your service is taken back after four",
    cannot="Whether it would be taken back, and when. How many practices would go back to partnership is assumed: nobody has done it.",
    variants="national at_your_service " + " ".join(f"reversed_after_{k}" for k in REVERSED_AFTER),
    rests="reversal_return_rate reversal_cost_per_practice partners_kept_on_conversion announcement_leaving noticeable_share rescue_fund "
    "rescue_fund_data_share rescue_fund_transition_share " + SUPPLY,
)
def reversal(ahead: Ahead) -> Outlook:
    """Partners in ten years if At your service is taken back after four, over those if nothing had been done, as a share fewer."""
    now = ahead.years("national")
    found = {k: _going_back(ahead, k) for k in REVERSED_AFTER}
    at = found[TOLD]
    kept = at["fewer partners, share"]
    others = " and ".join(f"{around(found[k]['fewer partners'])} after {k}" for k in REVERSED_AFTER if k != TOLD)
    return Outlook(
        kept,
        kept < ahead.figure("noticeable_share"),
        f"Taken back after {TOLD} years, {around(at['spent'], pounds)} is spent beside what surgeries cost, which stay public; going back takes "
        f"{around(at['going back'], pounds)}. In the tenth year {around(at['fewer partners'])} partners, {around(kept, percent)} of {around(now['partners'][-1])}, and "
        f"{around(at['fewer GPs'])} full-time GPs are missing that there would have been; of partners, {others}.",
        why="'changed back' is taken as with hardly any fewer partners than if nothing had been done",
        also={f"{name}, after {k}": x[name] for k, x in found.items() for name in ("spent", "going back", "fewer partners", "fewer GPs")},
    )  # fmt: skip


def _going_back(ahead: Ahead, years: int) -> dict[str, Array]:
    """What taking At your service back after some years has cost by the tenth."""
    now, then = ahead.years("national"), ahead.years(f"reversed_after_{years}")
    last = len(then.nation) - 1
    until = then.upto("once", years) - now.upto("once", years)
    beyond = then.upto("once", last) - now.upto("once", last) - until
    fewer = now["partners"][last] - then["partners"][last]
    return {
        "spent": np.maximum(until - bought(ahead, years), 0.0),
        "going back": beyond,
        "fewer partners": fewer,
        "fewer partners, share": fewer / now["partners"][last],
        "fewer GPs": now["gp_fte"][last] - then["gp_fte"][last],
    }


def bought(ahead: Ahead, years: int) -> float:
    """What the rescue fund has paid owners for surgeries in its first years, pounds: these stay, whoever holds the contract."""
    result = ahead.world.result("at_your_service")
    whole = float(np.nansum(result.amounts("surgeries_bought")[0, result.at(ahead.world.year)]))
    fund = next(m for m in result.contract.mechanisms if m.name == "rescue_fund")
    return whole * spent_by(years, fund.first or 0, fund.full or fund.first or 0)


def spent_by(years: int, first: int, full: int) -> float:
    """The part of a sum that is spent in its first years, by equal steps from the first to the full one.

    >>> spent_by(4, 2024, 2031), spent_by(12, 2024, 2031)
    (0.5, 1.0)
    """
    return min(years / (full - first + 1), 1.0)
