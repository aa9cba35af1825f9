"""Our side: each measure runs in a process of its own, `python benchmarks/ours.py NAME [ARGUMENT]`, and prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import best

EDIT_FIRST, EDIT_SCALE = 2022, 1.05  # the one price edit: five per cent from 2022/23
TEN_YEARS = tuple(range(2015, 2025))


def exchange(path: str) -> dict[str, float]:
    """Write the workload's inputs, values and right answers where the peer can read them."""
    import workload
    from reference import reference

    facts, yearly = workload.facts(), workload.yearly()
    edited = yearly | {"global_sum_price": _dearer(yearly["global_sum_price"])}
    held: dict[str, Any] = {k: v[0] for k, v in facts.items() if k != "list_by_band"}
    held |= {f"list_{band}": facts["list_by_band"][at, 0] for at, band in enumerate(workload.BANDS)}
    held |= {f"value {k}": np.array(v) for k, v in yearly.items()}
    held |= {f"base {k}": v for k, v in reference(facts, yearly).items()}
    held |= {f"edited {k}": v for k, v in reference(facts, edited).items()}
    np.savez(path, edit_first=EDIT_FIRST, edit_scale=EDIT_SCALE, **held)
    return {}


def _dearer(prices: list[float]) -> list[float]:
    return [p * (EDIT_SCALE if 2016 + at >= EDIT_FIRST else 1.0) for at, p in enumerate(prices)]


def peers_workload() -> dict[str, float]:
    """The peers' workload on our engine, checked first: full run, one price edit, one practice."""
    import workload
    from reference import compare, reference

    from gpcontract.engine.edits import Reform, Scale, apply
    from gpcontract.engine.years import year_name

    facts, values, yearly = workload.facts(), workload.values(), workload.yearly()
    plan, leaves = workload.plan(), {**facts, **values}
    right = reference(facts, yearly)
    compare(plan.run(leaves), right, 1e-9, "the engine")
    done = {**leaves, **plan.run(leaves, keep=plan.names)}  # the stored baseline

    def edit() -> dict[str, Any]:
        reform = Reform.of(Scale("global_sum_price", EDIT_SCALE, years=f"{year_name(EDIT_FIRST)}-"))
        return plan.rerun(done, apply(reform, values, {}, workload.YEARS), keep=workload.OUTPUTS)

    edited = yearly | {"global_sum_price": _dearer(yearly["global_sum_price"])}
    compare(edit(), reference(facts, edited), 1e-9, "the engine, edited")
    single = {k: x[..., :1] for k, x in leaves.items()}
    alone = {k: x[..., :1] for k, x in facts.items()}
    compare(plan.run(single), reference(alone, yearly), 1e-9, "the engine, one practice")
    return {
        "full": best(lambda: plan.run(leaves), 150),
        "edit": best(edit, 300),
        "one": best(lambda: plan.run(single), 300),
        "by_hand": best(lambda: reference(facts, yearly), 100),
        "plan": best(workload.plan, 5),
    }


def national() -> dict[str, float]:
    """The whole national contract on the synthetic England, ten years; explaining one practice; memory."""
    from gpcontract import England

    start = time.perf_counter()
    england = England.synthetic(seed=1, years=TEN_YEARS)
    return {"synthetic": time.perf_counter() - start} | _price(england)


def official(folder: str) -> dict[str, float]:
    """A folder of official files read and assembled with nothing kept, then the national contract on it."""
    from gpcontract import England

    start = time.perf_counter()
    england = England.official(folder)
    taken = {"england": time.perf_counter() - start, "years": len(england.years)}
    years = tuple(y for y in england.years if y >= 2014)[-10:]
    return taken | _price(england.between(years))


def cached(folder: str) -> dict[str, float]:
    """The same folder again, in a fresh process: from the cache."""
    from gpcontract import England

    start = time.perf_counter()
    England.official(folder)
    return {
        "england": time.perf_counter() - start,
        "again": best(lambda: England.official(folder), 5),
        "memory": _peak(),
    }


def compared(folder: str) -> dict[str, float]:
    """The six contracts compared over an England with every finding, an edit of each with every finding, and the report."""
    import tempfile
    from pathlib import Path

    from gpcontract import Contract, England, Scale
    from gpcontract.cli.reporting import write_report
    from gpcontract.findings.compare import FIVE, Comparison, compare

    england = (
        England.synthetic(seed=1, years=(2021, 2022, 2023, 2024)) if folder == "synthetic" else England.official(folder)
    )
    year = (
        2024
        if folder == "synthetic"
        else max(y for y in england.years if np.isfinite(england.facts["published_total"][0, england.year(y)]).any())
    )
    start = time.perf_counter()
    contracts = [Contract.load(n) for n in ("national", *FIVE)]
    loaded = time.perf_counter()

    def every(made: Comparison) -> Any:
        kinds = [made.income(kind) for kind in made.frame.groups]
        findings = (made.bill, made.winners, made.equity, made.spread, made.holders, made.measures)
        return kinds, findings, (made.outcomes, made.volatility, made.exposure)

    made = compare(contracts, england, year)
    every(made)
    first = time.perf_counter()
    edits = {"national": "global_sum_price", **{n: SLIDERS[n] for n in FIVE}}
    for name, value in edits.items():
        every(made.edited(name, Scale(value, 1.01)))  # keeps every step of the contract, from which edits start
    slowest = 0.0
    for name, value in edits.items():
        factors = iter(np.linspace(1.02, 1.2, 40))
        slowest = max(
            slowest, best(lambda n=name, v=value, f=factors: every(made.edited(n, Scale(v, float(next(f))))), 30, 5)
        )
    again = best(lambda: every(compare(contracts, england, year)), 10)
    with tempfile.TemporaryDirectory() as out:
        begin = time.perf_counter()
        written = write_report(made, Path(out))
        report = time.perf_counter() - begin
        size = written[0].stat().st_size
    return {
        "load": loaded - start,
        "first": first - loaded,
        "again": again,
        "edit": slowest,
        "report": report,
        "size": size,
        "practices": len(made.frame.members),
        "memory": _peak(),
    }


#: One figure of each proposal that a slider would move.
SLIDERS = {
    "rising_to_the_challenge": "scale_rates",
    "securing_the_future": "headroom_per_patient",
    "primary_care_reform": "network_price",
    "at_your_service": "partners_replaced",
    "hewitt_review": "board_price_band",
}


def _price(england: Any) -> dict[str, float]:
    from gpcontract import Contract, explain, run

    start = time.perf_counter()
    contract = Contract.load("national")
    loaded = time.perf_counter()
    result = run(contract, england)
    first = time.perf_counter()
    year = result.years[-1]
    code = england.codes[int(np.flatnonzero(result.open(year))[100])]
    explain(result, code, year)
    explained = time.perf_counter()
    made = {
        "load": loaded - start,
        "first": first - loaded,
        "explain_first": explained - first,
        "practices": len(england.codes),
        "years_priced": len(result.years),
        "lines": len(result.line_names),
        "steps": len(result.plan.steps),
        "memory": _peak(),  # of one run held, as a user has it; the repeats below hold two
    }
    return made | {
        "warm": best(lambda: run(contract, england), 25),
        "explain": best(lambda: explain(result, code, year), 25),
        "bill": best(lambda: result.bill(year), 10),
        "memory_after": _peak(),
    }


def _peak() -> float:
    """The most memory this process has held, in bytes."""
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(held if sys.platform == "darwin" else held * 1024)


MEASURES: dict[str, Callable[..., dict[str, float]]] = {
    f.__name__: f for f in (exchange, peers_workload, national, official, cached, compared)
}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
