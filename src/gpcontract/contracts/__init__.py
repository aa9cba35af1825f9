"""The contracts: which chapters, from when, with which edits, whose proposal; and running them over an England."""

from .contract import Contract
from .mechanisms import Mechanism
from .pricing import rerun, run
from .reading import mistakes, names
from .result import Line, Result

__all__ = ["Contract", "Line", "Mechanism", "Result", "mistakes", "names", "rerun", "run"]
