"""The waterfall: what each edit of a reform adds, one after another, so that the steps add up to the whole to the penny."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..contracts import Result, rerun
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
