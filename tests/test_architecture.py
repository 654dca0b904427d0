"""The code keeps the shape that docs/architecture.md promises: one way down, small pieces, a quiet import."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kg"
MODULES = sorted(p.relative_to(ROOT) for p in PACKAGE.rglob("*.py"))

# A room may import what has a lower rank, and itself. Order within a rank does not matter.
RANKS = {
    "errors": 0,
    "resources": 0,
    "triples": 0,
    "version": 0,
    "vocabulary": 0,
    "model": 1,
    "readers": 2,
    "columns": 4,
    "cells": 3,
    "segment": 4,
    "parse": 5,
    "records": 5,
    "graph": 6,
    "serialise": 6,
    "describe": 7,
    "validate": 7,
    "stores": 7,
    "load": 8,
    "queries": 8,
    "ledger": 9,
    "report": 9,
    "build": 9,
    "serve": 9,
    "similar": 9,
    "cli": 10,
    "notebook": 10,
}
# Rooms of one rank of which the first may look at the second.
BESIDE = {
    ("resources", "errors"),
    ("vocabulary", "errors"),
    ("vocabulary", "resources"),
    ("build", "ledger"),
    ("build", "report"),
    ("serve", "build"),
    ("similar", "build"),
}

# Where each third party may be imported; a name that ends in "/" stands for the whole room.
THIRD_PARTIES = {
    "httpx": ("stores/web.py",),
    "pyoxigraph": ("vocabulary/", "graph/", "serialise/", "validate/", "stores/", "load/", "serve/"),
    "rdflib": ("serialise/", "validate/", "stores/"),
    "pyparsing": ("stores/rdf_lib.py",),  # what rdflib's SPARQL parser raises
    "pyshacl": ("validate/",),
    "click": ("cli/", "cli.py"),
    "rich": ("queries/", "similar/answers/formats/", "cli/", "cli.py"),
    "jinja2": ("report/", "report.py", "validate/", "serve/"),
    "starlette": ("serve/",),
    "uvicorn": ("serve/",),
    "yaml": ("queries/",),
    "lxml": ("readers/", "stores/"),
    "openpyxl": ("readers/",),
    "numpy": ("similar/",),
    "networkx": ("similar/", "notebook.py"),
    "scipy": ("similar/draw/",),
    "matplotlib": ("similar/draw/",),
}
AT_MOST_ONE_MODULE = ("pyshacl", "yaml")
SLOW_TO_IMPORT = (
    "rdflib",
    "pyshacl",
    "jinja2",
    "rich",
    "pyoxigraph",
    "yaml",
    "lxml",
    "openpyxl",
    "httpx",
    "starlette",
    "uvicorn",
    "numpy",
    "networkx",
    "scipy",
    "matplotlib",
)


def tree(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), str(module))


def room(module: Path) -> str:
    """Return the room of a module: the folder or file directly under kg/; "" for the package's own files."""
    name = module.parts[1].removesuffix(".py")
    return "" if name in ("__init__", "__main__") else name


