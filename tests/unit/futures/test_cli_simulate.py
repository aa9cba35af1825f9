"""`gpcontract simulate`: what it prints, writes, keeps and refuses, and that each knob turns something."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from gpcontract import England
from gpcontract.cli import main
from gpcontract.engine.reform_files import reform_of
from gpcontract.futures import kept, running, simulate, worth
from gpcontract.report import ahead as tables
from gpcontract.report import charts
from gpcontract.report.sections import ahead as page
from gpcontract.report.tables import Column

cli = sys.modules["gpcontract.cli.simulate"]


@pytest.fixture(autouse=True)
def here(small: England, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command reads the small England, and keeps what it keeps in a folder of its own."""
    monkeypatch.setattr(cli, "england_at", lambda where: small)
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def call(*words: str) -> Result:
    return CliRunner().invoke(main, ["simulate", *words], catch_exceptions=False)


@pytest.fixture(scope="module")
def done(small: England, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two contracts over three years and 105 draws."""
    folder = tmp_path_factory.mktemp("done")
    running.run(simulate.plan(small, ("national", "at_your_service"), 3, 105), folder, workers=1)
    return folder


def test_one_contract_and_one_draw_print_the_central_path_by_year() -> None:
    out = call("national", "--draws", "1", "--years", "3", "--show", "practices")
    assert out.exit_code == 0, out.output
    row = next(x for x in out.stdout.splitlines() if x.startswith("Practices open"))
    counts = [int(x.replace(",", "")) for x in re.findall(r"(?<= )\d[\d,]*", row)]
    assert len(counts) == 4 and counts == sorted(counts, reverse=True)
    for said in (
        "2024/25",
        "2027/28",
        "Knobs: none",
        "Draws: 1 (central, without luck)",
        "Seed: 1",
        "figures that the years ahead rest on",
    ):
        assert said in out.stdout
    assert not Path("out").exists()  # the central path is worked out at once, and not kept


def test_draws_print_ranges_odds_and_what_was_run(done: Path, small: England) -> None:
    out = call("national", "at_your_service", "--years", "3", "--draws", "105", "--out", str(done), "--workers", "1")
    assert out.exit_code == 0, out.output
    held = kept.read(done)
    said = " ".join(out.stdout.split())
    for words in ("80% from", "Without luck", "The chance of more, or of less, than The national contract in 2027/28", "What matters most", str(small.title),
                  held.about["hash"], *(c["hash"] for c in held.about["contracts"]), "105, the first of them without luck"):  # fmt: skip
        assert words in said, words
    low, middle, high = np.quantile(held.series("at_your_service", "partners")[-1, 1:], (0.1, 0.5, 0.9))
    for x in (low, middle, high, held.series("at_your_service", "partners")[-1, 0]):
        assert f"{x:,.0f}" in said


def test_json_holds_what_is_printed(done: Path) -> None:
    out = call("--contracts", "national,at_your_service", "--years", "3", "--draws", "105", "--out", str(done), "--json", "--show", "bill")  # fmt: skip
    body = json.loads(out.stdout)
    held = kept.read(done)
    of = body["contracts"]["national"]["bill"]
    assert of["central"] == pytest.approx(held.series("national", "bill")[:, 0].tolist())
    assert of["quantiles"]["0.5"][-1] == pytest.approx(np.median(held.series("national", "bill")[-1, 1:]))
    (odds,) = body["odds"]
    assert (odds["contract"], odds["way"], odds["draws"]) == ("at_your_service", "less", 104)
    assert body["matters"][0]["quantity"] == "bill" and len(body["matters"][0]["worths"]) > 40
    assert body["run"]["hash"] == held.about["hash"] and "practices" not in body["run"]


def test_tables_and_page_are_written(done: Path, tmp_path: Path) -> None:
    out = call("national", "at_your_service", "--years", "3", "--draws", "105", "--out", str(done), "--csv", "tables", "--report", "page/ahead.html")  # fmt: skip
    assert out.exit_code == 0, out.output
    files = {p.name for p in Path("tables").iterdir()}
    assert {"central_national.csv", "fan_bill.csv", "odds.csv", "boards_practices.csv"} <= files
    assert len(Path("tables/fan_bill.csv").read_text().splitlines()) == 1 + 2 * 4
    html = Path("page/ahead.html").read_text(encoding="utf-8")
    for title in (*page.THEMES, "The odds between contracts", "How to read this"):
        assert f'<h2 id="{re.sub("[^a-z0-9]+", "-", title.lower())}">{title}</h2>' in html
    drawings = re.findall(r'<svg class="chart".*?</svg>\s*</div>', html, re.S)
    assert len(drawings) >= 14
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "nan" not in html.replace("governance", "").replace("maintenance", "").replace("finan", "")


def test_a_fan_draws_what_its_table_says(done: Path) -> None:
    """One panel for each contract, each with three bands, and the last middle in words."""
    figure = page.fan(kept.read(done), "practices")
    root = ElementTree.fromstring(figure.svg)
    panels = [e for e in root if e.tag == "svg"]
    assert len(panels) == 2
    assert [len(p.findall("polygon")) for p in panels] == [3, 3]
    said = " ".join(e.text or "" for e in root.iter("text"))
    last = figure.table.rows[: len(panels)]
    for row in last:
        assert f"2027/28: {row[figure.table.at('q50')]:,.0f}" in said
        assert f"{row[figure.table.at('q50')]:,.0f}" in figure.sentence


def test_bands_of_a_fan_lie_within_each_other() -> None:
    quantiles = [(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0)]
    drawing = charts.fan(
        charts.panels({"One": (quantiles, (4.0, 6.0))}), ("2024/25", "2025/26"), Column("x", "X", "count"), page.LEVELS
    )
    root = ElementTree.fromstring(drawing.svg("a", "One"))
    ends = [
        sorted(float(p.split(",")[1]) for p in e.attrib["points"].split() if p.startswith("100,"))
        for e in root.iter("polygon")
    ]
    assert len(ends) == 3
    assert ends[0][0] < ends[1][0] < ends[2][0] < ends[2][1] < ends[1][1] < ends[0][1]


def test_a_run_goes_on_and_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command works nothing out again; --fresh works out everything."""
    words = ("national", "--years", "1", "--draws", "9", "--workers", "1", "--show", "bill")
    assert "The run is kept in out/ahead/" in call(*words).stdout
    worked: list[object] = []
    real = simulate.block
    monkeypatch.setattr(simulate, "block", lambda *a: worked.append(a) or real(*a))
    assert call(*words).exit_code == 0 and not worked
    assert call(*words, "--fresh").exit_code == 0 and len(worked) == 2


def test_a_contract_beside_the_same_with_a_reform(tmp_path: Path) -> None:
    """Each has a row of its own, under a name that says the reform."""
    (tmp_path / "dearer.json").write_text('[{"kind": "scale", "value": "global_sum_price", "amount": 1.1}]')
    body = json.loads(
        call("national", "national+dearer.json", "--draws", "1", "--years", "1", "--json", "--show", "bill").stdout
    )
    plain, dearer = body["contracts"].items()
    assert (plain[0], dearer[0]) == ("national", "national+" + reform_of((tmp_path / "dearer.json").read_text()).hash)
    assert dearer[1]["bill"]["central"][-1] > 1.03 * plain[1]["bill"]["central"][-1]


def test_worths_that_are_nothing_are_said_once(done: Path) -> None:
    """Not as £0 ± £0 in every row; a worth that can be told from nothing has its error beside it."""
    held = kept.read(done)
    every = tables.matters(held, tables.CHARTED, 25)
    pays = [w.pays for n in tables.CHARTED for w in worth.ranking(held, n).telling[:25]]
    assert pays and [x != "–" for x in every.texts("value")] == pays
    nothing = replace(every, rows=tuple((*r[:-1], "–") for r in every.rows))
    said = tables._without_nothing(nothing, 2)
    assert [c.name for c in said.columns] == [c.name for c in every.columns[:-1]]
    assert said.note.endswith(tables.NO_WORTH) and tables.WORTH not in said.note
    assert tables.NO_WORTH not in tables._without_nothing(nothing, 1).note
    some = replace(every, rows=tuple((*r[:-1], "£3m ± £1m") for r in every.rows))
    assert tables._without_nothing(some, 2) is some


TURNED = {"funding_growth": "4%", "pay_growth": "3%", "gp_training": "9,000", "additional_roles": "0.1", "reversal_after": "2", "announcement": "3"}  # fmt: skip


@pytest.mark.parametrize("name", cli.KNOBS)
def test_each_knob_is_an_edit_that_turns_something(name: str) -> None:
    """Under the option the figure is edited from the first year ahead on, and some quantity of a contract moves."""
    words = ("national", "at_your_service", "--years", "4", "--draws", "1", "--json", "--show", "all")
    before = json.loads(call(*words).stdout)
    after = json.loads(call(*words, f"--{name.replace('_', '-')}", TURNED[name]).stdout)
    (edit,) = after["run"]["knobs"]
    assert (edit["kind"], edit["value"], edit["years"]) == ("set", cli.KNOBS[name][0], "2025/26-")
    assert re.fullmatch("[0-9a-f]{12}", after["run"]["knobs_hash"])
    assert after["run"]["hash"] != before["run"]["hash"]
    ends = [{q: x["central"][-1] for q, x in of["contracts"]["at_your_service"].items()} for of in (before, after)]
    assert any(abs(ends[0][q] - ends[1][q]) > 1e-6 * max(abs(ends[0][q]), 1) for q in ends[0])
    starts = [{q: x["central"][0] for q, x in of["contracts"]["at_your_service"].items()} for of in (before, after)]
    assert starts[0] == starts[1]  # the starting year is what it was


def test_figures_are_listed_with_range_grade_and_source() -> None:
    body = json.loads(call("--knobs", "--json").stdout)
    rows = {r["name"]: r for r in body["rows"]}
    assert rows["funding_growth"]["option"] == "--funding-growth"
    assert rows["funding_growth"]["range"] == "-0.01 to 0.03"
    assert {f for f, _ in cli.KNOBS.values()} <= set(rows)
    assert all(r["grade"] and (r["source"] or r["status"] == "assumed") for r in rows.values())
    assert "exit_income_response" in call("--knobs").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("national", "--set", "funding_grwth=0.02"), "funding_growth"),
        (("national", "--funding-growth", "much"), "--funding-growth much is not a number"),
        (("national@2019/20",), "has a year of its own"),
        (("national", "--contracts", "all"), "named twice"),
        (("national", "--draws", "1", "--years", "1", "--show", "practises"), "no quantity 'practises'"),
        (("national", "--draws", "0"), "0 draws"),
        (("national", "--funding-growth=-200%"), "--funding-growth -200% makes funding_growth -2"),
        (("national", "--gp-training", "50%"), "--gp-training 50% is in percent"),
        (("national", "--set", "hard_exit_share=2"), "makes hard_exit_share 2"),
        (("national", "--set", "staff_fte=2"), "no knob turns 'staff_fte'"),
        (("national", "--set", "partner_income=200000@2025/26-"), "partner_income is read in 2024/25 alone"),
        (("national", "--backend", "jax", "--scheduler", "tcp://here:1"), "cannot be given draws of jax"),
        (("national", "--years", "99"), "99 years ahead"),
        (("natinal",), "national"),
        (("national", "national", "--draws", "1"), "the contract 'national' is there twice"),
    ],
)
def test_what_cannot_be_run_is_said(words: tuple[str, ...], said: str) -> None:
    out = call(*words)
    assert out.exit_code == 2
    assert said in out.output and "Traceback" not in out.output


