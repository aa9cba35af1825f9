"""Fetching from a server on this machine that truncates, stalls, lies, moves and changes its mind."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest

from gpcontract.engine.errors import DownloadError, InputError
from gpcontract.england import catalogue
from gpcontract.england.catalogue import Series
from gpcontract.england.fetching import download, fetch_file, parts
from gpcontract.england.fetching.fetch import fetch
from gpcontract.england.fetching.fetch_report import FetchReport, Outcome
from gpcontract.england.fetching.lock import NAME
from gpcontract.england.fetching.manners import Manners, retry_after, user_agent

HEADER = b"Practice Code,Global Sum\r\n"
BODY = HEADER + b"".join(b"A8%04d,%d.50\r\n" % (i, i * 1000) for i in range(3000))
PAGE = b"<!DOCTYPE html><html><body>The service is unavailable</body></html>"
QUICK = Manners(pause=0.0, backoff=0.01, longest_wait=2.0, connect=2.0, read=0.4, slowest=1e4, patience=0.4)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return out.getvalue()


@dataclass
class Server:
    """A server whose answer to each path is a function; it counts and keeps the requests."""

    answers: dict[str, Callable[[Answer], None]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    requests: list[dict[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    base: str = ""


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ThreadingHTTPServer

    def do_GET(self) -> None:
        state: Server = self.server.state  # type: ignore[attr-defined]
        path = self.path.split("?")[0]
        state.asked[path] += 1
        state.times.append(time.monotonic())
        state.requests.append({"path": self.path} | {k.lower(): v for k, v in self.headers.items()})
        try:
            state.answers[path](self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *args: object) -> None: ...

    def nth(self) -> int:
        return self.server.state.asked[self.path.split("?")[0]]  # type: ignore[attr-defined]

    def reply(self, status: int = 200, body: bytes = b"", declare: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if declare is None else declare))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def cut(self, body: bytes, at: int, **headers: str) -> None:
        """Promise the whole body and close after `at` bytes of it."""
        self.reply(body=body[:at], declare=len(body), **headers)
        self.close_connection = True

    def ranged(self, body: bytes, etag: str = '"one"') -> None:
        """A well-behaved server of ranges: If-Range that does not match gives the whole."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and self.headers.get("If-Range") in (None, etag):
            at = int(asked[1])
            span = f"bytes {at}-{len(body) - 1}/{len(body)}"
            self.reply(206, body[at:], ETag=etag, Content_Range=span)
        else:
            self.reply(body=body, ETag=etag)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    running.daemon_threads = True
    running.state = state  # type: ignore[attr-defined]
    state.base = f"http://127.0.0.1:{running.server_port}"
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield state
    running.shutdown()
    running.server_close()
    thread.join(2)


def series(*names: str, **more: object) -> dict[str, Series]:
    files = [
        {"name": n, "year": 2022, "address": f"https://files.example.org/{n}"} | more.get(n.split(".")[0], {})  # type: ignore[operator]
        for n in names
    ]
    entry = {
        "title": "Payments", "publisher": "A", "licence": "ogl", "attribution": "B", "frequency": "yearly", "kinds": [],
        "page": "https://example.org/page", "layout": "C", "header": ["Practice Code", "Global Sum"], "max_mb": 1,
        "files": files,
    } | {k: v for k, v in more.items() if k in ("living", "header", "columns", "max_mb")}  # fmt: skip
    return dict(catalogue.parse({"licences": {"ogl": {"title": "O"}}, "publications": {"payments": entry}}, Path("c")))


def get(
    folder: Path, server: Server, *names: str, retries: int = 2, known: object = None, **more: object
) -> FetchReport:
    arguments = {k: more.pop(k) for k in ("dry_run", "accept_changed", "progress", "client", "manners") if k in more}
    arguments.setdefault("manners", QUICK)
    return fetch(folder, base=server.base, retries=retries, series=series(*(names or ("a.csv",)), **more), **arguments)  # type: ignore[arg-type]


def only(report: FetchReport) -> Outcome:
    (outcome,) = report.outcomes
    return outcome


def lock(folder: Path) -> dict[str, dict[str, object]]:
    return json.loads((folder / NAME).read_text(encoding="utf-8"))["files"]


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and ".part" in p.name)


