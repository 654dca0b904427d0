"""What there is to know of all trials together → listings: communities, bridges, central ones, combinations never tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.profile import UNIT

if TYPE_CHECKING:
    from kg.similar.gaps.gaps import Evidence, Gap
    from kg.similar.network.network import Network


@dataclass(frozen=True, slots=True)
class Score:
    """Parts of UNIT, which are written as a decimal."""

    parts: int


@dataclass(frozen=True, slots=True)
class Told:
    """A thing in words for people and in parts for programs."""

    words: str
    parts: Mapping[str, object]


Cell = str | int | float | Score | tuple[str, ...] | tuple[Told, ...]


Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its name, what each row is by column, and a sentence that says what the rows are."""

    name: str
    rows: tuple[Row, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Tables that belong together, the most important first."""

    sections: tuple[Section, ...]


def list_communities(network: Network, k: int) -> Listing:
    """Return the `k` largest communities."""
    index, found = network.index, network.communities
    rows: Iterator[Row] = (
        {
            "community": one.number,
            "size": len(one.members),
            "title": one.title,
            "shared": tuple(map(str, one.shared)),
            "members": tuple(index.names[at] for at in one.members),
        }
        for one in found[:k]
    )
    said = (
        f"{len(index)} {network.kind}s in {len(found)} communities: more alike inside than outside."
        " Shared is what members state more often than all do."
    )
    return Listing((Section("communities", tuple(rows), said),))


def list_central(network: Network, k: int) -> Listing:
    """Return the `k` that most of the shortest ways lead over, then those of the strongest links."""
    found = network.centralities
    order = sorted(range(len(found)), key=lambda at: (-found[at].betweenness, -found[at].strength, at))
    rows: Iterator[Row] = (
        {
            **_named(network.index, at, network.kind),
            "betweenness": found[at].betweenness,
            "strength": Score(found[at].strength),
        }
        for at in order[:k]
    )
    said = (
        "Betweenness is the share of the shortest ways between two others that lead over it, strength the sum of"
        f" its scores with its neighbours; {len(found)} {network.kind}s."
    )
    return Listing((Section("central", tuple(rows), said),))


def list_bridges(network: Network, k: int) -> Listing:
    """Return the `k` strongest links between disease areas, and the `k` trials that connect most areas."""
    from kg.similar.network.bridges import find_bridges, find_connectors

    index, found = network.index, find_bridges(network.index, network.links)
    links: Iterator[Row] = (
        {
            "trial": index.names[one.link.first],
            "areas": _labels(index, one.first_areas),
            "other": index.names[one.link.second],
            "other_areas": _labels(index, one.second_areas),
            "score": Score(one.link.score),
            "alike": tuple(_parts(one.link.contributions)),
        }
        for one in found[:k]
    )
    connectors: Iterator[Row] = (
        {
            **_named(index, one.position, network.kind),
            "areas": _labels(index, one.areas),
            "reached": _labels(index, one.reached),
            "bridges": one.bridges,
            "strength": Score(one.strength),
        }
        for one in find_connectors(found)[:k]
    )
    said = f"{len(found)} of {len(network.links)} links between neighbours join disease areas that have none in common."
    return Listing(
        (
            Section("bridges", tuple(links), said),
            Section(
                "connectors", tuple(connectors), "Trials whose neighbours lie in most other disease areas."
            ),
        )
    )


def list_gaps(index: Index, found: tuple[Gap, ...]) -> Listing:
    """Return combinations that no trial of the index tried, with what is nearest to them."""
    label = index.terms.label
    rows: Iterator[Row] = (
        {
            "disease": label(one.disease),
            "cell_source": label(one.cell_source),
            "route": label(one.route),
            "score": Score(one.score),
            "evidence": tuple(_evidence(index, each) for each in one.evidence),
        }
        for one in found
    )
    said = (
        f"None of {len(index)} trials of this graph combines these; others may. The nearest trials differ in one of"
        " the three. No gap says that a therapy would work or be safe."
    )
    return Listing((Section("gaps", tuple(rows), said),))


def _evidence(index: Index, one: Evidence) -> Told:
    values, through = _labels(index, one.values), _labels(index, one.through)
    facet = one.differs.replace("_", " ")
    parts = {
        "trial": one.name,
        "iri": one.iri,
        "differs": one.differs,
        "values": values,
        "through": through,
        "alike": Score(one.alike),
        "contribution": Score(one.contribution),
    }
    both = f", both {' and '.join(through)}" if through else ""
    return Told(f"{one.name} ({facet}: {', '.join(values) or 'not stated'}{both})", parts)


def _named(index: Index, at: int, kind: str) -> dict[str, Cell]:
    return {kind.replace(" ", "_"): index.names[at], "label": index.labels[at]}


def _labels(index: Index, iris: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(index.terms.label, iris))


def _parts(contributions: Mapping[str, int]) -> Iterator[Told]:
    """Yield the facets of a link in words, the one that adds most first."""
    names = [facet.name for facet in FACETS if facet.name in contributions]
    for name in sorted(names, key=lambda name: -contributions[name]):
        words = f"{name.replace('_', ' ')} {contributions[name] / UNIT:.3f}"
        yield Told(words, {"facet": name, "contribution": Score(contributions[name])})
