"""The cache of an assembled England, and folders that hold only some of the files."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from folders import sheets

from gpcontract.cli import main
from gpcontract.engine.errors import DataError
from gpcontract.england import official
from gpcontract.england.assembly import cache
from gpcontract.england.facts import England
from gpcontract.england.official import build

SHEETS = sheets()
PAID = (2015, 2022, 2024)
SOME = [years for n in (1, 2, 3) for years in itertools.combinations(PAID, n)]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPCONTRACT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return holding(tmp_path, *SHEETS)


def holding(tmp_path: Path, *kinds: str) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    for kind in kinds:
        SHEETS[kind].put(folder)
    return folder


def built_afresh(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A list that grows by a folder whenever one is really read."""
    read: list[Path] = []
    plain = official.assemble

    def counted(folder: Path, *more: object) -> England:
        read.append(folder)
        return plain(folder, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(official, "assemble", counted)
    return read


# -- only some of the files --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("years", SOME, ids=str)
def test_any_years_of_payments(tmp_path: Path, years: tuple[int, ...]) -> None:
    """A year kept back is absent, and said to be so; the years that are there are as published."""
    folder = holding(tmp_path, *(k for k in SHEETS if not k.startswith("payments") or int(k[-4:]) in years))
    england = build(folder, cache=False)
    assert england.years == (*years, 2025)
    for year in years:
        sheet = SHEETS[f"payments {year}"]
        code, money = sheet.header.index("Practice Code"), sheet.header.index("Global Sum")  # type: ignore[union-attr]
        for row in sheet.rows:
            paid = england.fact("published_global_sum")[0, england.year(year), england.practice(row[code])]
            assert paid == row[money]
    assert np.isnan(england.fact("published_total")[0, england.year(2025)]).all()
    for year in set(PAID) - set(years):
        wanted = {2022: "practice_overall_points_2022-23.csv", 2024: "AIF_practice_weighted_population_2024_2025.csv"}
        assert year not in wanted or any(s.startswith(f"{wanted[year]}: not used") for s in england.report.warnings)


ONLY = [("payments 2024",), ("payments 2015", "payments 2022", "payments 2024"), ("quin",), ("map",), ("quin", "map")]


@pytest.mark.parametrize("kinds", ONLY, ids=" ".join)
def test_only_payments_or_only_registrations(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    folder = holding(tmp_path, *kinds)
    england = build(folder, cache=False)
    assert len(england.codes) >= 29
    assert all(areas.codes for areas in england.areas.values())
    for command in (("england", "build"), ("check", "--england"), ("price", "--england")):
        ran = CliRunner().invoke(main, [*command, str(folder)])
        assert ran.exit_code in (0, 2) and (ran.exit_code == 0 or ran.output.startswith("Error: ")), ran.output
        assert ran.exception is None or isinstance(ran.exception, SystemExit)


@pytest.mark.parametrize("kinds", [(), ("ods",), ("tidy", "scores", "boards", "weighted", "points")], ids=str)
def test_nothing_that_names_practices(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="no practices in this folder") as error:
        build(holding(tmp_path, *kinds), cache=False)
    assert "may be empty" in str(error.value) if not kinds else "read, but names none" in str(error.value)


# -- the cache ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_to_a_cache_the_england_is_the_same(folder: Path, seed: int) -> None:
    england = build(folder)
    dice, home = random.Random(seed), cache.home_of(folder)
    path = home / dice.choice([cache.FACTS, cache.PRACTICES, cache.MANIFEST])
    content = path.read_bytes()
    at = dice.randrange(len(content))
    match seed % 6:
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(content[:at])
        case 2:
            path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        case 3:
            path.write_bytes(b"")
        case 4:
            path.unlink()
            path.mkdir()
        case 5:
            path.write_bytes(b"[" * 100_000)
    again = build(folder)
    assert not again.report.warnings or again.report.warnings[0].startswith("the cache") or path.name == cache.MANIFEST
    for fact, grid in england.facts.items():
        np.testing.assert_array_equal(grid, again.facts[fact], err_msg=fact)
    assert build(folder).report == england.report  # and the cache is whole again


def test_a_cache_that_lies_about_its_shape(folder: Path) -> None:
    england = build(folder)
    path = cache.home_of(folder) / cache.MANIFEST
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"years": kept["years"][:-1]}))
    assert build(folder).years == england.years


def test_a_change_of_content_that_keeps_the_size(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = built_afresh(monkeypatch)
    build(folder)
    build(folder)
    assert len(read) == 1
    path = folder / SHEETS["tidy"].name
    stat = path.stat()
    old = path.read_bytes()
    row = old.split(b"\r\n")[1].decode().split(",")
    digit = str((int(row[3][-1]) + 1) % 10)
    path.write_bytes(old.replace(",".join(row).encode(), ",".join([*row[:3], row[3][:-1] + digit, row[4]]).encode()))
    assert path.stat().st_size == stat.st_size
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
    after = build(folder)
    assert len(read) == 2
    at = after.year(int(row[1][:4])), after.practice(row[0])
    assert after.fact("gp_fte")[0, at[0], at[1]] != float(row[3])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # the old time again, as a copy that keeps times would have
    build(folder)
    assert len(read) == 3


def test_a_new_and_a_renamed_and_a_removed_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = built_afresh(monkeypatch)
    build(folder)
    (folder / "more").mkdir()
    (folder / SHEETS["points"].name).rename(folder / "more" / "practice_overall_points_2022-23.csv")
    build(folder)
    (folder / "more" / "practice_overall_points_2022-23.csv").unlink()
    assert "qof_points" not in build(folder).facts
    assert len(read) == 3


@pytest.mark.parametrize("place", ["a file", "a file above", "/proc/nowhere"])
def test_a_cache_folder_that_cannot_be_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "blocked").write_text("")
    where = {"a file": tmp_path / "blocked", "a file above": tmp_path / "blocked" / "cache"}.get(place, Path(place))
    monkeypatch.setenv("GPCONTRACT_CACHE", str(where))
    england = build(folder)
    for fact, grid in build(folder, cache=False).facts.items():
        np.testing.assert_array_equal(grid, england.facts[fact], err_msg=fact)


def test_a_disk_that_fills_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == cache.PRACTICES:
            raise OSError(28, "No space left on device")
        return plain(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    build(folder)
    assert not [p for p in cache.cache_root().iterdir()]  # no half of a cache stays behind


def _build(folder: str, ready: object, said: object) -> None:
    ready.wait(30)  # type: ignore[attr-defined]
    said.put(float(np.nansum(build(Path(folder)).fact("published_total"))))  # type: ignore[attr-defined]


def test_two_processes_at_once(folder: Path) -> None:
    """Neither fails, both give the same, and what stays in the cache is whole."""
    expected = float(np.nansum(build(folder, cache=False).fact("published_total")))
    spawn = multiprocessing.get_context("spawn")
    ready, said = spawn.Barrier(2), spawn.Queue()
    both = [spawn.Process(target=_build, args=(str(folder), ready, said)) for _ in range(2)]
    for one in both:
        one.start()
    sums = [said.get(timeout=60) for _ in both]
    for one in both:
        one.join(60)
    assert sums == [expected, expected] and [one.exitcode for one in both] == [0, 0]
    kept = cache.kept(folder, cache.fingerprint(folder))
    assert kept is not None and float(np.nansum(kept.fact("published_total"))) == expected
    assert [p.name for p in cache.cache_root().iterdir()] == [cache.home_of(folder).name]
