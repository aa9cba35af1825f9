"""Digital-first lists: three changes of what a practice is paid for patients who live elsewhere and have just joined.

Patients outside the catchment no longer bring the formula's rurality, nor patients outside London its adjustment, and a new patient
brings a smaller premium. What is taken goes back into the price. The first two are in the national contract since April 2019.
No register names digital-first lists: they are told by the share of young adults and, for London practices, of patients who
live outside London. A practice elsewhere is not told apart from a student practice, and is taken as none.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import clip, first_known, maximum, ratio
from gpcontract.engine.rules import rule

CHANGES = "NHS England, digital-first primary care and practice payments, July 2018"


# -- which lists ----------------------------------------------------------------------------------------------------


@rule("fraction", clause=CHANGES, how="modelled")
def young_adult_share(list_by_band: Any, young_adult_bands: Any, list_size: Any) -> Any:
    """Share of the list aged 15 to 44."""
    return ratio((list_by_band * young_adult_bands).sum(0), list_size)


@rule("fraction", clause=CHANGES, how="modelled")
def living_elsewhere(in_london: Any, london_resident_share: Any) -> Any:
    """Share of a London practice's list that lives outside London; 0 for practices elsewhere, for whom it is not known."""
    return first_known(in_london * (1 - london_resident_share), 0.0)


@rule("fraction", clause=CHANGES, how="modelled")
def digital_first_degree(
    young_adult_share: Any,
    living_elsewhere: Any,
    young_share_none: Any,
    young_share_all: Any,
    elsewhere_share_none: Any,
    elsewhere_share_all: Any,
) -> Any:
    """How far a list is digital-first, 0 to 1: by its young adults and its patients who live elsewhere."""
    young = clip(
        (first_known(young_adult_share, 0.0) - young_share_none) / (young_share_all - young_share_none), 0.0, 1.0
    )
    away = (living_elsewhere - elsewhere_share_none) / (elsewhere_share_all - elsewhere_share_none)
    return young * clip(away, 0.0, 1.0)


@rule("patients", clause=CHANGES, how="modelled", measure="Patients of digital-first lists")
def digital_first_patients(list_size: Any, open_share: Any, digital_first_degree: Any) -> Any:
    """Patients of lists that are digital-first, by how far they are."""
    return first_known(list_size * open_share, 0.0) * digital_first_degree


# -- what is taken ----------------------------------------------------------------------------------------------------


@rule("fraction", clause=CHANGES, how="modelled")
def newly_registered(list_growth: Any, digital_first_leavers: Any) -> Any:
    """Share of a digital-first list in its first year of registration: those who replace leavers, and its growth."""
    growth = maximum(first_known(list_growth, 0.0), 0.0)
    return clip((digital_first_leavers + growth) / (1 + growth), 0.0, 1.0)


@rule("fraction", clause=CHANGES, name="newly_registered", how="modelled", fallback=True)
def newly_registered_of_steady_list(list_size: Any, digital_first_leavers: Any) -> Any:
    """Share of a digital-first list in its first year of registration: those who replace leavers, growth not being known."""
    return digital_first_leavers + list_size * 0.0


@rule("fraction", clause=CHANGES + ": new registrations", how="modelled")
def new_patient_cut(newly_registered: Any, new_registration_weight: Any, new_premium_cut: Any) -> Any:
    """What a smaller premium for new patients takes off a digital-first list's money."""
    premium = (new_registration_weight - 1) * newly_registered
    return new_premium_cut * premium / (1 + premium)


@rule("GBP per year", clause=CHANGES + ": London", how="modelled")
def london_lost(
    list_size: Any, living_elsewhere: Any, digital_first_degree: Any, open_share: Any, london_rate: Any
) -> Any:
    """London adjustment paid before April 2019 for a digital-first list's patients who live outside London."""
    return first_known(list_size * open_share, 0.0) * living_elsewhere * digital_first_degree * london_rate


@rule("GBP per year", clause=CHANGES, how="modelled", measure="Money that follows patients to digital-first lists")
def digital_first_money(priced_list: Any, open_share: Any, digital_first_degree: Any) -> Any:
    """What digital-first lists are paid by weighted list: what the practices that their patients left are paid less."""
    return first_known(priced_list * open_share, 0.0) * digital_first_degree


@rule("GBP per year", clause=CHANGES, how="modelled")
def digital_first_all_cuts(digital_first_money: Any, new_patient_cut: Any, rurality_cut: Any, london_lost: Any) -> Any:
    """What all three changes take off a practice, on rules of before April 2019; parts multiply, as the formula's do."""
    kept = (1 - new_patient_cut) * (1 - rurality_cut)
    return digital_first_money * (1 - kept) + london_lost


@rule(
    "GBP per year",
    clause=CHANGES,
    line="Digital-first lists: less for new and distant patients",
    how="modelled",
)
def digital_first_cut(
    digital_first_all_cuts: Any,
    digital_first_money: Any,
    new_patient_cut: Any,
    digital_first_changed: Any,
    digital_first_in_force: Any,
) -> Any:
    """What a digital-first list loses (below nought): all three changes before April 2019, the smaller premium alone since."""
    alone = digital_first_money * new_patient_cut
    taken = digital_first_all_cuts * (1 - digital_first_changed) + alone * digital_first_changed
    return 0 - digital_first_in_force * taken


@rule(
    "GBP per year",
    clause=CHANGES + ": shared with other practices",
    line="Digital-first changes recycled into the price",
    how="modelled",
    whole=True,
)
def digital_first_recycled(digital_first_cut: Any, paid_weighted_list: Any, open_share: Any) -> Any:
    """What is taken, paid back through the price: the same for every weighted patient."""
    weighted = first_known(paid_weighted_list * open_share, 0.0)
    return 0 - national(digital_first_cut) * ratio(weighted, national(weighted))


@rule("fraction", clause=CHANGES, level="nation", measure="Cut of digital-first funding by all three changes")
def digital_first_cut_share(digital_first_all_cuts: Any, digital_first_money: Any, digital_first_in_force: Any) -> Any:
    """All three changes as a share of what digital-first lists are paid; NHS England expected 19.5% of a list of the future."""
    return digital_first_in_force * ratio(national(digital_first_all_cuts), national(digital_first_money))
