"""Whatever is done to one file of a folder, England says which file it was, and the other files' figures stay as they were."""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from folders import Sheet, sheets, table
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gpcontract.cli import main
from gpcontract.engine.areas import Areas
from gpcontract.engine.errors import GpContractError
from gpcontract.england.facts import England
from gpcontract.england.official import build

SHEETS = sheets()
YEARS = {f"payments {year}": year for year in (2015, 2022, 2024)}
#: Facts that an inference makes from whole publications, named in their provenance by title and not by file.
TITLES = {"payments": "NHS Payments to General Practice", "points": "Quality and Outcomes Framework"}
FIGURES = {  # a column of counts or money in each file that has one
    **dict.fromkeys(YEARS, "Global Sum"), "quin": "NUMBER_OF_PATIENTS", "scores": "Value", "weighted": "Final PMC WP",
    "points": "List size", "tidy": "value",
}  # fmt: skip
CODES = {
    **dict.fromkeys(YEARS, "Practice Code"), "quin": "ORG_CODE", "map": "PRACTICE_CODE", "scores": "AreaCode",
    "weighted": "Practice_Code", "points": "Practice code", "tidy": "practice", "boards": "CCG Code",
}  # fmt: skip
KINDS = sorted(SHEETS)
quietly = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=[Phase.generate],  # a seed does not shrink
)  # fmt: skip

Damage = Callable[[Path, Sheet, random.Random], None]


# -- a folder, and England from it -------------------------------------------------------------------------------------
class Whole:
    """The folder as it should be, and England from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for sheet in SHEETS.values():
            sheet.put(folder)
        self.england = build(folder, cache=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("whole"))


def damaged(whole: Whole, kind: str, damage: Damage, seed: int, to: Path) -> Path:
    """A copy of the folder in which one file was damaged."""
    folder = to / f"{kind} {damage.__name__} {seed}".replace(" ", "-")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole.folder, folder, symlinks=True)
    damage(folder / SHEETS[kind].name, SHEETS[kind], random.Random(seed))
    return folder


def attempt(folder: Path) -> England | GpContractError:
    """England, or the error that says why not; any other exception is a failure."""
    try:
        return build(folder, cache=False)
    except GpContractError as error:
        return error


def said(england: England) -> list[str]:
    report = england.report
    return [*report.used, *report.unread, *report.warnings, *report.lacked]


def told(before: England, after: England | GpContractError, kind: str, row: int | None = None) -> str:
    """What is newly said of a file; a failure if nothing is, or if the row is not said."""
    name = Path(SHEETS[kind].name).name
    if isinstance(after, GpContractError):
        new = [str(after)]
    else:
        new = [s for s in (*after.report.unread, *after.report.warnings) if s not in said(before)]
    mine = [s for s in new if name in s or name.removesuffix(".csv") in s]
    assert mine, f"nothing is said of {name}: {new}"
    assert not any("could not be read (" in s for s in mine), mine  # that would be a fault of ours
    if row is not None:
        assert any(f"row {row}" in s or f"rows {row}" in s for s in mine), (row, mine)
    return "\n".join(mine)


def places(a: England, b: England) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where the years and practices that both have stand in each."""
    years = [y for y in a.years if y in b.years]
    codes = [c for c in a.codes if c in set(b.codes)]
    at = {c: i for i, c in enumerate(a.codes)}, {c: i for i, c in enumerate(b.codes)}
    return (
        np.array([a.years.index(y) for y in years], int), np.array([b.years.index(y) for y in years], int),
        np.array([at[0][c] for c in codes], int), np.array([at[1][c] for c in codes], int),
    )  # fmt: skip


def touches(england: England, fact: str, kind: str) -> bool:
    """Whether a fact's provenance names a file, or its publication where it is worked out from all of a publication."""
    stem = Path(SHEETS[kind].name).name.removesuffix(".csv")
    files = england.provenance[fact].files if fact in england.provenance else ()
    title = TITLES.get(kind.split()[0])
    return (
        any(stem in f for f in files)
        or title in files
        or (kind == "tidy" and any(f.startswith("tidy:") for f in files))
    )


