"""What strangers send: addresses and forms made of nonsense, and the HTTP interface fuzzed from its own description. Nothing may fail on our side."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gpcontract.web import desk as room
from gpcontract.web.middleware import HEADERS
from gpcontract.web.wsgi import application

QUICK = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PATHS = (
    "/",
    "/search",
    "/england",
    "/practice/S00001",
    "/compare",
    "/practices",
    "/claims",
    "/contract/national",
    "/build",
    "/assumptions",
    "/check",
    "/debate",
)
NAMES = (
    "contract",
    "year",
    "q",
    "most",
    "show",
    "table",
    "within",
    "across",
    "value",
    "way",
    "amount",
    "from",
    "to",
    "key",
    "off",
    "end",
    "add",
    "drop",
    "base",
    "practice",
    "other",
    "title",
    "reform",
    "sort",
    "page",
    "theme",
    "verdict",
    "level",
)
NASTY = ("", " ", "-1", "0", "1e999", "nan", "٣", "2024/25", "2024-25", "9999/00", "national", "national+000000000000", "../../etc/passwd", "<script>alert(1)</script>", "'; drop table x; --", "\0", "%00", "A" * 5_000, "global_sum_price", "hewitt_review", "raise", "[", "[{}]", "{{7*7}}", "\u202e", "💷")  # fmt: skip
values = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))
queries = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6)


@QUICK
@given(path=st.sampled_from(PATHS), form=st.sampled_from(("", ".json", ".csv")), query=queries)
def test_no_query_is_a_fault_of_ours(client: Client, path: str, form: str, query: list[tuple[str, str]]) -> None:
    asked = ("/index" if path == "/" and form else path) + form
    answer = client.get(asked, query_params=query)
    assert answer.status_code in (200, 400, 404), (answer.status_code, asked, query)
    if form != ".json":
        assert "<script>alert" not in answer.content.decode()


@QUICK
@given(path=st.text(max_size=60))
def test_no_path_is_a_fault_of_ours(client: Client, path: str) -> None:
    for stem in ("/", "/practice/", "/contract/", "/claim/", "/reform/", "/assets/x/", "/api/v1/"):
        assert client.get(stem + path).status_code < 500, stem + path


@QUICK
@given(
    form=st.lists(st.tuples(st.sampled_from((*NAMES, "text", "forked")), values), max_size=8),
    path=st.sampled_from(("/build/save", "/build/read")),
)
def test_no_form_is_a_fault_of_ours(client: Client, form: list[tuple[str, str]], path: str) -> None:
    held: dict[str, list[str]] = {}
    for name, value in form:
        held.setdefault(name, []).append(value)
    assert client.post(path, held).status_code in (303, 400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_pages_are_only_read(client: Client, method: str) -> None:
    answer = client.generic(method, "/compare")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/build/save", "/build/read", "/api/v1/price", "/api/v1/reforms"])
def test_ten_megabytes_are_too_large(client: Client, path: str) -> None:
    kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
    answer = client.post(path, b"text=" + b"a" * 10_000_000, content_type=kind)
    assert answer.status_code == 413
    assert b"Traceback" not in answer.content


def test_a_form_on_another_website_saves_nothing(client: Client) -> None:
    form = {"value": "global_sum_price", "amount": "5"}
    assert client.post("/build/save", form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/build/save", form, headers={"sec-fetch-site": "same-origin"}).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/practice/NOBODY",
        "/build?amount=x&value=y",
        "/compare.json",
        "/practices.csv",
        "/health/live",
        "/api/v1/contracts",
    ],
)
def test_every_answer_has_the_headers_that_keep_a_browser_safe(client: Client, path: str) -> None:
    answer = client.get(path)
    for name in HEADERS:
        assert name in answer.headers, name
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert (
        policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    )
    assert not any(word in answer["Content-Security-Policy"] for word in ("unsafe", "http:", "https:", "*", "data:"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies and "Server" not in answer.headers and "X-Powered-By" not in answer.headers


def test_a_name_that_is_not_ours_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_no_page_holds_script_or_style_within_it(client: Client) -> None:
    for path in ("/", "/practice/S00001", "/compare", "/practices", "/build?value=global_sum_price&amount=5"):
        text = client.get(path).content.decode()
        assert " style=" not in text and "<style" not in text and " onclick=" not in text, path
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src='), path


# -- the HTTP interface ----------------------------------------------------------------------------------------


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DESCRIBED = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers={"Host": "localhost"})
OPERATIONS = {o.ok().label: o.ok() for o in DESCRIBED.get_all_operations()}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_interface_answers_as_it_says_and_never_fails(
    desk: room.Desk, operation: str, mode: GenerationMode
) -> None:
    cases = OPERATIONS[operation].as_strategy(generation_mode=mode)

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def asked(case: Any) -> None:
        case.call_and_validate(headers={"Host": "localhost", "Accept-Encoding": "identity"}, checks=CHECKS)

    try:
        asked()
    except Unsatisfiable:
        pytest.skip("nothing in it can be wrong")


def test_the_description_is_of_openapi_3(client: Client) -> None:
    made = json.loads(client.get("/api/v1/openapi.json").content)
    assert made["openapi"].startswith("3.") and len(made["paths"]) > 8
