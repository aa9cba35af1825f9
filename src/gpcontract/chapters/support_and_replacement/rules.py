"""Support and replacement: a ladder for practices below a stated standard, on what is believed of them, not on one year's figure.

Watched where more likely than not below the standard; supported where that is nearly sure and the figure is reliable enough; replaced
where support did not help and it is more reliable still. Who would set the standard, and how, the review does not say: here it is a
stated share of quality points, over some years together. A score opens the ladder; it is no breach of contract.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import maximum, ratio, sqrt, where
from gpcontract.engine.rules import rule
from gpcontract.levers.reliability import mix, reliability

from .chance import chance_below

REVIEW = "Hewitt review 2023: support practices below standard first, replace if necessary"
WHO = "who decides that a practice is failing, BMA, 2023"

# -- what is believed --------------------------------------------------------------------------------------------


@rule("variance", clause=WHO)
def ladder_chance(outcome_chance: Any, ladder_years: Any) -> Any:
    """Variance of a practice's figure by chance, over the years read together."""
    return outcome_chance / ladder_years


@rule("fraction", clause=WHO, how="modelled")
def ladder_reliability(outcome_true_variance: Any, ladder_chance: Any) -> Any:
    """Share of the spread in figures over those years that is true difference."""
    return reliability(outcome_true_variance, ladder_chance)


@rule("fraction", clause=WHO, how="modelled")
def ladder_believed(qof_achieved_share: Any, outcome_mean: Any, ladder_reliability: Any) -> Any:
    """What is believed of a practice: its figure by its reliability, the nation's for the rest."""
    return mix(qof_achieved_share, outcome_mean, ladder_reliability)


@rule("fraction", clause=WHO, how="modelled")
def truly_below(ladder_believed: Any, ladder_bar: Any, ladder_reliability: Any, ladder_chance: Any) -> Any:
    """The chance that a practice's true figure is below the standard."""
    return chance_below(ratio(ladder_bar - ladder_believed, sqrt(ladder_reliability * ladder_chance)))


@rule("practices", clause=WHO, measure="Practices whose figure is below the standard", how="modelled")
def below_standard(qof_achieved_share: Any, ladder_bar: Any, local_patients: Any) -> Any:
    """Practices whose figure, as it is, lies below the bar."""
    return where(local_patients > 0, where(qof_achieved_share < ladder_bar, 1.0, 0.0), 0.0)


@rule("practices", clause=WHO, measure="Of these, above it at the next reading with nothing changed", how="modelled")
def flip_next_reading(
    below_standard: Any,
    ladder_believed: Any,
    ladder_bar: Any,
    ladder_reliability: Any,
    ladder_chance: Any,
) -> Any:
    """Practices below the bar that chance alone would lift above it when they are next measured; an expectation."""
    spread = sqrt((ladder_reliability + 1) * ladder_chance)
    return below_standard * (1 - chance_below(ratio(ladder_bar - ladder_believed, spread)))


# -- the ladder --------------------------------------------------------------------------------------------------


@rule("practices", clause=REVIEW, measure="Practices watched or further up the ladder", how="modelled")
def practice_watched(truly_below: Any, watch_chance: Any, local_patients: Any, ladder_in_force: Any) -> Any:
    """Practices more likely below the standard than the chance from which they are watched."""
    open_now = where(local_patients > 0, 1.0, 0.0)
    return open_now * where(truly_below >= watch_chance, 1.0, 0.0) * where(ladder_in_force > 0, 1.0, 0.0)


@rule("practices", clause=REVIEW, measure="Practices supported", how="modelled")
def practice_supported(
    practice_watched: Any,
    truly_below: Any,
    support_chance: Any,
    ladder_reliability: Any,
    support_reliability: Any,
    ladder_in_force: Any,
) -> Any:
    """Practices watched that are nearly surely below the standard, by a figure reliable enough to act on."""
    sure = where(truly_below >= support_chance, 1.0, 0.0) * where(ladder_reliability >= support_reliability, 1.0, 0.0)
    return ladder_in_force * practice_watched * sure


@rule("practices", clause=WHO, measure="Practices supported that meet the standard in truth", how="modelled")
def supported_in_error(practice_supported: Any, truly_below: Any) -> Any:
    """Practices acted on by mistake: supported, and truly above the standard; an expectation."""
    return practice_supported * (1 - truly_below)


@rule("practices", clause=REVIEW, how="modelled")
def support_failed(
    practice_supported: Any, support_cure_rate: Any, ladder_reliability: Any, replace_reliability: Any
) -> Any:
    """Practices that support does not lift, by figures reliable enough to take a contract away; an expectation."""
    return practice_supported * (1 - support_cure_rate) * where(ladder_reliability >= replace_reliability, 1.0, 0.0)


@rule("practices", clause=REVIEW, measure="Practices replaced in a year", how="modelled")
def practice_replaced(support_failed: Any, support_years: Any) -> Any:
    """Practices replaced in a year once the ladder is full: those that support fails leave it at the end of their spell."""
    return support_failed / support_years


# -- money -------------------------------------------------------------------------------------------------------


@rule("GBP per year", clause=REVIEW, line="Support for practices below standard", how="modelled")
def support_payment(
    practice_supported: Any,
    local_patients: Any,
    support_per_practice: Any,
    support_per_patient: Any,
    price_level: Any,
) -> Any:
    """Help in kind and money for a practice in support: a sum for each, and one for each patient."""
    return practice_supported * (support_per_practice + support_per_patient * local_patients) * price_level


@rule("GBP", clause=REVIEW, line="Replacing practices", payee="provider", fund="once", how="modelled")
def replacement_cost(
    practice_replaced: Any, local_patients: Any, replacement_per_patient: Any, price_level: Any
) -> Any:
    """What a change of contract holder costs: caretaker, tender, and moving staff and patients; in each year that brings one."""
    return practice_replaced * maximum(local_patients, 0.0) * replacement_per_patient * price_level