def imported(module: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full name of all that a module imports, also in functions and for type checking only."""
    package = module.with_suffix("").parts[:-1]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """Yield name and length in lines of each function and method, without its docstring."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            head = node.body[0]
            words = ast.get_docstring(node) is not None
            documented = (head.end_lineno or head.lineno) - head.lineno + 1 if words else 0
            yield (
                f"{module}:{node.lineno} {node.name}",
                (node.end_lineno or node.lineno) - node.lineno + 1 - documented,
            )


def parameters(module: Path) -> Iterator[tuple[str, int]]:
    """Yield name and number of parameters of each function, `self` and `cls` left out."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            yield f"{module}:{node.lineno} {node.name}", len([n for n in names if n not in ("self", "cls")])


def may_import(own: str, other: str) -> bool:
    return own == other or RANKS[other] < RANKS[own] or (own, other) in BESIDE


def test_every_room_has_a_rank() -> None:
    rooms = {room(m) for m in MODULES} - {""}
    assert rooms - set(RANKS) == set(), "give the new room a rank here and in docs/architecture.md"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_what_stands_below_it(module: Path) -> None:
    own = room(module)
    if not own:
        return
    found = [(line, name) for line, name in imported(module) if name.startswith("kg.")]
    wrong = [
        f"{module}:{line} imports {name}"
        for line, name in found
        if name.split(".")[1] in RANKS and not may_import(own, name.split(".")[1])
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_never_imports_the_package_root(module: Path) -> None:
    rooms = {m.parts[1].removesuffix(".py") for m in MODULES}
    wrong = [
        f"{module}:{line} imports {name}"
        for line, name in imported(module)
        if name.startswith("kg.") and name.split(".")[1] not in rooms
    ]
    bare = [
        f"{module}:{node.lineno} imports kg"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Import) and any(alias.name == "kg" for alias in node.names)
    ]
    assert wrong + bare == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_the_third_parties_of_its_room(module: Path) -> None:
    place = module.relative_to("kg").as_posix()
    wrong = []
    for line, name in imported(module):
        top = name.split(".")[0]
        if top == "kg" or top in sys.stdlib_module_names:
            continue
        allowed = THIRD_PARTIES.get(top, ())
        if not any(place == a or (a.endswith("/") and place.startswith(a)) for a in allowed):
            wrong.append(f"{module}:{line} imports {name}")
    assert sorted(set(wrong)) == []


@pytest.mark.parametrize("party", AT_MOST_ONE_MODULE)
def test_one_module_speaks_to_the_outside(party: str) -> None:
    users = {str(m) for m in MODULES for _, name in imported(m) if name.split(".")[0] == party}
    assert len(users) <= 1, f"{party} is imported in {sorted(users)}"


def run(code: str, folder: Path) -> str:
    """Run `code` in a Python of its own that finds this checkout and nothing of this process."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_command_loads_nothing_that_is_slow(tmp_path: Path) -> None:
    loaded = run(
        "import sys, kg.cli; print(*sorted({m.split('.')[0] for m in sys.modules}))", tmp_path
    ).split()
    assert [name for name in SLOW_TO_IMPORT if name in loaded] == []


def test_importing_any_module_opens_no_file_and_no_socket(tmp_path: Path) -> None:
    names = [
        ".".join(m.with_suffix("").parts).removesuffix(".__init__") for m in MODULES if m.stem != "__main__"
    ]
    code = f"""
import importlib, os, sys, click, jinja2, networkx, pyoxigraph, pyshacl, rdflib, rich.console, rich.table, yaml
def watch(event, arguments):
    path = str(arguments[0]) if arguments else ""
    code = path.endswith((".py", ".pyc", ".so")) or ".py" in os.path.basename(path)
    if event.startswith(("socket.", "subprocess.")) or (event == "open" and not code):
        seen.append((event, path))
seen = []
sys.addaudithook(watch)
for name in {names!r}:
    importlib.import_module(name)
opened = [s for s in seen if {str(ROOT)!r} in s[1] or s[0] != "open"]
assert opened == [], opened
"""
    run(code, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_opens_with_one_sentence_and_stays_small(module: Path) -> None:
    docstring = ast.get_docstring(tree(module)) or ""
    first = docstring.split("\n\n")[0].strip()
    assert first.endswith((".", ":")), f"{module} opens without a sentence that says what it does"
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_function_is_long_or_takes_many_parameters(module: Path) -> None:
    assert [name for name, length in functions(module) if length > 50] == []
    assert [name for name, count in parameters(module) if count > 5 and room(module) != "cli"] == []


def test_most_functions_are_short() -> None:
    lengths = sorted(length for m in MODULES for _, length in functions(m))
    assert statistics.median(lengths) <= 7
    assert lengths[int(len(lengths) * 0.9)] < 20


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_public_function_says_what_it_does_and_is_typed(module: Path) -> None:
    wrong = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            typed = node.returns is not None and all(
                a.annotation is not None or a.arg in ("self", "cls")
                for a in (*node.args.args, *node.args.kwonlyargs)
            )
            if not typed:
                wrong.append(f"{module}:{node.lineno} {node.name}")
    assert wrong == []
