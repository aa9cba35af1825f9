"""The explorer under load: `python benchmarks/web.py`, on official data where it lies beside the project, else on the synthetic England.

One server as `gpcontract serve` starts it, on this machine alone. First a cold start to its first page; then every page at
a steady rate, each request sent at its own moment whether or not the one before it has been answered, and timed from that
moment, so that a queue counts; then changes on the Build page, no two the same; then the memory of each process.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GPCONTRACT_SHARED", ROOT.parent / "shared"))
READERS = 32  # connections at once
WORDS = (
    "nhs",
    "icb",
    "board",
    "region",
    "north",
    "london",
    "midlands",
    "network",
    "pcn",
    "health",
    "east",
)  # that areas are called
PATIENCE = 180  # seconds until a server must be ready


@dataclass
class Times:
    """Milliseconds of one kind of page, with what went wrong. bytes: the largest answer, squeezed."""

    kind: str
    ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    bytes: int = 0

    def at(self, share: float) -> float:
        """The time within which a share of the requests was answered."""
        held = sorted(self.ms)
        return held[min(len(held) - 1, int(share * len(held)))] if held else float("nan")


def server(england: str, processes: int, folder: Path) -> tuple[subprocess.Popen, int, float]:
    """A server that has begun, its port, and the seconds from the command to its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gpcontract",
        "serve",
        "--england",
        england,
        "--port",
        str(port),
        "--processes",
        str(processes),
    ]
    log = (folder / "log.txt").open("w")
    begin = time.perf_counter()
    running = subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{folder / 'saved.sqlite3'}", "GPCONTRACT_LOG": "WARNING"},
    )
    while time.perf_counter() - begin < PATIENCE:
        if running.poll() is not None:
            break
        try:
            if get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/")[0] == 200:
                return running, port, time.perf_counter() - begin
        except OSError:
            time.sleep(0.02)
    running.kill()
    raise SystemExit(f"the server did not begin: {(folder / 'log.txt').read_text()[-2000:]}")


