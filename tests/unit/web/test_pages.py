"""Every page opens, has its twins, says what its figures are, and leads nowhere that is not there."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from gpcontract.engine.edits import Reform, Set
from gpcontract.web.change import paid
from gpcontract.web.desk import Desk
from gpcontract.web.pages import statement

PATHS = (
    "/",
    "/search?q=practice",
    "/practice/CODE",
    "/practice/CODE?contract=at_your_service",
    "/practice/CODE?year=2023/24",
    "/practice/CODE/letter",
    "/network/NETWORK",
    "/sub-board/SUB",
    "/board/BOARD?contract=hewitt_review",
    "/region/REGION",
    "/england",
    "/contracts",
    "/contract/national",
    "/contract/hewitt_review?year=2023/24",
    "/compare",
    *(f"/compare?show={part}" for part in ("winners", "affected", "bill", "equity", "groups", "boards", "risk", "exposure", "holders")),
    "/compare?contract=at_your_service&contract=hewitt_review",
    "/practices",
    "/practices?within=BOARD&across=size&sort=name&contract=primary_care_reform",
    "/claims",
    "/claims?theme=money&verdict=holds",
    "/debate",
    "/data",
    "/assumptions?contract=national",
    "/check",
    "/glossary",
    "/accessibility",
    "/api",
)  # fmt: skip
WITHOUT_TABLES = ("/accessibility", "/check")


@pytest.fixture(scope="session")
def named(desk: Desk, code: str) -> dict[str, str]:
    """The codes that stand in paths."""
    at = desk.england.practice(code)
    areas = {k: a.codes[a.index[-1, at]] for k, a in desk.england.areas.items()}
    return {
        "CODE": code,
        "NETWORK": areas["network"],
        "SUB": areas["sub_board"],
        "BOARD": areas["board"],
        "REGION": areas["region"],
    }


def at(path: str, named: dict[str, str]) -> str:
    """A path with its codes."""
    for word, real in named.items():
        path = path.replace(word, real)
    return path


def twin(path: str, form: str) -> str:
    """The address of a page's twin."""
    stem, _, query = path.partition("?")
    stem = "/index" if stem == "/" else stem
    return f"{stem}.{form}" + (f"?{query}" if query else "")


@pytest.mark.parametrize("path", PATHS)
def test_page_opens_without_a_script(path: str, client: Client, named: dict[str, str]) -> None:
    response = client.get(at(path, named))
    assert response.status_code == 200
    text = response.content.decode()
    assert text.count("<h1") == 1
    assert re.search(r"<title>.+ – gpcontract explorer</title>", text)
    assert "<style" not in text and " style=" not in text and " onclick=" not in text
    assert re.findall(r"<script(?! src=| type=\"module\" src=)", text) == []


@pytest.mark.parametrize("path", PATHS)
def test_twins_say_the_same(path: str, client: Client, named: dict[str, str]) -> None:
    path = at(path, named)
    page = json.loads(client.get(twin(path, "json")).content)
    assert page["title"]
    if path.startswith(WITHOUT_TABLES):
        assert client.get(twin(path, "csv")).status_code == 400
        return
    assert page["tables"]
    for table in page["tables"]:
        name = re.sub(r"[^\w.+@() -]+", "-", table["name"])
        joint = "&" if "?" in twin(path, "csv") else "?"
        rows = list(csv.reader(io.StringIO(client.get(f"{twin(path, 'csv')}{joint}table={name}").content.decode())))
        assert rows[0] == [c["name"] for c in table["columns"]]
        assert len(rows) - 1 == len(table["rows"])


@pytest.mark.parametrize("path", [p for p in PATHS if p not in ("/accessibility", "/glossary", "/api")])
def test_every_output_says_which_england(path: str, client: Client, named: dict[str, str]) -> None:
    page = json.loads(client.get(twin(at(path, named), "json")).content)
    assert "synthetic" in page["facts"]["England"]
    assert "Synthetic England" in client.get(at(path, named)).content.decode()


def links(text: str) -> Iterator[str]:
    """The addresses that a page leads to on this website."""
    for href in re.findall(r'href="(/[^"#]*)', text):
        yield href.replace("&amp;", "&")


@pytest.mark.parametrize("path", PATHS)
def test_no_link_is_dead(path: str, client: Client, named: dict[str, str]) -> None:
    seen = set()
    for href in links(client.get(at(path, named)).content.decode()):
        kind = re.sub(r"/(practice|network|sub-board|board|region|claim)/[^/?.]+", r"/\1/X", href)
        if kind not in seen and ".csv" not in href and ".json" not in href:
            seen.add(kind)
            assert client.get(href).status_code in (200, 202), href


