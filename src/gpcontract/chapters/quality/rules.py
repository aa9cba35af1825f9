"""Quality and Outcomes Framework: points for care given, priced by list and prevalence, paid part in advance.

Achievement of each indicator earns points between two thresholds; points are worth more to a practice with a larger list
and more patients on the group's register. Through the year a practice is paid a share of last year's achievement
(aspiration), and the rest (the balance) by the end of June after it: what is paid in a year is its aspiration and the
balance of the year before. Payments as published show that timing: 2024/25, when the share rose from 70% to 80%, paid
more than all the points there are.

Indicator tables are known from 2023/24, and no practice-level results are in the files at hand; where a practice's
results are not known its points, published or expected, and one prevalence index stand for them.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import clip, first_known, isnan, maximum, ratio, where
from gpcontract.engine.rules import rule

from .axes import by_indicator

POINTS = "SFE 2026 Annex D, achievement thresholds"
PREVALENCE = "SFE Annex F, adjusted practice disease factor"
ACHIEVEMENT = "SFE 2026 para 6(6)-(8), achievement payments"
ASPIRATION = "SFE, aspiration payments; BMA, Focus on QOF payments (2007)"
PROTECTION = "SFE amendments for 2020/21, 2021/22 and 2024/25, income protection"
NOT_KNOWN = float("nan")  # what tables by indicator give before 2023/24


# -- points by indicator, for practices whose results are known ------------------------------------------------


@rule("patients", clause=POINTS, years="2023/24-", outside=NOT_KNOWN)
def qof_indicator_patients(indicator_denominator: Any, indicator_pcas: Any) -> Any:
    """Patients counted for each indicator: those eligible less personalised care adjustments (exceptions before 2019)."""
    return indicator_denominator - indicator_pcas


@rule("fraction", clause=POINTS, years="2023/24-", outside=NOT_KNOWN)
def qof_indicator_achievement(indicator_numerator: Any, qof_indicator_patients: Any) -> Any:
    """Share of the patients counted who received what the indicator asks; 0 where nobody is counted."""
    return where(
        qof_indicator_patients > 0, ratio(indicator_numerator, qof_indicator_patients), qof_indicator_patients * 0
    )


@rule("points", clause=POINTS, years="2023/24-", outside=NOT_KNOWN)
def qof_indicator_earned(
    qof_indicator_achievement: Any,
    qof_indicator_patients: Any,
    qof_indicator_points: Any,
    qof_indicator_lower: Any,
    qof_indicator_upper: Any,
    qof_empty_indicator_share: Any,
) -> Any:
    """Points each indicator earns: none at the lower threshold, all at the upper, in a straight line between.

    Registers and quality improvement (no thresholds) earn all their points where any result of the practice is known.
    From 2024/25 an indicator that no patient is counted for earns none.
    """
    scaled = qof_indicator_upper > qof_indicator_lower
    share = clip(
        ratio(qof_indicator_achievement - qof_indicator_lower, qof_indicator_upper - qof_indicator_lower), 0.0, 1.0
    )
    share = where(qof_indicator_patients <= 0, qof_empty_indicator_share, share)
    reported = where(isnan(qof_indicator_patients), 0.0, 1.0).sum(0) > 0
    return where(reported, qof_indicator_points * where(scaled, share, 1.0), NOT_KNOWN)


@rule("points", clause=PROTECTION, years="2023/24-", outside=NOT_KNOWN)
def qof_indicator_paid(
    qof_indicator_earned: Any, last_year_qof_indicator_earned: Any, qof_indicator_protected: Any
) -> Any:
    """Points each indicator is paid for: last year's where it is income-protected, else this year's."""
    return where(qof_indicator_protected > 0, last_year_qof_indicator_earned, qof_indicator_earned)


# -- prevalence, by group --------------------------------------------------------------------------------------


@rule("fraction", clause=PREVALENCE)
def qof_group_prevalence(group_register: Any, list_size: Any) -> Any:
    """Share of the whole list on each group's register, whatever ages the register covers."""
    return ratio(group_register, list_size)


@rule("fraction", clause=PREVALENCE, level="nation")
def qof_highest_prevalence(qof_group_prevalence: Any) -> Any:
    """The highest prevalence of any practice, by group."""
    return where(isnan(qof_group_prevalence), 0.0, qof_group_prevalence).max(-1, keepdims=True)


