"""The report's page and twins: sound and accessible HTML, every chart with its table, files that hold the same figures."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from pages import Page, assert_sound
from rich.console import Console

from gpcontract import England
from gpcontract.engine.edits import Scale
from gpcontract.findings import assumptions, waterfall
from gpcontract.findings.compare import Comparison, compare
from gpcontract.report import charts, report, text
from gpcontract.report.comparison import SHOWN, income, left_out
from gpcontract.report.comparison import summary as summary_table
from gpcontract.report.document import Card, Document, Figure, Section, render, slug
from gpcontract.report.files import json_text
from gpcontract.report.sections import saying
from gpcontract.report.tables import Column, Table
from gpcontract.report.twins import write_tables, write_workbook

LINES = Table(
    "bill_by_line",
    "The bill by line",
    (Column("line", "Line"), Column("pounds", "£ million", "millions"), Column("change", "Change", "change")),
    (("Core", 4.4e9, 0.01), ("<Odd> & rare", 1.25e8, -0.5), ("=1+1", None, None)),
    "In pounds of the year.",
)
LONG = Table("everyone", "Every practice", (Column("code", "Code"),), tuple((f"S{i}",) for i in range(50)), first=20)


@pytest.fixture(scope="module")
def document() -> Document:
    figure = Figure("Core pays £4,400.0m", LINES, charts.bars(LINES, "line", "pounds"))
    steps = Table("steps", "Steps", LINES.columns[:2], (("One", -1e6), ("In all", -1e6)))
    return Document(
        "Contracts, side by side",
        "One sentence.",
        {"England": "synthetic England, seed 1", "Denominator": "registered"},
        (
            Section("Summary", ("In <plain> words.",), (Card("The national contract", (("Bill", "£11bn"),), "Words."),)),
            Section("The bill", figures=(figure, Figure("All of them", LONG))),
            Section("Steps", parts=(Section("Hewitt", figures=(Figure("A step", steps, charts.waterfall(steps, "line", "pounds")),)),)),
            Section("Glossary", terms=(("List", "Registered patients."),)),
        ),
        is_synthetic=True,
        tables=(Table("more", "More", (Column("a", "A"),), (("x",),)),),
        notes=("Figures of a year ahead.",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(document: Document) -> Page:
    return Page(render(document))


def test_the_page_is_sound(page: Page) -> None:
    assert_sound(page)


def test_every_chart_is_named_described_and_followed_by_its_table(page: Page) -> None:
    charts_ = [a for a in page.all("svg") if a.get("role") == "img"]
    assert len(charts_) == 2
    names = [t for t, a in page.tags if t in ("title", "desc", "table", "figure") or a.get("role") == "img"]
    assert names == ["title", *["figure", "svg", "title", "desc", "table"], "figure", "table", *["figure", "svg", "title", "desc", "table"]]  # fmt: skip
    assert all(a["aria-labelledby"] and a["aria-describedby"] for a in charts_)
    hidden = [a for a in page.all("svg") if a.get("aria-hidden") == "true" or "aria-labelledby" in a or "viewbox" in a]
    assert len(hidden) == len(list(page.all("svg")))


def test_tables_can_be_scrolled_by_keyboard_and_have_captions(page: Page) -> None:
    regions = [a for a in page.all("div") if a.get("class") == "scroll"]
    assert len(regions) == len(list(page.all("table"))) == len(list(page.all("caption"))) == 3
    assert all(a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in regions)


def test_the_page_says_what_it_is(page: Page) -> None:
    for words in (
        "This is not an NHS service",
        "Synthetic England: none of these practices exists",
        "In <plain> words.",
        "<Odd> & rare",
        "£4,400.0m",
        "−50.0%",
        "the first 20 of 50 rows; everyone.csv has them all",
        "Figures of a year ahead.",
    ):
        assert words in page.said


def test_a_page_is_a_pure_function_of_its_document(document: Document, page: Page) -> None:
    assert render(document) == page.source


def test_every_table_has_its_file(document: Document, tmp_path: Path) -> None:
    written = write_tables(document.every_table, tmp_path)
    assert [p.name for p in written] == ["bill_by_line.csv", "everyone.csv", "steps.csv", "more.csv"]
    with written[0].open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "pounds", "change"], ["Core", "4400000000", "0.01"], ["<Odd> & rare", "125000000", "-0.5"], ["=1+1", "", ""],
        ]  # fmt: skip
    assert len(written[1].read_text(encoding="utf-8").splitlines()) == 51


def test_the_workbook_has_every_table_and_says_what_it_is(document: Document, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(write_workbook(document, tmp_path / "r.xlsx"))
    assert book.sheetnames == ["Notes", "Bill by line", "Everyone", "Steps", "More"]
    rows = list(book["Bill by line"].iter_rows(values_only=True))
    assert rows == [("Line", "£ million", "Change"), ("Core", 4.4e9, 0.01), ("<Odd> & rare", 1.25e8, -0.5), ("=1+1", None, None)]  # fmt: skip
    assert book["Bill by line"]["A4"].data_type == "s"  # text, not a formula
    notes = {r[0]: r[1] for r in book["Notes"].iter_rows(values_only=True) if r[0]}
    assert notes["England"] == "synthetic England, seed 1"
    assert notes["Bill by line"] == "The bill by line. In pounds of the year."
    book.close()


def test_sheets_have_short_names_and_none_twice(tmp_path: Path) -> None:
    tables = tuple(Table("a" * 40 + str(i), "T", (Column("a", "A"),), ()) for i in range(3))
    path = write_workbook(Document("T", "L", {}, (), tables=tables), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(path)
    assert len({n.lower() for n in book.sheetnames}) == 4 and max(map(len, book.sheetnames)) <= 31
    book.close()


def test_names_for_links() -> None:
    assert slug("Who gains, and who loses?") == "who-gains-and-who-loses"


# -- the comparison's report -----------------------------------------------------------------------------------


class Told:
    """An answer as the report reads it."""

    def __init__(self, says: str, verdict: str, low: float | None, high: float | None) -> None:
        self.said: dict[str, Any] = {
            "says": says, "by": "a GP reader of Pulse, 2013", "verdict": verdict, "reading": "About 2.1 times.", "why": "", "low": low,
            "high": high, "unit": "times", "theme": "money", "ids": ["S1-02"], "cannot_tell": "Who would come.",
            "inputs": [{"grade": "A", "assumed": False}, {"grade": "C", "assumed": True}],
        }  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        return self.said


ANSWERS = (Told("It costs twice as much", "holds", 1.8, 2.4), Told("Nobody gains", "does not hold", 2.0, 2.0), Told("Trusts will come", "cannot be computed", None, None))  # fmt: skip


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(["national", "hewitt_review", "at_your_service"], reform=Scale("global_sum_price", 1.01))


@pytest.fixture(scope="module")
def written(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    steps = {n: waterfall.of_mechanisms(comparison.money(n).result, 2024) for n in ("hewitt_review",)}
    swings = {"hewitt_review": assumptions.one_at_a_time(comparison, "hewitt_review")[:4]}
    joint = {"hewitt_review": assumptions.joint(comparison, "hewitt_review", 5)}
    folder = tmp_path_factory.mktemp("report")
    return report.write(comparison, ANSWERS, folder, steps, swings, joint)


@pytest.fixture(scope="module")
def told(written: list[Path]) -> Page:
    return Page(written[0].read_text(encoding="utf-8"))


def test_the_report_is_sound_and_small(told: Page) -> None:
    assert_sound(told)
    assert len(told.source) < 3_000_000
    charts_ = [a for a in told.all("svg") if a.get("role") == "img"]
    assert len(charts_) >= 15 and len(list(told.all("figure"))) == len(list(told.all("table"))) >= len(charts_)


def test_the_report_has_every_part(told: Page) -> None:
    for title in (
        "Summary", "What each contract costs", "Who gains and who loses", "The twenty most affected, and why",
        "Income by kind of practice", "Equity by deprivation", "Spread between boards", "Risk, luck and yearly change", "Who holds the money", "Who bears a bad year",
        "What the contracts do that is not money", "What each mechanism adds", "Claims in the debate", "What is assumed, and how far it moves the answer",
        "How it was made", "The words",
    ):  # fmt: skip
        assert any(t.strip() == title for t in told.texts), title


def test_the_report_says_what_it_is_of(told: Page, comparison: Comparison) -> None:
    edits = comparison.contract("hewitt_review").reform
    for words in ("synthetic England, seed 1", "2024/25", "registered patients", edits.edits[0].said, edits.hash):
        assert words in told.said
    for name in comparison.names:
        assert comparison.titles[name] in told.said and comparison.contract(name).hash in told.said
    assert not {"nan", "None", "inf"} & set(told.said.replace("(", " ").replace(",", " ").split())


def test_claims_have_their_number_range_grades_and_limits(told: Page) -> None:
    assert "Of three claims, one holds, one does not hold and one cannot be computed" in told.said
    for words in ("It costs twice as much", "a GP reader of Pulse, 2013", "1.80 to 2.40 times", "A: 1, C: 1 (1 assumed)", "Who would come.", "S1-02"):  # fmt: skip
        assert words in told.said


def test_the_reports_figures_are_the_findings(told: Page, comparison: Comparison) -> None:
    for name in comparison.names[1:]:
        losers, gainers = comparison.winners[name].over(0.01)
        assert f"{gainers:,} practices gain 1% or more, {losers:,} lose" in told.said
    for s in comparison.spread:
        assert f"{s.index:,.1f}" in told.said or s.denominator != "need"


def test_the_files_hold_every_practice(written: list[Path], comparison: Comparison) -> None:
    tables_ = {p.stem: p for p in written[2:]}
    with tables_["practices"].open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(comparison.frame.members)
    held = sum(float(r["pounds_hewitt_review"]) for r in read)
    assert held == pytest.approx(comparison.money("hewitt_review").pounds.sum())
    with tables_["totals"].open(encoding="utf-8", newline="") as file:
        assert float(list(csv.DictReader(file))[1]["paid"]) == pytest.approx(
            comparison.bill.total("hewitt_review") / 100
        )


def test_one_contract_alone_is_a_report_too() -> None:
    page = Page(render(report.document(compare(["national"]))))
    assert_sound(page)
    assert "One GP contract, 2024/25" in page.said and "Who gains" not in page.said


def test_sums_are_said_as_people_say_them() -> None:
    assert [saying.aloud(x) for x in (13.757e9, 9.2e7, 8.44e6, -12_300)] == ["£13.76 billion", "£92 million", "£8.4 million", "−£12,300"]  # fmt: skip
    assert saying.more_or_less(-9.2e7) == "£92 million less" and "the same" in saying.more_or_less(9e4)
    assert [saying.against(x) for x in (0.036, -0.128, 0.0001)] == ["3.6% more", "12.8% less", "the same"]
    assert [saying.people(x) for x in (57_400_000, 53_210, 999_600, 12)] == ["57.4 million", "53,000", "1.0 million", "12"]  # fmt: skip
    assert saying.joined(["a", "b", "c"]) == "a, b and c" and saying.joined([]) == ""
    assert saying.counted(3) == "three" and saying.counted(1200) == "1,200"


# -- colour ----------------------------------------------------------------------------------------------------


def _contrast(a: str, b: str) -> float:
    def light(code: str) -> float:
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_marks_stand_out_from_the_page_and_words_from_their_marks() -> None:
    import gpcontract.report

    folder = Path(gpcontract.report.__file__).parent / "templates"
    style = "".join((folder / f).read_text(encoding="utf-8") for f in ("style.css", "charts.css"))
    series = re.findall(r"--s\d: (#\w{6})", style)
    assert len(series) == 6 and all(_contrast(c, "#ffffff") >= 4.5 for c in series)  # names of lines have these colours
    screen = style[: style.index("@media (forced-colors")]
    fills = dict(re.findall(r"(?<!place)\.(loss\d|gain\d|same)(?:, \.\w+)* \{ fill: (#\w{6})", screen))
    fills |= {"loss2": "#b35000", "gain2": "#005eb8"}
    for kind in ("loss2", "loss3", "gain2", "gain3"):
        assert _contrast(fills[kind], "#ffffff") >= 4.5
    for kind in ("loss1", "gain1", "same"):
        assert _contrast(fills[kind], "#212b32") >= 4.5
    for colour in ("#768692", "#cc7016", "#3f8fd4", "#a34700"):  # points on the map
        assert colour in screen and _contrast(colour, "#ffffff") >= 3


def test_files_hold_figures_in_full_and_nothing_where_nothing_is_known(tmp_path: Path) -> None:
    cells = (13811770592.03, 1e-7, 0.1 + 0.2, math.nan, None, 6249)
    table = Table("t", "T", (Column("x", "X", "pence"),), tuple((x,) for x in cells))
    (path,) = write_tables([table], tmp_path)
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))[1:]
    assert [x for row in rows for x in row] == ["13811770592.03", "0.0000001", "0.3", "", "", "6249"]
    assert json.loads(json_text({"x": [math.nan, 1.5, (math.inf,)]}), parse_constant=pytest.fail) == {
        "x": [None, 1.5, [None]]
    }


def test_contracts_of_two_years_have_files_and_sheets(tmp_path: Path) -> None:
    table = Table("affected_national@2022/23", "T", (Column("a", "A"),), (("x",),))
    assert [p.name for p in write_tables([table], tmp_path)] == ["affected_national@2022-23.csv"]
    book = openpyxl.load_workbook(write_workbook(Document("T", "L", {}, (), tables=(table,)), tmp_path / "r.xlsx"))
    assert book.sheetnames == ["Notes", "Affected national@2022-23"]


def test_lines_that_are_not_published_are_said() -> None:
    england = England.synthetic(1, (2021, 2022, 2024))
    facts = dict(england.facts)
    facts["published_premises"] = np.where(np.array([[False], [True], [False]]), np.nan, facts["published_premises"])
    made = compare(["national@2022/23", "national"], replace(england, facts=facts))
    assert made.lacking == {"national": ("Premises",), "national@2024/25": ()}
    said = " ".join(left_out(made))
    assert (
        "1 line is not published for 2022/23 and is in no figure here: Premises." in said and "no change of pay" in said
    )
    assert said in " ".join(report.document(made).facts.values()) and said in summary_table(made).note
    assert left_out(compare(["national", "national@2022/23"], england)) == ()


@pytest.mark.parametrize("width", [60, 100, 140])
def test_no_figure_is_cut_off_in_a_terminal(comparison: Comparison, width: int) -> None:
    made = [shown(comparison) for name, shown in SHOWN.items() if name != "measures"]
    for table in (*made, income(comparison, "deprivation"), income(comparison, "region")):
        file = io.StringIO()
        Console(file=file, width=width, highlight=False).print(text.table(table))
        lines = file.getvalue().splitlines()
        assert max(map(len, lines)) <= width, table.name
        printed = {word for line in lines for word in line.split()}
        figures = [c.shown(x) for row in table.printed for c, x in zip(table.columns, row, strict=True) if c.is_number]
        assert [x for x in figures if x not in printed] == [], table.name
