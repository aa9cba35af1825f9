"""The tables of the manual that are made from the code and the data: `make docs` writes them between their markers.

    python docs/make_tables.py            # write them
    python docs/make_tables.py --check    # say which are out of date

docs/contract.md lists the lines, rules and values of the national contract, docs/proposals.md the mechanisms of the proposals,
docs/claims.md the inventory of the debate, docs/assumptions_ahead.md what the years ahead rest on. docs/examples.md lists the published worked numbers and what we make of them;
docs/method.md quotes the check against published payments, docs/compare.md the comparison on official files, docs/claims.md the
claims, docs/backtest.md the backtest. Those need the folder of examples and official files that the tests use; without it they stay as they are, and that is said.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))

import worked_examples as worked  # noqa: E402  (tests/ has to be on the path)
from gpcontract.chapters import load  # noqa: E402
from gpcontract.contracts import Contract, Mechanism, Result, names  # noqa: E402
from gpcontract.engine.rules import Rule  # noqa: E402
from gpcontract.engine.values import Value, span_known  # noqa: E402
from gpcontract.engine.years import year_name  # noqa: E402
from gpcontract.findings import claims, inventory, reconciliation  # noqa: E402
from gpcontract.findings.compare import Comparison, compare  # noqa: E402
from gpcontract.futures import claims as forward  # noqa: E402
from gpcontract.futures import figures as ahead  # noqa: E402
from gpcontract.futures.backtest import backtest  # noqa: E402
from gpcontract.report import answers  # noqa: E402
from gpcontract.report import backtest as ahead_tested  # noqa: E402
from gpcontract.report import comparison as findings  # noqa: E402
from gpcontract.report.tables import Table  # noqa: E402

BLOCK = re.compile(r"(?P<head><!-- made by make docs: (?P<name>\w+) -->\n)(?P<body>.*?)(?P<tail><!-- end -->)", re.S)
NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*")


def table(head: Iterable[str], rows: Iterable[Iterable[Any]], right: Iterable[int] = ()) -> str:
    """A Markdown table; `right` are the columns that are aligned to the right."""
    head, right = list(head), set(right)
    lines = [" | ".join(head), " | ".join("--:" if i in right else "---" for i in range(len(head)))]
    lines += [" | ".join(cell(x) for x in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def cell(x: Any) -> str:
    """Text that fits in one cell."""
    return " ".join(str(x).replace("|", "\\|").split())


def figure(x: Any) -> str:
    """A number to four places, or two where it is large, without a tail of noughts."""
    if isinstance(x, (list, tuple)):
        return " and ".join(map(figure, x))
    if isinstance(x, str):
        return x
    text = f"{float(x):,.{4 if abs(float(x)) < 1000 else 2}f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def figures(given: Mapping[str, Any]) -> str:
    """Named numbers in one cell."""
    return "; ".join(f"{k.replace('_', ' ')} {figure(v)}" for k, v in given.items())


# -- the contract ----------------------------------------------------------------------------------------------


def contract_tables() -> str:
    """Lines, rules and values of the national contract, by chapter."""
    contract = Contract.load("national")
    values = [v for c in contract.chapters for v in load(c).values.values()]
    entries = [e for v in values for e in v.entries]
    grades = Counter(e.grade for e in entries)
    said = [
        f"{len(contract.chapters)} chapters, {len(contract.lines)} lines, {len(contract.rules)} rules and {len(values)} values, "
        f"with {len(entries)} dated entries: "
        + ", ".join(f"{grades[g]} of grade {g}" for g in sorted(grades))
        + f". {sum(e.assumed for e in entries)} entries are assumed; each has a range and a reason.\n"
    ]
    for name in contract.chapters:
        said.append(chapter_tables(name))
    return "\n".join(said)


def chapter_tables(name: str) -> str:
    """One chapter: what is paid, how the numbers behind it are made, and the figures that they rest on."""
    chapter = load(name)
    lines = [r for r in chapter.rules if r.line]
    rest = [r for r in chapter.rules if not r.line]
    parts = [f"## {chapter.title}\n", f"`chapters/{name}`\n"]
    if lines:
        parts += ["### Lines\n", table(("Line", "Name", "Paid to", "How", "Years", "Clause"), map(line_row, lines))]
    if rest:
        parts += [
            "### Rules behind them\n",
            table(("Rule", "What it is", "Unit", "How", "Years", "Clause"), map(rule_row, rest)),
        ]
    if chapter.values:
        head = ("Value", "What it is", "Unit", "Known", "Entries by grade", "Assumed")
        parts += ["### Values\n", table(head, map(value_row, chapter.values.values()))]
    return "\n".join(parts)


def how(rule: Rule) -> str:
    """How a number is known, and whether the rule steps in only where the main one's facts are absent."""
    return rule.how + (", where facts for the main rule are absent" if rule.fallback else "")


