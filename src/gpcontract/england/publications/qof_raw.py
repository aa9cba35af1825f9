"""QOF raw CSV files (NHS England, annual zips): achievement, prevalence, indicators and the geography of a year.

ACHIEVEMENT_<year> or ACHIEVEMENT_<REGION>_<year>, PREVALENCE_<year>, MAPPING_INDICATORS_<year>,
MAPPING_NHS_GEOGRAPHIES_<year>, and the publisher's own reference files. Regions of one zip are joined.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .publication import Publication
from .qof import year_of_file
from .registry import layout
from .tables import Table

#: What VALUE counts, in the publisher's words and in ours.
MEASURES = {
    "ACHIEVED_POINTS": "points", "REGISTER": "register", "NUMERATOR": "numerator", "DENOMINATOR": "denominator",
    "PCAS": "pcas", "EXCEPTIONS": "pcas", "NEWLY_DIAGNOSED": "newly_diagnosed",
}  # fmt: skip


@layout(
    "QOF achievement by practice and indicator",
    "qof_indicators",
    needs=("practice code", "indicator code", "measure", "value"),
    parts=("practice", "indicator", "measure"),
)
def read_achievement(table: Table) -> Iterator[Publication]:
    """Points, register, numerator, denominator and personalised care adjustments ('exceptions' before 2019/20)."""
    words = table.text("measure").str.to_uppercase()
    odd = words.filter(~words.is_in(list(MEASURES)).fill_null(False))
    if len(odd):
        some = ", ".join(str(w) for w in odd.unique().sort()[:5])
        table.warn(f"{len(odd):,} rows have measures not known here ({some}): kept under the publisher's names")
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "indicator": table.text("indicator code").str.to_uppercase(),
            "measure": words.replace(MEASURES).str.to_lowercase(),
            "value": table.number("value", least=0),
        }
    )
    frame = table.one_each(frame, ["practice", "indicator", "measure"])
    yield table.publication("qof_indicators", year_of_file(table, "achievement"), frame)


@layout(
    "QOF prevalence by practice",
    "qof_prevalence",
    needs=("practice code", "group code", "register", "patient list type", "practice list size"),
    parts=("practice", "group", "list_type"),
)
def read_prevalence(table: Table) -> Iterator[Publication]:
    """Register and the list that it is a share of (TOTAL, 17OV, ...), by group of indicators."""
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "group": table.text("group code").str.to_uppercase(),
            "register": table.number("register", least=0),
            "list_type": table.text("patient list type").str.to_uppercase(),
            "list_size": table.number("practice list size", least=0),
        }
    )
    frame = table.one_each(frame, ["practice", "group", "list_type"])
    yield table.publication("qof_prevalence", year_of_file(table, "registers"), frame)


@layout(
    "QOF indicators and their points",
    "qof_reference",
    needs=("indicator code", "indicator point value", ("group code", "indicator group code")),
    lacks=("practice code",),
)
def read_reference(table: Table) -> Iterator[Publication]:
    """What each indicator is worth, its group and domain. A file named PREVIOUS is of the year before."""
    group = ("group code", "indicator group code")
    list_type = table.maybe("patient list type", "alt pat list")
    frame = pl.DataFrame(
        {
            "indicator": table.text("indicator code").str.to_uppercase(),
            "description": table.maybe("indicator description"),
            "points": table.number("indicator point value", least=0),
            "group": table.text(*group).str.to_uppercase(),
            "group_description": table.maybe("group description", "indicator group description"),
            "domain": table.maybe("domain code"),
            "list_type": list_type.str.to_uppercase().fill_null("TOTAL"),
        }
    )
    frame = table.one_each(frame, ["indicator"])
    year = year_of_file(table, "indicators")
    if "previous" in table.names[0].lower():
        year -= 1
    yield table.publication("qof_reference", year, frame)


@layout(
    "QOF map of practices to areas",
    "qof_geography",
    needs=("practice code", "practice name", "pcn ods code", "region ods code", ("icb ods code", "stp ods code")),
)
def read_geography(table: Table) -> Iterator[Publication]:
    """Network, sub-board, board and region of each practice in the QOF year (CCG and STP in older files)."""
    network = table.text("pcn ods code").str.to_uppercase()
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "name": table.text("practice name"),
            "network_code": network.set(~network.str.contains(r"^U\d{4,6}$").fill_null(False), None),
            "network_name": table.maybe("pcn name"),
            "sub_board_code": table.maybe("sub icb ods code", "sub icb loc ods code", "ccg ods code"),
            "sub_board_name": table.maybe("sub icb name", "sub icb loc name", "ccg name"),
            "board_code": table.text("icb ods code", "stp ods code"),
            "board_name": table.maybe("icb name", "stp name"),
            "region_code": table.text("region ods code"),
            "region_name": table.maybe("region name"),
        }
    )
    frame = table.one_each(frame, ["practice"])
    yield table.publication("qof_geography", year_of_file(table, "areas"), frame)
