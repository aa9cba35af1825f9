"""Claims of quality: who is failing, what luck does, what pay for performance and trusts have done."""

from __future__ import annotations

import math

import numpy as np

from ...england.facts import Array
from ...levers.standards import flip_rate, truly_worst_share
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .words import count, percent, pounds


@claim(
    "below-the-bar-by-chance",
    ids="S0-20 S3-02 S0-19",
    says="Nobody can say who is failing: a practice under the bar this year may be over it the next.",
    by="British Medical Association, 2023",
    unit="share of practices under the bar that cross it next year with nothing changed",
    cannot="Which of them are poor; reliability is of outcome indicators of practices as published, and an agreed standard may be steadier.",
)
def by_chance(reliability_of_outcomes: float, share_below_standard: float) -> Finding:
    """The share of practices under a bar that are over it a year later by chance alone."""
    flips = float(flip_rate(reliability_of_outcomes, share_below_standard))
    truly = float(truly_worst_share(reliability_of_outcomes, share_below_standard))
    return Finding(
        flips,
        flips > 1 / 2,
        f"Where {percent(reliability_of_outcomes)} of what is measured is the practice and the rest chance, {percent(flips)} of the lowest "
        f"{percent(share_below_standard)} are over the bar next year with nothing changed, and {percent(truly)} truly belong there.",
        why="'nobody can say' is taken as more than half crossing",
        also={"share of the lowest that truly are": truly},
    )


@claim(
    "below-the-bar-next-year",
    ids="S0-20 S3-02",
    says="Who is failing changes from year to year.",
    by="British Medical Association, 2023",
    unit="share of the practices under the bar that were over it in the next year published",
    cannot="Whether those that crossed got better, were helped, or were only lucky.",
)
def next_year(points_twice: Array, share_below_standard: float, points_years_apart: float) -> Finding:
    """The lowest practices by QOF points in one published year that were over the same rank in the next."""
    before, after = points_twice
    low, then = (x <= np.quantile(x, share_below_standard) for x in (before, after))
    flips = float((low & ~then).sum() / low.sum())
    alike = float(np.corrcoef(before, after)[0, 1])
    return Finding(
        flips,
        flips > 1 / 2,
        f"Of {count(low.sum())} practices in the lowest {percent(share_below_standard)} by QOF points, {percent(flips)} were out of it "
        f"{points_years_apart:.0f} year{'s' if points_years_apart > 1 else ''} later; points of the two years correlate by {alike:.2f}.",
        also={"correlation": alike, "practices under the bar": low.sum(), "of them over it later": (low & ~then).sum()},
    )


@claim(
    "success-depends-on-who-defines-it",
    ids="S0-19 S0-20",
    says="How success is defined, and by whom, decides who fails.",
    by="British Medical Association, 2023",
    unit="share of the lowest practices that stay lowest by another definition",
    cannot="Which definition is right; both rest on the same points.",
)
def two_definitions(points: Array, points_adjusted: Array, share_below_standard: float) -> Finding:
    """Of the lowest by points, the share also lowest once deprivation and list size are allowed for."""
    known = ~np.isnan(points_adjusted)
    raw, adjusted = points[known], points_adjusted[known]
    low, also_low = (y <= np.quantile(y, share_below_standard) for y in (raw, adjusted))
    stays = float((low & also_low).sum() / low.sum())
    return Finding(
        stays,
        stays < 0.9,
        f"{percent(stays)} of the lowest {percent(share_below_standard)} by points stay among the lowest when points are set against what practices "
        f"of their size and deprivation get; {count((low & ~also_low).sum())} do not.",
        why="more than one in ten changing is taken to matter",
        also={"practices that change": (low & ~also_low).sum()},
    )


@claim(
    "practices-are-large-enough-for-outcome-pay",
    ids="S0-11 S0-10 S2-12 S2-17",
    says="Pay for outcomes, not activity.",
    by="the Hewitt review, 2023",
    unit="share of practices big enough",
    cannot="Which part of an outcome a practice makes, and how many years later it shows.",
)
def outcome_pay(
    avoidable_share_of_admissions: float, emergency_admission_rate: float, practice_outcome_cv: float, lists: Array
) -> Finding:
    """The share of practices whose yearly count of avoidable admissions is more signal than chance."""
    rate = avoidable_share_of_admissions * emergency_admission_rate
    least = 1 / (rate * practice_outcome_cv**2)  # true variance (cv x rate)^2 equals chance's, rate / list
    share = float((lists >= least).mean())
    return Finding(
        share,
        share > 1 / 2,
        f"A list of {count(least)} is half signal, half chance in a year of avoidable emergency admissions; {percent(share)} of practices are as "
        f"large.",
        why="'can' is taken as most practices; networks pool enough",
        also={"least list for half signal": least},
    )


