"""Bad addresses, bad bodies and bad luck: a clear page with the right code, in the form that was asked for, and never a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from gpcontract.web import desk as room
from gpcontract.web.desk import Desk
from gpcontract.web.pages import find

BAD = (
    ("/practice/ZZZZ", 404, "nobody in this England"),
    ("/practice/%00", 404, ""),
    ("/practice/" + "A" * 500, 404, ""),
    ("/practice/%F0%9F%92%A9", 404, ""),
    ("/network/S00101", 404, "is not a network"),
    ("/board/..%2F..%2Fetc%2Fpasswd", 404, ""),
    ("/england?year=1999", 400, "no 1999/00"),
    ("/england?year=soon", 400, ""),
    ("/england?year=2024/26", 400, ""),
    ("/england?year=99999999999999999999", 400, ""),
    ("/england?contract=nothing", 400, "there is no contract"),
    ("/england?contract=national%2B000000000000", 400, "no reform is saved here"),
    ("/england?contract=national%2Bxyz", 400, "is not a contract"),
    ("/england?contract=../../secret", 400, "is not a contract"),
    ("/england.csv?table=nothing", 400, "no table"),
    ("/contract/nothing", 404, "there is no contract"),
    ("/contract/national?year=1900", 400, ""),
    ("/compare?show=nothing", 400, "is no show"),
    ("/compare?" + "&".join(["contract=national"] * 8), 400, "no more than 7"),
    ("/practices?sort=height", 400, "no column to sort by"),
    ("/practices?page=0", 400, "is no page"),
    ("/practices?page=9999", 400, "no page 9999"),
    ("/practices?within=NOWHERE", 400, "nobody in this England"),
    ("/search?most=1e9", 400, "is no most"),
    ("/claims?theme=cats", 400, "is no theme"),
    ("/claim/nothing", 404, "no claim"),
    ("/practice/CODE/letter?line=nothing", 400, "is no line"),
    ("/reform/000000000000", 404, ""),
    ("/nothing", 404, "nothing at this address"),
    ("/assets/0/../settings.py", 404, ""),
    ("/assets/0/nothing.css", 404, ""),
)  # fmt: skip


@pytest.mark.parametrize(("path", "status", "said"), BAD)
def test_a_bad_address_is_told_in_words(path: str, status: int, said: str, client: Client, code: str) -> None:
    response = client.get(path.replace("CODE", code))
    text = response.content.decode()
    assert response.status_code == status
    assert ("Traceback" not in text and "<h1>" in text) or path.endswith((".css", "nothing")) or ".csv" in path
    assert said in text.replace("&#39;", "'")


@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("csv", "text/plain")])
def test_mistakes_come_in_the_form_asked_for(form: str, kind: str, client: Client) -> None:
    response = client.get(f"/practice/ZZZZ.{form}")
    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (404, kind)
    if form == "json":
        assert json.loads(response.content)["problem"].startswith("nobody in this England")


def test_what_is_near_is_said(client: Client, code: str) -> None:
    near = code[:-1] + "X"
    assert "did you mean" in client.get(f"/practice/{near}").content.decode().lower()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(method: str, client: Client) -> None:
    response = getattr(client, method)("/england")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_head_has_no_body(client: Client) -> None:
    response = client.head("/england")
    assert (response.status_code, response.content) == (200, b"")
    assert int(response["Content-Length"]) > 1000


def test_a_fault_of_ours_is_a_page_without_a_trace(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(find.asked, "number", fail)
    response = client.get("/search?q=a")
    assert response.status_code == 500
    assert b"secret" not in response.content and b"The fault is ours" in response.content


HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
)


@pytest.mark.parametrize(
    "path", ["/", "/england.json", "/nothing", "/api/v1/openapi.json", "/assets/0/explorer.css", "/health/live"]
)
def test_every_answer_is_guarded(path: str, client: Client) -> None:
    response = client.get(path)
    assert all(h in response for h in HEADERS)
    assert not response.cookies
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy and "default-src 'none'" in policy


def test_large_and_hostile_bodies_are_refused(client: Client) -> None:
    large = "x" * (10 * 1024 * 1024)
    assert client.post("/api/v1/price", large, content_type="application/json").status_code == 413
    assert client.post("/api/v1/price", "{", content_type="application/json").status_code in (400, 422)
    deep = "[" * 100_000 + "]" * 100_000
    assert client.post("/api/v1/price", deep, content_type="application/json").status_code in (400, 422)
    assert client.post("/api/v1/price", b"\xff\xfe", content_type="application/json").status_code in (400, 422)
    many = json.dumps({"edits": [{"kind": "scale", "value": "global_sum_price", "amount": 1.01}] * 501})
    assert client.post("/api/v1/price", many, content_type="application/json").status_code == 422


EDITS: tuple[tuple[Any, str], ...] = (
    ([{"kind": "scale", "value": "global_sum_prise", "amount": 2}], "global_sum_price"),
    ([{"kind": "explode"}], "is not a kind of edit"),
    ([{"kind": "scale", "value": "global_sum_price", "amount": "much"}], "a number"),
    ([{"kind": "scale", "value": "global_sum_price", "amount": 1e400}], ""),
    ([{"kind": "set", "value": "global_sum_price", "amount": 1}, {"kind": "set", "value": "global_sum_price", "amount": 2}], "two edits change"),
    ([{"kind": "drop chapter", "chapter": "nothing"}], ""),
    ([{"kind": "replace rule", "rule": "global_sum", "by": "os.system"}], ""),
    ([7], "dictionary"),
)  # fmt: skip


@pytest.mark.parametrize(("edits", "said"), EDITS)
def test_a_mistaken_edit_is_told(edits: Any, said: str, client: Client) -> None:
    body = json.dumps({"edits": edits}).replace("Infinity", "1e999")
    response = client.post("/api/v1/price", body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert said in response.content.decode()


def test_health(client: Client, desk: Desk) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    assert client.get("/health/ready").json()["status"] == "ready"
    room.sit(None)
    try:
        assert client.get("/health/ready").status_code == 503
    finally:
        room.sit(desk)


def test_the_log_has_no_personal_data(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "gpcontract.web"):
        client.get("/search?q=Dr+Smith", REMOTE_ADDR="203.0.113.7", headers={"user-agent": "Some Browser"})
        client.get("/practice/a%0d%0aforged line")
    text = "\n".join(r.getMessage() for r in caplog.records)
    assert "Smith" not in text and "203.0.113.7" not in text and "Some Browser" not in text
    assert "\r" not in text and "GET /search 200" in text


def test_strangers_are_refused(desk: Desk) -> None:
    response = Client(SERVER_NAME="evil.example", raise_request_exception=False).get("/")
    assert response.status_code == 400
    assert "does not answer to the name" in response.content.decode()
