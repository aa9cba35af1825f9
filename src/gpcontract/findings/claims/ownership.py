"""Claims of ownership: who holds lists, what companies cost and how long they stay, and what choice is left."""

from __future__ import annotations

import numpy as np

from ...england.facts import Array
from .claim import Finding, claim
from .estate import _premium
from .money import READER_2022, READER_2023
from .words import more_or_less, percent, pounds


@claim(
    "companies-do-not-stay",
    ids="S0-59 S0-22",
    says="Private providers do not profit from general practice, and leave.",
    by=READER_2023,
    unit="times the yearly chance of ending of other contracts",
    cannot="Profit: nobody publishes it by contract. APMS contracts are for a term, and some are caretakers' from the start.",
)
def companies_leave(exit_gone: Array, exit_apms: Array) -> Finding:
    """The chance that an APMS contract's code ends in a year, over that of others."""
    apms = np.nan_to_num(exit_apms) > 0
    a, b = float(exit_gone[apms].mean()), float(exit_gone[~apms].mean())
    return Finding(
        a / b,
        a / b >= 2,
        f"{percent(a, 1)} of APMS contracts end in a year, {percent(b, 1)} of others.",
        why="it holds of leaving; profit is published nowhere",
        also={"APMS": a, "others": b},
    )


@claim(
    "companies-cost-more",
    ids="S0-59 S0-36",
    says="Contracts let to companies cost more.",
    by=READER_2023,
    unit="GBP per weighted patient",
    cannot="What the extra pays for: some APMS contracts are for walk-in centres or for people whom others do not take.",
)
def companies_cost(paid_without_dispensing: Array, weighted_lists: Array, on_gms: Array, on_apms: Array) -> Finding:
    """What APMS contracts are paid for each weighted patient beyond GMS ones."""
    extra = _premium(paid_without_dispensing, weighted_lists, on_gms, on_apms)
    gms = np.nan_to_num(on_gms) > 0
    base = float(paid_without_dispensing[gms].sum() / weighted_lists[gms].sum())
    return Finding(
        extra,
        extra > 0,
        f"APMS contracts are paid {pounds(base + extra)} a weighted patient, GMS {pounds(base)}: {more_or_less(extra / base)}.",
        why="APMS stands for companies, which hold most such contracts and not all",
        also={"share more": extra / base},
    )


@claim(
    "companies-are-worse",
    ids="S0-22 S0-36 S0-48",
    says="Private firms would press small practices to sell, and care would be worse.",
    by="British Medical Association, 2023",
    unit="share of indicators on which APMS was worse",
    cannot="Cause: practices that became APMS were no better before, and continuity was not among the measures.",
)
def companies_worse(apms_worse: float, apms_indicators: float, on_apms: Array) -> Finding:
    """The share of quality indicators on which APMS practices did worse than others."""
    share, now = apms_worse / apms_indicators, float((np.nan_to_num(on_apms) > 0).mean())
    return Finding(
        share,
        None,
        f"APMS practices were worse on {apms_worse:.0f} of {apms_indicators:.0f} indicators from 2008 to 2013; {percent(now, 1)} of practices are APMS now.",
        why="they were worse on most, and practices that changed to APMS were no better before: whose doing it is cannot be told",
        also={"share of practices on APMS": now},
    )


@claim(
    "partnerships-hold-nearly-all",
    ids="S0-15 S1-32",
    says="Build on partnership: it is the model that is there.",
    by="the Hewitt review, 2023",
    unit="share of patients with partnerships",
    cannot="Ownership behind a name: contracts are counted by kind of holder, and companies owned by partners count as companies.",
)
def today(
    lists: Array,
    on_apms: Array,
    company_share_of_apms: float,
    company_share_of_others: float,
    trust_share_today: float,
    most_share: float,
) -> Finding:
    """The share of patients on lists that partnerships hold."""
    company, held = holders_today(lists, on_apms, company_share_of_apms, company_share_of_others, trust_share_today)
    return Finding(
        held,
        held >= most_share,
        f"Partnerships hold {percent(held)} of patients' lists, companies {percent(company, 1)} and trusts {percent(trust_share_today, 1)}.",
        also={"companies": company, "trusts": trust_share_today},
    )


def holders_today(lists: Array, on_apms: Array, of_apms: float, of_others: float, trusts: float) -> tuple[float, float]:
    """Shares of patients on lists that companies and partnerships hold today, by type of contract."""
    apms = float((np.nan_to_num(on_apms) * lists).sum() / lists.sum())
    companies = apms * of_apms + (1 - apms) * of_others
    return companies, 1 - companies - trusts


@claim(
    "scale-removes-choice",
    ids="S2-08 S1-49 S3-07 S2-21",
    says="Super-practices take away patients' choice and make care easy to sell.",
    by=READER_2022,
    unit="share of the choice of holders that is left",
    cannot="How patients choose; places are sub-boards, and nearer borders matter more.",
)
def choice(holders_now: float, holders_merged: float, choice_kept: float) -> Finding:
    """If each network were one practice: how many equal holders the median patient's sub-board would have, over now."""
    kept = holders_merged / holders_now
    return Finding(
        kept,
        kept < choice_kept,
        f"The median patient's sub-board has the choice of {holders_now:.0f} equal holders; with every network merged, of {holders_merged:.0f}.",
        why="losing more than half of the choice is taken as taking it away",
        also={"now": holders_now, "networks merged": holders_merged},
    )
