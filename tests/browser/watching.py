"""What a browser sees of a page: its faults by axe, what it asked for, how much came, what moved, what the console said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifted += e.value; })
  .observe({type: "layout-shift", buffered: true});
"""
#: What axe is asked to judge: the rules of WCAG 2.2 up to AA, and its own good practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDE, NARROW = 1280, 320


@cache
def axe() -> str:
    """The script of axe-core."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    """One page as a browser saw it at one width."""

    name: str
    width: int
    status: int = 0
    title: str = ""
    faults: list[str] = field(default_factory=list)  # what axe finds
    strangers: list[str] = field(default_factory=list)  # what was asked of other hosts
    failed: list[str] = field(default_factory=list)  # what was asked for and did not come
    said: list[str] = field(default_factory=list)  # errors in the console, and what the security policy stopped
    bytes: int = 0
    shift: float = 0.0
    sideways: int = 0  # pixels by which the page is wider than its window
    sticking_out: list[str] = field(default_factory=list)
    cookies: int = 0


def look(context: Any, base: str, name: str, path: str, width: int, pictures: Path | None) -> Seen:
    """Open a page at a width and write down what is seen."""
    seen = Seen(name, width)
    page = context.new_page()
    try:
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 640})
        page.add_init_script(SHIFTS)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda e: _add(seen, e["encodedDataLength"]))
        host = urlsplit(base).netloc
        page.on("request", lambda r: seen.strangers.append(r.url) if urlsplit(r.url).netloc != host else None)
        page.on("requestfailed", lambda r: seen.failed.append(r.url))
        page.on("response", lambda r: seen.failed.append(f"{r.status} {r.url}") if _lost(r, base + path) else None)
        page.on("console", lambda m: seen.said.append(m.text) if _is_error(m) else None)
        page.on("pageerror", lambda e: seen.said.append(str(e)))
        answer = page.goto(base + path, wait_until="load")
        page.evaluate("document.fonts.ready.then(() => true)")
        seen.status, seen.title = answer.status, page.title()
        page.wait_for_timeout(50)
        seen.shift = page.evaluate("window.shifted")
        seen.sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if seen.sideways > 0:
            seen.sticking_out = page.evaluate(STICKING_OUT)
        seen.cookies = len(context.cookies())
        if pictures is not None:
            page.screenshot(path=pictures / f"{slug(name)}-{width}.png", full_page=True)
        seen.faults = judged(
            page, contrast=width == WIDE
        )  # colours are the same at every width, and take most of the time
    finally:
        page.close()
    return seen


STICKING_OUT = """
() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest(".table-frame"))
  .slice(0, 5).map(e => e.tagName + "." + (e.getAttribute("class") || "") + " " + (e.textContent || "").trim().slice(0, 40))
"""


def _add(seen: Seen, n: float) -> None:
    seen.bytes += int(n)


def _lost(response: Any, asked: str) -> bool:
    return response.status >= 400 and response.url != asked


def _is_error(message: Any) -> bool:
    return (
        message.type == "error" and "status of 4" not in message.text
    )  # the page itself may be a 404 that is asked for


def judged(page: Any, contrast: bool = True) -> list[str]:
    """What axe finds wrong with the page as it stands: the rule, what it asks, and where."""
    page.evaluate(axe())  # by the debugger, so that the page's own security policy stays as strict as it is
    asked = {
        "runOnly": {"type": "tag", "values": list(RULES)},
        "rules": {"color-contrast": {"enabled": contrast}},
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate("(asked) => axe.run(document, asked)", asked)
    return [
        f"{v['id']}: {v['help']} – {'; '.join(n['html'][:160] for n in v['nodes'][:3])} ({len(v['nodes'])})"
        for v in found["violations"]
    ]


def slug(name: str) -> str:
    """A name as a file may be called."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
