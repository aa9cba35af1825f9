"""Digital access: video sessions where GPs are short, the price of digital contacts, navigation, hubs and ratings."""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, maximum, minimum, ratio, where
from gpcontract.engine.rules import rule

VIDEO = "At Your Service, video consultations for under-doctored areas"
DIGITAL = "At Your Service, digital first where possible, commissioned on service quality"
NAVIGATION = "At Your Service, NHS Gateway and first-contact navigation"
HUBS = "At Your Service, hubs against the digital divide"
RATINGS = "Plan for improving access, October 2021: ratings by text message"

# -- where GPs are short -----------------------------------------------------------------------------------------


@rule("patients", clause="NHS allocation formula, primary medical care")
def care_need(primary_care_weighted_list: Any, list_size: Any, care_need_most: Any) -> Any:
    """Patients by need for primary medical care; the list itself where none is known. Some published needs are of lists since emptied."""
    need = minimum(first_known(primary_care_weighted_list, list_size), care_need_most * list_size)
    return where(list_size > 0, need, 0.0)


@rule("full-time equivalents", clause=VIDEO, measure="GPs short of an even share by need", how="modelled", whole=True)
def gp_shortage(care_need: Any, qualified_in_post: Any) -> Any:
    """GPs that the practice lacks against the national number for each patient by need; none where it has more."""
    even = national(qualified_in_post) * ratio(care_need, national(care_need))
    return maximum(even - qualified_in_post, 0.0)


@rule("fraction", clause=DIGITAL, how="modelled")
def digital_uptake(deprivation_fifth: Any, digital_uptake_most_deprived: Any, digital_uptake_step: Any) -> Any:
    """Share of what can be done remotely that patients take up, rising by fifth from the most deprived."""
    return digital_uptake_most_deprived + (first_known(deprivation_fifth, 1.0) - 1) * digital_uptake_step


@rule("sessions", clause=VIDEO, measure="Video sessions bought", how="modelled")
def video_sessions(
    gp_shortage: Any, sessions_per_fte: Any, remote_suitable_share: Any, digital_uptake: Any, video_surge: Any
) -> Any:
    """Sessions worked by video for practices short of GPs: the part of the gap that can be remote, and is wanted."""
    return gp_shortage * sessions_per_fte * remote_suitable_share * digital_uptake * video_surge


@rule("GBP per year", clause=VIDEO, line="Video sessions for under-doctored places", payee="provider", how="modelled")
def video_session_pay(
    video_sessions: Any,
    session_cost: Any,
    video_price_ratio: Any,
    video_platform_cost: Any,
    seen_again_share: Any,
    price_level: Any,
) -> Any:
    """Video sessions at their price and platform, less what is charged back for patients who must be seen in person."""
    worked = session_cost * video_price_ratio * (1 - seen_again_share)
    return video_sessions * (worked + video_platform_cost * price_level)


# -- the price of digital contacts -------------------------------------------------------------------------------


@rule("GBP per contact", clause=DIGITAL, how="modelled")
def digital_contact_saving(contact_cost: Any, digital_time_ratio: Any, digital_recontact_share: Any) -> Any:
    """What a digital contact saves, second contacts counted; nothing where it saves nothing."""
    return contact_cost * maximum(1 - digital_time_ratio * (1 + digital_recontact_share), 0.0)


@rule("contacts", clause=DIGITAL, measure="Contacts priced as digital", how="modelled")
def digital_contacts(
    list_size: Any,
    contacts_per_patient: Any,
    remote_suitable_share: Any,
    digital_uptake: Any,
    digital_first_pricing: Any,
) -> Any:
    """Contacts that can be digital and are."""
    return list_size * contacts_per_patient * remote_suitable_share * digital_uptake * digital_first_pricing


@rule("GBP per year", clause=DIGITAL, line="Lower price of digital contacts", how="modelled")
def digital_price(digital_contacts: Any, digital_contact_saving: Any, price_level: Any) -> Any:
    """What digital contacts save, taken off the price (negative)."""
    return 0 - digital_contacts * digital_contact_saving * price_level


@rule(
    "GBP per year",
    clause=DIGITAL,
    line="Commissioned on quality of digital service",
    how="modelled",
    measured=True,
    whole=True,
)
def digital_quality_payment(digital_price: Any, list_size: Any) -> Any:
    """All that the lower price releases, paid back per patient for quality of service, as if every practice were at the mean."""
    patients = first_known(list_size, 0.0)
    return (0 - national(digital_price)) * ratio(patients, national(patients))


# -- navigation, hubs, ratings -----------------------------------------------------------------------------------


@rule("GBP per request", clause=NAVIGATION, how="modelled")
def navigation_value(
    navigation_accepted: Any,
    navigation_resolved: Any,
    navigation_gp_cost: Any,
    navigation_other_cost: Any,
    navigation_rework_cost: Any,
    navigation_cost: Any,
) -> Any:
    """What navigating one request elsewhere saves: a GP contact, less the other service, rework and the navigator."""
    rework = (1 - navigation_resolved) * navigation_rework_cost
    saved = navigation_resolved * navigation_gp_cost - navigation_other_cost - rework
    return navigation_accepted * saved - navigation_cost


@rule("GBP per year", clause=NAVIGATION, line="Enabling fee of navigation", how="modelled")
def navigation_fee(list_size: Any, navigation_fee_rate: Any, price_level: Any, navigation_programme: Any) -> Any:
    """Paid per patient for staff, training and telephones, never per patient sent elsewhere."""
    return list_size * navigation_fee_rate * price_level * navigation_programme


@rule(
    "GBP per year",
    clause=NAVIGATION,
    line="Services that patients are navigated to",
    payee="board",
    fund="elsewhere",
    how="modelled",
)
def navigated_elsewhere(
    list_size: Any,
    navigation_requests: Any,
    navigation_accepted: Any,
    navigation_other_cost: Any,
    price_level: Any,
    navigation_programme: Any,
) -> Any:
    """Fees of pharmacies and others for patients sent to them: a cost in cash, as the GPs' time that is freed is not."""
    sent = list_size * navigation_requests * navigation_accepted * navigation_programme
    return sent * navigation_other_cost * price_level


@rule(
    "GBP per year",
    clause=NAVIGATION,
    measure="GP time that navigation frees, less what it costs others",
    how="modelled",
)
def navigation_net_value(
    list_size: Any, navigation_requests: Any, navigation_value: Any, price_level: Any, navigation_programme: Any
) -> Any:
    """What requests sent elsewhere are worth, net of fees, rework and the navigator: GPs' time, which no budget saves."""
    return list_size * navigation_requests * navigation_value * price_level * navigation_programme


@rule("GBP per year", clause=HUBS, line="Digital skills hubs", payee="board", how="modelled")
def digital_hubs(
    list_size: Any, deprivation_fifth: Any, hub_fifths: Any, hub_rate: Any, price_level: Any, upskilling_hubs: Any
) -> Any:
    """Hubs that boards commission for patients of the most deprived fifths."""
    served = where(deprivation_fifth <= hub_fifths, list_size, 0.0)
    return served * hub_rate * price_level * upskilling_hubs


@rule("GBP per year", clause=RATINGS, line="Ratings by text message", how="modelled")
def text_ratings(
    list_size: Any,
    contacts_per_patient: Any,
    rating_text_share: Any,
    rating_text_price: Any,
    price_level: Any,
    text_message_ratings: Any,
) -> Any:
    """Text messages that ask patients to rate a contact."""
    return list_size * contacts_per_patient * rating_text_share * rating_text_price * price_level * text_message_ratings
