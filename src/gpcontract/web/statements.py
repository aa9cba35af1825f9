"""Statements read from money that is already rounded, so that a page waits for no sum over England."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..contracts.result import Amount, Statement, Subject
from ..findings.money import Money


def statement(money: Money, subject: Subject) -> Statement:
    """All lines of a subject's practices, the same to the penny as `Result.statement`."""
    result, year, frame = money.result, money.frame.year, money.frame
    at = frame.positions(subject.members)
    amounts = []
    for line in money.lines:
        pence = money.by_line[line.name][at]
        unknown = _unknown(money, line.name)[at]
        amounts.append(Amount(line, int(pence.sum()), int(np.count_nonzero(pence)), int(unknown.sum())))
    lists = np.nan_to_num(frame.cut(frame.england.fact("list_size")[0], frame.at))[at]
    weighted = frame.fact("weighted_list_published")
    return Statement(
        subject,
        year,
        tuple(amounts),
        float(lists.sum()),
        None if weighted is None else float(np.nansum(weighted[at])),
        money.once("unpriced", lambda: _unpriced(money)) if result.unpriced else {},
    )


def _unknown(money: Money, name: str) -> npt.NDArray[np.bool_]:
    """Practices of the frame whose line was not published."""
    return money.once(("unknown", name), lambda: money.result.unknown(name, money.frame.year)[money.frame.members])


def _unpriced(money: Money) -> dict[str, str]:
    rules, year = money.result.contract.rules, money.frame.year
    return {n: lack for n, lack in money.result.unpriced.items() if any(r.in_force(year) for r in rules if r.name == n)}
