"""Official files as read, against the totals that are known of them (the notes that came with the data)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from gpcontract.england.facts import lines
from gpcontract.england.publications import Publication, Reading, read_folder
from gpcontract.england.publications.registrations import COLUMNS

#: Practices in each payments file; three of the years are kept back from the project, and are checked where they are held.
PRACTICES = {
    2014: 7959, 2015: 7841, 2016: 7763, 2017: 7543, 2018: 7279, 2019: 7001, 2020: 6808, 2021: 6758, 2022: 6669, 2024: 6375,
}  # fmt: skip
REGISTERED = {2014: 56.63e6, 2022: 62.13e6, 2024: 63.611e6}
LISTS = {
    date(2025, 3, 1): 63_757_938, date(2025, 4, 1): 63_769_849, date(2025, 5, 1): 63_773_098, date(2025, 11, 1): 63_947_100,
    date(2025, 12, 1): 63_936_682, date(2021, 1, 1): 60_606_345,
}  # fmt: skip
QOF = {2017: (7100, 58.38e6, 537.5, 559), 2018: (6873, 59.39e6, 539.2, 559), 2019: (6720, 60.41e6, 533.9, 559),
       2021: (6470, 61.60e6, 582.4, 635), 2022: (6378, 62.38e6, 573.8, 635)}  # fmt: skip
CATEGORIES = (
    "practice_type",
    "gender",
    "age",
    "rurality",
    "region",
    "practice_registered_patients",
    "weekly_working_hours",
)
#: Pounds of global sum per weighted patient, the median of GMS practices.
PRICE = {2017: 81.26, 2018: 84.95, 2019: 85.85, 2020: 89.30, 2021: 92.38, 2022: 95.09, 2024: 107.39}


@pytest.fixture(scope="module")
def reading(official_data: Path) -> Reading:
    return read_folder(official_data)


def one(reading: Reading, kind: str, when: object = None) -> Publication:
    found = [p for p in reading.of(kind) if when is None or p.when == when]
    assert found, f"no {kind} {when}"
    return found[0]


def test_every_official_table_is_read(reading: Reading) -> None:
    """Nothing official is left unread: only notes, extracts in others' layouts, lists of columns and JSON are."""
    official = ("nhspayments", "gp-reg-pat", "practice_overall", "fingertips", "epraccur", "AIF", "GP Practice WP", "qof-1",
                "Primary_Care_Networks", "Appointments", "Crosstab", "Core GP", "gpearn")  # fmt: skip
    unread = [u for u in reading.unread if any(name in u.split(":")[0] for name in official)]
    assert unread == ["qof-1415-prac-asthma.xlsx"] or unread == []
    assert not any("could not be read (" in u for u in reading.unread)


def test_payments(reading: Reading) -> None:
    for p in reading.of("payments"):
        assert p.frame["practice"].n_unique() == p.frame.height
        if p.when in PRACTICES:
            assert p.frame.height == PRACTICES[p.when]  # type: ignore[index]
        if p.when in REGISTERED:
            assert p.frame["registered"].sum() == pytest.approx(REGISTERED[p.when], rel=2e-4)  # type: ignore[index]
        if p.when in PRICE:
            gms = p.frame.filter((pl.col("contract") == "GMS") & (pl.col("weighted") > 0) & (pl.col("global_sum") > 0))
            price = (gms["global_sum"] / gms["weighted"]).median()
            assert price == pytest.approx(PRICE[p.when], abs=0.02), p.when  # type: ignore[index]


def test_payments_2024(reading: Reading) -> None:
    frame = one(reading, "payments", 2024).frame
    assert frame["weighted"].sum() == pytest.approx(63.609e6, rel=1e-4)
    assert frame["global_sum"].sum() == pytest.approx(5118.9e6, rel=1e-4)
    assert frame["total"].sum() == pytest.approx(11378.8e6, rel=1e-4)
    counts = dict(frame["contract"].value_counts().iter_rows())
    assert counts == {"GMS": 4534, "PMS": 1475, "APMS": 332, "UNKNOWN": 34}
    assert frame["dispensing"].sum() == 940 and frame["rural"].sum() == 1069
    assert frame["list_basis"].unique().to_list() == ["average"]
    assert one(reading, "payments", 2017).frame["list_basis"].unique().to_list() == ["last known"]


def test_the_lines_of_every_practice_add_up(reading: Reading) -> None:
    """Within a pound, but for 2014/15, which is published in whole pounds; and no column of any year is unknown."""
    for p in reading.of("payments"):
        adding = [c for c in p.frame.columns if c in lines() and lines()[c].get("total", True)]
        gap = p.frame.select((pl.sum_horizontal(adding) - pl.col("total")).abs().alias("gap"))["gap"]
        assert gap.max() <= (5.0 if p.when == 2014 else 0.011), p.when  # type: ignore[operator]
        assert not any("unrecognised" in w for w in p.warnings), p.warnings


