"""Holders: who holds the contract for a list. Partnerships (single-handed GPs with them) hold what nobody else does."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.rules import rule

OWNERS = "ownership of practices, England 2018-23"


@rule("fraction", clause=OWNERS)
def company_share_today(on_apms: Any, company_share_of_apms: Any, company_share_of_others: Any) -> Any:
    """Share of a practice's list held by a company before any proposal; an expectation, by type of contract."""
    return on_apms * company_share_of_apms + (1 - on_apms) * company_share_of_others


@rule("fraction", clause=OWNERS)
def partnership_share_today(company_share_today: Any, trust_share_today: Any) -> Any:
    """Share of a practice's list held by partners before any proposal."""
    return 1 - company_share_today - trust_share_today


@rule("fraction", clause=OWNERS, measure="Held by partnerships")
def held_by_partnership(
    partnership_share_today: Any, share_to_trust: Any, share_to_network: Any, share_to_company: Any
) -> Any:
    """Share of a practice's list held by partners (single-handed GPs among them)."""
    return partnership_share_today * (1 - share_to_trust - share_to_network - share_to_company)


@rule("fraction", clause=OWNERS, measure="Held by NHS trusts")
def held_by_trust(partnership_share_today: Any, trust_share_today: Any, share_to_trust: Any) -> Any:
    """Share of a practice's list held by an NHS trust or another NHS body."""
    return trust_share_today + partnership_share_today * share_to_trust


@rule("fraction", clause=OWNERS, measure="Held by networks and collaboratives")
def held_by_network(partnership_share_today: Any, share_to_network: Any) -> Any:
    """Share of a practice's list held by a network or a collaborative of practices."""
    return partnership_share_today * share_to_network


@rule("fraction", clause=OWNERS, measure="Held by companies")
def held_by_company(partnership_share_today: Any, company_share_today: Any, share_to_company: Any) -> Any:
    """Share of a practice's list held by a company."""
    return company_share_today + partnership_share_today * share_to_company