def test_every_route_is_tested() -> None:
    """A page that is added is added here."""
    routes = [str(p.pattern) for p in get_resolver().url_patterns]
    pages = {r.removesuffix(".json") for r in routes if r.endswith(".json")}
    known = {p.partition("?")[0].strip("/").partition("/")[0] or "index" for p in PATHS} | {
        "claim",
        "build",
        "reform",
        "ahead",
    }
    assert {r.partition("/")[0] for r in pages} <= known


def test_a_statement_is_the_results_own(desk: Desk, code: str) -> None:
    for who in (code, "England", desk.england.areas["board"].codes[0]):
        whole = desk.result("hewitt_review", 2024).statement(who, 2024)
        ours = desk.statement("hewitt_review", desk.subject(who, 2024), 2024)
        assert ours.amounts == whole.amounts and ours.unpriced == whole.unpriced
        assert (ours.list_size, ours.weighted_list) == (whole.list_size, whole.weighted_list)


def test_what_explains_a_change_adds_up_to_it(client: Client, code: str) -> None:
    page = json.loads(client.get(f"/practice/{code}.json?contract=at_your_service").content)
    why = next(t for t in page["tables"] if t["name"] == "why")["rows"]
    contracts = next(t for t in page["tables"] if t["name"] == "contracts")["rows"]
    change = next(r["more"] for r in contracts if r["contract"].startswith("At your service ("))
    assert sum(r["adds"] for r in why[:-1]) == pytest.approx(change, abs=0.01)
    assert why[-1]["adds"] == pytest.approx(change, abs=0.01)
    assert all(r["plain"] for r in why[:-1] if "others" not in r["step"])
    lines = next(t for t in page["tables"] if t["name"] == "changed")["rows"]
    assert sum(r["more"] for r in lines if r["payee"] not in ("board", "owner")) == pytest.approx(change, abs=0.01)


@pytest.mark.parametrize("contract", ["national", "at_your_service", "hewitt_review"])
def test_the_figure_at_the_top_is_what_its_payees_have(client: Client, desk: Desk, code: str, contract: str) -> None:
    page = json.loads(client.get(f"/practice/{code}.json?contract={contract}").content)
    rows = {r["who"]: r["running"] for r in next(t for t in page["tables"] if t["name"] == "totals")["rows"]}
    whole = rows.pop("For patients’ care")
    care = ("The practice", "Its network", "The organisation that employs its salaried GPs")
    assert whole == pytest.approx(sum(rows.get(w, 0.0) for w in care), abs=0.001)
    assert whole == pytest.approx(paid(desk.money(contract, desk.year), desk.subject(code, desk.year)), abs=0.001)
    assert "None" not in page["summary"] and (contract == "national") == ("national contract pays" in page["summary"])
    assert "The practice" in page["paid_to"]


def test_what_is_paid_lies_between_a_practice_taken_over_and_one_that_is_not(
    client: Client, desk: Desk, code: str
) -> None:
    page = json.loads(client.get(f"/practice/{code}.json?contract=at_your_service").content)
    mean, two = paid(desk.money("at_your_service", desk.year), desk.subject(code, desk.year)), page["cases"]
    assert 0.7 * two["taken_over"] + 0.3 * two["not_taken_over"] == pytest.approx(mean, abs=0.01)
    edits = Reform(tuple(Set(f"share_to_{w}", 0) for w in ("trust", "network", "company")))
    stays = desk.edited("at_your_service", edits, desk.year)
    assert two["not_taken_over"] == pytest.approx(paid(stays, desk.subject(code, desk.year)), abs=0.01)
    assert "if it were taken over" in page["reading"]
    for none in (
        f"/practice/{code}.json",
        f"/practice/{code}.json?contract=rising_to_the_challenge",
        "/england.json?contract=at_your_service",
    ):
        assert json.loads(client.get(none).content)["cases"] == {}


def test_arithmetic_is_told_in_words(client: Client, code: str) -> None:
    page = client.get(f"/practice/{code}?contract=at_your_service").content.decode()
    assert "[Full-time equivalent salaried GPs that do the work of the partners who leave] × [" in page


def test_links_within_a_statement_keep_its_contract_and_year(client: Client, code: str) -> None:
    page = client.get(f"/practice/{code}?contract=hewitt_review&year=2023/24").content.decode()
    areas = re.findall(r'href="(/(?:network|board|region|england)[^"]*)"', page)
    assert areas and all("contract=hewitt_review" in a and "year=2023/24" in a for a in areas), areas


def test_twins_of_a_statement_do_not_wait_for_its_tree(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a tree was worked out that nobody sees")

    monkeypatch.setattr(statement, "explain", never)
    for form in ("json", "csv"):
        assert client.get(f"/practice/{code}.{form}?year=2022/23").status_code == 200
