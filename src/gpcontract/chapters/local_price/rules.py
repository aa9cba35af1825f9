"""Local price: boards vary the price of a patient within a band, more for need and less for its absence.

How boards would use the freedom is not known. Here they follow need: a board's price moves by a stated share of how far its
deprivation lies from the nation's, no further than the band. With the option of neutrality the larger side is scaled down,
so that what some boards add others take off and nobody leaves the band.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_board, national, to_practice
from gpcontract.engine.arrays import clip, first_known, isnan, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

LOCAL = "NHS Confederation 2009: local flexibility to negotiate GP contracts"


@rule("patients", clause=LOCAL)
def need_known_list(deprivation_score: Any, list_size: Any, open_share: Any) -> Any:
    """Patients of practices whose deprivation score is known."""
    return where(isnan(deprivation_score), 0.0, list_size * open_share)


@rule("score", clause=LOCAL)
def need_score(deprivation_score: Any) -> Any:
    """The deprivation score, and 0 where it is not known (those patients count nowhere)."""
    return first_known(deprivation_score, 0.0)


@rule("score", clause=LOCAL, level="nation")
def national_need(need_score: Any, need_known_list: Any) -> Any:
    """Deprivation of England's patients."""
    return ratio(national(need_score * need_known_list), national(need_known_list))


@rule("score", clause=LOCAL, level="board")
def board_need(need_score: Any, need_known_list: Any, board: Any) -> Any:
    """Deprivation of each board's patients."""
    return ratio(by_board(need_score * need_known_list, board), by_board(need_known_list, board))


@rule("fraction", clause=LOCAL, level="board")
def board_price_change(
    board_need: Any, national_need: Any, local_price_response: Any, local_price_band: Any, local_price_in_force: Any
) -> Any:
    """By how much each board would move the price: its response to need, within the band."""
    known = where(board_need > 0, 1.0, 0.0)
    distance = ratio(board_need, national_need) - 1
    return (
        clip(local_price_response * distance, 0.0 - local_price_band, local_price_band) * known * local_price_in_force
    )


@rule("GBP per year", clause=LOCAL)
def local_price_wish(
    paid_weighted_list: Any, global_sum_price: Any, open_share: Any, board_price_change: Any, board: Any
) -> Any:
    """What a practice would gain or lose by its board's wish alone, on core money of every type of contract."""
    core = first_known(paid_weighted_list, 0.0) * global_sum_price * open_share
    return core * to_practice(board_price_change, board)


@rule("GBP per year", clause=LOCAL, level="nation")
def local_price_raised(local_price_wish: Any) -> Any:
    """What boards that raise the price would add in all."""
    return national(maximum(local_price_wish, 0.0))


@rule("GBP per year", clause=LOCAL, level="nation")
def local_price_lowered(local_price_wish: Any) -> Any:
    """What boards that lower the price would take off in all."""
    return national(maximum(0.0 - local_price_wish, 0.0))


@rule("GBP per year", clause=LOCAL, line="Local price above or below the national one")
def local_price(
    local_price_wish: Any, local_price_raised: Any, local_price_lowered: Any, local_price_neutral: Any
) -> Any:
    """What the board's price adds or takes off; if neutral, the larger of the two sides is scaled to the smaller."""
    least = minimum(local_price_raised, local_price_lowered)
    side = where(local_price_wish > 0, local_price_raised, local_price_lowered)
    return local_price_wish * (1 - local_price_neutral * (1 - ratio(least, side)))


@rule("ratio", clause=LOCAL, measure="Spread of the local price (mean distance from the national one)")
def local_price_distance(local_price: Any, paid_weighted_list: Any, global_sum_price: Any, open_share: Any) -> Any:
    """How far the price of the practice's patients lies from the national one, up or down."""
    core = first_known(paid_weighted_list, 0.0) * global_sum_price * open_share
    return ratio(maximum(local_price, 0.0 - local_price), core)
