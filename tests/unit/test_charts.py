"""Charts and maps: they draw what their table says, name themselves, and hold at odd figures."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcontract.engine.errors import InputError
from gpcontract.england.facts import England
from gpcontract.report import charts, maps
from gpcontract.report.charts.svg import CLASSES, Drawing, apart, class_of, scale, ticks
from gpcontract.report.tables import Column, Table, shown

NAMES = ("Core", "A line with a long name that no phone can show in one", "<Odd & rare>")


def table(values: list[float | None], kind: str = "millions", **more: list[float | None]) -> Table:
    columns = (Column("name", "Name"), Column("x", "£ million", kind), *(Column(k, k.title(), kind) for k in more))
    names = (NAMES[i % 3] + (f" {i}" if i > 2 else "") for i in range(len(values)))
    return Table("odd_one", "A table", columns, tuple(zip(names, values, *more.values(), strict=True)))


def read(drawing: Drawing) -> Any:
    """The drawing as XML, which must be well formed and name and describe itself."""
    root = ElementTree.fromstring(drawing.svg("chart-a", "The bill is £3m & more"))
    assert root.attrib["role"] == "img"
    inside = {e.attrib.get("id"): e for e in root.iter()}
    assert inside[root.attrib["aria-labelledby"]].text == "The bill is £3m & more"
    assert len(inside[root.attrib["aria-describedby"]].text.split()) >= 4
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert "nan" not in drawing.marks and "inf" not in re.sub(r">[^<]*<", "><", drawing.marks)
    return root


def widths(root: Any, kind: str) -> list[float]:
    return [float(e.attrib["width"].rstrip("%")) for e in root.iter("rect") if kind in e.attrib["class"].split()]


def said(root: Any) -> str:
    return " ".join(" ".join(e.itertext()) for e in root.iter("text"))


# -- rows ------------------------------------------------------------------------------------------------------


def test_bars_are_in_proportion_and_each_has_its_figure() -> None:
    root = read(charts.bars(table([4e6, 1e6, 2e6]), "name", "x"))
    a, b, c = widths(root, "mark")
    assert a == pytest.approx(4 * b, abs=0.02) and a == pytest.approx(2 * c, abs=0.02)
    for words in ("£4.0m", "£1.0m", "£2.0m", "Core", "<Odd & rare>"):
        assert words in said(root)


def test_losses_lie_left_of_nought_and_are_hatched() -> None:
    drawing = charts.diverging(table([-3e6, 1e6, None]), "name", "x")
    root = read(drawing)
    loss, gain = ([e for e in root.iter("rect") if k in e.attrib["class"].split()] for k in ("loss", "gain"))
    end = float(loss[0].attrib["x"].rstrip("%")) + float(loss[0].attrib["width"].rstrip("%"))
    assert end == pytest.approx(float(gain[0].attrib["x"].rstrip("%")), abs=0.02)
    assert [e.attrib["fill"] for e in root.iter("rect") if "fill" in e.attrib] == ["url(#chart-a-hatch)"]
    assert "–" in said(root)  # what is not known has a dash and no bar
    assert [k for k, _ in drawing.key] == ["loss", "gain"]


def test_bars_with_a_loss_among_them_are_drawn_about_nought() -> None:
    assert charts.bars(table([1.0, -1.0]), "name", "x") == charts.diverging(table([1.0, -1.0]), "name", "x")


def test_shares_fill_their_bar_and_say_who_loses() -> None:
    columns = (Column("name", "Contract"), *(Column(k, k, "percent") for k in CLASSES))
    rows = (("Half each", 0.1, 0.1, 0.3, 0.0, 0.3, 0.1, 0.1), ("All gain", 0, 0, 0, 0, 0, 0, 1.0))
    root = read(charts.stacked(Table("w", "Winners", columns, rows), "name", CLASSES))
    parts = [w for k in CLASSES for w in widths(root, k)]
    assert sum(parts) == pytest.approx(2 * 50, abs=0.1)  # the second row reaches all the way to the right
    assert "50% lose, 50% gain" in said(root) and "0% lose, 100% gain" in said(root)


def test_a_waterfalls_bars_begin_where_the_one_before_ended() -> None:
    root = read(charts.waterfall(table([5e6, -2e6, 3e6]), "name", "x"))
    bars = [
        (float(e.attrib["x"].rstrip("%")), float(e.attrib["width"].rstrip("%")))
        for e in root.iter("rect")
        if "mark" in e.attrib["class"].split()
    ]
    (x1, w1), (x2, w2), (x3, w3) = bars
    assert x2 + w2 == pytest.approx(x1 + w1, abs=0.02) and x3 == pytest.approx(x1, abs=0.02)
    assert w3 == pytest.approx(w1 - w2, abs=0.02)


def test_a_range_holds_its_estimate() -> None:
    odd = table([1e6, 2e6, None], low=[-1e6, 2e6, None], high=[4e6, 2e6, None])
    root = read(charts.ranges(odd, "name", "low", "high", "x", zero=True))
    dots = [float(e.attrib["cx"].rstrip("%")) for e in root.iter("circle")]
    assert dots == pytest.approx([1.5 + 97 * 2 / 5, 1.5 + 97 * 3 / 5], abs=0.02)
    assert "−£1.0m to £4.0m" in said(root)


def test_groups_have_every_column_in_each() -> None:
    root = read(charts.grouped(table([1e6, 2e6, 3e6], other=[2e6, None, 0.0]), "name", ["x", "other"]))
    assert len(widths(root, "mark")) == 4  # the unknown and nought have none
    assert said(root).count("Other") == 3


# -- curves ----------------------------------------------------------------------------------------------------


def test_slopes_name_each_line_at_its_end() -> None:
    columns = (Column("c", "Contract"), *(Column(f"f{i}", f"{i}", "pence") for i in range(1, 6)))
    rows = tuple((f"Contract {i}", *(150 + i + j / 2 for j in range(5))) for i in range(6))
    drawing = charts.slopes(Table("s", "Slopes", columns, rows), "c", [f"f{i}" for i in range(1, 6)], "Fifth")
    root = read(drawing)
    ends = [e for e in root.iter("text") if "end" in e.attrib["class"].split()]
    assert [e.text for e in ends] == [f"Contract {i}" for i in range(6)]
    heights = sorted(float(e.attrib["y"]) for e in ends)
    assert min(b - a for a, b in pairwise(heights)) >= 17.9
    assert "does not begin at nought" in drawing.about and "Contract 0 from £150.00 to £152.00" in drawing.about


def test_lines_have_bands_and_doublings() -> None:
    columns = (Column("n", "List size", "count"), *(Column(k, k, "share") for k in ("own", "low", "high", "pooled")))
    rows = tuple((float(n), n / (n + 5000), 0.9 * n / (n + 5000), 0.95, 0.9) for n in (1000, 3000, 10000, 30000))
    drawing = charts.lines(
        Table("l", "Lines", columns, rows), "n", ["own", "pooled"], {"own": ("low", "high")}, log=True
    )
    root = read(drawing)
    assert len(list(root.iter("polygon"))) == 1 and len(list(root.iter("polyline"))) == 2
    places = [float(p.split(",")[0]) for p in next(root.iter("polyline")).attrib["points"].split()]
    assert places[0] == 27 and places[-1] == 100
    assert places[2] - places[1] == pytest.approx((places[3] - places[0]) * math.log(10 / 3) / math.log(30), abs=0.05)
    assert "10,000" in said(root) and drawing.key[0][1].startswith("own")


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), max_size=6))
def test_charts_hold_at_any_figures(values: list[float | None]) -> None:
    made = table(values, low=values, high=values)
    for drawing in (
        charts.bars(made, "name", "x"),
        charts.diverging(made, "name", "x"),
        charts.grouped(made, "name", ["x", "low"]),
        charts.waterfall(made, "name", "x"),
        charts.ranges(made, "name", "low", "high", "x"),
        charts.slopes(made, "name", ["x", "low", "high"], "Column"),
    ):
        root = read(drawing)
        for e in root.iter("rect"):
            assert float(e.attrib.get("width", "0").rstrip("%")) >= 0


# -- scales ----------------------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(-100, 400), min_size=1, max_size=12),
)
def test_names_are_kept_apart_in_order_and_within(places: list[float]) -> None:
    moved = apart(places, [18] * len(places), 0, 260)
    order = sorted(range(len(places)), key=lambda i: places[i])
    assert all(moved[b] - moved[a] >= 17.98 for a, b in pairwise(order))
    assert min(moved) >= 8.99 and max(moved) <= 251.01


def test_names_with_room_stay() -> None:
    assert apart([10, 50, 90], [18, 30, 18], 0, 260) == [10, 50, 90]
    assert apart([10, 12], [10, 30], 0, 260) == [5, 25]


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_ticks_are_few_and_within(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    assert 1 <= len(marks) <= 9
    assert all(low - span * 1e-6 <= x <= low + span * (1 + 1e-6) for x in marks)


def test_a_scale_without_a_span_is_the_middle() -> None:
    assert scale(3, 3)(3) == 50


def test_a_boundary_belongs_to_the_larger_change() -> None:
    changes = (-0.2, -0.1, -0.06, -0.05, -0.01, -0.009, 0.0, 0.009, 0.01, 0.05, 0.1)
    kinds = ("loss3", "loss3", "loss2", "loss2", "loss1", "same", "same", "same", "gain1", "gain2", "gain3")
    assert tuple(map(class_of, changes)) == kinds
    assert class_of(math.nan) == "unknown"


# -- tables ----------------------------------------------------------------------------------------------------


def test_figures_are_written_by_the_kind_of_their_column() -> None:
    told = {
        "pounds": (1234.5, "£1,234"), "pence": (-1.5, "−£1.50"), "millions": (4_368_700_000.0, "£4,368.7m"),
        "sum": (11_437_000_000.0, "£11.44bn"), "change": (-0.0123, "−1.2%"), "change_sum": (2.5e8, "+£250m"),
        "percent": (0.5, "50.0%"), "count": (6249.0, "6,249"), "text": ("a", "a"), "ratio": (0.0, "0.00"),
        "change_pounds": (-0.2, "£0"),
    }  # fmt: skip
    for kind, (x, words) in told.items():
        assert shown(x, kind) == words
    assert shown(None, "pounds") == shown(math.nan, "count") == "–"


def test_tables_are_cut_and_turned() -> None:
    columns = (Column("per", "Per"), Column("c", "Contract"), Column("a", "A", "share"), Column("b", "B", "share"))
    made = Table("t", "T", columns, (("x", "one", 1, 2), ("x", "two", 3, 4), ("y", "one", 5, 6)))
    assert made.where("per", "x").rows == (("one", 1, 2), ("two", 3, 4))
    assert made.only("b", "c").rows == ((2, "one"), (4, "two"), (6, "one"))
    turned = made.where("per", "x").turned("c", ["a", "b"])
    assert [c.title for c in turned.columns] == ["", "one", "two"]
    assert turned.rows == (("A", 1, 3), ("B", 2, 4))
    wide = made.across("per", "c", "a")
    assert [c.title for c in wide.columns] == ["Per", "one", "two"] and wide.columns[1].kind == "share"
    assert wide.rows == (("x", 1, 3), ("y", 5, None))


def test_a_table_refuses_what_is_not_one() -> None:
    with pytest.raises(InputError, match="no kind of column"):
        Column("a", "A", "pound")
    with pytest.raises(InputError, match="has 1 cells"):
        Table("t", "T", (Column("a", "A"), Column("b", "B")), (("x",),))
    with pytest.raises(InputError, match="no column 'nam'"):
        table([1.0]).column("nam")
    made = Table.of("t", "T", [Column("a", "A"), Column("b", "B", "count")], [{"a": "x", "b": 1.0}, {"a": "y"}])
    assert made.rows == (("x", 1.0), ("y", None)) and made.to_dict()["rows"][1] == {"a": "y", "b": None}


# -- maps ------------------------------------------------------------------------------------------------------


def test_each_board_has_a_tile_of_its_own_near_to_where_it_lies() -> None:
    england = England.synthetic(1)
    boards = england.areas["board"]
    lat, lon = maps.centres(
        england.fact("latitude")[0, 0], england.fact("longitude")[0, 0], boards.index[0], len(boards)
    )
    places = maps.layout(lat, lon)
    assert len(set(places)) == len(boards) == 42
    rows, columns = np.array(places).T
    assert np.corrcoef(rows, -lat)[0, 1] > 0.9 and np.corrcoef(columns, lon)[0, 1] > 0.9
    assert maps.layout(lat, lon) == places


def test_a_layout_holds_for_any_number_of_areas() -> None:
    assert maps.layout([], []) == []
    assert maps.layout([52.0], [0.1]) == [(0, 0)]
    assert len(set(maps.layout([52.0] * 5, [0.0] * 5))) == 5
    assert len(set(maps.layout([52.0, math.nan, 53.0], [0.0, math.nan, 0.0]))) == 3


def test_tiles_say_their_letters_and_figures() -> None:
    columns = (Column("b", "Board"), Column("x", "£ per patient", "pounds"), Column("d", "Change", "change"))
    made = Table("b", "Boards", columns, (("NENC", 190.0, 0.06), ("Devon", 170.0, -0.2), ("QXX", None, None)))
    root = read(maps.tiles(made, "b", "x", "d", [(0, 0), (1, 0), (1, 1)]))
    assert said(root) == "NENC £190 Devon £170 QXX –"
    assert root.attrib["viewBox"] == "0 0 88 88"


def test_names_of_boards_are_shortened_and_none_twice() -> None:
    names = [
        "NHS Devon Integrated Care Board",
        "NHS Bath and North East Somerset, Swindon and Wiltshire Integrated Care Board",
        "Synthetic board 1",
        "NHS South East London Integrated Care Board",
        "NHS Some Eastern Land Integrated Care Board",
    ]
    assert maps.abbreviations(names, list("ABCDE")) == ["Devon", "BNESS", "C", "D", "E"]


def test_points_count_whom_they_leave_out() -> None:
    nan = math.nan
    drawing = maps.points([50.0, 52.0, nan, 53.0, 51.0], [0.0, 1.0, 1.0, nan, -2.0], [0.2, -0.03, 0.0, nan, 0.0])
    root = read(drawing)
    assert [e.attrib["class"] for e in root.iter("path")] == ["place same", "place loss1", "place gain3"]
    assert "3 practices" in drawing.about and "1 practices have no known place" in drawing.about
    assert "none has a place" in maps.points([nan], [nan], [0.1]).about


def test_every_practice_of_england_is_a_small_drawing() -> None:
    england = England.synthetic(1)
    change = np.random.default_rng(1).normal(0, 0.05, len(england.codes))
    drawing = maps.points(england.fact("latitude")[0, 0], england.fact("longitude")[0, 0], change)
    assert sum(e.attrib["d"].count("M") for e in read(drawing).iter("path")) == len(england.codes)
    assert len(drawing.marks) < 200_000
