"""Claims of buildings: what £6bn buys, what a partner owes on a lease, and what buying out a practice costs."""

from __future__ import annotations

import numpy as np

from ...england.facts import Array
from ...levers.estate import annuity, last_partner_chance
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .words import count, percent, pounds


@claim(
    "six-billion-buys-the-estate",
    ids="S1-07",
    says="£6bn buys the buildings that GPs own.",
    by="Policy Exchange, 2022",
    unit="GBP",
    cannot="Who owns which building: no register is open. The fund was also to pay for data and for the move to new contracts.",
)
def six_billion(
    premises_paid: float, rent_share_of_premises: float, owned_share: float, estate_yield: float, rescue_fund: float
) -> Finding:
    """What the buildings that GPs own are worth, by the rent paid for them."""
    rent = premises_paid * rent_share_of_premises * owned_share
    worth = rent / estate_yield
    return Finding(
        worth,
        worth <= rescue_fund,
        f"Rent of {pounds(rent)} a year at {percent(estate_yield, 1)} makes the estate worth {pounds(worth)}; {pounds(rescue_fund)} buys "
        f"{percent(min(1, rescue_fund / worth))} of it and leaves "
        f"{pounds(rescue_fund - worth) if rescue_fund > worth else 'nothing'} for anything else.",
        also={
            "rent a year": rent,
            "share of the estate bought": min(1, rescue_fund / worth),
            "left over": max(0.0, rescue_fund - worth),
        },
    )


@claim(
    "buying-beats-renting",
    ids="S1-07 S1-09",
    says="Buying the estate pays for itself in rent saved.",
    by="Policy Exchange, 2022 (implied)",
    unit="percentage points a year",
    cannot="What the buildings are worth for anything else, and what state they are in: half are unsuitable by their users' own account.",
)
def buying_or_renting(estate_yield: float, discount_rate: float, surgery_upkeep_rate: float) -> Finding:
    """Rent saved each year on the price, less the cost of public money and of upkeep."""
    margin = estate_yield - discount_rate - surgery_upkeep_rate
    return Finding(
        100 * margin,
        margin > 0,
        f"A building bought at a yield of {percent(estate_yield, 1)} saves that much rent a year; money costs {percent(discount_rate, 1)} and "
        f"upkeep {percent(surgery_upkeep_rate, 1)}.",
    )


@claim(
    "no-room-for-staff",
    ids="S0-30",
    says="Buildings are a real barrier: there is no room for more staff.",
    by=READER_2023,
    unit="share of practices",
    cannot="Practices as a whole: those that answered chose to. Space by building is not in open data.",
)
def no_room(
    no_room_for_network_staff: float, unsuitable_now: float, practices: float, cost_of_a_room: float
) -> Finding:
    """The share of practices that say they cannot house network staff, and what a room for each would cost."""
    lacking = no_room_for_network_staff * practices
    return Finding(
        no_room_for_network_staff,
        no_room_for_network_staff > 1 / 2,
        f"{percent(no_room_for_network_staff)} of those asked cannot house network staff and {percent(unsuitable_now)} call their building "
        f"unsuitable; one more room in each of {count(lacking)} practices is {pounds(lacking * cost_of_a_room)}.",
        also={"practices without room": lacking, "pounds for a room in each": lacking * cost_of_a_room},
    )


@claim(
    "the-last-partner-is-ruined",
    ids="S1-60 S1-09 S1-61 S4-12",
    says="The last partner standing is left with debts that cannot be paid.",
    by=READER_2022,
    unit="years of a partner's income",
    cannot="Leases one by one, their break clauses, and loans on owned buildings. Rent is reimbursed while the contract lasts: the debt falls due "
    "if it ends.",
)
def last_partner(
    premises_paid: float,
    rent_share_of_premises: float,
    owned_share: float,
    lease_years_left: float,
    discount_rate: float,
    partners_national: float,
    partner_fte_per_head: float,
    partner_income: float,
    partners_of_a_practice: float,
) -> Finding:
    """Unexpired rent of a leased practice of three partners when one is left, in years of that partner's income."""
    heads = partners_national / partner_fte_per_head
    leased = premises_paid * rent_share_of_premises * (1 - owned_share)
    leasing = heads * (1 - owned_share)  # rent is taken to be shared as practices are
    owed = leased / leasing * partners_of_a_practice * float(annuity(lease_years_left, discount_rate))
    return Finding(
        owed / partner_income,
        owed > partner_income,
        f"A practice of {count(partners_of_a_practice)} partners on a lease owes {pounds(owed)} of rent to its end, {owed / partner_income:.1f} "
        "years of one partner's income.",
        why="more than a year's income is taken as what cannot be paid",
        also={"pounds owed": owed},
    )


