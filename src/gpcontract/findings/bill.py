"""The bill of each contract, line by line and payee by payee, beside the contract it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .money import Money

FUNDS = {
    "running": "Paid every year",
    "moved": "Moved in: spent elsewhere today",
    "once": "Paid once",
    "elsewhere": "Costs (+) and savings (-) in other budgets, in no bill",
}


@dataclass(frozen=True)
class BillRow:
    """One line, or a total of a fund or payee: pence under each contract (None where the contract has no such line)."""

    line: str
    title: str
    payee: str
    fund: str
    measured: bool
    pence: Mapping[str, int | None]
    made: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The row in pounds."""
        return {
            "line": self.line,
            "title": self.title,
            "payee": self.payee,
            "fund": self.fund,
            "measured": self.measured,
            "pounds": {k: None if v is None else v / 100 for k, v in self.pence.items()},
            "how": dict(self.made),
        }


@dataclass(frozen=True)
class Bill:
    """Rows by line and totals by fund and by payee; `patients` is what to divide by."""

    rows: tuple[BillRow, ...]
    totals: tuple[BillRow, ...]
    patients: float

    def total(self, contract: str, fund: str = "running") -> int:
        """Pence of a fund under a contract."""
        return next((row.pence[contract] or 0 for row in self.totals if row.fund == fund and not row.payee), 0)

    def to_dict(self) -> dict[str, Any]:
        """The bill as plain data."""
        return {
            "patients": self.patients,
            "lines": [r.to_dict() for r in self.rows],
            "totals": [r.to_dict() for r in self.totals],
        }


def bill(moneys: Sequence[Money]) -> Bill:
    """The bills of some contracts on one England, side by side. Lines that pay nothing under any of them are left out."""
    sums = [{line.name: (line, m.sums[line.name]) for line in m.lines} for m in moneys]
    rows = []
    for name in dict.fromkeys(n for s in sums for n in s):
        found = {m.name: s.get(name) for m, s in zip(moneys, sums, strict=True)}
        if not any(f and f[1] for f in found.values()):
            continue
        line = next(f[0] for f in found.values() if f)
        pence = {k: f[1] if f else None for k, f in found.items()}
        made = {k: f[0].made for k, f in found.items() if f}
        rows.append(BillRow(name, line.title, line.payee, line.fund, line.measured, pence, made))
    sums_of: dict[tuple[str, str], dict[str, int]] = {("running", ""): dict.fromkeys((m.name for m in moneys), 0)}
    for r in rows:
        for key in ((r.fund, ""), (r.fund, r.payee)):
            total = sums_of.setdefault(key, dict.fromkeys((m.name for m in moneys), 0))
            for name, x in r.pence.items():
                total[name] += x or 0
    totals = [
        BillRow("", title if not payee else f"{title}, to {_who(payee)}", payee, fund, False, pence, {})
        for fund, title in FUNDS.items()
        for (of, payee), pence in sums_of.items()
        if of == fund
    ]
    return Bill(tuple(rows), tuple(totals), float(moneys[0].frame.patients["registered"].sum()))


def _who(payee: str) -> str:
    return "a provider" if payee == "provider" else f"{payee}s"
