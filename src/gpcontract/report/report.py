"""The report of a comparison: one page, its workbook, and a CSV file for every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..engine.years import year_name
from ..findings.assumptions import Joint, Swing
from ..findings.compare import Comparison
from ..findings.waterfall import Step
from ..futures.kept import Kept
from . import comparison as tables
from .document import Document, render
from .sections import ahead as years_ahead
from .sections import bill, boards, debate, groups, methods, risk, summary, winners
from .sections.debate import Answered
from .sections.saying import counted
from .tables import Table
from .twins import write_tables, write_workbook

NOTES = (
    "Money is in pounds of the year and is paid to practices or networks before their own costs. In the files, money is in pounds and shares are fractions.",
)


def document(
    comparison: Comparison,
    claims: Sequence[Answered] = (),
    waterfalls: Mapping[str, Sequence[Step]] | None = None,
    swings: Mapping[str, Sequence[Swing]] | None = None,
    joint: Mapping[str, Joint] | None = None,
    ahead: Kept | None = None,
) -> Document:
    """The report as plain parts.

    claims: answers to claims (findings.claims.answer_all).  waterfalls: the steps of each contract (findings.waterfall.of_mechanisms).
    swings, joint: the assumed figures of each, one at a time and together (findings.assumptions).  ahead: a run of the years ahead
    (futures.kept.read). What is not given is left out.
    """
    sections = [
        summary.summary(comparison),
        bill.bill(comparison),
        winners.winners(comparison),
        winners.affected(comparison),
        groups.income(comparison),
        groups.equity(comparison),
        boards.boards(comparison),
        risk.risk(comparison),
        groups.holders(comparison),
        risk.exposure(comparison),
        groups.measures(comparison),
        bill.steps(comparison, waterfalls or {}),
        *([years_ahead.section(ahead)] if ahead else []),
        debate.claims(claims),
        methods.assumptions(comparison, swings or {}, joint),
        methods.methods(comparison),
        methods.glossary(),
    ]
    facts = {
        "England": comparison.england.title,
        "Year": f"{year_name(comparison.year)}, in steady state",
        "Contracts": "; ".join(comparison.titles.values()),
        "Edits": "; ".join(_edits(comparison)) or "none",
        **({"Left out": " ".join(left)} if (left := tables.left_out(comparison)) else {}),
        "Denominator": "registered patients, average of the year, unless a table says otherwise",
    }
    return Document(
        title_of(comparison), summary.lede(comparison), facts, tuple(s for s in sections if s.cards or s.figures or s.terms or s.parts),
        comparison.england.is_synthetic, _files_only(comparison), NOTES,
    )  # fmt: skip


def write(
    comparison: Comparison,
    claims: Sequence[Answered],
    folder: Path,
    waterfalls: Mapping[str, Sequence[Step]] | None = None,
    swings: Mapping[str, Sequence[Swing]] | None = None,
    joint: Mapping[str, Joint] | None = None,
    told: Callable[[str], None] = lambda _: None,
    ahead: Kept | None = None,
) -> list[Path]:
    """The report's page, workbook and CSV files in a folder; gives their paths, the page first. told: hears what is written."""
    folder.mkdir(parents=True, exist_ok=True)
    made = document(comparison, claims, waterfalls, swings, joint, ahead)
    page = folder / "report.html"
    told("the page")
    page.write_text(render(made), encoding="utf-8")
    told("the workbook and the tables")
    return [page, write_workbook(made, folder / "report.xlsx"), *write_tables(made.every_table, folder / "tables")]


def title_of(comparison: Comparison) -> str:
    """What a comparison is called: how many contracts, in which year."""
    n = len(comparison.names)
    said = f"{counted(n).capitalize()} GP contract{'s' if n > 1 else ''}"
    return f"{said}, {year_name(comparison.year)}" if n == 1 else f"{said}, side by side, {year_name(comparison.year)}"


def _edits(comparison: Comparison) -> list[str]:
    return [
        f"{m.result.contract.title}: {'; '.join(e.said for e in m.result.contract.reform.edits)}"
        for m in comparison.moneys
        if m.result.contract.reform
    ]


def _files_only(comparison: Comparison) -> tuple[Table, ...]:
    """Tables too long for the page: boards and networks in full, and every practice."""
    kinds = [k for k in ("board", "network") if k in comparison.frame.groups]
    return (*(tables.income(comparison, k) for k in kinds), tables.practices(comparison))
