"""Walk-in centres: duplicate capacity closes; what it cost is saved, and its patients go elsewhere or nowhere.

No money of general practice moves: practices are paid by list, whoever sees the patient. So the saving and the new visits to
accident and emergency stand outside the bill, and what comes to practices is a count of contacts that nobody pays for.
Where the centres stood is not known by practice; the nation's figures are shared by list among practices that are not rural.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import ratio
from gpcontract.engine.rules import rule

CLOSE = "NHS Confederation 2009: remove spending that grew with capacity; Monitor 2014 on walk-in centres"
DIVERT = "where walk-in patients would go instead (home, practice, accident and emergency, another centre)"


@rule("patients", clause=CLOSE)
def town_patients(list_size: Any, open_share: Any, rural: Any) -> Any:
    """Patients of practices that are not rural: walk-in centres stand in towns."""
    return list_size * open_share * (1 - rural)


@rule("patients", clause=CLOSE, level="nation")
def national_town_patients(town_patients: Any) -> Any:
    """All patients of practices that are not rural."""
    return national(town_patients)


@rule("attendances", clause=CLOSE, how="modelled")
def walk_in_attendances_ended(
    town_patients: Any,
    national_town_patients: Any,
    walk_in_centres: Any,
    walk_in_attendances_each: Any,
    walk_in_duplicate_share: Any,
    walk_in_in_force: Any,
) -> Any:
    """Attendances a year at the centres that close, shared by list."""
    ended = walk_in_centres * walk_in_attendances_each * walk_in_duplicate_share * walk_in_in_force
    return ended * ratio(town_patients, national_town_patients)


@rule("fraction", clause=DIVERT, level="nation")
def walk_in_to_practice_share(walk_in_goes_to: Any) -> Any:
    """Share of the attendances that come to a practice instead."""
    return walk_in_goes_to[1] / walk_in_goes_to.sum(0)


@rule("fraction", clause=DIVERT, level="nation")
def walk_in_to_emergency_share(walk_in_goes_to: Any) -> Any:
    """Share of the attendances that go to accident and emergency instead."""
    return walk_in_goes_to[2] / walk_in_goes_to.sum(0)


@rule("fraction", clause=DIVERT, level="nation")
def walk_in_to_centre_share(walk_in_goes_to: Any) -> Any:
    """Share of the attendances that go to another centre instead."""
    return walk_in_goes_to[3] / walk_in_goes_to.sum(0)


@rule("GBP per year", clause=CLOSE, line="Walk-in centres closed", payee="board", fund="elsewhere", how="modelled")
def walk_in_saved(walk_in_attendances_ended: Any, walk_in_cost: Any, price_level: Any) -> Any:
    """What commissioners no longer spend on the centres that close (negative)."""
    return 0.0 - walk_in_attendances_ended * walk_in_cost * price_level


@rule(
    "GBP per year",
    clause=DIVERT,
    line="Visits to accident and emergency and other centres instead",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def walk_in_moved_on(
    walk_in_attendances_ended: Any,
    walk_in_to_emergency_share: Any,
    walk_in_to_centre_share: Any,
    emergency_visit_cost: Any,
    walk_in_cost: Any,
    price_level: Any,
) -> Any:
    """What the patients of closed centres cost where they go instead, practices left out: these are paid by list."""
    each = walk_in_to_emergency_share * emergency_visit_cost + walk_in_to_centre_share * walk_in_cost
    return walk_in_attendances_ended * each * price_level


@rule("contacts", clause=DIVERT, measure="Walk-in contacts that come to practices, unpaid", how="modelled")
def walk_in_to_practices(walk_in_attendances_ended: Any, walk_in_to_practice_share: Any) -> Any:
    """Contacts a year that practices take on from closed centres."""
    return walk_in_attendances_ended * walk_in_to_practice_share


@rule("contacts", clause=DIVERT, measure="Walk-in contacts that are not made at all", how="modelled")
def walk_in_to_nobody(
    walk_in_attendances_ended: Any,
    walk_in_to_practice_share: Any,
    walk_in_to_emergency_share: Any,
    walk_in_to_centre_share: Any,
) -> Any:
    """Attendances that were there only because the centre was: demand that capacity made."""
    elsewhere = walk_in_to_practice_share + walk_in_to_emergency_share + walk_in_to_centre_share
    return walk_in_attendances_ended * (1 - elsewhere)
