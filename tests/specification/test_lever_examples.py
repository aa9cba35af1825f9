"""Every worked number of the published lever examples by our methods: each is met, or listed with the reason it is not computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import worked_examples as worked
from gpcontract.levers import (
    capitation,
    estate,
    incentives,
    losses,
    pilots,
    pools,
    pressure,
    reliability,
    risk,
    standards,
)

FILE = Path("examples") / "levers.yaml"
TIGHT = 1e-9

#: Examples that hold no arithmetic of ours, each with the reason.
NOT_COMPUTED = {
    "abel2017_reliability": "published reliabilities of real indicators: their data are not open by practice",
    "murchie2015_poor_practice_detection": "a published finding about cancer cases: its model is not given",
    "remedial_notice_min_period": "a rule of notice, not a number to work out",
    "prime_yield": "published market yields: what `estate.capital_value` takes, not what it gives",
    "nhsps_chp_tenancies_2017": "counts from a parliamentary answer",
    "pcn_size_rule": "a rule of size",
    "tower_hamlets_networks": "a published evaluation",
    "neighbourhood_contract_scale": "announced sizes of contracts",
    "pbra_fit": "published fit of a model of 5 million people's data",
    "gpas_to_opel": "a table of states",
    "kent_gp_opel": "a rule of states",
    "bma_safe_contacts": "published guidance",
    "care_opinion": "rules of moderation",
    "fft_breach_rule": "a rule of dates",
    "cis2_scopes": "settings of a login service",
    "pcse_cutoff": "a rule of dates",
    "ppv_outcomes": "a list of outcomes",
    "callaway_santanna_mpdta": "its panel is not in the folder, and evaluation after a pilot is not built: only its design is",
    "prop99": "its panel is not in the folder, and evaluation after a pilot is not built: only its design is",
    "gillam_qof_review": "counts of a review's articles",
    "qof_withdrawal_scotland": "sizes of a published evaluation",
}


def poisson_limits(i: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, a in zip(("95", "998"), i["alpha_one_sided"], strict=True):
        found[f"lower_{name}"], found[f"upper_{name}"] = standards.poisson_limits(i["expected"], a)
    return found


def over_dispersed(scored: standards.Scored, part: float) -> dict[str, Any]:
    phi, tau2 = standards.over_dispersion(scored, part)
    return {"phi": phi[0], "tau2": tau2[0], "z_additive": standards.additive_z(scored, tau2)}


def ratio_scores(i: dict[str, Any]) -> dict[str, Any]:
    assert i["quantile_type"] == 7
    scored = standards.ratio_by_root(i["observed"], i["expected"])
    found = over_dispersed(scored, i["winsor"])
    return {**found, "z": scored.z, "z_multiplicative": standards.multiplicative_z(scored, found["phi"])}


def proportion_scores(i: dict[str, Any]) -> dict[str, Any]:
    scored = standards.proportion(i["numerator"], i["denominator"])
    return {**over_dispersed(scored, i["winsor"]), "target": scored.natural(scored.target)[0]}


def flags(i: dict[str, Any]) -> dict[str, Any]:
    n, alpha = i["indicators"], i["alpha"]
    return {
        "p_any_flag_if_average": standards.chance_of_flags(n, alpha),
        "expected_flags_at_998": n * (1 - 0.998),
        "p_4_or_more_flags": standards.chance_of_flags(n, alpha, 4),
    }


def shrunken(i: dict[str, Any]) -> dict[str, Any]:
    weight, mean, sd = reliability.shrink(i["y"], np.square(i["s"]), i["tau"] ** 2)
    below = reliability.chance_below(mean, sd, i["threshold"])
    return {
        "B": weight,
        "mean": mean,
        "p_below_threshold": below,
        "expected_rank": reliability.expected_ranks(mean, sd),
    }


def wilson(i: dict[str, Any]) -> dict[str, Any]:
    low, high = standards.wilson(*np.transpose(i["pairs"]))
    return {"lower": low, "upper": high}


def abatement(example: dict[str, Any]) -> dict[str, Any]:
    upper, years = zip(*((np.inf if u is None else u, y) for u, y in example["bands"]), strict=True)
    return {"years": estate.guaranteed_years(example["inputs"]["grant_value"], upper, years)}


def knapsack(i: dict[str, Any]) -> dict[str, Any]:
    value = np.array(i["patients_k"]) * i["closure_risk"] * estate.need_weight(i["imd_quintile"], 0.25)
    found = estate.choose_purchases(i["cost"], value, i["budget"])
    return {"selected": np.flatnonzero(found.chosen), "value": found.value, "spend": found.spend}


def annuity(i: dict[str, Any]) -> dict[str, Any]:
    factor = estate.annuity(i["years"], i["rate"])
    return {"factor": factor, "pv": i["rent"] * factor}


def last_partner(i: dict[str, Any]) -> dict[str, Any]:
    p = estate.last_partner_chance(i["start"], i["leave"], i["join"], i["years"], i["max_n"], i["absorb"])
    return {"p_absorbed": p}


def dental_group(i: dict[str, Any]) -> dict[str, Any]:
    g = losses.compound(i["fn"], [0, *i["fx_1_to_10"]])
    units, pounds = losses.moments(g), losses.moments(g, i["unit"])
    return {
        "mean_units": units.mean,
        "variance_units": units.variance,
        "mean": pounds.mean,
        "sd": np.sqrt(pounds.variance),
        **{f"f{k}": g[k] for k in range(4)},
        "stop_loss_d0_d25_d50_d75_d100": losses.stop_loss(g, [0, 25, 50, 75, 100], i["unit"]),
    }


def two_tails(i: dict[str, Any]) -> dict[str, Any]:
    mean, variance = losses.aggregate_moments(i["n_mean"], i["n_sd"], i["x_mean"], i["x_sd"])
    sd, at = np.sqrt(variance), i["multiple"] * mean
    tails = {"p_normal": pools.normal_tail(mean, sd, at), "p_lognormal": pools.lognormal_tail(mean, sd, at)}
    return {"mean": mean, "variance": variance, "sd": sd, **tails}


def panjer(i: dict[str, Any]) -> dict[str, Any]:
    cases, severity = losses.Cases.poisson(i["lambda"]), [0, *i["severity_1_to_4"]]
    g = losses.panjer(cases, severity, 64)
    np.testing.assert_allclose(g, losses.fourier(cases, severity, 64), atol=1e-15)
    return {"g0_to_g7": g[:8], "mean": losses.moments(g).mean, "stop_loss_at_8": losses.stop_loss(g, 8)}


def savings_rates(example: dict[str, Any]) -> list[list[float]]:
    """The printed table: each band's first size and the rates at its two ends, from the points alone."""
    table = example["expected"]
    sizes, first, _ = zip(*table, strict=True)
    ends = [*sizes[1:], sizes[-1]]
    rates = [risk.minimum_savings_rate(np.array([a, b]), sizes, first) for a, b in zip(sizes, ends, strict=True)]
    return [[n, *r] for n, r in zip(sizes, rates, strict=True)]


