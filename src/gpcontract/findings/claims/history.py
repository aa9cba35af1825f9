"""Claims of the past: what was given, taken back, ended and reversed."""

from __future__ import annotations

from ...england.facts import Array
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .words import count, more_or_less, percent, pounds


@claim(
    "the-gains-of-2004-were-taken-back",
    ids="S1-59 S4-05",
    says="What GPs gained in 2004 was clawed back.",
    by=READER_2022,
    unit="share more income than in 2005/06, prices taken off",
    cannot="Hours, pensions and tax; the deflator is not what households pay, by which it is less.",
)
def clawed_back(partner_income: float, partner_income_2005: float) -> Finding:
    """A partner's mean income against that of 2005/06 in prices of the year."""
    change = partner_income / partner_income_2005 - 1
    return Finding(
        change,
        change < 0,
        f"{pounds(partner_income)} against {pounds(partner_income_2005)} of 2005/06 in the same prices: {more_or_less(change)}.",
    )


@claim(
    "funding-falls-behind-costs",
    ids="S0-17 S3-12",
    says="Funding for general practice has fallen behind costs.",
    by="British Medical Association, 2023",
    unit="share more for each weighted patient over the years, prices taken off",
    cannot="Costs of practices: wages and energy rose faster than the deflator, so more was lost than this.",
)
def behind_costs(
    per_weighted_first: float, per_weighted_last: float, price_rise: float, first_year: float, last_year: float
) -> Finding:
    """Growth of payments for each weighted patient, dispensing left out, after prices."""
    real = per_weighted_last / per_weighted_first / price_rise - 1
    return Finding(
        real,
        real < 0,
        f"{pounds(per_weighted_first)} a weighted patient in {first_year:.0f} and {pounds(per_weighted_last)} in {last_year:.0f} is {more_or_less(real, 1)} "
        "once prices are taken off.",
        also={"a year": (1 + real) ** (1 / (last_year - first_year)) - 1},
    )


@claim(
    "local-variation-was-ended-once",
    ids="S0-53 S0-56",
    says="Local variation was ended and is now wanted again.",
    by=READER_2023,
    unit="share more PMS agreements in the last year than in the first",
    cannot="What each change of mind cost.",
)
def pms_ended(pms_first: float, pms_last: float, first_year: float, last_year: float) -> Finding:
    """The fall in PMS agreements, the local contract."""
    change = pms_last / pms_first - 1
    return Finding(
        change,
        change < 0,
        f"{count(pms_first)} PMS agreements in {first_year:.0f}, {count(pms_last)} in {last_year:.0f}: {more_or_less(change)}.",
        also={"first": pms_first, "last": pms_last},
    )


@claim(
    "most-gain-when-the-guarantee-ends",
    ids="S3-08",
    says="Most practices gain if the income guarantee ends and its money goes into the price.",
    by="NHS Confederation, 2009 (that it should end)",
    unit="share of GMS practices that lose",
    cannot="Which of the losers could bear it.",
)
def end_guarantee(
    guarantee_paid: Array, guarantee_weighted: Array, guarantee_left: float, outlier_loss: float, guarantee_steps: float
) -> Finding:
    """GMS practices that lose if correction factors end at once and the sum goes into the price."""
    whole = guarantee_paid / guarantee_left
    change = guarantee_weighted * whole.sum() / guarantee_weighted.sum() - whole
    lose, out = change < 0, change < -outlier_loss * guarantee_steps * guarantee_weighted
    return Finding(
        float(lose.mean()),
        bool(lose.mean() < 1 / 2),
        f"{percent(float((whole > 0).mean()))} of {count(whole.size)} GMS practices had a guarantee, {pounds(float(whole.sum()))} in all; ended at once "
        f"{count(lose.sum())} lose, {count(out.sum())} of them more than {pounds(outlier_loss)} for each weighted patient in each of {count(guarantee_steps)} years.",
        also={
            "practices that lose": lose.sum(),
            "practices that lose much": out.sum(),
            "pounds in all": float(whole.sum()),
            "share with a guarantee": float((whole > 0).mean()),
        },
    )


@claim(
    "seniority-is-worth-moving",
    ids="S3-09",
    says="Seniority pay should be reviewed.",
    by="NHS Confederation, 2009",
    unit="GBP per weighted patient",
    cannot="Who went earlier because it ended.",
)
def seniority(
    seniority_paid: float, seniority_weighted: float, seniority_total: float, noticeable_share: float
) -> Finding:
    """Seniority pay in the first year with payments, for each weighted patient."""
    share = seniority_paid / seniority_total
    return Finding(
        seniority_paid / seniority_weighted,
        share >= noticeable_share,
        f"{pounds(seniority_paid)} of seniority was {pounds(seniority_paid / seniority_weighted)} a weighted patient, {percent(share, 1)} of payments.",
        why="worth moving is taken as a noticeable share of payments",
        also={"pounds in all": seniority_paid, "share of payments": share},
    )


@claim(
    "closing-walk-in-centres-saves",
    ids="S3-14 S3-13 S3-15",
    says="Closing walk-in centres saves money that is paid twice.",
    by="NHS Confederation, 2009",
    unit="GBP for each attendance, prices of 2024/25",
    cannot="Where patients go: shares are assumed. GPs are paid by list, so a visit moved to them costs time and not money.",
)
def walk_in(walk_in_cost: float, emergency_visit_cost: float, contact_cost: float, walk_in_goes_to: Array) -> Finding:
    """The cost of an attendance less what its patients cost elsewhere."""
    _, to_practice, to_emergency, to_another = (float(x) for x in walk_in_goes_to)
    elsewhere = to_practice * contact_cost + to_emergency * emergency_visit_cost + to_another * walk_in_cost
    return Finding(
        walk_in_cost - elsewhere,
        walk_in_cost > elsewhere,
        f"An attendance costs {pounds(walk_in_cost)}; {percent(to_emergency)} would go to A&E, {percent(to_practice)} to a practice and "
        f"{percent(to_another)} to another centre, at {pounds(elsewhere)} in all.",
        also={"cost elsewhere": elsewhere},
    )


@claim(
    "nhs-data-are-worth-ten-billion",
    ids="S0-41",
    says="NHS data are worth £10bn a year.",
    by=READER_2023,
    unit="GBP a year",
    cannot="Cash: half is benefit to patients and the NHS, none of it has been paid, and it is of all records, not GPs' alone.",
)
def data_worth(
    data_market_value: float, data_benefits: float, claimed_data_worth: float, data_records: float
) -> Finding:
    """What accountants put NHS data at: its market and its benefits."""
    worth = data_market_value + data_benefits
    return Finding(
        worth,
        None,
        f"Accountants put it at {pounds(worth)} a year in 2019, {pounds(worth / data_records)} a record: {pounds(data_market_value)} of market and "
        f"{pounds(data_benefits)} of benefits.",
        why=f"the figure is within a tenth of {pounds(claimed_data_worth)}, and it is an estimate of worth and not of money",
        also={"pounds a record": worth / data_records},
    )
