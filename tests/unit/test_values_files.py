"""The dated values of the national contract: every figure sourced, graded, dated, and none of the published ones lost."""

from __future__ import annotations

import datetime
import itertools
import math
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import gpcontract
from gpcontract.engine.files import items, read_yaml
from gpcontract.engine.values import Entry, Value, read_sources, read_values
from gpcontract.england.facts import CARR_HILL_BANDS

PACKAGE = Path(gpcontract.__file__).parent
CHAPTERS = (
    "capitation",
    "income_guarantee",
    "seniority",
    "pms",
    "quality",
    "network",
    "enhanced",
    "premises",
    "locum",
    "dispensing",
)
FILES = {name: PACKAGE / "chapters" / name / "values.yaml" for name in CHAPTERS}
FILES["published_totals"] = PACKAGE / "findings" / "published_totals.yaml"
SOURCES = read_sources(PACKAGE / "chapters" / "sources.yaml", "sources.yaml")

# Where each entry of the guide's parameters.yaml went. A trailing * stands for every name that starts so.
WENT_TO = {
    "global_sum_price": ["global_sum_price"],
    "ooh_optout_deduction": ["ooh_deduction_share"],
    "minor_surgery_optout": ["minor_surgery_deduction_share"],
    "additional_services_optout_2004": ["additional_service_deduction_shares", "minor_surgery_deduction_share"],
    "london_adjustment": ["london_rate"],
    "new_registration_weight": ["new_registration_weight"],
    "care_home_weight": ["care_home_weight"],
    "age_sex_weights": ["age_sex_weights"],
    "additional_needs": ["needs_*"],
    "rurality": ["rurality_*"],
    "staff_mff_share": ["staff_cost_share"],
    "carrhill_index_iqr": ["carr_hill_index_*"],
    "mpig_cf_share": ["correction_factor_share"],
    "ge_uplift_split_2009": ["uplift_split_2009"],
    "seniority_scale": ["seniority_scale"],
    "seniority_income_rule": ["seniority_income_ratios", "seniority_entitlement_shares"],
    "qof_point_value": ["qof_point_value"],
    "qof_points_total": ["qof_points_total"],
    "qof_national_average_list": ["qof_average_list"],
    "qof_aspiration_share": ["qof_aspiration_share"],
    "qof_prevalence_method": ["qof_prevalence_power", "qof_prevalence_floor_share"],
    "qof_protection": ["qof_points_*"],
    "qof_income_retired_2025": ["qof_2025_*"],
    "qof_indicators_2025_26": ["qof_indicator_points", "qof_indicator_lower", "qof_indicator_upper"],
    "qof_indicators_2023_24": ["qof_indicator_points"],
    "qof_retired_2025_list": ["qof_indicator_points", "qof_indicator_protected"],
    "qof_thresholds_pre2025_cvd": ["qof_indicator_lower", "qof_indicator_upper"],
    "qof_2026_27_changes": ["qof_indicator_points", "qof_indicator_lower", "qof_indicator_upper", "qof_points_total"],
    "pcn_core": ["network_core_*"],
    "pcn_clinical_director": ["network_clinical_director_rate"],
    "pcn_leadership_management": ["network_leadership_rate"],
    "pcn_participation": ["network_participation_rate"],
    "pcn_extended_access": ["network_extended_access_*"],
    "pcn_care_home_premium": ["network_care_home_bed_rate"],
    "pcn_support": ["network_support_rate"],
    "pcn_arrs_rate": ["additional_roles_rate"],
    "pcn_capacity_access": ["capacity_*"],
    "pcn_iif": ["iif_*"],
    "pcn_gp_reimbursement_scheme": ["gp_reimbursement_*"],
    "pcn_arrs_role_max": ["additional_roles_maximum*"],
    "locum_parental_first2": ["locum_parental_first_weeks_ceiling"],
    "locum_parental_after_and_sick": ["locum_ceiling"],
    "locum_suspension": ["locum_suspension_ceiling"],
    "vacc_ios_fee": ["vaccination_fee"],
    "childhood_ios_fee": ["childhood_vaccination_fee"],
    "childhood_repayment_trigger": ["childhood_repayment_trigger"],
    "childhood_targets_pre2021": ["childhood_target_*"],
    "ld_health_check": ["learning_disability_check_fee"],
    "minor_surgery_des": ["minor_surgery_injection_fee", "minor_surgery_excision_fee"],
    "weight_management_es": ["weight_management_fee"],
    "advice_guidance_es": ["advice_guidance_fee"],
    "out_of_area_es": ["out_of_area_*"],
    "dispensing_discount": ["dispensing_discount_*"],
    "dispensing_fee_scale": ["dispensing_fee_*"],
    "premises_grant": ["premises_grant_*"],
    "pms_premium": ["pms_*"],
    "contract_value_total": ["contract_value_total"],
    "five_year_baseline": ["five_year_*"],
    "national_payments": ["national_*"],
    "national_scale": ["national_*"],
}


