"""What each line of money rests on: the list, measured achievement, activity and claims, or the board's choice.

A line that is paid on measured achievement says so in its rule. For the rest the chapter decides, with some lines named apart. A chapter
that is not named here (a proposal of your own) is taken as fixed by the list if its lines are computed, and as claims if they are
carried from publications; `told` says which.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..contracts.result import Line

BASES = {
    "list": "Fixed by the list: price by patient, and what is guaranteed",
    "measured": "Measured achievement: quality, outcomes, access",
    "claims": "Activity, claims and costs paid back",
    "board": "The board's choice: local schemes and grants",
}
ORDER = tuple(BASES)

CHAPTERS: Mapping[str, str] = {
    "capitation": "list",
    "income_guarantee": "list",
    "pms": "list",
    "quality": "measured",
    "network": "list",
    "enhanced": "claims",
    "premises": "claims",
    "locum": "claims",
    "dispensing": "claims",
    "seniority": "claims",
    "other": "board",
    # Rising to the challenge
    "recycling": "list",
    "scale_reward": "list",
    "out_of_hours": "list",
    "choice": "list",
    "federation": "board",
    "local_price": "board",
    "joint_care": "board",
    # Securing the future
    "population_budget": "list",
    "network_forms": "list",
    "headroom": "list",
    "shared_record": "list",
    # Primary care reform
    "network_2018": "list",
    "money_2019": "list",
    "quality_2018": "claims",
    "indemnity": "list",
    "premises_2018": "claims",
    "partnership_risk": "claims",
    "digital_first": "list",
    # At your service
    "salaried_gps": "list",  # a rate for the sessions of the list, whatever the holder's costs turn out to be
    "last_contracts": "list",
    "rescue_fund": "claims",
    "scale_layers": "list",
    "digital_access": "list",
    # Hewitt review
    "local_layer": "board",
    "outcomes": "list",
    "income_protection": "list",
    "support_and_replacement": "board",
    "buy_out_fund": "board",
    # Scotland's contract of 2018
    "workload_formula": "list",
    "folded_money": "list",
    "no_practice_loses": "list",
    "minimum_income": "claims",
    "sustainability_loans": "claims",
    "tasks_moved": "claims",
}
LINES: Mapping[str, str] = {
    "local_incentives": "board",
    "network_workforce": "claims",
    "network_care_home": "claims",
    "network_contract_staff": "claims",
    "extra_services_suspended": "claims",
    "extra_services_held_by_network": "claims",
    "partner_retention": "claims",
    "short_term_premium": "claims",
    "video_session_pay": "claims",
    "digital_hubs": "board",
    "text_ratings": "claims",
    "national_floor_top_up": "list",
}

# The same division of what NHS Payments to General Practice prints, for the years in which lines are compared.
PUBLISHED: Mapping[str, str] = {
    **dict.fromkeys(("global_sum", "correction_factor", "pms_balance", "network_participation"), "list"),
    "qof": "measured",
    **dict.fromkeys(
        ("local_incentives", "transformation", "administration", "information_technology", "winter_access", "other"),
        "board",
    ),
}  # the rest of the printed total: claims


def basis(line: Line) -> str:
    """What a line rests on: list, measured, claims or board."""
    if line.measured:
        return "measured"
    if line.name in LINES:
        return LINES[line.name]
    return CHAPTERS.get(line.chapter) or ("claims" if line.how == "carried" else "list")


def told(line: Line) -> bool:
    """Whether the rule, its chapter or its name says so; False where it is only taken so."""
    return line.measured or line.name in LINES or line.chapter in CHAPTERS
