"""Terms on which a budget's risk is shared: corridor, gain and loss share, quality gate, stop-loss.

These use operators and `engine.arrays` only, broadcast, and may be called by rules. A deviation is actual / budget - 1: spending over
budget is positive; NaN is 'not known' and stays so. Tables have bands on the first axis: plain numbers, or arrays that broadcast with the rest.
"""

from __future__ import annotations

from typing import Any

from ..engine.arrays import clip, maximum, minimum, ratio, where
from .inputs import rows, same_length


def deviation(actual: Any, budget: Any) -> Any:
    """Spending over budget as a share of it; 0 where there is no budget."""
    return ratio(actual - budget, budget)


def corridor_parts(deviation: Any, upper: Any) -> list[Any]:
    """The part of a deviation in each band, over or under budget, and last what lies beyond all: they add up to it.

    upper: where each band ends, rising, as shares of the budget.
    """
    found, low = [], 0.0
    left = deviation
    for high in rows(upper):
        part = (clip(deviation, low, high) - low) - (clip(-deviation, low, high) - low)
        found.append(part)
        left, low = left - part, high
    return [*found, left]


def corridor(deviation: Any, upper: Any, provider_share: Any) -> Any:
    """The provider's part of a deviation, as a share of the budget: bands with a share each, the same over and under.

    Beyond the last band the budget's owner carries all.

    >>> round(float(corridor(0.10, [0.03, 0.06, 9], [1.0, 0.5, 0.2])), 6)
    0.053
    """
    same_length(upper=upper, provider_share=provider_share)
    total: Any = 0.0
    for part, taken in zip(corridor_parts(deviation, upper), rows(provider_share), strict=False):
        total = total + taken * part
    return total


def interpolated(x: Any, at: Any, values: Any) -> Any:
    """A figure that runs straight between the points of a table, and is level beyond its ends; `at` rises."""
    same_length(at=at, values=values)
    places, figures = rows(at), rows(values)
    found = figures[0] + 0.0 * x
    for i in range(len(places) - 1):
        along = clip((x - places[i]) / (places[i + 1] - places[i]), 0.0, 1.0)
        found = found + (figures[i + 1] - figures[i]) * along
    return found


def minimum_savings_rate(people: Any, sizes: Any, rates: Any) -> Any:
    """The saving below which nothing is shared, as chance alone could make it: less for larger populations (a table)."""
    return interpolated(people, sizes, rates)


def gain_share(
    benchmark: Any,
    actual: Any,
    share: Any,
    minimum_rate: Any = 0.0,
    cap: Any = 1.0,
    quality: Any = 1.0,
    *,
    first_pound: bool = True,
) -> Any:
    """What the provider is paid of a saving, in pounds.

    minimum_rate: saving, as a share of the benchmark, from which anything is paid.  cap: most that is paid, as a share of the
    benchmark.  quality: 0 to 1.  By the first pound, a saving that reaches the minimum is shared whole, so pay jumps there (Medicare's
    shared savings); else only what lies beyond the minimum is shared, and pay has no jump.
    """
    saving = benchmark - actual
    enough = minimum_rate * benchmark
    shared = where(saving < enough, 0.0, saving) if first_pound else saving - enough
    return minimum(share * quality * maximum(shared, 0.0), cap * benchmark)


def loss_share(
    benchmark: Any,
    actual: Any,
    share: Any,
    minimum_rate: Any,
    revenue: Any,
    cap: Any,
    *,
    first_pound: bool = True,
) -> Any:
    """What the provider pays back of an overspend, in pounds, never more than `cap` of its own revenue.

    The cap is on revenue, not on the budget: general practice cannot bear a hospital-sized loss.
    """
    loss = actual - benchmark
    enough = minimum_rate * benchmark
    shared = where(loss < enough, 0.0, loss) if first_pound else loss - enough
    return minimum(share * maximum(shared, 0.0), cap * revenue)


def quality_gate(score: Any, gate: Any, full: Any, at_gate: Any = 0.0) -> Any:
    """The part of a gain that quality earns: none under the gate, `at_gate` at it, rising straight to all at `full`.

    With `at_gate` 0 and full above the gate there is no jump; with full equal to the gate, all is earned at once.
    """
    width = full - gate + 0.0 * score  # an array where the score is one, on its backend
    along = where(width <= 0, 1.0, clip(ratio(score - gate, width), 0.0, 1.0))
    return where(score < gate, 0.0, at_gate + (1.0 - at_gate) * along)


def retained(cost: Any, attachment: Any, coinsurance: Any = 0.0, limit: Any = None) -> Any:
    """What stays with the provider under stop-loss: all up to the attachment point, a part (`coinsurance`) beyond it.

    Of a person's yearly cost this is specific stop-loss; of the whole budget's, aggregate. limit: the most that the cover pays; beyond it
    the provider carries all again.
    """
    over = maximum(cost - attachment, 0.0)
    covered = (1.0 - coinsurance) * over
    if limit is not None:
        covered = minimum(covered, limit)
    return cost - covered
