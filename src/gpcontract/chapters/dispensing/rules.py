"""Dispensing: fees by volume, drugs less discount, and personally administered items.

Each prescription dispensed in a month earns the fee of the band that the month's volume for each dispensing practitioner
reaches: more volume lowers the fee of all. Volumes and prices by practice are not open here, so the lines are the published
payments unless a practice brings its own; a year stands for twelve like months.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.arrays import first_known, ratio, where
from gpcontract.engine.rules import carried, rule

FEES = "SFE 2026 Annex G"
DISCOUNT = "Drug Tariff, discount scale for dispensing practices"


@rule("prescriptions per practitioner per month", clause=FEES)
def monthly_volume(dispensed_prescriptions: Any, dispensing_practitioners: Any) -> Any:
    """Prescriptions dispensed in a month for each dispensing practitioner."""
    return ratio(dispensed_prescriptions, dispensing_practitioners) / 12


@rule("pence per prescription", clause=FEES)
def dispensing_fee(monthly_volume: Any, dispensing_fee_bands: Any, dispensing_fee_pence: Any) -> Any:
    """Fee of the band that a month's volume reaches.

    dispensing_fee_bands: upper bounds (band, draw, year, practice), the last without limit.
    """
    passed = where(monthly_volume > dispensing_fee_bands[:-1], 1.0, 0.0)
    change = dispensing_fee_pence[1:] - dispensing_fee_pence[:-1]
    return dispensing_fee_pence[0] + (passed * change).sum(0)


@rule("GBP per year", clause=FEES, line="Dispensing fees")
def dispensing_fees(dispensed_prescriptions: Any, dispensing_fee: Any, published_dispensing_fees: Any) -> Any:
    """Dispensing fees: the whole volume at the fee of the band reached where it is known, else as published."""
    return first_known(dispensed_prescriptions * dispensing_fee / 100, published_dispensing_fees)


dispensing_fees_published = carried("dispensing_fees", "Dispensing fees", clause=FEES, fallback=True)


@rule("prescriptions per practitioner per month", clause=FEES + ", personally administered items")
def monthly_administered(personally_administered_items: Any, prescribing_practitioners: Any) -> Any:
    """Personally administered items in a month for each prescribing practitioner."""
    return ratio(personally_administered_items, prescribing_practitioners) / 12


@rule("pence per prescription", clause=FEES + ", personally administered items", how="modelled")
def administered_fee(
    monthly_administered: Any,
    dispensing_fee_bands: Any,
    dispensing_fee_pence: Any,
    personally_administered_extra_pence: Any,
) -> Any:
    """Fee for a personally administered item of a practice that does not dispense: the dispensing scale, some pence higher."""
    passed = where(monthly_administered > dispensing_fee_bands[:-1], 1.0, 0.0)
    change = dispensing_fee_pence[1:] - dispensing_fee_pence[:-1]
    return dispensing_fee_pence[0] + (passed * change).sum(0) + personally_administered_extra_pence


@rule("GBP per year", clause=FEES + ", personally administered items", line="Prescribing fees", how="modelled")
def prescribing_fees(
    personally_administered_items: Any, administered_fee: Any, dispensing: Any, published_prescribing_fees: Any
) -> Any:
    """Fees for personally administered items of practices that do not dispense, where items are known, else as published."""
    fees = where(dispensing > 0, published_prescribing_fees, personally_administered_items * administered_fee / 100)
    return first_known(fees, published_prescribing_fees)


prescribing_fees_published = carried(
    "prescribing_fees", "Prescribing fees", clause=FEES + ", personally administered items", fallback=True
)


@rule("fraction of the basic price", clause=DISCOUNT)
def drug_discount(drug_basic_price: Any, dispensing_discount_bands: Any, dispensing_discount_shares: Any) -> Any:
    """Discount taken off drug prices: that of the band which a month's basic price reaches, on all of it."""
    passed = where(drug_basic_price / 12 > dispensing_discount_bands[:-1], 1.0, 0.0)
    change = dispensing_discount_shares[1:] - dispensing_discount_shares[:-1]
    return dispensing_discount_shares[0] + (passed * change).sum(0)


@rule("GBP per year", clause=DISCOUNT, line="Reimbursement of drugs")
def drugs(drug_basic_price: Any, drug_discount: Any, drug_vat_allowance: Any, published_drugs: Any) -> Any:
    """Reimbursement of drugs: basic price less discount, and the VAT allowance for items administered, else as published."""
    return first_known(drug_basic_price * (1 - drug_discount) + drug_vat_allowance, published_drugs)


drugs_published = carried("drugs", "Reimbursement of drugs", clause=DISCOUNT, fallback=True)
