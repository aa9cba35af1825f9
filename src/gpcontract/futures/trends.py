"""Growth of lists as the past shows it: of all together, of each board's beside the nation, of each practice's beside its board.

A practice's own growth is a trend that fades from year to year and luck that passes. Practices that merged or were dispersed are left
out: their patients come and go by ends of contracts.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from . import effects
from .effects import Boards
from .fits import Growth
from .panel import Numbers, Panel
from .survival import TYPICAL

Ints = npt.NDArray[np.intp]

LEAST = 0.001  # the spread of national growth over years is thought to be at least this, and an estimate no surer
SMALLEST_LIST = 500.0  # patients; below it a list is opening or closing, and its growth says nothing of others'
OWN = 0.10  # a list that moved by more in a year beside its area's has merged or been dispersed
QUARTILES = 2.1972  # between the quartiles of a logistic error of scale 1
LOGISTIC_SD = np.pi / np.sqrt(3.0)  # of a logistic error of scale 1
USUAL_PART, USUAL_CARRY, PULL = 0.5, 0.75, 0.01  # where two changes alone cannot tell a carry, the usual one is taken
GROUPS = 10  # of boards, of which one at a time is left out for a standard error
NO_ERROR = 0.1  # standard error of a carry of which the years say nothing


def fit_growth(panel: Panel) -> Growth:
    """Growth of all lists together, of each board's beside it, and of each practice's beside its board's."""
    pairs = panel.pairs
    spans = [(a + 1, b) for a, b in pairs]
    lists = [(_open_lists(panel, a), _open_lists(panel, b)) for a, b in pairs]
    k = np.array([b - a for a, b in pairs], float)
    apart = np.array([panel.elapsed(*pair) for pair in pairs])
    total = np.array([np.log(after.sum() / before.sum()) for before, after in lists]) / apart
    nation = effects.yearly(total, np.full(len(k), LEAST), spans, LEAST)
    area = _board_growth(panel, pairs, lists)
    beside = area - total[:, None]
    weight = np.where(np.isnan(beside), 0.0, k[:, None])  # the mean of k years says k times as much
    boards = _growth_boards(np.nan_to_num(beside), weight, panel.boards)
    own, size = own_growth(panel, pairs, area)
    patients = lists[-1][1]
    typical = float((patients[patients > 0] * np.log(patients[patients > 0] / TYPICAL)).sum() / patients.sum())
    slope, slope_error, power = _by_size(own, size)
    z = (own - np.nanmedian(own, 1, keepdims=True) - slope * size) / np.exp(power * size)
    part, carry, error = _persistence(z, spans, panel.board(pairs[-1][0]))
    sd = _whole_sd(z, spans, part, carry)
    return Growth(
        nation, boards, slope, slope_error, typical, sd * np.sqrt(part), sd * np.sqrt(1.0 - part), carry, error, power,
        int((~np.isnan(own) * k[:, None]).sum()),
    )  # fmt: skip


def _open_lists(panel: Panel, year: int) -> Numbers:
    i = panel.at(year)
    return np.where(panel.open[i], panel.patients[i], 0.0)


def _board_growth(panel: Panel, pairs: list[tuple[int, int]], lists: list[tuple[Numbers, Numbers]]) -> Numbers:
    """Yearly log growth of each board's lists, (transition, board), by the boards of the first year; NaN where it had none."""
    made = np.full((len(pairs), len(panel.boards)), np.nan)
    n = len(panel.boards)
    for i, ((a, b), (before, after)) in enumerate(zip(pairs, lists, strict=True)):
        first, then = panel.board(a), panel.board(b)
        board = np.where(before > 0, first, then)  # a practice that changes boards stays in its first
        inside = board >= 0
        sums = [np.bincount(board[inside], x[inside], n) for x in (before, after)]
        known = (sums[0] > 0) & (sums[1] > 0)
        made[i, known] = np.log(sums[1][known] / sums[0][known]) / panel.elapsed(a, b)
    return made


