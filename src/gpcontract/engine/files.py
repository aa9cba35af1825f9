"""YAML with line numbers: every mapping remembers the line it starts on, and a key given twice is an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .errors import LoadError

LINE = "__line__"


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
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LoadError(f"there is no file {path}", file=shown or path) from None
    except OSError as error:
        raise LoadError(f"the file cannot be opened: {error.strerror}", file=shown or path) from None
    except UnicodeDecodeError as error:
        raise LoadError("the file is not UTF-8 text", file=shown or path, hint=str(error)) from None
    return parse_yaml(text, shown or path)


def parse_yaml(text: str, shown: str | Path) -> dict[Any, Any]:
    """YAML text as a mapping; `shown` names it in errors."""
    loader = _Loader(text)
    loader.file = shown
    try:
        made = loader.get_single_data()
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


def items(mapping: Mapping[Any, Any]) -> list[tuple[Any, Any]]:
    """A mapping's own entries, without the line mark."""
    return [(k, v) for k, v in mapping.items() if k != LINE]


def line_of(mapping: Any, default: int | None = None) -> int | None:
    """The line a mapping starts on."""
    return mapping.get(LINE, default) if isinstance(mapping, Mapping) else default


def line_of_key(mapping: Any, key: Any) -> int | None:
    """The line on which a mapping gives one of its keys, or the line it starts on."""
    return mapping.lines.get(key, line_of(mapping)) if isinstance(mapping, _Mapping) else line_of(mapping)
