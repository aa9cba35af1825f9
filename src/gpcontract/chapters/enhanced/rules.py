"""Enhanced services and vaccinations: a fee for each item, targets for childhood immunisation, and what is carried.

A line whose rule is known is computed for the practices whose items are known and is the published payment for others;
open data gives items for none, so without facts of your own these lines are carried.
"""

from __future__ import annotations

from typing import Any

from gpcontract.engine.areas import national
from gpcontract.engine.arrays import first_known, minimum, ratio, where
from gpcontract.engine.rules import carried, rule

DIRECTIONS = "Primary Medical Services (Directed Enhanced Services) Directions"
VACCINES = "SFE, vaccines and immunisations"
TARGETS = "SFE 2004 to 2020, childhood immunisation targets"
PROGRAMME = "SFE, childhood vaccination programme"

# -- childhood immunisation ------------------------------------------------------------------------------------------


@rule("children", clause=TARGETS, outside=0, years="-2020/21")
def children_of_two(
    children_aged_two: Any, list_size: Any, childhood_target_average_children: Any, childhood_target_average_list: Any
) -> Any:
    """Children whose second birthday decides the target; as many as in an average list where not known."""
    usual = childhood_target_average_children[0] * list_size / childhood_target_average_list
    return first_known(children_aged_two, usual)


@rule("children", clause=TARGETS, name="children_of_two", years="-2020/21", how="modelled", fallback=True)
def usual_children_of_two(
    list_size: Any, childhood_target_average_children: Any, childhood_target_average_list: Any
) -> Any:
    """Children whose second birthday decides the target, taken as many as in an average list of this size."""
    return childhood_target_average_children[0] * list_size / childhood_target_average_list


@rule("children", clause=TARGETS, outside=0, years="-2020/21")
def children_of_five(
    children_aged_five: Any, list_size: Any, childhood_target_average_children: Any, childhood_target_average_list: Any
) -> Any:
    """Children whose fifth birthday decides the target; as many as in an average list where not known."""
    usual = childhood_target_average_children[1] * list_size / childhood_target_average_list
    return first_known(children_aged_five, usual)


@rule("children", clause=TARGETS, name="children_of_five", years="-2020/21", how="modelled", fallback=True)
def usual_children_of_five(
    list_size: Any, childhood_target_average_children: Any, childhood_target_average_list: Any
) -> Any:
    """Children whose fifth birthday decides the target, taken as many as in an average list of this size."""
    return childhood_target_average_children[1] * list_size / childhood_target_average_list


@rule("GBP per year", clause=TARGETS, outside=0, years="-2020/21", how="modelled")
def childhood_target_payment(
    childhood_coverage_two: Any,
    childhood_coverage_five: Any,
    children_of_two: Any,
    children_of_five: Any,
    childhood_target_shares: Any,
    childhood_target_payments: Any,
    childhood_target_average_children: Any,
) -> Any:
    """Payment for childhood targets: the higher pays three times the lower, in proportion to the children of each age.

    Coverage is the fraction of each age's children immunised. The printed payment is that of both ages; that each child
    counts the same is ours.
    """
    a_child = childhood_target_payments / childhood_target_average_children.sum(0)
    lower, higher = childhood_target_shares[0], childhood_target_shares[1]

    def reached(coverage: Any) -> Any:
        met = where(coverage >= higher, a_child[1], where(coverage >= lower, a_child[0], 0.0))
        return met + coverage * 0.0  # unknown coverage is an unknown payment

    return reached(childhood_coverage_two) * children_of_two + reached(childhood_coverage_five) * children_of_five


@rule("GBP per year", clause=PROGRAMME, outside=0, years="2021/22-")
def childhood_fees(childhood_doses: Any, childhood_vaccination_fee: Any) -> Any:
    """Item of service fees for routine childhood vaccinations."""
    return childhood_doses * childhood_vaccination_fee


