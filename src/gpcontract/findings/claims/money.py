"""Claims of cost: what a salaried service, a network, out-of-hours care or a quality framework costs and moves."""

from __future__ import annotations

import numpy as np

from ...england.facts import Array
from .claim import Finding, claim
from .words import count, more_or_less, percent, pounds

READER_2022, READER_2023 = "a GP reader of Pulse, 2022", "a GP reader of Pulse, 2023"


def conversion(
    pool: float,
    partners: float,
    budget: float,
    pay: float,
    on_cost: float,
    ratio: float,
    overhead: float = 0.0,
    pension: float = 0.0,
) -> tuple[float, float]:
    """What replacing partners by salaried GPs multiplies the cost of their work by, and the whole budget by.

    pool: partners' income together.  partners, ratio: full-time equivalents, and salaried ones for each.  pay: of a salaried
    full-time equivalent.  overhead: management, as a share of the salaried cost.  pension: the employer's for partners, in pounds.

    >>> tuple(round(x, 2) for x in conversion(2.57e9, 15_321, 10.23e9, 99_000, 0.35, 2.0))
    (1.59, 1.15)
    """
    cost = partners * ratio * pay * (1 + on_cost) * (1 + overhead)
    now = pool + pension
    return cost / now, 1 + (cost - now) / budget


@claim(
    "salaried-service-costs-twice",
    ids="S1-44",
    says="A salaried service would cost two to three times what partners cost.",
    by=READER_2022,
    unit="times the whole bill",
    cannot="What a service of employees would do differently; whether enough GPs would take such posts; VAT.",
)
def salaried_service(
    money_paid: float,
    partners_national: float,
    partner_income: float,
    partner_fte_per_head: float,
    partner_pension_rate: float,
    salaried_income: float,
    salaried_main_job_share: float,
    salaried_fte_per_head: float,
    employer_on_cost_rate: float,
    partner_hours_per_fte: float,
    salaried_hours_per_fte: float,
    leave_cover_share: float,
    sickness_rate: float,
    management_share: float,
    trust_overhead_share: float,
    claimed_cost_multiple: float,
) -> Finding:
    """The whole bill after partners are replaced by salaried GPs who work the same hours between them, over the bill today."""
    pool = partners_national * partner_income / partner_fte_per_head
    pay = salaried_income * salaried_main_job_share / salaried_fte_per_head
    ratio = partner_hours_per_fte / salaried_hours_per_fte
    beside = leave_cover_share + sickness_rate + management_share + trust_overhead_share
    labour, whole = conversion(
        pool, partners_national, money_paid, pay, employer_on_cost_rate, ratio, beside, pool * partner_pension_rate
    )
    each = pay * (1 + employer_on_cost_rate) * (1 + beside)
    twice = (money_paid * (claimed_cost_multiple - 1) + pool * (1 + partner_pension_rate)) / (partners_national * each)
    return Finding(
        whole,
        whole >= claimed_cost_multiple,
        f"Replacing every partner by {ratio:.2f} salaried GPs makes the whole bill {whole:.2f} times what it is; "
        f"to double it each partner would need {twice:.1f}.",
        also={"times the cost of partners' work": labour, "salaried GPs for each partner that double the bill": twice},
    )


@claim(
    "consultant-pay-breaks-the-budget",
    ids="S1-65",
    says="Salaried GPs must be paid as consultants are, which the budget cannot bear.",
    by=READER_2022,
    unit="times the whole bill",
    cannot="Whether anybody would enter general practice for less.",
)
def consultant_pay(
    money_paid: float,
    partners_national: float,
    partner_income: float,
    partner_fte_per_head: float,
    partner_pension_rate: float,
    consultant_pay: float,
    employer_on_cost_rate: float,
    partner_hours_per_fte: float,
    salaried_hours_per_fte: float,
    leave_cover_share: float,
    sickness_rate: float,
    management_share: float,
    trust_overhead_share: float,
    bearable_rise: float,
) -> Finding:
    """The whole bill over today's if every partner's work were done by doctors on a new consultant's pay."""
    pool = partners_national * partner_income / partner_fte_per_head
    ratio = partner_hours_per_fte / salaried_hours_per_fte
    beside = leave_cover_share + sickness_rate + management_share + trust_overhead_share
    labour, whole = conversion(
        pool,
        partners_national,
        money_paid,
        consultant_pay,
        employer_on_cost_rate,
        ratio,
        beside,
        pool * partner_pension_rate,
    )
    return Finding(
        whole,
        whole - 1 > bearable_rise,
        f"At {pounds(consultant_pay)} a post the whole bill is {percent(abs(whole - 1), 1)} {'higher' if whole > 1 else 'lower'}.",
        also={"times the cost of partners' work": labour},
    )


