"""Paying by results in practice: settling a year, what navigation is worth, pharmacy fees, and recovering what was overpaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..engine.errors import InputError, nearest
from .inputs import Array, numbers, share, whole


def aspiration(prior_achievement: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """A month's QOF payment on account: a share of last year's achievement in twelve parts."""
    return share(rate, "rate") * numbers(prior_achievement, "prior_achievement", low=0) / 12


def year_end_settlement(achievement: npt.ArrayLike, prior_achievement: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """What is paid at the year's end: achievement less what was paid on account; below 0 it is recovered."""
    return numbers(achievement, "achievement", low=0) - 12 * aspiration(prior_achievement, rate)


def navigation_net_value(
    accepted: npt.ArrayLike,
    resolved: npt.ArrayLike,
    gp_cost: npt.ArrayLike,
    other_cost: npt.ArrayLike,
    rework_cost: npt.ArrayLike,
    navigation_cost: npt.ArrayLike,
) -> Array:
    """What navigating one request to another service saves, in pounds.

    accepted: share of patients who go there.  resolved: share of those who need not come back.  An appointment saved is one with a GP; a
    request that comes back costs its rework besides.
    """
    p, done = share(accepted, "accepted"), share(resolved, "resolved")
    each = done * np.asarray(gp_cost) - np.asarray(other_cost) - (1 - done) * np.asarray(rework_cost)
    return p * each - np.asarray(navigation_cost)


def pharmacy_payment(
    pathway: npt.ArrayLike,
    minor_illness: npt.ArrayLike,
    urgent_supply: npt.ArrayLike,
    consultation_fee: float,
    supply_fee: float,
    steps: Sequence[tuple[float, float]],
) -> Array:
    """A month's Pharmacy First payment: a fee for each consultation and supply, and a fixed sum by clinical pathway consultations.

    pathway: consultations on a clinical pathway, within the pharmacy's cap.  steps: (consultations from, fixed sum), rising; the pay
    jumps at each, so what one more consultation earns is not its fee.
    """
    seen = whole(pathway, "pathway")
    paid = consultation_fee * (seen + whole(minor_illness, "minor_illness")) + supply_fee * whole(
        urgent_supply, "urgent_supply"
    )
    fixed = np.zeros(seen.shape)
    for start, amount in sorted(steps):
        fixed = np.where(seen >= start, amount, fixed)
    return paid + fixed


@dataclass(frozen=True)
class Gate:
    """Whom a clinical pathway takes: ages in whole years, both ends included, and sexes."""

    youngest: float = 0
    oldest: float = np.inf
    sexes: str = "FM"

    def takes(self, age: float, sex: str) -> bool:
        """Whether a patient may be seen."""
        return self.youngest <= age <= self.oldest and sex in self.sexes


#: Pharmacy First in England. Ages of sinusitis and urinary infection are weak: to be confirmed in NHS England's specification.
PHARMACY_FIRST = {
    "otitis_media": Gate(1, 17),
    "impetigo": Gate(1),
    "insect_bite": Gate(1),
    "shingles": Gate(18),
    "sinusitis": Gate(12),
    "sore_throat": Gate(5),
    "uti": Gate(16, 64, "F"),
}


def may_be_seen(condition: str, age: float, sex: str, gates: Mapping[str, Gate] = PHARMACY_FIRST) -> bool:
    """Whether a pharmacist may see a patient for a condition; raises where no gate is known for it."""
    if condition not in gates:
        raise InputError(
            f"no pathway for '{condition}'", hint=nearest(condition, gates) or f"known: {', '.join(gates)}"
        )
    return gates[condition].takes(age, sex)


def recoverable(errors: npt.ArrayLike, claims: int, confidence: float = 0.9) -> float:
    """What post-payment verification may recover from a random sample of claims: overpayment in pounds, on all claims.

    errors: overpaid on each claim of the sample; 0 where right, below 0 where underpaid.  claims: how many there are in all. The lower
    limit, one-sided, of the mean error by Student's t for a sample without replacement; never less than the errors found.
    """
    from scipy.special import stdtrit

    sample = numbers(errors, "errors")
    n = sample.size
    if sample.ndim != 1 or not 2 <= n <= claims:
        raise InputError(f"a sample of {n} of {claims} claims", expected="at least 2, and no more than all")
    if not 0.5 <= confidence < 1:
        raise InputError(f"confidence is {confidence:g}", expected="a half or more, and less than 1")
    error = sample.std(ddof=1) / np.sqrt(n) * np.sqrt(1 - n / claims)
    return max(float(sample.sum()), float(claims * (sample.mean() - stdtrit(n - 1, confidence) * error)))
