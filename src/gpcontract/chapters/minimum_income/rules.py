"""The minimum earnings expectation: no full-time partner is to earn less than a sum, employer's pension contribution included.

Nobody publishes partners' incomes by practice. The mean is moved by what each practice's core money is for a partner, and the
partners of a practice are spread about its mean as all partners are in the earnings estimates.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import clip, first_known, maximum, ratio, where
from gpcontract.engine.rules import rule

MINIMUM = "2018 GMS contract in Scotland, chapter 3: minimum earnings expectation, from April 2019"
ESTIMATES = "GP Earnings and Expenses Estimates 2022/23, distribution of income before tax"


@rule("GBP per year", clause=MINIMUM, how="modelled")
def core_money(global_sum: Any, correction_factor: Any, pms_payment: Any, qof: Any) -> Any:
    """What a practice is paid for core care and quality today, on any kind of contract."""
    paid = first_known(global_sum, 0.0) + first_known(correction_factor, 0.0)
    return paid + first_known(pms_payment, 0.0) + first_known(qof, 0.0)


@rule("ratio", clause=MINIMUM, how="modelled", whole=True)
def partner_income_factor(
    core_money: Any, partners_in_post: Any, income_factor_least: Any, income_factor_greatest: Any
) -> Any:
    """Core money for each partner over the nation's, within limits: what a partner of the practice earns against the mean."""
    partners = first_known(partners_in_post, 0.0)
    with_partners = where(partners > 0, core_money, 0.0)
    nation = ratio(national(with_partners), national(partners))
    return clip(ratio(ratio(with_partners, partners), nation), income_factor_least, income_factor_greatest)


@rule("GBP per full-time equivalent", clause=MINIMUM, how="modelled")
def partner_income_after(
    partner_income_per_fte: Any,
    partner_income_factor: Any,
    core_money_change: Any,
    funding_protection: Any,
    partners_in_post: Any,
) -> Any:
    """Mean income of a full-time partner of the practice, what the new sharing brings with it."""
    gain = ratio(core_money_change + funding_protection, first_known(partners_in_post, 0.0))
    return maximum(partner_income_per_fte * partner_income_factor + gain, 0.0)


@rule("GBP per full-time equivalent", clause=ESTIMATES, how="modelled")
def partner_earnings_spread(
    partner_income_after: Any, partner_income_groups: Any, income_spread_kept: Any, partner_pension_rate: Any
) -> Any:
    """What partners of a practice earn in each of equal groups, employer's pension contribution with it: (group, ...)."""
    relative = maximum(1 + (partner_income_groups - 1) * income_spread_kept, 0.0)
    return partner_income_after * relative * (1 + partner_pension_rate)


@rule("GBP per full-time equivalent", clause=MINIMUM)
def minimum_income(minimum_income_2019: Any, price_level: Any, price_level_2019: Any) -> Any:
    """The minimum for a full-time partner in the year's prices."""
    return minimum_income_2019 * price_level / price_level_2019


@rule("GBP per full-time equivalent", clause=MINIMUM, how="modelled")
def minimum_income_gap(partner_earnings_spread: Any, minimum_income: Any, minimum_income_in_force: Any) -> Any:
    """What lifts a full-time partner of each group to the minimum: (group, ...)."""
    return maximum(minimum_income - partner_earnings_spread, 0.0) * minimum_income_in_force


@rule("GBP per year", clause=MINIMUM, line="Top-up to the minimum income", how="modelled")
def minimum_income_top_up(minimum_income_gap: Any, partners_in_post: Any) -> Any:
    """The groups' gaps, each group an equal part of the practice's partners."""
    return first_known(partners_in_post, 0.0) * minimum_income_gap.sum(0) / minimum_income_gap.shape[0]


@rule("full-time equivalents", clause=MINIMUM, measure="Partners lifted to the minimum income", how="modelled")
def partners_topped_up(minimum_income_gap: Any, partners_in_post: Any) -> Any:
    """Full-time equivalent partners whose income is below the minimum (Scotland: about a fifth)."""
    lifted = where(minimum_income_gap > 0, 1.0, 0.0).sum(0) / minimum_income_gap.shape[0]
    return first_known(partners_in_post, 0.0) * lifted
