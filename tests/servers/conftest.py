"""Fixtures that start each server once per run, and note for each test which took part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from servers.fleet import Fleet
from servers.running import AbsentError, Running


class Get(Protocol):
    """Gives a running server by its name, with the world of the tests in it, or empty."""

    def __call__(self, name: str, *, empty: bool = False) -> Running:
        """Return the server; the test skips where it is absent."""


def pytest_configure(config: pytest.Config) -> None:
    # known also where pytest-xdist is not loaded
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs (pytest-xdist)")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder; with --dist loadgroup one worker gets all of it, so each server starts once."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.servers)
            item.add_marker(pytest.mark.xdist_group("servers"))


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("servers"))
    yield made
    made.close()


@pytest.fixture
def get(fleet: Fleet, request: pytest.FixtureRequest) -> Get:
    """Return the function that gives the servers of this run."""

    def running(name: str, *, empty: bool = False) -> Running:
        try:
            found = fleet.get(name, empty=empty)
        except AbsentError as error:
            request.node.user_properties.append(("absent", f"{name}: {error}"))
            pytest.skip(f"{name}: {error}")
        request.node.user_properties.append(("took part", str(found)))
        return found

    return running
