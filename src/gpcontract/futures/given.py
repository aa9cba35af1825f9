"""What a block of draws is given each year: figures, growth, odds and each contract's terms, from small arrays of each draw.

What has a number for each draw and practice is made in functions of any array library, so that a device can make it itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..engine.arrays import namespace
from . import lists, numbers, record, step
from .beliefs import Beliefs
from .chances import Made, opting_in
from .fits import Drawn
from .start import TEAM_FACTS, Start
from .terms import FOLLOWS, INSIDE, OUTSIDE, Terms

if TYPE_CHECKING:
    from .simulate import Plan


def now(plan: Plan, chosen: Beliefs, t: int) -> dict[str, Any]:
    """The figures of a year, with the formula's weights and what salaried GPs earn."""
    return chosen.year(t) | {"age_sex_weights": plan.weights, "salaried_income": plan.salaried_income}


def ahead(chosen: Beliefs, drawn: Drawn, now: Mapping[str, Any], t: int, central: Any) -> step.Ahead:
    """What is the same under every contract in a year, with growth of areas and effects on odds of ending still by board: (draw, board)."""
    levels = {
        n: _level(chosen.arrays[f"{n}_growth"], t)
        for n in ("funding", "pay", "other_cost", "additional_roles", "contacts")
    }
    return step.Ahead(
        now=now,
        area=drawn.area[:, t - 1],
        slope=drawn.slope,
        odds=drawn.exit_board[:, t - 1],
        log_list=drawn.exit["log_list"],
        small=drawn.exit["small"],
        shrink=drawn.exit["shrinking"],
        matrix=lists.ageing(now["death_rate"], now["ageing_share"], now["birth_rate"], now["share_boys"]),
        price=levels["funding"],
        pay=levels["pay"],
        other=levels["other_cost"] / levels["funding"],
        roles=levels["additional_roles"] / levels["funding"],
        posts=levels["additional_roles"] / levels["pay"],
        work=levels["contacts"],
        team=np.stack([_level(chosen.arrays["staff_growth"][i], t) for i in range(len(TEAM_FACTS))]),
        central=central,
        halving=now["neighbour_distance"],
    )


def over_practices(ahead: step.Ahead, fixed: Any, year: Any, board: Any) -> step.Ahead:
    """The same by practice. fixed: log odds of ending that do not change, (draw, practice).  year: the year's effect on them, (draw, 1)."""
    return ahead._replace(area=ahead.area[:, board], odds=fixed + year + ahead.odds[:, board])


def boards_of(start: Start) -> Any:
    """The board of each practice; of one that has none, the last."""
    return np.minimum(start.places.board, max(len(start.places.boards) - 1, 0))


def _level(growth: Any, t: int) -> Any:
    """What yearly growth has come to by a year, over the start's: (draw or 1, 1)."""
    return np.prod(1.0 + growth[..., 1 : t + 1], axis=-1)[..., None]


def reversed_by(t: int, now: Mapping[str, Any]) -> bool:
    """Whether contracts have been taken back by a year."""
    after = float(np.max(now["reversal_after"]))
    return after > 0 and t > after


def progress(of: Terms, t: int, now: Mapping[str, Any]) -> float:
    """How far a contract has come by a year; one that has been taken back has not come at all."""
    return 0.0 if reversed_by(t, now) else float(of.progress[t - 1])


def drawn(terms: step.Contracted, own: Made, national: Made, progress: Any) -> step.Contracted:
    """A contract's year with what draws make of its assumed figures, as far as it has come; the national contract's for the rest."""
    if isinstance(progress, float) and progress in (0.0, 1.0):  # known beforehand, and nothing to mix
        pay = own.pay if progress else national.pay
    else:
        pay = national.pay + progress * (own.pay - national.pay)
    return terms._replace(chance=pay, apart=1.0 + progress * (own.apart - 1.0), ever=opting_in(terms.ever, own.joins))


