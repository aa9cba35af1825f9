"""Contracts as the forward claims put them: the proposals, and the same with one thing changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ...contracts import Contract
from ...contracts.mechanisms import Mechanism
from ...engine.edits import Add, Reform, Scale, Set, ValueEdit
from ...engine.years import year_name

FULL_BY = 2029  # 2029/30: what "by 2030" is taken to be
TOP_UPS = ("one_year_contracts", "partner_package")  # switches of At your service
REVERSED_AFTER = (2, 4, 6)  # years
MORE_TRAINEES = 1.25  # times as many begin training
MORE_FUNDING = 0.01  # a year, of the contract's prices
QUIET_YEARS = 3  # in which leaving after an announcement is counted


@dataclass(frozen=True)
class Variant:
    """A contract run over the years ahead, with figures as edited from the first year ahead on.

    make: the contract, from the first year ahead.  knobs: the edits, from that year in words ('2025/26-').  years: how many; None for all.
    """

    make: Callable[[int], Contract]
    knobs: Callable[[str], Reform] = lambda _: Reform()
    years: int | None = None


def _as_it_is(name: str) -> Callable[[int], Contract]:
    return lambda _: Contract.load(name)


def without_top_ups(_: int) -> Contract:
    """At your service without its one-year contracts and its package for partners."""
    whole = Contract.load("at_your_service")
    return whole.with_reform(Reform(tuple(Set(s, 0) for s in TOP_UPS)))


def all_by_2030(first: int) -> Contract:
    """At your service with every partnership's list passed by 2029/30, in the proportions that it gives. first: the first year ahead."""
    whole = Contract.load("at_your_service")
    start = min(m.first for m in whole.mechanisms if m.first is not None)
    full = start + max(FULL_BY - first, 0)  # the contract's own timeline begins in the first year ahead
    made = tuple(_whole(m, full) if m.name == "conversion" else m for m in whole.mechanisms)
    return replace(whole, mechanisms=made, memo={}).switched([m.name for m in made])


def _whole(m: Mechanism, full: int) -> Mechanism:
    """A conversion that takes all lists by a year."""
    shares = [e for e in m.edits if isinstance(e, ValueEdit)]
    total = sum(e.amount for e in shares)
    return replace(m, edits=tuple(replace(e, amount=e.amount / total, range=None) for e in shares), full=full)


def _after(years: int) -> Variant:
    return Variant(_as_it_is("at_your_service"), lambda _: Reform.of(Set("reversal_after", years)))


VARIANTS: Mapping[str, Variant] = {
    "national": Variant(_as_it_is("national")),
    "at_your_service": Variant(_as_it_is("at_your_service")),
    "unannounced": Variant(
        _as_it_is("at_your_service"), lambda _: Reform.of(Set("announcement_leaving", 1)), QUIET_YEARS
    ),
    "all_by_2030": Variant(all_by_2030),
    "without_top_ups": Variant(without_top_ups),
    "securing_the_future": Variant(_as_it_is("securing_the_future")),
    **{f"reversed_after_{k}": _after(k) for k in REVERSED_AFTER},
    "more_trainees": Variant(_as_it_is("national"), lambda on: Reform.of(Scale("trainees_yearly", MORE_TRAINEES, on))),
    "more_funding": Variant(_as_it_is("national"), lambda on: Reform.of(Add("funding_growth", MORE_FUNDING, on))),
}


def from_year(first: int) -> str:
    """From a year on, as edits say it."""
    return f"{year_name(first)}-"
