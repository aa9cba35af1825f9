"""Layers of scale: which function is done by the practice, the network, the provider or the board, and what that saves.

Nobody published unit costs by function and layer, so all are assumed, small and with ranges: studies of scale found little.
What leaves the practice also costs coordination, and travel where patients are few.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import ratio
from gpcontract.engine.rules import rule

REPORT = "At Your Service, layers of scale"


@rule("GBP per patient", clause=REPORT, how="modelled")
def layer_saving_per_patient(function_cost: Any, function_layer_share: Any, function_layer_saving: Any) -> Any:
    """What doing each function at its layer saves: cost times share at the layer times the part saved there, over all."""
    return (function_cost * (function_layer_share * function_layer_saving).sum(1)).sum(0)


@rule("GBP per patient", clause=REPORT, how="modelled")
def work_moved_per_patient(function_cost: Any, function_layer_share: Any) -> Any:
    """Cost of work done beyond the practice."""
    return (function_cost * function_layer_share.sum(1)).sum(0)


@rule("GBP per patient", clause=REPORT, how="modelled")
def face_to_face_moved_per_patient(function_cost: Any, function_layer_share: Any, function_with_patients: Any) -> Any:
    """Cost of work with patients that is done beyond the practice, so that they travel."""
    return (function_cost * function_layer_share.sum(1) * function_with_patients).sum(0)


@rule("GBP per year", clause=REPORT, line="Saving from functions done at scale", how="modelled")
def scale_saving(list_size: Any, layer_saving_per_patient: Any, price_level: Any, layers_of_scale: Any) -> Any:
    """What practices no longer need for functions that are done at a larger scale (negative)."""
    return 0 - list_size * layer_saving_per_patient * price_level * layers_of_scale


@rule("GBP per year", clause=REPORT, line="Coordination between layers", payee="network", how="modelled")
def layer_coordination(list_size: Any, layer_coordination_rate: Any, price_level: Any, layers_of_scale: Any) -> Any:
    """What holding the layers together costs: managers, meetings, shared systems."""
    return list_size * layer_coordination_rate * price_level * layers_of_scale


@rule("GBP per year", clause=REPORT, line="Outreach for rural patients", payee="network", how="modelled")
def rural_outreach(
    list_size: Any,
    rural: Any,
    face_to_face_moved_per_patient: Any,
    rural_outreach_share: Any,
    price_level: Any,
    layers_of_scale: Any,
) -> Any:
    """What it costs to bring functions at scale to rural patients."""
    moved = list_size * rural * face_to_face_moved_per_patient
    return moved * rural_outreach_share * price_level * layers_of_scale


@rule("fraction", clause=REPORT, level="nation", measure="Work done beyond the practice", how="modelled")
def work_beyond_practice(
    list_size: Any, work_moved_per_patient: Any, payments_per_patient: Any, layers_of_scale: Any
) -> Any:
    """Share of practices' cost that is of work done by a network, a provider or a board."""
    moved = national(list_size * work_moved_per_patient * layers_of_scale)
    return ratio(moved, national(list_size) * payments_per_patient)


@rule(
    "index points",
    clause="continuity in large and small practices",
    measure="Continuity lost with scale",
    how="modelled",
)
def continuity_lost(converted_share: Any, continuity_gap: Any, layers_of_scale: Any) -> Any:
    """Fall of the usual-provider index (0 to 1) where lists pass to a large organisation."""
    return converted_share * continuity_gap * layers_of_scale
