"""England: the facts of every practice over a span of years, with where each came from.

Shapes: a fact is float64 and broadcasts to (draw, year, practice); a banded fact has its band axis in front of those.
A practice keeps one column for all years; in a year in which it was not open its `open_share` and lists are 0.
NaN means 'not published for this practice and year'; a fact nobody gave at all is absent from `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..engine.areas import Areas
from ..engine.errors import InputError, MissingFact, nearest
from ..engine.years import span_name, year_name

Array = npt.NDArray[np.float64]
HERE = Path(__file__).parent

#: Sex and age bands of the Carr-Hill formula, in the order of every banded list.
CARR_HILL_BANDS = tuple(
    f"{sex}_{band}" for sex in ("male", "female") for band in ("0_4", "5_14", "15_44", "45_64", "65_74", "75_84", "85+")
)


@dataclass(frozen=True)
class Provenance:
    """Where a fact came from: how it was made, from what files, and a caveat a reader should know."""

    status: str  # published | derived | extract (a third party's, grade C) | inferred | modelled | synthetic
    files: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What an assembly of England used, lacked and could not read; each entry is one readable sentence."""

    used: tuple[str, ...] = ()
    lacked: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class England:
    """Every practice's facts for some years.

    years: starting years of financial years, ascending.  codes: ODS codes, one per practice (last axis).
    facts: name -> array.  areas: 'network', 'sub_board', 'board', 'region' -> dated Areas.
    labels: 'name', 'postcode', ... -> strings, one per practice (last known).
    """

    title: str
    years: tuple[int, ...]
    codes: tuple[str, ...]
    facts: Mapping[str, Array]
    areas: Mapping[str, Areas]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    report: Report = Report()
    is_synthetic: bool = False

    def __repr__(self) -> str:
        return f"England({self.title!r}, {span_name(self.years)}, {len(self.codes):,} practices)"

    @property
    def available(self) -> frozenset[str]:
        """Names of the facts and the kinds of area that this England holds."""
        return frozenset(self.facts) | frozenset(self.areas)

    @property
    def open(self) -> npt.NDArray[np.bool_]:
        """Which practices were open, or still paid, in each year: (year, practice)."""
        share = self.fact("open_share")[0]
        paid = ~np.isnan(self.facts["published_total"][0]) if "published_total" in self.facts else False
        return np.broadcast_to((share > 0) | paid, (len(self.years), len(self.codes)))

    def fact(self, name: str) -> Array:
        """The array of one fact, or an error that says which publication would give it."""
        if name in self.facts:
            return self.facts[name]
        known = catalogue()
        if name in known:
            raise MissingFact(
                f"this England ({self.title}) does not hold '{name}' ({known[name]['title'].lower()})",
                expected=f"one of these publications in the folder: {', '.join(known[name]['from'])}",
                hint="see `gpcontract england catalogue` for what each is called and where it is published",
            )
        raise MissingFact(f"there is no fact called '{name}'", hint=nearest(name, [*known, *self.facts]))

    def practice(self, code: str) -> int:
        """Position of a practice by ODS code."""
        try:
            return self.codes.index(code.strip().upper())
        except ValueError:
            raise InputError(
                f"no practice {code} in this England ({self.title})", hint=nearest(code.upper(), self.codes)
            ) from None

    def year(self, year: int) -> int:
        """Position of a year on the year axis."""
        if year not in self.years:
            raise InputError(f"this England has no {year_name(year)}", expected=f"a year in {span_name(self.years)}")
        return self.years.index(year)

    def between(self, years: tuple[int, ...]) -> England:
        """The same England for some of its years (views, not copies)."""
        at = [self.year(y) for y in years]
        take: Any = slice(at[0], at[-1] + 1) if at == list(range(at[0], at[-1] + 1)) else at

        def cut(a: Array) -> Array:
            return a if a.shape[-2] == 1 else a[..., take, :]

        return England(
            self.title,
            tuple(years),
            self.codes,
            {k: cut(a) for k, a in self.facts.items()},
            {k: a.between(take) for k, a in self.areas.items()},
            self.labels,
            self.provenance,
            self.report,
            self.is_synthetic,
        )

    @classmethod
    def synthetic(cls, seed: int = 1, years: tuple[int, ...] | None = None) -> England:
        """An England made from published facts and a seed: about 6,300 practices that do not exist."""
        from .synthetic import make

        return make(seed) if years is None else make(seed, years)

    @classmethod
    def official(cls, folder: str | Path, years: tuple[int, ...] | None = None, *, cache: bool = True) -> England:
        """England from a folder of official files exactly as published (see docs/publications.md)."""
        from .official import build

        return build(Path(folder), years, cache=cache)


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """What an England can hold: facts.yaml, with one published_<line> fact for each line in lines.yaml."""
    import yaml

    known: dict[str, dict[str, Any]] = yaml.load((HERE / "facts.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    for name, line in lines().items():
        known[f"published_{name}"] = {
            "title": f"{line['title']} as published",
            "unit": "GBP per year",
            "from": ["payments"],
        }
    return known


@cache
def lines() -> dict[str, dict[str, Any]]:
    """The kinds of payment that NHS Payments to General Practice publishes (lines.yaml)."""
    import yaml

    found: dict[str, dict[str, Any]] = yaml.load((HERE / "lines.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found
