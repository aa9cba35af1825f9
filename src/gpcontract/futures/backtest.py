"""Backtest: fits on years up to one, forecasts of later years that are published, and how near they came.

Nothing of the years forecast reaches the fits. Beside the model stand two simpler forecasts: that nothing changes, and that ends go with the
size of the list alone while every list grows as England's together did.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..engine.errors import InputError
from ..engine.years import parse_year, span_name, year_name
from ..england.facts import England
from ..findings.frame import SIZES
from . import scores
from .effects import Boards
from .fit import fit, fit_exit
from .fits import Fits
from .panel import KINDS, Numbers, Panel
from .replay import Ahead, Base, base, replay
from .scores import Bin

LAST = "2018/19"
SHARE = 0.8  # of draws, that an interval holds
MODELS = ("model", "size_only", "no_change")


@dataclass(frozen=True)
class Came:
    """What came in a year, for the practices of the base, (practice,), and for all. whole: the year's file names every practice."""

    year: int
    whole: bool
    known: np.ndarray
    open: np.ndarray
    lists: Numbers
    money: Numbers
    kind: np.ndarray
    total_money: float


@dataclass(frozen=True)
class Score:
    """One score in one year by each forecast, lower being better (AUC: higher). None where a forecast has none."""

    year: int
    name: str
    title: str
    model: float
    size_only: float | None
    no_change: float | None

    def to_dict(self) -> dict[str, Any]:
        """The score as plain data."""
        return {n: getattr(self, n) for n in ("year", "name", "title", *MODELS)}


@dataclass(frozen=True)
class Figure:
    """One figure of England or of a board in a year: what was forecast (median, 80% interval) and what came."""

    year: int
    area: str
    name: str
    title: str
    low: float
    middle: float
    high: float
    came: float
    base: float

    @property
    def holds(self) -> bool:
        """Whether it came within the interval."""
        return self.low <= self.came <= self.high

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain data."""
        return {
            "year": self.year, "area": self.area, "name": self.name, "title": self.title, "base": self.base, "low": self.low,
            "median": self.middle, "high": self.high, "came": self.came, "holds": self.holds,
        }  # fmt: skip


@dataclass(frozen=True)
class Backtest:
    """Forecasts from the end of `base` against later years. figures: of England; boards: of every board.

    aside: years that are published but whose file does not name every practice, so that no end is scored.
    """

    england: str
    fits: Fits
    base: int
    years: tuple[int, ...]
    aside: tuple[int, ...]
    practices: int
    draws: int
    seed: int
    scores: tuple[Score, ...]
    calibration: dict[int, tuple[Bin, ...]]
    figures: tuple[Figure, ...]
    boards: tuple[Figure, ...]

    def coverage(self, of: str = "figures", name: str | None = None) -> tuple[int, int]:
        """How many of the 80% intervals held, and how many there are; of England's figures or of `boards`."""
        held = [f.holds for f in getattr(self, of) if name is None or f.name == name]
        return sum(held), len(held)

    def to_dict(self) -> dict[str, Any]:
        """The backtest as plain data."""
        return {
            "england": self.england,
            "fitted_on": list(self.fits.years),
            "base": self.base,
            "years": list(self.years),
            "set_aside": list(self.aside),
            "practices": self.practices,
            "draws": self.draws,
            "seed": self.seed,
            "scores": [s.to_dict() for s in self.scores],
            "calibration": {y: [vars(b) for b in bins] for y, bins in self.calibration.items()},
            "coverage": {n: dict(zip(("held", "of"), self.coverage(n), strict=True)) for n in ("figures", "boards")},
            "figures": [f.to_dict() for f in self.figures],
            "boards": [f.to_dict() for f in self.boards],
        }


