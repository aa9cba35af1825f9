"""Claims of who decides: what boards can pay for already, what they could take away, and what bargaining is worth."""

from __future__ import annotations

import numpy as np

from ...england.facts import Array
from .claim import Finding, claim
from .money import READER_2023
from .words import count, percent, pounds


@claim(
    "the-local-lever-is-there-already",
    ids="S0-37 S0-46 S0-02 S0-07 S2-14",
    says="Nothing stopped boards from investing locally: local schemes do it already.",
    by=READER_2023,
    unit="GBP per patient",
    cannot="What boards wished to buy and could not.",
)
def local_lever(
    local_paid: float, patients: float, total_paid: float, local_by_practice: Array, noticeable_share: float
) -> Finding:
    """Local enhanced services and incentive schemes, for each patient."""
    share, reached = local_paid / total_paid, float((local_by_practice > 0).mean())
    return Finding(
        local_paid / patients,
        share >= noticeable_share,
        f"Boards paid {pounds(local_paid)} by schemes of their own, {pounds(local_paid / patients)} a patient and {percent(share, 1)} of payments, "
        f"to {percent(reached)} of practices.",
        also={"pounds in all": local_paid, "share of payments": share, "share of practices paid": reached},
    )


@claim(
    "the-contract-keeps-money-from-deficits",
    ids="S0-33 S0-47",
    says="The national contract stops boards from taking GP money for hospital deficits.",
    by=READER_2023,
    unit="share of payments by national rates or entitlements",
    cannot="What boards would take if they could; they could always spend less on schemes of their own.",
)
def ring_fence(board_money: Array, total_paid: float, most_share: float) -> Finding:
    """The share of payments that boards cannot lower by a decision of their own."""
    open_to_them = float(board_money.sum())
    fixed = 1 - open_to_them / total_paid
    return Finding(
        fixed,
        fixed >= most_share,
        f"{percent(fixed)} of payments are by national rates, contracts or entitlements; {pounds(open_to_them)} is lines that boards decide.",
        also={"pounds that boards decide": open_to_them},
    )


@claim(
    "local-bargaining-lowers-the-price",
    ids="S0-25 S0-34",
    says="With 42 bargains in place of one, GPs are divided and the price falls.",
    by=READER_2023,
    unit="GBP a year for each partner, by one per cent of the price",
    cannot="By how much the price would fall: no comparison of local with national bargaining for GPs was found.",
)
def bargaining(
    global_sum_price: float, weighted_lists: Array, partners_national: float, partner_fte_per_head: float
) -> Finding:
    """What one per cent of the core price is worth to each partner."""
    pot = global_sum_price * float(weighted_lists.sum()) / 100
    each = pot / (partners_national / partner_fte_per_head)
    return Finding(
        each,
        None,
        f"One per cent of the core price is {pounds(pot)} a year, {pounds(each)} for each partner.",
        why="what a per cent is worth is known; whether local bargains would cost it is not",
        also={"pounds in all": pot},
    )


@claim(
    "bespoke-deals-pay",
    ids="S0-40 S0-41",
    says="Deals made for each practice could keep them afloat.",
    by=READER_2023,
    unit="share of all money that making such deals costs",
    cannot="What a fitting deal is worth to a practice that would else have closed.",
)
def bespoke(practices: float, contract_renewal_cost: float, price_index: float, money_paid: float) -> Finding:
    """What it costs to make and run a contract for each practice, over all money."""
    cost = practices * contract_renewal_cost * price_index
    return Finding(
        cost / money_paid,
        None,
        f"{count(practices)} contracts at {pounds(contract_renewal_cost * price_index)} a year each cost {pounds(cost)}, {percent(cost / money_paid, 2)} of all money.",
        why="what making them costs is known; whether they would keep a practice going is not",
        also={"pounds a year": cost},
    )


@claim(
    "a-local-guarantee-protected-many",
    ids="S0-55",
    says="Devon guaranteed what practices had from the quality framework when the government would not.",
    by=READER_2023,
    unit="share of practices whose framework money fell",
    cannot="What the guarantee of 2022/23 itself cost: this is the same guarantee on the years at hand.",
)
def guarantee(qof_two_years: Array, weighted_two_years: Array, protected_share: float) -> Finding:
    """Practices whose quality money for each weighted patient fell under a part of the year before's, and what a guarantee costs."""
    before, after = qof_two_years / weighted_two_years
    floor = before * protected_share
    short = np.maximum(floor - after, 0) * weighted_two_years[1]
    fell = after < floor
    return Finding(
        float(fell.mean()),
        bool(fell.mean() >= 0.1),
        f"{percent(float(fell.mean()))} of practices got less than {percent(protected_share)} of the year before for each weighted patient; "
        f"making it up costs {pounds(float(short.sum()))}.",
        why="'many' is taken as one in ten",
        also={"pounds to make it up": float(short.sum()), "practices": float(fell.sum())},
    )


@claim(
    "hospital-money-can-move",
    ids="S0-31 S2-04 S2-20 S1-05",
    says="Money moved from hospitals to general practice pays for itself in admissions avoided.",
    by=READER_2023,
    unit="share of emergency admissions that must be avoided",
    cannot="How many admissions a pound in general practice avoids: trials found little.",
)
def move_money(
    money_paid: float,
    transfer_share: float,
    emergency_admission_cost: float,
    price_index: float,
    admission_marginal_share: float,
    emergency_admission_rate: float,
    patients: float,
    avoidable_share_of_admissions: float,
) -> Finding:
    """Emergency admissions that must be avoided to pay for a transfer, at what an admission costs at the margin."""
    moved = money_paid * transfer_share
    saved = emergency_admission_cost * price_index * admission_marginal_share
    needed = moved / saved / (emergency_admission_rate * patients)
    return Finding(
        needed,
        None,
        f"Moving {pounds(moved)} pays if {count(moved / saved)} admissions a year are avoided, {percent(needed, 1)} of all; "
        f"{percent(avoidable_share_of_admissions)} are called avoidable.",
        why="how many must be avoided is known; how many a pound in general practice avoids is not",
        also={"pounds moved": moved, "admissions": moved / saved},
    )
