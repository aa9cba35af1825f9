"""What every drawing is made of: elements of SVG, scales, and a legend that words carry and not colour alone.

Drawings are fluid. Places across are per cent of the width and heights are pixels, so that one drawing is right on a phone,
on a desk and on paper, and its words keep their size. Colours are classes of the page's style sheet, which also says how
they look in print and in forced colours; losses are hatched besides.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ...findings.winners import EDGES

LINE = 20  # pixels from one line of words to the next
BAR = 14  # height of a bar
GAP = 10  # between rows
WIDE = 34  # letters of a label that fit on the narrowest phone

#: Seven classes of change, from large losses to large gains, as winners, losers and both maps draw them.
CLASSES = ("loss3", "loss2", "loss1", "same", "gain1", "gain2", "gain3")
HATCHED = ("loss", "loss2", "loss3")


@dataclass(frozen=True)
class Drawing:
    """A drawing that has no title yet. width: None where it is fluid, else the width of its own coordinates.

    about: what kind of drawing it is and what it shows, for those who cannot see it.  key: class and words of the legend.
    """

    marks: str
    height: float
    about: str
    width: float | None = None
    key: tuple[tuple[str, str], ...] = ()

    def svg(self, name: str, title: str) -> str:
        """The drawing as an SVG element with its title and description. name: unique on the page."""
        size = (
            {"width": "100%", "height": f"{self.height:g}"}
            if self.width is None
            else {"viewBox": f"0 0 {self.width:g} {self.height:g}"}
        )
        said = tag("title", escape(title), id=f"{name}-title") + tag("desc", escape(self.about), id=f"{name}-about")
        hatch = _hatch(name) if "@hatch" in self.marks else ""
        marks = self.marks.replace("@hatch", f"url(#{name}-hatch)")
        return tag(
            "svg", said + hatch + marks, **size, kind="chart" if self.width is None else "chart map",
            role="img", aria_labelledby=f"{name}-title", aria_describedby=f"{name}-about",
        )  # fmt: skip


def tag(name: str, content: str = "", kind: str = "", **attributes: str | float) -> str:
    """An element. kind is its class; other attributes take _ for -, and numbers are written short."""
    written = {"class": kind} if kind else {}
    for k, v in attributes.items():
        written[k.replace("_", "-")] = v if isinstance(v, str) else f"{round(v, 2):g}"
    inside = "".join(f' {k}="{escape(v)}"' for k, v in written.items())
    return f"<{name}{inside}>{content}</{name}>" if content else f"<{name}{inside}/>"


def _hatch(name: str) -> str:
    stripe = tag("path", kind="hatch", d="M0 9L9 0M-1 1L1 -1M8 10L10 8")
    pattern = tag("pattern", stripe, id=f"{name}-hatch", width=9, height=9, patternUnits="userSpaceOnUse")
    return tag("defs", pattern)


def words(text: str, x: float | str, y: float, kind: str = "", anchor: str = "") -> str:
    """Words at a place. anchor: start, middle or end."""
    more = {"text_anchor": anchor} if anchor else {}
    return tag("text", escape(text), x=at(x), y=y, kind=kind, **more)


def at(x: float | str) -> str:
    """A place across, in per cent of the width."""
    return x if isinstance(x, str) else f"{round(x, 2):g}%"


def rect(x: float, y: float, width: float, height: float, kind: str, hatched: bool = False) -> str:
    """A bar; hatched where colour alone would tell it from another."""
    solid = tag("rect", x=at(x), y=y, width=at(width), height=height, kind=f"mark {kind}")
    if not hatched:
        return solid
    return solid + tag("rect", x=at(x), y=y, width=at(width), height=height, kind="over", fill="@hatch")


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return tag("line", x1=at(x1), y1=y1, x2=at(x2), y2=y2, kind=kind)


def wrapped(text: str, width: int = WIDE) -> list[str]:
    """A label over as many lines as a phone needs."""
    return textwrap.wrap(text, width) or [""]


def known(numbers: Sequence[float]) -> list[float]:
    """The numbers that are known."""
    return [x for x in numbers if math.isfinite(x)]


def scale(low: float, high: float, start: float = 0.0, end: float = 100.0) -> Callable[[float], float]:
    """From figures between low and high to places between start and end; all in the middle where there is no span."""
    span = high - low
    if not span > 0:
        return lambda x: (start + end) / 2
    return lambda x: start + (end - start) * (x - low) / span


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round figures between low and high, about so many of them."""
    span = high - low
    if not span > 1e-9 * max(abs(low), abs(high), 1e-9):
        return [low]
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def apart(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """The middles of things of some sizes, moved as little as keeps them from touching, in order and between low and high.

    >>> apart([10, 12, 50], [10, 10, 10], 0, 100)
    [6.0, 16.0, 50.0]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    before = [0.0]  # how far each lies from the first when all touch
    for i, j in pairwise(order):
        before.append(before[-1] + (sizes[i] + sizes[j]) / 2)
    blocks: list[list[float]] = []  # [sum of where the first would lie, count]: neighbours that touch move as one
    for n, i in enumerate(order):
        blocks.append([places[i] - before[n], 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    floor = low + (sizes[order[0]] / 2 if order else 0)
    ceiling = max(floor, high - before[-1] - (sizes[order[-1]] / 2 if order else 0))
    starts = [max(floor, min(ceiling, total / count)) for total, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(places)
    for n, i in enumerate(order):
        placed[i] = round(starts[n] + before[n], 2)
    return placed


def class_of(change: float) -> str:
    """The class of a change as a fraction: class_of(0.07) is 'gain2'; 'unknown' where nothing is known."""
    if not math.isfinite(change):
        return "unknown"
    return CLASSES[sum(change >= e if e > 0 else change > e for e in EDGES)]  # a boundary belongs to the larger change


def swatch(kind: str) -> str:
    """The sign of one entry of a legend, drawn as its marks are drawn."""
    if kind.startswith("place"):
        shape = {"s": "M9 7h0", "l": "M9 12l-6-9h12z", "g": "M9 2l-6 9h12z"}[kind.split()[1][0]]
        inside = tag("path", d=shape, kind=f"{kind} large")
    elif kind.startswith("curve"):
        inside = tag("path", d="M0 7h18", kind=kind)
    elif kind in ("dot", "range"):
        inside = tag("circle", cx=9, cy=7, r=6, kind=kind) if kind == "dot" else tag("path", d="M1 7h16", kind=kind)
    else:
        inside = tag("rect", x=0.5, y=0.5, width=17, height=13, kind=kind if "band" in kind else f"mark {kind}")
        if kind in HATCHED:
            inside += tag("path", d="M0 7L7 0M2 14L16 0M11 14L18 7", kind="hatch")
    return tag("svg", inside, kind="swatch", width=18, height=14, aria_hidden="true")
