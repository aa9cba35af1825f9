"""Tables of the years ahead: the central path, ranges of draws, odds, what matters most, and what every output must say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..engine.years import year_name
from ..futures.drawn import ASSUMED
from ..futures.figures import log
from ..futures.kept import Kept
from ..futures.odds import CHANCES, Odds, quantiles
from ..futures.odds import odds as chances
from ..futures.quantities import BETTER, MADE, QUANTITIES, title, unit
from ..futures.worth import FEWEST, ranking
from .tables import Column, Table, shown

FIRST = ("bill", "practices", "partners", "salaried_fte", "displaced_so_far", "list_per_gp", "making_losses")
CHARTED = (
    "bill", "practices", "partners", "salaried_fte", "displaced_so_far", "list_per_gp", "making_losses", "drawings", "income_spread", "equity",
    "with_partnerships", "with_trusts", "with_networks", "with_companies", "continuity", "admissions",
)  # fmt: skip
EVERY = (*QUANTITIES, *MADE)
WORTH = (
    "Worth: what choosing the contract after learning the figure gains on average over choosing now, where the choice is by that quantity "
    "alone; – where that cannot be told from nothing."
)
NO_WORTH = "To learn any of these figures before choosing a contract would gain nothing that so many draws can tell from nothing."


def kind(name: str) -> str:
    """How figures of a quantity are shown."""
    of = unit(name)
    if of.startswith("GBP"):
        return "pounds" if name.startswith(("drawings", "income_spread")) else "sum"
    return {"fraction": "percent", "index": "fine", "ratio": "fine", "percentage points": "number"}.get(of, "count")


def central(kept: Kept, contract: str, names: Sequence[str] = EVERY) -> Table:
    """The central path of one contract: a row for each quantity, a column for each year. Quantities are in their own units."""
    columns = [Column("quantity", "Quantity"), *(Column(f"y{y}", year_name(y)) for y in kept.years)]
    rows = []
    for name in names:
        column = Column(name, name, kind(name))
        x = kept.series(contract, name)[:, 0]
        rows.append({"quantity": title(name)} | {f"y{y}": column.shown(v) for y, v in zip(kept.years, x, strict=True)})
    return Table.of(f"central_{contract}", f"{kept.titles[contract]}: the central path, without luck", columns, rows)


def range_of(kept: Kept, name: str) -> Table:
    """One quantity in the last year by contract: the start, the middle of the draws, eight draws in ten, and the path without luck."""
    of, last = kind(name), year_name(kept.years[-1])
    columns = [Column("contract", "Contract"), Column("start", kept.about["start"], of)]
    if kept.is_central:
        columns.append(Column("central", last, of))
    else:
        columns += [Column("middle", "Middle", of), Column("low", "80% from", of), Column("high", "to", of)]
        columns.append(Column("central", "Without luck", of))
    rows = []
    for c in kept.names:
        low, middle, high = quantiles(kept, c, name, (0.1, 0.5, 0.9))[-1]
        start, *_, end = kept.series(c, name)[:, 0]
        rows.append(
            {"contract": kept.titles[c], "start": start, "middle": middle, "low": low, "high": high, "central": end}
        )
    return Table.of(f"ahead_{name}", f"{title(name)}, {last}", columns, rows)


def fan(kept: Kept, name: str) -> Table:
    """One quantity by contract and year: seven quantiles of the draws, and the path without luck; the last year first."""
    of = kind(name)
    columns = [Column("contract", "Contract"), Column("year", "Year")]
    columns += [
        Column(f"q{round(100 * q):02d}", "Middle" if q == 0.5 else f"{100 * q:.0f}% below", of) for q in CHANCES
    ]
    columns.append(Column("central", "Without luck", of))
    found = {c: (quantiles(kept, c, name), kept.series(c, name)[:, 0]) for c in kept.names}
    rows = [
        (kept.titles[c], year_name(y), *found[c][0][t], found[c][1][t])
        for t, y in reversed(list(enumerate(kept.years)))
        for c in kept.names
    ]
    return Table(f"fan_{name}", title(name), tuple(columns), tuple(rows), first=len(kept.names))


def odds(kept: Kept, found: Sequence[Odds]) -> Table:
    """The chance that each contract has more or less of a quantity than another in the last year, and which way is better."""
    columns = (
        Column("quantity", "Quantity"), Column("contract", "Contract"), Column("way", "Way"), Column("chance", "Chance", "share"),
        Column("error", "± (1 s.e.)", "percent"), Column("ties", "Same", "share"), Column("middle", "Difference"), Column("low", "80% from"),
        Column("high", "to"),
    )  # fmt: skip
    rows = []
    for o in found:
        column = Column("x", "", "change_sum" if kind(o.quantity) == "sum" else kind(o.quantity))
        better = "" if o.quantity not in BETTER else " (better)"
        middle, low, high = (column.shown(x) for x in (o.middle, o.low, o.high))
        rows.append(
            (title(o.quantity), kept.titles[o.contract], o.way + better, o.chance, o.error, o.ties, middle, low, high)
        )
    name = kept.titles[found[0].against] if found else ""
    when = f"{year_name(kept.years[-1])}, {len(kept.lucky):,} draws in which contracts share their luck"
    return Table("odds", f"Each contract against {name}: the chance of more or less, {when}", columns, tuple(rows))


def tables(kept: Kept, names: Sequence[str] = FIRST) -> list[Table]:
    """What the command line prints: the central path by year of one contract; else each quantity by contract, and the odds."""
    if kept.is_central and len(kept.names) == 1:
        return [central(kept, kept.names[0], names)]
    made = [range_of(kept, n) for n in names]
    if not kept.is_central and len(kept.names) > 1:
        made.append(chances_of(kept, chances(kept, names)))
    if (found := matters(kept, names, 3)).rows:
        made.append(_without_nothing(found, len(kept.names)))
    return made


def _without_nothing(found: Table, contracts: int) -> Table:
    """What matters most without the column of worths where none of them can be told from nothing, which is said once."""
    at = found.at("value")
    if any(r[at] != "–" for r in found.rows):
        return found
    return replace(
        found,
        columns=found.columns[:at] + found.columns[at + 1 :],
        rows=tuple(r[:at] + r[at + 1 :] for r in found.rows),
        note=found.note.replace(WORTH, NO_WORTH if contracts > 1 else "").rstrip(),
    )


def every_table(kept: Kept) -> list[Table]:
    """All tables of a run, as files hold them."""
    made = [central(kept, c) for c in kept.names]
    if not kept.is_central:
        made += [fan(kept, n) for n in EVERY]
        if len(kept.names) > 1:
            made.append(odds(kept, chances(kept, EVERY)))
        if (found := matters(kept, CHARTED, 25)).rows:
            made.append(found)
    return made + [board_table(kept, q) for q in kept.about["by_board"]]


def knobs(options: Mapping[str, str]) -> Table:
    """Every figure that can be edited. options: those that have an option of their own."""
    columns = (
        Column("name", "Figure"), Column("title", "What it is"), Column("central", "Central"), Column("range", "Range"), Column("grade", "Grade"),
        Column("status", "Status"), Column("option", "Option"), Column("source", "Source"),
    )  # fmt: skip
    rows = []
    for r in (r for r in log() if r["moves"]):
        plain = not isinstance(r["central"], (list, tuple, np.ndarray))
        middle = f"{r['central']:g}" if plain else "by " + ", ".join(r["keys"])
        spread = ("" if plain else "× ") + f"{r['range'][0]:g} to {r['range'][1]:g}" if r["range"] else ""
        rows.append(
            (r["name"], f"{r['title']} ({r['unit']})", middle, spread, r["grade"], r["status"], options.get(r["name"], ""), "; ".join(r["sources"]))
        )  # fmt: skip
    return Table(
        "knobs", "Figures that the years ahead rest on: edit them with --set, --scale or --add", columns, tuple(rows)
    )


def to_dict(kept: Kept, names: Sequence[str] = FIRST) -> dict[str, Any]:
    """A run as plain data: what was run, the central path and quantiles by contract, year and quantity, and the odds."""
    found: dict[str, Any] = {"run": {k: v for k, v in kept.about.items() if k != "practices"}, "facts": facts(kept)}
    found["quantities"] = {n: {"title": title(n), "unit": unit(n), "better": BETTER.get(n)} for n in names}
    found["contracts"] = {
        c: {
            n: {"central": kept.series(c, n)[:, 0].tolist()}
            | ({} if kept.is_central else {"quantiles": dict(zip(map(str, CHANCES), quantiles(kept, c, n).T.tolist(), strict=True))})
            for n in names
        }
        for c in kept.names
    }  # fmt: skip
    if not kept.is_central and len(kept.names) > 1:
        found["odds"] = [o.to_dict() for o in chances(kept, names)]
    if len(kept.lucky) >= FEWEST:
        found["matters"] = [ranking(kept, n).to_dict() for n in names]
    return found


def chances_of(kept: Kept, found: Sequence[Odds]) -> Table:
    """The same chances with a row for each quantity and a column for each contract, as they are printed and drawn."""
    against, others = found[0].against, list(dict.fromkeys(o.contract for o in found))
    held = {(o.quantity, o.contract): o for o in found}
    columns = (Column("what", "Quantity"), Column("way", "Way"), *(Column(c, kept.titles[c], "share") for c in others))
    rows = []
    for name in dict.fromkeys(o.quantity for o in found):
        first = held[name, others[0]]
        way = f"{first.way} (better)" if first.is_better else first.way
        rows.append((title(name), way, *(held[name, c].chance for c in others)))
    error = max(o.error for o in found)
    note = f"{len(kept.lucky):,} draws in which contracts share their luck; one standard error is at most {shown(error, 'percent')}."
    heading = f"The chance of more, or of less, than {kept.titles[against]} in {year_name(kept.years[-1])}"
    return Table("odds_by_contract", heading, columns, tuple(rows), note)


def matters(kept: Kept, names: Sequence[str], most: int = 5) -> Table:
    """The figures that matter most to each quantity in the last year. Empty where the draws are too few to say."""
    columns = (
        Column("quantity", "Quantity"), Column("figure", "Figure"), Column("assumed", "How known"), Column("share", "Of its variance", "percent"),
        Column("share_error", "± (1 s.e.)", "percent"), Column("between", "Of differences between contracts", "percent"),
        Column("between_error", "± (1 s.e.)", "percent"), Column("value", "Worth of knowing it"),
    )  # fmt: skip
    rows = []
    found = [ranking(kept, n) for n in names] if len(kept.lucky) >= FEWEST else []
    for r in found:
        as_shown = Column("x", "", kind(r.quantity)).shown
        for w in r.telling[:most]:
            value = f"{as_shown(w.value)} ± {as_shown(w.value_error)}" if r.best and w.pays else "–"
            rows.append(
                (title(r.quantity), w.title, known_by(kept, w.name), w.share, w.share_error, w.between, w.between_error, value)
            )  # fmt: skip
    note = (
        f"From {len(kept.lucky):,} draws: the part of the variance that a figure explains alone, by a curve of up to the fourth degree. What is left is luck, "
        f"other figures, and what figures do only together. Figures whose part chance alone would show among so many are left out. {WORTH}"
    )
    return Table("matters", f"What matters most, {year_name(kept.years[-1])}", columns, tuple(rows), note)


def known_by(kept: Kept, name: str) -> str:
    """How an uncertain figure is known: fitted, assumed by a contract, assumed, or published with a range."""
    if name.startswith("fit:"):
        return "fitted on past years"
    if name.startswith(ASSUMED):
        return "assumed by a contract"
    return "assumed" if name in kept.about["assumed"] else "published, with a range"


def gap(x: float, name: str) -> str:
    """A difference in a quantity, with its sign."""
    of = kind(name)
    if of in ("sum", "pounds"):
        return shown(x, f"change_{of}")
    text = shown(abs(x), of)
    return text if not any(d in text for d in "123456789") else f"{'+' if x > 0 else '−'}{text}"


def board_table(kept: Kept, quantity: str = "practices") -> Table:
    """One quantity of each board in the last year: the start, and the middle of the draws under each contract."""
    q = kept.about["by_board"].index(quantity)
    of = kind(quantity)
    columns = [Column("board", "Board"), Column("start", kept.about["start"], of)]
    columns += [Column(c, kept.titles[c], of) for c in kept.names]
    middle = np.quantile(kept.boards[:, -1, q][:, kept.lucky], 0.5, axis=1)
    rows = [
        (b, float(kept.boards[0, 0, q, 0, i]), *(float(x) for x in middle[:, i]))
        for i, b in enumerate(kept.about["boards"])
    ]
    last = year_name(kept.years[-1])
    return Table(
        f"boards_{quantity}", f"{title(quantity)} by board, {last}, middle of the draws", tuple(columns), tuple(rows)
    )


def facts(kept: Kept) -> dict[str, str]:
    """What every output of a run says: which England, contracts, knobs, seed and draws, and how much is assumed."""
    about, draws = kept.about, int(kept.about["draws"])
    knobs = "none"
    if about["knobs"]:
        knobs = f"{about['knobs_hash']} ({'; '.join(about['knobs_said'])})"
    return {
        "England": about["england"] + (": none of these practices exists" if about["is_synthetic"] else ""),
        "Years": f"{about['start']} to {year_name(kept.years[-1])}",
        "Contracts": "; ".join(f"{c['title']} {c['hash']}" for c in about["contracts"]),
        "Knobs": knobs,
        "Draws": f"{draws:,}" + (" (central, without luck)" if draws == 1 else ", the first of them without luck"),
        "Seed": str(about["seed"]),
        "Run": f"{about['hash']}, model {about['code']}, on {about['backend']}",
        "Assumed": f"{len(about['assumed'])} of {about['figures']} figures that the years ahead rest on, beside those that contracts assume",
    }


def notes(kept: Kept) -> list[str]:
    """What must be said beside any figure of a run."""
    told = [f"{k}: {v}." for k, v in facts(kept).items()]
    if kept.is_central:
        told.append(
            "One path in which everything happens by its expectation. It has no range: --draws 1000 gives ranges and odds."
        )
    else:
        told.append(
            "The middle is of the draws with luck. The path without luck, in which everything happens by its expectation, need not be the middle."
        )
    return told + list(kept.about["told"])
