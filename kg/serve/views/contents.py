"""A store and the name of a graph → what the graph holds: how many statements, about which things."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.serve.views.labels import natural
from kg.serve.views.page import Line
from kg.serve.views.things import Things

_COUNTED = 100_000
_SHOWN = 50  # things of one kind


@dataclass(frozen=True, slots=True)
class Contents:
    """What a named graph holds; `statements` has a plus sign where there are too many to count."""

    statements: str
    lines: tuple[Line, ...]


def contents(store: ox.Store, things: Things, iri: str) -> Contents:
    """Return what the graph `iri` holds: a line for each kind of thing, with the first things of that kind."""
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
    subjects: set[str] = set()
    total = 0
    for total, quad in enumerate(islice(quads, _COUNTED + 1), 1):  # noqa: B007 - counts
        if isinstance(quad.subject, ox.NamedNode):
            subjects.add(quad.subject.value)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        kinds[things.labels.kind(subject) or "thing"].append(subject)
    lines = tuple(_line(things, kind, kinds[kind]) for kind in sorted(kinds))
    return Contents(f"{total:,}" if total <= _COUNTED else f"{_COUNTED:,}+", lines)


def _line(things: Things, kind: str, members: list[str]) -> Line:
    shown = sorted(members, key=natural)[:_SHOWN]
    values = tuple(things.value(ox.NamedNode(member)) for member in shown)
    return Line(kind, "", "", values, len(members) - len(shown), f"{len(members):,}")
