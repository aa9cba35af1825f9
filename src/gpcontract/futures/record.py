"""The record of a year: England's figures, and its boards', from the arrays of a step. Only these are kept of a draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..engine.arrays import clip, maximum, namespace
from . import outcomes
from .quantities import QUANTITIES
from .survival import TYPICAL

if TYPE_CHECKING:
    from .lists import Lists
    from .money import Drawn, Paid
    from .moves import Held, Moved
    from .people import Flows, Partners, Stocks
    from .step import Ahead, Contracted, Fixed, Flags
    from .survival import Ends
    from .world import Base, State

FIFTHS = 6  # of deprivation; the first is 'unknown'
LEAST_PARTNERS = 0.5  # heads: a practice with fewer has no partners to speak of
QUANTILES = (0.1, 0.5, 0.9)


class Year(NamedTuple):
    """One year of a block under one contract. nation: (quantity, draw), by QUANTITIES.  boards: (quantity, draw, board), by BY_BOARD."""

    nation: Any
    boards: Any


class Seen(NamedTuple):
    """What a step worked out on its way. handed, passes, returned: parts of each practice that a provider took over, that passed, and that went back."""

    listed: Lists
    asked: Any
    give: Any
    got: Paid
    drawn: Drawn
    partnership: Any
    inside: Any
    ends: Ends
    handed: Any
    passes: Any
    returned: Any
    moved: Moved
    changed: Partners
    flows: Flows
    gone: Any


class Levels(NamedTuple):
    """What can be said of any year's end, the starting one too."""

    nation: Mapping[str, Any]
    boards: Any


def levels(
    held: Held, stocks: Stocks, open_: Any, patients: Any, got: Paid, drawn: Drawn, partnership: Any, counts: Any,
    asked: Any, give: Any, pay: Any, base: Base, fixed: Fixed, now: Mapping[str, Any], leases: Any = 0.0,
) -> Levels:  # fmt: skip
    """Stocks, money and work of a year. counts: partnerships that have partners, (draw, practice); pay: level of pay over the start's.

    leases: share of surgeries' leases that others than partners answer for.
    """
    xp = namespace(open_)
    people = total(patients)
    others = xp.sum(stocks.others, axis=-1) * now["salaried_fte_per_head"][:, 0]
    locums, partners = others * base.locums[:, 0], total(held.partners)
    gps = partners * now["partner_fte_per_head"][:, 0] + others
    salaried_pay = now["salaried_income"] * pay * (now["partner_fte_per_head"] / now["salaried_fte_per_head"])
    one = counts * single(held.partners, open_)
    exposure = held.surgery * (lease_rent(now) * (1.0 - leases)) + patients * now["closing_cost_per_patient"]
    low, middle, high = _quantiles(drawn.each, counts)
    per_need = xp.matmul(got.practice, fixed.fifths) / maximum(
        xp.matmul(patients * fixed.need_weight, fixed.fifths), 1e-9
    )
    made = {
        "bill": total(got.all),
        "paid_to_practices": total(got.practice),
        "practices": total(open_),
        "patients": people,
        "partners": partners,
        "salaried_fte": others - locums,
        "locum_fte": locums,
        "gp_fte": gps,
        "nurse_fte": total(held.nurses),
        "direct_care_fte": total(held.direct_care),
        "admin_fte": total(held.admin),
        "list_per_gp": people / gps,
        "one_partner": total(one),
        "last_partner_exposure": weighed(one, exposure),
        "making_losses": weighed(counts, 1.0 * (drawn.each < 0.0)),
        "below_salaried": weighed(counts, 1.0 * (drawn.each < salaried_pay)),
        "drawings": total(drawn.profit) / maximum(total(drawn.heads), 1e-9),
        "drawings_p10": low,
        "drawings_p50": middle,
        "drawings_p90": high,
        "equity": per_need[:, 1] / maximum(per_need[:, 5], 1e-9) - 1.0,
        "pressure": total(asked) / total(give) / xp.exp(base.level[:, 0]),
    }
    practice_gps = held.partners * now["partner_fte_per_head"] + held.salaried
    sums = [_by_board(x, fixed) for x in (patients, open_, got.all, practice_gps, asked, give)]
    work = sums[4] / maximum(sums[5], 1e-9) / xp.exp(base.level)
    return Levels(made, xp.stack([*sums[:4], work], axis=0))