def test_dates_of_openings_are_dates(reading: Reading) -> None:
    """The files of 2017/18 and 2019/20 give days as Excel counts them."""
    a81001 = {p.when: p.frame.filter(pl.col("practice") == "A81001")["open_date"][0] for p in reading.of("payments")
              if "A81001" in p.frame["practice"].to_list()}  # fmt: skip
    assert a81001[2017] == a81001[2019] == date(1999, 4, 1) == a81001[2016]
    assert a81001[2022] == date(1974, 4, 1)


def test_lists(reading: Reading) -> None:
    found = [p for kind in ("registrations_all", "registrations_quin_age") for p in reading.of(kind)]
    assert len(found) >= 7
    for p in found:
        column = "all" if p.kind == "registrations_quin_age" else "patients"
        assert p.frame[column].sum() == LISTS[p.when], p.title  # type: ignore[index]
        if column == "all":
            assert p.frame.select(pl.sum_horizontal(COLUMNS).sum()).item() == LISTS[p.when]  # type: ignore[index]
            assert p.warnings == ()


def test_area_rows_agree_with_practices(reading: Reading) -> None:
    for p in reading.of("registrations_areas"):
        sums = dict(p.frame.group_by("org_type").agg(pl.col("all").sum()).iter_rows())
        assert sums["Comm Region"] == sums["ICB"] == LISTS[p.when]  # type: ignore[index]
        assert p.frame.filter(pl.col("org_type") == "ICB").height == 42


def test_the_map(reading: Reading) -> None:
    for p in reading.of("registrations_map"):
        if p.when.year == 2025:  # type: ignore[union-attr]
            assert p.frame["board_code"].n_unique() == 42 and p.frame["sub_board_code"].n_unique() == 106
            assert 1250 <= p.frame["network_code"].drop_nulls().n_unique() <= 1310
        assert p.frame["region_code"].n_unique() == 7
    assert one(reading, "registrations_map", date(2020, 9, 1)).frame.height == 6708
    assert one(reading, "registrations_map", date(2022, 1, 1)).frame.height == 6527
    assert one(reading, "registrations_map", date(2026, 8, 1)).frame.height == 6129


def test_small_areas(reading: Reading) -> None:
    p = one(reading, "registrations_lsoa", date(2023, 7, 1))
    assert p.frame.height == 868_505 and p.frame["practice"].n_unique() == 6_378
    assert p.frame["patients"].sum() == 62_581_556
    assert p.frame["vintage"].unique().to_list() == [2011]
    assert one(reading, "registrations_regions").frame.height == 282_253
    assert one(reading, "registrations_single_age", date(2025, 4, 1)).frame.height == 594_559


def test_qof_points(reading: Reading) -> None:
    for p in reading.of("qof_points"):
        practices, people, mean, most = QOF[p.when]  # type: ignore[index]
        assert p.frame.height == practices
        assert p.frame["list_size"].sum() == pytest.approx(people, rel=2e-4)
        assert p.frame["points"].mean() == pytest.approx(mean, abs=0.06)
        assert p.frame["points_available"].unique().to_list() == [most]


def test_qof_reference_and_workbooks(reading: Reading) -> None:
    p = one(reading, "qof_reference", 2023)
    assert p.frame.height == 76 and p.frame["points"].sum() == 635
    assert one(reading, "qof_geography", 2023).frame.height == 6410
    for year, groups in ((2014, 559), (2018, 559), (2019, 559)):
        own = next(
            p.frame
            for p in reading.of("qof_areas")
            if p.when == year and p.frame["indicator"].null_count() < p.frame.height
        )
        points = own.filter(pl.col("indicator").is_not_null() & (pl.col("measure") == "points"))
        practices = own.filter(pl.col("indicator").is_null() & (pl.col("measure") == "practices"))
        whole = practices.group_by("area_code").agg(pl.col("value").max())["value"].sum()
        # the sheets leave out public health and quality domains in some years, never add more than there is
        assert 0.75 * groups < points["value"].sum() / whole <= groups, year
    af = one(reading, "qof_areas", 2014).frame.filter((pl.col("group") == "AF") & (pl.col("measure") == "register"))
    assert af.height == 209 and 0.9e6 < af["value"].sum() < 1.0e6  # 1.6% of 57 million


