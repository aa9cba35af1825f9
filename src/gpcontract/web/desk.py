"""The desk: one England, and everything that pages read of it, each thing made when first asked for and then kept."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..contracts import Contract, Result, names, run
from ..contracts.pricing import reprice, years_up_to
from ..contracts.result import Statement, Subject
from ..engine.edits import Reform
from ..engine.errors import GpContractError, InputError, nearest
from ..engine.years import span_name, year_name
from ..england.facts import England
from ..findings.compare import FIVE, Comparison
from ..findings.frame import Frame
from ..findings.money import Money
from ..findings.winners import Winners, winners
from . import statements
from .caches import Kept, Later, settle
from .errors import NotHere
from .names import readable
from .search import Index

SYNTHETIC_YEARS = tuple(range(2013, 2025))  # payments are published for these
ROOM = 32  # priced contracts that are kept: some 8 MB each
BASES = 3  # priced contracts with every step: some 50 MB each
COMPARED = 12  # comparisons, which hold their contracts
NAMED = 200  # small things
PAGES = 1_500  # pages as they were sent: some 15 kB each


class Desk:
    """One England and what is known of it. year: the one that pages show unless another is asked for.

    where: what `england_named` read it from, for processes that work beside the pages; nothing if it came from elsewhere.
    """

    def __init__(self, england: England, year: int | None = None, where: str = "") -> None:
        self.england = readable(england)
        self.where = where
        self.year = _last_paid(england) if year is None else year
        self._priced = Kept(ROOM)
        self._bases = Kept(BASES)
        self._compared = Kept(COMPARED)
        self._small = Kept(NAMED)
        self._subjects = Kept(2_000)
        self.pages = Kept(PAGES)
        self.later = Later()

    # -- names ---------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The contracts that come with the package: the national one, the five proposals, then others."""
        first = ("national", *FIVE)
        return (*(n for n in first if n in names()), *(n for n in names() if n not in first))

    @property
    def six(self) -> tuple[str, ...]:
        """The contracts of the debate: the national one and the five proposals."""
        return tuple(n for n in self.names if n in ("national", *FIVE))

    @property
    def years(self) -> tuple[int, ...]:
        """The years that this England has."""
        return self.england.years

    # -- contracts -----------------------------------------------------------------------------------------------

    def contract(self, name: str) -> Contract:
        """A contract by its name, with a saved reform where the name carries its hash: 'national+1a2b3c4d5e6f'."""
        return self._small.get(("contract", name), lambda: self._contract(name))

    def _contract(self, name: str) -> Contract:
        plain, _, sign = name.partition("+")
        if plain not in self.names:
            raise NotHere(
                f"there is no contract '{plain[:80]}'",
                expected=", ".join(self.names),
                hint=nearest(plain[:80], self.names),
            )
        if not sign:
            return Contract.load(plain)
        made = self.contract(plain)
        return replace(made.with_reform(self.reform(sign)), memo=dict(made.memo))

    def reform(self, sign: str) -> Reform:
        """A saved reform by its hash."""
        from .store import saved

        return saved(sign).reform

    def result(self, name: str, year: int) -> Result:
        """A contract priced for a year."""
        return self.money(name, year).result

    def money(self, name: str, year: int) -> Money:
        """A contract's money in a year."""
        return self._priced.get((name, year), lambda: self._money(name, self.contract(name), year))

    def _money(self, name: str, contract: Contract, year: int) -> Money:
        """A contract's money, with no more kept than pages read: the lines of the year, and what `explain` holds still."""
        self.at(year)
        if not contract.reform:
            result = run(contract, self.england, years_up_to(contract, self.england, year))
            return Money(name, _only(result, year), self.frame(year))
        whole = self._reformed(name, contract, year)
        made = Money(name, _only(whole.result, year), whole.frame)
        made.__dict__["by_line"] = whole.by_line
        return made

    def base(self, name: str, year: int) -> Money:
        """A contract with every step kept, from which edits start: some 50 MB, so that few are held."""

        def make() -> Money:
            contract = self.contract(name)
            result = run(contract, self.england, years_up_to(contract, self.england, year), keep="all")
            result.lines(year)  # told once, and kept by edits that do not reach them
            made = Money(name, result, self.frame(year))
            made.by_line  # noqa: B018  rounded once; lines that no edit reaches are not rounded again
            return made

        return self._bases.get((name, year), make)

    def edited(self, name: str, reform: Reform, year: int) -> Money:
        """A contract with edits that are not saved; only what they reach is worked out again."""
        self.at(year)
        return self._reformed(f"{name}+{reform.hash}", self.contract(name).with_reform(reform), year)

    def _reformed(self, name: str, contract: Contract, year: int) -> Money:
        base = self.base(name.partition("+")[0], year)
        own = replace(contract, memo=dict(contract.memo))  # what is made for a reform goes when it goes
        return Money(name, reprice(base.result, own), base.frame, seen=dict(base.seen))

    # -- years and practices ---------------------------------------------------------------------------------------

    def at(self, year: int) -> int:
        """Position of a year; an error that says which there are."""
        if year not in self.years:
            raise InputError(f"this England has no {year_name(year)}", expected=f"a year in {span_name(self.years)}")
        return self.years.index(year)

    def frame(self, year: int) -> Frame:
        """The practices of a year."""
        return self._small.get(("frame", year), lambda: Frame.of(self.england, year))

    @cached_property
    def index(self) -> Index:
        """What is searched: every practice and area of this England."""
        return Index(self.england, self.year)

    def subject(self, text: str, year: int) -> Subject:
        """A practice or area by its code, or England, in a year; an error that says what is near."""
        return self._subjects.get((text, year), lambda: self.result("national", year).subject(text, year))

    def statement(self, name: str, subject: Subject, year: int) -> Statement:
        """All lines of a subject under a contract."""
        return statements.statement(self.money(name, year), subject)

    # -- findings ------------------------------------------------------------------------------------------------

    def comparison(self, names: tuple[str, ...], year: int) -> Comparison:
        """Some contracts side by side in a year; the first is the base."""
        return self._compared.get((names, year), lambda: self._comparison(names, year))

    def _comparison(self, names: tuple[str, ...], year: int) -> Comparison:
        moneys = tuple(self.money(n, year) for n in names)
        return Comparison(self.england, year, moneys)

    def winners(self, name: str, year: int) -> Winners:
        """Who gains and who loses under a contract against the national one."""
        return self.comparison(("national", name), year).winners[name]

    def moved(self, money: Money, year: int) -> dict[str, Any]:
        """A contract's bill and its winners and losers against the national contract, in pounds: what a change on Build shows."""
        base = self.money("national", year)
        made = winners(money, base)
        before, after = (sum(m.sums[x.name] for x in m.lines if x.fund == "running") for m in (base, money))
        return {
            "year": year_name(year),
            "england": self.england.title,
            "bill": after / 100,
            "bill_of_the_national_contract": before / 100,
            "change": (after - before) / 100,
            "winners": made.to_dict(),
            "assumed": list(money.result.assumed(year)),
        }

    def once(self, key: Any, make: Any) -> Any:
        """What `make` gives, made once and kept while there is room."""
        return self._small.get(key, make)

    def warm(self) -> None:
        """Make what the first pages read."""
        from ..report import comparison as tables

        tables.summary(self.comparison(self.six, self.year))

    def warm_later(self) -> None:
        """Make what takes seconds and many will ask for, beside the pages: the claims, and why each contract moves whom."""
        from ..contracts.explain import explain
        from .change import steps
        from .environment import read_all
        from .pages.claims import answers

        def make() -> None:
            self.index.find("a")
            read_all()
            for name in self.six:  # any practice will do: the text of every rule is read
                explain(self.result(name, self.year), self.frame(self.year).codes[0], self.year)
            self.base("national", self.year)
            for name in self.six[1:]:
                steps(self, name, self.year)
            answers(self)
            settle()

        self.later.get("warm", make)


