"""Forward claims of surgeries: which owners would sell to a fund at each price, and how much of it goes to those who would have gone anyway."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...chapters.estate.rules import notional_rent, owned_estate_price, owned_estate_value, surgery_rent
from .. import people
from .ahead import Ahead, Array
from .forward import Outlook, forward
from .words import around, ends, millions, percent, pounds

TOLD = (0.8, 1.0, 1.25)  # of these, those that readings tell
PRICES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5)  # of market value
OFFER = 5  # years that the fund's offer stands
LONGEST = 45  # years that an owner may stay
RESTS = (
    "rent_share_of_premises owned_share owned_rent_limit estate_yield estate_purchase_costs surgery_upkeep_rate owner_discount_rate owner_sale_share "
    "owner_views_spread gp_leaving_rate partner_leaving_ratio partner_step_down_rate partner_age_shares"
)


class Sold(NamedTuple):
    """What owners do at one price, (draw,). share: of owners who sell while the offer stands.  gone: of them, those who would have gone in those
    years without it.  cost: pounds paid to owners.  windfall: pounds of it to those who would have gone.  patients: on lists of surgeries sold.
    """

    share: Array
    gone: Array
    cost: Array
    windfall: Array
    patients: Array


def staying(ages: Array, rates: Array, years: int = LONGEST) -> Array:
    """The part of owners of each age band still there after 0, 1, ... years: (age, year, draw). rates: of leaving a year, (age, draw).

    ages: which band each row starts in, as shares, (age, age).

    >>> staying(np.eye(5), np.full((5, 1), 0.1), 2)[0, :, 0].round(3)
    array([1.  , 0.9 , 0.81])
    """
    stock = np.broadcast_to(ages[..., None], (*ages.shape, rates.shape[-1]))
    found = [stock.sum(1)]
    for _ in range(years):
        left = stock * (1.0 - rates)
        stock = np.stack([people.age_on(row.T).T for row in left])
        found.append(stock.sum(1))
    return np.stack(found, 1)


def reservation(stays: Array, net_rent: Array, sale: Array, rate: Array) -> Array:
    """What a surgery is worth to its owner over its market value: rent until they go, and a sale then. (age, draw).

    stays: (age, year, draw).  net_rent: of a year less upkeep, over the value.  sale: what it then fetches, over the value.  rate: of discount.

    >>> forever = np.ones((1, 200, 1))
    >>> reservation(forever, np.array([0.05]), np.array([0.95]), np.array([0.05])).round(3)
    array([[1.]])
    """
    worth = (1.0 + rate) ** -np.arange(stays.shape[1])[:, None]
    rent = (stays[:, :-1] * worth[1:]).sum(1) * net_rent  # whoever is there at the start of a year has its rent
    goes = -np.diff(stays, axis=1)
    rest = stays[:, -1] * worth[-1]  # and who is left at the end sells then
    made: Array = rent + ((goes * worth[1:]).sum(1) + rest) * sale
    return made


def sells(price: float, wants: Array, sale: Array, spread: Array, gone: Array) -> tuple[Array, Array]:
    """The part of owners who sell at a price while it is offered, and the part who sell and would have gone by then: (age, draw) each.

    An owner sells at once if the price is what they want or more; and else when they go, if it is what they would then fetch or more. wants:
    of the middle owner, over market value.  spread: of owners about it, in logs.  gone: part who go while the offer stands.

    >>> one = np.ones((1, 1))
    >>> [x.round(2).item() for x in sells(1.0, one, one, one * 0.2, one * 0.3)]
    [0.5, 0.15]
    """
    from scipy.special import ndtr

    at_once = ndtr(np.log(price / wants) / spread)
    in_time = np.maximum(ndtr(np.log(price / sale) / spread) - at_once, 0.0) * gone
    return at_once + in_time, at_once * gone + in_time


def offers(ahead: Ahead) -> dict[float, Sold]:
    """What owners do at each price; worked out once."""

    def made() -> dict[float, Sold]:
        f = ahead.figure
        value, lists = estate(ahead)
        rates = f("gp_leaving_rate") * f("partner_leaving_ratio") + f("partner_step_down_rate")
        shares = f("partner_age_shares")
        stays = staying(np.eye(people.AGES), rates)
        net = f("estate_yield") * (1.0 + f("estate_purchase_costs")) - f("surgery_upkeep_rate")
        wants = reservation(stays, net, f("owner_sale_share"), f("owner_discount_rate"))
        leaves = 1.0 - stays[:, OFFER]
        open_ = ahead.years("national")["practices"]
        ended = 1.0 - open_[OFFER] / open_[0]
        goes = 1.0 - (1.0 - leaves) * (1.0 - ended)
        found = {}
        for price in PRICES:
            sold, gone = sells(price, wants, f("owner_sale_share"), f("owner_views_spread"), goes)
            share, with_gone = (shares * sold).sum(0), (shares * gone).sum(0)
            cost = share * price * value
            found[price] = Sold(
                share, with_gone / np.maximum(share, 1e-12), cost, with_gone * price * value, share * lists
            )
        return found

    found: dict[float, Sold] = ahead.once("offers", made)
    return found


def estate(ahead: Ahead) -> tuple[Array, Array]:
    """What the surgeries that partners own would fetch today, pounds, and the patients on their lists: (draw,) each."""

    def f(name: str) -> Array:
        return ahead.figure(name)[:, None]

    begun = ahead.plan.start
    rent = surgery_rent(begun.held.surgery, f("rent_share_of_premises"))
    theirs = notional_rent(rent, begun.lists, f("owned_share"), f("premises_per_patient"), f("owned_rent_limit"))
    price = owned_estate_price(owned_estate_value(theirs, f("estate_yield")), f("estate_purchase_costs"))
    made: Array = price.sum(-1)
    return made, begun.lists.sum() * ahead.figure("owned_share")


@forward(
    "owners-sell-at-the-market-price",
    ids="S1-07 S0-04",
    says="Owners will sell their surgeries to a fund at the market price.",
    by="Policy Exchange, 2022 (implied)",
    unit="share of owners who sell in five years, at market value",
    cannot="Which building, which loan and which partners: several own most surgeries together and all must agree. What owners want is assumed; nobody has made "
    "the offer.",
    variants="national",
    rests=RESTS,
)
def owners_sell(ahead: Ahead) -> Outlook:
    """Owners who take an offer of market value that stands for five years."""
    found = offers(ahead)
    told = "; ".join(
        f"for {percent(p)}, {around(found[p].share, percent)} of owners and {around(found[p].cost, pounds)}"
        for p in TOLD
    )
    at = found[1.0]
    return Outlook(
        at.share,
        at.share > 1 / 2,
        f"In {OFFER} years owners sell, by the part of market value that is offered: {told}. At market value the surgeries of "
        f"{around(at.patients / 1e6, millions)} patients are secured.",
        why="'will sell' is taken as most of them",
        also={f"{what} at {p:g} of market value": getattr(x, key) for p, x in found.items() for key, what in (("share", "share who sell"), ("cost", "pounds"), ("patients", "patients"))},
    )  # fmt: skip


@forward(
    "a-buy-out-pays-those-who-go-anyway",
    ids="S0-21 S0-38",
    says="A buy-out appeals to those who see no other way out.",
    by="British Medical Association, 2023",
    unit="share of what a fund pays at market value that goes to owners who would have gone in five years",
    cannot="What would have become of the surgery: a partner who goes may sell to one who stays, or to an investor who lets it to the practice.",
    variants="national",
    rests=RESTS + " hard_exit_share",
)
def windfall(ahead: Ahead) -> Outlook:
    """Of the money paid at market value, the part to owners who would have left, stepped down or seen their practice end by then."""
    found = offers(ahead)
    told = "; ".join(
        f"for {percent(p)}, {around(found[p].gone, percent)} ({pounds(ends(found[p].windfall)[0])})" for p in TOLD
    )
    at = found[1.0]
    return Outlook(
        at.gone,
        at.gone > 1 / 2,
        f"Of what is paid in {OFFER} years this goes to owners who would have gone without it, by the part of market value that is offered: {told}.",
        why="it appeals to those above all if they are most of the sellers",
        also={
            f"{what} at {p:g} of market value": getattr(x, key)
            for p, x in found.items()
            for key, what in (("gone", "share to them"), ("windfall", "pounds to them"))
        },
    )