def others_unmoved(before: England, after: England, kind: str) -> None:
    """Every figure that does not come from one file is as it was."""
    y0, y1, p0, p1 = places(before, after)
    for fact, grid in before.facts.items():
        old = grid[..., y0, :][..., p0]
        if fact not in after.facts:
            files = set(before.provenance[fact].files)
            unplaced = any(
                "not used, for no payments" in s and any(f in s for f in files) for s in after.report.warnings
            )
            assert touches(before, fact, kind) or unplaced, f"{fact} is gone"
            continue
        new = after.facts[fact][..., y1, :][..., p1]
        if touches(before, fact, kind) or touches(after, fact, kind):
            if not (fact.startswith("published_") and kind in YEARS):
                continue
            keep = [i for i, y in enumerate(y0) if before.years[y] != YEARS[kind]]
            old, new = old[..., keep, :], new[..., keep, :]
        np.testing.assert_array_equal(old, new, err_msg=f"{fact} moved when {kind} was damaged")


def none_lost(before: England, after: England, kind: str) -> None:
    """Every practice that another file of payments, lists or maps names is still there."""
    for other in (*YEARS, "quin", "map"):
        if other != kind:
            at = SHEETS[other].header.index(CODES[other])  # type: ignore[union-attr]
            assert {row[at] for row in SHEETS[other].rows} <= set(after.codes)


def by_code(areas: Areas) -> np.ndarray:
    return np.array([*areas.codes, ""])[areas.index]


def same(before: England, after: England) -> None:
    """Two Englands are one in every figure, label and account, whatever order they were read in."""
    assert (before.title, before.years, before.codes, before.labels, before.provenance) == (
        after.title, after.years, after.codes, after.labels, after.provenance,
    )  # fmt: skip
    for part in ("used", "lacked", "unread"):
        assert getattr(before.report, part) == getattr(after.report, part)
    assert len(before.report.warnings) == len(after.report.warnings)
    assert list(before.facts) == list(after.facts)
    for fact in before.facts:
        np.testing.assert_array_equal(before.facts[fact], after.facts[fact], err_msg=fact)
    for kind, areas in before.areas.items():
        assert (areas.codes, areas.names) == (after.areas[kind].codes, after.areas[kind].names)
        np.testing.assert_array_equal(areas.index, after.areas[kind].index)


# -- damages -----------------------------------------------------------------------------------------------------------
def column(sheet: Sheet, name: str) -> int:
    assert sheet.header
    return sheet.header.index(name)


