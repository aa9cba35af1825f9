"""gpcontract: the English GP contract as code.

    from gpcontract import Contract, England, compare, explain, run

    result = run(Contract.load("national"), England.synthetic(seed=1))
    result.bill(2024).total            # pence
    explain(result, "S00001", 2024)    # the tree behind a statement
    compare(["national", "hewitt_review"], England.synthetic(seed=1)).winners

Names load when first used, so that importing the package stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .contracts import Contract, Result, rerun, run
    from .contracts.explain import explain
    from .engine.edits import Add, AddChapter, Cap, DropChapter, PhaseIn, Reform, ReplaceRule, Scale, Set
    from .engine.errors import GpContractError
    from .engine.rules import rule
    from .england.facts import England
    from .findings.compare import Comparison, compare
    from .findings.reconciliation import check

_WHERE = {
    "England": "england.facts",
    "Contract": "contracts",
    "Result": "contracts",
    "rerun": "contracts",
    "run": "contracts",
    "explain": "contracts.explain",
    "check": "findings.reconciliation",
    "Comparison": "findings.compare",
    "compare": "findings.compare",
    "GpContractError": "engine.errors",
    "rule": "engine.rules",
} | dict.fromkeys(
    ("Add", "AddChapter", "Cap", "DropChapter", "PhaseIn", "Reform", "ReplaceRule", "Scale", "Set"), "engine.edits"
)

__all__ = [
    "Add",
    "AddChapter",
    "Cap",
    "Comparison",
    "Contract",
    "DropChapter",
    "England",
    "GpContractError",
    "PhaseIn",
    "Reform",
    "ReplaceRule",
    "Result",
    "Scale",
    "Set",
    "check",
    "compare",
    "explain",
    "rerun",
    "rule",
    "run",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'gpcontract' has no attribute '{name}'")
    found = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
