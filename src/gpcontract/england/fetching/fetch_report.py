"""What a fetch did: what became of each file, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catalogue import attributions


@dataclass(frozen=True)
class Outcome:
    """What became of one file. status: fetched, kept, failed, unavailable, or planned in a dry run."""

    publication: str
    file: str
    place: str
    status: str
    reason: str = ""
    address: str | None = None
    page: str | None = None
    size: int | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FetchReport:
    """What a run did. undated: places of files left out because years were asked for and nobody could date them."""

    folder: Path
    outcomes: tuple[Outcome, ...]
    undated: tuple[str, ...] = ()

    def _of(self, status: str) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.status == status)

    @property
    def fetched(self) -> tuple[Outcome, ...]:
        return self._of("fetched")

    @property
    def kept(self) -> tuple[Outcome, ...]:
        return self._of("kept")

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return self._of("failed")

    @property
    def unavailable(self) -> tuple[Outcome, ...]:
        """Official files for which no address is known: to be downloaded by hand from `page`."""
        return self._of("unavailable")

    @property
    def planned(self) -> tuple[Outcome, ...]:
        return self._of("planned")

    @property
    def ok(self) -> bool:
        return not self.failed

    @property
    def attributions(self) -> list[str]:
        return attributions(dict.fromkeys(o.publication for o in (*self.fetched, *self.kept)))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "folder": str(self.folder),
            "ok": self.ok,
            "files": [vars(o) | {"notes": list(o.notes)} for o in self.outcomes],
            "undated": list(self.undated),
            "attributions": self.attributions,
        }

    def __str__(self) -> str:
        lines = []
        for status in ("fetched", "kept", "planned", "failed", "unavailable"):
            group = self._of(status)
            if group:
                lines.append(f"{status}: {len(group)}")
                lines += [f"  {o.place}" + (f": {o.reason}" if o.reason else "") for o in group]
                lines += [f"  note: {o.place}: {note}" for o in group for note in o.notes]
        if self.undated:
            lines.append(f"left out, date not known: {len(self.undated)} ({', '.join(self.undated)})")
        return "\n".join(lines) or "nothing to fetch"
