"""What a user names → the store that answers: a graph file, a triple store at a URL, the last build, the bundled table."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.resources import LAST_BUILD

if TYPE_CHECKING:
    from kg.stores.base import Answers

Say = Callable[..., None]  # takes a message and, when it is of little weight, its level


def nothing(*_: object) -> None:
    """Say nothing."""


def open_store(on: str | None = None, timeout: float = 60, say: Say = nothing) -> Answers:
    """Return the store of a graph file or of a URL; None stands for the last build, else for the bundled table.

    `timeout` says how many seconds a store elsewhere may be silent. Credentials for it come from the environment. `say` is
    told what is asked. Raises GraphError for a file and StoreError for a store that cannot be read.
    """
    if on is not None and on.lower().startswith(("http://", "https://")):
        return _endpoint(on, timeout, say)
    from kg.stores.oxigraph import OxigraphStore, open_graph

    file = on if on is not None else str(LAST_BUILD) if LAST_BUILD.is_file() else None
    if file is not None:
        say(f"asking {file}", 2)
        return open_graph(file)
    say(f"no build in {LAST_BUILD.parent}/: asking the bundled table", 2)
    from kg.build.sources import bundled_quads

    store = OxigraphStore()
    store.load_blocks(bundled_quads())
    return store


def _endpoint(url: str, timeout: float, say: Say) -> Answers:
    from kg.stores.endpoint import open_endpoint
    from kg.stores.exchange import credentials
    from kg.stores.web import Web

    store = open_endpoint(url, Web(credentials(os.environ), seconds=timeout, say=say), say)
    names = f" ({store.places.product})" if store.places.product else ""
    say(f"asking {store.places.query}{names}: {len(store.graphs)} named graphs", 2)
    return store
