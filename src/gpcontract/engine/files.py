"""YAML with line numbers: every mapping remembers the line it starts on, and a key given twice is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .errors import LoadError

LINE = "__line__"
LARGEST = 5_000_000  # bytes
DEEPEST = 40  # lists and mappings within each other
HARMLESS = 5_000  # levels that the composer can take
MOST = 200_000  # entries, once every alias is written out


class _Loader(yaml.CSafeLoader):
    file: str | Path = "text"


class _Mapping(dict[Any, Any]):
    """A mapping that also knows the line of each of its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    made = _Mapping()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (list, dict)):
            raise LoadError("a list or mapping cannot be a name", file=loader.file, line=line, expected="name: ...")
        if key in made:
            raise LoadError(
                f"'{key}' is given twice",
                file=loader.file,
                line=line,
                expected="each name once",
                hint=f"it is first given on line {made.lines[key]}",
            )
        try:
            made[key] = loader.construct_object(value_node, deep=True)
        except ValueError as error:  # a date or number that looks like one and is not
            raise LoadError(
                f"'{key}' cannot be read: {error}",
                file=loader.file,
                line=value_node.start_mark.line + 1,
                expected="a real date such as 2024-04-01, or text in quotes",
            ) from None
        made.lines[key] = line
    made[LINE] = node.start_mark.line + 1
    return made


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, shown: str | None = None) -> dict[Any, Any]:
    """A YAML file as a mapping, or a LoadError that names the line."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise LoadError(
                f"the file holds {size / 1e6:,.1f} MB", file=shown or path, expected=f"at most {LARGEST / 1e6:g} MB"
            )
        text = path.read_text(encoding="utf-8")
    except ValueError as error:
        if not isinstance(error, UnicodeDecodeError):  # a NUL in the name
            raise LoadError(f"{str(path)!r} cannot be the name of a file") from None
        raise LoadError("the file is not UTF-8 text", file=shown or path, hint=str(error)) from None
    except FileNotFoundError:
        raise LoadError(f"there is no file {path}", file=shown or path) from None
    except OSError as error:
        raise LoadError(f"the file cannot be opened: {error.strerror}", file=shown or path) from None
    return parse_yaml(text, shown or path)


def parse_yaml(text: str, shown: str | Path) -> dict[Any, Any]:
    """YAML text as a mapping; `shown` names it in errors."""
    loader = _Loader(text)
    loader.file = shown
    try:
        _check_depth(text, shown)
        node = loader.get_single_node()
        _check_size(node, shown)
        made = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise LoadError(
            f"this is not YAML: {getattr(error, 'problem', error)}",
            file=shown,
            line=mark.line + 1 if mark else None,
            hint="indent with spaces, and put text with a colon in quotes",
        ) from None
    finally:
        loader.dispose()
    if not isinstance(made, dict):
        raise LoadError("the file does not hold a mapping", file=shown, expected="name: {...}")
    return made


def _check_depth(text: str, shown: str | Path) -> None:
    """Refuse text that is nested absurdly deep before the composer, which recurses in C and would crash, meets it."""
    brackets = text.count("[") + text.count("{")
    if brackets + 2 * max(map(len, text.splitlines()), default=0) < HARMLESS:
        return  # each level takes a bracket or a column
    depth = 0
    for event in _events(text, shown):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _too_deep(shown, event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _events(text: str, shown: str | Path) -> Iterator[yaml.Event]:
    """What a YAML text is made of. Some parsers have a bound of their own on how deep it goes."""
    try:
        yield from yaml.parse(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        if "nesting depth" in str(getattr(error, "problem", "")):
            raise _too_deep(shown, getattr(error, "problem_mark", None)) from None
        raise


def _too_deep(shown: str | Path, mark: Any) -> LoadError:
    line = mark.line + 1 if mark else None
    return LoadError(f"more than {DEEPEST} lists or mappings within each other", file=shown, line=line)


def _check_size(root: yaml.Node | None, shown: str | Path) -> None:
    """Refuse what aliases (*name) make of a few lines: something that holds itself, or stands for millions of things."""
    size: dict[int, int] = {}  # 0 while what is inside is being counted
    waiting = [(root, False)] if root is not None else []
    while waiting:
        node, counted = waiting.pop()
        line = node.start_mark.line + 1
        inside: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            inside = [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            inside = node.value
        if counted:
            size[id(node)] = 1 + sum(size[id(one)] for one in inside)
            if size[id(node)] > MOST:
                raise LoadError(
                    f"this comes to more than {MOST:,} entries, once aliases (*name) are written out",
                    file=shown,
                    line=line,
                )
        elif id(node) not in size:
            size[id(node)] = 0
            waiting += [(node, True), *((one, False) for one in inside)]
        elif not size[id(node)]:
            raise LoadError("this holds itself, by an alias (*name)", file=shown, line=line, expected="no circle")


def items(mapping: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    """A mapping's own entries, without the line mark."""
    return [(k, v) for k, v in mapping.items() if k != LINE]


def line_of(mapping: Any, default: int | None = None) -> int | None:
    """The line a mapping starts on."""
    return mapping.get(LINE, default) if isinstance(mapping, Mapping) else default


def line_of_key(mapping: Any, key: Any) -> int | None:
    """The line on which a mapping gives one of its keys, or the line it starts on."""
    return mapping.lines.get(key, line_of(mapping)) if isinstance(mapping, _Mapping) else line_of(mapping)