@claim(
    "nothing-is-lost-without-the-framework",
    ids="S0-09 S0-10 S4-03",
    says="The quality framework is dated and could go without loss to patients.",
    by="the Hewitt review, 2023 (that it is dated)",
    unit="percentage points of patients well treated",
    cannot="What the time freed would do instead; other measures fell 20 to 60 points, mostly in what is written down.",
)
def without_the_framework(fall_when_payment_ends: float, real_share_of_fall: float, no_loss_margin: float) -> Finding:
    """The fall in tests and control of disease when twelve indicators lost their payment, the part of it that is real."""
    fall = fall_when_payment_ends * real_share_of_fall
    return Finding(
        fall,
        fall <= no_loss_margin,
        f"Blood tests and control of cholesterol fell by {fall_when_payment_ends:.1f} points in a year when payment ended in 2014; about "
        f"{fall:.1f} of them real care.",
        also={"fall as measured": fall_when_payment_ends},
    )


@claim(
    "trust-practices-pay-for-themselves",
    ids="S1-13 S1-31 S1-05",
    says="Practices run by a hospital trust save more than they cost.",
    by="officials reported as studying Wolverhampton, 2022",
    unit="GBP per patient per year",
    cannot="Practices that were not chosen: those that joined were smaller, poorer and scored worse before.",
)
def trusts(
    integration_effect: float,
    emergency_admission_rate: float,
    emergency_admission_cost: float,
    price_index: float,
    admission_marginal_share: float,
    partners_national: float,
    partner_income: float,
    partner_fte_per_head: float,
    trust_overhead_share: float,
    patients: float,
) -> Finding:
    """Emergency admissions avoided at what they cost at the margin, less a trust's overheads on the GPs it employs."""
    saved = (
        integration_effect
        * emergency_admission_rate
        * emergency_admission_cost
        * price_index
        * admission_marginal_share
    )
    overhead = partners_national * partner_income / partner_fte_per_head * trust_overhead_share / patients
    return Finding(
        saved - overhead,
        saved > overhead,
        f"Admissions avoided are worth {pounds(saved)} a patient and year; overheads on the GPs are {pounds(overhead)}. One town "
        "claimed £25.",
        also={"saved": saved, "overheads": overhead},
    )


@claim(
    "integration-slows-admissions",
    ids="S2-10 S3-06 S2-03 S2-20",
    says="Integrating services keeps people out of hospital.",
    by="the integration programme, 2013",
    unit="percentage points of growth in emergency admissions over five years",
    cannot="Cause: areas chose to take part.",
)
def integration(growth_others: float, growth_pioneers: float, share_of_effect_believed: float) -> Finding:
    """Growth of admissions in pioneer areas less growth elsewhere, half of it believed."""
    gap = (growth_pioneers - growth_others) * share_of_effect_believed
    return Finding(
        100 * gap,
        gap < 0,
        f"Admissions grew by {percent(growth_pioneers, 1)} in pioneers and {percent(growth_others, 1)} elsewhere from 2013 to 2018; "
        f"{100 * abs(gap):.1f} points of it {'fewer' if gap < 0 else 'more'}, believing {percent(share_of_effect_believed)}.",
        why="an association: areas chose to take part",
    )


@claim(
    "employment-ends-continuity",
    ids="S1-37 S1-33 S0-22",
    says="Direct employment and continuity cannot go together.",
    by=READER_2022,
    unit="share more admissions for conditions treatable at home",
    cannot="Employment itself: the figures compare large practices with small. A rule of personal lists can keep continuity at any size.",
)
def continuity(
    continuity_small: float, continuity_large: float, admissions_by_continuity: float, share_of_effect_believed: float
) -> Finding:
    """Admissions more, if continuity goes from that of a small practice to that of a large one."""
    lost = continuity_small - continuity_large
    more = (
        -admissions_by_continuity * lost / 0.2 * share_of_effect_believed
    )  # the effect is for a fifth of all contacts
    return Finding(
        more,
        None,
        f"Large practices give {continuity_large:.2f} of contacts with the usual doctor, small ones {continuity_small:.2f}; the difference goes "
        f"with {percent(more, 1)} more such admissions.",
        why="size lowers continuity and admissions rise a little; that employment must do so is not measured",
        also={"continuity lost": lost},
    )


