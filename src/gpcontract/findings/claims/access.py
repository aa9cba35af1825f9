"""Claims of access: what navigation by app and telephone is worth."""

from __future__ import annotations

from ...levers.incentives import navigation_net_value
from .claim import Finding, claim
from .words import percent, pounds


@claim(
    "navigation-frees-gps",
    ids="S1-24 S1-23 S1-26",
    says="An app and navigation at first contact free GPs' time.",
    by="Policy Exchange, 2022",
    unit="GBP for each request navigated",
    cannot="How many requests would not have been made without it.",
)
def navigation(
    navigation_accepted: float,
    navigation_resolved: float,
    navigation_gp_cost: float,
    navigation_other_cost: float,
    navigation_rework_cost: float,
    navigation_cost: float,
) -> Finding:
    """What a request sent elsewhere saves, net of those that come back."""
    net = float(
        navigation_net_value(
            navigation_accepted,
            navigation_resolved,
            navigation_gp_cost,
            navigation_other_cost,
            navigation_rework_cost,
            navigation_cost,
        )
    )
    return Finding(
        net,
        net > 0,
        f"Where {percent(navigation_accepted)} accept and {percent(navigation_resolved)} of these are done with, each request navigated is worth "
        f"{pounds(net)}.",
    )
