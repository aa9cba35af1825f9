"""The waterfall's steps add up to the whole, to the penny, for England, an area and a practice."""

from __future__ import annotations

import pytest

from gpcontract import Add, Contract, DropChapter, England, Reform, Scale, Set, rerun, run
from gpcontract.contracts import Result
from gpcontract.findings.waterfall import waterfall

REFORM = Reform.of(
    Scale("global_sum_price", 1.05),
    Set("ooh_deduction_share", 0.0),
    Add("qof_point_value", -20.0),
    DropChapter("network"),
)


@pytest.fixture(scope="module")
def baseline() -> Result:
    return run(Contract.load("national"), England.synthetic(1, (2023, 2024)), keep="all")


@pytest.mark.parametrize("who", ["England", "SB01", "S00001"])
def test_steps_add_up_to_the_penny(baseline: Result, who: str) -> None:
    first, *middle, last = waterfall(baseline, REFORM, 2024, who)
    assert first.pence == baseline.statement(who, 2024).total
    assert last.pence == rerun(baseline, REFORM).statement(who, 2024).total
    assert first.pence + sum(s.pence for s in middle) == last.pence
    assert len(middle) == len(REFORM.edits)


def test_each_step_is_the_edit_it_names(baseline: Result) -> None:
    steps = waterfall(baseline, REFORM, 2024)
    assert [s.title for s in steps] == [
        "as settled",
        "scale global_sum_price by 1.05",
        "set ooh_deduction_share to 0",
        "add qof_point_value: -20",
        "drop chapter network",
        "with the reform",
    ]
    price, hours, points, networks = steps[1:-1]
    assert price.pence > 0 and hours.pence > 0 and points.pence < 0
    assert networks.added["network"] == -baseline.bill(2024).paid_to("network")
