"""What the command line prints: tables and trees that fit a terminal and read well when piped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..contracts import Contract
from ..contracts.explain import Node, shown
from ..contracts.result import Result, Statement
from ..engine.years import year_name
from . import answers as claim_words
from . import tables
from .words import in_words, people, pounds

if TYPE_CHECKING:
    from ..findings.claims import Answer
    from ..findings.compare import Comparison
    from ..findings.inventory import Item

FEW = 3  # names listed in a note before they are counted instead


def header(result: Result, year: int) -> Text:
    """One line that says what is priced: which England, contract, edits and year."""
    facts = result.facts_of()
    edits = "" if facts["edits"] == "none" else f" with edits {facts['edits']} ({facts['edits_in_words']})"
    return Text(f"{facts['contract']}{edits}, {year_name(year)} · {facts['england']}", style="bold")


def bill_table(statement: Statement) -> Table:
    """The bill by line: £m, £ per registered patient, practices paid, how each line is made."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Line")
    table.add_column("Paid to")
    table.add_column("£m", justify="right")
    table.add_column("£ per patient", justify="right")
    table.add_column("Practices", justify="right")
    table.add_column("How")
    for a in statement.paid:
        table.add_row(
            a.line.title, a.line.to, f"{a.pence / 1e8:,.1f}", each(a.pence, statement),
            f"{a.practices:,}", a.line.made + (f" ({a.unknown:,} not published)" if a.unknown else ""),
        )  # fmt: skip
    if statement.lacking:
        table.add_row(lacking(statement), "", "–", "–", "", "not published")
    table.add_section()
    for to, paid in statement.totals:
        table.add_row(
            total_of(to, statement, many=True),
            to,
            f"{paid / 1e8:,.1f}",
            each(paid, statement),
            "",
            "",
            style="bold",
        )
    return table


def total_of(to: str, statement: Statement, many: bool = False) -> str:
    """What a total is called: 'Total paid to practices', 'Total for networks, moved in'."""
    payee, comma, aside = to.partition(", ")
    who = f"{payee}s" if many else f"the {payee}"
    known = " known," if statement.lacking and not comma else ""
    return f"Total for {who}, {aside}" if comma else f"Total{known} paid to {who}"


def lacking(statement: Statement) -> str:
    """How many lines are not published and in no total."""
    n = len(statement.lacking)
    return f"{n} more line{'s' if n != 1 else ''}, not published for {year_name(statement.year)}"


def each(pence: int, statement: Statement) -> str:
    """Pounds for each registered patient, with pence; a dash where nobody is registered."""
    return f"{pence / 100 / statement.list_size:,.2f}" if statement.list_size else "–"