def lease_rent(now: Mapping[str, Any]) -> Any:
    """What leaving its lease costs for a pound a year that comes with a surgery: the part of it that is leased rent, over the years left."""
    leased = now["rent_share_of_premises"] * (1.0 - now["owned_share"])
    annuity = (1.0 - (1.0 + now["discount_rate"]) ** (0.0 - now["lease_years_left"])) / now["discount_rate"]
    return leased * annuity * now["lease_exit_share"]


def start(
    state: State, base: Base, got: Paid, drawn: Drawn, asked: Any, give: Any, fixed: Fixed, now: Mapping[str, Any]
) -> Year:
    """The starting year, as the national contract pays it. Flows of that year are not known, and 0."""
    xp, held = namespace(state.open), state.held
    patients = held.bands.sum(1)
    counts = xp.where(held.partners > LEAST_PARTNERS, fixed.partnership, 0.0)
    one = xp.ones((1, 1))
    found = levels(
        held,
        state.stocks,
        state.open,
        patients,
        got,
        drawn,
        fixed.partnership,
        counts,
        asked,
        give,
        one,
        base,
        fixed,
        now,
    )
    nothing = xp.zeros(len(patients))
    more = {
        "with_partnerships": total(fixed.partnership * patients),
        **{
            f"with_{who}": total(fixed.forms[i] * patients) for i, who in enumerate(("trusts", "networks", "companies"))
        },
        "continuity": base.continuity,
        "admissions": nothing + 1.0,
    }
    made = {**found.nation, **more}
    return Year(xp.stack([made.get(n, nothing) + nothing for n in QUANTITIES], axis=0), found.boards)


def year(
    before: State, after: State, seen: Seen, base: Base, ahead: Ahead, contract: Contracted, fixed: Fixed, flags: Flags
) -> Year:  # fmt: skip
    """The figures of a year."""
    xp = namespace(after.open)
    now, patients = ahead.now, seen.listed.patients
    counts = seen.partnership * before.open * (before.held.partners > LEAST_PARTNERS * before.open)
    found = levels(
        after.held, after.stocks, after.open, patients, seen.got, seen.drawn, seen.partnership, counts, seen.asked, seen.give,
        ahead.pay, base, fixed, now, contract.leases,
    )  # fmt: skip
    people = found.nation["patients"]
    index = outcomes.continuity(
        before.size, now["continuity_small"], now["continuity_large"], now["continuity_sizes"], TYPICAL
    )
    turnover = total(seen.changed.left) / maximum(total(before.held.partners), 1e-9)
    usual = weighed(index, patients) / people
    usual = usual + now["continuity_turnover_effect"][:, 0] * (turnover - _usual_turnover(now))
    held_by = _holders(after, contract, fixed, patients)
    admitted = outcomes.admissions(
        usual - base.continuity, now["continuity_admissions_effect"][:, 0], (held_by["with_trusts"] - weighed(patients, fixed.forms[0])) / people,
        now["trust_admission_ratio"][:, 0], now["avoidable_share_of_admissions"][:, 0],
    )  # fmt: skip
    part_inside = weighed(seen.inside, patients) / people

    def mixed(pair: Any) -> Any:
        return pair[0] + (pair[1] - pair[0]) * part_inside

    ended = mixed(contract.quality_ended)
    back = contract.returning_cost[:, 0] * weighed(seen.returned, after.open)
    arrived = seen.moved.arrived
    moved, elsewhere, once = contract.apart[..., 0]
    joiners = weighed(maximum(after.joined - before.joined, 0.0), patients) if flags.chosen else 0.0
    flows = {
        "moved": mixed(contract.aside[:, 0]) * people * moved,
        "once": (contract.once + contract.once_inside * joiners) * maximum(once, 0.0) + back,
        "elsewhere": mixed(contract.aside[:, 1]) * people * elsewhere,
        "merged": weighed(seen.ends.merged, before.open),
        "closed": weighed(seen.ends.closed, before.open),
        "handed_over": weighed(seen.handed * seen.partnership, before.open) if flags.converts else 0.0,
        "converted": weighed(seen.passes * seen.partnership, after.open) if flags.converts else 0.0,
        "born": seen.listed.born,
        "died": seen.listed.died,
        "came": seen.listed.came,
        "displaced": weighed(seen.ends.closed, patients),
        "merged_patients": weighed(seen.ends.merged, patients),
        "beyond_room": total(maximum(arrived - now["list_room"] * patients, 0.0)),
        "joined_gps": seen.flows.trained + seen.flows.elsewhere,
        "left_gps": seen.flows.left + seen.gone,
        **held_by,
        "opted_in": weighed(after.joined, patients),
        "continuity": usual,
        "admissions": admitted,
        "care_lost": now["qof_removal_real"][:, 0] * ended,
        "recording_lost": now["qof_removal_recording"][:, 0] * ended,
    }
    made = {**found.nation, **flows}
    return Year(xp.stack([made[n] + 0.0 * people for n in QUANTITIES], axis=0), found.boards)


