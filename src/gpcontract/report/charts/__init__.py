"""Charts as SVG, each drawn from columns of a table: bars, ranges, steps, lines and slopes."""

from .curves import lines, slopes
from .rows import bars, diverging, grouped, ranges, stacked, waterfall
from .svg import Drawing

__all__ = ["Drawing", "bars", "diverging", "grouped", "lines", "ranges", "slopes", "stacked", "waterfall"]
