"""Joint care: federations that are ready work with community, social and specialist care, and fewer people are admitted.

The effect is that of practices run together with hospitals, halved as it was observed and not tried; a saved admission saves
its marginal cost, not its average, and outside this contract.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.rules import rule

JOINT = "NHS Confederation 2009: integration with social, community and specialist care"
EFFECT = "vertical integration in England: emergency admissions, rate ratio 0.97 (0.95 to 0.99)"


@rule("GBP per year", clause=JOINT, line="Joint working with community, social and specialist care", payee="network")
def joint_working(
    list_size: Any,
    open_share: Any,
    federation_readiness: Any,
    joint_working_rate: Any,
    price_level: Any,
    joint_care_in_force: Any,
) -> Any:
    """What a federation is paid for staff who join care up, so far as it is ready."""
    return list_size * open_share * federation_readiness * joint_working_rate * price_level * joint_care_in_force


@rule("admissions", clause=EFFECT, measure="Emergency admissions avoided", how="modelled")
def joint_care_admissions_avoided(
    list_size: Any,
    open_share: Any,
    federation_readiness: Any,
    joint_care_admission_rate: Any,
    joint_care_effect: Any,
    joint_care_in_force: Any,
) -> Any:
    """Emergency admissions a year that joint work avoids, at the nation's rate for every patient."""
    admitted = list_size * open_share * joint_care_admission_rate
    return admitted * joint_care_effect * federation_readiness * joint_care_in_force


@rule(
    "GBP per year",
    clause=EFFECT,
    line="Emergency admissions avoided",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def joint_care_saved(
    joint_care_admissions_avoided: Any,
    joint_care_admission_cost: Any,
    emergency_admission_marginal_share: Any,
    price_level: Any,
) -> Any:
    """What hospitals spend less on admissions that are avoided, at marginal cost (negative)."""
    each = joint_care_admission_cost * emergency_admission_marginal_share * price_level
    return 0.0 - joint_care_admissions_avoided * each
