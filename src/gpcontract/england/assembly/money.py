"""What each practice was paid, by line and year as published, under which contract, and what changed."""

from __future__ import annotations

import numpy as np

from ..facts import lines
from .assemble import Draft, count

CONTRACTS = {"on_gms": "GMS", "on_pms": "PMS", "on_apms": "APMS"}
TOTALS = ("total", "total_with_covid", "total_with_network", "total_with_all", "deductions")


def fill_money(draft: Draft) -> None:
    """Facts published_<line> and published_<total>: NaN where a year's file lacks the line or the practice."""
    payments = draft.of("payments")
    for name in (*lines(), *TOTALS):
        grid, files = draft.blank(), list[str]()
        for p in payments:
            if name in p.frame.columns:
                grid[0, draft.row[int(p.when)]] = draft.scatter(p.frame, name)  # type: ignore[arg-type]
                files += p.files
        if files:
            draft.put(f"published_{name}", grid, "published", files)


def fill_contracts(draft: Draft) -> None:
    """Facts on_gms, on_pms and on_apms; years without a payments file take the practice's nearest known contract."""
    kinds = list(CONTRACTS.values())
    grid, unknown = draft.blank(), 0
    for p in draft.of("payments"):
        y = draft.row[int(p.when)]  # type: ignore[arg-type]
        for i, contract in enumerate(draft.texts(p.frame, "contract")):
            if contract in kinds:
                grid[0, y, i] = kinds.index(contract)
            elif contract is not None:
                grid[0, y, i] = -1
                unknown += 1
    files = [f for p in draft.of("payments") for f in p.files]
    known = np.where(grid < 0, np.nan, grid)
    draft.fill_across_years(known)
    open_ = draft.facts["open_share"][0] > 0
    lent = int((np.isnan(grid[0]) & ~np.isnan(known[0]) & open_).sum())
    without = int(((np.isnan(grid[0]) & np.isnan(known[0])) & open_).sum())
    settled = np.where(np.isnan(grid), np.nan_to_num(known, nan=-1), grid)
    note = (
        f"{count(unknown, 'practice-year')} published as unknown: none of the three; {count(lent, 'practice-year')} "
        f"without a payments file take the nearest year's; {count(without, 'practice-year')} never published: none"
    )
    for i, name in enumerate(CONTRACTS):
        draft.put(name, (settled == i).astype(float), "published", files, note)
    if unknown:
        draft.warnings.append(
            f"contract type is UNKNOWN for {count(unknown, 'practice-year')}: they count as neither GMS, PMS nor APMS"
        )


def fill_kinds(draft: Draft) -> None:
    """Facts dispensing and rural, gaps taken from the practice's nearest year and then from its area."""
    for name in ("dispensing", "rural"):
        grid, files = draft.blank(), list[str]()
        for p in draft.of("payments"):
            if name in p.frame.columns:
                grid[0, draft.row[int(p.when)]] = draft.scatter(p.frame, name)  # type: ignore[arg-type]
                files += p.files
        if not files:
            continue
        open_ = draft.facts["open_share"][0] > 0
        gaps = np.isnan(grid[0]) & open_
        draft.fill_across_years(grid)
        still = np.isnan(grid[0]) & open_
        lent = int((gaps & ~still).sum())
        if name == "rural":
            draft.fill_from_areas(grid, "sub_board", "region")
            grid = np.where(np.isnan(grid), 0.0, np.round(grid))
            how = "what most of the sub-board's patients have"
        else:
            grid = np.nan_to_num(grid)
            how = "not dispensing"
        draft.put(
            name,
            grid,
            "published",
            files,
            f"{count(lent, 'practice-year')} from the nearest year; "
            f"{count(int(still.sum()), 'practice-year')} never published: {how}",
        )


def fill_changes(draft: Draft) -> None:
    """Facts contract_changed (0 or 1, since the last year known) and list_growth (a year, since the last year open)."""
    paid = draft.scratch["in_payments"]
    changed, growth = draft.blank(0.0), draft.blank()
    contract = sum((i + 1) * draft.facts[name][0] for i, name in enumerate(CONTRACTS))
    size = draft.facts["list_size"][0]
    last, when = np.zeros(draft.shape[1]), np.zeros(draft.shape[1])
    before = np.zeros(draft.shape[1])
    for y, year in enumerate(draft.years):
        now = np.where(paid[y], contract[y], 0.0)
        changed[0, y] = (now > 0) & (before > 0) & (now != before)
        before = np.where(now > 0, now, before)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth[0, y] = np.where(
                (size[y] > 0) & (last > 0), (size[y] / last) ** (1 / np.maximum(year - when, 1)) - 1, np.nan
            )
        last, when = np.where(size[y] > 0, size[y], last), np.where(size[y] > 0, year, when)
    files = [f for p in draft.of("payments") for f in p.files]
    draft.put(
        "contract_changed", changed, "derived", files, "against the last year in which the contract was published"
    )
    draft.put(
        "list_growth",
        growth,
        "derived",
        draft.files_of("list_size"),
        "a year, since the last year with a list; over gaps the yearly rate",
    )