@rule("GBP per year", clause=PROGRAMME + ", repayment", outside=0, years="2021/22-", how="modelled")
def childhood_repayment(
    childhood_fees: Any,
    childhood_programme_coverage: Any,
    childhood_repayment_trigger: Any,
    childhood_repayment_share: Any,
) -> Any:
    """What is repaid where coverage of the cohort is below the trigger; the share repaid is assumed."""
    repaid = where(childhood_programme_coverage < childhood_repayment_trigger, childhood_repayment_share, 0.0)
    return childhood_fees * (repaid + childhood_programme_coverage * 0.0)


@rule(
    "GBP per year",
    clause=TARGETS,
    line="Childhood vaccination and immunisation",
    years="-2020/21",
    how="modelled",
    measured=True,
)
def childhood_immunisation(childhood_target_payment: Any, published_childhood_immunisation: Any) -> Any:
    """Childhood immunisation targets where coverage is known, else the published payment (which has fees beside them)."""
    return first_known(childhood_target_payment, published_childhood_immunisation)


@rule(
    "GBP per year",
    clause=PROGRAMME,
    name="childhood_immunisation",
    line="Childhood vaccination and immunisation",
    years="2021/22-",
    how="modelled",
)
def childhood_immunisation_by_item(
    childhood_fees: Any, childhood_repayment: Any, published_childhood_immunisation: Any
) -> Any:
    """Childhood vaccination fees less repayment where doses are known, else the published payment."""
    return first_known(childhood_fees - childhood_repayment, published_childhood_immunisation)


childhood_immunisation_published = carried(
    "childhood_immunisation", "Childhood vaccination and immunisation", clause=PROGRAMME, fallback=True
)

# -- vaccination by item of service ----------------------------------------------------------------------------------


@rule("GBP per year", clause=VACCINES, line="Influenza and pneumococcal immunisation")
def influenza_pneumococcal(
    influenza_pneumococcal_doses: Any, vaccination_fee: Any, published_influenza_pneumococcal: Any
) -> Any:
    """Influenza and pneumococcal vaccination: a fee for each dose where doses are known, else as published."""
    return first_known(influenza_pneumococcal_doses * vaccination_fee, published_influenza_pneumococcal)


influenza_pneumococcal_published = carried(
    "influenza_pneumococcal", "Influenza and pneumococcal immunisation", clause=VACCINES, fallback=True
)


@rule("GBP per year", clause=VACCINES, line="Meningitis vaccination", years="2015/16-")
def meningitis(meningitis_doses: Any, vaccination_fee: Any, published_meningitis: Any) -> Any:
    """Meningitis vaccination: a fee for each dose where doses are known, else as published."""
    return first_known(meningitis_doses * vaccination_fee, published_meningitis)


meningitis_published = carried("meningitis", "Meningitis vaccination", clause=VACCINES, years="2015/16-", fallback=True)


@rule("GBP per year", clause=VACCINES, line="Pertussis vaccination", years="2012/13-")
def pertussis(pertussis_doses: Any, vaccination_fee: Any, published_pertussis: Any) -> Any:
    """Pertussis vaccination in pregnancy: a fee for each dose where doses are known, else as published."""
    return first_known(pertussis_doses * vaccination_fee, published_pertussis)


pertussis_published = carried("pertussis", "Pertussis vaccination", clause=VACCINES, years="2012/13-", fallback=True)


@rule("GBP per year", clause=VACCINES, line="Rotavirus and shingles vaccination", years="2013/14-")
def rotavirus_shingles(rotavirus_shingles_doses: Any, vaccination_fee: Any, published_rotavirus_shingles: Any) -> Any:
    """Rotavirus and shingles vaccination: a fee for each dose where doses are known, else as published."""
    return first_known(rotavirus_shingles_doses * vaccination_fee, published_rotavirus_shingles)


rotavirus_shingles_published = carried(
    "rotavirus_shingles", "Rotavirus and shingles vaccination", clause=VACCINES, years="2013/14-", fallback=True
)