def line_row(rule: Rule) -> tuple[str, ...]:
    """One line of payment."""
    return rule.line or "", f"`{rule.name}`", rule.payee, how(rule), rule.years, rule.clause


def rule_row(rule: Rule) -> tuple[str, ...]:
    """One number that is not paid as such."""
    return f"`{rule.name}`", rule.title, rule.unit, how(rule), rule.years, rule.clause


def value_row(value: Value) -> tuple[str, ...]:
    """One value, with how well it is known."""
    grades = Counter(e.grade for e in value.entries)
    assumed = sum(e.assumed for e in value.entries)
    size = f" ({' × '.join(str(n) for n in value.shape)} figures)" if value.keys else ""
    return (
        f"`{value.name}`",
        value.title,
        value.unit + size,
        span_known(value),
        ", ".join(f"{g} {grades[g]}" for g in sorted(grades)),
        f"**{assumed} of {len(value.entries)}**" if assumed else "",
    )


# -- the examples ----------------------------------------------------------------------------------------------


def links(listed: list[dict[str, Any]]) -> dict[str, str]:
    """The address of each example's source: 'same' is the one before, 'as x' is that of example x."""
    found: dict[str, str] = {}
    last = ""
    for example in listed:
        url = str(example["url"])
        if url == "same":
            url = last
        elif url.startswith("as "):
            url = found[url.removeprefix("as ")]
        found[example["id"]] = last = url if url.startswith("http") else ""
    return found


def source(example: dict[str, Any], link: str) -> str:
    """The source in words, as a link where it has an address."""
    text = re.sub(r"\s*\(see parameters\.yaml\)|; computed here$", "", str(example["source"]))
    text = text.replace("[", "(").replace("]", ")")
    return f"[{text}]({link})" if link else text


def example_rows(listed: list[dict[str, Any]], result: Result | None = None) -> list[tuple[str, ...]]:
    """Each example with what was published and what we make of it."""
    link, rows = links(listed), []
    for example in listed:
        try:
            found = worked.work(example, result)
        except worked.NoFile as lack:
            rows.append((example["id"], example["name"], example["year"], figures(example["inputs"]), figures(example["expected"]),
                         "", source(example, link[example["id"]]), f"not tried: {lack}"))  # fmt: skip
            continue
        met = "met" if not found.off else f"**not met.** {worked.UNMET.get(example['id'], 'No reason is known.')}"
        rows.append((example["id"], example["name"], str(example["year"]).strip("-"), figures(example["inputs"]), figures(found.expected),
                     figures(found.ours), source(example, link[example["id"]]), met))  # fmt: skip
    return rows


HEAD = ("Id", "What", "Year", "Inputs", "Published", "Ours", "Source", "Met")


def example_tables() -> str:
    """Every published example that our rules work out alone."""
    listed = [e for e in worked.read(worked.folder()) if e["id"] in worked.mappings()]
    rows = example_rows(listed)
    met = sum(r[-1] == "met" for r in rows)
    return f"{len(rows)} examples, {met} met.\n\n" + table(HEAD, rows)


