"""Claims of the five proposals, read from their contracts as they price this England."""

from __future__ import annotations

from ...england.facts import Array
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .ownership import holders_today
from .words import count, percent, pounds


@claim(
    "who-would-own-the-lists",
    ids="S1-04 S0-48 S1-06 S1-49 S0-36",
    says="Trusts and companies would own the lists.",
    by=f"{READER_2023}, and {READER_2022}",
    unit="share of patients with trusts and companies",
    cannot="Which of the kinds of provider would win where: the shares of At your service are assumed, and owners can sell.",
)
def ownership(
    lists: Array,
    on_apms: Array,
    company_share_of_apms: float,
    company_share_of_others: float,
    trust_share_today: float,
    passes_to_trust: float,
    passes_to_network: float,
    passes_to_company: float,
) -> Finding:
    """The share of patients on lists that trusts and companies hold under At your service."""
    company, partners = holders_today(lists, on_apms, company_share_of_apms, company_share_of_others, trust_share_today)
    trusts, networks = trust_share_today + partners * passes_to_trust, partners * passes_to_network
    companies = company + partners * passes_to_company
    return Finding(
        trusts + companies,
        trusts + companies > 1 / 2,
        f"Under At your service trusts hold {percent(trusts)} of patients' lists, collaboratives of practices {percent(networks)} and companies "
        f"{percent(companies)}; partnerships keep {percent(1 - trusts - networks - companies)} of the {percent(partners)} they hold today.",
        why="'would own' is taken as more than half",
        also={
            "trusts": trusts,
            "collaboratives": networks,
            "companies": companies,
            "partnerships": 1 - trusts - networks - companies,
        },
    )


@claim(
    "a-takeover-is-needed",
    ids="S4-14 S1-44",
    says="Evolution is not enough: trusts or companies must take over.",
    by="the column in the Health Service Journal, 2018 (as a question)",
    unit="GBP per patient a year, At your service less Primary care reform",
    cannot="Which gives better care; the bills are in a steady state and leave out what is paid once.",
)
def takeover(
    bill_at_your_service: float, bill_primary_care_reform: float, once_at_your_service: float, patients: float
) -> Finding:
    """The running bill of a salaried service under large providers less that of networks of partnerships."""
    gap = (bill_at_your_service - bill_primary_care_reform) / patients
    return Finding(
        gap,
        None,
        f"At your service runs at {pounds(bill_at_your_service)} and Primary care reform at {pounds(bill_primary_care_reform)}: {pounds(gap)} a "
        f"patient apart, and {pounds(once_at_your_service)} once for the first.",
        why="what it costs is known, what it takes is not: no outcome here says that evolution would fail",
        also={"pounds once": once_at_your_service},
    )


@claim(
    "local-contracts-make-a-lottery",
    ids="S0-01 S0-45 S0-12",
    says="Local contracts would make a postcode lottery of care.",
    by=READER_2023,
    unit="percentage points of the mean: rise of the spread between boards",
    cannot="What boards would choose: the local layer here follows deprivation within bands, in place of schemes that are uneven "
    "today, and pays a floor.",
)
def local_lottery(spread_national: float, spread_hewitt: float) -> Finding:
    """Spread between boards of running money for each weighted patient, under the Hewitt review less under the national contract."""
    rise = spread_hewitt - spread_national
    return Finding(
        rise,
        rise > 0,
        f"Money for each weighted patient varies between boards by {spread_national:.1f}% of its mean under the national contract and "
        f"{spread_hewitt:.1f}% under the Hewitt review.",
        also={"national": spread_national, "Hewitt review": spread_hewitt},
    )


@claim(
    "the-buy-out-fund-clears-its-queue",
    ids="S0-04 S0-05 S0-21",
    says="A central fund can buy out practices that cannot go on.",
    by="the Hewitt review, 2023",
    unit="years of its yearly cap",
    cannot="The fund's size, price and power: the review gave none.",
)
def fund_clears(
    hewitt_queue_cost: float, hewitt_eligible: float, buyout_annual_cap: float, queue_years_bearable: float
) -> Finding:
    """The cost of buying out every practice that is eligible at one time, over the fund's cap for a year."""
    years = hewitt_queue_cost / buyout_annual_cap
    return Finding(
        years,
        years <= queue_years_bearable,
        f"{hewitt_eligible:.0f} practices are expected to be eligible at a time and would cost {pounds(hewitt_queue_cost)}, "
        f"{years:.1f} years of a cap of {pounds(buyout_annual_cap)}.",
        also={"pounds for all": hewitt_queue_cost, "practices": hewitt_eligible},
    )


@claim(
    "practices-would-take-nights-back",
    ids="S3-05",
    says="With an incentive, practices would take out-of-hours care back.",
    by="NHS Confederation, 2009",
    unit="share of patients",
    cannot="Whether GPs would at any price: take-up here is by cost alone.",
)
def nights_back(rising_nights_taken_back: float, patients: float, out_of_hours_supplement: float) -> Finding:
    """The share of patients whose practice takes it back, where deduction and supplement pay for it."""
    share = rising_nights_taken_back / patients
    return Finding(
        share,
        share > 1 / 2,
        f"With a supplement of {pounds(out_of_hours_supplement)} a patient it pays for the practices of {percent(share)} of patients.",
    )


