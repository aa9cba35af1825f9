"""A small England for the years ahead: a few boards of the synthetic one, so that whole runs take a second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gpcontract import England
from gpcontract.engine.areas import Areas


def part_of(england: England, boards: int) -> England:
    """The practices of an England's first boards alone."""
    index = england.areas["board"].index[0]
    at = np.flatnonzero((index >= 0) & (index < boards))
    facts = {n: x[..., at] if x.shape[-1] == len(england.codes) else x for n, x in england.facts.items()}
    areas = {k: Areas(a.kind, a.codes, a.names, a.index[:, at]) for k, a in england.areas.items()}
    labels = {n: tuple(x[i] for i in at) for n, x in england.labels.items()}
    codes = tuple(england.codes[i] for i in at)
    return replace(
        england, codes=codes, facts=facts, areas=areas, labels=labels, title=f"{england.title}, {boards} boards"
    )


@pytest.fixture(scope="session")
def small() -> England:
    """Two boards of the synthetic England."""
    return part_of(England.synthetic(1), 2)