def _growth_boards(beside: Numbers, weight: Numbers, codes: tuple[str, ...]) -> Boards:
    """Effects of boards on growth: what their years have in common, and the rest, which is of a year alone (nothing is sampled)."""
    n = np.maximum((weight > 0).sum(0), 1)
    together = ((beside * (weight > 0)).sum(0) ** 2 - ((beside * (weight > 0)) ** 2).sum(0)).sum()
    pairs = (n * (n - 1)).sum()
    lasting = max(together / pairs, 0.0) if pairs else 0.0
    passing = max(float((weight * (beside**2 - lasting))[weight > 0].mean()), 0.0)
    known = weight.sum(0)
    precision = known / max(passing, 1e-12) + 1.0 / max(lasting, 1e-12)
    estimate = (known / max(passing, 1e-12)) * (weight * beside).sum(0) / np.maximum(known, 1e-12) / precision
    return Boards(codes, estimate, 1.0 / np.sqrt(precision), float(np.sqrt(lasting)), float(np.sqrt(passing)))


def own_growth(panel: Panel, pairs: list[tuple[int, int]], area: Numbers) -> tuple[Numbers, Numbers]:
    """Each practice's yearly growth beside its board's, and the log of its list over 7,000: (transition, practice).

    NaN where it was not there all through, is very small, or moved so far that it has merged or been dispersed.
    """
    made, size = (np.full((len(pairs), panel.seen.shape[1]), np.nan) for _ in range(2))
    for i, (a, b) in enumerate(pairs):
        before, after = _open_lists(panel, a), _open_lists(panel, b)
        board = panel.board(a)
        here = (before >= SMALLEST_LIST) & (after >= SMALLEST_LIST) & (board >= 0)
        found = np.log(after[here] / before[here]) / panel.elapsed(a, b) - area[i, board[here]]
        near = np.abs(found) <= OWN
        at = np.flatnonzero(here)[near]
        made[i, at], size[i, at] = found[near], np.log(before[at] / TYPICAL)
    return made, size


def _by_size(own: Numbers, size: Numbers) -> tuple[float, float, float]:
    """How growth goes with size: its slope, the slope's standard error, and the power of the list that its spread follows."""
    known = ~np.isnan(own)
    group = np.broadcast_to(np.arange(len(own))[:, None], own.shape)[known]
    y, s = own[known], size[known]

    def within(v: Numbers) -> Numbers:
        n = np.bincount(group)
        return np.asarray(v - (np.bincount(group, v) / n)[group])

    def line(v: Numbers) -> tuple[float, float]:
        a, b = within(v), within(s)
        slope = float((a * b).sum() / (b * b).sum())
        return slope, float(np.sqrt(((a - slope * b) ** 2).mean() / (b * b).sum()))

    slope, error = line(y)
    return slope, error, line(np.log(np.abs(within(y) - slope * within(s)) + 1e-6))[0]


def _persistence(z: Numbers, spans: list[tuple[int, int]], board: Ints) -> tuple[float, float, float]:
    """The trend's part of the variance, its carry from year to year, and the carry's standard error (leaving out a tenth of the boards at a time).

    They are those whose correlations between any two spans of years come nearest to what is seen.
    """
    from scipy.optimize import least_squares

    pairs = [(i, j) for i in range(len(z)) for j in range(i + 1, len(z))]
    if not pairs:
        return USUAL_PART, USUAL_CARRY, NO_ERROR
    first, second = np.array(pairs).T
    sums = np.stack([_sums(z[i], z[j], board) for i, j in pairs])  # (pair, moment, board)
    length = np.array([b - a + 1 for a, b in spans])

    def search(total: Numbers) -> Numbers:
        n, x, y, xx, yy, xy = total.T
        seen = (n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y))
        weight = np.sqrt(n / n.sum())

        def away(at: Numbers) -> Numbers:
            part, carry = at
            shape = _shape(spans, carry)
            whole = part * np.diag(shape) + (1.0 - part) / length
            expected = part * shape[first, second] / np.sqrt(whole[first] * whole[second])
            return np.append(weight * (expected - seen), PULL * (carry - USUAL_CARRY))

        return np.asarray(least_squares(away, (USUAL_PART, USUAL_CARRY), bounds=([0.02, 0.0], [0.98, 0.95])).x)

    whole = sums.sum(-1)
    part, carry = search(whole)
    group = np.arange(sums.shape[-1]) % GROUPS
    left = np.array([search(whole - sums[:, :, group == k].sum(-1))[1] for k in range(min(GROUPS, sums.shape[-1] - 1))])
    error = np.sqrt((len(left) - 1) / len(left) * ((left - left.mean()) ** 2).sum()) if len(left) > 1 else NO_ERROR
    return float(part), float(carry), float(error)


