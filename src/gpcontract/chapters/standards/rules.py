"""Standards: money withheld from practices under a stated standard, and points towards a breach.

The standard is a share of quality points. One year's score is part chance, the more so for a small list: withholding and
breach points go by the score drawn towards the national mean by its unreliability, so that luck is not punished, and rise
in proportion to the shortfall, so that no point more or less decides. The score as it stands is still counted and shown,
with how many of those under the standard would be over it next year with nothing changed.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, maximum, minimum, namespace, ratio, sqrt, where
from gpcontract.engine.rules import rule
from gpcontract.levers.reliability import mix, reliability

LEVERS = "NHS Confederation 2009: tougher contractual levers for poor or unresponsive services"
CHANCE = "shrinkage of a score by its reliability (empirical Bayes)"


@rule("fraction", clause=LEVERS, level="nation")
def standard_mean(qof_achieved_share: Any, list_size: Any, national_list: Any) -> Any:
    """The nation's score: the mean over patients."""
    return national(first_known(qof_achieved_share, 0.0) * list_size) / national_list


@rule("fraction", clause=CHANCE)
def standard_chance(standard_mean: Any, list_size: Any, standard_counted_share: Any) -> Any:
    """Variance of chance in one year's score: that of a proportion among the patients who count as independent."""
    return ratio(standard_mean * (1 - standard_mean) + 0.0 * list_size, list_size * standard_counted_share)


@rule("fraction", clause=CHANCE, level="nation")
def standard_difference(
    qof_achieved_share: Any, list_size: Any, national_list: Any, standard_mean: Any, standard_chance: Any
) -> Any:
    """Variance of true differences between practices: what is observed less chance."""
    apart = first_known(qof_achieved_share - standard_mean, 0.0)
    observed = national(list_size * apart * apart) / national_list
    return maximum(observed - national(list_size * standard_chance) / national_list, 0.0)


@rule("fraction", clause=CHANCE)
def standard_reliability(standard_difference: Any, standard_chance: Any) -> Any:
    """Share of the score's variance that is true difference."""
    return reliability(standard_difference, standard_chance)


@rule("fraction", clause=CHANCE)
def standard_score(qof_achieved_share: Any, standard_mean: Any, standard_reliability: Any) -> Any:
    """The score that is acted on: the practice's own by its reliability, and the nation's for the rest."""
    return first_known(mix(qof_achieved_share, standard_mean, standard_reliability), standard_mean)


@rule("fraction", clause=LEVERS)
def standard_shortfall(standard_score: Any, standard_bar: Any) -> Any:
    """How far the score that is acted on lies under the standard."""
    return maximum(standard_bar - standard_score, 0.0)


@rule("GBP per year", clause=LEVERS)
def standard_base(paid_weighted_list: Any, global_sum_price: Any, open_share: Any) -> Any:
    """Core money that withholding is a share of: the weighted list at the price, whatever the type of contract."""
    return first_known(paid_weighted_list, 0.0) * global_sum_price * open_share


@rule("GBP per year", clause=LEVERS, line="Withheld under the standard", measured=True)
def standard_withheld(
    standard_base: Any,
    standard_shortfall: Any,
    standard_withholding: Any,
    standard_depth: Any,
    standards_in_force: Any,
) -> Any:
    """Withheld in proportion to the shortfall, up to the most at a stated depth (a negative line)."""
    share = standard_withholding * minimum(standard_shortfall / standard_depth, 1.0)
    return 0.0 - standard_base * share * standards_in_force


@rule("GBP per year", clause=CHANCE, measure="Withholding that reliability prevents")
def standard_withheld_by_luck(
    qof_achieved_share: Any,
    standard_bar: Any,
    standard_base: Any,
    standard_withholding: Any,
    standard_depth: Any,
    standard_withheld: Any,
    standards_in_force: Any,
) -> Any:
    """What withholding on the plain score would take beyond what is withheld; below nought where it would take less."""
    plain = maximum(standard_bar - first_known(qof_achieved_share, standard_bar), 0.0)
    taken = standard_base * standard_withholding * minimum(plain / standard_depth, 1.0) * standards_in_force
    return taken + standard_withheld


@rule("practices", clause=LEVERS, measure="Practices under the standard")
def practices_under_standard(
    qof_achieved_share: Any, standard_bar: Any, list_size: Any, standards_in_force: Any
) -> Any:
    """Practices whose plain score is under the standard."""
    under = where(qof_achieved_share < standard_bar, 1.0, 0.0)  # a comparison with NaN is false
    return where(list_size > 0, under, 0.0) * standards_in_force


@rule("fraction", clause=CHANCE, how="modelled")
def standard_chance_of_under(
    standard_score: Any,
    standard_bar: Any,
    standard_reliability: Any,
    standard_chance: Any,
    logistic_of_normal: Any,
) -> Any:
    """The chance that next year's plain score is under the standard if nothing changes.

    Next year's score is normal about this year's shrunken one; the normal curve is taken as a logistic one of a stated slope.
    """
    spread = sqrt(standard_chance * (1 + standard_reliability))
    z = ratio(standard_bar - standard_score, spread)
    return 1 / (1 + namespace(z).exp(0.0 - logistic_of_normal * z))


@rule("practices", clause=CHANCE, measure="Of those, over it next year with nothing changed (expected)", how="modelled")
def practices_that_flip(practices_under_standard: Any, standard_chance_of_under: Any) -> Any:
    """Practices under the standard this year that chance alone would lift over it next year."""
    return practices_under_standard * (1 - standard_chance_of_under)


@rule("points", clause=LEVERS)
def breach_points(standard_shortfall: Any, breach_step: Any) -> Any:
    """Points towards a breach in a year: one for each step of the shortfall."""
    return standard_shortfall / breach_step


@rule("practices", clause=LEVERS, measure="Practices at the limit of breach points")
def practices_at_breach_limit(
    breach_points: Any, breach_years: Any, breach_limit: Any, list_size: Any, standards_in_force: Any
) -> Any:
    """Practices that reach the limit if the year's points are repeated for as long as points count."""
    reached = where(breach_points * breach_years >= breach_limit, 1.0, 0.0)
    return where(list_size > 0, reached, 0.0) * standards_in_force
