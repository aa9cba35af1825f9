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


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in made:
            raise LoadError(f"'{key}' is given twice", file=loader.file, line=key_node.start_mark.line + 1)
        made[key] = loader.construct_object(value_node, deep=True)
    made[LINE] = node.start_mark.line + 1
    return made


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, shown: str | None = None) -> dict[Any, Any]:
    """A YAML file as a mapping, or a LoadError that names the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LoadError(f"there is no file {path}", file=shown or path) from None
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