@claim(
    "ninety-per-cent-of-contacts",
    ids="S0-26",
    says="General practice makes 90% of the contacts of the NHS.",
    by=READER_2023,
    unit="share of contacts",
    cannot="How much each contact is worth. A fact-checker found no source for 90%; with pharmacists, dentists and opticians counted "
    "as primary care the share is nearer to it.",
)
def contacts(
    gp_contacts: float,
    outpatient_contacts: float,
    emergency_attendances: float,
    hospital_admissions: float,
    community_contacts: float,
    claimed_share_of_contacts: float,
) -> Finding:
    """Appointments in general practice over all contacts counted."""
    others = outpatient_contacts + emergency_attendances + hospital_admissions + community_contacts
    share = gp_contacts / (gp_contacts + others)
    return Finding(
        share,
        share >= claimed_share_of_contacts,
        f"{count(gp_contacts / 1e6)} million appointments a year are {percent(share)} of contacts in general practice, outpatient clinics, "
        "A&E and on wards.",
    )


@claim(
    "eight-per-cent-of-money",
    ids="S0-26",
    says="General practice gets 8% of the money of the NHS.",
    by=READER_2023,
    unit="share of NHS spending",
    cannot="What is right: the share moves with what is counted as general practice (drugs dispensed, premises, networks) and as the NHS.",
)
def share_of_money(money_paid: float, nhs_spending: float, claimed_share_of_money: float) -> Finding:
    """Money paid for general practice over NHS spending, in whole per cent no more than is claimed."""
    share = money_paid / nhs_spending
    return Finding(
        share,
        round(share, 2) <= claimed_share_of_money,
        f"{pounds(money_paid)} of {pounds(nhs_spending)} is {percent(share, 1)}.",
    )


@claim(
    "a-contact-is-cheap",
    ids="S0-26",
    says="General practice is extremely efficient.",
    by=READER_2023,
    unit="contacts for the price of one A&E attendance",
    cannot="Efficiency: what is done in a contact differs, and cost for each contact is not health for each pound.",
)
def cheap_contact(money_paid: float, gp_contacts: float, emergency_attendance_cost: float) -> Finding:
    """Contacts in general practice for the price of one attendance at A&E."""
    each = money_paid / gp_contacts
    return Finding(
        emergency_attendance_cost / each,
        emergency_attendance_cost > each,
        f"A contact costs {pounds(each)} with everything counted, so an A&E attendance pays for {emergency_attendance_cost / each:.0f}.",
        why="a contact is cheap, which is not yet efficient",
        also={"pounds for a contact": each},
    )


@claim(
    "out-of-hours-back-at-the-deduction",
    ids="S3-05 S4-04",
    says="Practices could take out-of-hours care back for what is deducted because they gave it up.",
    by="NHS Confederation, 2009 (that incentives could bring it back)",
    unit="GBP per patient",
    cannot="What practices would ask to work at night, or what shared rotas would save.",
)
def out_of_hours(
    global_sum_price: float, ooh_deduction_share: float, out_of_hours_cost: float, price_index: float, patients: float
) -> Finding:
    """What out-of-hours care costs for each patient beyond the deduction that would be returned."""
    returned = global_sum_price * ooh_deduction_share
    short = out_of_hours_cost * price_index - returned
    return Finding(
        short,
        short <= 0,
        f"The deduction returns {pounds(returned)} a patient; the care costs {pounds(returned + short)}, so {pounds(short * patients)} "
        f"a year is lacking.",
        also={"deduction returned, pounds a patient": returned, "pounds a year lacking": short * patients},
    )


