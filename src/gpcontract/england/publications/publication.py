"""What a reader yields: publications, and the account of a whole folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...engine.years import year_name

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Publication:
    """One table of official figures in its canonical columns (docs/publications.md lists them by kind).

    when: a date for a dated extract, the starting year of a financial year for an annual one, None where neither applies.
    files: the file (and its member, after ' > ') that it came from.  warnings: readable sentences, each naming the file.
    """

    kind: str
    when: date | int | None
    frame: pl.DataFrame
    files: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        """How a person would name it: 'payments 2024/25', 'registrations_all 2025-03-01'."""
        if self.when is None:
            return self.kind
        if self.kind == "deprivation":  # an index is called by its year
            return f"{self.kind} {self.when}"
        return f"{self.kind} {year_name(self.when) if isinstance(self.when, int) else self.when.isoformat()}"

    def __repr__(self) -> str:
        return f"Publication({self.title!r}, {self.frame.height:,} rows, from {', '.join(self.files)})"


@dataclass(frozen=True)
class Reading:
    """What reading a folder gave. Every file ends in used, unread or skipped; each entry is one readable sentence."""

    publications: tuple[Publication, ...] = ()
    used: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Publication, ...]:
        """The publications of one kind, oldest first."""
        return tuple(sorted((p for p in self if p.kind == kind), key=lambda p: str(p.when)))

    def __iter__(self) -> Iterator[Publication]:
        return iter(self.publications)

    def __len__(self) -> int:
        return len(self.publications)
