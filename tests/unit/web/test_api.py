"""The HTTP interface: what it says is what pages say, its description is whole, and reforms are saved and brought back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from gpcontract.web.desk import Desk
from gpcontract.web.store import save, saved

PRICE = [{"kind": "scale", "value": "global_sum_price", "amount": 1.05}]


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    ("route", "page"),
    [
        ("/api/v1/statements/practice/CODE?contract=hewitt_review", "/practice/CODE.json?contract=hewitt_review"),
        ("/api/v1/statements/england", "/england.json"),
        ("/api/v1/contracts/national", "/contract/national.json"),
        (
            "/api/v1/compare?contract=national&contract=hewitt_review",
            "/compare.json?contract=national&contract=hewitt_review",
        ),
        ("/api/v1/claims?theme=money", "/claims.json?theme=money"),
        ("/api/v1/search?q=practice", "/search.json?q=practice"),
        ("/api/v1/england", "/data.json"),
    ],
)
def test_it_says_what_pages_say(route: str, page: str, client: Client, code: str) -> None:
    assert client.get(route.replace("CODE", code)).json() == client.get(page.replace("CODE", code)).json()


def test_its_description_is_whole(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    for methods in schema["paths"].values():
        for route in methods.values():
            assert route["summary"] and route["description"] and route["responses"]
    page = client.get("/api").content.decode()
    assert all(path in page.replace("&#123;", "{") for path in schema["paths"])


def test_the_working_of_one_line(client: Client, code: str) -> None:
    tree = client.get(f"/api/v1/statements/practice/{code}/explain?line=global_sum").json()["tree"]
    assert tree["name"] == "global_sum" and tree["children"] and tree["clause"]


def test_edits_are_priced(client: Client, desk: Desk) -> None:
    told = post(client, "/api/v1/price", {"edits": PRICE}).json()
    assert told["change"] == pytest.approx(told["bill"] - told["bill_of_the_national_contract"])
    assert told["change"] > 1e8
    assert told["winners"]["bands"][0]["practices"] == 0


def test_a_reform_is_saved_and_works_wherever_a_contract_can_be_named(client: Client, code: str) -> None:
    made = post(client, "/api/v1/reforms", {"edits": PRICE, "title": "Five per cent"})
    assert made.status_code == 201
    name, sign = made.json()["name"], made.json()["hash"]
    assert client.get(f"/api/v1/reforms/{sign}").json()["title"] == "Five per cent"
    for path in (f"/practice/{code}", "/england", "/practices"):
        text = client.get(f"{path}?contract={name}").content.decode()
        assert "Five per cent" in text, path
    assert "Five per cent" in client.get(f"/contract/{name}").content.decode()
    beside = client.get(f"/compare.json?contract=national&contract={name.replace('+', '%2B')}").json()
    assert beside["contracts"] == ["national", name]


def test_what_a_link_names_does_not_change(client: Client, desk: Desk) -> None:
    reform = desk.contract("national").reform.from_json(
        json.dumps([{"kind": "add", "value": "qof_point_value", "amount": 3}])
    )
    assert save(reform, "national", "First").title == "First"
    assert save(reform, "national", "Second").title == "First"
    assert saved(reform.hash).reform == reform


def test_the_same_edits_on_two_contracts_are_two_reforms(client: Client) -> None:
    edits = [{"kind": "add", "value": "qof_point_value", "amount": 4}]
    for contract, title in (("national", "Four more"), ("hewitt_review", "Four on top"), ("hewitt_review", "Late")):
        made = post(client, "/api/v1/reforms", {"edits": edits, "title": title, "contract": contract}).json()
        sign = made["hash"]
    assert (made["title"], made["address"]) == ("Four on top", f"/reform/{sign}?base=hewitt_review")
    first, second = (client.get(f"/api/v1/reforms/{sign}{more}").json() for more in ("", "?base=hewitt_review"))
    assert [(m["title"], m["contract"]) for m in (first, second)] == [
        ("Four more", "national"),
        ("Four on top", "hewitt_review"),
    ]
    assert first["edits"] == second["edits"]
    assert client.get(f"/api/v1/reforms/{sign}?base=at_your_service").status_code == 404


def test_an_edit_of_what_is_not_there_is_not_saved(client: Client) -> None:
    answer = post(client, "/api/v1/reforms", {"edits": [{"kind": "set", "value": "nothing", "amount": 1}]})
    assert answer.status_code == 400
    assert "no value 'nothing'" in answer.json()["problem"]


def test_the_tables_are_those_of_the_models(desk: Desk) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
