"""Vaccinations and other tasks pass to boards over three years: money out of the practice, work out of the practice.

Scotland promised that practices keep their funding. Here the fees of vaccinations go with them, since England pays them by
dose, and a range reaches down to none. For other tasks England pays no fee, so no money leaves.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, ratio
from gpcontract.engine.rules import rule

TASKS = "2018 GMS contract in Scotland, chapter 4: services that move to boards by 2021"


@rule("GBP per year", clause=TASKS)
def vaccination_money(
    childhood_immunisation: Any,
    influenza_pneumococcal: Any,
    meningitis: Any,
    pertussis: Any,
    rotavirus_shingles: Any,
    respiratory_syncytial_virus: Any,
    non_des_vaccination: Any,
    covid_immunisation: Any,
) -> Any:
    """What a practice is paid for vaccinations today, all programmes."""
    children = first_known(childhood_immunisation, 0.0) + first_known(meningitis, 0.0)
    adults = first_known(influenza_pneumococcal, 0.0) + first_known(pertussis, 0.0)
    newer = first_known(rotavirus_shingles, 0.0) + first_known(respiratory_syncytial_virus, 0.0)
    return children + adults + newer + first_known(non_des_vaccination, 0.0) + first_known(covid_immunisation, 0.0)


@rule("GBP per year", clause=TASKS, line="Vaccinations moved out of practices", how="modelled")
def vaccinations_moved_out(vaccination_money: Any, vaccination_money_share: Any, tasks_with_boards: Any) -> Any:
    """Vaccination money that leaves practices with the task (negative)."""
    return 0 - vaccination_money * vaccination_money_share * tasks_with_boards


@rule("GBP per year", clause=TASKS, line="Vaccinations by boards", payee="board", how="modelled")
def vaccinations_by_boards(vaccination_money: Any, board_vaccination_ratio: Any, tasks_with_boards: Any) -> Any:
    """What boards spend to give the same vaccinations."""
    return vaccination_money * board_vaccination_ratio * tasks_with_boards


@rule("GBP per year", clause=TASKS, line="Other tasks by boards", payee="board", how="modelled")
def other_tasks_by_boards(list_size: Any, other_tasks_rate: Any, price_level: Any, tasks_with_boards: Any) -> Any:
    """What boards spend on treatment rooms and the like in practices' place."""
    return first_known(list_size, 0.0) * other_tasks_rate * price_level * tasks_with_boards


@rule("GBP per year", clause=TASKS, line="Other tasks moved out of practices", how="modelled")
def other_tasks_moved_out(other_tasks_by_boards: Any, other_tasks_money_share: Any) -> Any:
    """Practices' money that follows other tasks (negative)."""
    return 0 - other_tasks_by_boards * other_tasks_money_share


@rule("hours", clause=TASKS, measure="Hours of practices’ work moved to boards", how="modelled")
def work_moved_out(
    vaccination_money: Any,
    vaccination_fee: Any,
    hours_per_vaccination: Any,
    list_size: Any,
    other_tasks_hours: Any,
    tasks_with_boards: Any,
) -> Any:
    """Hours a year that staff of practices no longer work: doses at the fee, and other tasks by patient."""
    vaccinations = ratio(vaccination_money, vaccination_fee) * hours_per_vaccination
    return (vaccinations + first_known(list_size, 0.0) * other_tasks_hours) * tasks_with_boards