@claim(
    "additional-roles-follow-need",
    ids="S1-21",
    says="More staff in additional roles go where they are needed.",
    by="Policy Exchange, 2022 (that there should be more)",
    unit="share more for each patient, most against least deprived fifth",
    cannot="What each role does for patients; satisfaction rose by under one point for each post, points of the framework not at all.",
)
def roles(roles_by_fifth: Array) -> Finding:
    """Additional roles money for each patient in the most deprived fifth over the least."""
    each = [float(x) for x in roles_by_fifth]
    gap = each[0] / each[4] - 1
    return Finding(
        gap,
        gap > 0,
        "From the most to the least deprived fifth " + ", ".join(pounds(x) for x in each) + " a patient.",
        why="by head, and not by need",
        also={f"fifth {i}": x for i, x in enumerate(each, 1)},
    )


@claim(
    "support-costs-less-than-replacement",
    ids="S0-06 S0-18 S3-17 S0-07",
    says="Support, do not penalise.",
    by="British Medical Association, 2023",
    unit="share of supported practices that must recover for support to cost less",
    cannot="How many recover: no programme has published it with a comparison.",
)
def support_first(
    support_per_practice: float,
    support_per_patient: float,
    replacement_per_patient: float,
    support_cure_rate: float,
    patients: float,
    practices: float,
) -> Finding:
    """The rate of recovery at which support first is as dear as replacement at once, for a practice of average list."""
    size = patients / practices
    support, replacement = support_per_practice + support_per_patient * size, replacement_per_patient * size
    even = support / replacement
    return Finding(
        even,
        support_cure_rate > even,
        f"For the average practice support costs {pounds(support)} and replacement {pounds(replacement)}, so support first is cheaper where more "
        f"than {percent(even)} recover; {percent(support_cure_rate)} is assumed to.",
        also={"recovery assumed": support_cure_rate, "support": support, "replacement": replacement},
    )


@claim(
    "reviews-show-who-is-good",
    ids="S1-14 S1-55 S1-12",
    says="Open reviews in real time show which practices are good.",
    by="Policy Exchange, 2022",
    unit="share of variance in patients' experience that reviews explain",
    cannot="What reviews would be if they were asked of everybody.",
)
def reviews(reviews_with_experience: float, reviews_with_clinical: float) -> Finding:
    """How much of practices' differences online ratings explain: of survey experience, and of clinical measures."""
    explained, clinical = reviews_with_experience**2, reviews_with_clinical**2
    return Finding(
        explained,
        explained >= 1 / 2,
        f"Ratings correlate with the survey by {reviews_with_experience:.2f} and with clinical measures by less than {reviews_with_clinical:.2f}: "
        f"they explain {percent(explained)} and under {percent(clinical)}.",
        also={"of clinical measures, at most": clinical},
    )


@claim(
    "text-ratings-tell-how-good-a-practice-is",
    ids="S1-15",
    says="Ratings by text message, published, tell patients how good a practice is.",
    by="the access plan of October 2021",
    unit="share of practices with enough ratings in a year",
    cannot="Who answers: those who do differ from those who do not.",
)
def text_ratings(lists: Array, share_rating: float, margin_of_ratings: float) -> Finding:
    """The share of practices whose ratings in a year fix a share of good ratings to a margin."""
    needed = 1.96**2 / 4 / margin_of_ratings**2
    share = float((lists * share_rating >= needed).mean())
    return Finding(
        share,
        share > 1 / 2,
        f"{count(needed)} ratings fix a share to {100 * margin_of_ratings:.0f} points; with {percent(share_rating, 1)} of patients rating in a year "
        f"{percent(share)} of practices get them.",
        also={"ratings needed": needed, "ratings of the average practice": float(lists.mean()) * share_rating},
    )


