"""Claims of people: hours, leave, retirement, training, and who would do the work."""

from __future__ import annotations

import math

import numpy as np

from ...england.facts import Array
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .words import count, more_or_less, percent, pounds

LEAVER_AGES = (30, 35, 40, 50, 55, 60)  # where each band of leaver_rate_by_age starts
CONTRACTOR_AGES = (37, 45, 54, 62)  # about the middle of each band of contractors_by_age


@claim(
    "partners-work-twice-the-hours",
    ids="S1-53 S1-62",
    says="Partners work a hundred per cent more hours than they are paid for.",
    by=READER_2022,
    unit="share of a full-time contract worked beyond it",
    cannot="Much: 78 GPs answered. Official surveys give 38 hours for all GPs together.",
)
def partner_hours(
    partner_hours_per_fte: float,
    full_time_contract_hours: float,
    salaried_hours_reported: float,
    claimed_extra_hours: float,
) -> Finding:
    """Weekly hours of a full-time partner beyond a full-time contract."""
    extra = partner_hours_per_fte / full_time_contract_hours - 1
    return Finding(
        extra,
        extra >= claimed_extra_hours,
        f"A full-time partner works {partner_hours_per_fte:.1f} hours a week, {percent(extra)} more than a contract of "
        f"{full_time_contract_hours:.1f}; a full-time salaried GP works {salaried_hours_reported:.1f}.",
        also={"salaried GPs' hours beyond a contract": salaried_hours_reported / full_time_contract_hours - 1},
    )


@claim(
    "leave-and-sickness-cost-capacity",
    ids="S1-43 S1-68",
    says="Partners take a week or two of leave and are never sick; salaried GPs will take all that is due.",
    by=READER_2022,
    unit="share of a year's work",
    cannot="What partners' leave and sickness are: nobody counts them.",
)
def leave_and_sickness(
    salaried_leave_weeks: float,
    partner_leave_weeks: float,
    sickness_rate: float,
    partners_national: float,
    noticeable_share: float,
) -> Finding:
    """Work lost when a partner is replaced by an employee who takes leave and is sometimes sick."""
    leave = (salaried_leave_weeks - partner_leave_weeks) / 52
    lost = leave + sickness_rate
    return Finding(
        lost,
        lost >= noticeable_share,
        f"Leave takes {percent(leave, 1)} of the year and sickness {percent(sickness_rate, 1)}: {count(lost * partners_national)} "
        "full-time GPs' work if all partners were replaced one for one.",
        also={"by leave": leave, "by sickness": sickness_rate, "full-time equivalents": lost * partners_national},
    )


@claim(
    "retired-before-it-happens",
    ids="S1-34 S1-40",
    says="Most of today's partners will have gone before 2030.",
    by=READER_2022,
    unit="share of the partners of 2022/23 still in work",
    cannot="How a new contract itself would change when people go.",
)
def retired_by_2030(contractors_by_age: Array, leaver_rate_by_age: Array, years_to_2030: float) -> Finding:
    """The share of the partners of 2022/23 still in work by 2030, if they leave at the rates of their ages."""
    left = [
        n * _stay(age, leaver_rate_by_age, years_to_2030)
        for age, n in zip(CONTRACTOR_AGES, contractors_by_age, strict=True)
    ]
    total = float(np.sum(contractors_by_age))
    share = float(sum(left)) / total
    over_50 = float(contractors_by_age[2:].sum()) / total
    return Finding(
        share,
        share < 1 / 2,
        f"{percent(over_50)} of partners were 50 or over in 2022/23; at present rates {percent(share)} of all will still be in work by 2030.",
        also={"share aged 50 or over": over_50},
    )


def _stay(age: float, rates: Array, years: float) -> float:
    """The chance of staying some years from an age."""
    stay = 1.0
    for step in range(int(years)):
        band = max(i for i, start in enumerate(LEAVER_AGES) if age + step >= start)
        stay *= 1 - float(rates[band])
    return stay