@claim(
    "quality-money-into-the-core",
    ids="S0-57 S0-09 S4-03",
    says="With the quality framework and the investment fund put into the core price, most practices would gain.",
    by=f"{READER_2023}, after a committee of MPs",
    unit="share of practices",
    cannot="What care would be lost when it is no longer paid for (see nothing-is-lost-without-the-framework); the time it would free.",
)
def quality_into_core(qof_paid: Array, fund_paid: Array, weighted_lists: Array, fifths: Array, lists: Array) -> Finding:
    """The share of practices that gain if the two pots are shared by weighted list instead."""
    now = qof_paid + fund_paid
    change = weighted_lists * now.sum() / weighted_lists.sum() - now
    known = now > 0
    gain = known & (change > 0)
    poorest, richest = ((change[fifths == f]).sum() / lists[fifths == f].sum() for f in (1, 5))
    moved = float(np.abs(change[known]).sum() / 2)
    return Finding(
        gain.sum() / known.sum(),
        bool(2 * gain.sum() > known.sum()),
        f"{count(gain.sum())} of {count(known.sum())} practices gain; {pounds(moved)} of {pounds(now.sum())} moves. The most deprived fifth "
        f"gets {pounds(poorest)} a patient more, the least deprived {pounds(richest)}.",
        also={
            "practices that gain": gain.sum(),
            "practices that lose": known.sum() - gain.sum(),
            "pounds that move": moved,
            "pounds a patient, most deprived fifth": poorest,
            "pounds a patient, least deprived fifth": richest,
            "pot in pounds": now.sum(),
        },
    )


@claim(
    "a-quarter-of-the-framework",
    ids="S4-09 S0-09",
    says="Up to a quarter of the quality framework could be retired.",
    by="the review of the framework, 2018",
    unit="share of points",
    cannot="Which of the points mattered.",
)
def points_retired(
    qof_points_retired_2025: float,
    qof_points_before_2025: float,
    qof_point_value_2025: float,
    practices: float,
    claimed_share_retired: float,
) -> Finding:
    """The share of points retired in 2025/26, the largest cut so far, and what it released."""
    share = qof_points_retired_2025 / qof_points_before_2025
    released = qof_points_retired_2025 * qof_point_value_2025 * practices
    return Finding(
        share,
        share >= claimed_share_retired,
        f"In 2025/26 {count(qof_points_retired_2025)} of {count(qof_points_before_2025)} points went, {percent(share)}; at the value of a "
        f"point that is {pounds(released)}.",
        why="more than a quarter has since been retired at one time",
        also={"pounds released": released},
    )


@claim(
    "network-leaders-are-overpaid",
    ids="S0-49",
    says="Clinical directors are overpaid and a reason for failure.",
    by=READER_2023,
    unit="GBP per patient",
    cannot="What leadership achieves: no study separates it from the networks that are led.",
)
def network_leaders(network_leadership_paid: float, patients: float, practices: float, money_paid: float) -> Finding:
    """Money for running and leading networks, for each patient."""
    share = network_leadership_paid / money_paid
    return Finding(
        network_leadership_paid / patients,
        None,
        f"Running and leading networks costs {pounds(network_leadership_paid)}, {pounds(network_leadership_paid / patients)} a patient and "
        f"{percent(share, 1)} of all money; given back it is {pounds(network_leadership_paid / practices)} a practice.",
        why="the sum is known, and its effect on success or failure has not been measured",
        also={"pounds in all": network_leadership_paid, "share of all money": share},
    )


@claim(
    "leaving-the-network-is-cheap",
    ids="S1-56 S1-67",
    says="Practices can leave the network service at little loss.",
    by=f"{READER_2022} (that all should leave)",
    unit="GBP per patient",
    cannot="What work would end with the money, and whether boards would let others do it for these patients.",
)
def leaving_the_network(
    network_paid: float, patients: float, practices: float, money_paid: float, little_loss_share: float
) -> Finding:
    """Money that is paid to or through networks, for each patient."""
    share = network_paid / money_paid
    return Finding(
        network_paid / patients,
        share <= little_loss_share,
        f"{pounds(network_paid / patients)} a patient goes with the network, {percent(share, 1)} of all money and "
        f"{pounds(network_paid / practices)} for the average practice.",
        also={"share of all money": share, "pounds for the average practice": network_paid / practices},
    )


