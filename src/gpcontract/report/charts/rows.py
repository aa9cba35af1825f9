"""Charts in rows: a line of words with its figure, and a mark beneath. They read from the top like a table with bars."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..tables import Table, shown
from .svg import BAR, CLASSES, GAP, HATCHED, LINE, Drawing, at, known, line, rect, scale, tag, words, wrapped

SERIES = 6  # ways of drawing that can be told apart
TALL = 22  # height of a bar with figures in it
REACH = 72  # per cent of the width that bars may fill; their figures stand to the right of it


class _Rows:
    """Rows as they are laid under each other: a label, then its marks with the figure at the right."""

    def __init__(self) -> None:
        self.marks: list[str] = []
        self.y = 0.0

    def heading(self, text: str) -> None:
        """A line of words over a group of rows."""
        self.y += 8 if self.marks else 0
        self.marks.append(words(text, 0, self.y + 15, "label strong"))
        self.y += LINE + 4

    def row(self, label: str, figure: str, strong: bool = False, under: bool = False, bar: int = BAR) -> float:
        """A label and its figure; gives the height at which the marks of the row begin.

        under: the figure is a line of its own below the label, and the marks take the whole width.
        """
        kind = " strong" if strong else ""
        for part in wrapped(label):
            self.marks.append(words(part, 0, self.y + 15, f"label{kind}"))
            self.y += LINE
        if under:
            self.marks.append(words(figure, 0, self.y + 14, "tick"))
            self.y += LINE
        y = self.y + 3
        if not under:
            self.marks.append(words(figure, 100, y + 12, f"figure{kind}", "end"))
        self.y += bar + 3 + GAP
        return y

    def drawing(self, about: str, key: tuple[tuple[str, str], ...] = ()) -> Drawing:
        return Drawing("".join(self.marks), max(self.y - GAP + 4, 0), about, key=key)


def bars(table: Table, label: str, value: str, first: int | None = None, pale: str | None = None) -> Drawing:
    """One bar for each row, from nought. first: how many rows are drawn. pale: a yes-or-no column of bars drawn in grey."""
    names, figures, numbers = table.texts(label)[:first], table.texts(value)[:first], table.numbers(value)[:first]
    grey = table.column(pale)[:first] if pale else [None] * len(names)
    if any(x < 0 for x in numbers):
        return diverging(table, label, value, first)
    to = scale(0, max(known(numbers), default=0), 0, REACH)
    rows = _Rows()
    for name, figure, x, is_pale in zip(names, figures, numbers, grey, strict=True):
        y = rows.row(name, figure)
        if math.isfinite(x) and x > 0:
            rows.marks.append(rect(0, y, to(x), BAR, "pale" if is_pale else "s2", bool(is_pale)))
    return rows.drawing(f"Bar chart. {_extremes(names, figures, numbers)}")


def grouped(table: Table, label: str, values: Sequence[str]) -> Drawing:
    """Under each row's name, one bar for each of some columns: the same columns in the same order and look everywhere."""
    columns = [table.columns[table.at(v)] for v in values]
    numbers = [table.numbers(v) for v in values]
    to = scale(0, max(known([x for xs in numbers for x in xs]), default=0), 0, REACH)
    rows = _Rows()
    for i, name in enumerate(table.texts(label)):
        rows.heading(name)
        for j, column in enumerate(columns):
            x = numbers[j][i]
            y = rows.row(column.title, column.shown(table.rows[i][table.at(column.name)]))
            if math.isfinite(x) and x > 0:
                rows.marks.append(rect(0, y, to(x), BAR, f"s{1 + j % SERIES}"))
    titles = ", ".join(c.title for c in columns)
    return rows.drawing(f"Bars in {len(table.rows)} groups; in each group one bar for each of: {titles}.")


def diverging(table: Table, label: str, value: str, first: int | None = None) -> Drawing:
    """Bars to the right of nought for gains, and hatched to its left for losses."""
    names, figures, numbers = table.texts(label)[:first], table.texts(value)[:first], table.numbers(value)[:first]
    low, high = min([0.0, *known(numbers)]), max([0.0, *known(numbers)])
    to = scale(low, high, 0, REACH)
    rows = _Rows()
    for name, figure, x in zip(names, figures, numbers, strict=True):
        y = rows.row(name, figure)
        if math.isfinite(x):
            rows.marks.append(rect(min(to(x), to(0)), y, abs(to(x) - to(0)), BAR, "loss" if x < 0 else "gain", x < 0))
            rows.marks.append(line(to(0), y - 2, to(0), y + BAR + 2, "axis"))
    losses = sum(x < 0 for x in known(numbers))
    key = (("loss", "less"), ("gain", "more")) if losses else ()
    return rows.drawing(
        f"Bar chart about nought, {losses} of {len(names)} below it. {_extremes(names, figures, numbers)}", key
    )