def test_weighted_populations(reading: Reading) -> None:
    for year, practices, people in ((2023, 6553, 61.90e6), (2024, 6553, 62.15e6), (2025, 6348, 63.85e6)):
        frame = one(reading, "weighted_population", year).frame
        assert frame.height == practices
        assert frame["patients"].sum() == pytest.approx(people, rel=3e-4)
        for stream in ("general_acute", "overall", "primary_care", "primary_care_need"):
            assert frame[stream].sum() == pytest.approx(frame["patients"].sum(), rel=1e-3), (year, stream)
        mix = 0.15 * frame["health_inequalities"] + 0.85 * frame["primary_care_need"]
        assert (mix - frame["primary_care"]).abs().max() < 0.5  # type: ignore[operator]


def test_csv_and_workbook_of_one_year_agree(reading: Reading) -> None:
    for year in (2023, 2024):
        first, second = [p.frame.sort("practice") for p in reading.of("weighted_population") if p.when == year]
        assert (first["primary_care"] - second["primary_care"]).abs().max() < 0.01  # type: ignore[operator]


def test_deprivation(reading: Reading) -> None:
    assert {p.when for p in reading.of("deprivation")} == {2010, 2015, 2019, 2025}
    frame = one(reading, "deprivation", 2025).frame
    assert frame.height == 6143 and frame["score"].mean() == pytest.approx(23.5, abs=0.05)
    assert (round(frame["score"].min(), 1), round(frame["score"].max(), 1)) == (3.9, 65.4)  # type: ignore[arg-type]
    assert sum(p.frame.height for p in reading.of("deprivation") if p.when != 2025) == 23_080


def test_ods(reading: Reading) -> None:
    for p in reading.of("ods_practices"):
        active = p.frame.filter(pl.col("is_gp_practice") & (pl.col("status") == "active"))
        assert 6000 < active.height < 8000
        assert active["closed"].null_count() > 0.98 * active.height


def test_appointments(reading: Reading) -> None:
    areas = [p for p in reading.of("appointments_areas") if p.frame["source"][0] == "practices"]
    year = [p for p in areas if date(2024, 4, 1) <= p.when <= date(2025, 3, 1)]  # type: ignore[operator]
    assert len(year) == 12 and len(areas) == 30
    assert sum(p.frame["appointments"].sum() for p in year) == 369_082_334
    assert all(p.frame["sub_board_code"].n_unique() == 106 for p in areas)
    networks = [p for p in reading.of("appointments_areas") if p.frame["source"][0] == "networks"]
    assert sum(p.frame["appointments"].sum() for p in networks) == pytest.approx(28.4e6, rel=2e-3)
    practices = one(reading, "appointments_practice", date(2025, 10, 1)).frame
    assert practices.height == 392_796 and practices["appointments"].sum() == pytest.approx(15.07e6, rel=1e-3)
    assert practices["practice"].n_unique() == 2101
    assert sum(p.frame.height for p in reading.of("online_consultations")) == 55_719


def test_contract_services_and_networks(reading: Reading) -> None:
    frame = one(reading, "contract_services", 2023).frame
    assert frame.height == 585_838 and frame["practice"].n_unique() == 6328 and frame["indicator"].n_unique() == 16
    frame = one(reading, "workforce_network", date(2025, 11, 30)).frame
    assert frame["network_code"].n_unique() == 1273 and frame["fte"].sum() == pytest.approx(30_576, abs=1)
    assert len(reading.of("workforce_network")) == 12


def test_earnings_of_a_year_are_those_of_the_series(reading: Reading) -> None:
    """The annex named 2018 is of 2017/18: its averages are in the time series under that year."""
    series = pl.concat([p.frame for p in reading.of("earnings_series")])
    combined = series.filter(pl.col("sheet").str.contains("Combined by Country"))
    for p in reading.of("earnings"):
        whole = p.frame.filter(
            (pl.col("country") == "England") & (pl.col("contract_type") == "GMS")
            & (pl.col("gp_type").str.starts_with("Combined")) & (pl.col("type") == "Average Tot Gross Earnings")
            & pl.all_horizontal(pl.col(c).str.to_lowercase() == "all" for c in p.frame.columns if c in CATEGORIES)
        )  # fmt: skip
        published = combined.filter(
            (pl.col("year") == p.when) & pl.col("row").str.contains(r"England \| GMS \| Total Gross Earnings")
        )
        assert whole["value"].to_list()[:1] == published["value"].to_list()[:1] != [], p.title


def test_lookups(reading: Reading) -> None:
    assert one(reading, "lsoa_lookup").frame.height == 35_796
    assert one(reading, "rural_urban").frame.height == 34_753
    assert one(reading, "areas_lookup").frame["board_code"].n_unique() == 42
