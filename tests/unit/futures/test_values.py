"""The figures of the years ahead: that they say what England was counted to be, that draws keep to their ranges, and the log of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpcontract import chapters
from gpcontract.engine import draws as worlds
from gpcontract.engine.errors import InputError, LoadError
from gpcontract.engine.values import Value
from gpcontract.england.facts import CARR_HILL_BANDS
from gpcontract.england.synthetic.draws import parameters
from gpcontract.findings.claims.inputs import evidence
from gpcontract.futures import figures
from gpcontract.futures.figures import figure, found, table

NAMES = sorted(figures.figures())
PATIENTS = 63.8e6  # registered in 2024/25
POSTS = {"nurse": 16_575, "direct_care": 17_043, "admin": 75_967}  # full-time equivalents of 2024/25


def ages() -> Any:
    """England's registered patients of 2024/25 by band, as shares."""
    shares = np.asarray(parameters()["ages"]["national"][2024])
    return shares / shares.sum()


def in_year(name: str, year: int = 2024) -> Any:
    return found(name).in_year(year)


def partners() -> float:
    return float(in_year("partners_national"))


def others() -> float:
    """Permanent qualified GPs who are not partners."""
    return float(in_year("qualified_gps_national")) - partners()


def leaving(shares: str) -> float:
    """The chance that a GP leaves, over the ages of partners or of salaried GPs."""
    return float(table("gp_leaving_rate") @ table(shares))


def partners_leaving() -> float:
    """The part of partners who leave or step down in a year."""
    return figure("partner_leaving_ratio") * leaving("partner_age_shares") + figure("partner_step_down_rate")


# -- lists and demand ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if "band" in found(n).keys])
def test_bands_are_the_formula_s_in_its_order(name: str) -> None:
    assert found(name).keys["band"] == CARR_HILL_BANDS


def test_deaths_of_a_year_are_about_those_registered_in_england() -> None:
    assert PATIENTS * ages() @ table("death_rate") == pytest.approx(540_000, rel=0.03)


def test_deaths_rise_with_age_from_childhood_on_and_are_more_among_men() -> None:
    men, women = table("death_rate").reshape(2, 7)
    assert (np.diff(men[1:]) > 0).all() and (np.diff(women[1:]) > 0).all()
    assert (men > women).all()


def in_chapter(chapter: str, name: str) -> float:
    return float(chapters.load(chapter).values[name].entries[-1].value)


def test_births_of_a_year_are_about_those_registered_in_england() -> None:
    women = PATIENTS * ages()[CARR_HILL_BANDS.index("female_15_44")]
    assert women * figure("birth_rate") == pytest.approx(565_000, rel=0.03)


def test_newcomers_are_as_many_whatever_their_ages() -> None:
    assert ages() @ table("newcomer_mobility") == pytest.approx(1, abs=0.03)


def test_contacts_by_band_come_to_the_appointments_recorded() -> None:
    assert ages() @ table("contacts_by_band") == pytest.approx(
        in_chapter("digital_access", "contacts_per_patient"), rel=0.002
    )


def test_contacts_by_band_have_the_shape_that_the_claims_have() -> None:
    curve = np.asarray(evidence()["contacts_by_band"].entries[-1].value)
    assert table("contacts_by_band") / curve == pytest.approx(1.0875, rel=0.002)


def test_posts_make_as_many_contacts_as_patients_have() -> None:
    """What the four roles give in 2024/25 is what was recorded, 369.0 million."""
    fte = np.array([partners(), others(), POSTS["nurse"], POSTS["direct_care"]])
    assert fte @ table("contacts_per_fte") == pytest.approx(369.0e6, rel=0.003)
    assert PATIENTS * in_chapter("digital_access", "contacts_per_patient") == pytest.approx(369.0e6, rel=0.003)


# -- people ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["partner_age_shares", "salaried_age_shares"])
def test_shares_by_age_add_to_one(name: str) -> None:
    assert table(name).sum() == pytest.approx(1, abs=1e-9)


