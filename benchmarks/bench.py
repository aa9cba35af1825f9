"""Speed, in one table with ratios, all measured in one run: `make bench`, or `python benchmarks/bench.py`.

The peer (OpenFisca) runs in an environment of its own, `.venv-peers`, which is made here on first use; its model is run
from the folder of peers beside the official data. Where either cannot be had the table says so and shows our own figures.
Every measure runs in a fresh process; each side of a comparison runs by turns and keeps its best.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = ROOT / ".venv-peers"
PEER_PACKAGES = ("openfisca-core==46.0.1", "numpy>=2.2,<2.3")
SHARED = Path(os.environ.get("GPCONTRACT_SHARED", ROOT.parent / "shared"))
TURNS = 3


class Unavailable(Exception):
    """A measure cannot be taken here; the message says why."""


@dataclass(frozen=True)
class Row:
    """One measure. unit: ms, s or GB; ratio: how many times faster than the peer; met: None where there is no target."""

    what: str
    ours: float | None
    unit: str
    peer: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.peer / self.ours if self.peer and self.ours else None


def under(what: str, ours: float, unit: str, most: float, note: str = "") -> Row:
    """A measure that must stay under a limit, in its own unit."""
    return Row(what, ours, unit, None, f"< {most:g} {unit}", ours < most, note)


def faster(what: str, ours: float, peer: float | None, least: float, note: str = "") -> Row:
    """A measure in milliseconds that must be some times faster than the peer's."""
    if peer is None:
        return Row(what, ours, "ms", None, f">= {least:g} times", None, "no peer here")
    return Row(what, ours, "ms", peer, f">= {least:g} times", peer / ours >= least, note)


# -- the peer --------------------------------------------------------------------------------------------------


def peers_python() -> Path:
    """The Python of the peers' own environment, made on first use."""
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    mark = PEERS / "packages.txt"
    if mark.exists() and mark.read_text(encoding="utf-8").split() == list(PEER_PACKAGES):
        return python
    print(f"making {PEERS.name} with {' '.join(PEER_PACKAGES)} ...", file=sys.stderr)
    try:
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True, capture_output=True, text=True
        )
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER_PACKAGES]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=600)
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Unavailable(f"the peer could not be installed: {said[-1] if said else error}") from None
    mark.write_text("\n".join(PEER_PACKAGES), encoding="utf-8")
    return python


def environment() -> dict[str, str]:
    """This process's environment, in which compiled files are kept, as after an installation."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def ask(python: str | Path, *arguments: str | Path, **extra: str) -> dict[str, float]:
    """Run one script in a fresh process and read the JSON it prints."""
    done = subprocess.run(
        [str(python), *map(str, arguments)],
        capture_output=True, text=True, cwd=HERE, env=environment() | extra,
    )  # fmt: skip
    if done.returncode:
        raise Unavailable((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return json.loads(done.stdout.splitlines()[-1])


def ours(*arguments: str | Path, **extra: str) -> dict[str, float]:
    return ask(sys.executable, HERE / "ours.py", *arguments, **extra)


def workload_rows(with_peers: bool) -> list[Row]:
    """The peers' workload: by turns, ours and theirs, the best of each."""
    peer: dict[str, float] = {}
    mine = ours("peers_workload")
    try:
        if not with_peers:
            raise Unavailable("peers were left out")
        folder = SHARED / "peers_bench"
        if not (folder / "fisca_model.py").exists():
            raise Unavailable(f"the peer's model is not there: no {folder.name}/fisca_model.py (set GPCONTRACT_SHARED)")
        python = peers_python()
        with tempfile.TemporaryDirectory() as home:
            ours("exchange", Path(home) / "workload.npz")
            for _ in range(TURNS):
                theirs = ask(python, HERE / "peer.py", folder, Path(home) / "workload.npz", TMPDIR=home)
                again = ours("peers_workload")
                peer = {k: min(v, peer.get(k, v)) for k, v in theirs.items()}
                mine = {k: min(v, mine[k]) for k, v in again.items()}
        print(f"peer: openfisca-core {peer['version']}, NumPy {peer['numpy']}, single precision")
    except Unavailable as reason:
        print(f"NO PEER: {reason}. Our figures alone follow.")

    def their(name: str) -> float | None:
        return peer[name] * 1e3 if name in peer else None

    load = (
        f"theirs: {(peer['full'] - peer['calculate']) * 1e3:.1f} load, {peer['calculate'] * 1e3:.1f} calculate"
        if peer
        else ""
    )
    rows = [
        faster("full run, 6,300 practices x 10 years", mine["full"] * 1e3, their("full"), 6, load),
        Row("  against their calculation alone", mine["full"] * 1e3, "ms", their("calculate")),
        faster(
            "one price edit, end to end", mine["edit"] * 1e3, their("edit"), 80, "theirs: new system, load, calculate"
        ),
        Row("  against their calculation alone", mine["edit"] * 1e3, "ms", their("calculate")),
        faster("one practice, 10 years", mine["one"] * 1e3, their("one"), 60),
        Row("full run in NumPy by hand", mine["by_hand"] * 1e3, "ms", their("full")),
    ]
    return [r for r in rows if peer or not r.what.startswith(" ")]