def gain_share(i: dict[str, Any]) -> dict[str, Any]:
    benchmark = i["benchmark_per_head"] * i["members"]
    actual = np.array(i["spend_per_head"]) * i["members"]
    paid = risk.gain_share(benchmark, actual, i["share"], i["msr"], i["cap_of_benchmark"])
    return {"payment": paid}


def corridor(i: dict[str, Any]) -> dict[str, Any]:
    over = risk.deviation(np.array(i["actual_over_budget"]), 1.0)
    return {"provider_deviation_share": risk.corridor(over, i["bands_upper"], i["provider_share"])}


def weighted_capitation(i: dict[str, Any]) -> dict[str, Any]:
    streams = list(i["share"])
    needs, shares = np.array([i["need"][s] for s in streams]), [i["share"][s] for s in streams]
    found = capitation.weighted_population(np.array(i["pop"]), needs, shares, np.array(i["mff"]))
    return {"weighted_pop": found, "budget": capitation.budget(i["pot"], found)}


def xmr(i: dict[str, Any]) -> dict[str, Any]:
    found = pressure.xmr(i["y"])
    return {"mean": found.mean, "amr": found.moving_range, "lpl": found.lower, "upl": found.upper}


def pharmacy_fees(i: dict[str, Any]) -> dict[str, Any]:
    seen = (i["clinical_pathway"], i["minor_illness"], i["urgent_supply"])
    return {"payment": incentives.pharmacy_payment(*seen, 17, 15, [(20, 500), (30, 1000)])}


def navigation(i: dict[str, Any]) -> dict[str, Any]:
    names = ("p_accept", "p_resolved", "c_gp", "c_alt", "c_rework", "c_navigate")
    return {"net": incentives.navigation_net_value(*(i[n] for n in names))}


