"""Scale reward: more for each patient of a larger list or federation, without cliffs, up to a stated size.

The rate per patient runs straight between the points of a table; its slope falls from point to point (concave) and it is
level beyond the last. A practice earns the rate of its own list; what its federation adds counts so far as the federation
is ready. Rural practices have a floor: the rate of a stated population.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import maximum
from gpcontract.engine.rules import rule
from gpcontract.levers.risk import interpolated

SCALE = "NHS Confederation 2009: rewards for increased scale"


@rule("GBP per patient per year", clause=SCALE)
def scale_rate_alone(list_size: Any, scale_sizes: Any, scale_rates: Any) -> Any:
    """The rate that the practice's own list earns."""
    return interpolated(list_size, scale_sizes, scale_rates)


@rule("GBP per patient per year", clause=SCALE)
def scale_rate_together(federation_list: Any, scale_sizes: Any, scale_rates: Any) -> Any:
    """The rate that the federation's population earns once it is ready."""
    return interpolated(federation_list, scale_sizes, scale_rates)


@rule("GBP per patient per year", clause=SCALE)
def scale_rate_rural(rural: Any, scale_rural_size: Any, scale_sizes: Any, scale_rates: Any) -> Any:
    """The floor of a rural practice: the rate of a stated population; nothing elsewhere."""
    return rural * interpolated(scale_rural_size, scale_sizes, scale_rates)


@rule("GBP per patient per year", clause=SCALE)
def scale_rate(
    scale_rate_alone: Any, scale_rate_together: Any, federation_readiness: Any, scale_rate_rural: Any
) -> Any:
    """The rate a patient earns: the practice's own, what a ready federation adds, and no less than the rural floor."""
    shared = maximum(scale_rate_together - scale_rate_alone, 0.0) * federation_readiness
    return maximum(scale_rate_alone + shared, scale_rate_rural)


@rule("GBP per year", clause=SCALE, line="Reward for scale")
def scale_reward(list_size: Any, open_share: Any, scale_rate: Any, price_level: Any, scale_reward_in_force: Any) -> Any:
    """The reward for scale: patients at the rate."""
    return list_size * open_share * scale_rate * price_level * scale_reward_in_force