@claim(
    "a-partner-is-left-alone",
    ids="S1-60 S4-12",
    says="Partners leave, nobody joins, and one is left.",
    by=READER_2022,
    unit="share of partnerships of three that are down to one within five years",
    cannot="Which partnerships: rates are the same for all, and those who see it coming may merge in time.",
    draws=40,
)
def left_alone(
    partners_of_a_practice: float, partner_leaves: float, partner_joins: float, noticeable_share: float
) -> Finding:
    """The chance that a partnership comes down to one partner within five years."""
    five, ten = (
        float(last_partner_chance(int(partners_of_a_practice), partner_leaves, partner_joins, t)) for t in (5.0, 10.0)
    )
    return Finding(
        five,
        five >= noticeable_share,
        f"With {percent(partner_leaves)} of partners leaving and {percent(partner_joins)} of practices finding one each year, "
        f"{count(partners_of_a_practice)} partners are down to one within five years in {percent(five)} of cases, within ten in {percent(ten)}.",
        why="one in twenty is taken as worth fearing; the rates are an example",
        also={"within ten years": ten},
    )


@claim(
    "a-buy-out-beats-a-hand-back",
    ids="S0-38 S0-21",
    says="For a partnership that cannot recruit, a buy-out is better than handing the contract back.",
    by=READER_2023,
    unit="GBP per patient",
    cannot="Continuity of care under either, which no figure here holds; what the practice's buildings are really worth.",
)
def buy_out_or_hand_back(
    premises_paid: float,
    patients: float,
    rent_share_of_premises: float,
    owned_share: float,
    estate_yield: float,
    paid_without_dispensing: Array,
    weighted_lists: Array,
    on_gms: Array,
    on_apms: Array,
    caretaker_years: float,
) -> Finding:
    """What a caretaker costs beyond the ordinary price over its years, less what the buildings cost to buy, for each patient."""
    buy = premises_paid * rent_share_of_premises * owned_share / estate_yield / patients
    caretaker = caretaker_years * _premium(paid_without_dispensing, weighted_lists, on_gms, on_apms)
    return Finding(
        caretaker - buy,
        caretaker > buy,
        f"A caretaker contract costs {pounds(caretaker)} a patient more over {caretaker_years:.0f} years; buildings cost {pounds(buy)} a patient "
        "once, and remain.",
        also={"pounds a patient, caretaker": caretaker, "pounds a patient, buildings": buy},
    )


def _premium(paid: Array, weighted: Array, on_gms: Array, on_apms: Array) -> float:
    """What APMS contracts are paid for each weighted patient beyond GMS ones."""
    gms, apms = (np.nan_to_num(x) > 0 for x in (on_gms, on_apms))
    return float(paid[apms].sum() / weighted[apms].sum() - paid[gms].sum() / weighted[gms].sum())


@claim(
    "a-fund-has-somewhere-to-go",
    ids="S0-04 S0-05",
    says="There are practices to buy out: below standard, in deprived places, with no substitute near.",
    by="the Hewitt review, 2023",
    unit="practices",
    cannot="Which practices fail: points are no standard anybody agreed, and whether support failed is not published.",
)
def fund_queue(
    points: Array,
    points_fifths: Array,
    points_nearest: Array,
    points_lists: Array,
    share_below_standard: float,
    substitute_distance: float,
    premises_paid: float,
    patients: float,
    rent_share_of_premises: float,
    owned_share: float,
    estate_yield: float,
    boards: float,
) -> Finding:
    """Practices under a bar on points, in the most deprived fifth, with no other practice within a distance."""
    below = points < np.quantile(points, share_below_standard)
    deprived, alone = points_fifths == 1, points_nearest > substitute_distance
    queue = below & deprived & alone
    cost = points_lists[queue].sum() * premises_paid / patients * rent_share_of_premises * owned_share / estate_yield
    return Finding(
        float(queue.sum()),
        bool(queue.sum() >= 1),
        f"{count(below.sum())} practices are in the lowest {percent(share_below_standard)} by points, {count((below & deprived).sum())} of them "
        f"in the most deprived fifth, {count(queue.sum())} of these with no other practice within {substitute_distance:.1f} km; their owned "
        f"buildings are worth {pounds(cost)}.",
        also={
            "below and deprived": (below & deprived).sum(),
            "pounds for their owned buildings": cost,
            "for each board": queue.sum() / boards,
        },
    )