@claim(
    "digital-lists-would-lose-a-fifth",
    ids="S4-18 S4-07",
    says="The changes for digital-first lists cut their funding by about a fifth.",
    by="NHS England's consultation of 2018, as reported",
    unit="share of their funding",
    cannot="Which lists are digital-first: it is told from the ages on them and where patients live.",
)
def digital_cut(reform_digital_cut: float, claimed_digital_cut: float) -> Finding:
    """The cut of digital-first funding by all three changes, as priced."""
    return Finding(
        reform_digital_cut,
        round(reform_digital_cut, 1) == round(claimed_digital_cut, 1),
        f"New-patient premium, rurality and London adjustment together come to {percent(reform_digital_cut, 1)} of what such lists are paid.",
    )


@claim(
    "networks-would-opt-in",
    ids="S2-01 S2-11 S4-02",
    says="Networks would opt in to a contract for a whole population.",
    by="the Nuffield Trust and the King's Fund, 2013",
    unit="share of patients",
    cannot="Trust and appetite. When such a contract was offered from 2016 next to nobody took it in full.",
)
def opt_in(securing_patients: float, securing_selection_cost: float, patients: float) -> Finding:
    """The share of patients in networks that expect to gain by opting in."""
    share = securing_patients / patients
    return Finding(
        share,
        share > 1 / 2,
        f"Networks of {percent(share)} of patients expect to gain; those that join cost {pounds(securing_selection_cost)} a year less than their "
        "budgets by being who they are.",
        also={"pounds by selection": securing_selection_cost},
    )


@claim(
    "more-services-more-risk",
    ids="S2-15 S2-02 S2-16",
    says="The contract takes on more services and more risk than PMS did.",
    by="the Nuffield Trust and the King's Fund, 2013",
    unit="GBP moved per patient who is in it",
    cannot="Risk that is agreed in private: shares of gain and loss are assumed.",
)
def more_risk(moved_securing_the_future: float, securing_patients: float, securing_exposure: float) -> Finding:
    """Money for other services that moves into the contract, for each patient in it."""
    each = moved_securing_the_future / securing_patients
    return Finding(
        each,
        each > 0,
        f"{pounds(each)} for community, mental health and other services moves with each patient; a network can lose {pounds(securing_exposure)} a "
        "patient one year in twenty.",
        also={"loss one year in twenty, a patient": securing_exposure},
    )


@claim(
    "outcomes-would-carry-the-money",
    ids="S0-11 S0-10",
    says="Money would follow outcomes and not activity.",
    by="the Hewitt review, 2023",
    unit="share of running money",
    cannot="Whether prevention pays within the years a board looks ahead.",
)
def money_on_outcomes(
    hewitt_outcome_pay: float, bill_hewitt_review: float, hewitt_luck: float, patients: float, substantial_growth: float
) -> Finding:
    """Money paid on outcomes under the Hewitt review, over all running money."""
    share = hewitt_outcome_pay / bill_hewitt_review
    return Finding(
        share,
        share >= substantial_growth,
        f"{pounds(hewitt_outcome_pay)}, {percent(share, 1)} of running money, rests on outcomes; on practices' own figures luck moves "
        f"{pounds(hewitt_luck)} a patient of it for a practice of ordinary size.",
        why="'would carry' is taken as a tenth of the money",
        also={"pounds on outcomes": hewitt_outcome_pay, "moved by luck, pounds a patient": hewitt_luck},
    )


@claim(
    "choice-makes-practices-compete",
    ids="S3-07",
    says="Greater choice of practice would make practices compete.",
    by="NHS Confederation, 2009",
    unit="share of patients who would move a year",
    cannot="What practices do for fear of losing patients who never move.",
)
def boundaries(rising_movers: float, patients: float, noticeable_share: float) -> Finding:
    """Patients who would change practice in a year because they may."""
    share = rising_movers / patients
    return Finding(
        share,
        share >= noticeable_share,
        f"{count(rising_movers)} patients a year, {percent(share, 1)}, would change practice because boundaries are open.",
    )


@claim(
    "the-reviews-tackle-what-troubles-partners",
    ids="S4-07 S4-11 S4-12",
    says="The reviews were accepted because they tackle what troubles the profession.",
    by="the column in the Health Service Journal, 2018",
    unit="share of partners' liabilities taken off",
    cannot="Whether it keeps anybody: partners went on falling by 3.4% a year.",
)
def reviews_accepted(
    reform_liability_lifted: float, reform_liability: float, reform_indemnity_lifted: float
) -> Finding:
    """The share of what partners answer for that state indemnity, leases and limited forms take off."""
    share = reform_liability_lifted / reform_liability
    return Finding(
        share,
        share > 1 / 2,
        f"{percent(share)} of {pounds(reform_liability)} that partners answer for would be lifted, and {pounds(reform_indemnity_lifted)} a year of "
        "insurance.",
        also={"insurance, pounds a year": reform_indemnity_lifted},
    )


@claim(
    "levers-fall-on-the-unlucky",
    ids="S3-02 S3-17 S0-18",
    says="Tougher levers must not be punitive.",
    by="a GP quoted by Pulse, 2009",
    unit="share of practices under the standard that cross it next year with nothing changed",
    cannot="What a withheld payment does to the care that follows.",
)
def unlucky(rising_under_standard: float, rising_flip: float, rising_luck_withheld: float) -> Finding:
    """Of practices under the standard of Rising to the challenge, those expected to be over it a year later by chance."""
    share = rising_flip / rising_under_standard
    return Finding(
        share,
        None,
        f"{count(rising_under_standard)} practices are under the standard; {count(rising_flip)} of them would be over it next year with nothing changed. "
        f"Allowing for chance keeps {pounds(rising_luck_withheld)} from being withheld by luck.",
        why="how many chance puts there is known; what is punitive is a judgement",
        also={"under the standard": rising_under_standard, "of them by chance": rising_flip},
    )