def settlement(i: dict[str, Any]) -> dict[str, Any]:
    prior, rate = i["prior_achievement"], i["aspiration_rate"]
    settled = incentives.year_end_settlement(i["achievement"], prior, rate)
    return {"monthly": incentives.aspiration(prior, rate), "settlement": settled}


def hussey_hughes(i: dict[str, Any]) -> dict[str, Any]:
    design = pilots.stepped_wedge(i["per_step"])
    assert design.shape == (i["clusters"], i["periods"])
    sums = pilots.design_sums(design)
    cell = (i["p0"] * (1 - i["p0"]) + i["p1"] * (1 - i["p1"])) / 2 / i["n"]
    variance = pilots.wedge_variance(design, cell, i["tau"] ** 2)
    alpha = 2 * pools.normal_tail(0, 1, 1.959964)  # the example rounds this limit
    return {
        **{k.upper(): v for k, v in sums._asdict().items()},
        "var": variance,
        "power": pilots.power(i["p1"] - i["p0"], variance, float(alpha), both_tails=True),
    }


def fading_wedge(i: dict[str, Any]) -> dict[str, Any]:
    design = pilots.stepped_wedge(i["per_step"])
    assert len(design) == i["clusters"]
    variance = [pilots.fading_wedge_variance(design, i["n"], i["sd_within"], i["icc"], c) for c in i["cac"]]
    return {"var": variance, "power": pilots.power(i["effect"], variance)}


def woertman(i: list[dict[str, Any]]) -> list[float]:
    return [float(pilots.woertman(x["rho"], x["n"], x["k"], x["t"], x["b"])) for x in i]


def parallel(i: dict[str, Any]) -> dict[str, Any]:
    found = pilots.parallel_size(i["p0"], i["p1"], i["m"], i["icc"], i["cv"], i["alpha"], i["power"])
    return {
        "n_individual_per_arm": found.patients,
        "design_effect": found.design_effect,
        "clusters_per_arm": found.clusters,
    }


def spearman_brown(i: dict[str, Any]) -> dict[str, Any]:
    own = reliability.reliability(i["between_var"], i["within_var"] / np.array(i["n"]))
    return {"reliability": own, "years_needed": reliability.years_needed(i["r1"], i["target"])}


#: Example id -> how our methods work it out from its inputs.
BY_INPUTS: dict[str, Callable[[Any], Any]] = {
    "funnel_poisson_limits": poisson_limits,
    "od_zscore_ratio_sqrt_winsorised": ratio_scores,
    "od_zscore_proportion_arcsine": proportion_scores,
    "multiplicity_of_flags": flags,
    "od_outliers_are_mostly_chance_at_low_reliability": lambda i: {
        "ppv": standards.truly_worst_share(i["reliability"])
    },
    "shrinkage_and_ranks": shrunken,
    "wilson_interval": wilson,
    "capital_value_from_rent": lambda i: estate.capital_value(i["rent"], i["yield"], i["purchaser_costs"])._asdict(),
    "assura_market_yield_2016": lambda i: {"gross_yield": estate.gross_yield(i["price"], i["rent"])},
    "policy_exchange_6bn_crosscheck": lambda i: {"rent_implied": estate.rent_bought(i["fund"], i["yield"])},
    "lease_annuity": annuity,
    "buyout_knapsack": knapsack,
    "last_partner_standing_ctmc": last_partner,
    "kpw_9_5_group_dental": dental_group,
    "kpw_9_3_normal_lognormal": two_tails,
    "panjer_poisson": panjer,
    "mssp_style_gain_share": gain_share,
    "risk_corridor": corridor,
    "shapley_saving_split": lambda i: losses.shapley(i["v"]),
    "weighted_capitation_toy": weighted_capitation,
    "xmr_limits": xmr,
    "spc_rule_seven_one_side": lambda i: {"flag": pressure.seven_on_one_side(i["side"])},
    "spc_rule_trend": lambda i: {"flag": [pressure.trend_of_seven(s).tolist() for s in i["series"]]},
    "spc_rule_two_in_three": lambda i: {"flag": pressure.two_of_three_near_limit(i["close"], i["side"])},
    "farrington_weights": lambda i: {"w": pressure.farrington_weights(i["s"], i["threshold"])},
    "pharmacy_first_fees_2025_26": pharmacy_fees,
    "pharmacy_first_caps_jan_2025": lambda i: {"pct_rise": np.round((np.divide(i["new"], i["old"]) - 1) * 100)},
    "pharmacy_first_gateways": lambda i: {"eligible": [incentives.may_be_seen(*case) for case in i["cases"]]},
    "navigation_net_value": navigation,
    "qof_year_end_settlement": settlement,
    "hussey_hughes_closed_form": hussey_hughes,
    "sw_power_with_cac": fading_wedge,
    "woertman_design_effect": woertman,
    "parallel_crt_size": parallel,
    "spearman_brown": spearman_brown,
}

