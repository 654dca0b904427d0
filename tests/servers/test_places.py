"""Of a server that runs, any of its URLs is enough to find where it answers."""

from __future__ import annotations

import pytest

from kg.errors import StoreError
from kg.stores.exchange import credentials
from kg.stores.places import find_places
from kg.stores.web import Web
from servers.conftest import Get
from servers.fleet import SERVERS, WRITABLE


@pytest.mark.parametrize("name", SERVERS)
def test_the_url_of_a_server_leads_to_the_place_for_queries(get: Get, name: str) -> None:
    running = get(name)
    with Web() as web:
        assert find_places(web, running.url).query == running.query


@pytest.mark.parametrize("name", WRITABLE)
def test_each_place_of_a_server_leads_to_all_of_them(get: Get, name: str) -> None:
    running = get(name)
    with Web(credentials(running.environ)) as web:
        for url in (running.url, running.query, running.update, running.graph_store, running.url + "/"):
            found = find_places(web, url)
            # what the user named is used: one place for queries may be closed to whom another is open
            assert found.query in (running.query, url)
            assert (found.update, found.graph_store) == (running.update, running.graph_store), url


@pytest.mark.parametrize("name", WRITABLE)
def test_a_place_where_a_server_has_nothing_is_told_with_what_was_tried(get: Get, name: str) -> None:
    running = get(name)
    with Web() as web, pytest.raises(StoreError, match="tried"):
        find_places(web, running.url + "/nothing/here")