def contracted(plan: Plan, of: Terms, t: int, now: Mapping[str, Any], shares: Any) -> step.Contracted:
    """A contract's terms in a year ahead, and what of its schedule falls in it, before what draws make of its figures (`drawn`).

    shares: what draws make of the shares of lists that pass to each form, factors, (form, draw or 1).
    """
    k, reversed_ = t - 1, reversed_by(t, now)
    forms, before = (of.forms[i, :, None] * shares if i >= 0 else 0.0 * shares for i in (k, k - 1))
    surgery = float(of.rates[k, OUTSIDE, FOLLOWS.index("surgery")].sum() / max(plan.start.held.surgery.sum(), 1e-9))
    gone = np.minimum(before.sum(0), 1.0)
    passes = (np.maximum(np.minimum(forms.sum(0), 1.0) - gone, 0.0) / np.maximum(1.0 - gone, 1e-9))[:, None]
    hands = float(of.forms[k - 1].sum() / of.forms[-1].sum()) if k and of.forms[-1].any() and not reversed_ else 0.0
    rates, ended, aside, once = of.rates[k], of.quality_ended[k], of.aside[k], float(of.once[k])
    if reversed_:
        outside = plan.national.rates[0, OUTSIDE]
        rates = np.stack([outside, outside + rates[INSIDE] - rates[OUTSIDE]])
        ended, aside = (np.stack([0.0 * x[OUTSIDE], x[INSIDE] - x[OUTSIDE]]) for x in (ended, aside))
        once, surgery, passes = 0.0, 1.0, 0.0 * passes
    announced = now["announcement_leaving"] if of.ends_partnership and k == 0 else np.ones((1, 1))
    return step.Contracted(
        rates=rates,
        surgery=surgery,
        passes=passes,
        forms=forms if forms.any() else of.forms[-1, :, None] * shares,
        hands=hands,
        ever=np.zeros(1) if of.joins is None else 0.0 * of.joins if reversed_ else of.joins,
        chance=np.zeros((2, 1, 1)),
        apart=np.ones((3, 1, 1)),
        network_staff=(plan.national.network_staff[0] if reversed_ else of.network_staff[k]),
        announced=announced,
        returns=now["reversal_return_rate"] if reversed_ else np.zeros((1, 1)),
        returning_cost=now["reversal_cost_per_practice"],
        aside=aside,
        once=once,
        once_inside=of.once_inside,
        quality_ended=ended,
        leases=0.0 if reversed_ else float(of.leases[k]),
    )


def joining(seed: int, draws: Any, network_keys: Any) -> Any:
    """A network's two numbers in (0, 1), which say whether it would opt in and when: (2, draw, practice)."""
    xp = namespace(draws)
    both = (numbers.luck(seed, purpose, draws, 0) for purpose in ("would opt in", "when it opts in"))
    return xp.stack([numbers.uniform(x, network_keys) for x in both])


def fixed(start: Start, tilt: Any) -> step.Fixed:
    """What is the same in all years and contracts. tilt: how much sooner lists pass for each deprivation fifth, in logs, (draw, 1)."""
    partnership = 1.0 - start.forms.sum(0)
    of_board = boards_of(start)
    boards = of_board[:, None] == np.arange(max(len(start.places.boards), 1))
    return step.Fixed(
        needs=start.needs,
        contact=start.contact,
        forms=start.forms,
        partnership=partnership,
        team=np.stack([x[0] for x in start.held.team]) / np.maximum(start.lists, 1.0),
        tilt=tilts(tilt, lean(start), partnership * start.lists),
        need_weight=start.need_weight,
        fifths=(start.fifth[:, None] == np.arange(record.FIFTHS)).astype(float),
        boards=boards.astype(float),
        board_starts=boards.argmax(0),
    )


def lean(start: Start) -> Any:
    """Fifths of deprivation that each practice lies from the middle one, more where more deprived; 0 where not known: (practice,)."""
    return np.where(start.fifth > 0, 3.0 - start.fifth, 0.0)


def tilts(tilt: Any, lean: Any, weight: Any) -> Any:
    """The factor on each practice's passing, whose mean by weight is 1: (draw, practice)."""
    made = namespace(tilt).exp(tilt * lean)
    return made * (weight.sum() / (made @ weight))[:, None]
