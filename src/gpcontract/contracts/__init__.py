"""The contracts: which chapters, from when, with which edits, whose proposal; and running them over an England."""

from .contract import Contract, names
from .pricing import rerun, run
from .result import Line, Result

__all__ = ["Contract", "Line", "Result", "names", "rerun", "run"]
