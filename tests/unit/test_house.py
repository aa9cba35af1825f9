"""The house rules as tests: docstrings, one-way imports, short modules, a light import, docs that name every command."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import click
import pytest

import gpcontract
from gpcontract import chapters
from gpcontract.cli import main
from gpcontract.engine.rules import Rule
from gpcontract.web.setup import ready

PACKAGE = Path(gpcontract.__file__).parent
REPO = Path(__file__).parents[2]
ROOMS = ("engine", "levers", "england", "chapters", "contracts", "findings", "futures", "report", "web", "cli")
LONGEST = 500


def modules() -> list[str]:
    ready()  # Django's models are read after its settings
    return sorted(m.name for m in pkgutil.walk_packages([str(PACKAGE)], "gpcontract.") if "__main__" not in m.name)


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def tracked() -> list[Path]:
    """The files under version control that are text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [REPO / p for p in listed.stdout.decode().split("\0") if p]
    return [
        p for p in paths if p.is_file() and p.suffix not in (".png", ".webp", ".xlsx", ".gz", ".zip", ".ico", ".woff2")
    ]


# -- docstrings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["gpcontract", *modules()])
def test_all_that_is_public_says_what_it_is(name: str) -> None:
    module = importlib.import_module(name)
    bare = [] if inspect.getdoc(module) else [name]
    for label, thing in vars(module).items():
        if label.startswith("_") or getattr(thing, "__module__", None) != name:
            continue
        if inspect.isfunction(thing) and not thing.__doc__:
            bare.append(label)
        if inspect.isclass(thing):
            said = thing.__doc__ or ""
            if not said or said.startswith(f"{label}("):  # what a dataclass writes by itself
                bare.append(label)
    assert bare == []


def functions_with_hints() -> list[str]:
    """Public and private functions whose arguments or answer have no type."""
    bare = []
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                lacks = [a.arg for a in given if a.annotation is None and a.arg not in ("self", "cls")]
                if lacks or node.returns is None:
                    bare.append(f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}")
    return bare


def test_every_function_has_type_hints() -> None:
    assert functions_with_hints() == []


@pytest.mark.parametrize("name", modules())
def test_examples_in_docstrings_run(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0


def rules() -> tuple[Rule, ...]:
    """Every rule of every chapter."""
    return tuple(r for name in chapters.names() for r in chapters.load(name).rules)


@pytest.mark.parametrize("one", rules(), ids=lambda r: f"{r.chapter}.{r.function.__name__}")
def test_every_rule_has_a_docstring_a_clause_and_a_unit(one: Rule) -> None:
    assert len((inspect.getdoc(one.function) or "").split()) >= 3
    assert one.clause.strip() and one.unit.strip() and one.chapter
    assert one.line is None or one.unit == ("GBP" if one.fund == "once" else "GBP per year")


def test_names_are_of_one_chapter_alone() -> None:
    """So that any chapters can stand in one contract. A rule may have variants by year, in its own chapter."""
    homes: dict[str, set[str]] = {}
    for name in chapters.names():
        made = chapters.load(name)
        for label in {*made.values, *(r.name for r in made.rules)}:
            homes.setdefault(label, set()).add(name)
    assert {k: sorted(v) for k, v in homes.items() if len(v) > 1} == {}


@pytest.mark.parametrize("one", rules(), ids=lambda r: f"{r.chapter}.{r.function.__name__}")
def test_a_rule_that_sums_over_others_says_so(one: Rule) -> None:
    """A practice's own rule can be worked out for that practice alone; what needs the others is a sum's rule, or `whole`."""
    text = textwrap.dedent(inspect.getsource(one.function))
    names = (n.func for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call))
    called = {f.id for f in names if isinstance(f, ast.Name)}
    sums = called & {"national", "by_area", "by_network", "by_board"}
    assert not sums or one.level != "practice" or one.whole


