"""Claims of size: which practices end, and what networks are."""

from __future__ import annotations

import numpy as np

from ...england.facts import Array
from .claim import Finding, claim
from .money import READER_2022
from .words import count, percent

SMALL, LARGE = 3_000, 12_000  # lists under and over which practices are called small and large here
BANDS = (2_000, 3_000, 5_000, 8_000, 12_000, 20_000)


@claim(
    "small-practices-are-ending",
    ids="S1-48 S0-56",
    says="Small practices are being liquidated for scale.",
    by=READER_2022,
    unit="times the yearly chance of ending of lists of 12,000 and more",
    cannot="Why: a code ends when a practice closes, merges or is taken over, and lists that run down are small because they end.",
)
def small_end(exit_lists: Array, exit_gone: Array) -> Finding:
    """The chance that a small practice's code ends in a year, over that of a large one."""
    small, large = exit_lists < SMALL, exit_lists >= LARGE
    a, b, every = (float(exit_gone[x].mean()) for x in (small, large, np.ones(exit_gone.size, bool)))
    return Finding(
        a / b,
        a / b >= 2,
        f"{percent(a, 1)} of lists under {count(SMALL)} end in a year and {percent(b, 1)} of those of {count(LARGE)} and more; {percent(every, 1)} of all.",
        why="'being liquidated' is taken as twice as likely",
        also={"under 3,000": a, "12,000 and more": b, "all": every},
    )


@claim(
    "poverty-closes-practices",
    ids="S1-48 S0-05 S0-38",
    says="Practices in deprived places close more often.",
    by="reports of closures, 2013 to 2022",
    unit="times the yearly chance of ending of the least deprived fifth, at the same size",
    cannot="Whether patients in deprived places lose more when a practice ends.",
)
def poverty_or_size(exit_lists: Array, exit_gone: Array, exit_fifths: Array) -> Finding:
    """Ended codes in the most deprived fifth over the least, as they are and with each size band weighted alike."""
    poor, rich = exit_fifths == 1, exit_fifths == 5
    crude = float(exit_gone[poor].mean() / exit_gone[rich].mean())
    band = np.digitize(exit_lists, BANDS)
    rates = []
    for who in (poor, rich):
        each = [
            exit_gone[who & (band == i)].mean() if (who & (band == i)).any() else 0.0 for i in range(len(BANDS) + 1)
        ]
        rates.append(float(np.dot(each, np.bincount(band, minlength=len(BANDS) + 1)) / band.size))
    ratio = rates[0] / rates[1]
    return Finding(
        ratio,
        ratio > 1.1,
        f"Practices in the most deprived fifth end {crude:.2f} times as often as in the least; at the same list size {ratio:.2f} times.",
        why="most of the difference is that practices there are smaller" if crude > ratio else "",
        also={"before allowing for size": crude},
    )


@claim(
    "good-small-practices-closed",
    ids="S1-48",
    says="Many of the small practices that went were good.",
    by=READER_2022,
    unit="share of the practices that ended that had been above the median by points",
    cannot="Points are a narrow part of what patients value.",
)
def good_ones_closed(points_of_ended: Array, points_of_stayed: Array) -> Finding:
    """Of practices that ended after a year with points, the share that scored above the median."""
    median = float(np.median(np.concatenate([points_of_ended, points_of_stayed])))
    share = float((points_of_ended > median).mean())
    return Finding(
        share,
        share >= 1 / 4,
        f"{percent(share)} of {count(points_of_ended.size)} practices that ended had more points than the median; on average they had "
        f"{points_of_ended.mean():.0f}, those that stayed {points_of_stayed.mean():.0f}.",
        why="'many' is taken as a quarter",
        also={
            "mean points, ended": float(points_of_ended.mean()),
            "mean points, stayed": float(points_of_stayed.mean()),
        },
    )


@claim(
    "networks-are-the-unit",
    ids="S4-13 S0-48 S2-01",
    says="Networks of 30,000 to 50,000 patients are the unit of the future.",
    by="NHS England, 2018",
    unit="share of networks within the size",
    cannot="Whether a network does anything together.",
)
def networks(
    network: Array,
    lists: Array,
    network_size_least: float,
    network_size_most: float,
    network_paid: float,
    money_paid: float,
) -> Finding:
    """Networks of the size that was planned, and the share of money that goes through them."""
    sizes = np.bincount(network[network >= 0], weights=lists[network >= 0])
    sizes = sizes[sizes > 0]
    within = float(((sizes >= network_size_least) & (sizes <= network_size_most)).mean())
    return Finding(
        within,
        within > 1 / 2,
        f"{percent(within)} of {count(sizes.size)} networks have {count(network_size_least)} to {count(network_size_most)} patients, half of them "
        f"{count(np.median(sizes))} or more; {percent(network_paid / money_paid, 1)} of money goes through networks.",
        why="'the unit' is taken as most networks being of the size",
        also={
            "networks": sizes.size,
            "median patients": float(np.median(sizes)),
            "share of money": network_paid / money_paid,
        },
    )
