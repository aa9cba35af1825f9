"""A year's step: from where one year leaves practices, people and money to where the next does, under one contract's terms.

People answer to last year's money and work (kept in the state), and contracts end by last year's lists; all else is of the year itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..engine.arrays import clip, maximum, minimum, namespace
from . import forms, growth, lists, money, people, record, survival
from .capacity import can_give
from .moves import Held, Moved, Room, move
from .places import Places
from .world import Base, Luck, State, other_share

LEAST_WORK = 1.0  # contacts a year: a practice that nobody asks, or that has nobody, counts this
TRAINING = 3  # years; trainees who enter this year finish after so many


class Fixed(NamedTuple):
    """What is the same in all years and contracts: (practice,) but for those of groups. team: posts a patient at the start, (role, practice)."""

    needs: Any
    contact: Any
    forms: Any
    partnership: Any
    team: Any
    tilt: Any
    need_weight: Any
    fifths: Any
    boards: Any
    board_starts: Any


class Ahead(NamedTuple):
    """What is the same under every contract in one year.

    now: figures.  area: growth of each practice's area.  slope: growth by log of the list.  odds: log odds of ending but for what
    the state adds.  log_list, small, shrink: the fitted slopes.  matrix: lists from year to year.  price, pay: levels over the start's, (draw, 1).
    other: of other costs, over that of prices.  roles: of money for networks' staff, over that of prices.  posts: of these staff.
    work: contacts for each person over the start's.  team: posts a patient over the start's, (role, draw, 1).
    """

    now: Mapping[str, Any]
    area: Any
    slope: Any
    odds: Any
    log_list: Any
    small: Any
    shrink: Any
    matrix: Any
    price: Any
    pay: Any
    other: Any
    roles: Any
    posts: Any
    work: Any
    team: Any
    central: Any
    halving: Any


class Contracted(NamedTuple):
    """A contract's year: its terms, and what of its schedule falls in it.

    rates: (state, follows, practice).  surgery: of what buildings bring, over the national contract's.  passes: chance that a
    partnership's list passes, (draw or 1, 1).  forms: what share of lists the contract has passed to each, (form, draw or 1).  hands: how far
    it has come with that.  ever: chance that a practice's network ever opts in.  chance: what the draw adds to the pay of practices
    and of others, parts of both; apart: factors on money moved in, in other budgets and paid once, (3, draw or 1, 1).
    announced: factor on partners' leaving.  returns: part of what has passed that comes back.  leases: share that others answer for.
    """

    rates: Any
    surgery: Any
    passes: Any
    forms: Any
    hands: Any
    ever: Any
    chance: Any
    apart: Any
    announced: Any
    network_staff: Any
    returns: Any
    returning_cost: Any
    aside: Any
    once: Any
    once_inside: Any
    quality_ended: Any
    leases: Any


class Flags(NamedTuple):
    """What a block and a contract have at all; they choose what is worked out. Whole numbers and booleans only."""

    worlds: bool
    mean: bool
    converts: bool
    chosen: bool
    reverses: bool = False


def year(
    state: State,
    base: Base,
    luck: Luck,
    joining: Any,
    ahead: Ahead,
    contract: Contracted,
    fixed: Fixed,
    places: Places,
    flags: Flags,
) -> tuple[State, record.Year]:
    """The state a year on, and the year's record. joining: a network's two numbers in (0, 1), (2, draw, practice), if anything is chosen."""
    xp = namespace(state.open)
    now = ahead.now
    # lists
    grown = growth.growth(ahead.area, luck.own, 0.0, state.size, ahead.slope)
    listed = lists.year_of_lists(
        state.held.bands, ahead.matrix, grown, now["newcomer_mobility"], now["age_sex_weights"],
        now["contacts_by_band"], now["death_rate"], now["birth_rate"],
    )  # fmt: skip
    patients = listed.patients
    raw = listed.workload * fixed.needs
    weighted = raw * (xp.sum(patients, axis=-1) / xp.sum(raw, axis=-1))[:, None]
    # work
    asked = listed.contacts * fixed.contact * ahead.work
    network = 1.0 + now["network_contacts_share"] * (ahead.posts - 1.0)
    give = can_give(state.held, now["contacts_per_fte"], now["partner_fte_per_head"], network)
    work = xp.log(maximum(asked, LEAST_WORK) / maximum(give, LEAST_WORK)) - base.pressure
    # money
    partnership = fixed.partnership * (1.0 - state.passed)
    inside = state.passed if flags.converts else state.joined
    surgery = state.held.surgery * contract.surgery
    two = flags.converts or flags.chosen
    others = 1.0 + contract.network_staff * (ahead.roles - 1.0)
    got = money.paid(contract.rates, patients, weighted, surgery, inside, contract.chance, ahead.price, others, two)
    spent = money.staff_cost(state.held, now["staff_cost_per_fte"])
    heads = state.held.partners
    drawn = money.drawings(
        got.practice, spent, other_share(now) * ahead.other, partnership, heads, base.scale, ahead.pay
    )
    income = money.log_change(drawn.each, base.drawings * ahead.pay) * (heads > 1e-9)
    # people
    changed = _partners(state, luck, ahead, contract, flags)
    stocks, flows, salaried = _gps(state, base, ahead, changed)
    nurses, direct, admin = (
        people.follow(x, fixed.team[i] * ahead.team[i] * patients, now["staff_hiring_speed"])
        for i, x in enumerate(state.held.team)
    )
    held = Held(listed.bands, changed.heads, salaried, nurses, direct, admin, state.held.surgery + 0.0)  # all made here
    # survival
    due = _ends(state, base, luck, ahead, flags)
    handed = _handed(luck, ahead, contract, flags)
    ends, taken_over = due, 0.0
    if flags.converts:
        ends = survival.Ends(due.merged * (1.0 - handed), due.closed * (1.0 - handed), due.chooser)
        taken_over = due.all * handed
    open_ = state.open * (1.0 - ends.all)
    room = Room(patients, work + (base.pressure - base.level))
    moved = move(held, ends, open_, room, ahead.halving, places, ahead.central, now["staff_kept_on_closure"])
    # forms
    passes, joined, adopted = 0.0, state.joined, state.adopted
    passed = state.passed
    if flags.converts:
        by_plan = forms.passing(contract.passes, fixed.tilt, partnership, luck.passes, ahead.central)
        passes = 1.0 - (1.0 - by_plan) * (1.0 - taken_over)
        passed = state.passed + (1.0 - state.passed) * passes
    if flags.chosen:
        adopted = forms.spread(adopted, now["adoption_speed"], now["adoption_imitation"])
        joined = forms.opting_in(joined, adopted, contract.ever, joining[0], joining[1], ahead.central)
    held, stocks, gone = _settled(moved, stocks, passes, now, flags)
    returned: Any = 0.0
    if flags.reverses:
        returned = inside * _happens(1.0 - luck.passes, contract.returns, ahead.central)
        passed, joined = passed - minimum(returned, passed), joined - minimum(returned, joined)
        if flags.converts:
            held, stocks = _partners_again(held, stocks, returned * open_, now)
    size = survival.log_size(moved.patients / maximum(open_, 1e-9))
    made = State(open_, held, passed, joined, adopted, size, grown, income, work, stocks)
    seen = record.Seen(
        listed=listed, asked=asked, give=give, got=got, drawn=drawn, partnership=partnership, inside=inside, ends=ends,
        handed=taken_over, passes=passes, returned=returned, moved=moved, changed=changed, flows=flows, gone=gone,
    )  # fmt: skip
    return made, record.year(state, made, seen, base, ahead, contract, fixed, flags)


def _partners(state: State, luck: Luck, ahead: Ahead, contract: Contracted, flags: Flags) -> people.Partners:
    """Partners a year on: they answer to last year's drawings and work."""
    xp = namespace(state.open)
    now = ahead.now
    response = (
        xp.exp(now["leaving_income_response"] * state.income + now["leaving_workload_response"] * state.work)
        * contract.announced
    )
    fill = clip(now["partner_vacancy_fill_rate"] * (1.0 + now["recruiting_income_response"] * state.income), 0.0, 1.0)
    rate = _leaving(state.stocks, now) + now["partner_step_down_rate"]
    keeps = state.open * (1.0 - state.passed)
    return people.partners(
        state.held.partners,
        rate,
        response,
        fill,
        luck.leaves,
        luck.found,
        ahead.central,
        keeps,
        flags.worlds,
        flags.mean,
    )


