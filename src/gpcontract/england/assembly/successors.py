"""Which practice took over a closed practice's list, and how sure that is.

The rule, first that applies:
  given     a tidy fact `successor` names it;
  followed  the practice closed and exactly one other opened at its postcode within 90 days of that day;
  joined    the practice closed and, of those already open at its postcode, exactly one gained at least half of its list
            from the year before to the next year known, at most two years on.
Closing days are those of NHS Payments to General Practice where it has them, else ODS's, which come months later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from ...engine.years import year_of
from .assemble import Draft, count

WITHIN_DAYS = 90
GAINED = 0.5  # of the closed practice's list
SOON = 2  # years after the closing within which the growth must show


def trace_successors(draft: Draft, given: dict[str, str]) -> None:
    """Labels successor (an ODS code or '') and successor_rule, and fact took_over (1 in the year a list came over)."""
    postcodes = [p.replace(" ", "").upper() for p in draft.labels["postcode"]]
    at_postcode: dict[str, set[int]] = draft.scratch["at_postcode"]
    successor, rule, unclear = [""] * draft.shape[1], [""] * draft.shape[1], 0
    closings = dict(_closings(draft))
    for i, code in enumerate(draft.codes):
        chosen: int | None = None
        if code in given:
            chosen = draft.column.get(given[code])
            rule[i] = "given" if chosen is not None and chosen != i else ""
        elif i in closings and postcodes[i]:
            others = sorted(at_postcode[postcodes[i]] - {i})
            for name, found in (
                ("followed", _followed(draft, closings[i], others)),
                ("joined", _joined(draft, i, closings[i], others)),
            ):
                if len(found) == 1:
                    chosen, rule[i] = found[0], name
                    break
                unclear += len(found) > 1
        if chosen is not None and chosen != i:
            successor[i] = draft.codes[chosen]
    draft.labels["successor"], draft.labels["successor_rule"] = tuple(successor), tuple(rule)
    pairs = {i: draft.column[s] for i, s in enumerate(successor) if s}
    draft.scratch["successors"] = _without_circles(pairs)
    took = draft.blank(0.0)
    for i, j in pairs.items():
        year = year_of(closings[i]) if i in closings else _last_year(draft, i)
        if year in draft.row:
            took[0, draft.row[year], j] = 1.0
    told = {name: rule.count(name) for name in ("given", "followed", "joined")}
    draft.put(
        "took_over",
        took,
        "inferred",
        [f for p in draft.of("payments", "ods_practices") for f in p.files],
        f"successors: {told['given']} given, {told['followed']} opened at the postcode within {WITHIN_DAYS} days, "
        f"{told['joined']} at the postcode gained at least half of the list; {unclear} unclear",
    )
    lost = sum(1 for i in closings if not successor[i])
    if lost:
        draft.lacked.append(
            f"successor of {count(lost, 'closed practice')}: no tidy fact `successor`, no single practice at the postcode"
        )


def _closings(draft: Draft) -> Iterator[tuple[int, date]]:
    """Practices (columns) that closed in the years assembled, and when."""
    for i, (paid, ods) in enumerate(zip(draft.scratch["closed_in_payments"], draft.scratch["ods_closed"], strict=True)):
        closed = paid or ods
        if closed is not None and draft.years[0] <= year_of(closed) <= draft.years[-1]:
            yield i, closed


def _followed(draft: Draft, closed: date, others: list[int]) -> list[int]:
    """Practices that opened within the days allowed of a closing."""
    opened = draft.scratch["ods_opened"]
    return [j for j in others if opened[j] is not None and abs((opened[j] - closed).days) <= WITHIN_DAYS]


def _joined(draft: Draft, i: int, closed: date, others: list[int]) -> list[int]:
    """Practices whose list grew, from before the closing to soon after it, by at least half of what the closed one had."""
    size, year = draft.facts["list_size"][0], year_of(closed)
    before = [y for y, known in enumerate(draft.years) if known < year] or [
        y for y, known in enumerate(draft.years) if known == year
    ]
    after = [y for y, known in enumerate(draft.years) if year < known <= year + SOON]
    lost = max(
        (size[y, i] for y in {*before[-1:], *(y for y, known in enumerate(draft.years) if known == year)}), default=0.0
    )
    if not before or not after or not lost:
        return []
    grown = {j: size[after[0], j] - size[before[-1], j] for j in others if size[before[-1], j] > 0}
    return [j for j, more in grown.items() if more >= GAINED * lost]


def _last_year(draft: Draft, i: int) -> int:
    """The last year in which a practice was open."""
    rows = np.flatnonzero(draft.facts["open_share"][0, :, i] > 0)
    return draft.years[rows[-1]] if rows.size else -1


def _without_circles(pairs: dict[int, int]) -> dict[int, int]:
    """The same pairs less any that lead back to where they started."""
    kept = {}
    for start, step in pairs.items():
        seen, here = {start}, step
        while here in pairs and here not in seen:
            seen.add(here)
            here = pairs[here]
        if here not in seen:
            kept[start] = step
    return kept