def calibration_tables() -> str:
    """Every published national figure against the England of the folder."""
    result = official()
    listed = [e for e in worked.read(worked.folder()) if e["id"] in worked.mappings("CALIBRATIONS")]
    rows = example_rows(listed, result)
    met, untried = sum(r[-1] == "met" for r in rows), sum(r[-1].startswith("not tried") for r in rows)
    said = f"{len(rows)} figures, {met} met, {untried} not tried for want of a payments file.\n"
    return "\n".join((files_line(), said, table(HEAD, rows)))


# -- the check -------------------------------------------------------------------------------------------------


def check_tables() -> str:
    """The check of the model against published payments: every line that tests something, by year, and its notes."""
    found = checked()
    rows = [r for r in found.tested if r["how"] not in ("carried", "apart")]
    apart = [r for r in found.tested if r["how"] == "apart"]
    head = ("Line", "Year", "Practices", "Published £m", "Model £m", "Total error", "Median", "90th", "How")
    said = [files_line(), table(head, map(check_row, rows), right=range(2, 8))]
    if apart:
        said += ["Paid to networks and published only where it passed through a practice, so not comparable:\n"]
        said += [table(head[:5], (check_row(r)[:5] for r in apart), right=range(2, 5))]
    return "\n".join([*said, "".join(f"- {note}\n" for note in found.notes)])


def check_row(r: Mapping[str, Any]) -> tuple[str, ...]:
    """One line in one year, as the command prints it."""
    errors = percent(r["total_error"], sign=True), percent(r["median_error"]), percent(r["p90_error"])
    sums = f"{r['practices']:,}", f"{r['published_m']:,.1f}", f"{r['model_m']:,.1f}"
    return r["title"], r["year"], *sums, *errors, r["how"]


def files_line() -> str:
    """Which payments files the figures rest on: a table is only compared with one made of the same."""
    return f"Years with a payments file: {', '.join(map(year_name, worked.paid_years(official())))}.\n"


def percent(x: float | None, sign: bool = False) -> str:
    """A share as a percentage with two places."""
    return "–" if x is None else f"{100 * x:+.2f}%" if sign else f"{100 * x:.2f}%"


@cache
def official() -> Result:
    """The national contract over the folder of official files."""
    return worked.official(worked.folder() / "data")


@cache
def checked() -> reconciliation.Found:
    """The check over the folder of official files."""
    return reconciliation.check(official().england)


# -- the proposals ----------------------------------------------------------------------------------------------


def proposal_tables() -> str:
    """Every proposal: what it is about, and its mechanisms with ids, dates and what switches them."""
    parts = []
    for name in names():
        made = Contract.load(name)
        if not made.mechanisms:
            continue
        said = ", ".join(x for x in (made.proposer, made.published) if x)
        mine = [c for c in made.chapters if c not in Contract.load("national").chapters]
        values = [v for c in mine for v in load(c).values.values()]
        assumed = sum(any(e.assumed for e in v.entries) for v in values) + sum(
            bool(e.range) for e in made.design.value_edits
        )
        parts += [
            f"## {made.title}\n",
            f"`contracts/{name}.yaml` · {said}\n",
            f"{' '.join(made.about.split())}\n",
            f"{len(made.mechanisms)} mechanisms, {len(mine)} chapters of its own ({', '.join(mine)}) with {len(values)} values; "
            f"{assumed} figures assumed.\n",
            table(("Mechanism", "What it is", "Ids", "Dates", "Turned on by"), map(mechanism_row, made.mechanisms)),
        ]
    return "\n".join(parts)


def mechanism_row(m: Mechanism) -> tuple[str, ...]:
    """One mechanism."""
    by = [f"`{m.switch}`"] if m.switch else []
    by += [e.said for e in m.edits]
    return f"**{m.title}** (`{m.name}`)", m.about, " ".join(m.ids), m.timeline, "; ".join(by)


# -- the comparison and the claims ------------------------------------------------------------------------------


def as_markdown(made: Table, first: int | None = None) -> str:
    """A table of findings in Markdown, with its title and note."""
    rows = [[c.shown(x) for c, x in zip(made.columns, row, strict=True)] for row in made.rows[:first]]
    right = [i for i, c in enumerate(made.columns) if c.is_number]
    note = f"\n{made.note}\n" if made.note else ""
    return f"### {made.title}\n\n" + table([c.title for c in made.columns], rows, right) + note