def rewritten(path: Path, sheet: Sheet, change: Callable[[list[list[object]]], None]) -> None:
    rows = [list(row) for row in sheet.rows]
    change(rows)
    path.write_bytes(Sheet(sheet.name, sheet.header, rows).content)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def emptied(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(b"")


def heading_only(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(sheet.content.split(b"\r\n", 1)[0] if sheet.header else b"\r\n")


def a_web_page(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(b"<!DOCTYPE html><html><head><title>Not found</title></head><body>404, 404, 404</body></html>")


def nul_bytes(path: Path, sheet: Sheet, dice: random.Random) -> None:
    content, at = sheet.content, dice.randrange(len(sheet.content))
    path.write_bytes(content[:at] + b"\0" * dice.randint(1, 600) + content[at:])


def one_long_line(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(sheet.content + b"x" * 2_000_000)


def gzip_cut_short(path: Path, sheet: Sheet, dice: random.Random) -> None:
    packed = gzip.compress(sheet.content, mtime=0)
    path.with_name(path.name + ".gz").write_bytes(packed[: dice.randint(1, len(packed) - 1)])
    path.unlink()


def zip_cut_short(path: Path, sheet: Sheet, dice: random.Random) -> None:
    packed = zipped({path.name: sheet.content})
    path.with_suffix(".zip").write_bytes(packed[: dice.randint(1, len(packed) - 1)])
    path.unlink()


def zip_bomb(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(zipped({path.name: sheet.content.split(b"\r\n", 1)[0] + b"\r\n" + b"0" * 40_000_000}))


def zips_too_deep(path: Path, sheet: Sheet, dice: random.Random) -> None:
    packed = sheet.content
    for _ in range(8):
        packed = zipped({path.name: packed})
    path.write_bytes(packed)


def utf_16_unmarked(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.write_bytes(sheet.content.decode().encode("utf-16-le"))


def broken_link(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere.csv"))


def link_to_itself(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.unlink()
    path.symlink_to(path)


def a_folder_by_its_name(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path, sheet: Sheet, dice: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def code_column_gone(path: Path, sheet: Sheet, dice: random.Random) -> None:
    at = column(sheet, CODES[next(k for k, s in SHEETS.items() if s is sheet)]) if sheet.header else 0
    rows = [[*row[:at], *row[at + 1 :]] for row in ([sheet.header, *sheet.rows] if sheet.header else sheet.rows)]
    path.write_bytes(table(rows))


def short_row(path: Path, sheet: Sheet, dice: random.Random) -> None:
    rewritten(path, sheet, lambda rows: rows.__setitem__(at := dice.randrange(len(rows)), rows[at][:-2]))


TELLING: list[Damage] = [
    emptied, heading_only, a_web_page, nul_bytes, one_long_line, gzip_cut_short, zip_cut_short, zip_bomb, zips_too_deep,
    utf_16_unmarked, broken_link, link_to_itself, a_folder_by_its_name, a_pipe, code_column_gone, short_row,
]  # fmt: skip


@pytest.mark.parametrize("damage", TELLING, ids=lambda d: d.__name__)
@settings(quietly, max_examples=3)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10**6))
def test_a_ruined_file_is_named_and_moves_no_other(
    whole: Whole, tmp_path: Path, damage: Damage, kind: str, seed: int
) -> None:
    after = attempt(damaged(whole, kind, damage, seed, tmp_path))
    told(whole.england, after, kind)
    if isinstance(after, England):
        others_unmoved(whole.england, after, kind)
        none_lost(whole.england, after, kind)


# -- cells that cannot be ----------------------------------------------------------------------------------------------
ABSURD = [
    "-5000",
    "=SUM(A1:A9)",
    "+cmd|' /C calc'!A0",
    "NaN",
    "inf",
    "-Infinity",
    "1e400",
    "twelve",
    "1,23",
    "1e9",
    "0x10",
]


@settings(quietly, max_examples=20)
@given(kind=st.sampled_from(sorted(FIGURES)), cell=st.sampled_from(ABSURD), seed=st.integers(0, 10**6))
def test_a_figure_that_cannot_be_is_named(whole: Whole, tmp_path: Path, kind: str, cell: str, seed: int) -> None:
    dice, at = random.Random(seed), column(SHEETS[kind], FIGURES[kind])
    row = dice.randrange(len(SHEETS[kind].rows))

    def absurd(path: Path, sheet: Sheet, _: random.Random) -> None:
        rewritten(path, sheet, lambda rows: rows[row].__setitem__(at, cell))

    after = attempt(damaged(whole, kind, absurd, seed, tmp_path))
    told(whole.england, after, kind)
    if isinstance(after, England):
        others_unmoved(whole.england, after, kind)
        none_lost(whole.england, after, kind)


@settings(quietly, max_examples=12)
@given(
    kind=st.sampled_from([*YEARS, "quin", "map", "weighted", "points", "tidy", "ods", "boards"]),
    seed=st.integers(0, 10**6),
)
def test_rows_given_twice(whole: Whole, tmp_path: Path, kind: str, seed: int) -> None:
    """Copies are left out and told of; nothing moves."""

    def copies(path: Path, sheet: Sheet, dice: random.Random) -> None:
        rewritten(path, sheet, lambda rows: rows.extend([dice.choice(rows)] * dice.choice([1, 2, 3_000])))

    after = attempt(damaged(whole, kind, copies, seed, tmp_path))
    assert isinstance(after, England)
    told(whole.england, after, kind)
    for fact, grid in whole.england.facts.items():
        np.testing.assert_array_equal(grid, after.facts[fact], err_msg=fact)


@settings(quietly, max_examples=12)
@given(
    kind=st.sampled_from([*YEARS, "quin", "map", "scores", "weighted", "points", "tidy", "ods", "boards"]),
    seed=st.integers(0, 10**6),
)
def test_rows_that_contradict_each_other(whole: Whole, tmp_path: Path, kind: str, seed: int) -> None:
    figure = {"map": "ICB_CODE", "boards": "ICB Code", **FIGURES}
    at = column(SHEETS[kind], figure[kind]) if kind in figure else 10

    def contradicted(path: Path, sheet: Sheet, dice: random.Random) -> None:
        def change(rows: list[list[object]]) -> None:
            row = list(dice.choice(rows))
            row[at] = "QZZ" if kind in ("map", "boards") else "19990401" if kind == "ods" else 3.25
            rows.insert(dice.randrange(len(rows)), row)

        rewritten(path, sheet, change)

    after = attempt(damaged(whole, kind, contradicted, seed, tmp_path))
    text = told(whole.england, after, kind)
    assert "two different" in text
    if isinstance(after, England):
        others_unmoved(whole.england, after, kind)
        none_lost(whole.england, after, kind)


@settings(quietly, max_examples=12)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10**6))
def test_the_order_of_rows_and_columns_is_nothing(whole: Whole, tmp_path: Path, kind: str, seed: int) -> None:
    def shuffled(path: Path, sheet: Sheet, dice: random.Random) -> None:
        rows = [list(row) for row in sheet.rows]
        dice.shuffle(rows)
        if sheet.header is None or kind == "tidy":  # what each column is, is known by its place
            path.write_bytes(Sheet(sheet.name, sheet.header, rows).content)
            return
        order = list(range(len(sheet.header)))
        dice.shuffle(order)
        path.write_bytes(table([[row[i] for i in order] for row in (sheet.header, *rows)]))

    after = attempt(damaged(whole, kind, shuffled, seed, tmp_path))
    assert isinstance(after, England), after
    same(whole.england, after)


@settings(quietly, max_examples=12)
@given(
    kind=st.sampled_from(KINDS), how=st.sampled_from(["bom", "utf-16", "cr", "lf", "gz", "zip", "zip in zip", "tabs"])
)
def test_other_ways_of_writing_the_same_change_nothing(whole: Whole, tmp_path: Path, kind: str, how: str) -> None:
    def written(path: Path, sheet: Sheet, dice: random.Random) -> None:
        text = sheet.content.decode()
        if how in ("gz", "zip", "zip in zip"):
            path.unlink()
            inner = zipped({path.name: sheet.content})
            packed = (
                gzip.compress(sheet.content) if how == "gz" else inner if how == "zip" else zipped({"a.zip": inner})
            )
            path.with_name(path.name + "." + how.split()[0]).write_bytes(packed)
            return
        path.write_bytes({
            "bom": b"\xef\xbb\xbf" + sheet.content, "utf-16": text.encode("utf-16"), "cr": text.replace("\r\n", "\r").encode(),
            "lf": text.replace("\r\n", "\n").encode(), "tabs": text.replace(",", "\t").encode(),
        }[how])  # fmt: skip

    after = attempt(damaged(whole, kind, written, 0, tmp_path))
    assert isinstance(after, England), after
    if (kind, how) == ("points", "cr"):  # its heading holds line feeds, so the returns are no line ends
        told(whole.england, after, kind)
        return
    assert not after.report.unread, after.report.unread
    for fact, grid in whole.england.facts.items():
        np.testing.assert_array_equal(grid, after.facts[fact], err_msg=fact)
    assert after.labels == whole.england.labels


@settings(quietly, max_examples=15)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10**6), many=st.integers(1, 40))
def test_bytes_at_random(whole: Whole, tmp_path: Path, kind: str, seed: int, many: int) -> None:
    """What random bytes do may look like other figures, but only in this file."""

    def corrupted(path: Path, sheet: Sheet, dice: random.Random) -> None:
        content = bytearray(sheet.content)
        for _ in range(many):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content)

    after = attempt(damaged(whole, kind, corrupted, seed, tmp_path))
    if isinstance(after, GpContractError):
        told(whole.england, after, kind)
        return
    others_unmoved(whole.england, after, kind)
    none_lost(whole.england, after, kind)


@settings(quietly, max_examples=15)
@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 10**6))
def test_cut_anywhere(whole: Whole, tmp_path: Path, kind: str, seed: int) -> None:
    """Cut within a row it is told of; cut between two, practices or figures are lacking, of this file only."""

    def cut(path: Path, sheet: Sheet, dice: random.Random) -> None:
        path.write_bytes(sheet.content[: dice.randrange(len(sheet.content))])

    folder = damaged(whole, kind, cut, seed, tmp_path)
    after = attempt(folder)
    if not (folder / SHEETS[kind].name).read_bytes().endswith(b"\r\n"):
        told(whole.england, after, kind)
    if isinstance(after, England):
        others_unmoved(whole.england, after, kind)
        none_lost(whole.england, after, kind)


