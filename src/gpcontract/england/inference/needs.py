"""The needs that nobody publishes: everything in a practice's Carr-Hill weighted list beyond the age and sex of its patients.

Where the weighted list is published, the index is recovered from it exactly. Where it is not, a model says what it would
be from age, sex, deprivation, rurality and area: a robust regression, then the remainder of the *other* practices nearby
(kriging over latitude and longitude). A practice's own published weighted list never reaches its own estimate.

Arrays here have the practice on the last axis; NaN is 'unknown'. Everything is deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...engine.errors import InputError

Array = npt.NDArray[np.float64]
KM_PER_DEGREE = 111.2
EQUATORIAL = np.cos(np.radians(52.5))  # degrees of longitude are this much shorter at England's latitude
NEIGHBOURS = 20


@dataclass(frozen=True)
class Practices:
    """What the model may know of each practice at one date; (P,) each, bands (14, P) in Carr-Hill order.

    `other` adds further columns (k, P) by choice, e.g. need-weighted populations per head; none by default.
    """

    list_by_band: Array
    deprivation: Array
    rural: Array
    in_london: Array
    dispensing: Array
    on_gms: Array
    on_apms: Array
    latitude: Array
    longitude: Array
    other: Array | None = None

    def at(self, which: npt.NDArray[Any]) -> Practices:
        """The same for some practices."""
        cut: dict[str, Any] = {k: None if v is None else v[..., which] for k, v in vars(self).items()}
        return Practices(**cut)


@dataclass(frozen=True)
class Accuracy:
    """How far estimates lie from what was published: practices compared and absolute relative errors."""

    practices: int
    median: float
    ninetieth: float
    bias: float
    error: Array

    @classmethod
    def of(cls, estimate: Array, published: Array) -> Accuracy:
        """Errors where both are known; NaN elsewhere. Bias is the error of the sum."""
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.where(published > 0, estimate / published - 1, np.nan)
        known = np.isfinite(error)
        if not known.any():
            raise InputError("no practice has both an estimate and a published figure", expected="at least one")
        size = np.abs(error[known])
        bias = float(estimate[known].sum() / published[known].sum() - 1)
        return cls(int(known.sum()), float(np.median(size)), float(np.quantile(size, 0.9)), bias, error)


def age_sex_index(list_by_band: Array, weights: Array) -> Array:
    """Each practice's mean age-sex weight over the national mean: (14, ..., P) lists and (14,) weights -> (..., P).

    NaN for a practice without a list by band.
    """
    bands = np.asarray(list_by_band, float)
    if bands.shape[0] != len(weights):
        raise InputError(f"{bands.shape[0]} bands but {len(weights)} weights", expected="one weight for each band")
    raw = np.tensordot(np.asarray(weights, float), bands, 1)
    size = bands.sum(0)
    known = np.isfinite(raw) & (size > 0)
    national = np.where(known, raw, 0).sum(-1, keepdims=True) / np.maximum(
        np.where(known, size, 0).sum(-1, keepdims=True), 1
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known, raw / size / national, np.nan)


def design(practices: Practices, weights: Array, middle: Array | None = None) -> tuple[Array, Array]:
    """Columns of the regression (P, k): age-sex weight, shares of each band, deprivation, rurality, London, contract, size.

    What is unknown of a practice is put at the median of the known (or at `middle`, (k,), which is given back too) and
    marked in a column of its own.
    """
    bands = practices.list_by_band
    size = bands.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(size > 0, bands / size, np.nan)
        columns = [np.log(np.tensordot(weights, bands, 1) / size), np.log(size), *share[1:], *share[1:] ** 2]
    score = practices.deprivation
    flags = (practices.rural, practices.in_london, practices.dispensing, practices.on_gms, practices.on_apms)
    columns += [score, score**2 / 50, *flags]
    if practices.other is not None:
        columns += list(practices.other)
    x = np.column_stack(columns)
    x[~np.isfinite(x)] = np.nan
    lost = np.isnan(x)
    if middle is None:
        middle = np.array([np.nanmedian(c) if not e else 0.0 for c, e in zip(x.T, lost.all(0), strict=True)])
    return np.column_stack([np.where(lost, middle, x), lost[:, 0], np.isnan(score)]), middle


@dataclass(frozen=True)
class Model:
    """The fitted model: coefficients on the scaled columns, and where the remainder was seen."""

    coefficients: Array
    middle: Array
    seen: Array  # (2, k) the range of each column that the fit saw; beyond it a practice counts as at its edge
    centre: Array
    spread: Array
    place: Array  # (n, 2) kilometres
    remainder: Array  # (n,)
    trust: Array  # (n,) 0-1, lower where a practice is unlike the rest
    weights: Array

    def predict(self, practices: Practices) -> Array:
        """Weighted over registered patients (P,), not yet normalised to the nation; NaN without a list by band."""
        x = (np.clip(design(practices, self.weights, self.middle)[0], *self.seen) - self.centre) / self.spread
        log = x @ self.coefficients[1:] + self.coefficients[0]
        wanted = place(practices)
        log = log + krige(self.place, self.remainder, self.trust, wanted, nearest(self.place, wanted))
        return np.where(practices.list_by_band.sum(0) > 0, np.exp(log), np.nan)


def fit(practices: Practices, weighted_per_patient: Array, weights: Array, rounds: int = 2) -> Model:
    """Fit on the practices whose weighted list per registered patient is published (others NaN)."""
    known = np.isfinite(weighted_per_patient) & (weighted_per_patient > 0) & (practices.list_by_band.sum(0) > 0)
    if known.sum() < 200:
        raise InputError(
            f"only {known.sum()} practices to fit on", expected="200 or more with a published weighted list"
        )
    seen, y = practices.at(known), np.log(weighted_per_patient[known])
    x, middle = design(seen, weights)
    centre, spread = x.mean(0), x.std(0)
    spread[spread < 1e-9] = 1.0
    z = np.column_stack([np.ones(len(y)), (x - centre) / spread])
    where, local, trust = place(seen), np.zeros_like(y), np.ones_like(y)
    among = nearest(where, where, leave_out=True)
    for _ in range(rounds):
        # The regression explains what the neighbours do not, and the neighbours what the regression does not.
        b = ridge(z, y - local, trust)
        rest = y - z @ b
        trust = doubt(rest - local)
        local = krige(where, rest, trust, where, among)
    return Model(
        b, middle, np.quantile(x, [0.0, 1.0], axis=0), centre, spread, where, rest, doubt(rest - local), weights
    )


def ridge(z: Array, y: Array, trust: Array, penalty: float = 2.0) -> Array:
    """Weighted least squares with a light penalty on all but the intercept."""
    keep = np.full(z.shape[1], penalty)
    keep[0] = 1e-9
    solved: Any = np.linalg.solve((z * trust[:, None]).T @ z + np.diag(keep), (z * trust[:, None]).T @ y)
    return np.asarray(solved, float)


def doubt(error: Array) -> Array:
    """Trust in each practice (0.02-1): Cauchy weights, so that student, homeless and care-home lists do not lead the rest."""
    scale = 1.4826 * np.median(np.abs(error - np.median(error))) + 1e-12
    return np.clip(1 / (1 + (error / (3 * scale)) ** 2), 0.02, 1.0)


def place(practices: Practices) -> Array:
    """Kilometres north and east (P, 2); NaN where the place is unknown."""
    return KM_PER_DEGREE * np.column_stack([practices.latitude, practices.longitude * EQUATORIAL])


def nearest(seen: Array, wanted: Array, *, leave_out: bool = False) -> npt.NDArray[np.intp]:
    """Which seen places are nearest to each wanted one (n, count); places unknown are never chosen.

    leave_out: the places are the same practices, and none may see itself.
    """
    usable = np.flatnonzero(np.isfinite(seen).all(1))
    points = seen[usable].astype(np.float32)
    count = max(min(NEIGHBOURS, len(usable) - leave_out), 0)
    found = np.zeros((len(wanted), count), np.intp)
    for start in range(0, len(wanted) if count else 0, 500):  # some hundreds at a time, so that memory stays small
        rows = np.arange(start, min(start + 500, len(wanted)))
        at = np.nan_to_num(wanted[rows]).astype(np.float32)
        d2 = (at[:, None, 0] - points[None, :, 0]) ** 2 + (at[:, None, 1] - points[None, :, 1]) ** 2
        if leave_out:
            d2[usable[None, :] == rows[:, None]] = np.inf
        found[rows] = usable[np.argpartition(d2, count - 1, axis=1)[:, :count]]
    return found


def krige(seen: Array, remainder: Array, trust: Array, wanted: Array, among: npt.NDArray[np.intp]) -> Array:
    """Remainder expected at each wanted place (n,) from the seen places chosen (n, count); 0 where the place is unknown.

    The covariance is two exponentials (a county's width, a neighbourhood's) and a nugget, from needs.yaml.
    """
    value = {k: v["value"] for k, v in settings()["covariance"].items() if isinstance(v, dict)}

    def covariance(d: Array) -> Array:
        return value["wide"] * np.exp(-d / value["wide_km"]) + value["near"] * np.exp(-d / value["near_km"])

    if not among.shape[1]:
        return np.zeros(len(wanted))
    middle = float(np.average(remainder, weights=trust))
    points = seen[among]
    apart = np.sqrt(((points[:, :, None, :] - points[:, None, :, :]) ** 2).sum(-1))
    away = np.sqrt(((points - np.nan_to_num(wanted)[:, None, :]) ** 2).sum(-1))
    system = covariance(apart) + np.eye(among.shape[1]) * (value["nugget"] / trust)[among][:, :, None]
    lean = np.linalg.solve(system, (remainder[among] - middle)[:, :, None])[:, :, 0]
    return np.where(np.isfinite(wanted).all(1), middle + (covariance(away) * lean).sum(1), 0.0)


def folds(count: int, parts: int = 5, seed: int = 2024) -> npt.NDArray[np.intp]:
    """Which part (0..parts-1) each practice falls in, the same each time."""
    return np.random.default_rng(seed).permutation(np.arange(count) % parts)


def cross_validate(
    practices: Practices,
    weighted_list: Array,
    registered: Array,
    weights: Array,
    parts: int = 5,
    other_date: tuple[Practices, Array, Array] | None = None,
) -> Accuracy:
    """Error of the weighted list of practices that the fit never saw: fit on four fifths, predict the fifth.

    other_date: (practices, weighted list, registered) of the same practices on another date, to be predicted by the
    fits of this one: then neither the practice nor the date was seen. Estimates are normalised to the nation, as the
    formula is, on the practices compared.
    """
    then, weighted_then, registered_then = other_date or (practices, weighted_list, registered)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((registered > 0) & (weighted_list > 0), weighted_list / registered, np.nan)
    part, estimate = folds(ratio.shape[-1], parts), np.full(ratio.shape[-1], np.nan)
    for k in range(parts):
        held = part == k
        model = fit(practices, np.where(held, np.nan, ratio), weights)
        estimate[held] = model.predict(then.at(held))
    guess = estimate * registered_then
    known = np.isfinite(guess) & (weighted_then > 0)
    guess *= registered_then[known].sum() / guess[known].sum()
    return Accuracy.of(np.where(known, guess, np.nan), weighted_then)


def default_index(age_sex_index: Array, deprivation: Array, rural: Array, in_london: Array, list_size: Array) -> Array:
    """The other needs index where no weighted list is published at all: needs.yaml's coefficients, not normalised."""
    c = {k: v["value"] for k, v in settings()["default"].items() if isinstance(v, dict)}
    score = np.asarray(deprivation, float) / 10
    with np.errstate(divide="ignore", invalid="ignore"):
        log = c["constant"] + c["age_sex"] * np.log(age_sex_index) + c["size"] * np.log(np.asarray(list_size) / 10_000)
    log = log + c["deprivation"] * score + c["deprivation_squared"] * score**2
    return np.exp(log + c["rural"] * rural + c["london"] * in_london)


@cache
def settings() -> dict[str, Any]:
    """The fitted and assumed numbers of this module (needs.yaml), each with source, date, grade and range."""
    import yaml

    found: dict[str, Any] = yaml.load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found
