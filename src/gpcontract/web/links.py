"""Addresses: a path with what is asked for, in one order, so that one page has one address."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def link(path: str, **asked: object) -> str:
    """An address with its query; what is empty is left out, and a list is given once for each.

    >>> link("/practice/A81001", contract="hewitt_review", year="")
    '/practice/A81001?contract=hewitt_review'
    """
    pairs = []
    for name, value in asked.items():
        several = value if isinstance(value, (list, tuple)) else (value,)
        pairs += [(name, str(one)) for one in several if one not in (None, "")]
    return path + (f"?{urlencode(pairs, safe='/+@')}" if pairs else "")


def to(kind: str, code: str) -> str:
    """The path of a practice, network, sub-board, board or region, or of England.

    >>> to("sub_board", "36L")
    '/sub-board/36L'
    """
    return "/england" if kind == "nation" else f"/{kind.replace('_', '-')}/{quote(code, safe='')}"