# -- whole columns and files that are not what they seem ---------------------------------------------------------------
def test_a_file_of_another_year(whole: Whole, tmp_path: Path) -> None:
    """A payments file named for a year that another file holds already: one of them counts, and the report says which."""
    folder = tmp_path / "folder"
    shutil.copytree(whole.folder, folder)
    path = folder / SHEETS["payments 2015"].name
    path.rename(path.with_name("nhspaymentsgp-22-23-again.csv"))
    after = build(folder, cache=False)
    assert after.years == (2022, 2024, 2025)
    assert any("nhspaymentsgp-22-23-again.csv" in s and "left out" in s for s in after.report.warnings)
    path.with_name("nhspaymentsgp-22-23-again.csv").rename(path.with_name("nhspaymentsgp-66-67-prac-csv.csv"))
    after = build(folder, cache=False)
    assert any("nhspaymentsgp-66-67-prac-csv.csv" in s and "year" in s for s in after.report.unread)


@pytest.mark.parametrize(
    ("kind", "header", "cell", "words"),
    [
        ("payments 2015", "Practice Open Date", "01/04/1066", "is not a date"),
        ("payments 2015", "Practice Close Date", "31/02/2015", "is not a date"),
        ("payments 2022", "Practice Code", "TOTAL FOR ENGLAND", "Practice Code".lower()),
        ("payments 2024", "Average Number of Registered Patients", "1000000000", "has a list of"),
        ("quin", "EXTRACT_DATE", "1066-10-14", "is not a date"),
        ("quin", "EXTRACT_DATE", "1999-10-14", "no publication is"),
        ("quin", "AGE_GROUP_5", "old", "not a sex and age band"),
        ("quin", "NUMBER_OF_PATIENTS", "1000000000", "has a list of"),
        ("map", "EXTRACT_DATE", "", "has no date"),
        ("points", "Achievement Score (Max 635)", "636", "more than the 635"),
        ("scores", "Value", "101", "no deprivation score"),
        ("tidy", "fact", "gp_ftee", "is not a fact"),
        ("tidy", "when", "1066", "is not a year"),
        ("tidy", "source", "", "the source is blank"),
    ],
)
def test_a_cell_that_cannot_be(whole: Whole, tmp_path: Path, kind: str, header: str, cell: str, words: str) -> None:
    def changed(path: Path, sheet: Sheet, dice: random.Random) -> None:
        rewritten(path, sheet, lambda rows: rows[7].__setitem__(column(sheet, header), cell))

    after = attempt(damaged(whole, kind, changed, 0, tmp_path))
    text = told(whole.england, after, kind, None if kind == "scores" else 9)
    assert words in text
    assert isinstance(after, England)
    others_unmoved(whole.england, after, kind)


