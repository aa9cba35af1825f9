"""The figures that are kept of every draw and year: England's, and some of each board's."""

from __future__ import annotations

QUANTITIES: dict[str, tuple[str, str]] = {
    "bill": ("Paid in a year to practices, networks, providers and others", "GBP per year, prices of the start"),
    "paid_to_practices": ("Paid to practices for their patients, drugs apart", "GBP per year, prices of the start"),
    "moved": ("Moved in from other budgets", "GBP per year, prices of the start"),
    "once": ("Paid once in the year", "GBP, prices of the start"),
    "elsewhere": ("Costs and savings in other budgets", "GBP per year, prices of the start"),
    "practices": ("Practices open at the end of the year", "practices"),
    "merged": ("Practices merged or taken over in the year", "practices"),
    "closed": ("Practices closed in the year", "practices"),
    "handed_over": ("Practices that a provider took over in place of an end", "practices"),
    "converted": ("Practices whose list passed from a partnership in the year", "practices"),
    "patients": ("Registered patients", "patients"),
    "born": ("Births", "patients"),
    "died": ("Deaths", "patients"),
    "came": ("Net newcomers", "patients"),
    "displaced": ("Patients of practices that closed in the year", "patients"),
    "merged_patients": ("Patients of practices that were merged or taken over in the year", "patients"),
    "beyond_room": ("Patients who came to a neighbour beyond the room it had", "patients"),
    "partners": ("GP partners", "heads"),
    "salaried_fte": ("Salaried GPs", "full-time equivalents"),
    "locum_fte": ("Locum GPs", "full-time equivalents"),
    "gp_fte": ("Qualified GPs: partners, salaried and locums", "full-time equivalents"),
    "joined_gps": ("GPs who joined in the year", "heads"),
    "left_gps": ("GPs who left the NHS in the year", "heads"),
    "nurse_fte": ("Nurses", "full-time equivalents"),
    "direct_care_fte": ("Direct patient care staff of practices", "full-time equivalents"),
    "admin_fte": ("Administrative staff", "full-time equivalents"),
    "list_per_gp": ("Patients for each full-time GP", "patients"),
    "one_partner": ("Partnerships with a single partner", "practices"),
    "last_partner_exposure": ("Rent of leases and costs of closing that single partners answer for", "GBP, prices of the start"),
    "making_losses": ("Partnerships that spend more than they are paid", "practices"),
    "below_salaried": ("Partnerships whose partners draw less than a salaried GP earns", "practices"),
    "drawings": ("Mean drawings of a partner", "GBP per year, prices of the start"),
    "drawings_p10": ("Drawings of a partner, lowest tenth of practices", "GBP per year, prices of the start"),
    "drawings_p50": ("Drawings of a partner, middle practice", "GBP per year, prices of the start"),
    "drawings_p90": ("Drawings of a partner, highest tenth of practices", "GBP per year, prices of the start"),
    "equity": ("Most over least deprived fifth, pounds for each need-weighted patient", "fraction"),
    "with_partnerships": ("Patients on lists that partnerships hold", "patients"),
    "with_trusts": ("Patients on lists that trusts hold", "patients"),
    "with_networks": ("Patients on lists that networks hold", "patients"),
    "with_companies": ("Patients on lists that companies hold", "patients"),
    "opted_in": ("Patients whose network has opted in", "patients"),
    "pressure": ("Contacts asked for over those that people can give, the start 1", "ratio"),
    "continuity": ("Usual-provider index, ages 62 to 82", "index"),
    "admissions": ("Emergency admissions over what they would be at the start's continuity and holders", "ratio"),
    "care_lost": ("Fall of care that the quality framework paid for, shared over all patients", "percentage points"),
    "recording_lost": ("Fall of what is only written down, shared over all patients", "percentage points"),
}  # fmt: skip
BY_BOARD = ("patients", "practices", "bill", "gp_fte", "pressure")
SUMMED: dict[str, tuple[str, str]] = {  # flows added up over the years so far: the quantity, and its title
    "displaced_so_far": ("displaced", "Patients of practices that closed, since the start"),
    "closed_so_far": ("closed", "Practices closed, since the start"),
    "merged_so_far": ("merged", "Practices merged or taken over, since the start"),
    "once_so_far": ("once", "Paid once, since the start"),
    "left_gps_so_far": ("left_gps", "GPs who left the NHS, since the start"),
}
SPREAD = "income_spread"  # highest tenth less lowest tenth of practices, by their partners' drawings
MADE: dict[str, tuple[str, str]] = {  # what is made of the quantities that are kept
    **{n: (title, QUANTITIES[of][1]) for n, (of, title) in SUMMED.items()},
    SPREAD: (
        "Drawings of a partner, highest tenth less lowest tenth of practices",
        "GBP per year, prices of the start",
    ),
}
BETTER: dict[str, str] = {  # which way is better for patients or for those who pay; what is not here is better neither way
    **dict.fromkeys(
        ("bill", "once", "once_so_far", "elsewhere", "closed", "closed_so_far", "displaced", "displaced_so_far", "beyond_room",
         "left_gps", "left_gps_so_far", "list_per_gp", "last_partner_exposure", "making_losses", "below_salaried", "income_spread",
         "pressure", "admissions", "care_lost"), "less"),
    **dict.fromkeys(("gp_fte", "joined_gps", "nurse_fte", "direct_care_fte", "equity", "continuity"), "more"),
}  # fmt: skip


def title(name: str) -> str:
    """What a quantity is, in words."""
    return (QUANTITIES | MADE)[name][0]


def unit(name: str) -> str:
    """The unit of a quantity."""
    return (QUANTITIES | MADE)[name][1]
