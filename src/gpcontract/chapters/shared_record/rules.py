"""Shared record: one record that pharmacists and social care may read; what it costs, and tests and harm that it saves.

Every part of England has some form of shared record by now: the part that is there already neither costs nor saves anew.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import rule

RECORD = "Securing the future of general practice: records shared with pharmacists and social care"
ERRORS = RECORD + "; medication errors in England"


@rule("patients", clause=RECORD)
def record_patients(list_size: Any, open_share: Any) -> Any:
    """Patients whose record is shared, over the whole year."""
    return where(open_share > 0, first_known(list_size * open_share, 0.0), 0.0)


@rule("patients", clause=RECORD, level="nation")
def national_record_patients(record_patients: Any) -> Any:
    """All of England's patients."""
    return national(record_patients)


@rule("fraction", clause=RECORD)
def record_still_to_come(shared_record_in_force: Any, record_there_already: Any) -> Any:
    """The part of the shared record, its costs and its benefits, that is not there already."""
    return shared_record_in_force * (1 - record_there_already)


@rule("GBP per year", clause=RECORD, line="Shared record: running", payee="board")
def record_running(record_patients: Any, record_running_cost: Any, price_level: Any, record_still_to_come: Any) -> Any:
    """What it costs to run: licences, hosting, support and governance."""
    return record_patients * record_running_cost * price_level * record_still_to_come


@rule("GBP", clause=RECORD, line="Shared record: building", payee="board", fund="once")
def record_building(
    record_patients: Any, record_building_cost: Any, price_level: Any, record_still_to_come: Any
) -> Any:
    """What it costs to build."""
    return record_patients * record_building_cost * price_level * record_still_to_come


@rule(
    "GBP per year",
    clause=RECORD + "; tests done again because the first result was not seen",
    line="Tests not repeated",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def tests_not_repeated(
    record_patients: Any,
    national_record_patients: Any,
    pathology_cost: Any,
    tests_repeated_unseen: Any,
    repeats_avoided: Any,
    price_level: Any,
    record_still_to_come: Any,
) -> Any:
    """Pathology that is no longer done twice, by registered patients."""
    spent = pathology_cost * price_level * ratio(record_patients, national_record_patients)
    return -spent * tests_repeated_unseen * repeats_avoided * record_still_to_come


@rule("weighted patients", clause=ERRORS + "; by need for medicines", how="modelled")
def medicines_need(prescribing_weighted_list: Any, list_size: Any, open_share: Any) -> Any:
    """Patients by need for medicines; the list stands in where none is published."""
    open_with_patients = where(open_share > 0, where(list_size > 0, 1.0, 0.0), 0.0)
    return where(open_with_patients > 0, first_known(prescribing_weighted_list, list_size) * open_share, 0.0)


@rule("weighted patients", clause=ERRORS, name="medicines_need", how="modelled", fallback=True)
def medicines_need_as_registered(record_patients: Any) -> Any:
    """Patients by need for medicines, taken as the list: no need-weighted one is known."""
    return record_patients * 1.0


@rule("weighted patients", clause=ERRORS, level="nation", how="modelled")
def national_medicines_need(medicines_need: Any) -> Any:
    """England's need for medicines."""
    return national(medicines_need)


@rule("fraction", clause=ERRORS, how="modelled")
def part_of_medicines(medicines_need: Any, national_medicines_need: Any) -> Any:
    """The practice's part of England's need for medicines."""
    return ratio(medicines_need, national_medicines_need)


@rule(
    "GBP per year",
    clause=ERRORS,
    line="Harm from medicines avoided",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def medicine_harm_avoided(
    part_of_medicines: Any,
    medicine_harm_cost: Any,
    medicine_errors_avoided: Any,
    price_level: Any,
    record_still_to_come: Any,
) -> Any:
    """Hospital care for harm that errors in medicines cause and that could have been avoided."""
    return -part_of_medicines * medicine_harm_cost * medicine_errors_avoided * price_level * record_still_to_come


@rule("patients", clause=ERRORS, measure="Deaths from medicines avoided", how="modelled")
def medicine_deaths_avoided(
    part_of_medicines: Any, medicine_deaths: Any, medicine_errors_avoided: Any, record_still_to_come: Any
) -> Any:
    """Deaths that errors in medicines cause or hasten, and that are avoided."""
    return part_of_medicines * medicine_deaths * medicine_errors_avoided * record_still_to_come
