"""Lookups of areas: small areas of two censuses, their rural and urban classes, and clinical groups to boards."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .registry import layout
from .tables import Table


@layout("lookup of LSOA 2011 to LSOA 2021 (ONS)", "lsoa_lookup", needs=("lsoa11cd", "lsoa21cd", "lad22cd", "lad22nm"))
def read_lsoa(table: Table) -> Iterator[Publication]:
    """Pairs of old and new areas (an area that was split or merged is in several), with the local authority."""
    frame = pl.DataFrame(
        {
            "lsoa_2011": table.codes("lsoa11cd", length=(9, 9)),
            "lsoa_2021": table.codes("lsoa21cd", length=(9, 9)),
            "local_authority_code": table.text("lad22cd"),
            "local_authority_name": table.text("lad22nm"),
        }
    )
    yield table.publication("lsoa_lookup", None, table.one_each(frame, ["lsoa_2011", "lsoa_2021"]))


@layout(
    "rural and urban classes of LSOA 2011 (ONS)", "rural_urban", needs=(("lsoa code", "lsoa11cd"), "ruc11cd", "ruc11")
)
def read_rural(table: Table) -> Iterator[Publication]:
    """The 2011 rural and urban class of each small area."""
    frame = pl.DataFrame(
        {
            "lsoa_2011": table.codes("lsoa code", "lsoa11cd", length=(9, 9)),
            "code": table.text("ruc11cd"),
            "name": table.text("ruc11"),
        }
    )
    yield table.publication("rural_urban", None, table.one_each(frame, ["lsoa_2011"]))


@layout(
    "lookup of CCGs to ICBs",
    "areas_lookup",
    needs=("ccg code", "icb code", "icb name"),
    lacks=("practice code", "pcn code"),
)
def read_areas(table: Table) -> Iterator[Publication]:
    """The board that each clinical commissioning group (later a sub-board) became part of."""
    frame = pl.DataFrame(
        {
            "sub_board_code": table.text("ccg code").str.to_uppercase(),
            "board_code": table.codes("icb code"),
            "board_name": table.text("icb name"),
        }
    )
    coded = frame["sub_board_code"].str.contains(r"^[A-Z0-9]{3,8}$").fill_null(False)
    if not coded.all():
        at = int((~coded).arg_true()[0])
        table.warn(
            f"{int((~coded).sum()):,} rows have no code of a group and were left out (first row {table.row(at)},"
            f" '{frame['sub_board_code'][at]}')"
        )
        frame = frame.filter(coded)
    yield table.publication("areas_lookup", None, table.one_each(frame, ["sub_board_code"]))
