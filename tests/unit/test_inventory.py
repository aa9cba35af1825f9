"""The inventory of the debate: nothing is missing, and everything it names exists."""

from __future__ import annotations

from pathlib import Path

import pytest

import gpcontract
from gpcontract import Contract
from gpcontract.contracts.reading import names as contract_names
from gpcontract.engine.errors import InputError
from gpcontract.findings import claims, inventory
from gpcontract.futures import claims as forward

PACKAGE = Path(gpcontract.__file__).parent
REPO = Path(__file__).parents[2]
IDS = {n: claims.claim_of(n).ids for n in claims.names()} | {
    n: forward.forward_of(n).claim.ids for n in forward.names()
}  # of every claim, those about years ahead too
ROOMS = ("engine", "levers", "findings", "england", "chapters")


@pytest.fixture(scope="module")
def mechanisms() -> dict[str, tuple[str, ...]]:
    """Every mechanism of every contract of the package, as contract.mechanism, with its ids."""
    own = [n for n in contract_names() if n != "national"]
    return {f"{n}.{m.name}": m.ids for n in own for m in Contract.load(n).mechanisms}


def test_every_id_is_there_once_and_none_is_extra() -> None:
    found = inventory.items()
    assert len(found) == 197 and tuple(i.id for i in found) == inventory.ids()
    assert sum(inventory.counts().values()) == 197


def test_each_has_a_title_and_a_reason_where_no_number_comes() -> None:
    for one in inventory.items():
        assert len(one.title) > 10
        assert one.how in inventory.HOWS
        assert one.how == inventory.COMPUTED or len(one.why.split()) >= 4, one.id
        assert one.how != inventory.COMPUTED or one.by, one.id
    assert len({i.title for i in inventory.items()}) == 197


def exists(reference: str, mechanisms: dict[str, tuple[str, ...]]) -> bool:
    """Whether a claim, mechanism, contract, module or page of this name is there."""
    if reference in IDS or reference in mechanisms or reference in contract_names():
        return True
    if reference.startswith("docs/"):
        return (REPO / reference).is_file()
    room, _, module = reference.partition(".")
    return room in ROOMS and (PACKAGE / room / f"{module}.py").is_file()


def test_everything_it_names_exists(mechanisms: dict[str, tuple[str, ...]]) -> None:
    lost = [(i.id, r) for i in inventory.items() for r in i.by if not exists(r, mechanisms)]
    assert lost == []


def test_each_claim_stands_at_the_ids_it_names() -> None:
    at = {i.id: i for i in inventory.items()}
    for name, ids in IDS.items():
        for one in ids:
            assert name in at[one].by and at[one].how == inventory.COMPUTED, (name, one)


def test_claims_named_at_an_id_name_it_too() -> None:
    for one in inventory.items():
        for name in set(one.by) & IDS.keys():
            assert one.id in IDS[name], (one.id, name)


def test_what_a_mechanism_does_is_computed_or_represented(mechanisms: dict[str, tuple[str, ...]]) -> None:
    at = {i.id: i for i in inventory.items()}
    for name, ids in mechanisms.items():
        for one in (i for i in ids if i[:2] in inventory.SOURCES):  # comparators have ids of their own
            assert one in at, f"{name} names {one}, which the inventory has not"
            assert at[one].how in (inventory.COMPUTED, inventory.REPRESENTED), (name, one)


def test_most_is_computed_and_every_source_is_there() -> None:
    counts = inventory.counts()
    assert counts[inventory.COMPUTED] >= 120
    for source, last in inventory.SOURCES.items():
        assert sum(i.id.startswith(source) for i in inventory.items()) == last


def test_an_item_by_its_id_and_one_that_is_not_there() -> None:
    assert inventory.item("s1-44").to_dict()["by"]
    with pytest.raises(InputError, match="S1-99"):
        inventory.item("S1-99")
