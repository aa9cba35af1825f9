"""Where practices are: network, sub-board, board and region by year, London, and latitude and longitude."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import numpy as np

from ...engine.areas import Areas
from ..facts import Array
from .assemble import Draft, count, day_of, middle, year_in

NO_NETWORK = {"U", "UNALLOCATED", "UNKNOWN OR NO PCN", "UNKNOWN", ""}
FIRST_NETWORKS = 2019  # networks began in July 2019
FIRST_BOARDS = 2022  # integrated care boards replaced clinical commissioning groups in July 2022
GREATER_LONDON = "E09"  # local authorities of Greater London

#: What each kind of publication can say of areas: kind -> area kinds it holds.
TELLS = {
    "payments": ("network", "sub_board", "region"),
    "registrations_map": ("network", "sub_board", "board", "region"),
    "qof_geography": ("network", "sub_board", "board", "region"),
    "weighted_population": ("sub_board", "board", "region"),
}


def fill_areas(draft: Draft) -> None:
    """Dated areas: each year takes its own publications first (payments, then maps), then each practice's nearest year."""
    for kind in ("network", "sub_board", "region"):
        draft.areas[kind], filled = _areas_of(draft, kind, FIRST_NETWORKS if kind == "network" else 0)
        if filled:
            draft.scratch[f"{kind}_lent"] = filled
    draft.areas["board"] = _boards(draft)


def _clean(code: str | None, kind: str) -> str | None:
    if code is None or not code.strip():
        return None
    code = code.strip().upper()
    return None if kind == "network" and code in NO_NETWORK else code


def _sources(draft: Draft, kind: str, year: int) -> list:
    """Publications of one year that tell of a kind of area: payments first, then those nearest the year's middle."""
    found = [
        p
        for p in draft.of(*(k for k, tells in TELLS.items() if kind in tells))
        if p.when is not None
        and year_in(p.when) == year
        and f"{kind}_code" in p.frame.columns
        and p.frame[f"{kind}_code"].count()
    ]
    return sorted(found, key=lambda p: (p.kind != "payments", abs((day_of(p.when) - middle(year)).days)))


def _areas_of(draft: Draft, kind: str, first_year: int) -> tuple[Areas, int]:
    """One kind of area as published by year, gaps lent from the practice's nearest year; and how many were lent."""
    import polars as pl

    names: dict[str, tuple[date, str]] = {}
    order: dict[str, int] = {}
    grid = draft.blank(np.nan)
    for y, year in enumerate(draft.years):
        if year < first_year:
            continue
        for p in _sources(draft, kind, year):
            column = p.frame[f"{kind}_code"]
            known = {c: _clean(c, kind) for c in column.unique()}
            day = day_of(p.when)
            if f"{kind}_name" in p.frame.columns:
                told: Counter[tuple[str, str]] = Counter()
                for (code, label), n in Counter(
                    zip(column.to_list(), p.frame[f"{kind}_name"].to_list(), strict=True)
                ).items():
                    if (area := known[code]) and label:
                        told[area, label.strip()] += n
                by_count = sorted(told.items(), key=lambda t: (t[1], t[0]))  # the name most often given is last
                for (area, label), _ in by_count:
                    if day >= names.get(area, (date.min, ""))[0]:
                        names[area] = (day, label)
            # -1 is a practice said to be in no network; NaN is one of which nothing is said
            none = -1.0 if kind == "network" else np.nan
            number = {c: float(order.setdefault(area, len(order))) if area else none for c, area in known.items()}
            said = np.full(draft.shape[1], np.nan)
            at = draft.at(p.frame["practice"])
            numbers = column.replace_strict(list(number), list(number.values()), return_dtype=pl.Float64).to_numpy()
            said[at[at >= 0]] = numbers[at >= 0]
            grid[0, y] = np.where(np.isnan(grid[0, y]), said, grid[0, y])
    filled = draft.fill_across_years(grid, first_year)
    return _areas(kind, order, names, grid), filled


def _areas(kind: str, order: dict[str, int], names: dict[str, tuple[date, str]], grid: Array) -> Areas:
    """Areas in order of code, whatever order the files had them in."""
    codes = sorted(order)
    rank = np.full(len(order) + 1, -1, np.int32)  # the last is no area
    rank[[order[c] for c in codes]] = np.arange(len(codes))
    index = rank[np.nan_to_num(grid[0], nan=-1).astype(np.int32)]
    return Areas(kind, tuple(codes), tuple(names.get(c, (None, c))[1] for c in codes), index)


