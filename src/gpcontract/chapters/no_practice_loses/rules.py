"""Protection: each practice is paid at least what it was paid before the formula, the fold and the end of the deduction.

Tasks and buildings that move to boards are not in it: they take their work and cost with them.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import maximum, ratio, where
from gpcontract.engine.rules import rule

PROTECTION = "2018 GMS contract in Scotland, chapter 3: practice income guarantee"


@rule("GBP per year", clause=PROTECTION, how="modelled")
def core_money_change(
    workload_formula_change: Any,
    quality_ended: Any,
    quality_money_folded: Any,
    income_guarantee_ended: Any,
    income_guarantee_money_folded: Any,
    out_of_hours_deduction_returned: Any,
    out_of_hours_out_of_price: Any,
    out_of_hours_opt_in: Any,
) -> Any:
    """What the new way of sharing gives a practice, more or less than the old one."""
    folded = quality_ended + quality_money_folded + income_guarantee_ended + income_guarantee_money_folded
    out_of_hours = out_of_hours_deduction_returned + out_of_hours_out_of_price + out_of_hours_opt_in
    return workload_formula_change + folded + out_of_hours


@rule("GBP per year", clause=PROTECTION, line="Protection: no practice loses", how="modelled")
def funding_protection(core_money_change: Any, no_loss_in_force: Any) -> Any:
    """What brings a practice that loses back to what it had; nothing for one that gains."""
    return maximum(0 - core_money_change, 0.0) * no_loss_in_force


@rule("fraction", clause=PROTECTION, level="nation", measure="Practices that gain from the new sharing", how="modelled")
def practices_gaining(core_money_change: Any, core_list: Any) -> Any:
    """Share of open practices whose money rises before protection (Scotland: almost two thirds)."""
    return ratio(
        national(where(core_money_change > 0, 1.0, 0.0)),
        national(where(core_list > 0, 1.0, 0.0)),
    )


@rule(
    "GBP per year",
    clause=PROTECTION,
    level="nation",
    measure="Scotland’s protection money, scaled to England by population",
    how="modelled",
)
def protection_scaled(
    scotland_protection: Any,
    england_per_scotland: Any,
    price_level: Any,
    price_level_2018: Any,
    no_loss_in_force: Any,
) -> Any:
    """What Scotland put in, for England's people and in the year's prices: to set beside what protection costs here."""
    return scotland_protection * england_per_scotland * price_level / price_level_2018 * no_loss_in_force