@claim(
    "partnership-will-be-gone",
    ids="S4-12 S1-01",
    says="Partnership is in terminal decline: by the mid-2030s few will be left.",
    by="Policy Exchange, 2022",
    unit="full-time equivalent partners in 2035",
    cannot="Whether the fall goes on: it is carried forward, not explained.",
)
def terminal_decline(
    partners_2015: float, partners_2025: float, partner_decline: float, years_to_2035: float
) -> Finding:
    """Partners in 2035 if they fall as they did from 2015 to 2025."""
    left = partners_2025 * (1 - partner_decline) ** years_to_2035
    halves = math.log(1 / 2) / math.log(1 - partner_decline)
    return Finding(
        left,
        left < partners_2015 / 2,
        f"At {percent(partner_decline, 1)} a year {count(left)} of the {count(partners_2015)} partners of 2015 are left in 2035; it takes "
        f"{halves:.0f} years to halve.",
        why="'few' is taken as half of those of 2015",
        also={"years to halve": halves, "fall a year": (partners_2015 - partners_2025) / 10},
    )


@claim(
    "most-gps-will-be-salaried",
    ids="S1-01 S1-04",
    says="Most GPs will be employed.",
    by="Policy Exchange, 2022",
    unit="year in which partners fall under half",
    cannot="By whom: most salaried GPs are employed by partnerships, not by trusts or other large providers.",
)
def majority_salaried(
    partners_2025: float, qualified_2025: float, partner_decline: float, qualified_growth: float
) -> Finding:
    """The year in which partners are less than half of qualified GPs, if trends go on."""
    share = partners_2025 / qualified_2025
    years = math.log(2 * share) / (math.log(1 + qualified_growth) - math.log(1 - partner_decline))
    return Finding(
        2025 + years,
        years <= 5,
        f"Partners were {percent(share)} of qualified GPs in May 2025 and fall under half in about {2025 + years:.0f} without any reform.",
        why="by 2030, as trends run",
        also={"partners' share in 2025": share},
    )


@claim(
    "the-contract-can-end-by-2030",
    ids="S1-02 S1-03 S1-41",
    says="The national contract can be phased out between 2022 and 2030.",
    by="Policy Exchange, 2022",
    unit="times the yearly number of practices that have ended before",
    cannot="How fast contracts can be let: it has never been tried. Boards' staff for it are not in open data.",
)
def conversion_capacity(
    practices: float, phase_out_years: float, practices_lost_yearly: float, boards: float, manageable_multiple: float
) -> Finding:
    """Conversions a year that a phase-out needs, over the practices that ended, merged or were taken over each year before."""
    yearly = practices / phase_out_years
    return Finding(
        yearly / practices_lost_yearly,
        yearly / practices_lost_yearly <= manageable_multiple,
        f"{count(practices)} practices in {count(phase_out_years)} years are {count(yearly)} a year, {yearly / boards:.0f} for each board; "
        f"{count(practices_lost_yearly)} a year ended, merged or were taken over before.",
        also={
            "conversions a year": yearly,
            "for each board and year": yearly / boards,
            "practices for each board": practices / boards,
        },
    )


@claim(
    "training-does-not-replace-leavers",
    ids="S0-29 S0-54 S1-20",
    says="The threat is the workforce: GPs leave faster than training replaces them.",
    by=READER_2023,
    unit="full-time equivalents a year",
    cannot="What a pound on training brings against a pound on a contract: places and their cost by year are not in open data. GPs from "
    "abroad and those who return are not counted.",
)
def training(
    trainees_yearly: float, trainees_joining: float, joiner_participation: float, leavers_fte: float
) -> Finding:
    """Full-time GPs that a year's trainees become within two years, less those who leave in a year."""
    joining = trainees_yearly * trainees_joining * joiner_participation
    return Finding(
        joining - leavers_fte,
        joining < leavers_fte,
        f"{count(trainees_yearly)} trainees become {count(joining)} full-time GPs within two years; {count(leavers_fte)} leave in a year.",
        also={"joining": joining, "leaving": leavers_fte},
    )


