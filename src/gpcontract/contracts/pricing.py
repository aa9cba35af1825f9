"""Run a contract over an England: every line of every practice, in every year and draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from ..engine.edits import Edit, Reform, ValueEdit
from ..engine.errors import InputError, UnknownName, nearest
from ..engine.years import span_name, year_name
from ..england.facts import England
from .contract import AREAS, BEFORE, SETTLED, Contract
from .result import Result


def run(
    contract: Contract,
    england: England,
    years: tuple[int, ...] | None = None,
    *,
    reform: Reform | Edit | None = None,
    draws: int = 1,
    seed: int = 1,
    keep: Collection[str] | str = (),
) -> Result:
    """Price a contract. Years default to all that contract and England share; draw 0 is the central estimate.

    keep: names of more quantities to hold on to (`weighted_list`, `qof`...), or "all", from which `rerun` starts. Rules look
    back: a year priced without the years before it starts from what can be told without them. Lines whose facts this
    England lacks are not priced; `Result.unpriced` names them. Raises InputError where contract and England share no year.
    """
    if isinstance(reform, Edit):
        reform = Reform.of(reform)
    if reform:
        contract = contract.with_reform(reform)
    if years is None:
        years = tuple(y for y in england.years if y in contract.years)
    years = tuple(sorted(set(years)))
    beyond = [y for y in years if y not in contract.years]
    if beyond or not years:
        raise _no_rules(contract, span_name(beyond or england.years))
    whole = england
    if years != england.years:
        england = england.between(years)
    plan = contract.plan(years, england.available)
    leaves = leaves_of(contract, england, plan.leaves, draws, seed, whole, plan.years_read)
    apart = [n for s in plan.steps if s.apart for n in s.makes]
    asked = (keep,) if isinstance(keep, str) else keep
    for name in asked if keep != "all" else ():
        if name not in plan.names:
            raise UnknownName(f"the plan makes nothing called '{name}' to keep", hint=nearest(name, plan.names))
    held = plan.names if keep == "all" else {*apart, *asked}
    return Result(contract, england, years, plan, plan.run(leaves, held), leaves, draws, seed)


def years_up_to(contract: Contract, england: England, year: int) -> tuple[int, ...]:
    """The years to price for one year's sake: those before it that rules look back on, as far as this England has them."""
    return tuple(y for y in england.years if y in looked_back_on(contract, year))


def looked_back_on(contract: Contract, year: int) -> tuple[int, ...]:
    """The year and those that its rules look back on: protections of 2004 reach far, later rules three years.

    Raises InputError where the contract has no rules for the year.
    """
    if year not in contract.years:
        raise _no_rules(contract, year_name(year))
    first = contract.years[0] if year < 2014 else max(contract.years[0], year - 3)
    return tuple(range(first, year + 1))


def _no_rules(contract: Contract, years: str) -> InputError:
    return InputError(f"the contract '{contract.name}' has no rules for {years}", expected=span_name(contract.years))


def rerun(baseline: Result, reform: Reform) -> Result:
    """A baseline with a reform: only what the reform's edits reach is worked out again.

    The baseline must have been run with keep="all". A reform that changes rules or chapters prices everything anew.
    """
    return reprice(baseline, baseline.contract.with_reform(reform))


def reprice(baseline: Result, contract: Contract) -> Result:
    """Another contract from a baseline's steps: where the rules are the same, only what its edits of values reach is worked out again.

    The baseline must have been run with keep="all".
    """
    missing = [n for n in baseline.plan.names if n not in baseline.arrays]
    if missing:
        raise InputError(f"the baseline did not keep '{missing[0]}'", expected='a result of run(..., keep="all")')
    old = baseline.contract
    if contract.rules is not old.rules or contract.values is not old.values:
        return run(contract, baseline.england, baseline.years, draws=baseline.draws, seed=baseline.seed, keep="all")
    before, after = _by_value(old), _by_value(contract)
    edited = {v for v in before.keys() | after.keys() if before.get(v) != after.get(v)}
    names = [n for n in baseline.plan.leaves if contract.plain(n) in edited and not n.startswith(SETTLED)]
    changed = contract.value_arrays(baseline.years, names, baseline.draws, baseline.seed, baseline.plan.years_read)
    at = baseline.plan.rerun({**baseline.leaves, **baseline.arrays}, changed)
    arrays = {n: at[n] for n in baseline.plan.names}
    return baseline.again(contract, arrays, {**baseline.leaves, **changed}, edited)


def _by_value(contract: Contract) -> dict[str, list[ValueEdit]]:
    """The edits of each value, in their order."""
    found: dict[str, list[ValueEdit]] = {}
    for edit in contract.value_edits:
        found.setdefault(edit.value, []).append(edit)
    return found


def one_year(kept: Result, year: int, draws: int = 1, seed: int = 1, keep: str = "") -> Result:
    """One year of a contract over draws of every assumed figure; what lies before the year is held at the central case.

    kept: a result of run(..., keep="all") that has the year and those it looks back on. Draw 0 is its central estimate.
    keep="all" holds every step, so that `rerun` can start from it.
    """
    contract, whole = kept.contract, kept.england
    england = whole.between((year,))
    plan = contract.plan((year,), england.available)
    leaves = leaves_of(contract, england, plan.leaves, draws, seed, whole, plan.years_read)
    at = kept.at(year)
    for name in leaves:
        before = name.removesuffix(BEFORE)
        if name.endswith(BEFORE) and before in kept.arrays and at > 0 and kept.years[at - 1] == year - 1:
            x = kept.arrays[before]
            leaves[name] = x[..., min(at - 1, x.shape[-2] - 1), None, :] if x.shape[-2] > 1 else x
    return Result(contract, england, (year,), plan, plan.run(leaves, plan.names if keep else None), leaves, draws, seed)


def leaves_of(
    contract: Contract,
    england: England,
    names: Collection[str],
    draws: int = 1,
    seed: int = 1,
    whole: England | None = None,
    read: Mapping[str, Collection[int]] | None = None,
) -> dict[str, Any]:
    """What a plan needs from outside: values as yearly arrays, facts and areas.

    whole: the England that `england` is cut from; it may know the year before the first.
    """
    wanted = [n for n in names if contract.plain(n) in contract.values]
    leaves: dict[str, Any] = dict(contract.value_arrays(england.years, wanted, draws, seed, read))
    for name in names:
        if name in leaves:
            continue
        if name in AREAS:
            leaves[name] = england.areas[name]
        elif name.endswith(BEFORE) and name not in england.facts:
            leaves[name] = _before(name.removesuffix(BEFORE), england, whole or england)
        else:
            leaves[name] = england.fact(name)
    return leaves


def _before(name: str, england: England, whole: England) -> Any:
    """A fact in the year before the first; NaN where this England does not know it."""
    year = england.years[0] - 1
    if name not in whole.facts or year not in whole.years:
        return np.full((1, 1, 1), np.nan)
    x = whole.facts[name]
    at = 0 if x.shape[-2] == 1 else whole.year(year)
    return x[..., at : at + 1, :]
