"""The synthetic England: the same from the same seed, whole in every year, and never mistaken for the real one."""

from __future__ import annotations

import numpy as np
import pytest

from gpcontract.engine.areas import by_area
from gpcontract.engine.errors import InputError
from gpcontract.england.facts import CARR_HILL_BANDS, England, catalogue, lines
from gpcontract.england.synthetic import make
from gpcontract.england.synthetic.draws import at_year, climb, in_force, parameters, probit, shares
from gpcontract.england.synthetic.places import counts, inside

ALL_YEARS = tuple(range(2004, 2027))

#: What the national contract reads of every practice, and findings of its people.
WANTED = [
    "open_share",
    "list_size",
    "list_published",
    "list_growth",
    "list_by_band",
    "weighted_list_published",
    "other_needs_index",
    "on_gms",
    "on_pms",
    "on_apms",
    "gms_share",
    "contract_changed",
    "took_over",
    "dispensing",
    "rural",
    "in_london",
    "london_resident_share",
    "deprivation_score",
    "deprivation_fifth",
    "latitude",
    "longitude",
    "ooh_opted_out",
    "qof_points",
    "qof_prevalence_index",
    "correction_factor_base",
    "guaranteed_income",
    "gp_fte",
    "partner_fte",
    "nurse_fte",
    "direct_care_fte",
    "admin_fte",
    "cqc_rating",
    "general_acute_weighted_list",
    "community_weighted_list",
    "mental_health_weighted_list",
    "maternity_weighted_list",
    "prescribing_weighted_list",
    "health_inequalities_weighted_list",
    "primary_care_weighted_list",
    "published_total",
]


@pytest.fixture(scope="module")
def one() -> England:
    return make(1)


@pytest.fixture(scope="module")
def every() -> England:
    return make(1, ALL_YEARS)


def test_says_synthetic_everywhere(one: England) -> None:
    assert one.is_synthetic and one.title == "synthetic England, seed 1"
    assert {p.status for p in one.provenance.values()} == {"synthetic"} and set(one.provenance) == set(one.facts)
    assert all("ynthetic" in name for name in one.labels["name"])
    assert all("ynthetic" in name for a in one.areas.values() for name in a.names)
    assert "no practice in it exists" in one.report.warnings[0]


def test_same_seed_is_the_same_england_bit_for_bit(one: England) -> None:
    again = make(1)
    assert again.codes == one.codes and set(again.facts) == set(one.facts)
    for name, values in one.facts.items():
        assert values.tobytes() == again.facts[name].tobytes(), name


def test_another_seed_is_another_england(one: England) -> None:
    other = make(2)
    assert not np.array_equal(other.facts["list_size"][..., :100], one.facts["list_size"][..., :100])


@pytest.mark.parametrize("year", [2004, 2014, 2024])
def test_a_year_is_the_same_whatever_other_years_are_asked_for(every: England, year: int) -> None:
    alone = make(1, (year,))
    at = [every.codes.index(c) for c in alone.codes]
    assert (every.facts["open_share"][0, every.year(year)] > 0).sum() == len(alone.codes)
    for name, values in alone.facts.items():
        whole = every.facts[name]
        row = whole[..., every.year(year) if whole.shape[-2] > 1 else 0, :][..., at]
        assert np.array_equal(row, values[..., 0, :], equal_nan=True), name


def test_year_sets_may_have_gaps_and_any_order() -> None:
    england = make(3, (2024, 2015, 2015))
    assert england.years == (2015, 2024) and england.fact("list_size").shape == (1, 2, len(england.codes))


@pytest.mark.parametrize("years", [(), (2003,), (2024, 2027)])
def test_years_outside_the_contract_are_refused(years: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="2004/05 to 2026/27"):
        make(1, years)


@pytest.mark.parametrize("seed", [-1, 1.5, "one"])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(InputError, match="not a seed"):
        make(seed)  # type: ignore[arg-type]


def test_every_fact_is_in_the_catalogue_and_broadcasts(every: England) -> None:
    known, year_by_practice = catalogue(), (1, len(ALL_YEARS), len(every.codes))
    extra = {
        "list_published",
        "list_growth",
        "contract_changed",
        "published_total",
    }  # derived facts, as official.py names them
    assert set(every.facts) - extra <= set(known)
    for name, values in every.facts.items():
        assert values.dtype == np.float64, name
        np.broadcast_shapes(values.shape, year_by_practice)
    assert every.facts["list_by_band"].shape == (len(CARR_HILL_BANDS), *year_by_practice)


