"""Quality payments after the 2018 review: indicators retired, part of their points for improvement, part shared by networks.

Points are shares of the framework that was reviewed (559 points), so that they can be taken of any year's. All of them stay in the
framework. A year after 2019 has an improvement domain in the national contract already; results by indicator are not known for
practices, so it is taken to have been achieved as the rest was, and the review is applied to the whole.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import to_practice
from gpcontract.engine.arrays import first_known
from gpcontract.engine.rules import rule

REVIEW = "NHS England, review of the Quality and Outcomes Framework, July 2018"
DEAL = "five-year framework 2019, changes to the Quality and Outcomes Framework"


@rule("GBP per year", clause=REVIEW, how="modelled")
def quality_full_marks(
    qof_points_total: Any,
    qof_point_value: Any,
    qof_population_index: Any,
    qof_prevalence_index: Any,
    open_share: Any,
) -> Any:
    """What a practice would earn in the year with every point there is, at its list and prevalence."""
    every = qof_points_total * qof_point_value * qof_population_index * open_share
    return every * first_known(qof_prevalence_index, 1.0)


@rule("GBP per year", clause=REVIEW, name="quality_full_marks", how="modelled", fallback=True)
def quality_full_marks_without_prevalence(
    qof_points_total: Any, qof_point_value: Any, qof_population_index: Any, open_share: Any
) -> Any:
    """What a practice would earn in the year with every point there is, at its list and average prevalence."""
    return qof_points_total * qof_point_value * qof_population_index * open_share


@rule("fraction", clause=DEAL)
def share_retired(points_retired: Any, points_reviewed: Any, quality_review_in_force: Any) -> Any:
    """Share of all points whose indicators are retired."""
    return quality_review_in_force * points_retired / points_reviewed


@rule("fraction", clause=DEAL)
def share_for_improvement(points_for_improvement: Any, points_reviewed: Any, quality_review_in_force: Any) -> Any:
    """Share of all points that pay for improvement work."""
    return quality_review_in_force * points_for_improvement / points_reviewed


@rule(
    "GBP per year",
    clause=DEAL + ": indicators retired",
    line="Quality: indicators retired",
    how="modelled",
    measured=True,
)
def indicators_retired(qof_achievement: Any, share_retired: Any) -> Any:
    """What retired indicators no longer pay (below nought): a practice achieved them as it did the others."""
    return 0 - qof_achievement * share_retired


@rule("GBP per year", clause=DEAL + ": improvement domain", line="Quality: improvement work", how="modelled")
def improvement_domain(quality_full_marks: Any, share_for_improvement: Any, improvement_done: Any) -> Any:
    """What improvement work pays: for plans made and meetings held, so nearly all of it is paid."""
    return quality_full_marks * share_for_improvement * improvement_done


@rule(
    "GBP per year",
    clause=DEAL + ": better indicators",
    line="Quality: better indicators",
    how="modelled",
    measured=True,
)
def better_indicators(
    quality_full_marks: Any,
    share_retired: Any,
    share_for_improvement: Any,
    network_quality_share: Any,
    qof_achieved_share: Any,
) -> Any:
    """What the indicators put in place of the retired ones pay a practice, achieved as it achieves the others."""
    share = (share_retired - share_for_improvement) * (1 - network_quality_share)
    return quality_full_marks * share * qof_achieved_share


@rule(
    "GBP per year",
    clause=REVIEW + ": quality at network level",
    line="Quality: points shared by the network",
    how="modelled",
    measured=True,
)
def network_quality_points(
    quality_full_marks: Any,
    share_retired: Any,
    share_for_improvement: Any,
    network_quality_share: Any,
    network_achieved_share: Any,
    qof_achieved_share: Any,
    in_network: Any,
    network: Any,
) -> Any:
    """What a practice is paid for points that its whole network achieves together; its own share where it has no network."""
    share = (share_retired - share_for_improvement) * network_quality_share
    together = to_practice(network_achieved_share, network)
    return quality_full_marks * share * (in_network * together + (1 - in_network) * qof_achieved_share)


@rule("points", clause=DEAL, level="nation", measure="Quality points that rest on results")
def points_on_results(qof_points_total: Any, share_for_improvement: Any) -> Any:
    """Points that rest on measured results; the rest are paid for improvement work."""
    return qof_points_total * (1 - share_for_improvement)


@rule("points", clause=REVIEW, measure="Quality points that rest on the network’s results")
def points_on_network_results(
    qof_points_total: Any, share_retired: Any, share_for_improvement: Any, network_quality_share: Any, in_network: Any
) -> Any:
    """Points that a practice earns by what its network achieves."""
    return qof_points_total * (share_retired - share_for_improvement) * network_quality_share * in_network


@rule(
    "fraction",
    clause="Minchin and others 2018, indicators withdrawn in 2014",
    level="nation",
    measure="Recorded care lost on retired indicators",
)
def recorded_care_lost(retired_care_fall: Any, quality_review_in_force: Any) -> Any:
    """Fall, in the share of patients, of recorded care that is no longer paid for; a laboratory test or a check, not advice."""
    return quality_review_in_force * retired_care_fall
