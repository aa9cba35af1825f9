"""The benchmarks' own workload is right before it is timed, and its table tells what is met from what is missed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import weighted_sum

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = ("workload", "reference", "bench")
    yield {name: importlib.import_module(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def test_the_workload_is_the_size_it_says(bench: dict[str, ModuleType]) -> None:
    workload = bench["workload"]
    inputs = sum(len(x) if x.ndim == 4 else 1 for x in workload.facts(3).values())
    made = {r.name for r in workload.RULES} - {"national_list"}
    assert (inputs, len(made), len(workload.plan().steps)) == (33, 30, 31)


def test_the_engine_agrees_with_plain_numpy(bench: dict[str, ModuleType]) -> None:
    workload, reference = bench["workload"], bench["reference"]
    facts, yearly = workload.facts(40), workload.yearly()
    found = workload.plan().run({**facts, **workload.values()})
    reference.compare(found, reference.reference(facts, yearly), 1e-9, "the engine")


def test_a_wrong_answer_stops_the_benchmark(bench: dict[str, ModuleType]) -> None:
    workload, reference = bench["workload"], bench["reference"]
    right = reference.reference(workload.facts(40), workload.yearly())
    wrong = right | {"total_pay": right["total_pay"] * (1 + 1e-6)}
    with pytest.raises(SystemExit, match="nothing was timed"):
        reference.compare(wrong, right, 1e-9, "the engine")


def test_rows_are_met_or_missed(bench: dict[str, ModuleType]) -> None:
    table = bench["bench"]
    assert table.under("a", 1.0, "s", 2.0).met is True
    assert table.under("a", 3.0, "s", 2.0).met is False
    assert table.faster("a", 1.0, 7.0, 6.0).met is True
    assert table.faster("a", 1.0, 5.0, 6.0).met is False
    assert table.faster("a", 1.0, None, 6.0).met is None
    assert "MISSED" in table.shown([table.under("a", 3.0, "s", 2.0)])


def test_weighted_sums_are_sums_of_products() -> None:
    draw = np.random.default_rng(3)
    x, w = draw.random((4, 1, 3, 7)), draw.random((4, 1, 3, 1))
    np.testing.assert_allclose(weighted_sum(x, w), (x * w).sum(0), rtol=1e-13)
    a, b = draw.random((2, 3, 7)), draw.random((1, 3, 7))
    np.testing.assert_allclose(national(a, b), (a * b).sum(-1, keepdims=True), rtol=1e-13)
    assert weighted_sum(2.0 * np.ones((2, 1)), np.ones((2, 1))).shape == (1,)
