"""The arithmetic of a rule, read from its own text: the expression it returns, with this practice's numbers put in."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

NAME = re.compile(r"\b[A-Za-z_]\w*")


def in_full(function: Callable[..., Any]) -> str:
    """The arithmetic of a rule as written: a step for each name that it makes, 'name = expression', and what it returns."""
    code = inspect.unwrap(function).__code__
    return _written(code.co_filename)[code.co_firstlineno]


@cache
def _written(file: str) -> dict[int, str]:
    """The arithmetic of each function of a file, by the line it begins on, its decorators with it."""
    tree = ast.parse("".join(linecache.getlines(file)))
    found = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    return {min([n.lineno, *(d.lineno for d in n.decorator_list)]): _arithmetic(n) for n in found}


def _arithmetic(body: ast.FunctionDef) -> str:
    steps = [n for n in body.body if isinstance(n, ast.Assign)]
    returns = [n.value for n in ast.walk(body) if isinstance(n, ast.Return) and n.value is not None]
    return "; ".join(map(ast.unparse, (*steps, *returns[-1:])))


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """An expression with names replaced by figures and signs by × and ÷."""
    if not numbers:
        return text
    return signs(NAME.sub(lambda m: numbers.get(m[0], m[0]), text))


def signs(text: str) -> str:
    """Arithmetic with the signs that people write."""
    return text.replace(" ** ", " ^ ").replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")
