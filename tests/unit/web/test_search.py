"""Search finds what is meant: by code, postcode, name and place, with mistakes of typing, in the years that there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.test import Client

from gpcontract import England
from gpcontract.web.names import proper
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
    text = client.get(f"/search?q={code}").content.decode()
    assert f'href="/practice/{code}"' in text and 'method="get"' in text


def test_names_are_made_readable() -> None:
    assert proper("DR O'NEILL & PARTNERS (MCKENZIE HOUSE)") == "Dr O'Neill & Partners (McKenzie House)"
    assert proper("already Fine") == "already Fine"
    assert proper("WEST 2 PCN") == "West 2 PCN"
