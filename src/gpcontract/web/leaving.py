"""A mechanism left out, as edits on the contract that has it: its switch to nought, and what it changes of other values undone."""

from __future__ import annotations

from dataclasses import dataclass

from ..contracts import Contract
from ..contracts.mechanisms import Mechanism
from ..engine.edits import Add, Edit, Scale, Set, ValueEdit
from ..engine.errors import GpContractError, InputError, nearest
from ..engine.years import year_name


@dataclass(frozen=True)
class Left:
    """The edits that leave a mechanism out, and what of it stays because no edit of a value can undo it, in words."""

    edits: tuple[ValueEdit, ...]
    stays: tuple[str, ...] = ()


def left_out(contract: Contract, name: str) -> Left:
    """What leaves one mechanism out. The others stay as they are."""
    for m in contract.mechanisms:
        if m.name == name:
            return _left(contract, m)
    known = [m.name for m in contract.mechanisms]
    raise InputError(
        f"{contract.title} has no mechanism '{name[:60]}'",
        expected=", ".join(known) or "a contract with mechanisms",
        hint=nearest(name[:60], known),
    )


def can_leave(contract: Contract, m: Mechanism) -> bool:
    """Whether anything of a mechanism can be left out."""
    return bool(_left(contract, m).edits)


def _left(contract: Contract, m: Mechanism) -> Left:
    note = f"without: {m.title}"
    edits: list[ValueEdit] = [Set(m.switch, 0, note=note)] if m.switch else []
    stays = []
    for e in m.edits:
        undone = _undone(contract, e, note)
        edits += undone
        stays += [] if undone else [e.said]
    return Left(tuple(edits), tuple(stays))


def _undone(contract: Contract, e: Edit, note: str) -> list[ValueEdit]:
    """The edits that take another back; none where none can."""
    if isinstance(e, Add):
        return [Add(e.value, -e.amount, e.years, e.key, note)]
    if isinstance(e, Scale) and e.amount:
        return [Scale(e.value, 1 / e.amount, e.years, e.key, note)]
    if type(e) is Set and e.key is None and not e.years and not contract.values[e.value].keys:
        return [Set(e.value, x, years, None, note) for x, years in _before(contract.root or contract, e.value)]
    return []


def _before(contract: Contract, value: str) -> list[tuple[float, str | None]]:
    """A plain value's figures before any mechanism, each with the years in which it holds; none where a year has no figure."""
    years = contract.years
    try:
        row = contract.value_arrays(years, (value,))[value].reshape(-1)
    except GpContractError:
        return []
    starts = [i for i in range(len(row)) if i == 0 or row[i] != row[i - 1]]
    ends = [*(i - 1 for i in starts[1:]), len(row) - 1]
    if len(starts) == 1:
        return [(float(row[0]), None)]
    return [(float(row[a]), f"{year_name(years[a])}-{year_name(years[b])}") for a, b in zip(starts, ends, strict=True)]


__all__ = ["Left", "can_leave", "left_out"]