def _boards(draft: Draft) -> Areas:
    """Boards by year: named on the year's own map, else through the sub-board, else the practice's nearest year.

    Before July 2022 a practice is put in the board that took over its commissioning group, so that years compare.
    """
    lookup: dict[str, str] = {}
    names: dict[str, tuple[date, str]] = {}
    for p in draft.of("areas_lookup"):
        for sub, board, name in p.frame.select("sub_board_code", "board_code", "board_name").iter_rows():
            if sub and board:
                lookup[sub.upper()] = board.upper()
                names[board.upper()] = (date(FIRST_BOARDS, 7, 1), name)
    pairs: list[tuple[date, dict[str, str]]] = []
    for p in draft.of("registrations_map", "qof_geography"):
        if not {"board_code", "sub_board_code"} <= set(p.frame.columns):
            continue
        columns = ["sub_board_code", "board_code", *(["board_name"] if "board_name" in p.frame.columns else [])]
        here, named, astray = dict[str, str](), dict[str, str](), 0
        counted = p.frame.drop_nulls(columns[:2]).group_by(columns, maintain_order=True).len()
        most = counted.sort("len", *columns, descending=[True, *(False for _ in columns)], nulls_last=True)
        for sub, board, *name, practices in most.iter_rows():
            if here.setdefault(sub.upper(), board.upper()) != board.upper():
                astray += practices
            elif name and name[0]:
                named.setdefault(board.upper(), name[0])
        for board, text in named.items():
            if day_of(p.when) >= names.get(board, (date.min, ""))[0]:
                names[board] = (day_of(p.when), text)
        pairs.append((day_of(p.when), here))
        if astray:
            draft.warnings.append(
                f"{p.files[0]}: {count(astray, 'practice')} in another board than most of their sub-board: put with the most"
            )
    order: dict[str, int] = {}
    grid, subs = draft.blank(np.nan), draft.areas["sub_board"]
    for y, year in enumerate(draft.years):
        maps = sorted(pairs, key=lambda t: abs((t[0] - middle(year)).days))
        known = [m for _, m in maps]
        known.insert(0 if year < FIRST_BOARDS else len(known), lookup)
        board_of = {}
        for code in {subs.codes[i] for i in np.unique(subs.index[y]) if i >= 0}:
            board_of[code] = next((m[code] for m in known if code in m), None)
        table = np.array(
            [order.setdefault(b, len(order)) if (b := board_of.get(c)) else np.nan for c in subs.codes] + [np.nan]
        )
        grid[0, y] = table[subs.index[y]]
    without = draft.facts["open_share"][0] > 0
    draft.fill_across_years(grid)
    lost = int((np.isnan(grid[0]) & without).any(0).sum())
    if lost:
        draft.warnings.append(
            f"{count(lost, 'practice')} could not be put in a board: their sub-boards are on no map or look-up"
        )
    return _areas("board", order, names, grid)


def fill_london(draft: Draft) -> None:
    """Facts in_london (the practice's region) and london_resident_share (where its patients live)."""
    region = draft.areas["region"]
    london = np.array([("LONDON" in name.upper()) for name in region.names] + [False])
    inside = london[region.index].astype(float)[None]
    draft.put(
        "in_london",
        inside,
        "published",
        [f for p in draft.of("payments", "registrations_map") for f in p.files],
        "the practice's NHS England region is London",
    )
    shares, files = _resident_shares(draft)
    if not shares:
        draft.put(
            "london_resident_share",
            inside.copy(),
            "inferred",
            (),
            "no file of patients by LSOA: 1 for practices in the London region, else 0",
        )
        return
    grid = draft.blank(np.nan)
    for y, year in enumerate(draft.years):
        for _, share in sorted(shares, key=lambda t: abs((t[0] - middle(year)).days)):
            grid[0, y] = np.where(np.isnan(grid[0, y]), share, grid[0, y])
    lent = int((np.isnan(grid[0]) & (draft.facts["open_share"][0] > 0)).any(0).sum())
    grid = np.where(np.isnan(grid), inside, grid)
    draft.put(
        "london_resident_share",
        grid,
        "derived",
        files,
        f"from the nearest date's patients by LSOA; {count(lent, 'practice')} on none of those files: "
        "1 if in the London region, else 0",
    )


def _resident_shares(draft: Draft) -> tuple[list[tuple[date, Array]], list[str]]:
    """Share of each practice's located patients who live in Greater London, by date."""
    import polars as pl

    looked = draft.of("lsoa_lookup")
    if not looked:
        if draft.of("registrations_lsoa"):
            draft.lacked.append(
                "london_resident_share: patients by LSOA are here, but no look-up of LSOA to local authority"
            )
        return [], []
    parts = [p.frame.select(lsoa=c, area="local_authority_code") for p in looked for c in ("lsoa_2011", "lsoa_2021")]
    lookup = pl.concat(parts).drop_nulls().unique("lsoa", keep="first", maintain_order=True)
    lookup = lookup.select("lsoa", inside=pl.col("area").str.starts_with(GREATER_LONDON).cast(pl.Float64))
    found, files = [], [f for p in looked for f in p.files]
    for p in draft.of("registrations_lsoa"):
        joined = (
            p.frame.join(lookup, on="lsoa", how="inner")
            .group_by("practice", maintain_order=True)
            .agg(share=(pl.col("patients") * pl.col("inside")).sum() / pl.col("patients").sum())
        )
        found.append((day_of(p.when), draft.scatter(joined, "share")))
        files += p.files
    return found, files


def fill_places(draft: Draft) -> None:
    """Facts latitude and longitude, and labels name, postcode and town (the latest known)."""
    for name in ("latitude", "longitude"):
        grid, files = draft.blank(), list[str]()
        for p in reversed(draft.of("weighted_population")):
            if name in p.frame.columns:
                at = draft.scatter(p.frame, name)
                grid[0] = np.where(np.isnan(grid[0]), at, grid[0])
                files += p.files
        if files:
            draft.put(name, grid, "published", files, "the latest published, used for every year")
    ever: dict[str, set[int]] = defaultdict(set)  # practices at each postcode in any year
    draft.scratch["at_postcode"] = ever
    for label in ("name", "postcode"):
        latest: list[str] = [""] * draft.shape[1]
        for p in (*draft.of("ods_practices"), *draft.of("registrations_map", "payments")):
            for i, text in enumerate(draft.texts(p.frame, label)):
                if text:
                    latest[i] = " ".join(text.split())
                    if label == "postcode":
                        ever[text.replace(" ", "").upper()].add(i)
        draft.labels[label] = tuple(latest)
    towns: list[str] = [""] * draft.shape[1]
    for p in draft.of("ods_practices"):
        for i, text in enumerate(draft.texts(p.frame, "town")):
            towns[i] = " ".join(text.split()) if text else towns[i]
    draft.labels["town"] = tuple(towns)