@rule("GBP per year", clause=VACCINES, line="Respiratory syncytial virus vaccination", years="2024/25-")
def respiratory_syncytial_virus(
    respiratory_syncytial_virus_doses: Any, vaccination_fee: Any, published_respiratory_syncytial_virus: Any
) -> Any:
    """Respiratory syncytial virus vaccination: a fee for each dose where doses are known, else as published."""
    return first_known(respiratory_syncytial_virus_doses * vaccination_fee, published_respiratory_syncytial_virus)


respiratory_syncytial_virus_published = carried(
    "respiratory_syncytial_virus",
    "Respiratory syncytial virus vaccination",
    clause=VACCINES,
    years="2024/25-",
    fallback=True,
)

# -- other services by item ------------------------------------------------------------------------------------------


@rule(
    "GBP per year",
    clause=DIRECTIONS + ", learning disabilities health check scheme",
    line="Learning disability health checks",
    years="2008/09-",
)
def learning_disabilities(
    learning_disability_checks: Any, learning_disability_check_fee: Any, published_learning_disabilities: Any
) -> Any:
    """Learning disability health checks: a fee for each where checks are known, else as published."""
    return first_known(learning_disability_checks * learning_disability_check_fee, published_learning_disabilities)


learning_disabilities_published = carried(
    "learning_disabilities",
    "Learning disability health checks",
    clause=DIRECTIONS + ", learning disabilities health check scheme",
    years="2008/09-",
    fallback=True,
)


@rule("GBP per year", clause=DIRECTIONS + ", minor surgery", line="Minor surgery")
def minor_surgery(
    minor_surgery_injections: Any,
    minor_surgery_excisions: Any,
    minor_surgery_injection_fee: Any,
    minor_surgery_excision_fee: Any,
    published_minor_surgery: Any,
) -> Any:
    """Minor surgery: a fee for each injection and excision where procedures are known, else as published."""
    fees = minor_surgery_injections * minor_surgery_injection_fee + minor_surgery_excisions * minor_surgery_excision_fee
    return first_known(fees, published_minor_surgery)


minor_surgery_published = carried(
    "minor_surgery", "Minor surgery", clause=DIRECTIONS + ", minor surgery", fallback=True
)


@rule(
    "GBP per year",
    clause="Enhanced service specification, weight management",
    line="Weight management",
    years="2021/22-2025/26",
)
def weight_management(
    weight_management_referrals: Any, weight_management_fee: Any, published_weight_management: Any
) -> Any:
    """Weight management: a fee for each referral where referrals are known, else as published. Ended in March 2026."""
    return first_known(weight_management_referrals * weight_management_fee, published_weight_management)


weight_management_published = carried(
    "weight_management",
    "Weight management",
    clause="Enhanced service specification, weight management",
    years="2021/22-2025/26",
    fallback=True,
)


@rule(
    "GBP per year",
    clause=DIRECTIONS + ", out of area in-hours urgent primary medical care",
    line="Out-of-area in-hours urgent care",
    years="2014/15-",
)
def out_of_area(
    out_of_area_consultations: Any,
    out_of_area_visits: Any,
    out_of_area_consultation_fee: Any,
    out_of_area_visit_fee: Any,
    published_out_of_area: Any,
) -> Any:
    """Urgent care of patients registered elsewhere: fees where contacts are known, else as published."""
    fees = out_of_area_consultations * out_of_area_consultation_fee + out_of_area_visits * out_of_area_visit_fee
    return first_known(fees, published_out_of_area)


out_of_area_published = carried(
    "out_of_area",
    "Out-of-area in-hours urgent care",
    clause=DIRECTIONS + ", out of area in-hours urgent primary medical care",
    years="2014/15-",
    fallback=True,
)

# -- advice and guidance -----------------------------------------------------------------------------------------

ADVICE = "GP contract 2025/26, advice and guidance enhanced service"


@rule("GBP per year", clause=ADVICE, how="modelled")
def advice_guidance_by_list(
    list_size: Any, national_list: Any, advice_guidance_cap: Any, advice_guidance_take_up: Any
) -> Any:
    """Advice and guidance, were an assumed share of the national ceiling spread by list."""
    return ratio(list_size, national_list) * advice_guidance_cap * advice_guidance_take_up


