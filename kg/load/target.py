"""Where to load to, a URL or a folder → the ways that it may take graphs, and who answers what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.errors import StoreError
from kg.load.endpoint import EndpointAsker
from kg.load.folder import FolderWay
from kg.load.graph_store import GraphStoreWay
from kg.load.update import UpdateWay
from kg.load.virtuoso import Isql, VirtuosoBulk
from kg.load.way import Asker, Way
from kg.stores.places import Places
from kg.stores.web import Web

Transport = Literal["auto", "graph-store", "update", "bulk"]
TRANSPORTS: tuple[Transport, ...] = ("auto", "graph-store", "update", "bulk")

# Virtuoso 7 takes a body with a literal above 64 KiB for another media type
_LONGEST_PUT = {"Virtuoso": 60_000}


@dataclass(frozen=True)
class Target:
    """Ways to load, the first that is taken wins, and who is asked what arrived."""

    ways: tuple[Way, ...]
    asker: Asker


def is_folder(target: str) -> bool:
    """Whether the target is a folder; StoreError for what is neither an existing folder nor a URL."""
    if "://" in target:
        return False
    if Path(target).is_dir():
        return True
    raise StoreError(
        "this is neither a URL nor a folder",
        raw=target,
        allowed="http://HOST:PORT/PATH, or the folder of an Oxigraph database",
        hint="a folder must be there already; make it with mkdir",
    )


def folder_target(folder: Path, transport: Transport) -> Target:
    """Return the target of a folder, which takes graphs in bulk only."""
    if transport not in ("auto", "bulk"):
        raise StoreError("a folder has no such transport", raw=transport, allowed="auto, bulk")
    way = FolderWay(folder)
    return Target((way,), way)


def server_target(web: Web, places: Places, transport: Transport, isql: Isql | None) -> Target:
    """Return the target of a server; StoreError when it has no place for this transport."""
    asker = EndpointAsker(web, places.query)
    longest = _LONGEST_PUT.get(places.product, 0)
    ways: dict[str, Callable[[], Way]] = {}
    if isql is not None:
        ways["bulk"] = lambda: VirtuosoBulk(_for_virtuoso(isql, places), asker)
    if places.graph_store:
        ways["graph-store"] = lambda: GraphStoreWay(web, places.graph_store, longest)
    if places.update:
        ways["update"] = lambda: UpdateWay(web, places.update, asker)
    chosen = (
        ["bulk"]
        if isql is not None and transport == "auto"
        else [*ways]
        if transport == "auto"
        else [transport]
    )
    if not chosen or any(name not in ways for name in chosen):
        raise StoreError(
            "the server has no place for this, as far as is known",
            where=places.query,
            raw=transport,
            allowed=", ".join(ways) or "queries only: it is read-only",
            hint="--transport bulk needs --bulk FOLDER" if transport == "bulk" else "",
        )
    return Target(tuple(ways[name]() for name in chosen), asker)


def _for_virtuoso(isql: Isql, places: Places) -> Isql:
    if places.product not in ("", "Virtuoso"):
        raise StoreError(
            "bulk loading is known of Virtuoso and of folders only", where=places.query, raw=places.product
        )
    if not isql.credentials.user:
        raise StoreError("isql needs a user", hint="set TRIALKG_USER and TRIALKG_PASSWORD")
    return isql
