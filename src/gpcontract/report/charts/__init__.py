"""Charts as SVG, each drawn from columns of a table: bars, ranges, steps, lines, slopes and fans."""

from .curves import lines, slopes
from .fan import fan, panels
from .rows import bars, diverging, grouped, ranges, stacked, waterfall
from .svg import Drawing

__all__ = [
    "Drawing",
    "bars",
    "diverging",
    "fan",
    "grouped",
    "lines",
    "panels",
    "ranges",
    "slopes",
    "stacked",
    "waterfall",
]
