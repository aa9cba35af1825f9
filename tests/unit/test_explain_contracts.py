"""Explaining one practice, or a network, under every contract gives what its statement says, line by line."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract import Contract, England, explain, run
from gpcontract.contracts import Result, names
from gpcontract.contracts.explain import Node


@pytest.fixture(scope="module", params=names())
def result(request: pytest.FixtureRequest) -> Result:
    return run(Contract.load(request.param), England.synthetic(1, (2022, 2023, 2024)))


def test_the_tree_ends_at_the_statement(result: Result) -> None:
    open_now = np.flatnonzero(result.open(2024))
    network = next(c for c in result.england.areas["network"].codes[40:])
    for who in (*(result.england.codes[i] for i in open_now[[3, 1500, 4000]]), network):
        statement, tree = result.statement(who, 2024), explain(result, who, 2024)
        lines = {a.line.name: a.pence / 100 for a in statement.amounts}
        for node in tree.children:
            assert node.value == pytest.approx(lines[node.name], abs=0.011 * max(1, len(statement.subject.members))), (
                who,
                node.name,
            )


def test_subjects_share_the_nodes_of_values(result: Result) -> None:
    def values(node: Node) -> dict[str, Node]:
        found = {node.name: node} if node.kind == "value" else {}
        return found | {n: v for c in node.children for n, v in values(c).items()}

    codes = [result.england.codes[i] for i in np.flatnonzero(result.open(2024))[[3, 1500]]]
    one, other = (values(explain(result, who, 2024)) for who in codes)
    both = one.keys() & other.keys()
    assert len(both) > 20
    assert all(one[n] is other[n] for n in both)