def backtest(england: England, last: str | int = LAST, draws: int = 500, seed: int = 1) -> Backtest:
    """Fit on published years up to `last`, and forecast the published years after it from the last of those."""
    if england.is_synthetic:
        raise InputError("a synthetic England has no past to forecast", expected="a folder of official files")
    known = Panel.of(england)
    until = parse_year(last)
    past = [y for y in known.years if y <= until]
    ahead = tuple(y for y in known.years if y > until)
    if not ahead:
        raise InputError(
            f"no payments after {year_name(until)} are published in {england.title}",
            expected=f"--last before the last of {span_name(known.years) if known.years else 'no years'}",
        )
    if draws < 2:
        raise InputError(f"{draws} draws make no interval", expected="2 or more")
    fits = fit(england, until)
    start = base(england, fits, past[-1])
    came = [came_of(known, start, y) for y in ahead]
    moments = {y: known.moments[known.at(y)] for y in ahead}
    plain = replace(start, trend=np.zeros_like(start.trend), trend_error=np.zeros_like(start.trend))
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(replay, b, f, moments, draws, seed)
            for b, f in ((start, fits), (plain, size_only(fits, start.panel)))
        ]
        forecast, simple = (job.result() for job in jobs)
    whole = [c.year for c in came if c.whole]
    figures = [f for i, c in enumerate(came) for f in _figures(start, forecast, c, i)]
    return Backtest(
        england.title, fits, start.year, tuple(whole), tuple(c.year for c in came if not c.whole), len(start.rows), draws, seed,
        tuple(s for i, c in enumerate(came) if c.whole for s in _scores(start, fits, forecast, simple, c, i)),
        {c.year: scores.calibration(1.0 - forecast.open[i, 1:].mean(0), ~c.open) for i, c in enumerate(came) if c.whole},
        tuple(f for f in figures if f.area == "England"),
        tuple(f for f in figures if f.area != "England"),
    )  # fmt: skip


def size_only(fits: Fits, panel: Panel) -> Fits:
    """The simpler forecast: ends by the size of the list alone, growth of England's lists together and luck, no boards, no trends."""
    none = Boards((), np.zeros(0), np.zeros(0), 0.0, 0.0)
    g = fits.growth
    luck = float(np.hypot(g.trend_sd, g.passing_sd))
    return replace(
        fits,
        exit=replace(fit_exit(panel, ("log_list",)), boards=none),
        growth=replace(g, boards=none, slope=0.0, slope_error=0.0, trend_sd=0.0, passing_sd=luck),
    )


def came_of(panel: Panel, start: Base, year: int) -> Came:
    """What a later year's file says of the base's practices."""
    i = panel.at(year)
    rows = start.rows
    open_ = panel.open[i, rows] & (panel.patients[i, rows] > 0) if not panel.whole[i] else panel.open[i, rows]
    paid = np.nan_to_num(panel.fact("published_global_sum", year))
    on = panel.on(year)[:, rows] > 0
    lists = np.where(open_, panel.patients[i, rows], 0.0)
    known = ~open_ | (lists > 0)
    return Came(
        year, bool(panel.whole[i]), known, open_, lists, np.where(open_, paid[rows], 0.0),
        np.where(on.any(0) & open_, on.argmax(0), len(KINDS)), float(paid.sum()),
    )  # fmt: skip


# -- scores of practices ---------------------------------------------------------------------------------------


def _scores(start: Base, fits: Fits, forecast: Ahead, plain: Ahead, came: Came, i: int) -> Iterator[Score]:
    ended = ~came.open
    told = [1.0 - f.open[i, 1:].mean(0) for f in (forecast, plain)]
    year = came.year

    def score(name: str, title: str, *x: float | None) -> Score:
        return Score(year, name, title, *x)  # type: ignore[arg-type]

    yield score(
        "brier",
        "Brier score of which contracts end",
        *(scores.brier(t, ended) for t in told),
        scores.brier(np.zeros(len(ended)), ended),
    )
    rate = 1.0 - (1.0 - fits.exit.ends / fits.exit.practice_years) ** (year - start.year)
    yield score(
        "brier_rate",
        "The same, with everybody at the rate of the years fitted",
        scores.brier(told[0], ended),
        None,
        scores.brier(np.full(len(ended), rate), ended),
    )
    yield score("auc", "AUC of which contracts end (1/2 tells nothing)", *(scores.auc(t, ended) for t in told), 0.5)
    k = came.known
    lists = [f.lists[i, 1:][:, k] for f in (forecast, plain)]
    yield score(
        "list_crps",
        "CRPS of a practice's list, patients",
        *(float(scores.crps(x, came.lists[k]).mean()) for x in lists),
        float(np.abs(start.lists - came.lists)[k].mean()),
    )
    counts = [_bands(x) for x in lists]
    came_bands, base_bands = _bands(came.lists[k][None])[0], _bands(start.lists[k][None])[0]
    yield score(
        "size_crps",
        "CRPS of practices in each band of list size, practices",
        *(float(scores.crps(c, came_bands).mean()) for c in counts),
        float(np.abs(base_bands - came_bands).mean()),
    )
    money = [f.money[i, 1:][:, k] for f in (forecast, plain)]
    own = start.rates[-1] * start.lists
    yield score(
        "money_crps",
        "CRPS of a practice's global sum, £",
        *(float(scores.crps(x, came.money[k]).mean()) for x in money),
        float(np.abs(own - came.money)[k].mean()),
    )
    totals = [f.money[i, 1:].sum(1, dtype=float) / 1e6 for f in (forecast, plain)]
    total = came.total_money / 1e6
    yield score(
        "total_crps",
        "CRPS of England's global sum, £ million",
        *(float(scores.crps(x[:, None], [total])[0]) for x in totals),
        abs(float(own.sum()) / 1e6 - total),
    )
    kinds = [_mix(f.open[i, 1:], f.kind[i, 1:]) for f in (forecast, plain)]
    came_mix, base_mix = (
        _mix(came.open[None], came.kind[None])[0],
        _mix(np.ones((1, len(start.rows))), start.kind[None])[0],
    )
    yield score(
        "mix_crps",
        "CRPS of practices on each kind of contract, practices",
        *(float(scores.crps(x, came_mix).mean()) for x in kinds),
        float(np.abs(base_mix - came_mix).mean()),
    )


