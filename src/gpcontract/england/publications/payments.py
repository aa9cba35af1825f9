"""NHS Payments to General Practice (NHS England, annual): what each practice was paid, by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from ...engine.errors import DataError
from ...engine.years import last_day, parse_year, year_name
from ..facts import lines
from .publication import Publication
from .registry import layout
from .tables import Table
from .words import key, stem, year_in

TOTAL = "total nhs payments to general practice"
LABELS = {
    "name": ("practice name",),
    "postcode": ("practice postcode", "postcode"),
    "region_code": (
        "nhs england (region) code",
        "nhs england (region, local office) code",
        "nhs england and nhs improvement (region, local office) code",
        "nhs england and nhs improvement region code",
        "region code",
    ),
    "region_name": (
        "nhs england (region) name",
        "nhs england (region, local office) name",
        "nhs england and nhs improvement (region, local office) name",
        "nhs england and nhs improvement region name",
        "region name",
    ),
    "sub_board_code": ("sub icb code", "ccg code", "sub icb location code"),
    "sub_board_name": ("sub icb name", "ccg name", "sub icb location name"),
    "network_code": ("pcn code", "code"),
    "network_name": ("pcn name",),
    "practice_type": ("practice type",),
    "atypical": ("atypical characteristics",),
}
#: Columns that are read for another purpose or that only repeat others: never reported as unknown.
KNOWN = tuple(map(key, ("practice address", "quarter used for patient data", "year", "code", "ccg name")))
#: The two halves of a line in 2015/16.
HALVES = ("localenhancedservicesnhais", "localenhancedservicesisfe")
LARGEST_LIST, ABSURD_LIST = 200_000, 1_000_000


@layout(
    "NHS Payments to General Practice",
    "payments",
    needs=("practice code", "contract type", "global sum", TOTAL),
)
def read(table: Table) -> Iterator[Publication]:
    """One publication, for the year in the file's name or in its YEAR column."""
    year = _year(table)
    used = {table.need("practice code"), table.need("contract type")}
    frame: dict[str, pl.Series] = {"practice": table.codes("practice code")}
    for name, spellings in LABELS.items():
        at = table.find(*spellings)
        if at is not None:
            used.add(at)
        frame[name] = table.maybe(*spellings)
    lacking = [
        n for n in ("region_code", "sub_board_code", "name", "postcode") if frame[n].null_count() == table.height
    ]
    if lacking:
        table.warn(f"has no {', '.join(n.replace('_', ' ') for n in lacking)}")
    frame["network_code"], frame["network_name"] = (
        _no_network(frame["network_code"]),
        _no_network(frame["network_name"]),
    )
    for name in ("open", "close"):
        used.add(table.find(f"practice {name} date") or "")
        frame[f"{name}_date"] = table.date(f"practice {name} date", missing=True)
    frame["contract"] = _contract(table)
    frame["dispensing"] = _yes_no(table, used, "dispensing practice", "yes", "no")
    frame["rural"] = _yes_no(table, used, "practice rurality", "rural", "urban")
    frame["list_basis"] = _lists(table, frame, used)
    money, unknown = _money(table, frame, used)
    found = table.one_each(pl.DataFrame(frame), ["practice"])
    _check(table, found, money, unknown, year)
    yield table.publication("payments", year, found.drop(unknown))


def _year(table: Table) -> int:
    """The financial year: from the file's name, and from a YEAR column where there is one; they must agree."""
    named = next((y for name in table.names[:-1] if (y := year_in(name)) is not None), None)
    given: int | None = None
    if table.find("year") is not None:
        words = table.text("year").unique().to_list()
        if len(words) != 1 or words[0] is None:
            raise table.error("holds more than one year", expected="one financial year in each file")
        try:
            given = parse_year(words[0].removesuffix(".0"))
        except Exception as error:
            raise table.error(f"'{words[0]}' in column 'YEAR' is not a year", 0, expected="2023 for 2023/24") from error
    if named is not None and given is not None and named != given:
        raise table.error(
            f"is named for {year_name(named)} but its YEAR column says {year_name(given)}",
            hint="rename the file, or correct the column",
        )
    year = named if named is not None else given
    if year is None:
        raise table.error(
            "does not say which year it is for",
            expected="a name that holds the financial year, such as nhspaymentsgp-24-25-prac-csv.csv, or a YEAR column",
            hint="rename the file",
        )
    if not 2004 <= year <= date.today().year + 1:
        raise table.error(f"is for {year_name(year)}, which cannot have been published", expected="2013/14 or later")
    return year


