"""Search: practices and areas by name, code, postcode or place, with the mistakes that people make in typing."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..england.facts import England
from .listed import IDLE, Entry, Listed, listed, plain, telling

ALIKE = 0.69  # share of letters that stay: two words less like each other than this are other words
BEGUN = 0.88  # the same where it counts most how they begin: Meadowhead is like Meadowgreen
NAMED = 0.8  # the same for a place that is all that is shown
SURE = 0.9  # how near a word is that begins as it was typed
FIRST = 0.8  # how near at most a word is that is another but begins with the same letter
CLOSE = 0.75  # names less like each other than this are not near at all
LEAST = 0.45  # of what a name that holds every word would score
RAREST = 6.0  # what a word counts that no name holds
OWN = 0.3  # what is added where a word is of a name itself, not of a town or network
FAINT = 0.1  # what a word adds that decides nothing
MOST_WORDS = 8
POSTCODE = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?)([0-9][a-z]{2})")
PART_OF_ONE = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?([0-9][a-z]{0,2})?")
PART_OF_A_CODE = re.compile(r"[a-z][0-9]{2,6}")
#: "Stockton" is Stockton-on-Tees, and "Newcastle" two towns: what stands before such a word is a town's short name.
JOINING = {"on", "upon", "in", "le", "under", "by", "next", "super", "de", "cum", "over"}


@dataclass(frozen=True)
class Found:
    """All that a search gave, in order. lead: what is to be said first, where nothing fits all that was asked for.
    order: the order, in words.  elsewhere: words that nothing in the place named is called, but something in another."""

    entries: Sequence[Entry] = ()
    lead: str = ""
    order: str = ""
    elsewhere: str = ""


@dataclass(frozen=True)
class Place:
    """A town, a board, a network or a part of a postcode: how it is written, and the practices there."""

    said: str
    inside: frozenset[int]


class Asked(NamedTuple):
    """A query. words: those that decide.  hits: for each of them the entries that hold it or one like it, with how near it is."""

    text: str
    words: tuple[str, ...]
    idle: list[str]
    hits: list[dict[int, float]]

    def holding_all(self, least: float = 0.0, words: Collection[str] = ()) -> set[int]:
        """The entries that hold every word, or every one of some words, or words at least so near."""
        hits = [h for w, h in zip(self.words, self.hits, strict=True) if w in (words or self.words)]
        return set.intersection(*({i for i, x in h.items() if x >= least} for h in hits))


class Index:
    """Every practice and area that any year has, ready to be searched."""

    def __init__(self, england: England, year: int) -> None:
        made = list(listed(england, year))
        self.entries = [m.entry for m in made]
        #: which comes first of two that are as likely: what is there now, areas, shorter names, larger lists
        self.rank = _ranks((m.entry.year is not None, m.entry.kind == "practice", len(plain(m.entry.name).split()), -m.size) for m in made)  # fmt: skip
        self.letters = _ranks((e.year is not None, plain(e.name), e.code) for e in self.entries)  # from A to Z
        self.by_code = {e.code.lower(): i for i, e in enumerate(self.entries)}
        self.names = [frozenset(plain(e.name).split()) for e in self.entries]
        self.called = _grouped((" ".join(telling(e.name)), i) for i, e in enumerate(self.entries))
        self.holding = _grouped((w, i) for i, m in enumerate(made) for w in dict.fromkeys(m.text.split()))
        self.words = sorted(self.holding)
        self.rarity = {w: math.log(1 + len(made) / len(held)) for w, held in self.holding.items()}
        self.codes = sorted(self.by_code)
        self.postcodes = _grouped(sorted((m.postcode, i) for i, m in enumerate(made) if m.postcode))
        self.sorted_postcodes = list(self.postcodes)
        self.districts = _grouped((code[:-3], i) for code, held in self.postcodes.items() for i in held)
        self.places = self._known_places(made)
        self.near = lru_cache(maxsize=2_000)(self._near)

    def find(self, text: str, most: int = 20) -> list[Entry]:
        """The first of what is meant."""
        return list(self.look(text).entries[:most])

    def coded(self, text: str) -> Entry | None:
        """What has just this code, if anything has."""
        joined = plain(text[:100]).replace(" ", "")
        at = self.by_code.get(joined)
        return None if at is None or joined in self.districts else self.entries[at]

    def look(self, text: str) -> Found:
        """What is meant: what a code or postcode fits; or names that hold every word; or a place, and the names there
        that are nearest to the other words; or names that hold some of the words, or nearly."""
        text = " ".join(text[:100].split())
        written = plain(text).split()
        found = self._by_code(written)
        if found or not written:
            return found or Found()
        written = written[:MOST_WORDS]
        if codes := [self.by_code[w] for w in written if w in self.by_code]:
            return self._given(("", codes))
        words = telling(" ".join(written))
        if not words:
            return self._by_idle(written)
        asked = Asked(text, words, [w for w in written if w in IDLE], [self._hits(w) for w in words])
        place, rest = self._place_in(words, {plain(w) for w in text.split() if w.isupper()})
        if place is None:
            return self._likely(asked)
        sure = asked.holding_all(SURE)
        if not rest:
            return self._there(place, asked, self._ranked(sure, asked))
        sure |= place.inside & asked.holding_all(SURE, rest)
        return (
            self._given(("most likely first", self._ranked(sure, asked))) if sure else self._nearest(place, rest, asked)
        )

    # -- by code and postcode --------------------------------------------------------------------------------------

    def _by_code(self, words: list[str]) -> Found | None:
        """What has a code or a postcode, or one that begins so; a postcode that nobody has finds its district, or its area."""
        joined = "".join(words)
        exact = [self.by_code[joined]] if joined in self.by_code else []
        like = PART_OF_ONE.fullmatch(joined)
        just, begins = self._by_postcode(words) if like else ([], [])
        if len(words) == 1 and PART_OF_A_CODE.fullmatch(joined):
            begins += [self.by_code[code] for code in _beginning(self.codes, joined)]
        if exact or just or begins:
            at = self._open_first(" ".join(words).upper(), just)
            return self._given(("", exact), *at, ("codes and postcodes that begin so", begins))
        return self._around(words) if like else None

    def _by_postcode(self, words: list[str]) -> tuple[list[int], list[int]]:
        """The practices at just this postcode or in just this district, and those whose postcode begins so."""
        joined = "".join(words)
        just, begins = [], []
        for code in _beginning(self.sorted_postcodes, joined):
            held, outward = self.postcodes[code], code[:-3]
            if len(words) > 1:
                just += held if outward == words[0] else []
            elif joined in (code, outward, re.sub("[a-z]$", "", outward)):  # SW1 is SW1A and SW1P before SW11
                just += held
            else:
                begins += held
        return just, sorted(begins, key=self.letters.__getitem__)

    def _around(self, words: list[str]) -> Found | None:
        """What is in the district of a postcode that nobody has, the nearest first; or else what is in its area."""
        joined = "".join(words)
        full = POSTCODE.fullmatch(joined)
        outward = full[1] if full else words[0]
        for shown, held in ((outward, self.districts.get(outward)), (_letters(outward), self._area(_letters(outward)))):
            if held:
                typed = f"{outward} {joined[len(outward) :]}".strip().upper()
                close = {i for code in _beginning(self.sorted_postcodes, joined[:-2]) for i in self.postcodes[code]}
                near = sorted(held, key=lambda i: (self.entries[i].year is not None, i not in close, self.letters[i]))
                lead = f"No practice is at “{typed}”; here is what is in {shown.upper()}."
                return Found([self.entries[i] for i in near], lead)
        return None

    def _area(self, letters: str) -> list[int]:
        """The practices of a postcode area: of all districts that are these letters and a number."""
        return [i for district, held in self.districts.items() if _letters(district) == letters for i in held]

    # -- by place --------------------------------------------------------------------------------------------------

    def _known_places(self, made: Sequence[Listed]) -> dict[str, Place]:
        """Towns, their short names, networks and boards, each by the words of it that decide; of two alike the larger. A name that
        more practices elsewhere have in theirs than there are in the place is no place."""
        known = _named_places((m.town, i) for i, m in enumerate(made))
        short = _named_places((_short(m.town), i) for i, m in enumerate(made))
        areas = _named_places((name, i) for i, m in enumerate(made) for name in m.inside)
        for key, place in (*short.items(), *areas.items()):
            own = known.get(key)
            if own is None or len(own.inside) < len(place.inside):
                known[key] = place if own is None else Place(place.said, place.inside | own.inside)
        named = _grouped((w, i) for i, e in enumerate(self.entries) if e.kind == "practice" for w in self.names[i])

        def is_one(key: str, place: Place) -> bool:
            called = set.intersection(*(set(named.get(w, ())) for w in key.split()))
            return len(place.inside) >= len(called - place.inside)

        return {k: p for k, p in known.items() if is_one(k, p)}

    def _place_in(self, words: Sequence[str], capitals: set[str]) -> tuple[Place | None, list[str]]:
        """The place that is named among some words, the longest name and the last first, and the words that are left."""
        found: Place | None = None
        left = list(words)
        for size in range(min(len(words), 5), 0, -1):
            for at in range(len(left) - size, -1, -1):
                span = left[at : at + size]
                place = None if "" in span else self._place(span, capitals)
                both = place if place is None or found is None else _both(place, found)
                if both:
                    found, left[at : at + size] = both, [""] * size
        return found, [w for w in left if w]

    def _place(self, span: list[str], capitals: set[str]) -> Place | None:
        """The place that some words name, or nearly; or a postcode, or a part of one. An area, such as TS, is in capitals."""
        key, joined = " ".join(span), "".join(span)
        full = POSTCODE.fullmatch(joined)
        outward = full[1] if full else joined
        for name in (key, joined):  # Newcastle is New Castle too
            if name in self.places:
                return self.places[name]
        if joined in self.postcodes:
            return Place(f"{joined[:-3]} {joined[-3:]}".upper(), frozenset(self.postcodes[joined]))
        if outward in self.districts:
            return Place(outward.upper(), frozenset(self.districts[outward]))
        if key in capitals and key not in self.holding and (held := self._area(key)):
            return Place(key.upper(), frozenset(held))
        return self._misspelt(span)

    def _misspelt(self, span: list[str]) -> Place | None:
        """The place that some words are nearest to; none where another name is as near."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = [self.near(w) if len(w) > 3 else {w: 1.0} for w in span]
        if len(span) == 1:
            most = max(near[0].values(), default=0.0)
            best = [w for w, x in near[0].items() if x == most >= FIRST * NAMED]
            return self.places.get(best[0]) if len(best) == 1 else None
        if len(span) > 3 or len({max(n.values(), default=0.0) >= SURE for n in near}) == 1:  # all known, or none
            return None
        like = process.extractOne(
            " ".join(span), self.places.keys(), scorer=OSA.normalized_similarity, score_cutoff=NAMED
        )
        return self.places[like[0]] if like else None

    def _there(self, place: Place, asked: Asked, named: list[int]) -> Found:
        """Where a place is all that was asked for: what is called just that, what is there from A to Z, then others of that name."""
        areas = [i for i in named if self.entries[i].kind != "practice"]
        just = [i for i in self.called.get(" ".join(asked.words), ()) if self.entries[i].year is None]
        just = [i for i in just if i in areas or (asked.idle and self.names[i].issuperset(asked.idle))]
        there = self._open_first(place.said, {*place.inside, *areas}.difference(just))
        return self._given(("", sorted(just, key=self.rank.__getitem__)), *there, ("others of that name", named))

    def _open_first(self, said: str, held: Collection[int]) -> Iterator[tuple[str, list[int]]]:
        """What is in a place from A to Z, and then what only other years have there."""
        held = sorted(held, key=self.letters.__getitem__)
        yield f"{said} from A to Z", [i for i in held if self.entries[i].year is None]
        yield "those that are not there now", [i for i in held if self.entries[i].year is not None]

    def _nearest(self, place: Place, rest: list[str], asked: Asked) -> Found:
        """What is in a place where nothing is called by the other words: the nearest names first."""
        like = self._likeness(rest)
        most = max(self._weight(w) for w in rest)
        near = {i: round(sum(max(x.get(w, 0.0) for w in self.names[i] or ("",)) for x in like) / most, 1) for i in place.inside}  # fmt: skip
        there = sorted(place.inside, key=lambda i: (-near[i], self.letters[i]))
        found = [*self._ranked(asked.holding_all() - place.inside, asked), *there]
        typed = {plain(w): w.strip(".,;:") for w in asked.text.split()}
        said = " ".join(typed.get(w, w) for w in rest)
        lead = f"Nothing in {place.said} is called “{said}”; the nearest names there come first."
        others = asked.holding_all(0.0, rest) - set(found)
        return Found([self.entries[i] for i in found], lead, elsewhere=said if others else "")

    def _likeness(self, words: list[str]) -> list[dict[str, float]]:
        """For each of some words, the words of names that are like it, most of all in how they begin; how like they are
        counts as much as the word does."""
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        made = process.cdist(words, self.words, scorer=JaroWinkler.similarity, score_cutoff=CLOSE)
        made *= np.array([[self._weight(w)] for w in words])
        return [{w: float(x[n]) for n in np.flatnonzero(x) if (w := self.words[n]) not in IDLE} for x in made]

    # -- by name ---------------------------------------------------------------------------------------------------

    def _likely(self, asked: Asked) -> Found:
        """What holds the words, or words like them; where nothing holds them all and one is known, what holds most of them."""
        full = sum(self._weight(w) for w in asked.words)
        score = self._score(asked)
        held = {i for i, x in score.items() if x >= LEAST * full}
        if held & asked.holding_all(SURE):
            return self._given(("most likely first", self._ranked(held, asked)))
        if any(x >= SURE for hit in asked.hits for x in hit.values()):
            most = max(score.values())
            held = {i for i, x in score.items() if x >= 0.4 * most}
        found = [self.entries[i] for i in self._ranked(held, asked)]
        lead = (
            f"Nothing is called “{asked.text}”; the nearest names come first. A town beside the name finds it sooner."
        )
        return Found(found, lead if found else "")

    def _by_idle(self, words: list[str]) -> Found:
        """What holds words that decide nothing, where there are no others: only as they are written."""
        held = [i for i, name in enumerate(self.names) if name.issuperset(words)]
        return self._given(("most likely first", sorted(held, key=self.rank.__getitem__)))

    def _given(self, *groups: tuple[str, list[int]]) -> Found:
        """Groups of entries one after the other, with their order in words."""
        seen: dict[int, None] = {}
        said = []
        for name, held in groups:
            before = len(seen)
            seen |= dict.fromkeys(held)
            said += [name] if name and len(seen) > before else []
        return Found([self.entries[i] for i in seen], order=", then ".join(said) if len(seen) > 1 else "")

    def _ranked(self, held: Collection[int], asked: Asked) -> list[int]:
        """Entries by the words that they hold, rare ones most; words that decide nothing tell only those apart that are alike."""
        score = self._score(asked)
        like = [frozenset(self.near(w)) for w in asked.words]

        def full(i: int) -> float:
            own = sum(not self.names[i].isdisjoint(words) for words in like)
            return round(score[i] + OWN * own + FAINT * sum(w in self.names[i] for w in asked.idle), 3)

        return sorted(held, key=lambda i: (-full(i), self.rank[i]))

    def _score(self, asked: Asked) -> dict[int, float]:
        score: dict[int, float] = {}
        for word, hit in zip(asked.words, asked.hits, strict=True):
            weight = self._weight(word)
            for i, near in hit.items():
                score[i] = score.get(i, 0.0) + near * weight
        return score

    def _weight(self, word: str) -> float:
        return self.rarity.get(word, RAREST)

    def _hits(self, word: str) -> dict[int, float]:
        """The entries that hold a word or one like it, with how near it is."""
        best: dict[int, float] = {}
        for like, near in sorted(self.near(word).items(), key=lambda x: x[1]):
            best |= dict.fromkeys(self.holding[like], near)
        return best

    def _near(self, word: str) -> dict[str, float]:
        """The words of names that are a word or begin with it; if there are none, those like it. Each with how near it is, up to 1."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA, JaroWinkler

        if len(word) < 2:
            return {word: 1.0} if word in self.holding else {}
        found = {w: 1.0 if w == word else SURE for w in _beginning(self.words, word)}
        if found or len(word) < 4:
            return found
        cut = ALIKE if len(word) > 5 else ALIKE + 0.05
        like = process.extract(word, self.words, scorer=OSA.normalized_similarity, limit=30, score_cutoff=cut)
        begun = process.extract(word, self.words, scorer=JaroWinkler.similarity, limit=30, score_cutoff=BEGUN)
        return {w: 0.55 * x for w, x, _ in begun} | {w: (FIRST if w[0] == word[0] else 0.7) * x for w, x, _ in like}


def _beginning(words: Sequence[str], start: str) -> Sequence[str]:
    """Those of some words in order that begin so.

    >>> _beginning(["a", "mead", "meadow", "mill"], "me")
    ['mead', 'meadow']
    """
    return words[bisect_left(words, start) : bisect_left(words, start + "~")]


def _ranks(keys: Iterable[Any]) -> list[int]:
    """For each of some keys, how many come before it in order."""
    held = list(keys)
    made = [0] * len(held)
    for n, i in enumerate(sorted(range(len(held)), key=held.__getitem__)):
        made[i] = n
    return made


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    made: dict[str, list[int]] = {}
    for key, i in pairs:
        made.setdefault(key, []).append(i)
    return made


def _named_places(pairs: Iterable[tuple[str, int]]) -> dict[str, Place]:
    """Places by the words of their names that decide, of names with what lies there."""
    said: dict[str, str] = {}
    inside: dict[str, set[int]] = {}
    for name, i in pairs:
        key = " ".join(telling(name))
        said.setdefault(key, name)
        inside.setdefault(key, set()).add(i)
    return {k: Place(said[k], frozenset(held)) for k, held in inside.items() if k}


def _short(town: str) -> str:
    """A town's name before 'on', 'upon' and the like; nothing where there is no such word.

    >>> _short("Stockton-on-Tees"), _short("Leeds")
    ('Stockton', '')
    """
    words = plain(town).split()
    cut = next((n for n, w in enumerate(words) if n and w in JOINING), 0)
    return " ".join(words[:cut]).title()


def _both(one: Place, other: Place) -> Place | None:
    """Where two places overlap, if they do."""
    inside = one.inside & other.inside
    return Place(f"{other.said}, {one.said}", inside) if inside else None


def _letters(district: str) -> str:
    """The letters that a postcode begins with."""
    return re.sub("[^a-z].*", "", district)
