"""Rewriting: what it costs once to end every GP contract and write another."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import where
from gpcontract.engine.rules import rule

REWRITE = "NHS Confederation 2009: tear up and rewrite the GP contract"


@rule("GBP", clause=REWRITE, line="Cost of rewriting every contract", fund="once")
def contract_rewritten(
    list_size: Any, contract_rewriting_cost: Any, price_level: Any, contract_rewriting_in_force: Any
) -> Any:
    """Legal work and advice of one practice, which is paid for it once; it does not go by list."""
    return where(list_size > 0, 1.0, 0.0) * contract_rewriting_cost * price_level * contract_rewriting_in_force