def _only(result: Result, year: int) -> Result:
    """A result less the other years of its lines; what `explain` holds still keeps them, since rules look back on it."""
    at, still = result.at(year), {n for s in result.plan.steps if s.apart for n in s.makes}
    wanted = {*result.plan.targets, *still}
    arrays = {
        n: x if n in still or x.shape[-2] == 1 else x[..., at : at + 1, :].copy()
        for n, x in result.arrays.items()
        if n in wanted
    }
    made = replace(result, arrays=arrays)
    made.lines(year)
    return made


def _last_paid(england: England) -> int:
    """The last year with payments, or else the last year."""
    import numpy as np

    x = england.facts.get("published_total")
    if x is None:
        return england.years[-1]
    known = [y for i, y in enumerate(england.years) if not np.isnan(x[0, min(i, x.shape[1] - 1)]).all()]
    return max(known, default=england.years[-1])


_desk: Desk | None = None
_lock = threading.Lock()


def desk() -> Desk:
    """The desk of this process: the England that GPCONTRACT_ENGLAND names, or the synthetic one."""
    global _desk
    if _desk is None:
        with _lock:
            if _desk is None:
                where = os.environ.get("GPCONTRACT_ENGLAND", "synthetic")
                _desk = Desk(england_named(where), where=where)
    return _desk


def sit(made: Desk | None) -> None:
    """Put a desk in place: what `serve` and tests do."""
    global _desk
    _desk = made


def is_ready() -> bool:
    """Whether the desk is there."""
    return _desk is not None


def england_named(where: str) -> England:
    """England from a folder of official files, or a synthetic one with all the years that payments are published for."""
    kind, _, seed = where.partition(":")
    if kind == "synthetic":
        if seed and not seed.isdecimal():
            raise InputError(f"'{seed}' is not a seed", expected="synthetic:1")
        return England.synthetic(int(seed or 1), SYNTHETIC_YEARS)
    if not Path(where).is_dir():
        raise InputError(f"there is no folder '{where}'", expected="a folder of official files, or synthetic")
    return England.official(where)


__all__ = ["Desk", "GpContractError", "desk", "is_ready", "sit"]
