"""What a page holds, for tests: its tags in order with their attributes, its words, and that every tag is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

ALONE = ("meta", "link", "br", "img", "input")


class Page(HTMLParser):
    """A page that has been read."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [k for k, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says something twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def said(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """The attributes of every element of one kind."""
        return (a for t, a in self.tags if t == tag)


def assert_sound(page: Page) -> None:
    """What every page of the project keeps to: landmarks, one h1, headings in order, ids once, no network, no script."""
    count = {t: sum(1 for _ in page.all(t)) for t, _ in page.tags}
    assert count["h1"] == count["main"] == 1
    assert next(page.all("html"))["lang"] == "en-GB"
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] or "" for a in page.all("a")]
    assert links[0] == "#main" and all(x[1:] in ids for x in links if x.startswith("#"))
    for _, a in page.tags:
        for said in ("aria-labelledby", "aria-describedby"):
            assert all(x in ids for x in (a.get(said) or "").split())
    assert all(a.get("scope") in ("col", "row") for a in page.all("th"))
    assert not [t for t, _ in page.tags if t in ("script", "link", "iframe", "img", "object", "use", "image")]
    assert not [k for _, a in page.tags for k in a if k.startswith("on") or k in ("src", "xlink:href")]
    assert set(re.findall(r"url\((.)", page.source)) <= {"#"} and "@import" not in page.source
    reaching = {(t, k) for t, a in page.tags for k, v in a.items() if re.search(r"https?:", v or "")}
    assert reaching <= {("a", "href")}  # only what a reader chooses to follow
