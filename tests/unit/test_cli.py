"""The command line, as it is run: what it prints, JSON that adds up, edits, files, and errors without a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from folders import PAYMENTS, TOTAL, write

from gpcontract.cli import main

YEAR = "2024/25"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def printed(*arguments: str) -> str:
    done = call(*arguments)
    assert done.exit_code == 0, (done.output, repr(done.exception))
    return done.output


def as_json(*arguments: str) -> Any:
    done = call(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def adds_up(body: dict[str, Any]) -> None:
    pence = [round(line["pounds"] * 100) for line in body["lines"]]
    assert sum(pence) == round(body["total"] * 100)
    assert sum(round(p * 100) for p in body["total_by_payee"].values()) == round(body["total"] * 100)
    for payee, pounds in body["total_by_payee"].items():
        assert sum(p for p, x in zip(pence, body["lines"], strict=True) if x["payee"] == payee) == round(pounds * 100)


# -- price -----------------------------------------------------------------------------------------------------


def test_price_prints_the_bill_of_england() -> None:
    said = printed("price")
    for words in (
        "The national contract, 2024/25",
        "synthetic England, seed 1",
        "Global sum",
        "Total paid to practices",
    ):
        assert words in said
    assert "none of these practices exists" in said and "billion" in said


def test_price_as_json_adds_up_and_says_what_it_rests_on() -> None:
    bill = as_json("price")
    adds_up(bill)
    assert bill["england"] == "synthetic England, seed 1" and bill["contract"] == "The national contract"
    assert bill["edits"] == "none" and bill["year"] == YEAR and bill["denominator"] and bill["assumed_values"]
    assert {x["how"] for x in bill["lines"]} <= {"modelled", "carried", "modelled or carried"}
    assert all(x["clause"] and x["title"] and x["chapter"] for x in bill["lines"])


@pytest.mark.parametrize("who", ["S00001", "SN0001", "SB01", "SS001", "SR1", "england"])
def test_price_of_anyone_adds_up(who: str) -> None:
    body = as_json("price", "--who", who)
    adds_up(body)
    assert body["who"]["code"] in (who, "ENG") and body["practices"] >= 1
    assert str(body["who"]["name"]) in printed("price", "--who", who)


def test_price_of_another_year_and_another_england() -> None:
    assert as_json("price", "--year", "2010/11")["year"] == "2010/11"
    other = as_json("price", "--england", "synthetic:2")
    assert other["england"] == "synthetic England, seed 2" and other["total"] != as_json("price")["total"]


# -- edits -----------------------------------------------------------------------------------------------------


def line(body: dict[str, Any], name: str) -> float:
    return next(x["pounds"] for x in body["lines"] if x["line"] == name)


def test_edits_change_what_they_reach_and_are_named_by_their_hash() -> None:
    before = as_json("price")
    scaled = as_json("price", "--scale", "global_sum_price=1.10")
    assert len(scaled["edits"]) == 12 and scaled["edits"] != "none"
    assert line(scaled, "global_sum") > 1.09 * line(before, "global_sum")
    assert line(scaled, "premises") == line(before, "premises")
    adds_up(scaled)
    assert as_json("price", "--scale", "global_sum_price=1.1@2024/25")["total"] == scaled["total"]
    assert as_json("price", "--scale", "global_sum_price=1.1@2025/26-")["total"] == before["total"]
    assert as_json("price", "--set", "global_sum_price=112.5")["total"] == before["total"]  # what it is already
    added = as_json("price", "--set", "global_sum_price=100", "--add", "global_sum_price=12.5")
    assert added["total"] == before["total"] and added["edits"] != "none"


def test_an_edit_of_one_entry_of_a_table() -> None:
    one = as_json("price", "--scale", "age_sex_weights[male_85+]=2", "--who", "S00001")
    assert line(one, "global_sum") != line(as_json("price", "--who", "S00001"), "global_sum")


def test_a_reform_from_a_file_is_the_same_as_options(tmp_path: Path) -> None:
    file = tmp_path / "five.json"
    file.write_text(
        '[{"kind": "scale", "value": "global_sum_price", "amount": 1.05, "note": "more"}]', encoding="utf-8"
    )
    from_file, option = as_json("price", "--reform", file), as_json("price", "--scale", "global_sum_price=1.05")
    assert (from_file["edits"], from_file["total"]) == (option["edits"], option["total"])


# -- explain ---------------------------------------------------------------------------------------------------


def test_explain_prints_a_tree_and_its_json_adds_up() -> None:
    said = printed("explain", "S00001", "--depth", "6")
    for words in ("Global sum", "£112.50", "SFE 2026", "grade A", "×"):
        assert words in said
    tree = as_json("explain", "S00001")["tree"]
    assert sum(round(c.get("value", 0) * 100) for c in tree["children"]) == round(tree["value"] * 100)
    assert tree["value"] == as_json("price", "--who", "S00001")["total"]


@pytest.mark.parametrize("who", ["SN0001", "SB01", "England"])
def test_explain_an_area(who: str) -> None:
    tree = as_json("explain", who)["tree"]
    assert sum(round(c.get("value", 0) * 100) for c in tree["children"]) == round(tree["value"] * 100)
    assert tree["value"] == as_json("price", "--who", who)["total"]


def test_explain_one_line() -> None:
    tree = as_json("explain", "S00001", "--line", "global_sum")["tree"]
    assert tree["name"] == "global_sum" and tree["kind"] == "line" and tree["children"]
    assert tree["value"] == line(as_json("price", "--who", "S00001"), "global_sum")


# -- demo, contracts, catalogue ----------------------------------------------------------------------------------


def test_demo_prints_and_writes(tmp_path: Path) -> None:
    said = printed("demo", "--out", tmp_path / "demo")
    assert "A sample statement" in said and "Total paid to practices" in said
    written = [p for p in (tmp_path / "demo").rglob("*") if p.is_file() and p.parent.name != "tables"]
    assert sorted(p.suffix for p in written) == [".csv", ".html", ".html", ".json", ".xlsx", ".xlsx"]
    assert all(p.name in said.replace("\n", "") for p in written)
    assert "Hewitt review" in said and (tmp_path / "demo" / "report" / "tables" / "practices.csv").exists()


def test_contract_list_check_and_values(tmp_path: Path) -> None:
    assert "national" in printed("contract", "list")
    assert {c["name"] for c in as_json("contract", "list")} >= {"national"}
    assert "No mistakes found" in printed("contract", "check", "national")
    mine = tmp_path / "mine.yaml"
    mine.write_text("title: Mine\nyears: 2024/25\nchapters: [other]\n", encoding="utf-8")
    assert "Mine: 1 chapters" in printed("contract", "check", mine)
    assert any(v["name"] == "global_sum_price" for v in as_json("contract", "values"))
    history = as_json("contract", "values", "global_sum_price")
    assert any(e["value"] == 112.5 and e["sources"] for e in history["entries"])
    assert "112.5" in printed("contract", "values", "global_sum_price") and "london_rate" in printed(
        "contract", "values"
    )
    assert as_json("contract", "values", "age_sex_weights")["keys"]


def test_the_catalogue() -> None:
    assert printed("england", "catalogue") and as_json("england", "catalogue")


def test_version_and_help() -> None:
    assert "version" in printed("--version")
    for path in ((), ("price",), ("england", "build"), ("contract", "values")):
        assert "Usage" in printed(*path, "-h")


# -- england build -------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small file in the publisher's layout."""
    made = tmp_path / "data"

    def row(code: str, listed: float) -> list[Any]:
        north = ["Y63", "NORTH EAST AND YORKSHIRE COMM REGION", "00C", "NHS ICB - 00C", "U1", "U1 PCN"]
        kept = {"code": code, "listed": listed}
        cells = dict(zip(PAYMENTS, north, strict=False))
        return [cells.get(h, "") or _cell(h, kept) for h in PAYMENTS] + [listed * 95, listed * 12, listed * 107]

    write(
        made / "payments" / "nhspaymentsgp-22-23-csv.csv",
        [*PAYMENTS, "Global Sum", "Total QOF Payments", TOTAL],
        [row("A81001", 4000), row("A81002", 8000)],
    )
    return made


