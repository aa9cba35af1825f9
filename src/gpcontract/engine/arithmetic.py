"""The arithmetic of a rule, read from its own text: the expression it returns, with this practice's numbers put in."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any


@cache
def expression(function: Callable[..., Any]) -> str:
    """The last expression that a rule returns, as written."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    body = tree.body[0]
    returns = [n for n in ast.walk(body) if isinstance(n, ast.Return) and n.value is not None]
    return ast.unparse(returns[-1].value) if returns and returns[-1].value is not None else ""


@cache
def working(function: Callable[..., Any]) -> tuple[str, ...]:
    """The steps before the return, one for each name they make: 'name = expression'."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    body = tree.body[0]
    assert isinstance(body, ast.FunctionDef)
    return tuple(ast.unparse(n) for n in body.body if isinstance(n, ast.Assign))


def with_numbers(text: str, numbers: Mapping[str, str]) -> str:
    """An expression with names replaced by figures and signs by × and ÷."""
    if not numbers:
        return text
    shown = _names(tuple(numbers)).sub(lambda m: numbers[m[1]], text)
    return shown.replace(" ** ", " ^ ").replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " − ")


@cache
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of some names as a whole word, the longest first."""
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b")
