"""Lists by age and sex over a year: people age, are born and die; then newcomers come so that each list grows as its area and past say."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import maximum, minimum, namespace

BANDS = 14
WIDTHS = (5.0, 10.0, 30.0, 20.0, 10.0, 10.0, np.inf)  # years of each age band, for either sex
MOTHERS = 9  # women of 15 to 44
BOYS, GIRLS = 0, 7  # bands that the newly born join
MOST, LEAST = 0.5, -0.3  # log growth of a list in a year: a jump beyond is a merger, which is counted apart
SPARE = 0.9  # of the most mobile band that may leave a list in a year


class Lists(NamedTuple):
    """Lists after a year: bands (draw, band, practice), patients, weighted list before England's norm, contacts asked for.

    born, died, came: England's births, deaths and net newcomers, (draw,).
    """

    bands: Any
    patients: Any
    workload: Any
    contacts: Any
    born: Any
    died: Any
    came: Any


def ageing(deaths: Any, births: Any, boys: Any) -> Any:
    """The matrix that takes lists by band from one year to the next: (draw, band, band).

    Those who survive stay in their band or move on in equal parts of its years; births come from women of 15 to 44.
    deaths: (band, draw, 1).  births, boys: (draw, 1).
    """
    xp = namespace(deaths)
    leaves = np.array([1.0 / w for w in WIDTHS] * 2)
    stay, on = np.diag(1.0 - leaves), np.zeros((BANDS, BANDS))
    for k in range(BANDS):
        if leaves[k]:
            on[k + 1, k] = leaves[k]
    lives = 1.0 - deaths[..., 0].T  # (draw, band)
    matrix = xp.asarray(stay + on) * lives[:, None, :]
    mothers = np.zeros((2, BANDS, BANDS))
    mothers[0, BOYS, MOTHERS] = mothers[1, GIRLS, MOTHERS] = 1.0
    born = births[:, :, None]
    return matrix + born * (
        boys[:, :, None] * xp.asarray(mothers[0]) + (1.0 - boys[:, :, None]) * xp.asarray(mothers[1])
    )


def year_of_lists(
    bands: Any, matrix: Any, growth: Any, mobility: Any, weights: Any, contacts: Any, deaths: Any, births: Any
) -> Lists:
    """Lists a year on. growth: log growth of each list, (draw, practice).  mobility, contacts: (band, draw, 1); weights: (band,)."""
    xp = namespace(bands)
    movable, asks = mobility[..., 0].T, contacts[..., 0].T  # (draw, band)
    readings = xp.stack(
        [
            xp.ones_like(movable),
            movable,
            xp.ones_like(movable) * weights,
            movable * weights,
            xp.ones_like(movable) * asks,
            movable * asks,
        ],
        axis=1,
    )  # (draw, reading, band)
    natural = xp.matmul(matrix, bands)
    read = xp.matmul(readings, natural)
    before = xp.sum(bands, axis=-1)  # (draw, band)
    start = xp.sum(bands, axis=1)
    wanted = start * xp.exp(minimum(maximum(growth, LEAST), MOST)) - read[:, 0]
    most_mobile = xp.max(movable, axis=-1)[:, None]
    share = maximum(wanted / maximum(read[:, 1], 1e-9), 0.0 - SPARE / most_mobile)
    made = natural * (1.0 + share[:, None] * movable[..., None])
    return Lists(
        bands=made,
        patients=read[:, 0] + share * read[:, 1],
        workload=read[:, 2] + share * read[:, 3],
        contacts=read[:, 4] + share * read[:, 5],
        born=before[:, MOTHERS] * births[:, 0],
        died=xp.sum(before * deaths[..., 0].T, axis=-1),
        came=xp.sum(share * read[:, 1], axis=-1),
    )