@rule("GBP per year", clause=ADVICE)
def advice_guidance_claim(advice_guidance_requests: Any, advice_guidance_fee: Any, advice_guidance_by_list: Any) -> Any:
    """A fee for each request for advice, before the national ceiling; modelled where requests are not known."""
    return first_known(advice_guidance_requests * advice_guidance_fee, advice_guidance_by_list)


@rule("GBP per year", clause=ADVICE, level="nation")
def national_advice_guidance_claim(advice_guidance_claim: Any) -> Any:
    """All claims for advice and guidance, before the national ceiling."""
    return national(first_known(advice_guidance_claim, 0.0))


@rule("GBP per year", clause=ADVICE, line="Advice and guidance", years="2025/26", how="modelled")
def advice_guidance(advice_guidance_claim: Any, national_advice_guidance_claim: Any, advice_guidance_cap: Any) -> Any:
    """Advice and guidance: claims, cut in proportion where together they pass the national ceiling."""
    paid = minimum(national_advice_guidance_claim, advice_guidance_cap)
    return advice_guidance_claim * ratio(paid, national_advice_guidance_claim)


@rule(
    "GBP per year",
    clause=ADVICE,
    name="advice_guidance",
    line="Advice and guidance",
    years="2025/26",
    how="modelled",
    fallback=True,
)
def advice_guidance_modelled(advice_guidance_by_list: Any) -> Any:
    """Advice and guidance, an assumed share of the national ceiling spread by list: no requests are published."""
    return advice_guidance_by_list


# -- carried -------------------------------------------------------------------------------------------------------
# Where a service ended, the years go on to the last in which late payments were published.

alcohol = carried("alcohol", "Alcohol", clause=DIRECTIONS + ", alcohol (to March 2015)", years="2008/09-2015/16")
extended_hours = carried(
    "extended_hours",
    "Extended hours access (practice)",
    clause=DIRECTIONS + ", extended hours access (to June 2019; local payments since)",
    years="2008/09-",
)
dementia = carried(
    "dementia",
    "Dementia diagnosis and support",
    clause=DIRECTIONS + ", dementia (to March 2016)",
    years="2013/14-2017/18",
)
online_access = carried(
    "online_access",
    "Improving patient online access",
    clause=DIRECTIONS + ", online access (to March 2015)",
    years="2013/14-2015/16",
)
patient_participation = carried(
    "patient_participation",
    "Patient participation",
    clause=DIRECTIONS + ", patient participation (to March 2015)",
    years="2011/12-2015/16",
)
remote_care = carried(
    "remote_care", "Remote care monitoring", clause=DIRECTIONS + ", remote care monitoring", years="2013/14-2015/16"
)
risk_profiling = carried(
    "risk_profiling",
    "Risk profiling and case management",
    clause=DIRECTIONS + ", risk profiling (to March 2014)",
    years="2013/14-2015/16",
)
unplanned_admissions = carried(
    "unplanned_admissions",
    "Avoiding unplanned admissions",
    clause=DIRECTIONS + ", avoiding unplanned admissions (to March 2017)",
    years="2014/15-2017/18",
)
violent_patients = carried(
    "violent_patients", "Services for violent patients", clause=DIRECTIONS + ", violent patients (special allocation)"
)
medical_assessment = carried(
    "medical_assessment",
    "Medical assessment reviews",
    clause="Enhanced service specification, medical assessment reviews",
    years="2021/22-2024/25",
)
local_incentives = carried(
    "local_incentives",
    "Local enhanced services and incentive schemes",
    clause="locally commissioned; no national rule",
)
non_des_vaccination = carried(
    "non_des_vaccination", "Pneumococcal and childhood immunisation outside the directed services", clause=VACCINES
)
covid_immunisation = carried(
    "covid_immunisation",
    "Covid vaccination",
    clause="Enhanced service specification, Covid-19 vaccination programme",
    years="2020/21-",
)
other_national_enhanced = carried(
    "other_national_enhanced",
    "Other national enhanced services",
    clause=DIRECTIONS + "; services that the publication does not name",
    years="-2016/17",
)
