"""Pictures of similarity: real files, the same bytes each time, every label there and readable, odd data too."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, OutputError
from kg.similar.draw import landscape
from kg.similar.draw.crossing import heatmap_of
from kg.similar.draw.dendrogram import Dendrogram, draw_dendrogram
from kg.similar.draw.folder import draw_all, draw_pictures
from kg.similar.draw.heatmap import HeatMap, Row, draw_heatmap
from kg.similar.draw.kinship import disease_tree, distances, trial_tree
from kg.similar.draw.landscape import closeness, kept, map_of, thinned
from kg.similar.draw.layout import place
from kg.similar.draw.map import Group, Map, draw_map
from kg.similar.draw.room import Box, Room
from kg.similar.draw.sheet import Sheet
from kg.similar.draw.signs import NONE, OTHER, Key
from kg.similar.draw.spread import spread
from kg.similar.draw.words import MISSING, clean, cut, drawable, wrap
from kg.similar.index import Index
from kg.similar.profile import ALL, Collection, Profile
from kg.similar.read import read_trials
from kg.similar.score import Scorer
from kg.similar.terms import Terms
from kg.similar.weights import Weights
from tests.similar_world import collection, graph_store, trial, world

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"
STRANGE = "α-1 $x_2$ \\frac{1}{2} 中文 عربي עברית 🧬 é <b> & \"q\" 'r' {} %s"


def scorer(trials: Collection) -> Scorer:
    return Scorer(Index.of(trials))


def chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the chunks of a PNG; a wrong check sum fails."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        yield kind.decode(), body
        at += 12 + length


def size(png: bytes) -> tuple[int, int]:
    [header] = [body for kind, body in chunks(png) if kind == "IHDR"]
    width, height = struct.unpack(">II", header[:8])
    return width, height


def texts(svg: bytes) -> list[str]:
    """Return the lines of text in an SVG."""
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]


def words(svg: bytes) -> str:
    """Return all words of an SVG without spaces, so that it does not matter where lines end."""
    return "".join("".join(texts(svg)).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def trial_map(count: int, **fields: object) -> Map:
    places = np.column_stack([np.arange(count) % 7, np.arange(count) // 7]).astype(float)
    given: dict[str, object] = {"places": places, "areas": [("bone",)] * count, **fields}
    return Map("Title", "Note.", "Caption.", **given)  # type: ignore[arg-type]


# --- the folder


def test_all_pictures_of_a_table_are_written(tmp_path: Path) -> None:
    trials = read_trials(graph_store(tmp_path))
    paths = draw_all(trials, scorer(trials), tmp_path / "new" / "pictures")
    names = ("dendrogram-trials", "dendrogram", "heatmap", "map")
    assert [path.name for path in paths] == [f"{name}.{form}" for name in names for form in ("png", "svg")]
    for path in paths:
        data = path.read_bytes()
        if path.suffix == ".png":
            assert size(data)[0] == 1600
        else:
            assert ET.fromstring(data).tag == f"{SVG}svg"
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)


def test_a_folder_stays_as_it_was_when_a_picture_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(b"old")
    (tmp_path / "map.svg").mkdir()
    trials = world()
    with pytest.raises(OutputError, match=r"map\.svg: is a folder"):
        draw_all(trials, scorer(trials), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.png", "map.svg"]
    assert (tmp_path / "map.png").read_bytes() == b"old"


def test_a_folder_that_was_made_for_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.build.output.os.replace", full)
    trials = world()
    with pytest.raises(OutputError, match="No space left on device"):
        draw_all(trials, scorer(trials), tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_an_old_dendrogram_of_trials_goes_when_there_are_too_many_for_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.similar.draw.folder.MOST_TRIALS", 5)
    (tmp_path / "dendrogram-trials.png").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("mine")
    trials = world()
    paths = draw_all(trials, scorer(trials), tmp_path)
    assert len(paths) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["notes.txt", *(path.name for path in paths)]
    )


@pytest.mark.parametrize("missing", ["matplotlib", "scipy"])
def test_without_the_libraries_the_message_says_what_to_install(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    trials = world()
    for attempt in (
        lambda: draw_all(trials, scorer(trials), tmp_path),
        lambda: map_of(scorer(trials)),
        lambda: draw_heatmap(heatmap_of(trials), "svg"),
    ):
        with pytest.raises(KgError) as caught:
            attempt()
        assert caught.value.hint == 'pip install "trialkg[plot]"'
        assert missing in caught.value.what
    assert list(tmp_path.iterdir()) == []


# --- the same bytes

DRAW = """
import hashlib, sys
from kg.similar.draw.folder import draw_pictures
from kg.similar.index import Index
from kg.similar.score import Scorer
from tests.similar_world import world
trials = world()
for name, picture in draw_pictures(trials, Scorer(Index.of(trials))):
    print(name, hashlib.sha256(picture).hexdigest())
