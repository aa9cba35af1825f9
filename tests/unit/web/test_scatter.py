"""The scatter of practices: some hundreds are links, thousands are dots with what the script needs to lead to each."""

from __future__ import annotations

import re
from html import unescape

import pytest

from gpcontract.report.charts.svg import class_of
from gpcontract.web.scatter import MOST, Point, scatter

ODD = "</script><b>Street & Sons</b>"


def drawn(n: int) -> str:
    """A scatter of so many points, from a loss of 20% to a gain."""
    points = [Point(float(i), -0.2 + i / 1000, ODD if i == 7 else f"Practice {i}", f"S{i:05}") for i in range(n)]
    return str(scatter(points, "?contract=hewitt_review", "Score", "number", "Change"))


def test_few_points_are_links() -> None:
    made = drawn(MOST)
    assert made.count('href="/practice/S') == MOST and "<script" not in made
    assert 'href="/practice/S00007?contract=hewitt_review"' in made
    assert "&lt;/script&gt;&lt;b&gt;Street &amp; Sons" in made and ODD not in made


def test_many_points_are_dots_that_say_whose_they_are() -> None:
    made = drawn(MOST + 1)
    assert "<script" not in made and ODD not in made and 'data-asked="?contract=hewitt_review"' in made
    paths = re.findall(r'<path class="dots (\w+)" d="(.*?)" data-codes="(.*?)" data-said="(.*?)"/>', made, re.DOTALL)
    kinds = [kind for kind, d, _, _ in paths for _ in d.split("h0")[:-1]]
    downs = [float(down) for _, d, _, _ in paths for down in re.findall(r"M\S+ (\S+?)h0", d)]
    codes = [code for _, _, codes, _ in paths for code in codes.split(" ")]
    said = [unescape(name) for _, _, _, said in paths for name in said.split("\n")]
    order = list(reversed(range(MOST + 1)))  # from gains to losses
    assert downs == sorted(downs)
    assert codes == [f"S{i:05}" for i in order]
    assert kinds == [class_of(-0.2 + i / 1000) for i in order]
    assert len(said) == MOST + 1 and said[-1 - 7] == f"{ODD}: −19.3%"


@pytest.mark.parametrize("n", [MOST, MOST + 1])
def test_no_point_is_a_stop_of_the_keyboard(n: int) -> None:
    made = drawn(n)
    assert made.count("<a ") == made.count('tabindex="-1"') > 0
    assert 'aria-hidden="true"' in made


def test_nothing_is_drawn_of_nothing() -> None:
    assert scatter([Point(float("nan"), 0.1, "A", "S1")], "", "Score", "number", "Change") == ""
