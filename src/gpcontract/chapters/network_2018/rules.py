"""Network contract of the 2018 direction: an extra service on top of the practice contract, held by networks of practices.

It stands in place of the network service of the national contract. A price for each patient, a clinical director, evening and
weekend access, staff of whom the NHS pays most, and money tied to cancer and mental health that is paid on delivery. Each practice
carries its own patients' share of what its network is paid. Populations are those of the network service.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import by_network, national, to_practice
from gpcontract.engine.arrays import clip, first_known, ratio, where
from gpcontract.engine.rules import rule

NETWORK = "NHS England board, July 2018: a network contract as an enhanced service; five-year framework, 2019"
STAFF = NETWORK + ", additional roles"
SPECIFICATION = "Primary care reform, 2018: network money tied to cancer and mental health"

# -- the extra service -------------------------------------------------------------------------------------------


@rule("GBP per year", clause=NETWORK, line="Network contract: price per patient", payee="network", how="modelled")
def network_contract_core(
    network_registered_list: Any, network_price: Any, framework_price_level: Any, network_contract_in_force: Any
) -> Any:
    """What a network is paid for each registered patient, to run itself."""
    return network_contract_in_force * network_registered_list * network_price * framework_price_level


@rule("GBP per year", clause=NETWORK, line="Network contract: participation", how="modelled")
def network_contract_participation(
    network_weighted_list: Any,
    participation_price: Any,
    framework_price_level: Any,
    network_contract_in_force: Any,
) -> Any:
    """What a practice is paid for taking part in a network, by its weighted list."""
    return network_contract_in_force * network_weighted_list * participation_price * framework_price_level


@rule("GBP per year", clause=NETWORK, line="Network contract: clinical director", payee="network", how="modelled")
def network_contract_director(
    network_registered_list: Any, director_price: Any, framework_price_level: Any, network_contract_in_force: Any
) -> Any:
    """What a network is paid towards its clinical director: about a day a week for 40,000 patients."""
    return network_contract_in_force * network_registered_list * director_price * framework_price_level


@rule(
    "GBP per year",
    clause=NETWORK + ", extended hours and access",
    line="Network contract: evening and weekend access",
    payee="network",
    how="modelled",
    years="2022/23-",
)
def network_contract_access(
    network_adjusted_list: Any, access_price: Any, framework_price_level: Any, network_access_in_force: Any
) -> Any:
    """Extended hours, and the access money that commissioners spent before networks held it, by adjusted population."""
    return network_access_in_force * network_adjusted_list * access_price * framework_price_level


@rule(
    "GBP per year",
    clause=NETWORK + ", extended hours and access",
    name="network_contract_access",
    line="Network contract: evening and weekend access",
    payee="network",
    fund="moved",
    how="modelled",
    years="-2021/22",
)
def network_contract_access_moved(
    network_adjusted_list: Any, access_price: Any, framework_price_level: Any, network_access_in_force: Any
) -> Any:
    """The same before 2022/23, when commissioners spent it themselves: nearly all of it moves, and is not new."""
    return network_access_in_force * network_adjusted_list * access_price * framework_price_level


# -- staff -------------------------------------------------------------------------------------------------------


@rule("full-time equivalents", clause=STAFF, how="modelled", measure="Network staff in post")
def network_staff_in_post(
    network_weighted_list: Any,
    national_network_weighted_list: Any,
    network_posts: Any,
    network_posts_filled: Any,
    network_staff_in_force: Any,
) -> Any:
    """The practice's part, by weighted list, of the posts that networks fill."""
    filled = network_staff_in_force * network_posts * network_posts_filled
    return filled * ratio(network_weighted_list, national_network_weighted_list)


@rule("GBP per full-time equivalent", clause=STAFF)
def network_post_price(network_post_shares: Any, network_post_costs: Any) -> Any:
    """What the average network post costs, on-costs in it."""
    return (network_post_shares * network_post_costs).sum(0)


@rule("GBP per full-time equivalent", clause=STAFF)
def network_post_repaid(network_post_shares: Any, network_post_costs: Any, network_post_reimbursed: Any) -> Any:
    """What is reimbursed of the average network post."""
    return (network_post_shares * network_post_costs * network_post_reimbursed).sum(0)


@rule("GBP per year", clause=STAFF, line="Network contract: staff reimbursed", payee="network", how="modelled")
def network_contract_staff(network_staff_in_post: Any, network_post_repaid: Any, price_level: Any) -> Any:
    """What the NHS pays of network staff: all of a social prescriber, part of the others."""
    return network_staff_in_post * network_post_repaid * price_level


@rule(
    "GBP per year",
    clause=STAFF,
    line="Network staff that practices pay for",
    payee="network",
    fund="elsewhere",
    how="modelled",
)
def network_staff_unpaid(
    network_staff_in_post: Any, network_post_price: Any, network_post_repaid: Any, price_level: Any
) -> Any:
    """What is left of the cost of network staff, which practices find from their own income."""
    return network_staff_in_post * (network_post_price - network_post_repaid) * price_level