def test_columns_that_nobody_knows(whole: Whole, tmp_path: Path) -> None:
    """A new column is told of with its sum where it is money, and moves nothing."""

    def widened(path: Path, sheet: Sheet, dice: random.Random) -> None:
        path.write_bytes(table([[*sheet.header, "Moon Landing"], *([*row, 1.5] for row in sheet.rows)]))  # type: ignore[misc]

    for kind in ("payments 2015", "quin", "weighted", "points", "map"):
        after = attempt(damaged(whole, kind, widened, 0, tmp_path))
        assert isinstance(after, England)
        if kind in YEARS:
            assert "'Moon Landing' (total 45.00)" in told(whole.england, after, kind)
        for fact, grid in whole.england.facts.items():
            np.testing.assert_array_equal(grid, after.facts[fact], err_msg=fact)


def test_swapped_headings_of_money_are_told_of(whole: Whole, tmp_path: Path) -> None:
    """The total under another line's heading: the lines no longer add up to it."""

    def swapped(path: Path, sheet: Sheet, dice: random.Random) -> None:
        header = list(sheet.header)  # type: ignore[arg-type]
        a, b = header.index("Global Sum"), header.index("Total NHS Payments to General Practice")
        header[a], header[b] = header[b], header[a]
        path.write_bytes(table([header, *sheet.rows]))

    after = attempt(damaged(whole, "payments 2022", swapped, 0, tmp_path))
    assert isinstance(after, England)
    assert "do not add up" in told(whole.england, after, "payments 2022")
    others_unmoved(whole.england, after, "payments 2022")