# -- ours alone ------------------------------------------------------------------------------------------------


def priced_rows(found: dict[str, float], england: str, limits: bool) -> list[Row]:
    size = f"{found['practices']:,} practices x {found['years_priced']} years"
    rows = [Row(f"national contract, {england}, first run", found["first"] * 1e3, "ms", note="with resolving the plan")]
    warm, explained = found["warm"] * 1e3, found["explain"] * 1e3
    what = f"national contract, {england}, again"
    note = f"{size}, {found['steps']} steps, {found['lines']} lines"
    rows.append(under(what, warm, "ms", 60, note) if limits else Row(what, warm, "ms", note=note))
    rows.append(Row("explaining one practice, first time", found["explain_first"] * 1e3, "ms"))
    rows.append(under("explaining one practice", explained, "ms", 5))
    return rows


def national_rows() -> list[Row]:
    found = ours("national")
    return [
        Row("making the synthetic England", found["synthetic"], "s"),
        Row("loading the national contract", found["load"] * 1e3, "ms", note="rules, values and sources checked"),
        *priced_rows(found, "synthetic England", True),
        under("memory, synthetic England priced", found["memory"] / 1e9, "GB", 1.5),
        *compared_rows("synthetic", "synthetic England"),
    ]


def compared_rows(folder: Path | str, england: str) -> list[Row]:
    found = ours("compared", folder)
    size = f"{found['practices']:,} practices"
    return [
        Row("loading the six contracts", found["load"] * 1e3, "ms", note="rules, values and sources checked"),
        under(f"six contracts, {england}, every finding, first", found["first"] * 1e3, "ms", 1000, size),
        under("  again", found["again"] * 1e3, "ms", 1000),
        under("  one edit and every finding, slowest of six contracts", found["edit"] * 1e3, "ms", 20),
        under(
            "  the report: page, workbook, tables, claims, ranges",
            found["report"],
            "s",
            15,
            f"page {found['size'] / 1e6:.1f} MB",
        ),
        under("  memory", found["memory"] / 1e9, "GB", 3),
    ]


def ahead_rows(folder: Path) -> list[Row]:
    """The years ahead: one contract's central draw, the whole run, and what one more practice, draw or year costs."""
    where, england = (folder, "official England") if folder.is_dir() else ("synthetic", "synthetic England")

    def ahead(*arguments: str | Path) -> dict[str, float]:
        return ask(sys.executable, HERE / "ahead.py", *arguments)

    one, cost, whole = ahead("central", where), ahead("cost", "synthetic"), ahead("whole", where)
    rows = [
        Row(
            f"reading one contract for the years ahead, {england}",
            one["plan"],
            "s",
            note=f"{one['practices']:,} practices",
        ),
        under("  one contract x 10 years, central draw", one["first"], "s", 0.5, f"again {one['again']:.3f} s"),
        Row("reading six contracts, with their assumed figures", whole["plan"], "s"),
        under(
            f"  6 contracts x 10 years x {whole['draws']:,} draws, two processes",
            whole["run"],
            "s",
            90,
            f"{whole['practices']:,} practices, {whole['disk'] / 1e6:,.0f} MB kept",
        ),
        under("  memory of all processes together", whole["memory"] / 1e9, "GB", 3),
    ]
    for name, what in (("practices", "1,000 practices"), ("draws", "draw"), ("years", "year")):
        each = cost[f"{name}_each"] * (1e3 if name == "practices" else 1)
        note = (
            f"straight line: R2 {cost[f'{name}_r2']:.4f}, cost grows as size to the power {cost[f'{name}_power']:.2f}"
        )
        rows.append(
            Row(
                f"  one more {what} (2 contracts; 3 years or 8 draws)",
                each * 1e3,
                "ms",
                met=cost[f"{name}_r2"] > 0.98,
                target="linear",
                note=note,
            )
        )
    return rows


