"""Files made from a result: CSV, workbook and page hold the ledger to the penny, say what they are, and open anywhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from gpcontract.contracts import Contract, Result, run
from gpcontract.contracts.result import Statement
from gpcontract.engine.edits import Reform, Scale
from gpcontract.england.facts import England
from gpcontract.report import files, text
from gpcontract.report.words import in_words, millions, people, pounds

YEAR = 2024
WHO = "S00001"


@pytest.fixture(scope="module")
def result() -> Result:
    return run(Contract.load("national"), England.synthetic(1, (YEAR,)))


@pytest.fixture(scope="module")
def made(result: Result, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report") / "deep" / "er"
    written = files.write_all(result, folder, YEAR, (result.statement(WHO, YEAR),))
    assert sorted(folder.iterdir()) == sorted(written)
    return {p.suffix: p for p in written}


def pence(x: Any) -> int:
    return round(float(x or 0) * 100)


# -- CSV and JSON ----------------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_every_practice_and_line_to_the_penny(result: Result, made: dict[str, Path]) -> None:
    read = rows(made[".csv"])
    members = np.flatnonzero(result.open(YEAR))
    assert [r["practice"] for r in read] == [result.england.codes[i] for i in members]
    for line in result.lines(YEAR):
        assert [pence(r[line.name]) for r in read] == result.pence(line.name, YEAR)[members].tolist()
    for payee in ("practice", "network"):
        assert [pence(r[f"total_{payee}"]) for r in read] == result.total(YEAR, payee)[members].tolist()


def test_csv_says_what_it_is_and_leaves_empty_what_was_not_published(result: Result, made: dict[str, Path]) -> None:
    read = rows(made[".csv"])
    assert {(r["england"], r["contract"], r["edits"]) for r in read} == {
        ("synthetic England, seed 1", "The national contract", "none")
    }
    assert not any(cell in ("NaN", "nan", "None", "inf") for r in read for cell in r.values())


def test_json_is_the_bill(result: Result, made: dict[str, Path]) -> None:
    body = json.loads(made[".json"].read_text(encoding="utf-8"))
    assert sum(pence(x["pounds"]) for x in body["lines"]) == pence(body["total"]) == result.bill(YEAR).total


@pytest.fixture
def opened() -> Iterator[Callable[[Path, bool], Any]]:
    """Opens workbooks for reading, with formulas or with their results, and closes them at the end."""
    books: list[Any] = []

    def load(path: Path, results: bool) -> Any:
        books.append(openpyxl.load_workbook(path, read_only=True, data_only=results))
        return books[-1]

    yield load
    for book in books:
        book.close()


# -- the workbook ----------------------------------------------------------------------------------------------


def sheet_lines(sheet: Any) -> dict[str, int]:
    return {r[0]: pence(r[2]) for r in sheet.iter_rows(min_row=2, values_only=True) if r[0]}


def test_the_workbook_opens_and_its_sums_are_the_ledgers(opened: Any, result: Result, made: dict[str, Path]) -> None:
    book = opened(made[".xlsx"], True)
    assert book.sheetnames == ["About", "Bill", "Practices", f"Statement {WHO}"]
    for name, statement in (("Bill", result.bill(YEAR)), (f"Statement {WHO}", result.statement(WHO, YEAR))):
        shown = sheet_lines(book[name])
        totals = {p: shown.pop(f"Total paid to {p}s") for p in ("practice", "network")}
        assert totals == {p: statement.paid_to(p) for p in totals}
        assert sum(totals.values()) == sum(shown.values()) == statement.total
        assert shown == {a.line.title: a.pence for a in statement.amounts if a.pence or a.unknown}
    about = {r[0]: r[1] for r in book["About"].iter_rows(values_only=True)}
    assert about["England"] == "synthetic England, seed 1" and about["Edits"] == "none" and about["Year"] == "2024/25"


def test_the_workbooks_total_is_a_formula_over_its_lines(opened: Any, made: dict[str, Path]) -> None:
    rows_ = list(opened(made[".xlsx"], False)["Bill"].iter_rows(values_only=True))
    for row, payee in zip(rows_[-2:], ("practice", "network"), strict=True):
        assert row[2] == f'=SUMIF(B2:B{len(rows_) - 2},"{payee}",C2:C{len(rows_) - 2})'


def test_the_workbook_has_every_practice(opened: Any, result: Result, made: dict[str, Path]) -> None:
    read = opened(made[".xlsx"], True)["Practices"].iter_rows(values_only=True)
    header = next(read)
    columns = dict(zip(header, zip(*read, strict=True), strict=True))
    members = np.flatnonzero(result.open(YEAR))
    assert list(columns["practice"]) == [result.england.codes[i] for i in members]
    for name in ("global_sum", "qof", "premises"):
        assert [pence(x) for x in columns[name]] == result.pence(name, YEAR)[members].tolist()
    assert sum(map(pence, columns["total_practice"])) == result.bill(YEAR).paid_to("practice")


# -- the page --------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page holds: tags with their attributes and words, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (a for t, a in self.tags if t == tag)


@pytest.fixture(scope="module")
def page(made: dict[str, Path]) -> Page:
    return Page(made[".html"].read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_accessible(page: Page) -> None:
    assert page.open == []
    count = {t: sum(1 for _ in page.all(t)) for t, _ in page.tags}
    assert count["h1"] == count["main"] == count["title"] == 1
    assert next(page.all("html"))["lang"] == "en-GB"
    assert count["table"] == count["caption"] == 2
    assert all(a.get("scope") in ("col", "row") for a in page.all("th"))
    levels = [int(t[1]) for t, _ in page.tags if len(t) == 2 and t[0] == "h" and t[1].isdigit()]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for a in page.all("a")]
    assert links[0] == "#main" and "main" in ids
    assert next(a for a in page.all("meta") if a.get("name") == "viewport")


def test_the_page_needs_no_script_and_no_network(made: dict[str, Path], page: Page) -> None:
    source = made[".html"].read_text(encoding="utf-8")
    assert not [t for t, _ in page.tags if t in ("script", "link", "iframe", "img", "object")]
    assert not [k for _, a in page.tags for k in a if k.startswith("on") or k == "src"]
    assert "http:" not in source and "https:" not in source and "url(" not in source and "@import" not in source


def test_the_page_says_synthetic_and_what_it_rests_on(page: Page, result: Result) -> None:
    said = " ".join(" ".join(page.words).split())
    assert "Synthetic England: none of these practices exists" in said
    for words in ("The national contract, 2024/25", "Denominator", "Edits", "assumed, not published", "carried", WHO):
        assert words in said
    bill = result.bill(YEAR)
    assert in_words(bill.paid_to("practice")) in said
    sample = result.statement(WHO, YEAR)
    for amount in sample.amounts:
        assert not amount.pence or pounds(amount.pence) in said
    assert pounds(sample.paid_to("practice")) in said
    for amount in bill.amounts:
        assert not amount.pence or f"{amount.pence / 1e8:,.1f}" in said


def test_names_are_escaped(opened: Any, result: Result, tmp_path: Path) -> None:
    from dataclasses import replace

    sly = replace(result.england, labels={"name": ("<script>alert(1)</script> & Co",) * len(result.england.codes)})
    other = replace(result, england=sly)
    source = files.write_page(other, tmp_path / "p.html", YEAR, (other.statement(WHO, YEAR),)).read_text(
        encoding="utf-8"
    )
    assert "<script" not in source and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in source
    formula = replace(result.england, labels={"name": ("=1+1",) * len(result.england.codes)})
    book = opened(files.write_xlsx(replace(result, england=formula), tmp_path / "b.xlsx", YEAR), False)
    cell = list(next(book["Practices"].iter_rows(min_row=2, max_row=2)))[2]
    assert cell.value == "=1+1" and cell.data_type == "s"  # text, not a formula


# -- words -----------------------------------------------------------------------------------------------------


def test_figures_are_written_as_people_read_them() -> None:
    assert (pounds(123456), pounds(-5), pounds(0)) == ("£1,234.56", "−£0.05", "£0.00")
    assert (millions(436_870_000_000), millions(-100_000_000)) == ("£4,368.7m", "−£1.0m")
    assert [in_words(x) for x in (1_140_000_000_000, 82_000_000_000, 1_234_500, -100)] == [
        "£11.4 billion",
        "£820.0 million",
        "£12,345",
        "−£1",
    ]
    assert people(63_611_204.4) == "63,611,204"


def test_a_statement_of_nobody_divides_by_nothing(result: Result) -> None:
    from dataclasses import replace

    empty: Statement = replace(result.bill(YEAR), list_size=0.0)
    assert text.each(100, empty) == "–"
    assert text.bill_table(empty).row_count > 0 and "None" not in text.caption(empty)


def test_edits_that_reach_nothing_are_named(result: Result) -> None:
    def said(*edits: Scale) -> str:
        changed = run(Contract.load("national"), result.england, reform=Reform.of(*edits))
        return " ".join(text.notes(changed, changed.bill(YEAR)))

    assert "reach nothing" not in said(Scale("global_sum_price", 1.1))
    assert "reach nothing paid in 2024/25: global_sum_price." in said(Scale("global_sum_price", 1.1, years="2025/26-"))
    assert "reach nothing paid in 2024/25: care_home_weight." in said(Scale("care_home_weight", 1.1))
