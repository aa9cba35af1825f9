"""England from the official files: practices, lists and every published line add up to the totals known for each year."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gpcontract.england.facts import England
from gpcontract.england.official import build

YEARS = range(2014, 2023)
PRACTICES = (7959, 7841, 7763, 7543, 7279, 7001, 6808, 6758, 6669)
PATIENTS = (56634, 57372, 58689, 59528, 59824, 60316, 60672, 61570, 62135)  # thousands

#: NHS Payments to General Practice, £ million by line, 2014/15 to 2022/23; '-' where there was no such line.
TOTALS = """
    global_sum: 2306.5 2729.7 3176.8 3449.0 3688.8 3783.6 3980.3 4140.8 4368.7
    correction_factor: 106.8 96.7 73.5 52.6 34.8 17.1 0.2 0.0 0.0
    pms_balance: 1997.2 1780.3 1591.3 1576.2 1535.8 1515.5 1564.8 1612.2 1652.6
    qof: 722.4 688.7 690.8 716.1 704.6 715.8 720.1 788.6 768.5
    premises: 671.8 739.3 824.7 798.8 809.6 833.5 800.5 814.1 845.9
    seniority: 124.1 104.3 89.1 73.4 56.8 37.6 1.1 0.2 0.1
    locum: 22.2 24.6 30.3 47.1 62.8 65.9 70.0 70.8 74.5
    local_incentives: 212.5 366.1 526.1 483.1 481.7 511.2 571.0 644.3 538.4
    childhood_immunisation: 99.1 92.7 94.0 102.4 90.7 84.4 99.0 26.8 6.9
    minor_surgery: 56.5 54.6 61.8 60.8 58.1 57.7 56.5 45.1 41.3
    learning_disabilities: 10.2 10.1 14.8 18.5 19.5 22.3 22.9 33.8 33.9
    influenza_pneumococcal: 85.9 80.7 105.8 101.6 101.6 106.5 134.9 130.5 123.2
    extended_hours: 84.0 80.7 83.3 82.1 78.8 76.2 14.9 14.0 8.9
    network_participation: - - - - - 95.9 102.2 105.4 107.0
    network_workforce: - - - - - - 91.0 332.1 446.3
    network_leadership: - - - - - - 39.3 73.4 29.7
    network_support: - - - - - - 77.7 87.6 35.1
    network_extended_hours: - - - - - - 62.3 66.5 32.2
    network_care_home: - - - - - - 16.0 36.5 18.2
    network_investment_fund: - - - - - - 1.1 31.3 54.6
    dispensing_fees: 139.3 141.1 152.5 151.2 154.9 154.3 157.7 158.9 172.2
    prescribing_fees: 27.9 29.3 33.3 33.2 34.4 32.0 32.8 6.5 8.5
    drugs: 603.7 612.5 610.8 605.4 608.2 626.5 638.4 636.7 689.7
    total: 7990.3 8182.6 8883.8 9050.6 9261.4 9377.1 9683.7 10075.8 10230.1
