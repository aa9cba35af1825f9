"""Every error a user can meet.

    GpContractError
    ├── LoadError        a contract, value or edit file is wrong: found when it is loaded, never later
    │   ├── UnknownName, Circle, Unsourced, Overlap, UnitMismatch, UnusedValue, EditClash
    ├── DataError        a publication or a tidy file is wrong: names file and row
    │   └── MissingFact  a rule needs something that no file in the folder gave
    ├── DownloadError    a file could not be fetched, or is not what was published
    └── InputError       a command or a call asked for something that does not exist

Each says what is wrong, where (file and line or row), what was expected, and a hint.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class GpContractError(Exception):
    """Base of all errors meant for the user: shown without a traceback."""

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        row: int | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.problem, self.file, self.line, self.row = problem, file, line, row
        self.expected, self.hint = expected, hint
        super().__init__(str(self))

    @property
    def where(self) -> str:
        """The file, with its line or row."""
        if self.file is None:
            return ""
        name = Path(self.file).name if isinstance(self.file, Path) else str(self.file)
        if self.line is not None:
            return f"{name}:{self.line}"
        return f"{name}, row {self.row}" if self.row is not None else name

    def __str__(self) -> str:
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        if self.expected:
            text += f"\n  expected: {self.expected}"
        if self.hint:
            text += f"\n  hint: {self.hint}"
        return text


class LoadError(GpContractError):
    """A contract cannot be loaded."""


class UnknownName(LoadError):
    """A rule or an edit uses a name that nothing defines."""


class Circle(LoadError):
    """Rules need each other in a circle that no lag breaks."""


class Unsourced(LoadError):
    """A value has no source, or a source that is not listed."""


class Overlap(LoadError):
    """Two values of one name are in force on the same day."""


class UnitMismatch(LoadError):
    """A value's unit is not the one its rule states."""


class UnusedValue(LoadError):
    """A value that no rule reads."""


class EditClash(LoadError):
    """Two edits change one value in one year."""


class DataError(GpContractError):
    """A file of facts is not what it should be."""


class MissingFact(DataError):
    """A rule needs a fact that this England does not hold."""


class DownloadError(GpContractError):
    """A publication could not be fetched whole."""


class InputError(GpContractError):
    """The user asked for something that does not exist or does not parse."""


def nearest(name: str, known: Iterable[str], n: int = 3) -> str | None:
    """A hint naming the closest known names, or None.

    >>> nearest("global_sum_prise", ["global_sum_price", "london_list"])
    'did you mean global_sum_price?'
    """
    close = get_close_matches(name, list(known), n=n, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else None
