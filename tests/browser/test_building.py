"""Build in a browser: a change answers at once, is in the address, is said aloud, and outlives the window."""

from __future__ import annotations

from typing import Any

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="NEEDS PLAYWRIGHT: pip install 'gpcontract[test]'").expect
expect.set_options(timeout=20_000)


def lede(page: Any) -> str:
    return str(page.locator("#told").inner_text())


def test_a_change_is_answered_without_a_button_and_is_in_the_address(page: Any) -> None:
    page.goto("/build")
    page.select_option("#add", "global_sum_price")
    expect(page.locator("#amount-1")).to_be_focused()
    page.keyboard.type("5")
    expect(page.locator("#told")).to_contain_text("more than the national contract")
    assert "amount=5" in page.url
    expect(page.locator("#outcome th button").first).to_be_visible()  # its tables sort
    page.keyboard.press("Backspace")
    page.keyboard.type("-5")
    expect(page.locator("#told")).to_contain_text("less than the national contract")
    page.reload()
    assert "less than the national contract" in lede(page)


def test_a_mistake_is_said_beside_its_figure_and_nothing_typed_is_lost(page: Any) -> None:
    page.goto("/build?value=global_sum_price&way=raise&amount=5")
    page.fill("#amount-1", "five")
    page.wait_for_selector(".nhsuk-error-summary")
    assert "'five' is not a number" in page.locator(".nhsuk-error-summary").inner_text()
    assert page.locator("#amount-1").input_value() == "five"
    page.fill("#amount-1", "5")
    expect(page.locator(".nhsuk-error-summary")).to_have_count(0)


def test_two_changes_that_clash_say_why(page: Any) -> None:
    page.goto(
        "/build?value=global_sum_price&way=set&amount=100&key=&from=&to=&value=global_sum_price&way=set&amount=120&key=&from=&to="
    )
    said = page.locator(".nhsuk-error-summary").inner_text()
    assert "two edits change global_sum_price" in said.replace("Two", "two")
    page.locator(".nhsuk-error-summary a").click()
    assert page.url.endswith("#change-2")


def test_a_mechanism_is_left_out_and_a_saved_reform_is_changed_again(page: Any) -> None:
    page.goto("/build?base=hewitt_review")
    page.locator("summary", has_text="Leave out").click()
    page.check("#leave-national_floor")
    expect(page.locator("#told")).to_contain_text("costs")
    assert "off=national_floor" in page.url
    page.fill("#title", "No floor")
    page.get_by_role("button", name="Save and get a link").click()
    page.wait_for_url("**/reform/*")
    assert page.locator("h1").inner_text().endswith("No floor")
    with page.expect_download() as got:
        page.get_by_role("link", name="Download it as YAML").click()
    assert got.value.suggested_filename.endswith(".yaml")
    page.get_by_role("link", name="Change it").click()
    assert page.locator("#leave-national_floor").is_checked()
    assert page.locator("#title").input_value() == "No floor"
