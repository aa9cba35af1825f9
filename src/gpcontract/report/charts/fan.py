"""Fan charts: a small panel for each row of draws over years, all on one scale, with the first row's middle in each to compare by."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..tables import Column
from .curves import ROUND, _levels, _path, _points
from .svg import Drawing, known, line, scale, tag, words, wrapped

WIDTH = 46.0  # per cent of the drawing: a panel of two side by side
BETWEEN = 54.0  # where the right panel begins
HEIGHT = 120  # pixels of a panel's plot
ALONE = 240  # of one panel alone
INSET = 34.0  # per cent of a panel that is left to the figures of the scale
LETTERS = 17  # of a panel's name on the narrowest phone
STEP, ABOVE, FOOT, GAP = (
    18,
    26,
    24,
    26,
)  # pixels: a line of words, to the plot below it, the years, and to the next row of panels
MOST = 5  # rules, from which every other one has its figure


class Panel(NamedTuple):
    """One fan. quantiles: from the lowest to the highest, odd in number, each with a figure for each year.  central: the path without luck."""

    name: str
    quantiles: Sequence[Sequence[float]]
    central: Sequence[float]


def fan(panels: Sequence[Panel], years: Sequence[str], column: Column, levels: Sequence[str]) -> Drawing:
    """A panel for each. column: how figures are shown.  levels: what each band is, from the widest, in words."""
    half = len(levels)
    every = known([x for p in panels for row in (*p.quantiles, p.central) for x in row])
    alone = len(panels) == 1
    tall, width, letters = (ALONE, 100.0, 2 * LETTERS) if alone else (HEIGHT, WIDTH, LETTERS)
    _, rules = _levels(every)
    figured = rules if len(rules) < MOST else rules[::2]
    to_y = scale(rules[0], rules[-1], tall, 0)
    inset = INSET / (2 if alone else 1)
    places = [inset + (100 - inset) * i / max(len(years) - 1, 1) for i in range(len(years))]
    marks: list[str] = []
    y = 0.0
    for first in range(0, len(panels), 1 if alone else 2):
        row = panels[first : first + (1 if alone else 2)]
        heads = [_head(p, column, letters, years[-1]) for p in row]
        high = STEP * max(len(h) for h in heads) + ABOVE
        for k, (panel, head) in enumerate(zip(row, heads, strict=True)):
            x = BETWEEN * k
            for n, text in enumerate(head):
                marks.append(words(text, x, y + 14 + STEP * n, "label strong" if n < len(head) - 1 else "tick"))
            box = y + high
            marks += [line(x, box + to_y(v), x + width, box + to_y(v), "rule") for v in rules]
            inside = _marks(panel, panels[0] if panel is not panels[0] else None, places, to_y, half)
            marks.append(
                tag("svg", inside, x=f"{x:g}%", y=box, width=f"{width:g}%", height=tall, viewBox=f"0 0 100 {tall}",
                    preserveAspectRatio="none", overflow="visible")
            )  # fmt: skip
            kind = ROUND.get(column.kind, column.kind) if all(v == round(v) for v in rules) else column.kind
            shown_rules = Column("rule", "", kind)
            marks += [words(shown_rules.shown(v), x, box + to_y(v) - 4, "tick") for v in figured]
            marks.append(words(years[0], x + width * places[0] / 100, box + tall + 18, "tick", "middle"))
            marks.append(words(years[-1], x + width, box + tall + 18, "tick", "end"))
        y += high + tall + FOOT + GAP
    said = "; ".join(_said(p, column) for p in panels)
    about = (
        f"Fan chart of {len(panels)} panel{'s' if len(panels) > 1 else ''} over the years {years[0]} to {years[-1]}, on one scale that begins at {column.shown(rules[0])}. "
        f"The solid line is the middle of the draws, the bands hold {', '.join(levels)}, and the dotted line is the path without luck. "
        f"By {years[-1]}: {said}."
    )
    key = [("curve fanned", "middle of the draws"), *((f"band fanned deep{i}", text) for i, text in enumerate(levels))]
    key.append(("curve s3", "path without luck"))
    if len(panels) > 1:
        key.append(("curve s6", f"{panels[0].name}, middle"))
    return Drawing("".join(marks), y - GAP, about, key=tuple(key))


def _head(panel: Panel, column: Column, letters: int, year: str) -> list[str]:
    """The name of a panel, and its last figure: the middle."""
    middle = panel.quantiles[len(panel.quantiles) // 2][-1]
    return [*wrapped(panel.name, letters), f"{year}: {column.shown(middle)}"]


def _said(panel: Panel, column: Column) -> str:
    n = len(panel.quantiles)
    low, middle, high = (
        column.shown(panel.quantiles[i][-1]) for i in (1 if n > 3 else 0, n // 2, n - (2 if n > 3 else 1))
    )
    return f"{panel.name} {middle}, eight draws in ten from {low} to {high}"


def _marks(
    panel: Panel, other: Panel | None, places: Sequence[float], to_y: Callable[[float], float], half: int
) -> str:
    """Bands from the widest, then the first panel's middle, the path without luck and the middle."""

    def path(values: Sequence[float]) -> list[tuple[float, float]]:
        return [(p, to_y(v)) for p, v in zip(places, values, strict=True) if math.isfinite(v)]

    n = len(panel.quantiles)
    out = [
        tag("polygon", points=_points([*path(panel.quantiles[i]), *reversed(path(panel.quantiles[n - 1 - i]))]), kind="band fanned")
        for i in range(half)
    ]  # fmt: skip
    if other is not None:
        out.append(_path(path(other.quantiles[n // 2]), 5))
    out.append(_path(path(panel.central), 2))
    middle = _points(path(panel.quantiles[n // 2]))
    return "".join([*out, tag("polyline", points=middle, kind="curve fanned", vector_effect="non-scaling-stroke")])


def panels(rows: Mapping[str, tuple[Sequence[Sequence[float]], Sequence[float]]]) -> list[Panel]:
    """Panels from names with their (year, quantile) figures and their path without luck."""
    return [Panel(name, list(zip(*q, strict=True)), central) for name, (q, central) in rows.items()]