@cache
def compared() -> Comparison:
    """The six contracts over the folder of official files, in the last year with payments."""
    england = official().england
    return compare(None, england, worked.paid_years(official())[-1])


def comparison_tables() -> str:
    """What `gpcontract compare --england` prints for the six contracts, in the tables that fit a page."""
    c = compared()
    makers = (findings.summary, findings.payees, findings.winners_across, findings.floors, findings.holders)
    parts = [f"{year_name(c.year)}, {c.england.title}. {files_line()}", *(as_markdown(make(c)) for make in makers)]
    parts += [as_markdown(findings.income(c, kind)) for kind in ("deprivation", "size", "contract")]
    return "\n".join(parts)


def claim_tables() -> str:
    """Every claim with its number, range and verdict on the official files."""
    world = claims.World(official().england, compared().year)
    return answered(claims.answer_all(world), f"claims on {world.england.title}, {year_name(world.year)}")


def forward_tables() -> str:
    """Every claim about years ahead with its number, range, reading and verdict on the official files."""
    ahead = forward.Ahead(claims.World(official().england, worked.paid_years(official())[-1]))
    what = f"claims about the years from {year_name(ahead.first)} on, {ahead.draws} draws"
    return answered(forward.answer_all(ahead), what, in_words=True)


def answered(found: Sequence[claims.Answer], what: str, in_words: bool = False) -> str:
    """Claims in a table, after a count of how they come out."""
    counts = Counter(a.verdict for a in found)
    said = f"{len(found)} {what}: " + "; ".join(f"{v}: {n}" for v, n in counts.items()) + "."
    head = ["Claim", "The statement", "Said by", "Number", "Range", "Verdict", "Ids"] + ["In words"] * in_words
    rows = [
        (f"`{a.name}`", a.claim.says, a.claim.by, answers.number(a), answers.span(a), a.verdict, " ".join(a.claim.ids))
        + (a.reading,) * in_words
        for a in found
    ]
    return f"{said} {files_line()}\n" + table(head, rows)


def inventory_tables() -> str:
    """Every id of the inventory and what became of it."""
    listed = inventory.items()
    counts = Counter(i.how for i in listed)
    rows = [(i.id, i.title, i.how, ", ".join(f"`{b}`" for b in i.by), i.why) for i in listed]
    said = f"{len(listed)} ids: " + "; ".join(f"{how}: {n}" for how, n in counts.items()) + "."
    return f"{said}\n\n" + table(("Id", "What it says", "How", "Where", "Why"), rows)


# -- the years ahead -------------------------------------------------------------------------------------------

AHEAD_HEAD = ("Figure", "What it is", "Unit", "Central", "Range", "Grade", "Held by", "Why, and where from")


def ahead_tables() -> str:
    """What the years ahead rest on, by the part of a year's step that reads it."""
    log = ahead.log()
    assumed = sum(row["assumed"] for row in log)
    grades = Counter(row["grade"] for row in log)
    parts = [
        f"{len(log)} figures, {assumed} of them assumed: "
        + ", ".join(f"{grades[g]} of grade {g}" for g in sorted(grades))
        + f". {sum(row['owner'] != ahead.OWNER for row in log)} are read from a chapter or from the claims.\n"
    ]
    for part in ahead.PARTS:
        rows = [ahead_row(row) for row in log if row["used"] == part]
        parts += [f"## {part.capitalize()}\n", table(AHEAD_HEAD, rows)]
    return "\n".join(parts)


def lopsided(central: Any, ends: Sequence[float] | None) -> float | None:
    """The mean of draws between two ends with a central value the likeliest, if it is not near that value."""
    if not ends or not isinstance(central, (int, float)):
        return None
    mean = (ends[0] + central + ends[1]) / 3
    return round(mean, 4) if abs(mean - central) > 0.1 * (ends[1] - ends[0]) else None


