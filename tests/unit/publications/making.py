"""Small files in the publishers' layouts, made for the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from gpcontract.england.facts import lines
from gpcontract.england.publications import Publication, read_file

GEOGRAPHY = (
    "NHS England (Region) code", "NHS England (Region) Name", "Sub ICB Code", "Sub ICB NAME", "PCN Code", "PCN Name",
)  # fmt: skip
WHO = (
    "Practice Code", "Practice Name", "Practice Address", "Practice Postcode", "Practice Open Date",
    "Practice Close Date", "Contract Type", "Dispensing Practice", "Practice type", "Practice Rurality",
    "Atypical characteristics",
)  # fmt: skip
LISTS = ("Average Number of Registered Patients", "Average Number of Weighted Patients")
MONEY = ("Global Sum", "MPIG Correction factor", "Total QOF Payments", "Premises Payments", "Other Payments")
END = (
    "Total NHS Payments to General Practice", "Deductions for Pensions, Levies and Prescription Charge Income",
    "Total NHS Payments to General Practice Minus Deductions",
)  # fmt: skip
PAYMENTS = (*GEOGRAPHY, *WHO, *LISTS, *MONEY, *END)


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue()


def payment(code: str, headers: Sequence[str] = PAYMENTS, **changes: object) -> list[object]:
    """A row for a practice: each money column 100 more than the one before, adding up to the total."""
    row: dict[str, object] = {}
    total, step = 0.0, 0.0
    known = {h for line in lines().values() if line.get("total", True) for h in line["headers"]}
    for header in headers:
        low = " ".join(header.lower().replace("_", " ").replace(".", " ").replace("-", " ").split()).rstrip(
            "0123456789 "
        )
        if low == "practice code":
            row[header] = code
        elif low == "contract type":
            row[header] = "GMS"
        elif low.startswith("dispensing practice"):
            row[header] = "No"
        elif "rurality" in low:
            row[header] = "Urban"
        elif low == "pcn code" or header == "Code":
            row[header] = "U12345"
        elif "code" in low and "nhs england" in low:
            row[header] = "Y63"
        elif low in ("ccg code", "sub icb code"):
            row[header] = "16C"
        elif low == "practice open date":
            row[header] = "01/04/1974"
        elif low == "practice postcode":
            row[header] = "TS18 1HU"
        elif low.endswith("name"):
            row[header] = f"{header} of {code}"
        elif "of registered patients" in low:
            row[header] = "5000.25"
        elif "of weighted patients" in low:
            row[header] = "5200.5"
        elif low in known:
            step += 100.0
            row[header], total = f"{step:.2f}", total + step
        elif low == "total nhs payments to general practice":
            row[header] = "TOTAL"
        elif low.startswith("deductions"):
            row[header] = "-10"
        elif low.startswith(("pcn ", "covid", "long covid", "total nhs")):
            row[header] = "7"
        elif low.startswith("average payments"):
            row[header] = "N/A"
        else:
            row[header] = ""
    for header, value in row.items():
        if value == "TOTAL":
            row[header] = f"{total:.2f}"
    row |= changes
    return [row[h] for h in headers]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_one(folder: Path, name: str, content: str | bytes, kind: str | None = None) -> Publication:
    """Write a file, read it, and give its one publication (of one kind)."""
    found = [p for p in read_file(write(folder, name, content)) if kind is None or p.kind == kind]
    assert len(found) == 1, found
    return found[0]


def row_of(publication: Publication, **where: object) -> dict[str, object]:
    frame = publication.frame
    for column, value in where.items():
        frame = frame.filter(pl.col(column) == value)
    return frame.row(0, named=True)
