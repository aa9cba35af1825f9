"""The commands that compare, answer claims, write the report and make contracts, as a user types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gpcontract.cli import main


def said(*words: str | Path, code: int = 0) -> Result:
    made = CliRunner().invoke(main, [str(w) for w in words])
    assert made.exit_code == code, made.output
    return made


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Reforms are kept in a folder of the test's own."""
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GPCONTRACT_ENGLAND", raising=False)
    return tmp_path / "cache" / "reforms"


def test_compare_says_what_a_contract_costs_and_whom_it_moves() -> None:
    text = said("compare", "national", "hewitt_review").output
    for words in (
        "Paid every year",
        "Hewitt review",
        "Practices losing 5% or more",
        "figures in use are assumed",
        "synthetic England",
    ):
        assert words in text


def test_compare_prints_what_is_asked_for() -> None:
    titles = {
        "bill": "The bill by line",
        "equity": "Money per patient by deprivation",
        "spread": "The postcode lottery",
        "floors": "What a floor per",
        "holders": "Who holds the lists",
        "measures": "that is not money",
        "waterfall": "one mechanism after another",
        "affected": "most affected: Hewitt review",
        "outcomes": "measured achievement",
        "volatility": "Yearly change of income",
        "exposure": "Who bears what",
    }
    asked = [word for name in titles for word in ("--show", name)]
    text = said("compare", "national", "hewitt_review", *asked, "--by", "deprivation").output
    assert [t for t in titles.values() if t not in text] == [] and "Income by deprivation fifth" in text
    assert "The contracts side by side" not in text


def test_compare_as_json_is_what_the_comparison_says() -> None:
    body = json.loads(said("compare", "hewitt_review", "--json").output)
    assert [c["name"] for c in body["contracts"]] == ["national", "hewitt_review"] and body["year"] == "2024/25"
    assert {"bill", "winners", "income", "equity", "spread", "holders", "measures"} <= body.keys()


def test_one_contract_with_edits_is_compared_with_itself() -> None:
    body = json.loads(said("compare", "national", "--scale", "global_sum_price=1.05", "--json").output)
    a, b = body["contracts"]
    assert a["edits"] is None and len(b["edits"]) == 12
    assert body["bill"]["totals"][0]["pounds"][b["name"]] > body["bill"]["totals"][0]["pounds"][a["name"]]


def test_years_stand_side_by_side() -> None:
    text = said("compare", "national", "national@2022/23").output
    assert "2022/23" in text and "The national contract, 2022/23: " in text


def test_the_year_is_the_first_contracts(tmp_path: Path) -> None:
    def years(*words: str) -> tuple[str, list[str]]:
        body = json.loads(said("compare", *words, "--json").output)
        return body["year"], [c["title"] for c in body["contracts"]]

    national = "The national contract"
    assert years("national@2022/23", "national") == ("2022/23", [national, f"{national}, 2024/25"])
    assert years("scotland_2018@2022/23") == ("2022/23", [national, "Scotland 2018"])
    assert years("national", "national", "national")[1] == [national, f"{national} (2)", f"{national} (3)"]


def test_a_path_may_have_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "me@home+you"
    folder.mkdir()
    said("contract", "new", folder / "mine.yaml", "--title", "Mine")
    assert "Mine" in said("compare", "national", folder / "mine.yaml", "--show", "summary").output


def test_years_before_there_were_networks_are_compared() -> None:
    body = said("compare", "national", "hewitt_review", "--year", "2010/11", "--json").output
    assert json.loads(body, parse_constant=pytest.fail)["year"] == "2010/11"


