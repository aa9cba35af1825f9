"""The arithmetic of a rule, read from its own text: the expression it returns, with this practice's numbers put in."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

NAME = re.compile(r"\b[A-Za-z_]\w*")


@cache
def in_full(function: Callable[..., Any]) -> str:
    """The arithmetic of a rule as written: a step for each name that it makes, 'name = expression', and what it returns."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(body, ast.FunctionDef)
    steps = [n for n in body.body if isinstance(n, ast.Assign)]
    returns = [n.value for n in ast.walk(body) if isinstance(n, ast.Return) and n.value is not None]
    return "; ".join(map(ast.unparse, (*steps, *returns[-1:])))


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """An expression with names replaced by figures and signs by × and ÷."""
    if not numbers:
        return text
    shown = NAME.sub(lambda m: numbers.get(m[0], m[0]), text)
    return shown.replace(" ** ", " ^ ").replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")