def get(link: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    """Status, and bytes as sent."""
    link.request("GET", path, headers={"Accept-Encoding": "gzip", "Host": f"localhost:{link.port}"})
    answer = link.getresponse()
    return answer.status, len(answer.read())


def data(port: int, path: str) -> dict:
    """The JSON twin of a page."""
    return json.loads(text(port, path))


def text(port: int, path: str) -> str:
    """A page as it is sent without squeezing."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path)
    return link.getresponse().read().decode()


def pages(port: int) -> dict[str, list[str]]:
    """Addresses by kind of page: codes of real practices and areas, so that what is kept for one does not serve all."""
    found = data(port, "/practices.json?contract=hewitt_review")
    table = max(found["tables"], key=lambda t: len(t["rows"]))
    codes = [r["code"] for r in table["rows"] if r.get("code")]
    step = max(1, len(codes) // 200)
    some = codes[::step][:200]
    names = sorted(set(re.findall(r'href="/claim/([a-z0-9-]+)"', text(port, "/claims"))))
    six = [c for c in data(port, "/index.json")["contracts"]]
    areas: dict[str, list[str]] = {}
    for kind in ("network", "board", "region"):
        entries = (e for word in WORDS for e in data(port, f"/search.json?q={word}&most=100")["tables"][0]["rows"])
        areas[kind] = list(dict.fromkeys(e["address"] for e in entries if e["address"].startswith(f"/{kind}/")))[:40]
    return {
        "home": ["/"],
        "search": [
            f"/search?q={quote(w)}"
            for w in (
                "park surgery",
                "hgih street",
                "LS6",
                "leeds",
                "medcial centre",
                "meadowhead sheffield",
                some[1][:4],
            )
        ],
        "practice": [f"/practice/{c}" for c in some],
        "practice, proposal": [f"/practice/{c}?contract={n}" for c, n in zip(some, six * 40, strict=False)],
        **{kind: held for kind, held in areas.items() if held},
        "england": ["/england", *(f"/england?contract={n}" for n in six)],
        "contracts": ["/contracts"],
        "contract": [f"/contract/{n}" for n in six],
        "compare": ["/compare", *(f"/compare?contract=national&contract={n}" for n in six[1:])],
        "compare, parts": [
            f"/compare?show={p}" for p in ("winners", "bill", "equity", "groups", "boards", "holders", "affected")
        ],
        "practices": [f"/practices?contract={n}" for n in six[1:]],
        "claims": ["/claims"],
        **({"claim": [f"/claim/{n}" for n in names]} if names else {}),
        "debate": ["/debate"],
        "data": ["/data"],
        "check": ["/check"],
        "assumptions": ["/assumptions"],
        "glossary": ["/glossary"],
        "build": ["/build"],
        "json twin": [f"/practice/{c}.json" for c in some],
        "csv twin": [f"/practice/{c}.csv" for c in some],
    }


def changes(n: int) -> list[str]:
    """Changes on the Build page, no two the same, so that none has been worked out before."""
    values = ("global_sum_price", "qof_point_value", "ooh_deduction_share", "care_home_premium")
    bases = ("national", "hewitt_review", "at_your_service")
    return [
        f"/build?base={bases[i % len(bases)]}&value={values[i % 2]}&way=raise&amount={1 + i / 97:.4f}&key=&from=&to="
        for i in range(n)
    ]


def load(port: int, asked: list[tuple[str, str]], rate: float) -> dict[str, Times]:
    """Send each request at its moment, `rate` a second, and time it from that moment."""
    waiting: queue.Queue = queue.Queue()
    found: dict[str, Times] = {kind: Times(kind) for kind, _ in asked}
    lock = threading.Lock()

    def reader() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (item := waiting.get()) is not None:
            kind, path, due = item
            try:
                status, size = get(link, path)
            except (OSError, http.client.HTTPException) as error:
                link.close()
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                status, size = type(error).__name__, 0
            took = 1000 * (time.perf_counter() - due)
            with lock:
                times = found[kind]
                times.ms.append(took)
                times.bytes = max(times.bytes, size)
                if status != 200:
                    times.wrong.append(f"{status} {path}")

    readers = [threading.Thread(target=reader, daemon=True) for _ in range(READERS)]
    for r in readers:
        r.start()
    begin = time.perf_counter() + 0.05
    for i, (kind, path) in enumerate(asked):
        due = begin + i / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        waiting.put((kind, path, due))
    for _ in readers:
        waiting.put(None)
    for r in readers:
        r.join(60)
    return found


def mixed(held: dict[str, list[str]], n: int) -> list[tuple[str, str]]:
    """Requests over all kinds of page by turns, each kind through its own addresses."""
    kinds = list(held)
    return [(k, held[k][(i // len(kinds)) % len(held[k])]) for i in range(n) for k in (kinds[i % len(kinds)],)]


def worked(pid: int) -> float:
    """Milliseconds of processor that a process and those it forked have had."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    ticks = 0
    for p in (pid, *map(int, listed)):
        ticks += sum(map(int, Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> list[tuple[int, float, float]]:
    """Of a process and those it forked: its number, what it holds (RSS) and its own share of that (PSS), in GB."""
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    made = []
    for p in (pid, *map(int, listed)):
        text = Path(f"/proc/{p}/smaps_rollup").read_text()
        kb = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
        made.append((p, kb["Rss"] / 1e6, kb["Pss"] / 1e6))
    return made


def main() -> None:
    """Measure and print a table; --json writes it."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("--england", default=str(SHARED / "data") if (SHARED / "data").is_dir() else "synthetic")
    words.add_argument("--rate", type=float, default=50, help="requests a second")
    words.add_argument("--seconds", type=float, default=20, help="how long at that rate")
    words.add_argument("--processes", type=int, default=1)
    words.add_argument("--changes", type=int, default=60, help="changes on the Build page, one after another")
    words.add_argument("--json", type=Path)
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        running, port, cold = server(given.england, given.processes, Path(folder))
        try:
            told = measured(port, running.pid, given) | {"cold_start_s": cold}
        finally:
            running.send_signal(signal.SIGTERM)
            begin = time.perf_counter()
            running.wait(40)
        told["stop_s"] = time.perf_counter() - begin
    print(f"cold start to the first page: {cold:.1f} s; stopped in {told['stop_s']:.1f} s")
    if given.json:
        given.json.write_text(json.dumps(told, indent=1))


def measured(port: int, pid: int, given: argparse.Namespace) -> dict:
    """All measures of a server that has begun."""
    held = pages(port)
    warm = time.perf_counter()
    for paths in held.values():  # one of each contract and page: what is made once is made
        for path in paths[:8]:
            while (status := get(http.client.HTTPConnection("127.0.0.1", port, timeout=120), path)[0]) == 202:
                time.sleep(0.5)  # it is being worked out
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
    warm = time.perf_counter() - warm
    print(
        f"{data(port, '/health/ready')['england']}: {sum(map(len, held.values()))} addresses of {len(held)} kinds; warmed in {warm:.1f} s"
    )
    before = worked(pid)
    found = load(port, mixed(held, int(given.rate * given.seconds)), given.rate)
    cost = (worked(pid) - before) / int(given.rate * given.seconds)
    every = Times("all")
    for t in found.values():
        every.ms += t.ms
        every.wrong += t.wrong
    print(
        f"{given.rate:g} requests a second for {given.seconds:g} s, {given.processes} process{'es' if given.processes > 1 else ''}, load of the machine {os.getloadavg()[0]:.1f}, "
        f"{cost:.1f} ms of processor a request"
    )
    print(f"{'page':22}{'n':>5}{'p50':>8}{'p95':>8}{'worst':>8}{'kB':>7}")
    for t in (*sorted(found.values(), key=lambda t: -t.at(0.95)), every):
        print(f"{t.kind:22}{len(t.ms):5}{t.at(0.5):8.0f}{t.at(0.95):8.0f}{max(t.ms):8.0f}{t.bytes / 1000:7.0f}")
    for wrong in every.wrong[:5]:
        print("wrong:", wrong)
    build = Times("build change")
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for base in ("hewitt_review", "at_your_service"):
        get(link, f"/build?base={base}&value=global_sum_price&way=raise&amount=0.5&key=&from=&to=")
    for path in changes(given.changes):
        begin = time.perf_counter()
        status, size = get(link, path)
        build.ms.append(1000 * (time.perf_counter() - begin))
        build.bytes = max(build.bytes, size)
        build.wrong += [] if status == 200 else [f"{status} {path}"]
    print(
        f"a change on Build, one after another: p50 {statistics.median(build.ms):.0f} ms, p95 {build.at(0.95):.0f} ms, wrong {len(build.wrong)}"
    )
    used = memory(pid)
    for p, rss, pss in used:
        print(f"process {p}: {rss:.2f} GB held, {pss:.2f} GB its own share")
    shown = [
        {
            "kind": t.kind,
            "n": len(t.ms),
            "p50": t.at(0.5),
            "p95": t.at(0.95),
            "worst": max(t.ms),
            "bytes": t.bytes,
            "wrong": len(t.wrong),
        }
        for t in (*found.values(), every, build)
    ]
    return {
        "pages": shown,
        "memory_gb": [[rss, pss] for _, rss, pss in used],
        "warm_s": warm,
        "processor_ms": cost,
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    main()