@rule("scaled prevalence", clause=PREVALENCE)
def qof_scaled_prevalence(
    qof_group_prevalence: Any, qof_highest_prevalence: Any, qof_prevalence_floor_share: Any, qof_prevalence_power: Any
) -> Any:
    """Prevalence, but no less than a share of the highest (to 2009/10), and its square root (to 2008/09)."""
    return maximum(qof_group_prevalence, qof_highest_prevalence * qof_prevalence_floor_share) ** qof_prevalence_power


@rule("scaled prevalence", clause=PREVALENCE + ": rebased to a mean of 1", years="-2009/10", level="nation")
def qof_mean_prevalence(qof_scaled_prevalence: Any, list_size: Any) -> Any:
    """The mean over practices of scaled prevalence, by group."""
    known = where(isnan(qof_scaled_prevalence), 0.0, 1.0) * where(list_size > 0, 1.0, 0.0)
    return ratio(national(first_known(qof_scaled_prevalence, 0.0) * known), national(known))


@rule(
    "scaled prevalence",
    clause=PREVALENCE + ": true prevalence from 1 April 2010",
    name="qof_mean_prevalence",
    years="2010/11-",
    level="nation",
)
def qof_mean_prevalence_of_patients(qof_scaled_prevalence: Any, list_size: Any) -> Any:
    """National prevalence by group: all patients on registers over all patients of the practices known."""
    known = where(isnan(qof_scaled_prevalence), 0.0, 1.0) * list_size
    return ratio(national(first_known(qof_scaled_prevalence, 0.0) * known), national(known))


@rule("ratio", clause=PREVALENCE)
def qof_prevalence_factor(qof_scaled_prevalence: Any, qof_mean_prevalence: Any) -> Any:
    """Adjusted practice disease factor, by group: the practice's scaled prevalence over the national mean."""
    return ratio(qof_scaled_prevalence, qof_mean_prevalence)


@rule("points", clause=ACHIEVEMENT, years="2023/24-", outside=NOT_KNOWN)
def qof_scaled_points_by_indicator(
    qof_indicator_paid: Any,
    qof_prevalence_factor: Any,
    qof_indicator_prevalence_adjusted: Any,
    qof_indicator_points: Any,
    qof_points_unresolved: Any,
) -> Any:
    """Points paid for, each scaled by its group's prevalence factor where that applies.

    Where the indicator table misses the printed total, the difference is shared as the table's points are.
    """
    factor = where(qof_indicator_prevalence_adjusted > 0, by_indicator(qof_prevalence_factor), 1.0)
    in_force = where(qof_indicator_points > 0, qof_indicator_paid * factor, 0.0)
    return in_force.sum(0) * (1 + qof_points_unresolved / qof_indicator_points.sum(0))


# -- points where results by indicator are not known -----------------------------------------------------------


@rule("fraction", clause="not in the contract: what a practice's other years say", how="modelled")
def qof_expected_share(qof_points_expected: Any, qof_points_total: Any, qof_national_share: Any) -> Any:
    """Share of the points a practice is expected to achieve by its work: from its other years, else the nation's."""
    return first_known(qof_points_expected / qof_points_total, qof_national_share)


@rule(
    "fraction",
    clause="not in the contract: what a practice's other years say",
    name="qof_expected_share",
    how="modelled",
    fallback=True,
)
def qof_expected_share_national(qof_national_share: Any) -> Any:
    """Share of the points a practice is expected to achieve by its work: the nation's, as no practice's are published."""
    return qof_national_share * 1.0


@rule("fraction", clause=POINTS, how="modelled")
def qof_achieved_share(qof_points: Any, qof_points_total: Any, qof_expected_share: Any) -> Any:
    """Share of the points achieved: as published for the practice, else as expected."""
    return first_known(qof_points / qof_points_total, qof_expected_share)


@rule("fraction", clause=POINTS, name="qof_achieved_share", how="modelled", fallback=True)
def qof_achieved_share_expected(qof_expected_share: Any) -> Any:
    """Share of the points achieved, as expected: no practice's points are published."""
    return qof_expected_share * 1.0


