"""What readers set for themselves: no script, forced colours, less motion, larger text, paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .places import CHANGED
from .watching import judged

WORDS = "() => document.querySelector('main').innerText"


@pytest.fixture
def without_scripts(browser: Any, base: str) -> Iterator[Any]:
    """A window in which no script runs."""
    context = browser.new_context(base_url=base, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_a_reader_searches_reads_and_builds(without_scripts: Any, saved: str) -> None:
    page = without_scripts
    page.goto("/")
    page.fill("#find", "synthetc practise 0003")
    page.locator("form.find button, form.find [type=submit]").first.click()
    page.locator("#results a").first.click()
    assert page.locator("h1").inner_text().endswith("Synthetic practice 0003")
    page.fill("#search-field", "S00003")  # a code opens its page at once
    page.locator("#search button").click()
    assert page.locator("h1").inner_text().endswith("Synthetic practice 0003")
    page.select_option("#contract", "hewitt_review")
    page.locator(".chooser button").click()
    assert "contract=hewitt_review" in page.url
    page.goto("/build")
    page.select_option("#add", "global_sum_price")
    page.get_by_role("button", name="Show what it does").click()
    page.fill("#amount-1", "5")
    page.get_by_role("button", name="Show what it does").click()
    assert "more than the national contract" in page.locator("#told").inner_text()
    page.get_by_role("button", name="Save and get a link").click()
    assert page.url.endswith(f"/reform/{saved}")  # the same edits have the same address


def test_forced_colours_keep_marks_and_borders_apart(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base, forced_colors="active")
    page = context.new_page()
    page.goto(f"/build?{CHANGED}")
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    marks = page.evaluate(
        "[...document.querySelectorAll('svg.chart .mark')].map(e => getComputedStyle(e)).map(s => [s.fill, s.stroke])"
    )
    assert marks
    assert all(fill != canvas or stroke not in ("none", canvas) for fill, stroke in marks)
    assert judged(page) == []
    context.close()


def test_less_motion_means_none(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); return parseFloat(s.transitionDuration) > 0.01 || s.animationName !== 'none' }).map(e => e.outerHTML.slice(0, 80))"
    )
    assert moving == []
    context.close()


def test_text_twice_as_large_still_fits(page: Any) -> None:
    page.goto("/practice/S00001")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(500)  # the menu folds a moment later
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_on_paper_there_are_figures_and_no_controls(page: Any, pictures: Any) -> None:
    page.goto("/practice/S00001?contract=hewitt_review")
    page.emulate_media(media="print")
    for control in (".nhsuk-header__navigation", ".nhsuk-header__search", ".chooser"):
        assert not page.locator(control).first.is_visible(), control
    words = page.evaluate(WORDS)
    assert "What these figures are" in words and "synthetic England" in words
    made = page.pdf(path=str(pictures / "practice.pdf"), format="A4")
    assert made[:5] == b"%PDF-"
