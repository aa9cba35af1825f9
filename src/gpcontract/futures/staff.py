"""Staff as the past shows them: how England's posts grew, and how a practice's posts answer to its list and to what others have.

Practices that stay open and whose list did not jump. What is counted beside a post of a few hours is noise, so the answers are drawn
towards 0; the third-party extract that holds most years is a mean of each year's counts.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from . import effects
from .effects import Yearly
from .panel import Numbers, Panel

ROLES = ("gp", "partner", "nurse", "direct_care", "admin")
FEWEST = 1_000  # practices with posts in both years that make a pair of years
LEAST_POSTS, SMALLEST_LIST = 0.3, 1_000.0  # full-time equivalents, patients: below either a change says little
OWN, JUMP = (
    0.1,
    0.7,
)  # yearly log changes of a list and of posts beyond which a practice has merged, or a figure is in error
LEAST = 0.003  # the spread over years of England's growth is thought to be at least this


@dataclass(frozen=True)
class Staff:
    """Posts of one role. growth: yearly log growth of England's full-time equivalents for each patient.

    follows: log change of a practice's posts for that of its list in the same year.  pull: what part of its distance from the usual
    posts for a patient (log) goes in a year.  spread: sd of the rest of its yearly change.  Each with its standard error.
    """

    growth: Yearly
    follows: float
    follows_error: float
    pull: float
    pull_error: float
    spread: float
    changes: int

    def to_dict(self) -> dict[str, Any]:
        """The fit as plain data."""
        return asdict(self)


def fit_staff(panel: Panel) -> dict[str, Staff]:
    """Each role whose posts two whole published years running hold; none where no file has them."""
    made = {}
    for role in ROLES:
        posts = {y: panel.fact(f"{role}_fte", y) for y in panel.years}
        years = [y for y in panel.years if np.isfinite(posts[y]).sum() >= FEWEST]
        pairs = [p for p in panel.pairs if p[0] in years and p[1] in years]
        if pairs:
            made[role] = _role(panel, posts, pairs)
    return made


def _role(panel: Panel, posts: dict[int, Numbers], pairs: list[tuple[int, int]]) -> Staff:
    grown, parts = [], []
    for a, b in pairs:
        i, j, k = panel.at(a), panel.at(b), b - a
        known = panel.open[i] & panel.open[j] & np.isfinite(posts[a]) & np.isfinite(posts[b])
        lists = [panel.patients[t] * known for t in (i, j)]
        each = [float(posts[y][known].sum() / x.sum()) for y, x in zip((a, b), lists, strict=True)]
        grown.append(np.log(each[1] / each[0]) / k)
        here = known & (lists[0] > SMALLEST_LIST) & (lists[1] > SMALLEST_LIST)
        here &= (np.nan_to_num(posts[a]) > LEAST_POSTS) & (np.nan_to_num(posts[b]) > LEAST_POSTS)
        size = np.log(lists[1][here] / lists[0][here]) / panel.elapsed(a, b)
        change = np.log(posts[b][here] / posts[a][here]) / k
        away = np.log(posts[a][here] / lists[0][here])
        near = (np.abs(size) < OWN) & (np.abs(change) < JUMP)
        x = np.stack([size, away], -1)[near]
        parts.append((x - x.mean(0), change[near] - change[near].mean(), float(k)))
    x = np.concatenate([p[0] for p in parts])
    y = np.concatenate([p[1] for p in parts])
    answer = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ answer
    error = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * rest.var())
    spans = np.concatenate([np.full(len(p[1]), p[2]) for p in parts])
    growth = effects.yearly(np.array(grown), np.full(len(grown), LEAST), [(a + 1, b) for a, b in pairs], LEAST)
    return Staff(
        growth, float(answer[0]), float(error[0]), float(-answer[1]), float(error[1]),
        float(np.sqrt((rest**2 * spans).mean())), len(y),
    )  # fmt: skip
