"""Every rule of every chapter gives the same numbers on three backends: NumPy, a strict array library, and practice by practice.

Rules are found by reading the chapters and met in a year they serve, so a new rule is covered by existing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from gpcontract.contracts import Contract, names
from gpcontract.contracts.pricing import leaves_of
from gpcontract.engine.areas import Areas
from gpcontract.engine.plan import Plan
from gpcontract.engine.rules import Rule
from gpcontract.england.assembly.indicators import groups, indicators
from gpcontract.england.facts import CARR_HILL_BANDS, England, catalogue

strict = pytest.importorskip("array_api_strict")

YEARS = tuple(range(2004, 2027))
PRACTICES = 9


@pytest.fixture(autouse=True)
def methods_that_all_libraries_in_use_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """What NumPy, JAX, CuPy and Torch all have and the standard spells otherwise: `.sum`, `.max`, `x[0]` with the other axes
    left out, NumPy's integers and masks as an index of the first axis. All else stays strict: no other kinds or names."""
    array = type(strict.asarray(0.0))
    plain = array.__getitem__

    def getitem(self: Any, key: Any) -> Any:
        if isinstance(key, np.ndarray):
            at = np.flatnonzero(key) if key.dtype == bool else key
            return strict.take(self, strict.asarray(at), axis=0)
        return plain(self, key if isinstance(key, tuple) else (key, ...))

    def total(self: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        return strict.sum(self, axis=axis, keepdims=keepdims)

    def highest(self: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        return strict.max(self, axis=axis, keepdims=keepdims)

    monkeypatch.setattr(array, "sum", total, raising=False)
    monkeypatch.setattr(array, "max", highest, raising=False)
    monkeypatch.setattr(array, "__getitem__", getitem)


@cache
def homes() -> dict[str, tuple[Contract, Rule]]:
    """Every rule once, with a contract that holds it; mechanisms' own edits left out, so that no rule is replaced."""
    found: dict[str, tuple[Contract, Rule]] = {}
    for name in names():
        made = Contract.load(name)
        made = made.root or made
        for one in made.rules:
            found.setdefault(key_of(one), (made, one))
    return found


def contract() -> Contract:
    return Contract.load("national")


def axis_length(bands: str) -> int:
    """How long a fact's band axis is."""
    table = {
        "service": "additional_service_deduction_shares",
        "years_of_service": "seniority_scale",
        "role": "additional_roles_maximum",
    }
    if bands in table:
        return contract().values[table[bands]].shape[0]
    return {"carr_hill": len(CARR_HILL_BANDS), "quarter": 4, "indicator": len(indicators()), "group": len(groups())}[
        bands
    ]


@cache
def england(year: int) -> England:
    """A few synthetic practices that hold every fact there can be: what no open publication gives is made up."""
    whole = England.synthetic(1, (year,))
    some = np.flatnonzero(whole.open[0])[:: max(1, int(whole.open[0].sum()) // PRACTICES)][:PRACTICES]
    facts = {k: v[..., some] for k, v in whole.facts.items()}
    random = np.random.default_rng(year)
    for name, said in catalogue().items():
        if name not in facts:
            bands = (axis_length(said["bands"]),) if said.get("bands") else ()
            facts[name] = random.uniform(0.5, 50.0, (*bands, 1, 1, len(some)))
    areas = {}
    for kind, x in whole.areas.items():
        codes, index = np.unique(x.index[:, some], return_inverse=True)
        named = [c for c in codes if c >= 0]
        index = index.reshape(x.index.shape[0], len(some)) - (len(codes) - len(named))
        areas[kind] = Areas(kind, tuple(f"{kind}{i}" for i in named), tuple("" for _ in named), index.astype(np.int32))
    return England("a few practices", (year,), tuple(whole.codes[i] for i in some), facts, areas)


def key_of(one: Rule) -> str:
    return f"{one.file.split('/')[-2]}.{one.function.__name__}:{one.at_line}"


@cache
def setting(key: str) -> tuple[Rule, tuple[Any, ...]]:
    """A rule with arguments of the shapes it meets, in the last year it is in force: run as if no other rule made its name."""
    home, one = homes()[key]
    year = next(y for y in reversed(YEARS) if one.in_force(y))
    here = england(year)
    others = [r for r in home.rules if r.name != one.name]
    plan = Plan([*others, one], [one.name], (year,), home.known, home.known)
    leaves = leaves_of(home, here, plan.leaves)
    with np.errstate(all="ignore"):
        arrays = plan.run(leaves, keep=plan.names) | leaves
    return one, tuple(arrays[n] for n in one.needs)


def rule_names(alone: bool = False) -> list[str]:
    return [k for k, (_, one) in homes().items() if not alone or (one.level == "practice" and not one.whole)]


def numbers(arguments: tuple[Any, ...], seed: int, zeros: bool) -> list[Any]:
    """Random arguments of the same shapes: near the real ones where these are known; some 0 or not known with `zeros`."""
    random = np.random.default_rng(seed)
    made = []
    for x in arguments:
        if isinstance(x, Areas):
            made.append(x)
            continue
        x = np.where(np.isfinite(x), x, 0.0)
        wide = np.where(x == 0, random.uniform(0.1, 3.0, x.shape), x * random.uniform(0.8, 1.25, x.shape))
        if zeros and x.shape[-1] > 1:
            wide = np.where(random.random(x.shape) < 0.15, 0.0, wide)
            wide = np.where(random.random(x.shape) < 0.15, np.nan, wide)
        made.append(wide)
    return made


def agree(got: Any, expected: Any) -> None:
    got, expected = np.asarray(got, float), np.asarray(expected, float)
    scale = np.nanmax(np.abs(np.where(np.isfinite(expected), expected, 0.0)), initial=1.0)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.parametrize("zeros", [False, True], ids=["plain", "zeros and unknowns"])
@pytest.mark.parametrize("name", rule_names())
def test_a_strict_array_library_agrees(name: str, zeros: bool) -> None:
    one, arguments = setting(name)
    given = numbers(arguments, 7, zeros)
    with np.errstate(all="ignore"):
        expected = one.function(*given)
        got = one.function(*[x if isinstance(x, Areas) else strict.asarray(x) for x in given])
    assert type(got).__module__.startswith("array_api_strict"), f"{name} leaves the library of its arguments"
    agree(np.asarray(got), expected)


def single(name: str, x: Any, at: int, plain: bool) -> Any:
    """One practice's part of an argument: a plain float, a column of bands, or the areas of one practice."""
    if isinstance(x, Areas):
        return Areas(x.kind, x.codes, x.names, x.index[:, at : at + 1])
    if plain:
        x = x[..., min(at, x.shape[-1] - 1)][..., 0, 0]
        return float(x) if x.ndim == 0 else x
    made = [r.level for _, r in homes().values() if r.name == name.removeprefix("last_year_")]
    return x if x.shape[-1] == 1 or (made and made[0] != "practice") else x[..., at : at + 1]


@pytest.mark.parametrize("name", rule_names(alone=True))
def test_practice_by_practice_agrees(name: str) -> None:
    one, arguments = setting(name)
    given = numbers(arguments, 11, False)
    plain = not any(isinstance(x, Areas) for x in given)
    with np.errstate(all="ignore"):
        expected = np.asarray(one.function(*given), float)
        got = []
        for at in range(PRACTICES):
            own = [single(n, x, at, plain) for n, x in zip(one.needs, given, strict=True)]
            got.append(np.asarray(one.function(*own), float))
    for at in range(PRACTICES):
        own = expected[..., min(at, expected.shape[-1] - 1)]
        agree(got[at].reshape(own.shape) if got[at].size == own.size else got[at], own)