def ahead_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    """One figure of the log; a table's figures by their labels, its range as a multiple of them all."""
    labels = [re.sub(r"(?<=\d)_(?=\d)", " to ", each) for each in next(iter(row["keys"].values()), [])]
    central = "; ".join(map(said, labels, row["central"])) if labels else figure(row["central"])
    ends = " to ".join(map(figure, row["range"] or ()))
    mean = lopsided(1.0 if labels else row["central"], row["range"])
    return (
        f"`{row['name']}`",
        row["title"],
        row["unit"],
        central,
        (f"times {ends}" if ends and labels else ends)
        + (f"; mean of draws {figure(mean)}" if mean is not None else ""),
        row["grade"] + (", **assumed**" if row["assumed"] else ""),
        f"`{row['owner']}`",
        " ".join(x for x in (row["note"], f"({'; '.join(row['sources'])})") if x),
    )


def said(label: str, x: float) -> str:
    """One figure of a table after its label, to five places where it is small."""
    return f"{label.replace('_', ' ')}: {figure(x) if x >= 0.01 else f'{x:.5f}'.rstrip('0')}"


def backtest_tables() -> str:
    """What `gpcontract backtest --england` prints: forecasts from a past year against what came."""
    found = backtest(official().england)
    said = f"{ahead_tested.headline(found)} {files_line()}\n"
    return "\n".join([said, *map(as_markdown, ahead_tested.tables(found))])


# -- writing ---------------------------------------------------------------------------------------------------

#: Block -> how it is made.
MAKERS: dict[str, Callable[[], str]] = {
    "contract": contract_tables,
    "examples": example_tables,
    "calibrations": calibration_tables,
    "check": check_tables,
    "proposals": proposal_tables,
    "comparison": comparison_tables,
    "claims": claim_tables,
    "claims_ahead": forward_tables,
    "inventory": inventory_tables,
    "backtest": backtest_tables,
    "ahead": ahead_tables,
}
#: Blocks that rest on files outside the project, and those whose figures depend on which official files there are.
OUTSIDE = ("examples", "calibrations", "check", "comparison", "claims", "claims_ahead", "backtest")
MEASURED = ("calibrations", "check", "comparison", "claims", "claims_ahead", "backtest")


def blocks(text: str) -> dict[str, str]:
    """The blocks of a page by name."""
    return {m["name"]: m["body"] for m in BLOCK.finditer(text)}


def can_make(name: str) -> bool:
    """Whether what a block rests on is there."""
    return name not in OUTSIDE or (worked.folder() / worked.FILE).exists()


def render(text: str) -> str:
    """A page with all of its blocks made afresh; those that cannot be made stay as they are."""

    def made(m: re.Match[str]) -> str:
        body = MAKERS[m["name"]]() if can_make(m["name"]) else m["body"].strip("\n")
        return m["head"] + "\n" + body.strip("\n") + "\n\n" + m["tail"]

    return BLOCK.sub(made, text)


def pages() -> list[Path]:
    """The pages that have blocks."""
    return [p for p in sorted(DOCS.glob("*.md")) if BLOCK.search(p.read_text(encoding="utf-8"))]


def same_figures(a: str, b: str) -> bool:
    """Whether two blocks say the same, figures being equal to the last place printed (libraries round differently)."""
    if NUMBER.sub("#", a).split() != NUMBER.sub("#", b).split():
        return False
    pairs = zip(
        *([float(n.replace(",", "").replace("−", "-")) for n in NUMBER.findall(t)] for t in (a, b)), strict=True
    )
    return all(abs(x - y) <= max(0.011, 1e-4 * abs(x)) for x, y in pairs)


def main(arguments: list[str]) -> int:
    """Write every page, or with --check say which are out of date."""
    stale = 0
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for name in blocks(text):
            if not can_make(name):
                print(f"{page.name}: {name} stays as it is: the folder of examples and official files is not there")
        fresh = render(text)
        if fresh == text:
            continue
        stale += 1
        print(f"{page.name}: {'out of date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            page.write_text(fresh, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
