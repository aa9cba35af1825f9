"""A contract from its YAML: every mistake is found, and each says its line, what was expected and a hint."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import chapters as chapter_room
from ..engine.edits import Edit, Reform, edit_from
from ..engine.errors import GpContractError, InputError, LoadError, nearest
from ..engine.files import line_of, line_of_key, read_yaml
from ..engine.years import parse_year, year_name
from .contract import Contract
from .mechanisms import Mechanism, in_full

HERE = Path(__file__).parent
TEXTS = ("title", "about", "reading", "patients", "proposer", "published", "base")
KEYS = {*TEXTS, "years", "chapters", "edits", "mechanisms"}
MECHANISM_KEYS = {"title", "plain", "about", "ids", "switch", "edits", "from", "full_by", "until"}


def names() -> tuple[str, ...]:
    """The contracts that come with the package; the national one first."""
    found = sorted(p.stem for p in HERE.glob("*.yaml"))
    return tuple(sorted(found, key=lambda n: n != "national"))


def load(name: str | Path) -> Contract:
    """A contract by its name, or from a YAML file; the first mistake is raised, and says how many more there are."""
    made, found = _read(name)
    if len(found) > 1:
        first = found[0]
        more = f"`gpcontract contract check {name}` tells the other {len(found) - 1} too"
        hint = f"{first.hint}; {more}" if first.hint else more
        raise type(first)(first.problem, file=first.file, line=first.line, expected=first.expected, hint=hint)
    if found:
        raise found[0]
    assert made is not None
    return made


def mistakes(name: str | Path) -> tuple[GpContractError, ...]:
    """Every mistake that can be told in one reading of a contract; none where it loads."""
    return tuple(sorted(_read(name)[1], key=lambda e: (str(e.file), e.line or 0)))


def _read(name: str | Path, above: tuple[str, ...] = ()) -> tuple[Contract | None, list[GpContractError]]:
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = HERE / f"{name}.yaml"
        if str(name) not in names():
            raise InputError(
                f"there is no contract '{str(name)[:80]}'",
                expected=", ".join(names()),
                hint=nearest(str(name)[:80], names()) or "a file of your own ends in .yaml",
            )
    ours = path.parent == HERE
    shown = f"contracts/{path.name}" if ours else path.name
    body = read_yaml(path, shown if ours else str(path))
    reader = _Reader(path.stem, body, shown, (*above, str(path)))
    return reader.contract(), reader.found


class _Reader:
    """Reads one file, and keeps going after a mistake as far as it can."""

    def __init__(self, name: str, body: dict[Any, Any], file: str, above: tuple[str, ...]) -> None:
        self.name, self.body, self.file, self.above = name, body, file, above
        self.found: list[GpContractError] = []

    def say(self, problem: str, key: Any = None, **more: Any) -> None:
        """Note a mistake at the line of a key."""
        line = line_of(self.body) if key is None else line_of_key(self.body, key)
        self.found.append(LoadError(problem, file=self.file, line=more.pop("line", line), **more))

    def attempt(self, make: Callable[[], Any], line: int | None) -> Any:
        """What `make` gives; None if it fails, with its error noted at the line."""
        try:
            return make()
        except GpContractError as error:
            kind = type(error) if isinstance(error, LoadError) else LoadError
            self.found.append(
                error
                if error.file
                else kind(error.problem, file=self.file, line=line, expected=error.expected, hint=error.hint)
            )
            return None

    def contract(self) -> Contract | None:
        body = self.body
        self._keys()
        base = self._base()
        chapters = self._chapters(base)
        years = self._years(base)
        mechanisms = self._mechanisms()
        if not years or not chapters or not body.get("title"):
            return None
        loaded = [c for c in (self._chapter(n) for n in chapters) if c is not None]
        held: dict[str, str] = {}
        for c in loaded:
            for value in c.values:
                if held.setdefault(value, c.name) != c.name:
                    self.say(
                        f"the chapters '{held[value]}' and '{c.name}' both have a value '{value}'",
                        "chapters",
                        expected="one of them",
                    )
        bare = Contract(
            self.name,
            str(body["title"]),
            str(body.get("about") or "").strip(),
            str(body.get("proposer") or ""),
            years,
            tuple(c.name for c in loaded),
            tuple(r for c in loaded for r in c.rules),
            {k: v for c in loaded for k, v in c.values.items()},
            chapter_room.sources(),
            published=str(body.get("published") or ""),
            reading=str(body.get("reading") or "").strip(),
            patients=str(body.get("patients") or "").strip(),
        )
        if len(loaded) == len(chapters):
            self.attempt(bare.check, line_of(body))
        inherited = base.mechanisms if base else ()
        taken = {m.name for m in inherited}
        for m in mechanisms:
            if m.name in taken:
                self.say(f"the mechanism '{m.name}' is in the base already", "mechanisms", expected="another name")
        whole = tuple((*inherited, *mechanisms))
        plain = self._plain_edits()
        settled = self._with(bare, base.fixed.edits if base else (), lambda e: line_of_key(body, "base"))
        settled = self._with(settled, [e for e, _ in plain], lambda e: _line(plain, e))
        settled = replace(settled, fixed=settled.design)
        lines = {id(e): line for m in mechanisms for e, line in self._edit_lines(m)}
        for m in whole:
            if m.switch and m.switch not in settled.values:
                at = line_of_key(body.get("mechanisms") or {}, m.name)
                self.say(
                    f"the mechanism '{m.name}' has the switch '{m.switch}', which is no value of its chapters",
                    line=at,
                    hint=nearest(m.switch, settled.values),
                    expected="a value, 0 to 1, that the mechanism's rules multiply by",
                )
            elif not m.switch and not m.edits:
                at = line_of_key(body.get("mechanisms") or {}, m.name)
                self.say(
                    f"the mechanism '{m.name}' does nothing", line=at, expected="a switch or edits (or leave it out)"
                )
        made = self._with(settled, in_full(whole).edits, lambda e: lines.get(id(e)) or line_of_key(body, "mechanisms"))
        return replace(made, mechanisms=whole, root=settled)

    def _with(self, made: Contract, edits: Iterable[Edit], line: Callable[[Edit], int | None]) -> Contract:
        """The contract with edits of its own design, each mistake noted and left out."""
        for edit in edits:
            now = made
            more = self.attempt(lambda e=edit, c=now: c.designed(Reform.of(e)), line(edit))  # type: ignore[misc]
            made = made if more is None else more
        return made

    # -- the parts of the file -----------------------------------------------------------------------------------

    def _keys(self) -> None:
        body = self.body
        for key in body:
            if key not in KEYS and not str(key).startswith("__"):
                self.say(
                    f"a contract has no '{key}'", key, expected=", ".join(sorted(KEYS)), hint=nearest(str(key), KEYS)
                )
        needed = ("title",) if body.get("base") else ("title", "years", "chapters")
        for key in needed:
            if not body.get(key):
                self.say(f"the contract has no {key}", expected=f"{key}: ...")
        for key in TEXTS:
            if not isinstance(body.get(key) or "", str):
                self.say(f"the {key} is not text", key, expected=f"{key}: text")
        for key in ("chapters", "edits"):
            if not isinstance(body.get(key) or [], list):
                self.say(f"the {key} are not a list", key, expected=f"{key}: [...]")
        if not isinstance(body.get("mechanisms") or {}, dict):
            self.say("the mechanisms are not a mapping", "mechanisms", expected="mechanisms: {name: {title: ..., ...}}")

    def _base(self) -> Contract | None:
        given = self.body.get("base")
        if not given or not isinstance(given, str):
            return None
        at = line_of_key(self.body, "base")
        if len(self.above) > 8 or str(HERE / f"{given}.yaml") in self.above:
            self.say(f"the contract rests on itself, through '{given}'", "base", expected="another contract as base")
            return None
        read = self.attempt(lambda: _read(given, self.above), at)
        if read is None:
            return None
        made, found = read
        self.found += found
        return None if found else made

    def _chapters(self, base: Contract | None) -> list[str]:
        given = self.body.get("chapters") or []
        mine = given if isinstance(given, list) else []
        for odd in [c for c in mine if not isinstance(c, str)]:
            self.say(f"'{odd}' is not the name of a chapter", "chapters", expected="chapters: [name, ...]")
        mine = [c for c in mine if isinstance(c, str)]
        names = [*(base.chapters if base else ()), *mine]
        for twice in dict.fromkeys(c for c in mine if names.count(c) > 1):
            where = " (the base has it)" if base and twice in base.chapters else ""
            self.say(f"the chapter '{twice}' is given twice{where}", "chapters", expected="each once")
        return list(dict.fromkeys(names))

    def _chapter(self, name: str) -> chapter_room.Chapter | None:
        made: chapter_room.Chapter | None = self.attempt(
            lambda: chapter_room.load(name), line_of_key(self.body, "chapters")
        )
        return made

    def _years(self, base: Contract | None) -> tuple[int, ...]:
        given = self.body.get("years")
        if not given:
            return base.years if base else ()
        first, _, last = str(given).partition("-")
        at = line_of_key(self.body, "years")
        made = self.attempt(lambda: tuple(range(parse_year(first), parse_year(last or first) + 1)), at)
        if made == ():
            self.say(f"the years '{given}' run backwards", "years", expected="2004/05-2026/27")
        if made and base and not set(made) <= set(base.years):
            span = f"{year_name(base.years[0])}-{year_name(base.years[-1])}"
            self.say(f"the years '{given}' are not all among those of its base", "years", expected=f"within {span}")
        return made or ()

    def _plain_edits(self) -> list[tuple[Edit, int | None]]:
        given = self.body.get("edits") or []
        at = line_of_key(self.body, "edits")
        return self._edits(given if isinstance(given, list) else [], at)

    def _edits(self, listed: list[Any], at: int | None) -> list[tuple[Edit, int | None]]:
        made = []
        for item in listed:
            line = (line_of(item) if isinstance(item, dict) else None) or at
            edit = self.attempt(lambda i=item: edit_from(i), line)  # type: ignore[misc]
            if edit is not None:
                made.append((edit, line))
        return made

    def _mechanisms(self) -> list[Mechanism]:
        given = self.body.get("mechanisms") or {}
        if not isinstance(given, dict):
            return []
        self._lines: dict[str, list[tuple[Edit, int | None]]] = {}
        made = []
        for name, body in given.items():
            if str(name).startswith("__"):
                continue
            at = line_of_key(given, name)
            if not isinstance(body, dict):
                self.say(
                    f"the mechanism '{name}' is not a mapping", line=at, expected="title, ids, switch or edits, from"
                )
                continue
            one = self.attempt(lambda n=str(name), b=body, a=at: self._mechanism(n, b, a), at)  # type: ignore[misc]
            if one is not None:
                made.append(one)
        return made

    def _mechanism(self, name: str, body: dict[Any, Any], at: int | None) -> Mechanism:
        for key in body:
            if key not in MECHANISM_KEYS and not str(key).startswith("__"):
                self.say(
                    f"a mechanism has no '{key}'",
                    line=line_of_key(body, key),
                    expected=", ".join(sorted(MECHANISM_KEYS)),
                    hint=nearest(str(key), MECHANISM_KEYS),
                )
        if not body.get("title"):
            self.say(f"the mechanism '{name}' has no title", line=at, expected="title: ...")
        ids, listed = body.get("ids") or [], body.get("edits") or []
        for key, x in (("ids", ids), ("edits", listed)):
            if not isinstance(x, list):
                raise InputError(f"the {key} of the mechanism '{name}' are not a list", expected=f"{key}: [...]")
        edits = self._edits(listed, line_of_key(body, "edits"))
        for edit, line in edits:
            if getattr(edit, "years", None):
                self.say(
                    f"an edit of the mechanism '{name}' has years of its own",
                    line=line,
                    expected="the mechanism's from, full_by and until",
                )
        self._lines[name] = edits
        dates = [parse_year(str(body[k])) if body.get(k) else None for k in ("from", "full_by", "until")]
        first, full, last = dates
        if (full is not None or last is not None) and first is None:
            raise InputError(f"the mechanism '{name}' has an end and no start", expected="from: 2025/26")
        if first is not None and ((full or first) < first or (last is not None and last < (full or first))):
            raise InputError(
                f"the dates of the mechanism '{name}' run backwards", expected="from, full_by, until in order"
            )
        return Mechanism(
            name,
            str(body.get("title") or name),
            tuple(str(i) for i in ids),
            str(body.get("about") or "").strip(),
            None if body.get("switch") is None else str(body["switch"]),
            tuple(e for e, _ in edits),
            first,
            full,
            last,
            str(body.get("plain") or "").strip(),
        )

    def _edit_lines(self, m: Mechanism) -> list[tuple[Edit, int | None]]:
        return self._lines.get(m.name, [])


def _line(listed: list[tuple[Edit, int | None]], edit: Edit) -> int | None:
    """The line an edit was read from."""
    return next((line for e, line in listed if e is edit), None)