@claim(
    "a-bonus-brings-partners",
    ids="S1-17 S1-30 S1-67",
    says="A package of money brings and keeps partners.",
    by="Policy Exchange, 2022",
    unit="GBP for each partner who would not have come",
    cannot="Who would have come anyway: there was no control group, and the two years differ in more than the payment.",
)
def bonus(
    golden_hello_paid: float,
    golden_hello_admitted: float,
    new_partners_before: float,
    new_partners_with: float,
    share_by_the_payment: float,
) -> Finding:
    """The golden hello of 2020 for each new partner that it may have brought."""
    each = golden_hello_paid / golden_hello_admitted
    added = (new_partners_with - new_partners_before) * share_by_the_payment
    price = each * new_partners_with / added
    return Finding(
        price,
        None,
        f"{pounds(each)} for each of {count(new_partners_with)} new partners a month, up from {count(new_partners_before)}, is {pounds(price)} for "
        "each who would not have come.",
        why="the price of each turns on how many would have come anyway, which nobody measured",
        also={"pounds for each who was paid": each},
    )


@claim(
    "burdens-cannot-be-counted",
    ids="S0-62",
    says="What wears GPs out cannot be quantified.",
    by=READER_2023,
    unit="share more clinical work for each patient, 2005 to 2019",
    cannot="What it does to people: fear of litigation and lost autonomy are in none of these numbers.",
)
def burden(clinical_work_growth: float, consultation_time_growth: float, contact_rate_change: float) -> Finding:
    """Growth of clinical work for each patient, which was measured."""
    return Finding(
        clinical_work_growth,
        False,
        f"Measured in 824 practices: clinical work for each patient rose by {percent(clinical_work_growth)} from 2005 to 2019, most of it work "
        f"without the patient present, while GPs' contacts changed by {percent(contact_rate_change)} and each "
        f"lasted {percent(consultation_time_growth)} longer.",
        why="much of it has been counted",
    )


@claim(
    "more-patients-for-each-gp",
    ids="S0-17 S1-11",
    says="Demand rises while the workforce falls.",
    by="British Medical Association, 2023",
    unit="share more patients for each qualified GP",
    cannot="What each patient needs: work for each rose too (see burdens-cannot-be-counted), and other staff do a part of it.",
)
def patients_per_gp(load_first: float, load_last: float, first_year: float, last_year: float) -> Finding:
    """Growth of registered patients for each qualified GP over the years with payments."""
    growth = load_last / load_first - 1
    return Finding(
        growth,
        growth > 0,
        f"{count(load_first)} patients for each qualified GP in {first_year:.0f}, {count(load_last)} in {last_year:.0f}: {more_or_less(growth)}.",
        also={"first": load_first, "last": load_last},
    )


@claim(
    "fewer-gps-where-need-is-more",
    ids="S1-11 S1-18 S1-19",
    says="Poor areas are short of GPs, and sessions by video could make it good.",
    by="Policy Exchange, 2022",
    unit="share more GPs for each need-weighted patient, most against least deprived fifth",
    cannot="How much need can be met on a screen, and by whom.",
)
def under_doctored(
    gps: Array, need_lists: Array, fifths: Array, sessions_per_week: float, salaried_working_weeks: float
) -> Finding:
    """GPs for each need-weighted patient in the most deprived fifth over the least deprived, and what would level the places below the mean."""
    known = ~np.isnan(gps + need_lists) & (need_lists > 0)
    poor, rich = (gps[known & (fifths == f)].sum() / need_lists[known & (fifths == f)].sum() for f in (1, 5))
    mean = gps[known].sum() / need_lists[known].sum()
    short = sum(
        max(0.0, mean * need_lists[known & (fifths == f)].sum() - gps[known & (fifths == f)].sum())
        for f in (1, 2, 3, 4, 5)
    )
    gap = poor / rich - 1
    return Finding(
        gap,
        gap < 0,
        f"The most deprived fifth has {more_or_less(gap)} GPs for each need-weighted patient than the least; {count(short)} full-time GPs, "
        f"{count(short * sessions_per_week * salaried_working_weeks)} sessions a year, would bring every fifth to the mean.",
        also={"full-time GPs lacking": short},
    )


@claim(
    "no-time-to-plan",
    ids="S2-19 S2-07",
    says="Workload leaves GPs no time to engage in change.",
    by="British Medical Association, 2013",
    unit="full-time GPs' work",
    cannot="What a session of planning yields.",
)
def headroom(
    practices: float,
    planning_sessions: float,
    sessions_per_week: float,
    qualified_growth_yearly: float,
    salaried_income: float,
    salaried_main_job_share: float,
    salaried_fte_per_head: float,
    employer_on_cost_rate: float,
) -> Finding:
    """GPs whose work it would take to free one session a week in every practice, against a year's growth of GPs."""
    taken = practices * planning_sessions / sessions_per_week
    cost = taken * salaried_income * salaried_main_job_share / salaried_fte_per_head * (1 + employer_on_cost_rate)
    return Finding(
        taken,
        taken > qualified_growth_yearly,
        f"{planning_sessions:.1f} sessions a week in each practice is the work of {count(taken)} full-time GPs and {pounds(cost)} a year to cover; "
        f"GPs grew by {count(qualified_growth_yearly)} in the last year counted.",
        why="no time is taken as more than a year's growth in GPs",
        also={"pounds a year": cost},
    )