def values_of(name: str) -> dict[str, Value]:
    return read_values(FILES[name], SOURCES, f"{name}/values.yaml", name)


def every_value() -> dict[str, Value]:
    return {k: v for name in FILES for k, v in values_of(name).items()}


@pytest.fixture(scope="module")
def values() -> dict[str, Value]:
    return every_value()


def numbers(thing: Any) -> list[float]:
    """Every number in a nest of lists and mappings, and those written in its texts."""
    if isinstance(thing, bool) or thing is None:
        return []
    if isinstance(thing, (int, float)):
        return [float(thing)]
    if isinstance(thing, str):
        return [float(x) for x in re.findall(r"\d+(?:\.\d+)?", thing.replace(",", ""))]
    if isinstance(thing, dict):
        return [x for v in thing.values() for x in numbers(v)]
    return [x for v in thing for x in numbers(v)] if hasattr(thing, "__iter__") else []


@pytest.mark.parametrize("name", FILES)
def test_each_file_loads_with_units_clauses_sources_and_ranges(name: str) -> None:
    found = values_of(name)
    assert found
    for value in found.values():
        assert value.title[0].isupper() and not value.title.endswith("."), value.name
        assert value.unit and value.clause, value.name
        for entry in value.entries:
            assert entry.last <= datetime.date(2027, 3, 31), f"{value.name}: nothing is known beyond 2026/27"
            if entry.grade == "M" or set(entry.sources) <= {"memory", "derived"}:
                assert entry.assumed, f"{value.name} from {entry.first} was not read anywhere, so it is assumed"
            if entry.assumed:
                assert entry.range is not None and (entry.note or value.note), (
                    f"{value.name} from {entry.first} says why"
                )
                middle = 1.0 if value.shape else float(entry.value)
                assert entry.range[0] <= middle <= entry.range[1], f"{value.name} from {entry.first}"


def test_names_are_used_once() -> None:
    names = [k for path in FILES.values() for k, _ in items(read_yaml(path))]
    assert len(names) == len(set(names))


def test_superseded_entries_are_kept_and_replaced(values: dict[str, Value]) -> None:
    for value in values.values():
        for old in (e for e in value.entries if e.status == "superseded"):
            live = [e for e in value.entries if e.status != "superseded" and e.first <= old.first <= e.last]
            assert len(live) == 1, f"{value.name} from {old.first} was replaced by nothing"
    price = values["global_sum_price"]
    assert [e.value for e in price.entries if e.status == "superseded"] == [87.92, 97.28, 102.28, 107.57, 121.79]
    assert [float(price.in_year(y)) for y in (2018, 2021, 2023, 2024, 2025)] == [88.96, 96.78, 104.73, 112.50, 123.34]
    assert float(price.in_year(2015)) == pytest.approx((75.77 * 183 + 76.51 * 183) / 366)


def test_every_source_is_cited(values: dict[str, Value]) -> None:
    others = [read_values(f, SOURCES, f.name) for f in PACKAGE.rglob("values.yaml") if f not in FILES.values()]
    cited = {s for of in (values, *others) for v in of.values() for e in v.entries for s in e.sources}
    background = {"annexb", "bma_carrhill", "donc_iif", "pcit_iif"}  # they give the rules, which docstrings cite
    assert set(SOURCES) - cited <= background