def test_every_quantity_is_shown_in_its_own_unit(done: Path) -> None:
    """Each quantity has a table, whatever its unit."""
    held = kept.read(done)
    for name in tables.EVERY:
        assert len(tables.fan(held, name).rows) == 8
        assert all(x != "–" for x in tables.range_of(held, name).texts("middle"))


def test_a_report_shows_a_run_of_its_own_england(
    done: Path, small: England, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`report --run FOLDER` has the years ahead as a section; a run of another England is refused."""
    monkeypatch.setattr(sys.modules["gpcontract.cli.comparing"], "england_at", lambda where, years=None: small)
    words = ["report", "national", "at_your_service", "--quick", "--run", str(done), "--out", str(tmp_path / "report")]
    out = CliRunner().invoke(main, words, catch_exceptions=False)
    assert out.exit_code == 0, out.output
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert '<h2 id="years-ahead">Years ahead</h2>' in html and 'id="chart-fan-practices-title"' in html
    assert (tmp_path / "report" / "tables" / "fan_practices.csv").exists()
    monkeypatch.setattr(
        sys.modules["gpcontract.cli.comparing"], "england_at", lambda where, years=None: replace(small, title="another")
    )
    refused = CliRunner().invoke(main, words, catch_exceptions=False)
    assert refused.exit_code == 2 and "one England" in refused.output