@claim(
    "paid-before-federations-exist",
    ids="S3-03 S3-18",
    says="Money for federation would be paid before there is any federation.",
    by="a GP quoted by Pulse, 2009",
    unit="share of network money",
    cannot="How many networks did nothing for it: readiness is not published.",
)
def federation_money(network_forming_paid: float, network_paid: float, network: Array, patients: float) -> Finding:
    """The part of network money that is paid for being a network and not for what one does."""
    share, joined = network_forming_paid / network_paid, float((network >= 0).mean())
    return Finding(
        share,
        None,
        f"{percent(share)} of network money, {pounds(network_forming_paid / patients)} a patient, is paid for taking part, running and "
        f"leading; {percent(joined)} of practices are in a network.",
        why="payment comes with signature, and nobody publishes which networks were ready when it came",
        also={"share of practices in a network": joined},
    )


@claim(
    "six-billion-refills-the-posts",
    ids="S1-27 S1-06",
    says="A rescue of £6bn without restructuring would refill the posts that partners have left.",
    by="the Royal College of GPs, 2022 (that a rescue is urgent)",
    unit="full-time GPs for ten years",
    cannot="Whether there are GPs to employ.",
)
def rescue(
    rescue_fund: float,
    rescue_years: float,
    salaried_income: float,
    salaried_main_job_share: float,
    salaried_fte_per_head: float,
    employer_on_cost_rate: float,
    partners_2015: float,
    partners_2025: float,
) -> Finding:
    """Salaried GPs that the fund would employ for ten years, over the partners lost from 2015 to 2025."""
    cost = salaried_income * salaried_main_job_share / salaried_fte_per_head * (1 + employer_on_cost_rate)
    posts, lost = rescue_fund / rescue_years / cost, partners_2015 - partners_2025
    return Finding(
        posts,
        posts >= lost,
        f"{pounds(rescue_fund)} over {count(rescue_years)} years employs {count(posts)} full-time GPs; partners fell by {count(lost)} from 2015 "
        f"to 2025, so {percent(posts / lost)} of them.",
        also={"share of partners lost": posts / lost, "cost of a full-time GP": cost},
    )


@claim(
    "enough-for-new-community-capacity",
    ids="S4-19 S4-20 S4-08",
    says="The money of 2019 to 2024 is enough for substantial new capacity.",
    by="the column in the Health Service Journal, 2018 (as a question)",
    unit="share more than was paid before, prices taken off",
    cannot="What the capacity did; a part of the money only kept up with pay and prices.",
)
def deal_of_2019(
    deal_2019_total: float,
    network_money_deal: float,
    money_2018: float,
    deal_2019_price_rise: float,
    substantial_growth: float,
) -> Finding:
    """Growth of the money from before the five-year deal to its last year, prices taken off."""
    real = (money_2018 + deal_2019_total) / money_2018 / (1 + deal_2019_price_rise) - 1
    return Finding(
        real,
        real >= substantial_growth,
        f"{pounds(deal_2019_total)} more by 2023/24, {pounds(network_money_deal)} of it through networks, is {more_or_less(real)} than before "
        "the deal once prices are taken off.",
        also={"growth before prices": deal_2019_total / money_2018},
    )


@claim(
    "the-2004-contract-overran",
    ids="S4-05 S4-20",
    says="The contract of 2004 cost far more than was meant.",
    by="the column in the Health Service Journal, 2018",
    unit="GBP per patient per year, prices of 2024/25",
    cannot="What was bought with it; nobody's plan of 2003 is in open data.",
)
def overrun_of_2004(
    overrun_2004_total: float,
    overrun_2004_years: float,
    patients_2004: float,
    prices_2004: float,
    substantial_growth: float,
    money_2003: float,
) -> Finding:
    """What was spent beyond plan in the first three years, for each patient and year."""
    yearly = overrun_2004_total / overrun_2004_years
    each = yearly / patients_2004 / prices_2004
    return Finding(
        each,
        yearly / money_2003 >= substantial_growth,
        f"{pounds(overrun_2004_total)} in three years is {pounds(each)} a patient and year in prices of 2024/25, "
        f"{percent(yearly / money_2003)} of what general practice cost before.",
    )