def test_leavers_are_those_counted() -> None:
    """2,407 full-time equivalents left in the year to March 2023: 8.9% of the qualified GPs of 2024/25."""
    left = partners() * leaving("partner_age_shares") + others() * leaving("salaried_age_shares")
    assert left == pytest.approx(evidence()["leavers_fte"].entries[-1].value, rel=0.01)


def test_other_gps_leave_the_more_often_that_partners_do_not() -> None:
    """So that all together is as by age: nearly 30% more often."""
    spared = (1 - figure("partner_leaving_ratio")) * partners() * leaving("partner_age_shares")
    assert 1.2 < 1 + spared / (others() * leaving("salaried_age_shares")) < 1.4


def test_partners_fall_as_they_did() -> None:
    """3.4% a year from 2015 to 2025; at the ends of what is filled, 2.3% and 4.6%."""
    low, high = found("partner_vacancy_fill_rate").entries[-1].range or (0, 0)
    fall = [-partners_leaving() * (1 - filled) for filled in (figure("partner_vacancy_fill_rate"), low, high)]
    assert fall == pytest.approx([-0.034, -0.046, -0.023], abs=0.001)


def test_new_partners_are_more_than_those_who_were_paid_to_become_one() -> None:
    """The payment went to those who had not been partners before: 76 a month."""
    fte = partners() * partners_leaving() * figure("partner_vacancy_fill_rate")
    paid = chapters.load("partnership_risk").values["new_partners_a_month"].entries[-1].value
    assert paid < fte / in_chapter("partnership_risk", "new_partner_time") / 12 < 1.5 * paid


def test_qualified_gps_grow_as_they_did() -> None:
    """By some 450 to 600 full-time equivalents: the count without locums from 2023/24, and that with them to May 2025."""
    trained = figure("trainees_joining_first_year") + figure("trainees_joining_second_year")
    joined = figure("trainees_yearly") * trained * figure("joiner_participation") + figure("other_joiners")
    assert 450 <= joined - evidence()["leavers_fte"].entries[-1].value <= 600


def test_trainees_join_in_two_years_as_the_claims_say() -> None:
    both = figure("trainees_joining_first_year") + figure("trainees_joining_second_year")
    assert both == pytest.approx(evidence()["trainees_joining"].entries[-1].value)


# -- money -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "gross"), [(2022, 495_400), (2023, 575_900)])
def test_what_expenses_leave_is_partners_income(year: int, gross: float) -> None:
    left = gross * (1 - in_year("contractor_expense_shares", year).sum())
    assert left == pytest.approx(in_year("partner_income", year), rel=0.002)


def test_posts_cost_what_contractors_spend_on_staff() -> None:
    """Employee expenses of 2023/24 with the 6% of 2024/25: for the contractors counted, and for all partners."""
    spent = 276_300 * 1.06 * np.array([17_750, partners() / figure("partner_fte_per_head")])
    posts = np.array([others(), POSTS["nurse"], POSTS["direct_care"], POSTS["admin"]])
    assert spent[0] < posts @ table("staff_cost_per_fte") < spent[1]


# -- what behaviour answers to, and effects that are halved -----------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("_response") or n.endswith("_tilt")])
def test_an_answer_that_nobody_measured_may_be_none(name: str) -> None:
    entry = found(name).entries[-1]
    assert entry.assumed and entry.range
    assert entry.range[0] <= 0 <= entry.range[1]
    assert (entry.value < 0) == ("income" in name and "recruiting" not in name)


def test_effects_that_were_only_observed_are_halved() -> None:
    believed = evidence()["share_of_effect_believed"].entries[-1].value
    for name, observed in (
        ("continuity_admissions_effect", evidence()["admissions_by_continuity"].entries[-1].value),
        ("trust_admission_ratio", -evidence()["effect_on_admissions"].entries[-1].value),
    ):
        effect = figure(name) - (1 if "ratio" in name else 0)
        assert effect == pytest.approx(believed * observed)
        assert "lready halved" in found(name).entries[-1].note


