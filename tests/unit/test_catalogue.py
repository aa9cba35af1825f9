"""The catalogue is whole: every fact has a publication, every file a place to get it, every name its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gpcontract.engine.errors import InputError, LoadError
from gpcontract.england import facts
from gpcontract.england.catalogue import attributions, catalogue_table, choose, parse, publications

FILES = [f for s in publications().values() for f in s.files]


def test_every_publication_that_a_fact_names_is_in_the_catalogue() -> None:
    missing = {
        (fact, source)
        for fact, entry in facts.catalogue().items()
        for source in entry["from"]
        if not any(s.answers_to(source) for s in publications().values())
    }
    assert not missing


def test_every_fact_is_given_by_a_series_unless_only_tidy_facts_can() -> None:
    given = {fact for s in publications().values() for fact in s.gives}
    published = {
        f for f, e in facts.catalogue().items() if e["from"] and f.removeprefix("published_") not in facts.lines()
    }
    assert published <= given | {"published_<line>"}
    assert "published_<line>" in publications()["payments"].gives
    assert "list_size" not in publications()["registrations_map"].gives
    assert "list_size" in publications()["registrations_all"].gives


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.place)
def test_file_can_be_had_from_somewhere(file) -> None:
    assert file.address or file.page
    assert not file.address or file.address.startswith("https://")
    assert file.file is None or not file.address or file.date or file.living or file.year or file.file == file.name or (
        # undated files of one official name carry the part of the address that tells them apart
        file.name.rsplit("_", 1)[1].split(".")[0].replace("-", "/") in file.address or "pub" in file.name
    )  # fmt: skip


def test_names_and_addresses_are_unique() -> None:
    places = [f.place for f in FILES]
    addresses = [f.address for f in FILES if f.address]
    assert len(set(places)) == len(places)
    assert len(set(addresses)) == len(addresses)


def test_dates_and_years_are_dates_and_years() -> None:
    for file in FILES:
        assert file.date is None or date(2010, 1, 1) < file.date < date(2027, 1, 1)
        assert file.year is None or 2010 < file.year < 2027
    dated = [f for f in FILES if f.starting_year is not None]
    assert len(dated) > 80


def test_checksums_say_what_they_are_of() -> None:
    known = [f for f in FILES if f.sha256]
    assert known
    assert {f.sha256_of for f in known} == {"copy of the official file"}


def test_checksums_are_those_of_the_copies_here(official_data: Path) -> None:
    import gzip
    import hashlib

    found = 0
    for file in FILES:
        folder = official_data / (file.series.split("_")[0])
        packed, plain = folder / f"{file.name}.gz", folder / file.name
        if file.sha256 and (packed.exists() or plain.exists()):
            content = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
            assert hashlib.sha256(content).hexdigest() == file.sha256, file.place
            found += 1
    assert found >= 6


def test_headers_expected_are_those_of_official_files(official_data: Path, tmp_path: Path) -> None:
    import gzip
    from dataclasses import replace

    from gpcontract.england.fetching.contents import check_contents

    here = {
        "payments": "payments/nhspaymentsgp-*.csv.gz",
        "registrations_quin_age": "registrations/gp-reg-pat-prac-quin-age_2025-03*.gz",
        "registrations_all": "registrations/gp-reg-pat-prac-all_20*.gz",
        "registrations_map": "registrations/gp-reg-pat-prac-map_20*.gz",
        "registrations_single_age": "registrations/*sing-age-male*.gz",
        "registrations_lsoa": "registrations/*lsoa*.gz",
        "qof_points": "qof/practice_overall*.gz",
        "appointments_areas": "appointments/Appointments_GP_Regional*.gz",
        "workforce_network": "workforce/pcn_raw/*.gz",
        "ods": "ods/epraccur*.gz",
        "contract_services": "contract_services/*.gz",
        "deprivation": "deprivation_geography/fingertips_94240*.gz",
        "fingertips": "qof/fingertips*.gz",
        "weighted_population": "weighted_population/*.gz",
        "lsoa_lookup": "deprivation_geography/LSOA_2011*.gz",
        "rural_urban": "deprivation_geography/RUC*.gz",
    }
    for name, pattern in here.items():
        paths = sorted(official_data.glob(pattern))
        assert paths, pattern
        typical = next((f for f in publications()[name].files if f.header), publications()[name].files[0])
        for path in paths:
            start = tmp_path / "start.csv"
            with gzip.open(path) as stream:
                start.write_bytes(stream.read(100_000))
            check_contents(start, replace(typical, name=path.name.removesuffix(".gz")))


def test_choose_by_kind_family_and_year() -> None:
    files, undated = choose(["payments"], ["2022/23"])
    assert [f.name for f in files] == ["nhspaymentsgp-22-23-prac-csv.csv"] and not undated
    files, undated = choose(["registrations"], [2025])
    assert {f.name for f in files} == {
        "gp-reg-pat-prac-all_2026-01-01.zip", "gp-reg-pat-prac-map_2026-01-01.zip",
        "gp-reg-pat-prac-lsoa-male-female-Jan-26.zip",
    }  # fmt: skip
    assert len(undated) == 7
    assert {f.series for f in choose(["workforce_practice"])[0]} == {"workforce_detailed"}
    assert len(choose("deprivation", 2017)[0]) == 2
    assert "workforce_individual" not in {f.series for f in choose()[0]}
    with pytest.raises(InputError, match="did you mean payments"):
        choose(["paymets"])


def test_table_has_a_row_for_each_series_and_file() -> None:
    assert len(catalogue_table()) == len(publications())
    assert len(catalogue_table(files=True)) == len(FILES)
    row = next(r for r in catalogue_table(["payments"]) if r["publication"] == "payments")
    assert row["licence"] == "Open Government Licence v3.0" and row["files"] == 10
    assert len(attributions(["payments", "qof_points", "deprivation"])) == 2


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"address": "http://example.org/a.csv"}, "not https"),
        ({"address": None}, "neither an address nor a page"),
        ({"name": "../a.csv"}, "plain file name"),
        ({"sha256": "abc", "sha256_of": "a copy"}, "not SHA-256"),
        ({"sha256": "a" * 64}, "what its checksum is of"),
        ({"date": "2020-13-45"}, "does not parse"),
        ({"adress": "https://example.org"}, "unknown keys adress"),
    ],
)
def test_a_wrong_entry_is_refused(change, problem) -> None:
    file = {"name": "a.csv", "address": "https://example.org/a.csv"} | change
    entry = {
        "title": "A", "publisher": "B", "licence": "ogl", "attribution": "C", "frequency": "once", "kinds": [],
        "layout": "D", "files": [file],
    }  # fmt: skip
    with pytest.raises(LoadError, match=problem):
        parse({"licences": {"ogl": {"title": "OGL"}}, "publications": {"a": entry}}, Path("catalogue.yaml"))


def test_the_manual_names_every_publication_and_its_example_is_read(tmp_path: Path) -> None:
    from gpcontract.england.publications import read_file

    manual = (Path(__file__).parents[2] / "docs/publications.md").read_text(encoding="utf-8")
    assert [name for name in publications() if f"`{name}`" not in manual] == []
    example = tmp_path / "mine.csv"
    example.write_text(manual.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    (tidy,) = read_file(example)
    assert tidy.kind == "tidy" and tidy.frame.height == 4