"""
LINES = {
    name.strip(): dict(zip(YEARS, cells.split(), strict=True))
    for name, cells in (line.split(":") for line in TOTALS.strip().splitlines())
}
NOT_PRINTED = 0.051  # £ million: half of the last digit printed


@pytest.fixture(scope="module")
def england(official_data: Path) -> England:
    return build(official_data, cache=False)


def held(england: England) -> list[int]:
    """Years with a payments file."""
    return [y for y in england.years if not np.isnan(england.fact("published_total")[0, england.year(y)]).all()]


def test_every_practice_of_every_payments_file_is_there(england: England) -> None:
    counted = (~np.isnan(england.fact("published_total")[0])).sum(-1)
    expected = dict(zip(YEARS, PRACTICES, strict=True)) | {2024: 6375}
    for year in set(held(england)) & set(expected):
        assert counted[england.year(year)] == expected[year]


def test_lists_add_up_to_the_printed_totals(england: England) -> None:
    printed = np.nansum(england.fact("list_published")[0], -1)
    expected = dict(zip(YEARS, PATIENTS, strict=True)) | {2024: 63611}
    for year in set(held(england)) & set(expected):
        assert printed[england.year(year)] / 1000 == pytest.approx(expected[year], abs=0.6)


@pytest.mark.parametrize("line", LINES)
def test_published_lines_add_up(england: England, line: str) -> None:
    for year in (y for y in held(england) if y in YEARS):
        cell = LINES[line][year]
        total = np.nansum(england.fact(f"published_{line}")[0, england.year(year)]) / 1e6
        assert total == pytest.approx(0.0 if cell == "-" else float(cell), abs=NOT_PRINTED), (line, year)


def test_patient_years_are_close_to_the_printed_list(england: England) -> None:
    """The list while open times the share of the year open: within 0.8% of the printed sum, which counts closers whole."""
    held_out = [england.year(y) for y in held(england)]
    patient_years = (england.fact("list_size") * england.fact("open_share"))[0].sum(-1)[held_out]
    printed = np.nansum(england.fact("list_published")[0], -1)[held_out]
    np.testing.assert_allclose(patient_years, printed, rtol=0.008)


def test_part_year_practices_are_paid_for_their_share_of_the_year(england: England) -> None:
    """What open_share is for: global sum over weighted list is, in the median, the same pounds once it is counted."""
    open_, paid, weighted = (
        england.fact("open_share")[0],
        england.fact("published_global_sum")[0],
        england.fact("weighted_list_published")[0],
    )
    gms = (england.fact("on_gms")[0] == 1) & (weighted > 0) & (paid > 0)
    for year in held(england):
        y = england.year(year)
        whole, part = gms[y] & (open_[y] == 1), gms[y] & (open_[y] > 0) & (open_[y] < 1)
        if part.sum() >= 15:
            full = np.median(paid[y, whole] / weighted[y, whole])
            assert np.median(paid[y, part] / weighted[y, part] / open_[y, part]) == pytest.approx(full, rel=0.13), year


def test_bands_add_up_to_lists(england: England) -> None:
    np.testing.assert_allclose(england.fact("list_by_band").sum(0), england.fact("list_size"), atol=1e-6)


def test_every_open_practice_is_in_a_board_a_region_and_a_fifth(england: England) -> None:
    listed = (england.fact("open_share")[0] > 0) & (england.fact("list_size")[0] > 0)
    for kind, most in (("region", 0), ("sub_board", 0), ("board", 0)):
        assert (listed & (england.areas[kind].index < 0)).sum() <= most, kind
    assert not np.isnan(england.fact("deprivation_fifth")[0][listed]).any()
    assert (
        len({england.areas["board"].of(i, england.year(2022)) for i in np.flatnonzero(listed[england.year(2022)])})
        == 42
    )


def test_the_cache_is_the_same_bit_for_bit(
    england: England, official_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path))
    built = build(official_data)
    start = time.perf_counter()
    again = build(official_data)
    assert time.perf_counter() - start < 0.5
    assert (again.codes, again.labels, again.provenance, again.report) == (
        built.codes,
        built.labels,
        built.provenance,
        built.report,
    )
    for name, grid in england.facts.items():
        assert built.facts[name].tobytes() == grid.tobytes() == again.facts[name].tobytes(), name
    for kind, areas in england.areas.items():
        assert again.areas[kind].codes == areas.codes
        np.testing.assert_array_equal(again.areas[kind].index, areas.index)


def test_memory_stays_within_a_gigabyte_and_a_half(official_data: Path) -> None:
    """Peak of a process of its own that builds England cold; what the system tells of a child counts its parent's peak too, its status does not."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("NEEDS /proc, which tells a process's own peak")
    code = (
        "import sys; from pathlib import Path; from gpcontract.england.official import build;"
        "build(Path(sys.argv[1]), cache=False); status = Path('/proc/self/status').read_text();"
        "print(next(x.split()[1] for x in status.splitlines() if x.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(official_data)], capture_output=True, text=True, check=True)
    assert int(done.stdout) / (1 << 20) < 1.5