def test_a_file_that_may_not_be_read(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where tests run as a user who may read all: opening this one file is refused."""
    folder, name = tmp_path / "folder", Path(SHEETS["points"].name).name
    shutil.copytree(whole.folder, folder)
    (folder / SHEETS["points"].name).chmod(0)
    plain = Path.open

    def guarded(path: Path, *args: object, **more: object) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", guarded)
    after = build(folder, cache=False)
    assert "Permission denied" in told(whole.england, after, "points")
    others_unmoved(whole.england, after, "points")


def test_links_to_folders_are_followed_once(whole: Whole, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "data").symlink_to(whole.folder)
    (folder / "again").symlink_to(folder)
    (folder / "twice").symlink_to(whole.folder)
    same(whole.england, build(folder, cache=False))


# -- the command line --------------------------------------------------------------------------------------------------
@settings(quietly, max_examples=8)
@given(kind=st.sampled_from(KINDS), damage=st.sampled_from(TELLING), seed=st.integers(0, 10**6))
def test_commands_end_in_figures_or_in_a_message(
    whole: Whole, tmp_path: Path, kind: str, damage: Damage, seed: int
) -> None:
    """Exit code 0, or 2 with a message; never a traceback."""
    folder = str(damaged(whole, kind, damage, seed, tmp_path))
    environment = {"GPCONTRACT_CACHE": str(tmp_path / "cache")}
    for command in (("england", "build", folder), ("check", "--england", folder), ("price", "--england", folder)):
        ran = CliRunner(env=environment).invoke(main, list(command))
        assert ran.exit_code in (0, 2), (command, ran.output[-300:], ran.exc_info)
        assert ran.exception is None or isinstance(ran.exception, SystemExit)
        assert ran.exit_code == 0 or ran.output.startswith("Error: ")
