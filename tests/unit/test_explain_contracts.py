"""Explaining one practice, or a network, under every contract gives what its statement says, line by line."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract import Contract, England, explain, run
from gpcontract.contracts import Result, names


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
