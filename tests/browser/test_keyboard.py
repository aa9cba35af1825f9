"""The explorer by keyboard alone: where focus goes, that it is seen, and that everything opens that a mouse could open."""

from __future__ import annotations

from typing import Any

import pytest

from .places import CHANGED
from .watching import judged

FOCUS = "document.activeElement"
SEEN = """
() => {
  const box = document.activeElement.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
  const look = getComputedStyle(document.activeElement);
  const ring = look.outlineStyle !== "none" || look.boxShadow !== "none" || look.backgroundColor === "rgb(255, 235, 59)";
  return {inside: box.bottom > 0 && box.top < innerHeight, covered: !(at && (document.activeElement.contains(at) || at.contains(document.activeElement))), ring};
}
"""


def text_of_focus(page: Any) -> str:
    return str(page.evaluate(f"({FOCUS}.textContent || {FOCUS}.getAttribute('aria-label') || '').trim()"))


def test_the_first_tab_skips_to_the_content(page: Any) -> None:
    page.goto("/practice/S00001")
    page.keyboard.press("Tab")
    assert text_of_focus(page) == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#maincontent")
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('main').contains({FOCUS})")


def test_every_stop_of_the_tab_key_is_seen_and_not_covered(page: Any) -> None:
    page.goto(f"/build?{CHANGED}")
    stops = page.locator("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']").count()
    visited = 0
    for _ in range(stops + 5):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUS} === document.body"):
            break
        found = page.evaluate(SEEN)
        who = page.evaluate(f"{FOCUS}.outerHTML.slice(0, 120)")
        assert found["inside"] and not found["covered"], who
        assert found["ring"], who
        visited += 1
    assert visited > 20


def searched(page: Any, words: str) -> Any:
    """The first that is found of words typed into the header's box and sent."""
    page.goto("/")
    page.locator("#search-field").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    return page.locator("#results a").first


def test_search_by_keyboard_finds_a_practice_with_a_mistake_in_its_name(page: Any) -> None:
    first = searched(page, "synthetc practise 0002")
    assert first.text_content() == "Synthetic practice 0002"
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/practice/S00002*")


def test_a_table_is_sorted_by_keyboard_and_says_so(page: Any) -> None:
    page.goto("/practice/S00001")
    head = page.locator("table[data-module='nhsuk-table'] th button").nth(1)
    head.focus()
    page.keyboard.press("Enter")
    sort = head.evaluate("e => e.closest('th').getAttribute('aria-sort')")
    page.keyboard.press("Enter")
    assert {sort, head.evaluate("e => e.closest('th').getAttribute('aria-sort')")} == {"ascending", "descending"}


def test_the_tree_opens_by_keyboard_and_shows_a_clause(page: Any) -> None:
    page.goto("/practice/S00001")
    line = page.locator(".tree summary").first
    line.focus()
    page.keyboard.press("Enter")
    opened = page.locator(".tree details[open]").first
    opened.wait_for()
    assert opened.locator(".why").count() > 0 or opened.locator("summary").count() > 1


def test_the_menu_unfolds_by_keyboard_in_a_narrow_window(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")
    more = page.locator("#toggle-menu")
    more.focus()
    page.keyboard.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    assert page.locator(".nhsuk-header__menu-list a").last.is_visible()
    assert judged(page) == []
    page.keyboard.press("Escape")
    assert more.get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("box", ["#find", "#search-field"])
def test_a_box_suggests_as_one_types_and_the_arrows_go_there(box: str, width: int, page: Any) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/")
    page.locator(box).focus()
    page.keyboard.type("synthetic board 7")
    links = page.locator(".hints:visible a")
    links.nth(6).wait_for()  # six that are found, and all of them
    assert links.first.text_content() == "Synthetic board 7"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert judged(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert links.nth(1).evaluate(f"e => e === {FOCUS}")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert links.count() == 0
    assert page.locator(box).evaluate(f"e => e === {FOCUS}") and page.locator(box).input_value() == "synthetic board 7"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=synthetic+board+7*")


def test_the_first_that_is_found_is_one_tab_or_one_arrow_away(page: Any) -> None:
    first = searched(page, "synthetic board 7")
    page.keyboard.press("Tab")
    assert first.evaluate(f"e => e === {FOCUS}") and page.evaluate("scrollY") == 0
    page.locator("#find").focus()
    page.keyboard.press("ArrowDown")
    assert first.evaluate(f"e => e === {FOCUS}")


def test_typing_on_the_page_of_search_links_what_comes_next(page: Any) -> None:
    page.goto("/search")
    page.locator("#find").focus()
    page.keyboard.type("synthetic board 7")
    page.locator("#more a", has_text="Next: page 2").wait_for()
    assert page.locator("#found").text_content().startswith("The first 40 of ")
    assert judged(page) == []
    page.locator("#more a").click()
    page.wait_for_url("**page=2*")
    assert page.locator("#found").text_content().strip().startswith("41 to 80 of ")


@pytest.mark.parametrize("start", ["/", "/search", "/search?q=S00002"])
def test_a_code_that_is_sent_opens_its_page(start: str, page: Any) -> None:
    page.goto(start)
    if "S00002" not in start:
        page.locator("#find").focus()
        page.keyboard.type("S00002")
        page.locator("form:has(#find) .hints:visible a, #results a").first.wait_for()
        page.keyboard.press("Enter")
    page.wait_for_url("**/practice/S00002*")
