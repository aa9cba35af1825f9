"""Third-party extracts beside the official files, turned into tidy facts: for tests and checks only.

    python tests/extracts.py DATA OUT     # writes OUT/tidy.csv

Each extract is derived from official figures by others (the data folder's PROVENANCE.md grades them C). Those of workforce and
ratings the package reads itself (publications/extracts.py); these it does not: it reads the tidy facts, whose `source`
names the extract.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from gpcontract.england.facts import CARR_HILL_BANDS

PRACTICE = r"^[A-Z]\d{5}$"  # other codes in the extracts are of branch surgeries, or missing
COLUMNS = ("practice", "when", "fact", "value", "source")


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
    yield _bands(data / "workforce")
    yield _successors(data / "closures_mergers")
    yield from _places(data)


def _ending(column: str) -> pl.Expr:
    """'2016' is the year that ends in 2016: 2015/16."""
    last = pl.col(column).cast(pl.Int64)
    return ((last - 1).cast(pl.String) + "/" + (last % 100).cast(pl.String).str.zfill(2)).alias("when")


def _bands(folder: Path) -> pl.DataFrame:
    frame = _read(folder / "extract_scw_caip_comparison_2023_agebands_workforce.csv.gz")
    frame = frame.unique("practice_code", keep="first", maintain_order=True)
    frame = frame.with_columns(practice=pl.col("practice_code"), when=pl.lit("2023-03-31"))
    columns = {}
    for band in CARR_HILL_BANDS:
        sex, ages = band.split("_", 1)
        columns[f"list_by_band.{band}"] = f"{sex}_patients_{ages.replace('_', 'to').replace('85+', '85plus')}"
    return _long(frame, columns, "SCW extract of General Practice Workforce, early 2023")


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