# -- specifications tied to cancer and mental health --------------------------------------------------------------


@rule("patients", clause=SPECIFICATION, how="modelled")
def cancer_list(list_by_band: Any, cancer_age_weights: Any, in_network: Any) -> Any:
    """Patients weighted by how often people of their age and sex are found to have cancer."""
    return first_known((list_by_band * cancer_age_weights).sum(0) * in_network, 0.0)


@rule("weighted patients", clause=SPECIFICATION)
def mental_health_need(mental_health_weighted_list: Any, january_list: Any, in_network: Any) -> Any:
    """Patients by need for mental health care; the list where none is published, none for a practice that has closed."""
    need = where(january_list > 0, first_known(mental_health_weighted_list, january_list), 0.0)
    return first_known(need * in_network, 0.0)


@rule("weighted patients", clause=SPECIFICATION, name="mental_health_need", how="modelled", fallback=True)
def mental_health_need_as_registered(january_list: Any, in_network: Any) -> Any:
    """Patients by need for mental health care, taken as the list: no need-weighted list is known."""
    return first_known(january_list * in_network, 0.0)


@rule("fraction", clause=SPECIFICATION, level="network")
def network_achieved_share(january_list: Any, qof_achieved_share: Any, network_list: Any, network: Any) -> Any:
    """Share of quality points that each network's practices achieve together, by patients."""
    return ratio(by_network(first_known(january_list * qof_achieved_share, 0.0), network), network_list)


@rule("fraction", clause=SPECIFICATION, level="nation")
def national_achieved_share(network_achieved_share: Any, network_list: Any) -> Any:
    """Share of quality points that all networks achieve together."""
    return ratio(national(network_achieved_share * network_list), national(network_list))


@rule("fraction", clause=SPECIFICATION, how="modelled")
def specification_delivered(
    network_achieved_share: Any,
    national_achieved_share: Any,
    specification_delivery: Any,
    network: Any,
) -> Any:
    """Share of the specifications that the practice's network delivers.

    Nobody has measured it: a network falls short of the national share as it falls short of quality points, the only results
    by practice that are open.
    """
    short = (1 - specification_delivery) * ratio(1 - network_achieved_share, 1 - national_achieved_share)
    return to_practice(clip(1 - short, 0.0, 1.0), network)


@rule(
    "GBP per year",
    clause=SPECIFICATION,
    level="nation",
    measure="Network money tied to cancer and mental health",
)
def specification_pot(
    specification_money: Any, framework_price_level: Any, network_specifications_in_force: Any
) -> Any:
    """What networks are paid if all deliver everything."""
    return network_specifications_in_force * specification_money * framework_price_level


@rule(
    "GBP per year",
    clause=SPECIFICATION,
    line="Network contract: cancer specification",
    payee="network",
    how="modelled",
    measured=True,
    whole=True,
)
def cancer_specification(
    specification_pot: Any, specification_cancer_share: Any, cancer_list: Any, specification_delivered: Any
) -> Any:
    """Money for early diagnosis of cancer, by patients at risk, for what the network delivers."""
    pot = specification_pot * specification_cancer_share
    return pot * ratio(cancer_list, national(cancer_list)) * specification_delivered


@rule(
    "GBP per year",
    clause=SPECIFICATION,
    line="Network contract: mental health specification",
    payee="network",
    how="modelled",
    measured=True,
    whole=True,
)
def mental_health_specification(
    specification_pot: Any, specification_cancer_share: Any, mental_health_need: Any, specification_delivered: Any
) -> Any:
    """Money for mental health, by patients in need of it, for what the network delivers."""
    pot = specification_pot * (1 - specification_cancer_share)
    return pot * ratio(mental_health_need, national(mental_health_need)) * specification_delivered


# -- the size and reach of networks --------------------------------------------------------------------------------


@rule("fraction", clause=NETWORK + ", networks of 30,000 to 50,000", measure="Patients in networks of 30,000 to 50,000")
def in_planned_network(network_list: Any, network: Any, network_size_least: Any, network_size_most: Any) -> Any:
    """1 for a practice whose network has as many patients as was planned, else 0."""
    planned = where(network_list >= network_size_least, where(network_list <= network_size_most, 1.0, 0.0), 0.0)
    return to_practice(planned, network)


@rule(
    "fraction",
    clause=NETWORK,
    level="nation",
    measure="Share of practice and network money that flows through networks",
)
def network_money_share(
    network_contract_claimed: Any,
    held_to_the_deal: Any,
    network_contract_participation: Any,
    global_sum: Any,
    pms_payment: Any,
    qof: Any,
    premises: Any,
) -> Any:
    """Money that networks hold as a share of it, core money, quality and premises together."""
    held = national(first_known(network_contract_claimed + held_to_the_deal - network_contract_participation, 0.0))
    core = national(first_known(global_sum, 0.0)) + national(first_known(pms_payment, 0.0))
    others = national(first_known(qof, 0.0)) + national(first_known(premises, 0.0))
    return ratio(held, held + core + others + national(first_known(network_contract_participation, 0.0)))