def test_compare_writes_tables_that_add_up(tmp_path: Path) -> None:
    said("compare", "national", "hewitt_review", "--show", "summary", "--out", tmp_path)
    with (tmp_path / "practices.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    body = json.loads((tmp_path / "comparison.json").read_text("utf-8"))
    for name in ("national", "hewitt_review"):
        carers = [
            t
            for t in body["bill"]["totals"]
            if t["fund"] == "running" and t["payee"] in ("practice", "network", "provider")
        ]
        assert sum(float(r[f"pounds_{name}"]) for r in rows) == pytest.approx(
            sum(t["pounds"][name] for t in carers), abs=0.5
        )


def test_assumed_figures_are_moved_to_their_ends() -> None:
    text = said("compare", "national", "hewitt_review", "--show", "assumptions", "--show", "joint").output
    assert "assumes, and how far each figure moves its cost" in text and "over all assumed ranges together" in text


def test_what_is_asked_wrongly_is_explained() -> None:
    for words, problem in (
        (("compare", "hewit_review"), "did you mean hewitt_review?"),
        (("compare", "national@1999/00"), "has no rules for 1999/00"),
        (("compare", "national+nothing.json"), "nothing.json"),
        (("compare", "national@"), "names no year"),
        (("compare", "national+"), "no reform after it"),
        (("compare", "national", "--england", "synthetic:²"), "is not a seed"),
        (("compare", "national", "--set", "no_such=1"), "there is no value 'no_such'"),
        (("claims", "no-such-claim"), "no claim 'no-such-claim'"),
        (("claims", "S0-03"), "no claim answers S0-03 (represented): "),
        (("claims", "--inventory", "S9-99"), "the inventory has no 'S9-99'"),
        (("contract", "values", "outcome_core_weight"), "--contract hewitt_review has it"),
        (("reform",), "there is no edit"),
        (("reform", "0123456789ab"), "no reform is kept here"),
    ):
        assert problem in said(*words, code=2).output, words


def test_a_reform_is_brought_back_by_its_hash(shelf: Path, tmp_path: Path) -> None:
    made = json.loads(
        said("reform", "--scale", "global_sum_price=1.05", "--out", tmp_path / "dearer.json", "--json").stdout
    )
    assert (shelf / f"{made['hash']}.json").exists()
    assert json.loads(said("reform", made["hash"], "--json").stdout)["edits"] == made["edits"]
    more = json.loads(said("reform", tmp_path / "dearer.json", "--add", "qof_point_value=1", "--json").stdout)
    assert (
        more["in_words"] == ["scale global_sum_price by 1.05", "add qof_point_value: 1"]
        and more["hash"] != made["hash"]
    )
    body = json.loads(said("compare", "national", f"national+{made['hash']}", "--json").output)
    assert body["contracts"][1]["edits"] == made["hash"]


def test_a_contract_of_ones_own_from_new_to_compare(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    said("contract", "new", mine, "--base", "hewitt_review", "--title", "Mine")
    assert "No mistakes found" in said("contract", "check", mine).output
    assert "is there already" in said("contract", "new", mine, code=2).output
    mine.write_text(
        mine.read_text("utf-8").replace("edits: []", "edits:\n- {kind: scale, value: global_sum_price, amount: 1.02}"),
        "utf-8",
    )
    assert "Mine" in said("compare", "hewitt_review", mine).output
    mine.write_text(
        "title: Mine\nbase: national\nedits:\n- {kind: scale, value: nope, amount: 1}\nmechanism: {}\n", "utf-8"
    )
    found = said("contract", "check", mine, code=2).output
    assert "mine.yaml:4: there is no value 'nope'" in found and "mine.yaml:5: a contract has no 'mechanism'" in found
    assert f"contract check {mine}` tells the other 1 too" in said("compare", "national", mine, code=2).output
    body = json.loads(said("contract", "check", mine, "--json", code=2).output)
    assert [m["where"] for m in body["mistakes"]] == ["mine.yaml:4", "mine.yaml:5"]


def test_a_contract_is_shown_with_its_mechanisms() -> None:
    text = said("contract", "show", "hewitt_review").output
    assert "Hewitt" in text and "S0-04" in text and "switch" in text
    body = json.loads(said("contract", "show", "hewitt_review", "--json").output)
    assert body["mechanisms"] and all(m["ids"] for m in body["mechanisms"])


def test_claims_are_listed_and_told_in_full(tmp_path: Path) -> None:
    text = said("claims", "--no-ahead").output
    assert "Verdict" in text and "holds" in text and "years ahead" not in text
    told = said("claims", "S1-44", "--out", tmp_path).output
    assert "rests on" in told and "cannot tell" in told
    body = json.loads((tmp_path / "claims.json").read_text("utf-8"))
    assert body and all({"value", "low", "high", "verdict", "inputs", "cannot_tell"} <= a.keys() for a in body)


def test_claims_about_years_ahead_stand_with_the_others() -> None:
    told = said("claims", "S4-12", "--draws", "0").output
    assert "general-practice-collapses" in told and "partnership-will-be-gone" in told
    assert "'S1-66' is about years ahead" in said("claims", "S1-66", "--no-ahead", code=2).output


def test_no_id_of_the_inventory_is_missing() -> None:
    body = json.loads(said("claims", "--inventory", "--json").output)
    wanted = [f"S{s}-{i:02d}" for s, n in enumerate((63, 72, 22, 18, 22)) for i in range(1, n + 1)]
    assert sorted(i["id"] for i in body) == sorted(wanted)


def test_the_report_is_written_whole(tmp_path: Path) -> None:
    said("report", "national", "hewitt_review", "--quick", "--out", tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<h1" in page and "Hewitt review" in page and "<script" not in page
    assert (tmp_path / "report.xlsx").stat().st_size > 10_000 and list((tmp_path / "tables").glob("*.csv"))
