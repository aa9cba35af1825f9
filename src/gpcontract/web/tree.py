"""The tree behind a statement as a list that opens without a script. Written by hand: a page has hundreds of its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape

from markupsafe import Markup

from ..contracts.explain import Node, shown
from ..engine.arithmetic import NAME, signs

UNSAID = ("", "ratio", "fraction", "yes or no", "GBP", "GBP per year")  # units that the figure itself shows
FILES = 3  # files named before they are counted
VALUES = 2_000  # values that are kept as written: a contract has some hundred in a year


def tree(nodes: Iterable[Node]) -> Markup:
    """Numbers and what each rests on."""
    out: list[str] = []
    _write(nodes, out)
    return Markup("".join(out))


def _write(nodes: Iterable[Node], out: list[str]) -> None:
    out.append('<ul class="tree">')
    for n in nodes:
        if n.kind == "value":
            out.append(_value(n))
        else:
            _item(n, out)
    out.append("</ul>")


@lru_cache(maxsize=VALUES)
def _value(n: Node) -> str:
    """A value with its sources: `explain` gives one node of it to every subject."""
    out: list[str] = []
    _item(n, out)
    return "".join(out)


def _item(n: Node, out: list[str]) -> None:
    why = _why(n)
    if not why and not n.children:
        out.append(f'<li><div class="leaf">{_head(n)}</div></li>')
        return
    out.append(f"<li><details><summary>{_head(n)}</summary>{why}")
    if n.children:
        _write(n.children, out)
    out.append("</details></li>")


def _head(n: Node) -> str:
    name = f'<span class="name">{escape(n.title)}</span>'
    if n.value is None:
        return name
    unit = "" if n.unit in UNSAID else f' <span class="unit">{escape(n.unit.removeprefix("GBP "))}</span>'
    return f'{name}<span class="amount">{escape(shown(n.value, n.unit))}{unit}</span>'


def _why(n: Node) -> str:
    """The arithmetic, how it is known, its clause, its sources and its table."""
    out = [f'<p class="why sum">{escape(_in_words(n))}</p>'] if n.arithmetic else []
    said = " · ".join(t for t in (n.how, n.clause, n.note) if t)
    if said:
        out.append(f'<p class="why">{escape(said)}</p>')
    for s in n.sources:
        out.append(f'<p class="why">{_source(s)}</p>')
    if n.table:
        cells = " · ".join(f"{k.replace('_', ' ')} {v:,.4g}" for k, v in n.table.items())
        out.append(f'<p class="why">{escape(cells)}</p>')
    return "".join(out)


def _in_words(n: Node) -> str:
    """The arithmetic with what each name is called in its place: '[Posts] × [Pay of a post] = 2 × £100'."""
    titles = {c.name: f"[{c.title}]" for c in n.children}
    return signs(NAME.sub(lambda m: titles.get(m[0], m[0]), n.arithmetic))


def _source(s: Mapping[str, str]) -> str:
    """One source: a document with its grade and status, or the files that a fact was read from."""
    text = s.get("source", "")
    if "grade" not in s:
        files = text.split(", ")
        text = text if len(files) <= FILES else f"{files[0]}, {files[-1]} and {len(files) - 2} more files"
        return escape(text)
    url = s.get("url", "")
    title = f'<a href="{escape(url)}">{escape(text)}</a>' if url.startswith(("https://", "http://")) else escape(text)
    spread = f", range {s['range']}" if s.get("range") else ""
    note = f" · {s['note']}" if s.get("note") else ""
    known = f"(grade {s['grade']}, {s['status']}{spread}){note}"
    return f"{title} {escape(known)}"
