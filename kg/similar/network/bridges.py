"""Links between trials → bridges: those between disease areas that have none in common, and who connects most areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kg.similar.index import Index
from kg.similar.network.links import Link

_DISEASE = "disease"
Areas = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A link whose ends have no disease area in common, with the areas (IRIs) of both ends."""

    link: Link
    first_areas: Areas
    second_areas: Areas


@dataclass(frozen=True, slots=True)
class Connector:
    """One with bridges: its own areas, those that it reaches over them (the best linked first), and how many they are.

    `strength` is the sum of the scores of its bridges in millionths.
    """

    position: int
    areas: Areas
    reached: Areas
    bridges: int
    strength: int


def areas_of(index: Index, position: int) -> Areas:
    """Return the disease areas of one: the broadest concepts above its diseases, ordered; none when it states no disease."""
    diseases = index.profile(position).values.get(_DISEASE, ())
    return index.terms.tops(value[0] for value in diseases)


def find_bridges(index: Index, links: Iterable[Link]) -> tuple[Bridge, ...]:
    """Return the links between disease areas, the strongest first. One that states no disease bridges nothing."""
    areas = [areas_of(index, position) for position in range(len(index))]
    found = (
        Bridge(link, areas[link.first], areas[link.second])
        for link in links
        if areas[link.first] and areas[link.second] and not set(areas[link.first]) & set(areas[link.second])
    )
    return tuple(
        sorted(found, key=lambda bridge: (-bridge.link.score, bridge.link.first, bridge.link.second))
    )


def find_connectors(bridges: Iterable[Bridge]) -> tuple[Connector, ...]:
    """Return those that have bridges: who reaches most areas first, then by the strength of the bridges, then by IRI."""
    ends: dict[int, list[tuple[Areas, Areas, int]]] = defaultdict(list)
    for bridge in bridges:
        ends[bridge.link.first].append((bridge.first_areas, bridge.second_areas, bridge.link.score))
        ends[bridge.link.second].append((bridge.second_areas, bridge.first_areas, bridge.link.score))
    found = (_connector(position, own) for position, own in ends.items())
    return tuple(sorted(found, key=lambda one: (-len(one.reached), -one.strength, one.position)))


def _connector(position: int, ends: list[tuple[Areas, Areas, int]]) -> Connector:
    strengths: dict[str, int] = defaultdict(int)
    for _, reached, score in ends:
        for area in reached:
            strengths[area] += score
    ordered = tuple(sorted(strengths, key=lambda area: (-strengths[area], area)))
    return Connector(position, ends[0][0], ordered, len(ends), sum(score for _, _, score in ends))