def _bands(lists: Any) -> Numbers:
    """Practices in each band of list size in each draw: (draw, band); those that have ended are in none."""
    above = np.stack([(lists > 0).sum(1), *((lists >= s).sum(1) for s in SIZES)], -1).astype(float)
    return np.concatenate([above[:, :-1] - above[:, 1:], above[:, -1:]], axis=1)


def _mix(open_: Any, kind: Any) -> Numbers:
    """Open practices on each kind of contract in each draw: (draw, kind)."""
    return np.stack([((kind == k) * open_).sum(1) for k in range(len(KINDS))], -1).astype(float)


# -- figures with intervals ------------------------------------------------------------------------------------


def _figures(start: Base, forecast: Ahead, came: Came, i: int) -> Iterator[Figure]:
    """Figures of England and of each board in a year."""
    open_, lists, money, kind = (x[i, 1:] for x in (forecast.open, forecast.lists, forecast.money, forecast.kind))
    k = came.known
    own = start.rates[-1] * start.lists
    boards = len(start.places.boards)
    by = np.eye(boards + 1)[start.places.board][:, :boards].astype(np.float32)

    def figure(area: str, name: str, title: str, draws: Any, now: float, was: float) -> Figure:
        low, middle, high = np.quantile(draws, ((1 - SHARE) / 2, 0.5, (1 + SHARE) / 2))
        return Figure(came.year, area, name, title, float(low), float(middle), float(high), float(now), float(was))

    if came.whole:
        yield figure(
            "England", "practices", "Practices of the base still open", open_.sum(1), came.open.sum(), len(start.rows)
        )
        yield figure(
            "England",
            "mean_list",
            "Patients a practice",
            lists.sum(1, dtype=float) / open_.sum(1),
            came.lists.sum() / came.open.sum(),
            start.lists.mean(),
        )
        yield figure(
            "England",
            "patients",
            "Patients on their lists",
            lists.sum(1, dtype=float),
            came.lists.sum(),
            start.lists.sum(),
        )
        bands, now, was = _bands(lists), _bands(came.lists[None])[0], _bands(start.lists[None])[0]
        for b, label in enumerate(_labels()):
            yield figure("England", f"band_{b}", f"Practices of {label} patients", bands[:, b], now[b], was[b])
        yield figure(
            "England",
            "money",
            "Global sum, £ million",
            money.sum(1, dtype=float) / 1e6,
            came.total_money / 1e6,
            own.sum() / 1e6,
        )
        mix, now, was = (
            _mix(open_, kind),
            _mix(came.open[None], came.kind[None])[0],
            _mix(np.ones((1, len(start.rows))), start.kind[None])[0],
        )
        for n, label in enumerate(KINDS):
            yield figure("England", label, f"Practices on {label.upper()}", mix[:, n], now[n], was[n])
        for name, title, x, now_, was_ in (
            ("practices", "Practices of the base still open", open_, came.open, np.ones(len(start.rows))),
            ("patients", "Patients on their lists", lists, came.lists, start.lists),
            ("money", "Global sum, £ million", money / 1e6, came.money / 1e6, own / 1e6),
            ("gms", "Practices on GMS", open_ * (kind == 0), came.open * (came.kind == 0), 1.0 * (start.kind == 0)),
        ):
            draws, then, before = x.astype(np.float32) @ by, now_ @ by, was_ @ by
            for b, code in enumerate(start.places.boards):
                yield figure(code, name, title, draws[:, b], then[b], before[b])
    else:
        per = lists[:, k].sum(1, dtype=float) / open_[:, k].sum(1)
        yield figure(
            "England",
            "mean_list",
            "Patients a practice that its file names",
            per,
            came.lists[k].sum() / max(came.open[k].sum(), 1),
            start.lists[k].mean(),
        )


def _labels() -> tuple[str, ...]:
    from ..findings.history import size_labels

    return size_labels()
