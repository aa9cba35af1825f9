"""Build: a draft is read from its address and back, prices as the engine does, and is saved under its hash."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.http import QueryDict
from django.test import Client

from gpcontract import Contract, run
from gpcontract.contracts import names
from gpcontract.contracts.pricing import years_up_to
from gpcontract.engine.edits import Cap, DropChapter, PhaseIn, Reform, ReplaceRule, Scale, Set
from gpcontract.engine.reform_files import reform_of
from gpcontract.findings.money import Money
from gpcontract.web.desk import Desk
from gpcontract.web.draft import Change, Draft
from gpcontract.web.leaving import left_out
from gpcontract.web.pages.reform import text_of
from gpcontract.web.store import Saved, save, saved

MANY = Reform.of(
    Set("ladder_in_force", 0),
    Scale("global_sum_price", 1.0375, "2024/25-"),
    PhaseIn("ooh_deduction_share", 0, "2023/24-2025/26"),
    Cap("qof_point_value", 200),
    DropChapter("premises"),
    DropChapter("locum", "2024/25-"),
    title="Many things",
)


def draft(desk: Desk, query: str) -> Draft:
    return Draft.read(QueryDict(query), desk)


def row(value: str, way: str, amount: str, **more: str) -> str:
    fields = {"value": value, "way": way, "amount": amount, "key": "", "from": "", "to": ""} | more
    return "&".join(f"{k}={v}" for k, v in fields.items())


# -- drafts -----------------------------------------------------------------------------------------------------


def test_a_draft_is_the_same_after_its_own_address(desk: Desk) -> None:
    made = Draft.of(Saved(MANY, "hewitt_review", "Many things"), desk)
    again = draft(desk, urlsplit(made.address()).query)
    assert (again.reform.hash, again.title, again.base) == (made.reform.hash, "Many things", "hewitt_review")
    assert sorted(e.said for e in made.reform.edits) == sorted(e.said for e in MANY.edits)
    assert again.address() == made.address()


@pytest.mark.parametrize(
    ("way", "amount", "said"),
    [
        ("raise", "5", "scale global_sum_price by 1.05"),
        ("raise", "−2.5%", "scale global_sum_price by 0.975"),
        ("set", "£1,112.50", "set global_sum_price to 1112.5"),
        ("add", "-1", "add global_sum_price: -1"),
        ("cap", "100", "cap global_sum_price at 100"),
    ],
)
def test_figures_are_read_as_people_write_them(desk: Desk, way: str, amount: str, said: str) -> None:
    made = Draft("national", desk.contract("national"), (Change("global_sum_price", "", way, amount),))
    assert [e.said for e in made.reform.edits] == [said]
    assert Change.of(made.reform.value_edits[0]).edit == made.reform.edits[0]


@pytest.mark.parametrize(
    ("query", "at", "problem"),
    [
        (row("global_sum_price", "set", "six"), "change-1", "'six' is not a number"),
        (row("global_sum_price", "set", "inf"), "change-1", "not a number"),
        (row("global_sum_price", "set", "1_000"), "change-1", "not a number"),
        (row("global_sum_prise", "set", "6"), "change-1", "Did you mean global_sum_price"),
        (row("global_sum_price", "double", "6"), "change-1", "no way to change a value"),
        (row("global_sum_price", "phase", "6"), "change-1", "first and a last year"),
        (row("global_sum_price", "set", "6", **{"from": "2024/25", "to": "2020/21"}), "change-1", "run backwards"),
        (row("global_sum_price", "set", "6", key="x"), "change-1", "has no entry 'x'"),
        (
            row("global_sum_price", "set", "6") + "&" + row("global_sum_price", "set", "7"),
            "change-2",
            "Two edits change",
        ),
        ("off=ladder", "off-ladder", "has no mechanism 'ladder'"),
        ("end=nothing", "end-nothing", "no chapter 'nothing'"),
    ],
)
def test_a_mistake_is_told_where_it_is_and_the_page_still_opens(
    desk: Desk, client: Client, query: str, at: str, problem: str
) -> None:
    assert problem in draft(desk, query).mistakes[at]
    answer = client.get(f"/build?{query}")
    assert answer.status_code == 400
    assert f'href="#{at}"' in answer.content.decode()
    assert client.get(f"/build.json?{query}").json()["mistakes"].keys() == {at}


def test_what_is_right_counts_although_something_else_is_wrong(desk: Desk) -> None:
    made = draft(desk, row("global_sum_price", "raise", "x") + "&" + row("qof_point_value", "raise", "5"))
    assert [e.said for e in made.reform.edits] == ["scale qof_point_value by 1.05"]
    assert list(made.mistakes) == ["change-1"]


def test_a_figure_that_is_not_yet_given_is_no_mistake(desk: Desk) -> None:
    made = draft(desk, "add=global_sum_price")
    assert (made.mistakes, made.reform, len(made.changes)) == ({}, Reform(), 1)


# -- mechanisms left out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hewitt_review", "at_your_service", "rising_to_the_challenge"])
def test_a_mechanism_left_out_pays_what_the_contract_pays_without_it(desk: Desk, name: str) -> None:
    contract = Contract.load(name)
    years = years_up_to(contract, desk.england, desk.year)
    for m in contract.mechanisms[:6]:
        left = left_out(contract, m.name)
        assert left.edits and not left.stays, m.name
        without = contract.switched([x.name for x in contract.mechanisms if x is not m])
        meant = Money("x", run(without, desk.england, years), desk.frame(desk.year))
        made = desk.edited(name, Reform(left.edits), desk.year)
        assert np.abs(made.running - meant.running).max() <= 1, m.name  # a penny, where a rate is undone by its inverse


def test_what_no_value_can_undo_is_said() -> None:
    stays = {
        (n, m.name) for n in names() for c in (Contract.load(n),) for m in c.mechanisms if left_out(c, m.name).stays
    }
    assert stays == {("primary_care_reform", "network_contract"), ("securing_the_future", "integrated_forms")}


# -- what it does -----------------------------------------------------------------------------------------------


def test_the_page_says_what_the_engine_pays(desk: Desk, client: Client, code: str) -> None:
    made = client.get(f"/build.json?{row('global_sum_price', 'raise', '5')}&practice={code}").json()
    lines = next(t for t in made["tables"] if t["name"] == "lines")["rows"]
    after = run(
        Contract.load("national"),
        desk.england,
        years_up_to(desk.contract("national"), desk.england, desk.year),
        reform=Scale("global_sum_price", 1.05),
    )
    for r in lines[:-1]:
        line = next(x for x in after.lines(desk.year) if x.title == r["line"])
        assert r["after"] == pytest.approx(Money("x", after, desk.frame(desk.year)).sums[line.name] / 100)
    practice = next(t for t in made["tables"] if t["name"] == "practice")["rows"]
    assert sum(r["more"] for r in practice[:-1]) == pytest.approx(practice[-1]["more"], abs=0.05)
    assert made["hash"] == Reform.of(Scale("global_sum_price", 1.05)).hash


def test_an_edit_that_is_not_in_force_says_so(client: Client) -> None:
    told = client.get(f"/build.json?{row('global_sum_price', 'raise', '5', **{'from': '2026/27'})}").json()["summary"]
    assert "moves no money" in told and "Not in force" in told


def test_drafts_leave_nothing_behind(desk: Desk) -> None:
    base = desk.money("national", desk.year)
    desk.edited("national", Reform.of(Scale("global_sum_price", 1.01)), desk.year).by_line  # noqa: B018
    before = len(base.seen), len(desk.contract("national").memo)
    for i in range(5):
        desk.edited("national", Reform.of(Scale("global_sum_price", 1.1 + i / 100)), desk.year).by_line  # noqa: B018
    assert (len(base.seen), len(desk.contract("national").memo)) == before


# -- saved ------------------------------------------------------------------------------------------------------


def test_saved_forked_and_saved_again(desk: Desk, client: Client) -> None:
    first = client.post(
        "/build/save", {"value": "global_sum_price", "way": "raise", "amount": "4.25", "title": "Four <b>"}
    )
    assert first.status_code == 303
    page = client.get(first["Location"])
    assert page.status_code == 200 and "Four &lt;b&gt;" in page.content.decode()
    sign = first["Location"].rsplit("/", 1)[1]
    fork = parse_qs(urlsplit(draft(desk, f"reform={sign}").address()).query)
    assert (fork["value"], fork["amount"], fork["forked"]) == (["global_sum_price"], ["4.25"], [sign])
    again = client.post("/build/save", {"value": "global_sum_price", "way": "raise", "amount": "3.75", "forked": sign})
    assert saved(again["Location"].rsplit("/", 1)[1]).forked_from == sign
    same = client.post(
        "/build/save", {"value": "global_sum_price", "way": "raise", "amount": "4.25", "title": "Another name"}
    )
    assert same["Location"] == first["Location"] and saved(sign).title == "Four <b>"


def test_a_saved_reform_is_a_contract_everywhere(desk: Desk, client: Client, code: str) -> None:
    made = save(Reform.of(Scale("global_sum_price", 1.02)), "hewitt_review", "Two")
    for path in (f"/practice/{code}", "/england", "/compare", "/practices"):
        assert client.get(path, {"contract": made.name}).status_code == 200, path


def test_a_reform_saved_on_two_contracts_has_a_page_for_each(desk: Desk, client: Client) -> None:
    form = {"value": "qof_point_value", "way": "raise", "amount": "7.5"}
    borrowed = f"hewitt_review+{save(Reform.of(Scale('qof_point_value', 1.075)), 'national', 'First').reform.hash}"
    assert "Hewitt review with “First”" in client.get("/compare", {"contract": borrowed}).content.decode()
    second = client.post("/build/save", form | {"base": "hewitt_review", "title": "Second"})["Location"]
    plain = second.partition("?")[0]
    assert second == f"{plain}?base=hewitt_review"
    one, other = (client.get(address).content.decode() for address in (plain, second))
    assert '<h1><span class="nhsuk-caption-l">Reform' in one and "First</h1>" in one and "Second</h1>" in other
    assert f'href="{plain}/file.yaml"' in one and f'href="{plain}/file.yaml?base=hewitt_review"' in other
    assert "gpcontract compare hewitt_review" in client.get(f"{plain}/file.yaml?base=hewitt_review").content.decode()
    assert '<input type="hidden" name="base" value="hewitt_review">' in other
    sign = plain.rsplit("/", 1)[1]
    assert f"/build?reform={sign}&amp;base=hewitt_review" in other
    fork = draft(desk, f"reform={sign}&base=hewitt_review")
    assert (fork.base, fork.title, fork.forked) == ("hewitt_review", "Second", sign)
    assert draft(desk, f"reform={sign}").base == "national"
    again = client.post("/build/save", form | {"amount": "7.25", "base": "hewitt_review", "forked": sign})["Location"]
    assert f'<a href="{second}">reform {sign}</a>' in client.get(again).content.decode()
    assert "“Second”" in client.get("/england", {"contract": borrowed}).content.decode()
    assert client.get(f"{plain}?base=at_your_service").status_code == 404


def test_what_a_reform_began_as_need_not_be_here(client: Client) -> None:
    form = {"value": "qof_point_value", "way": "raise", "amount": "6.5", "forked": "../a<b>"}
    made = client.get(client.post("/build/save", form)["Location"])
    assert made.status_code == 200 and 'href="/reform/..%2Fa%3Cb%3E"' in made.content.decode()


def test_the_file_of_a_reform_is_read_again_as_the_same(desk: Desk, client: Client) -> None:
    held = (
        *MANY.edits,
        ReplaceRule("held_by_network", "held_by_network"),
        Set("share_to_trust", 0.1, range=(0.05, 0.2)),
    )
    made = save(Reform(held), "national", "A title: with #, 'quotes' and\n a break")
    assert reform_of(text_of(made)) == made.reform
    answer = client.get(f"/reform/{made.reform.hash}/file.yaml")
    assert answer["Content-Disposition"] == f'attachment; filename="reform-{made.reform.hash}.yaml"'
    assert reform_of(answer.content.decode()).hash == made.reform.hash


def test_text_that_is_pasted_becomes_a_draft_and_is_not_saved(client: Client) -> None:
    reform = Reform.of(Scale("global_sum_price", 1.0123))
    for text in (reform.to_json(), "edits: [{kind: scale, value: global_sum_price, amount: 1.0123}]"):
        answer = client.post("/build/read", {"text": text})
        assert answer.status_code == 303
        assert client.get(answer["Location"].replace("/build", "/build.json", 1)).json()["hash"] == reform.hash
    assert client.get(f"/reform/{reform.hash}").status_code == 404


def test_nothing_changed_is_nothing_to_save(client: Client) -> None:
    answer = client.post("/build/save", {"base": "national"})
    assert answer.status_code == 400 and "no edit to save" in answer.content.decode()
