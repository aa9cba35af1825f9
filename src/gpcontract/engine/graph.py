"""Order and circles: a topological order that lags may break, and the groups that only a year-by-year scan can make."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import Circle


def order(
    needs: Mapping[str, tuple[str, ...]],
    lagged: Mapping[str, frozenset[str]],
    place: Mapping[str, tuple[str, int]],
) -> list[str]:
    """Names so ordered that each comes after what it needs this year; a circle that no lag breaks prints its path."""
    done: dict[str, bool] = {}
    ordered: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name not in needs or done.get(name):
            return
        if name in path:
            loop = [*path[path.index(name) :], name]
            file, line = place.get(name, (None, None))
            raise Circle(
                f"rules need each other in a circle: {' -> '.join(loop)}",
                file=file,
                line=line,
                expected="rules that can be put in order",
                hint="use last_year_<name> where last year's figure is meant",
            )
        for a in needs[name]:
            if a not in lagged[name]:
                visit(a, (*path, name))
        done[name] = True
        ordered.append(name)

    for name in needs:
        visit(name, ())
    return ordered


def components(
    needs: Mapping[str, tuple[str, ...]], ordered: list[str], lagged: Mapping[str, frozenset[str]]
) -> list[tuple[str, ...]]:
    """Groups to make together, in order: single names, or names that need each other across a lag (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[tuple[str, ...]] = []
    rank = {n: i for i, n in enumerate(ordered)}

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for a in needs[name]:
            if a not in needs:
                continue
            if a not in index:
                visit(a)
                low[name] = min(low[name], low[a])
            elif a in stack:
                low[name] = min(low[name], index[a])
        if low[name] == index[name]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == name:
                    break
            groups.append(tuple(sorted(group, key=rank.__getitem__)))

    for name in ordered:
        if name not in index:
            visit(name)
    return groups