def _cell(header: str, kept: dict[str, Any]) -> Any:
    said = header.lower()
    if "practice code" in said:
        return kept["code"]
    if "practice name" in said:
        return f"Surgery {kept['code']}"
    if "postcode" in said:
        return "TS1 1AA"
    if "contract" in said:
        return "GMS"
    if "dispensing" in said:
        return "No"
    if "rural" in said:
        return "Urban"
    if "weighted" in said:
        return kept["listed"] * 1.2
    return kept["listed"] if "patients" in said or "list" in said else ""


def test_england_build_says_what_it_used_lacked_and_could_not_read(folder: Path) -> None:
    (folder / "notes.txt").write_text("not a publication", encoding="utf-8")
    body = as_json("england", "build", folder)
    assert body["years"] == ["2022/23"] and body["practices"] == {"2022/23": 2}
    assert body["used"] and body["lacked"] and any("notes.txt" in u for u in body["unread"])
    assert body["facts"]["list_size"]["files"]
    said = printed("england", "build", folder, "--no-cache")
    assert "2 practices" in said and "Lacked" in said and "notes.txt" in said
    priced = as_json("price", "--england", folder, "--year", "2022/23")
    adds_up(priced)
    assert line(priced, "qof") > 0 and "synthetic" not in priced["england"]


