"""Parts add to the whole, to the penny, for every practice: lines to statements, practices to areas and England, trees to
statements; and what the tree says is what the rules do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gpcontract.contracts import Contract, Result, run
from gpcontract.contracts.explain import Node, explain
from gpcontract.engine.areas import Areas
from gpcontract.england.facts import England

YEARS = (2010, 2024)
AREAS = ("network", "sub_board", "board", "region")
SAMPLE = 200


@pytest.fixture(scope="module")
def results() -> dict[int, Result]:
    """The national contract, today and when the correction factor was still worn away year by year."""
    national = Contract.load("national")
    return {
        2010: run(national, England.synthetic(1, tuple(range(2004, 2011)))),
        2024: run(national, England.synthetic(1, (2024,))),
    }


@pytest.fixture(params=YEARS)
def priced(request: pytest.FixtureRequest, results: dict[int, Result]) -> tuple[Result, int]:
    return results[request.param], request.param


def ledger(result: Result, year: int) -> dict[str, np.ndarray]:
    """Each line of each practice in whole pence, straight from the arrays of the run."""
    at = result.years.index(year)
    made = {}
    for line in result.lines(year):
        pounds = np.broadcast_to(result.arrays[line.name], (1, len(result.years), len(result.england.codes)))[0, at]
        made[line.name] = np.array([0 if np.isnan(x) else round(x * 100) for x in pounds.tolist()])
    return made


def test_no_line_is_beyond_counting(priced: tuple[Result, int]) -> None:
    result, year = priced
    for line in result.lines(year):
        assert not np.isinf(result.amounts(line.name)).any(), line.name
    assert max(abs(int(p.max())) for p in ledger(result, year).values()) < 10**10  # no practice is paid £100m on a line


def test_a_practice_that_is_not_open_is_paid_nothing(results: dict[int, Result]) -> None:
    result = results[2010]
    shut = ~result.open(2010)
    assert shut.any()
    assert {n: int(np.abs(p[shut]).sum()) for n, p in ledger(result, 2010).items() if p[shut].any()} == {}


def test_lines_add_to_the_total_of_every_practice(priced: tuple[Result, int]) -> None:
    result, year = priced
    lines = ledger(result, year)
    np.testing.assert_array_equal(sum(lines.values()), result.total(year))
    by_payee = [result.total(year, p) for p in {x.payee for x in result.lines(year)}]
    np.testing.assert_array_equal(sum(by_payee), result.total(year))
    assert result.total(year).sum() > 0


def test_every_statement_adds_to_its_total(priced: tuple[Result, int]) -> None:
    result, year = priced
    lines, total = ledger(result, year), result.total(year)
    for at in np.flatnonzero(result.open(year))[:: max(1, len(result.england.codes) // SAMPLE)]:
        statement = result.statement(result.england.codes[at], year)
        assert {a.line.name: a.pence for a in statement.amounts} == {n: p[at] for n, p in lines.items()}
        assert statement.total == total[at] == sum(statement.paid_to(p) for p in ("practice", "network"))


@pytest.mark.parametrize("kind", AREAS)
def test_practices_add_to_areas_and_areas_to_england(kind: str, priced: tuple[Result, int]) -> None:
    result, year = priced
    areas = result.england.areas.get(kind)
    index = np.full(len(result.england.codes), -1)
    if areas is not None and len(areas):
        index = areas.index[min(result.years.index(year), areas.index.shape[0] - 1)]
    lines, is_open, bill = ledger(result, year), result.open(year), result.bill(year)
    here = is_open & (index >= 0)
    added = {n: np.bincount(index[here], p[here], index.max() + 2).astype(np.int64) for n, p in lines.items()}
    every = np.unique(index[here])
    for at in every[:: max(1, len(every) // 50)]:
        statement = result.statement(areas.codes[at], year)
        members = (index == at) & is_open
        assert statement.subject.kind == kind and statement.total == int(result.total(year)[members].sum())
        for amount in statement.amounts:
            assert amount.pence == int(lines[amount.line.name][members].sum()) == added[amount.line.name][at]
    for amount in bill.amounts:
        in_none = int(lines[amount.line.name][(index < 0) & is_open].sum())
        assert amount.pence == int(added[amount.line.name].sum()) + in_none
    assert bill.total == sum(a.pence for a in bill.amounts) == int(result.total(year)[is_open].sum())


def leaves_of_tree(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from leaves_of_tree(child)


def test_trees_add_to_statements_for_a_sample_of_practices(priced: tuple[Result, int]) -> None:
    result, year = priced
    for at in np.random.default_rng(3).choice(np.flatnonzero(result.open(year)), SAMPLE, replace=False):
        code = result.england.codes[at]
        tree, statement = explain(result, code, year), result.statement(code, year)
        assert round(tree.value * 100) == statement.total == sum(round((c.value or 0) * 100) for c in tree.children)
        assert {c.name: round((c.value or 0) * 100) for c in tree.children} == {
            a.line.name: a.pence for a in statement.amounts
        }


@pytest.mark.parametrize("kind", [*AREAS, "nation"])
def test_trees_of_areas_add_to_their_bills(kind: str, results: dict[int, Result]) -> None:
    result = results[2024]
    codes = ["England"] if kind == "nation" else result.england.areas[kind].codes[:2]
    for code in codes:
        tree, statement = explain(result, code, 2024), result.statement(code, 2024)
        assert round(tree.value * 100) == statement.total == sum(round((c.value or 0) * 100) for c in tree.children)


def test_what_a_tree_reads_is_what_was_paid_for_every_practice(priced: tuple[Result, int]) -> None:
    """A tree runs the plan again for its own practices, sums over nation and areas held: so here for all, a part at a time."""
    result, year = priced
    plan, count = result.plan, len(result.england.codes)
    pinned = {n: result.arrays[n] for s in plan.steps if s.level != "practice" for n in s.name.split("+")}
    for part in np.array_split(np.random.default_rng(1).permutation(count), 7):
        cut = {
            n: Areas(x.kind, x.codes, x.names, x.index[:, part])
            if isinstance(x, Areas)
            else x
            if x.shape[-1] == 1
            else x[..., part]
            for n, x in result.leaves.items()
        }
        alone = plan.run(cut, pinned=pinned)
        for line in result.lines(year):
            again = np.broadcast_to(alone[line.name], (1, len(result.years), len(part)))
            np.testing.assert_allclose(again, result.amounts(line.name)[..., part], rtol=1e-12, atol=1e-7)


def test_the_arithmetic_of_a_tree_is_true(results: dict[int, Result]) -> None:
    """A node's figure is what its rule makes of its children's figures."""
    checked = 0
    for year, result in results.items():
        rules = {n: result.plan.rule(n, year) for n in result.plan.names}
        for at in np.flatnonzero(result.open(year))[100::900]:
            tree = explain(result, result.england.codes[at], year)
            for node in leaves_of_tree(tree):
                one = rules.get(node.name)
                if one is None or one.level != "practice" or not node.children or node.value is None:
                    continue
                given = [c.value for c in node.children]
                if any(x is None for x in given) or any(c.kind == "area" or c.table for c in node.children):
                    continue
                made = float(np.asarray(one.function(*map(float, given))))
                assert node.value == pytest.approx(made, rel=1e-9, abs=0.011), (node.name, year)
                checked += 1
    assert checked > 300


def test_a_ratio_of_an_area_is_the_mean_of_its_practices_weighted_by_list(results: dict[int, Result]) -> None:
    result = results[2024]
    code = result.england.areas["board"].codes[3]
    members = result.subject(code, 2024).members
    seen = {n.name: n for n in leaves_of_tree(explain(result, code, 2024, "global_sum"))}
    index = seen["deprivation_score" if "deprivation_score" in seen else "other_needs_index"]
    lists = result.england.fact("list_size")[0, 0, members]
    figures = np.broadcast_to(result.england.fact(index.name)[0, 0], result.england.fact("list_size").shape[-1:])[
        members
    ]
    known = ~np.isnan(figures)
    assert "weighted by list" in index.note
    assert index.value == pytest.approx(np.average(figures[known], weights=lists[known]), rel=1e-9)
    assert index.value != pytest.approx(figures[known].mean(), rel=1e-6)