def _no_network(cells: pl.Series) -> pl.Series:
    """Null where the publisher says that a practice has no network."""
    low = cells.str.to_lowercase()
    none = (
        low.is_in(["u", "-", "n/a", "na", "no pcn", "none"])
        | low.str.starts_with("unallocated")
        | low.str.contains("not (in|part of|allocated|assigned)|no pcn|unknown|missing")
    )
    return cells.set(none.fill_null(False), None)


def _contract(table: Table) -> pl.Series:
    """GMS, PMS, APMS or UNKNOWN, whatever the case and spaces."""
    cells = table.text("contract type").fill_null("UNKNOWN")
    plain = cells.str.to_uppercase().str.replace_all(r"[^A-Z]", "")
    plain = plain.replace(
        {"": "UNKNOWN", "MISSING": "UNKNOWN", "NA": "UNKNOWN", "OTHER": "UNKNOWN", "PCTMS": "UNKNOWN"}
    )
    odd = ~plain.is_in(["GMS", "PMS", "APMS", "UNKNOWN"])
    if odd.any():
        some = ", ".join(repr(w) for w in cells.filter(odd).unique().sort()[:4])
        at = int(odd.arg_true()[0])
        table.warn(
            f"contract type {some} of {int(odd.sum()):,} practices is none of GMS, PMS, APMS (row {table.row(at)})"
            " and was taken as unknown"
        )
    return plain.set(odd, "UNKNOWN")


def _yes_no(table: Table, used: set[str], header: str, yes: str, no: str) -> pl.Series:
    """True, False, or null where unknown or missing."""
    at = table.find(header)
    if at is None:
        return pl.Series([None], dtype=pl.Boolean).new_from_index(0, table.height)
    used.add(at)
    low = table.column(at).str.to_lowercase()
    known = low.is_in([yes, no, "y", "n"])
    odd = ~known.fill_null(True) & ~low.is_in(["unknown", "missing", "n/a", "na", "-"]).fill_null(True)
    if odd.any():
        at_row = int(odd.arg_true()[0])
        table.warn(f"'{low[at_row]}' in column '{table.header(at)}' (row {table.row(at_row)}) was taken as unknown")
    return low.is_in([yes, "y"]).set(~known.fill_null(False), None)


def _lists(table: Table, frame: dict[str, pl.Series], used: set[str]) -> pl.Series:
    """Registered and weighted patients into the frame; gives the basis: 'average' over the year or 'last known'."""
    basis = "last known"
    for name, word in (("registered", "registered"), ("weighted", "weighted")):
        at = next(
            (
                str(i)
                for i, h in enumerate(table.headers)
                if key(h).startswith((f"numberof{word}patients", f"averagenumberof{word}patients"))
            ),
            None,
        )
        if at is None:
            raise table.error(
                f"has no column for {word} patients", expected=f"'Average Number of {word.title()} Patients'"
            )
        used.add(at)
        if key(table.headers[int(at)]).startswith("average"):
            basis = "average"
        frame[name] = table.numeric(at, least=0)
        check_sizes(table, frame[name], frame["practice"])
    return pl.Series([basis]).new_from_index(0, table.height)


def check_sizes(table: Table, patients: pl.Series, practice: pl.Series) -> None:
    """A list above a million is an error; one above 200,000, larger than any has ever been, a warning."""
    largest = patients.max()
    if largest is None or largest <= LARGEST_LIST:  # type: ignore[operator]
        return
    at = int(patients.arg_max())  # type: ignore[arg-type]
    sentence = f"practice {practice[at]} has a list of {patients[at]:,.0f}"
    if largest > ABSURD_LIST:  # type: ignore[operator]
        raise table.error(sentence, at, expected=f"at most {ABSURD_LIST:,}", hint="correct or remove the row")
    table.warn(f"{sentence} (row {table.row(at)}), larger than any has been: check it")