def total(x: Any) -> Any:
    """England's sum: (draw, practice) -> (draw,)."""
    return namespace(x).sum(x, axis=-1)


def weighed(x: Any, by: Any) -> Any:
    """England's sum of products: (draw, practice) twice -> (draw,). Of what does not happen at all (0), nothing."""
    return 0.0 if isinstance(x, float) else namespace(x).vecdot(x, by)


def single(partners: Any, open_: Any) -> Any:
    """Whether a practice has one partner: 1 at one, 0 at two and more, and in draw 0, which has parts of partners, between."""
    return clip(2.0 - partners / maximum(open_, 1e-9), 0.0, 1.0) * open_


def _by_board(x: Any, fixed: Fixed) -> Any:
    """Sums over boards, whose practices stand together: (draw, practice) -> (draw, board)."""
    if namespace(x) is np:
        return np.add.reduceat(x, fixed.board_starts, axis=-1)
    return namespace(x).matmul(x, fixed.boards)


def _usual_turnover(now: Mapping[str, Any]) -> Any:
    """Turnover of partners at which continuity is as the studies found it: leaving and stepping down at the ages of the start."""
    ages = now["partner_age_shares"][..., 0]
    rates = now["gp_leaving_rate"][..., 0] * ages / ages.sum(0)
    return rates.sum(0) * now["partner_leaving_ratio"][:, 0] + now["partner_step_down_rate"][:, 0]


def _holders(after: State, contract: Contracted, fixed: Fixed, patients: Any) -> dict[str, Any]:
    """Patients of partnerships and of each other form: those who had another holder at the start, and those whose list has passed."""
    xp = namespace(patients)
    passed = weighed(after.passed * patients, fixed.partnership)
    share = contract.forms / maximum(xp.sum(contract.forms, axis=0), 1e-12)
    others = fixed.forms @ xp.matrix_transpose(patients)  # (form, draw)
    held = {"with_partnerships": weighed(patients, fixed.partnership) - passed}
    names = ("with_trusts", "with_networks", "with_companies")
    return held | {n: others[i] + passed * share[i] for i, n in enumerate(names)}


def _tenths_of(x: Any, here: Any) -> list[float]:
    """Lowest tenth, middle and highest tenth of one draw: three places of its order, and not the whole order."""
    held = x[here]
    if not len(held):
        return [0.0] * len(QUANTILES)
    at = [int(share * (len(held) - 1)) for share in QUANTILES]
    found: list[float] = np.partition(held, at)[at].tolist()
    return found


def _quantiles(x: Any, counts: Any) -> list[Any]:
    """Lowest tenth, middle and highest tenth of practices that count; each counts whole or not at all."""
    xp = namespace(x)
    here = counts > 0.0
    if xp is np:
        return [np.array(row) for row in zip(*map(_tenths_of, x, here), strict=True)]
    ordered = xp.sort(xp.where(here, x, np.inf), axis=-1)
    n = xp.sum(xp.where(here, 1.0, 0.0), axis=-1)
    found = []
    for share in QUANTILES:
        at = xp.astype(xp.floor(share * maximum(n - 1.0, 0.0)), xp.int64)
        found.append(xp.where(n > 0, xp.take_along_axis(ordered, at[:, None], axis=-1)[:, 0], 0.0))
    return found