def test_the_facts_of_the_national_contract_are_there(one: England) -> None:
    assert set(WANTED) <= set(one.facts)
    gaps = {k for k, v in one.facts.items() if np.isnan(v).any()}
    assert gaps == {"list_growth"}  # only practices in their first year have none


def test_practices_boards_and_patients_are_as_many_as_published(one: England) -> None:
    base = counts()[0]
    assert len(one.codes) == base == 6249 and len(one.areas["board"]) == 42
    assert len(one.areas["sub_board"]) == 106 and len(one.areas["region"]) == 7
    assert 1240 <= len(one.areas["network"]) <= 1310
    assert one.facts["list_size"].sum() == pytest.approx(63.611e6, abs=100)


def test_lists_bands_and_weighted_lists_add_up_in_every_year(every: England) -> None:
    size, bands = every.fact("list_size"), every.fact("list_by_band")
    assert np.allclose(bands.sum(0), size, rtol=1e-12) and (bands >= 0).all()
    assert np.array_equal(size > 0, every.fact("open_share") == 1)
    weighted = every.fact("weighted_list_published").sum(-1)
    assert weighted == pytest.approx(size.sum(-1), rel=2e-4)
    assert (size[size > 0] < 500).mean() < 0.005
    for name in every.facts:
        if name.endswith("_weighted_list"):
            assert every.fact(name).sum(-1) == pytest.approx(size.sum(-1), rel=1e-9), name


def test_other_needs_times_age_and_sex_is_the_weighted_list(one: England) -> None:
    weights = np.array(parameters()["age_sex_weights"]["values"])
    by_age = np.tensordot(weights, one.fact("list_by_band"), 1)
    by_age *= one.fact("list_size").sum() / by_age.sum()
    assert by_age * one.fact("other_needs_index") == pytest.approx(one.fact("weighted_list_published"), rel=1e-9)


def test_areas_nest(every: England) -> None:
    at = {k: np.broadcast_to(a.index, (len(ALL_YEARS), len(every.codes))) for k, a in every.areas.items()}
    for inner, outer in (("network", "sub_board"), ("sub_board", "board"), ("board", "region")):
        has = at[inner] >= 0
        pairs = np.unique(np.stack([at[inner][has], at[outer][has]]), axis=1)
        assert len(np.unique(pairs[0])) == pairs.shape[1], f"a {inner} in two {outer}s"
        assert (pairs[1] >= 0).all()
    assert (at["network"][: ALL_YEARS.index(2019)] == -1).all()  # networks began in 2019
    assert (at["region"] == 0).sum(1).min() > 0
    london = every.fact("in_london")[0]
    assert np.array_equal(london > 0, at["region"][:1] == 0)


def test_networks_are_of_the_published_size(one: England) -> None:
    size = by_area(one.fact("list_size"), one.areas["network"])[0, 0]
    assert 30_000 < np.median(size) < 55_000 and np.quantile(size, 0.05) > 15_000


def test_places_lie_in_england_and_networks_are_near_together(one: England) -> None:
    points = np.stack([one.fact("latitude")[0, 0], one.fact("longitude")[0, 0]], 1)
    assert inside(points, np.array(parameters()["outline"])).mean() > 0.97  # a few miles of surf at the edges
    network = one.areas["network"].index[0]
    known = network >= 0
    n = np.bincount(network[known])
    for axis in (0, 1):
        middle = np.bincount(network[known], points[known, axis]) / np.maximum(n, 1)
        assert np.quantile(np.abs(points[known, axis] - middle[network[known]]), 0.95) < 0.12


def test_one_contract_each_while_open(every: England) -> None:
    kinds = every.fact("on_gms") + every.fact("on_pms") + every.fact("on_apms")
    assert np.array_equal(kinds, every.fact("open_share"))
    changed = every.fact("contract_changed")
    assert (changed[0, 1:].mean(-1) < 0.09).all() and changed[0, ALL_YEARS.index(2016)].sum() > 0


def test_money_is_never_negative_and_missing_only_where_closed_or_unpublished(every: England) -> None:
    here = every.fact("open_share") > 0
    for name in lines():
        if f"published_{name}" not in every.facts:
            continue
        paid = every.fact(f"published_{name}")
        if name != "prescribing_fees":  # from 2021/22 dispensing practices repay some
            assert np.nanmin(paid) >= 0, name
        known = ~np.isnan(paid)
        in_year = known.any(-1, keepdims=True)
        assert np.array_equal(known, here & in_year), name


