"""GP Contract Services (NHS England, quarterly): counts behind the core contract and the network service."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table
from .words import parse_number, year_in


@layout(
    "GP Contract Services",
    "contract_services",
    needs=("quality service", "practice code", "ach date", "ind code", "measure", "measure type", "value"),
    only=(),
    parts=("service", "practice", "achieved_on", "indicator", "measure"),
)
def read(table: Table) -> Iterator[Publication]:
    """One publication for each year of a service; a value that is words, not a number, is null and counted in a warning."""
    cells = table.text("value")
    plain = cells.cast(pl.Float64, strict=False)
    words = cells.filter(plain.is_null() & cells.is_not_null()).unique()
    meaning = {w: parse_number(w) for w in words}
    if meaning:
        plain = pl.select(
            pl.coalesce(plain, cells.replace_strict(meaning, default=None, return_dtype=pl.Float64))
        ).to_series()
        said = [w for w, v in meaning.items() if v is None and w != "*"]
        if said:
            table.warn(f"{len(said)} kinds of value are words, not numbers, and were taken as none ({said[0][:40]!r})")
    if isinstance(low := plain.min(), float) and low < 0:
        raise table.error(f"value {low:g} is below 0", int(plain.arg_min()), expected="0 or more")  # type: ignore[arg-type]
    frame = pl.DataFrame(
        {
            "service": table.text("quality service"),
            "practice": table.codes("practice code"),
            "achieved_on": table.date("ach date"),
            "indicator": table.text("ind code"),
            "measure": table.text("measure"),
            "measure_type": table.text("measure type"),
            "value": plain,
        }
    )
    frame = table.one_each(frame, ["service", "practice", "achieved_on", "indicator", "measure"])
    for (service,), part in frame.partition_by("service", as_dict=True, maintain_order=True).items():
        year = year_in(str(service))
        if year is None:
            year = next((y for name in table.names if (y := year_in(name)) is not None), None)
        if year is None:
            raise table.error(f"'{service}' does not say of which year it is", expected="'Core GP Contract 2024-25'")
        yield table.publication("contract_services", year, part)
