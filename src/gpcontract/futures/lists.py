"""Lists by age and sex over a year: people age, are born and die; then newcomers come so that each list grows as its area and past say."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import maximum, minimum, namespace

BANDS = 14
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


def ageing(deaths: Any, leaving: Any, births: Any, boys: Any) -> Any:
    """The matrix that takes lists by band from one year to the next: (draw, band, band).

    Those who survive stay in their band or grow out of it; births come from women of 15 to 44. deaths, leaving: (band, draw, 1).
    births, boys: (draw, 1).
    """
    xp = namespace(deaths)
    lives, on = 1.0 - deaths[..., 0].T, leaving[..., 0].T  # (draw, band)
    after = np.eye(BANDS, k=-1)  # the band after each; no band follows the last of either sex, whom none leaves
    matrix = (xp.asarray(np.eye(BANDS)) * (1.0 - on)[:, None, :] + xp.asarray(after) * on[:, None, :]) * lives[
        :, None, :
    ]
    mothers = np.zeros((2, BANDS, BANDS))
    mothers[0, BOYS, MOTHERS] = mothers[1, GIRLS, MOTHERS] = 1.0
    sons = boys[:, :, None] * xp.asarray(mothers[0])
    daughters = (1.0 - boys[:, :, None]) * xp.asarray(mothers[1])
    return matrix + births[:, :, None] * (sons + daughters)


def year_of_lists(
    bands: Any, matrix: Any, growth: Any, mobility: Any, weights: Any, contacts: Any, deaths: Any, births: Any
) -> Lists:
    """Lists a year on. growth: log growth of each list, (draw, practice).  mobility, contacts: (band, draw, 1); weights: (band,)."""
    xp = namespace(bands)
    movable, asks = mobility[..., 0].T, contacts[..., 0].T  # (draw, band)
    one = xp.ones_like(movable)
    asks = asks + 0.0 * movable
    readings = xp.stack([one, movable, one * weights, movable * weights, asks, movable * asks], axis=1)
    # What is read of the lists to come is read of those that are, through the year's matrix: one pass over the bands.
    readings = xp.concat([matrix, xp.matmul(readings, matrix), one[:, None] + 0.0 * matrix[:, :1]], axis=1)
    made = xp.matmul(readings, bands)
    natural, read = made[:, :BANDS], made[:, BANDS:]
    wanted = read[:, 6] * xp.exp(minimum(maximum(growth, LEAST), MOST)) - read[:, 0]
    most_mobile = xp.max(movable, axis=-1)[:, None]
    share = maximum(wanted / maximum(read[:, 1], 1e-9), 0.0 - SPARE / most_mobile)
    before = xp.sum(bands, axis=-1)  # (draw, band)
    return Lists(
        bands=_with_newcomers(natural, share, movable),
        patients=read[:, 0] + share * read[:, 1],
        workload=read[:, 2] + share * read[:, 3],
        contacts=read[:, 4] + share * read[:, 5],
        born=before[:, MOTHERS] * births[:, 0],
        died=xp.sum(before * deaths[..., 0].T, axis=-1),
        came=xp.sum(share * read[:, 1], axis=-1),
    )


def _with_newcomers(natural: Any, share: Any, movable: Any) -> Any:
    """Lists with newcomers: of each band its own part for each of share."""
    if namespace(natural) is not np:
        return natural * (1.0 + share[:, None] * movable[..., None])
    factor = np.empty_like(share)
    for k in range(BANDS):  # band by band: what is at hand stays in the cache
        np.multiply(share, movable[:, k, None], out=factor)
        factor += 1.0
        natural[:, k] *= factor
    return natural
