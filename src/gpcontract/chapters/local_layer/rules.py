"""Local layer: each board varies stated parameters within national bands, above a national floor.

The review gives the principle and no parameter. Three vary here, each by a rule that anyone can repeat from the board's facts:
a supplement to the price (by the deprivation of the board's patients), the rate of local incentives (what the board pays now, drawn
into a band) and the weight of the local outcome menu (chapter `outcomes`). Left neutral, the layer moves money between boards and
adds none: what boards gain comes off everybody's price. The floor is paid on top, for each need-weighted patient.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_board, national, to_practice
from gpcontract.engine.arrays import clip, first_known, isnan, maximum, ratio, sqrt, where
from gpcontract.engine.rules import rule

REVIEW = "Hewitt review 2023, primary care contracts: a national framework with local variation"
FLOOR = "a national contract as floor, GP reader of Pulse, 2023"
NOT_KNOWN = float("nan")  # a practice in no board

# -- facts of boards ---------------------------------------------------------------------------------------------


@rule("patients", clause=REVIEW)
def local_patients(list_size: Any, open_share: Any) -> Any:
    """Registered patients, counted for the part of the year in which the practice was open."""
    return first_known(list_size, 0.0) * open_share


@rule("weighted patients", clause=REVIEW)
def local_weighted_patients(weighted_list: Any, open_share: Any) -> Any:
    """Carr-Hill-weighted patients, counted for the part of the year in which the practice was open."""
    return first_known(weighted_list, 0.0) * open_share


@rule("need-weighted patients", clause=REVIEW, how="modelled")
def need_patients(
    adjusted_list: Any, january_list: Any, local_patients: Any, need_index_least: Any, need_index_most: Any
) -> Any:
    """Patients by need for primary medical care, as the allocation formula weights them.

    The need of one patient is held within bounds: some published need-weighted lists belong to a list that has since moved on.
    """
    need = where(january_list > 0, ratio(adjusted_list, january_list), 1.0)
    return local_patients * clip(first_known(need, 1.0), need_index_least, need_index_most)


@rule("need-weighted patients", clause=REVIEW, level="nation")
def national_need_patients(need_patients: Any) -> Any:
    """All need-weighted patients."""
    return national(need_patients)


@rule("score", clause=REVIEW, level="nation")
def mean_deprivation(deprivation_score: Any, local_patients: Any) -> Any:
    """The nation's mean deprivation score over patients."""
    known = where(isnan(deprivation_score), 0.0, local_patients)
    return ratio(national(first_known(deprivation_score, 0.0) * known), national(known))


@rule("score", clause=REVIEW, level="board")
def board_mean_deprivation(deprivation_score: Any, local_patients: Any, board: Any) -> Any:
    """Mean deprivation score of each board's patients."""
    known = where(isnan(deprivation_score), 0.0, local_patients)
    return ratio(by_board(first_known(deprivation_score, 0.0) * known, board), by_board(known, board))


@rule("score", clause=REVIEW)
def board_deprivation(board_mean_deprivation: Any, mean_deprivation: Any, board: Any) -> Any:
    """Mean deprivation score of the patients of the practice's board; the nation's for a practice in none."""
    return first_known(to_practice(board_mean_deprivation, board, NOT_KNOWN), mean_deprivation)


@rule("score", clause=REVIEW, level="nation")
def board_spread(board_deprivation: Any, mean_deprivation: Any, local_patients: Any) -> Any:
    """Standard deviation of deprivation between boards, over patients."""
    apart = board_deprivation - mean_deprivation
    return sqrt(ratio(national(apart * apart * local_patients), national(local_patients)))


@rule("standard deviations", clause=REVIEW)
def board_position(board_deprivation: Any, mean_deprivation: Any, board_spread: Any, local_band_reach: Any) -> Any:
    """Where a board stands in its bands: -1 (least deprived) to 1 (most), 0 at the nation's mean.

    Its deprivation against the nation's, in standard deviations between boards; `local_band_reach` of these reach the band's end.
    """
    return clip(ratio(board_deprivation - mean_deprivation, local_band_reach * board_spread), 0 - 1.0, 1.0)


# -- what boards vary --------------------------------------------------------------------------------------------


@rule("GBP per year", clause=REVIEW, line="Local price supplement", how="modelled")
def local_price_supplement(
    local_weighted_patients: Any,
    board_position: Any,
    board_price_band: Any,
    local_band_middle: Any,
    price_level: Any,
    local_layer_in_force: Any,
) -> Any:
    """What the board adds to the price: nothing in the least deprived board, the whole band in the most deprived."""
    place = local_band_middle * (1 + board_position)
    return local_layer_in_force * local_weighted_patients * board_price_band * place * price_level


@rule("GBP per need-weighted patient", clause=REVIEW, level="board")
def incentive_rate_of_board(local_incentives: Any, need_patients: Any, board: Any) -> Any:
    """What each board pays now in local incentive schemes, for each need-weighted patient."""
    return ratio(by_board(first_known(local_incentives, 0.0), board), by_board(need_patients, board))


