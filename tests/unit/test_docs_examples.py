"""The manual runs: every python block of docs/*.md and README.md, page by page, with warnings as errors.

A block that starts with ```yaml title=NAME``` is a file that the reader writes: it is written before the next block
runs. Shell blocks of `gpcontract` commands run too, unless they need a folder of official files; those are
only parsed. A python block that reads a folder of official files runs where there is one.
"""

from __future__ import annotations

import re
import shlex
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gpcontract.cli import main

REPO = Path(__file__).parents[2]
PAGES = [p for p in (REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))) if p.exists()]
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w+)?(?: +title=(?P<title>\S+))?[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.M | re.S
)
FOLDER = "data"  # what the manual calls the folder of official files


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: its language, the file it is (if any), its text and its line."""

    kind: str
    title: str
    body: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for m in BLOCK.finditer(text):
        body = re.sub(rf"^{m['indent']}", "", m["body"], flags=re.M)
        yield Block(m["kind"] or "", m["title"] or "", body, text[: m.start()].count("\n") + 1)


def commands(page: Path) -> list[tuple[int, list[str]]]:
    """The `gpcontract` commands of a page's shell blocks, each with its line."""
    found = []
    for block in blocks(page):
        if block.kind in ("sh", "bash", "shell", "console", ""):
            lines = block.body.replace("\\\n", " ").split("\n")
            for i, line in enumerate(lines):
                words = line.strip().removeprefix("$ ")
                if words.startswith("gpcontract "):
                    found.append((block.line + 1 + i, shlex.split(words, comments=True)[1:]))
    return found


def needs_folder(words: list[str]) -> bool:
    """Whether a command reads or fills a folder of official files."""
    return any(re.fullmatch(rf"{FOLDER}/?|FOLDER", w.partition("=")[2] or w) for w in words) or "fetch" in words


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, as the reader does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GPCONTRACT_ENGLAND", raising=False)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_python_blocks_run(page: Path, desk: Path, request: pytest.FixtureRequest) -> None:
    listed = list(blocks(page))
    left_out = []
    if any(b.kind == "python" and ".official(" in b.body for b in listed):
        try:
            (desk / FOLDER).symlink_to(request.getfixturevalue("official_data"))
        except pytest.skip.Exception as lack:
            left_out = [b.line for b in listed if ".official(" in b.body]
            reason = str(lack)
    space: dict[str, object] = {"__name__": "__docs__"}
    for block in listed:
        if block.title:
            (desk / block.title).write_text(block.body, encoding="utf-8")
        if block.kind == "python" and block.line not in left_out:
            text = "\n" * block.line + block.body
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(compile(text, str(page), "exec"), space)
    if left_out:
        pytest.skip(f"blocks at lines {left_out} were left out: {reason}")


@pytest.mark.parametrize("page", [p for p in PAGES if commands(p)], ids=lambda p: p.stem)
def test_commands_run(page: Path, desk: Path) -> None:
    for block in blocks(page):
        if block.title:
            (desk / block.title).write_text(block.body, encoding="utf-8")
    (desk / FOLDER).mkdir()
    for line, words in commands(page):
        if needs_folder(words):
            parse(words)
            continue
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (
            f"{page.name}:{line} gpcontract {shlex.join(words)}\n{done.output}\n{done.exception}"
        )
        assert done.output.strip()


def parse(words: list[str]) -> None:
    """Read a command as the command line would, without running it."""
    command: click.Command = main
    while isinstance(command, click.Group):
        command, words = command.commands[words[0]], words[1:]
    above = click.Context(
        main, **main.context_settings
    )  # as when it is typed: a command keeps the help flags it is first met with
    command.make_context(command.name, list(words), parent=above).close()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            missing.append(target)
    assert missing == []


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_files_named_in_the_manual_exist() -> None:
    """Paths in code spans that begin with a folder of the project."""
    missing = []
    for page in PAGES:
        for path in re.findall(
            r"`((?:src|tests|docs|benchmarks|chapters|england|contracts|engine|findings|report)/[\w./-]+)`",
            page.read_text(encoding="utf-8"),
        ):
            if not any((base / path).exists() for base in (REPO, REPO / "src" / "gpcontract")):
                missing.append(f"{page.name}: {path}")
    assert missing == []


def test_the_index_leads_to_every_page() -> None:
    index = (REPO / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [p.relative_to(REPO / "docs").as_posix() for p in PAGES if p.parent != REPO]
    assert [p for p in pages if p != "index.md" and f"({p})" not in index] == []
