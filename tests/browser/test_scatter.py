"""Each point of the scatter of practices leads to its page: by a mouse, by a finger, and by the list where no script runs."""

from __future__ import annotations

from typing import Any

import pytest

ENGLAND = "/practices?contract=at_your_service"
#: Where the first dot of the largest gains and the last of the largest losses are, from the corner of the drawing.
PLACES = """
() => {
  const box = document.querySelector("#points svg").getBoundingClientRect();
  const dots = [...document.querySelectorAll("#points .dots")].flatMap(p => p.getAttribute("d").split("h0").filter(Boolean));
  return [dots[0], dots.at(-1)].map(d => d.slice(1).split(" ")).map(([x, y]) => [box.width * x / 100, Number(y)]);
}
"""


def code_of(address: str) -> str:
    """The code in the address of a practice's page."""
    return address.partition("/practice/")[2].partition("?")[0]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("which", [0, 1])
def test_a_click_on_a_point_of_england_opens_its_practice(page: Any, width: int, which: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(ENGLAND)
    rows = page.request.get(f"/practices.json{ENGLAND.removeprefix('/practices')}").json()["tables"][0]["rows"]
    known = sorted((r for r in rows if r["change"] is not None and r["patients"] >= 1000), key=lambda r: -r["change"])
    drawing = page.locator("#points svg").first
    across, down = page.evaluate(PLACES)[which]
    height = page.locator("#points").bounding_box()["height"]
    drawing.hover(position={"x": across, "y": down})
    told = page.locator("#pointed a")
    assert told.inner_text().startswith(known[-which]["name"])
    assert page.locator("#points").bounding_box()["height"] == height  # nothing moved
    drawing.click(position={"x": across, "y": down})
    page.wait_for_url("**/practice/**")
    assert code_of(page.url) == known[-which]["code"] and page.url.endswith("?contract=at_your_service")
    assert known[-which]["name"] in page.locator("h1").inner_text()


def test_the_first_tap_says_whose_a_point_is_and_the_second_opens_it(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base, viewport={"width": 320, "height": 640}, has_touch=True)
    page = context.new_page()
    page.goto(ENGLAND)
    across, down = page.evaluate(PLACES)[0]
    drawing = page.locator("#points svg").first
    drawing.tap(position={"x": across, "y": down})
    name = page.locator("#pointed a").inner_text().rpartition(":")[0]
    page.wait_for_timeout(200)
    assert "/practices" in page.url
    drawing.tap(position={"x": across, "y": down})
    page.wait_for_url("**/practice/**")
    assert name in page.locator("h1").inner_text()
    context.close()


def test_points_of_a_board_are_links(page: Any) -> None:
    page.goto(f"{ENGLAND}&within=SB36")
    first = page.locator("#points svg a").first
    wanted = first.get_attribute("href")
    first.click()
    page.wait_for_url("**/practice/**")
    assert page.url.endswith(wanted)


def test_without_scripts_it_says_what_to_do(browser: Any, base: str) -> None:
    context = browser.new_context(base_url=base, java_script_enabled=False)
    page = context.new_page()
    page.goto(ENGLAND)
    assert page.get_by_text("Without scripts, choose a region or board").is_visible()
    assert not page.locator("#pointed").is_visible()
    context.close()