def _sums(x: Numbers, y: Numbers, board: Ints) -> Numbers:
    """Moments of two changes over the practices of each board that have both: (moment, board)."""
    both = ~np.isnan(x) & ~np.isnan(y)
    a, b, at = x[both], y[both], board[both] + 1
    n = int(board.max(initial=-1)) + 2
    return np.stack([np.bincount(at, w, n) for w in (np.ones_like(a), a, b, a * a, b * b, a * b)])


def _shape(spans: list[tuple[int, int]], carry: float) -> Numbers:
    years = np.arange(spans[0][0], spans[-1][1] + 1)
    of = np.array([[float(a <= y <= b) / (b - a + 1) for y in years] for a, b in spans])
    lag = np.abs(years[:, None] - years[None])
    return np.asarray(of @ np.where(lag > 0, carry ** np.maximum(lag, 1), 1.0) @ of.T)


def _whole_sd(z: Numbers, spans: list[tuple[int, int]], part: float, carry: float) -> float:
    """The spread of one year's own growth, from the quartiles of what was seen over spans of years."""
    shape = np.diag(_shape(spans, carry))
    k = np.array([b - a + 1 for a, b in spans])
    low, high = np.nanquantile(z, [0.25, 0.75], axis=1)
    sd = (high - low) / QUARTILES * LOGISTIC_SD
    return float(np.sqrt(np.mean(sd**2 / (part * shape + (1 - part) / k))))


def trend(panel: Panel, growth: Growth, year: int) -> tuple[Numbers, Numbers]:
    """Each practice's own trend in a year as its past shows it, drawn in towards 0, and its standard error; a practice without a past has 0."""
    n = panel.seen.shape[1]
    pairs = [p for p in panel.pairs if p[1] <= year]
    if not pairs or not growth.trend_sd:
        return np.zeros(n), np.full(n, growth.trend_sd)
    lists = [(_open_lists(panel, a), _open_lists(panel, b)) for a, b in pairs]
    k = np.array([b - a for a, b in pairs], float)
    own, size = own_growth(panel, pairs, _board_growth(panel, pairs, lists))
    scale = np.exp(growth.size_power * size)
    z = (own - np.nanmedian(own, 1, keepdims=True) - growth.slope * size) / scale
    spans = [(a + 1, b) for a, b in pairs]
    between = growth.trend_sd**2 * _shape([*spans, (year, year)], growth.carry)
    noise = np.diag(growth.passing_sd**2 / k)
    known = ~np.isnan(z)
    made, error = np.zeros(n), np.full(n, growth.trend_sd)
    patterns, which = np.unique(known, axis=1, return_inverse=True)
    for p in range(patterns.shape[1]):
        on = np.flatnonzero(patterns[:, p])
        if not len(on):
            continue
        here = np.flatnonzero(which.ravel() == p)
        to = between[-1, on] @ np.linalg.inv(between[np.ix_(on, on)] + noise[np.ix_(on, on)])
        made[here] = to @ z[np.ix_(on, here)]
        error[here] = np.sqrt(max(between[-1, -1] - float(to @ between[on, -1]), 0.0))
    last = _open_lists(panel, max(y for y in panel.years if y <= year))
    scale_now = np.exp(growth.size_power * np.log(np.maximum(last, SMALLEST_LIST) / TYPICAL))
    return made * scale_now, error * scale_now
