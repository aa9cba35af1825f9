"""Which layouts are known, and how each is recognised: by its headers, never by its file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .publication import Publication
from .tables import Head, Table, find

Names = str | tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One official layout.

    kinds: what its reader may yield.  needs: headers that it must have (a tuple gives spellings).  lacks: headers that
    it must not have.  sniff: instead of headers, a look at the first rows (for files without any).
    columns: which columns to load, given the headers (default all).  parts: members of one archive, or sheets of one
    workbook, that are parts of one table and are joined, a row being identified by these columns.
    repeats: headers may repeat (blocks of years side by side).
    """

    title: str
    kinds: tuple[str, ...]
    read: Callable[[Table], Iterable[Publication]]
    needs: tuple[Names, ...] = ()
    lacks: tuple[str, ...] = ()
    sniff: Callable[[Head], bool] | None = None
    only: tuple[Names, ...] = ()
    parts: tuple[str, ...] = ()
    repeats: bool = False

    def columns(self, headers: Sequence[str]) -> Iterable[int]:
        """Positions of the columns to load: those in `needs` and `only`."""
        for names in (*self.needs, *self.only):
            at = find(headers, *((names,) if isinstance(names, str) else names))
            if at is not None:
                yield int(at)

    def missing(self, headers: Sequence[str]) -> list[str]:
        """The headers it needs that are not there."""
        lacking = []
        for names in self.needs:
            names = (names,) if isinstance(names, str) else names
            if find(headers, *names) is None:
                lacking.append(names[0])
        return lacking

    def at(self, head: Head) -> int | None:
        """Which of the first rows holds its headers (-1: it has none), or None if this is not the layout."""
        if self.sniff is not None:
            return -1 if self.sniff(head) else None
        for at, row in enumerate(head.rows):
            if sum(bool(cell) for cell in row) < len(self.needs):
                continue
            if not self.missing(row) and not any(find(row, name) for name in self.lacks):
                return at
        return None


LAYOUTS: list[Layout] = []


def layout(
    title: str,
    *kinds: str,
    needs: tuple[Names, ...] = (),
    lacks: tuple[str, ...] = (),
    only: tuple[Names, ...] = (),
    sniff: Callable[[Head], bool] | None = None,
    parts: tuple[str, ...] = (),
    repeats: bool = False,
) -> Callable[[Callable[[Table], Iterable[Publication]]], Callable[[Table], Iterable[Publication]]]:
    """Register a reader for a layout; layouts are tried in the order in which they are registered."""

    def register(read: Callable[[Table], Iterable[Publication]]) -> Callable[[Table], Iterable[Publication]]:
        LAYOUTS.append(Layout(title, kinds, read, needs, lacks, sniff, only, parts, repeats))
        return read

    return register


def recognise(head: Head) -> tuple[Layout, int] | None:
    """The layout of a table, and the row of its headers."""
    for known in LAYOUTS:
        at = known.at(head)
        if at is not None:
            return known, at
    return None


def nearest_layout(head: Head) -> str:
    """What an unknown table is closest to, as a hint: the layout that lacks the fewest headers."""
    best: tuple[float, str] | None = None
    for known in LAYOUTS:
        for row in head.rows[:15]:
            lacking = known.missing(row) if known.needs else []
            have = len(known.needs) - len(lacking)
            if lacking and have >= 2 and have >= len(lacking) and (best is None or have / len(known.needs) > best[0]):
                some = ", ".join(f"'{name}'" for name in lacking[:4])
                best = (have / len(known.needs), f"it is nearest to {known.title}, but has no column {some}")
    return best[1] if best else "see docs/publications.md for the layouts that are read, or bring it as tidy facts"
