"""Patients Registered at a GP Practice (NHS England, monthly): lists by practice, sex, age, area, and the map of areas."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from .payments import check_sizes
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import key, month_in

#: Five-year bands as the publisher writes them; columns of the wide frames are male_<band> and female_<band>.
FIVES = (*(f"{a}_{a + 4}" for a in range(0, 95, 5)), "95+")
COLUMNS = tuple(f"{sex}_{band}" for sex in ("male", "female") for band in FIVES)
COUNT = ("number of patients",)


@layout(
    "patients registered by five-year age band",
    "registrations_quin_age",
    "registrations_areas",
    needs=("extract date", "org type", "org code", "sex", "age group 5", "number of patients"),
    only=("ons code", "postcode"),
)
def read_quin_age(table: Table) -> Iterator[Publication]:
    """Two publications for each date: practices, and the areas of the same file (networks, sub-boards, boards, regions)."""
    dates = table.days("extract date", since=2013)
    long = pl.DataFrame(
        {
            "org_type": table.text("org type"),
            "org_code": table.codes("org code", length=(1, 9)),
            "ons_code": table.maybe("ons code"),
            "postcode": table.maybe("postcode"),
            "band": table.text("sex").str.to_lowercase() + "_" + table.text("age group 5").str.to_lowercase(),
            "patients": table.number(*COUNT, least=0),
            "date": dates,
        }
    )
    check_sizes(table, long["patients"].set(long["org_type"] != "GP", None), long["org_code"])
    long = table.one_each(long, ["date", "org_type", "org_code", "band"])
    known = long["band"].is_in([*COLUMNS, "all_all", "male_all", "female_all"]).fill_null(False)
    if not known.all():
        at = int((~known).arg_true()[0])
        raise table.error(
            f"'{long['band'][at]}' is not a sex and age band", at, expected="ALL, MALE or FEMALE; 0_4 to 95+"
        )
    wide = long.pivot("band", index=["date", "org_type", "org_code", "ons_code", "postcode"], values="patients")
    for column in COLUMNS:
        if column not in wide.columns:
            wide = wide.with_columns(pl.lit(None, pl.Float64).alias(column))
    wide = wide.with_columns(pl.col(COLUMNS).fill_null(0.0))  # the publisher leaves out bands that nobody is in
    wide = _all(table, wide)
    extra = [c for c in ("male_all", "female_all") if c in wide.columns]
    practices = wide.filter(pl.col("org_type") == "GP")
    if practices.height:
        _against_areas(table, wide)
        frame = practices.select("date", pl.col("org_code").alias("practice"), "postcode", *COLUMNS, "all", *extra)
        yield from table.by_date("registrations_quin_age", frame.drop("date"), frame["date"])
    areas = wide.filter(pl.col("org_type") != "GP")
    if areas.height:
        yield from table.by_date(
            "registrations_areas",
            areas.select("org_type", "org_code", "ons_code", *COLUMNS, "all", *extra),
            areas["date"],
        )


def _all(table: Table, wide: pl.DataFrame) -> pl.DataFrame:
    """The column 'all': as published where it is, else the sum of the bands; warns where the two differ."""
    total = pl.sum_horizontal(COLUMNS)
    if "all_all" not in wide.columns:
        table.warn("has no rows for all patients: the bands were added up")
        return wide.with_columns(total.alias("all"))
    off = wide.filter((pl.col("all_all") - total).abs() > 0.5)
    if off.height:
        table.warn(
            f"the bands of {off.height:,} organisations do not add up to their published list"
            f" (first {off['org_code'][0]}: {off.select(total).item(0, 0):,.0f} and {off['all_all'][0]:,.0f})"
        )
    return wide.with_columns(pl.col("all_all").fill_null(total).alias("all")).drop("all_all")


def _against_areas(table: Table, wide: pl.DataFrame) -> None:
    """Warn where the practices do not add up to what the same file says of an area level."""
    totals = wide.group_by("date", "org_type").agg(pl.col("all").sum(), pl.len())
    for day, practices in totals.filter(pl.col("org_type") == "GP").select("date", "all").iter_rows():
        for kind, people in (
            totals.filter((pl.col("date") == day) & (pl.col("org_type") != "GP")).select("org_type", "all").iter_rows()
        ):
            if kind.upper() not in ("PCN",) and abs(people - practices) > 0.5:
                table.warn(f"practices add up to {practices:,.0f} patients but {kind} rows to {people:,.0f} ({day})")


@layout(
    "patients registered, by practice",
    "registrations_all",
    needs=("extract date", "type", "code", "sex", "age", "number of patients"),
)
def read_all(table: Table) -> Iterator[Publication]:
    """One publication for each date."""
    keep = (table.text("type").str.to_uppercase() == "GP") & (table.text("sex").str.to_uppercase() == "ALL")
    practice = table.codes("code", length=(1, 9))
    patients = table.number(*COUNT, least=0)
    check_sizes(table, patients.set(~keep, None), practice)
    frame = pl.DataFrame(
        {
            "practice": practice,
            "sub_board_code": table.maybe("sub icb location code", "ccg code"),
            "postcode": table.maybe("postcode"),
            "patients": patients,
            "date": table.days("extract date", since=2013),
        }
    ).filter(keep)
    frame = table.one_each(frame, ["date", "practice"])
    yield from table.by_date("registrations_all", frame.drop("date"), frame["date"])


@layout(
    "the map of practices to networks, boards and regions",
    "registrations_map",
    needs=("extract date", "practice code", "practice name", "pcn code", ("icb code", "stp code"), "comm region code"),
)
def read_map(table: Table) -> Iterator[Publication]:
    """One publication for each date; CCGs and STPs of older files are the sub-boards and boards of their time."""
    network = table.maybe("pcn code").str.to_uppercase()
    unallocated = ~network.str.contains(r"^U\d{4,6}$").fill_null(False)  # the publisher writes 'U' or '-'
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "name": table.text("practice name"),
            "postcode": table.maybe("practice postcode"),
            "network_code": network.set(unallocated, None),
            "network_name": table.maybe("pcn name").set(unallocated, None),
            "sub_board_code": table.maybe("sub icb location code", "ccg code"),
            "sub_board_name": table.maybe("sub icb location name", "ccg name"),
            "board_code": table.text("icb code", "stp code"),
            "board_name": table.maybe("icb name", "stp name"),
            "region_code": table.text("comm region code"),
            "region_name": table.maybe("comm region name"),
            "supplier": table.maybe("supplier name"),
            "date": table.days("extract date", since=2013),
        }
    )
    frame = table.one_each(frame, ["date", "practice"])
    yield from table.by_date("registrations_map", frame.drop("date"), frame["date"])


@layout(
    "patients registered by single year of age, by practice",
    "registrations_single_age",
    needs=("extract date", "org code", "sex", "age", "number of patients"),
    lacks=("org type",),
    only=(),
)
def read_single_age(table: Table) -> Iterator[Publication]:
    """One publication for each date; ages are text: '0' to '94', '95+', 'ALL'."""
    frame = pl.DataFrame(
        {
            "practice": table.codes("org code"),
            "sex": table.text("sex").str.to_lowercase(),
            "age": table.text("age"),
            "patients": table.number(*COUNT, least=0),
            "date": table.days("extract date", since=2013),
        }
    )
    check_sizes(table, frame["patients"], frame["practice"])
    frame = table.one_each(frame, ["date", "practice", "sex", "age"])
    yield from table.by_date("registrations_single_age", frame.drop("date"), frame["date"])


@layout(
    "patients registered by single year of age, by area",
    "registrations_regions",
    needs=("extract date", "org type", "org code", "sex", "age", "number of patients"),
    only=("ons code",),
)
def read_regions(table: Table) -> Iterator[Publication]:
    """One publication for each date."""
    frame = pl.DataFrame(
        {
            "org_type": table.text("org type"),
            "org_code": table.codes("org code", length=(1, 9)),
            "ons_code": table.maybe("ons code"),
            "sex": table.text("sex").str.to_lowercase(),
            "age": table.text("age"),
            "patients": table.number(*COUNT, least=0),
            "date": table.days("extract date", since=2013),
        }
    )
    frame = table.one_each(frame, ["date", "org_type", "org_code", "sex", "age"])
    yield from table.by_date("registrations_regions", frame.drop("date"), frame["date"])


@layout(
    "patients registered by small area (LSOA)",
    "registrations_lsoa",
    needs=("extract date", "practice code", "lsoa code", "number of patients"),
    only=("sex",),
)
def read_lsoa(table: Table) -> Iterator[Publication]:
    """One publication for each date; vintage is 2021 where any code was new in that census's areas, else 2011."""
    sex = table.maybe("sex").str.to_uppercase()
    frame = pl.DataFrame(
        {
            "practice": table.codes("practice code"),
            "lsoa": table.text("lsoa code"),
            "patients": table.number(*COUNT, least=0),
            "date": table.days("extract date", since=2013),
        }
    )
    if not (sex == "ALL").fill_null(True).all():
        if (sex == "ALL").any():
            frame = frame.filter(sex == "ALL")
        else:  # the files of one sex are not the whole list
            table.warn("holds one sex only: it was not read")
            return
    frame = table.one_each(frame, ["date", "practice", "lsoa"])
    newest = frame.filter(pl.col("lsoa").str.contains(r"^E01\d{6}$"))["lsoa"].max()
    vintage = 2021 if newest is not None and str(newest) > "E01033768" else 2011
    frame = frame.with_columns(pl.lit(vintage).alias("vintage"))
    yield from table.by_date("registrations_lsoa", frame.drop("date"), frame["date"])


