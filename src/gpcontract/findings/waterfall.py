"""The waterfall: what each edit of a reform adds, one after another, so that the steps add up to the whole to the penny."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..contracts import Result, rerun, run
from ..contracts.pricing import reprice
from ..engine.edits import Reform


@dataclass(frozen=True)
class Step:
    """One edit and what it adds in pence, by payee, given the edits before it."""

    title: str
    added: dict[str, int]

    @property
    def pence(self) -> int:
        """What it adds in all."""
        return sum(self.added.values())

    def to_dict(self) -> dict[str, Any]:
        """The step in pounds."""
        return {"step": self.title, "pounds": self.pence / 100, "by_payee": {k: v / 100 for k, v in self.added.items()}}


def waterfall(baseline: Result, reform: Reform, year: int, who: str = "England") -> tuple[Step, ...]:
    """From the baseline's statement to the reform's, edit by edit. First the baseline itself, last the whole reform.

    The baseline must have been run with keep="all". The order of the edits matters where they meet; it is the reform's.
    """
    statement = baseline.statement(who, year)
    payees = tuple(dict.fromkeys(a.line.payee for a in statement.amounts))
    before = {p: statement.paid_to(p) for p in payees}
    steps = [Step("as settled", dict(before))]
    for i, edit in enumerate(reform.edits, 1):
        now = rerun(baseline, Reform(reform.edits[:i])).statement(who, year)
        after = {p: now.paid_to(p) for p in payees}
        steps.append(Step(edit.said, {p: after[p] - before[p] for p in payees}))
        before = after
    return (*steps, Step("with the reform", before))


def of_mechanisms(result: Result, year: int, who: str = "England") -> tuple[Step, ...]:
    """From the base of a contract to the whole of it, a mechanism at a time in the contract's order, in running money.

    First the contract with every mechanism off, which is its base to the penny; last all of them on. Edits of a user count
    as in force throughout.
    """
    contract = result.contract
    steps: list[Step] = []
    before: dict[str, int] = {}
    now = run(contract.switched([]), result.england, result.years, keep="all")
    for i, title in enumerate(("as settled", *(m.title for m in contract.mechanisms))):
        now = reprice(now, contract.switched([m.name for m in contract.mechanisms[:i]]))
        after = _paid(now, who, year)
        steps.append(Step(title, {p: after.get(p, 0) - before.get(p, 0) for p in dict.fromkeys((*before, *after))}))
        before = after
    return (*steps, Step("with every mechanism", before))


def _paid(result: Result, who: str, year: int) -> dict[str, int]:
    """Pence of running money by payee."""
    members, paid = result.subject(who, year).members, dict[str, int]()
    for line in result.lines(year):
        if line.fund == "running":
            paid[line.payee] = paid.get(line.payee, 0) + int(result.pence(line.name, year)[members].sum())
    return paid