def _leaving(stocks: people.Stocks, now: Mapping[str, Any]) -> Any:
    """The chance that a partner leaves the NHS in a year, by England's ages: (draw, 1)."""
    xp = namespace(stocks.partners)
    rates = now["gp_leaving_rate"][..., 0].T
    return xp.sum(people.shares(stocks.partners) * rates, axis=-1)[:, None] * now["partner_leaving_ratio"]


def _gps(state: State, base: Base, ahead: Ahead, changed: people.Partners) -> tuple[people.Stocks, people.Flows, Any]:
    """England's GPs a year on, the flows between them, and salaried GPs over practices."""
    xp = namespace(state.open)
    now = ahead.now
    per_head = now["salaried_fte_per_head"]
    out = _leaving(state.stocks, now)
    share_out = (out / maximum(out + now["partner_step_down_rate"], 1e-12))[:, 0]
    left, came = xp.sum(changed.left, axis=-1), xp.sum(changed.came, axis=-1)
    trained = (
        state.stocks.waiting[:, TRAINING - 1] * now["trainees_joining_first_year"][:, 0]
        + state.stocks.waiting[:, TRAINING] * now["trainees_joining_second_year"][:, 0]
    ) * (now["joiner_participation"] / per_head)[:, 0]
    elsewhere = (now["other_joiners"] / per_head)[:, 0] + 0.0 * left
    stocks, others_left = people.stocks(
        state.stocks, now["gp_leaving_rate"], base.others_leave, left * share_out, left * (1.0 - share_out), came,
        trained + elsewhere, now["trainees_yearly"] + 0.0 * base.level,
    )  # fmt: skip
    flows = people.Flows(trained, elsewhere, left * share_out + others_left, left * (1.0 - share_out), came)
    gap = maximum(changed.left - changed.came, 0.0) * (per_head * now["salaried_hiring_speed"])
    total = xp.sum(stocks.others, axis=-1) * per_head[:, 0] * (1.0 - base.locums[:, 0])
    return stocks, flows, people.settle(state.held.salaried + gap, total)