def test_no_figure_is_written_in_a_rule() -> None:
    """Figures are values, dated and sourced; a rule has only 0, 1, 12 (months) and 100 (per cent), and positions of axes."""
    found = []
    for path in sorted((PACKAGE / "chapters").glob("*/rules.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef):
                continue
            body = [n for s in function.body for n in ast.walk(s)]
            places = [n for s in body if isinstance(s, ast.Subscript) for n in ast.walk(s.slice)]
            methods = [c for c in body if isinstance(c, ast.Call) and isinstance(c.func, ast.Attribute)]
            places += [n for c in methods for part in (*c.args, *(k.value for k in c.keywords)) for n in ast.walk(part)]
            figures = [n for n in body if isinstance(n, ast.Constant) and type(n.value) in (int, float)]
            odd = [n.value for n in figures if n not in places and n.value not in (0, 1, 12, 100)]
            found += [f"{path.parent.name}.{function.name}: {x}" for x in odd]
    assert found == []


# -- the house -------------------------------------------------------------------------------------------------


def imported(path: Path) -> set[tuple[str, int]]:
    """The rooms of the house that a file imports from, with lines."""
    found = set()
    package = ["gpcontract", *path.relative_to(PACKAGE).with_suffix("").parts][:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            names = [start] if start != "gpcontract" else [f"gpcontract.{a.name}" for a in node.names]
        found |= {(n.split(".")[1], node.lineno) for n in names if n.startswith("gpcontract.")}  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_import_only_from_rooms_above(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room not in ROOMS:
        return  # the one public surface, and what runs the command
    below = set(ROOMS[ROOMS.index(room) + 1 :])
    assert [f"line {line}: {other}" for other, line in sorted(imported(path)) if other in below] == []


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_is_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST


def test_importing_the_package_is_light() -> None:
    code = "import gpcontract, sys; print(' '.join(m for m in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "polars",
        "yaml",
        "rich",
        "click",
        "httpx",
        "jinja2",
        "xlsxwriter",
        "fastexcel",
        "pandas",
        "scipy",
        "openpyxl",
    }
    assert sorted(heavy & set(loaded)) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    # spelled in two parts, so that this file is not among those found
    marks = [
        r"/wo" r"rk/",
        r"/ro" r"ot/",
        r"/ho" r"me/\w",
        r"/Us" r"ers/\w",
        r"C:\\\\Us" r"ers",
        r"py" r"pi\.org",
        r"index-" r"url",
        r"files\.python" r"hosted",
        r"local" r"host:\d",
    ]
    pattern = re.compile("|".join(marks))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(REPO)}:{i}" for i, line in enumerate(text.splitlines(), 1) if pattern.search(line)
        ]
    assert found == []


# -- the command line is documented ----------------------------------------------------------------------------


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


@pytest.mark.parametrize(("path", "command"), commands(main), ids=lambda x: " ".join(x) if isinstance(x, tuple) else "")
def test_the_manual_has_every_command_and_option(path: tuple[str, ...], command: click.Command) -> None:
    manual = (REPO / "docs" / "cli.md").read_text(encoding="utf-8")
    section = re.search(rf"^## `gpcontract {' '.join(path)}\b.*?(?=^## |\Z)", manual, re.M | re.S)
    assert section, f"docs/cli.md has no section for {' '.join(path)}"
    common = re.search(r"^## Options of every command that prices.*?(?=^## |\Z)", manual, re.M | re.S)
    assert common
    text = section[0] + (
        common[0] if "options of every command that prices" in " ".join(section[0].lower().split()) else ""
    )
    missing = [o for p in command.params for o in p.opts if isinstance(p, click.Option) and f"`{o}" not in text]
    assert missing == []
    assert command.help


def test_the_manual_has_no_command_or_option_that_is_not_there() -> None:
    manual = (REPO / "docs" / "cli.md").read_text(encoding="utf-8")
    known = {" ".join(p) for p, _ in commands(main)}
    for shown in re.findall(r"^## `gpcontract ([a-z ]+)", manual, re.M):
        assert shown.strip() in known
    given = (p for _, c in commands(main) for p in c.params)
    options = {o for p in given for o in (*p.opts, *p.secondary_opts)} | {"--help", "-h", "--version"}
    assert sorted(set(re.findall(r"`(--[a-z-]+)", manual)) - options) == []
