"""What the command line prints: tables and trees that fit a terminal and read well when piped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..contracts import Contract
from ..contracts.explain import Node, shown
from ..contracts.result import Result, Statement
from ..engine.years import year_name
from . import answers as claim_words
from . import tables
from .comparison import between
from .words import in_words, people, pounds

if TYPE_CHECKING:
    from ..findings.claims import Answer
    from ..findings.compare import Comparison
    from ..findings.inventory import Item

LONGEST_WORD = 24  # letters of a word that are not parted in a narrow column
GAP = 2  # letters between columns
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


def notes(result: Result, statement: Statement, named: bool = True) -> list[str]:
    """What a reader must know: what was not priced or not published, what carried and modelled mean, what is assumed (if `named`)."""
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
    said += _idle(result, statement.year)
    assumed = sorted({v for a in statement.amounts for v in a.line.assumed})
    if assumed and named:
        said.append(f"{len(assumed)} values in use are assumed, not published: {', '.join(assumed)}.")
    return said


def _idle(result: Result, year: int) -> list[str]:
    """A sentence on the edits that reach nothing, if there are any."""
    idle = [e for e in result.contract.reform.value_edits if e.value not in result.plan.leaves or not e.reaches(year)]
    return [f"Edits that reach nothing paid in {year_name(year)}: {', '.join(e.target for e in idle)}."] if idle else []


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
    counts = f"{len(contract.lines)} lines, {len(contract.chapters)} chapters"
    yield Text(". ".join(x for x in (by, span, counts, f"Hash {contract.hash}") if x) + ".", "dim")
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
        span = f", range {claim_words.span(a)}" if claim_words.span(a) != "–" else ""
        yield Text(f"{claim_words.number(a)}{span}")
    if a.low != a.high:
        yield Text(f"  the range is {a.spread}", style="dim")
    why = f" {a.why[0].upper()}{a.why[1:].rstrip('.')}." if a.why and a.why != a.reading else ""
    yield Text(f"{a.verdict.capitalize()}. {a.reading}{why}")
    for name, x in a.also.items():
        if not name.endswith((", low", ", high")):
            ends = [a.also[end] for w in ("low", "high") if (end := f"{name}, {w}") in a.also]
            span = f" ({_also(ends[0])} to {_also(ends[1])})" if len(ends) == 2 else ""
            yield Text(f"  also: {name.replace('_', ' ')} {_also(x)}{span}")
    for i in a.inputs:
        at = "by practice or group" if i.figure is None else claim_words.amount(i.figure, i.unit)
        unit = "" if i.figure is None or i.unit.startswith("fraction") else i.unit.removeprefix("GBP").strip()
        spread = f", {between(*i.range, i.unit)}" if i.range else ""
        yield Text(
            f"  rests on: {i.title}: {f'{at} {unit}'.rstrip()}{spread} · grade {i.grade}{', assumed' if i.assumed else ''} · {i.source}",
            style="dim",
        )
    yield Text(f"  cannot tell: {a.claim.cannot}", style="dim")


def _also(x: float) -> str:
    return f"{x:,.0f}" if abs(x) >= 1e3 else f"{x:,.4g}"


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
        said.append(" ".join((f"{made.titles[m.name]}: {'. '.join(told)}.", *_idle(m.result, year))))
    without = [d for d in ("weighted", "need") if d not in made.frame.patients]
    if without:
        said.append(f"This England holds no {' and no '.join(without)} count of patients by practice.")
    return said


def table(made: tables.Table) -> RenderableType:
    """Any table of findings for the terminal, its first rows. What is wider than the terminal goes on below: no figure is cut."""
    return _Laid(made)


def print_tables(shown: Console, made: Iterable[tables.Table]) -> None:
    """Tables one after another, each with its note."""
    for one in made:
        shown.print(table(one))
        if one.note:
            shown.print(one.note, style="dim")
        shown.print()


@dataclass(frozen=True)
class _Laid:
    """A table that is laid out when the width of the terminal is known."""

    made: tables.Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        made, columns, width = self.made, self.made.columns, options.max_width
        rows = [tuple(c.shown(x) for c, x in zip(columns, row, strict=True)) for row in made.printed]
        sizes = [_sizes(c, [row[i] for row in rows]) for i, c in enumerate(columns)]
        blocks = _blocks(columns, [least for least, _ in sizes], width)
        for block in blocks:
            part = Table(box=None, pad_edge=False, header_style="bold", title_style="bold", title_justify="left")
            part.title = made.title if block is blocks[0] else f"{made.title}, continued"
            for at, wide in zip(block, _widths([sizes[at] for at in block], width), strict=True):
                part.add_column(columns[at].title, justify="right" if columns[at].is_number else "left", width=wide)
            for row in rows:
                part.add_row(*(row[at] for at in block))
            if block is blocks[-1] and len(rows) < len(made.rows):
                part.caption = f"{len(made.rows) - len(rows):,} more rows: --out or --json gives all"
            yield part
            if block is not blocks[-1]:
                yield ""


def _sizes(column: tables.Column, cells: Sequence[str]) -> tuple[int, int]:
    """The letters that a column needs, and those that it can use. Figures are whole; titles and words wrap between words."""
    word = max((len(w) for text in (column.title, *cells) for w in text.split()), default=1)
    if column.is_number:
        whole = max(word, *map(len, cells)) if cells else word
        return whole, max(whole, min(len(column.title), 12))
    return min(word, LONGEST_WORD), max(len(text) for text in (column.title, *cells))


def _blocks(columns: Sequence[tables.Column], least: Sequence[int], width: int) -> list[list[int]]:
    """Which columns stand side by side: the words in front in every block, then as many others as there is room for."""
    front = next((i for i, c in enumerate(columns) if c.is_number), len(columns))
    blocks = [list(range(front))]
    for i in range(front, len(columns)):
        if len(blocks[-1]) > front and sum(least[j] + GAP for j in (*blocks[-1], i)) - GAP > width:
            blocks.append(list(range(front)))
        blocks[-1].append(i)
    return blocks


def _widths(sizes: Sequence[tuple[int, int]], width: int) -> list[int]:
    """The letters of each column of a block: what it needs, and what is left goes to those that can use most of it."""
    widths = [least for least, _ in sizes]
    for _ in range(width - sum(widths) - GAP * (len(widths) - 1)):
        short, at = max((most - widths[i], i) for i, (_, most) in enumerate(sizes))
        if short <= 0:
            break
        widths[at] += 1
    return widths


def console(stderr: bool = False) -> Console:
    """A console that keeps to 140 columns when piped."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=140)
