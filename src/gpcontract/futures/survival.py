"""Survival: the chance that a practice's contract ends in a year, what kind of end it is, and where its patients and staff go.

An end is a merger or take-over (all of the practice goes to one neighbour) or a closure (patients are dispersed to neighbours by
distance and room). In draw 0 every end happens by its expectation; in the others an end happens or does not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import maximum, minimum, namespace

TYPICAL = 7_000.0  # patients: the size that the hazard's constant is told at
SMALL = 2_500.0  # patients: below it lists wind down
MOST_SHRINKING = 0.2  # of a list in a year


class Ends(NamedTuple):
    """What part of what is left of each practice ends in a year, by kind: (draw, practice) each, 0 or 1 but in draw 0.

    chooser: a number in (0, 1) that picks the neighbour whom a practice joins.
    """

    merged: Any
    closed: Any
    chooser: Any

    @property
    def all(self) -> Any:
        """The part that ends at all."""
        return self.merged + self.closed


def log_size(patients: Any) -> Any:
    """Log of a list over 7,000; lists under 100 count as 100."""
    xp = namespace(patients)
    return xp.log(maximum(patients, 100.0) / TYPICAL)


def log_odds(fixed: Any, size: Any, shrinking: Any, log_list: Any, small: Any, shrink: Any) -> Any:
    """Log odds that a contract ends in a year.

    fixed: what a practice's kind, place and rating and the year add.  size: log of its list over 7,000.  shrinking: growth of
    its list last year (negative when it fell).  log_list, small, shrink: the fitted slopes.
    """
    below = maximum(np.log(SMALL / TYPICAL) - size, 0.0)
    fall = minimum(maximum(0.0 - shrinking, 0.0), MOST_SHRINKING)
    return fixed + log_list * size + small * below + shrink * fall


def chance(log_odds: Any) -> Any:
    """The chance of something from its log odds."""
    xp = namespace(log_odds)
    return 1.0 / (1.0 + xp.exp(0.0 - log_odds))


def ends(hazard: Any, open_: Any, u: Any, central: Any, merged_share: Any) -> Ends:
    """Which practices end, and how. central: (draw, 1), 1 for the draw without luck; merged_share: (draw, 1), above 0."""
    if namespace(u) is not np:
        return _each(hazard, open_, u, central, merged_share)
    made = np.zeros((3, *u.shape))
    some = (u < hazard) | (central > 0) if central.any() else u < hazard  # few end in a year
    at = np.flatnonzero(some & (open_ > 0))
    draw = at // u.shape[-1]
    of = [x.ravel()[at] for x in (hazard, open_, u)]
    made.reshape(3, -1)[:, at] = _each(*of, *(np.broadcast_to(x[:, 0], len(u))[draw] for x in (central, merged_share)))
    return Ends(*made)


def _each(hazard: Any, open_: Any, u: Any, central: Any, merged_share: Any) -> Ends:
    """The ends of practices, one by one."""
    xp = namespace(u)
    happens = xp.where(u < hazard, 1.0, 0.0)
    share = xp.where(open_ > 0, central * hazard + (1.0 - central) * happens, 0.0)
    rest = minimum(u / maximum(hazard, 1e-300), 1.0)  # given that it ends, again uniform
    kind = xp.where(rest < merged_share, 1.0, 0.0)
    merged = central * merged_share + (1.0 - central) * kind
    chooser = xp.where(kind > 0, rest / merged_share, (rest - merged_share) / (1.0 - merged_share + 1e-300))
    return Ends(share * merged, share * (1.0 - merged), chooser)