# -- mistakes --------------------------------------------------------------------------------------------------

MISTAKES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "no such year": (("price", "--year", "2024/26"), "does not span one year", "2024/25"),
    "a year the contract has not": (("price", "--year", "1999/00"), "has no rules for 1999/00", "2004/05 to 2026/27"),
    "no such practice": (("price", "--who", "S99999"), "nobody in this England is called 'S99999'", "expected"),
    "an area that nobody was in": (("price", "--who", "SN0001", "--year", "2016/17"), "no open practice was in SN0001", "expected"),
    "explained, too": (("explain", "SN0001", "--year", "2016/17"), "no open practice was in SN0001", "expected"),
    "no such line": (("explain", "S00001", "--line", "global_summ"), "there is no line 'global_summ'", "did you mean global_sum?"),
    "no such value": (("price", "--set", "global_sum_prise=5"), "no value 'global_sum_prise' to set", "did you mean global_sum_price"),
    "no such entry": (("price", "--set", "age_sex_weights[male_85]=5"), "has no entry 'male_85'", "did you mean male_85+"),
    "no such entry of a value not read": (("price", "--set", "qof_indicator_points[x]=5"), "has no entry 'x'", "expected"),
    "not an edit": (("price", "--scale", "global_sum_price"), "is not an edit", "name=amount"),
    "not a number": (("price", "--scale", "global_sum_price=lots"), "is not an edit", "name=amount"),
    "not a finite number": (("price", "--scale", "global_sum_price=inf"), "is 'inf'", "a number"),
    "half a key": (("price", "--set", "x]=1"), "is not an edit", "name[key]=amount"),
    "the other half": (("price", "--set", "x[a=1"), "is not an edit", "name[key]=amount"),
    "no name": (("price", "--set", "=1"), "is not an edit", "name=amount"),
    "years backwards": (("price", "--add", "global_sum_price=1@2026/27-2024/25"), "run backwards", "2024/25-2026/27"),
    "edits that clash": (("price", "--set", "global_sum_price=1", "--set", "global_sum_price=2"), "two edits change global_sum_price", "hint"),
    "no such contract": (("price", "--contract", "nationale"), "there is no contract 'nationale'", "did you mean national?"),
    "no such file": (("contract", "check", "nowhere.yaml"), "there is no file nowhere.yaml", ""),
    "no such folder": (("price", "--england", "nowhere"), "there is no folder 'nowhere'", "expected"),
    "no seed": (("price", "--england", "synthetic:many"), "'many' is not a seed", "synthetic:1"),
    "a negative seed": (("demo", "--seed", "-1"), "is not a seed", "expected"),
    "checking what is made up": (("check", "--england", "synthetic"), "cannot be checked", "official files"),
    "no such value to show": (("contract", "values", "global_sum_prise"), "there is no value", "did you mean global_sum_price"),
    "an option that is not there": (("price", "--yeer", "2024/25"), "No such option", "--year"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_mistakes_are_said_in_words_and_end_with_code_2(what: str) -> None:
    arguments, problem, help_ = MISTAKES[what]
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    said = " ".join(done.output.split())
    assert problem in said and help_ in said
    assert "Traceback" not in done.output and isinstance(done.exception, SystemExit)
    assert done.stdout == ""


@pytest.mark.parametrize(
    "text", ["{", "5", '[{"kind": "set"}]', '[{"kind": "set", "value": "global_sum_price", "amount": "x"}]']
)
def test_a_reform_file_that_is_wrong(text: str, tmp_path: Path) -> None:
    file = tmp_path / "reform.json"
    file.write_text(text, encoding="utf-8")
    done = call("price", "--reform", file)
    assert done.exit_code == 2 and "Error:" in done.stderr and isinstance(done.exception, SystemExit)
    file.write_bytes(b"\xff\xfe\x00")
    done = call("price", "--reform", file)
    assert done.exit_code == 2 and "UTF-8" in done.stderr


def test_a_contract_file_that_is_wrong_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine\nyears: 2024/25\nchapters: [othr]\n", encoding="utf-8")
    for arguments in (("contract", "check", file), ("price", "--contract", file)):
        done = call(*arguments)
        assert done.exit_code == 2
        assert "mine.yaml:3: there is no chapter 'othr'" in done.stderr and "did you mean other?" in done.stderr
