"""Run a contract over an England: every line of every practice, in every year and draw."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from ..engine.draws import drawn
from ..engine.edits import Reform, apply
from ..engine.errors import InputError
from ..engine.years import span_name
from ..england.facts import England
from .contract import AREAS, SETTLED, Contract
from .result import Result


def run(
    contract: Contract,
    england: England,
    years: tuple[int, ...] | None = None,
    *,
    reform: Reform | None = None,
    draws: int = 1,
    seed: int = 1,
    keep: Collection[str] = (),
) -> Result:
    """Price a contract. Years default to all that contract and England share; draw 0 is the central estimate.

    keep: names of more quantities to hold on to (`weighted_list`, `qof_points`...). Raises InputError where contract
    and England share no year. Lines whose facts this England lacks are not priced; `Result.unpriced` names them.
    """
    if reform:
        contract = contract.with_reform(reform)
    if years is None:
        years = tuple(y for y in england.years if y in contract.years)
    beyond = [y for y in years if y not in contract.years]
    if beyond or not years:
        raise InputError(
            f"the contract '{contract.name}' has no rules for {span_name(beyond) if beyond else span_name(england.years)}",
            expected=span_name(contract.years),
        )
    if years != england.years:
        england = england.between(years)
    plan = contract.plan(years, england.available)
    leaves = leaves_of(contract, england, plan.leaves, draws, seed)
    apart = [n for s in plan.steps if s.level != "practice" for n in s.name.split("+")]
    return Result(contract, england, years, plan, plan.run(leaves, {*apart, *keep}), leaves, draws)


def leaves_of(contract: Contract, england: England, names: Collection[str], draws: int = 1, seed: int = 1) -> dict[str, Any]:
    """What a plan needs from outside: values as yearly arrays, facts and areas."""
    wanted = [n for n in names if n.removeprefix(SETTLED) in contract.values]
    leaves: dict[str, Any] = dict(contract.value_arrays(england.years, wanted))
    if draws > 1:
        leaves |= _drawn(contract, england.years, wanted, draws, seed)
    for name in names:
        if name in leaves:
            continue
        leaves[name] = england.areas[name] if name in AREAS else england.fact(name)
    return leaves


def _drawn(contract: Contract, years: tuple[int, ...], wanted: list[str], draws: int, seed: int) -> dict[str, np.ndarray]:
    plain = {n.removeprefix(SETTLED) for n in wanted}
    settled = {n: drawn(contract.values[n], years, draws, seed) for n in plain}
    edits = Reform(tuple(e for e in contract.reform.value_edits if e.value in plain))
    edited = apply(edits, settled, {n: contract.values[n].keys for n in plain}, years)
    return {n: settled[n.removeprefix(SETTLED)] if n.startswith(SETTLED) else edited.get(n, settled[n]) for n in wanted}
