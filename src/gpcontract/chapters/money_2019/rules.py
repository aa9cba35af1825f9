"""The money of the 2019 deal: what was promised for core and for networks, and how far the contract reaches it.

The deal is the published cost of the 2018 direction: £2.8 billion over five years, of which £1.8 billion a year flows through networks by
2023/24 and £978 million a year is added to core. It is a limit, since nobody thought that the money of 2004 would come again. Its
figures are cash of 2023/24.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, maximum, ratio
from gpcontract.engine.rules import rule

DEAL = "NHS England and BMA, five-year framework, January 2019"


@rule("ratio", clause=DEAL)
def framework_price_level(price_level: Any, framework_price_base: Any) -> Any:
    """Prices of the year as a multiple of those of 2023/24, in which the deal's figures are written."""
    return price_level / framework_price_base


@rule(
    "GBP per year", clause=DEAL + ", money through networks", level="nation", measure="Network money of the 2019 deal"
)
def network_deal(network_money_deal: Any, framework_price_level: Any) -> Any:
    """What the deal gives networks in its last year, at the year's prices."""
    return network_money_deal * framework_price_level


@rule(
    "GBP per year",
    clause=DEAL + ", money through networks",
    level="nation",
    measure="Network money of the 2019 deal, as published for the year",
)
def network_deal_of_year(network_money_by_year: Any) -> Any:
    """What the deal gave networks in each year, in its cash; nothing before 2019/20."""
    return network_money_by_year * 1.0


@rule(
    "GBP per year",
    clause=DEAL + ", practice contract",
    level="nation",
    measure="Core money of the 2019 deal, as published for the year",
)
def core_deal_of_year(core_money_by_year: Any) -> Any:
    """What the deal added to the practice contract in each year since 2018/19, in its cash."""
    return core_money_by_year * 1.0


@rule(
    "GBP per year",
    clause=DEAL + ", practice contract",
    level="nation",
    years="2019/20-",
    measure="Core money added by the price since 2018/19",
)
def core_money_added(paid_weighted_list: Any, open_share: Any, global_sum_price: Any, price_before_deal: Any) -> Any:
    """What the price of a weighted patient has added since 2018/19 on the year's lists, in cash: growth of lists is not in it.

    GMS, PMS and APMS alike, since the uplift was the same in each; quality points and fees come on top.
    """
    return national(first_known(paid_weighted_list * open_share, 0.0)) * (global_sum_price - price_before_deal)


@rule("GBP per year", clause=DEAL + ", money through networks")
def network_contract_claimed(
    network_contract_core: Any,
    network_contract_participation: Any,
    network_contract_director: Any,
    network_contract_access: Any,
    network_contract_staff: Any,
    cancer_specification: Any,
    mental_health_specification: Any,
) -> Any:
    """What the network contract would pay for a practice's patients without a limit."""
    paid = network_contract_core + network_contract_participation + network_contract_director
    return paid + network_contract_access + network_contract_staff + cancer_specification + mental_health_specification


@rule(
    "GBP per year",
    clause=DEAL + ", money through networks",
    line="Held to the money of the deal",
    payee="network",
    how="modelled",
    whole=True,
)
def held_to_the_deal(network_contract_claimed: Any, network_deal: Any, budget_limit_in_force: Any) -> Any:
    """What networks give back (below nought) where the network contract would cost more than the deal, by their claims."""
    claimed = first_known(network_contract_claimed, 0.0)
    over = maximum(national(claimed) - network_deal, 0.0)
    return 0 - budget_limit_in_force * over * ratio(claimed, national(claimed))


@rule(
    "fraction",
    clause=DEAL + ", money through networks",
    level="nation",
    measure="Network contract as a share of the deal’s network money",
)
def network_deal_reached(network_contract_claimed: Any, held_to_the_deal: Any, network_deal: Any) -> Any:
    """How far the network contract reaches the money of the deal; 1 is all of it."""
    return national(first_known(network_contract_claimed + held_to_the_deal, 0.0)) / network_deal