def import_rows() -> list[Row]:
    """A fresh process that imports the package, against one that imports nothing: medians of seven."""

    def median(code: str) -> float:
        taken = []
        for _ in range(7):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment())
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)

    names = "from gpcontract import Contract, England, explain, run"
    median(names)  # so that compiled files are there, as after an installation
    bare, package = median("pass"), median("import gpcontract")
    named = median(names)
    return [
        under(
            "import gpcontract", package - bare, "s", 0.3, f"whole process {package:.3f} s, bare Python {bare:.3f} s"
        ),
        under("  with Contract, England, run, explain", named - bare, "s", 0.3),
    ]


def official_rows(folder: Path) -> list[Row]:
    if not folder.is_dir():
        print(f"NO OFFICIAL DATA: no folder {folder.name} (give --england FOLDER or set GPCONTRACT_SHARED).")
        return []
    with tempfile.TemporaryDirectory() as home:
        cold = ours("official", folder, GPCONTRACT_CACHE=home)
        warm = [ours("cached", folder, GPCONTRACT_CACHE=home) for _ in range(3)]
    kept = min(w["england"] for w in warm)
    return [
        under("official folder to England, cold", cold["england"], "s", 15, f"{cold['years']:g} years"),
        under("official folder to England, from cache", kept, "s", 0.5, "a fresh process, its first call"),
        *priced_rows(cold, "official England", True),
        under("memory, official England built and priced", cold["memory"] / 1e9, "GB", 1.5),
        *compared_rows(folder, "official England"),
    ]


# -- the table -------------------------------------------------------------------------------------------------


def machine() -> str:
    import numpy as np

    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}"
    )


def shown(rows: list[Row]) -> str:
    """The table as text."""
    body = [("", "ours", "peer", "ratio", "target", "", "")]
    for r in rows:
        places = 3 if (r.ours or 0) < 1 else 2 if (r.ours or 0) < 10 else 1
        body.append(
            (
                r.what,
                "-" if r.ours is None else f"{r.ours:,.{places}f} {r.unit}",
                "-" if r.peer is None else f"{r.peer:,.1f} {r.unit}",
                "-" if r.ratio is None else f"{r.ratio:,.1f}x",
                r.target,
                {True: "met", False: "MISSED", None: ""}[r.met],
                r.note,
            )
        )
    wide = [max(len(line[i]) for line in body) for i in range(len(body[0]))]
    return "\n".join(
        "  ".join(c.ljust(w) if i in (0, 4, 5, 6) else c.rjust(w) for i, (c, w) in enumerate(zip(line, wide, strict=True))).rstrip()
        for line in body
    )  # fmt: skip


def main() -> int:
    ask_for = argparse.ArgumentParser(description="Time gpcontract against its targets and its peers.")
    ask_for.add_argument(
        "--check", action="store_true", help="fail where a target is missed or one of our own measures fails"
    )
    ask_for.add_argument("--json", type=Path, metavar="FILE", help="also write every figure as JSON")
    ask_for.add_argument("--no-peers", action="store_true", help="leave the peers out")
    ask_for.add_argument("--england", type=Path, default=SHARED / "data", metavar="FOLDER", help="official files")
    options = ask_for.parse_args()
    print(machine())
    rows, failed = [], []
    parts = (
        lambda: workload_rows(not options.no_peers), national_rows, import_rows, lambda: official_rows(options.england),
        lambda: ahead_rows(options.england),
    )  # fmt: skip
    for part in parts:
        try:
            rows += part()
        except Unavailable as reason:
            failed.append(str(reason))
            print(f"NOT MEASURED: {reason}")
    print(f"\n{shown(rows)}")
    if options.json:
        body = {"machine": machine(), "rows": [asdict(r) | {"ratio": r.ratio} for r in rows], "not_measured": failed}
        options.json.write_text(json.dumps(body, indent=1), encoding="utf-8")
    missed = [r.what.strip() for r in rows if r.met is False]
    if missed:
        print(f"\nmissed: {'; '.join(missed)}")
    return 1 if options.check and (missed or failed) else 0


if __name__ == "__main__":
    sys.exit(main())