def statement_table(statement: Statement) -> Table:
    """A statement: each line to the penny."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Line")
    table.add_column("Paid to")
    table.add_column("£", justify="right")
    table.add_column("How")
    for a in statement.paid:
        table.add_row(a.line.title, a.line.to, pounds(a.pence), a.line.made)
    if statement.lacking:
        table.add_row(lacking(statement), "", "–", "not published")
    table.add_section()
    for to, paid in statement.totals:
        table.add_row(
            total_of(to, statement),
            to,
            pounds(paid),
            "",
            style="bold",
        )
    return table


def caption(statement: Statement) -> str:
    """The bill in a sentence."""
    who = statement.subject.name if statement.subject.kind != "nation" else "England"
    n = len(statement.subject.members)
    paid = statement.paid_to("practice")
    text = f"{who}: {in_words(paid)} to {n:,} practice{'s' if n != 1 else ''} for {people(statement.list_size)} registered patients"
    text += f", £{paid / 100 / statement.list_size:,.2f} for each." if statement.list_size else "."
    network = statement.paid_to("network")
    text += f" Another {in_words(network)} goes to networks." if network else ""
    return text + (f" {lacking(statement).capitalize()}, are not in it." if statement.lacking else "")


def notes(result: Result, statement: Statement) -> list[str]:
    """What a reader must know: what was not priced or not published, what is assumed, what carried and modelled mean."""
    said = [
        f"{result.england.title}: none of these practices exists."
        if result.england.is_synthetic
        else f"{result.england.title}.",
        "Lines marked carried were drawn from a seed and published averages; lines marked modelled rest on something inferred."
        if result.england.is_synthetic
        else "Lines marked carried repeat the published payment; lines marked modelled rest on something inferred.",
    ]
    if statement.unpriced:
        said.append(
            "Not priced for want of facts: "
            + "; ".join(f"{k} (needs {v})" for k, v in statement.unpriced.items())
            + "."
        )
    by_count: dict[int, list[str]] = {}
    for a in statement.amounts:
        if a.unknown:
            by_count.setdefault(a.unknown, []).append(a.line.title)
    for n, titles in by_count.items():
        which = ", ".join(titles) if len(titles) <= FEW else f"{len(titles)} lines"
        said.append(f"Not published for {n:,} practice{'s' if n != 1 else ''}, and counted as nothing there: {which}.")
    idle = result.contract.reform.value_edits
    idle = tuple(e for e in idle if e.value not in result.plan.leaves or not e.reaches(statement.year))
    if idle:
        said.append(
            f"Edits that reach nothing paid in {year_name(statement.year)}: {', '.join(e.target for e in idle)}."
        )
    assumed = sorted({v for a in statement.amounts for v in a.line.assumed})
    if assumed:
        said.append(f"{len(assumed)} values in use are assumed, not published: {', '.join(assumed)}.")
    return said


def explain_tree(node: Node, depth: int) -> Tree:
    """A number and what it rests on, as a tree."""
    tree = Tree(_label(node), guide_style="dim")
    _grow(tree, node, depth)
    return tree


def _grow(tree: Tree, node: Node, depth: int) -> None:
    for child in node.children:
        if node.kind == "total" and not child.value and child.how != "carried":
            continue
        branch = tree.add(_label(child))
        if depth > 1:
            _grow(branch, child, depth - 1)


def _label(node: Node) -> Text:
    label = Text(f"{node.title}  ", style="bold" if node.kind in ("total", "line") else "")
    if node.value is not None:
        label.append(shown(node.value, node.unit), style="cyan")
        unit = node.unit.removeprefix("GBP per year").removeprefix("GBP ")
        if unit and unit not in ("ratio", "fraction", "yes or no"):
            label.append(f" {unit}", style="dim")
    if node.table:
        label.append(" · ".join(f"{k} {v:,.4g}" for k, v in node.table.items()), style="dim")
    if node.arithmetic:
        label.append(f"\n  {node.arithmetic}", style="italic")
    said = [t for t in (node.how, node.clause, *(_source(s) for s in node.sources), node.note) if t]
    if said:
        label.append("\n  " + " · ".join(said), style="dim")
    return label


def _source(source: Any) -> str:
    if "grade" not in source:
        files = str(source.get("source", "")).split(", ")
        return ", ".join(files[:1] + files[-1:] if len(files) > FEW else files) + (
            f" and {len(files) - 2} more files" if len(files) > FEW else ""
        )
    spread = f", range {source['range']}" if source.get("range") else ""
    return f"{source['source']} (grade {source['grade']}, {source['status']}{spread})"


def waterfall_table(steps: Iterable[Any]) -> Table:
    """What each edit adds, in pounds; the first row is the baseline, the last the whole."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Step")
    payees = list(dict.fromkeys(p for s in steps for p in s.added))
    for payee in payees:
        table.add_column(f"To {payee}s", justify="right")
    table.add_column("In all", justify="right")
    rows = list(steps)
    for s in rows:
        ends = s is rows[0] or s is rows[-1]
        table.add_row(s.title, *(pounds(s.added[p]) for p in payees), pounds(s.pence), style="bold" if ends else "")
    return table


