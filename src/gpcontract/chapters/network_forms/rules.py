"""Forms a network may take: virtual (practices keep their contracts), partly integrated (the network holds their extra services) and
fully integrated (practices lay their contracts down and the network holds the lists).

The shares of joining networks in each form are expectations: every practice of a network that opts in carries them alike. Money that
passes through the network is neither made nor lost.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known
from gpcontract.engine.rules import rule

FORMS = "MCP contract: virtual, partly and fully integrated"


@rule("fraction", clause=FORMS)
def fully_integrated(fully_integrated_share: Any, merger_barrier: Any, integrated_forms_in_force: Any) -> Any:
    """Share of joining networks in which practices lay down their own contracts, less those that merger rules hold back."""
    return fully_integrated_share * (1 - merger_barrier) * integrated_forms_in_force


@rule("fraction", clause="Securing the future of general practice: Monitor to examine barriers to larger units")
def merger_barrier(fully_integrated_blocked: Any, merger_barriers_eased: Any, merger_barriers_removed: Any) -> Any:
    """Share of full integrations that merger and choice rules stop, after what the regulator does about it."""
    return fully_integrated_blocked * (1 - merger_barriers_eased * merger_barriers_removed)


@rule("fraction", clause=FORMS)
def partly_integrated(partly_integrated_share: Any, integrated_forms_in_force: Any) -> Any:
    """Share of joining networks that hold their practices' extra services and leave their core contracts alone."""
    return partly_integrated_share * integrated_forms_in_force


@rule("GBP per year", clause=FORMS)
def core_contract(global_sum: Any, correction_factor: Any, pms_payment: Any) -> Any:
    """The core contract of the practice: global sum, income guarantee, PMS and APMS payment."""
    return first_known(global_sum, 0.0) + first_known(correction_factor, 0.0) + first_known(pms_payment, 0.0)


@rule("GBP per year", clause=FORMS)
def extra_services(
    local_incentives: Any,
    minor_surgery: Any,
    learning_disabilities: Any,
    influenza_pneumococcal: Any,
    weight_management: Any,
    violent_patients: Any,
) -> Any:
    """What the practice is paid for services beyond the core contract: enhanced services and local schemes."""
    national_ones = first_known(minor_surgery, 0.0) + first_known(learning_disabilities, 0.0)
    others = first_known(influenza_pneumococcal, 0.0) + first_known(weight_management, 0.0)
    return first_known(local_incentives, 0.0) + national_ones + others + first_known(violent_patients, 0.0)


@rule("GBP per year", clause=FORMS + "; core contract suspended", line="Core contract suspended (full integration)")
def core_suspended(core_contract: Any, opted_in: Any, fully_integrated: Any) -> Any:
    """Core contracts that practices lay down while their network is fully integrated: an expectation over networks."""
    return -core_contract * opted_in * fully_integrated


@rule(
    "GBP per year",
    clause=FORMS + "; core contract suspended",
    line="Core funding held by the network (full integration)",
    payee="network",
)
def core_held_by_network(core_suspended: Any) -> Any:
    """The same core money, held by the network: no pound is new or lost."""
    return -core_suspended


@rule("GBP per year", clause=FORMS, line="Extra services suspended (partial and full integration)")
def extra_services_suspended(extra_services: Any, opted_in: Any, partly_integrated: Any, fully_integrated: Any) -> Any:
    """Enhanced and local services that practices give up while their network holds them."""
    return -extra_services * opted_in * (partly_integrated + fully_integrated)


@rule(
    "GBP per year",
    clause=FORMS,
    line="Extra services held by the network (partial and full integration)",
    payee="network",
)
def extra_services_held_by_network(extra_services_suspended: Any) -> Any:
    """The same money for extra services, held by the network."""
    return -extra_services_suspended


@rule("fraction", clause=FORMS)
def held_by_integrated_network(
    partnership_share_today: Any, share_to_network: Any, opted_in: Any, fully_integrated: Any
) -> Any:
    """Share of a practice's list held by a network: with what passes anyway, that of fully integrated networks."""
    return partnership_share_today * (share_to_network + (1 - share_to_network) * opted_in * fully_integrated)


@rule("fraction", clause=FORMS)
def held_by_partnership_after_integration(
    partnership_share_today: Any,
    share_to_trust: Any,
    share_to_network: Any,
    share_to_company: Any,
    opted_in: Any,
    fully_integrated: Any,
) -> Any:
    """Share of a practice's list that partners still hold."""
    to_network = share_to_network + (1 - share_to_network) * opted_in * fully_integrated
    return partnership_share_today * (1 - share_to_trust - share_to_company - to_network)


@rule("GBP per year", clause="Securing the future of general practice: interim delegation to clinical commissioning groups",
      measure="Local services whose commissioning is delegated to boards")  # fmt: skip
def delegated_commissioning(local_incentives: Any, delegation_in_force: Any) -> Any:
    """Wider GP services that boards rather than the nation buy, until networks hold budgets: no pound moves."""
    return first_known(local_incentives, 0.0) * delegation_in_force