@claim(
    "partners-give-more-than-they-cost",
    ids="S1-29 S1-45",
    says="Partners do more, and more cheaply, than anybody knew.",
    by=f"{READER_2022}; the Royal College of GPs said the model brings exceptional benefits",
    unit="GBP a year",
    cannot="The value of risk borne and of staying for decades.",
)
def unpaid_work(
    partners_national: float,
    partner_hours_per_fte: float,
    salaried_hours_reported: float,
    salaried_income: float,
    salaried_main_job_share: float,
    salaried_fte_per_head: float,
    employer_on_cost_rate: float,
    share_of_extra_hours_clinical: float,
) -> Finding:
    """What the hours of partners beyond those of salaried GPs would cost to buy."""
    cost = salaried_income * salaried_main_job_share / salaried_fte_per_head * (1 + employer_on_cost_rate)
    extra = (partner_hours_per_fte / salaried_hours_reported - 1) * share_of_extra_hours_clinical
    worth = partners_national * extra * cost
    return Finding(
        worth,
        worth > 0,
        f"Full-time partners work {percent(partner_hours_per_fte / salaried_hours_reported - 1)} more hours than full-time salaried GPs; what of "
        f"it must be replaced would cost {pounds(worth)} a year.",
        also={"full-time equivalents": partners_national * extra},
    )


@claim(
    "vacant-like-the-hospitals",
    ids="S1-57",
    says="A salaried service would run with vacancies as the hospitals do.",
    by=READER_2022,
    unit="full-time posts vacant",
    cannot="Whether posts in general practice would be harder or easier to fill than those of hospitals.",
)
def vacancies(
    nhs_vacancies: float,
    nhs_posts: float,
    partners_national: float,
    partner_hours_per_fte: float,
    salaried_hours_per_fte: float,
) -> Finding:
    """Posts empty at the NHS's vacancy rate, among those that would replace partners."""
    rate = nhs_vacancies / nhs_posts
    posts = partners_national * partner_hours_per_fte / salaried_hours_per_fte
    return Finding(
        rate * posts,
        None,
        f"At the NHS's {percent(rate, 1)} some {count(rate * posts)} of {count(posts)} posts would stand empty.",
        why="what such vacancies would mean is known; whether these posts would stand empty like those is not",
        also={"vacancy rate": rate},
    )


@claim(
    "a-pilot-can-tell",
    ids="S1-28 S1-13",
    says="Pilot and evaluate first.",
    by="the Royal College of GPs, 2022",
    unit="practices in each arm",
    cannot="Effects other than on admissions, and what happens after the pilot's years.",
)
def pilot(
    effect_on_admissions: float,
    emergency_admission_rate: float,
    patients: float,
    practices: float,
    pilot_years: float,
    practice_change_cv: float,
    pilot_practices_so_far: float,
) -> Finding:
    """Practices in each arm that find an effect on admissions of the size seen, four times in five, at the usual 5%."""
    from scipy.special import ndtri

    size = patients / practices
    per_practice = 2 / (emergency_admission_rate * size * pilot_years) + practice_change_cv**2
    reach = float(ndtri(0.975) + ndtri(0.8))  # 5% by either tail, four times in five
    needed = 2 * reach**2 * per_practice / math.log(1 - effect_on_admissions) ** 2
    return Finding(
        needed,
        needed <= practices / 2,
        f"{count(needed)} practices in each arm show an effect of {percent(effect_on_admissions, 1)} over {pilot_years:.0f} years; Wolverhampton had "
        f"{count(pilot_practices_so_far)}.",
        why="a pilot that needs fewer than half of all practices can be run",
        also={"both arms, share of all practices": 2 * needed / practices},
    )