def check_table(rows: Iterable[dict[str, Any]]) -> Table:
    """The reconciliation: for each line and year, published against model."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Line", "Year"):
        table.add_column(name)
    for name in ("Practices", "Published £m", "Model £m", "Total error", "Median", "90th", "How"):
        table.add_column(name, justify="left" if name == "How" else "right", no_wrap=True)
    for r in rows:
        table.add_row(
            r["title"], r["year"], f"{r['practices']:,}", f"{r['published_m']:,.1f}", f"{r['model_m']:,.1f}",
            _percent(r["total_error"]), _percent(r["median_error"], sign=False), _percent(r["p90_error"], sign=False), r["how"],
        )  # fmt: skip
    return table


def _percent(x: float | None, sign: bool = True) -> str:
    return "–" if x is None else f"{100 * x:+.2f}%" if sign else f"{100 * x:.2f}%"


def contract_text(contract: Contract) -> Iterator[Text | Table]:
    """A contract as people read it: whose it is, what it is about, and its mechanisms with their dates."""
    yield Text(contract.title, style="bold")
    by = ", ".join(x for x in (contract.proposer, contract.published) if x)
    span = f"{year_name(contract.years[0])} to {year_name(contract.years[-1])}"
    yield Text(
        f"{by}. {span}. {len(contract.lines)} lines, {len(contract.chapters)} chapters. Hash {contract.hash}.", "dim"
    )
    if contract.about:
        yield Text(contract.about)
    for m in contract.mechanisms:
        yield Text(f"\n{m.title}", style="bold")
        switch = f"switch {m.switch}" if m.switch else "; ".join(e.said for e in m.edits)
        yield Text(f"  {m.name} · {', '.join(m.ids) or 'no id'} · {m.timeline} · {switch}", style="dim")
        if m.about:
            yield Text(f"  {' '.join(m.about.split())}")


def claims_table(answers: Iterable[Answer]) -> Table:
    """The answers in a row each: the claim, its number and the verdict, theme by theme."""
    shown_table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Claim", "The statement", "Number", "Verdict"):
        shown_table.add_column(title)
    theme = ""
    for a in answers:
        if a.claim.theme != theme:
            theme = a.claim.theme
            shown_table.add_section()
        shown_table.add_row(a.claim.name, a.claim.says, claim_words.number(a), a.verdict)
    return shown_table


def answer_text(a: Answer) -> Iterator[Text]:
    """One answer in full."""
    yield Text(f"\n{a.claim.says}", style="bold")
    yield Text(f"{a.claim.name} · {', '.join(a.claim.ids)} · said by {a.claim.by}", style="dim")
    if a.value is not None:
        between = f", range {claim_words.span(a)}" if claim_words.span(a) != "–" else ""
        yield Text(f"{claim_words.number(a)}{between}")
    yield Text(f"{a.verdict.capitalize()}. {a.reading}" + (f" {a.why}" if a.why and a.why != a.reading else ""))
    for name, x in a.also.items():
        yield Text(f"  also: {name.replace('_', ' ')} {x:,.4g}")
    for i in a.inputs:
        at = "by practice" if i.figure is None else f"{i.figure:,.6g} {i.unit}"
        between = f", {i.range[0]:,.6g} to {i.range[1]:,.6g}" if i.range else ""
        yield Text(
            f"  rests on: {i.title}: {at}{between} · grade {i.grade}{', assumed' if i.assumed else ''} · {i.source}",
            style="dim",
        )
    yield Text(f"  cannot tell: {a.claim.cannot}", style="dim")


def inventory_table(items: Iterable[Item]) -> tables.Table:
    """Every id of the debate's inventory: what became of it, where, and why."""
    columns = [tables.Column("id", "Id"), tables.Column("title", "What it says"), tables.Column("how", "How")]
    columns += [tables.Column("by", "Where"), tables.Column("why", "Why")]
    rows = [{"id": i.id, "title": i.title, "how": i.how, "by": ", ".join(i.by), "why": i.why} for i in items]
    return tables.Table.of("inventory", "The inventory of the debate", columns, rows)


def comparison_notes(made: Comparison) -> list[str]:
    """What must be said beside a comparison: assumed figures, what could not be priced, which counts of patients there are."""
    said = []
    for m in made.moneys:
        year = m.frame.year
        assumed = m.result.assumed(year)
        lacks = m.result.unpriced
        edits = m.result.contract.reform
        told = [f"{len(assumed)} figures in use are assumed" if assumed else "no figure in use is assumed"]
        told += [f"{len(lacks)} lines or measures could not be worked out ({', '.join(lacks)})"] if lacks else []
        told += [f"edits {edits.hash}: {'; '.join(e.said for e in edits.edits)}"] if edits else []
        said.append(f"{made.titles[m.name]}: {'. '.join(told)}.")
    without = [d for d in ("weighted", "need") if d not in made.frame.patients]
    if without:
        said.append(f"This England holds no {' and no '.join(without)} count of patients by practice.")
    return said


def table(made: tables.Table, first: int | None = None) -> Table:
    """Any table of findings for the terminal, its first rows if asked."""
    shown_table = Table(
        box=None, pad_edge=False, header_style="bold", title=made.title, title_style="bold", title_justify="left"
    )
    for column in made.columns:
        cells = [column.shown(r[made.at(column.name)]) for r in made.rows[: first or made.first]]
        word = max((len(w) for text in (column.title, *cells) for w in text.split()), default=1)
        if column.is_number:  # as wide as its figures; its title wraps, so that words have the room
            wide = max(word, *map(len, cells)) if cells else word
            shown_table.add_column(column.title, justify="right", min_width=word, max_width=wide)
        else:
            shown_table.add_column(column.title, min_width=min(word, 24))
    rows = made.rows[: first or made.first]
    for row in rows:
        shown_table.add_row(*(c.shown(x) for c, x in zip(made.columns, row, strict=True)))
    if len(rows) < len(made.rows):
        shown_table.caption = f"{len(made.rows) - len(rows):,} more rows: --out or --json gives all"
    return shown_table


def console(stderr: bool = False) -> Console:
    """A console that keeps to 140 columns when piped."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=140)