def test_good_file_is_fetched_recorded_and_then_kept(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    told: list[tuple[str, int, int | None]] = []
    outcome = only(get(tmp_path, server, progress=lambda *t: told.append(t)))
    assert outcome.status == "fetched" and outcome.size == len(BODY)
    assert (tmp_path / "payments/a.csv").read_bytes() == BODY
    assert told[-1] == ("payments/a.csv", len(BODY), len(BODY))
    seen = lock(tmp_path)["payments/a.csv"]
    assert seen["sha256"] == hashlib.sha256(BODY).hexdigest() == outcome.sha256
    assert seen["trusted"] == "first use" and seen["etag"] == '"one"' and seen["size"] == len(BODY)
    assert any("trusted from now on" in n for n in outcome.notes)
    assert not leftovers(tmp_path)
    assert only(get(tmp_path, server)).status == "kept"
    assert server.asked["/a.csv"] == 1
    assert server.requests[0]["user-agent"] == user_agent()
    assert re.fullmatch(r"gpcontract/\S+ \(open research on the GP contract\)", user_agent())


def test_truncated_body_is_resumed_and_whole(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        a.cut(BODY, 20_000, ETag='"one"') if a.nth() == 1 else a.ranged(BODY)

    server.answers["/a.csv"] = answer
    assert only(get(tmp_path, server)).status == "fetched"
    assert (tmp_path / "payments/a.csv").read_bytes() == BODY
    assert server.requests[1]["range"] == "bytes=20000-" and server.requests[1]["if-range"] == '"one"'


def test_a_later_run_resumes_what_an_earlier_one_left(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.cut(BODY, 20_000, ETag='"one"')
    failed = only(get(tmp_path, server, retries=0))
    assert failed.status == "failed" and "the connection broke" in failed.reason and "20,000 bytes" in failed.reason
    assert not (tmp_path / "payments/a.csv").exists()
    assert leftovers(tmp_path) == [".a.csv.part", ".a.csv.part.json"]
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    assert only(get(tmp_path, server)).status == "fetched"
    assert server.requests[-1]["range"] == "bytes=20000-"
    assert (tmp_path / "payments/a.csv").read_bytes() == BODY and not leftovers(tmp_path)


def test_always_truncated_gives_up_and_never_calls_the_part_the_whole(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.cut(BODY, 20_000)
    outcome = only(get(tmp_path, server, retries=2))
    assert outcome.status == "failed" and "gave up after 3 attempts" in outcome.reason
    assert server.asked["/a.csv"] == 3 and "range" not in server.requests[-1], "nothing shows it is the same file"
    assert not (tmp_path / "payments/a.csv").exists()


def test_server_without_ranges_restarts_cleanly(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        a.cut(BODY, 20_000, ETag='"one"') if a.nth() == 1 else a.reply(body=BODY, ETag='"one"')

    server.answers["/a.csv"] = answer
    assert only(get(tmp_path, server)).status == "fetched"
    assert "range" in server.requests[1]
    assert (tmp_path / "payments/a.csv").read_bytes() == BODY


@pytest.mark.parametrize("behaviour", ["whole", "wrong etag", "other length", "other start", "too short"])
def test_file_that_changes_between_attempts_is_started_again(server: Server, tmp_path: Path, behaviour: str) -> None:
    changed = BODY.replace(b"A8", b"B8") + b"Z90001,5\r\n"

    def answer(a: Answer) -> None:
        n = a.nth()
        if n == 1:
            a.cut(BODY, 20_000, ETag='"one"')
        elif n > 2 or behaviour == "whole":
            a.ranged(changed, '"two"')
        elif behaviour == "too short":
            a.reply(416, Content_Range="bytes */10000")
        else:  # a server that ignores If-Range
            start = 20_000 if behaviour != "other start" else 0
            length = len(changed) if behaviour != "wrong etag" else len(BODY)
            etag = '"two"' if behaviour == "wrong etag" else '"one"'
            body = changed[start:length]
            a.reply(206, body, ETag=etag, Content_Range=f"bytes {start}-{start + len(body) - 1}/{length}")

    server.answers["/a.csv"] = answer
    assert only(get(tmp_path, server, retries=3)).status == "fetched"
    assert (tmp_path / "payments/a.csv").read_bytes() == changed


def test_weak_etag_is_not_trusted_for_resuming_but_a_date_is(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        if a.nth() == 1:
            a.cut(BODY, 20_000, ETag='W/"one"', Last_Modified="Wed, 01 Oct 2025 08:30:00 GMT")
        else:
            a.reply(body=BODY)

    server.answers["/a.csv"] = answer
    assert only(get(tmp_path, server)).status == "fetched"
    assert server.requests[1]["if-range"] == "Wed, 01 Oct 2025 08:30:00 GMT"


def test_wrong_checksum_is_refused_and_may_be_accepted(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    wrong = {"a": {"sha256": "0" * 64, "sha256_of": "copy of the official file"}}
    outcome = only(get(tmp_path, server, **wrong))
    assert outcome.status == "failed" and "is not the catalogue's (copy of the official file)" in outcome.reason
    assert not (tmp_path / "payments/a.csv").exists() and not leftovers(tmp_path) and not (tmp_path / NAME).exists()
    outcome = only(get(tmp_path, server, accept_changed=True, **wrong))
    assert outcome.status == "fetched" and any("accepted as asked" in n for n in outcome.notes)
    assert only(get(tmp_path, server, **wrong)).status == "kept", "what was accepted once is expected from then on"
    right = {"a": {"sha256": hashlib.sha256(BODY).hexdigest(), "sha256_of": "copy of the official file"}}
    assert only(get(tmp_path / "other", server, **right)).status == "fetched"
    assert lock(tmp_path / "other")["payments/a.csv"]["trusted"] == "catalogue"


def test_trust_on_first_use_then_verify(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    get(tmp_path, server)
    (tmp_path / "payments/a.csv").unlink()
    server.answers["/a.csv"] = lambda a: a.ranged(BODY + b"Z90001,5\r\n", '"two"')
    outcome = only(get(tmp_path, server))
    assert outcome.status == "failed" and f"is not the one in {NAME}" in outcome.reason
    outcome = only(get(tmp_path, server, living=True))
    assert outcome.status == "fetched" and any("the publisher has replaced it since 20" in n for n in outcome.notes)


def test_file_changed_on_disk_is_fetched_again_and_set_aside(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    get(tmp_path, server)
    (tmp_path / "payments/a.csv").write_bytes(BODY[:5000])
    planned = only(get(tmp_path, server, dry_run=True))
    assert planned.status == "planned" and "does not match its checksum" in planned.reason
    outcome = only(get(tmp_path, server))
    assert outcome.status == "fetched" and (tmp_path / "payments/a.csv").read_bytes() == BODY
    assert (tmp_path / "payments/.a.csv.set-aside-1").read_bytes() == BODY[:5000]


def test_file_put_there_by_hand_is_kept_or_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(BODY)
    outcome = only(get(tmp_path, server))
    assert outcome.status == "kept" and any("found here" in n for n in outcome.notes) and not server.requests
    (tmp_path / "a.csv").write_bytes(PAGE)
    outcome = only(get(tmp_path, server))
    assert outcome.status == "failed" and "move it away" in outcome.reason and (tmp_path / "a.csv").exists()
    outcome = only(get(tmp_path, server, a={"address": None}))
    assert outcome.status == "failed"


@pytest.mark.parametrize(
    ("name", "body", "problem"),
    [
        ("a.csv", PAGE, "is an HTML page, not a CSV file"),
        ("a.zip", PAGE, "is an HTML page, not a zip"),
        ("a.csv", b'{"error": "no such file"}', "is a JSON message"),
        ("a.csv", b'<?xml version="1.0"?><Error/>', "is an XML message"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"Surgery,Income\r\nA81001,5\r\n", "has no column Practice Code, Global Sum"),
        ("a.csv", b"just a line of text\r\n", "does not start with a row of columns"),
        ("a.csv", zipped(a_csv=BODY), "is a zip, not a CSV file"),
        ("a.zip", BODY, "is not a zip"),
        ("a.zip", zipped(a_csv=BODY)[:-200], "is a damaged zip"),
        ("a.zip", zipped(a_csv=BODY).replace(zipped(a_csv=BODY)[200:260], b"\x00" * 60), "is a damaged zip"),
        ("a.zip", zipped(notes=b"nothing here"), "holds no *.csv"),
        ("a.zip", zipped(a_csv=b"Surgery,Income\r\n"), "holds no file with the header expected"),
        ("a.zip", zipped(a_csv=HEADER + b"0" * 3_000_000), "would unpack to"),
        ("a.xlsx", zipped(a_csv=BODY), "not an Excel workbook"),
    ],
)
def test_what_is_not_the_file_is_refused_by_name(
    server: Server, tmp_path: Path, name: str, body: bytes, problem: str
) -> None:
    server.answers[f"/{name}"] = lambda a: a.reply(body=body)
    outcome = only(get(tmp_path, server, name))
    assert outcome.status == "failed" and problem in outcome.reason, outcome.reason
    assert server.asked[f"/{name}"] == 1, "the wrong file is not asked for again"
    assert not leftovers(tmp_path) and not (tmp_path / "payments" / name).exists()


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "b.csv"])
def test_other_kinds_of_good_file(server: Server, tmp_path: Path, name: str) -> None:
    body = {
        "a.zip": zipped(lookup_csv=b"Code,Name\r\n", a_csv=b"\xef\xbb\xbfPRACTICE_CODE,Global Sum2\r\n"),
        "a.xlsx": zipped(**{"xl/workbook.xml": b"<workbook/>"}),
        "b.csv": "Practice Code,Global Sum,Côr y Wlad\r\n".encode("cp1252"),
    }[name]
    server.answers[f"/{name}"] = lambda a: a.reply(body=body)
    assert only(get(tmp_path, server, name)).status == "fetched"


def test_header_can_be_a_number_of_columns(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.reply(body=b'"A81001","THE DENSHAM SURGERY","Y63"\r\n')
    outcome = only(get(tmp_path, server, header=[], columns=27))
    assert "has 3 columns in its first row, not 27" in outcome.reason
    assert only(get(tmp_path, server, header=[], columns=3)).status == "fetched"


def test_server_that_stalls_times_out(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        a.cut(BODY, 1000)
        time.sleep(0.7)

    server.answers["/a.csv"] = answer
    began = time.monotonic()
    outcome = only(get(tmp_path, server, retries=0))
    assert outcome.status == "failed" and "no answer within 0.4 seconds" in outcome.reason
    assert time.monotonic() - began < 2


def test_server_that_drips_is_given_up(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        a.reply(body=BODY[:1], declare=len(BODY))
        for at in range(1, 60):
            time.sleep(0.02)
            a.wfile.write(BODY[at : at + 1])

    server.answers["/a.csv"] = answer
    outcome = only(get(tmp_path, server, retries=0))
    assert outcome.status == "failed" and "slower than 10000 bytes a second" in outcome.reason


def test_nobody_listening_is_a_named_failure(tmp_path: Path) -> None:
    outcome = only(get(tmp_path, Server(base="http://127.0.0.1:9"), retries=1))
    assert outcome.status == "failed" and "gave up after 2 attempts: the connection broke" in outcome.reason


def test_busy_server_is_asked_again_when_it_says(server: Server, tmp_path: Path) -> None:
    def answer(a: Answer) -> None:
        a.reply(503, Retry_After="1" if a.nth() == 1 else "0") if a.nth() <= 2 else a.reply(body=BODY)

    server.answers["/a.csv"] = answer
    assert only(get(tmp_path, server)).status == "fetched"
    assert server.asked["/a.csv"] == 3 and server.times[1] - server.times[0] >= 1.0


def test_server_that_asks_to_wait_too_long_is_left(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.reply(429, Retry_After="3600")
    outcome = only(get(tmp_path, server))
    assert "asks to wait 3,600 seconds" in outcome.reason and server.asked["/a.csv"] == 1


def test_retry_after_as_date_and_nonsense() -> None:
    assert retry_after("120") == 120
    assert retry_after("Wed, 01 Oct 2014 08:30:00 GMT") == 0
    assert retry_after("soon") is None and retry_after(None) is None


def test_missing_file_fails_at_once_and_the_others_go_on(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.reply(404)
    server.answers["/b.csv"] = lambda a: a.reply(body=BODY)
    report = get(tmp_path, server, "a.csv", "b.csv", "c.csv", c={"address": None})
    assert [o.status for o in report.outcomes] == ["failed", "fetched", "unavailable"] and not report.ok
    assert "answered 404 Not Found" in report.failed[0].reason and server.asked["/a.csv"] == 1
    assert "by hand from https://example.org/page" in report.unavailable[0].reason
    assert json.loads(json.dumps(report.as_dict()))["files"][0]["status"] == "failed"
    assert "failed: 1" in str(report) and "unavailable: 1" in str(report)


def test_redirects(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.reply(302, Location="/a2.csv")
    server.answers["/a2.csv"] = lambda a: a.reply(body=BODY)
    server.answers["/b.csv"] = lambda a: a.reply(302, Location="/b2.csv")
    server.answers["/b2.csv"] = lambda a: a.reply(301, Location="/b.csv")
    other = server.base.replace("127.0.0.1", "localhost")
    server.answers["/c.csv"] = lambda a: a.reply(302, Location=f"{other}/a2.csv")
    server.answers["/d.csv"] = lambda a: a.reply(302, Location="file:///etc/passwd")
    for step in range(9):
        server.answers[f"/e{step or ''}.csv"] = lambda a, step=step: a.reply(302, Location=f"/e{step + 1}.csv")
    report = get(tmp_path, server, "a.csv", "b.csv", "c.csv", "d.csv", "e.csv")
    a, b, c, d, e = report.outcomes
    assert a.status == "fetched"
    assert "in a circle or too often" in b.reason and server.asked["/b.csv"] == 1
    assert "which is not secure" in c.reason and "which is not secure" in d.reason
    assert "too often" in e.reason


def test_secure_redirect_to_another_host_is_followed_and_reported(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "files.example.org":
            return httpx.Response(302, headers={"location": "https://cdn.example.net/a.csv"})
        return httpx.Response(200, stream=httpx.ByteStream(BODY))

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        outcome = only(fetch(tmp_path, client=client, series=series("a.csv"), manners=QUICK))
    assert outcome.status == "fetched"
    assert "redirected from files.example.org to cdn.example.net" in outcome.notes


def test_too_large_is_refused_before_and_during(server: Server, tmp_path: Path) -> None:
    def endless(a: Answer) -> None:
        a.send_response(200)
        a.send_header("Transfer-Encoding", "chunked")
        a.end_headers()
        for _ in range(40):
            a.wfile.write(b"10000\r\n" + b"0" * 0x10000 + b"\r\n")

    server.answers["/a.csv"] = lambda a: a.reply(body=HEADER, declare=2 << 20)
    server.answers["/b.csv"] = endless
    a, b = get(tmp_path, server, "a.csv", "b.csv").outcomes
    assert "over the limit of 1,048,576" in a.reason and "over the limit of 1,048,576" in b.reason
    assert not leftovers(tmp_path)


def test_chunked_and_packed_answers_are_read(server: Server, tmp_path: Path) -> None:
    import gzip

    def chunked(a: Answer) -> None:
        a.send_response(200)
        a.send_header("Transfer-Encoding", "chunked")
        a.end_headers()
        a.wfile.write(b"%x\r\n" % len(BODY) + BODY + b"\r\n0\r\n\r\n")

    server.answers["/a.csv"] = chunked
    server.answers["/b.csv"] = lambda a: a.reply(body=gzip.compress(BODY), Content_Encoding="gzip")
    report = get(tmp_path, server, "a.csv", "b.csv")
    assert len(report.fetched) == 2 and all(o.size == len(BODY) for o in report.fetched)
    assert any("gave no length" in n for n in report.fetched[0].notes)


def test_two_connections_and_a_pause(server: Server, tmp_path: Path) -> None:
    names = [f"{n}.csv" for n in "abcdef"]
    now, most = 0, 0

    def answer(a: Answer) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        time.sleep(0.1)
        now -= 1
        a.reply(body=BODY)

    for name in names:
        server.answers[f"/{name}"] = answer
    report = get(tmp_path, server, *names, manners=Manners(pause=0.01, connect=2, read=2))
    assert len(report.fetched) == 6 and most <= 2
    polite = download.Downloader(httpx.Client(), manners=Manners(pause=0.05))
    began = time.monotonic()
    for address in ("https://a.org/1", "https://b.org/1", "https://a.org/2", "https://a.org/3"):
        polite._pace(address)
    polite.client.close()
    assert time.monotonic() - began >= 0.1
    assert len(lock(tmp_path)) == 6


def test_dry_run_touches_nothing(server: Server, tmp_path: Path) -> None:
    report = get(tmp_path / "new", server, "a.csv", "b.csv", b={"address": None}, dry_run=True)
    assert [o.status for o in report.outcomes] == ["planned", "unavailable"]
    assert not server.requests and not (tmp_path / "new").exists()


def test_disk_full_and_not_ours_are_named(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/a.csv"] = lambda a: a.reply(body=BODY)
    monkeypatch.setattr(parts.shutil, "disk_usage", lambda p: type("", (), {"free": 10})())
    assert "the disk has 10" in only(get(tmp_path, server)).reason
    monkeypatch.undo()

    def full(*args: object, **more: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download.Downloader, "_read", full)
    assert "the disk is full" in only(get(tmp_path, server)).reason
    monkeypatch.undo()
    monkeypatch.setattr(fetch_file.Path, "mkdir", lambda *a, **k: full_of(errno.EACCES))
    assert "may not be written to" in only(get(tmp_path / "theirs", server)).reason


def full_of(number: int) -> None:
    raise OSError(number, "no")


def test_damaged_lock_file_and_part_record(server: Server, tmp_path: Path) -> None:
    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    (tmp_path / "payments").mkdir()
    (tmp_path / "payments/.a.csv.part").write_bytes(b"rubbish" * 100)
    (tmp_path / "payments/.a.csv.part.json").write_text('{"address": 5, "total": "x"')
    assert only(get(tmp_path, server)).status == "fetched" and "range" not in server.requests[0]
    for text in ("not json", "[]", '{"version": 2, "files": {}}', '{"version": 1, "files": {"a": {"size": 1}}}'):
        (tmp_path / NAME).write_text(text)
        with pytest.raises(DownloadError, match="move it away"):
            get(tmp_path, server)


def test_unknown_kind_and_base(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no publication called"):
        fetch(tmp_path, ["pavements"])
    with pytest.raises(InputError, match="not a base address"):
        fetch(tmp_path, ["payments"], base="127.0.0.1")


def test_interrupt_stops_the_downloads(server: Server, tmp_path: Path) -> None:
    def interrupt(place: str, have: int, total: int | None) -> None:
        raise KeyboardInterrupt

    server.answers["/a.csv"] = lambda a: a.ranged(BODY)
    with pytest.raises(KeyboardInterrupt):
        get(tmp_path, server, progress=interrupt)
    assert not (tmp_path / "payments/a.csv").exists()


def test_official_files_are_fetched_checked_and_read(server: Server, tmp_path: Path, official_data: Path) -> None:
    import gzip

    from gpcontract.england.publications import read_folder

    def serve(file: catalogue.OfficialFile, body: bytes) -> None:
        server.answers[urlsplit(file.address or "").path] = lambda a: a.ranged(body)

    wanted = [f for f in catalogue.choose(["payments"], [2020, 2022, 2024])[0] if f.address]
    for file in wanted:
        serve(file, gzip.decompress((official_data / "payments" / f"{file.name}.gz").read_bytes()))
    report = fetch(tmp_path, ["payments"], [2020, 2022, 2024], base=server.base, manners=QUICK)
    assert [o.status for o in report.outcomes] == ["fetched"] * 3, str(report)
    assert {s["trusted"] for s in lock(tmp_path).values()} == {"catalogue"}
    (tmp_path / "payments/.nhspaymentsgp-22-23-prac-csv.csv.part").write_bytes(BODY)
    reading = read_folder(tmp_path)
    assert [(p.kind, p.when, p.frame.height) for p in reading.publications] == [
        ("payments", 2020, 6808), ("payments", 2022, 6669), ("payments", 2024, 6375),
    ]  # fmt: skip
