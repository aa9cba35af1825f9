"""Charts of curves: lines with bands, and slopes. Each line is named at its end and dashed in its own way."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from ..tables import Column, Table, shown
from .rows import SERIES
from .svg import Drawing, apart, at, known, line, scale, tag, ticks, words, wrapped

TOP, HEIGHT, FOOT = 10, 260, 46  # pixels: above the plot, the plot, and the words of the axis below it
PLOT = 57.0  # per cent of the width; names of the lines stand to the right of it
INSET = 27.0  # per cent of the plot that is left to the figures of the scale
ROUND = {"pence": "pounds", "change_pence": "change_pounds"}  # what whole figures are shown as
STEP = 16  # pixels from one line of a name to the next
LINES = 3  # that a name may take
LETTERS = 13  # of a name that fit beside the plot on the narrowest phone

Line = Sequence[tuple[float, float]]  # places across in per cent of the plot, and pixels down


def slopes(table: Table, label: str, values: Sequence[str], across: str, short: Sequence[str] = ()) -> Drawing:
    """One line for each row over columns in order, such as deprivation fifths.

    across: what the columns are, in words.  short: a word or figure for each column, where titles are too long for an axis.
    """
    columns = [table.columns[table.at(v)] for v in values]
    numbers = list(zip(*(table.numbers(v) for v in values), strict=True))
    to_y, levels = _levels(known([x for row in numbers for x in row]))
    places = [INSET + (100 - INSET) * i / max(len(values) - 1, 1) for i in range(len(values))]
    drawn = [[(p, to_y(x)) for p, x in zip(places, row, strict=True) if math.isfinite(x)] for row in numbers]
    names = table.texts(label)
    feet = short or [c.title for c in columns]
    marks = _grid([to_y(v) for v in levels], PLOT) + _lines(drawn, names, PLOT) + _figures(columns[0], levels, to_y)
    marks += _foot([(f, PLOT * p / 100) for f, p in zip(feet, places, strict=True)], across)
    start = columns[0].shown(levels[0])
    ends = "; ".join(
        f"{n} from {columns[0].shown(row[0])} to {columns[-1].shown(row[-1])}"
        for n, row in zip(names, numbers, strict=True)
    )
    about = (
        f"Line chart of {len(names)} lines over {across}. The scale does not begin at nought but at {start}. {ends}."
    )
    return Drawing("".join(marks), TOP + HEIGHT + FOOT, about)


def lines(
    table: Table,
    x: str,
    series: Sequence[str],
    bands: Mapping[str, tuple[str, str]] | None = None,
    log: bool = False,
    down: str = "",
) -> Drawing:
    """Lines over a number, such as list size, with a band from a low to a high column around some.

    series: columns.  bands: of a column of series, its low and high columns.  log: whether x is by doublings.
    down: what the figures are, in words.
    """
    bands = bands or {}
    columns = [table.columns[table.at(s)] for s in series]
    xs = table.numbers(x)
    shares = {n: table.numbers(n) for n in {*series, *(b for both in bands.values() for b in both)}}
    to_y, levels = _levels(known([v for vs in shares.values() for v in vs]), zero=True)
    held = known([v for v in xs if not log or v > 0])
    bend = math.log10 if log else float
    across = scale(bend(min(held, default=1)), bend(max(held, default=1)), INSET, 100)
    ground, width = table.columns[table.at(x)], PLOT if len(series) > 1 else 100.0
    steps = (
        _decades(min(held, default=1), max(held, default=1))
        if log
        else ticks(min(held, default=0), max(held, default=1))
    )

    def path(column: str) -> list[tuple[float, float]]:
        return [(across(bend(a)), to_y(b)) for a, b in zip(xs, shares[column], strict=True) if math.isfinite(b)]

    marks = [_plot(_area([*path(low), *reversed(path(high))], i), width) for i, (low, high) in _of(series, bands)]
    marks += _grid([to_y(v) for v in levels], width)
    marks += _lines([path(s) for s in series], [c.title for c in columns] if len(series) > 1 else [], width)
    marks += _figures(columns[0], levels, to_y)
    marks += _foot([(ground.shown(v), width * across(bend(v)) / 100) for v in steps], ground.title)
    said = ", ".join(c.title for c in columns)
    banded = " The shaded bands run from the low to the high figure." if bands else ""
    about = f"Line chart of {down or said} by {ground.title.lower()}{', by doublings' if log else ''}: {said}.{banded}"
    key = tuple((f"band b{i + 1}", f"{columns[i].title}, from low to high") for i, _ in _of(series, bands))
    return Drawing("".join(marks), TOP + HEIGHT + FOOT, about, key=key)


def _of(series: Sequence[str], bands: Mapping[str, tuple[str, str]]) -> list[tuple[int, tuple[str, str]]]:
    return [(i % SERIES, bands[s]) for i, s in enumerate(series) if s in bands]


def _levels(numbers: list[float], zero: bool = False) -> tuple[Callable[[float], float], list[float]]:
    """A scale down the plot that holds all numbers, and the round figures at which it is ruled."""
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    low = min(low, 0.0) if zero else low
    rules = ticks(low, high) if high > low else [low]
    step = rules[1] - rules[0] if len(rules) > 1 else max(high - low, abs(high) / 10) or 1.0
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return scale(bottom, max(top, bottom + step), TOP + HEIGHT, TOP), ticks(bottom, max(top, bottom + step), 5)


def _decades(low: float, high: float) -> list[float]:
    """1, 3 and 10 times powers of ten between two figures: what a scale by doublings is marked with."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [m * 10.0**p for p in powers for m in (1, 3) if low <= m * 10.0**p <= high]


