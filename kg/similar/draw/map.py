"""Places of trials, their areas and groups → a map: what is alike stands together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.similar.draw.legend import entries, legend_height, put_legend
from kg.similar.draw.room import Box, Room
from kg.similar.draw.sheet import (
    BODY,
    EDGE,
    FAINT,
    SMALL,
    WIDTH,
    Format,
    Sheet,
    drawing,
    fit,
    foot_height,
    head_height,
    tall,
    wide,
)
from kg.similar.draw.signs import Areas, Key
from kg.similar.draw.spread import spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_HEIGHT = 5.6  # inches of the map itself
_MARGIN = 0.35  # of it that points leave free
GROUP_SIZE = 3  # smaller groups have no outline
MOST_GROUPS = 14  # with a title
_MOST_NAMES = 24  # of single points
NAMED_UNTIL = 400  # points; among more of them no single name is read
_MOST_LINKS = 3000
_TITLE_WIDTH = 1.5
_REACH = 3.0
_FAR = 2.2  # times the median distance from the middle of a group


@dataclass(frozen=True, slots=True)
class Group:
    """Points that belong together, by position, and what they are called."""

    title: str
    members: Sequence[int]


@dataclass(frozen=True, slots=True)
class Map:
    """What a map shows. `links` are pairs of positions, the strongest first, of which the first are drawn; `names` are
    those of points worth a name, the most important first; `areas` are those of each point."""

    title: str
    note: str
    caption: str
    places: Floats
    areas: Sequence[Areas]
    groups: Sequence[Group] = ()
    links: Sequence[tuple[int, int]] = ()
    names: Mapping[int, str] | None = None


def draw_map(shown: Map, form: Format) -> bytes:
    """Return the map as a picture. OutputError when matplotlib or scipy is missing."""
    with drawing():
        key = Key.of(shown.areas)
        legend = entries(key, shown.areas, "trials")
        head, foot = head_height(shown.title, shown.note), foot_height(shown.caption)
        sheet = Sheet(head + _HEIGHT + legend_height(legend, WIDTH) + 0.1 + foot)
        sheet.head(shown.title, shown.note)
        sheet.foot(shown.caption)
        put_legend(sheet, foot + legend_height(legend, WIDTH), legend)
        frame = Box(WIDTH / 2, sheet.height - head - _HEIGHT / 2, WIDTH - 2 * EDGE, _HEIGHT - 0.1)
        _draw(sheet, frame, shown, key)
        return sheet.render(form, shown.title, _told(shown, key))


def _draw(sheet: Sheet, frame: Box, shown: Map, key: Key) -> None:
    size = _size(len(shown.places))
    radius = size / 72 / 2
    places = spread(shown.places, frame.grown(-_MARGIN), 2.15 * radius)
    outlined = [group for group in shown.groups if len(group.members) >= GROUP_SIZE]
    for order, group in enumerate(outlined):
        _outline(sheet, _core(places[list(group.members)]), radius, 1 + order / len(outlined))
    _draw_links(sheet, places, shown.links)
    _draw_points(sheet, places, [key.area(areas) for areas in shown.areas], key)
    room = Room(frame, places, radius)
    # the title of a small group has the least choice of where to stand
    for group in sorted(outlined[:MOST_GROUPS], key=lambda one: len(one.members)):
        _entitle(sheet, room, group, places)
    if len(places) <= NAMED_UNTIL:
        for position, name in list((shown.names or {}).items())[:_MOST_NAMES]:
            _name(sheet, room, places[position], name, radius)


def _size(count: int) -> float:
    """The size of a sign in points: smaller where there are many, so that they have room."""
    return float(max(2.2, min(7.5, 7.5 * (120 / max(count, 1)) ** 0.45)))


def _outline(sheet: Sheet, members: Floats, radius: float, order: float) -> None:
    """Draw a soft line around points: their convex hull, as wide as a thick pen draws it."""
    from matplotlib.patches import Polygon

    corners = _hull(members)
    pen = (radius * 2 + 0.12) * 72
    for colour, width in (("#d2d6da", pen + 1.6), ("#f3f4f6", pen)):
        sheet.axes.add_patch(
            Polygon(
                corners,
                closed=True,
                facecolor=colour,
                edgecolor=colour,
                linewidth=width,
                joinstyle="round",
                zorder=order,
            )
        )


def _core(members: Floats) -> Floats:
    """Leave out those that stand far from the middle of their group: around them, an outline would hold strangers."""
    import numpy as np

    away = np.hypot(*(members - np.median(members, axis=0)).T)
    return np.asarray(members[away <= max(_FAR * float(np.median(away)), 0.3)])


def _hull(members: Floats) -> Floats:
    import numpy as np
    from scipy.spatial import ConvexHull, QhullError

    try:
        return np.asarray(members[ConvexHull(members).vertices])
    except QhullError:  # on one line, or at one place: the line between the outermost is the hull
        order = np.lexsort(members.T)
        return np.asarray(members[[order[0], order[-1], order[0]]])


def _draw_links(sheet: Sheet, places: Floats, links: Sequence[tuple[int, int]]) -> None:
    from matplotlib.collections import LineCollection

    lines = [places[[first, second]] for first, second in links[:_MOST_LINKS]]
    many = len(lines) > 600
    sheet.axes.add_collection(
        LineCollection(lines, colors="#50565e", linewidths=0.25 if many else 0.4, alpha=0.22, zorder=2)
    )


def _draw_points(sheet: Sheet, places: Floats, areas: Sequence[str], key: Key) -> None:
    size = _size(len(places))
    for area in dict.fromkeys(areas):
        sign = key.sign(area)
        own = places[[place for place, one in enumerate(areas) if one == area]]
        sheet.axes.plot(
            *own.T,
            marker=sign.marker,
            markersize=size * sign.size,
            markerfacecolor=sign.colour,
            markeredgecolor="#333333",
            markeredgewidth=min(0.5, size / 9),
            linestyle="none",
            zorder=3,
        )


def _entitle(sheet: Sheet, room: Room, group: Group, places: Floats) -> None:
    """Write what a group is called near its middle; a line leads from the words to its next member."""
    members = _core(places[list(group.members)])
    title = fit(group.title, _TITLE_WIDTH, bold=True, most=4)
    count = f"{len(group.members):,} trials"
    width = max(wide(count), *(wide(line, BODY, True) for line in title))
    height = tall([*title, count], BODY)
    middle = members.mean(axis=0)
    box = room.find((middle[0], middle[1]), (width + 0.06, height + 0.04), _REACH)
    if box is None:
        return
    near = members[((members - (box.x, box.y)) ** 2).sum(axis=1).argmin()]
    end = (
        min(max(near[0], box.x - width / 2), box.x + width / 2),
        min(max(near[1], box.y - height / 2), box.y + height / 2),
    )
    sheet.axes.plot(*zip(end, near, strict=True), color=FAINT, linewidth=0.6, zorder=2.5)
    look = {"ha": "center", "zorder": 5, "bbox": _veil()}
    sheet.put(box.x, box.y + height / 2, title, bold=True, va="top", **look)
    sheet.put(box.x, box.y - height / 2, count, va="bottom", **look)


def _name(sheet: Sheet, room: Room, place: Floats, name: str, radius: float) -> None:
    [words] = fit(name, _TITLE_WIDTH, size=SMALL, most=1)
    size = (wide(words, SMALL) + 0.02, tall([words], SMALL) + radius)
    box = room.find((place[0], place[1]), size, radius + 0.2, hide=False)
    if box is not None:
        sheet.put(box.x, box.y, words, size=SMALL, ha="center", zorder=4, color=FAINT)


def _veil() -> dict[str, object]:
    """White behind words, so thin that what they hide is seen to be there."""
    return {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 0.6}


def _told(shown: Map, key: Key) -> str:
    """What the map shows, in words, for those who do not see it."""
    areas = "; ".join(f"{area}: {count}" for area, count in key.counts(shown.areas).items())
    groups = "; ".join(f"{group.title} ({len(group.members)})" for group in shown.groups)
    return (
        f"{shown.note} Points by area: {areas}. " + (f"Groups: {groups}. " if groups else "") + shown.caption
    )