@rule("GBP per need-weighted patient", clause=REVIEW)
def board_incentive_rate(incentive_rate_of_board: Any, board: Any) -> Any:
    """What the practice's board pays now in local incentive schemes, for each need-weighted patient; not known in no board."""
    return to_practice(incentive_rate_of_board, board, NOT_KNOWN)


@rule("yes or no", clause=REVIEW, level="nation")
def incentives_known(local_incentives: Any) -> Any:
    """Whether any local incentives are known in the year."""
    return where(national(first_known(local_incentives, 0.0)) > 0, 1.0, 0.0)


@rule("GBP per year", clause=REVIEW, line="Local incentives brought into the band", how="modelled")
def local_incentive_change(
    board_incentive_rate: Any,
    incentives_known: Any,
    need_patients: Any,
    local_incentive_least: Any,
    local_incentive_most: Any,
    price_level: Any,
    local_layer_in_force: Any,
) -> Any:
    """What brings the board's rate of local incentives into the band, shared among its practices by need.

    Nothing where the board is in the band already, and nothing where no board's incentives are known in the year.
    """
    rate = clip(board_incentive_rate, local_incentive_least * price_level, local_incentive_most * price_level)
    change = first_known(rate - board_incentive_rate, 0.0)
    return local_layer_in_force * incentives_known * change * need_patients


@rule("GBP per year", clause=REVIEW + "; local money that leaks to hospitals, GP readers of Pulse, 2023")
def local_money(local_incentives: Any, local_price_supplement: Any, local_incentive_change: Any) -> Any:
    """All money that boards decide on: incentives now, what brings them into the band, and the price supplement."""
    return first_known(local_incentives, 0.0) + local_price_supplement + local_incentive_change


@rule("GBP per year", clause="GP readers of Pulse, 2023: no ring-fence", line="Local money diverted to hospitals")
def local_money_diverted(local_money: Any, local_diversion_share: Any, local_layer_in_force: Any) -> Any:
    """What a board in deficit takes from local money for its hospitals, where nothing ring-fences it."""
    return 0 - local_layer_in_force * local_diversion_share * maximum(local_money, 0.0)


@rule("GBP per year", clause=REVIEW, level="nation")
def local_layer_added(local_price_supplement: Any, local_incentive_change: Any) -> Any:
    """What all boards add, net of what the band takes off the highest rates of local incentives."""
    return national(local_price_supplement + local_incentive_change)


@rule("weighted patients", clause=REVIEW, level="nation")
def national_local_weighted_patients(local_weighted_patients: Any) -> Any:
    """All Carr-Hill-weighted patients."""
    return national(local_weighted_patients)


@rule("GBP per year", clause=REVIEW, line="Local layer kept neutral", how="modelled")
def local_layer_offset(
    local_layer_added: Any,
    local_weighted_patients: Any,
    national_local_weighted_patients: Any,
    local_layer_neutral: Any,
) -> Any:
    """What comes off the price of every weighted patient, so that the layer adds nothing to the nation's bill."""
    return 0 - local_layer_neutral * local_layer_added * ratio(
        local_weighted_patients, national_local_weighted_patients
    )


@rule("patients", clause=REVIEW, level="board")
def board_patients(local_patients: Any, board: Any) -> Any:
    """Registered patients of each board's practices."""
    return by_board(local_patients, board)


@rule("GBP per year", clause="bespoke deals, GP reader of Pulse, 2023", line="Boards' contract teams", payee="board")
def local_contract_teams(
    local_patients: Any,
    board_patients: Any,
    local_contract_team_cost: Any,
    price_level: Any,
    board: Any,
    local_layer_in_force: Any,
) -> Any:
    """What designing and running a contract of its own costs each board, spread over its practices by list."""
    share = ratio(local_patients, to_practice(board_patients, board))
    return local_layer_in_force * local_contract_team_cost * price_level * share


# -- the floor ---------------------------------------------------------------------------------------------------


@rule("GBP per year", clause=FLOOR)
def floor_core_pay(
    global_sum: Any, correction_factor: Any, pms_payment: Any, local_price_supplement: Any, local_layer_offset: Any
) -> Any:
    """Pay that the floor is held against: the core of the contract with the local price; no quality, network or premises money."""
    core = first_known(global_sum, 0.0) + first_known(correction_factor, 0.0) + first_known(pms_payment, 0.0)
    return core + local_price_supplement + local_layer_offset


@rule("GBP per year", clause=FLOOR, line="National floor", how="modelled")
def national_floor_top_up(
    need_patients: Any,
    floor_core_pay: Any,
    national_floor: Any,
    floor_complete_share: Any,
    price_level: Any,
    national_floor_in_force: Any,
) -> Any:
    """What lifts core pay to the floor for each need-weighted patient.

    None where recorded core pay is so far below the floor that its record must be incomplete (paid under another code).
    """
    floor = national_floor * price_level * need_patients
    whole = where(floor_core_pay >= floor * floor_complete_share, 1.0, 0.0)
    return national_floor_in_force * whole * maximum(floor - floor_core_pay, 0.0)


@rule("practices", clause=FLOOR, measure="Practices lifted to the national floor")
def lifted_to_floor(national_floor_top_up: Any) -> Any:
    """Practices whose core pay is under the floor."""
    return where(national_floor_top_up > 0, 1.0, 0.0)
