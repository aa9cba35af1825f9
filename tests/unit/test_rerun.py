"""A reform worked out from a stored baseline equals the reform priced from nothing, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract import Contract, DropChapter, England, PhaseIn, Reform, Scale, Set, rerun, run
from gpcontract.contracts import Result
from gpcontract.engine.errors import InputError

YEARS = (2022, 2023, 2024)
REFORMS = {
    "price": Reform.of(Scale("global_sum_price", 1.05, years="2023/24-")),
    "weights": Reform.of(Set("age_sex_weights", 9.0, key="female_85+")),
    "two": Reform.of(Scale("qof_point_value", 1.1), PhaseIn("ooh_deduction_share", 0.0, years="2022/23-2024/25")),
    "chapter": Reform.of(DropChapter("quality")),
}


@pytest.fixture(scope="module")
def baseline() -> Result:
    return run(Contract.load("national"), England.synthetic(1, YEARS), keep="all")


@pytest.mark.parametrize("name", REFORMS)
def test_rerun_equals_run(baseline: Result, name: str) -> None:
    again = rerun(baseline, REFORMS[name])
    whole = run(baseline.contract, baseline.england, reform=REFORMS[name])
    assert again.line_names == whole.line_names
    assert again.contract.reform.hash == whole.contract.reform.hash
    for line in whole.line_names:
        np.testing.assert_array_equal(again.amounts(line), whole.amounts(line), err_msg=line)


def test_the_baseline_is_left_as_it_was(baseline: Result) -> None:
    before = baseline.total(2024).copy()
    assert rerun(baseline, REFORMS["price"]).total(2024).sum() > before.sum()
    np.testing.assert_array_equal(baseline.total(2024), before)


def test_a_baseline_that_kept_too_little_is_refused() -> None:
    thin = run(Contract.load("national"), England.synthetic(1, (2024,)))
    with pytest.raises(InputError, match='keep="all"'):
        rerun(thin, REFORMS["price"])
