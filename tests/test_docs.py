"""The documentation is true: its commands run and print what it shows, its lists are those of the program."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from kg.vocabulary.namespaces import KINDS, TKG

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "kg" / "data" / "README.md", *DOCS.rglob("*.md")]
)
COMMANDS = ("build", "parse", "validate", "query", "similar", "load", "serve")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its kind ("console"), the file it stands for ("" for none), its text."""

    kind: str
    file: str
    text: str


def fences(page: Path) -> Iterator[Fence]:
    """Yield the fenced blocks of a page; the commands find the one under `<!-- file: NAME -->` as a file."""
    pattern = re.compile(r"(?:<!-- file: (\S+) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for found in pattern.finditer(page.read_text(encoding="utf-8")):
        yield Fence(found[2], found[1] or "", found[3])


def console(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a console block, each with the lines that it is shown to print."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def executed(page: Path) -> bool:
    return any(fence.kind == "console" for fence in fences(page))


def shell(command: str, folder: Path, tools: Path) -> list[str]:
    """Run a command line where `kg` is this checkout; return what it prints on both streams."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "110"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether output is as shown; a shown line `...` stands for any lines."""
    parts = [r"(?:[^\n]*\n)*" if line.strip() == "..." else re.escape(line.rstrip()) + "\n" for line in shown]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "tools"
    folder.mkdir()
    kg = folder / "kg"
    kg.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m kg "$@"\n', encoding="utf-8")
    kg.chmod(0o755)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return folder


@pytest.mark.parametrize("page", [p for p in PAGES if executed(p)], ids=lambda p: p.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tools: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    for fence in fences(page):
        if fence.file:
            (folder / fence.file).write_text(fence.text, encoding="utf-8")
        if fence.kind == "console":
            for command, shown in console(fence.text):
                printed = shell(command, folder, tools)
                assert not any(line.startswith("Traceback") for line in printed), "\n".join(printed)
                assert fits(shown, printed), f"$ {command}\n" + "\n".join(printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_of_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(
        r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", page.read_text(encoding="utf-8")
    )
    targets = [one or other for one, other in links]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    queue = [ROOT / "README.md"]
    while queue:
        page = queue.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        text = page.read_text(encoding="utf-8")
        queue.extend((page.parent / target).resolve() for target in re.findall(r"\]\(([^):#]+\.md)", text))
    assert [str(p.relative_to(ROOT)) for p in PAGES if p not in seen] == []


def command(name: str) -> click.Command:
    found = importlib.import_module(f"kg.cli.{name}").command
    assert isinstance(found, click.Command)
    return found


def section(page: Path, heading: str) -> str:
    """Return what stands under the heading that begins with these words."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no heading {heading!r}"
    return found[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented_and_no_other(name: str) -> None:
    documented = set(
        re.findall(r"^\| `(?:-\w, )?(--[\w-]+)", section(DOCS / "cli.md", f"`kg {name}"), re.MULTILINE)
    )
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    assert documented == {opt for p in options for opt in p.opts if opt.startswith("--")}
    assert [p.name for p in options if not p.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_forms_that_an_option_takes_are_documented(name: str) -> None:
    text = section(DOCS / "cli.md", f"`kg {name}")
    choices = [c for p in command(name).params if isinstance(p.type, click.Choice) for c in p.type.choices]
    assert [c for c in choices if f"`{c}`" not in text] == []


def test_the_documented_commands_are_those_of_the_program() -> None:
    app = importlib.import_module("kg.cli").app
    with click.Context(app) as context:
        assert tuple(app.list_commands(context)) == COMMANDS
    documented = re.findall(r"^## `kg (\w+)", (DOCS / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(documented) == COMMANDS


def test_the_catalogue_of_queries_is_that_of_the_folder() -> None:
    catalogue = importlib.import_module("kg.queries.catalogue")
    documented = re.findall(
        r"^\| `([\w-]+)` \| (.+?) \|", (DOCS / "queries.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert documented == [(query.id, query.summary) for query in catalogue.list_queries()]


def test_the_page_of_the_graph_names_every_class_property_and_kind() -> None:
    text = (DOCS / "graph.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`tkg:(\w+)`", text))
    assert named == set(TKG.terms)
    assert [kind for kind in KINDS if f"`{kind}/" not in text] == []


def test_the_ranks_are_those_that_the_architecture_test_enforces() -> None:
    ranks = importlib.import_module("test_architecture").RANKS
    rows = re.findall(
        r"^\| (\d+) \| ([\w, ]+) \|", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {room: int(rank) for rank, rooms in rows for room in rooms.split(", ")} == ranks


def test_the_quick_start_is_one_line_to_use_and_one_line_to_test() -> None:
    lines = [
        line for fence in fences(ROOT / "README.md") if fence.kind == "sh" for line in fence.text.splitlines()
    ]
    assert len(lines) == 2
    assert lines[0].endswith("&& kg build")
    assert lines[1].endswith("&& pytest")


def test_the_changelog_knows_this_version() -> None:
    version = importlib.import_module("kg.version").__version__
    assert f"\n## {version} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_requirement_names_a_path_or_an_index() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pattern = re.compile(r"#|[\w.-]+==[\w.]+( ; .+)? \\$|    --hash=sha256:[0-9a-f]{64}( \\)?$")
    assert [line for line in lines if not pattern.match(line)] == []