def test_tables_follow_the_axes_of_the_facts(values: dict[str, Value]) -> None:
    assert values["age_sex_weights"].keys["band"] == CARR_HILL_BANDS
    assert [int(y) for y in values["seniority_scale"].keys["years_of_service"]] == list(range(48))


def test_sums_printed_for_part_of_a_year_come_back(values: dict[str, Value]) -> None:
    paid = {
        ("network_care_home_bed_rate", 2020): 60.0,
        ("network_support_rate", 2020): 0.27,
        ("network_extended_access_registered_rate", 2022): 0.72,
        ("network_extended_access_adjusted_rate", 2022): 3.764,
        ("network_extended_access_registered_rate", 2019): 1.099,
        ("network_clinical_director_rate", 2019): 0.514,
        ("network_leadership_rate", 2021): 0.707,
        ("network_core_registered_rate", 2019): 1.125,
        ("network_core_registered_rate", 2018): 0.0,
    }
    for (name, year), sum_printed in paid.items():
        assert float(values[name].in_year(year)) == pytest.approx(sum_printed, abs=5e-5), (name, year)


def test_network_participation_was_paid_for_all_of_2019(values: dict[str, Value]) -> None:
    assert float(values["network_participation_rate"].in_year(2019)) == pytest.approx(1.761)


def test_quality_tables_add_up_to_the_official_totals(values: dict[str, Value]) -> None:
    points, total = values["qof_indicator_points"], values["qof_points_total"]
    for year in (2023, 2024, 2025):
        assert points.in_year(year).sum() == float(total.in_year(year))
    assert [points.in_year(y).sum() for y in (2023, 2025, 2026)] == [635, 564, 590]
    assert [(points.in_year(y) > 0).sum() for y in (2023, 2025)] == [76, 44]
    missing = values["qof_points_unresolved"]
    assert points.in_year(2026).sum() + float(missing.in_year(2026)) == float(total.in_year(2026)) == 582
    assert float(missing.in_year(2025)) == 0


def test_quality_protection_adds_up(values: dict[str, Value]) -> None:
    parts = ("qof_points_awarded_in_full", "qof_points_protected")
    for year, on_achievement in ((2020, 139), (2021, 75)):
        guarded = sum(float(values[p].in_year(year)) for p in parts)
        assert guarded + on_achievement == float(values["qof_points_total"].in_year(year))
    protected = values["qof_indicator_protected"].in_year(2024)
    assert protected.sum() == 32
    assert (protected * values["qof_indicator_points"].in_year(2024)).sum() == 212
    assert (protected * values["qof_indicator_points"].in_year(2025)).sum() == 0


def test_quality_thresholds_fit_the_points(values: dict[str, Value]) -> None:
    codes = values["qof_indicator_points"].keys["indicator"]
    for year in (2023, 2024, 2025, 2026):
        points, lower, upper = (values[f"qof_indicator_{n}"].in_year(year) for n in ("points", "lower", "upper"))
        assert ((lower >= 0) & (lower <= upper) & (upper <= 1)).all()
        assert (upper[points == 0] == 0).all(), "an indicator that is not in force has no thresholds"
        unscaled = [c for c, p, u in zip(codes, points, upper, strict=True) if p > 0 and u == 0]
        assert len(unscaled) == (25 if year < 2025 else 0), "19 registers and 6 quality improvement indicators"
    described = dict(items(read_yaml(PACKAGE / "england" / "assembly" / "indicators.yaml")))
    assert tuple(described) == codes


def test_point_value_moves_with_the_average_list(values: dict[str, Value]) -> None:
    for year in range(2014, 2027):
        ratio = float(values["qof_point_value"].in_year(year)) / float(values["qof_average_list"].in_year(year))
        assert ratio == pytest.approx(0.022142, rel=1e-4), year


