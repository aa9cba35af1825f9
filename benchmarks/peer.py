"""The peer's side, run inside the peer's own environment: OpenFisca on the same inputs and values.

    .venv-peers/bin/python benchmarks/peer.py PEERS_FOLDER EXCHANGE.npz

The model itself (`fisca_model.py`) lies in PEERS_FOLDER and is run from there; this file only feeds it, checks what it
answers against the reference, and times it. Prints one line of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from typing import Any

TOLERANCE = 2e-3  # it computes in single precision
#: our words -> the model's own names
INPUTS = {
    "care_home_patients": "nursing_home", "new_registrations": "new_registrations", "mortality": "smr",
    "limiting_illness": "llti", "staff_market_forces": "mff", "population_density": "density",
    "opted_out": "opted_out", "london_list": "london_list", "correction_factor": "mpig_base",
}  # fmt: skip
VALUES = {
    "global_sum_price": "global_sum_price", "point_value": "point_value", "out_of_hours_share": "ooh_rate",
    "correction_share": "mpig_phase", "care_home_weight": "nursing_weight",
    "new_registration_weight": "turnover_weight", "needs_constant": "needs_constant",
    "needs_mortality": "needs_smr", "needs_illness": "needs_llti", "rural_slope": "rural_slope",
    "london_rate": "london_rate",
}  # fmt: skip
CONDITIONS = {"diabetes": "dm", "hypertension": "hyp", "heart": "chd", "lungs": "copd", "mind": "mh"}
OUTPUTS = {
    "total_pay": "total_pay",
    "quality_points": "qof_points",
    "pay_per_weighted_patient": "pay_per_weighted_patient",
}


def main(folder: str, exchange: str) -> None:
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    start = time.perf_counter()
    importlib.import_module("openfisca_core.simulations")
    importlib.import_module("openfisca_core.reforms")
    imported = time.perf_counter() - start
    import fisca_model
    import numpy as np
    import spec

    given = np.load(exchange)
    bands = [k.removeprefix("list_") for k in given.files if k.startswith("list_")]
    inputs = {theirs: given[ours] for ours, theirs in INPUTS.items()} | {b: given[f"list_{b}"] for b in bands}
    values = {theirs: given[f"value {ours}"] for ours, theirs in VALUES.items()}
    values |= {f"age_sex_{b}": given[f"value workload_{b}"] for b in bands}
    for ours, theirs in CONDITIONS.items():
        inputs |= {f"{theirs}_den": given[f"{ours}_register"], f"{theirs}_num": given[f"{ours}_treated"]}
        values |= {f"{theirs}_{end}": given[f"value {ours}_{end}"] for end in ("points", "lower", "upper")}
    if set(values) != set(spec.PARAMS) or len(inputs) != 33:
        raise SystemExit("the peer's model asks for other inputs or values than it was given")
    fisca_model.PARAMS = {k: [float(x) for x in v] for k, v in values.items()}
    practices = inputs["mff"].shape[1]
    first, scale = int(given["edit_first"]), float(given["edit_scale"])
    periods = importlib.import_module("openfisca_core.periods")
    system_class, _, builder = fisca_model.build("openfisca_core")
    system = system_class()

    class DearerList(importlib.import_module("openfisca_core.reforms").Reform):  # type: ignore[name-defined,misc]
        """One edit: the price of a weighted patient, from one year on."""

        def apply(self) -> None:
            def change(parameters: Any) -> Any:
                price = parameters.contract.global_sum_price
                for year in range(first, fisca_model.YEARS[-1] + 1):
                    old = price(f"{year}-01-01")
                    price.update(period=periods.period(str(year)), value=old * scale)
                return parameters

            self.modify_parameters(modifier_function=change)

    def full(which: Any, x: Any = inputs, n: int = practices) -> tuple[dict[str, Any], float, float]:
        out, load, calculate, _ = fisca_model.simulate(builder, which, x, n=n)
        return out, load, calculate

    def check(out: dict[str, Any], prefix: str) -> None:
        for ours, theirs in OUTPUTS.items():
            right = given[f"{prefix} {ours}"]
            error = float(np.max(np.abs(out[theirs] - right) / np.maximum(np.abs(right), 1e-9)))
            if not error <= TOLERANCE:
                raise SystemExit(f"the peer's '{theirs}' is out by {error:.2g}; nothing was timed")

    check(full(system)[0], "base")
    check(full(DearerList(system))[0], "edited")
    single = {k: v[:, :1] for k, v in inputs.items()}

    def edited() -> float:
        begin = time.perf_counter()
        full(DearerList(system))
        return time.perf_counter() - begin

    gc.collect()  # and left on: its simulations are circular, and piling them up would slow it
    runs = [full(system)[1:] for _ in range(40)]
    print(
        json.dumps(
            {
                "import": imported,
                "full": min(sum(r) for r in runs),
                "calculate": min(r[1] for r in runs),
                "edit": min(edited() for _ in range(30)),
                "one": min(sum(full(system, single, 1)[1:]) for _ in range(40)),
                "numpy": np.__version__,
                "version": importlib.import_module("importlib.metadata").version("openfisca-core"),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