print("pyplot" if "matplotlib.pyplot" in sys.modules else "no pyplot")
"""


def drawn_elsewhere(seed: str, folder: Path) -> list[str]:
    (folder / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\naxes.facecolor: red\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DRAW],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.slow
def test_pictures_have_the_same_bytes_for_any_hash_seed_and_any_matplotlibrc(tmp_path: Path) -> None:
    trials = world()
    here = [
        f"{name} {hashlib.sha256(picture).hexdigest()}"
        for name, picture in draw_pictures(trials, scorer(trials))
    ]
    for seed in ("0", "4321"):
        assert drawn_elsewhere(seed, tmp_path) == [*here, "no pyplot"]


def test_drawing_leaves_the_settings_of_matplotlib_as_they_were() -> None:
    import matplotlib

    matplotlib.rcParams["font.size"] = 17
    before = dict(matplotlib.rcParams)
    try:
        draw_map(trial_map(3), "svg")
        assert dict(matplotlib.rcParams) == before
    finally:
        matplotlib.rcdefaults()


# --- what the pictures say


def test_an_svg_has_a_title_and_a_description_for_those_who_do_not_see_it() -> None:
    root = ET.fromstring(draw_map(map_of(scorer(world())), "svg"))
    title, description = list(root)[:2]
    assert (title.tag, title.text) == (f"{SVG}title", "Which trials are alike")
    assert description.tag == f"{SVG}desc"
    assert "6 trials" in (description.text or "")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_an_svg_names_no_other_file_and_no_date() -> None:
    for name, picture in draw_pictures(world(), scorer(world())):
        if name.endswith(".svg"):
            text = picture.decode()
            assert "DOCTYPE" not in text
            assert "metadata" not in text
            references = [
                value for one in ET.fromstring(picture).iter() for key, value in one.items() if "href" in key
            ]
            assert all(value.startswith("#") for value in references)


def test_a_png_has_a_description_and_no_date() -> None:
    found = {}
    for kind, body in chunks(draw_heatmap(heatmap_of(world()), "png")):
        if kind in ("tEXt", "iTXt"):
            key, _, value = body.partition(b"\0")
            found[key.decode()] = value.lstrip(b"\0").decode("utf-8" if kind == "iTXt" else "latin-1")
    assert set(found) == {"Title", "Description"}
    assert "knee osteoarthritis (2): bone marrow 1, adipose tissue 1" in found["Description"]


def test_a_heat_map_has_every_number_and_leaves_gaps_empty() -> None:
    shown = heatmap_of(world())
    assert [(row.area, row.label, row.total, list(row.counts)) for row in shown.rows] == [
        ("skeletal disorder", "knee osteoarthritis", 2, [1, 1, 0]),
        ("skeletal disorder", "bone disease", 1, [0, 0, 0]),
        ("skeletal disorder", "hip osteoarthritis", 1, [1, 0, 0]),
        ("stroke", "stroke", 2, [1, 0, 1]),
    ]
    assert shown.columns == [("bone marrow", 3), ("adipose tissue", 1), ("umbilical cord", 1)]
    numbers = [int(one) for one in texts(draw_heatmap(shown, "svg")) if one.isdigit()]
    assert sorted(numbers) == sorted([1, 1, 1, 1, 1, 2, 1, 1, 2, 3, 1, 1])
    assert "1 of them does not state both" in shown.note


def test_a_heat_map_says_how_many_diseases_and_sources_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kg.similar.draw.crossing.MOST_ROWS", 2)
    monkeypatch.setattr("kg.similar.draw.crossing.MOST_COLUMNS", 2)
    shown = heatmap_of(world())
    assert sorted(row.label for row in shown.rows) == ["knee osteoarthritis", "stroke"]
    assert "Left out: 2 rarer diseases and 1 rarer cell source." in shown.caption


def test_every_label_is_in_the_picture() -> None:
    trials = world()
    tree = disease_tree(trials, Weights.of())
    drawn = words(draw_dendrogram(tree, "svg"))
    assert sorted(tree.labels) == [
        "bone disease (1)",
        "hip osteoarthritis (1)",
        "knee osteoarthritis (2)",
        "stroke (2)",
    ]
    assert all(squeezed(label) in drawn for label in tree.labels)
    own = trial_tree(trials, scorer(trials))
    assert all(squeezed(label) in words(draw_dendrogram(own, "svg")) for label in own.labels)
    crossing = heatmap_of(trials)
    labels = [row.label for row in crossing.rows] + [label for label, _ in crossing.columns]
    assert all(squeezed(label) in words(draw_heatmap(crossing, "svg")) for label in labels)
    shown = trial_map(9, groups=[Group("first group", [0, 1, 2, 7]), Group("second group", [4, 5, 6])])
    drawn = words(draw_map(shown, "svg"))
    assert squeezed("first group 4 trials") in drawn
    assert squeezed("second group 3 trials") in drawn


def test_the_map_names_the_central_trials_that_have_a_number() -> None:
    trials = collection(
        *(trial(one, disease="knee", cell_source="fat", registry="registry") for one in range(1, 5)),
        *(trial(one, disease="stroke", route="vein") for one in range(5, 9)),
    )
    drawn = texts(draw_map(map_of(scorer(trials)), "svg"))
    assert {one for one in drawn if one.startswith("NCT")} == {f"NCT{one:08}" for one in range(1, 5)}


def test_captions_say_what_was_compared_and_how() -> None:
    trials = world()
    weighted = Scorer(Index.of(trials), Weights.of(only=["route", "dose"]))
    assert map_of(weighted).caption.startswith("Compared by: route, dose.")
    assert "the 10 most like it" in map_of(weighted).caption
    assert disease_tree(trials, Weights.of(only=["disease"])).caption.startswith("Compared by: nothing.")


# --- readable


def drawn_boxes(
    monkeypatch: pytest.MonkeyPatch, trials: Collection
) -> dict[str, tuple[Box, list[tuple[str, Box]]]]:
    """Return by title of each picture its own box and those of its level texts, in inches."""
    found = {}
    render = Sheet.render

    def measured(sheet: Sheet, form: str, title: str, description: str) -> bytes:
        made = render(sheet, form, title, description)  # type: ignore[arg-type]
        boxes = []
        for text in sheet.axes.texts:
            if text.get_rotation() == 0:
                extent = text.get_window_extent(sheet.figure.canvas.get_renderer())  # type: ignore[attr-defined]
                dots = sheet.figure.dpi
                middle = ((extent.x0 + extent.x1) / 2 / dots, (extent.y0 + extent.y1) / 2 / dots)
                boxes.append((text.get_text(), Box(*middle, extent.width / dots, extent.height / dots)))
        whole = Box(sheet.width / 2, sheet.height / 2, sheet.width, sheet.height)
        found[f"{title} {len(found)}"] = whole, boxes
        return made

    monkeypatch.setattr(Sheet, "render", measured)
    for name, _ in draw_pictures(trials, scorer(trials)):
        assert name
    return found


def large_world() -> Collection:
    diseases = ("knee", "hip", "bone", "stroke")
    sources, routes = ("marrow", "fat", "cord"), ("vein", "into-joint")
    return collection(
        *(
            trial(
                one,
                disease=diseases[one % 4],
                cell_source=sources[(one * 7 // 4) % 3],
                route=routes[(one // 3) % 2],
                registry="registry",
                phase=f"phase {one % 5}",
            )
            for one in range(110)
        )
    )


@pytest.mark.parametrize("make", [world, pytest.param(large_world, marks=pytest.mark.slow)])
def test_no_words_leave_the_picture_or_meet_other_words(
    make: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = drawn_boxes(monkeypatch, make())  # type: ignore[operator]
    assert len(found) == 8
    for title, (whole, boxes) in found.items():
        assert [words for words, box in boxes if not box.inside(whole)] == [], title
        shrunk = [(words, box.grown(-0.012)) for words, box in boxes]
        met = [(one, two) for (one, a), (two, b) in combinations(shrunk, 2) if a.meets(b)]
        assert met == [], title


def test_long_labels_are_wrapped_and_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    label = "a very long name of a disease that nobody can say without taking breath " * 2
    terms = Terms({"v/d": label, "v/s": label + "source", "v/e": "w" * 90}, {})
    trials = collection(
        trial(1, disease="v/d", cell_source="v/s"),
        trial(2, disease="v/e", cell_source="v/s"),
        trial(3, disease="v/e"),
        terms=terms,
    )
    for title, (whole, boxes) in drawn_boxes(monkeypatch, trials).items():
        assert [words for words, box in boxes if not box.inside(whole)] == [], title


# --- odd data


@pytest.mark.parametrize(
    "trials",
    [
        collection(),
        collection(trial(1, disease="knee", cell_source="fat")),
        collection(trial(1), trial(2)),
        collection(trial(1, disease="knee"), trial(2, cell_source="fat")),
        collection(*(trial(one, route="vein") for one in range(12))),
        collection(*(trial(one, disease="knee", cell_source="fat", route="vein") for one in range(40))),
        collection(*(trial(one, disease=f"own {one}", route=f"way {one}") for one in range(30))),
    ],
    ids=[
        "none",
        "one",
        "two of which nothing is said",
        "two unlike",
        "no disease",
        "all alike",
        "none alike",
    ],
)
def test_odd_collections_are_drawn(trials: Collection) -> None:
    for name, picture in draw_pictures(trials, scorer(trials)):
        if name.endswith(".png"):
            assert size(picture)[0] == 1600
        else:
            assert "nan" not in picture.decode().replace("NaN", "nan").replace("nano", "")


def strange_trials() -> Collection:
    terms = Terms(
        {"v/d": STRANGE, "v/s": f"source {STRANGE}", "v/area": f"area {STRANGE}"}, {"v/d": ("v/area",)}
    )
    return collection(
        *(trial(one, disease="v/d", cell_source="v/s") for one in (1, 2, 3)), trial(4), terms=terms
    )


def test_labels_of_any_script_and_with_signs_of_mathematics_are_kept_as_they_are() -> None:
    pictures = dict(draw_pictures(strange_trials(), scorer(strange_trials())))
    for name in ("heatmap.svg", "dendrogram.svg", "dendrogram-trials.svg"):
        assert squeezed(clean(STRANGE)) in words(pictures[name]), name
    assert squeezed(f"area {STRANGE} (3)") in words(pictures["map.svg"])
    for picture in pictures.values():
        assert picture


def test_characters_that_xml_forbids_are_replaced() -> None:
    shown = HeatMap(
        "T\x00\ud800",
        "\x1b[31m",
        "\ufffe",
        [Row("a", "b\x07c\nd", 1, [1])],
        [("e\x0b", 1)],
        {"a": Key({}).sign(NONE)},
    )
    assert "b\ufffdc d" in texts(draw_heatmap(shown, "svg"))
    assert size(draw_heatmap(shown, "png"))[0] == 1600


def test_the_map_of_more_trials_than_it_can_hold_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landscape, "MOST", 40)
    shown = map_of(scorer(large_world()))
    assert len(shown.places) == 40
    assert shown.note.startswith("110 trials, 40 of them shown")


@pytest.mark.slow
def test_a_map_of_five_thousand_trials_is_made() -> None:
    ways = ("vein", "into-joint", "skin", "muscle", "spine", "eye", "heart")
    trials = collection(
        *(
            trial(
                one,
                disease=f"disease {one % 61}",
                cell_source=f"source {one % 13}",
                route=ways[one % 7],
                phase=f"phase {one * one % 5}",
            )
            for one in range(5000)
        )
    )
    assert size(draw_map(map_of(scorer(trials)), "png"))[0] == 1600


# --- the parts


def test_what_is_linked_stands_together() -> None:
    from scipy.sparse import csr_array

    links = np.zeros((30, 30))
    links[:15, :15] = links[15:, 15:] = 1
    links[0, 15] = links[15, 0] = 0.5
    np.fill_diagonal(links, 0)
    places = place(csr_array(links))
    away = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    assert away[:15, :15].max() < away[:15, 15:].min()
    assert np.allclose(places.mean(axis=0), 0)


def test_of_equally_near_trials_all_are_linked_so_that_order_does_not_matter() -> None:
    trials = collection(*(trial(one, disease="knee") for one in range(6)), trial(7, disease="hip"), trial(8))
    found = closeness(scorer(trials), 1).toarray()
    assert found.diagonal().tolist() == [0] * 8
    assert (found > 0).sum(axis=1).tolist() == [5] * 6 + [6, 0]


def test_the_map_says_how_much_of_the_likeness_it_shows() -> None:
    from scipy.sparse import csr_array

    ring = np.zeros((40, 40))
    for at in range(40):
        for step in (*range(-5, 0), *range(1, 6)):
            ring[at, (at + step) % 40] = 1
    turn = np.arange(40) / 40 * 2 * np.pi
    assert kept(csr_array(ring), np.column_stack([np.cos(turn), np.sin(turn)])) == 1
    assert kept(csr_array(np.zeros((40, 40))), np.column_stack([turn, turn])) == 0
    assert kept(csr_array(ring), np.zeros((40, 2))) is None
    caption = map_of(scorer(large_world())).caption
    assert re.search(r"Of the 10 that stand next to a trial, \d+% are among the 10 most like it", caption)


def test_among_equally_strong_links_none_becomes_a_hub() -> None:
    trials = collection(*(trial(one, disease="knee") for one in range(30)), trial(31, disease="stroke"))
    ends = Counter(end for link in map_of(scorer(trials)).links for end in link)
    assert max(ends.values()) <= 8


def test_trials_left_out_of_a_map_change_no_score() -> None:
    whole = scorer(large_world())
    part = thinned(whole, 10)
    assert len(part.index) == 10
    assert part.index.iris == [whole.index.iris[at] for at in range(0, 110, 11)]
    assert part.scores(part.index.profile(3)).tolist() == whole.scores(whole.index.profile(33))[::11].tolist()


def test_signs_stand_apart_and_inside() -> None:
    within = Box(3, 2, 4, 2)
    places = np.array([[0, 0]] * 20 + [[5, 5]] * 20 + [[100, 0], [0, 30]], dtype=float)
    found = spread(places, within, 0.1)
    away = np.hypot(*(found[:, None] - found).transpose(2, 0, 1)) + 9 * np.eye(len(found))
    assert away.min() > 0.095
    assert (np.abs(found - (3, 2)) <= (2 + 1e-6, 1 + 1e-6)).all()


@given(
    st.lists(
        st.tuples(st.floats(0, 6), st.floats(0, 4), st.floats(0.05, 2), st.floats(0.05, 0.6)), max_size=12
    ),
    st.booleans(),
)
@settings(deadline=None, max_examples=25)
def test_words_never_take_the_place_of_other_words(
    wanted: list[tuple[float, float, float, float]], hide: bool
) -> None:
    points = np.array([[x / 2, y / 2] for x in range(12) for y in range(8)], dtype=float)
    room = Room(Box(3, 2, 6, 4), points, 0.05)
    found = [room.find((x, y), (width, height), 1.5, hide=hide) for x, y, width, height in wanted]
    boxes = [box for box in found if box]
    assert not any(one.meets(two) for one, two in combinations(boxes, 2))
    assert all(box.inside(room.bounds) for box in boxes)
    if not hide:
        assert not any(Box(x, y, 0.1, 0.1).meets(box.grown(-1e-9)) for x, y in points for box in boxes)


def test_a_thing_of_several_areas_has_the_sign_of_the_rarest() -> None:
    things = [("bone",)] * 3 + [("bone", "heart")] * 2 + [()]
    key = Key.of(things)
    assert [key.area(areas) for areas in things] == ["bone"] * 3 + ["heart"] * 2 + [NONE]
    assert key.counts(things) == {"bone": 3, "heart": 2, NONE: 1}


@given(st.lists(st.lists(st.sampled_from("abcdefghijklmno"), max_size=4).map(tuple), max_size=40))
@settings(deadline=None)
def test_there_are_never_more_areas_than_signs(things: list[tuple[str, ...]]) -> None:
    key = Key.of(things)
    counts = key.counts(things)
    assert len([area for area in counts if area not in (OTHER, NONE)]) <= 8
    assert sum(counts.values()) == len(things)
    signs = [key.sign(area) for area in counts]
    assert len({sign.colour for sign in signs}) == len({(s.marker, s.colour) for s in signs}) == len(signs)
    areas = [sign for area, sign in zip(counts, signs, strict=True) if area != NONE]
    assert len({sign.marker for sign in areas}) == len(areas)


@given(st.text(max_size=60), st.integers(3, 20), st.integers(0, 3))
@settings(deadline=None)
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int, most: int) -> None:
    text = clean(text)
    lines = wrap(text, width, len, most)
    assert all(len(line) <= width for line in lines)
    if most:
        assert len(lines) <= most
    if not most or not lines[-1].endswith("…"):
        assert squeezed("".join(lines)) == squeezed(text)


def test_a_cut_text_ends_in_an_ellipsis() -> None:
    assert cut("umbilical cord", 9, len) == "umbilica…"
    assert cut("cord", 9, len) == "cord"


def test_a_sign_that_the_font_lacks_is_a_box_of_the_same_length() -> None:
    assert drawable("a中\nb", {ord("a"), ord("b")}) == f"a{MISSING}\nb"


def test_twins_are_at_no_distance_and_strangers_at_one() -> None:
    trials = collection(
        trial(1, route="vein", disease="knee"),
        trial(2, route="vein", disease="knee"),
        trial(3, donor="own"),
        trial(4),
    )
    found = distances(scorer(trials), range(4))
    assert found.round(6).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]]


def test_a_tree_joins_the_nearest_first() -> None:
    away = np.array([[0, 0.1, 0.8], [0.1, 0, 0.6], [0.8, 0.6, 0]])
    shown = Dendrogram("T", "N.", "C.", away, ["a", "b", "c"], [()] * 3, "things", Key({}))
    told = ET.fromstring(draw_dendrogram(shown, "svg")).find(f"{SVG}desc")
    assert told is not None
    assert "Joined first: a and b at 0.10." in (told.text or "")


def test_a_disease_counts_the_trials_that_state_it() -> None:
    profile = Profile(
        "t/9", "n", "", {"disease": (("v/knee", ALL), ("v/stroke", ALL)), "route": (("v/vein", ALL),)}
    )
    tree = disease_tree(collection(profile), Weights.of())
    assert sorted(tree.labels) == ["knee osteoarthritis (1)", "stroke (1)"]
    assert tree.distances.tolist() == [[0, 0], [0, 0]]
