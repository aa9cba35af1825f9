"""Third-party extracts beside the official files, turned into tidy facts: for tests and checks only.

    python tests/extracts.py DATA OUT     # writes OUT/tidy.csv

Each extract is derived from official figures by others (the data folder's PROVENANCE.md grades them C), so the package
never reads them: it reads the tidy facts, whose `source` names the extract.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from gpcontract.england.facts import CARR_HILL_BANDS

PRACTICE = r"^[A-Z]\d{5}$"  # other codes in the extracts are of branch surgeries, or missing
COLUMNS = ("practice", "when", "fact", "value", "source")
RATINGS = {"Inadequate": 1, "Requires improvement": 2, "Good": 3, "Outstanding": 4}
LAST_RATED = 2024  # the year in which the ratings were collected


def tidy_folder(data: Path, out: Path) -> Path:
    """Write tidy.csv with all that the extracts in `data` hold, into `out`; returns the file."""
    out.mkdir(parents=True, exist_ok=True)
    rows = pl.concat([part.select(pl.col(c).cast(pl.String) for c in COLUMNS) for part in _parts(data)])
    rows = rows.drop_nulls("value").filter(
        ~pl.col("value").is_in(["", "NaN"]), pl.col("practice").str.contains(PRACTICE)
    )
    rows = rows.sort("practice", "fact", "when")
    path = out / "tidy.csv"
    rows.write_csv(path)
    return path


def data_with_tidy(data: Path, out: Path) -> Path:
    """A folder of links to every official file in `data`, and tidy.csv: official data and extracts together."""
    for path in data.rglob("*"):
        if path.is_file():
            link = out / path.relative_to(data)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    tidy_folder(data, out)
    return out


def _read(path: Path) -> pl.DataFrame:
    import gzip

    return pl.read_csv(gzip.decompress(path.read_bytes()), infer_schema_length=0, null_values=["NA", ""])


def _long(frame: pl.DataFrame, facts: dict[str, str], source: str) -> pl.DataFrame:
    """A wide table (practice, when, columns) as tidy rows; facts: fact -> column."""
    parts = [
        frame.select("practice", "when", fact=pl.lit(f), value=pl.col(c), source=pl.lit(source))
        for f, c in facts.items()
    ]
    return pl.concat(parts)


def _parts(data: Path) -> Iterator[pl.DataFrame]:
    yield from _workforce(data / "workforce")
    yield _bands(data / "workforce")
    yield _ratings(data / "quality_access")
    yield _successors(data / "closures_mergers")
    yield from _places(data)


def _ending(column: str) -> pl.Expr:
    """'2016' is the year that ends in 2016: 2015/16."""
    last = pl.col(column).cast(pl.Int64)
    return ((last - 1).cast(pl.String) + "/" + (last % 100).cast(pl.String).str.zfill(2)).alias("when")


def _workforce(folder: Path) -> Iterator[pl.DataFrame]:
    staff = {"gp_fte": "TOTAL_GP_EXTGL_FTE", "nurse_fte": "TOTAL_NURSES_FTE", "direct_care_fte": "TOTAL_DPC_FTE",
             "admin_fte": "TOTAL_ADMIN_FTE"}  # fmt: skip
    groups = _read(folder / "extract_heec_workforce_year_FY2016-2024_staffgroups.csv.gz")
    groups = groups.with_columns(_ending("Year"), practice=pl.col("Practice.Code")).unique(
        ["practice", "when"], keep="first"
    )
    yield _long(groups, staff, "HEEC extract of General Practice Workforce, mean of the year's releases")
    partners = _read(folder / "extract_heec_workforce_year_FY2023-2025_partners.csv.gz")
    partners = partners.with_columns(
        _ending("Year"), practice=pl.col("Practice.Code"),
        partners=pl.col("TOTAL_GP_SEN_PTNR_FTE").cast(pl.Float64) + pl.col("TOTAL_GP_PTNR_PROV_FTE").cast(pl.Float64),
    ).unique(["practice", "when"], keep="first")  # fmt: skip
    source = "HEEC extract of General Practice Workforce with partners"
    yield _long(partners, {"partner_fte": "partners"}, source)
    yield _long(partners.filter(pl.col("Year") == "2025"), staff, source)


def _bands(folder: Path) -> pl.DataFrame:
    frame = _read(folder / "extract_scw_caip_comparison_2023_agebands_workforce.csv.gz")
    frame = frame.unique("practice_code", keep="first", maintain_order=True)
    frame = frame.with_columns(practice=pl.col("practice_code"), when=pl.lit("2023-03-31"))
    columns = {}
    for band in CARR_HILL_BANDS:
        sex, ages = band.split("_", 1)
        columns[f"list_by_band.{band}"] = f"{sex}_patients_{ages.replace('_', 'to').replace('85+', '85plus')}"
    return _long(frame, columns, "SCW extract of General Practice Workforce, early 2023")


def _ratings(folder: Path) -> pl.DataFrame:
    """The latest rating of each practice, in force from its year to the year it was collected."""
    frame = _read(folder / "extract_heec_cqc_ratings_by_practice_year.csv.gz").filter(
        pl.col("latest_rating").is_in(list(RATINGS))
    )
    frame = frame.sort("Year").unique("Practice.Code", keep="last", maintain_order=True)
    frame = frame.with_columns(
        practice=pl.col("Practice.Code"), rating=pl.col("latest_rating").replace_strict(RATINGS),
        year=pl.int_ranges(pl.col("Year").cast(pl.Int64), LAST_RATED + 1),
    ).explode("year").drop_nulls("year")  # fmt: skip
    frame = frame.with_columns(when=pl.col("year").cast(pl.String) + "/" + ((pl.col("year") + 1) % 100).cast(pl.String))
    return _long(frame, {"cqc_rating": "rating"}, "HEEC extract of CQC ratings")


def _successors(folder: Path) -> pl.DataFrame:
    frame = _read(folder / "heec_closures_sidhu.csv.gz")
    frame = frame.rename({frame.columns[0]: "successor"}).filter(
        pl.col("successor") != pl.col("previous_practice_codes")
    )
    frame = frame.with_columns(
        practice=pl.col("previous_practice_codes"),
        when=pl.col("lm_1000_previous_codes").str.to_date("%d/%m/%Y").cast(pl.String),  # last month with 1,000 patients
    )
    frame = frame.unique("practice", keep="first", maintain_order=True)
    return _long(frame, {"successor": "successor"}, "HEEC extract of practice code history to April 2020")


def _places(data: Path) -> Iterator[pl.DataFrame]:
    """Latitude, longitude and deprivation of practices that the official files lack."""
    aif = data / "weighted_population"
    known = {code for path in aif.glob("*.csv.gz") for code in _read(path).to_series(0).to_list()}
    frame = _read(data / "deprivation_geography" / "extract_practice_location_latlong.csv.gz")
    frame = frame.filter(~pl.col("practice_code").is_in(list(known)))
    frame = frame.with_columns(practice=pl.col("practice_code"), when=pl.lit("2019/20"))
    yield _long(frame, {"latitude": "lat", "longitude": "long"}, "extract of geocoded ODS addresses")
    scored = set()
    for name in ("fingertips_93553_IMD_2010_2015_2019_by_practice", "fingertips_94240_IMD2025_by_practice"):
        scored |= set(_read(data / "deprivation_geography" / f"{name}.csv.gz")["AreaCode"].to_list())
    frame = _read(data / "workforce" / "extract_heec_workforce_year_FY2016-2024_staffgroups.csv.gz")
    frame = frame.with_columns(_ending("Year"), practice=pl.col("Practice.Code")).filter(
        ~pl.col("practice").is_in(list(scored))
    )
    yield _long(frame, {"deprivation_score": "IMD"}, "HEEC extract of practice deprivation")


if __name__ == "__main__":
    print(tidy_folder(Path(sys.argv[1]), Path(sys.argv[2])))
