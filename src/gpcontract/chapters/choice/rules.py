"""Choice: more patients change practice, and their money goes with them.

Open boundaries add to the changes there are. Who leaves depends on quality; where they go on how large and good the
practices around them are, near ones counting more; a list takes in no more than it can, and those whom nobody takes stay.
Patients and money are neither made nor lost. Those who move are lighter than the average patient, so the money that leaves
with them is less than a head's share.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, isnan, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

from .grid import around, by_cell, to_place

CHOICE = "NHS Confederation 2009: greater choice of GP"
LEAVING = "voluntary disenrolment in England 2009/10: BMC Family Practice 2013, 14:89"


@rule("ratio", clause=LEAVING, how="modelled")
def choice_quality(qof_achieved_share: Any, qof_national_share: Any) -> Any:
    """The practice's share of quality points less the nation's; 0 where it is not known."""
    return first_known(qof_achieved_share - qof_national_share, 0.0)


@rule("patients", clause=CHOICE)
def choice_list(list_size: Any, open_share: Any, latitude: Any, longitude: Any) -> Any:
    """Patients of practices whose place is known: the others lose and gain nobody."""
    return where(isnan(latitude + longitude), 0.0, list_size * open_share)


@rule("patients", clause=LEAVING, how="modelled")
def choice_wish_to_leave(
    choice_list: Any,
    choice_quality: Any,
    choice_leaving_rate: Any,
    choice_rise: Any,
    choice_quality_slope: Any,
    choice_in_force: Any,
) -> Any:
    """Patients who would change practice each year because they may, more where quality is low."""
    push = maximum(1 - choice_quality_slope * choice_quality, 0.0)
    return choice_list * choice_leaving_rate * choice_rise * push * choice_in_force


@rule("patients", clause=CHOICE, how="modelled")
def choice_pull(choice_list: Any, choice_quality: Any, choice_quality_slope: Any) -> Any:
    """How strongly a practice draws those around it: its list, more where quality is high."""
    return choice_list * maximum(1 + choice_quality_slope * choice_quality, 0.0)


@rule("patients", clause=CHOICE, level="nation")
def choice_pull_around(choice_pull: Any, latitude: Any, longitude: Any, choice_next_cell: Any) -> Any:
    """The pull of all practices within reach, by cell of the map."""
    return around(by_cell(choice_pull, latitude, longitude), choice_next_cell)


@rule("fraction", clause=CHOICE)
def choice_pull_share(choice_pull_around: Any, choice_wish_to_leave: Any, latitude: Any, longitude: Any) -> Any:
    """Patients who wish to leave, for each unit of pull around them."""
    return ratio(choice_wish_to_leave, to_place(choice_pull_around, latitude, longitude))


@rule("fraction", clause=CHOICE, level="nation")
def choice_seekers_around(choice_pull_share: Any, latitude: Any, longitude: Any, choice_next_cell: Any) -> Any:
    """Patients around who seek a practice, for each unit of pull, by cell of the map."""
    return around(by_cell(choice_pull_share, latitude, longitude), choice_next_cell)


@rule("patients", clause=CHOICE)
def choice_applicants(choice_pull: Any, choice_seekers_around: Any, latitude: Any, longitude: Any) -> Any:
    """Patients who would come to the practice (some of its own among them: they stay)."""
    return choice_pull * to_place(choice_seekers_around, latitude, longitude)


@rule("fraction", clause=CHOICE)
def choice_accepted_share(choice_applicants: Any, choice_list: Any, choice_capacity: Any) -> Any:
    """Share of those who would come whom the practice can take: no more than its capacity."""
    return where(choice_applicants > 0, minimum(ratio(choice_list * choice_capacity, choice_applicants), 1.0), 1.0)


@rule("patients", clause=CHOICE, level="nation")
def choice_places_around(
    choice_pull: Any, choice_accepted_share: Any, latitude: Any, longitude: Any, choice_next_cell: Any
) -> Any:
    """The pull around of practices that can take patients, by cell of the map."""
    return around(by_cell(choice_pull * choice_accepted_share, latitude, longitude), choice_next_cell)


@rule("patients", clause=CHOICE)
def choice_joiners(choice_applicants: Any, choice_accepted_share: Any) -> Any:
    """Patients who come to the practice, those of its own who only thought of leaving among them."""
    return choice_applicants * choice_accepted_share


@rule("patients", clause=CHOICE)
def choice_leavers(choice_pull_share: Any, choice_places_around: Any, latitude: Any, longitude: Any) -> Any:
    """Patients who leave and find a place, those who choose their own practice again among them."""
    return choice_pull_share * to_place(choice_places_around, latitude, longitude)


@rule("GBP per year", clause=CHOICE, line="Money that follows patients who change practice", how="modelled")
def choice_money(
    choice_joiners: Any,
    choice_leavers: Any,
    global_sum_price: Any,
    choice_mover_weight: Any,
    choice_money_share: Any,
) -> Any:
    """What comes with those who join less what goes with those who leave: nothing over England."""
    return (choice_joiners - choice_leavers) * global_sum_price * choice_mover_weight * choice_money_share


@rule("patients", clause=CHOICE, measure="Patients who change practice because they may", how="modelled")
def choice_movers(choice_leavers: Any, choice_pull_share: Any, choice_pull: Any, choice_accepted_share: Any) -> Any:
    """Patients a year who leave for another practice, beyond those who change today."""
    return choice_leavers - choice_pull_share * choice_pull * choice_accepted_share


@rule("practices", clause=CHOICE, level="nation")
def practices_around(list_size: Any, latitude: Any, longitude: Any) -> Any:
    """Practices in each cell of the map and the eight around it."""
    return around(by_cell(where(list_size > 0, 1.0, 0.0), latitude, longitude), 1.0)


@rule("other practices", clause=CHOICE, measure="Other practices within about 5 to 11 km of a patient's")
def choice_within_reach(
    practices_around: Any, list_size: Any, latitude: Any, longitude: Any, choice_in_force: Any
) -> Any:
    """Other practices in the same cell of the map and those around it."""
    others = to_place(practices_around, latitude, longitude) - where(list_size > 0, 1.0, 0.0)
    return maximum(others, 0.0) * choice_in_force
