"""Claims of fairness: money by deprivation and by board, and where the country differs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...england.facts import Array
from ..spread import variation
from .claim import Finding, claim
from .money import READER_2022, READER_2023
from .words import count, more_or_less, percent, pounds

Places = npt.NDArray[np.int32]
HF = "the Health Foundation, 2020"


def gap(money: Array, people: Array, fifths: Array) -> float:
    """Money for each person in the most deprived fifth over the least, less one; practices with neither known are left out."""
    known = ~np.isnan(money + people) & (people > 0)
    poor, rich = (money[known & (fifths == f)].sum() / people[known & (fifths == f)].sum() for f in (1, 5))
    return float(poor / rich - 1)


def by_board(money: Array, people: Array, board: Places) -> tuple[Array, Array]:
    """Money for each person of each board, and its people; boards with none are left out."""
    here = board >= 0
    n: Array = np.bincount(board[here], weights=people[here]).astype(np.float64)
    pounds_ = np.bincount(board[here], weights=money[here])
    return pounds_[n > 0] / n[n > 0], n[n > 0]


@claim(
    "poor-places-get-less-by-need",
    ids="S0-05 S1-18",
    says="Practices in deprived places get less money for the need they meet.",
    by=HF,
    unit="share more for each need-weighted patient, most against least deprived fifth",
    cannot="Need itself: the weights are those of the allocations to boards, and may themselves count too little of it.",
)
def less_by_need(paid_without_dispensing: Array, need_lists: Array, fifths: Array) -> Finding:
    """Payments, dispensing left out, for each need-weighted patient: the most deprived fifth over the least."""
    found = gap(paid_without_dispensing, need_lists, fifths)
    return Finding(
        found,
        found < 0,
        f"The most deprived fifth of practices gets {more_or_less(found, 1)} for each need-weighted patient than the least deprived.",
    )


@claim(
    "poor-places-get-less-a-head",
    ids="S0-05",
    says="Practices in deprived places get less money for each patient.",
    by=HF,
    unit="share more for each registered patient, most against least deprived fifth",
    cannot="Need: by head it can look fair, or generous, and by need not.",
)
def less_a_head(paid_without_dispensing: Array, lists: Array, weighted_lists: Array, fifths: Array) -> Finding:
    """Payments, dispensing left out, for each registered patient: the most deprived fifth over the least."""
    found, weighted = gap(paid_without_dispensing, lists, fifths), gap(paid_without_dispensing, weighted_lists, fifths)
    return Finding(
        found,
        found < 0,
        f"The most deprived fifth gets {more_or_less(found, 1)} for each registered patient, and {more_or_less(weighted, 1)} for each "
        "Carr-Hill weighted one.",
        also={"for each Carr-Hill weighted patient": weighted},
    )


@claim(
    "the-denominator-decides",
    ids="S0-01 S0-12",
    says="Whether money is fair depends on which patients it is counted by.",
    by="much of the debate (implied)",
    unit="share by which the gap moves from by head to by need",
    cannot="Which denominator is right.",
)
def denominator(paid_without_dispensing: Array, lists: Array, need_lists: Array, fifths: Array) -> Finding:
    """How far the gap between most and least deprived moves from registered to need-weighted patients."""
    head, need = gap(paid_without_dispensing, lists, fifths), gap(paid_without_dispensing, need_lists, fifths)
    return Finding(
        need - head,
        bool((head < 0) != (need < 0)),
        f"The most deprived fifth gets {more_or_less(head, 1)} by head and {more_or_less(need, 1)} by need.",
        why="" if (head < 0) == (need < 0) else "the sign changes with the denominator",
        also={"by head": head, "by need": need},
    )


@claim(
    "a-national-contract-prevents-a-lottery",
    ids="S0-45 S0-01 S0-12",
    says="A national contract prevents a postcode lottery.",
    by=READER_2023,
    unit="per cent of the mean: spread between boards of money by national rates",
    cannot="What boards would do with more freedom; a little spread may be right where need is not in the weights.",
)
def lottery(national_money: Array, board_money: Array, weighted_lists: Array, board: Places, on_gms: Array) -> Finding:
    """Spread between boards of money paid by national rates to GMS practices, against the spread of money that boards decide."""
    gms = np.nan_to_num(on_gms) > 0
    fixed, n = by_board(national_money[gms], weighted_lists[gms], board[gms])
    local, m = by_board(board_money, weighted_lists, board)
    a, b = variation(fixed, n), variation(local, m)
    p10, p90 = np.quantile(local, (0.1, 0.9))
    return Finding(
        a,
        a < b,
        f"Between boards, money by national rates varies by {a:.1f}% of its mean for each weighted patient and money that boards decide by {b:.0f}%: "
        f"{pounds(p10)} in the lowest tenth of boards, {pounds(p90)} in the highest.",
        why="where rates are national the boards differ much less",
        also={
            "spread of money that boards decide, per cent": b,
            "lowest tenth of boards": p10,
            "highest tenth of boards": p90,
        },
    )


@claim(
    "local-money-is-even",
    ids="S0-46 S0-40",
    says="Local schemes put money in wherever it was wanted.",
    by=READER_2023,
    unit="times as much in the highest tenth of boards as in the lowest",
    cannot="Whether places with less had less to pay for.",
)
def even_local_money(local_by_practice: Array, lists: Array, board: Places, even_ratio: float) -> Finding:
    """Local incentive money for each patient: the highest tenth of boards over the lowest."""
    each, n = by_board(local_by_practice, lists, board)
    p10, p90 = np.quantile(each, (0.1, 0.9))
    return Finding(
        p90 / p10,
        p90 / p10 <= even_ratio,
        f"Boards pay {pounds(each.min())} to {pounds(each.max())} a patient; the highest tenth pays {p90 / p10:.1f} times the lowest.",
        also={"lowest tenth": p10, "highest tenth": p90, "spread, per cent of the mean": variation(each, n)},
    )


@claim(
    "semi-rural-is-different",
    ids="S1-64",
    says="Plans for scale are made for cities; elsewhere practices are too far apart.",
    by=READER_2022,
    unit="times as far to the nearest other practice as in towns",
    cannot="Roads, buses and hospitals: distances are straight lines between practices.",
)
def rural_distance(nearest_practice: Array, rural: Array) -> Finding:
    """The median distance to the nearest other practice, of rural practices over urban ones."""
    far, near = (float(np.nanmedian(nearest_practice[(rural > 0) == r])) for r in (True, False))
    return Finding(
        far / near,
        far / near >= 2,
        f"{count((rural > 0).sum())} of {count(rural.size)} practices are rural; their nearest neighbour is {far:.1f} km away, in towns {near:.1f} km.",
        why="'different' is taken as twice as far",
        also={"rural, km": far, "urban, km": near, "share of practices rural": float((rural > 0).mean())},
    )


@claim(
    "digital-lists-are-overpaid",
    ids="S4-18",
    says="Lists of the young and well are overpaid and leave the ill to others.",
    by="the consultation on digital-first practices, 2018",
    unit="share more for a patient of 15 to 44 than for the average",
    cannot="How much care such patients ask for once an app makes it easy; premiums for new patients, London and rural places.",
)
def digital_lists(
    age_sex_weights: Array,
    national_bands: Array,
    claimed_digital_cut: float,
    contacts_by_band: Array,
    young_contacts: float,
) -> Finding:
    """The age and sex price of a list all aged 15 to 44, against the work it makes."""
    share = national_bands / national_bands.sum()
    young = np.array([2, 9])  # men and women of 15 to 44
    mix = share[young] / share[young].sum()
    price = float((age_sex_weights[young] * mix).sum() / (age_sex_weights * share).sum())
    own = contacts_by_band.copy()
    own[young] *= young_contacts
    work = float((own[young] * mix).sum() / (own * share).sum())
    return Finding(
        price - 1,
        price > work,
        f"The formula prices patients of 15 to 44 at {percent(price)} of the average and they make {percent(work)} of its contacts; "
        f"a cut of {percent(claimed_digital_cut)} would make it {percent(price * (1 - claimed_digital_cut))}.",
        also={"work they make": work - 1, "price after the cut": price * (1 - claimed_digital_cut) - 1},
    )