@claim(
    "scores-rise-with-size",
    ids="S3-04 S1-08",
    says="Larger practices are better, so reward scale.",
    by="NHS Confederation, 2009",
    unit="share of points more for each doubling of the list",
    cannot="Whether growing makes a practice better: large and small ones differ in much else.",
)
def scale_and_quality(points: Array, points_lists: Array) -> Finding:
    """How much more of the points a practice of twice the list gets."""
    known = points_lists > 0
    x, y = np.log2(points_lists[known]), points[known] / np.nanmax(points)
    slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1))
    explained = float(np.corrcoef(x, y)[0, 1] ** 2)
    return Finding(
        slope,
        slope > 0 and explained >= 0.1,
        f"A list twice as long goes with {100 * slope:.1f} points in a hundred {'more' if slope > 0 else 'fewer'}, and size explains "
        f"{percent(explained, 1)} of the differences.",
        why="size that explains less than a tenth is no ground for a reward",
        also={"share of differences explained": explained},
    )


@claim(
    "networks-can-bear-risk",
    ids="S2-13 S2-16 S2-05",
    says="Networks can take a population's budget and its risk.",
    by="the Nuffield Trust and the King's Fund, 2013",
    unit="share of years with an overspend of more than the margin",
    cannot="What is not chance: a trend, a new drug, a winter.",
)
def network_risk(
    network: Array, lists: Array, hospital_cost_cv: float, risk_margin: float, risk_bearable: float
) -> Finding:
    """The chance that the median network's hospital budget is overspent by chance, by more than a margin."""
    sizes = np.bincount(network[network >= 0], weights=lists[network >= 0])
    median = float(np.median(sizes[sizes > 0]))
    spread = hospital_cost_cv / math.sqrt(median)
    chance = 0.5 * math.erfc(risk_margin / spread / math.sqrt(2))
    least = (hospital_cost_cv / risk_margin) ** 2
    return Finding(
        chance,
        chance <= risk_bearable,
        f"The median network of {count(median)} patients overspends by more than {percent(risk_margin)} one year in {1 / max(chance, 1e-9):.0f} by "
        f"chance; its budget varies by {percent(spread, 1)}. For {percent(risk_margin)} it takes {count(least)} patients.",
        also={
            "patients of the median network": median,
            "variation of its budget": spread,
            "patients for the margin": least,
        },
    )


@claim(
    "extended-hours-pay",
    ids="S1-12 S3-15",
    says="More appointments in the evening keep people out of A&E.",
    by="the access plans of 2013 to 2022",
    unit="GBP for each A&E visit avoided",
    cannot="What else the appointments did for patients.",
)
def extended_hours(
    extra_appointments: float,
    visits_avoided: float,
    extended_appointment_cost: float,
    minor_visit_cost: float,
    price_index: float,
) -> Finding:
    """What the appointments of Greater Manchester's trial cost for each minor A&E visit avoided."""
    each = extra_appointments / visits_avoided * extended_appointment_cost * price_index
    saved = minor_visit_cost * price_index
    return Finding(
        each,
        each <= saved,
        f"{extra_appointments / visits_avoided:.1f} appointments avoided one visit, {pounds(each)} against {pounds(saved)} saved.",
        also={"appointments for each visit avoided": extra_appointments / visits_avoided, "saved on each visit": saved},
    )


@claim(
    "wolverhampton-is-failing-its-patients",
    ids="S1-46",
    says="The practices that a trust took over in Wolverhampton have bad ratings.",
    by=READER_2022,
    unit="change in rating against practices like them",
    cannot="Levels say little: such practices were smaller, poorer and scored worse before they joined.",
)
def wolverhampton(ratings_before_and_after: float) -> Finding:
    """Ratings before and after, against practices alike; no open file holds them."""
    return Finding(ratings_before_and_after, None, "")


@claim(
    "continuity-would-cut-demand",
    ids="S0-51",
    says="The traditional model works if it is funded and left alone.",
    by=READER_2023,
    unit="share of consultations saved at most",
    cannot="What funding would bring continuity back: that link has not been measured. Observational, so the least of the truth may be nothing.",
)
def continuity_and_demand(
    demand_by_continuity: float, share_of_effect_believed: float, gp_contacts: float, money_paid: float
) -> Finding:
    """Consultations saved if every practice gave the continuity of the best tenth, half of the effect believed."""
    saved = -demand_by_continuity * share_of_effect_believed
    return Finding(
        saved,
        None,
        f"The continuity of the best tenth everywhere goes with {percent(saved, 1)} fewer consultations, {count(saved * gp_contacts / 1e6)} million a "
        f"year, worth {pounds(saved * money_paid)} of all money at most.",
        why="continuity saves work; whether money and freedom alone bring it is not measured",
        also={"consultations saved": saved * gp_contacts},
    )
