"""What lies in a folder of official files: its files, and what is there but cannot be read as one."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR, S_ISREG

from ..engine.errors import DataError

#: How a table's file is called, by which a folder of that name is odd.
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsb", ".xls", ".parquet", ".gz", ".zip")


def listed(folder: Path) -> tuple[list[Path], list[DataError]]:
    """Every file in a folder and the folders in it, links followed once; and what is there but can be no file.

    Left out without a word: what is hidden (a dot in front), and Excel's lock files (~$).
    """
    found: list[Path] = []
    odd: list[DataError] = []
    seen: set[tuple[int, int]] = set()

    def walk(here: Path) -> None:
        try:
            stat = here.stat()
            if (stat.st_dev, stat.st_ino) in seen:
                return
            seen.add((stat.st_dev, stat.st_ino))
            inside = sorted(p for p in here.iterdir() if not p.name.startswith((".", "~$")))
        except OSError as error:
            odd.append(_closed(str(here.relative_to(folder)), error))
            return
        if not inside and here != folder and here.name.lower().endswith(TABLES):
            odd.append(DataError("is an empty folder, not a file", file=here.name, hint="download the file again"))
        for path in inside:
            try:
                mode = path.stat().st_mode
            except OSError as error:
                odd.append(_closed(path.name, error))
                continue
            if S_ISDIR(mode):
                walk(path)
            elif S_ISREG(mode):
                found.append(path)
            else:
                odd.append(DataError("is neither a file nor a folder", file=path.name, hint="remove it"))

    walk(folder)
    return sorted(found), odd


def _closed(name: str, error: OSError) -> DataError:
    return DataError(
        f"cannot be opened: {error.strerror or error}", file=name, hint="mend the link or the permissions, or remove it"
    )
