"""Matched incentives with hospitals: where a trust holds the list, an admission avoided is a saving of its own.

The saving falls in the hospital's budget at marginal cost; the part that the provider is paid for it is running money of the contract.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, minimum, where
from gpcontract.engine.rules import rule

REPORT = "At Your Service, incentives matched between general practice and hospital"
EFFECT = "emergency admissions after vertical integration, 85 practices of 26 trusts"


@rule("patients", clause="NHS allocation formula, general and acute")
def acute_need(general_acute_weighted_list: Any, list_size: Any, acute_need_most: Any) -> Any:
    """Patients by need for hospital care; the list itself where none is known. Some published needs are of lists since emptied."""
    need = minimum(first_known(general_acute_weighted_list, list_size), acute_need_most * list_size)
    return where(list_size > 0, need, 0.0)


@rule("admissions", clause=EFFECT, measure="Emergency admissions avoided", how="modelled")
def admissions_avoided(
    acute_need: Any,
    emergency_admission_rate: Any,
    integration_effect: Any,
    partnership_share_today: Any,
    share_to_trust: Any,
    matched_incentives: Any,
) -> Any:
    """Emergency admissions that do not happen on lists that pass to a trust."""
    passed = partnership_share_today * share_to_trust
    return acute_need * emergency_admission_rate * integration_effect * passed * matched_incentives


@rule("GBP per year", clause=REPORT, line="Admissions avoided", payee="provider", fund="elsewhere", how="modelled")
def admissions_saving(
    admissions_avoided: Any, emergency_admission_cost: Any, admission_marginal_share: Any, price_level: Any
) -> Any:
    """What hospitals save at marginal cost (negative): beds and staff stay, so it is less than the average cost."""
    return 0 - admissions_avoided * emergency_admission_cost * admission_marginal_share * price_level


@rule(
    "GBP per year",
    clause=REPORT,
    line="Providers’ share of admissions avoided",
    payee="provider",
    how="modelled",
    measured=True,
)
def admissions_reward(admissions_saving: Any, admissions_reward_share: Any) -> Any:
    """The part of the saving that is paid to the provider, on measured admissions."""
    return 0 - admissions_saving * admissions_reward_share