def test_lines_that_every_year_paid(every: England) -> None:
    for name in ("global_sum", "pms_balance", "correction_factor", "qof", "premises", "drugs"):
        totals = np.nansum(every.fact(f"published_{name}"), -1)[0]
        paid = ALL_YEARS.index(2020) if name == "correction_factor" else len(ALL_YEARS)
        assert (totals[:paid] > 0).all(), name
    at = ALL_YEARS.index
    participation = every.fact("published_network_participation")[0]
    assert np.isnan(participation[: at(2019)]).all() and np.nansum(participation[at(2019) :], -1).min() > 0
    assert np.nansum(every.fact("published_correction_factor")[0, at(2020) :]) == 0


def test_global_sum_is_the_contract_plus_noise(one: England) -> None:
    p = parameters()
    gms = (one.fact("on_gms") > 0) & (one.fact("published_global_sum") > 0)
    london = one.fact("london_resident_share") * one.fact("list_size") * 2.18
    due = (one.fact("weighted_list_published") * p["price"]["values"][2024] + london) * (
        1 - 0.0475 * one.fact("ooh_opted_out")
    )
    error = np.abs(one.fact("published_global_sum") / due - 1)[gms]
    assert 0.003 < np.median(error) < 0.008
    assert one.fact("ooh_opted_out").mean() == pytest.approx(0.94, abs=0.01)


def test_correction_factors_fall_by_sevenths(every: England) -> None:
    cf = every.fact("published_correction_factor")[0]
    at = ALL_YEARS.index
    same = (every.fact("on_gms")[0, at(2014) : at(2020)] > 0).all(0) & (cf[at(2014)] > 0)
    heirs = np.abs(cf[at(2015)] / np.where(same, cf[at(2014)], 1) - 5 / 6) > 1e-4  # took over a closed practice's
    assert same.sum() > 1500 and (heirs & same).sum() < 60
    for year, left in ((2015, 5), (2017, 3), (2019, 1)):
        moved = same & (np.abs(cf[at(year)] - cf[at(2014)] * left / 6) < 0.02)
        assert moved.sum() > 0.7 * same.sum()


def test_practices_open_close_and_merge_without_losing_patients(every: England) -> None:
    size = every.fact("list_size")[0]
    here = size > 0
    closed, opened = here[:-1] & ~here[1:], ~here[:-1] & here[1:]
    assert (closed.sum(1) > 50).all() and (opened.sum(1) == 10).all()
    assert not (np.diff(here.astype(int), axis=0) == 1).sum(0).max() > 1  # nobody reopens
    nation = [float(at_year(parameters()["patients"]["values"], y)) * 1e6 for y in ALL_YEARS]
    assert size.sum(1) == pytest.approx(nation, abs=200)
    assert np.nanmax(every.fact("list_growth")) > 0.2  # heirs


def test_unpublished_years_say_so(every: England, one: England) -> None:
    assert "2025/26" in every.provenance["published_qof"].note and "scaled" in every.provenance["published_qof"].note
    assert "scaled" not in one.provenance["published_qof"].note


def test_parameters_are_sourced_and_summaries_not_rows() -> None:
    p = parameters()
    assert all(
        {"title", "publisher", "date", "grade"} <= set(s) and s["grade"] in "ABCM" for s in p["sources"].values()
    )

    def check(node: object) -> None:
        if isinstance(node, dict):
            assert set(node.get("source", [])) <= set(p["sources"])
            if node.get("status") == "assumed":
                assert "range" in node
            for child in node.values():
                check(child)

    check(p)
    assert set(p["lines"]) <= set(lines())
    assert all(len(v) == 13 for spec in p["lines"].values() for v in spec.get("spread", {}).values())


def test_helpers() -> None:
    assert probit(0.5) == pytest.approx(0)
    ladder = list(range(1, 10))
    assert climb(np.array([0.0, probit(0.95), -9.0]), ladder) == pytest.approx([5, 8, 0.5])
    assert at_year({2010: 1.0, 2014: 3.0}, 2011) == 1.5 and at_year({2010: [1.0, 2.0]}, 2020) == [1.0, 2.0]
    assert in_force({2004: 1, 2010: 2}, 2009) == 1
    assert (
        shares([1, 1, 2], 10) in ([2, 3, 5], [3, 2, 5])
        and sum(shares(np.random.default_rng(0).random(42), 6249)) == 6249
    )
