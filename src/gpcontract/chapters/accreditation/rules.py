"""Accreditation: only an accredited practice is rewarded for disease management.

The clinical part of the quality framework stands behind the gate. Nobody knows who would pass: a chance by list size and by
quality stands for it, so a practice's lines are what it can expect. What is held back goes to those who pass, so far as
stated (all of it: neutral). Inspection is a cost outside the contract.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import clip, first_known, maximum, ratio, where
from gpcontract.engine.rules import rule
from gpcontract.levers.risk import interpolated

GATE = "NHS Confederation 2009: practice accreditation as the basis for rewarding disease management"
SCHEME = "Royal College of General Practitioners, practice accreditation scheme of 2011"


@rule("fraction", clause=GATE, how="modelled")
def accreditation_chance(
    list_size: Any,
    qof_achieved_share: Any,
    qof_national_share: Any,
    accreditation_sizes: Any,
    accreditation_pass_by_size: Any,
    accreditation_quality_slope: Any,
) -> Any:
    """The chance that a practice is accredited: by list size, and by its share of quality points against the nation's."""
    by_size = interpolated(list_size, accreditation_sizes, accreditation_pass_by_size)
    quality = accreditation_quality_slope * first_known(qof_achieved_share - qof_national_share, 0.0)
    return clip(by_size + quality, 0.0, 1.0)


@rule("GBP per year", clause=GATE)
def disease_management_reward(qof: Any, disease_management_share: Any, list_size: Any) -> Any:
    """The part of the quality framework that rewards disease management; none where there is no list, or a correction below 0."""
    return where(list_size > 0, maximum(first_known(qof, 0.0), 0.0), 0.0) * disease_management_share


@rule("GBP per year", clause=GATE, line="Disease management held back without accreditation", measured=True)
def accreditation_held_back(
    disease_management_reward: Any, accreditation_chance: Any, accreditation_in_force: Any
) -> Any:
    """What a practice must expect to lose for want of accreditation (a negative line)."""
    return 0.0 - disease_management_reward * (1 - accreditation_chance) * accreditation_in_force


@rule("fraction", clause=GATE, level="nation")
def accreditation_uplift(
    accreditation_held_back: Any,
    disease_management_reward: Any,
    accreditation_chance: Any,
    accreditation_recycled_share: Any,
) -> Any:
    """What accredited practices get on top, as a share of their own reward, from what is held back."""
    accredited = national(disease_management_reward * accreditation_chance)
    return 0.0 - accreditation_recycled_share * ratio(national(accreditation_held_back), accredited)


@rule("GBP per year", clause=GATE, line="Disease management reward of accredited practices", measured=True)
def accreditation_reward(disease_management_reward: Any, accreditation_chance: Any, accreditation_uplift: Any) -> Any:
    """What a practice can expect of the money that those without accreditation lose."""
    return disease_management_reward * accreditation_chance * accreditation_uplift


@rule("GBP per year", clause=SCHEME, line="Accreditation visits", payee="board", fund="elsewhere")
def accreditation_visits(
    list_size: Any, accreditation_fee: Any, accreditation_years: Any, price_level: Any, accreditation_in_force: Any
) -> Any:
    """The cost of assessing a practice, spread over the years that an accreditation lasts; it does not go by list."""
    return (
        where(list_size > 0, 1.0, 0.0) * accreditation_fee / accreditation_years * price_level * accreditation_in_force
    )


@rule("practices", clause=GATE, measure="Practices not accredited (expected)")
def practices_not_accredited(list_size: Any, accreditation_chance: Any, accreditation_in_force: Any) -> Any:
    """Practices that must be expected not to pass."""
    return where(list_size > 0, 1 - accreditation_chance, 0.0) * accreditation_in_force