@layout(
    "patients registered by five-year age band, wide (before April 2017)",
    "registrations_quin_age",
    needs=(("gp practice code", "practice code"), "total all", "male 0 4", "female 0 4", ("male 95+", "male 95")),
)
def read_wide(table: Table) -> Iterator[Publication]:
    """The layout before April 2017, one column for each sex and band; the date comes from the file's name."""
    when = next((d for name in table.names if (d := month_in(name)) is not None), None)
    if when is None:
        raise table.error("does not say of which month it is", expected="a name that holds it, such as 2016-04-01")
    frame: dict[str, pl.Series] = {
        "practice": table.codes("gp practice code", "practice code"),
        "postcode": table.maybe("postcode"),
    }
    by_key = {key(h): str(i) for i, h in enumerate(table.headers)}
    for column in COLUMNS:
        at = by_key.get(key(column)) or by_key.get(key(column.replace("+", "")))
        if at is None:
            raise table.error(f"has no column for {column.replace('_', ' ')}")
        frame[column] = table.numeric(at, least=0)
    frame["all"] = table.number("total all", least=0)
    check_sizes(table, frame["all"], frame["practice"])
    found = table.one_each(pl.DataFrame(frame), ["practice"])
    off = found.filter((pl.col("all") - pl.sum_horizontal(COLUMNS)).abs() > 0.5)
    if off.height:
        table.warn(f"the bands of {off.height:,} practices do not add up to their list (first {off['practice'][0]})")
    yield table.publication("registrations_quin_age", when, found)
