"""What the report rests on: assumed figures, how it was made, data, sources, and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...engine.years import year_name
from ...findings.assumptions import Joint, Swing
from ...findings.bill import FUNDS
from ...findings.compare import Comparison
from .. import charts
from .. import comparison as tables
from ..document import Figure, Section
from ..tables import Column, Table
from ..words import GRADES
from .saying import named, signed

WIDEST = 12  # assumed figures that are drawn
TERMS = (
    ("Practice", "The holder of a contract. A practice can have several surgeries."),
    ("Partner", "A GP who owns the practice with others. Partners hold the contract, pay the costs and live on what is left."),
    ("Salaried GP", "A GP who is employed for a wage, by partners, a hospital trust or a company."),
    ("Provider", "Whoever holds a contract and is not a partnership of GPs: a hospital trust, a network or a company. It employs its GPs."),
    ("GMS, PMS, APMS", "The three kinds of contract: the national one, one agreed with the board, and one for a set time that anybody may win."),
    ("Network", "A primary care network: practices that hold the network service together."),
    ("Board", "An integrated care board: 42 since July 2022."),
    ("List", "The patients registered with a practice."),
    ("Carr-Hill-weighted list", "The list weighted by the formula of the global sum: age and sex, care homes, turnover, needs, staff prices, rurality."),
    ("Need-weighted list", "The list weighted by the formula that allocates money to boards for primary medical care, with its allowance for health inequalities."),
    ("Global sum", "The weighted list times a price, less what a practice has opted out of: the largest line of the national contract."),
    ("Quality framework", "The Quality and Outcomes Framework (QOF): points, and money for them, for care that is recorded."),
    ("Notional rent", "What the NHS pays owners for the use of the surgery they own, as if they rented it."),
    ("Additional roles", "Pharmacists, physiotherapists and other staff of a network, whose wages the NHS pays back up to a sum."),
    ("Layers of scale", "Work that is done once for many practices: by the network, the provider or the board."),
    ("Running money", "What is paid every year to practices, their networks and whoever holds their contract."),
    ("Computed, modelled, carried", "How a line is known: from the contract's own rule; with a part of the rule inferred; as it was published."),
    ("Mechanism", "One thing that a proposal would do."),
    ("Steady state", "Every mechanism wholly in force in the year shown, whatever the proposal's dates."),
    ("Assumed", "A figure that nobody published. It has a range, and what the range does to the answer is shown."),
    ("Grade", f"How far to trust a figure. {GRADES}"),
    ("Deprivation fifth", "Practices by the deprivation of where their patients live; 1 is the most deprived fifth."),
)  # fmt: skip


def assumptions(
    comparison: Comparison, swings: Mapping[str, Sequence[Swing]], joint: Mapping[str, Joint] | None = None
) -> Section:
    """The assumed figures of each contract with their ranges, how far each moves its cost, and how far all do together."""
    parts = []
    for name, found in swings.items():
        if not found:
            continue
        table = tables.swings(comparison, name, found)
        widest = found[0]
        low, high = (signed(x, "change_sum") for x in sorted((widest.cost[0], widest.cost[2])))
        sentence = (
            f"Of its {len(found)} assumed figures, “{widest.title}” moves the answer most: from {low} to {high} a year"
        )
        if not widest.swing:
            sentence = f"None of its {len(found)} assumed figures moves what it costs against {named(comparison, comparison.base.name)}"
        drawing = charts.ranges(table, "value", "low", "high", "central", first=WIDEST, zero=True)
        parts.append(Section(f"Assumed: {comparison.titles[name]}", figures=(Figure(sentence, table, drawing),)))
    words = (
        "A proposal rarely gives every figure that it needs. What nobody gave is assumed, with a range, and each figure is put at both ends of "
        "its range with the others left alone.",
    )
    figures = (_joint(comparison, joint),) if joint else ()
    return Section("What is assumed, and how far it moves the answer", words, figures=figures, parts=tuple(parts))


def _joint(comparison: Comparison, joint: Mapping[str, Joint]) -> Figure:
    table = tables.joints(comparison, list(joint.values()))
    running = {n: j.quantiles["running"] for n, j in joint.items() if "running" in j.quantiles}
    widest = max(running, key=lambda n: running[n][2] - running[n][0])
    low, _, high = (signed(x, "change_sum") for x in running[widest])
    sentence = f"With every assumed figure drawn at once, {named(comparison, widest)} is the least certain: eight draws in ten lie between {low} and {high} a year"
    drawn = replace(table.where("fund", FUNDS["running"]))
    return Figure(sentence, table, charts.ranges(drawn, "contract", "low", "high", "central", zero=True))


def methods(comparison: Comparison) -> Section:
    """How the report was made, and from what."""
    england, year = comparison.england, year_name(comparison.year)
    words = (
        f"Every contract is priced for every practice on the same England, {england.title}, for {year} in steady state: "
        f"{len(comparison.frame.members):,} practices, {comparison.bill.patients:,.0f} registered patients. Nobody changes what they do because "
        "of a contract: no practice closes, merges or works differently, unless a mechanism says so.",
        "Each line is computed from the contract's rule, modelled where a part of the rule is not open, or carried as published. A line that is "
        "carried does not answer to a contract that would change it.",
        "Charts show what their tables say, and every table is a sheet of the workbook and a CSV file beside this page.",
    )
    columns = (Column("contract", "Contract"), Column("proposer", "Whose it is"), Column("hash", "Its hash"), Column("assumed", "Assumed figures in use", "count"))  # fmt: skip
    rows = tuple(
        (
            comparison.titles[m.name],
            m.result.contract.proposer,
            m.result.contract.hash,
            len(m.result.assumed(m.frame.year)),
        )
        for m in comparison.moneys
    )
    table = Table(
        "contracts",
        "The contracts compared",
        columns,
        rows,
        "In one version of gpcontract, the same hash is the same contract, to the last figure.",
    )
    return Section(
        "How it was made",
        words,
        figures=(
            Figure(f"{len(rows)} contracts, each known by a hash", table),
            *_data(comparison),
            *_sources(comparison),
        ),
    )


def _data(comparison: Comparison) -> list[Figure]:
    england = comparison.england
    used = sorted({n for m in comparison.moneys for n in m.result.plan.leaves} & england.provenance.keys())
    rows = tuple((n.replace("_", " "), (p := england.provenance[n]).status, _files(p.files), p.note) for n in used)
    columns = (
        Column("fact", "Fact"),
        Column("status", "How it is known"),
        Column("files", "From"),
        Column("note", "Note"),
    )
    table = Table("data", "Facts of England in use", columns, rows)
    said = "drawn from a seed" if england.is_synthetic else "from official publications, or inferred from them"
    return [Figure(f"{len(rows)} facts of each practice are in use, {said}", table)]


def _files(files: tuple[str, ...]) -> str:
    return ", ".join(files) if len(files) <= 2 else f"{files[0]} to {files[-1]}, {len(files)} files"


def _sources(comparison: Comparison) -> list[Figure]:
    cited: dict[str, tuple[str, str, str]] = {}
    for m in comparison.moneys:
        contract = m.result.contract
        for name in {contract.plain(n) for n in m.result.plan.leaves} & contract.values.keys():
            for entry, _ in contract.values[name].shares(m.frame.year):
                for key in entry.sources:
                    s = contract.sources[key]
                    cited[key] = (s.title, str(s.date), s.url)
    rows = tuple(sorted(set(cited.values())))
    columns = (Column("title", "Document"), Column("date", "Date"), Column("url", "Where", "link"))
    table = Table("sources", "Documents that the figures in use cite", columns, rows)
    return [Figure(f"The figures of the year cite {len(rows)} documents", table)] if rows else []


def glossary() -> Section:
    """What the words of the report mean."""
    return Section("The words", terms=TERMS)
