"""Figures that the years ahead rest on: those of values.yaml beside this file, and those that stand in a chapter or among the claims.

A figure is written once. What a contract or a claim already rests on is read from there, so that one edit of it moves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import chapters
from ..engine import draws as worlds
from ..engine.errors import InputError, nearest
from ..engine.values import Value, read_values
from ..engine.years import last_day

FILE = Path(__file__).parent / "values.yaml"
CLAIMS = "claims"
OWNER = "futures"
PARTS = ("lists", "demand", "people", "money", "survival", "forms", "outcomes")  # of a year's step, in their order
READ = {  # figures that stand elsewhere: name -> the chapter that holds it (or the claims), and the part of a year's step that reads it
    "trainees_yearly": (CLAIMS, "people"),
    "joiner_participation": (CLAIMS, "people"),
    "partner_fte_per_head": ("people", "people"),
    "salaried_fte_per_head": ("people", "people"),
    "partners_national": ("people", "people"),
    "qualified_gps_national": ("people", "people"),
    "partner_income": ("people", "money"),
    "rent_share_of_premises": ("estate", "money"),
    "owned_share": ("estate", "money"),
    "discount_rate": ("estate", "money"),
    "lease_years_left": ("estate", "money"),
    "lease_exit_share": ("buy_out_fund", "money"),
    "closing_cost_per_patient": ("partnership_risk", "money"),
    "hard_exit_share": ("partnership_risk", "survival"),
    "continuity_small": (CLAIMS, "outcomes"),
    "continuity_large": (CLAIMS, "outcomes"),
    "avoidable_share_of_admissions": (CLAIMS, "outcomes"),
}
STANDS = {  # figures that the start is made of, whatever the draw, and why no knob turns them
    "contacts_deprivation_ratio": "contacts asked for by deprivation are of the start, the same in every draw",
    "staff_fte": "it stands in for staff that an England does not know",
    "partners_national": "it stands in for partners that an England does not know",
    "qualified_gps_national": "it stands in for GPs that an England does not know, and says what part of the nation's GPs an England has",
}
Array = npt.NDArray[np.float64]


@cache
def own() -> Mapping[str, Value]:
    """The figures of values.yaml, by name."""
    return read_values(FILE, chapters.sources(), "futures/values.yaml")


@cache
def figures() -> Mapping[str, Value]:
    """Every figure by its name, with its sources, grade and range: these own, and those read from where they stand."""
    from ..findings.claims.inputs import (
        evidence,
    )  # here, so that figures load without the claims where nothing asks for them

    read = {n: (evidence() if place == CLAIMS else chapters.load(place).values)[n] for n, (place, _) in READ.items()}
    return {**own(), **read}


@cache
def moving() -> Mapping[str, Value]:
    """The figures that knobs turn and draws move: all but those that only the start is made of."""
    return {n: v for n, v in figures().items() if n not in STANDS}


def found(name: str) -> Value:
    """A figure with its sources, grade and range; an error names the nearest where there is none."""
    if name not in figures():
        raise InputError(
            f"no figure '{name}'", expected="a name of gpcontract.futures.figures", hint=nearest(name, figures())
        )
    return figures()[name]


def table(name: str) -> Array:
    """The figure that stands last: a scalar array, or the table's shape."""
    return np.asarray(found(name).entries[-1].value, dtype=np.float64)


def figure(name: str) -> float:
    """A plain figure."""
    value = found(name)
    if value.shape:
        raise InputError(f"'{name}' is a table by {', '.join(value.keys)}", expected="table(name)")
    return float(table(name))


def drawn_figures(names: Iterable[str], draws: int, seed: int, year: int) -> dict[str, Array]:
    """Figures of a year in each draw: (draw,), or (key, draw) for a table. Draw 0 is the central estimate.

    Each is drawn within its range by one number (a table's range is a factor on the whole of it); a figure without a range is
    the same in every draw. After the last year that it is known for, a figure stands as it last was.
    """
    made = {}
    for name in names:
        value = found(name)
        taken = worlds.drawn(value, (min(year, last_year(value)),), draws, seed)[..., 0, 0]
        made[name] = np.broadcast_to(taken, (*value.shape, draws)).copy()
    return made


def last_year(value: Value) -> int:
    """The last year that a figure is known for to its end, 31 March; 9998 where it has no end."""
    last = max(e.last for e in value.entries if e.status != "superseded")
    return last.year - 1 if last_day(last.year - 1) <= last else last.year - 2


def log() -> list[dict[str, Any]]:
    """The log of assumptions: what the years ahead rest on, a row for each figure, in the order in which a year's step reads them.

    Each row: name, title, unit, keys, central, range that draws are taken from (of a table: of a factor), whether it moves, grade, status, assumed, note, sources, owner (the
    chapter that holds it, `claims` or `futures`), and the part of the step that uses it.
    """
    rows = []
    for name, value in figures().items():
        place, used = READ.get(name, (OWNER, value.clause))
        entry, listed = value.entries[-1], chapters.sources()
        rows.append(
            {
                "name": name,
                "title": value.title,
                "unit": value.unit,
                "keys": {axis: list(each) for axis, each in value.keys.items()},
                "central": entry.value,
                "range": list(entry.range) if entry.range and name in moving() else None,
                "moves": name in moving(),
                "grade": entry.grade,
                "status": entry.status,
                "assumed": entry.assumed,
                "note": " ".join(x for x in (value.note, entry.note) if x),
                "sources": [listed[s].title for s in entry.sources],
                "owner": place,
                "used": used,
            }
        )
    return sorted(rows, key=lambda row: PARTS.index(row["used"]))