@rule("fraction", clause=PROTECTION, how="modelled")
def qof_kept_share(last_year_qof_protected_share: Any, qof_achieved_share: Any) -> Any:
    """Share of the points that an income-protected point is paid at; the year's own where no earlier one is known."""
    return first_known(last_year_qof_protected_share, qof_achieved_share)


@rule("fraction", clause=PROTECTION, how="modelled")
def qof_protected_share(qof_achieved_share: Any, qof_kept_share: Any, qof_protection_basis: Any) -> Any:
    """Share of the points that later income protection goes by: the year's own, but 2018/19's until 2021/22."""
    return where(qof_protection_basis > 0, qof_achieved_share, qof_kept_share)


@rule("points", clause=PROTECTION, how="modelled")
def qof_protected_points(
    qof_expected_share: Any,
    qof_kept_share: Any,
    qof_points_total: Any,
    qof_points_awarded_in_full: Any,
    qof_points_protected: Any,
    qof_unprotected_ratio: Any,
) -> Any:
    """Points paid to a practice whose own are not published: some in full, some at its earlier share, the rest as expected.

    In 2021/22 the rest were mostly infant vaccination, which few practices earned in full: their own ratio to the whole.
    """
    rest = maximum(qof_points_total - qof_points_awarded_in_full - qof_points_protected, 0.0)
    earned = rest * qof_expected_share * qof_unprotected_ratio
    return qof_points_awarded_in_full + qof_points_protected * qof_kept_share + earned


@rule("points", clause=POINTS, how="modelled")
def qof_points_paid(qof_points: Any, qof_protected_points: Any) -> Any:
    """Points paid for: as published for the practice, else as expected and protected."""
    return first_known(qof_points, qof_protected_points)


@rule("points", clause=POINTS, name="qof_points_paid", how="modelled", fallback=True)
def qof_points_paid_expected(qof_protected_points: Any) -> Any:
    """Points paid for, as expected and protected: no points are published."""
    return qof_protected_points * 1.0


@rule("points", clause=ACHIEVEMENT, how="modelled")
def qof_scaled_points_by_index(qof_points_paid: Any, qof_prevalence_index: Any) -> Any:
    """Points paid for, scaled by one prevalence index for the whole framework; 1 where none is known."""
    return qof_points_paid * first_known(qof_prevalence_index, 1.0)


@rule("points", clause=ACHIEVEMENT, name="qof_scaled_points_by_index", how="modelled", fallback=True)
def qof_points_without_prevalence(qof_points_paid: Any) -> Any:
    """Points paid for, taken at average prevalence: no prevalence index is known."""
    return qof_points_paid * 1.0


# -- money -----------------------------------------------------------------------------------------------------


@rule("points", clause=ACHIEVEMENT, how="modelled")
def qof_scaled_points(qof_scaled_points_by_indicator: Any, qof_scaled_points_by_index: Any) -> Any:
    """Points paid for, scaled by prevalence: from the practice's results where they are known, else modelled."""
    return first_known(qof_scaled_points_by_indicator, qof_scaled_points_by_index)


@rule("points", clause=ACHIEVEMENT, name="qof_scaled_points", how="modelled", fallback=True)
def qof_scaled_points_modelled(qof_scaled_points_by_index: Any) -> Any:
    """Points paid for, scaled by prevalence: modelled, as no results by indicator are known."""
    return qof_scaled_points_by_index * 1.0


@rule("ratio", clause=ACHIEVEMENT)
def qof_population_index(list_size: Any, qof_average_list: Any) -> Any:
    """Contractor Population Index: the practice's list over the national average list (at 1 January in the contract)."""
    return list_size / qof_average_list


@rule("GBP per year", clause=ACHIEVEMENT)
def qof_achievement(qof_scaled_points: Any, qof_point_value: Any, qof_population_index: Any, open_share: Any) -> Any:
    """What the year's work earns, before what was paid in advance; for the part of the year the practice was open."""
    return qof_scaled_points * qof_point_value * qof_population_index * open_share