def _grid(heights: Sequence[float], width: float) -> list[str]:
    return [line(0, y, width, y, "rule") for y in heights]


def _figures(column: Column, levels: Sequence[float], to_y: Callable[[float], float]) -> list[str]:
    """The figure of each level rule, just above it and inside the plot, so that phones lose no width."""
    kind = ROUND.get(column.kind, column.kind) if all(v == round(v) for v in levels) else column.kind
    return [words(shown(v, kind), 0, to_y(v) - 4, "tick") for v in levels]


def _foot(steps: Sequence[tuple[str, float]], across: str) -> list[str]:
    """The axis below: a short rule and a word at each step, and what the steps are."""
    last = max((p for _, p in steps), default=0)
    out = []
    for text, place in steps:
        anchor = "end" if place >= last and place > 90 else "middle"
        out.append(line(place, TOP + HEIGHT, place, TOP + HEIGHT + 5, "axis"))
        out.append(words(text, place, TOP + HEIGHT + 20, "tick", anchor))
    return [*out, words(across, 0, TOP + HEIGHT + 42, "tick")]


def _lines(drawn: Sequence[Line], names: Sequence[str], width: float) -> list[str]:
    """The lines with a dot at each end, and their names beside their last points, kept apart."""
    marks = [_plot(_path(points, i), width) for i, points in enumerate(drawn)]
    for i, points in enumerate(drawn):
        for p, y in (points[0], points[-1]) if points else ():
            marks.append(tag("circle", cx=at(width * p / 100), cy=y, r=4, kind=f"point s{1 + i % SERIES}"))
    named = [i for i, _ in enumerate(names) if drawn[i]]
    parts = {i: wrapped(names[i], LETTERS)[:LINES] for i in named}
    sizes = [STEP * len(parts[i]) + 2 for i in named]
    heights = apart([drawn[i][-1][1] for i in named], sizes, 0, TOP + HEIGHT + 8)
    for i, y in zip(named, heights, strict=True):
        x = width * drawn[i][-1][0] / 100
        marks.append(line(x, drawn[i][-1][1], width + 3, y, f"leader s{1 + i % SERIES}"))
        top = y + 5 - STEP * (len(parts[i]) - 1) / 2
        for n, part in enumerate(parts[i]):
            marks.append(words(part, width + 4, top + STEP * n, f"end s{1 + i % SERIES}"))
    return marks


def _plot(content: str, width: float) -> str:
    """A part of the drawing with its own places across, stretched without stretching the strokes."""
    height = TOP + HEIGHT
    return tag(
        "svg", content, x=0, y=0, width=at(width), height=height, viewBox=f"0 0 100 {height}",
        preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip


def _path(points: Line, i: int) -> str:
    return tag("polyline", points=_points(points), kind=f"curve s{1 + i % SERIES}", vector_effect="non-scaling-stroke")


def _area(points: Line, i: int) -> str:
    return tag("polygon", points=_points(points), kind=f"band b{1 + i % SERIES}")


def _points(points: Line) -> str:
    return " ".join(f"{round(x, 2):g},{round(y, 1):g}" for x, y in points)
