"""Neighbours like a practice: not the nearest on the map, but the most alike in what contracts pay for."""

from __future__ import annotations

import numpy as np

from ...contracts.result import Subject
from ..desk import Desk
from .members import More, listed

MOST = 10
#: What makes practices alike: a fact, whether by its logarithm, and its weight.
LIKENESS = (
    ("list_size", True, 2.0), ("deprivation_score", False, 1.5), ("other_needs_index", False, 1.0), ("rural", False, 0.7),
    ("on_gms", False, 0.7), ("dispensing", False, 0.7), ("in_london", False, 0.5),
)  # fmt: skip
NOTE = (
    "The practices most like this one in list size, deprivation, needs beyond age and sex, type of contract, whether rural, "
    "dispensing or in London. They need not be near it."
)


def alike(here: Desk, subject: Subject, year: int, name: str) -> More | None:
    """The practices most like one, the most alike first."""
    frame = here.frame(year)
    traits = here.once(("traits", year), lambda: _traits(here, year))
    at = int(frame.positions(subject.members)[0])
    far = np.square(traits - traits[at]).sum(1)
    far[at] = np.inf
    near = np.argsort(far, kind="stable")[:MOST]
    near = near[np.isfinite(far[near])]
    return listed(here, frame.members[near], year, name, "alike", f"Practices like {subject.name}", NOTE)


def _traits(here: Desk, year: int) -> np.ndarray:
    """Each practice of a year by its traits, each in standard deviations; what is not known counts as the middle."""
    frame, made = here.frame(year), []
    for name, by_log, weight in LIKENESS:
        x = frame.fact(name)
        if x is None:
            continue
        x = np.log(np.maximum(x, 1)) if by_log else np.asarray(x, float)
        spread = np.nanstd(x)
        if spread > 0:
            made.append(weight * np.nan_to_num((x - np.nanmean(x)) / spread))
    return np.stack(made, 1) if made else np.zeros((len(frame.members), 1))
