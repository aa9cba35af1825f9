"""Search finds what is meant: by code, postcode, name and place, with mistakes of typing, in the years that there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.test import Client

from gpcontract import England
from gpcontract.web import desk as room
from gpcontract.web.names import proper
from gpcontract.web.pages.find import where
from gpcontract.web.search import Index

NAMES = (
    "The Densham Surgery",
    "St John's Wood Medical Practice",
    "Denham Medical Centre",
    "Acklam Medical Centre",
    "Valley View Surgery",
)
TOWNS = ("Stockton-on-Tees", "London", "Uxbridge", "Middlesbrough", "Stockton-on-Tees")
POSTCODES = ("TS18 1HU", "NW8 6PG", "UB9 5AB", "TS5 8SB", "TS18 2AW")


@pytest.fixture(scope="module")
def index() -> Index:
    whole = England.synthetic(1, (2023, 2024))
    n = len(whole.codes)
    fill = {"name": NAMES, "town": TOWNS, "postcode": POSTCODES}
    labels = {k: (*v, *("" if k != "name" else f"Other {i}" for i in range(n - len(v)))) for k, v in fill.items()}
    return Index(replace(whole, labels=labels), 2024)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("densham", 0), ("DENSHAM SURGERY", 0), ("denshum", 0), ("desnham surgery", 0), ("surgery densham", 0), ("ts18 1hu", 0), ("TS181HU", 0),
        ("st johns wood", 1), ("St. John’s", 1), ("denham", 2), ("middlesborough", 3), ("aklam", 3), ("valley stockton", 4), ("valey veiw", 4),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(wanted: str, first: int, index: Index) -> None:
    assert index.find(wanted)[0].name == NAMES[first]


def test_codes_and_beginnings_of_codes(index: Index) -> None:
    code = index.entries[-1].code
    assert index.find(code.lower())[0].code == code
    assert all(e.code.startswith(code[:4]) for e in index.find(code[:4], 5))


def test_a_place_finds_all_that_is_there(index: Index) -> None:
    assert {e.name for e in index.find("stockton")} == {NAMES[0], NAMES[4]}
    assert {e.name for e in index.find("ts18")} == {NAMES[0], NAMES[4]}


HERE = (
    ("Barnsley Road Surgery", "Sheffield", "S5 0QJ"), ("Meadowgreen Health Centre", "Sheffield", "S8 8DJ"),
    ("Woodseats Medical Centre", "Sheffield", "S8 0SH"), ("Newgate Medical Group", "Worksop", "S80 1HP"),
    ("Larwood Surgery", "Worksop", "S81 0HH"), ("Meadow View", "Northolt", "UB5 4LZ"), ("Victoria Road Surgery", "Worthing", "BN11 1XE"),
    ("Victoria Park Practice", "Leeds", "LS1 1AA"), ("The Surgery", "Victoria", "LS2 2BB"), ("Pimlico Practice", "London", "SW1V 3EB"),
    ("Battersea Practice", "London", "SW11 2AA"),
)  # fmt: skip
GONE = (("Abbey Lane Surgery", "Sheffield", "S8 1AA"), ("Meadow House", "Sheffield", "S1 1AA"), ("Meadow House", "Northolt", "UB5 1AA"))  # fmt: skip


@pytest.fixture(scope="module")
def towns() -> Index:
    """Some practices of two towns and others, three of them open in 2013 alone."""
    whole = England.synthetic(1, (2013, 2024))
    now, gone = np.flatnonzero(whole.open[1]), np.flatnonzero(whole.open[0] & ~whole.open[1])
    labels = {k: [f"Other {i}" if k == "name" else "" for i in range(len(whole.codes))] for k in ("name", "town", "postcode")}  # fmt: skip
    for i, row in (*zip(now, HERE, strict=False), *zip(gone, GONE, strict=False)):
        for label, text in zip(labels.values(), row, strict=True):
            label[i] = text
    return Index(replace(whole, labels={k: tuple(v) for k, v in labels.items()}), 2024)


def names(index: Index, wanted: str) -> list[str]:
    return [e.name for e in index.look(wanted).entries]


SHEFFIELD = ["Barnsley Road Surgery", "Meadowgreen Health Centre", "Woodseats Medical Centre", "Abbey Lane Surgery", "Meadow House"]  # fmt: skip


@pytest.mark.parametrize("wanted", ["Sheffield", "sheffeild", "Sheff", "doctors in Sheffield", "my GP surgery near Sheffield", "the practice, Sheffield"])  # fmt: skip
def test_a_town_alone_is_listed_from_a_to_z_and_what_has_closed_comes_last(wanted: str, towns: Index) -> None:
    assert names(towns, wanted) == SHEFFIELD
    assert towns.look(wanted).order == "Sheffield from A to Z, then those that are not there now"


@pytest.mark.parametrize("wanted", ["Meadowhead Sheffield", "sheffield Meadowhead", "Meadowhead surgery, Sheffeild"])
def test_a_town_is_shown_where_nothing_there_has_the_name(wanted: str, towns: Index) -> None:
    found = towns.look(wanted)
    assert [e.name for e in found.entries][:2] == ["Meadowgreen Health Centre", "Meadow House"]
    assert {e.name for e in found.entries} == set(SHEFFIELD)
    assert found.lead == "Nothing in Sheffield is called “Meadowhead”; the nearest names there come first."
    assert found.elsewhere == "Meadowhead"  # Meadow View is in Northolt


def test_of_two_that_are_as_like_what_has_closed_comes_after(towns: Index) -> None:
    assert names(towns, "meadow northolt") == ["Meadow View", "Meadow House"]


@pytest.mark.parametrize("wanted", ["Qqqzz Sheffield", "Qqqzz S8 8DJ", "Qqqzz S8"])
def test_a_place_that_is_known_is_never_nothing(wanted: str, towns: Index) -> None:
    found = towns.look(wanted)
    assert "Meadowgreen Health Centre" in [e.name for e in found.entries]
    assert found.lead.startswith("Nothing in S") and "“Qqqzz”" in found.lead and not found.elsewhere


def test_a_name_that_is_known_is_never_nothing(towns: Index) -> None:
    found = towns.look("Woodseats Qqqzz Zzqqx")
    assert found.entries[0].name == "Woodseats Medical Centre"
    assert (
        found.lead
        == "Nothing is called “Woodseats Qqqzz Zzqqx”; the nearest names come first. A town beside the name finds it sooner."
    )


def test_a_name_and_its_town_find_that_alone(towns: Index) -> None:
    for wanted in ("Meadowgreen Sheffield", "meadowgreen s8", "Meadowgreen Health Centre, Sheffield, S8 8DJ"):
        assert names(towns, wanted) == ["Meadowgreen Health Centre"]


def test_what_more_names_have_than_lie_there_is_no_place(towns: Index) -> None:
    assert {"Victoria Road Surgery", "Victoria Park Practice", "The Surgery"} == set(names(towns, "victoria"))
    assert towns.look("victoria").order == "most likely first"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("S8", ["Meadowgreen Health Centre", "Woodseats Medical Centre", "Abbey Lane Surgery", "Larwood Surgery", "Newgate Medical Group"]),
        ("s80", ["Newgate Medical Group", "Woodseats Medical Centre"]),
        ("S8 0", ["Woodseats Medical Centre"]),
        ("S8 8DJ", ["Meadowgreen Health Centre"]),
        ("S8 9ZZ", ["Meadowgreen Health Centre", "Woodseats Medical Centre", "Abbey Lane Surgery"]),
        ("S8 1ZZ", ["Meadowgreen Health Centre", "Woodseats Medical Centre", "Abbey Lane Surgery"]),
        ("LS99 9ZZ", ["The Surgery", "Victoria Park Practice"]),
        ("LS", ["The Surgery", "Victoria Park Practice"]),
        ("SW1", ["Pimlico Practice", "Battersea Practice"]),
    ],
)  # fmt: skip
def test_a_postcode_fits_just_so_before_what_begins_so(wanted: str, found: list[str], towns: Index) -> None:
    assert names(towns, wanted) == found


def test_a_postcode_that_nobody_has_is_said(towns: Index) -> None:
    assert towns.look("s89zz").lead == "No practice is at “S8 9ZZ”; here is what is in S8."
    assert towns.look("LS99 9ZZ").lead == "No practice is at “LS99 9ZZ”; here is what is in LS."


def test_when_a_practice_was_open_is_not_searched(towns: Index) -> None:
    gone = towns.look("abbey lane").entries[0]
    assert where(gone).startswith("in 2013/14, not now · ")
    assert names(towns, "not now") == [] == names(towns, "near me")


def test_words_that_decide_nothing_are_found_where_they_are_all_that_is_said(towns: Index) -> None:
    assert names(towns, "the surgery") == ["The Surgery"]


def test_a_board_or_network_is_a_place(index: Index) -> None:
    found = index.look("Qqqzz synthetic board 7")
    assert found.lead.startswith("Nothing in Synthetic board 7 is called “Qqqzz”")
    assert len(found.entries) == len([e for e in index.entries if "Synthetic board 7" in e.said.split(", ")]) > 10
    found = index.look("synthetic network 12")
    assert found.entries[0].kind == "network" and "Synthetic network 12" in found.entries[1].said


@pytest.mark.parametrize("wanted", ["", "   ", "!!!", "qqqqzzzz", "x" * 5_000, "(" * 200, "\0", "%%%", "'; drop table"])
def test_nothing_is_found_of_nothing(wanted: str, index: Index) -> None:
    assert index.find(wanted) == []


def test_areas_are_found(index: Index) -> None:
    assert index.find("synthetic board 7")[0].kind == "board"
    assert index.find("network 12")[0].kind == "network"


def test_what_another_year_had_is_found_with_its_year() -> None:
    england = England.synthetic(1, (2013, 2024))
    gone = int(np.flatnonzero(england.open[0] & ~england.open[1])[0])
    found = Index(england, 2024).find(england.codes[gone])[0]
    assert (found.code, found.year) == (england.codes[gone], 2013)


def test_the_page_works_without_a_script(client: Client, code: str) -> None:
    text = client.get(f"/search?q=synthetic+{code[1:]}").content.decode()
    assert f'href="/practice/{code}"' in text and 'method="get"' in text


def test_how_many_there_are_is_said_and_what_comes_next_is_linked(client: Client) -> None:
    text = client.get("/search?q=synthetic+board+7").content.decode()
    page = client.get("/search.json?q=synthetic+board+7").json()
    assert page["found"] > 40 and f"The first 40 of {page['found']}" in text
    assert page["next"] == "/search?q=synthetic+board+7&page=2"
    assert 'href="/search?q=synthetic+board+7&amp;page=2#found"' in text
    second = client.get("/search.json?q=synthetic+board+7&page=2").json()
    assert second["summary"].startswith(f"41 to {min(80, second['found'])} of {second['found']}")
    held = [r["code"] for p in (page, second) for r in p["tables"][0]["rows"]]
    assert len(set(held)) == len(held) == min(80, page["found"])


def test_as_many_as_are_asked_for_within_a_bound(client: Client) -> None:
    page = client.get("/search.json?q=synthetic+board+7&most=10&page=3").json()
    assert len(page["tables"][0]["rows"]) == 10 and page["next"].endswith("&most=10&page=4")
    assert client.get("/search?q=synthetic+board+7&most=101").status_code == 400
    assert client.get("/search?q=synthetic+board+7&page=900").status_code == 400


@pytest.mark.parametrize(("kind", "path"), [("practice", "/practice"), ("network", "/network"), ("board", "/board"), ("sub_board", "/sub-board"), ("region", "/region")])  # fmt: skip
def test_a_code_that_is_sent_opens_its_page(kind: str, path: str, client: Client, desk: room.Desk) -> None:
    code = next(e.code for e in desk.index.entries if e.kind == kind and e.year is None)
    sent = client.get(f"/search?q=+{code.lower()}+&contract=hewitt_review&year=2023/24")
    assert (sent.status_code, sent["Location"]) == (302, f"{path}/{code}?contract=hewitt_review&year=2023/24")
    assert client.get(sent["Location"]).status_code == 200
    assert client.get(f"/search?q={code}")["Location"] == f"{path}/{code}"


def test_a_code_that_only_another_year_has_opens_that_year(client: Client, desk: room.Desk) -> None:
    gone = next(e for e in desk.index.entries if e.kind == "practice" and e.year is not None)
    there = client.get(f"/search?q={gone.code}")["Location"]
    assert there == f"/practice/{gone.code}?year={gone.year}/{(gone.year or 0) % 100 + 1}"
    assert client.get(there).status_code == 200


def test_the_twins_list_a_code_and_nothing_is_sent_by_a_form(client: Client, code: str) -> None:
    page = client.get(f"/search.json?q={code}").json()
    assert [r["code"] for r in page["tables"][0]["rows"]] == [code] and page["found"] == 1
    assert code in client.get(f"/search.csv?q={code}").content.decode()
    assert client.get(f"/api/v1/search?q={code}").json() == page
    assert client.post(f"/search?q={code}").status_code == 405
    assert client.get(f"/search?q={code[:4]}").status_code == 200
    assert client.get(f"/search?q={code}&page=1").status_code == 200  # what the page keeps as one types


def test_a_place_without_the_name_says_so_on_the_page(client: Client) -> None:
    text = client.get("/search?q=0101+Qqqzz+synthetic+board+7").content.decode()
    assert (
        "Nothing in Synthetic board 7 is called “0101 Qqqzz”; the nearest names there come first. The first 40 of"
        in text
    )
    text = client.get("/search?q=qqqzz+zzqqx").content.decode()
    assert "Nothing is called “qqqzz zzqqx”, or nearly so. Try a town" in text


def test_names_are_made_readable() -> None:
    assert proper("DR O'NEILL & PARTNERS (MCKENZIE HOUSE)") == "Dr O'Neill & Partners (McKenzie House)"
    assert proper("already Fine") == "already Fine"
    assert proper("WEST 2 PCN") == "West 2 PCN"
