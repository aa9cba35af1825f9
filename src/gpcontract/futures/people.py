"""People over a year: partners leave, step down and are found again; GPs age, leave and join; other staff follow lists.

GPs are counted in heads and belong to England's stocks by age (partners; salaried and locum GPs), so that nobody is made or lost: those who
join are trainees and others from outside, those who go leave the NHS.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..engine.arrays import clip, maximum, minimum, namespace

AGES = 5  # under 40, 40 to 49, 50 to 54, 55 to 59, 60 and over
AGE_WIDTHS = (10.0, 10.0, 5.0, 5.0, np.inf)  # years; GPs are taken to start at 30
YOUNG = 2  # age bands that new partners come from
MOST_LEAVE = 0.6  # of a practice's partners in a year, by expectation
TERMS = 5  # partners of one practice who may leave in a year, in a draw


class Partners(NamedTuple):
    """Partners of each practice after a year, and how many left or stepped down, and came."""

    heads: Any
    left: Any
    came: Any


class Stocks(NamedTuple):
    """England's GPs in heads by age, (draw, age): partners, and all others (salaried and locums). waiting: cohorts in training, (draw, year)."""

    partners: Any
    others: Any
    waiting: Any


class Flows(NamedTuple):
    """GPs in a year, heads, (draw,): who joined from training and from elsewhere, who left the NHS, who changed role."""

    trained: Any
    elsewhere: Any
    left: Any
    stepped_down: Any
    became_partners: Any


def leavers(heads: Any, rate: Any, u: Any) -> Any:
    """How many of a few people go, each with the same chance: a binomial number for u in (0, 1), at most TERMS."""
    xp = namespace(heads)
    chance = xp.exp(heads * xp.log(1.0 - rate))
    if xp is not np:
        return _how_many(heads, rate / (1.0 - rate), chance, u)
    gone = np.zeros_like(chance)
    some = np.flatnonzero(u > chance)  # most lose nobody
    n, rates, none, luck = (x.ravel()[some] for x in (heads, rate, chance, u))
    gone.ravel()[some] = _how_many(n, rates / (1.0 - rates), none, luck)
    return gone


def _how_many(heads: Any, odds: Any, chance: Any, u: Any) -> Any:
    """The binomial number from the chance of none: its distribution is summed until it passes u."""
    xp = namespace(heads)
    upto = chance
    gone = xp.where(u > upto, 1.0, 0.0)
    for k in range(1, TERMS):
        chance = chance * odds * maximum(heads - (k - 1.0), 0.0) / float(k)
        upto = upto + chance
        gone = gone + xp.where(u > upto, 1.0, 0.0)
    return minimum(gone, heads)


def partners(
    heads: Any,
    rate: Any,
    response: Any,
    fill: Any,
    u: Any,
    u_found: Any,
    central: Any,
    keeps_one: Any,
    worlds: bool,
    mean: bool,
) -> Partners:
    """A practice's partners a year on.

    rate: the chance that a partner leaves or steps down, England's, (draw, 1).  response: what money and work make of it, a factor.
    fill: the chance that a vacancy is filled.  keeps_one: the part of each practice whose last partner stays as long as the contract lasts.
    worlds, mean: whether the block has draws with luck, and the one without.
    """
    xp = namespace(heads)
    each = minimum(rate * response, MOST_LEAVE)
    gone = heads * each
    found = gone * fill
    if mean:  # by expectation a practice keeps at least one too, if it had that many
        gone = gone - maximum(minimum(heads, keeps_one) - (heads - gone + found), 0.0)
    if worlds:
        whole = leavers(heads, each, u)
        anew = xp.floor(whole * fill + u_found)
        left = heads - whole + anew
        last = (left < 1.0) & (heads >= 1.0) & (keeps_one > 0)
        whole = whole - last * (1.0 - left)  # the last one stays
        gone, found = (
            (whole, anew)
            if not mean
            else (central * gone + (1.0 - central) * whole, central * found + (1.0 - central) * anew)
        )
    return Partners(heads - gone + found, gone, found)


def shares(stock: Any) -> Any:
    """A stock's ages as shares of it."""
    xp = namespace(stock)
    return stock / maximum(xp.sum(stock, axis=-1)[:, None], 1e-9)


def age_on(stock: Any) -> Any:
    """A stock by age a year older."""
    xp = namespace(stock)
    on = xp.asarray(np.array([1.0 / w for w in AGE_WIDTHS]))
    up = stock * on
    zero = xp.zeros_like(up[:, :1])
    return stock - up + xp.concat([zero, up[:, :-1]], axis=-1)


def stocks(
    was: Stocks,
    leaving: Any,
    other_rate: Any,
    partner_left: Any,
    stepped: Any,
    became: Any,
    joined: Any,
    intake: Any,
) -> tuple[Stocks, Any]:
    """England's GPs a year on, and how many of the others left.

    leaving: (age, draw, 1) chance of leaving the NHS by age.  partner_left, stepped, became: partners who left the NHS, became
    salaried or locums, and salaried GPs who became partners, heads (draw,).  joined: heads who join (draw,).  other_rate: factor on leaving of GPs who are not partners.
    """
    xp = namespace(was.partners)
    rates = leaving[..., 0].T
    older, others = age_on(was.partners), age_on(was.others)
    from_partners = shares(older * rates) * partner_left[:, None]
    down = shares(older) * stepped[:, None]
    young = xp.asarray(np.array([1.0] * YOUNG + [0.0] * (AGES - YOUNG)))
    up = shares(others * young) * became[:, None]
    gone = others * clip(rates * other_rate, 0.0, 1.0)
    first = xp.asarray(np.array([1.0] + [0.0] * (AGES - 1)))
    made = Stocks(
        partners=older - from_partners - down + up,
        others=others - gone + down - up + first * joined[:, None],
        waiting=xp.concat([intake, was.waiting[:, :-1]], axis=-1),
    )
    return made, xp.sum(gone, axis=-1)


def settle(weights: Any, total: Any) -> Any:
    """England's total over practices by weight: (draw, practice) that adds up to (draw,)."""
    xp = namespace(weights)
    return weights * (total / maximum(xp.sum(weights, axis=-1), 1e-9))[:, None]


def follow(staff: Any, wanted: Any, speed: Any) -> Any:
    """Staff that move part of the way to what lists ask for."""
    return staff + speed * (wanted - staff)