def _ends(state: State, base: Base, luck: Luck, ahead: Ahead, flags: Flags) -> survival.Ends:
    """Which contracts end, by last year's list, growth, money, work and partners."""
    now = ahead.now
    heads = state.held.partners
    alone = ((heads > 0.0) & (heads < 1.5 * state.open)) * 1.0 - base.alone
    odds = survival.log_odds(ahead.odds, state.size, state.grew, ahead.log_list, ahead.small, ahead.shrink)
    odds = odds + (now["exit_income_response"] * state.income + now["exit_workload_response"] * state.work)
    hazard = survival.chance(odds + now["exit_last_partner_response"] * alone)
    if flags.converts:
        hazard = minimum(hazard * (1.0 - state.passed * (1.0 - now["provider_exit_ratio"])), 1.0)
    return survival.ends(hazard, state.open, luck.ends, ahead.central, 1.0 - now["hard_exit_share"])


def _handed(luck: Luck, ahead: Ahead, contract: Contracted, flags: Flags) -> Any:
    """The part of each end that a provider prevents by taking the practice over; none where and while there are no providers."""
    if not flags.converts:
        return 0.0
    xp = namespace(luck.passes)
    share = ahead.now["handed_over_share"] * contract.hands
    return ahead.central * share + (1.0 - ahead.central) * xp.where(luck.passes < share, 1.0, 0.0)


def _happens(u: Any, chance: Any, central: Any) -> Any:
    """An event of some chance: whole in draws with luck, by its expectation in the one without."""
    xp = namespace(u)
    return central * chance + (1.0 - central) * xp.where(u < chance, 1.0, 0.0)


def _partners_again(
    held: Held, stocks: people.Stocks, returned: Any, now: Mapping[str, Any]
) -> tuple[Held, people.Stocks]:
    """Practices that go back to partnership: one of their salaried GPs becomes the partner, if they have one. returned: (draw, practice)."""
    xp = namespace(returned)
    per_head = now["salaried_fte_per_head"]
    heads = minimum(returned, held.salaried / per_head)
    back = xp.sum(heads, axis=-1)[:, None]
    made = held._replace(partners=held.partners + heads, salaried=held.salaried - heads * per_head)
    ages = people.shares(stocks.others)
    return made, people.Stocks(stocks.partners + ages * back, stocks.others - ages * back, stocks.waiting)


def _settled(
    moved: Moved, stocks: people.Stocks, passes: Any, now: Mapping[str, Any], flags: Flags
) -> tuple[Held, people.Stocks, Any]:
    """Holdings and England's GPs once partners of closed practices, and of lists that passed, are employed or gone; heads gone, (draw,)."""
    xp = namespace(moved.left)
    held = moved.held
    stay = moved.left * now["partners_kept_on_closure"][:, 0]
    gone = moved.left - stay
    if flags.converts:
        passing = held.partners * passes
        kept = passing * now["partners_kept_on_conversion"]
        stay, gone = stay + xp.sum(kept, axis=-1), gone + xp.sum(passing - kept, axis=-1)
        held = held._replace(
            partners=held.partners - passing, salaried=held.salaried + kept * now["salaried_fte_per_head"]
        )
    from_partners = people.shares(stocks.partners)
    made = people.Stocks(
        stocks.partners - from_partners * (stay + gone)[:, None],
        stocks.others + from_partners * stay[:, None],
        stocks.waiting,
    )
    return held, made, gone