def test_no_gap_within_what_a_value_covers(values: dict[str, Value]) -> None:
    known_gaps: set[str] = set()
    for value in values.values():
        if value.name.startswith(("national_", "five_year", "capacity_access_national", "additional_roles_national")):
            continue
        live = [e for e in value.entries if e.status != "superseded"]
        for a, b in itertools.pairwise(live):
            if (b.first - a.last).days > 1 and value.outside is None:
                known_gaps.add(value.name)
    assert not known_gaps


@pytest.fixture(scope="module")
def guide(shared: Path) -> dict[str, Any]:
    path = shared / "guide" / "parameters.yaml"
    if not path.is_file():
        pytest.skip("NEEDS THE GUIDE: no guide/parameters.yaml in the shared folder")
    made: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return made


def test_every_parameter_went_somewhere(guide: dict[str, Any]) -> None:
    assert {p["id"] for p in guide["parameters"]} == set(WENT_TO)


def test_every_source_is_listed(guide: dict[str, Any]) -> None:
    assert set(guide["sources"]) <= set(SOURCES)


@pytest.mark.parametrize("name", WENT_TO)
def test_every_figure_is_found_again(name: str, guide: dict[str, Any], values: dict[str, Value]) -> None:
    """A figure of the guide is a value, or is named in the note of the value it was turned into."""
    (parameter,) = (p for p in guide["parameters"] if p["id"] == name)
    homes = [
        v for v in values.values() for w in WENT_TO[name] if v.name == w or (w[-1] == "*" and v.name.startswith(w[:-1]))
    ]
    assert homes
    for entry in parameter["values"]:
        first = datetime.date.fromisoformat(entry["from"])
        last = datetime.date.fromisoformat(entry["to"]) if entry["to"] else datetime.date(2027, 3, 31)
        here: list[float] = []
        for home in homes:
            here += numbers([home.title, home.note])
            for own in home.entries:
                if own.first <= last and own.last >= first:
                    here += figures(own)
        printed = entry["value"]
        if name == "qof_indicators_2023_24":  # its texts are compared with indicators.yaml
            printed = [row["points"] for row in printed.values()]
        for number in sorted(set(numbers(printed))):
            assert near(number, here), f"{name} {entry['from']}: {number} is in none of {[h.name for h in homes]}"


def test_indicators_keep_domain_group_ages_and_points(guide: dict[str, Any], values: dict[str, Value]) -> None:
    """Codes of both tables, cell by cell, and how the publisher describes each indicator of 2023/24."""
    described = dict(items(read_yaml(PACKAGE / "england" / "assembly" / "indicators.yaml")))
    codes = values["qof_indicator_points"].keys["indicator"]
    by_id = {p["id"]: p["values"][0]["value"] for p in guide["parameters"] if p["id"].startswith("qof_indicators_")}
    points = dict(zip(codes, values["qof_indicator_points"].in_year(2023), strict=True))
    scaled = dict(zip(codes, values["qof_indicator_prevalence_adjusted"].in_year(2023), strict=True))
    for code, row in by_id["qof_indicators_2023_24"].items():
        own = described[code]
        assert (own["domain"], own["group"], own["ages"]) == (row["domain"], row["group"], row["age_group"] or "none")
        assert points[code] == row["points"]
        assert scaled[code] == (not row["no_prevalence_adjustment"] and row["domain"] != "QI")
    columns = ("points", "lower", "upper")
    tables = {n: dict(zip(codes, values[f"qof_indicator_{n}"].in_year(2025), strict=True)) for n in columns}
    for code, row in by_id["qof_indicators_2025_26"].items():
        found = [tables["points"][code], 100 * tables["lower"][code], 100 * tables["upper"][code]]
        assert found == pytest.approx([row[n] for n in columns]), code


def figures(entry: Entry) -> list[float]:
    return [*numbers(entry.value), *numbers(entry.note)]


def near(number: float, found: list[float]) -> bool:
    """Whether a printed figure is among those kept, as it stands, or as a fraction where it was printed per cent."""
    if math.isinf(number):
        return any(x >= 1e9 for x in found)
    return any(math.isclose(x, n, rel_tol=2e-6, abs_tol=1e-9) for n in (number, number / 100) for x in found)
