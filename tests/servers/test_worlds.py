"""The servers themselves: what the other tests rest on."""

from __future__ import annotations

import pytest

from servers import direct
from servers.conftest import Get
from servers.fleet import HOLDING
from servers.worlds import triples_of, world


@pytest.mark.parametrize("name", HOLDING)
def test_a_server_holds_exactly_what_it_was_given(get: Get, name: str) -> None:
    running = get(name)
    expected = triples_of(world())
    assert expected.keys() <= direct.graphs(running)
    for graph, triples in expected.items():
        assert direct.count(running, graph) == len(triples)
        assert direct.triples(running, graph) == triples