def stacked(table: Table, label: str, values: Sequence[str]) -> Drawing:
    """Each row's shares from large losses to large gains, laid so that the middle class straddles the middle line.

    values: seven columns of counts or shares in the order of svg.CLASSES. Shares that have room are printed in their part.
    """
    columns = [table.columns[table.at(v)] for v in values]
    counts = [[0.0 if math.isnan(x) else x for x in table.numbers(v)] for v in values]
    sums = [sum(row) or 1.0 for row in zip(*counts, strict=True)]
    shares = [[x / n for x, n in zip(xs, sums, strict=True)] for xs in counts]
    half = len(values) // 2
    reach = max(
        (max(_left(row, half), sum(row) - _left(row, half)) for row in zip(*shares, strict=True)), default=0.5
    )  # fmt: skip
    to = scale(-reach, reach)
    rows = _Rows()
    for i, name in enumerate(table.texts(label)):
        row = [s[i] for s in shares]
        lose, gain = sum(row[:half]), sum(row[half + 1 :])
        y = rows.row(name, f"{shown(lose, 'share')} lose, {shown(gain, 'share')} gain", under=True, bar=TALL)
        x = -_left(row, half)
        for kind, share in zip(CLASSES, row, strict=True):
            if share > 0:
                rows.marks.append(rect(to(x), y, to(x + share) - to(x), TALL, kind, kind in HATCHED))
            if share / (2 * reach) > 0.13 and kind not in HATCHED:
                rows.marks.append(words(shown(share, "share"), to(x + share / 2), y + 16, f"in {kind}", "middle"))
            x += share
        rows.marks += [line(50, y - 4, 50, y, "axis"), line(50, y + TALL, 50, y + TALL + 4, "axis")]
    key = tuple((k, c.title) for k, c in zip(CLASSES, columns, strict=True))
    said = "Each bar is all of one row, cut into shares from large losses on the left to large gains on the right."
    return rows.drawing(f"Stacked bars. {said}", key)


def _left(row: Sequence[float], half: int) -> float:
    return sum(row[:half]) + row[half] / 2


def waterfall(table: Table, label: str, value: str) -> Drawing:
    """What each step adds, each bar beginning where the one before ended. The last row is the whole change, from nought."""
    names, figures, numbers = table.texts(label), table.texts(value), table.numbers(value)
    sums = [0.0]
    for x in numbers[:-1]:
        sums.append(sums[-1] + (x if math.isfinite(x) else 0))
    whole = numbers[-1] if numbers else 0.0
    to = scale(min([*sums, whole, 0]), max([*sums, whole, 0]), 0, REACH)
    rows = _Rows()
    for i, (name, figure, x) in enumerate(zip(names, figures, numbers, strict=True)):
        last = i == len(names) - 1
        y = rows.row(name, figure, strong=last)
        start = 0.0 if last else sums[i]
        if math.isfinite(x):
            left, right = sorted((to(start), to(start + x)))
            rows.marks.append(
                rect(left, y, right - left, BAR, "total" if last else "loss" if x < 0 else "gain", x < 0 and not last)
            )
        rows.marks.append(line(to(0), y - 2, to(0), y + BAR + 2, "axis"))
        if not last and i + 1 < len(sums):
            rows.marks.append(
                line(
                    to(sums[i + 1]), y + BAR, to(sums[i + 1]), rows.y + LINE * len(wrapped(names[i + 1])) + 3, "leader"
                )
            )
    said = f"Waterfall of {len(names) - 1} steps; in all {figures[-1]}." if names else "Waterfall of no steps."
    return rows.drawing(said, (("loss", "takes away"), ("gain", "adds"), ("total", "in all")))


def ranges(
    table: Table, label: str, low: str, high: str, estimate: str, first: int | None = None, zero: bool = False
) -> Drawing:
    """A line from low to high with a dot at the estimate: intervals, and tornados. zero: whether nought must be on the scale."""
    names = table.texts(label)[:first]
    lows, highs, middles = (table.numbers(n)[:first] for n in (low, high, estimate))
    below, above = table.texts(low)[:first], table.texts(high)[:first]
    every = known([*lows, *highs, *middles, *([0.0] if zero else [])])
    to = scale(min(every, default=0), max(every, default=0), 1.5, 98.5)
    rows = _Rows()
    for i, name in enumerate(names):
        y = rows.row(name, f"{below[i]} to {above[i]}", under=True) + BAR / 2
        ends = known([lows[i], highs[i]])
        if ends:
            rows.marks.append(line(to(min(ends)), y, to(max(ends)), y, "range"))
            rows.marks += [line(to(e), y - 6, to(e), y + 6, "range end") for e in ends]
        if math.isfinite(middles[i]):
            rows.marks.append(tag("circle", cx=at(to(middles[i])), cy=y, r=6, kind="dot"))
        if zero:
            rows.marks.append(line(to(0), y - 9, to(0), y + 9, "axis"))
    said = f"Ranges of {len(names)} rows: a line from the lowest to the highest figure, a dot at the estimate."
    return rows.drawing(said, (("dot", "estimate"), ("range", "from lowest to highest")))


def _extremes(names: Sequence[str], figures: Sequence[str], numbers: Sequence[float]) -> str:
    """The largest and the smallest row, in words."""
    held = [i for i, x in enumerate(numbers) if math.isfinite(x)]
    if not held:
        return "Nothing is known."
    top, bottom = max(held, key=lambda i: numbers[i]), min(held, key=lambda i: numbers[i])
    said = f"{len(names)} rows; the highest is {names[top]}, {figures[top]}"
    return said + (f"; the lowest is {names[bottom]}, {figures[bottom]}." if top != bottom else ".")
