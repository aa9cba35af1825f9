"""England assembled from a small made-up folder in the publishers' layouts: two eras, closings, a merger, a conversion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import BOARDS, MAP, PAYMENTS, PAYMENTS_CCG, QUIN_AGE, SCORES, TIDY, TOTAL, map_row, quin_rows, write

from gpcontract.engine.errors import DataError, InputError
from gpcontract.england.assembly import cache
from gpcontract.england.assembly.profiles import FIVES_IN_BAND, edition_of, fifths
from gpcontract.england.facts import CARR_HILL_BANDS, England
from gpcontract.england.official import build

CLOSERS = [f"B8100{i}" for i in range(1, 7)]  # gone within 2022/23, after one quarter
STAYERS = ["A81001", "A81002", "A81004", "A81007"]


def payments_2015(folder: Path, year: int = 2015) -> None:
    header = [*PAYMENTS_CCG, "Global Sum", "Total QOF Payments", TOTAL]

    def row(
        code: str, ccg: str, postcode: str, close: str, contract: str, listed: float, opened: str = ""
    ) -> list[Any]:
        north = ["Q72", "NHS ENGLAND NORTH", ccg, f"NHS {ccg} CCG"]
        sums = [listed, listed * 1.1, listed * 70, listed * 10, listed * 80]
        return [*north, code, f"Surgery {code}", postcode, opened, close, contract, "No", *sums]

    rows = [
        row("A81001", "00C", "TS1 1AA", "", "GMS", 4000),
        row("A81002", "00C", "TS1 2AA", "", "PMS", 8000),
        row("A81003", "00C", "TS1 3AA", "30/09/2015", "GMS", 3000),
        row("A81004", "00C", "TS1 3AA", "", "GMS", 5000),
        row("A81005", "02X", "DN1 1AA", "31/03/2014", "GMS", 0),
        row("A81006", "02X", "DN1 2AA", "", "UNKNOWN", 0),
        row("A81007", "02X", "DN1 3AA", "", "APMS", 2000, "01/10/2015"),
        *(row(code, "02X", f"DN2 {i}AA", "", "GMS", 4000) for i, code in enumerate(CLOSERS)),
    ]
    if year == 2016:  # two have gone, and one of them to its neighbour
        rows = [
            row("A81004", "00C", "TS1 3AA", "", "GMS", 7900),
            *(r for r in rows if r[4] not in ("A81003", "A81004", "A81005")),
        ]
    write(folder / "payments" / f"nhspaymentsgp-{year - 2000}-{year - 1999}-csv.csv", header, rows)


def payments_2016(folder: Path) -> None:
    payments_2015(folder, 2016)


def payments_2022(folder: Path) -> None:
    header = [*PAYMENTS, "Global Sum", "Total QOF Payments", TOTAL]

    def row(code: str, sub: str, pcn: str, contract: str, rural: str, odd: str, listed: float) -> list[Any]:
        name = "Unknown or no PCN" if pcn.startswith("Unk") else f"{pcn} PCN"
        north = ["Y63", "NORTH EAST AND YORKSHIRE COMM REGION", sub, f"NHS ICB - {sub}", pcn, name]
        sums = [listed, listed * 1.2, listed * 95, listed * 12, listed * 107]
        return [*north, code, f"Surgery {code}", "TS1 1AA", "01/04/1974", "", contract, "Yes", rural, odd, *sums]

    part = "| Part year of data || Large fluctuation in patients |"
    rows = [
        row("A81001", "16C", "U00001", "GMS", "Rural", "", 4400),
        row("A81002", "16C", "U00001", "GMS", "Urban", "", 8000),
        row("A81004", "16C", "Unknown or no PCN", "GMS", "Urban", "", 8000),
        row("A81007", "02X", "U00002", "APMS", "Urban", "", 2000),
        *(row(code, "02X", "U00002", "GMS", "Urban", part, 1000) for code in CLOSERS),
    ]
    write(folder / "payments" / "nhspaymentsgp-22-23-prac-csv.csv", header, rows)


def registrations_2025(folder: Path) -> None:
    fives = len([five for band in FIVES_IN_BAND.values() for five in band])
    listed = zip(STAYERS[:3], (100, 200, 300), strict=True)
    rows = [row for code, each in listed for row in quin_rows(code, "TS1 1AA", [each] * fives, "2025-04-01")]
    write(folder / "registrations" / "gp-reg-pat-prac-quin-age_2025-04-01.csv", QUIN_AGE, rows)
    rows = [map_row(code, "TS1 1AA", "U00001", "16C", "QHM", "Y63", "01Apr2025") for code in STAYERS[:3]]
    write(folder / "registrations" / "gp-reg-pat-prac-map_2025-04-01.csv", MAP, rows)


def lookups(folder: Path) -> None:
    write(folder / "ods" / "CCG_ICB_code.csv", BOARDS,
          [["00C", "QHM", "North East Board"], ["02X", "QF7", "South Yorkshire Board"], ["16C", "QHM", "North East Board"]])  # fmt: skip
    write(
        folder / "deprivation" / "fingertips_93553.csv",
        SCORES,
        [
            [93553, 2015, code, code, 1, score]
            for code, score in (("A81001", 40), ("A81002", 10), ("A81004", 20), ("B81001", 33))
        ],
    )
    write(
        folder / "local.csv", TIDY,
        [["A81001", "2022/23", "gp_fte", 3.5, "our survey"], ["A81001", "2022-06-30", "list_size", 4500, "our count"],
         ["A81007", "2022/23", "successor", "A81002", "board minutes"], ["Z99999", "2022/23", "gp_fte", 1, "our survey"]],
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("official")
    for write_part in (payments_2015, payments_2016, payments_2022, registrations_2025, lookups):
        write_part(made)
    return made


@pytest.fixture(scope="module")
def england(folder: Path) -> England:
    return build(folder, cache=False)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path / "cache"))


def at(england: England, fact: str, year: int, code: str) -> float:
    return float(england.fact(fact)[0, england.year(year), england.practice(code)])


def test_every_practice_ever_paid_has_a_column(england: England) -> None:
    assert england.years == (2015, 2016, 2022, 2025)
    assert england.codes == tuple(
        sorted(["A81001", "A81002", "A81003", "A81004", "A81005", "A81006", "A81007", *CLOSERS])
    )
    assert {a.shape[-2:] for a in england.facts.values()} == {(4, 13)}
    assert not england.is_synthetic


@pytest.mark.parametrize(
    ("year", "code", "share"),
    [(2015, "A81001", 1.0), (2015, "A81003", 183 / 366), (2015, "A81005", 0.0), (2015, "A81007", 183 / 366),
     (2015, "A81006", 1.0), (2022, "A81003", 0.0), (2025, "A81001", 1.0), (2025, "A81007", 0.0)],
)  # fmt: skip
def test_open_share_follows_the_dates(england: England, year: int, code: str, share: float) -> None:
    assert at(england, "open_share", year, code) == pytest.approx(share)


def test_an_average_that_counts_nought_is_restated_to_the_list_while_open(england: England) -> None:
    assert at(england, "list_published", 2022, "B81001") == 1000
    assert at(england, "list_size", 2022, "B81001") == 4000  # there for one quarter in four
    assert at(england, "weighted_list_published", 2022, "B81001") == pytest.approx(4800)
    assert at(england, "open_share", 2022, "B81001") == pytest.approx(0.375)
    assert "6 part-year lists restated" in england.provenance["list_size"].note


def test_nothing_is_known_of_payments_in_a_year_without_a_file(england: England) -> None:
    assert np.isnan(england.fact("published_global_sum")[0, england.year(2025)]).all()
    assert at(england, "list_size", 2025, "A81001") == 4000  # from registrations
    assert at(england, "on_gms", 2025, "A81001") == 1  # from the nearest year
    assert any("payments for 2025/26" in sentence for sentence in england.report.lacked)


def test_contracts_and_their_changes(england: England) -> None:
    assert [at(england, n, 2015, "A81002") for n in ("on_gms", "on_pms", "on_apms")] == [0, 1, 0]
    assert at(england, "contract_changed", 2022, "A81002") == 1
    assert at(england, "contract_changed", 2022, "A81001") == 0
    assert [at(england, n, 2015, "A81006") for n in ("on_gms", "on_pms", "on_apms")] == [0, 0, 0]
    assert any("UNKNOWN" in warning for warning in england.report.warnings)


def test_published_lines_are_as_printed(england: England) -> None:
    assert at(england, "published_global_sum", 2015, "A81001") == 280_000
    assert at(england, "published_total", 2022, "A81001") == pytest.approx(4400 * 107)
    assert np.isnan(at(england, "published_qof", 2022, "A81003"))
    assert "published_premises" not in england.facts


def test_successors_by_postcode_and_as_given(england: England) -> None:
    found = dict(
        zip(england.codes, zip(england.labels["successor"], england.labels["successor_rule"], strict=True), strict=True)
    )
    assert found["A81003"] == ("A81004", "joined")
    assert found["A81007"] == ("A81002", "given")
    assert found["A81001"] == ("", "")
    assert at(england, "took_over", 2015, "A81004") == 1


def test_lists_by_band_add_up_and_closed_practices_take_their_successors_profile(england: England) -> None:
    bands, size = england.fact("list_by_band"), england.fact("list_size")
    open_ = (england.fact("open_share") > 0) & (size > 0)
    assert bands.shape == (len(CARR_HILL_BANDS), 1, 4, 13)
    np.testing.assert_allclose(bands.sum(0)[open_], size[open_])
    own, kin = england.practice("A81004"), england.practice("A81003")
    np.testing.assert_allclose(bands[:, 0, 0, kin] / 3000, bands[:, 0, 0, own] / 5000)


def test_areas_are_dated(england: England) -> None:
    i, j = england.practice("A81001"), england.practice("A81004")
    assert [england.areas["sub_board"].of(i, y) for y in range(4)] == ["00C", "00C", "16C", "16C"]
    assert [england.areas["board"].of(i, y) for y in range(4)] == ["QHM"] * 4
    assert [england.areas["network"].of(i, y) for y in range(4)] == [None, None, "U00001", "U00001"]
    assert [england.areas["network"].of(j, y) for y in range(4)] == [None, None, None, "U00001"]
    assert england.areas["board"].of(england.practice("B81001"), 0) == "QF7"


def test_deprivation_gaps_are_modelled_and_said_to_be(england: England) -> None:
    assert at(england, "deprivation_score", 2022, "A81001") == 40  # nearest edition to 2019's
    assert at(england, "deprivation_score", 2015, "A81003") == pytest.approx(
        (40 * 4000 + 10 * 8000 + 20 * 5000) / 17000
    )
    assert "modelled" in england.provenance["deprivation_score"].note
    assert at(england, "deprivation_fifth", 2015, "A81001") < at(england, "deprivation_fifth", 2015, "A81002")


def test_tidy_facts_lie_over_published_ones(england: England) -> None:
    assert at(england, "gp_fte", 2022, "A81001") == 3.5
    assert at(england, "list_size", 2022, "A81001") == 4500
    assert at(england, "list_published", 2022, "A81001") == 4400
    assert "tidy: our count" in england.provenance["list_size"].files
    assert any("list_size: 1 tidy value differ" in w for w in england.report.warnings)
    assert any("1 practice that no payments file" in w for w in england.report.warnings)


def test_years_asked_for(folder: Path) -> None:
    one = build(folder, [2022], cache=False)
    assert one.years == (2022,)
    assert "A81003" not in one.codes and "A81001" in one.codes
    with pytest.raises(InputError, match="2018/19"):
        build(folder, [2018], cache=False)


def test_folders_that_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        build(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(DataError, match="no practices"):
        build(tmp_path, cache=False)


def same(a: England, b: England) -> None:
    assert (a.title, a.years, a.codes, a.labels, a.provenance, a.report) == (
        b.title,
        b.years,
        b.codes,
        b.labels,
        b.provenance,
        b.report,
    )
    assert list(a.facts) == list(b.facts)
    for name in a.facts:
        assert a.facts[name].shape == b.facts[name].shape and a.facts[name].tobytes() == b.facts[name].tobytes(), name
    for kind in a.areas:
        assert a.areas[kind].codes == b.areas[kind].codes
        np.testing.assert_array_equal(a.areas[kind].index, b.areas[kind].index)


def test_the_cache_gives_back_the_same_england(folder: Path, england: England) -> None:
    same(build(folder), england)
    same(build(folder), england)
    assert (cache.home_of(folder) / cache.FACTS).exists()


@pytest.mark.parametrize("name", [cache.FACTS, cache.PRACTICES, cache.MANIFEST])
def test_a_damaged_cache_is_built_again_with_a_warning(folder: Path, england: England, name: str) -> None:
    build(folder)
    path = cache.home_of(folder) / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 :] = b"\x00" * (len(raw) - len(raw) // 2)
    path.write_bytes(raw)
    again = build(folder)
    assert "cache" in again.report.warnings[0]
    np.testing.assert_array_equal(again.fact("list_size"), england.fact("list_size"))
    same(build(folder), england)


def test_a_changed_file_makes_the_cache_stale(folder: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert at(build(copy), "gp_fte", 2022, "A81001") == 3.5
    local = copy / "local.csv"
    local.write_text(local.read_text().replace("gp_fte,3.5", "gp_fte,4.25"))
    assert at(build(copy), "gp_fte", 2022, "A81001") == 4.25


def test_editions_of_the_index() -> None:
    assert [edition_of(y) for y in (2004, 2014, 2015, 2018, 2019, 2024, 2025)] == [
        2010,
        2010,
        2015,
        2015,
        2019,
        2019,
        2025,
    ]


def test_fifths_weigh_by_list() -> None:
    score, size = np.array([[[9.0, 7.0, 5.0, 3.0, 1.0, np.nan]]]), np.array([[[6.0, 1.0, 1.0, 1.0, 1.0, 5.0]]])
    np.testing.assert_array_equal(fifths(score, size)[0, 0], [2, 4, 4, 5, 5, np.nan])
