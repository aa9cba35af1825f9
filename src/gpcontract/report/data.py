"""Results as plain data: what --json prints, and what every page and file is made from."""

from __future__ import annotations

from typing import Any

from ..contracts.result import Result, Statement
from ..engine.years import year_name


def statement_data(result: Result, statement: Statement) -> dict[str, Any]:
    """A statement or bill: who, lists, each line with how it is made and for whom, totals by payee, what is missing."""
    payees = {a.line.payee for a in statement.amounts}
    return {
        **result.facts_of(),
        "year": year_name(statement.year),
        "reform": [e.as_dict() for e in result.contract.reform.edits],
        "who": {"kind": statement.subject.kind, "code": statement.subject.code, "name": statement.subject.name},
        "practices": len(statement.subject.members),
        "registered_patients": round(statement.list_size, 1),
        "weighted_patients": None if statement.weighted_list is None else round(statement.weighted_list, 1),
        "lines": [
            {
                "line": a.line.name,
                "title": a.line.title,
                "chapter": a.line.chapter,
                "payee": a.line.payee,
                "fund": a.line.fund,
                "measured": a.line.measured,
                "how": a.line.how,
                "clause": a.line.clause,
                "assumed": list(a.line.assumed),
                "pounds": a.pounds,
                "practices_paid": a.practices,
                "practices_not_published": a.unknown,
            }
            for a in statement.amounts
        ],
        "total_by_payee": {p: statement.paid_to(p) / 100 for p in sorted(payees)},
        "total": statement.total / 100,
        "stands_apart": {to: pence / 100 for to, pence in statement.totals if ", " in to},
        "not_priced": dict(statement.unpriced),
        "assumed_values": sorted({v for a in statement.amounts for v in a.line.assumed}),
    }