@rule("ratio", clause=ASPIRATION + ": QOF uprating index")
def qof_uprating(
    qof_point_value: Any,
    qof_average_list: Any,
    qof_points_total: Any,
    last_year_qof_point_value: Any,
    last_year_qof_average_list: Any,
    last_year_qof_points_total: Any,
) -> Any:
    """What all points are worth per patient, over the same last year; 1 where last year is not known.

    The contract's index is the change in the value of a point. That the average list and the number of points count too
    is inferred: without them the year after a rescaling (2013/14, 2014/15, 2021/22) is paid far from what was published.
    """
    now = qof_point_value * qof_points_total / qof_average_list
    return first_known(now / (last_year_qof_point_value * last_year_qof_points_total / last_year_qof_average_list), 1.0)


@rule("ratio", clause=ACHIEVEMENT + ": list at 1 January", how="modelled")
def qof_january_list(list_growth: Any, qof_january_share: Any) -> Any:
    """Last year's list on its 1 January over its mean over that year, from the growth since then; 1 where that is not known."""
    return 1 + qof_january_share * first_known(list_growth, 0.0)


@rule("ratio", clause=ACHIEVEMENT + ": list at 1 January", name="qof_january_list", how="modelled", fallback=True)
def qof_january_list_level(list_size: Any) -> Any:
    """Last year's list on its 1 January over its mean over that year, taken as 1: the growth of lists is not known."""
    return list_size * 0.0 + 1


@rule("GBP per year", clause=ASPIRATION)
def qof_earlier_achievement(
    last_year_qof_achievement: Any,
    qof_january_list: Any,
    qof_achievement: Any,
    qof_uprating: Any,
    qof_national_share: Any,
    last_year_qof_national_share: Any,
) -> Any:
    """What last year's work earned, at the list of its 1 January.

    In the first year priced, this year's achievement taken back to last year's points and value.
    """
    moved = first_known(qof_national_share / last_year_qof_national_share, 1.0)
    return first_known(last_year_qof_achievement * qof_january_list, qof_achievement / (qof_uprating * moved))


@rule("GBP per year", clause=ASPIRATION)
def qof_aspiration(
    qof_achievement: Any, qof_earlier_achievement: Any, qof_uprating: Any, qof_aspiration_share: Any, open_share: Any
) -> Any:
    """Paid through the year in twelve parts: a share of last year's achievement, uprated, for as long as it was open.

    A practice that earned nothing last year (a new one) is paid on what it achieves this year.
    """
    earlier = where(qof_earlier_achievement > 0, qof_earlier_achievement * qof_uprating * open_share, qof_achievement)
    return qof_aspiration_share * where(open_share > 0, earlier, 0.0)


@rule("GBP per month", clause=ASPIRATION)
def qof_aspiration_monthly(qof_aspiration: Any, open_share: Any) -> Any:
    """One month's aspiration payment while the practice is open."""
    return ratio(qof_aspiration, open_share * 12)


@rule("GBP per year", clause=ACHIEVEMENT + ": balance by the end of June")
def qof_balance(qof_achievement: Any, qof_aspiration: Any) -> Any:
    """What is still due for this year's work when the year ends, at the year's mean list: achievement less aspiration."""
    return qof_achievement - qof_aspiration


@rule("GBP per year", clause=ACHIEVEMENT + ": balance by the end of June")
def qof_earlier_balance(
    qof_earlier_achievement: Any,
    last_year_qof_aspiration: Any,
    qof_aspiration_share: Any,
    last_year_qof_aspiration_share: Any,
    last_year_qof_national_share: Any,
    last_year_qof_aspired_share: Any,
) -> Any:
    """What was still due for last year's work: its achievement less its aspiration; below nought it is taken back.

    In the first year priced, what the aspiration was is taken from how the nation's achievement had moved.
    """
    moved = first_known(last_year_qof_aspired_share / last_year_qof_national_share, 1.0)
    aspired = first_known(last_year_qof_aspiration_share, qof_aspiration_share) * moved
    return qof_earlier_achievement - first_known(last_year_qof_aspiration, qof_earlier_achievement * aspired)


@rule("GBP per year", clause=ACHIEVEMENT, line="Quality and Outcomes Framework", how="modelled", measured=True)
def qof(qof_aspiration: Any, qof_earlier_balance: Any, open_share: Any) -> Any:
    """Quality and Outcomes Framework as paid in the year: its aspiration, and the balance of the year before.

    Practices that have closed are paid nothing: what was published for them after they closed is under 0.1% of the line.
    """
    return where(open_share > 0, qof_aspiration + qof_earlier_balance, 0.0)
