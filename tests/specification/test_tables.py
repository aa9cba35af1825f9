"""The manual's tables are up to date: made again in memory and compared with what is committed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import worked_examples as worked

DOCS = Path(__file__).parents[2] / "docs"


def tables() -> ModuleType:
    """docs/make_tables.py as a module."""
    spec = importlib.util.spec_from_file_location("make_tables", DOCS / "make_tables.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = tables()
ALL = [(page, name) for page in MADE.pages() for name in MADE.blocks(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "name"), ALL, ids=lambda x: getattr(x, "stem", x))
def test_table_is_up_to_date(page: Path, name: str) -> None:
    if not MADE.can_make(name):
        pytest.skip(f"NEEDS OFFICIAL DATA: {worked.FILE}")
    committed = MADE.blocks(page.read_text(encoding="utf-8"))[name]
    if name in MADE.MEASURED and (years := MADE.files_line()) not in committed:
        pytest.skip(f"the table is of another folder of official files than this one. {years}")
    assert MADE.same_figures(committed, MADE.MAKERS[name]()), f"{page.name} is out of date: run `make docs`"


def test_every_block_has_a_maker_and_every_maker_a_page() -> None:
    assert sorted(name for _, name in ALL) == sorted(MADE.MAKERS)


def test_figures_that_differ_are_found() -> None:
    assert MADE.same_figures("| a | 1,234.56 |", "| a |  1,234.57 |")
    assert not MADE.same_figures("| a | 1,234.56 |", "| a | 1,235.56 |")
    assert not MADE.same_figures("| a | +1.00% |", "| a | -1.00% |")
    assert not MADE.same_figures("| a | 2 |", "| b | 2 |")


def test_a_page_made_again_is_the_same() -> None:
    text = "# x\n\n<!-- made by make docs: contract -->\n<!-- end -->\n\nafter\n"
    once = MADE.render(text)
    assert MADE.render(once) == once
    assert once.endswith("<!-- end -->\n\nafter\n") and "`global_sum_price`" in once