#: The same for examples whose table is not among their inputs.
BY_EXAMPLE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "premises_grant_abatement_2024": abatement,
    "mssp_msr_table": savings_rates,
}


def listed() -> list[dict[str, Any]]:
    """The published examples, or none without the folder."""
    import yaml

    path = worked.folder() / FILE
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["examples"] if path.exists() else []
    return found


LISTED = listed()


def compare(ours: Any, published: Any, tolerance: float, path: str = "") -> None:
    """Fail unless all figures are within the tolerance, absolute under 1 and relative above, and nothing is missing."""
    if isinstance(published, dict):
        assert set(ours) == set(published), path
        for key, value in published.items():
            compare(ours[key], value, tolerance, f"{path}.{key}")
        return
    if isinstance(published, list) and any(isinstance(x, list) for x in published):
        for i, (a, b) in enumerate(zip(ours, published, strict=True)):
            compare(a, b, tolerance, f"{path}.{i}")
        return
    given, wanted = np.asarray(ours, dtype=np.float64), np.asarray(published, dtype=np.float64)
    assert given.shape == wanted.shape or given.size == wanted.size == 1, path
    off = np.abs(given - wanted) > tolerance * np.maximum(1.0, np.abs(wanted))
    assert not off.any(), f"{path}: ours {given}, published {wanted}"


def test_every_example_is_computed_or_listed_with_its_reason(shared: Path) -> None:
    assert LISTED, f"no {FILE} in the folder"
    ids = [e["id"] for e in LISTED]
    known = [*BY_INPUTS, *BY_EXAMPLE, *NOT_COMPUTED]
    assert len(known) == len(set(known)), "an id is in two lists"
    assert sorted(ids) == sorted(known)


@pytest.mark.parametrize("example", [e for e in LISTED if e["id"] not in NOT_COMPUTED], ids=lambda e: e["id"])
def test_published_example(example: dict[str, Any], shared: Path) -> None:
    name = example["id"]
    ours = BY_INPUTS[name](example["inputs"]) if name in BY_INPUTS else BY_EXAMPLE[name](example)
    compare(ours, example["expected"], example.get("tol", TIGHT), name)


def test_a_figure_that_is_off_is_found() -> None:
    compare({"a": [1.0, 200.0]}, {"a": [1.0, 200.01]}, 1e-4)
    with pytest.raises(AssertionError, match="published"):
        compare({"a": [1.0, 200.0]}, {"a": [1.0, 200.1]}, 1e-4)
    with pytest.raises(AssertionError):
        compare({"a": 1.0}, {"a": 1.0, "b": 2.0}, 1e-4)


# -- figures that the guide to levers states without an example ------------------------------------------------


def test_pool_sizes_as_the_guide_states_them() -> None:
    """A person's cost varies by 3.5 times its mean, 2% is systemic: chance alone, and P(more than 5% over)."""
    people = np.array([10_000, 30_000, 50_000, 250_000])
    np.testing.assert_allclose(pools.pool_cv(people, 3.5), [0.035, 0.020, 0.016, 0.007], atol=5e-4)
    over = pools.overspend_chance(pools.pool_cv(people, 3.5, 0.02), 0.05)
    np.testing.assert_allclose(over, [0.11, 0.039, 0.025, 0.009], atol=3e-3)


def test_payment_noise_as_the_guide_states_it() -> None:
    """Paid from 40% to 90%, worth 70% of the pot: of 20 patients, sd 19% and 9% chance of all; of 200, 6% and none."""
    found = reliability.payment_noise([20, 200], 0.75, 0.4, 0.9)
    np.testing.assert_allclose(found.sd, [0.19, 0.06], atol=5e-3)
    np.testing.assert_allclose(found.full, [0.09, 0.0], atol=5e-3)


#: Hachemeister's claims per head and exposure, 5 states by 12 quarters, as textbooks on credibility print them (1975).
CLAIMS = [
    [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
    [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
    [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
    [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
    [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
]
EXPOSURE = [
    [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
]


def test_credibility_as_the_guide_states_it() -> None:
    found = reliability.credibility(CLAIMS, EXPOSURE)
    np.testing.assert_allclose(found.weight, [0.985, 0.928, 0.898, 0.728, 0.959], atol=6e-4)