def test_the_fall_of_care_is_the_claims_fall_and_the_part_of_it_that_is_real() -> None:
    fall, real = (evidence()[n].entries[-1].value for n in ("fall_when_payment_ends", "real_share_of_fall"))
    assert figure("qof_removal_real") == pytest.approx(fall * real, abs=0.05)


# -- draws -------------------------------------------------------------------------------------------------------------


def test_draw_0_is_central_and_the_others_keep_to_their_ranges() -> None:
    drawn = figures.drawn_figures(NAMES, 400, 7, 2025)
    for name, made in drawn.items():
        value = found(name)
        central, entry = value.in_year(2025), value.shares(2025)[-1][0]
        assert made.shape == (*value.shape, 400)
        assert np.array_equal(made[..., 0], central)
        if entry.range is None:
            assert (made == central[..., None]).all()
            continue
        factor = made / central[..., None] if value.shape else made
        assert factor.min() >= entry.range[0] - 1e-12 and factor.max() <= entry.range[1] + 1e-12
        assert np.ptp(factor) > 0.5 * (entry.range[1] - entry.range[0])
        assert not value.shape or np.allclose(factor, factor.reshape(-1, 400)[0])


def test_a_chapter_s_figure_shares_its_luck_with_the_contract() -> None:
    ours = figures.drawn_figures(["hard_exit_share"], 50, 3, 2026)["hard_exit_share"]
    theirs = worlds.drawn(chapters.load("partnership_risk").values["hard_exit_share"], (2026,), 50, 3)
    assert np.array_equal(ours, theirs[:, 0, 0])


def test_draws_depend_on_the_seed_alone() -> None:
    one, two, three = (figures.drawn_figures(["pay_growth"], 20, s, 2030)["pay_growth"] for s in (1, 1, 2))
    assert np.array_equal(one, two) and not np.array_equal(one, three)


def test_a_figure_stands_as_it_last_was_after_the_years_it_is_known_for() -> None:
    assert figures.last_year(found("partner_income")) == 2026
    assert figures.last_year(found("pay_growth")) == 9998
    late, last = (figures.drawn_figures(["partner_income"], 9, 1, y)["partner_income"] for y in (2034, 2026))
    assert np.array_equal(late, last)


def test_a_year_before_a_figure_is_known_is_an_error() -> None:
    with pytest.raises(LoadError, match="'pay_growth' has no value for 2019/20"):
        figures.drawn_figures(["pay_growth"], 2, 1, 2019)


def test_names_that_are_not_there_and_tables_taken_for_figures_are_errors() -> None:
    with pytest.raises(InputError, match=r"(?s)no figure 'birth_rates'.*birth_rate"):
        figure("birth_rates")
    with pytest.raises(InputError, match="'death_rate' is a table by band"):
        figure("death_rate")


# -- the log -----------------------------------------------------------------------------------------------------------


def test_the_log_has_each_figure_once_in_the_order_of_a_year_s_step() -> None:
    log = figures.log()
    assert sorted(row["name"] for row in log) == NAMES
    parts = [figures.PARTS.index(row["used"]) for row in log]
    assert parts == sorted(parts) and set(parts) == set(range(len(figures.PARTS)))


@pytest.mark.parametrize("row", figures.log(), ids=lambda row: str(row["name"]))
def test_what_is_assumed_says_its_range_and_why(row: dict[str, Any]) -> None:
    assert row["sources"] and row["grade"] in "ABCM"
    if row["assumed"] and row["owner"] == figures.OWNER:
        assert row["range"] and row["grade"] in "CM" and row["note"]


def chapter_values() -> dict[str, Value]:
    return {n: v for c in chapters.names() for n, v in chapters.load(c).values.items()}


def test_no_figure_is_written_that_a_chapter_or_a_claim_has() -> None:
    """But contacts by band, which the claims give as a curve and these as a level."""
    assert set(figures.own()) & ({*chapter_values()} | {*evidence()}) == {"contacts_by_band"}
