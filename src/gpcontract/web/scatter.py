"""A scatter in which each point leads to a practice's page. It is hidden from screen readers: the table beside it holds the same links.

Some hundreds of points are links as they stand. Of thousands each class of change is one path, and `points.js` moves a
single link to the point that is nearest to the pointer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from markupsafe import Markup

from ..report.charts.svg import class_of, line, scale, tag, ticks, words
from ..report.tables import shown
from .links import to

HEIGHT, TOP, FOOT, LEFT, RIGHT = 320, 18, 26, 9.0, 98.0  # pixels down; per cent across
MOST = 700  # points that are drawn as links


@dataclass(frozen=True)
class Point:
    """One practice: where it stands, what it is called and its code."""

    x: float
    y: float
    name: str
    code: str

    @property
    def said(self) -> str:
        """Its name and its change."""
        return f"{self.name}: {shown(self.y, 'change')}"


@dataclass(frozen=True)
class Placed:
    """A point on the drawing: per cent across and pixels down."""

    point: Point
    across: float
    down: float

    @property
    def kind(self) -> str:
        """The class of its change."""
        return class_of(self.point.y)


def scatter(points: Sequence[Point], asked: str, across: str, x_kind: str, up: str, log: bool = False) -> Markup:
    """Points over a figure across (by doublings if `log`) and a change up. asked: the query that each page is opened with."""
    held = [p for p in points if math.isfinite(p.x) and math.isfinite(p.y) and (not log or p.x > 0)]
    if not held:
        return Markup("")
    held.sort(key=lambda p: -p.y)
    bend: Callable[[float], float] = math.log10 if log else float
    xs, ys = [bend(p.x) for p in held], [p.y for p in held]
    low, high = min([*ys, 0.0]), max([*ys, 0.0])
    pad = (high - low) * 0.05 or 0.01
    to_x = scale(min(xs), max(xs), LEFT + 1.5, RIGHT - 1)
    to_y = scale(low - pad, high + pad, TOP + HEIGHT, TOP)
    marks, labels = [], []  # labels lie on top: on a phone they reach into the points
    for level in ticks(low, high, 5):
        marks.append(line(0, to_y(level), RIGHT, to_y(level), "axis" if abs(level) < 1e-12 else "rule"))
        labels.append(words(shown(level, "change"), 0, to_y(level) - 5, "tick"))
    for step in _steps(held, log):
        place = to_x(bend(step))
        marks.append(line(place, TOP + HEIGHT, place, TOP + HEIGHT + 5, "axis"))
        marks.append(words(shown(step, x_kind), place, TOP + HEIGHT + 20, "tick", "middle"))
    placed = [Placed(p, round(to_x(x), 2), round(to_y(p.y), 1)) for p, x in zip(held, xs, strict=True)]
    marks += (*(_links if len(placed) <= MOST else _dots)(placed, asked), *labels)
    drawn = tag("svg", "".join(marks), kind="chart", width="100%", height=str(TOP + HEIGHT + FOOT), aria_hidden="true")
    return Markup(f'<p class="axis-name">{escape(up)}</p>{drawn}<p class="axis-name across">{escape(across)}</p>')


def _links(placed: Sequence[Placed], asked: str) -> list[str]:
    """Each point as a link."""
    made = []
    for p in placed:
        said = tag("title", escape(p.point.said))
        dot = tag("circle", said, cx=f"{p.across}%", cy=p.down, r=5, kind=f"spot {p.kind}")
        made.append(tag("a", dot, href=to("practice", p.point.code) + asked, tabindex="-1"))
    return made


def _dots(placed: Sequence[Placed], asked: str) -> list[str]:
    """A path of dots for each class of change with whose they are, and the link that the script moves to one of them."""
    made = []
    for kind, alike in groupby(placed, lambda p: p.kind):
        some = list(alike)
        path = "".join(f"M{p.across:g} {p.down:g}h0" for p in some)
        whose = {"data_codes": " ".join(p.point.code for p in some), "data_said": "\n".join(p.point.said for p in some)}
        made.append(tag("path", d=path, kind=f"dots {kind}", **whose))
    size = {"width": "100%", "height": str(TOP + HEIGHT), "viewBox": f"0 0 100 {TOP + HEIGHT}"}
    link = tag("a", tag("circle", kind="ring", r=0), tabindex="-1", data_asked=asked)
    return [tag("svg", "".join(made), preserveAspectRatio="none", **size), link]


def _steps(points: Sequence[Point], log: bool) -> list[float]:
    low, high = min(p.x for p in points), max(p.x for p in points)
    if not log:
        return ticks(low, high, 5)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [m * 10.0**p for p in powers for m in (1, 2, 5) if low <= m * 10.0**p <= high]
