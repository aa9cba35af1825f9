"""A scatter in which each point leads to a page. It is hidden from screen readers: the table beside it holds the same links."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from ..report.charts.svg import class_of, line, scale, tag, ticks, words
from ..report.tables import shown

HEIGHT, TOP, FOOT, LEFT, RIGHT = 320, 12, 44, 9.0, 98.0  # pixels down; per cent across
MOST = 700  # points that are drawn as links


@dataclass(frozen=True)
class Point:
    """One point: where it stands, what it is called and where it leads."""

    x: float
    y: float
    name: str
    href: str


def scatter(points: Sequence[Point], across: str, x_kind: str, up: str, log: bool = False) -> Markup:
    """Points over a figure across (by doublings if `log`) and a change up; a triangle up or down where it gains or loses over 1%."""
    held = [p for p in points if math.isfinite(p.x) and math.isfinite(p.y) and (not log or p.x > 0)]
    if not held:
        return Markup("")
    bend: Callable[[float], float] = math.log10 if log else float
    xs, ys = [bend(p.x) for p in held], [p.y for p in held]
    low, high = min([*ys, 0.0]), max([*ys, 0.0])
    pad = (high - low) * 0.05 or 0.01
    to_x = scale(min(xs), max(xs), LEFT + 1.5, RIGHT - 1)
    to_y = scale(low - pad, high + pad, TOP + HEIGHT, TOP)
    marks = []
    for level in ticks(low, high, 5):
        marks.append(line(LEFT, to_y(level), RIGHT, to_y(level), "axis" if abs(level) < 1e-12 else "rule"))
        marks.append(words(shown(level, "change"), LEFT - 1, to_y(level) + 4, "tick", "end"))
    for step in _steps(held, log):
        place = to_x(bend(step))
        marks.append(line(place, TOP + HEIGHT, place, TOP + HEIGHT + 5, "axis"))
        marks.append(words(shown(step, x_kind), place, TOP + HEIGHT + 20, "tick", "middle"))
    marks.append(words(across, (LEFT + RIGHT) / 2, TOP + HEIGHT + 40, "tick", "middle"))
    linked = len(held) <= MOST
    for p, x in zip(held, xs, strict=True):
        kind = class_of(p.y)
        dot = tag("circle", cx=f"{to_x(x):.2f}%", cy=round(to_y(p.y), 1), r=5 if linked else 2.5, kind=f"spot {kind}")
        if linked:
            said = f"<title>{escape(p.name)}: {shown(p.y, 'change')}</title>"
            dot = f'<a href="{escape(p.href)}" tabindex="-1">{dot[:-2]}>{said}</circle></a>'
        marks.append(dot)
    return Markup(f'<p class="tick up-axis">{escape(up)}</p>') + Markup(
        tag("svg", "".join(marks), kind="chart", width="100%", height=str(TOP + HEIGHT + FOOT), aria_hidden="true")
    )


def _steps(points: Sequence[Point], log: bool) -> list[float]:
    low, high = min(p.x for p in points), max(p.x for p in points)
    if not log:
        return ticks(low, high, 5)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [m * 10.0**p for p in powers for m in (1, 2, 5) if low <= m * 10.0**p <= high]
