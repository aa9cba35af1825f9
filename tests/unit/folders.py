"""Small folders of official files in the publishers' layouts, for the tests: the layouts, and a whole folder from a seed."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gpcontract.england.assembly.profiles import FIVES_IN_BAND

FIVES = tuple(five for band in FIVES_IN_BAND.values() for five in band)
MONEY = ("Global Sum", "MPIG Correction factor", "Balance of PMS Expenditure", "Total QOF Payments", "Premises Payments",
         "Other Payments")  # fmt: skip
TOTAL = "Total NHS Payments to General Practice"

#: NHS Payments to General Practice to 2016/17, and as it is now.
PAYMENTS_CCG = (
    "NHS England (Region) code", "NHS England (Region) Name", "CCG Code", "CCG NAME", "Practice Code", "Practice Name",
    "Practice Postcode", "Practice Open Date", "Practice Close Date", "Contract Type", "Dispensing Practice",
    "Number of Registered Patients (Last Known Figure)", "Number of Weighted Patients (Last Known Figure)",
)  # fmt: skip
PAYMENTS = (
    "NHS England (Region) code", "NHS England (Region) Name", "Sub ICB Code", "Sub ICB NAME", "PCN Code", "PCN Name",
    "Practice Code", "Practice Name", "Practice Postcode", "Practice Open Date", "Practice Close Date", "Contract Type",
    "Dispensing Practice", "Practice Rurality", "Atypical characteristics", "Average Number of Registered Patients",
    "Average Number of Weighted Patients",
)  # fmt: skip
QUIN_AGE = ("PUBLICATION", "EXTRACT_DATE", "ORG_TYPE", "ORG_CODE", "ONS_CODE", "POSTCODE", "SEX", "AGE_GROUP_5",
            "NUMBER_OF_PATIENTS")  # fmt: skip
MAP = ("PUBLICATION", "EXTRACT_DATE", "PRACTICE_CODE", "PRACTICE_NAME", "PRACTICE_POSTCODE", "PCN_CODE", "PCN_NAME",
       "ONS_SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_CODE", "SUB_ICB_LOCATION_NAME", "ONS_ICB_CODE", "ICB_CODE",
       "ICB_NAME", "ONS_COMM_REGION_CODE", "COMM_REGION_CODE", "COMM_REGION_NAME", "SUPPLIER_NAME")  # fmt: skip
BOARDS = ("CCG Code", "ICB Code", "ICB NAME")
SCORES = ("IndicatorID", "Year", "AreaCode", "AreaName", "IsAreaCurrent", "Value")
POINTS = ("Sub ICB Loc \nODS code", "PCN ODS code", "PCN name", "Practice code", "Practice name", "List size",
          "Achievement Score (Max 635)")  # fmt: skip
STREAMS = ("G&A WP", "CS WP", "MH WP", "Mat WP", "Health Ineq WP", "Prescr WP", "Final WP", "Primary Medical Care WP",
           "Final PMC WP")  # fmt: skip
WEIGHTED = ("Practice_Code", "GP_Practice_Name", "Practice_Postcode", "Latitude", "Longitude", "PCN_Code", "LOC22",
            "ICS22", "R22", "LAD21", "Patients", *STREAMS)  # fmt: skip
TIDY = ("practice", "when", "fact", "value", "source")


@dataclass
class Sheet:
    """One file of a folder before it is written: its name, its heading (None for ODS, which has none) and its rows."""

    name: str
    header: tuple[str, ...] | None
    rows: list[list[Any]] = field(default_factory=list)

    @property
    def content(self) -> bytes:
        return table([*([self.header] if self.header else []), *self.rows])

    def put(self, folder: Path) -> Path:
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        return path


def table(rows: Iterable[Iterable[Any]]) -> bytes:
    """Rows as CSV in UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def write(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A CSV file, its folders made."""
    Sheet(path.name, tuple(header), [list(row) for row in rows]).put(path.parent)


def quin_rows(code: str, postcode: str, people: Sequence[int], day: str) -> list[list[Any]]:
    """A practice's rows in the file of five-year bands: everyone, then each sex and band."""
    start = ["GP", day, "GP", code, "", postcode]
    bands = zip(FIVES, people, strict=True)
    return [[*start, "ALL", "ALL", sum(people)], *([*start, *f.upper().split("_", 1), n] for f, n in bands)]


def map_row(code: str, postcode: str, network: str, sub: str, board: str, region: str, day: str) -> list[Any]:
    """A practice's row in the map of networks, boards and regions."""
    return ["GP_PRAC_PAT_LIST", day, code, f"SURGERY {code}", postcode, network, f"{network} PCN", "E1", sub, f"Sub-board {sub}",
            "E2", board, f"Board {board}", "E3", region, f"Region {region}", "TPP"]  # fmt: skip


def ods_row(code: str, postcode: str, sub: str, opened: str, closed: str = "") -> list[Any]:
    """A practice's row in epraccur: 27 columns, no heading."""
    status = "INACTIVE" if closed else "ACTIVE"
    start = [
        code,
        f"SURGERY {code}",
        "Y63",
        "QHM",
        "1 HIGH STREET",
        "",
        "",
        "TOWN",
        "",
        postcode,
        opened,
        closed,
        status,
    ]
    return [*start, "B", sub, "20200401", "", "01642 000000", "", "", "", "1", "", sub, "", "RO76", ""]


@dataclass(frozen=True)
class Practice:
    """A made-up practice, from which every file of a folder tells its part."""

    code: str
    network: str
    sub: str
    contract: str
    size: int
    score: float
    rural: bool

    @property
    def group(self) -> str:
        return {"16C": "00C", "02X": "02Y", "91Q": "09C"}[self.sub]

    @property
    def board(self) -> str:
        return {"16C": "QHM", "02X": "QF7", "91Q": "QKS"}[self.sub]

    @property
    def region(self) -> str:
        return {"16C": "Y63", "02X": "Y63", "91Q": "Y59"}[self.sub]

    @property
    def postcode(self) -> str:
        return f"TS{int(self.code[3:]) % 9 + 1} {int(self.code[1:]) % 8 + 1}AA"

    def people(self) -> list[int]:
        """Patients by sex and five-year band."""
        dice = random.Random(self.code)
        return [round(self.size / len(FIVES) * dice.uniform(0.6, 1.4)) for _ in FIVES]


def practices(n: int, seed: int) -> list[Practice]:
    """Some practices in three sub-boards and two regions."""
    dice, made = random.Random(seed), []
    for i in range(n):
        sub = ("16C", "02X", "91Q")[i % 3]
        network, contract = f"U{10_000 + i // 6 * 3 + i % 3}", dice.choice(["GMS", "GMS", "GMS", "PMS", "APMS"])
        made.append(Practice(f"{'ABG'[i % 3]}81{i + 1:03d}", network, sub, contract, dice.randint(1_500, 20_000),
                             round(dice.uniform(5, 60), 2), dice.random() < 0.2))  # fmt: skip
    return made


def payments(people: Sequence[Practice], year: int) -> Sheet:
    """A payments file in the layout of its year; the first practice closed in 2015/16 and is not in later years."""
    old = year < 2019
    header = (*(PAYMENTS_CCG if old else PAYMENTS), *MONEY, TOTAL)
    rows = []
    for i, p in enumerate(people):
        if i == 0 and year > 2015:
            continue
        dice = random.Random(f"{p.code} {year}")
        listed = round(p.size * dice.uniform(0.9, 1.1))
        weighted = round(listed * dice.uniform(0.8, 1.2), 2)
        paid = [round(weighted * x * dice.uniform(0.9, 1.1), 2) for x in (80, 2, 3, 12, 10, 5)]
        area = [p.region, f"REGION {p.region}", p.group if old else p.sub, f"NHS {p.group if old else p.sub}"]
        who = [p.code, f"Surgery {p.code}", p.postcode, "01/04/1974", "30/09/2015" if i == 0 and year == 2015 else ""]
        kind = [p.contract, "Yes" if p.rural else "No"]
        if not old:
            area += [p.network, f"{p.network} PCN"]
            kind += ["Rural" if p.rural else "Urban", ""]
        rows.append([*area, *who, *kind, listed, weighted, *paid, round(sum(paid), 2)])
    return Sheet(f"payments/nhspaymentsgp-{year - 2000}-{year - 1999}-prac-csv.csv", header, rows)


def sheets(n: int = 30, seed: int = 1, years: Sequence[int] = (2015, 2022, 2024)) -> dict[str, Sheet]:
    """A whole folder: payments of some years, lists by age, map, boards, deprivation, ODS, weighted populations, QOF, tidy."""
    people = practices(n, seed)
    now, day = people[1:], "2025-04-01"
    made = {f"payments {year}": payments(people, year) for year in years}
    made["quin"] = Sheet(
        f"registrations/gp-reg-pat-prac-quin-age_{day}.csv", QUIN_AGE,
        [row for p in now for row in quin_rows(p.code, p.postcode, p.people(), day)],
    )  # fmt: skip
    made["map"] = Sheet(
        f"registrations/gp-reg-pat-prac-map_{day}.csv", MAP,
        [map_row(p.code, p.postcode, p.network, p.sub, p.board, p.region, day) for p in now],
    )  # fmt: skip
    pairs = sorted({(c, p.board) for p in people for c in (p.group, p.sub)})
    made["boards"] = Sheet("ods/CCG_ICB_code.csv", BOARDS, [[c, b, f"Board {b}"] for c, b in pairs])
    made["scores"] = Sheet(
        "deprivation/fingertips_93553.csv", SCORES,
        [[93553, y, p.code, f"Surgery {p.code}", 1, p.score] for y in (2015, 2019) for p in people],
    )  # fmt: skip
    made["ods"] = Sheet(
        "ods/epraccur_2025-02.csv", None,
        [ods_row(p.code, p.postcode, p.sub, "19740401", "20160301" if i == 0 else "") for i, p in enumerate(people)],
    )  # fmt: skip
    made["weighted"] = Sheet(
        "weighted_population/AIF_practice_weighted_population_2024_2025.csv", WEIGHTED,
        [
            [p.code, f"Surgery {p.code}", p.postcode, 54 + i / 100, -1 - i / 100, p.network, p.sub, p.board, p.region, "E06000004",
             p.size, *(round(p.size * random.Random(f"{p.code} {s}").uniform(0.8, 1.2), 3) for s in STREAMS)]
            for i, p in enumerate(now)
        ],
    )  # fmt: skip
    made["points"] = Sheet(
        "qof/practice_overall_points_2022-23.csv", POINTS,
        [[p.sub, p.network, f"{p.network} PCN", p.code, f"Surgery {p.code}", p.size, round(635 - p.score, 2)] for p in now],
    )  # fmt: skip
    made["tidy"] = Sheet(
        "local.csv", TIDY,
        [[p.code, when, "gp_fte", round(p.size / 2000, 2), "our survey"] for p in now[:8] for when in ("2022/23", "2024/25")],
    )  # fmt: skip
    return made


def whole(folder: Path, n: int = 30, seed: int = 1, years: Sequence[int] = (2015, 2022, 2024)) -> dict[str, Path]:
    """Write a whole folder; where each of its files lies."""
    return {kind: sheet.put(folder) for kind, sheet in sheets(n, seed, years).items()}