def total_of(header: str) -> str | None:
    """Which total a header is: total, total_with_covid, total_with_network, total_with_all, their remainders, or None."""
    k = stem(header)
    if k == key(TOTAL):
        return "total"
    if not k.startswith("totalnhspayments"):
        return "deductions" if k.startswith("deductions") else None
    covid, network, less = "covid" in k, "pcn" in k, "minusdeductions" in k
    which = "total" + (
        "_with_all" if covid and network else "_with_covid" if covid else "_with_network" if network else ""
    )
    return which + ("_less_deductions" if less else "")


def _money(table: Table, frame: dict[str, pl.Series], used: set[str]) -> tuple[list[str], list[str]]:
    """All payment lines and totals into the frame; gives the names of the lines and of the columns that no line claims.

    The latter are reported with their sums and go by '? ' and their heading, until they have been checked.
    """
    spelled = {stem(h): name for name, line in lines().items() for h in line["headers"]}
    found: list[str] = []
    unknown: list[str] = []
    for at, header in enumerate(table.headers):
        column, k = str(at), stem(header)
        if column in used or not k or column not in table.frame.columns:
            continue
        name = spelled.get(k) or total_of(header)
        if name is not None:
            if name in frame:
                raise table.error(f"two columns hold '{name}', the second headed '{table.header(column)}'")
            frame[name] = table.numeric(column)
            if name in lines():
                found.append(name)
        elif k not in HALVES and key(header) not in KNOWN and not k.startswith("averagepayments"):
            unknown += _unknown(table, frame, column)
    return found, unknown


def _unknown(table: Table, frame: dict[str, pl.Series], column: str) -> list[str]:
    """Report a column that no line claims: with its sum where it is money."""
    name = f"? {table.header(column)}"
    try:
        frame[name] = table.numeric(column)
    except DataError:
        table.warn(f"unrecognised: column '{table.header(column)}' (not a number) was not read")
        return []
    table.warn(f"unrecognised: column '{table.header(column)}' (total {frame[name].sum():,.2f}) was not read as a line")
    return [name]


def _check(table: Table, frame: pl.DataFrame, found: list[str], unknown: list[str], year: int) -> None:
    """Whether the lines add up to the total of each practice, and whether the file can be of that year."""
    adding = [n for n in found if lines()[n].get("total", True)]
    blank = frame.select(pl.col(found).null_count()).row(0)
    for name, count in zip(found, blank, strict=True):
        if count:
            table.warn(f"{name} is blank or suppressed for {count:,} practices")
    gap = frame.select((pl.sum_horizontal(adding) - pl.col("total")).alias("gap"))["gap"]
    off = gap.abs() > 1.0
    if off.any():
        worst = int(gap.abs().arg_max())  # type: ignore[arg-type]
        sentence = (
            f"the lines of {int(off.sum()):,} of {frame.height:,} practices do not add up to the published total"
            f" within £1 (in all £{gap.sum():,.2f}; most at {frame['practice'][worst]}, £{gap[worst]:,.2f})"
        )
        for name in unknown:
            left = int(((gap + frame[name].fill_null(0.0)).abs() > 1.0).sum())
            if left < int(off.sum()) / 2:
                sentence += f"; with the unrecognised '{name[2:]}' all but {left:,} do"
        table.warn(sentence)
    opened = frame.filter(pl.col("open_date") > last_day(year))
    if opened.height:
        table.warn(
            f"{opened.height:,} practices opened after the end of {year_name(year)} ({opened['practice'][0]} on"
            f" {opened['open_date'][0].isoformat()}): is it the right year?"
        )
    if frame.height < 5_000:
        table.warn(f"has {frame.height:,} practices; England has had 6,000 to 8,000: is it whole?")
    unweighted = int((frame["weighted"].is_null()).sum())
    if unweighted:
        table.warn(f"weighted patients are blank or suppressed for {unweighted:,} practices")
